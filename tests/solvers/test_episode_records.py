"""The records of an episode: what a note counts as, how contexts grow, and what comes back from a store."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageUser
from inspect_ai.util import Store
from pydantic import ValidationError

from interplay.solvers.episode import (
    EMPTY_NOTE,
    OTHER_MARK,
    Chat,
    Episode,
    Note,
    Probe,
    Seat,
    append_user,
    context,
    delivered,
    prefixed,
    received,
    totals,
    unchanged,
)


def mute(notes: object) -> str:
    return ""


def other(notes: object) -> str:
    return ""


def note(i: int, text: str = "words", /, **more) -> Note:
    return Note(**({"i": i, "seat": 1 if i % 2 == 0 else 2, "model": "m", "text": text} | more))


def texts(messages) -> list[tuple[str, str]]:
    return [(m.role, m.text) for m in messages]


class TestNote:
    @pytest.mark.parametrize(("i", "turn"), [(0, 0), (1, 1), (2, 1), (3, 2), (4, 2), (49, 25), (50, 25)])
    def test_a_turn_counts_the_notes_of_seat_2(self, i: int, turn: int):
        assert note(i).turn == turn

    @given(st.integers(0, 500))
    def test_turns_are_counted_as_they_are_spoken(self, i: int):
        assert note(i).turn == sum(note(k).seat == 2 for k in range(i + 1))

    def test_notes_do_not_share_their_flags(self):
        one, two = note(0), note(1)
        one.flags.append("cut")
        assert two.flags == []

    @pytest.mark.parametrize(
        "wrong",
        [{"seat": 3}, {"seat": 0}, {"flags": ["tired"]}, {"i": "first"}, {"text": None}, {"calls": 1.5}],
        ids=str,
    )
    def test_what_no_scorer_could_read_is_refused(self, wrong: dict[str, object]):
        with pytest.raises(ValidationError):
            note(0, **wrong)

    @pytest.mark.parametrize(
        ("text", "handed_on"),
        [("words", "words"), ("", EMPTY_NOTE), (" ", " "), ("0", "0"), ("مرحبا\n", "مرحبا\n")],
    )
    def test_only_a_note_without_a_character_is_replaced(self, text: str, handed_on: str):
        assert delivered(note(0, text)) == handed_on
        assert received(Seat(mute, "", incoming=unchanged), note(1, text)) == handed_on
        assert received(Seat(mute, ""), note(1, text)) == f"{OTHER_MARK} {handed_on}"

    def test_a_remark_follows_the_note_on_a_line_of_its_own_also_when_it_is_empty(self):
        seat = Seat(mute, "")
        assert received(seat, note(1, "hi", note="stay")) == f"{OTHER_MARK} hi\n<note>stay</note>"
        assert received(seat, note(1, "hi", note="")) == f"{OTHER_MARK} hi\n<note></note>"
        assert received(seat, note(1, "", note="stay")) == f"{OTHER_MARK} {EMPTY_NOTE}\n<note>stay</note>"

    def test_the_remark_is_not_changed_by_the_way_of_reading(self):
        seat = Seat(mute, "", incoming=str.upper)
        assert received(seat, note(1, "hi", note="stay")) == "HI\n<note>stay</note>"


class TestUserMessages:
    def test_the_first_one_stands_alone(self):
        messages = []
        append_user(messages, "one")
        assert texts(messages) == [("user", "one")]

    def test_neighbours_are_one_message_and_others_are_not(self):
        messages = [ChatMessageUser(content="one")]
        append_user(messages, "two")
        messages.append(ChatMessageAssistant(content="own"))
        append_user(messages, "three")
        assert texts(messages) == [("user", "one\n\ntwo"), ("assistant", "own"), ("user", "three")]

    def test_after_a_system_text_a_message_is_new(self):
        messages = [ChatMessageSystem(content="rules")]
        append_user(messages, "one")
        assert texts(messages) == [("system", "rules"), ("user", "one")]

    def test_the_merged_message_is_another_object_so_that_a_copy_keeps_the_first(self):
        """A private question is appended to a copy of the list; the messages themselves are shared."""
        messages = [ChatMessageUser(content="one")]
        fork = list(messages)
        append_user(fork, "two")
        assert texts(messages) == [("user", "one")]
        assert texts(fork) == [("user", "one\n\ntwo")]


class TestContext:
    @pytest.mark.parametrize(
        ("system", "opening", "role", "expected"),
        [
            (None, "", "system", []),
            ("", "", "system", []),
            ("S", "", "system", [("system", "S")]),
            ("S", "", "user", [("user", "S")]),
            ("S", "O", "user", [("user", "S\n\nO")]),
            ("", "O", "user", [("user", "O")]),
            (lambda: "S", "O", "system", [("system", "S"), ("user", "O")]),
            (lambda: "", "O", "system", [("user", "O")]),
        ],
    )
    def test_texts_that_are_empty_make_no_message(self, system, opening, role, expected):
        assert texts(context(Seat(mute, opening, system, system_role=role), 1, [])) == expected

    def test_seat_2_without_an_opening_begins_with_what_it_hears(self):
        seat = Seat(mute, "")
        assert texts(context(seat, 2, [note(0)])) == [("user", "[other agent]: words")]
        assert texts(context(seat, 1, [note(0)])) == [("assistant", "words")]

    def test_an_own_note_is_the_message_of_the_provider_where_there_is_one(self):
        kept = ChatMessageAssistant(content="as sent")
        messages = context(Seat(mute, "1"), 1, [note(0), note(1), note(2)], {2: kept, 1: kept})
        assert messages[1].text == "words"
        assert messages[3] is kept
        assert messages[2].role == "user"

    @given(st.lists(st.text(max_size=8), max_size=8), st.sampled_from([1, 2]))
    def test_growing_by_notes_is_the_same_as_building_at_once(self, said, number):
        seat = Seat(mute, "opening", "rules")
        chat = Chat(seat, number, mute, [])
        notes = [note(i, text) for i, text in enumerate(said)]
        for i, one in enumerate(notes):
            chat.add(one)
            assert texts(chat.messages) == texts(context(seat, number, notes[: i + 1]))
        rebuilt = Chat(seat, number, mute, notes)
        assert texts(rebuilt.messages) == texts(chat.messages)


class TestChat:
    def test_a_message_keeps_its_identity_while_the_same_speaker_goes_on(self):
        chat = Chat(Seat(mute, "1"), 1, mute, [])
        sent = ChatMessageAssistant(content="as sent")
        notes = [note(0), note(1)]
        chat.add(notes[0], sent)
        chat.add(notes[1])
        chat.rebuild(notes)
        assert chat.messages[1] is sent

    def test_another_speaker_reads_plain_words_and_the_first_finds_its_own_again(self):
        chat = Chat(Seat(mute, "1"), 1, mute, [])
        sent = ChatMessageAssistant(content="as sent")
        chat.add(note(0, "as kept"), sent)
        chat.hand_over(other, [note(0, "as kept")])
        assert chat.speaker is other
        assert texts(chat.messages) == [("user", "1"), ("assistant", "as kept")]
        chat.hand_over(mute, [note(0, "as kept")])
        assert chat.messages[1] is sent

    def test_what_the_other_seat_said_is_never_an_own_message(self):
        chat = Chat(Seat(mute, "1"), 1, mute, [])
        chat.add(note(1, "theirs"), ChatMessageAssistant(content="thoughts and all"))
        assert texts(chat.messages) == [("user", "1\n\n[other agent]: theirs")]

    def test_a_moving_system_text_is_read_at_each_rebuild(self):
        moods = iter(["calm", "cross"])
        chat = Chat(Seat(mute, "1", lambda: next(moods)), 1, mute, [])
        assert chat.messages[0].text == "calm"
        chat.rebuild([])
        assert chat.messages[0].text == "cross"


class TestEpisode:
    def test_the_live_context_of_a_seat_is_made_once(self):
        episode, seat = Episode(store=Store()), Seat(mute, "1")
        chat = episode.chat(1, seat)
        assert episode.chat(1, seat) is chat
        assert episode.chat(2, seat) is not chat

    @pytest.mark.parametrize(
        "change", [{"opening": "2"}, {"model": other}, {"system": "S"}, {"incoming": unchanged}], ids=min
    )
    def test_a_seat_that_changed_gets_a_context_of_its_own(self, change):
        episode, seat = Episode(store=Store()), Seat(mute, "1")
        chat = episode.chat(1, seat)
        changed = seat._replace(**change)
        assert episode.chat(1, changed) is not chat
        assert episode.chat(1, changed).seat == changed

    def test_a_context_that_is_made_late_holds_what_was_said(self):
        episode = Episode(store=Store())
        episode.said.extend([note(0, "a"), note(1, "b")])
        assert texts(episode.chat(1, Seat(mute, "1")).messages) == [
            ("user", "1"),
            ("assistant", "a"),
            ("user", "[other agent]: b"),
        ]

    def test_what_is_added_to_the_notes_is_in_the_store(self):
        store = Store()
        Episode(store=store).said.append(note(0, "kept"))
        assert [n.text for n in Episode(store=store).notes] == ["kept"]

    def test_two_samples_share_nothing(self):
        one, two = Episode(store=Store()), Episode(store=Store())
        one.said.append(note(0))
        assert two.notes == []

    def test_a_store_that_went_through_json_reads_the_same(self):
        notes = [
            note(0, "مرحبا <b>", flags=["cut", "empty"], raw="x", seconds=1.25, note="stay", end="bye"),
            note(1, "\u202eabc", calls=2, reasoning_tokens=3, output_tokens=5),
        ]
        probe = Probe(seat=2, model="m", text="here", question="Where?")
        raw = {"Episode:notes": [n.model_dump() for n in notes], "Episode:probes": [probe.model_dump()]}
        again = Episode(store=Store(json.loads(json.dumps(raw))))
        assert again.notes == notes
        assert again.said == notes
        assert again.probes == [probe]
        assert again.end is None
        assert texts(again.chat(2, Seat(mute, "2")).messages)[-1] == ("assistant", "\u202eabc")


def test_totals_of_no_note_are_zero() -> None:
    assert totals([], 1) == (0, 0, 0, 0, 0, 0, 0)
    assert totals([note(1)], 1).calls == 0


def test_seconds_are_added_before_they_are_rounded() -> None:
    """Ten notes of 0.0004 s are 0.004 s, although each alone would round to nothing."""
    notes = [note(2 * i, seconds=0.0004) for i in range(10)]
    assert totals(notes, 1).seconds == 0.004


@given(st.text(max_size=30))
def test_both_ways_of_reading_keep_every_character(text: str) -> None:
    assert unchanged(text) == text
    assert prefixed(text).removeprefix(f"{OTHER_MARK} ") == text
