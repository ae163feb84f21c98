"""The board files: what they state is what tasks, scorers and data sets have."""

import inspect
from importlib import import_module
from pathlib import Path

import pytest

from interplay.leaderboard.boards import find_board, load_boards, parse_boards, unranked_reason
from interplay.leaderboard.measure import results
from interplay.leaderboard.models import display_name, load_models
from interplay.leaderboard.pages.chart_views import CHARTS
from interplay.tasks.catalog import family_of_task
from interplay.tasks.mazes.instances import set_record
from interplay.tasks.mistakes import UserMistake
from tests.leaderboard.plain_rows import FLOOR, log, sample

MAZES = [f"standard-1-detour-{i:03d}" for i in range(1, 13)]


def test_the_three_boards_of_the_mazes():
    found = [board.id for board in load_boards().values() if board.family == "mazes"]
    assert found == ["mazes-pair", "mazes-gap", "mazes-cross"]


@pytest.mark.parametrize("board_id", list(load_boards()))
def test_runs_name_tasks_and_arguments_that_exist(board_id: str):
    for run in find_board(board_id).runs:
        located = family_of_task(run.task)
        assert located is not None
        tasks = import_module(f"interplay.tasks.{located[0].name}")
        parameters = inspect.signature(getattr(tasks, located[1].name)).parameters
        assert set(run.args) <= set(parameters)


@pytest.mark.parametrize("board_id", list(load_boards()))
def test_every_chart_that_a_board_names_has_a_builder(board_id: str):
    board = find_board(board_id)
    assert {*board.charts, *board.family_charts} <= set(CHARTS[board.family])


def test_families_are_called_by_their_short_titles():
    assert find_board("mazes-pair").family_title == "Mazes"
    assert find_board("user-turn-native").family_title == "User turns"


def test_range_is_that_of_the_corrected_score():
    floor = set_record("standard-1").silent_floor
    for board_id in ("mazes-pair", "mazes-gap", "mazes-cross"):
        assert find_board(board_id).range == pytest.approx((-floor / (1 - floor), 1.0), abs=1e-6)
    width = 1 / (1 - floor)
    assert find_board("mazes-gap").headline_range == pytest.approx((-width, width), abs=1e-5)


def test_presets_by_division():
    assert find_board("mazes-pair").presets("closed") == ("standard",)
    assert find_board("mazes-pair").presets("reference") == ("standard", "smoke")
    assert find_board("mazes-cross").presets("reference") == ("standard",)


def test_a_model_that_fails_alone_is_unranked_on_the_gap_board():
    gap = find_board("mazes-gap")
    for value, ranked in ((1.0, True), (FLOOR, False)):
        solo = log([sample(maze, "AB", value, condition="C3") for maze in MAZES], "maze_solo")
        pair = log([sample(maze, "AB", FLOOR) for maze in MAZES])
        reason = unranked_reason(gap, results(gap, [solo, pair]))
        assert (reason is None) == ranked
    assert unranked_reason(find_board("mazes-pair"), results(find_board("mazes-pair"), [pair])) is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("colour: red", 'unknown field "colour"'),
        ("range: [1, 0]", "is empty"),
        ("contrast: {by: condition, plus: C3, minus: C7}", "interval difference and a contrast go together"),
        ("transcripts: private", "private transcripts and a transcripts_reason go together"),
    ],
)
def test_a_wrong_board_file_is_one_sentence(change: str, message: str):
    text = f"""
- id: test-board
  title: t
  lead: l
  runs: [{{task: interplay/maze_collab}}]
  headline: maze.x
  label: x
  direction: higher
  range: [0, 1]
  unit: {{key: maze_id, noun: maze}}
  interval: share
  {change}
"""
    without = text.replace("  range: [0, 1]\n", "") if "range" in change else text
    with pytest.raises(UserMistake, match=message):
        parse_boards(without, "mazes", "board.yaml")


def test_an_unknown_board_is_named():
    with pytest.raises(UserMistake, match="chess: no such board; choose one of mazes-pair"):
        find_board("chess")


def test_the_registry_knows_every_reference_player():
    from interplay.solvers.reference.provider import PLAYERS, SEEDED_PLAYERS

    assert {f"reference/{name}" for name in (*PLAYERS, *SEEDED_PLAYERS)} <= set(load_models())
    assert display_name("reference/mute") == "Mute"
    assert display_name("nobody/knows") == "nobody/knows"


def test_packaged_files_are_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    load_boards.cache_clear()
    assert load_boards()


def test_a_judge_behind_the_headline_judges_not_only_beside_it() -> None:
    board = find_board("deescalation-effect")
    assert board.judging_roles == {"grader", "grader_b"}
    assert not board.model_copy(update={"headline": "escalation_judge.cts_d"}).judging_roles
