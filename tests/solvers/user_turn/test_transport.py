"""What reaches a server: the exact JSON of every dialect, and what is made of its answers."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from inspect_ai.model import get_model

from interplay.solvers.user_completions import CompletionsTransport, Dialect
from interplay.solvers.user_model_args import model_args_for
from interplay.solvers.user_rendering import ChatTemplate
from interplay.solvers.user_transport import ContextTooLong, transport_for
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.user_turn.context import Msg

from .loopback import Choice, Loopback, completion, model_of

ASKED = (Msg(role="user", content="Q?"),)
GOLDEN = {
    "model": "tiny",
    "prompt": [1, 2, 3],
    "max_tokens": 256,
    "temperature": 1.0,
    "top_p": 1.0,
    "frequency_penalty": 0.0,
    "presence_penalty": 0.0,
    "seed": 5,
    "n": 10,
    "top_k": 0,
    "min_p": 0.0,
    "repetition_penalty": 1.0,
    "stop_token_ids": [7, 8],
    "skip_special_tokens": False,
    "spaces_between_special_tokens": False,
    "include_stop_str_in_output": True,
}
SGLANG = {
    **{name: value for name, value in GOLDEN.items() if name != "include_stop_str_in_output"},
    "top_k": -1,
    "no_stop_trim": True,
}
LLAMACPP = {
    **{name: GOLDEN[name] for name in list(GOLDEN)[:8]},
    "stop": ["<|end|>", "<|start|>"],
    "top_k": 0,
    "min_p": 0.0,
    "repeat_penalty": 1.0,
}


class Numbered:
    """A tokenizer for which every text is 1, 2, 3 and stop tokens are 7 and 8."""

    name = "numbered"
    revision: str | None = None
    template = ""
    specials: tuple[str, ...] = ("<|start|>", "<|end|>")
    eos: tuple[str, ...] = ("<|end|>",)

    def fill(
        self, messages: Sequence[Mapping[str, str]], reply_next: bool, settings: Mapping[str, object]
    ) -> str:
        text = "".join(f"<|start|>{m['role']}:{m['content']}<|end|>" for m in messages)
        return text + "<|start|>assistant:" * reply_next

    def ids(self, text: str) -> list[int]:
        return [1, 2, 3]

    def token_id(self, token: str) -> int | None:
        return {"<|end|>": 7, "<|start|>": 8}[token]


def turns(loopback: Loopback, dialect: Dialect, temperature: float, k: int) -> list[Any]:
    transport = CompletionsTransport(model_of(loopback), ChatTemplate(Numbered()), dialect)
    rendered = transport.template.render(ASKED, "A.")
    return asyncio.run(transport.turns(rendered.prefix, rendered, temperature, k, 5))


@pytest.mark.parametrize(("dialect", "golden"), [("vllm", GOLDEN), ("sglang", SGLANG)])
def test_golden_wire(loopback: Loopback, dialect: Dialect, golden: dict[str, object]) -> None:
    found = turns(loopback, dialect, 1.0, 10)
    assert loopback.requests == [("/v1/completions", golden)]
    assert [(turn.raw, turn.finish, turn.seed) for turn in found] == [("Why?<|end|>", "stop", 5)] * 10


@pytest.mark.parametrize(("dialect", "golden"), [("vllm", GOLDEN), ("sglang", SGLANG)])
def test_greedy_wire(loopback: Loopback, dialect: Dialect, golden: dict[str, object]) -> None:
    turns(loopback, dialect, 0.0, 1)
    assert loopback.requests == [("/v1/completions", {**golden, "temperature": 0.0, "n": 1})]


@pytest.mark.parametrize(("temperature", "k"), [(1.0, 3), (0.0, 1)])
def test_llamacpp_is_asked_once_a_turn_with_seeds_in_sequence(
    loopback: Loopback, temperature: float, k: int
) -> None:
    loopback.answer = lambda body: (200, completion(body, f"Why {body['seed']}?"))
    found = turns(loopback, "llamacpp", temperature, k)
    sent = sorted(loopback.bodies, key=lambda body: body["seed"])
    assert sent == [{**LLAMACPP, "temperature": temperature, "seed": 5 + i} for i in range(k)]
    assert [(turn.raw, turn.seed) for turn in found] == [(f"Why {5 + i}?", 5 + i) for i in range(k)]


def test_vllm_completions_sends_the_same(loopback: Loopback) -> None:
    model = model_of(loopback, "vllm-completions")
    transport = CompletionsTransport(model, ChatTemplate(Numbered()), "vllm")
    rendered = transport.template.render(ASKED, "A.")
    asyncio.run(transport.turns(rendered.prefix, rendered, 1.0, 10, 5))
    assert loopback.requests == [("/v1/completions", GOLDEN)]


@pytest.mark.parametrize("dialect", ["vllm", "sglang"])
def test_likelihood_wire(loopback: Loopback, dialect: Dialect) -> None:
    values = [None, *({str(i): {"logprob": -0.5 * i, "rank": 1, "decoded_token": "x"}} for i in range(1, 5))]
    loopback.answer = lambda body: (200, completion(body, Choice("x", "length", values)))
    transport = CompletionsTransport(model_of(loopback), ChatTemplate(Numbered()), dialect)
    assert asyncio.run(transport.logprobs([1, 2, 3], [4, 5])) == [-1.5, -2.0]
    assert loopback.requests == [
        (
            "/v1/completions",
            {
                "model": "tiny",
                "prompt": [1, 2, 3, 4, 5],
                "max_tokens": 1,
                "temperature": 0.0,
                "prompt_logprobs": 1,
            },
        )
    ]


def test_too_few_values_are_no_likelihood(loopback: Loopback) -> None:
    transport = CompletionsTransport(model_of(loopback), ChatTemplate(Numbered()), "vllm")
    assert asyncio.run(transport.logprobs([1], [4, 5])) is None
    values = [None, {"4": {"logprob": -1.0, "rank": 1, "decoded_token": "x"}}]
    loopback.answer = lambda body: (200, completion(body, Choice("x", "length", values)))
    assert asyncio.run(transport.logprobs([1], [4, 5])) is None


def test_llamacpp_has_no_likelihood(loopback: Loopback) -> None:
    transport = CompletionsTransport(model_of(loopback), ChatTemplate(Numbered()), "llamacpp")
    with pytest.raises(UserMistake, match="server=llamacpp' returns no log-probabilities"):
        asyncio.run(transport.logprobs([1], [4]))


def test_a_prompt_beyond_the_window_is_told_apart(loopback: Loopback) -> None:
    message = "This model's maximum context length is 4096 tokens, however you requested 5000."
    loopback.answer = lambda body: (400, {"error": {"message": message}})
    with pytest.raises(ContextTooLong):
        turns(loopback, "vllm", 1.0, 10)


def test_a_server_without_completions_is_named(loopback: Loopback) -> None:
    loopback.answer = lambda body: (404, {"error": {"message": "not found"}})
    with pytest.raises(UserMistake, match=r"no /v1/completions.*use 'user_turn_prompted', or serve"):
        turns(loopback, "vllm", 1.0, 10)


@pytest.mark.parametrize("model", ["none/none", "openai/gpt-5"])
def test_chat_providers_cannot_open_the_user_role(model: str) -> None:
    provider = model.split("/")[0]
    with pytest.raises(UserMistake) as refused:
        transport_for(get_model(model, api_key="none"), "vllm", None, None, {})
    assert refused.value.message == (
        f"user_turn: provider '{provider}' takes chat messages only, so the user role cannot be opened; use "
        "'user_turn_prompted', or serve the weights and use vllm-completions/<model>."
    )


@pytest.mark.parametrize(
    ("provider", "server", "sentence"),
    [
        ("openai-api-completions/local", "tgi", "server=tgi: choose one of vllm, sglang, llamacpp"),
        ("vllm-completions", "sglang", "vllm-completions speaks vllm"),
        ("openai-api-completions/local", "vllm", "no tokenizer 'tiny'"),
    ],
)
def test_what_a_completions_server_lacks_is_named(
    loopback: Loopback, provider: str, server: str, sentence: str
) -> None:
    with pytest.raises(UserMistake, match=sentence):
        transport_for(model_of(loopback, provider), server, None, None, {})


@pytest.mark.parametrize(
    ("name", "tokenizer", "template", "settings"),
    [
        ("tokenizer", "some/model", None, {}),
        ("chat_template", None, "some.jinja", {}),
        ("template_kwargs", None, None, {"enable_thinking": False}),
    ],
)
def test_players_read_the_plain_template_only(
    name: str, tokenizer: str | None, template: str | None, settings: dict[str, object]
) -> None:
    with pytest.raises(UserMistake, match=f"drop -T {name}="):
        transport_for(get_model("reference/curious"), "vllm", tokenizer, template, settings)


def test_only_transformers_models_need_arguments() -> None:
    assert model_args_for("vllm-completions/Qwen/Qwen3.5-4B") == {}
    assert model_args_for("hf/Qwen/Qwen3.5-4B") == {
        "chat_template": "{{ messages[0]['content'] }}",
        "tokenizer_call_args": {"add_special_tokens": False},
    }
