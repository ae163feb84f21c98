"""Which log-probabilities are asked for, and what is made of those that come back."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace

import pytest
from inspect_ai.model import get_model

from interplay.solvers.user_completions import BODIES, DIALECTS, completions_transport, ids_message
from interplay.solvers.user_likelihood import DRIFT, FOLLOW_UP, fitting, values
from interplay.solvers.user_rendering import ChatTemplate, PlainTokenizer
from interplay.solvers.user_text import plain_text_transport, sampling
from interplay.solvers.user_transport import COMPLETIONS, PLAIN, ContextTooLong, refuse_chat_provider
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.user_turn.context import Context, Msg

QUERY, REPLY, NEXT = "What is 6 times 8?", "It is 48.", "And 7 times 8?"
CONTEXT = Context(
    id="bundled-1",
    dataset="bundled",
    domain="maths",
    messages=(Msg(role="user", content=QUERY),),
    reply=REPLY,
    next_turn=NEXT,
)
TEMPLATE = ChatTemplate(PlainTokenizer())


class Measured:
    """A transport whose values are minus the length of the target, one for each of its tokens."""

    template = TEMPLATE

    def __init__(self, answers: dict[str, object] | None = None) -> None:
        self.answers = answers or {}
        self.asked: list[tuple[str, str]] = []

    async def logprobs(self, prefix_ids: Sequence[int], target_ids: Sequence[int]):
        prefix, target = bytes(prefix_ids).decode(), bytes(target_ids).decode()
        self.asked.append((prefix, target))
        answer = self.answers.get(target, [-float(len(target))] * len(target_ids))
        if isinstance(answer, Exception):
            raise answer
        return answer


def measured(answers: dict[str, object] | None = None):
    transport = Measured(answers)
    base = TEMPLATE.render(CONTEXT.messages, REPLY)
    other = TEMPLATE.render(CONTEXT.messages, "Another reply.")
    return asyncio.run(values(transport, CONTEXT, base, other)), transport, base, other  # type: ignore[arg-type]


class TestValues:
    def test_six_targets_are_asked_for_after_their_prompts(self):
        _, transport, base, other = measured()
        end = "<|im_end|>"
        assert sorted(transport.asked) == sorted(
            [
                (base.prefix, NEXT + end),
                (other.prefix, NEXT + end),
                (base.prefix, QUERY + end),
                (base.prefix, end[:1]),
                (base.prefix, DRIFT),
                (base.prefix, FOLLOW_UP),
            ]
        )

    def test_a_value_is_the_mean_over_the_tokens_of_its_target(self):
        found, *_ = measured({DRIFT: [-1.0, -2.0, -6.0], FOLLOW_UP: [-0.5]})
        numbers, problem = found
        assert problem is None
        assert (numbers["drift"], numbers["follow_up"]) == (-3.0, -0.5)
        assert numbers["next"] == -float(len(NEXT + "<|im_end|>"))
        assert list(numbers) == ["next", "next_other", "query", "end", "drift", "follow_up"]

    @pytest.mark.parametrize("missing", [None, []])
    def test_one_value_that_is_missing_leaves_the_others_and_says_so(self, missing):
        numbers, problem = measured({DRIFT: missing})[0]
        assert problem == "no_logprobs"
        assert "drift" not in numbers
        assert len(numbers) == 5

    def test_one_that_does_not_fit_leaves_nothing(self):
        numbers, problem = measured({FOLLOW_UP: ContextTooLong("9 tokens, 8 fit.")})[0]
        assert (numbers, problem) == ({}, "context_too_long")

    def test_any_other_failure_goes_through(self):
        with pytest.raises(RuntimeError, match="down"):
            asyncio.run(fitting(Measured({"x": RuntimeError("down")}), [], list(b"x")))  # type: ignore[arg-type]
        problem = ContextTooLong("too long")
        assert asyncio.run(fitting(Measured({"x": problem}), [], list(b"x"))) is problem  # type: ignore[arg-type]

    def test_without_a_next_turn_the_end_alone_is_asked_for(self):
        transport = Measured()
        base = TEMPLATE.render(CONTEXT.messages, REPLY)
        bare = CONTEXT.model_copy(update={"next_turn": None})
        asyncio.run(values(transport, bare, base, base))  # type: ignore[arg-type]
        assert transport.asked.count((base.prefix, "<|im_end|>")) == 2


class TestWays:
    def test_ids_travel_beside_an_empty_message(self):
        message = ids_message((1, 2, 3))
        assert (message.text, message.metadata) == ("", {"prompt_token_ids": [1, 2, 3]})

    @pytest.mark.parametrize("dialect", DIALECTS)
    def test_every_dialect_switches_its_own_sampling_off(self, dialect):
        body = BODIES[dialect]
        assert body["top_k"] in (0, -1)
        assert body["min_p"] == 0.0
        assert {body.get("repetition_penalty"), body.get("repeat_penalty")} == {1.0, None}

    def test_text_settings_send_every_value(self):
        config = sampling(("<a>", "<b>"), 0.7, 5, 256).model_dump(exclude_none=True)
        assert config == {
            "max_tokens": 256,
            "temperature": 0.7,
            "top_p": 1.0,
            "seed": 5,
            "stop_seqs": ["<a>", "<b>"],
        }

    @pytest.mark.parametrize(
        ("provider", "server", "told"),
        [
            ("vllm-completions", "tgi", "server=tgi: choose one of vllm, sglang, llamacpp."),
            (
                "vllm-completions",
                "sglang",
                "server=sglang: vllm-completions speaks vllm; use openai-api-completions/<service>/<model>.",
            ),
            ("openai-api-completions", "", "server=: choose one of vllm, sglang, llamacpp."),
        ],
    )
    def test_a_dialect_that_nobody_speaks_is_one_sentence(self, provider, server, told):
        with pytest.raises(UserMistake) as problem:
            completions_transport(SimpleNamespace(), provider, server, None, None, {})  # type: ignore[arg-type]
        assert (problem.value.message, problem.value.exit_code) == (told, 2)

    @pytest.mark.parametrize(
        ("name", "value"),
        [("tokenizer", "org/model"), ("chat_template", "chat.jinja"), ("template_kwargs", {"a": 1})],
    )
    def test_players_take_no_template_of_anybody_else(self, name, value):
        given = {"tokenizer": None, "chat_template": None, "settings": {}}
        given["settings" if name == "template_kwargs" else name] = value
        with pytest.raises(UserMistake) as problem:
            plain_text_transport(get_model("mockllm/m"), **given)
        assert (
            problem.value.message == f"{name}={value}: 'mockllm/m' reads the plain template; drop -T {name}=."
        )

    def test_players_read_the_plain_template(self):
        transport = plain_text_transport(get_model("mockllm/m"), None, None, {})
        assert set(transport.specials) == set(PlainTokenizer.specials)
        assert transport.described_provider == "mockllm"

    @pytest.mark.parametrize("provider", [*COMPLETIONS, *PLAIN, "hf"])
    def test_raw_providers_are_let_through(self, provider: str):
        refuse_chat_provider(provider)

    @pytest.mark.parametrize("provider", ["openai", "anthropic", "vllm", "", "HF"])
    def test_all_others_take_chat_messages_only(self, provider: str):
        with pytest.raises(UserMistake) as problem:
            refuse_chat_provider(provider)
        assert problem.value.message == (
            f"user_turn: provider '{provider}' takes chat messages only, so the user role cannot be opened; "
            "use 'user_turn_prompted', or serve the weights and use vllm-completions/<model>."
        )
