"""Freeze and collect: what is taken of a workspace, what is dropped and why, whose processes end."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from interplay.solvers.posttrain_caches import LARGEST_FILE, sketch
from interplay.solvers.posttrain_collect import main
from interplay.tasks.posttrain.bundle import Bundle


def played(*words: str) -> dict[str, Any]:
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == 0, result.output
    return json.loads(result.output.splitlines()[-1])


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    model = folder / "final_model"
    (model / "deep").mkdir(parents=True)
    (model / "model.safetensors").write_bytes(b"weights")
    (model / "config.json").write_text('{"model_type": "llama", "auto_map": {"AutoModel": "evil.Model"}}')
    (model / "evil.py").write_text("open('sentinel', 'w')")
    (model / "pytorch_model.bin").write_bytes(b"\x80\x04")
    (model / "tokenizer.model").write_bytes(b"pieces")
    (model / "deep" / "notes.txt").write_text("notes")
    secret = tmp_path / "secret.safetensors"
    secret.write_bytes(b"the reference")
    (model / "linked.safetensors").symlink_to(secret)
    (folder / "train.py").write_text("print(1)")
    (folder / "train.jsonl").write_text('{"question": "1"}\n')
    (folder / "first").mkdir()
    (folder / "first" / "model.safetensors").write_bytes(b"other weights")
    os.mkfifo(folder / "pipe")
    (folder / "outside").symlink_to("/etc")
    return folder


def collected(workspace: Path, out: Path) -> Bundle:
    copied = played("copy", "--workspace", str(workspace), "--out", str(out))
    facts = out.parent / "facts.json"
    facts.write_text(json.dumps(copied))
    played(
        "seal", "--bundle", str(out), "--cell", "m_code__mini-0", "--exit", "finished", "--facts", str(facts)
    )
    return Bundle.open(out)


def test_only_what_may_be_taken_is_taken_and_the_rest_is_told(workspace: Path, tmp_path: Path) -> None:
    bundle = collected(workspace, tmp_path / "bundle")
    assert bundle.paths("final_model/") == [
        "final_model/config.json",
        "final_model/deep/notes.txt",
        "final_model/model.safetensors",
        "final_model/tokenizer.model",
    ]
    reasons = {item.path: item.reason for item in bundle.manifest.dropped}
    assert reasons["final_model/linked.safetensors"] == "a link"
    assert reasons["final_model/evil.py"].startswith("code")
    assert reasons["final_model/pytorch_model.bin"].startswith("pickle")
    assert reasons["final_model/config.json"] == "auto_map taken out"
    assert reasons["workspace/outside"] == "a link"
    assert reasons["workspace/pipe"] == "no regular file"
    assert json.loads(bundle.read("final_model/config.json")) == {"model_type": "llama"}
    assert not (workspace / "sentinel").exists()
    assert bundle.paths("workspace/") == ["workspace/train.jsonl", "workspace/train.py"]
    (large,) = (bundle.manifest.model_extra or {})["large"]
    assert (large["path"], large["bytes"]) == ("workspace/first/model.safetensors", 13)


def test_files_that_look_like_results_are_named_wherever_the_copy_is_made(
    workspace: Path, tmp_path: Path
) -> None:
    for name in ("final_metrics.json", "runs/verdict.json", "templates/metrics.json", "metrics.txt"):
        path = workspace / name
        path.parent.mkdir(exist_ok=True)
        path.write_text('{"accuracy": 1.0}')
    (workspace / "linked_metrics.json").symlink_to(workspace / "final_metrics.json")
    copied = played("copy", "--workspace", str(workspace), "--out", str(tmp_path / "bundle"))
    assert copied["forged"] == ["final_metrics.json", "runs/verdict.json"]


def test_collecting_twice_gives_the_same_bundle(workspace: Path, tmp_path: Path) -> None:
    first = collected(workspace, tmp_path / "bundle").manifest
    (tmp_path / "bundle" / "left over").write_text("of an interrupted copy")
    assert collected(workspace, tmp_path / "bundle").manifest == first


def test_a_changed_bundle_is_refused_by_name(workspace: Path, tmp_path: Path) -> None:
    collected(workspace, tmp_path / "bundle")
    (tmp_path / "bundle" / "workspace" / "train.jsonl").write_text("other")
    with pytest.raises(click.ClickException, match=r"workspace/train\.jsonl is not what its manifest says"):
        Bundle.open(tmp_path / "bundle")


def test_a_deliverable_that_is_a_link_as_a_whole_is_dropped(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "model.safetensors").write_bytes(b"x")
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "final_model").symlink_to(elsewhere)
    bundle = collected(tmp_path / "workspace", tmp_path / "bundle")
    assert bundle.model is None
    assert [(item.path, item.reason) for item in bundle.manifest.dropped] == [("final_model", "a link")]


def test_large_files_leave_a_sketch_that_copies_share(tmp_path: Path) -> None:
    words = " ".join(f"word{i}" for i in range(5000)).encode()
    (tmp_path / "a.jsonl").write_bytes(words)
    (tmp_path / "b.jsonl").write_bytes(words + b" and some more")
    (tmp_path / "c.jsonl").write_bytes(b" ".join(b"other%d" % i for i in range(5000)))
    a, b, c = (set(sketch(tmp_path / f"{name}.jsonl")) for name in "abc")
    assert len(a) == 64
    assert len(a & b) > 60
    assert not a & c
    assert LARGEST_FILE == 64 * 2**20


def test_the_freeze_ends_marked_processes_with_their_children_and_no_others(tmp_path: Path) -> None:
    name, value = "INTERPLAY_JOB", f"test-{os.getpid()}"
    started = tmp_path / "started"
    inner = (
        "import subprocess, pathlib, time; subprocess.Popen(['sleep', '600'], start_new_session=True); "
        f"pathlib.Path({str(started)!r}).touch(); time.sleep(600)"
    )
    agent = subprocess.Popen([sys.executable, "-c", inner], env={"PATH": os.environ["PATH"], name: value})
    stranger = subprocess.Popen(["sleep", "600"])
    (tmp_path / "given.txt").write_text("given")
    try:
        while not started.exists():
            assert agent.poll() is None
            time.sleep(0.05)
        words = ["--file", "given.txt", "--file", "no"]
        found = played("freeze", "--mark", f"{name}={value}", "--workspace", str(tmp_path), *words)
        assert agent.wait(10) == -9
        assert sum("sleep 600" in line for line in found["alive"]) == 1
        assert len(found["alive"]) == 2
        assert stranger.poll() is None
        assert found["files"]["no"] is None
        assert len(found["files"]["given.txt"]) == 64
    finally:
        for process in (agent, stranger):
            process.kill()
            process.wait()
