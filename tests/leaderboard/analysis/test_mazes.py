"""The report of the mazes on real logs: relay with its control, cross-play in both orders, a judge."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from interplay.leaderboard.analysis.mazes import content_share, tables
from interplay.leaderboard.analysis.tables import Table
from interplay.leaderboard.cli import program
from interplay.leaderboard.own_logs import read_own_logs

STRONG, WEAK = "reference/cartographer", "reference/follower"
RUNS = [
    ("maze_collab", WEAK, ("--model-role", "grader=reference/clerk", "-T", "judge=true")),
    ("maze_collab", STRONG, ()),
    ("maze_collab", WEAK, ("-T", "pairing=cross", "--model-role", f"partner={STRONG}")),
    ("maze_collab", STRONG, ("-T", "pairing=cross", "--model-role", f"partner={WEAK}")),
    ("maze_collab", WEAK, ("-T", "assistance=4")),
    ("maze_solo", WEAK, ("-T", "mode=step")),
    ("maze_relay", WEAK, ("--model-role", f"strong={STRONG}", "-T", "k=0")),
    ("maze_relay", WEAK, ("--model-role", f"strong={STRONG}", "-T", "k=2")),
    ("maze_relay", WEAK, ("--model-role", f"strong={STRONG}", "-T", "k=2", "-T", "control=transplant")),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Table]:
    folder: Path = tmp_path_factory.mktemp("report")
    for i, (task, model, more) in enumerate(RUNS):
        words = ["eval", task, "--model", model, "-T", "mazes=1", *more, "--log-dir", str(folder / str(i))]
        result = CliRunner().invoke(program, words, catch_exceptions=False)
        assert result.exit_code == 0, result.output
    return {table.title.split(":")[0]: table for table in tables(read_own_logs([folder]))}


@pytest.mark.slow
def test_every_question_of_the_family_has_its_table(report: dict[str, Table]) -> None:
    assert list(report) == [
        "Runs",
        "Corrected success by condition",
        "Corrected success by difficulty",
        "Assistance",
        "Relay",
        "Cross-play",
        "Order effect",
        "Starting and answering",
        "Failures, in samples",
        "Judge beside the rules",
    ]
    assert len(report["Runs"].rows) == len(RUNS)


@pytest.mark.slow
def test_the_matrix_has_both_orders_and_the_diagonal(report: dict[str, Table]) -> None:
    matrix = report["Cross-play"]
    assert matrix.columns == ("starts", STRONG, WEAK)
    assert all(value is not None for row in matrix.rows for value in row)
    ((first, second, *_),) = report["Order effect"].rows
    assert (first, second) == (STRONG, WEAK)


@pytest.mark.slow
def test_the_relay_names_each_place_and_the_content_share_where_there_is_a_gain(
    report: dict[str, Table],
) -> None:
    places = [row[1:5] for row in report["Relay"].rows if row[2] != "content share"]
    assert places == [
        (STRONG, "prime", 0, "none"), (STRONG, "prime", 2, "none"), (STRONG, "prime", 2, "transplant")
    ]  # fmt: skip


@pytest.mark.slow
def test_the_judge_agrees_with_the_rules_on_scripted_talk(report: dict[str, Table]) -> None:
    ((model, condition, samples, _, _, unscored),) = report["Judge beside the rules"].rows
    assert (model, condition, samples, unscored) == (WEAK, "C7", 6, 0)


def test_content_share_is_the_lost_part_of_the_gain() -> None:
    values = {("prime", 0, "none"): 0.2, ("prime", 2, "none"): 0.6, ("prime", 2, "transplant"): 0.3}
    assert content_share(values) == pytest.approx(0.75)
    assert content_share(values | {("prime", 2, "none"): 0.1}) is None
    assert content_share({}) is None
