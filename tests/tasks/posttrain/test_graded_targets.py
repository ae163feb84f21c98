"""Targets of the full profile that run code, follow a route, or read turns."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.grid import Source
from interplay.tasks.posttrain.targets import Item
from interplay.tasks.posttrain.targets.humaneval import HumanEval
from interplay.tasks.posttrain.targets.mazeviews import MazeViews
from interplay.tasks.posttrain.targets.userturn import UserTurn, closings, grade_record


def test_humaneval_compares_values_and_never_an_exit_code(tmp_path: Path) -> None:
    row = {
        "task_id": "HumanEval/7",
        "prompt": 'from typing import List\n\ndef double(xs: List[int]) -> List:\n    """Double."""\n',
        "canonical_solution": "    return [2 * x for x in xs]\n",
        "test": "def check(candidate):\n    assert candidate([1]) == [2]\n    assert candidate([]) == []\n",
        "entry_point": "double",
    }
    (tmp_path / "h.jsonl").write_text(f"{json.dumps(row)}\n", "utf-8")
    target = HumanEval(Source(repo=str(tmp_path), files=("h.jsonl",)))
    item = target.items()[0]
    right = [
        "    return [x + x for x in xs]\n",
        "```python\ndef double(xs):\n    return [2 * x for x in xs]\n```",
        "Here:\n```py\nimport os\ndef double(xs): return list(map(lambda x: 2 * x, xs))\n```\nDone.",
    ]
    wrong = [
        "    import os; os._exit(0)\n",
        "    raise SystemExit(0)\n",
        "```python\nclass A(list):\n    def __eq__(s, o): return True\ndef double(xs): return A()\n```",
        "```python\nimport sys\nsys.exit(0)\n```",
        "    return xs\n",
        "not code at all",
        "",
    ]
    assert [v.correct for v in target.grade_all([item] * 3, right)] == [1, 1, 1]
    assert [v.correct for v in target.grade_all([item] * 7, wrong)] == [0] * 7


def test_twin_of_humaneval_is_solved_by_its_solutions_alone() -> None:
    target = HumanEval()
    twin = target.twin()
    assert len({item.metadata["entry"] for item in twin}) == 80
    some = twin[::8]
    assert all(v.correct for v in target.grade_all(some, [f"{i.prompt}{i.gold}" for i in some]))
    assert not any(v.correct for v in target.grade_all(some, ["    return None\n"] * len(some)))


def test_mazeviews_are_checked_by_the_route(tmp_path: Path) -> None:
    target = MazeViews()
    items = target.items()
    assert not {i.prompt for i in items} & {i.prompt for i in target.twin()}
    assert [target.grade(items[0], t).correct for t in (f"Route: {items[0].gold}", "(0, 1), (5, 5)", "")] == [
        1,
        0,
        0,
    ]


def test_userturn_guards_against_one_form() -> None:
    target = UserTurn()
    said = [{"role": "user", "content": "How do I boil an egg for a soft yolk?"}]
    contexts = [Item(f"c{n}", "", "", {"messages": said, "kind": "open"}) for n in range(10)]
    items = [*contexts, *closings()[:10]]

    def score(opened: Sequence[str], closed: str) -> float:
        turns = [[text] * 4 for text in opened] + [[closed] * 4] * 10
        texts = [
            json.dumps({"reply": "Six minutes, then rinse it under cold water.", "turns": t}) for t in turns
        ]
        return target.score(items, target.grade_all(items, texts)).value

    asked = [
        f"Why {word} water after six minutes?"
        for word in ["cold", "iced", "running", "still", "salted", "fresh", "tap", "clear", "clean", "cool"]
    ]
    assert score(asked, "Thanks, bye!") > 0.5
    assert score(asked, "Why cold water after six minutes?") < 0.1
    assert 0 < score(asked[:1] * 10, "Thanks, bye!") < 0.1
    assert len(closings()) == 60
    with pytest.raises(UserMistake, match="play it with"):
        grade_record(contexts[0], "no record")
