"""The engine against a second, slow and obvious account of what a dialogue is.

`expected` below plays the same lists of answers with plain lists and strings. It knows nothing of chats that
grow, spans, stores or models: every context is built anew from all that was said so far.
"""

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inspect_ai.model import ChatMessage, ContentReasoning, ContentText, ModelOutput

from interplay.solvers.dialogue import Note, Seat, totals, unchanged

from .two_seats import said, speaker, talk

OPENINGS = ("opening of 1", "opening of 2")
SECRET = "SECRET PLAN"
LIMIT = 12


class Answer(NamedTuple):
    """What a speaker answers: its words, a thought in a part or in a tag, why it stopped, price."""

    words: str
    thought: str = ""
    tag: str = ""
    stop: str = "stop"
    price: int = 7

    def output(self) -> ModelOutput:
        """As a provider returns it."""
        text = f"<{self.tag}>{SECRET}</{self.tag}>{self.words}" if self.tag else self.words
        parts = [ContentReasoning(reasoning=SECRET), ContentText(text=text)] if self.thought else text
        return said(
            parts,
            stop=self.stop,  # type: ignore[arg-type]
            input_tokens=self.price,
            output_tokens=2 * self.price,
            reasoning_tokens=self.price if self.thought else None,
        )


class Line(NamedTuple):
    """What is to be kept of one note."""

    seat: int
    text: str
    flags: tuple[str, ...]


def expected(answers: Sequence[Sequence[Answer]], cap: int) -> tuple[list[Line], str, list[list[str]]]:
    """The notes, why it ended, and what was sent for each, system texts left out."""
    lines: list[Line] = []
    sent: list[list[str]] = []
    while True:
        for seat in (1, 2):
            empty = ["empty" in line.flags for line in lines if line.seat == seat]
            if lines and lines[-1].seat == seat and len(empty) >= 3 and all(empty[-3:]):
                return lines, "silent", sent
        if len(lines) == cap:
            return lines, "cap", sent
        seat = 1 + len(lines) % 2
        answer = answers[seat - 1][len(lines) // 2]
        sent.append(read_by(seat, lines))
        words = answer.words if answer.words.strip() else ""
        flags = []
        if not words:
            flags.append("empty")
        if answer.stop in ("max_tokens", "model_length"):
            flags.append("max_tokens")
        if answer.stop == "content_filter":
            flags.append("refused")
        if len(words) > LIMIT:
            flags.append("cut")
        lines.append(Line(seat, words[:LIMIT], tuple(flags)))


def read_by(seat: int, lines: Sequence[Line]) -> list[str]:
    """The texts that a seat reads, its own notes among them, neighbours of the same side in one text."""
    texts = [OPENINGS[seat - 1]]
    side = "user"
    for line in lines:
        text = line.text or "(empty note)"
        if line.seat == seat:
            texts.append(text)
            side = "own"
        elif side == "user":
            texts[-1] += f"\n\n[other agent]: {text}"
        else:
            texts.append(f"[other agent]: {text}")
            side = "user"
    return texts


words = st.sampled_from(["", " \n", "go", "no way", "a rather long note", "وراء", "\t", "0", "(1,2)\n(1,3)"])
tags = st.sampled_from(["", "", "think", "thinking", "reasoning", "THINK"])
stops = st.sampled_from(["stop", "stop", "max_tokens", "model_length", "content_filter"])
answer = st.builds(Answer, words, st.sampled_from(["", "x"]), tags, stops, st.integers(0, 90))


def played(answers: Sequence[Sequence[Answer]], cap: int):
    """What the engine makes of the same answers."""
    sent: list[list[ChatMessage]] = []

    def model(seat: int):
        rest = iter(answers[seat - 1])

        def reply(messages: list[ChatMessage]) -> ModelOutput:
            sent.append(list(messages))
            return next(rest).output()

        return speaker(reply, f"of-{seat}")

    seats = (Seat(model(1), OPENINGS[0], "rules"), Seat(model(2), OPENINGS[1], "rules"))
    return talk(seats, cap=cap, max_chars=LIMIT), sent


@settings(max_examples=25)
@given(st.lists(answer, min_size=5, max_size=5), st.lists(answer, min_size=5, max_size=5), st.integers(1, 10))
def test_notes_flags_contexts_and_prices_are_those_of_the_slow_account(one, two, cap) -> None:
    lines, end, contexts = expected((one, two), cap)
    episode, sent = played((one, two), cap)
    assert [(n.seat, n.text, tuple(n.flags)) for n in episode.notes] == lines
    assert [n.i for n in episode.notes] == list(range(len(lines)))
    assert episode.end == end
    assert [n.model for n in episode.notes] == [f"mockllm/of-{n.seat}" for n in episode.notes]
    own = [[m.role for m in messages if m.role != "system"] for messages in sent]
    assert own == [["user", "assistant"] * (len(c) // 2) + ["user"] * (len(c) % 2) for c in contexts]
    for messages, context in zip(sent, contexts, strict=True):
        heard = [m.text for m in messages if m.role == "user"]
        assert heard == context[::2]
    for seat, answers in ((1, one), (2, two)):
        spoken = answers[: sum(line.seat == seat for line in lines)]
        used = totals(episode.notes, seat)  # type: ignore[arg-type]
        assert used.calls == len(spoken)
        assert used.input == sum(a.price for a in spoken)
        assert used.output == 2 * used.input
        assert used.reasoning == sum(a.price for a in spoken if a.thought)
        assert used.visible == used.output - used.reasoning
        assert used.cached == 0


@settings(max_examples=25)
@given(st.lists(answer, min_size=4, max_size=4), st.lists(answer, min_size=4, max_size=4))
def test_no_thought_reaches_the_other_seat_the_notes_or_the_flags(one, two) -> None:
    thinking = [a._replace(thought="x") if a.tag == "" else a for a in (*one, *two)]
    episode, sent = played((thinking[:4], thinking[4:]), 8)
    for note in episode.notes:
        assert SECRET not in note.text
        kept = note.model_dump(exclude={"raw"})
        assert SECRET not in str(kept)
    for messages in sent:
        for message in messages:
            if message.role != "assistant":
                assert SECRET not in message.model_dump_json()


@pytest.mark.parametrize("stop_at", range(7))
def test_a_dialogue_that_stopped_anywhere_goes_on_to_the_same_notes(stop_at: int) -> None:
    """Played in one go or in two, notes and contexts are the same: nothing but the notes is needed."""
    answers = [[Answer(f"{seat}.{i}") for i in range(4)] for seat in (1, 2)]
    whole, all_sent = played(answers, 7)
    first, sent_first = played(answers, stop_at) if stop_at else (None, [])
    said_already = first.notes if first else []
    rest = [[a for i, a in enumerate(answers[seat - 1]) if 2 * i + seat - 1 >= stop_at] for seat in (1, 2)]
    sent: list[list[ChatMessage]] = []

    def model(seat: int):
        left = iter(rest[seat - 1])

        def reply(messages: list[ChatMessage]) -> ModelOutput:
            sent.append(list(messages))
            return next(left).output()

        return speaker(reply, f"of-{seat}")

    seats = (Seat(model(1), OPENINGS[0], "rules"), Seat(model(2), OPENINGS[1], "rules"))
    resumed = talk(seats, *said_already, cap=7, max_chars=LIMIT)

    def without_clock(notes: Sequence[Note]) -> list[dict[str, object]]:
        return [note.model_dump(exclude={"seconds"}) for note in notes]

    assert without_clock(resumed.notes) == without_clock(whole.notes)
    assert resumed.end == whole.end == "cap"
    texts = [[(m.role, m.text) for m in messages] for messages in [*sent_first, *sent]]
    assert texts == [[(m.role, m.text) for m in messages] for messages in all_sent]


@pytest.mark.parametrize("incoming", [unchanged, lambda text: f"<<{text}>>", lambda text: text.upper()])
def test_each_seat_reads_the_other_through_its_own_ears(incoming) -> None:
    heard: dict[int, list[str]] = {1: [], 2: []}

    def model(seat: int):
        def reply(messages: list[ChatMessage]) -> str:
            heard[seat] = [m.text for m in messages if m.role == "user"]
            return f"note of {seat}"

        return speaker(reply)

    seats = (Seat(model(1), "1", incoming=incoming), Seat(model(2), "2"))
    episode = talk(seats, cap=4)
    assert heard[1] == ["1", incoming("note of 2")]
    assert heard[2] == ["2\n\n[other agent]: note of 1", "[other agent]: note of 1"]
    assert [n.text for n in episode.notes] == ["note of 1", "note of 2"] * 2
