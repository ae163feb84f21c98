"""Bundles of finished jobs: sealed, opened again, and refused as soon as one byte is another."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.bundle import (
    BLOCK_BYTES,
    MANIFEST,
    Bundle,
    Dropped,
    file_record,
    read_manifest,
    write_manifest,
)

NAMES = ("a.txt", "workspace/train.jsonl", "workspace/ünï ✓.txt", "final_model/config.json")
PARTS = ("trace", "egress", "queries", "meter")


def sealed(folder: Path, files: dict[str, bytes] | None = None, **facts: object) -> Bundle:
    """A bundle with these files, opened as a verifier opens it."""
    for name, content in (files if files is not None else {"workspace/a.txt": b"a"}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    folder.mkdir(exist_ok=True)
    write_manifest(folder, cell="m_hop__mini-0", exit="finished", facts=facts)  # type: ignore[arg-type]
    return Bundle.open(folder)


def refusal(folder: Path) -> str:
    """What is said of a folder that is no bundle; it is one sentence, for the user, with exit code 2."""
    with pytest.raises(UserMistake) as caught:
        Bundle.open(folder)
    assert caught.value.exit_code == 2
    assert "\n" not in caught.value.message
    return caught.value.message


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(NAMES), st.binary(max_size=60)))
def test_what_was_sealed_opens_with_the_hash_of_every_file(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    bundle = sealed(tmp_path_factory.mktemp("b"), files)
    assert bundle.paths() == sorted(files)
    for name, content in files.items():
        record = bundle.manifest.files[name]
        assert (record.sha256, record.bytes) == (hashlib.sha256(content).hexdigest(), len(content))
        assert bundle.read(name) == content


def test_sealing_twice_gives_the_same_bytes_in_whatever_order_files_were_written(tmp_path: Path) -> None:
    files = {name: name.encode() for name in NAMES}
    sealed(tmp_path / "one", files)
    sealed(tmp_path / "two", dict(reversed(files.items())))
    first = (tmp_path / "one" / MANIFEST).read_bytes()
    assert first == (tmp_path / "two" / MANIFEST).read_bytes()
    write_manifest(tmp_path / "one", cell="m_hop__mini-0", exit="finished")
    assert (tmp_path / "one" / MANIFEST).read_bytes() == first
    assert first.endswith(b"}\n")


def test_a_manifest_deeper_down_is_sealed_like_any_file_and_the_own_one_is_not(tmp_path: Path) -> None:
    """An agent may copy a bundle into its workspace."""
    bundle = sealed(tmp_path / "b", {f"workspace/{MANIFEST}": b"{}", "a.txt": b""})
    assert bundle.paths() == ["a.txt", f"workspace/{MANIFEST}"]


def test_a_file_larger_than_a_block_is_hashed_whole(tmp_path: Path) -> None:
    content = bytes(range(256)) * (BLOCK_BYTES // 256) + b"tail"
    assert BLOCK_BYTES == 2**20
    (tmp_path / "large").write_bytes(content)
    record = file_record(tmp_path / "large")
    assert record.bytes == BLOCK_BYTES + 4
    assert record.sha256 == hashlib.sha256(content).hexdigest()


def test_an_empty_file_has_the_hash_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert file_record(tmp_path / "empty").bytes == 0
    assert file_record(tmp_path / "empty").sha256 == hashlib.sha256().hexdigest()


def add(folder: Path) -> None:
    (folder / "workspace" / "more.txt").write_text("more")


def change(folder: Path) -> None:
    (folder / "workspace" / "a.txt").write_text("b")


def grow(folder: Path) -> None:
    (folder / "workspace" / "a.txt").write_text("aa")


def remove(folder: Path) -> None:
    (folder / "workspace" / "a.txt").unlink()


def link(folder: Path) -> None:
    """A link to a file with the right content: what it leads to can change after the check."""
    (folder / "workspace" / "a.txt").rename(folder.parent / "elsewhere.txt")
    (folder / "workspace" / "a.txt").symlink_to(folder.parent / "elsewhere.txt")


def dangle(folder: Path) -> None:
    (folder / "workspace" / "b.txt").symlink_to("nowhere")


def second_manifest(folder: Path) -> None:
    """A manifest deeper down is a file like any other."""
    (folder / "workspace" / MANIFEST).write_text("{}")


CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a file more": (add, "workspace/more.txt is not in its manifest"),
    "another content": (change, "workspace/a.txt is not what its manifest says"),
    "another size": (grow, "workspace/a.txt is not what its manifest says"),
    "a file less": (remove, "workspace/a.txt is missing"),
    "a link to the same content": (link, "workspace/a.txt is not what its manifest says"),
    "a link to nothing": (dangle, "workspace/b.txt is not in its manifest"),
    "a second manifest": (second_manifest, "workspace/manifest.json is not in its manifest"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_bundle_that_was_changed_is_refused_and_the_file_named(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "b"
    sealed(folder)
    change, says = CHANGES[name]
    change(folder)
    assert refusal(folder) == f"bundle {folder}: {says}; collect the job again."


def test_of_several_changes_the_first_in_the_order_of_paths_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "b"
    sealed(folder, {"workspace/a": b"1", "workspace/b": b"2", "workspace/c": b"3"})
    (folder / "workspace/c").unlink()
    (folder / "workspace/b").write_bytes(b"9")
    assert "workspace/b is not what its manifest says" in refusal(folder)
    (folder / "workspace/aa").write_bytes(b"")
    assert "workspace/aa is not in its manifest" in refusal(folder)


MANIFESTS = {
    "no JSON": ("{", "is wrong at the file"),
    "a list": ("[]", "is wrong at the file"),
    "no cell": ('{"exit": "finished", "files": {}}', "is wrong at cell"),
    "an exit of its own": ('{"cell": "c", "exit": "fine", "files": {}}', "is wrong at exit"),
    "a file without hash": (
        '{"cell": "c", "exit": "finished", "files": {"a": {"bytes": 1}}}',
        "is wrong at files.a.sha256",
    ),
    "a size in words": (
        '{"cell": "c", "exit": "finished", "files": {"a": {"bytes": "one", "sha256": ""}}}',
        "is wrong at files.a.bytes",
    ),
    "a dropped file without reason": (
        '{"cell": "c", "exit": "quota", "files": {}, "dropped": [{"path": "a"}]}',
        "is wrong at dropped.0.reason",
    ),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_that_is_none_is_refused_and_the_place_named(tmp_path: Path, name: str) -> None:
    content, says = MANIFESTS[name]
    (tmp_path / MANIFEST).write_text(content)
    assert refusal(tmp_path) == f"bundle {tmp_path}: {MANIFEST} {says}; collect the job again."


def test_a_folder_without_manifest_is_refused(tmp_path: Path) -> None:
    says = f"bundle {tmp_path}: there is no manifest.json; give the folder of a collected job."
    assert refusal(tmp_path) == says
    (tmp_path / MANIFEST).mkdir()
    assert refusal(tmp_path) == says


def test_a_manifest_cannot_list_what_lies_outside(tmp_path: Path) -> None:
    """The bytes of a listed file are only ever those that the check has seen."""
    (tmp_path / "secret").write_bytes(b"s")
    folder = tmp_path / "b"
    folder.mkdir()
    record = file_record(tmp_path / "secret").model_dump()
    content = {"cell": "c", "exit": "finished", "files": {"../secret": record}}
    (folder / MANIFEST).write_text(json.dumps(content))
    assert "../secret is missing" in refusal(folder)


def test_facts_stand_beside_and_never_in_place_of_the_named_ones(tmp_path: Path) -> None:
    facts = {"cell": "other", "exit": "quota", "files": {}, "model": "reference/x", "run": "2 #1"}
    sealed(tmp_path / "b")
    write_manifest(tmp_path / "b", cell="m_hop__mini-0", exit="finished", facts=facts)
    bundle = Bundle.open(tmp_path / "b")
    assert (bundle.manifest.cell, bundle.manifest.exit) == ("m_hop__mini-0", "finished")
    assert bundle.paths() == ["workspace/a.txt"]
    assert (bundle.agent_model, bundle.run) == ("reference/x", "2 #1")


@pytest.mark.parametrize("said", [None, 3, ["m"], {}])
def test_a_model_that_is_no_text_is_no_model(tmp_path: Path, said: object) -> None:
    bundle = sealed(tmp_path / "b", model=said)
    assert (bundle.agent_model, bundle.run) == ("", "")


def test_dropped_files_keep_their_reasons(tmp_path: Path) -> None:
    dropped = (Dropped(path="final_model/a.bin", reason="pickle"), Dropped(path="x", reason="a link"))
    write_manifest(tmp_path, cell="c", exit="timeout", dropped=dropped)
    assert read_manifest(tmp_path).dropped == dropped


def test_the_model_is_there_if_a_file_of_it_is(tmp_path: Path) -> None:
    bundle = sealed(tmp_path / "b")
    assert bundle.model is None
    (bundle.folder / "final_model").mkdir()
    assert bundle.model is None
    (bundle.folder / "final_model" / "config.json").touch()
    assert bundle.model == bundle.folder / "final_model"
    assert bundle.workspace == bundle.folder / "workspace"


def test_paths_are_those_under_a_prefix(tmp_path: Path) -> None:
    bundle = sealed(tmp_path / "b", dict.fromkeys(("caches/x", "cachesx", "workspace/b", "a"), b""))
    assert bundle.paths("caches/") == ["caches/x"]
    assert bundle.paths("caches") == ["caches/x", "cachesx"]
    assert bundle.paths("nothing") == []


def test_only_listed_files_are_read(tmp_path: Path) -> None:
    bundle = sealed(tmp_path / "b")
    for name in (MANIFEST, "../b/workspace/a.txt", "workspace"):
        with pytest.raises(UserMistake, match=r"it holds no .*; choose one of its manifest\.$"):
            bundle.read(name)


@pytest.mark.parametrize("part", PARTS)
def test_records_of_the_host_are_lines_of_objects(tmp_path: Path, part: str) -> None:
    text = '{"n": 1}\n\n   \n[2]\n"three"\n{"n": 4}\r\n{"n": 5}'
    bundle = sealed(tmp_path / "b", {f"{part}.jsonl": text.encode()})
    assert getattr(bundle, part) == [{"n": 1}, {"n": 4}, {"n": 5}]
    assert getattr(sealed(tmp_path / "none"), part) == []


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"], ids=["line", "paragraph", "next line"])
def test_a_line_ends_at_its_line_feed_and_at_no_other_mark(tmp_path: Path, mark: str) -> None:
    """The host writes what commands print as it is; such marks stand in many texts of the web."""
    record = {"t": 1.0, "cmd": f"echo 'a{mark}b'", "out": f"a{mark}b\n"}
    line = f"{json.dumps(record, ensure_ascii=False)}\n".encode()
    assert sealed(tmp_path / "b", {"trace.jsonl": line * 2}).trace == [record, record]


def test_a_record_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    bundle = sealed(tmp_path / "b", {"meter.jsonl": b'{"t": 1}\n\n{"t": \n'})
    with pytest.raises(UserMistake) as caught:
        _ = bundle.meter
    assert caught.value.message == (
        f"bundle {bundle.folder}: meter.jsonl line 3 is no JSON; collect the job again."
    )


def test_bytes_that_are_no_text_do_not_hide_a_line(tmp_path: Path) -> None:
    bundle = sealed(tmp_path / "b", {"trace.jsonl": b'{"cmd": "\xff\xfe"}\n'})
    assert bundle.trace == [{"cmd": "\ufffd\ufffd"}]


def test_what_the_freeze_recorded_is_an_object_or_nothing(tmp_path: Path) -> None:
    assert sealed(tmp_path / "a", {"system.json": b'{"alive": []}'}).system == {"alive": []}
    assert sealed(tmp_path / "b", {"system.json": b"[1]"}).system == {}
    assert sealed(tmp_path / "c").system == {}
    with pytest.raises(UserMistake, match=r"d: system\.json is no JSON; collect the job again\.$"):
        _ = sealed(tmp_path / "d", {"system.json": b"{"}).system
