"""The report of user turns: what several models show together, and what is said of a judge."""

import json
from pathlib import Path

import pytest

from interplay.leaderboard.analysis import user_turn as report
from interplay.leaderboard.analysis.tables import Table
from interplay.leaderboard.analysis.turn_judges import validity_words
from interplay.leaderboard.models import ModelRecord
from interplay.leaderboard.rows import LogRows
from interplay.scorers.followup_answer import prompt_sha256
from interplay.scorers.followup_gates import Gate, Validation
from interplay.scorers.followup_rules import VERSION
from tests.leaderboard.commands.test_loop import run
from tests.leaderboard.test_user_turn import context, native


def by_title(logs: list[LogRows]) -> dict[str, Table]:
    return {table.title: table for table in report.tables(logs)}


def of_size(size: int, right: float, rate: float) -> LogRows:
    """Fifty contexts of a model of some size, with that accuracy and that rate."""
    rows = [
        context(
            f"gsm8k-{i:03d}", gfr_t0=float(i % 50 < 50 * rate), gfr_t1=rate, correct=float(i < 50 * right)
        )
        for i in range(50)
    ]
    log = native(rows)
    return LogRows(log.header.model_copy(update={"model": f"acme/oak-{size}b"}), log.samples)


@pytest.fixture
def oaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three sizes of one family in the registry."""
    records = {
        f"acme/oak-{size}b": ModelRecord(name=f"oak {size}", developer="acme", weights="open", family="oak")
        for size in (1, 2, 4, 8)
    }
    monkeypatch.setattr(report, "load_models", lambda: records)


@pytest.mark.usefixtures("oaks")
def test_decoupling_in_a_family_is_a_rank_correlation_and_a_slope() -> None:
    logs = [of_size(1, 0.4, 0.3), of_size(2, 0.6, 0.2), of_size(4, 0.8, 0.1)]
    (row,) = by_title(logs)["Decoupling in a family (native)"].rows
    assert row[:3] == ("oak", "native", 3)
    assert row[3:5] == (pytest.approx(-1.0), "−1.000 to −1.000")
    assert row[5] == pytest.approx(-0.05)
    lo, hi = map(float, str(row[6]).replace("−", "-").split(" to "))
    assert lo < -0.05 < hi
    assert "Decoupling in a family (native)" not in by_title(logs[:2])


@pytest.mark.usefixtures("oaks")
def test_accuracy_stands_beside_the_rate() -> None:
    (row,) = by_title([of_size(1, 0.4, 0.0)])["Accuracy and rate (native)"].rows
    assert row[:4] == ("acme/oak-1b", "native", "oak", 0.4)
    assert row[5:7] == ("≤ 0.075", "none seen")


def test_arms_carry_their_verdict() -> None:
    rows = [
        context(
            f"gsm8k-{i:03d}", gfr_t1=0.2, react_t1=0.3,
            cut50__gfr_t1=0.2, cut50__react_t1=0.5 + 0.2 * (i % 2),
            swap__gfr_t1=0.0, swap__react_t1=0.1, say_generic__gfr_t1=0.2, say_generic__react_t1=0.3,
            header_append__gfr_t1=0.2 + 0.2 * (i % 2), header_append__react_t1=0.3,
        )
        for i in range(200)
    ]  # fmt: skip
    table = by_title([native(rows)])["Control arms (native)"]
    verdicts = {(row[1], row[2]): row[-1] for row in table.rows}
    assert verdicts["cut50", "react"] == "moved up"
    assert verdicts["header_append", "gfr"] == "moved up"
    assert str(verdicts["all", None]).startswith("controls do not pass: header_append moved up")


def test_a_judge_is_validated_for_one_prompt_and_one_version_of_the_rules(tmp_path: Path) -> None:
    found = Validation(
        grader="openai/gpt-5", prompt_sha256=prompt_sha256(), rules_version=VERSION, items=400, met=True,
        gates=[], sensitivity=0.9, specificity=0.99, second_judge_alpha=None,
    )  # fmt: skip
    folder = tmp_path / "validation" / "user_turn"
    folder.mkdir(parents=True)

    def words(record: Validation | None) -> str:
        if record is not None:
            (folder / "openai_gpt-5.json").write_text(record.model_dump_json(), encoding="utf-8")
        return validity_words("openai/gpt-5", prompt_sha256(), tmp_path)

    missed = Gate(name="judge and people: kappa", value=0.55, threshold=0.7, met=False)
    assert words(None) == "not validated: Nobody has labelled turns to compare this judge with."
    assert words(found) == "validated"
    gate = words(found.model_copy(update={"met": False, "gates": [missed]}))
    assert gate.endswith("a gate is not met: judge and people: kappa 0.55, needs 0.70.")
    assert "other rules" in words(found.model_copy(update={"rules_version": "0.9.0"}))
    assert "another prompt" in words(found.model_copy(update={"prompt_sha256": "0" * 64}))


def test_a_judge_stands_beside_the_rules_with_its_validity(tmp_path: Path) -> None:
    code, output = run("eval", "user_turn", "--model", "reference/curious", "--preset", "smoke", "-T",
                       "judge=true", "--model-role", "grader=reference/turn_clerk", "--log-dir",
                       str(tmp_path / "logs"))  # fmt: skip
    assert code == 0, output
    code, output = run("report", "user_turn", str(tmp_path / "logs"), "--json")
    assert code == 0, output
    table = next(t for t in json.loads(output) if t["title"] == "Judge beside the rules (native)")
    assert table["rows"] == [
        ["reference/curious", "user_turn", "reference/turn_clerk", 1.0, 1.0, 1.0, 1.0, 0.0,
         "not validated: Nobody has labelled turns to compare this judge with."]
    ]  # fmt: skip


def test_figures_of_a_judge_that_cannot_be_read_are_withheld(tmp_path: Path) -> None:
    code, output = run("eval", "user_turn", "--model", "reference/curious", "--preset", "smoke", "-T",
                       "judge=true", "--model-role", "grader=reference/garbler", "--log-dir",
                       str(tmp_path / "logs"))  # fmt: skip
    assert code == 0, output
    code, output = run("report", "user_turn", str(tmp_path / "logs"), "--json")
    table = next(t for t in json.loads(output) if t["title"] == "Judge beside the rules (native)")
    assert table["rows"][0][3:8] == [None, None, None, None, 1.0]


def test_a_model_reads_the_labelled_turns() -> None:
    code, output = run("report", "user_turn", "--validate-judge", "reference/turn_clerk", "--json")
    assert code == 0, output
    (table,) = json.loads(output)
    assert [row[0] for row in table["rows"]] == ["rules", "held-out"]
    assert all(row[2] > 0.8 and row[6] == 0 for row in table["rows"])
