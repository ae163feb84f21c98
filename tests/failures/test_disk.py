"""Full disks, read-only folders, unreadable and half-written logs, wrong clocks."""

import os
import shutil
import zipfile
from pathlib import Path

import pytest
from inspect_ai.log import read_eval_log

from .conftest import PLAYS, STALLS, Mount, logs_in, mended, small_files_only, stalled
from .program import ended

pytestmark = pytest.mark.slow

MAY_READ_ALL = os.geteuid() == 0
"""Root reads files of mode 000 as well."""


def test_disk_without_space_for_a_log(tmp_path: Path) -> None:
    """No file may grow, which needs no rights to arrange."""
    first = ended(tmp_path, *PLAYS, setting=small_files_only)
    assert first.code == 3
    (sentence,) = first.sentences
    assert "the same command goes on" in sentence
    assert ended(tmp_path, *PLAYS).code == 0
    assert len(logs_in(tmp_path)) == 1


def test_disk_full(tmp_path: Path, mount: Mount) -> None:
    mount(tmp_path / "logs", "size=8k")
    first = ended(tmp_path, *PLAYS)
    assert first.code == 3
    assert first.sentences == [
        "Error: the disk is full; free some space. Nothing finished is lost; the same command goes on."
    ]
    os.system(f"mount -o remount,size=8m {tmp_path / 'logs'}")
    assert ended(tmp_path, *PLAYS).code == 0
    assert len(logs_in(tmp_path)) == 1


def test_disk_full_midway(tmp_path: Path, mount: Mount) -> None:
    """What was finished before the disk filled up is not lost."""
    mount(tmp_path / "logs", "size=200k")
    running = stalled(tmp_path)
    filler = tmp_path / "logs" / "filler"
    with pytest.raises(OSError, match="No space left"):
        filler.write_bytes(bytes(300_000))
    (tmp_path / "mended").touch()
    first = running.wait()
    assert first.code == 3
    assert "the disk is full; free some space" in first.error
    filler.unlink()
    assert mended(tmp_path).code == 0
    (name,) = logs_in(tmp_path)
    log = read_eval_log(str(tmp_path / "logs" / name))
    assert log.status == "success"
    assert len(log.samples or []) == 8


def test_read_only_folder(tmp_path: Path, mount: Mount) -> None:
    mount(tmp_path / "logs", "ro")
    first = ended(tmp_path, *PLAYS)
    assert first.code == 3
    assert first.sentences == [
        "Error: logs: the file system is read-only; give a folder that can be written. Nothing finished is "
        "lost; the same command goes on."
    ]


def test_folder_without_the_right_to_write(tmp_path: Path) -> None:
    if MAY_READ_ALL:
        pytest.skip("root may write everywhere")
    (tmp_path / "logs").mkdir(mode=0o500)
    first = ended(tmp_path, *PLAYS)
    assert first.code == 3
    assert "this user has no right to it" in first.error


def test_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("mine")
    first = ended(tmp_path, *PLAYS)
    assert (first.code, first.sentences) == (2, ["Error: logs: is a file; give a folder for the logs."])
    assert (tmp_path / "logs").read_text() == "mine"


def test_half_written_log(played: Path, tmp_path: Path) -> None:
    shutil.copytree(played / "logs", tmp_path / "logs")
    (path,) = (tmp_path / "logs").glob("*.eval")
    half = path.read_bytes()[: path.stat().st_size // 2]
    path.write_bytes(half)
    again = ended(tmp_path, *PLAYS)
    assert again.code == 0
    assert again.error == (
        f"Warning: logs/{path.name}: not a complete log; kept as {path.name}.broken, and its run starts "
        "anew.\n"
    )
    assert path.with_name(f"{path.name}.broken").read_bytes() == half
    assert ended(tmp_path, *PLAYS).error == "", "told once"


def test_archive_that_is_no_log(played: Path, tmp_path: Path) -> None:
    shutil.copytree(played / "logs", tmp_path / "logs")
    with zipfile.ZipFile(tmp_path / "logs" / "notes.eval", "w") as archive:
        archive.writestr("notes.txt", "mine")
    again = ended(tmp_path, *PLAYS)
    assert again.code == 0
    assert "notes.eval: not a complete log" in again.error
    assert (tmp_path / "logs" / "notes.eval.broken").exists()


def test_unreadable_log(played: Path, tmp_path: Path) -> None:
    """A file without rights, or for root, who may read all, a folder in place of the file."""
    shutil.copytree(played / "logs", tmp_path / "logs")
    (path,) = (tmp_path / "logs").glob("*.eval")
    if MAY_READ_ALL:
        path = path.with_name("other.eval")
        path.mkdir()
    else:
        path.chmod(0)
    first = ended(tmp_path, *PLAYS)
    assert first.code == 3
    (sentence,) = first.sentences
    assert f"logs/{path.name}: " in sentence
    assert "move it away" in sentence
    path.rename(tmp_path / "away")
    assert ended(tmp_path, *PLAYS).code == 0


def test_clock_that_was_ahead(tmp_path: Path) -> None:
    """The log of a stopped run is dated decades ahead: a later one is still the newer."""
    running = stalled(tmp_path)
    running.process.kill()
    running.wait()
    (old,) = (tmp_path / "logs").glob("*.eval")
    os.utime(old, (4e9, 4e9))
    assert mended(tmp_path).code == 0
    kept = logs_in(tmp_path)
    (name,) = kept
    assert read_eval_log(str(tmp_path / "logs" / name), header_only=True).status == "success"
    assert ended(tmp_path, *STALLS).code == 0
    assert logs_in(tmp_path) == kept


@pytest.mark.parametrize("moment", [0, 4e9], ids=["past", "future"])
def test_clock_that_dates_a_finished_log_wrongly(played: Path, tmp_path: Path, moment: float) -> None:
    shutil.copytree(played / "logs", tmp_path / "logs")
    kept = logs_in(tmp_path)
    for path in (tmp_path / "logs").glob("*.eval"):
        os.utime(path, (moment, moment))
    again = ended(tmp_path, *PLAYS)
    assert (again.code, again.error) == (0, "")
    assert logs_in(tmp_path) == kept, "nothing is run again"
