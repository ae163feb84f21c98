"""The cartographer: sends its map, merges the other's, and proposes a shortest walk step by step.

Some players are cartographers with one fault: an option of `chart` or the map they believe in.
"""

from collections.abc import Callable
from typing import Literal

from interplay.tasks.mazes.maze import START, Cell, Rng, cells_of, manhattan, placed

from .maze_forms import Note, as_seen
from .maze_prompt import Map
from .maze_table import Table, merged, way

PATIENCE = 2
"""Notes of the other side without a map after which the cartographer plans with hidden cells as open."""
CONVENTION = "I write cells as (row, col), counted from 0 at the top left."
FLIPPED_PERCENT = 5


def chart(
    table: Table,
    *,
    sends: Callable[[Map], Map] = as_seen,
    declares: bool = True,
) -> Note:
    """The next note of a cartographer.

    Args:
        table: The state of the game.
        sends: The map it sends, given its own.
        declares: It says how it names cells.
    """
    words: list[str] = []
    answer = None
    if table.offered is not None:
        step = table.offered[0]
        answer, remark = judged(table, step)
        words.append(remark)
        if answer == "ACCEPT":
            table.walk.append(step)
    words += introduction(table, sends, declares=declares)
    keys, complete = known_keys(table)
    missing = keys - set(table.walk)
    done = table.at == table.goal and complete and not missing
    proposal = None
    if not done and is_ready(table):
        if complete or missing:
            proposal = next_step(table, missing)
        if proposal is not None:
            words.append(f"I propose {table.name(proposal)} as move {len(table.walk)}.")
        elif complete or missing:
            words.append(f"I see no way on from {table.name(table.at)}. Your lead.")
        else:
            words.append("Your lead, because I do not know your key.")
    elif not done and (table.other_notes or not words):
        words.append("Please send me your map.")
    return Note(" ".join(words).replace("\n ", "\n").strip(), answer, proposal, done)


def judged(table: Table, step: Cell) -> tuple[Literal["ACCEPT", "REJECT"], str]:
    """The answer to a proposed cell, and the words for it."""
    if step not in table.around(table.at):
        return "REJECT", f"No, {table.name(step)} is not next to {table.name(table.at)}."
    if table.is_wall(step):
        return "REJECT", f"No, {table.name(step)} is a wall on my map."
    return "ACCEPT", f"Agreed, we are at {table.name(step)}."


def introduction(table: Table, sends: Callable[[Map], Map], *, declares: bool) -> list[str]:
    """How cells are named, goal, keys, and the map unless the other side holds the same; sent once."""
    if table.map_sent or (table.own_notes and not table.hidden):
        return []
    same = declares and table.other_declared
    words: list[str] = []
    if same:
        words.append("Same convention.")
    elif declares:
        words.append(CONVENTION)
    goal = [] if same else [f"the goal is at {table.name(table.goal)}"]
    keys = [f"my key is at {table.name(key)}" for key in cells_of(table.rows, "k") if table.hidden]
    if goal or keys:
        sentence = ", ".join(goal + keys)
        words.append(f"{sentence[0].upper()}{sentence[1:]}.")
    if table.hidden:
        words.append("My map:\n" + "\n".join(sends(table.rows)) + "\n")
    return words


def is_ready(table: Table) -> bool:
    """It is time to propose: the other's map is known, not needed or not coming, or a proposal is a must."""
    informed = not table.hidden or table.other_map is not None
    return informed or table.other_notes >= PATIENCE or table.prompt.structured


def known_keys(table: Table) -> tuple[set[Cell], bool]:
    """The keys known so far, and whether these are all that are still needed."""
    keys = set(cells_of(table.rows, "k"))
    if table.other_map is not None:
        keys |= set(cells_of(table.other_map, "k"))
    keys |= {(r, c) for r, c in table.keys_told if table.rows[r][c] == "?"}
    return keys, not table.prompt.keyed or not table.hidden or len(keys) > 1 or table.handed_to_me


def next_step(table: Table, missing: set[Cell]) -> Cell | None:
    """The next cell of a shortest walk, on the merged map, else on what the own map leaves open.

    A map or a refusal of the other side that blocks every way is not believed any longer.
    """
    both = table.rows if table.other_map is None else merged([table.rows, table.other_map])
    for rows, walls in ((both, table.refused), (table.rows, table.refused), (table.rows, set[Cell]())):
        route = way(rows, walls, table.at, missing, table.goal)
        if route:
            return route[0]
    return None


def flipped(rows: Map) -> Map:
    """The map with each open cell turned into a wall, and each wall opened, with a chance of 5 in 100."""
    rng = Rng("noisy", "\n".join(rows))
    other = {".": "#", "#": "."}
    return tuple(
        "".join(other[s] if s in other and rng.chance(FLIPPED_PERCENT, 100) else s for s in row)
        for row in rows
    )


def with_lie(rows: Map) -> Map:
    """The map with one wall opened: the one with the least Manhattan distance to start and goal together."""
    goal = cells_of(rows, "*")[0]
    walls = cells_of(rows, "#")
    if not walls:
        return rows
    lie = min(walls, key=lambda cell: manhattan(START, cell) + manhattan(cell, goal))
    return tuple(placed(rows, lie, "."))
