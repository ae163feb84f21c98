"""Accepted entries: taken once, and their logs kept once under their hashes."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from interplay.leaderboard.acceptance import keep_logs, take_entry
from interplay.leaderboard.cli import program
from interplay.leaderboard.entries import ENTRIES, LOGS
from interplay.leaderboard.schema import Entry
from interplay.tasks.mistakes import UserMistake
from tests.tampered.make import Forgery


class Folder:
    """A data set that is a folder."""

    def __init__(self, path: Path):
        self.path = path
        self.commits: list[str] = []
        path.mkdir()

    def missing(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if not (self.path / name).is_file()]

    def keep(self, files: Sequence[Path], message: str) -> None:
        for file in files:
            shutil.copy(file, self.path / file.name)
        self.commits.append(message)


@pytest.fixture
def public(honest: Path, tmp_path: Path) -> Forgery:
    forgery = Forgery(honest, tmp_path / "public")
    forgery.public()
    return forgery


def downloads(forgery: Forgery, folder: Path) -> Path:
    folder.mkdir()
    for pointer in forgery.entry["logs"]:
        name = pointer["uri"].rsplit("/", 1)[-1]
        shutil.copy(forgery.root / LOGS / name, folder / f"{pointer['sha256']}.eval")
    return folder


def test_logs_are_kept_once_under_their_hashes(public: Forgery, tmp_path: Path):
    entry = Entry.model_validate_json(public.path.read_bytes())
    logs, kept = downloads(public, tmp_path / "logs"), Folder(tmp_path / "kept")
    names = sorted(f"{pointer.sha256}.eval" for pointer in entry.logs)
    assert sorted(keep_logs(entry, logs, kept)) == names
    assert sorted(path.name for path in kept.path.iterdir()) == names
    assert keep_logs(entry, logs, kept) == []
    assert kept.commits == [f"Logs of {entry.entry_id}"]


def test_another_file_under_the_name_of_a_log_is_not_kept(public: Forgery, tmp_path: Path):
    entry = Entry.model_validate_json(public.path.read_bytes())
    logs, kept = downloads(public, tmp_path / "logs"), Folder(tmp_path / "kept")
    (logs / f"{entry.logs[-1].sha256}.eval").write_bytes(b"x")
    with pytest.raises(UserMistake, match="another file; download the logs"):
        keep_logs(entry, logs, kept)
    (logs / f"{entry.logs[-1].sha256}.eval").unlink()
    with pytest.raises(UserMistake, match="absent; download the logs"):
        keep_logs(entry, logs, kept)
    assert list(kept.path.iterdir()) == []


def test_an_entry_is_taken_once(public: Forgery, tmp_path: Path):
    repository = public.as_pull_request()
    span = repository.span
    (repository.root / ENTRIES).mkdir(parents=True)
    assert take_entry(repository.root, span) == public.entry["entry_id"]
    taken = repository.root / ENTRIES / public.path.name
    assert taken.read_bytes() == public.path.read_bytes()
    with pytest.raises(UserMistake, match="was accepted before"):
        take_entry(repository.root, span)


def test_a_pull_request_of_another_shape_is_not_taken(public: Forgery):
    repository = public.as_pull_request()
    repository.write("README.md", b"x")
    with pytest.raises(UserMistake, match=r"S06 .*README\.md changed"):
        take_entry(repository.root, repository.span)
    assert not (repository.root / ENTRIES).exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["review", "a...b"], "give --logs FOLDER, or --fetch-only"),
        (["review", "a...b", "--logs", "none-such"], "no such folder"),
        (["review", "main", "--fetch-only", "x"], "BASE...HEAD"),
        (["keep", "none-such", "--logs", ".", "--dataset", "a/b"], "no entry of that id"),
        (["live", "example"], "no address of a site"),
    ],
)
def test_mistakes_are_one_sentence(words: list[str], said: str, tmp_path: Path):
    result = CliRunner().invoke(program, ["maintain", *words])
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
