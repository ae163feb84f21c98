"""The far end of the Slurm sandbox by itself: requests as files, answers as files, nothing half-written."""

import base64
import json
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inspect_ai.util import OutputLimitExceededError, SandboxEnvironmentLimits

from interplay.tasks.posttrain.sandbox import rpcd
from interplay.tasks.posttrain.sandbox.slurm import refuse


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("in", "busy", "out"):
        (tmp_path / name).mkdir()
    return tmp_path


def answered(root: Path, request: object) -> dict[str, Any]:
    """The answer to one request."""
    (root / "busy" / "a.json").write_text(request if isinstance(request, str) else json.dumps(request))
    rpcd.answer(root, "a.json")
    assert not (root / "busy" / "a.json").exists()
    path = root / "out" / "a.json"
    found = json.loads(path.read_text("utf-8"))
    path.unlink()
    return found


def run(root: Path, *cmd: str, **more: object) -> dict[str, Any]:
    return answered(root, {"op": "exec", "cmd": list(cmd), **more})


def text(found: dict[str, Any], stream: str = "stdout") -> str:
    return base64.b64decode(found[stream]).decode()


def lives(process: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_command_gives_status_and_both_streams(root: Path) -> None:
    found = run(root, "sh", "-c", "echo out; echo err >&2; exit 7")
    assert (found["status"], text(found), text(found, "stderr"), found["cut"]) == (7, "out\n", "err\n", False)


def test_a_command_gets_its_input_and_nothing_where_there_is_none(root: Path) -> None:
    content = bytes(range(256))
    found = run(root, "cat", input=rpcd.encoded(content))
    assert base64.b64decode(found["stdout"]) == content
    assert text(run(root, "cat")) == ""
    assert text(run(root, "cat", input="")) == ""


def test_a_command_has_its_folder_and_its_variables_beside_those_of_the_job(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THE_JOB", "job")
    found = run(root, "sh", "-c", "echo $OF_THE_JOB $OWN; pwd", cwd=str(root / "in"), env={"OWN": "mine"})
    assert text(found).splitlines() == ["job mine", str(root / "in")]
    assert "OWN" not in os.environ
    assert text(run(root, "sh", "-c", "echo $OF_THE_JOB", env={"OF_THE_JOB": "changed"})) == "changed\n"


@pytest.mark.parametrize("more", [{}, {"cwd": "/nowhere/at/all"}], ids=["no such program", "no such folder"])
def test_what_cannot_be_found_has_the_status_of_a_shell(root: Path, more: dict[str, str]) -> None:
    found = run(root, "true" if more else "no-such-program", **more)
    assert (found["status"], found["cut"]) == (127, False)
    assert "No such file" in text(found, "stderr")


def test_a_program_that_may_not_be_run_is_told_apart(root: Path) -> None:
    (root / "plain.txt").write_text("x")
    assert run(root, str(root / "plain.txt"))["error"] == "permission"


def test_a_command_ends_with_its_time_and_takes_its_children_with_it(root: Path) -> None:
    begun = time.monotonic()
    script = f"sleep 60 & echo $! > {root}/child; sleep 60"
    assert run(root, "sh", "-c", script, timeout=2) == {"error": "timeout"}
    assert time.monotonic() - begun < 50
    if (root / "child").exists():  # else the shell had not come so far on a busy machine
        child = int((root / "child").read_text())
        deadline = time.monotonic() + 30
        while lives(child) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not lives(child)


def test_of_a_long_output_the_end_is_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rpcd, "OUTPUT_BYTES", 10)
    found = run(root, "sh", "-c", "printf 0123456789; printf abcdefghijk >&2")
    assert (text(found), text(found, "stderr"), found["cut"]) == ("0123456789", "bcdefghijk", True)
    assert run(root, "printf", "0123456789")["cut"] is False


@settings(max_examples=25)
@given(st.binary(max_size=300))
def test_files_come_back_byte_by_byte(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("r") / "deep" / "er" / "file"
    assert rpcd.write_file({"path": str(path), "content": rpcd.encoded(content)}) == {}
    assert base64.b64decode(rpcd.read_file({"path": str(path)})["content"]) == content


def test_a_file_is_written_over_and_never_added_to(root: Path) -> None:
    for content in (b"a long content", b"short"):
        answered(root, {"op": "write", "path": str(root / "f"), "content": rpcd.encoded(content)})
    assert (root / "f").read_bytes() == b"short"


def test_limits_are_those_that_the_sandbox_of_inspect_has() -> None:
    assert rpcd.OUTPUT_BYTES == SandboxEnvironmentLimits.MAX_EXEC_OUTPUT_SIZE
    assert rpcd.READ_BYTES == SandboxEnvironmentLimits.MAX_READ_FILE_SIZE
    with pytest.raises(OutputLimitExceededError, match="100 MiB"):
        refuse({"error": "size", "size": rpcd.READ_BYTES + 1}, "large")


def test_files_up_to_the_limit_are_read_and_larger_ones_are_not(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rpcd, "READ_BYTES", 4)
    for size in (4, 5):
        (root / f"f{size}").write_bytes(bytes(size))
    assert "content" in answered(root, {"op": "read", "path": str(root / "f4")})
    assert answered(root, {"op": "read", "path": str(root / "f5")}) == {"error": "size", "size": 5}


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"op": "read", "path": "/nowhere/at/all"}, "missing"),
        ({"op": "read", "path": "/proc"}, "directory"),
        ({"op": "write", "path": "/proc", "content": ""}, "directory"),
        ({"op": "read"}, "failed"),
        ({"op": "write", "path": "x", "content": "no base64 \xe9"}, "failed"),
        ({"op": "dance"}, "failed"),
        ({}, "failed"),
        ([], "failed"),
        ("{", "failed"),
        ({"op": "exec", "cmd": []}, "failed"),
    ],
)
def test_whatever_is_asked_has_an_answer(root: Path, request_: object, error: str) -> None:
    found = answered(root, request_)
    assert found["error"] == error
    assert error != "failed" or ":" in found["message"]


def test_a_request_that_is_gone_is_answered_as_missing(root: Path) -> None:
    rpcd.answer(root, "gone.json")
    assert json.loads((root / "out" / "gone.json").read_text())["error"] == "missing"


def test_an_answer_appears_whole_under_its_name(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it is renamed, what is written does not end in the name that a reader waits for."""
    seen: list[list[str]] = []
    replace = Path.replace

    def watched(self: Path, target: Path) -> Path:
        seen.append(sorted(path.name for path in root.glob("*.json")))
        assert json.loads(self.read_text("utf-8")) == {"a": "ü"}
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    rpcd.write(root / "x.json", {"a": "ü"})
    assert seen == [[]]
    assert [path.name for path in root.iterdir() if path.is_file()] == ["x.json"]


def test_a_life_answers_what_the_last_one_left_serves_and_ends(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rpcd, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(rpcd, "BEAT_SECONDS", 60.0)
    (root / "busy" / "old.json").write_text("{}")
    service = threading.Thread(target=rpcd.main, args=(root,))
    service.start()
    try:
        rpcd.write(root / "in" / "new.json", {"op": "exec", "cmd": ["echo", "served"]})
        deadline = time.monotonic() + 60
        while not (root / "out" / "new.json").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
    finally:
        (root / "stop").touch()
        service.join(60)
    assert not service.is_alive()
    assert json.loads((root / "out" / "old.json").read_text()) == {"error": "restarted"}
    assert text(json.loads((root / "out" / "new.json").read_text())) == "served\n"
    assert json.loads((root / "beat").read_text()) == {"boot": rpcd.BOOT, "count": 1}
    assert [*(root / "in").iterdir(), *(root / "busy").iterdir()] == []
