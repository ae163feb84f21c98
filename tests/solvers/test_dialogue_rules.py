"""Who is asked when, what ends a dialogue first, and what is charged to whom."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.model import ChatMessage, GenerateConfig, ModelOutput, get_model
from inspect_ai.util import Store

from interplay.solvers.dialogue import Chat, Episode, Note, Seat, ask, converse, reason_to_end, totals
from interplay.solvers.episode import SILENT_AFTER, Flag

from .two_seats import counting, said, saying, speaker, talk


def note(i: int, text: str = "words", calls: int = 1, flags: Sequence[Flag] = ()) -> Note:
    return Note(i=i, seat=1 if i % 2 == 0 else 2, model="m", text=text, calls=calls, flags=list(flags))


def never(notes: Sequence[Note]) -> str | None:
    return None


def silence(seats: str) -> list[Note]:
    """One note a letter: `.` is empty, `x` has words."""
    return [note(i, flags=["empty"] if letter == "." else []) for i, letter in enumerate(seats)]


class TestWhatEndsIt:
    """`reason_to_end` as a table: the letters are the notes in turn, a dot is an empty one."""

    @pytest.mark.parametrize(
        ("notes", "cap", "reason"),
        [
            ("", 0, None),
            ("x", 1, "cap"),
            ("x", 2, None),
            ("xx", 2, "cap"),
            (".", 9, None),
            (".x.x", 9, None),
            (".x.x.", 9, "silent"),
            (".x.x.x", 9, None),
            ("x.x.x.", 9, "silent"),
            ("x.x.x", 9, None),
            (".x.xxx.", 9, None),
            ("xx.x.x.", 9, "silent"),
            ("....", 9, None),
            (".....", 9, "silent"),
            (".x.x.", 5, "silent"),
        ],
    )
    def test_silence_of_the_latest_speaker_then_the_cap(self, notes: str, cap: int, reason: str | None):
        assert reason_to_end(silence(notes), never, cap) == reason

    def test_silence_outranks_the_game_and_the_game_outranks_the_cap(self):
        done = ".x.x."
        assert reason_to_end(silence(done), lambda notes: "done", 5) == "silent"
        assert reason_to_end(silence("xxxxx"), lambda notes: "done", 5) == "done"
        assert reason_to_end(silence("xxxxx"), never, 5) == "cap"

    def test_the_game_is_not_asked_before_anything_was_said(self):
        def fails(notes: Sequence[Note]) -> str | None:
            raise AssertionError("asked without a note")

        assert reason_to_end([], fails, 0) is None

    @given(st.lists(st.integers(0, 2), max_size=12), st.integers(1, 8))
    def test_notes_without_a_call_do_not_count_and_a_second_call_counts_once(self, calls, cap):
        notes = [note(i, calls=n) for i, n in enumerate(calls)]
        spoken = len([n for n in calls if n >= 1])
        assert reason_to_end(notes, never, cap) == ("cap" if spoken >= cap and notes else None)

    @given(st.text("x.", max_size=14))
    def test_a_seat_is_silent_after_exactly_three_empty_notes_in_a_row(self, letters):
        own = [letter for i, letter in enumerate(letters) if i % 2 == (len(letters) - 1) % 2]
        silent = len(own) >= SILENT_AFTER and set(own[-SILENT_AFTER:]) == {"."}
        assert (reason_to_end(silence(letters), never, 99) == "silent") is silent


class TestCalls:
    def test_the_hooks_come_in_their_order_for_each_note(self):
        happened: list[str] = []

        def reply(messages: list[ChatMessage]) -> str:
            happened.append("call")
            return "words"

        async def before(notes: Sequence[Note]) -> None:
            happened.append(f"before {len(notes)}")

        def check(one: Note) -> None:
            happened.append(f"check {one.i}")

        def finish(one: Note) -> Note:
            happened.append(f"finish {one.i}")
            return one

        def ends(notes: Sequence[Note]) -> str | None:
            happened.append(f"ends {len(notes)}")
            return "done" if len(notes) == 2 else None

        model = speaker(reply)
        talk((Seat(model, "1"), Seat(model, "2")), before=before, check=check, finish=finish, ends=ends)
        assert happened == [
            *("before 0", "call", "check 0", "finish 0", "ends 1"),
            *("before 1", "call", "check 1", "finish 1", "ends 2"),
        ]

    def test_a_dialogue_that_was_over_calls_nobody(self):
        def fail(messages: list[ChatMessage]) -> str:
            raise AssertionError("called")

        seats = (Seat(speaker(fail), "1"), Seat(speaker(fail), "2"))
        assert talk(seats, *silence("xxx"), cap=3).end == "cap"
        assert talk(seats, *silence(".x.x."), cap=9).end == "silent"
        assert talk(seats, note(0), cap=9, ends=lambda notes: "done").end == "done"

    def test_each_seat_is_asked_with_its_own_settings(self):
        seen: list[tuple[float | None, int | None]] = []

        def recording(name: str):
            def output(messages: object, tools: object, choice: object, config: GenerateConfig):
                seen.append((config.temperature, config.max_tokens))
                return said("words")

            return get_model(f"mockllm/{name}", custom_outputs=output)

        seats = (
            Seat(recording("a"), "1", config=GenerateConfig(temperature=0.9, max_tokens=160)),
            Seat(recording("b"), "2", config=GenerateConfig(temperature=0)),
        )
        talk(seats, cap=3)
        assert seen == [(0.9, 160), (0.0, None), (0.9, 160)]

    def test_scripts_read_the_notes_so_far_and_reach_the_other_seat(self):
        read: list[list[str]] = []

        def script(notes: Sequence[Note]) -> str:
            read.append([n.text for n in notes])
            return f"line {len(notes)}"

        heard: list[str] = []

        def listen(messages: list[ChatMessage]) -> str:
            heard.append(messages[-1].text)
            return "ok"

        episode = talk((Seat(script, "never read"), Seat(speaker(listen), "2")), cap=2)
        assert read == [[], ["line 0", "ok"]]
        assert heard == ["2\n\n[other agent]: line 0", "[other agent]: line 2"]
        assert [(n.model, n.calls) for n in episode.notes] == [
            ("script", 0),
            ("mockllm/speaker", 1),
            ("script", 0),
            ("mockllm/speaker", 1),
        ]

    def test_a_prescribed_note_of_a_model_counts_towards_the_cap_and_one_of_a_script_does_not(self):
        model = counting("m")
        seats = (Seat(model, "1"), Seat(model, "2"))
        assert len(talk(seats, note(0, calls=1), cap=3).notes) == 3
        assert len(talk(seats, note(0, calls=0), cap=3).notes) == 4

    def test_an_error_of_the_second_note_leaves_the_first_in_the_store(self):
        def fail(messages: list[ChatMessage]) -> str:
            raise RuntimeError("down")

        episode = Episode(store=Store())
        seats = (Seat(saying("first"), "1"), Seat(speaker(fail), "2"))
        with pytest.raises(RuntimeError, match="down"):
            asyncio.run(converse(seats, episode))
        assert [n.text for n in episode.notes] == ["first"]
        assert episode.end is None
        resumed = asyncio.run(converse((seats[0], Seat(saying("second"), "2")), episode, cap=2))
        assert [n.text for n in resumed.notes] == ["first", "second"]
        assert resumed.end == "cap"


class TestPrice:
    def test_both_calls_of_a_note_that_was_asked_for_again_are_one_price(self):
        first = said("bad", input_tokens=10, output_tokens=7, reasoning_tokens=3, cached=100)
        second = said("good", input_tokens=20, output_tokens=5, reasoning_tokens=2, cached=50)
        seats = (Seat(saying(first, second), "1"), Seat(saying("good"), "2"))
        episode = talk(seats, cap=1, check=lambda one: None if one.text == "good" else "Again.")
        assert totals(episode.notes, 1)[:6] == (2, 30, 150, 12, 5, 7)
        assert totals(episode.notes, 2) == (0, 0, 0, 0, 0, 0, 0)

    def test_the_second_attempt_is_kept_with_its_own_flags_and_stop(self):
        first = said("", stop="content_filter")
        second = said("long answer", stop="max_tokens")
        seats = (Seat(saying(first, second), "1"), Seat(saying("ok"), "2"))
        one = talk(seats, cap=1, max_chars=4, check=lambda n: None if n.text else "Say it.").notes[0]
        assert (one.text, one.raw, one.flags, one.stop) == (
            "long",
            "long answer",
            ["max_tokens", "cut"],
            "max_tokens",
        )

    def test_the_check_reads_what_the_partner_would_read(self):
        """Cut and without reasoning: a format that stands behind the limit is not met."""
        checked: list[str] = []

        def check(one: Note) -> str | None:
            checked.append(one.text)
            return None

        talk(
            (Seat(saying("<think>x</think>123456"), "1"), Seat(saying("ok"), "2")),
            cap=1,
            max_chars=3,
            check=check,
        )
        assert checked == ["123"]

    @pytest.mark.parametrize(("told", "seconds"), [(12.3456, 12.346), (0.0, 0.0)])
    def test_time_is_that_of_the_provider_where_it_says(self, told: float, seconds: float):
        """Also a time of zero: waiting for a place in the queue is none of the model's."""

        class Timed:
            async def generate(self, messages: object, config: object) -> ModelOutput:
                await asyncio.sleep(0.002)
                return said("words").model_copy(update={"time": told})

        seat = Seat(saying("x"), "1")
        reply, _ = asyncio.run(ask(Chat(seat, 1, seat.model, []), Timed(), []))  # type: ignore[arg-type]
        assert reply.seconds == seconds

    @given(st.lists(st.tuples(*[st.integers(0, 1000)] * 5), max_size=8))
    def test_totals_of_the_seats_add_up_to_all_that_was_used(self, prices):
        notes = [
            note(i).model_copy(
                update={
                    "calls": calls,
                    "input_tokens": read,
                    "cached_tokens": cached,
                    "output_tokens": wrote + thought,
                    "reasoning_tokens": thought,
                    "seconds": calls / 8,
                }
            )
            for i, (calls, read, cached, wrote, thought) in enumerate(prices)
        ]
        both = [sum(pair) for pair in zip(totals(notes, 1), totals(notes, 2), strict=True)]
        columns = [sum(row[k] for row in prices) for k in range(5)]
        calls, read, cached, wrote, thought = columns
        assert both == [calls, read, cached, wrote + thought, thought, wrote, calls / 8]
        assert totals(list(reversed(notes)), 1) == totals(notes, 1)
