"""What crosses over to the other seat, what is kept of a reply, and what is asked in private."""

from itertools import pairwise
from pathlib import Path

import pytest
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
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
    converse,
    show,
    totals,
)

from .two_seats import episode_of, run, said, sample_of, saying, speaker


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
