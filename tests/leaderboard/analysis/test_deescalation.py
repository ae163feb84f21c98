"""The report of the angry conversations, on logs of scripted players."""

from pathlib import Path

import pytest
from inspect_ai import eval

from interplay.leaderboard.analysis import deescalation as report
from interplay.leaderboard.analysis.tables import Table
from interplay.leaderboard.rows import LogRows
from interplay.tasks.deescalation import deescalation
from interplay.tasks.mistakes import UserMistake
from tests.leaderboard.commands.test_loop import run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pliant under all eight cells, live, and under two arms with fixed messages."""
    found = tmp_path_factory.mktemp("logs")
    for mode, arms in (("live", "factorial"), ("scripted", "vanilla,nvc_full")):
        task = deescalation(preset="smoke", mode=mode, arms=arms)  # pyright: ignore[reportArgumentType]
        eval(task, model="reference/pliant", log_dir=str(found), display="none")
    return found


def test_the_report_of_a_folder(folder: Path) -> None:
    code, said = run("report", "deescalation", str(folder))
    assert code == 0
    for title in (
        "Runs",
        "Where the anger went",
        "Paired effects",
        "Keeping to the rules",
        "Which rule works",
    ):
        assert title in said
    assert "Simulated users are not people; no score is clinical validation." in said


def test_there_is_no_judge() -> None:
    with pytest.raises(UserMistake, match="there is no judge to validate"):
        report.validation_tables("reference/clerk")


def test_no_logs_give_no_tables() -> None:
    assert report.tables(list[LogRows]()) == list[Table]()


def test_equal_differences_have_an_interval_without_width_and_one_seed_has_none() -> None:
    assert report.estimate([0.25, 0.25]) == (0.25, "0.250–0.250")
    assert report.estimate([0.25]) == (0.25, "interval needs >= 2 seeds")
    mean, shown = report.estimate([0.0, 0.25, 0.5])
    assert mean == 0.25
    assert shown is not None
    assert report.estimate([0.0, 0.25, 0.5]) == (mean, shown)


def test_p_values_are_corrected_together_or_not_at_all() -> None:
    assert report.holm([0.01, 0.02, 0.5]) == pytest.approx([0.03, 0.04, 0.5])
    assert report.holm([0.01, None, 0.5]) == [None, None, None]
    assert report.p_value([0.5, 0.5]) is None
    assert [report.printed_p(p) for p in (0.0004, 0.02, None)] == ["< 0.001", 0.02, None]
