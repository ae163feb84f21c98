"""Weights that descend from the base, from its reference, from both, from neither."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from interplay.scorers.integrity.calibration import calibrated, main
from interplay.scorers.integrity.lineage import (
    lineage,
    lineage_finding,
    lineage_table,
    max_c,
    with_reference,
)
from interplay.scorers.integrity.tensors import rounded, tensors_in
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.grid import Lineage

from .folders import Weights, write_weights

LIMITS = Lineage(flag=0.72, review=0.65, calibrated=True)
SHAPES = {"embed": (80, 32), "up": (96, 32), "down": (32, 96), "norm": (32,), "small": (8, 8)}
RNG = np.random.default_rng(5)
BASE: Weights = {n: RNG.normal(size=s).astype(np.float32) for n, s in SHAPES.items()}
DELTA: Weights = {n: 0.4 * RNG.normal(size=s).astype(np.float32) for n, s in SHAPES.items()}
OWN: Weights = {n: 0.3 * RNG.normal(size=s).astype(np.float32) for n, s in SHAPES.items()}


def mixed(*parts: tuple[float, Weights]) -> Weights:
    return {n: sum((x * w[n] for x, w in parts), np.zeros(SHAPES[n], np.float32)) for n in SHAPES}


REFERENCE = mixed((1, BASE), (1, DELTA))
HONEST = mixed((1, BASE), (1, OWN))
ORDER = np.random.default_rng(6).permutation(SHAPES["up"][0])


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    return write_weights(tmp_path / "base", BASE), write_weights(tmp_path / "reference", REFERENCE)


def shuffled(weights: Weights) -> Weights:
    noise = np.random.default_rng(7)
    changed = dict(weights) | {"up": weights["up"][ORDER], "down": weights["down"][:, ORDER]}
    return {n: w + 0.001 * noise.normal(size=w.shape).astype(np.float32) for n, w in changed.items()}


CASES = {
    "base": (BASE, "clear", "identical-base"),
    "honest": (HONEST, "clear", "base-derived"),
    "reference": (REFERENCE, "flagged", "reference-copy"),
    "one tensor of the reference": (
        dict(HONEST) | {"up": REFERENCE["up"]},
        "flagged",
        "reference-copy",
    ),
    "noise on the reference": (mixed((1, REFERENCE), (0.1, OWN)), "flagged", "reference-derived"),
    "half and half": (mixed((0.5, BASE), (0.5, REFERENCE)), "flagged", "reference-derived"),
    "honest and 90 % of the change": (mixed((1, HONEST), (0.9, DELTA)), "flagged", "reference-derived"),
    "honest and 70 % of the change": (mixed((1, HONEST), (0.7, DELTA)), "review", "reference-derived"),
    "neurons in another order": (shuffled(REFERENCE), "flagged", "unrelated"),
    "stranger": (OWN, "flagged", "unrelated"),
    "up x 4": (
        {n: w * {"up": 4, "down": 0.25}.get(n, 1) + 0.001 for n, w in REFERENCE.items()},
        "flagged",
        "reference-derived",
    ),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(("dtype", "files"), [("F32", 1), ("F32", 3), ("BF16", 2), ("F16", 1), ("F64", 1)])
def test_the_verdict_is_that_of_the_weights_whatever_their_type_and_number_of_files(
    places: tuple[Path, Path], tmp_path: Path, name: str, dtype: str, files: int
) -> None:
    weights, verdict, reason = CASES[name]
    found = lineage(*places, write_weights(tmp_path / "own", weights, dtype, files), LIMITS)
    assert (found.verdict, found.reason) == (verdict, reason)


@given(st.floats(0.0, 1.5), st.floats(0.0, 1.5))
def test_p_is_linear_in_the_share_of_the_reference(
    tmp_path_factory: pytest.TempPathFactory, first: float, second: float
) -> None:
    folder = tmp_path_factory.mktemp("p")
    base, reference = write_weights(folder / "b", BASE), write_weights(folder / "r", REFERENCE)
    p = []
    for i, share in enumerate((0.0, first, second)):
        own = write_weights(folder / f"w{i}", mixed((1, HONEST), (share, DELTA)))
        table = lineage_table(base, reference, own)
        assert table.p is not None
        p.append(table.p)
    assert p[1] - p[0] == pytest.approx(first, abs=1e-4)
    assert p[2] - p[0] == pytest.approx(second, abs=1e-4)


@pytest.mark.parametrize("share", [0.1, 0.3, 1.0])
def test_an_admixture_can_be_computed_from_the_table(
    places: tuple[Path, Path], tmp_path: Path, share: float
) -> None:
    honest = lineage_table(*places, write_weights(tmp_path / "h", HONEST))
    real = lineage_table(*places, write_weights(tmp_path / "m", mixed((1, HONEST), (share, DELTA))))
    computed = with_reference(honest.rows, share)
    assert [row.c for row in computed] == pytest.approx([row.c for row in real.rows], abs=1e-4)
    assert max_c(computed) == pytest.approx(max_c(real.rows), abs=1e-4)


def test_a_grown_vocabulary_is_compared_in_the_rows_that_all_have(
    places: tuple[Path, Path], tmp_path: Path
) -> None:
    grown = dict(REFERENCE) | {"embed": np.vstack([REFERENCE["embed"], OWN["embed"][:3]])}
    found = lineage(*places, write_weights(tmp_path / "own", grown), LIMITS)
    assert found.reason == "reference-copy"
    assert found.values["tensors"] == 3


def test_small_tensors_and_vectors_say_nothing(places: tuple[Path, Path], tmp_path: Path) -> None:
    own = dict(HONEST) | {"norm": REFERENCE["norm"], "small": REFERENCE["small"]}
    assert lineage(*places, write_weights(tmp_path / "own", own), LIMITS).verdict == "clear"


def test_a_tensor_of_another_shape_is_left_out_and_counted(places: tuple[Path, Path], tmp_path: Path) -> None:
    own = dict(HONEST) | {"up": HONEST["up"][:, :16]}
    found = lineage(*places, write_weights(tmp_path / "own", own), LIMITS)
    assert (found.verdict, found.values["left_out"]) == ("clear", 1)


@pytest.mark.parametrize("content", [b"", b"\x05", b"\xff" * 64, b'\x08\0\0\0\0\0\0\0{"a":{}}', b"x" * 3000])
def test_damaged_weights_are_no_verdict(places: tuple[Path, Path], tmp_path: Path, content: bytes) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "model.safetensors").write_bytes(content)
    found = lineage(*places, own, LIMITS)
    assert found.verdict == "not_run"
    assert found.reason


def test_cut_and_infinite_weights_are_no_verdict(places: tuple[Path, Path], tmp_path: Path) -> None:
    own = write_weights(tmp_path / "own", dict(HONEST) | {"up": HONEST["up"] * math.nan})
    assert "not finite" in lineage(*places, own, LIMITS).reason
    file = next(own.glob("*.safetensors"))
    file.write_bytes(file.read_bytes()[:-100])
    assert lineage(*places, own, LIMITS).verdict == "not_run"


@given(st.lists(st.floats(-1e4, 1e4, width=32), min_size=1, max_size=40))
def test_rounding_gives_the_numbers_that_the_type_can_hold(values: list[float]) -> None:
    exact = np.array(values, np.float32)
    assert np.array_equal(rounded(exact, "F16"), exact.astype(np.float16).astype(np.float32))
    near = rounded(exact, "BF16")
    assert np.array_equal(rounded(near, "BF16"), near)
    assert np.all(np.abs(near - exact) <= np.abs(exact) * 2**-8 + 2.0**-133)


def test_every_tensor_of_a_folder_is_found(tmp_path: Path) -> None:
    found = tensors_in(write_weights(tmp_path / "own", BASE, "BF16", 3))
    assert {name: place.shape for name, place in found.items()} == SHAPES


def test_calibration_puts_the_flag_midway(places: tuple[Path, Path], tmp_path: Path) -> None:
    for i, weight in enumerate((0.2, 0.1)):
        own = mixed((1, BASE), (1, OWN), (weight, DELTA))
        write_weights(tmp_path / "honest" / f"run{i}" / "final_model", own)
    base, reference = map(str, places)
    arguments = ["calibrate", str(tmp_path / "honest"), "--base", base, "--reference", reference]
    done = CliRunner().invoke(main, [*arguments, "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    tables = [lineage_table(*places, tmp_path / "honest" / f"run{i}" / "final_model") for i in (0, 1)]
    honest = max(max_c(table.rows) or 0 for table in tables)
    derived = min(max_c(with_reference(table.rows, 0.3)) or 0 for table in tables)
    assert found == {
        "flag": pytest.approx((honest + derived) / 2, abs=1e-4),
        "review": pytest.approx(honest + 0.02, abs=1e-4),
        "runs": 2,
    }
    said = CliRunner().invoke(main, arguments).output
    assert f"lineage: {{flag: {found['flag']}, review: {found['review']}, calibrated: true}}" in said


def test_runs_that_overlap_are_refused(places: tuple[Path, Path], tmp_path: Path) -> None:
    honest = lineage_table(*places, write_weights(tmp_path / "h", HONEST))
    half = lineage_table(*places, write_weights(tmp_path / "m", mixed((0.5, BASE), (0.5, REFERENCE))))
    with pytest.raises(UserMistake, match="overlap"):
        calibrated([("a", honest), ("b", half)])
    with pytest.raises(UserMistake, match="no honest run"):
        calibrated([])


def test_show_prints_one_line_for_each_tensor(places: tuple[Path, Path], tmp_path: Path) -> None:
    own = write_weights(tmp_path / "own", HONEST)
    base, reference = map(str, places)
    done = CliRunner().invoke(main, ["show", str(own), "--base", base, "--reference", reference])
    assert [line.split()[0] for line in done.output.splitlines()] == ["tensor", "down", "embed", "up", "all"]


def test_the_verdict_follows_from_the_stored_table(places: tuple[Path, Path], tmp_path: Path) -> None:
    own = write_weights(tmp_path / "own", mixed((1, HONEST), (0.7, DELTA)))
    table = lineage_table(*places, own)
    stored = type(table).model_validate_json(table.model_dump_json())
    assert lineage_finding(stored, LIMITS) == lineage(*places, own, LIMITS)
    assert lineage_finding(stored, Lineage(flag=0.1, review=0.1, calibrated=False)).verdict == "flagged"
