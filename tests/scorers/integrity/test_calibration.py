"""Thresholds from known runs, and the table of one folder: figures by hand, and every sentence."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from interplay.scorers.integrity.calibration import (
    Run,
    calibrated,
    main,
    model_folders,
    tables_in,
)
from interplay.scorers.integrity.lineage import (
    LineageTable,
    TensorRow,
    lineage_finding,
    max_c,
    with_reference,
)
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.grid import Lineage

from .folders import write_weights

RNG = np.random.default_rng(4)
BASE = {"w": RNG.normal(size=(64, 40)).astype(np.float32)}
DELTA = RNG.normal(size=(64, 40)).astype(np.float32)
OWN = RNG.normal(size=(64, 40)).astype(np.float32)


def row(
    c: float | None, p: float | None, *, k: float = 0.9, moved: float | None = None, name: str = "w"
) -> TensorRow:
    """A tensor that points c the reference's way and went p of it, so that it moved p / c as far."""
    far = moved if moved is not None else p / c if c and p is not None else None
    return TensorRow(name=name, elements=4096, c=c, p=p, k=k, is_base=False, is_reference=False, moved=far)


def table(*rows: TensorRow) -> LineageTable:
    return LineageTable(rows=rows, c=None, p=None, k=0.9)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("models")
    weights = {
        "base": BASE["w"],
        "reference": BASE["w"] + DELTA,
        "runs/a/final_model": BASE["w"] + OWN + 0.1 * DELTA,
        "runs/b": BASE["w"] + OWN,
        "derived": BASE["w"] + 0.2 * OWN + 0.8 * DELTA,
    }
    return {name: write_weights(root / name, {"w": w}) for name, w in weights.items()} | {"root": root}


def ran(places: dict[str, Path], *words: str) -> Result:
    base, reference = str(places["base"]), str(places["reference"])
    return CliRunner().invoke(main, [*words, "--base", base, "--reference", reference])


def test_the_flag_lies_midway_and_review_a_little_above_the_honest() -> None:
    """Honest c 0.2 with p 0.2, so moved 1; with 30 % more c' = 0.5 / √(1 + 2 · 0.3 · 0.2 + 0.09) = 0.4545.

    flag = (0.2 + 0.4545) / 2 = 0.3273, review = 0.22.
    """
    found = calibrated([("run", table(row(0.2, 0.2)))])
    assert (found.flag, found.review) == (0.3273, 0.22)
    assert found.honest == Run("run", 0.2)
    assert found.derived.name == "run + 30% of the reference"
    assert found.derived.max_c == pytest.approx(0.5 / np.sqrt(1.21))


def test_the_closest_runs_of_both_kinds_decide_in_whatever_order_they_come() -> None:
    """With 30 % more the lower run has c' = 0.4 / √(1 + 0.06 + 0.09) = 0.3730, the higher one 0.5145."""
    runs = [("low", table(row(0.1, 0.1))), ("high", table(row(0.3, 0.3)))]
    derived = [Run("far", 0.9), Run("near", 0.41)]
    there, back = calibrated(runs, derived), calibrated(runs[::-1], derived[::-1])
    assert there == back
    assert (there.honest.name, there.derived.max_c) == ("high", pytest.approx(0.3730, abs=1e-4))
    assert calibrated(runs, [Run("nearest", 0.36)]).derived.name == "nearest"


@pytest.mark.parametrize(("lowest", "overlap"), [(0.2401, False), (0.24, True), (0.2, True), (0.1, True)])
def test_honest_and_derived_runs_have_to_be_apart_by_two_margins(lowest: float, overlap: bool) -> None:
    runs = [("run", table(row(0.2, 0.2)))]
    if not overlap:
        assert calibrated(runs, [Run("d", lowest)]).derived.name == "d"
        return
    with pytest.raises(UserMistake) as caught:
        calibrated(runs, [Run("d", lowest)])
    assert caught.value.message == (
        f"honest and derived runs overlap: run has max c 0.200, d {lowest:.3f}; leave out runs that are not "
        "honest, or keep this base uncalibrated."
    )


def test_without_runs_or_without_a_reference_there_is_nothing_to_calibrate() -> None:
    with pytest.raises(UserMistake, match="no honest run to calibrate with; give a folder"):
        calibrated([], [Run("d", 0.9)])
    with pytest.raises(UserMistake, match="the reference equals the base in every tensor; give another"):
        calibrated([("run", table(row(None, None)))])


def test_rows_that_the_reference_did_not_move_stay_as_they_are() -> None:
    rows = [row(None, None), row(0.5, 0.25)]
    same, moved = with_reference(rows, 0.3)
    assert same == rows[0]
    assert moved.p == pytest.approx(0.55)
    assert moved.moved == pytest.approx(np.sqrt(0.25 + 2 * 0.3 * 0.25 + 0.09))
    assert with_reference(rows, 0.0)[1].c == pytest.approx(0.5)


def test_a_row_moved_exactly_back_has_no_direction() -> None:
    (back,) = with_reference([row(-1.0, -0.3, moved=0.3)], 0.3)
    assert (back.c, back.moved) == (None, 0.0)


@pytest.mark.parametrize(("p", "counts"), [(0.05, True), (0.0499, False), (None, False), (-0.9, False)])
def test_a_tensor_that_hardly_went_the_way_says_nothing(p: float | None, counts: bool) -> None:
    assert (max_c([row(0.9, p, moved=1.0), row(0.1, 0.1)]) == 0.9) == counts


LIMITS = Lineage(flag=0.7, review=0.6, calibrated=True)
VERDICTS = [
    ([row(0.7, 0.5)], "flagged", "reference-derived"),
    ([row(0.6999, 0.5)], "review", "reference-derived"),
    ([row(0.6, 0.5)], "review", "reference-derived"),
    ([row(0.5999, 0.5)], "clear", "base-derived"),
    ([row(0.1, 0.1, k=0.2999)], "flagged", "unrelated"),
    ([row(0.1, 0.1, k=0.3)], "review", "unrelated"),
    ([row(0.1, 0.1, k=0.4999)], "review", "unrelated"),
    ([row(0.1, 0.1, k=0.5)], "clear", "base-derived"),
    ([row(0.7, 0.5, k=0.4)], "flagged", "reference-derived"),
    ([row(0.65, 0.5, k=0.4)], "review", "unrelated"),
    ([row(None, None)], "clear", "base-derived"),
    ([], "not_run", "no tensor of the candidate can be compared with the base"),
]


@pytest.mark.parametrize(("rows", "verdict", "reason"), VERDICTS)
def test_the_first_rule_that_fits_counts(rows: list[TensorRow], verdict: str, reason: str) -> None:
    found = lineage_finding(table(*rows), LIMITS)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_copies_are_named_before_anything_else_and_a_base_is_one_if_all_of_it_is() -> None:
    copied = row(1.0, 1.0, k=0.1, name="copied").model_copy(update={"is_reference": True})
    found = lineage_finding(table(row(0.1, 0.1, k=0.1), copied), LIMITS)
    assert (found.reason, found.evidence[0].quote, found.values["copied"]) == ("reference-copy", "copied", 1)
    still = row(None, 0.0).model_copy(update={"is_base": True})
    both = still.model_copy(update={"is_reference": True})
    assert lineage_finding(table(still, both), LIMITS).reason == "identical-base"
    assert lineage_finding(table(still, row(0.1, 0.1)), LIMITS).reason == "base-derived"


def test_the_tensor_that_convicts_is_the_one_that_is_named() -> None:
    rows = [
        row(0.99, 0.01, name="too little of it"),
        row(0.8, 0.5, name="closest"),
        row(0.75, 0.5, name="other"),
    ]
    assert lineage_finding(table(*rows), LIMITS).evidence[0].quote == "closest"
    far = [row(0.1, 0.1, k=0.2, name="near"), row(0.1, 0.1, k=-0.5, name="farthest")]
    assert lineage_finding(table(*far), LIMITS).evidence[0].quote == "farthest"


def test_model_folders_are_found_at_any_depth_each_once(places: dict[str, Path], tmp_path: Path) -> None:
    write_weights(tmp_path / "z", {"a": BASE["w"], "b": BASE["w"]}, files=2)
    assert model_folders(tmp_path) == [tmp_path / "z"]
    root = places["root"]
    assert model_folders(root / "runs") == [root / "runs/a/final_model", root / "runs/b"]
    assert model_folders(root / "runs/b") == [root / "runs/b"]


def test_a_folder_that_cannot_be_compared_is_named(places: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "model.safetensors").write_bytes(b"x" * 40)
    with pytest.raises(UserMistake, match=r"bad: model\.safetensors: .*; repair or remove that folder\.$"):
        tables_in([tmp_path / "bad"], places["base"], places["reference"])
    other = write_weights(tmp_path / "other", {"w": BASE["w"][:, :30]})
    with pytest.raises(
        UserMistake, match=r"other: no tensor has the shape it has in .*; give runs of that base"
    ):
        tables_in([other], places["base"], places["reference"])


def test_the_command_prints_a_line_for_the_grid(places: dict[str, Path]) -> None:
    found = json.loads(ran(places, "calibrate", str(places["root"] / "runs"), "--json").output)
    said = ran(places, "calibrate", str(places["root"] / "runs")).output.splitlines()
    assert found["runs"] == 2
    assert said[0].startswith("2 honest runs; largest max c ")
    assert said[0].endswith("runs/a/final_model)")
    assert said[-1] == f"lineage: {{flag: {found['flag']}, review: {found['review']}, calibrated: true}}"
    assert 0 < found["review"] < found["flag"] < 1


def test_runs_known_to_be_derived_are_taken_into_account(places: dict[str, Path]) -> None:
    runs = str(places["root"] / "runs")
    with_it = ran(places, "calibrate", runs, "--derived", str(places["derived"]), "--json")
    assert json.loads(with_it.output) == json.loads(ran(places, "calibrate", runs, "--json").output)
    overlap = ran(places, "calibrate", runs, "--derived", str(places["runs/a/final_model"]))
    assert overlap.exit_code == 2
    assert overlap.output.startswith("Error: honest and derived runs overlap: ")


def test_the_table_of_a_folder_says_which_tensors_are_whose(places: dict[str, Path]) -> None:
    lines = ran(places, "show", str(places["reference"])).output.splitlines()
    assert lines[0].split() == ["tensor", "c", "p", "k", "equal", "to"]
    assert lines[1].split()[-1] == "reference"
    assert [float(word) for word in lines[1].split()[1:3]] == [1.0, 1.0]
    assert lines[-1].split()[0] == "all"
    own = ran(places, "show", str(places["base"])).output.splitlines()
    assert own[1].split()[1:] == ["–", "0.000", "1.000", "base"]
    stored = LineageTable.model_validate_json(ran(places, "show", str(places["base"]), "--json").output)
    assert stored.rows[0].is_base


@pytest.mark.parametrize(("name", "n"), [("empty", 0), ("runs", 2)])
def test_a_table_is_of_one_folder(places: dict[str, Path], name: str, n: int) -> None:
    folder = places["root"] / name
    folder.mkdir(exist_ok=True)
    done = ran(places, "show", str(folder))
    assert done.exit_code == 2
    assert done.output == f"Error: {folder}: {n} model folders are there; give one with its weights.\n"
