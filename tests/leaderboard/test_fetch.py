"""Fetching a log: the pinned address, the stated size and hash, known hosts, and nothing else."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from interplay.leaderboard import fetch
from interplay.leaderboard.archive import Refusal
from interplay.leaderboard.fetch import fetch_log, log_address, refuse_unknown
from interplay.leaderboard.schema import LogPointer
from interplay.tasks.mistakes import NetworkProblem

CONTENT = b"the bytes of a log" * 100


class Host(BaseHTTPRequestHandler):
    """Serves one file under its pinned address and redirects another away."""

    def do_GET(self):
        if self.path.endswith("/away.eval"):
            self.send_response(302)
            self.send_header("Location", "https://evil.example.org/log")
            self.end_headers()
        elif self.path == f"/datasets/acme/logs/resolve/{'a' * 40}/x/log.eval":
            self.send_response(200)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT)
        elif self.path.endswith("/odd.eval"):
            self.send_response(200)
            self.send_header("Content-Length", "many")
            self.end_headers()
        else:
            self.send_error(503 if self.path.endswith("/busy.eval") else 404)

    def log_message(self, format: str, *args: object):
        """Nothing on the terminal."""


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = HTTPServer(("127.0.0.1", 0), Host)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr(fetch, "HOST", f"http://127.0.0.1:{server.server_port}")
    yield
    server.shutdown()
    server.server_close()


def pointer(name: str = "x/log.eval", content: bytes = CONTENT, size: int | None = None) -> LogPointer:
    return LogPointer(
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content) if size is None else size,
        uri=f"hf://datasets/acme/logs@{'a' * 40}/{name}",
        task="interplay/maze_collab",
        task_version="1.0.0",
        samples=1,
    )


def test_address_is_pinned():
    assert (
        log_address(pointer()) == f"https://huggingface.co/datasets/acme/logs/resolve/{'a' * 40}/x/log.eval"
    )


@pytest.mark.usefixtures("host")
def test_a_log_is_fetched_once(tmp_path: Path):
    path = fetch_log(pointer(), tmp_path)
    assert path.read_bytes() == CONTENT
    assert fetch_log(pointer("gone.eval"), tmp_path) == path  # the same hash is not fetched again


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize(
    ("wanted", "problem", "message"),
    [
        (pointer(size=5), Refusal, "L01 log is announced with 1800 bytes"),
        (pointer(content=CONTENT[:-1] + b"!"), Refusal, "L01 SHA-256 differs"),
        (pointer("away.eval", b"other"), Refusal, "L01 log is served from https://evil.example.org"),
        (pointer("gone.eval", b"other"), Refusal, "L01 no public log at http://127.0.0.1"),
        (pointer("busy.eval", b"other"), NetworkProblem, "answered 503; try again"),
        (pointer("odd.eval", b"other"), Refusal, "L01 log is announced with many bytes"),
    ],
)
def test_what_differs_is_refused(wanted: LogPointer, problem: type[Exception], message: str, tmp_path: Path):
    with pytest.raises(problem, match=message):
        fetch_log(wanted, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "address",
    [
        "http://huggingface.co/x",
        "https://huggingface.co.evil.org/x",
        "file:///etc/passwd",
        "https://evilhf.co/x",
    ],
)
def test_unknown_hosts_are_refused(address: str):
    with pytest.raises(Refusal):
        refuse_unknown(address)


def test_content_hosts_are_known():
    for address in (
        "https://huggingface.co/x",
        "https://cdn-lfs.huggingface.co/x",
        "https://cas-bridge.xethub.hf.co/x",
    ):
        refuse_unknown(address)
