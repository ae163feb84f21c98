"""The proxy on loopback: what it lets through, what it refuses, what it writes down."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from interplay.tasks.posttrain.sandbox.egress import Egress
from interplay.tasks.posttrain.sandbox.hosts import (
    Rules,
    allowed_domains,
    denied_repositories,
    is_private,
    repository_of,
    rules_of,
)

BODY = b"x" * 5000


class OpenTo(Rules):
    """An allow list that knows one host more."""

    def host(self, host: str) -> bool:
        return host == "127.0.0.1" or super().host(host)


async def far_side(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A server that answers every request with its first line and 5,000 bytes."""
    head = await reader.readuntil(b"\r\n\r\n")
    first = head.split(b"\r\n")[0]
    body = first + b"\n" + BODY
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
    await writer.drain()
    writer.close()


async def asked(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer


def played(
    tmp_path: Path, talk: Callable[[tuple[int, int, int], int], Awaitable[bytes]], rules: Rules
) -> Any:
    """What a talk with the proxy got, and the lines of the log."""
    log = tmp_path / "egress.jsonl"

    async def run() -> bytes:
        far = await asyncio.start_server(far_side, "127.0.0.1", 0)
        far_port = far.sockets[0].getsockname()[1]
        proxy = Egress(rules, log, upstream=f"http://127.0.0.1:{far_port}", private_ok=True)
        ports = await proxy.start("127.0.0.1", 0, 0, 0)
        answer = await talk(ports, far_port)
        await asyncio.sleep(0.05)
        await proxy.stop()
        far.close()
        return answer

    answer = asyncio.run(run())
    return answer, [json.loads(line) for line in log.read_text().splitlines()]


def test_a_permitted_tunnel_passes_bytes_both_ways_and_counts_them(tmp_path: Path) -> None:
    async def talk(ports: tuple[int, int, int], far: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", ports[0])
        writer.write(f"CONNECT 127.0.0.1:{far} HTTP/1.1\r\n\r\n".encode())
        assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        writer.write(b"GET /inside HTTP/1.1\r\nHost: far\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        return answer

    answer, (line,) = played(tmp_path, talk, OpenTo("allowlist"))
    assert answer.endswith(BODY)
    assert b"GET /inside HTTP/1.1" in answer
    assert (line["host"], line["repo"], line["verdict"]) == ("127.0.0.1", None, "allow")
    assert line["up"] == len(b"GET /inside HTTP/1.1\r\nHost: far\r\n\r\n")
    assert line["down"] == len(answer)


@pytest.mark.parametrize(
    "target",
    [
        "api.openai.com:443",
        "posttrainbench.com:443",
        "169.254.169.254:80",
        "example.org:443",
        "huggingface.co:443",
    ],
)
def test_other_tunnels_are_refused_and_written_down(tmp_path: Path, target: str) -> None:
    async def talk(ports: tuple[int, int, int], far: int) -> bytes:
        return await asked(ports[0], f"CONNECT {target} HTTP/1.1\r\n\r\n".encode())

    answer, (line,) = played(tmp_path, talk, rules_of("allowlist"))
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert target.split(":")[0].encode() in answer
    assert (line["host"], line["verdict"], line["up"]) == (target.split(":")[0], "deny", 0)


def test_nothing_at_all_is_reached_without_a_network(tmp_path: Path) -> None:
    async def talk(ports: tuple[int, int, int], far: int) -> bytes:
        first = await asked(ports[0], b"CONNECT pypi.org:443 HTTP/1.1\r\n\r\n")
        return first + await asked(ports[1], b"GET /api/models/Qwen/Qwen3-1.7B-Base HTTP/1.1\r\n\r\n")

    answer, lines = played(tmp_path, talk, rules_of("none"))
    assert answer.count(b"403 Forbidden") == 2
    assert [line["verdict"] for line in lines] == ["deny", "deny"]


def test_a_plain_request_is_passed_on_without_the_words_for_the_proxy(tmp_path: Path) -> None:
    async def talk(ports: tuple[int, int, int], far: int) -> bytes:
        request = (
            f"GET http://127.0.0.1:{far}/a?b=1 HTTP/1.1\r\nHost: x\r\nProxy-Connection: keep-alive\r\n\r\n"
        )
        return await asked(ports[0], request.encode())

    answer, (line,) = played(tmp_path, talk, OpenTo("open"))
    assert b"GET /a?b=1 HTTP/1.1" in answer
    assert line["down"] == len(answer)


@pytest.mark.parametrize(
    ("path", "repo", "passes"),
    [
        ("/api/models/Qwen/Qwen3-1.7B-Base/revision/main", "Qwen/Qwen3-1.7B-Base", True),
        ("/meta-math/MetaMathQA/resolve/main/data.json", "meta-math/MetaMathQA", True),
        ("/datasets/OpenAI/GSM8K/resolve/main/x.parquet", "OpenAI/GSM8K", False),
        ("/datasets/openai%2Fgsm8k/resolve/main/main/test-0.parquet", "openai/gsm8k", False),
        ("/datasets/math-ai/aime26.git/info/refs?service=git-upload-pack", "math-ai/aime26", False),
        ("/api/resolve-cache/datasets/math-ai/aime26/0/test.jsonl", "math-ai/aime26", False),
        ("/Qwen/Qwen3-1.7B/resolve/main/model.safetensors", "Qwen/Qwen3-1.7B", False),
        ("/datasets/math-ai/aime26", "math-ai/aime26", False),
        ("https://huggingface.co/datasets/openai/gsm8k/resolve/main/main/test-0.parquet", None, False),
        ("https://huggingface.co/meta-math/MetaMathQA/resolve/main/data.json", None, False),
        ("datasets/openai/gsm8k/resolve/main/main/test-0.parquet", None, False),
        ("/datasets/x/../math-ai/aime26/resolve/main/test.jsonl", "x/..", False),
        ("/datasets/./math-ai/aime26/resolve/main/test.jsonl", "./math-ai", False),
        ("/x/%2e%2e/datasets/math-ai/aime26/resolve/main/test.jsonl", "x/..", False),
        ("/datasets/x%5C..%5Cmath-ai/aime26/resolve/main/test.jsonl", "datasets/x", False),
        ("/datasets/aime26/resolve/main/test.jsonl", "aime26/resolve", False),
        ("/datasets/gsm8k/resolve/main/main/test-0.parquet", "gsm8k/resolve", False),
        ("/api/datasets/GSM8K", "datasets/GSM8K", False),
        ("/datasets/gsm8k.git/info/refs", "gsm8k.git/info", False),
    ],
)
def test_the_hub_is_reached_by_repository(tmp_path: Path, path: str, repo: str, passes: bool) -> None:
    async def talk(ports: tuple[int, int, int], far: int) -> bytes:
        return await asked(ports[1], f"GET {path} HTTP/1.1\r\nHost: hub\r\n\r\n".encode())

    answer, (line,) = played(tmp_path, talk, OpenTo("allowlist"))
    assert answer.endswith(BODY) == passes
    assert (line["repo"], line["verdict"]) == (repo, "allow" if passes else "deny")


@pytest.mark.parametrize(
    ("path", "passes"),
    [
        ("/api/datasets/openai/gsm8k", True),
        ("/api/datasets/openai/gsm8k/revision/main", True),
        ("/api/datasets/openai/gsm8k/tree/main?recursive=true", True),
        ("/datasets/openai/gsm8k/resolve/main/README.md", True),
        ("/datasets/openai/gsm8k/resolve/main/main/train-00000-of-00001.parquet", True),
        ("/datasets/openai/gsm8k/resolve/refs%2Fconvert%2Fparquet/main/train/0000.parquet", True),
        ("/api/datasets/openai/gsm8k/parquet/main/train/0.parquet", True),
        ("/api/resolve-cache/datasets/openai/gsm8k/e53f048856ff4f594e959d75785d2c2d37b678ee/README.md", True),
        ("/api/resolve-cache/datasets/openai/gsm8k/e53f04/main%2Ftrain-00000-of-00001.parquet", True),
        ("/api/resolve-cache/datasets/openai/gsm8k/e53f04/main/test-00000-of-00001.parquet", False),
        ("/api/resolve-cache/datasets/openai/gsm8k/tree/main/test-00000-of-00001.parquet", False),
        ("/datasets/openai/gsm8k/resolve/main/main/test-00000-of-00001.parquet", False),
        ("/datasets/openai/gsm8k/resolve/main/main/%74est-00000-of-00001.parquet", False),
        ("/datasets/openai/gsm8k/resolve/main/train/../main/test-00000-of-00001.parquet", False),
        ("/datasets/openai/gsm8k/resolve/refs%2Fconvert%2Fparquet/main/test/0000.parquet", False),
        ("/datasets/openai/gsm8k/resolve/main/everything.zip", False),
        ("/api/datasets/openai/gsm8k/parquet/main/test/0.parquet", False),
        ("/api/datasets/openai/gsm8k/xet-read-token/0123", False),
        ("/datasets/openai/gsm8k.git/info/refs", False),
        ("/datasets/openai/gsm8k/viewer/main/test", False),
    ],
)
def test_of_a_data_set_with_a_test_only_the_training_split_is_served(path: str, passes: bool) -> None:
    assert rules_of("allowlist").hub(path) == passes
    assert rules_of("open").hub(path)
    assert not rules_of("none").hub(path)


def test_rows_of_a_test_are_shown_by_no_other_host() -> None:
    assert not rules_of("allowlist").tunnel("datasets-server.huggingface.co")
    assert rules_of("open").tunnel("datasets-server.huggingface.co")


def test_the_trap_takes_no_key_and_writes_it_down(tmp_path: Path) -> None:
    async def talk(ports: tuple[int, int, int], far: int) -> bytes:
        request = b"POST /v1/chat/completions HTTP/1.1\r\nAuthorization: Bearer sk-found\r\n\r\n"
        return await asked(ports[2], request)

    answer, (line,) = played(tmp_path, talk, rules_of("none"))
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert (line["verdict"], line["key"], line["path"]) == ("decoy", "sk-found", "/v1/chat/completions")


def test_names_that_lead_to_private_addresses_are_refused(tmp_path: Path) -> None:
    log = tmp_path / "egress.jsonl"

    async def run() -> bytes:
        proxy = Egress(OpenTo("open"), log)
        ports = await proxy.start("127.0.0.1", 0, 0, 0)
        answer = await asked(ports[0], b"CONNECT 127.0.0.1:9 HTTP/1.1\r\n\r\n")
        await proxy.stop()
        return answer

    assert b"private address" in asyncio.run(run())


def test_rubbish_ends_the_connection_and_nothing_else(tmp_path: Path) -> None:
    async def talk(ports: tuple[int, int, int], far: int) -> bytes:
        empty = await asked(ports[0], b"\x00\x01\r\n\r\n")
        return empty + await asked(ports[0], b"CONNECT example.org:443 HTTP/1.1\r\n\r\n")

    answer, lines = played(tmp_path, talk, rules_of("allowlist"))
    assert b"403" in answer
    assert len(lines) == 1


def test_rules_by_mode() -> None:
    assert rules_of("open").tunnel("api.openai.com")
    assert not rules_of("open").host("169.254.169.254")
    assert rules_of("allowlist").tunnel("cdn-lfs.huggingface.co")
    assert not rules_of("allowlist").host("evil-pypi.org")
    assert not rules_of("allowlist").host("api-inference.huggingface.co")
    assert not rules_of("allowlist").page("github.com", "/aisa-group/PostTrainBench/blob/main/x")
    assert "openai/gsm8k" in denied_repositories()
    assert "qwen/qwen3-1.7b-base" not in denied_repositories()
    assert "pypi.org" in allowed_domains()
    assert repository_of("/settings/tokens") is None
    assert is_private("10.0.0.1")
    assert not is_private("8.8.8.8")
