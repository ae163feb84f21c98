"""Byte ranges of the preview: the part that was asked for, to the byte, and nothing from elsewhere."""

import socket
import threading
from collections.abc import Iterator
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from interplay.leaderboard.cli import program
from interplay.leaderboard.commands.site import SHOWN, RangeHandler, told
from interplay.leaderboard.sitecheck.outline import Finding

CONTENT = bytes(range(200))


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server of a small site."""
    folder = tmp_path_factory.mktemp("outer")
    (folder / "secret.txt").write_text("outside")
    site = folder / "site"
    (site / "sub").mkdir(parents=True)
    (site / "index.html").write_text("<p>home")
    (site / "sub" / "log.eval").write_bytes(CONTENT)
    (site / "empty.bin").touch()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(RangeHandler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def asked(port: int, path: str, wanted: str | None = None, method: str = "GET") -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request(method, path, headers={"Range": wanted} if wanted else {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (0, 0, CONTENT[:1]),
        (0, 199, CONTENT),
        (0, 9999, CONTENT),
        (10, 19, CONTENT[10:20]),
        (199, 199, CONTENT[-1:]),
        (199, None, CONTENT[-1:]),
        (0, None, CONTENT),
        (150, None, CONTENT[150:]),
    ],
)
def test_a_range_is_answered_with_its_bytes(first: int, last: int | None, expected: bytes, port: int) -> None:
    answer, body = asked(port, "/sub/log.eval", f"bytes={first}-{'' if last is None else last}")
    assert answer.status == 206
    assert body == expected
    assert answer.headers["Content-Range"] == f"bytes {first}-{first + len(expected) - 1}/200"
    assert int(answer.headers["Content-Length"]) == len(expected)
    assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(("path", "size"), [("/sub/log.eval", 200), ("/empty.bin", 0)])
def test_a_range_behind_the_end_cannot_be_satisfied(path: str, size: int, port: int) -> None:
    answer, body = asked(port, path, f"bytes={size}-")
    assert (answer.status, body) == (416, b"")
    assert answer.headers["Content-Range"] == f"bytes */{size}"


@pytest.mark.parametrize("wanted", ["bytes=-5", "bytes=0-1,3-4", "bytes=a-b", "lines=1-2", "bytes=1", ""])
def test_what_is_no_single_range_gets_the_whole_file(wanted: str, port: int) -> None:
    """A server may ignore a Range header; RFC 9110, section 14.2."""
    answer, body = asked(port, "/sub/log.eval", wanted)
    assert (answer.status, body) == (200, CONTENT)
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_parts_make_the_whole(port: int) -> None:
    parts = [asked(port, "/sub/log.eval", f"bytes={n}-{n + 36}")[1] for n in range(0, 200, 37)]
    assert b"".join(parts) == CONTENT


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/sub/../../secret.txt", "/none"])
def test_nothing_outside_the_site_is_served(path: str, port: int) -> None:
    for wanted in (None, "bytes=0-3"):
        answer, body = asked(port, path, wanted)
        assert answer.status == 404
        assert b"outside" not in body


def test_a_folder_has_no_ranges(port: int) -> None:
    answer, body = asked(port, "/", "bytes=0-1")
    assert (answer.status, body) == (200, b"<p>home")


def test_a_question_for_the_head_alone_is_answered_without_a_body(port: int) -> None:
    answer, body = asked(port, "/sub/log.eval", method="HEAD")
    assert (answer.status, body) == (200, b"")
    assert answer.headers["Content-Length"] == "200"


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "index.html").touch()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        result = CliRunner().invoke(program, ["serve", "--out", str(tmp_path), "--port", str(taken)])
    assert result.exit_code == 3
    assert result.stderr == f"Error: port {taken}: Address already in use; choose another with --port.\n"


@pytest.mark.parametrize("port_number", ["-1", "65536", "x"])
def test_what_is_no_port_is_refused(port_number: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(program, ["serve", "--out", str(tmp_path), "--port", port_number])
    assert result.exit_code == 2
    assert "--port" in result.stderr


def test_a_folder_without_a_site_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(program, ["serve", "--out", str(tmp_path)])
    assert result.exit_code == 2
    assert result.stderr == (
        f"Error: {tmp_path}: holds no index.html; run `interplay build --out {tmp_path}` first.\n"
    )


def finding(rule: str, number: int) -> Finding:
    """One finding; its fields beside the rule are texts and a number."""
    values = {name: f"{name} {number}" for name in Finding._fields}
    return Finding(**values | {"rule": rule})


def test_of_many_findings_of_one_rule_the_first_are_told_and_the_rest_counted() -> None:
    many = [finding("links", n) for n in range(SHOWN + 3)]
    few = [finding("sizes", n) for n in range(SHOWN)]
    lines = list(told([*few[:4], *many, *few[4:]]))
    assert lines[:SHOWN] == [f"links: {one}" for one in many[:SHOWN]]
    assert lines[SHOWN] == "links: 3 more; --json lists all."
    assert lines[SHOWN + 1 :] == [f"sizes: {one}" for one in few], "ten of ten are all told"
    assert list(told([])) == []


def test_an_organisation_that_is_none_stops_a_build_before_it_starts(tmp_path: Path) -> None:
    words = ["build", "--root", str(tmp_path), "--out", str(tmp_path / "site"), "--transcripts", "a/b"]
    result = CliRunner().invoke(program, words)
    assert (result.exit_code, result.stderr) == (
        2, "Error: --transcripts a/b: give an organisation of the Hugging Face hub.\n"
    )  # fmt: skip
    assert not (tmp_path / "site").exists()
