"""The grid: counts, weights, cells, pins, and the sentence that each mistake gives."""

import math
from pathlib import Path

import pytest
import yaml

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.cells import canonical, deviations, load_grid, weights_from
from interplay.tasks.posttrain.grid import GRID, Baseline, merged
from interplay.tasks.posttrain.mini.recipe import WEIGHTS, file_hashes

COUNTS = {
    "aime2025": 30,
    "arenahardwriting": 250,
    "bfcl": 100,
    "gpqamain": 448,
    "gsm8k": 1319,
    "healthbench": 245,
    "humaneval": 164,
}


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = GRID.read_text("utf-8")
    assert old in text
    path = tmp_path / "grid.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def test_counts_and_titles_of_the_targets() -> None:
    assert {name: load_grid().targets[name].items for name in COUNTS} == COUNTS
    assert load_grid().targets["gsm8k"].title == "GSM8K (Grade School Math 8K)"


@pytest.mark.parametrize(("version", "targets"), [("1.0", 7), ("1.1", 7), ("1.2", 6), ("x", 8)])
def test_versions_have_their_targets_and_weights_sum_to_one(version: str, targets: int) -> None:
    cells = load_grid().cells(version)  # type: ignore[arg-type]
    assert len(cells) == 4 * targets
    assert math.fsum(cell.weight for cell in cells) == pytest.approx(4, abs=1e-9)
    assert ("bfcl" in {cell.target for cell in cells}) is (version in ("1.0", "1.1"))


def test_collaboration_targets_and_the_canary_carry_no_weight() -> None:
    grid = load_grid()
    assert {c.target for c in grid.cells("x") if c.weight == 0} == {"userturn", "mazeviews"}
    assert [c.target for c in grid.cells("x", "mini") if c.weight == 0] == ["m_hop"]
    assert grid.cells("x", "mini", targets=["m_call"])[0].id == "m_call__mini-0"


def test_weights_of_the_mini_profile_follow_from_its_baselines() -> None:
    grid = load_grid()
    computed = weights_from({"mini-0": grid.baselines["mini-0"]}, grid.mini.targets)
    assert all(abs(computed[t] - grid.mini.weights[t]) < 1e-12 for t in computed)


def test_weights_favour_small_gaps_and_sum_to_one() -> None:
    rows = {"b": {"easy": Baseline(zero=0.1, reference=0.9), "hard": Baseline(zero=0, reference=0.2)}}
    weights = weights_from(rows, ["easy", "hard"])
    assert weights["hard"] == pytest.approx(4 * weights["easy"])
    assert sum(weights.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ({}, "missing; run posttrain_baselines"),
        ({"b": {"t": Baseline(zero=0.5, reference=0.5)}}, "no better than the base"),
    ],
)
def test_weights_need_a_gap(rows: dict[str, dict[str, Baseline]], says: str) -> None:
    with pytest.raises(UserMistake, match=says):
        weights_from(rows, ["t"])


def test_shipped_models_have_the_hashes_of_the_grid() -> None:
    assert file_hashes(WEIGHTS) == dict(load_grid().mini.files)
    assert sum(path.stat().st_size for path in WEIGHTS.rglob("*.safetensors")) == 3 * 446_480


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("gsm8k: 0.10113359431088526", "gsm8k: 0.2", "weights of 1.2 sum to"),
        ("targets: [m_arith, m_fact", "targets: [m_sums, m_fact", "m_sums has no record"),
        ("attempts: [2, 1, 1]", "attempts: [2, 1]", "attempts"),
        ("baselines:", "basslines:", "baselines: Field required"),
    ],
)
def test_a_wrong_grid_is_refused_in_one_sentence(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(UserMistake, match=says) as caught:
        load_grid(changed(tmp_path, old, new))
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({"bases": ["qwen9"]}, "base=qwen9: choose one of qwen3-1.7b"),
        ({"targets": ["bfcl"]}, "target=bfcl: choose one of aime2025"),
    ],
)
def test_unknown_names_are_refused(wanted: dict[str, list[str]], says: str) -> None:
    with pytest.raises(UserMistake, match=says):
        load_grid().cells("1.2", **wanted)  # type: ignore[arg-type]


def test_open_pins_are_named_and_a_pin_file_closes_them(tmp_path: Path) -> None:
    open_pins = load_grid().unpinned("1.2")
    assert {"bases.qwen3-1.7b.revision", "targets.gsm8k.source.revision", "images.agent"} <= set(open_pins)
    assert "targets.bfcl.source.revision" not in open_pins
    pins = tmp_path / "pins.yaml"
    pins.write_text(yaml.safe_dump({"images": {"agent": "a@sha256:1", "verifier": "v@sha256:2"}}))
    assert set(open_pins) - set(load_grid(GRID, pins).unpinned("1.2")) == {"images.agent", "images.verifier"}


def test_pins_are_laid_over_the_grid() -> None:
    assert merged({"a": {"b": None, "c": 1}, "d": 2}, {"a": {"b": "x"}}) == {"a": {"b": "x", "c": 1}, "d": 2}


def test_what_differs_from_the_version_is_listed() -> None:
    given = {**canonical("1.2", "full"), "network": "none", "eval_seeds": [1, 2], "run": "7"}
    listed = deviations("1.2", "full", given)
    assert listed[:2] == [
        "network=none (version 1.2: open)",
        "eval_seeds=1,2 (version 1.2: 72332,87681,38992,92201,13818)",
    ]
    assert "numbers are compared strictly" in listed
    assert deviations("x", "mini", canonical("x", "mini")) == []


@pytest.mark.parametrize(
    ("version", "name", "value"),
    [
        ("1.0", "eval_seeds", [72332]),
        ("1.1", "feedback", "open"),
        ("1.2", "agent_cache", "with_reference"),
        ("x", "feedback", "sealed"),
        ("x", "network", "allowlist"),
        ("x", "agent_cache", "base_only"),
    ],
)
def test_canonical_values(version: str, name: str, value: object) -> None:
    assert canonical(version, "full")[name] == value  # type: ignore[arg-type]
