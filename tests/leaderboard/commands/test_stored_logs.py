"""What a run finds in its folder: broken logs stand aside, killed ones go, wrong clocks are set right."""

import os
import time
import zipfile
from pathlib import Path

import pytest

from interplay.leaderboard.commands.folder_lock import LOCK, held
from interplay.leaderboard.commands.stored_logs import members, prepare_folder, set_apart, settle_clock
from interplay.tasks.mistakes import EnvironmentProblem


def archive(path: Path, *names: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as file:
        for name in names:
            file.writestr(name, "{}")
    return path


def test_members_are_the_names_in_the_archive(tmp_path: Path) -> None:
    assert members(archive(tmp_path / "a.eval", "header.json", "samples/1.json")) == {
        "header.json", "samples/1.json"
    }  # fmt: skip
    (tmp_path / "b.eval").write_bytes(b"PK no archive")
    assert members(tmp_path / "b.eval") == set()
    (tmp_path / "c.eval").touch()
    assert members(tmp_path / "c.eval") == set()


def test_a_folder_in_place_of_a_log_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.eval").mkdir()
    with pytest.raises(EnvironmentProblem) as told:
        prepare_folder(tmp_path)
    assert told.value.message == f"{tmp_path / 'a.eval'}: is a folder where a log should be; move it away."


def test_what_is_no_log_stands_aside_and_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = archive(tmp_path / "deep" / "whole.eval", "header.json", "samples/1.json")
    begun = archive(tmp_path / "begun.eval", "_journal/start.json", "samples/1.json")
    other = archive(tmp_path / "other.eval", "readme.txt")
    cut = tmp_path / "cut.eval"
    cut.write_bytes(whole.read_bytes()[:20])
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    kept = {path: path.read_bytes() for path in (whole, begun, notes)}
    broken = {path.name: path.read_bytes() for path in (other, cut)}
    prepare_folder(tmp_path)
    assert {path: path.read_bytes() for path in kept} == kept
    for name, content in broken.items():
        assert not (tmp_path / name).exists()
        assert (tmp_path / f"{name}.broken").read_bytes() == content
    lines = capsys.readouterr().err.splitlines()
    assert sorted(lines) == [
        f"Warning: {tmp_path / name}: not a complete log; kept as {name}.broken, and its run starts anew."
        for name in ("cut.eval", "other.eval")
    ]
    prepare_folder(tmp_path)
    assert capsys.readouterr().err == "", "a second run has nothing to say"


def test_a_second_broken_log_of_that_name_replaces_the_first(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        (tmp_path / "x.eval").write_bytes(content)
        set_apart(tmp_path / "x.eval")
    assert [path.name for path in tmp_path.iterdir()] == ["x.eval.broken"]
    assert (tmp_path / "x.eval.broken").read_bytes() == b"second"


def test_logs_from_the_future_are_dated_now_in_their_order(tmp_path: Path) -> None:
    now = time.time()
    ages = {"past": -1000.0, "third": 9000.0, "first": 100.0, "second": 5000.0}
    for name, age in ages.items():
        path = archive(tmp_path / f"{name}.eval", "header.json")
        os.utime(path, (now + age, now + age))
    (tmp_path / "late.txt").touch()
    os.utime(tmp_path / "late.txt", (now + 9000, now + 9000))
    settle_clock(tmp_path)
    times = {path.stem: path.stat().st_mtime for path in tmp_path.glob("*.eval")}
    assert sorted(times, key=lambda name: times[name]) == ["past", "first", "second", "third"]
    assert all(moment <= time.time() for moment in times.values())
    assert times["first"] > now - 1, "as of now, not of long ago"
    assert times["past"] == pytest.approx(now - 1000)
    assert (tmp_path / "late.txt").stat().st_mtime > now + 8000, "what is no log keeps its date"
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.eval")}
    settle_clock(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def refusal(folder: Path) -> str:
    return (
        f"{folder}: another run is writing into this folder; wait for it, or give another folder with "
        "--log-dir."
    )


def test_a_folder_has_one_writer_until_that_lets_go(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    with held(folder):
        assert (folder / LOCK).is_file()
        with pytest.raises(EnvironmentProblem) as told, held(folder):
            pytest.fail("two writers")
        assert told.value.message == refusal(folder)
        assert told.value.exit_code == 3
        with held(tmp_path / "a"):
            pass  # the folder above is another one
    with held(folder):
        pass


def test_an_error_inside_lets_go_as_well(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="broke"), held(tmp_path):
        raise RuntimeError("broke")
    with held(tmp_path):
        pass


def test_slices_share_the_folder_above_them_and_the_whole_has_it_alone(tmp_path: Path) -> None:
    first, second = tmp_path / "1-of-2", tmp_path / "2-of-2"
    with held(first, below=tmp_path), held(second, below=tmp_path):
        with pytest.raises(EnvironmentProblem) as told, held(tmp_path):
            pytest.fail("the whole beside its slices")
        assert told.value.message == refusal(tmp_path)
        with pytest.raises(EnvironmentProblem) as told, held(first, below=tmp_path):
            pytest.fail("the same slice twice")
        assert told.value.message == refusal(first)
    with held(tmp_path):
        with pytest.raises(EnvironmentProblem) as told, held(first, below=tmp_path):
            pytest.fail("a slice beside the whole")
        assert told.value.message == refusal(tmp_path)
    with held(first, below=tmp_path):
        pass


def test_a_lock_that_cannot_be_opened_names_the_folder(tmp_path: Path) -> None:
    (tmp_path / LOCK).mkdir()
    with pytest.raises(OSError, match="Is a directory") as told, held(tmp_path):
        pytest.fail("held")
    assert told.value.filename == str(tmp_path)
