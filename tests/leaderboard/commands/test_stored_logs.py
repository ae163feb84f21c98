"""What a run finds in its folder: broken logs stand aside, killed ones go, wrong clocks are set right."""

import errno
import fcntl
import json
import os
import shutil
import time
import zipfile
from pathlib import Path

import pytest
from inspect_ai import eval as inspect_eval

from interplay.leaderboard.commands.folder_lock import LOCK, held
from interplay.leaderboard.commands.stored_logs import (
    HEADER,
    members,
    prepare_folder,
    remove_outrun,
    set_apart,
    settle_clock,
)
from interplay.tasks.mistakes import EnvironmentProblem
from interplay.tasks.proxy_drift import proxy_drift


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


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log of a small run that finished."""
    folder = tmp_path_factory.mktemp("played")
    inspect_eval(
        proxy_drift(n_ledgers=2),
        model="reference/hold",
        log_dir=str(folder),
        display="none",
        log_format="eval",
    )
    (path,) = folder.glob("*.eval")
    return path


def killed(finished: Path, path: Path, samples: int) -> Path:
    """The log of an attempt at the same run that was killed after so many samples."""
    with zipfile.ZipFile(finished) as whole, zipfile.ZipFile(path, "w") as cut:
        done = [name for name in whole.namelist() if name.startswith("samples/")][:samples]
        for name in ("_journal/start.json", *done):
            cut.writestr(name, whole.read(name))
    return path


def earlier(finished: Path) -> str:
    """A name as Inspect gives it to an attempt at the same run one day before."""
    return "2020-01-01" + finished.name[10:]


def test_the_log_of_an_attempt_that_was_killed_before_its_first_sample_is_removed(
    finished: Path, tmp_path: Path
) -> None:
    empty = killed(finished, tmp_path / earlier(finished), samples=0)
    begun = killed(finished, tmp_path / finished.name, samples=1)
    prepare_folder(tmp_path)
    assert not empty.exists()
    assert begun.exists(), "what it holds is gone on with"


def test_a_killed_attempt_goes_once_a_later_one_finished(finished: Path, tmp_path: Path) -> None:
    begun = killed(finished, tmp_path / earlier(finished), samples=1)
    remove_outrun(tmp_path)
    assert begun.exists(), "nothing else holds its sample"
    shutil.copy(finished, tmp_path / finished.name)
    remove_outrun(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [finished.name]


def test_a_killed_attempt_at_another_run_stays(finished: Path, tmp_path: Path) -> None:
    shutil.copy(finished, tmp_path / f"{finished.stem}x.eval")
    begun = killed(finished, tmp_path / earlier(finished), samples=1)
    remove_outrun(tmp_path)
    assert begun.exists()


def test_a_killed_attempt_stays_where_the_later_one_ended_in_an_error(finished: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(finished) as whole, zipfile.ZipFile(tmp_path / finished.name, "w") as other:
        for name in whole.namelist():
            content = whole.read(name)
            if name == HEADER:
                content = json.dumps(json.loads(content) | {"status": "error"}).encode()
            other.writestr(name, content)
    begun = killed(finished, tmp_path / earlier(finished), samples=1)
    remove_outrun(tmp_path)
    assert begun.exists()


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EINVAL])
def test_a_file_system_without_locks_is_written_to_all_the_same(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", flock)
    with held(tmp_path / "a"):
        assert (tmp_path / "a").is_dir()


def test_another_fault_of_a_lock_is_no_reason_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(OSError, match="Input/output error"), held(tmp_path):
        pytest.fail("held")
