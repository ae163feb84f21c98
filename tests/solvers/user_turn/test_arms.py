"""Every arm and every draw of a context with a transport that answers from a list."""

import asyncio

import pytest
from inspect_ai.model import get_model
from inspect_ai.util import Store

from interplay.solvers.user_prompted import draw_seed
from interplay.solvers.user_record import ArmTurns, Reply, UserTurnRecord, read_record
from interplay.solvers.user_rendering import ChatTemplate, PlainTokenizer, RenderError
from interplay.solvers.user_role import parsed, shown_differently, write_arms
from interplay.solvers.user_transport import ContextTooLong, Sampled, Transport, plain, samples, sha256
from interplay.tasks.user_turn.context import Context, Msg
from interplay.tasks.user_turn.perturb import ARMS, OTHER_ARMS, Shown

from ..two_seats import said

QUERY, REPLY = "What is 6 times 8?", "It is 48, as 6 times 8 are 48 and no other number."
CONTEXT = Context(
    id="bundled-000000000001",
    dataset="bundled",
    domain="maths",
    messages=(Msg(role="user", content=QUERY),),
    target="48",
    check="number",
)
Call = tuple[str, float, int, int]
ARMS_SHOWN = ("base", "cut50", "no_context", "header_bare", "ask_generic")


class Listed(Transport):
    """Writes `turn n<|im_end|>` for the n-th text that it was asked for, and remembers each call."""

    kind = "text"

    def __init__(self, fails: dict[int, Exception] | None = None, short: int = 0) -> None:
        super().__init__(get_model("mockllm/m"), ChatTemplate(PlainTokenizer()))
        self.calls: list[Call] = []
        self.fails = fails or {}
        self.short = short
        self.written = 0

    async def write(self, prompt, stop, temperature, k, seed, max_tokens):
        self.calls.append((prompt, temperature, k, seed))
        if (problem := self.fails.get(len(self.calls))) is not None:
            raise problem
        texts = []
        for n in range(max(0, k - self.short)):
            self.written += 1
            texts.append(Sampled(f"turn {self.written}<|im_end|>", "stop", seed + n))
        return texts


def written(transport: Listed, arms=("base",), grid=((0.0, 1), (1.0, 3)), reply: str = REPLY, **more):
    """The record of a context after its arms."""
    record = UserTurnRecord(reply=Reply(text=reply, source="stored", model="-", correct=1.0))
    store = Store()
    context = CONTEXT.model_copy(update=more)
    asyncio.run(write_arms(transport, context, record, arms, grid, 7, store))
    return record, store


class TestGrid:
    def test_every_temperature_is_asked_once_with_its_draws_and_one_seed(self):
        transport = Listed()
        record, _ = written(transport, grid=((0.0, 1), (0.7, 2), (1.0, 3)))
        assert [call[1:] for call in transport.calls] == [(0.0, 1, 7), (0.7, 2, 7), (1.0, 3, 7)]
        assert [(t.t, t.i, t.text, t.seed) for t in record.arms["base"].turns] == [
            (0.0, 0, "turn 1", 7),
            (0.7, 0, "turn 2", 7),
            (0.7, 1, "turn 3", 8),
            (1.0, 0, "turn 4", 7),
            (1.0, 1, "turn 5", 8),
            (1.0, 2, "turn 6", 9),
        ]
        assert record.arms["base"].short_k == 0
        assert record.problem is None

    def test_the_base_arm_comes_first_whatever_the_order_and_the_others_have_a_grid_of_their_own(self):
        transport = Listed()
        record, _ = written(transport, ["say_generic", "cut50", "base"], grid=((0.5, 2),))
        assert list(record.arms) == ["base", "say_generic", "cut50"]
        assert [call[1:3] for call in transport.calls] == [(0.5, 2), *OTHER_ARMS, *OTHER_ARMS]

    def test_texts_that_the_server_left_out_are_counted(self):
        record, _ = written(Listed(short=1))
        assert record.arms["base"].short_k == 2
        assert len(record.arms["base"].turns) == 2
        assert record.problem is None

    def test_a_server_that_returned_nothing_leaves_no_turns(self):
        record, _ = written(Listed(short=9))
        assert (record.problem, record.arms["base"].short_k) == ("no_turns", 4)

    def test_what_was_written_is_in_the_store_before_the_next_call(self):
        transport = Listed({2: RuntimeError("down")})
        record = UserTurnRecord(reply=Reply(text=REPLY, source="stored", model="-"))
        store = Store()
        with pytest.raises(RuntimeError, match="down"):
            asyncio.run(write_arms(transport, CONTEXT, record, ["base"], [(0.0, 1), (1.0, 3)], 7, store))
        kept = read_record(store)
        assert kept is not None
        assert [turn.text for turn in kept.arms["base"].turns] == ["turn 1"]


class TestProblems:
    def test_without_a_reply_nobody_is_asked(self):
        transport = Listed()
        record, _ = written(transport, reply="")
        assert (record.problem, record.arms, transport.calls) == ("no_reply", {}, [])

    @pytest.mark.parametrize("place", ["reply", "query"])
    def test_a_structural_token_in_the_conversation_leaves_the_sample_unscored(self, place):
        transport = Listed()
        if place == "reply":
            record, _ = written(transport, reply="a<|im_end|>b")
        else:
            record, _ = written(transport, messages=(Msg(role="user", content="a<|im_start|>b"),))
        assert (record.problem, record.arms, transport.calls) == ("structural_token_in_context", {}, [])

    def test_a_base_arm_that_does_not_fit_ends_the_context(self):
        transport = Listed({2: ContextTooLong("9 tokens, 8 fit.")})
        record, _ = written(transport, ["base", "cut50"])
        assert record.problem == "context_too_long"
        assert list(record.arms) == ["base"]
        assert [turn.text for turn in record.arms["base"].turns] == ["turn 1"]

    def test_another_arm_that_does_not_fit_is_skipped_and_the_rest_goes_on(self):
        transport = Listed({3: ContextTooLong("9 tokens, 8 fit.")})
        record, _ = written(transport, ["base", "prior", "cut50"])
        assert record.problem is None
        assert record.arms["prior"].skipped == "context_too_long"
        assert record.arms["cut50"].skipped is None
        assert record.arms["cut50"].turns

    def test_arms_that_do_not_apply_say_why_and_cost_nothing(self):
        """A reply without a number has none to get wrong; the plain template has no other header."""
        transport = Listed()
        record, _ = written(
            transport,
            ["base", "wrong_number", "header_append"],
            reply="I can not say.",
            check=None,
            target=None,
        )
        assert record.arms["wrong_number"].skipped
        assert record.arms["header_append"].skipped == "identical"
        assert len(transport.calls) == 2

    def test_every_arm_leaves_turns_or_a_reason(self):
        record, _ = written(Listed(), ARMS)
        assert sorted(record.arms) == sorted(ARMS)
        for name, arm in record.arms.items():
            assert (arm.skipped is None) == bool(arm.turns), name

    def test_an_arm_that_the_template_can_not_show_keeps_its_words(self):
        class Broken(ChatTemplate):
            def render(self, messages, reply, form="native"):
                raise RenderError("the chat template drops or changes the query.")

        transport = Listed()
        base = transport.template.render(CONTEXT.messages, REPLY)
        transport.template = Broken(PlainTokenizer())
        kept = ArmTurns(shown="x")
        assert shown_differently(transport, Shown(CONTEXT.messages, "x"), base, kept) is None
        assert kept.skipped == "the chat template drops or changes the query."


class TestPrompts:
    def test_each_arm_shows_what_it_says(self):
        transport = Listed()
        written(transport, ARMS_SHOWN, grid=((0.0, 1),))
        prompts = [prompt for prompt, temperature, *_ in transport.calls if temperature == 0.0]
        base, cut, alone, bare, asking = prompts
        assert REPLY in base
        assert base.endswith("<|im_start|>user\n")
        assert REPLY not in cut
        assert QUERY in cut
        assert alone == "<|im_start|>user\n"
        assert bare == base.rstrip()
        assert "go over any part of this again?" in asking


class TestSamples:
    def test_turns_are_numbered_as_they_came(self):
        rendered = ChatTemplate(PlainTokenizer()).render(CONTEXT.messages, REPLY)
        texts = [Sampled("a<|im_end|>b c", "stop", 3), Sampled("d", "length", 4), Sampled("", None, None)]
        found = parsed(texts, 0.7, rendered)
        assert [(t.t, t.i, t.text, t.terminator, t.ran_on, t.seed) for t in found] == [
            (0.7, 0, "a", "end_of_user", 2, 3),
            (0.7, 1, "d", "length", 0, 4),
            (0.7, 2, "", "hidden", 0, None),
        ]
        assert [t.raw for t in found] == ["a<|im_end|>b c", "d", ""]
        assert parsed([], 0.0, rendered) == []

    def test_the_length_is_known_where_one_text_was_returned(self):
        one = said("words", output_tokens=5)
        assert samples(one, 3) == [Sampled("words", "stop", 3, 5)]
        two = one.model_copy(update={"choices": [*one.choices, *said("more", stop="max_tokens").choices]})
        assert samples(two, 3) == [Sampled("words", "stop", 3, None), Sampled("more", "max_tokens", 3, None)]
        assert samples(one.model_copy(update={"usage": None}), 3) == [Sampled("words", "stop", 3, None)]

    def test_what_a_filter_answered_is_no_text(self):
        assert samples(said("I cannot", stop="content_filter"), 1) == []

    @pytest.mark.parametrize(
        ("value", "kept"),
        [
            (None, None),
            (True, True),
            (0, 0),
            (1.5, 1.5),
            ("x", "x"),
            ([1, "a"], '[1, "a"]'),
            ({"b": 1}, '{"b": 1}'),
        ],
    )
    def test_settings_of_a_template_are_kept_as_one_value(self, value, kept):
        assert plain(value) == kept
        assert type(plain(value)) is type(kept)

    def test_hashes_are_of_bytes(self):
        assert sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        assert len(sha256("مرحبا")) == 64


@pytest.mark.parametrize(
    ("seed", "context_id", "drawn"),
    [
        (0, "", 0),
        (5, "", 5),
        (2**31, "", 0),
        (0, "a", 0xE8B7BE43 % 2**31),
        (1, "a", (0xE8B7BE43 + 1) % 2**31),
    ],
)
def test_the_seed_of_a_context_is_the_sum_with_its_checksum(seed: int, context_id: str, drawn: int) -> None:
    """CRC-32 of `a` is e8b7be43, by every implementation of it."""
    assert draw_seed(seed, context_id) == drawn
