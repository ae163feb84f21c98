"""What a judge model answers about a dialogue, how that is read, and the rules in its place (pure).

    {"agreed": [{"note": 3, "to": "(0,1)"}], "finished": true,
     "notation": {"agent1": {"first_index": 0, "origin": "top-left", "order": "row-column"}, "agent2": {...}}}

Cells and directions are copied as written; the judge's own notation says what they mean.
"""

import json
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ValidationError

from interplay.tasks.mazes.maze import START

from .route_assignment import Assignment
from .route_cells import find_steps
from .route_court import Court
from .route_game import Game, Said
from .route_notation import Cell, Reading, place
from .route_path import is_next_to, walk
from .route_reading import read_note
from .route_replay import Replay, replay
from .route_steps import WAYS, Heading, Mention, Order

Origin = Literal["top-left", "top-right", "bottom-left", "bottom-right"]
JudgedOrder = Literal["row-column", "column-row", "directions"]
OFF_GRID: Cell = (-1, -1)
"""Where a step leads that cannot be read."""


class Naming(BaseModel, frozen=True):
    """How one agent names cells, in the judge's words."""

    first_index: Literal[0, 1, "letters"]
    origin: Origin
    order: JudgedOrder


class Namings(BaseModel, frozen=True):
    """Both agents."""

    agent1: Naming
    agent2: Naming


class AgreedStep(BaseModel, frozen=True):
    """One step that both agreed to: the note that settled it, and where it leads, as written."""

    note: int
    to: str


class JudgeReply(BaseModel, frozen=True):
    """The whole answer."""

    agreed: list[AgreedStep]
    finished: bool
    notation: Namings


def parse_reply(text: str) -> JudgeReply:
    """The answer in a reply, with or without a code fence around it.

    Raises:
        ValueError: no JSON object of that shape is in it; the message says what is wrong.
    """
    begin, end = text.find("{"), text.rfind("}")
    if begin < 0 or end < begin:
        raise ValueError("the reply holds no JSON object")
    try:
        return JudgeReply.model_validate(json.loads(text[begin : end + 1]))
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from None
    except RecursionError:
        raise ValueError("the reply is nested too deeply") from None


def judged_steps(reply: JudgeReply, size: int) -> list[Cell] | None:
    """The cells that the agreed steps lead over; None if the agents name cells in different ways."""
    naming = reply.notation.agent1
    if naming != reply.notation.agent2:
        return None
    at = START
    cells: list[Cell] = []
    for step in reply.agreed:
        for cell in _cells(step.to, naming, at, size):
            cells.append(cell)
            at = cell
    return cells


def judged(reply: JudgeReply, rows: tuple[str, ...]) -> Replay | None:
    """The judge's steps on the true maze; None if the agents name cells in different ways."""
    steps = judged_steps(reply, len(rows))
    return None if steps is None else replay(rows, steps)


def _cells(text: str, naming: Naming, at: Cell, size: int) -> list[Cell]:
    found = [
        item.step for item in find_steps(text) or find_steps(f"to {text}") or find_steps(f"move: {text}")
    ]
    mention = next((step for step in found if isinstance(step, Mention)), None)
    if mention is not None and naming.order != "directions":
        return [place(mention, _reading(naming, mention), size, size)]
    headings = [step for step in found if isinstance(step, Heading)]
    if headings and naming.order == "directions":
        return walk(at, headings[0])
    return [OFF_GRID]


def _reading(naming: Naming, mention: Mention) -> Reading:
    order: Order = "row-col" if naming.order == "row-column" else "col-row"
    written = mention.text.lstrip(" ([{<")
    if mention.letters and written[:1].isdigit():
        # A mention has its letter first; the judge speaks of the order in which it is written.
        order = "col-row" if order == "row-col" else "row-col"
    letters = naming.first_index == "letters"
    base: Literal[0, 1] = (1 if mention.second > 0 else 0) if letters else 1 if naming.first_index == 1 else 0
    return Reading(base, naming.origin.startswith("top"), naming.origin.endswith("left"), order)


# -- the shared reader in the judge's place ------------------------------------------------------------


def reading_as_judge_json(notes: Sequence[Said], size: int) -> str:
    """The answer that the rules give to the judge's question, from the notes and the size of the maze alone.

    Args:
        notes: The dialogue.
        size: Rows and columns of the maze, which stays unknown.
    """
    blank = tuple("." * size for _ in range(size))
    court = Court(Game(blank, _copied_maps(notes, size), tuple(notes)))
    assignment = next(court.open_assignments())
    steps = court.run(assignment, "strict").agreement.steps
    naming = {seat: _naming(court, assignment, seat) for seat in (1, 2)}
    cells = next((n for n in naming.values() if n is not None and n.order != "directions"), None)
    for seat, other in ((1, naming[2]), (2, naming[1])):
        mine = naming[seat]
        if mine is None or (cells and mine.order == "directions"):
            naming[seat] = other
    shared = naming[1] or Naming(first_index=0, origin="top-left", order="row-column")
    agreed: list[dict[str, object]] = []
    at = START
    for step in steps:
        if shared.order == "directions":
            way = next((w for w, d in WAYS.items() if (at[0] + d[0], at[1] + d[1]) == step.cell), None)
            agreed.append({"note": step.note, "to": way or step.text})
        else:
            same = _cells(step.text, shared, at, size) == [step.cell]
            agreed.append({"note": step.note, "to": step.text if same else _written(step.cell, shared, size)})
        at = step.cell if is_next_to(at, step.cell) else at
    return json.dumps(
        {
            "agreed": agreed,
            "finished": any(court.ends),
            "notation": {f"agent{seat}": (naming[seat] or shared).model_dump() for seat in (1, 2)},
        }
    )


def _copied_maps(notes: Sequence[Said], size: int) -> dict[int, str]:
    """The map of each seat that copied its own into a note."""
    maps: dict[int, str] = {}
    for said in notes:
        rows = [row.symbols for row in read_note(said.text).rows]
        if said.seat not in maps and len(rows) == size and all(len(row) == size for row in rows):
            maps[said.seat] = "\n".join(rows)
    return maps


def _naming(court: Court, assignment: Assignment, seat: int) -> Naming | None:
    name = court.names(assignment).get(str(seat))
    if name is None:
        return None
    if name == "directions":
        return Naming(first_index=0, origin="top-left", order="directions")
    base, vertical, side, order = name.split()
    return Naming.model_validate(
        {
            "first_index": "letters" if base == "letters" else int(base),
            "origin": f"{vertical}-{side}",
            "order": "row-column" if order == "row-col" else "column-row",
        }
    )


def _written(cell: Cell, naming: Naming, size: int) -> str:
    for first in range(-1, size + 2):
        for second in range(-1, size + 2):
            text = f"{chr(65 + first)}{second}" if naming.first_index == "letters" else f"({first},{second})"
            if first >= 0 and second >= 0 and _cells(text, naming, (0, 0), size) == [cell]:
                return text
    return "off the grid"
