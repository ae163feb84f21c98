"""Parts of a build: charts drawn once, work spread over processes or not, the same bytes in any of them."""

import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from interplay.leaderboard import build
from interplay.leaderboard.build import Done, Drawing, written
from interplay.leaderboard.figures import ChartSpec, Matrix, MatrixCell


def work(item: int) -> Done:
    return Done(f"{item}-{os.getpid()}", item, ())


def spread(items: range, few: int) -> list[Done]:
    return list(written(work, items, few))


@pytest.fixture
def cores(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    monkeypatch.setattr(threading, "active_count", lambda: 1)  # whatever runs the tests has threads

    def have(count: int) -> None:
        monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(count)), raising=False)

    return have


def pids(done: list[Done]) -> set[str]:
    return {name.split("-")[1] for name, _, _ in done}


def test_many_items_are_made_by_children_each_once(cores: Callable[[int], None]) -> None:
    cores(2)
    done = spread(range(120), 100)
    assert sorted(item.changed for item in done) == list(range(120))
    assert str(os.getpid()) not in pids(done)
    assert build._chunk is None


@pytest.mark.parametrize(("count", "few", "own"), [(99, 100, 2), (120, 100, 1), (0, 0, 2)])
def test_few_items_or_one_core_start_no_process(
    count: int, few: int, own: int, cores: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    cores(own)
    if count:
        monkeypatch.setattr(multiprocessing, "get_context", None)
    done = spread(range(count), few)
    assert [item.changed for item in done] == list(range(count))
    assert pids(done) <= {str(os.getpid())}


def test_a_process_with_threads_starts_no_other(
    cores: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    cores(2)
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert pids(spread(range(60), 10)) == {str(os.getpid())}


def test_a_mistake_in_a_child_is_the_mistake_of_the_build(cores: Callable[[int], None]) -> None:
    cores(2)

    def failing(item: int) -> Done:
        raise ValueError(f"item {item}")

    with pytest.raises(ValueError, match="item"):
        list(written(failing, range(60), 10))
    assert build._chunk is None


def heat(title: str) -> ChartSpec:
    cell = MatrixCell(row="a", column="b", value=0.5, lo=0.4, hi=0.6, n=12)
    return ChartSpec(
        id="cells-x-0",
        kind="heat",
        title=title,
        desc="Cells.",
        matrix=Matrix(row_head="r", column_head="c", rows=("a",), columns=("b",), cells=(cell,)),
    )


def test_a_chart_is_drawn_once_however_many_pages_show_it(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def picture(spec: ChartSpec) -> str:
        drawn.append(spec.title)
        return f"<svg>{spec.title}</svg>"

    monkeypatch.setattr(build.svg, "is_available", lambda: True)
    monkeypatch.setattr(build.svg, "picture", picture)
    monkeypatch.setattr(ChartSpec, "is_drawn", property(lambda spec: True))
    view = Drawing()
    first, again, other = view(heat("One")), view(heat("One")), view(heat("Two"))
    assert first is again
    assert (first.picture, other.picture) == ("<svg>One</svg>", "<svg>Two</svg>")
    assert drawn == ["One", "Two"]
    monkeypatch.setattr(build.svg, "is_available", lambda: False)
    assert Drawing()(heat("One")).picture is None
    assert drawn == ["One", "Two"]


SCRIPT = """
import sys
from pathlib import Path
from tests.leaderboard.exports import standing_rows as rows
from interplay.leaderboard.exports import entry_files, joint_files
import hashlib
boards = {found.board.id: found for found in (rows.pair_standing(), rows.gap_standing())}
digest = hashlib.sha256()
for name, content in joint_files(boards, "https://example.org/i"):
    digest.update(name.encode() + content)
for submission in rows.submissions():
    for name, content in entry_files(submission, None):
        digest.update(name.encode() + content)
print(digest.hexdigest())
"""


@pytest.mark.slow
def test_exports_have_the_same_bytes_whatever_the_seed_of_hashes() -> None:
    root = Path(__file__).parents[2]
    found = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=root,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "31337")
    }
    assert len(found) == 1
