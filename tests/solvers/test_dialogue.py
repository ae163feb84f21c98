"""How a dialogue is played and how it ends."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from inspect_ai.event import ModelEvent, SpanBeginEvent
from inspect_ai.model import (
    ChatMessage,
    ContentReasoning,
    ContentText,
    ModelOutput,
)
from inspect_ai.solver import TaskState

from interplay.solvers.dialogue import (
    Episode,
    Note,
    Seat,
    ask_privately,
    context,
    converse,
    show,
    totals,
    unchanged,
)

from .two_seats import counting, episode_of, run, said, sample_of, saying, speaker


class TestConversation:
    def test_notes_are_forwarded_in_turn_and_the_cap_ends_it(self, tmp_path: Path):
        sent: list[list[ChatMessage]] = []

        def record(messages: list[ChatMessage]) -> str:
            sent.append(list(messages))
            return f"note {len(sent) - 1}"

        model = speaker(record)
        seats = (Seat(model, "first", "rules"), Seat(model, "second", "rules"))

        async def play(state: TaskState, episode: Episode) -> None:
            await converse(seats, episode, cap=5)
            show(state, episode, seats)

        log = run(play, tmp_path)
        episode = episode_of(log)
        assert [(n.i, n.seat, n.text) for n in episode.notes] == [
            (0, 1, "note 0"),
            (1, 2, "note 1"),
            (2, 1, "note 2"),
            (3, 2, "note 3"),
            (4, 1, "note 4"),
        ]
        assert episode.end == "cap"
        for i, messages in enumerate(sent):
            seat = i % 2 + 1
            expected = context(seats[seat - 1], 1 if seat == 1 else 2, episode.notes[:i])
            assert [(m.role, m.text) for m in messages] == [(m.role, m.text) for m in expected]
        assert [m.text for m in sample_of(log).messages][1:3] == ["first", "note 0"]

    def test_there_is_one_span_for_the_dialogue_and_one_for_the_probes(self, tmp_path: Path):
        async def play(state: TaskState, episode: Episode) -> None:
            seats = (Seat(counting("a"), "1"), Seat(counting("b"), "2"))
            await converse(seats, episode, cap=6)
            await ask_privately(seats, episode, "where?")

        names = [e.name for e in sample_of(run(play, tmp_path)).events if isinstance(e, SpanBeginEvent)]
        ours = names[names.index("dialogue") : names.index("scorers")]
        assert ours == ["dialogue", "probes", "task-1", "task-2"]

    def test_the_game_may_end_it(self, tmp_path: Path):
        async def play(state: TaskState, episode: Episode) -> None:
            def ends(notes: Sequence[Note]) -> str | None:
                return "done" if notes[-1].text == "stop" else None

            model = saying("go", "go", "stop")
            await converse((Seat(model, "1"), Seat(model, "2")), episode, ends=ends)

        episode = episode_of(run(play, tmp_path))
        assert [n.text for n in episode.notes] == ["go", "go", "stop"]
        assert episode.end == "done"

    def test_said_notes_count_and_a_dialogue_goes_on_from_them(self, tmp_path: Path):
        sent: list[list[ChatMessage]] = []

        def record(messages: list[ChatMessage]) -> str:
            sent.append(list(messages))
            return "reply"

        async def play(state: TaskState, episode: Episode) -> None:
            episode.notes.append(Note(i=0, seat=1, model="someone", text="prescribed"))
            model = speaker(record)
            await converse((Seat(model, "1"), Seat(model, "2")), episode, cap=2)

        episode = episode_of(run(play, tmp_path))
        assert [n.text for n in episode.notes] == ["prescribed", "reply"]
        assert [m.text for m in sent[0]] == ["2\n\n[other agent]: prescribed"]

    def test_a_second_stretch_may_have_other_seats(self, tmp_path: Path):
        sent: list[str] = []

        def record(messages: list[ChatMessage]) -> str:
            sent.append(messages[0].text)
            return "note"

        async def play(state: TaskState, episode: Episode) -> None:
            model = speaker(record)
            await converse((Seat(model, "1"), Seat(model, "2")), episode, cap=2)
            await converse((Seat(model, "new 1"), Seat(model, "2")), episode, cap=4)

        episode = episode_of(run(play, tmp_path))
        assert len(episode.notes) == 4
        assert [text.split("\n")[0] for text in sent] == ["1", "2", "new 1", "2"]

    def test_a_scripted_seat_costs_nothing_and_does_not_count_towards_the_cap(self, tmp_path: Path):
        async def play(state: TaskState, episode: Episode) -> None:
            go_on = Seat(lambda notes: f"go on after {len(notes)}", "")
            await converse((Seat(counting("a"), "walk", incoming=unchanged), go_on), episode, cap=3)

        episode = episode_of(run(play, tmp_path))
        assert [n.text for n in episode.notes] == [
            "a says 0",
            "go on after 1",
            "a says 1",
            "go on after 3",
            "a says 2",
        ]
        assert episode.end == "cap"
        assert totals(episode.notes, 2)[:6] == (0, 0, 0, 0, 0, 0)
        assert totals(episode.notes, 1).calls == 3


class TestSilence:
    def test_three_empty_notes_in_a_row_of_one_seat_end_it(self, tmp_path: Path):
        async def play(state: TaskState, episode: Episode) -> None:
            mute = saying("start", "", "", "", "never said")
            await converse((Seat(mute, "1"), Seat(counting("b"), "2")), episode)

        episode = episode_of(run(play, tmp_path))
        assert episode.end == "silent"
        assert [n.text for n in episode.notes if n.seat == 1] == ["start", "", "", ""]

    def test_three_empty_notes_with_a_word_between_do_not(self, tmp_path: Path):
        async def play(state: TaskState, episode: Episode) -> None:
            hesitant = saying("", "", "word", "", "", "word")
            await converse((Seat(hesitant, "1"), Seat(counting("b"), "2")), episode, cap=12)

        assert episode_of(run(play, tmp_path)).end == "cap"


class TestFormat:
    def check(self, note: Note) -> str | None:
        return None if note.text.endswith("OK") else "End with OK."

    def play(self, tmp_path: Path, *answers: str) -> tuple[Episode, list[list[ChatMessage]]]:
        sent: list[list[ChatMessage]] = []
        rest = list(answers)

        def answer(messages: list[ChatMessage]) -> str:
            sent.append(list(messages))
            return rest.pop(0)

        async def play(state: TaskState, episode: Episode) -> None:
            model = speaker(answer)
            await converse((Seat(model, "1"), Seat(model, "2")), episode, cap=2, check=self.check)

        return episode_of(run(play, tmp_path)), sent

    def test_a_wrong_note_is_asked_for_once_more_and_both_calls_are_charged(self, tmp_path: Path):
        episode, sent = self.play(tmp_path, "hm", "fine OK", "yes OK")
        assert [(n.text, n.calls, n.output_tokens, n.flags) for n in episode.notes] == [
            ("fine OK", 2, 14, []),
            ("yes OK", 1, 7, []),
        ]
        assert [(m.role, m.text) for m in sent[1]] == [
            ("user", "1"),
            ("assistant", "hm"),
            ("user", "End with OK."),
        ]
        assert "hm" not in sent[2][0].text

    def test_a_second_failure_is_kept_and_flagged(self, tmp_path: Path):
        episode, sent = self.play(tmp_path, "hm", "hmm", "yes OK")
        assert episode.notes[0].text == "hmm"
        assert episode.notes[0].flags == ["format"]
        assert len(sent) == 3


class TestSpeakers:
    def test_notes_of_another_speaker_become_plain_text(self, tmp_path: Path):
        sent: dict[str, list[ChatMessage]] = {}

        def thinker(name: str):
            def answer(messages: list[ChatMessage]) -> ModelOutput:
                sent[name] = list(messages)
                return said(
                    [ContentReasoning(reasoning=f"{name} thinks"), ContentText(text=f"{name} speaks")]
                )

            return speaker(answer, name)

        strong, weak = thinker("strong"), thinker("weak")

        async def play(state: TaskState, episode: Episode) -> None:
            seats = (Seat(weak, "1"), Seat(counting("b"), "2"))

            def who(i: int, seat: Seat):
                return strong if i in (0, 6) else seat.model

            await converse(seats, episode, cap=7, speaker=who)

        episode = episode_of(run(play, tmp_path))
        assert [n.model for n in episode.notes if n.seat == 1] == [
            "mockllm/strong",
            "mockllm/weak",
            "mockllm/weak",
            "mockllm/strong",
        ]
        read_by_weak = [m for m in sent["weak"] if m.role == "assistant"]
        assert read_by_weak[0].content == "strong speaks"
        assert isinstance(read_by_weak[1].content, list)
        read_by_strong = [m for m in sent["strong"] if m.role == "assistant"]
        assert isinstance(read_by_strong[0].content, list)
        assert [m.content for m in read_by_strong[1:]] == ["weak speaks", "weak speaks"]


class TestInterruption:
    @pytest.mark.parametrize(("limit", "notes"), [({"message_limit": 6}, 5), ({"token_limit": 60}, 4)])
    def test_a_limit_keeps_what_was_said(self, tmp_path: Path, limit: dict[str, int], notes: int):
        async def play(state: TaskState, episode: Episode) -> None:
            seats = (Seat(counting("a"), "1"), Seat(counting("b"), "2"))
            try:
                await converse(seats, episode)
            finally:
                show(state, episode, seats)

        log = run(play, tmp_path, **limit)
        sample = sample_of(log)
        episode = episode_of(log)
        assert sample.limit is not None
        assert episode.end is None
        assert abs(len(episode.notes) - notes) <= 1
        assert [n.i for n in episode.notes] == list(range(len(episode.notes)))
        assert sample.messages[0].text == "1"

    def test_an_error_of_the_provider_goes_through(self, tmp_path: Path):
        def fail(messages: list[ChatMessage]) -> str:
            raise RuntimeError("the provider is down")

        async def play(state: TaskState, episode: Episode) -> None:
            await converse((Seat(counting("a"), "1"), Seat(speaker(fail), "2")), episode)

        log = run(play, tmp_path)
        assert log.status == "error"
        assert log.error is not None
        assert "the provider is down" in log.error.message

    def test_every_note_is_in_the_store_before_the_next_call(self, tmp_path: Path):
        stored: list[int] = []

        async def play(state: TaskState, episode: Episode) -> None:
            def look(messages: list[ChatMessage]) -> str:
                stored.append(len(state.store_as(Episode).notes))
                return "note"

            model = speaker(look)
            await converse((Seat(model, "1"), Seat(model, "2")), episode, cap=6)

        run(play, tmp_path)
        assert stored == [0, 1, 2, 3, 4, 5]


def test_messages_keep_their_identity_so_that_a_log_holds_them_once(tmp_path: Path):
    async def play(state: TaskState, episode: Episode) -> None:
        seats = (Seat(counting("a"), "1", "s"), Seat(counting("b"), "2", "s"))
        await converse(seats, episode, cap=9)

    events = [e for e in sample_of(run(play, tmp_path)).events if isinstance(e, ModelEvent)]
    longest = events[-1].input
    for event in events[::2]:
        assert [m.id for m in event.input] == [m.id for m in longest][: len(event.input)]
