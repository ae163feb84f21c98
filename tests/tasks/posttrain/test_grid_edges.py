"""The grid as data: properties of weights, what pins close, and every sentence a broken file gives."""

import math
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain import cells as cells_module
from interplay.tasks.posttrain.cells import (
    VERSIONS,
    budget_text,
    canonical,
    deviations,
    profile_of,
    render_rules,
)
from interplay.tasks.posttrain.grid import GRID, Baseline, Grid, load_grid, merged, weights_from

scores = st.floats(0, 0.4)
gaps = st.floats(0.05, 0.6)
Rows = dict[str, dict[str, Baseline]]


def content() -> dict[str, Any]:
    return yaml.safe_load(GRID.read_text("utf-8"))


def written(tmp_path: Path, value: object) -> Path:
    path = tmp_path / "grid.yaml"
    path.write_text(yaml.safe_dump(value), "utf-8")
    return path


rows = st.dictionaries(
    st.sampled_from(["b1", "b2", "b3"]),
    st.fixed_dictionaries({t: st.tuples(scores, gaps) for t in ("t1", "t2", "t3")}),
    min_size=1,
).map(
    lambda given: {
        base: {t: Baseline(zero=zero, reference=zero + gap) for t, (zero, gap) in row.items()}
        for base, row in given.items()
    }
)


@settings(max_examples=50)
@given(rows)
def test_weights_are_inverse_to_the_mean_gap_and_sum_to_one(baselines: Rows) -> None:
    weights = weights_from(baselines, ["t1", "t2", "t3"])
    assert math.fsum(weights.values()) == pytest.approx(1, abs=1e-12)
    mean_gap = {
        t: sum(row[t].reference - row[t].zero for row in baselines.values()) / len(baselines) for t in weights
    }
    products = [weights[t] * mean_gap[t] for t in weights]
    assert products == pytest.approx([products[0]] * 3, rel=1e-9)


@settings(max_examples=50)
@given(rows, st.permutations(["t1", "t2", "t3"]))
def test_weights_do_not_depend_on_the_order_of_anything(baselines: Rows, order: list[str]) -> None:
    there = weights_from(baselines, ["t1", "t2", "t3"])
    back = weights_from(dict(reversed(baselines.items())), order)
    assert back == pytest.approx(there, rel=1e-12)
    assert list(back) == order


def test_a_worked_example_of_the_weights() -> None:
    """Mean gaps (0.8 + 0.4) / 2 = 0.6 and 0.2: inverses 5/3 and 5, so 1/4 and 3/4."""
    baselines = {
        "one": {"a": Baseline(zero=0.1, reference=0.9), "b": Baseline(zero=0.0, reference=0.2)},
        "two": {"a": Baseline(zero=0.2, reference=0.6)},
    }
    assert weights_from(baselines, ["a", "b"]) == pytest.approx({"a": 0.25, "b": 0.75})


def test_a_gap_counts_as_a_mean_so_that_one_base_may_be_worse() -> None:
    baselines = {
        "one": {"a": Baseline(zero=0.5, reference=0.4)},
        "two": {"a": Baseline(zero=0.1, reference=0.4)},
    }
    assert weights_from(baselines, ["a"]) == {"a": 1.0}
    baselines["two"] = {"a": Baseline(zero=0.35, reference=0.4)}
    with pytest.raises(
        UserMistake, match="baselines of a: the reference is no better than the base; measure"
    ):
        weights_from(baselines, ["a"])


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("profile", ["full", "mini"])
def test_cells_are_the_product_of_targets_and_bases_target_by_target(version: Any, profile: Any) -> None:
    grid = load_grid()
    found = grid.cells(version, profile)
    bases, targets = grid.bases_of(profile), grid.targets_of(version, profile)
    assert [(cell.target, cell.base) for cell in found] == [(t, b) for t in targets for b in bases]
    assert len({cell.id for cell in found}) == len(found)
    for cell in found:
        assert cell.weight == grid.weights(version, profile).get(cell.target, 0.0)
        assert profile_of(cell.target) == profile
    for base in bases:
        assert math.fsum(c.weight for c in found if c.base == base) == pytest.approx(1, abs=1e-9)


def test_cells_that_are_named_are_those_named_in_the_order_of_the_grid() -> None:
    grid = load_grid()
    found = grid.cells("1.2", bases=["smollm3-3b", "qwen3-4b"], targets=["gsm8k", "aime2025"])
    assert [cell.id for cell in found] == [
        f"{target}__{base}" for target in ("aime2025", "gsm8k") for base in ("qwen3-4b", "smollm3-3b")
    ]
    with pytest.raises(UserMistake, match=r"version=2: choose one of 1\.0, 1\.1, 1\.2, x\."):
        grid.cells("2")  # type: ignore[arg-type]


@pytest.mark.parametrize("version", VERSIONS)
def test_attempts_at_a_stage_are_those_of_the_version_or_of_the_mini_profile(version: Any) -> None:
    grid = load_grid().model_copy(
        update={"mini": load_grid().mini.model_copy(update={"attempts": (9, 8, 7)})}
    )
    assert grid.attempts(version, "full") == grid.versions[version].attempts
    assert grid.attempts(version, "mini") == (9, 8, 7)


def test_a_cell_without_baselines_has_none() -> None:
    grid = load_grid()
    (cell,) = grid.cells("x", "mini", targets=["m_code"])
    assert grid.baseline(cell) == grid.baselines["mini-0"]["m_code"]
    assert grid.baseline(cell._replace(base="other")) is None
    assert grid.baseline(cell._replace(target="other")) is None


@pytest.mark.parametrize("version", VERSIONS)
def test_each_thing_that_is_open_is_named_once_and_only_for_what_the_version_needs(version: Any) -> None:
    open_names = load_grid().unpinned(version)
    assert len(set(open_names)) == len(open_names)
    named = {name.split(".")[1] for name in open_names if name.startswith("targets.")}
    assert named <= set(load_grid().versions[version].targets)
    assert not any("mini" in name for name in open_names)


def pinned_grid() -> Grid:
    """The grid with everything pinned that can be."""
    loaded = content()
    for base in loaded["bases"].values():
        base |= {"revision": "a" * 40, "reference_revision": "b" * 40}
    for target in loaded["targets"].values():
        for holder in (target, target["twin"]):
            if holder.get("source"):
                holder["source"]["revision"] = "c" * 40
    loaded["images"] = {"agent": "a@sha256:1", "verifier": "v@sha256:2"}
    return Grid.model_validate(loaded)


@pytest.mark.parametrize(
    ("kind", "owner", "key", "name"),
    [
        ("bases", "qwen3-4b", "revision", "bases.qwen3-4b.revision"),
        ("bases", "qwen3-4b", "reference_revision", "bases.qwen3-4b.reference_revision"),
    ],
)
def test_one_open_revision_is_the_one_that_is_named(kind: str, owner: str, key: str, name: str) -> None:
    grid = pinned_grid()
    closed = [open_name for open_name in grid.unpinned("1.2") if not open_name.startswith("templates.")]
    assert closed == []
    record = getattr(grid, kind)[owner].model_copy(update={key: None})
    changed = grid.model_copy(update={kind: {**getattr(grid, kind), owner: record}})
    assert [n for n in changed.unpinned("1.2") if not n.startswith("templates.")] == [name]


json_values = st.recursive(
    st.none() | st.integers(0, 3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
mappings = st.dictionaries(st.sampled_from("abc"), json_values, max_size=3)


@settings(max_examples=50)
@given(mappings, mappings)
def test_pins_win_and_nothing_that_they_do_not_name_is_lost(old: dict, pins: dict) -> None:
    found = merged(old, pins)
    assert isinstance(found, dict)
    assert merged(found, pins) == found
    assert merged(old, {}) == old
    assert {key: found[key] for key in set(old) - set(pins)} == {
        key: old[key] for key in set(old) - set(pins)
    }
    for key, value in pins.items():
        assert found[key] == (merged(old.get(key), value) if isinstance(value, dict) else value)


CHANGES: dict[str, tuple[tuple[str, ...], object, str]] = {
    "weights that sum to more": (("mini", "weights", "m_arith"), 0.9, "weights of mini sum to"),
    "an unknown field": (("bases", "mini-0", "colour"), "red", "bases.mini-0.colour: Extra inputs"),
    "a share above one": (("baselines", "mini-0", "m_code", "zero"), 1.5, "baselines.mini-0.m_code.zero: "),
    "a target without record": (("mini", "canaries"), ["m_new"], "target m_new has no record"),
    "an unknown version": (("versions", "3"), {}, "versions.3"),
    "a profile of its own": (("bases", "mini-0", "profile"), "tiny", "bases.mini-0.profile: "),
    "a twin of no kind": (("targets", "m_code", "twin", "kind"), "copy", "targets.m_code.twin.kind: "),
    "two stages": (("targets", "m_code", "tokens"), [1, 2], "targets.m_code.tokens"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_grid_that_is_none_is_one_sentence_with_the_place(tmp_path: Path, name: str) -> None:
    path, value, says = CHANGES[name]
    loaded = content()
    at = loaded
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    file = written(tmp_path, loaded)
    with pytest.raises(UserMistake) as caught:
        load_grid(file)
    assert caught.value.message.startswith(f"{file}: not a grid (")
    assert says in caught.value.message
    assert caught.value.message.endswith("); restore the file.")


@pytest.mark.parametrize("raw", [b"", b"- a\n", b"a: [", b"\xff\xfe\x00", b"a: &x [*x]"])
def test_a_file_that_is_no_mapping_is_one_sentence_as_a_grid_and_as_pins(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(raw)
    for grid, pins in ((path, tmp_path / "none"), (GRID, path)):
        with pytest.raises(UserMistake, match=re.escape(f"{grid}: not a grid (")) as caught:
            load_grid(grid, pins)
        assert "\n" not in caught.value.message
    with pytest.raises(UserMistake, match=r"nowhere\.yaml: not a grid"):
        load_grid(tmp_path / "nowhere.yaml", path)


def test_records_cannot_be_changed_by_who_reads_them() -> None:
    grid = load_grid()
    with pytest.raises(ValidationError):
        grid.bases["mini-0"].repo = "other"  # type: ignore[misc]
    assert load_grid() is grid


@settings(max_examples=50)
@given(st.integers(1, 6000))
def test_a_span_in_words_is_the_same_span_as_a_number(minutes: int) -> None:
    amount, noun = budget_text(minutes).split()
    factor = {"hour": 60, "hours": 60, "minute": 1, "minutes": 1}[noun]
    assert float(amount) * factor == pytest.approx(minutes, rel=1e-5)
    assert noun.endswith("s") == (amount != "1")


@pytest.mark.parametrize("version", VERSIONS)
def test_rules_are_numbered_without_a_gap_and_name_the_base(version: Any) -> None:
    cell = load_grid().cells(version)[0]
    lines = render_rules(cell, 600).splitlines()
    assert [int(line.split(".")[0]) for line in lines] == list(range(1, len(lines) + 1))
    assert load_grid().bases[cell.base].repo in "\n".join(lines)
    assert "10 hours" in lines[0]


def test_a_parameter_without_a_canonical_value_is_no_deviation() -> None:
    given = canonical("x", "full") | {"run": "9", "colour": "red"}
    assert deviations("x", "full", given) == []
    assert deviations("x", "full", {}) == []
    assert deviations("1.0", "full", {}) == list(cells_module.STANDING)
