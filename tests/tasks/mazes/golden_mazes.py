"""Prints the golden mazes or plans, importing nothing but the pure modules.

    python tests/tasks/mazes/golden_mazes.py draws > tests/golden/mazes/draws.jsonl
    python tests/tasks/mazes/golden_mazes.py plans > tests/golden/mazes/plans.jsonl

A change of these bytes is a new generator version and a new round of sets. `draws` needs the standard
library only, so any Python can be asked for it.
"""

import json
import sys
from collections.abc import Iterator

from interplay.tasks.mazes.maze import FAMILIES, HALVES, Drawn, draw, render_half
from interplay.tasks.mazes.paper import draw_paper


def mazes() -> Iterator[tuple[str, Drawn]]:
    for family in FAMILIES:
        for index in range(1, 5):
            yield f"{family} {index}", draw("golden", family, index)
        yield f"{family} salted", draw("golden", family, 1, salt="pepper")
        # Refusing two candidates pins how the stream goes on after a refusal.
        left = iter([False, False, True])
        yield f"{family} third", draw("golden", family, 1, admit=lambda _, left=left: next(left))
    for size, percent in ((6, 30), (4, 0), (9, 40), (12, 55), (18, 75)):
        yield f"paper {size} {percent}", draw_paper("golden", 1, size=size, percent=percent)


def plans() -> Iterator[dict[str, object]]:
    from interplay.tasks.mazes.silent import silent

    for name, drawn in mazes():
        if not name.endswith(("salted", "third")):
            for half in HALVES:
                plan = silent(render_half(drawn.rows, drawn.owner, half))
                yield {"name": name, "half": half, "q": plan.q, "route": plan.route}


def lines(kind: str) -> Iterator[dict[str, object]]:
    if kind == "plans":
        return plans()
    return ({"name": name} | drawn._asdict() for name, drawn in mazes())


if __name__ == "__main__":
    for line in lines(sys.argv[1]):
        text = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        sys.stdout.buffer.write(text.encode() + b"\n")
