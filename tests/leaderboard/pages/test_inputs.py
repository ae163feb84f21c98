"""What a site is made of: files that cannot be read, what stays the same object, logs, commits."""

import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from interplay.leaderboard.pages import inputs
from interplay.leaderboard.pages.inputs import InputReader, commit_of, labels_folder, read_inputs
from interplay.tasks.mistakes import UserMistake

from .. import synthetic


def stored(model: str = "orchard/aster-1", **fields: object) -> dict[str, object]:
    result = synthetic.pair_result(model, 0.5, synthetic.SMOKE, "smoke")
    return synthetic.entry(model, [result], **fields)  # type: ignore[arg-type]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for model in ("orchard/aster-1", "meadow/birch-1"):
        content = stored(model)
        synthetic.write(tmp_path, content, [synthetic.record(content, kind) for kind in ("check", "regrade")])
    return tmp_path


def entry_file(root: Path) -> Path:
    return sorted((root / "leaderboard" / "entries").iterdir())[0]


def record_file(root: Path) -> Path:
    return sorted((root / "leaderboard" / "evidence").glob("*/*.json"))[0]


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def lacking(path: Path) -> None:
    content = json.loads(path.read_bytes())
    content.pop("schema_version")
    path.write_text(json.dumps(content), encoding="utf-8")


def another_type(path: Path) -> None:
    content = json.loads(path.read_bytes()) | {"schema_version": 1.0}
    path.write_text(json.dumps(content), encoding="utf-8")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "half-written": half,
    "empty": lambda path: path.write_bytes(b""),
    "no-text": lambda path: path.write_bytes(b"\xff\xfe"),
    "a-list": lambda path: path.write_text("[]"),
    "missing-key": lacking,
    "wrong-type": another_type,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("which", [entry_file, record_file], ids=["entry", "record"])
def test_a_file_that_is_not_what_it_should_be_is_named_in_one_sentence(
    which: Callable[[Path], Path], damage: Callable[[Path], object], root: Path
) -> None:
    path = which(root)
    damage(path)
    with pytest.raises(UserMistake) as caught:
        read_inputs(root)
    said = str(caught.value)
    assert said.startswith(f"{path}: ")
    assert said.endswith("; run `interplay check` on it.")
    assert "\n" not in said


def test_an_entry_under_another_name_is_told_which_it_is(root: Path) -> None:
    path = entry_file(root)
    path.rename(path.with_name("other.json"))
    with pytest.raises(UserMistake) as caught:
        read_inputs(root)
    assert str(caught.value) == (
        f"{path.with_name('other.json')}: holds entry {path.stem}; rename the file to its entry_id."
    )


def test_a_root_without_entries_is_told_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(UserMistake) as caught:
        read_inputs(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: holds no leaderboard/entries; give a checkout or the folder of a demo."
    )


def test_sources_are_offered_with_the_hash_of_their_bytes(root: Path) -> None:
    found = read_inputs(root)
    assert len(found.submissions) == 2
    for name, source in found.sources.items():
        assert source.sha256 == hashlib.sha256(source.path.read_bytes()).hexdigest()
        assert name.startswith(("data/entries/", "data/evidence/", "data/kept/"))
    own = found.submissions[0].entry.entry_id
    hrefs = [record.href for record in found.records[own]]
    assert hrefs == [
        f"data/evidence/{own}/20261120T18000{i}Z-{k}.json" for i, k in enumerate(("check", "regrade"))
    ]


def test_an_entry_that_another_one_supersedes_knows_its_successor(root: Path) -> None:
    old = stored("orchard/aster-1")
    new = stored("orchard/aster-1", supersedes=old["entry_id"], day=9)
    name = synthetic.write(root, new)
    by_id = {s.entry.entry_id: s for s in read_inputs(root).submissions}
    assert by_id[str(old["entry_id"])].superseded_by == name
    assert by_id[name].superseded_by is None
    shown = [row.entry.entry_id for row in read_inputs(root).standings["mazes-pair"].rows]
    assert name in shown
    assert old["entry_id"] not in shown


def test_results_on_boards_that_this_checkout_does_not_know_are_kept_and_stand_nowhere(root: Path) -> None:
    content = stored("acme/x")
    content["results"][0]["board"] = "mazes-of-tomorrow"  # type: ignore[index]
    content.pop("entry_id")
    content["entry_id"] = synthetic.entry_id(content)
    synthetic.write(root, content)
    found = read_inputs(root)
    assert len(found.submissions) == 3
    assert "mazes-of-tomorrow" not in found.standings
    assert sum(len(standing.rows) for standing in found.standings.values()) == 2


def local(root: Path, content: bytes | None, named: bytes = b"a log") -> None:
    """An entry whose log lies in the repository, or should."""
    own = stored("reference/mute", division="reference")
    pointer = own["logs"][0]  # type: ignore[index]
    pointer["sha256"] = hashlib.sha256(named).hexdigest()
    own.pop("entry_id")
    own["entry_id"] = synthetic.entry_id(own)
    synthetic.write(root, own)
    if content is not None:
        path = root / "leaderboard" / "logs" / "reference-mute.eval"
        path.parent.mkdir()
        path.write_bytes(content)


@pytest.mark.parametrize(
    ("content", "state"),
    [(b"a log", ""), (b"another", "differs from its SHA-256 in the entry"), (None, "is missing")],
)
def test_a_log_of_the_repository_is_offered_only_with_the_bytes_that_its_entry_names(
    content: bytes | None, state: str, root: Path
) -> None:
    local(root, content)
    found = read_inputs(root)
    name = "reference-mute.eval"
    if state:
        assert found.warnings == (f"leaderboard/logs/{name} {state}; the site does not offer it.",)
        assert found.local_logs == frozenset()
    else:
        assert found.warnings == ()
        assert found.local_logs == {name}
    assert (f"data/logs/{name}" in found.sources) is (not state)


def test_what_did_not_change_is_the_same_object(root: Path) -> None:
    reader = InputReader(root)
    first, again = reader.read(), reader.read()
    assert all(a is b for a, b in zip(first.submissions, again.submissions, strict=True))
    assert all(first.standings[name] is again.standings[name] for name in first.standings)
    assert first.labels is again.labels
    path = entry_file(root)
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 10**9))
    touched = reader.read()
    both = zip(first.submissions, touched.submissions, strict=True)
    assert all(a.entry is b.entry for a, b in both), "the same bytes are not parsed again"


def test_a_new_record_makes_one_submission_anew(root: Path) -> None:
    reader = InputReader(root)
    first = reader.read()
    content = stored("orchard/aster-1")
    synthetic.write(root, content, [synthetic.record(content, "check", "fail")])
    after = {s.entry.entry_id: s for s in reader.read().submissions}
    before = {s.entry.entry_id: s for s in first.submissions}
    changed = [name for name in after if after[name] is not before[name]]
    assert changed == [content["entry_id"]]


@pytest.mark.parametrize("name", ["validation", "data"])
def test_labels_of_a_checkout_come_before_those_of_the_package(name: str, tmp_path: Path) -> None:
    assert labels_folder(tmp_path) == inputs.PACKAGE
    (tmp_path / "leaderboard" / name).mkdir(parents=True)
    assert labels_folder(tmp_path) == tmp_path / "leaderboard"


def git(root: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.example")
    env = os.environ | {"GIT_COMMITTER_DATE": "2026-11-05T23:30:00+02:00"}
    run = subprocess.run(
        ["git", "-C", str(root), *who, *words], capture_output=True, text=True, check=True, env=env
    )
    return run.stdout.strip()


def test_a_checkout_has_its_commit_and_the_day_on_which_it_was_made(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert commit_of(tmp_path) == (None, None), "nothing is committed yet"
    (tmp_path / "x").write_text("x")
    git(tmp_path, "add", "x")
    git(tmp_path, "commit", "-qm", "x")
    assert commit_of(tmp_path) == (git(tmp_path, "rev-parse", "HEAD"), "2026-11-05")
    below = tmp_path / "below"
    below.mkdir()
    assert commit_of(below) == (None, None), "a folder in a checkout is none"


def test_without_git_or_a_checkout_there_is_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert commit_of(tmp_path) == (None, None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit_of(tmp_path) == (None, None)
