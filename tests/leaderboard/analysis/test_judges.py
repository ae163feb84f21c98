"""A judge is validated on the labelled transcripts: the shared reader as a judge, and one writing prose."""

import pytest
from click.testing import CliRunner
from inspect_ai.model import ModelAPI, ModelOutput, modelapi

from interplay.leaderboard.analysis.judges import Verdict, agreement, kappa, load_transcripts
from interplay.leaderboard.cli import program


def test_a_judge_that_is_always_right_is_validated() -> None:
    transcripts = load_transcripts()
    table = agreement("m", [Verdict(t, t.label.success) for t in transcripts])
    assert table.title.endswith(": validated")
    whole = next(row for row in table.rows if row[0] == "all")
    assert whole[1:] == (len(transcripts), 1.0, 1.0, 1.0, 0, 0.0)


def test_a_judge_that_calls_everything_a_success_is_not() -> None:
    table = agreement("m", [Verdict(t, True) for t in load_transcripts()])
    assert table.title.endswith(": not validated")
    whole = next(row for row in table.rows if row[0] == "all")
    assert whole[3] == 0
    assert whole[5] == sum(not t.label.success for t in load_transcripts())


def test_replies_that_are_no_answer_are_counted_and_never_a_verdict() -> None:
    result = CliRunner().invoke(program, ["report", "mazes", "--validate-judge", "reference/garbler"])
    assert result.exit_code == 0
    assert "not validated" in result.output
    last = next(line for line in result.output.splitlines() if line.strip().startswith("all"))
    assert last.split()[-1] == "1.000"


@pytest.mark.slow
def test_the_clerk_reads_as_the_rules_do() -> None:
    result = CliRunner().invoke(program, ["report", "mazes", "--validate-judge", "reference/clerk"])
    assert result.exit_code == 0
    last = next(line for line in result.output.splitlines() if line.strip().startswith("all"))
    assert float(last.split()[3]) >= 0.85, "kappa"
    assert last.split()[-1] == "0.000", "every reply is an answer"


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(True, True), (False, False)], 1.0),
        ([(True, False), (False, True)], -1.0),
        ([(True, True), (True, False), (False, True), (False, False)], 0.0),
        ([(True, True)], None),
        ([], None),
    ],
)
def test_kappa_of_small_tables(pairs: list[tuple[bool, bool]], expected: float | None) -> None:
    assert kappa(pairs) == expected


@modelapi("unreachable")
class Unreachable(ModelAPI):
    """A provider that fails in a way of its own."""

    async def generate(self, *args: object, **options: object) -> ModelOutput:
        raise RuntimeError("no route\nto the model")


@pytest.mark.parametrize("family", ["mazes", "user_turn", "deescalation"])
def test_a_provider_that_fails_is_one_sentence(family: str) -> None:
    result = CliRunner().invoke(program, ["report", family, "--validate-judge", "unreachable/one"])
    assert result.exit_code == 3
    assert result.output == "Error: unreachable/one: no route to the model; check the network and the key.\n"
