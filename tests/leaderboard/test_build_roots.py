"""Roots that cannot be built, folders that are left alone, and what a removed entry leaves."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from interplay.leaderboard.build import build_site
from interplay.tasks.mistakes import UserMistake

from . import synthetic
from .built import Built


def broken_json(entries: Path) -> None:
    (entries / "x.json").write_text("{")


def no_folder(entries: Path) -> None:
    entries.rename(entries.parent / "elsewhere")


def renamed(entries: Path) -> None:
    next(entries.iterdir()).rename(entries / "a.json")


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (broken_json, "x.json"),
        (no_folder, "holds no leaderboard/entries"),
        (renamed, "rename the file to its entry_id"),
    ],
)
def test_a_bad_root_is_one_sentence_and_nothing_is_written(
    tmp_path: Path, damage: Callable[[Path], None], expected: str
) -> None:
    root = tmp_path / "root"
    synthetic.write_reference(root)
    damage(root / "leaderboard" / "entries")
    with pytest.raises(UserMistake, match=re.escape(expected)) as caught:
        build_site(root, tmp_path / "site")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "site").exists()


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    synthetic.write_reference(tmp_path / "root")
    keep = tmp_path / "home" / "thesis.txt"
    keep.parent.mkdir()
    keep.write_text("two years")
    with pytest.raises(UserMistake, match="not of a built site"):
        build_site(tmp_path / "root", keep.parent)
    assert keep.read_text() == "two years"


def test_a_removed_entry_leaves_no_page_behind(tmp_path: Path) -> None:
    built = Built(tmp_path, models=2)
    gone = next((built.root / "leaderboard/entries").glob("*meadow*"))
    gone.unlink()
    build_site(built.root, built.out)
    assert not (built.out / "entries" / gone.stem).exists()
    assert not [text for _, text in built.pages() if gone.stem in text]
