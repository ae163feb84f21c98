"""What chains are about: questions with three claims each, of known uncertainty (pure).

    F01: [low, "Do humans use only ten percent of their brains?", brain scans ..., damage to ..., the ...]

Neither text nor claims hold a word of hedging, so that all hedging in a rendering is put there on purpose.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple, TypeAlias, cast, get_args

from interplay.scorers.hedge_rules import hedges_in
from interplay.tasks import yaml_text
from interplay.tasks.mistakes import UserMistake

Uncertainty: TypeAlias = Literal["low", "high"]
UNCERTAINTIES: tuple[Uncertainty, ...] = get_args(Uncertainty)
GROUPS = {
    "F": "factual",
    "A": "advice",
    "O": "opinion",
    "D": "dilemma",
    "E": "argument",
    "P": "planning",
}
POINTS = 3


class Opener(NamedTuple):
    """One topic.

    Attributes:
        id: Letter of the group and two digits.
        uncertainty: `high` where hedging is apt.
        text: The question.
        points: Three claims, without a capital in front and a full stop behind.
    """

    id: str
    uncertainty: Uncertainty
    text: str
    points: tuple[str, ...]

    @property
    def group(self) -> str:
        """What kind of question it is."""
        return GROUPS[self.id[0]]


@cache
def openers() -> tuple[Opener, ...]:
    """The openers of the package, in the order of the file."""
    return read_openers((files("interplay.tasks.recipe_chains") / "openers.yaml").read_text("utf-8"))


def read_openers(text: str) -> tuple[Opener, ...]:
    """The openers of a file.

    Raises:
        UserMistake: An entry has not this form, or hedges; id, field and words are named.
    """
    raw = cast(object, yaml_text.content(text))
    if not isinstance(raw, dict) or not raw:
        raise UserMistake(
            "openers.yaml holds no openers; write id: [uncertainty, text, claim, claim, claim]."
        )
    return tuple(_opener(str(key), value) for key, value in cast(dict[object, object], raw).items())


def _opener(key: str, value: object) -> Opener:
    where = f"openers.yaml: {key}"
    if key[:1] not in GROUPS or not (len(key) == 3 and key[1:].isdigit()):
        raise UserMistake(f"{where} is no id; use one of {', '.join(GROUPS)} and two digits.")
    fields = cast(Sequence[object], value) if isinstance(value, list) else ()
    if len(fields) != 2 + POINTS or not all(isinstance(field, str) for field in fields):
        raise UserMistake(f"{where} has not the form [uncertainty, text, claim, claim, claim]; write it so.")
    uncertainty, text, *points = cast(Sequence[str], fields)
    if uncertainty not in UNCERTAINTIES:
        raise UserMistake(f"{where}.uncertainty is {uncertainty!r}; choose low or high.")
    for number, point in enumerate(points, 1):
        if not point or point[0].isupper() or "," in point or point.endswith("."):
            raise UserMistake(
                f"{where}.claim {number} is {point!r}; begin in lower case, without comma and full stop."
            )
    for field, words in (("text", text), *((f"claim {n}", point) for n, point in enumerate(points, 1))):
        if found := hedges_in(words):
            spans = ", ".join(repr(hedge.span) for hedge in found)
            raise UserMistake(f"{where}.{field} hedges with {spans}; say it flatly.")
    return Opener(key, uncertainty, text, tuple(points))
