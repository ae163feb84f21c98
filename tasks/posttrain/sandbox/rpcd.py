"""The far end of the Slurm sandbox: runs inside the container, answers requests that come as files.

    python rpcd.py /rpc

`in/<id>.json` holds {"op": "exec" | "read" | "write", …}; the answer is `out/<id>.json`, and `beat` is
written every five seconds. Files are renamed into place, so that nobody reads half of one. Requests that a
former life left unanswered are answered with "restarted". Standard library only, for whatever image.
"""

import base64
import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path
from typing import Any

BEAT_SECONDS = 5.0
LOOK_SECONDS = 0.05
OUTPUT_BYTES = 10 << 20
READ_BYTES = 100 << 20
BOOT = uuid.uuid4().hex


def write(path: Path, record: "dict[str, Any]") -> None:
    """Write JSON so that it appears whole."""
    scratch = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    scratch.write_text(json.dumps(record), encoding="utf-8")
    scratch.replace(path)


def encoded(content: bytes) -> str:
    """Bytes as text."""
    return base64.b64encode(content).decode("ascii")


def run(request: "dict[str, Any]") -> "dict[str, Any]":
    """Run a command in a process group of its own."""
    stdin = base64.b64decode(request["input"]) if request.get("input") is not None else None
    try:
        process = subprocess.Popen(
            request["cmd"],
            cwd=request.get("cwd") or None,
            env={**os.environ, **(request.get("env") or {})},
            stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except FileNotFoundError as problem:
        return {"status": 127, "stdout": "", "stderr": encoded(str(problem).encode()), "cut": False}
    except PermissionError as problem:
        return {"error": "permission", "message": str(problem)}
    try:
        out, err = process.communicate(stdin, timeout=request.get("timeout"))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return {"error": "timeout"}
    cut = len(out) > OUTPUT_BYTES or len(err) > OUTPUT_BYTES
    out, err = out[-OUTPUT_BYTES:], err[-OUTPUT_BYTES:]
    return {"status": process.returncode, "stdout": encoded(out), "stderr": encoded(err), "cut": cut}


def read_file(request: "dict[str, Any]") -> "dict[str, Any]":
    """The content of a file."""
    path = Path(request["path"])
    if path.is_dir():
        return {"error": "directory"}
    if path.stat().st_size > READ_BYTES:
        return {"error": "size", "size": path.stat().st_size}
    return {"content": encoded(path.read_bytes())}


def write_file(request: "dict[str, Any]") -> "dict[str, Any]":
    """Write a file, with the folders above it."""
    path = Path(request["path"])
    if path.is_dir():
        return {"error": "directory"}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(base64.b64decode(request["content"]))
    return {}


OPERATIONS = {"exec": run, "read": read_file, "write": write_file}


def answer(root: Path, name: str) -> None:
    """Answer one request."""
    path = root / "busy" / name
    try:
        request = json.loads(path.read_text(encoding="utf-8"))
        found = OPERATIONS[request["op"]](request)
    except FileNotFoundError as problem:
        found = {"error": "missing", "message": str(problem)}
    except PermissionError as problem:
        found = {"error": "permission", "message": str(problem)}
    # Whatever goes wrong is the answer to this request and must not end the service of the others.
    except Exception as problem:
        found = {"error": "failed", "message": f"{type(problem).__name__}: {problem}"}
    write(root / "out" / name, found)
    path.unlink(missing_ok=True)


def beat(root: Path) -> None:
    """Say that we live, for as long as we do."""
    count = 0
    while True:
        count += 1
        write(root / "beat", {"boot": BOOT, "count": count})
        time.sleep(BEAT_SECONDS)


def main(root: Path) -> None:
    """Serve until the job ends."""
    for name in ("in", "busy", "out"):
        (root / name).mkdir(parents=True, exist_ok=True)
    for path in sorted((root / "busy").glob("*.json")):
        write(root / "out" / path.name, {"error": "restarted"})
        path.unlink(missing_ok=True)
    threading.Thread(target=beat, args=(root,), daemon=True).start()
    while not (root / "stop").exists():
        for path in sorted((root / "in").glob("*.json")):
            path.replace(root / "busy" / path.name)
            threading.Thread(target=answer, args=(root, path.name), daemon=True).start()
        time.sleep(LOOK_SECONDS)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
