"""The two-seat engine: who reads what, what is kept, how a dialogue ends."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.event import ModelEvent, SpanBeginEvent
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    ContentReasoning,
    ContentText,
    ModelOutput,
    ModelUsage,
)
from inspect_ai.solver import TaskState

from interplay.solvers.dialogue import (
    Episode,
    Note,
    Seat,
    ask_privately,
    context,
    converse,
    prefixed,
    show,
    totals,
    unchanged,
)

from .two_seats import counting, episode_of, run, said, sample_of, saying, speaker


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


class TestWhatIsHandedOn:
    def replies(self, tmp_path: Path, *answers: ModelOutput | str, **options: int) -> tuple[Episode, str]:
        """The episode of these answers by seat 1, and the last text that seat 2 was sent."""
        heard: list[str] = []

        def listen(messages: list[ChatMessage]) -> str:
            heard.append(messages[-1].text)
            return "ok"

        async def play(state: TaskState, episode: Episode) -> None:
            seats = (Seat(saying(*answers), "1"), Seat(speaker(listen), "2"))
            await converse(seats, episode, cap=2, **options)

        return episode_of(run(play, tmp_path)), heard[-1]

    def test_reasoning_is_replayed_to_its_author_and_kept_from_the_other(self, tmp_path: Path):
        sent: dict[str, list[ChatMessage]] = {}
        thought = said(
            [ContentReasoning(reasoning="SECRET"), ContentText(text="visible")],
            output_tokens=9,
            reasoning_tokens=4,
        )

        def think(messages: list[ChatMessage]) -> ModelOutput:
            sent["1"] = list(messages)
            return thought

        def listen(messages: list[ChatMessage]) -> str:
            sent["2"] = list(messages)
            return "ok"

        async def play(state: TaskState, episode: Episode) -> None:
            await converse((Seat(speaker(think), "1"), Seat(speaker(listen), "2")), episode, cap=4)

        episode = episode_of(run(play, tmp_path))
        own = [m for m in sent["1"] if isinstance(m, ChatMessageAssistant)]
        assert any(isinstance(c, ContentReasoning) for c in own[0].content if not isinstance(c, str))
        assert "SECRET" not in "".join(m.model_dump_json() for m in sent["2"])
        assert "SECRET" not in "".join(n.model_dump_json() for n in episode.notes)
        assert totals(episode.notes, 1)[:6] == (2, 20, 0, 18, 8, 10)

    @pytest.mark.parametrize(
        ("text", "visible"),
        [
            ("<think>plan</think>\nGo right.", "Go right."),
            ("Go. <thinking>a < b</thinking>Now.", "Go. Now."),
            ("Go right. <think>never closed", "Go right. "),
            ("2 < 3 and <b>bold</b>", "2 < 3 and <b>bold</b>"),
        ],
    )
    def test_reasoning_left_in_the_text_is_taken_out(self, tmp_path: Path, text: str, visible: str):
        episode, heard = self.replies(tmp_path, text)
        assert episode.notes[0].text == visible
        assert heard == f"2\n\n[other agent]: {visible}"

    def test_maps_and_markup_are_handed_on_unchanged(self, tmp_path: Path):
        text = "  My map:\n```\n@..#\n.k.*\n```\n\n**go**  "
        episode, heard = self.replies(tmp_path, text)
        assert heard == f"2\n\n[other agent]: {text}"
        assert episode.notes[0].flags == []

    def test_a_long_note_is_cut_at_the_limit(self, tmp_path: Path):
        long = "x" * 20_000
        episode, heard = self.replies(tmp_path, long, max_chars=8_000)
        assert len(episode.notes[0].text) == 8_000
        assert episode.notes[0].flags == ["cut"]
        assert heard.endswith("x" * 8_000)
        assert len(heard) < 8_100
        episode, heard = self.replies(tmp_path, long)
        assert len(episode.notes[0].text) == 20_000
        assert episode.notes[0].flags == []

    @pytest.mark.parametrize(
        ("answer", "flags", "stop"),
        [
            (said("", stop="content_filter"), ["empty", "refused"], "content_filter"),
            (said("I cannot", stop="content_filter"), ["refused"], "content_filter"),
            (said("and so", stop="max_tokens"), ["max_tokens"], "max_tokens"),
            (said("full", stop="model_length"), ["max_tokens"], "model_length"),
            (said(" \n "), ["empty"], "stop"),
            (said("Yes.\n[other agent]: And now?"), ["role_bleed"], "stop"),
            (ModelOutput(model="mock", choices=[], usage=ModelUsage()), ["empty"], "unknown"),
        ],
    )
    def test_remarks(self, tmp_path: Path, answer: ModelOutput, flags: list[str], stop: str):
        episode, heard = self.replies(tmp_path, answer)
        note = episode.notes[0]
        assert [flag for flag in note.flags if flag != "estimated"] == flags
        assert note.stop == stop
        if "empty" in flags:
            assert note.text == ""
            assert heard == "2\n\n[other agent]: (empty note)"

    def test_usage_is_estimated_where_a_provider_reports_none(self, tmp_path: Path, monkeypatch):
        from inspect_ai.model import Model

        generate = Model.generate

        async def without_usage(self: Model, *args: object, **kwargs: object) -> ModelOutput:
            output = await generate(self, *args, **kwargs)  # type: ignore[arg-type]
            return output.model_copy(update={"usage": None})

        monkeypatch.setattr(Model, "generate", without_usage)
        episode, _ = self.replies(tmp_path, "a" * 41)
        first, second = episode.notes
        assert (first.input_tokens, first.output_tokens) == (0, 10)
        assert second.input_tokens == len("2\n\n[other agent]: " + "a" * 41) // 4
        assert first.flags == ["estimated"]

    def test_cached_tokens_are_kept_apart(self, tmp_path: Path):
        episode, _ = self.replies(tmp_path, said("hi", input_tokens=5, cached=95))
        assert (episode.notes[0].input_tokens, episode.notes[0].cached_tokens) == (5, 95)


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


class TestProbes:
    def play(self, tmp_path: Path, probing: bool):
        forks: list[list[ChatMessage]] = []

        def answer(messages: list[ChatMessage]) -> str:
            if messages[-1].text.endswith("Where?"):
                forks.append(list(messages))
                return "at the end"
            return f"note {len(messages)}"

        seats = (Seat(speaker(answer), "1", "s"), Seat(speaker(answer), "2", "s"))

        async def play(state: TaskState, episode: Episode) -> None:
            await converse(seats, episode, cap=5)
            if probing:
                await ask_privately(seats, episode, "Where?")
            show(state, episode, seats)

        return run(play, tmp_path), forks

    def test_they_leave_the_dialogue_as_it_was(self, tmp_path: Path):
        def dialogue(probing: bool) -> tuple[list[dict[str, object]], list[str]]:
            log, _ = self.play(tmp_path / str(probing), probing)
            notes = [note.model_dump(exclude={"seconds"}) for note in episode_of(log).notes]
            return notes, [m.text for m in sample_of(log).messages]

        assert dialogue(True) == dialogue(False)

    def test_both_seats_are_asked_at_the_end_of_their_own_context(self, tmp_path: Path):
        log, forks = self.play(tmp_path, True)
        probes = episode_of(log).probes
        assert [(p.seat, p.question, p.text) for p in probes] == [
            (1, "Where?", "at the end"),
            (2, "Where?", "at the end"),
        ]
        last = sorted(fork[-1].text for fork in forks)
        assert last == ["Where?", "[other agent]: note 6\n\nWhere?"]
        for fork in forks:
            roles = [m.role for m in fork][1:]
            assert all(a != b for a, b in pairwise(roles))

    def test_an_episode_read_from_a_store_can_be_asked_as_well(self, tmp_path: Path):
        forks: list[list[ChatMessage]] = []

        def answer(messages: list[ChatMessage]) -> str:
            forks.append(list(messages))
            return "here"

        async def play(state: TaskState, episode: Episode) -> None:
            episode.notes.append(Note(i=0, seat=1, model="m", text="hello"))
            model = speaker(answer)
            again = state.store_as(Episode)
            await ask_privately((Seat(model, "1"), Seat(lambda notes: "", "2")), again, "Where?")

        assert len(episode_of(run(play, tmp_path)).probes) == 1
        assert [m.text for m in forks[0]] == ["1", "hello", "Where?"]


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


@pytest.mark.parametrize("kind", [ChatMessageSystem, ChatMessageUser])
def test_openings_and_system_texts_are_optional(kind: type[ChatMessage]):
    seat = Seat(silence, "", None)
    assert context(seat, 1, []) == []
    assert not any(isinstance(m, kind) for m in context(seat, 1, []))
