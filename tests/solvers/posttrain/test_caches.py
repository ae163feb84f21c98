"""Files that an agent adds to caches: collected like those of its workspace, and noticed."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from interplay.scorers.integrity.tamper import tamper, tamper_facts
from interplay.solvers.posttrain_caches import LARGEST_FILE
from interplay.solvers.posttrain_collect import main
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
    listed = played("list", "--cache", given, "--cache", own, "--out", tmp_path / "listed.json")
    assert listed == {"files": 2}
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


def test_a_file_with_its_old_time_is_noticed_all_the_same(tmp_path: Path, caches: tuple[Path, Path]) -> None:
    weights = caches[0] / "mini-0" / "model.safetensors"
    before = weights.stat()
    weights.write_bytes(b"v" * 100)
    os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert collected(tmp_path)["caches"] == {"added": [], "changed": ["0/mini-0/model.safetensors"]}
