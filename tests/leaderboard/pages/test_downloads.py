"""Downloads: each in one group, listed in JSON that any reader takes, sizes and sums as they are."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.literature import load_sources
from interplay.leaderboard.pages.downloads import (
    GROUPS,
    data_groups,
    fixed_files,
    kept_files,
    manifest,
)
from interplay.leaderboard.pages.site import DataFile
from interplay.leaderboard.schema import SCHEMA_DIR

PREFIXES = [prefix for prefix, _, _ in GROUPS]
NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="/"), min_size=1, max_size=8
)
PATHS = st.builds(
    "{}{}".format, st.sampled_from([*PREFIXES, "data/", "data/result", "badge", "data/boards"]), NAMES
)
FILES = st.builds(
    lambda path, size: DataFile(path, size, hashlib.sha256(path.encode()).hexdigest()),
    PATHS,
    st.integers(0, 10**12),
)


@settings(max_examples=50)
@given(st.lists(FILES, max_size=20, unique_by=lambda file: file.path))
def test_every_download_of_a_group_stands_in_it_once_and_in_its_order(files: list[DataFile]) -> None:
    files.sort()
    groups = {group.title: group for group in data_groups(files)}
    for prefix, title, note in GROUPS:
        expected = tuple(file for file in files if file.path.startswith(prefix))
        assert (title in groups) is bool(expected)
        if expected:
            assert groups[title].files == expected
            assert groups[title].bytes == sum(file.bytes for file in expected)
            assert groups[title].note == note
    order = [title for _, title, _ in GROUPS]
    assert [order.index(title) for title in groups] == sorted(order.index(title) for title in groups)


PLACES = {
    "data/results.csv": "Results",
    "data/boards/a.json": "Boards",
    "data/charts/a.json": "Charts",
    "data/entries/a.json": "Entries",
    "data/evidence/a/b.json": "Evidence records",
    "data/logs/a.eval": "Logs of the reference players",
    "data/kept/a.csv": "Panel and anchors",
    "data/schema/a.json": "Schema",
    "data/literature/a.json": "Published figures",
    "data/eee/data/a.json": "Every Eval Ever",
    "data/hf/eval.yaml": "Hugging Face",
    "badges/a.svg": "Badges",
}


@pytest.mark.parametrize("path", PLACES)
def test_each_kind_of_file_has_its_heading(path: str) -> None:
    (group,) = data_groups([DataFile(path, 1, "0" * 64)])
    assert group.title == PLACES[path]
    assert data_groups([DataFile(f"x{path}", 1, "0" * 64)]) == ()


def test_no_group_holds_what_belongs_to_another() -> None:
    for prefix in PREFIXES:
        assert sum(prefix.startswith(other) for other in PREFIXES) == 1


@settings(max_examples=50)
@given(st.lists(FILES, max_size=6))
def test_the_list_is_json_with_a_line_each(files: list[DataFile]) -> None:
    content = manifest(files)
    assert json.loads(content) == {"files": [file._asdict() for file in files]}
    assert content.isascii()
    assert content.count(b"\n") == 3 + max(len(files) - 1, 0)


def test_published_figures_and_schemas_are_offered_as_they_are() -> None:
    files = dict(fixed_files())
    schemas = {name: content for name, content in files.items() if name.startswith("data/schema/")}
    assert schemas == {f"data/schema/{p.name}": p.read_bytes() for p in SCHEMA_DIR.glob("*.json")}
    for source in load_sources():
        content = json.loads(files.pop(f"data/literature/{source.source}.json"))
        assert len(content["rows"]) == len(source.rows)
        assert [row["value"] for row in content["rows"]] == pytest.approx(
            [row.value for row in source.rows], abs=1e-6
        )
    assert set(files) == set(schemas)


def test_kept_files_are_those_that_are_there_and_no_others(tmp_path: Path) -> None:
    assert kept_files(tmp_path) == {}
    data = tmp_path / "data"
    (data / "anchors").mkdir(parents=True)
    for name in ("recipe_panel.csv", "dead_ends.md", "secret.csv", "anchors/b.csv", "anchors/a.csv",
                 "anchors/a.txt"):  # fmt: skip
        (data / name).write_text("x", encoding="utf-8")
    (data / "anchors" / "folder.csv").mkdir()
    found = kept_files(tmp_path)
    assert found == {
        f"data/kept/{name}": data / name
        for name in ("recipe_panel.csv", "dead_ends.md", "anchors/a.csv", "anchors/b.csv")
    }
    assert list(found)[-2:] == ["data/kept/anchors/a.csv", "data/kept/anchors/b.csv"]
