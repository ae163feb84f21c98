"""The four ways in which an entry of a site changes, and the bytes of a site, for tests and benchmarks."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.canonical import canonical_bytes

from . import synthetic
from .synthetic_large import large_entries, large_result

NEW_MODEL = "grove/willow-00001"
TODAY = "2026-12-01T09:30:00Z"
"""Later than anything that happened to the other entries."""


def with_record(root: Path) -> str:
    """The first entry is re-run, which raises its rung."""
    content, _ = next(large_entries(1))
    return synthetic.write(root, content, [{**synthetic.record(content, "rerun"), "made_at": TODAY}])


def with_another_file(root: Path) -> str:
    """The file of the second entry holds other units and another headline under the same name."""
    content = [content for content, _ in large_entries(10)][1]
    path = root / "leaderboard" / "entries" / f"{content['entry_id']}.json"
    stored = json.loads(path.read_bytes())
    result = stored["results"][0]
    other = large_result(find_board(result["board"]), f"{stored['model']['id']} again", 0.35)
    stored["results"] = [other]
    path.write_bytes(canonical_bytes(stored))
    return stored["entry_id"]


def with_addition(root: Path) -> str:
    """A new model has an entry."""
    board = find_board("mazes-pair")
    content = synthetic.entry(NEW_MODEL, [large_result(board, NEW_MODEL, 0.62)], day=30, family=board.family)
    return synthetic.write(root, content, [synthetic.record(content, "check")])


def with_withdrawal(root: Path) -> str:
    """The ninth entry is withdrawn."""
    content = [content for content, _ in large_entries(9)][-1]
    return synthetic.write(root, content, [{**synthetic.record(content, "withdraw"), "made_at": TODAY}])


CHANGES: Mapping[str, Callable[[Path], str]] = {
    "gets a record": with_record,
    "has another file": with_another_file,
    "is added": with_addition,
    "is withdrawn": with_withdrawal,
}
"""What happens to one entry; each gives its id."""


def contents(folder: Path) -> dict[str, bytes]:
    """Bytes of every file below a folder, by relative path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
