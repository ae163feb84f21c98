"""Who speaks for seat 1 when: a strong model opens and hands over, or takes over later; and the transplant.

Seat 2 is the weak model throughout. With K = 2, primed:

    note    0       1     2     3     4
    seat    1       2     1     2     1
    speaker strong  weak  weak  weak  weak

A transplanted opener was written for another maze and stripped of what it says about that maze. What is
left of the gain with such an opener is protocol; the rest was delivered content.
"""

import re
from collections.abc import Callable
from typing import Literal, TypeAlias

from inspect_ai.model import Model

from interplay.scorers.route_cells import Mention, find_steps

from .dialogue import Chat, Note, Seat, Speaker, ask, cut

RelayMode: TypeAlias = Literal["prime", "recover"]

MAP_LINE = re.compile(
    r"""(?P<label>[\s>|*"'`(\[-]*(?:(?:row|r)?\s*\w{1,2}\s*[:.)|=]\s*)?[\s|"'`(\[]*)"""
    r"""(?P<drawn>[@*.#k?](?:[\s|,"'`]*[@*.#k?]){2,}\W*)""",
    re.IGNORECASE,
)
"""A line of a drawn map: at least three symbols, perhaps with the name of the row before them."""
MAP_RUN = re.compile(
    r"""(?<!\w)(?:(?=[.k]*[@*#?]|[.k]{4})[@*.#k?]{3,}|(?:[@*.#k?][ |,"']+){3,}[@*.#k?])(?!\w)""",
    re.IGNORECASE,
)
"""A row of a map within a sentence, closed up or spaced; three dots are none."""
SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")
FROM_ZERO = re.compile(r"\b(?:from|at|with)\s+(?:0|zero)\b|\b(?:0|zero)[-\s]*(?:based|index)", re.IGNORECASE)


def speaks_strong(i: int, k: int, mode: RelayMode) -> bool:
    """Whether note `i` comes from the strong model. `k` counts notes of both seats."""
    return i % 2 == 0 and (i < k) == (mode == "prime")


def relay(k: int, mode: RelayMode, strong: Model) -> Callable[[int, Seat], Speaker]:
    """The `speaker` of a dialogue in which seat 1 is passed on; its own model is the weak one."""

    def speaker(i: int, seat: Seat) -> Speaker:
        return strong if speaks_strong(i, k, mode) else seat.model

    return speaker


async def transplanted_opener(strong: Model, seat: Seat, max_chars: int | None) -> Note:
    """The opener that the strong model writes for another maze, without what it says about that maze.

    Args:
        strong: The model that writes.
        seat: Seat 1 with the opening of the other maze.
        max_chars: Longer openers are cut and flagged.
    """
    chat = Chat(seat, 1, strong, [])
    reply, _ = await ask(chat, strong, chat.messages)
    reply = cut(reply, max_chars)
    text = without_content(reply.text)
    flags = reply.flags if text or "empty" in reply.flags else [*reply.flags, "empty"]
    return Note(i=0, **dict(reply.model_copy(update={"text": text, "flags": flags})))


def without_content(opener: str) -> str:
    """A note without what it tells about its maze.

    In map lines every `.`, `#`, `k` and `*` becomes `?`; elsewhere sentences that name a cell other than the
    start are dropped, in whatever notation. The result is empty if nothing else was said.
    """
    from_zero = FROM_ZERO.search(opener) is not None or any(
        not (cell.first and cell.second) and not (cell.first_fixed or cell.second_fixed)
        for line in opener.splitlines()
        for cell in cells_named(line)
    )
    kept: list[str] = []
    for line in opener.splitlines():
        drawn = MAP_LINE.fullmatch(line)
        if drawn:
            kept.append(drawn["label"] + hidden(drawn["drawn"]))
            continue
        told = [part for part in SENTENCE_END.split(line) if not names_other_cell(part, from_zero)]
        if told or not line.strip():
            kept.append(MAP_RUN.sub(lambda run: hidden(run[0]), " ".join(told)))
    text = "\n".join(kept).strip("\n")
    return text if text.strip() else ""


def hidden(drawn: str) -> str:
    """Map text with every cell hidden but the start."""
    return re.sub(r"[.#k*]", "?", drawn, flags=re.IGNORECASE)


def cells_named(text: str) -> list[Mention]:
    """The cells that a text names, as they are written."""
    return [found.step for found in find_steps(text) if isinstance(found.step, Mention)]


def names_other_cell(sentence: str, from_zero: bool) -> bool:
    """Whether a sentence names a cell that is not the start, the cell at the top left.

    The start is (0,0), or (1,1) where nothing shows that the author counts from zero; with letters A0 or A1.
    """
    return not all(is_start(cell, from_zero) for cell in cells_named(sentence))


def is_start(cell: Mention, from_zero: bool) -> bool:
    """Whether a written cell can only be the one at the top left."""
    if cell.first_fixed or cell.second_fixed:
        labels = ((cell.first, cell.first_fixed), (cell.second, cell.second_fixed))
        return all(label == 0 if fixed else label in (0, 1) for label, fixed in labels)
    return (cell.first, cell.second) == (0, 0) or ((cell.first, cell.second) == (1, 1) and not from_zero)
