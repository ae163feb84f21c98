"""The tables of a panel: known components, the golden analysis, and the four reference speakers."""

import json
from pathlib import Path

import pandas as pd
import pytest
import statsmodels.formula.api as smf
from click.testing import CliRunner

from interplay.leaderboard.analysis.cells import cells_of
from interplay.leaderboard.analysis.chain_panel import panel_tables
from interplay.leaderboard.analysis.tables import render
from interplay.leaderboard.analysis.variance import variances
from interplay.leaderboard.cli import program

from ...fixtures import chains_synth

GOLDEN = Path(__file__).parents[2] / "golden" / "chains_panel.json"
"""Written by `render(panel_tables(frame), "json")` on the table of `chains_synth.csv`."""
SPEAKERS = ("hedger", "asserter", "mirror", "contrarian")
DIGITS = 1e-9


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pd.read_csv(chains_synth.FILE, dtype={"repeat": str})


def test_the_fixture_is_what_its_program_writes(frame: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(frame, chains_synth.panel(), atol=2e-6)
    assert len(frame) == 4 * 4 * 24 * 2


def test_the_components_are_those_that_were_planted(frame: pd.DataFrame) -> None:
    found = variances(cells_of(frame))
    assert found is not None
    assert [part.name for part in found.components] == list(chains_synth.COMPONENTS)
    whole = sum(chains_synth.COMPONENTS.values())
    for part in found.components:
        planted = chains_synth.COMPONENTS[part.name]
        assert part.value == pytest.approx(planted, abs=1e-6)
        assert part.share == pytest.approx(planted / whole, abs=1e-4)
        assert part.lo < planted < part.hi


def test_the_analysis_is_the_golden_one(frame: pd.DataFrame) -> None:
    found = json.loads(render(panel_tables(frame), "json"))
    wanted = json.loads(GOLDEN.read_text("utf-8"))
    assert [table["title"] for table in found] == [table["title"] for table in wanted]
    for ours, golden in zip(found, wanted, strict=True):
        assert (ours["columns"], ours["note"]) == (golden["columns"], golden["note"])
        for row, kept in zip(ours["rows"], golden["rows"], strict=True):
            assert row == [pytest.approx(v, abs=DIGITS) if isinstance(v, float) else v for v in kept]


def invoked(*words: str) -> str:
    done = CliRunner().invoke(program, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def values(table: dict[str, list[list[object]]], column: int) -> dict[str, float]:
    return {str(row[0]): float(str(row[column])) for row in table["rows"]}


@pytest.mark.slow
def test_the_reference_speakers_have_their_components_and_shifts(tmp_path: Path) -> None:
    texts, file, panel = tmp_path / "texts", tmp_path / "panel-known.jsonl", tmp_path / "panel"
    for name in SPEAKERS:
        words = ("eval", "recipe_chains", "--model", f"reference/{name}", "-T", "repeats=2")
        invoked(*words, "-T", "partners=none", "--log-dir", str(texts / name))
    invoked("recipe", "harvest", *(str(texts / name) for name in SPEAKERS), "--out", str(file))
    for name in SPEAKERS:
        words = ("eval", "recipe_chains", "--model", f"reference/{name}", "-T", "n_openers=24")
        invoked(*words, "-T", f"partners={file}", "-T", "repeats=1", "--log-dir", str(panel / name))
    told = json.loads(invoked("report", "recipe_chains", str(panel), "--json"))
    found = {table["title"]: table for table in told}
    parts = values(found["Where the variation lies"], 1)
    assert parts["speaker"] == pytest.approx(0.045, abs=0.005)
    assert parts["partner"] == pytest.approx(0.0, abs=0.005)
    assert parts["speaker x partner"] == pytest.approx(0.035, abs=0.008)
    assert parts["opener"] == pytest.approx(0.004, abs=0.004)
    assert parts["residual"] == pytest.approx(0.010, abs=0.005)
    shift = values(found["How far partners move a speaker"], 2)
    assert shift["mirror"] == pytest.approx(0.45, abs=0.07)
    assert shift["contrarian"] == pytest.approx(0.46, abs=0.08)
    assert shift["hedger"] == pytest.approx(-0.01, abs=0.07)
    assert shift["asserter"] == pytest.approx(-0.03, abs=0.06)


def test_the_slope_is_that_of_least_squares_with_openers_as_fixed_effects(frame: pd.DataFrame) -> None:
    shares = {f"p{i + 1}": share for i, share in enumerate((0.0, 0.3, 0.5, 1.0))}
    known = frame.assign(share=frame["partner"].map(shares))
    table = next(t for t in panel_tables(known) if t.title == "How much a speaker takes over")
    for speaker, slope, ends, openers in table.rows:
        own = known[known["speaker"] == speaker]
        fit = smf.ols("value ~ share + C(opener)", own).fit()
        assert slope == pytest.approx(fit.params["share"])
        assert ends
        assert openers == 24
