"""Watching a root: builds only after a change, says what went wrong, and goes on."""

import gc
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from interplay.leaderboard import watching
from interplay.leaderboard.build import BuildReport, uncollected
from interplay.leaderboard.scanning import Files
from interplay.leaderboard.watching import PAUSE, Watcher
from interplay.tasks.mistakes import UserMistake

REPORT = BuildReport(pages=3, files=12, changed=5, warnings=())


class Builder:
    """Stands in for the builder of a site: notes what it is asked, and does what a test asks of it."""

    def __init__(self) -> None:
        self.seen: list[Files | None] = []
        self.act: Callable[[], BuildReport] = lambda: REPORT

    def __call__(self, root: Path, out: Path) -> "Builder":
        return self

    def build(self, *, files: Files | None = None) -> BuildReport:
        self.seen.append(files)
        return self.act()


@pytest.fixture
def builder(monkeypatch: pytest.MonkeyPatch) -> Builder:
    found = Builder()
    monkeypatch.setattr(watching, "SiteBuilder", found)
    monkeypatch.setattr(gc, "freeze", lambda: None)  # what a test run holds is to be collected
    return found


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "leaderboard" / "entries").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def watcher(root: Path, builder: Builder, said: list[str]) -> Watcher:
    return Watcher(root, root / "site", said.append)


def change(root: Path, name: str = "a.json") -> None:
    (root / "leaderboard" / "entries" / name).write_text("{}")


def raising(error: BaseException) -> Callable[[], BuildReport]:
    def act() -> BuildReport:
        raise error

    return act


def test_the_first_build_says_how_many_files_it_wrote_and_how_long_it_took(
    watcher: Watcher, said: list[str]
) -> None:
    watcher.build()
    assert len(said) == 1
    assert re.fullmatch(r"5 of 12 files written in \d+\.\d s", said[0])


def test_what_was_found_is_handed_to_the_builder_so_that_nobody_looks_twice(
    watcher: Watcher, builder: Builder, root: Path
) -> None:
    watcher.build()
    change(root)
    assert watcher.step()
    assert builder.seen == [Files((), {}, ()), watching.scan(root)]


def test_nothing_is_built_and_said_while_nothing_changes(
    watcher: Watcher, builder: Builder, said: list[str]
) -> None:
    watcher.build()
    assert [watcher.step() for _ in range(3)] == [False, False, False]
    assert len(builder.seen) == len(said) == 1


def test_a_watcher_that_never_built_builds_at_its_first_step(watcher: Watcher, builder: Builder) -> None:
    assert watcher.step()
    assert not watcher.step()
    assert len(builder.seen) == 1


def test_a_mistake_is_told_once_and_the_next_change_builds_again(
    watcher: Watcher, builder: Builder, said: list[str], root: Path
) -> None:
    watcher.build()
    builder.act = raising(UserMistake("x.json: is no entry; correct it."))
    change(root)
    assert watcher.step()
    assert said[-1] == "not built: x.json: is no entry; correct it."
    assert not watcher.step()
    builder.act = lambda: REPORT
    change(root, "b.json")
    assert watcher.step()
    assert said[-1].startswith("5 of 12 files written")


def test_a_file_that_went_meanwhile_is_looked_for_again_without_another_change(
    watcher: Watcher, builder: Builder, said: list[str], root: Path
) -> None:
    watcher.build()
    builder.act = raising(FileNotFoundError(2, "No such file or directory", "x.json"))
    change(root)
    assert watcher.step()
    assert said[-1] == "not built: [Errno 2] No such file or directory: 'x.json'"
    builder.act = lambda: REPORT
    assert watcher.step()
    assert said[-1].startswith("5 of 12 files written")
    assert not watcher.step()


def test_the_first_build_hides_no_mistake(watcher: Watcher, builder: Builder, said: list[str]) -> None:
    builder.act = raising(UserMistake("holds no leaderboard/entries"))
    with pytest.raises(UserMistake, match="holds no"):
        watcher.build()
    assert said == []


@pytest.mark.parametrize("error", [ValueError("a bug"), KeyboardInterrupt()], ids=["bug", "interrupt"])
def test_a_bug_and_an_interrupt_end_the_watch(
    error: BaseException, watcher: Watcher, builder: Builder, root: Path
) -> None:
    watcher.build()
    builder.act = raising(error)
    change(root)
    with pytest.raises(type(error)):
        watcher.step()


def test_it_looks_every_half_second_until_it_is_interrupted(
    watcher: Watcher, builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(watching.time, "sleep", sleep)
    with pytest.raises(KeyboardInterrupt):
        watcher.run()
    assert slept == [PAUSE] * 4 == [0.5] * 4
    assert len(builder.seen) == 1


@pytest.mark.parametrize("was_enabled", [True, False])
def test_cycles_are_collected_afterwards_if_they_were_before(was_enabled: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if was_enabled else gc.disable)()
        with uncollected():
            assert not gc.isenabled()
        assert gc.isenabled() is was_enabled
        with pytest.raises(ValueError, match="x"), uncollected():
            raise ValueError("x")
        assert gc.isenabled() is was_enabled
    finally:
        (gc.enable if before else gc.disable)()
