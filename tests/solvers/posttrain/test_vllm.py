"""The client of vLLM against a server of a few lines: requests as they go out, failures as they come back."""

import json
import sys
from pathlib import Path

import pytest

from interplay.solvers import posttrain_vllm
from interplay.solvers.posttrain_serving import Unserved
from interplay.solvers.posttrain_vllm import VllmServer, command_of
from interplay.tasks.posttrain.targets import Item

FAKE = """
import json, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
log = open(sys.argv[2], "a")

class Fake(BaseHTTPRequestHandler):
    def log_message(self, *args): pass
    def reply(self, record, status=200):
        body = json.dumps(record).encode()
        self.send_response(status); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body)
    def do_GET(self): self.reply({})
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        log.write(json.dumps([self.path, asked]) + "\\n"); log.flush()
        if self.path == "/tokenize":
            words = " ".join(m["content"] for m in asked["messages"]).split()
            more = 1 if asked["add_generation_prompt"] else 2
            return self.reply({"tokens": list(range(len(words) + more))})
        if self.path == "/v1/completions" and "prompt_logprobs" in asked:
            rows = [None] + [{str(t): {"logprob": -float(t)}} for t in asked["prompt"][1:]]
            return self.reply({"choices": [{"prompt_logprobs": rows}]})
        if self.path == "/v1/completions":
            return self.reply({"choices": [{"text": "on " + asked["prompt"], "finish_reason": "stop"}]})
        if asked["messages"][-1]["content"] == "break":
            return self.reply({"error": "out of memory"}, 500)
        self.reply({"choices": [{"message": {"content": "said " + asked["messages"][-1]["content"]}}]})

ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Fake).serve_forever()
"""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(posttrain_vllm, "POLL_SECONDS", 0.05)
    (tmp_path / "fake.py").write_text(FAKE)
    command = [sys.executable, str(tmp_path / "fake.py"), "{port}", str(tmp_path / "log")]
    made = VllmServer(tmp_path, tmp_path / "t.jinja", 100, command=command)
    yield made
    made.close()
    assert made.process.poll() is not None


def asked(tmp_path: Path) -> list[tuple[str, dict[str, object]]]:
    return [tuple(json.loads(line)) for line in (tmp_path / "log").read_text().splitlines()]


ITEMS = (
    Item("a", "one two", "three"),
    Item("b", "four", "five", {"messages": [{"role": "user", "content": "six"}]}),
)


def test_the_submitted_decoding_is_left_to_the_server(server: VllmServer, tmp_path: Path) -> None:
    assert server.answers(ITEMS, [1, 2], 50) == ["said one two", "said six"]
    records = sorted((record for _, record in asked(tmp_path)), key=lambda r: str(r["seed"]))
    assert [(r["seed"], r["max_tokens"]) for r in records] == [(1, 50), (2, 50)]
    assert not {"temperature", "top_p", "top_k"} & set(records[0])


def test_greedy_passes_send_temperature_0(server: VllmServer, tmp_path: Path) -> None:
    server.answers(ITEMS, [1, 2], 50, greedy=True)
    assert {record["temperature"] for _, record in asked(tmp_path)} == {0}


def test_tools_go_along_and_are_not_parsed(server: VllmServer, tmp_path: Path) -> None:
    server.answers([Item("c", "call", "", {"tools": [{"type": "function"}]})], [1], 5)
    ((_, record),) = asked(tmp_path)
    assert (record["tools"], record["tool_choice"]) == ([{"type": "function"}], "none")


def test_losses_count_the_gold_text_alone(server: VllmServer) -> None:
    # The prompt opens three tokens (0, 1, 2), the whole has five: those of the answer are 3 and 4.
    assert server.losses(ITEMS[:1]) == [3.5]


def test_continuations(server: VllmServer) -> None:
    found = server.complete(["p", "q"], stops=[["x"], ["y"]], temperature=1.0, seeds=[1, 2], max_tokens=3)
    assert [(one.text, one.finish) for one in found] == [("on p", "stop"), ("on q", "stop")]


def test_what_the_server_cannot_do_is_unserved(server: VllmServer) -> None:
    with pytest.raises(Unserved, match=r"/v1/chat/completions: 500 .*out of memory"):
        server.answers([Item("d", "break", "")], [1], 5)
    server.process.kill()
    server.process.wait()
    with pytest.raises(Unserved):
        server.answers(ITEMS, [1, 2], 5)


def test_a_server_that_ends_at_once_says_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('CUDA error: no device')"]
    with pytest.raises(Unserved, match=r"the server ended while it started .*CUDA error: no device"):
        VllmServer(tmp_path, tmp_path / "t.jinja", 100, command=command)


def test_the_served_temperature_decides_whether_seeds_matter(server: VllmServer, tmp_path: Path) -> None:
    assert not server.is_greedy()
    (tmp_path / "generation_config.json").write_text('{"temperature": 0}')
    assert server.is_greedy()


def test_no_code_of_the_folder_is_trusted(tmp_path: Path) -> None:
    words = command_of(tmp_path, tmp_path / "t.jinja", 8000, 0.8)
    assert "--trust-remote-code" not in words
    assert words[words.index("--host") + 1] == "127.0.0.1"
