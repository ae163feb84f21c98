"""What of a reply a user would see, and what becomes of a provider that answers in place of its model."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.model import ChatCompletionChoice, ChatMessageAssistant, ModelOutput, ModelUsage, get_model

from interplay.solvers.reasoning import ENDS, STARTS
from interplay.solvers.user_record import Reply
from interplay.solvers.user_reply import (
    NotWritten,
    chat_messages,
    chat_reply,
    refuse_messages_of_the_provider,
    reply_for,
    visible,
)
from interplay.tasks.user_turn.context import Context, Msg

SPECIALS = ("<|im_start|>", "<|im_end|>")
ASKED = (Msg(role="user", content="What is 6 times 8?"),)


def context(**more) -> Context:
    fields = {"id": "bundled-1", "dataset": "bundled", "domain": "maths", "messages": ASKED}
    return Context.model_validate(fields | more)


def output(text: str, stop="stop", tokens: int | None = 9) -> ModelOutput:
    return ModelOutput(
        model="m",
        choices=[ChatCompletionChoice(message=ChatMessageAssistant(content=text), stop_reason=stop)],
        usage=None if tokens is None else ModelUsage(output_tokens=tokens),
    )


class TestVisible:
    @pytest.mark.parametrize(
        ("raw", "text"),
        [
            ("", ""),
            ("  48.  ", "48."),
            ("<think>6 times 8</think>48.", "48."),
            ("6 times 8</think>\n\n48.", "48."),
            ("<think>one</think>a<think>two</think>48.", "48."),
            ("<think>never closed", ""),
            ("48.<think>never closed", ""),
            ("48.<|im_end|>\n<|im_start|>user\nThanks", "48."),
            ("<think>x</think>48.<|im_end|>more", "48."),
            ("<|im_end|>48.", ""),
            ("[THINK]x[/THINK]48.", "48."),
            ("◁think▷x◁/think▷48.", "48."),
            ("<|channel|>analysis<|message|>x<|channel|>final<|message|>48.", "48."),
            ("<think>x</think></think>48.", "48."),
        ],
    )
    def test_after_the_reasoning_up_to_the_first_structural_token(self, raw: str, text: str):
        assert visible(raw, SPECIALS) == text

    @pytest.mark.parametrize("end", ENDS)
    def test_every_known_end_of_reasoning_is_one(self, end: str):
        assert visible(f"SECRET{end}\n48.", ()) == "48."

    @pytest.mark.parametrize("start", STARTS)
    def test_every_known_beginning_without_an_end_leaves_nothing(self, start: str):
        assert visible(f"{start}SECRET", ()) == ""

    def test_empty_marks_and_no_marks_cut_nothing(self):
        assert visible("48. <|im_end|>", ("",)) == "48. <|im_end|>"
        assert visible("48. <|im_end|>", ()) == "48. <|im_end|>"

    @given(st.text(max_size=30), st.text(max_size=30))
    def test_it_is_a_part_of_what_was_written_and_holds_no_mark(self, before, after):
        raw = f"{before}</think>{after}<|im_end|>{before}"
        seen = visible(raw, SPECIALS)
        assert seen in raw
        assert not any(mark in seen for mark in (*SPECIALS, *STARTS, *ENDS))


class TestProviders:
    @pytest.mark.parametrize(
        ("stop", "problem"), [("model_length", "context_too_long"), ("content_filter", "refused")]
    )
    def test_a_message_of_the_provider_is_no_reply(self, stop, problem):
        with pytest.raises(NotWritten, match=f"^{problem}$"):
            refuse_messages_of_the_provider(output("I cannot", stop))

    @pytest.mark.parametrize("stop", ["stop", "max_tokens", "tool_calls", "unknown"])
    def test_whatever_else_a_model_stopped_for_it_wrote_itself(self, stop):
        refuse_messages_of_the_provider(output("48.", stop))

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            (output("<think>x</think>48.", tokens=30), ("48.", 30, False)),
            (output("48", "max_tokens"), ("48", 9, True)),
            (output("", tokens=0), ("", 0, False)),
        ],
    )
    def test_a_chat_reply_keeps_price_and_whether_it_was_cut_off(self, said, expected):
        model = get_model("mockllm/m", custom_outputs=[said])
        reply = asyncio.run(chat_reply(context(), model, "assistant"))
        assert (reply.text, reply.tokens, reply.capped) == expected
        assert (reply.source, reply.model) == ("assistant", "mockllm/m")


class TestSources:
    """A frozen reply comes first, then the stored one where it is wanted, then the transport."""

    def ask(self, one: Context, frozen=None, transport=None, stored: bool = False) -> Reply:
        return asyncio.run(reply_for(one, frozen or {}, transport, stored))

    def test_a_frozen_reply_outranks_a_stored_one(self):
        frozen = {"bundled-1": Reply(text="frozen", source="replies", model="m")}
        one = context(reply="stored")
        assert self.ask(one, frozen, stored=True).text == "frozen"
        assert self.ask(one, {"other": frozen["bundled-1"]}, stored=True).text == "stored"

    def test_a_stored_reply_is_used_where_asked_for_or_where_there_is_no_other_way(self):
        assert self.ask(context(reply="stored"), stored=True).source == "stored"
        wild = context(reply="stored", dataset="wildchat", domain="conversation")
        assert self.ask(wild).source == "stored"

    def test_the_answer_is_checked_where_it_can_be(self):
        checked = {"target": "48", "check": "number"}
        assert self.ask(context(reply="It is 48.", **checked), stored=True).correct == 1
        assert self.ask(context(reply="It is 47.", **checked), stored=True).correct == 0
        assert self.ask(context(reply="It is 48."), stored=True).correct is None

    def test_a_frozen_reply_is_checked_anew(self):
        frozen = {"bundled-1": Reply(text="It is 47.", source="replies", model="m", correct=1.0)}
        assert self.ask(context(target="48", check="number"), frozen).correct == 0


def test_messages_keep_their_role_order_and_text() -> None:
    said = [
        Msg(role="user", content="<b>"),
        Msg(role="assistant", content=""),
        Msg(role="user", content="مرحبا"),
    ]
    assert [(m.role, m.text) for m in chat_messages(said)] == [(m.role, m.content) for m in said]
    assert chat_messages([]) == []
