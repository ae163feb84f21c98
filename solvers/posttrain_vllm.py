"""A model behind vLLM on loopback, as the verifier of the full profile runs it.

No code of the folder is trusted. A request has a seed, a limit of tokens and no sampling value, so the
server takes those of the submitted `generation_config.json`; greedy passes send temperature 0.
"""

import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, cast

from pydantic import JsonValue

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.targets import Item

from .posttrain_serving import Unserved
from .user_rendering import ChatTemplate
from .user_tokenizers import load_tokenizer

START_SECONDS = 1800
LONGEST_SECONDS = 8 * 3600
POLL_SECONDS = 1.0
NAME = "candidate"
LOG_CHARACTERS = 300


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command_of(folder: Path, template: Path, port: int, gpu_memory: float) -> list[str]:
    """How the server is started."""
    return [
        *(sys.executable, "-m", "vllm.entrypoints.openai.api_server"),
        *("--model", str(folder), "--served-model-name", NAME),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--chat-template", str(template), "--gpu-memory-utilization", str(gpu_memory)),
    ]


def messages_of(item: Item) -> list[JsonValue]:
    """The conversation an item opens: its own, or its prompt as one message."""
    given = item.metadata.get("messages")
    return given if isinstance(given, list) else [{"role": "user", "content": item.prompt}]


class Completion(NamedTuple):
    """A continuation, and why it ended (`stop` or `length`)."""

    text: str
    finish: str


class VllmServer:
    """One running server.

    Args:
        folder: Model folder.
        template: Chat template of the family.
        max_tokens: Most tokens of an answer; requests carry it themselves.
        connections: Requests at once.
        gpu_memory: Share of the GPU's memory.
        command: Instead of vLLM's own, with `{port}` where the port goes.

    Raises:
        Unserved: it does not start.
    """

    def __init__(
        self,
        folder: Path,
        template: Path,
        max_tokens: int,
        *,
        connections: int = 6,
        gpu_memory: float = 0.8,
        command: Sequence[str] | None = None,
    ) -> None:
        self.folder = folder
        self.template_file = template
        self.max_tokens = max_tokens
        self.connections = connections
        self.deadline = time.monotonic() + LONGEST_SECONDS
        port = free_port()
        words = [word.replace("{port}", str(port)) for word in command or ()]
        self.address = f"http://127.0.0.1:{port}"
        self.log = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the server)
        self.process = subprocess.Popen(
            words or command_of(folder, template, port, gpu_memory),
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        # The server is on loopback; a proxy of the environment would not find it.
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise Unserved(f"the server ended while it started ({self._last_words()})")
            try:
                with self.opener.open(f"{self.address}/health", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(POLL_SECONDS)
        self.close()
        raise Unserved(f"the server did not start within {START_SECONDS} s ({self._last_words()})")

    def _last_words(self) -> str:
        if self.log.closed:
            return "closed"
        self.log.seek(0)
        lines = self.log.read()[-20_000:].decode("utf-8", "replace").strip().splitlines()
        return (lines or ["no output"])[-1][:LOG_CHARACTERS]

    def _post(self, path: str, record: Mapping[str, JsonValue]) -> dict[str, Any]:
        body = json.dumps(dict(record)).encode()
        request = urllib.request.Request(
            f"{self.address}{path}", body, {"Content-Type": "application/json"}, method="POST"
        )
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Unserved("the pass took longer than 8 hours")
        try:
            with self.opener.open(request, timeout=left) as response:
                return cast(dict[str, Any], json.loads(response.read()))
        except urllib.error.HTTPError as problem:
            said = problem.read()[:LOG_CHARACTERS].decode("utf-8", "replace")
            raise Unserved(f"{path}: {problem.code} {' '.join(said.split())}") from problem
        except (urllib.error.URLError, OSError, ValueError) as problem:
            raise Unserved(f"{path}: {problem} ({self._last_words()})") from problem

    def answers(
        self, items: Sequence[Item], seeds: Sequence[int], max_tokens: int, greedy: bool = False
    ) -> list[str]:
        """One answer to each item."""

        def ask(item: Item, seed: int) -> str:
            record: dict[str, JsonValue] = {
                "model": NAME,
                "messages": messages_of(item),
                "max_tokens": max_tokens,
                "seed": seed,
            }
            if "tools" in item.metadata:
                # The raw text is graded, so the server must not parse calls.
                record |= {"tools": item.metadata["tools"], "tool_choice": "none"}
            found = self._post("/v1/chat/completions", record | ({"temperature": 0} if greedy else {}))
            return str(found["choices"][0]["message"]["content"] or "")

        with ThreadPoolExecutor(self.connections) as pool:
            return list(pool.map(ask, items, seeds))

    def complete(
        self,
        prompts: Sequence[str],
        *,
        stops: Sequence[Sequence[str]],
        temperature: float,
        seeds: Sequence[int],
        max_tokens: int,
    ) -> list[Completion]:
        """One continuation of each prompt, special tokens written out."""

        def ask(prompt: str, stop: Sequence[str], seed: int) -> Completion:
            record: dict[str, JsonValue] = {
                "model": NAME,
                "prompt": prompt,
                "stop": list(stop),
                "temperature": temperature,
                "seed": seed,
                "max_tokens": max_tokens,
                "skip_special_tokens": False,
                "add_special_tokens": False,
            }
            choice = self._post("/v1/completions", record)["choices"][0]
            return Completion(str(choice["text"]), str(choice["finish_reason"]))

        with ThreadPoolExecutor(self.connections) as pool:
            return list(pool.map(ask, prompts, stops, seeds))

    def template(self) -> ChatTemplate:
        """The family's chat template with the submitted tokenizer."""
        try:
            tokenizer = load_tokenizer(str(self.folder), self.template_file.read_text(encoding="utf-8"))
        except UserMistake as problem:
            raise Unserved(problem.message) from problem
        return ChatTemplate(tokenizer)

    def losses(self, items: Sequence[Item]) -> list[float]:
        """Mean token loss in nats of each gold text after its prompt, or of the prompt without one."""
        with ThreadPoolExecutor(self.connections) as pool:
            return list(pool.map(self._loss, items))

    def _loss(self, item: Item) -> float:
        asked = messages_of(item)
        opened = self._tokens(asked, add_generation_prompt=True)
        answer: JsonValue = {"role": "assistant", "content": item.gold}
        tokens = self._tokens([*asked, answer], add_generation_prompt=False) if item.gold else opened
        start = len(opened) if item.gold and len(tokens) > len(opened) else 1
        record: dict[str, JsonValue] = {
            "model": NAME,
            "prompt": cast(list[JsonValue], tokens),
            "max_tokens": 1,
            "temperature": 0,
            "prompt_logprobs": 0,
        }
        found = self._post("/v1/completions", record)
        given = found["choices"][0]["prompt_logprobs"][start:]
        values = [
            float(entry[str(token)]["logprob"])
            for token, entry in zip(tokens[start:], given, strict=True)
            if entry is not None
        ]
        if not values:
            raise Unserved(f"no log probabilities for item {item.id}")
        return -sum(values) / len(values)

    def _tokens(self, messages: Sequence[JsonValue], add_generation_prompt: bool) -> list[int]:
        record: dict[str, JsonValue] = {
            "model": NAME,
            "messages": list(messages),
            "add_generation_prompt": add_generation_prompt,
        }
        return [int(token) for token in self._post("/tokenize", record)["tokens"]]

    def is_greedy(self) -> bool:
        """Whether the server takes temperature 0 from the submitted generation config."""
        path = self.folder / "generation_config.json"
        try:
            found: object = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return False
        return isinstance(found, dict) and cast(dict[str, object], found).get("temperature") == 0

    def close(self) -> None:
        """End the server."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
