"""What stands below a root: equal to what stood there before exactly if no file came, went or changed."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from interplay.leaderboard import scanning
from interplay.leaderboard.scanning import File, Files, scan, state_of

FILES = (
    "entries/b.json",
    "entries/a.json",
    "entries/notes.txt",
    "evidence/a/2-check.json",
    "evidence/a/1-check.json",
    "evidence/a/readme.md",
    "evidence/b/1-check.json",
    "logs/x.eval",
    "data/anchors/one.csv",
    "data/recipe_panel.csv",
    "validation/mazes/labels.csv",
    "other/ignored.json",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in FILES:
        path = tmp_path / "leaderboard" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return tmp_path


def names(files: tuple[File, ...]) -> list[str]:
    return [file.name for file in files]


def test_records_stand_by_name_and_nothing_but_json_is_one(root: Path) -> None:
    found = scan(root)
    assert names(found.entries) == ["a.json", "b.json"]
    assert {name: names(files) for name, files in found.evidence.items()} == {
        "a": ["1-check.json", "2-check.json"],
        "b": ["1-check.json"],
    }


def test_logs_anchors_and_labels_are_found_at_any_depth_and_other_folders_are_not(root: Path) -> None:
    below = [Path(file.path).relative_to(root / "leaderboard").as_posix() for file in scan(root).others]
    assert below == [
        "logs/x.eval",
        "data/recipe_panel.csv",
        "data/anchors/one.csv",
        "validation/mazes/labels.csv",
    ]


def test_a_file_is_told_by_its_name_path_time_and_size(root: Path) -> None:
    path = root / "leaderboard/entries/a.json"
    (first, _) = scan(root).entries
    status = path.stat()
    assert first == ("a.json", str(path), (status.st_mtime_ns, len(b"entries/a.json")))
    assert state_of(status) == first.state


def test_nothing_is_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object, **more: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    assert len(scan(root).entries) == 2


def touched(path: Path) -> None:
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))


def rewritten_at_the_same_time(path: Path) -> None:
    status = path.stat()
    path.write_text("longer than it was before", encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "moved": lambda path: path.rename(path.with_name("z.json")),
    "later": touched,
    "longer": rewritten_at_the_same_time,
    "beside": lambda path: path.with_name("zz.json").write_text("x"),
}
WATCHED = ("entries/a.json", "evidence/a/1-check.json", "logs/x.eval", "data/anchors/one.csv",
           "validation/mazes/labels.csv")  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("name", WATCHED)
def test_any_change_of_an_input_is_seen(root: Path, name: str, change: Callable[[Path], object]) -> None:
    before = scan(root)
    assert scan(root) == before
    change(root / "leaderboard" / name)
    assert scan(root) != before


@pytest.mark.parametrize("name", ["entries/notes.txt", "evidence/a/readme.md", "other/ignored.json"])
def test_a_change_of_what_is_no_input_is_not(root: Path, name: str) -> None:
    before = scan(root)
    (root / "leaderboard" / name).unlink()
    assert scan(root) == before


def test_a_root_without_any_folder_has_no_files(tmp_path: Path) -> None:
    assert scan(tmp_path) == Files((), {}, ())
    (tmp_path / "leaderboard").write_text("a file in place of the folder")
    assert scan(tmp_path) == Files((), {}, ())


def test_folders_among_records_and_links_to_nothing_are_passed_over(root: Path) -> None:
    before = scan(root)
    (root / "leaderboard/entries/folder.json").mkdir()
    (root / "leaderboard/entries/dangling.json").symlink_to(root / "nowhere")
    (root / "leaderboard/evidence/file.json").write_text("x")
    assert scan(root) == before


def test_a_file_that_goes_between_listing_and_looking_is_passed_over(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def going(status: os.stat_result) -> tuple[int, int]:
        if status.st_size == len(b"entries/a.json"):
            raise FileNotFoundError
        return state_of(status)

    monkeypatch.setattr(scanning, "state_of", going)
    assert names(scan(root).entries) == []  # both names are equally long
    monkeypatch.undo()
    assert names(scan(root).entries) == ["a.json", "b.json"]
