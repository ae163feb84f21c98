"""What a simulator needs of a dialogue: remarks beside notes, text kept from a seat, a moving prompt."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.model import (
    ChatMessage,
)
from inspect_ai.solver import TaskState

from interplay.solvers.dialogue import (
    Episode,
    Note,
    Seat,
    context,
    converse,
    unchanged,
)

from .two_seats import episode_of, run, saying, speaker


class TestStaging:
    """What a simulator needs: remarks beside notes, text kept from the other seat, a moving prompt."""

    def test_a_finished_note_is_what_is_kept_and_handed_on(self, tmp_path: Path):
        sent: list[str] = []

        def record(messages: list[ChatMessage]) -> str:
            sent.append(messages[-1].text)
            return "fine <bye>"

        def finish(note: Note) -> Note:
            text = note.text.removesuffix(" <bye>")
            end = "bye" if note.turn >= 2 and text != note.text else None
            return note.model_copy(update={"text": text, "raw": note.text, "end": end})

        async def play(state: TaskState, episode: Episode) -> None:
            model = speaker(record)
            await converse(
                (Seat(model, "1"), Seat(model, "2")),
                episode,
                finish=finish,
                ends=lambda notes: notes[-1].end,
            )

        episode = episode_of(run(play, tmp_path))
        assert [(n.turn, n.text, n.raw, n.end) for n in episode.notes] == [
            (0, "fine", "fine <bye>", None),
            (1, "fine", "fine <bye>", None),
            (1, "fine", "fine <bye>", None),
            (2, "fine", "fine <bye>", "bye"),
        ]
        assert episode.end == "bye"
        assert sent[1:] == ["2\n\n[other agent]: fine", "[other agent]: fine", "[other agent]: fine"]

    def test_a_remark_is_read_by_the_other_seat_alone(self, tmp_path: Path):
        sent: list[list[str]] = []

        def record(messages: list[ChatMessage]) -> str:
            sent.append([m.text for m in messages])
            return f"note {len(sent) - 1}"

        def finish(note: Note) -> Note:
            return note.model_copy(update={"note": f"remark {note.i}"}) if note.seat == 2 else note

        async def play(state: TaskState, episode: Episode) -> None:
            model = speaker(record)
            seats = (Seat(model, "1", incoming=unchanged), Seat(model, "2", incoming=unchanged))
            await converse(seats, episode, cap=4, finish=finish)
            again = context(seats[0], 1, episode.notes)
            assert [m.text for m in again][2::2] == [
                "note 1\n<note>remark 1</note>",
                "note 3\n<note>remark 3</note>",
            ]

        run(play, tmp_path)
        assert sent[2] == ["1", "note 0", "note 1\n<note>remark 1</note>"]
        assert sent[3] == ["2\n\nnote 0", "note 1", "note 2"]

    @pytest.mark.parametrize("system_role", ["system", "user"])
    def test_a_system_text_may_move_between_notes(self, system_role: Any, tmp_path: Path):
        heads: list[str] = []
        seen: list[int] = []

        def record(messages: list[ChatMessage]) -> str:
            heads.append(messages[0].text)
            return "note"

        async def before(notes: Sequence[Note]) -> None:
            seen.append(len(notes))

        async def play(state: TaskState, episode: Episode) -> None:
            model = speaker(record)
            moving = Seat(model, "1", lambda: f"mood {len(seen)}", system_role=system_role)
            await converse((moving, Seat(model, "2", "fixed")), episode, cap=5, before=before)

        run(play, tmp_path)
        assert seen == [0, 1, 2, 3, 4]
        assert [head.split("\n")[0] for head in heads] == ["mood 1", "fixed", "mood 3", "fixed", "mood 5"]

    def test_what_a_provider_sent_is_kept_where_it_is_not_the_text(self, tmp_path: Path):
        async def play(state: TaskState, episode: Episode) -> None:
            model = saying("<think>hm</think>go", "go", "a long note")
            await converse((Seat(model, "1"), Seat(model, "2")), episode, cap=3, max_chars=6)

        notes = episode_of(run(play, tmp_path)).notes
        assert [(n.text, n.raw) for n in notes] == [
            ("go", "<think>hm</think>go"),
            ("go", None),
            ("a long", "a long note"),
        ]
