"""From arguments to samples: one a cell, or one a bundle below a folder."""

import re
from pathlib import Path

import pytest

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.arguments import Job
from interplay.tasks.posttrain.bundle import write_manifest
from interplay.tasks.posttrain.cells import load_grid
from interplay.tasks.posttrain.dataset import (
    bundle_folders,
    bundle_samples,
    profile_of_bundles,
    samples_of,
)


def collected(root: Path, name: str, cell: str) -> Path:
    """A bundle of a job, as a collection leaves it."""
    folder = root / name
    (folder / "workspace").mkdir(parents=True)
    (folder / "workspace" / "a.txt").write_text(name)
    write_manifest(folder, cell=cell, exit="finished")
    return folder


@pytest.mark.parametrize(("profile", "version"), [("full", "1.0"), ("full", "x"), ("mini", "x")])
def test_samples_are_the_cells_of_the_job_with_what_a_board_needs(profile: str, version: str) -> None:
    job = Job(profile=profile, version=version)  # type: ignore[arg-type]
    grid = load_grid()
    samples = samples_of(job)
    assert [sample.id for sample in samples] == [cell.id for cell in job.cells]
    for sample, cell in zip(samples, job.cells, strict=True):
        facts = sample.metadata
        assert facts is not None
        assert (facts["target"], facts["base"], facts["cell"]) == (cell.target, cell.base, cell.id)
        assert (facts["weight"], facts["version"]) == (
            grid.weights(version, profile).get(cell.target, 0),
            version,
        )  # type: ignore[arg-type]
        assert facts["base_revision"] == grid.bases[cell.base].revision
        assert sample.input == job.instruction(cell)


def test_the_source_is_the_data_set_or_the_templates() -> None:
    full = {s.metadata["target"]: s.metadata["source"] for s in samples_of(Job(profile="full")) if s.metadata}
    assert full["gsm8k"] == "openai/gsm8k"
    assert full["mazeviews"] == "templates"
    assert {s.metadata["source"] for s in samples_of(Job(profile="mini")) if s.metadata} == {"templates"}


def test_no_two_cells_get_the_same_message() -> None:
    inputs = [str(sample.input) for sample in samples_of(Job(profile="full"))]
    assert len(set(inputs)) == len(inputs)


def test_bundles_are_found_at_any_depth_in_the_order_of_paths(tmp_path: Path) -> None:
    for name in ("b/deep/er", "a", "b/deep"):
        collected(tmp_path, name, "m_hop__mini-0")
    assert bundle_folders(tmp_path) == [tmp_path / name for name in ("a", "b/deep", "b/deep/er")]


@pytest.mark.parametrize("kind", ["missing", "empty", "file"])
def test_a_place_without_bundles_is_refused(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "x"
    if kind == "empty":
        place.mkdir()
    elif kind == "file":
        place.write_text("manifest.json")
    with pytest.raises(UserMistake) as caught:
        bundle_folders(place)
    assert caught.value.message == (
        f"bundles={place}: no manifest.json below it; give the folder of collected jobs."
    )


@pytest.mark.parametrize(("cell", "profile"), [("m_call__mini-0", "mini"), ("gsm8k__qwen3-4b", "full")])
def test_the_profile_is_that_of_the_first_bundle(tmp_path: Path, cell: str, profile: str) -> None:
    collected(tmp_path, "z", "m_call__mini-0")
    collected(tmp_path, "a", cell)
    assert profile_of_bundles(tmp_path) == profile


def test_a_bundle_of_an_unknown_target_is_refused(tmp_path: Path) -> None:
    folder = collected(tmp_path, "a", "chess__mini-0")
    with pytest.raises(
        UserMistake, match=re.escape(f"bundle {folder}: target=chess: choose one of aime2025")
    ):
        profile_of_bundles(tmp_path)


def test_a_sample_of_a_bundle_names_it_by_its_place_below_the_folder(tmp_path: Path) -> None:
    collected(tmp_path, "runs/second", "m_call__mini-0")
    collected(tmp_path, "runs/first", "m_hop__mini-0")
    samples = bundle_samples(Job(profile="mini"), tmp_path)
    assert [(s.id, (s.metadata or {})["bundle"]) for s in samples] == [
        ("m_hop__mini-0", "runs/first"),
        ("m_call__mini-0", "runs/second"),
    ]


def test_a_bundle_that_is_the_folder_itself_has_its_place_there(tmp_path: Path) -> None:
    collected(tmp_path, "one", "m_call__mini-0")
    (sample,) = bundle_samples(Job(profile="mini"), tmp_path / "one")
    assert (sample.metadata or {})["bundle"] == "."


def test_two_bundles_of_a_cell_are_one_too_many(tmp_path: Path) -> None:
    collected(tmp_path, "a", "m_call__mini-0")
    second = collected(tmp_path, "b", "m_call__mini-0")
    with pytest.raises(UserMistake) as caught:
        bundle_samples(Job(profile="mini"), tmp_path)
    assert caught.value.message == (
        f"bundle {second}: a second one of m_call__mini-0; keep one for each cell."
    )


@pytest.mark.parametrize(
    ("cell", "version"), [("bfcl__qwen3-4b", "1.2"), ("gsm8k__mini-0", "x"), ("gsm8k", "x"), ("", "x")]
)
def test_a_bundle_of_no_cell_of_the_version_is_refused(tmp_path: Path, cell: str, version: str) -> None:
    folder = collected(tmp_path, "a", cell)
    says = f"bundle {folder}: {cell} is no cell of version {version}; choose one of aime2025__qwen3-1.7b, "
    with pytest.raises(UserMistake, match=re.escape(says)) as caught:
        bundle_samples(Job(profile="full", version=version), tmp_path)
    assert caught.value.exit_code == 2


def test_a_bundle_that_was_changed_is_refused_before_it_is_scored(tmp_path: Path) -> None:
    folder = collected(tmp_path, "a", "m_call__mini-0")
    (folder / "workspace" / "a.txt").write_text("changed")
    with pytest.raises(UserMistake, match=r"workspace/a\.txt is not what its manifest says"):
        bundle_samples(Job(profile="mini"), tmp_path)
