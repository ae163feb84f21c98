"""Control arms: what is changed in a conversation before the user role is opened (pure).

Example: arm `cut50` shows "On Friday Priya baked" of the reply "On Friday Priya baked 36 rolls that day.".
"""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias, get_args

from pydantic import TypeAdapter

from .checkers import decimal, numbers_of
from .context import Context, Msg
from .donors import donors

Arm: TypeAlias = Literal[
    "base",
    "cut25",
    "cut50",
    "cut75",
    "ask_generic",
    "say_generic",
    "swap",
    "wrong_number",
    "prior",
    "no_context",
    "header_append",
    "header_bare",
]
ARMS: tuple[Arm, ...] = get_args(Arm)
OTHER_ARMS: tuple[tuple[float, int], ...] = ((0.0, 1), (1.0, 3))
"""Temperatures and draws of every arm but `base`, whatever the preset."""
Header: TypeAlias = Literal["native", "append", "bare", "alone"]
"""How the user header is put: as the template does, appended to the rendered conversation, without the white
space at its end, or alone."""

ASK_GENERIC = "\n\nWould you like me to go over any part of this again?"
SAY_GENERIC = "\n\nI have now gone over every part of this for you."
PRIOR = Path(__file__).parent / "data" / "prior.json"


class Shown(NamedTuple):
    """What an arm shows.

    Attributes:
        messages: The conversation up to the query; empty in `no_context`.
        reply: The reply, as it is shown.
        header: How the prompt is rendered.
        skipped: Why the arm does not apply to this context, None where it does.
    """

    messages: tuple[Msg, ...]
    reply: str
    header: Header = "native"
    skipped: str | None = None


def perturbed(arm: Arm, context: Context, reply: str, correct: float | None) -> Shown:
    """The conversation of a context as an arm shows it.

    Args:
        arm: One of `ARMS`.
        context: The conversation, its last message is the query.
        reply: The reply of the base arm.
        correct: Whether that reply is right, None where it was not checked.
    """
    base = Shown(context.messages, reply)
    if arm == "swap":
        return base._replace(reply=donors(context.id, context.domain)[0])
    if arm == "prior":
        return base._replace(messages=prior() + context.messages)
    if arm == "wrong_number":
        return with_wrong_number(base, context, correct)
    return CHANGES[arm](base)


CHANGES: Mapping[Arm, Callable[[Shown], Shown]] = {
    "base": lambda base: base,
    "cut25": lambda base: cut(base, 25),
    "cut50": lambda base: cut(base, 50),
    "cut75": lambda base: cut(base, 75),
    "ask_generic": lambda base: base._replace(reply=base.reply + ASK_GENERIC),
    "say_generic": lambda base: base._replace(reply=base.reply + SAY_GENERIC),
    "no_context": lambda _: Shown((), "", "alone"),
    "header_append": lambda base: base._replace(header="append"),
    "header_bare": lambda base: base._replace(header="bare"),
}
"""The arms that need nothing but the conversation."""


def cut(base: Shown, percent: int) -> Shown:
    """The first words of the reply, rounded down, one at least; spacing between them is kept."""
    words = list(re.finditer(r"\S+", base.reply))
    if len(words) < 2:
        return base._replace(skipped="reply_too_short")
    kept = max(1, len(words) * percent // 100)
    return base._replace(reply=base.reply[: words[kept - 1].end()])


def with_wrong_number(base: Shown, context: Context, correct: float | None) -> Shown:
    """The last occurrence of the right number becomes `target + max(1, round(0.1 |target|))`."""
    skipped = base._replace(skipped="no_correct_number")
    if context.check != "number" or context.target is None or correct != 1:
        return skipped
    target = decimal(context.target)
    occurrences = [number for number in numbers_of(base.reply) if number.value == target]
    if not occurrences:
        return skipped
    last = occurrences[-1]
    shown = base.reply[last.start : last.end]
    places = len(shown.partition(".")[2])
    wrong = target + max(Decimal(1), Decimal(round(abs(target) / 10)))
    digits = f"{wrong if shown[0] in '-−' else abs(wrong):{',' if ',' in shown else ''}.{places}f}"
    return base._replace(reply=base.reply[: last.start] + digits + base.reply[last.end :])


@cache
def prior() -> tuple[Msg, ...]:
    """The two exchanges that arm `prior` puts in front."""
    return TypeAdapter(tuple[Msg, ...]).validate_python(json.loads(PRIOR.read_text(encoding="utf-8")))
