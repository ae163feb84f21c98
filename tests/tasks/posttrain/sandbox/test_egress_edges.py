"""The proxy at its edges: addresses that are none, hosts that do not answer, and the words it changes."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.posttrain.sandbox import egress
from interplay.tasks.posttrain.sandbox.egress import (
    Egress,
    Flow,
    Head,
    hub_upstream,
    main,
    place_of,
    read_head,
    refusal_of,
    rewritten,
)
from interplay.tasks.posttrain.sandbox.hosts import Rules, rules_of

Ports = tuple[int, int, int]


def head_of(raw: bytes) -> Head | None:
    async def read() -> Head | None:
        reader = asyncio.StreamReader(limit=egress.HEAD_BYTES)
        reader.feed_data(raw)
        reader.feed_eof()
        return await read_head(reader)

    return asyncio.run(read())


async def asked(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer


def talked(
    tmp_path: Path, talk: Callable[[Ports], Awaitable[bytes]], rules: Rules, upstream: str | None = None
) -> tuple[bytes, list[dict]]:
    log = tmp_path / "egress.jsonl"

    async def run() -> bytes:
        proxy = Egress(rules, log, upstream=upstream, private_ok=True)
        ports = await proxy.start("127.0.0.1", 0, 0, 0)
        answer = await talk(ports)
        await proxy.stop()
        return answer

    answer = asyncio.run(run())
    return answer, [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def closed_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("pypi.org:99999", "pypi.org:99999"),
        ("pypi.org:https", "pypi.org:https"),
        ("pypi.org:-1", "pypi.org:-1"),
        ("[::1:443", "[::1:443"),
        (f"{'a' * 70}.example:443", f"{'a' * 70}.example"),
        (":443", ":443"),
    ],
)
def test_an_address_that_is_none_is_refused_and_written_down(tmp_path: Path, target: str, host: str) -> None:
    """It used to leave the connection open without a word, and no line in the log."""

    async def talk(ports: Ports) -> bytes:
        return await asked(ports[0], f"CONNECT {target} HTTP/1.1\r\n\r\n".encode())

    answer, (line,) = talked(tmp_path, talk, rules_of("open"))
    assert answer.startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert (line["host"], line["repo"], line["verdict"], line["up"]) == (host, None, "deny", 0)


@pytest.mark.parametrize(
    "target", ["http://[x/", "https://pypi.org/", "/simple", "ftp://pypi.org/", "pypi.org"]
)
def test_a_plain_request_for_anything_but_a_page_is_refused(tmp_path: Path, target: str) -> None:
    async def talk(ports: Ports) -> bytes:
        return await asked(ports[0], f"GET {target} HTTP/1.1\r\n\r\n".encode())

    answer, (line,) = talked(tmp_path, talk, rules_of("open"))
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert line["verdict"] == "deny"


@pytest.mark.parametrize(
    ("port", "request_", "upstream", "asked_for"),
    [
        (0, "CONNECT a.example HTTP/1.1", None, ("a.example", 443, False)),
        (0, "CONNECT a.example:8443 HTTP/1.1", None, ("a.example", 8443, False)),
        (0, "GET http://a.example/x HTTP/1.1", None, ("a.example", 80, False)),
        (0, "GET http://a.example:81/x HTTP/1.1", None, ("a.example", 81, False)),
        (1, "GET /a/b HTTP/1.1", "https://hub.example", ("hub.example", 443, True)),
        (1, "GET /a/b HTTP/1.1", "http://hub.example", ("hub.example", 80, False)),
        (1, "GET /a/b HTTP/1.1", "https://hub.example:8443", ("hub.example", 8443, True)),
    ],
)
def test_a_port_that_is_not_named_is_that_of_the_scheme(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    port: int,
    request_: str,
    upstream: str | None,
    asked_for: tuple[str, int, bool],
) -> None:
    seen: list[tuple[str, int, bool]] = []

    async def connect(self: Egress, host: str, port: int, secure: bool = False) -> None:
        seen.append((host, port, secure))
        raise egress.Refused("not here")

    async def talk(ports: Ports) -> bytes:
        return await asked(ports[port], f"{request_}\r\n\r\n".encode())

    monkeypatch.setattr(Egress, "connect", connect)
    answer, (line,) = talked(tmp_path, talk, rules_of("open"), upstream)
    assert seen == [asked_for]
    assert answer.endswith(b"not here\n")
    assert line["host"] == asked_for[0]


def test_a_host_that_does_not_answer_is_told_and_written_down(tmp_path: Path) -> None:
    port = closed_port()

    async def talk(ports: Ports) -> bytes:
        tunnel = await asked(ports[0], f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n".encode())
        return tunnel + await asked(ports[1], b"GET /a/b HTTP/1.1\r\n\r\n")

    answer, lines = talked(tmp_path, talk, rules_of("open"), upstream=f"http://127.0.0.1:{port}")
    assert answer.count(f"127.0.0.1:{port}: cannot be reached".encode()) == 2
    assert [(line["verdict"], line["repo"]) for line in lines] == [("deny", None), ("deny", "a/b")]


@pytest.mark.parametrize("port", [0, 1, 2], ids=["forward", "hub", "trap"])
@pytest.mark.parametrize(
    "words", [b"", b"GET / HTTP/1.1\r\n", b"GET /\r\n\r\n", b"a b c d\r\n\r\n", b"x" * 70_000 + b"\r\n\r\n"]
)
def test_what_is_no_request_gets_no_answer_and_no_line(tmp_path: Path, port: int, words: bytes) -> None:
    async def talk(ports: Ports) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", ports[port])
        writer.write(words)
        writer.write_eof()
        try:
            return await asyncio.wait_for(reader.read(), 10)
        except ConnectionError:
            return b""
        finally:
            writer.close()

    assert talked(tmp_path, talk, rules_of("open")) == (b"", [])


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Authorization: Bearer sk-1", "sk-1"),
        ("AUTHORIZATION: sk-2", "sk-2"),
        ("x-api-key:  sk-3  ", "sk-3"),
        ("X-Goog-Api-Key: sk-4", "sk-4"),
        ("api-key: sk-5", "sk-5"),
        ("Cookie: sk-6", ""),
        ("Authorization: Bearer " + "k" * 300, "k" * 80),
    ],
)
def test_the_trap_notes_the_key_of_every_kind_of_provider(tmp_path: Path, header: str, key: str) -> None:
    request = f"POST /v1/{'p' * 300} HTTP/1.1\r\n{header}\r\n\r\n".encode()

    async def talk(ports: Ports) -> bytes:
        return await asked(ports[2], request)

    answer, (line,) = talked(tmp_path, talk, rules_of("none"))
    assert (line["host"], line["verdict"], line["key"]) == ("decoy", "decoy", key)
    assert (line["path"], line["up"]) == (f"/v1/{'p' * 196}", len(request))
    body = answer.partition(b"\r\n\r\n")[2]
    assert json.loads(body)["error"]["message"] == "Incorrect API key provided"
    assert line["down"] == len(body)


def test_connections_that_hang_are_ended_with_the_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(egress, "CLOSING_SECONDS", 0.05)

    async def run() -> int:
        proxy = Egress(rules_of("open"), tmp_path / "log", private_ok=True)
        ports = await proxy.start("127.0.0.1", 0, 0, 0)
        _, writer = await asyncio.open_connection("127.0.0.1", ports[0])
        writer.write(b"CONNECT 127.0.0.1")
        await writer.drain()
        while not proxy.open:
            await asyncio.sleep(0)
        await proxy.stop()
        writer.close()
        return len(proxy.open)

    assert asyncio.run(run()) == 0


def test_the_first_line_and_the_headers_of_a_request_are_read_as_they_are() -> None:
    raw = b"get /a?b=c HTTP/1.0\r\nHost: X.org:80\r\nA-B:  two words \r\nno colon\r\nEmpty:\r\n\r\n"
    head = head_of(raw + b"the body")
    assert head == Head("GET", "/a?b=c", {"host": "X.org:80", "a-b": "two words", "empty": ""}, raw)


names = st.text("abcdefgh-", min_size=1, max_size=8).filter(lambda name: name != "host")
values = st.text("abc 12;=", max_size=12).map(str.strip)


@settings(max_examples=50)
@given(st.dictionaries(names, values, max_size=5))
def test_a_rewritten_request_reads_back_with_its_own_host_and_the_same_other_headers(
    headers: dict[str, str],
) -> None:
    sent = Head("GET", "/x", {**headers, "host": "egress", "proxy-connection": "keep-alive"}, b"")
    again = head_of(rewritten(sent, "/y?z=1", "far.example:8080"))
    assert again is not None
    assert (again.method, again.target) == ("GET", "/y?z=1")
    kept = {name: value for name, value in headers.items() if name not in egress.HOP_HEADERS}
    assert again.headers == {"host": "far.example:8080", "connection": "close", **kept}


@pytest.mark.parametrize("name", ["connection", "proxy-connection", "proxy-authorization", "keep-alive"])
def test_words_for_the_proxy_are_not_passed_on(name: str) -> None:
    sent = rewritten(Head("GET", "/", {name: "secret-for-the-proxy"}, b""), "/", "far")
    assert b"secret-for-the-proxy" not in sent
    assert sent.count(b"Connection: close") == 1


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("//pypi.org:443", "pypi.org", 443),
        ("//PyPI.org", "pypi.org", None),
        ("//[::1]:80", "::1", 80),
        ("http://user:pw@pypi.org:81/x", "pypi.org", 81),
        ("//pypi.org:65535", "pypi.org", 65535),
        ("//pypi.org:65536", None, None),
        ("//[::1", None, None),
    ],
)
def test_an_address_has_a_host_and_a_port_or_nothing(
    address: str, host: str | None, port: int | None
) -> None:
    parts, found = place_of(address)
    assert (parts.hostname, found) == (host, port)


def test_a_refusal_says_its_length_in_bytes_and_counts_it() -> None:
    flow = Flow()
    answer = refusal_of("é: not permitted", flow)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert body == "é: not permitted\n".encode()
    assert f"Content-Length: {len(body)}".encode() in head
    assert (flow.up, flow.down) == (0, len(body))


def test_the_hub_that_the_proxy_stands_for_is_one_that_is_reached_by_repository() -> None:
    assert hub_upstream() == "https://huggingface.co"
    assert Egress(rules_of("open"), Path("log")).upstream.hostname == "huggingface.co"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--log", "x"], "Missing option '--network'"),
        (["--network", "all", "--log", "x"], "'all' is not one of 'open', 'allowlist', 'none'"),
        (["--network", "open"], "Missing option '--log'"),
    ],
)
def test_the_command_wants_a_mode_and_a_log(arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert says in done.output
