"""Builds the scripted transcripts: 165 games in 11 notations and 15 clashes, with the truth by construction.

    python -m tests.scorers.scripted          # writes tasks/mazes/data/transcripts.jsonl anew

The scripted part is drawn from `Rng`, so it is the same everywhere; hand-written rows that the file holds
already are kept as they are.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from interplay.tasks.mazes.maze import (
    FAMILIES,
    PHRASE,
    Cell,
    Drawn,
    Rng,
    cells_of,
    draw,
    neighbours,
    shortest_walk,
)

from .scripted_table import MODES, NOTATIONS, Notation, Table, facts_of, opening_of, trap_of

FILE = Path(__file__).parents[2] / "tasks" / "mazes" / "data" / "transcripts.jsonl"
OUTCOMES = ("success", "wall", "short", "false completion", "key missed")
CLASHES = ((0, 2), (0, 4), (2, 4), (1, 3), (8, 9))
"""Pairs of notations for the clashes."""


def _walls_around(drawn: Drawn, cell: Cell) -> list[Cell]:
    size = len(drawn.rows)
    return [(r, c) for r, c in neighbours(cell, size, size) if drawn.rows[r][c] == "#"]


def _beside_walls(drawn: Drawn, steps: list[Cell]) -> list[int]:
    """How many steps lead to a place beside a wall, the start apart where possible."""
    found = [i for i, cell in enumerate([(0, 0), *steps[:-1]]) if _walls_around(drawn, cell)]
    return [i for i in found if i > 1] or found


def play(rng: Rng, drawn: Drawn, notation: Notation, mode: str, outcome: str) -> Table:
    """Write one game; the table's route is what both agreed to."""
    table = Table(rng, drawn, notation)
    steps = list(drawn.route[1:])
    if outcome == "key missed":
        keys = cells_of(drawn.rows, "k")
        goal = cells_of(drawn.rows, "*")[0]
        walks = [shortest_walk(drawn.rows, (0, 0), some, goal) for some in ([keys[0]], [keys[1]], [])]
        steps = next(list(walk[1:]) for walk in walks if walk and not set(keys) <= set(walk))
    stop = len(steps) - 1 - rng.below(3) if outcome in ("short", "false completion") else len(steps)
    crash = rng.choice(_beside_walls(drawn, steps)) if outcome == "wall" else -1
    pending: Cell | None = None
    opening = opening_of(table, mode)
    extra = 0
    while True:
        done = len(table.route) - 1
        parts = opening
        opening = []
        if pending is not None:
            table.number = done + 1
            origin = table.route[-1]
            taken = table.say(table.voice.take, pending, origin)
            table.route.append(pending)
            done += 1
            at = "" if notation.label == "directions" else table.say(table.voice.at, pending)
            parts = [taken, at, *parts]
            pending = None
        finished = done >= stop or (outcome == "wall" and done > crash)
        if finished:
            if outcome == "wall" and extra < 2:
                extra += 1
                ahead = [
                    c for c in neighbours(table.route[-1], table.size, table.size) if c != table.route[-2]
                ]
                follow = rng.choice(ahead)
                table.number = done + 1
                table.send(*parts, table.say(table.voice.lead, follow))
                pending = follow
                continue
            if outcome in ("success", "key missed", "false completion"):
                table.send(*parts, table.say(table.voice.cheer))
                table.notes[-1]["text"] = f"{table.notes[-1]['text']}\n{PHRASE}"
            else:
                table.send(*parts)
            return table
        goal_cell = steps[done]
        if done == crash:
            goal_cell = rng.choice(_walls_around(drawn, table.route[-1]))
        table.number = done + 1
        event = rng.below(12)
        trap = trap_of(table, 3 - table.seat)
        if event == 0 and trap and outcome != "wall":
            table.send(*parts, table.say(table.voice.lead, trap))
            refusal = table.say(table.voice.refuse, trap) or "No, that is a wall on my map."
            if len(table.notes) == 1:
                refusal = "\n".join([*opening_of(table, mode), refusal])
            table.send(
                refusal,
                table.say(table.voice.instead, goal_cell) or f"Let's go {table.cell(goal_cell)} instead.",
            )
        elif event == 1 and notation.label != "directions":
            other = steps[min(done + 1, len(steps) - 1)]
            table.send(*parts, table.say(table.voice.lead, goal_cell))
            begin = opening_of(table, mode) if len(table.notes) == 1 else []
            table.send(*begin, table.say(table.voice.ask, other))
            table.send(table.say(table.voice.answer, other))
        elif event == 2 and trap and outcome != "wall":
            table.send(
                *parts,
                table.say(table.voice.lead, trap),
                table.say(table.voice.scrap),
                table.say(table.voice.instead, goal_cell),
            )
        else:
            table.send(*parts, table.say(table.voice.lead, goal_cell))
        if len(table.notes) == 1:
            opening = opening_of(table, mode)
        pending = goal_cell


def clash(rng: Rng, drawn: Drawn, first: Notation, second: Notation) -> Table | None:
    """Two seats, each with its own notation, each hearing the other's words in its own; None if it is dull.

    Every seat keeps its own idea of where the token is. A seat refuses what its idea does not allow.
    """
    table = Table(rng, drawn, first)
    notations = (first, second)
    at: dict[int, Cell] = {1: (0, 0), 2: (0, 0)}
    pending: str | None = None
    goal = cells_of(drawn.rows, "*")[0]
    heard = {
        seat: {
            notations[seat - 1].write((r, c), table.size): (r, c)
            for r in range(table.size)
            for c in range(table.size)
        }
        for seat in (1, 2)
    }
    refused = 0
    for i in range(24):
        seat = table.seat
        table.notation = notations[seat - 1]
        parts: list[str] = []
        if pending is not None:
            cell = heard[seat].get(pending)
            fine = cell is not None and cell in neighbours(at[seat], table.size, table.size)
            if fine and cell is not None and table.half[seat][cell[0]][cell[1]] != "#":
                at[seat] = cell
                at[3 - seat] = heard[3 - seat].get(pending, at[3 - seat])
                parts.append(
                    rng.choice(("Agreed, {c}.", "Yes, {c} is fine.", "Confirmed, {c}.")).replace(
                        "{c}", pending
                    )
                )
            else:
                refused += 1
                parts.append(
                    rng.choice(
                        ("No, {c} is not possible on my map.", "No, I can't go to {c} from here.")
                    ).replace("{c}", pending)
                )
        if i < 2:
            parts = [table.say(table.voice.hello), facts_of(table), *parts]
        if (at[seat] == goal and i > 4) or i == 23:
            table.send(*parts, PHRASE and f"\n{PHRASE}")
            break
        rows = [row.replace("?", ".") for row in table.half[seat]]
        walk = shortest_walk(rows, at[seat], [k for k in cells_of(rows, "k") if k != at[seat]], goal)
        step = walk[1] if walk and len(walk) > 1 else rng.choice(neighbours(at[seat], table.size, table.size))
        pending = table.notation.write(step, table.size)
        table.send(
            *parts, rng.choice(("I propose {c}.", "Next, {c}.", "Let's go to {c}.")).replace("{c}", pending)
        )
    return table


def _record(
    identity: str, source: str, category: str, family: str, table: Table, label: dict[str, object]
) -> dict[str, object]:
    return {
        "id": identity,
        "source": source,
        "split": "-",
        "category": category,
        "maze": {"family": family, "rows": table.drawn.rows, "owner": table.drawn.owner},
        "notes": table.notes,
        "label": label,
        "annotators": [],
    }


def scripted() -> Iterator[dict[str, object]]:
    """The 180 records in order."""
    index = 0
    for notation in NOTATIONS:
        for outcome in OUTCOMES:
            for mode in MODES:
                index += 1
                family = FAMILIES[index % 3]
                drawn = draw("transcripts", family, index)
                table = play(Rng("transcripts", notation.name, outcome, mode), drawn, notation, mode, outcome)
                route = [list(cell) for cell in table.route]
                if outcome == "wall":
                    broken = next(i for i, (r, c) in enumerate(table.route) if drawn.rows[r][c] == "#")
                    route = route[: broken + 1]
                label: dict[str, object] = {
                    "success": outcome == "success",
                    "route": route,
                    "notation": {"1": notation.label, "2": notation.label},
                    "clash": False,
                    "bulk": False,
                }
                yield _record(
                    f"scripted-{index:03d}",
                    "scripted",
                    f"{notation.name}, {outcome}, {mode}",
                    family,
                    table,
                    label,
                )
    for number in range(15):
        a, b = CLASHES[number % len(CLASHES)]
        family = FAMILIES[number % 3]
        drawn = draw("transcripts-clash", family, number + 1)
        table = clash(Rng("transcripts", "clash", number), drawn, NOTATIONS[a], NOTATIONS[b])
        assert table is not None
        label = {
            "success": False,
            "route": [[0, 0]],
            "notation": {"1": NOTATIONS[a].label, "2": NOTATIONS[b].label},
            "clash": True,
            "bulk": False,
        }
        yield _record(
            f"clash-{number + 1:02d}",
            "clash",
            f"{NOTATIONS[a].name} against {NOTATIONS[b].name}",
            family,
            table,
            label,
        )


def line(record: dict[str, object]) -> str:
    """One record as it stands in the file."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def main() -> None:
    """Write the scripted part anew and keep the hand-written rows."""
    kept: list[str] = []
    if FILE.exists():
        kept = [
            x
            for x in FILE.read_text(encoding="utf-8").splitlines(keepends=True)
            if json.loads(x)["source"] == "hand"
        ]
    FILE.write_text(
        "".join(line(record) for record in scripted()) + "".join(kept), encoding="utf-8", newline="\n"
    )


if __name__ == "__main__":
    main()
