"""Files that an agent adds to caches: collected like those of its workspace, and noticed."""

import asyncio
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from interplay.scorers.integrity.tamper import tamper, tamper_facts
from interplay.solvers import posttrain_caches
from interplay.solvers.posttrain_caches import DEEPEST, LARGEST_FILE
from interplay.solvers.posttrain_collect import main
from interplay.solvers.posttrain_place import place_of
from interplay.solvers.posttrain_state import identity_of, open_job
from interplay.solvers.posttrain_workspace import cached
from interplay.tasks.posttrain.bundle import Bundle, write_manifest


def played(*words: object) -> dict[str, Any]:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


@pytest.fixture
def caches(tmp_path: Path) -> tuple[Path, Path]:
    """A cache with a base, and the empty one of the agent's user."""
    given, own = tmp_path / "cache", tmp_path / "home" / ".cache"
    (given / "mini-0").mkdir(parents=True)
    (given / "mini-0" / "config.json").write_text("{}")
    (given / "mini-0" / "model.safetensors").write_bytes(b"w" * 100)
    (tmp_path / "workspace").mkdir()
    listed = played("list", "--cache", given, "--cache", own)
    assert listed["folders"] == [str(given), str(own)]
    assert list(listed["files"][0]) == ["mini-0/config.json", "mini-0/model.safetensors"]
    assert listed["files"][1] == {}
    (tmp_path / "listed.json").write_text(json.dumps(listed))
    return given, own


def collected(tmp_path: Path) -> dict[str, Any]:
    where = ("--workspace", tmp_path / "workspace", "--out", tmp_path / "bundle")
    return played("copy", *where, "--listed", tmp_path / "listed.json")


def test_nothing_is_added_where_nothing_was(tmp_path: Path, caches: tuple[Path, Path]) -> None:
    (caches[0] / "mini-0" / "config.json").read_text()
    assert collected(tmp_path)["caches"] == {"added": [], "changed": []}
    assert not (tmp_path / "bundle" / "caches").exists()


def test_texts_and_tables_are_copied_and_the_rest_is_recorded(
    tmp_path: Path, caches: tuple[Path, Path]
) -> None:
    given, own = caches
    blob = own / "hub" / "blobs" / "3f2a"
    blob.parent.mkdir(parents=True)
    blob.write_text('{"question": "2 + 2 ?"}\n')
    (own / "hub" / "train.jsonl").symlink_to("blobs/3f2a")
    (own / "hub" / "outside.jsonl").symlink_to("/etc/hostname")
    (own / "hub" / "model.safetensors").write_bytes(b"x" * 50)
    with (own / "hub" / "large.jsonl").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    (given / "mini-0" / "notes.txt").write_text("one two three four five six")
    (given / "mini-0" / "config.json").write_text('{"a": 1}')
    found = collected(tmp_path)
    assert sorted(found["caches"]["added"]) == [
        "0/mini-0/notes.txt", "1/hub/large.jsonl", "1/hub/model.safetensors", "1/hub/train.jsonl",
    ]  # fmt: skip
    assert found["caches"]["changed"] == ["0/mini-0/config.json"]
    bundle = tmp_path / "bundle"
    assert (bundle / "caches" / "1" / "hub" / "train.jsonl").read_text() == blob.read_text()
    assert (bundle / "caches" / "0" / "mini-0" / "notes.txt").is_file()
    assert {one["path"]: one["bytes"] for one in found["large"]} == {
        "caches/1/hub/large.jsonl": LARGEST_FILE + 1,
        "caches/1/hub/model.safetensors": 50,
    }
    (bundle / "system.json").write_text(json.dumps({"caches": found["caches"]}))
    write_manifest(bundle, cell="m_code__mini-0", exit="finished")
    finding = tamper(tamper_facts(Bundle.open(bundle)))
    assert (finding.verdict, finding.values) == ("clear", {"cached": 5})


def test_a_cache_that_became_a_link_is_told_and_not_entered(
    tmp_path: Path, caches: tuple[Path, Path]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "secret.txt").write_text("of the host")
    caches[1].parent.mkdir()
    caches[1].symlink_to(other)
    found = collected(tmp_path)
    assert found["caches"] == {"added": [], "changed": ["1"]}
    assert found["dropped"] == [{"path": "caches/1", "reason": "a link"}]
    caches[1].unlink()
    caches[1].parent.rmdir()
    (other / ".cache").mkdir()
    (other / ".cache" / "secret.txt").write_text("of the host")
    caches[1].parent.symlink_to(other)
    assert collected(tmp_path)["caches"] == {"added": [], "changed": ["1"]}
    assert not (tmp_path / "bundle" / "caches").exists()


def test_what_cannot_be_read_is_dropped_and_ends_nothing(
    tmp_path: Path, caches: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = caches[1]
    own.mkdir(parents=True)
    (own / "ring").symlink_to("ring")
    os.mkfifo(own / "pipe.txt")
    (own / "good.txt").write_text("good")
    (own / "torn.bin").write_bytes(b"x")
    (own / os.fsdecode(b"odd\xff.txt")).write_text("odd")

    def torn(path: Path) -> None:
        raise OSError(5, "input/output error")

    monkeypatch.setattr(posttrain_caches, "file_record", torn)
    found = collected(tmp_path)
    assert found["caches"]["added"] == ["1/good.txt", "1/odd?.txt", "1/torn.bin"]
    assert found["dropped"] == [
        {"path": "caches/1/odd?.txt", "reason": "not to be read: UnicodeEncodeError"},
        {"path": "caches/1/torn.bin", "reason": "not to be read: OSError"},
    ]
    assert [path.name for path in (tmp_path / "bundle" / "caches" / "1").iterdir()] == ["good.txt"]


def test_no_tree_is_too_large(
    tmp_path: Path, caches: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = caches[1]
    deep = own.joinpath(*"d" * (DEEPEST + 1))
    deep.mkdir(parents=True)
    (deep / "deep.txt").write_text("deep")
    for number in range(5):
        (own / f"{number}.txt").write_text("x")
    assert len(collected(tmp_path)["caches"]["added"]) == 5
    monkeypatch.setattr(posttrain_caches, "MOST_FILES", 3)
    found = collected(tmp_path)
    assert found["caches"]["added"] == ["1/0.txt", "1/1.txt", "1/2.txt"]
    assert found["dropped"] == [{"path": "caches/1", "reason": "more files than are looked at"}]
    monkeypatch.setattr(posttrain_caches, "LONGEST_NAMES", 15)
    found = collected(tmp_path)
    assert found["caches"]["added"] == ["1/0.txt", "1/1.txt"]
    assert {"path": "caches/1", "reason": "more new files than are recorded"} in found["dropped"]


def test_without_a_listing_no_cache_is_read(tmp_path: Path, caches: tuple[Path, Path]) -> None:
    found = played("copy", "--workspace", tmp_path / "workspace", "--out", tmp_path / "bundle")
    assert found["caches"] is None


def test_the_listing_is_kept_by_the_host_and_on_a_cluster_there_is_none(
    tmp_path: Path, caches: tuple[Path, Path]
) -> None:
    identity = identity_of("1.0.0", {"run": "1"}, "m_call__mini-0", "reference/posttrain-sft", 1)
    with open_job(tmp_path / "state", identity) as job:
        place = replace(place_of("local", job), cache=str(caches[0]), home=str(caches[1].parent))
    kept = asyncio.run(cached(place))
    assert isinstance(kept, dict)
    assert kept["folders"] == [str(folder) for folder in caches]
    assert not list((tmp_path / "state").rglob("caches.json"))
    assert asyncio.run(cached(replace(place, kind="slurm-apptainer"))) is None


def test_a_file_with_its_old_time_is_noticed_all_the_same(tmp_path: Path, caches: tuple[Path, Path]) -> None:
    weights = caches[0] / "mini-0" / "model.safetensors"
    before = weights.stat()
    weights.write_bytes(b"v" * 100)
    os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert collected(tmp_path)["caches"] == {"added": [], "changed": ["0/mini-0/model.safetensors"]}
