"""Tab: words that begin like what was typed, of the families that were named, each once and with its help."""

from pathlib import Path

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.boards import load_boards
from interplay.leaderboard.commands import completing
from interplay.leaderboard.entries import ENTRIES
from interplay.tasks.catalog import FAMILIES

ALL_NAMES = {
    *(record.name for record in FAMILIES),
    *(task.name for record in FAMILIES for task in record.tasks),
    *load_boards(),
}
PARAM = click.Argument(["x"])


def context(*targets: str) -> click.Context:
    """The context of `interplay eval` after these targets."""
    ctx = click.Context(click.Command("eval"))
    ctx.params = {"targets": targets}
    return ctx


def words(items: list) -> list[str]:
    return [item.value for item in items]


@settings(max_examples=30)
@given(st.sampled_from(sorted(ALL_NAMES)), st.integers(0, 12))
def test_every_name_is_offered_for_each_of_its_beginnings(name: str, length: int) -> None:
    begun = name[:length]
    offered = words(completing.names(context(), PARAM, begun))
    assert name in offered
    assert set(offered) == {known for known in ALL_NAMES if known.startswith(begun)}
    assert len(set(offered)) == len(offered), "a name that means several things is offered once"


@pytest.mark.parametrize("begun", ["zzz", "MAZES", " mazes", "mazes-pair-x"])
def test_nothing_is_offered_for_what_begins_no_name(begun: str) -> None:
    for offer in (completing.names, completing.families, completing.targets, completing.players):
        assert offer(context(), PARAM, begun) == []


def test_targets_are_families_first_and_then_tasks() -> None:
    offered = words(completing.targets(context(), PARAM, ""))
    assert offered[: len(FAMILIES)] == [record.name for record in FAMILIES]
    tasks = [task.name for record in FAMILIES for task in record.tasks if task.name != record.name]
    assert offered[len(FAMILIES) :] == tasks
    assert all(item.help for item in completing.targets(context(), PARAM, ""))


def test_players_are_those_of_the_families_that_were_named() -> None:
    mazes, drift = (next(r for r in FAMILIES if r.name == name) for name in ("mazes", "proxy_drift"))
    assert words(completing.players(context("maze_solo"), PARAM, "")) == [
        f"reference/{name}" for name in mazes.reference_players
    ]
    both = words(completing.players(context("proxy_drift", "mazes"), PARAM, ""))
    assert set(both) == {f"reference/{n}" for n in (*mazes.reference_players, *drift.reference_players)}
    assert len(set(both)) == len(both)
    everybody = words(completing.players(context(), PARAM, ""))
    assert set(everybody) == {f"reference/{n}" for r in FAMILIES for n in r.reference_players}
    assert words(completing.players(context("nonsense"), PARAM, "")) == everybody


def test_roles_come_with_their_mark_and_then_with_players() -> None:
    assert words(completing.roles(context("maze_relay"), PARAM, "s")) == ["strong="]
    assert words(completing.roles(context("proxy_drift"), PARAM, "")) == []
    assert words(completing.roles(context("proxy_drift"), PARAM, "x=reference/gu")) == ["x=reference/guard"]
    every = words(completing.roles(context(), PARAM, ""))
    assert set(every) == {f"{role}=" for r in FAMILIES for task in r.tasks for role in task.roles}
    assert len(set(every)) == len(every)


def test_entries_are_those_of_this_folder_and_a_file_can_always_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    nothing = completing.entries(context(), PARAM, "ma")
    assert [(item.value, item.type) for item in nothing] == [("ma", "file")]
    (tmp_path / ENTRIES).mkdir(parents=True)
    for name in ("mazes--b.json", "mazes--a.json", "other.json", "notes.txt"):
        (tmp_path / ENTRIES / name).touch()
    assert words(completing.entries(context(), PARAM, "ma")) == ["mazes--a", "mazes--b", "ma"]
    assert words(completing.entries(context(), PARAM, "")) == ["mazes--a", "mazes--b", "other", ""]
