"""An OpenAI-style completions server on the loopback address that keeps what it was sent."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from inspect_ai.model import Model, get_model

Body = Mapping[str, Any]


class Loopback:
    """The server: its address, what it was sent, and what it answers.

    Attributes:
        requests: Path and body of every POST.
        answer: Status and JSON for a request.
    """

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.answer: Callable[[Body], tuple[int, Body]] = lambda body: (200, completion(body, "Why?<|end|>"))
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append((self.path, body))
                self.reply(*outer.answer(body))

            def do_GET(self) -> None:
                self.reply(404, {"error": {"message": "nothing here"}})

            def reply(self, status: int, body: Body) -> None:
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What was sent."""
        return [body for _, body in self.requests]


class Choice(NamedTuple):
    """One text of an answer."""

    text: str
    finish: str = "stop"
    prompt_logprobs: list[Any] | None = None


def completion(body: Body, *texts: str | Choice) -> Body:
    """An answer with as many texts as were asked for, or as are given, if several."""
    given = [text if isinstance(text, Choice) else Choice(text) for text in texts]
    choices = given * body.get("n", 1) if len(given) == 1 else given
    return {
        "id": "cmpl-1",
        "object": "text_completion",
        "created": 0,
        "model": body["model"],
        "choices": [
            {"index": i, "text": c.text, "finish_reason": c.finish, "prompt_logprobs": c.prompt_logprobs}
            for i, c in enumerate(choices)
        ],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
    }


@contextmanager
def serving() -> Iterator[Loopback]:
    """A running server."""
    loopback = Loopback()
    thread = threading.Thread(target=loopback.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield loopback
    finally:
        loopback.server.shutdown()
        loopback.server.server_close()


def model_of(loopback: Loopback, provider: str = "openai-api-completions/local") -> Model:
    """A model that is served there."""
    return get_model(f"{provider}/tiny", base_url=loopback.url, api_key="none", memoize=False)
