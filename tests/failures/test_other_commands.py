"""submit, check, build, demo and report on full disks, read-only folders and broken logs."""

import os
import shutil
import signal
from pathlib import Path

import pytest

from .conftest import Mount, logs_in, small_files_only
from .program import Running, ended

pytestmark = pytest.mark.slow

SUBMIT = ("submit", "logs", "--division", "reference", "--out")
BUILD = ("build", "--root", "submission", "--out")
DEMO = ("demo", "proxy_drift", "--out")
WRITERS = [pytest.param(words, id=words[0]) for words in (SUBMIT, BUILD, DEMO)]


@pytest.fixture
def folder(played: Path, tmp_path: Path) -> Path:
    """A copy of finished logs and their submission."""
    copy = tmp_path / "copy"
    shutil.copytree(played, copy, symlinks=True)
    return copy


@pytest.mark.parametrize("words", WRITERS)
def test_read_only_folder(words: tuple[str, ...], folder: Path, mount: Mount) -> None:
    mount(folder / "out", "ro")
    done = ended(folder, *words, "out/below")
    assert done.code == 3
    (sentence,) = done.sentences
    assert "the file system is read-only; give a folder that can be written" in sentence


@pytest.mark.parametrize("words", WRITERS)
def test_file_in_place_of_the_folder(words: tuple[str, ...], folder: Path) -> None:
    (folder / "out").write_text("mine")
    done = ended(folder, *words, "out")
    assert done.code == 2
    (sentence,) = done.sentences
    assert "file" in sentence
    assert (folder / "out").read_text() == "mine"


@pytest.mark.parametrize("words", WRITERS[:2])
def test_disk_full(words: tuple[str, ...], folder: Path) -> None:
    full = ended(folder, *words, "out", setting=small_files_only)
    assert full.code == 3
    (sentence,) = full.sentences
    assert "the same command goes on" in sentence
    again = ended(folder, *words, "out")
    assert again.code == 0, again.error


def test_half_written_log(folder: Path) -> None:
    """Neither submitted nor reported, with the remedy; a check refuses it."""
    (path,) = (folder / "logs").glob("*.eval")
    path.write_bytes(path.read_bytes()[:2000])
    for words in ((*SUBMIT, "out"), ("report", "proxy_drift", "logs")):
        done = ended(folder, *words)
        assert done.code == 2
        (sentence,) = done.sentences
        assert "cut off" in sentence
    assert not (folder / "out").exists()
    (stored,) = (folder / "submission" / "leaderboard" / "logs").glob("*.eval")
    stored.write_bytes(stored.read_bytes()[:2000])
    done = ended(folder, "check", "submission")
    assert done.code == 1
    assert "SHA-256 differs" in done.out


def test_half_written_entry(folder: Path) -> None:
    (entry,) = (folder / "submission" / "leaderboard" / "entries").glob("*.json")
    whole = entry.read_bytes()
    entry.write_bytes(whole[:200])
    refused = ended(folder, "check", "submission")
    assert refused.code == 1
    assert "not valid JSON" in refused.out
    done = ended(folder, *BUILD, "site")
    assert (done.code, len(done.sentences)) == (2, 1)
    entry.write_bytes(whole)
    assert ended(folder, "check", "submission").code == 0


def test_demo_that_was_killed_goes_on(tmp_path: Path) -> None:
    """Logs that were finished are kept, and all the rest is made."""
    running = Running(tmp_path, *DEMO, ".")
    running.until(lambda: len(logs_in(tmp_path)) > 2)
    running.send(signal.SIGKILL)
    assert running.wait().code == -signal.SIGKILL
    kept = logs_in(tmp_path)
    assert ended(tmp_path, *DEMO, ".").code == 0
    assert (tmp_path / "site" / "index.html").is_file()
    same = [name for name, content in logs_in(tmp_path).items() if kept.get(name) == content]
    assert len(same) >= 2


def without_docker() -> None:
    """A `docker` whose engine does not run."""
    folder = Path("programs").resolve()
    folder.mkdir()
    program = folder / "docker"
    program.write_text("#!/bin/sh\necho 'Is the docker daemon running?' >&2\nexit 1\n")
    program.chmod(0o755)
    os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.torch
def test_no_docker_engine(tmp_path: Path) -> None:
    done = ended(
        tmp_path, "eval", "posttrain", "--model", "mockllm/model", "--preset", "smoke", setting=without_docker
    )
    assert done.code == 3
    (sentence,) = done.sentences
    assert "require a working Docker Engine. Nothing finished is lost; the same command goes on." in sentence
