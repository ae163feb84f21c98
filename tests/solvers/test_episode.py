"""Who reads what: the context of a seat as a pure function of the notes."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.model import (
    ChatMessage,
    ChatMessageSystem,
    ChatMessageUser,
)

from interplay.solvers.dialogue import (
    Note,
    Seat,
    context,
    prefixed,
)


def silence(notes: Sequence[Note]) -> str:
    return ""


texts = st.text(max_size=40)


@st.composite
def dialogues(draw: st.DrawFn) -> list[Note]:
    return [
        Note(i=i, seat=1 if i % 2 == 0 else 2, model="m", text=text)
        for i, text in enumerate(draw(st.lists(texts, max_size=9)))
    ]


class TestContext:
    @given(dialogues(), st.sampled_from([1, 2]), st.sampled_from(["system", "user"]))
    def test_roles_alternate_and_each_text_stands_where_it_belongs(self, notes, number, system_role):
        seat = Seat(silence, "OPENING", "SYSTEM", system_role=system_role)
        messages = context(seat, number, notes)
        first = 1 if system_role == "system" else 0
        roles = [message.role for message in messages]
        assert roles[:first] == ["system"] * first
        assert roles[first] == "user"
        assert all(a != b for a, b in pairwise(roles[first:]))
        own = [note for note in notes if note.seat == number]
        assert [m.text for m in messages if m.role == "assistant"] == [n.text or "(empty note)" for n in own]
        heard = "\n\n".join(m.text for m in messages if m.role == "user")
        for note in notes:
            if note.seat != number:
                assert prefixed(note.text or "(empty note)") in heard

    @given(dialogues())
    def test_neither_seat_reads_the_opening_of_the_other(self, notes):
        for number, mine, theirs in ((1, "only-for-1", "only-for-2"), (2, "only-for-2", "only-for-1")):
            read = "\n".join(m.text for m in context(Seat(silence, mine), number, notes))
            assert mine in read
            assert theirs not in read

    def test_the_first_note_joins_the_opening_of_seat_2_by_a_blank_line(self):
        notes = [Note(i=0, seat=1, model="m", text="hello")]
        messages = context(Seat(silence, "opening", "system"), 2, notes)
        assert [(m.role, m.text) for m in messages] == [
            ("system", "system"),
            ("user", "opening\n\n[other agent]: hello"),
        ]

    def test_a_model_without_system_messages_reads_the_text_first(self):
        messages = context(Seat(silence, "opening", "system", system_role="user"), 1, [])
        assert [(m.role, m.text) for m in messages] == [("user", "system\n\nopening")]


@pytest.mark.parametrize("kind", [ChatMessageSystem, ChatMessageUser])
def test_openings_and_system_texts_are_optional(kind: type[ChatMessage]):
    seat = Seat(silence, "", None)
    assert context(seat, 1, []) == []
    assert not any(isinstance(m, kind) for m in context(seat, 1, []))
