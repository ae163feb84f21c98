"""A site that is built again: what a change touches is made anew, with the bytes of a full build."""

from pathlib import Path

import pytest

from interplay.leaderboard import build
from interplay.leaderboard.build import SiteBuilder, build_site
from interplay.leaderboard.cli import main
from interplay.leaderboard.stamps import Stamps
from interplay.leaderboard.watching import Watcher
from interplay.tasks.mistakes import UserMistake

from . import synthetic
from .changed_entries import contents, with_another_file
from .synthetic_large import large_entries, write_large

COUNT = 24


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_large(tmp_path / "root", COUNT)
    return tmp_path / "root"


def add_record(root: Path) -> str:
    content, records = next(large_entries(1))
    return synthetic.write(root, content, [*records, synthetic.record(content, "rerun")])


def test_a_change_rewrites_its_entry_and_gives_the_bytes_of_a_full_build(root: Path, tmp_path: Path) -> None:
    builder = SiteBuilder(root, tmp_path / "site")
    first = builder.build()
    assert first.changed == first.files
    assert builder.build().changed == 0
    before = contents(tmp_path / "site")
    name = add_record(root)
    report = builder.build()
    after = contents(tmp_path / "site")
    changed = {path for path in after if before.get(path) != after[path]}
    assert len(changed) == report.changed < first.files / 2
    assert f"entries/{name}/index.html" in changed
    assert "boards/mazes-pair/index.html" in changed
    assert not any(path.startswith("boards/mazes-gap/") for path in changed)
    assert sum(path.startswith("entries/") for path in changed) == 1
    build_site(root, tmp_path / "again", full=True)
    assert contents(tmp_path / "again") == after


def test_an_entry_that_goes_takes_its_files_along(root: Path, tmp_path: Path) -> None:
    builder = SiteBuilder(root, tmp_path / "site")
    builder.build()
    gone = sorted((root / "leaderboard" / "entries").iterdir())[0]
    gone.unlink()
    builder.build()
    build_site(root, tmp_path / "again")
    assert contents(tmp_path / "again") == contents(tmp_path / "site")
    assert not (tmp_path / "site" / "badges" / f"{gone.stem}.svg").exists()


def test_another_process_makes_only_entries_that_changed(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_site(root, tmp_path / "site")
    name = add_record(root)
    made: list[str] = []
    work = build.EntryWork.__call__

    def noted(self: build.EntryWork, submission: build.Submission) -> build.Done:
        made.append(submission.entry.entry_id)
        return work(self, submission)

    monkeypatch.setattr(build.EntryWork, "__call__", noted)
    build_site(root, tmp_path / "site")
    assert made == [name]
    (tmp_path / "site" / "badges" / f"{name}.svg").unlink()
    build_site(root, tmp_path / "site")
    assert made == [name, name]
    (tmp_path / ".site-stamps.json").write_text("[]")
    build_site(root, tmp_path / "site")
    assert len(made) == 2 + COUNT


def test_several_processes_write_what_one_does(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_site(root, tmp_path / "one")
    monkeypatch.setattr(build, "FEW", 2)
    monkeypatch.setattr(build, "CHUNK", 5)
    report = build_site(root, tmp_path / "many")
    assert contents(tmp_path / "one") == contents(tmp_path / "many")
    assert report.changed == report.files


def test_watching_builds_after_a_change_and_survives_a_broken_file(root: Path, tmp_path: Path) -> None:
    said: list[str] = []
    watcher = Watcher(root, tmp_path / "site", said.append)
    watcher.build()
    assert not watcher.step()
    add_record(root)
    assert watcher.step()
    assert "files written in" in said[-1]
    broken = root / "leaderboard" / "entries" / "x.json"
    broken.write_text("{")
    assert watcher.step()
    assert said[-1].startswith("not built: ")
    assert not watcher.step()
    broken.unlink()
    assert watcher.step()
    assert "files written in" in said[-1]


def test_a_build_that_broke_off_goes_on(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(build, "joint_files", broken)
        with pytest.raises(KeyboardInterrupt):
            build_site(root, tmp_path / "site")
    build_site(root, tmp_path / "site")
    build_site(root, tmp_path / "again")
    assert contents(tmp_path / "again") == contents(tmp_path / "site")


@pytest.mark.parametrize(("owner", "step"), [(SiteBuilder, "_write_pages"), (Stamps, "save")])
def test_a_builder_knows_nothing_of_the_site_after_a_build_that_broke_off(
    owner: type, step: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    watcher = Watcher(root, tmp_path / "site", said.append)
    watcher.build()
    before = contents(tmp_path / "site")
    entries = {path: path.read_bytes() for path in (root / "leaderboard" / "entries").iterdir()}
    with_another_file(root)

    def full(*given: object, **more: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(owner, step, full)
        assert watcher.step()
    assert said[-1] == "not built: No space left on device"
    assert contents(tmp_path / "site") != before, "part of it was written"
    for path, content in entries.items():
        path.write_bytes(content)
    assert watcher.step()
    assert "files written in" in said[-1]
    assert contents(tmp_path / "site") == before


def test_a_file_that_was_changed_by_hand_is_made_again(root: Path, tmp_path: Path) -> None:
    build_site(root, tmp_path / "site")
    badge = sorted((tmp_path / "site" / "badges").iterdir())[0]
    before = badge.read_bytes()
    badge.write_bytes(b"x" * len(before))
    build_site(root, tmp_path / "site")
    assert badge.read_bytes() == before


def test_a_file_that_goes_while_it_is_read_does_not_end_the_watch(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    watcher = Watcher(root, tmp_path / "site", said.append)
    watcher.build()
    add_record(root)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", lambda path: (tmp_path / "gone").open("rb").read())
        assert watcher.step()
    assert said[-1].startswith("not built: ")
    assert watcher.step()
    assert "files written in" in said[-1]


def test_watching_needs_entries(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UserMistake, match="holds no leaderboard/entries"):
        Watcher(tmp_path, tmp_path / "site", print).build()
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--watch", "--root", str(tmp_path), "--out", str(tmp_path / "site")])
    assert ended.value.code == 2
    assert "holds no leaderboard/entries" in capsys.readouterr().err
