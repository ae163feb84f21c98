"""The board of an effect pairs scenarios, and reads incomplete where too few have both arms."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from interplay.leaderboard.boards import find_board, is_incomplete, unranked_reason
from interplay.leaderboard.cli import program
from interplay.leaderboard.measure import results
from interplay.leaderboard.rows import SampleRow, ScoreRow
from interplay.leaderboard.schema import Pairs, Result

from . import synthetic
from .plain_rows import log
from .synthetic_deescalation import sample, scenarios

EFFECT = find_board("deescalation-effect")
KEY = "escalation.cts_d"
Choice = Callable[[SampleRow], bool]


def rows(change: Callable[[str, int], float], variants: int = 5) -> list[SampleRow]:
    """Talks of four seeds under both arms; `change` gives cts_d by arm and variant."""
    found: list[SampleRow] = []
    for scenario in scenarios(4):
        for arm in ("vanilla", "nvc_full"):
            row = sample("grove/ash-9", scenario, arm, "live")
            numbers = {KEY: change(arm, scenario.variant)}
            if scenario.variant < variants:
                found.append(row.model_copy(update={"score": ScoreRow(numbers=numbers, value_keys=(KEY,))}))
    return found


def without(talks: list[SampleRow], lost: Choice) -> list[SampleRow]:
    """The same talks, some of which could not be scored."""
    return [row.model_copy(update={"score": ScoreRow()}) if lost(row) else row for row in talks]


def effect(talks: list[SampleRow]) -> Result:
    return results(EFFECT, [log(talks, "deescalation", args={"mode": "live"})])


def easier_with_rules_by_a_tenth(arm: str, variant: int) -> float:
    return 0.1 * variant + (0.1 if arm == "nvc_full" else 0.0)


def test_a_scenario_without_its_counterpart_does_not_move_the_effect() -> None:
    whole = effect(rows(easier_with_rules_by_a_tenth))
    assert whole.metrics[KEY].value == pytest.approx(0.1)
    assert whole.pairs is None
    assert "pairs" not in whole.model_dump(mode="json")

    def hardest_talk_of_a_seed(row: SampleRow) -> bool:
        return row.sample_id == "work-01-v0:nvc_full"

    part = effect(without(rows(easier_with_rules_by_a_tenth), hardest_talk_of_a_seed))
    assert part.metrics[KEY].value == pytest.approx(0.1)  # means of seeds alone would say 0.15 for work-01
    assert part.units == whole.units
    assert part.pairs == Pairs(complete=19, wanted=20)
    assert not is_incomplete(EFFECT, part)
    assert unranked_reason(EFFECT, part) is None


def test_below_nine_tenths_of_the_scenarios_the_effect_reads_incomplete() -> None:
    def lost(row: SampleRow) -> bool:
        return row.sample_id in {"work-01-v0:nvc_full", "work-02-v1:vanilla", "work-02-v2:vanilla"}

    part = effect(without(rows(easier_with_rules_by_a_tenth), lost))
    assert part.pairs == Pairs(complete=17, wanted=20)
    assert is_incomplete(EFFECT, part)
    sentence = "incomplete: 17 of 20 pairs have both sides, needs 90 %"
    assert unranked_reason(EFFECT, part) == sentence
    cells = [c for c in part.cells if c.metric == KEY and c.dims == {"contrast": "nvc_full less vanilla"}]
    assert [(c.value, c.n) for c in cells] == [(None, 0)]


def test_the_site_prints_no_effect_that_is_incomplete(tmp_path: Path) -> None:
    def lost(row: SampleRow) -> bool:
        return row.sample_id.startswith("work-01") and row.sample_id.endswith("vanilla")

    found = effect(without(rows(easier_with_rules_by_a_tenth), lost)).model_dump(mode="json")
    content = synthetic.entry("grove/ash-9", [found], division="closed", family="deescalation")
    synthetic.write(tmp_path, content)
    out = tmp_path / "site"
    done = CliRunner().invoke(program, ["build", "--root", str(tmp_path), "--out", str(out)])
    assert done.exit_code == 0, done.output
    board = (out / "boards" / EFFECT.id / "index.html").read_text("utf-8")
    assert "incomplete: 15 of 20 pairs have both sides, needs 90 %" in board
    assert ">incomplete<small" in board
    entry = (out / "entries" / str(content["entry_id"]) / "index.html").read_text("utf-8")
    assert "15 of 20" in entry
    assert "+0.10" not in entry


def test_an_error_takes_the_end_that_hurts_and_makes_a_pair() -> None:
    def failed(row: SampleRow) -> bool:
        return row.sample_id == "work-01-v0:nvc_full"

    talks = [
        row.model_copy(update={"score": ScoreRow(), "errored": True}) if failed(row) else row
        for row in rows(easier_with_rules_by_a_tenth)
    ]
    found = effect(talks)
    assert found.pairs is None
    assert found.metrics[KEY].value == pytest.approx(0.1 - (0.1 + 0.25) / 20)
