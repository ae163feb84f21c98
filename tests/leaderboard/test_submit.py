"""Submit: one entry out of logs, refused in a sentence before anything is written."""

import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from interplay.leaderboard.canonical import canonical_bytes
from interplay.leaderboard.draft import SubmitOptions
from interplay.leaderboard.schema import Entry
from interplay.leaderboard.submit import Refused, prepare, write
from interplay.tasks.mistakes import UserMistake
from tests.leaderboard.conftest import REFERENCE
from tests.tampered.make import Forgery

OPEN = SubmitOptions(
    division="open",
    github="acme",
    hf_repo="acme/logs",
    method_note="six mazes",
    method_url="https://example.org",
)


def only(folder: Path, task: str) -> Path:
    return next(folder.glob(f"*{task.replace('_', '-')}*.eval"))


def test_the_same_logs_give_the_same_entry(smoke_logs: Callable[[str], Path], honest: Path, tmp_path: Path):
    submission = prepare([smoke_logs("cartographer")], REFERENCE)
    written = write(submission, tmp_path)
    names = [path.relative_to(tmp_path).as_posix() for path in written]
    assert sorted(names) == sorted(submission.files)
    for path in written:
        assert path.read_bytes() == (honest / path.relative_to(tmp_path)).read_bytes()
    entry = submission.entry
    assert [result.board for result in entry.results] == ["mazes-pair", "mazes-gap"]
    assert (entry.submitter.relationship, entry.settings.preset) == ("reference", "smoke")
    assert entry.results[0].metrics["maze.success_strict"].value == 1.0
    assert {p.uri.rsplit("--", 1)[0] for p in entry.logs} == {
        "repo:leaderboard/logs/reference-cartographer--maze_solo--smoke",
        "repo:leaderboard/logs/reference-cartographer--maze_collab--smoke",
    }
    assert all(path.stat().st_size <= 300_000 for path in written)


def test_the_commands_add_exactly_the_written_files(smoke_logs: Callable[[str], Path], tmp_path: Path):
    submission = prepare([smoke_logs("cartographer")], REFERENCE)
    write(submission, tmp_path / "out")
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run([*git, "init", "-q"], cwd=checkout, check=True)
    for command in submission.commands(tmp_path / "out")[1:3]:
        subprocess.run(command, cwd=checkout, shell=True, check=True)
    status = ["git", "diff", "--cached", "--name-status"]
    added = subprocess.run(
        status, cwd=checkout, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert sorted(line.split("	")[1] for line in added) == sorted(submission.files)
    assert {line[0] for line in added} == {"A"}


def test_one_task_serves_the_boards_it_can(smoke_logs: Callable[[str], Path]):
    pair = prepare([only(smoke_logs("cartographer"), "maze_collab")], REFERENCE)
    assert [result.board for result in pair.entry.results] == ["mazes-pair"]


def test_open_division_uploads_after_the_checks(smoke_logs: Callable[[str], Path]):
    uploaded: list[str] = []

    def upload(repository: str, files: Sequence[Path]) -> str:
        uploaded.extend(path.name for path in files)
        return "a" * 40

    submission = prepare([smoke_logs("cartographer")], OPEN, upload)
    assert len(uploaded) == 2
    assert submission.copies == ()
    assert all(p.uri.startswith(f"hf://datasets/acme/logs@{'a' * 40}/") for p in submission.entry.logs)
    entry = Entry.model_validate_json(canonical_bytes(submission.entry.content()))
    assert entry.entry_id in submission.commands(Path("out"))[0]


def refused(logs: Sequence[Path], options: SubmitOptions = REFERENCE) -> str:
    def upload(repository: str, files: Sequence[Path]) -> str:
        raise AssertionError("nothing may be uploaded")

    with pytest.raises(UserMistake) as mistake:
        prepare(logs, options, upload)
    sentence = str(mistake.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def test_folders_without_logs(tmp_path: Path):
    assert "no .eval log in this folder" in refused([tmp_path])
    assert "no such file or folder" in refused([tmp_path / "absent"])
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    assert "not an .eval log" in refused([tmp_path / "a.json"])
    assert "no log was given" in refused([])


def test_truncated_log(smoke_logs: Callable[[str], Path], tmp_path: Path):
    whole = only(smoke_logs("cartographer"), "maze_solo").read_bytes()
    (tmp_path / "cut.eval").write_bytes(whole[: len(whole) // 2])
    assert "cut.eval: not a complete log" in refused([tmp_path])
    (tmp_path / "cut.eval").write_bytes(b"")
    assert "cut.eval: not a complete log" in refused([tmp_path])


def test_log_of_another_suite(tmp_path: Path):
    from inspect_ai import Task, eval
    from inspect_ai.dataset import Sample
    from inspect_ai.scorer import match

    foreign = Task(dataset=[Sample(input="2+2", target="4")], scorer=match(), name="sums")
    eval(foreign, model="reference/echo", log_dir=str(tmp_path), display="none")
    assert "a log of sums, which is no task of this suite" in refused([tmp_path])


def test_logs_of_two_models(smoke_logs: Callable[[str], Path]):
    paths = [only(smoke_logs("cartographer"), "maze_solo"), only(smoke_logs("mute"), "maze_collab")]
    sentence = refused(paths)
    assert "model is reference/cartographer in" in sentence
    assert "submit them separately" in sentence


def test_wrong_preset_for_the_division(smoke_logs: Callable[[str], Path]):
    options = SubmitOptions(github="acme", hf_repo="acme/logs")
    sentence = refused([smoke_logs("cartographer")], options)
    assert "serve no board in division closed" in sentence
    assert "mazes-pair needs preset standard" in sentence


def test_one_arm_of_the_gap_is_not_enough(smoke_logs: Callable[[str], Path]):
    sentence = refused([only(smoke_logs("cartographer"), "maze_solo")])
    assert 'mazes-gap needs interplay/maze_collab with {"condition": "C7"}' in sentence


def test_missing_options(smoke_logs: Callable[[str], Path]):
    logs = [smoke_logs("cartographer")]
    assert "add --github NAME" in refused(logs, replace(OPEN, github=None))
    assert "add --hf-repo ORG/NAME" in refused(logs, replace(OPEN, hf_repo=None))
    assert "add --method-note and --method-url" in refused(logs, replace(OPEN, method_note=None))


def test_two_logs_of_the_same_name(smoke_logs: Callable[[str], Path], tmp_path: Path):
    log = only(smoke_logs("cartographer"), "maze_collab")
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        shutil.copy(log, tmp_path / folder)
    assert "two logs are named" in refused([tmp_path])


def test_a_forged_log_is_refused_before_anything_is_written(honest: Path, tmp_path: Path):
    forgery = Forgery(honest, tmp_path / "case")
    forgery.edit(lambda s: s["scores"]["maze"]["value"].update(success_strict=0.0), forgery.samples()[0])
    logs = tmp_path / "case" / "leaderboard" / "logs"
    with pytest.raises(Refused) as refusal:
        prepare([logs], REFERENCE)
    sentence = refusal.value.report.sentences()[0]
    assert sentence.startswith("R03 regrade differs on 1 sample of interplay/maze_collab (first: ")
    assert json.loads(forgery.path.read_bytes())["entry_id"] == forgery.entry["entry_id"]
