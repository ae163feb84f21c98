"""The only way out of an agent's sandbox: a forward proxy, a view of the model hub, a trap for stray keys.

    python -m interplay.tasks.posttrain.sandbox.egress --network allowlist --log /log/egress.jsonl

| port | does |
| --- | --- |
| 3128 | `CONNECT host:port` and plain `http://` requests, by host name |
| 3129 | reverse proxy to the hub, which sees repository names; `HF_ENDPOINT` points here |
| 3130 | answers as a hosted model would whose key is wrong; whoever comes here used a key that was found |

Every connection is one line of the log: {"t", "host", "repo", "verdict", "up", "down"}, bytes by direction.
Host names that lead to private addresses are refused.
"""

import asyncio
import json
import ssl
import time
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias
from urllib.parse import SplitResult, urlsplit

import click
from pydantic import JsonValue

from .hosts import Network, Rules, group, is_private, repository_of, rules_of

FORWARD_PORT, HUB_PORT, TRAP_PORT = 3128, 3129, 3130
HEAD_BYTES = 64 << 10
BLOCK = 64 << 10
CONNECT_SECONDS = 20
CLOSING_SECONDS = 1.0
TOKEN_HEADERS = ("authorization", "x-api-key", "x-goog-api-key", "api-key")
HOP_HEADERS = ("connection", "proxy-connection", "proxy-authorization", "keep-alive")


Serve: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[None, None, None]]


class Head(NamedTuple):
    """First line and headers of a request; `raw` are its bytes."""

    method: str
    target: str
    headers: Mapping[str, str]
    raw: bytes


class Refused(Exception):
    """The connection is not permitted, or cannot be made."""


class Flow:
    """Bytes of one connection, seen from the agent."""

    def __init__(self) -> None:
        self.up = 0
        self.down = 0


class Egress:
    """The three servers with one log.

    Args:
        rules: What is permitted.
        log: File that a line is appended to for each connection.
        upstream: The hub that port 3129 stands for.
        private_ok: Let names lead to private addresses, for tests on loopback.
    """

    def __init__(
        self, rules: Rules, log: Path, upstream: str | None = None, private_ok: bool = False
    ) -> None:
        self.rules = rules
        self.log = log
        found = hub_upstream() if upstream is None else upstream
        self.upstream = urlsplit(found)
        self.private_ok = private_ok
        self.servers: list[asyncio.Server] = []
        self.open: set[asyncio.Task[None]] = set()

    async def start(self, bind: str, forward: int, hub: int, trap: int) -> tuple[int, int, int]:
        """Listen; 0 picks a free port. Returns the three ports."""
        for serve, port in ((self.forward, forward), (self.hub, hub), (self.trap, trap)):
            counted = partial(self.counted, serve)
            self.servers.append(await asyncio.start_server(counted, bind, port, limit=HEAD_BYTES))
        first, second, third = (int(server.sockets[0].getsockname()[1]) for server in self.servers)
        return first, second, third

    def counted(self, serve: Serve, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection in a task that the end waits for."""
        task = asyncio.get_running_loop().create_task(serve(reader, writer))
        self.open.add(task)
        task.add_done_callback(self.open.discard)

    async def stop(self) -> None:
        """Listen no more; connections that are open get a moment, so that the log is whole."""
        for server in self.servers:
            server.close()
        self.servers.clear()
        if self.open:
            await asyncio.wait(set(self.open), timeout=CLOSING_SECONDS)
        for task in set(self.open):
            task.cancel()
        await asyncio.gather(*self.open, return_exceptions=True)

    def note(self, host: str, repo: str | None, verdict: str, flow: Flow, **more: JsonValue) -> None:
        """Write one line of the log."""
        line = {"t": round(time.time(), 3), "host": host, "repo": repo, "verdict": verdict}
        with self.log.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps({**line, 'up': flow.up, 'down': flow.down, **more})}\n")

    async def forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of the forward proxy."""
        flow = Flow()
        head = await read_head(reader)
        if head is None:
            return await hang_up(writer)
        tunnel = head.method == "CONNECT"
        parts, port = place_of(f"//{head.target}" if tunnel else head.target)
        host, repo = parts.hostname or "", None
        permitted = self.rules.tunnel(host) if tunnel else self.rules.page(host, parts.path)
        try:
            if not host or not permitted or (not tunnel and parts.scheme != "http"):
                raise Refused(f"{host or head.target}: not on the list of this job's network")
            far_reader, far_writer = await self.connect(host, port or (443 if tunnel else 80))
        except Refused as refusal:
            answer = refusal_of(str(refusal), flow)
            self.note(host or head.target[:200], repo, "deny", flow)
            return await last(writer, answer)
        if tunnel:
            await send(writer, b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = parts.path or "/"
            await send(
                far_writer, rewritten(head, f"{path}?{parts.query}" if parts.query else path, parts.netloc)
            )
            flow.up += len(head.raw)
        await relay(reader, writer, far_reader, far_writer, flow)
        return self.note(host, repo, "allow", flow)

    async def hub(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one request to the hub; the connection then closes, so that each request is judged."""
        flow = Flow()
        head = await read_head(reader)
        if head is None:
            return await hang_up(writer)
        host, repo = self.upstream.hostname or "", repository_of(head.target)
        secure = self.upstream.scheme == "https"
        try:
            if not self.rules.host(host) or not self.rules.hub(head.target):
                raise Refused(f"{repo or host}: not permitted for this job")
            port = self.upstream.port or (443 if secure else 80)
            far_reader, far_writer = await self.connect(host, port, secure)
        except Refused as refusal:
            answer = refusal_of(str(refusal), flow)
            self.note(host, repo, "deny", flow)
            return await last(writer, answer)
        await send(far_writer, rewritten(head, head.target, self.upstream.netloc))
        flow.up += len(head.raw)
        await relay(reader, writer, far_reader, far_writer, flow)
        return self.note(host, repo, "allow", flow)

    async def trap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer whoever uses a key that lay about, and write down which."""
        flow = Flow()
        head = await read_head(reader)
        if head is None:
            return await hang_up(writer)
        flow.up = len(head.raw)
        shown = next((head.headers[name] for name in TOKEN_HEADERS if name in head.headers), "")
        key = shown.removeprefix("Bearer ").strip()[:80]
        said = '{"error": {"message": "Incorrect API key provided"}}'
        answer = refusal_of(said, flow, "401 Unauthorized")
        self.note("decoy", None, "decoy", flow, key=key, path=head.target[:200])
        return await last(writer, answer)

    async def connect(
        self, host: str, port: int, secure: bool = False
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to a host, by an address that was looked at.

        Raises:
            Refused: the name leads to a private address, or nobody answers.
        """
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
            address = str(found[0][4][0])
            if not self.private_ok and is_private(address):
                raise Refused(f"{host}: leads to a private address")
            context = ssl.create_default_context() if secure else None
            opening = asyncio.open_connection(
                address, port, ssl=context, server_hostname=host if secure else None
            )
            return await asyncio.wait_for(opening, CONNECT_SECONDS)
        # A name that cannot be a host's is refused before it is looked up, as a ValueError.
        except (OSError, TimeoutError, ValueError) as problem:
            raise Refused(f"{host}:{port}: cannot be reached ({problem})") from problem


def hub_upstream() -> str:
    """The address of the hub."""
    return "".join(group("hub", "upstream"))


def place_of(address: str) -> tuple[SplitResult, int | None]:
    """An address and its port; nothing of one that is none, such as `//[::1` and `//host:99999`."""
    try:
        parts = urlsplit(address)
        return parts, parts.port
    except ValueError:
        return urlsplit(""), None


async def read_head(reader: asyncio.StreamReader) -> Head | None:
    """First line and headers; None if the other side says nothing readable."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
        return None
    first, *lines = raw.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3:
        return None
    pairs = [line.partition(":") for line in lines if ":" in line]
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Head(words[0].upper(), words[1], headers, raw)


def rewritten(head: Head, path: str, host: str) -> bytes:
    """The request as the far side gets it: its own host, and the end of the connection after it."""
    lines = [f"{head.method} {path} HTTP/1.1", f"Host: {host}", "Connection: close"]
    lines += [f"{n}: {v}" for n, v in head.headers.items() if n != "host" and n not in HOP_HEADERS]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def send(writer: asyncio.StreamWriter, content: bytes) -> None:
    """Write and wait until it is out; a closed far side ends the relay by itself."""
    try:
        writer.write(content)
        await writer.drain()
    except OSError:
        writer.close()


def refusal_of(reason: str, flow: Flow, status: str = "403 Forbidden") -> bytes:
    """The answer that gives a reason, counted."""
    body = f"{reason}\n".encode()
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/plain", f"Content-Length: {len(body)}"]
    flow.down += len(body)
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


async def last(writer: asyncio.StreamWriter, answer: bytes) -> None:
    """Send the last thing of a connection and hang up."""
    await send(writer, answer)
    await hang_up(writer)


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close a connection."""
    writer.close()
    try:
        await writer.wait_closed()
    except OSError:
        return


async def relay(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    far_reader: asyncio.StreamReader,
    far_writer: asyncio.StreamWriter,
    flow: Flow,
) -> None:
    """Pass bytes both ways until the far side is done, counting them."""

    async def pump(
        source: asyncio.StreamReader, sink: asyncio.StreamWriter, way: Literal["up", "down"]
    ) -> None:
        try:
            while block := await source.read(BLOCK):
                setattr(flow, way, getattr(flow, way) + len(block))
                sink.write(block)
                await sink.drain()
            if sink.can_write_eof():
                sink.write_eof()
        except OSError:
            return

    upward = asyncio.create_task(pump(reader, far_writer, "up"))
    await pump(far_reader, writer, "down")
    upward.cancel()
    await asyncio.gather(upward, return_exceptions=True)
    await hang_up(far_writer)
    await hang_up(writer)


@click.command(epilog="Example: egress --network allowlist --log /log/egress.jsonl")
@click.option("--network", type=click.Choice(["open", "allowlist", "none"]), required=True)
@click.option("--log", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--bind", default="0.0.0.0", show_default=True)
def main(network: Network, log: Path, bind: str) -> None:
    """Serve until stopped."""
    log.parent.mkdir(parents=True, exist_ok=True)
    log.touch()

    async def serve() -> None:
        await Egress(rules_of(network), log).start(bind, FORWARD_PORT, HUB_PORT, TRAP_PORT)
        await asyncio.Event().wait()

    asyncio.run(serve())


if __name__ == "__main__":
    main()
