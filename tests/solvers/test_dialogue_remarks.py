"""Remarks on a reply, where a long one is cut, and private questions."""

import asyncio
from types import SimpleNamespace

import pytest
from inspect_ai.model import ChatMessage, ModelOutput, ModelUsage
from inspect_ai.util import Store

from interplay.solvers.dialogue import Episode, Note, Seat, ask_privately, cut, flags_of, show, totals
from interplay.solvers.episode import Reply

from .two_seats import said, saying, speaker

FIRST = Note(i=0, seat=1, model="m", text="words")


class TestRemarks:
    @pytest.mark.parametrize(
        ("stop", "text", "usage", "remarks"),
        [
            ("stop", "words", True, []),
            ("stop", "", True, ["empty"]),
            ("max_tokens", "", True, ["empty", "max_tokens"]),
            ("model_length", "x", False, ["max_tokens", "estimated"]),
            ("content_filter", "[other agent]:", True, ["refused", "role_bleed"]),
            ("tool_calls", "[other agent] without a colon", True, []),
        ],
    )
    def test_each_has_one_cause(self, stop, text, usage, remarks):
        output = said(text, stop=stop)
        output.usage = ModelUsage() if usage else None
        assert [flag for flag, holds in flags_of(output, text) if holds] == remarks

    def test_an_output_without_a_choice_stopped_for_an_unknown_reason(self):
        output = ModelOutput(model="m", choices=[], usage=ModelUsage())
        assert dict(flags_of(output, "")) == {
            "empty": True,
            "max_tokens": False,
            "refused": False,
            "role_bleed": False,
            "estimated": False,
        }

    @pytest.mark.parametrize(
        ("limit", "text", "raw", "flags"),
        [
            (None, "123456", None, []),
            (6, "123456", None, []),
            (7, "123456", None, []),
            (5, "12345", "123456", ["cut"]),
            (1, "1", "123456", ["cut"]),
            (0, "", "123456", ["cut", "empty"]),
        ],
    )
    def test_a_cut_is_at_the_character_and_keeps_what_was_sent(self, limit, text, raw, flags):
        reply = Reply(seat=1, model="m", text="123456")
        shorter = cut(reply, limit)
        assert (shorter.text, shorter.raw, shorter.flags) == (text, raw, flags)
        assert reply.flags == []

    def test_a_cut_keeps_an_earlier_record_of_what_was_sent(self):
        reply = Reply(seat=1, model="m", text="123456", raw="<think>x</think>123456", flags=["role_bleed"])
        shorter = cut(reply, 2)
        assert shorter.raw == "<think>x</think>123456"
        assert shorter.flags == ["role_bleed", "cut"]


class TestPrivateQuestions:
    def ask(self, *notes: Note, seats: tuple[Seat, Seat], times: int = 1) -> Episode:
        episode = Episode(store=Store())
        episode.said.extend(notes)
        for n in range(times):
            asyncio.run(ask_privately(seats, episode, f"Question {n}?"))
        return episode

    def test_answers_stand_in_the_order_of_the_seats_and_rounds(self):
        seats = (Seat(saying("one"), "1"), Seat(saying("two"), "2"))
        episode = self.ask(FIRST, seats=seats, times=2)
        assert [(p.seat, p.text, p.question) for p in episode.probes] == [
            (1, "one", "Question 0?"),
            (2, "two", "Question 0?"),
            (1, "one", "Question 1?"),
            (2, "two", "Question 1?"),
        ]
        assert [n.text for n in episode.notes] == ["words"]

    def test_two_scripts_have_nobody_to_ask(self):
        seats = (Seat(lambda notes: "a", "1"), Seat(lambda notes: "b", "2"))
        assert self.ask(FIRST, seats=seats).probes == []

    def test_a_second_question_does_not_see_the_first(self):
        sent: list[list[str]] = []

        def reply(messages: list[ChatMessage]) -> str:
            sent.append([m.text for m in messages])
            return "here"

        self.ask(FIRST, seats=(Seat(speaker(reply), "1"), Seat(lambda notes: "", "2")), times=2)
        assert sent == [["1", "words", "Question 0?"], ["1", "words", "Question 1?"]]

    def test_probes_are_priced_apart_from_the_dialogue(self):
        seats = (Seat(saying(said("one", output_tokens=500)), "1"), Seat(saying("two"), "2"))
        episode = self.ask(FIRST, seats=seats)
        assert totals(episode.notes, 1).output == 0
        assert totals(episode.probes, 1).output == 500  # type: ignore[arg-type]


class TestShown:
    """The context of a seat as the conversation of the sample, within what a state may hold."""

    def shown(self, number: int, limit: int | None) -> list[str]:
        episode = Episode(store=Store())
        seats = (Seat(saying("one"), "1", "rules 1"), Seat(saying("two"), "2", "rules 2"))
        episode.said.extend([FIRST, Note(i=1, seat=2, model="m", text="answer")])
        state = SimpleNamespace(messages=[], message_limit=limit)
        show(state, episode, seats, number)  # type: ignore[arg-type]
        return [m.text for m in state.messages]

    @pytest.mark.parametrize("limit", [None, 4, 99])
    def test_either_seat_can_be_shown(self, limit: int | None):
        assert self.shown(1, limit) == ["rules 1", "1", "words", "[other agent]: answer"]
        assert self.shown(2, limit) == ["rules 2", "2\n\n[other agent]: words", "answer"]

    def test_no_more_than_the_limit_of_messages_is_shown(self):
        assert self.shown(1, 3) == ["rules 1", "1", "words"]
        assert self.shown(2, 1) == ["rules 2"]

    def test_seat_1_is_shown_by_default(self):
        episode = Episode(store=Store())
        state = SimpleNamespace(messages=[], message_limit=None)
        show(state, episode, (Seat(saying("one"), "1"), Seat(saying("two"), "2")))  # type: ignore[arg-type]
        assert [m.text for m in state.messages] == ["1"]
