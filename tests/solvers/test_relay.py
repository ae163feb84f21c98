"""Who speaks for seat 1 when, and what is left of a transplanted opener."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.model import ChatMessage
from inspect_ai.solver import TaskState

from interplay.scorers.route_cells import Mention, find_steps
from interplay.solvers.dialogue import Episode, Seat, ask_privately, converse
from interplay.solvers.relay import relay, speaks_strong, transplanted_opener, without_content

from .two_seats import counting, episode_of, run, said, saying, speaker


def schedule(k: int, mode: str, notes: int = 8) -> str:
    """Letters of the speakers of the first notes: S strong, w weak."""
    return "".join("S" if speaks_strong(i, k, mode) else "w" for i in range(notes))  # type: ignore[arg-type]


class TestSchedule:
    @pytest.mark.parametrize(
        ("k", "mode", "speakers"),
        [
            (0, "prime", "wwwwwwww"),
            (2, "prime", "Swwwwwww"),
            (4, "prime", "SwSwwwww"),
            (6, "prime", "SwSwSwww"),
            (0, "recover", "SwSwSwSw"),
            (2, "recover", "wwSwSwSw"),
            (4, "recover", "wwwwSwSw"),
        ],
    )
    def test_k_counts_notes_of_both_seats(self, k: int, mode: str, speakers: str):
        assert schedule(k, mode) == speakers

    @given(st.integers(0, 24), st.integers(0, 60))
    def test_the_two_modes_complement_each_other_in_seat_1(self, half: int, i: int):
        in_either = speaks_strong(i, 2 * half, "prime") != speaks_strong(i, 2 * half, "recover")
        assert in_either == (i % 2 == 0)

    @pytest.mark.parametrize(
        ("k", "mode", "models"),
        [
            (2, "prime", ["strong", "weak", "weak", "weak", "weak", "weak"]),
            (2, "recover", ["weak", "weak", "strong", "weak", "strong", "weak"]),
        ],
    )
    def test_in_play_and_the_last_speaker_answers_the_probe(
        self, tmp_path: Path, k: int, mode: str, models: list[str]
    ):
        async def play(state: TaskState, episode: Episode) -> None:
            weak, strong = counting("weak"), counting("strong")
            seats = (Seat(weak, "1"), Seat(weak, "2"))
            await converse(seats, episode, cap=6, speaker=relay(k, mode, strong))  # type: ignore[arg-type]
            await ask_privately(seats, episode, "Where?")

        episode = episode_of(run(play, tmp_path))
        assert [note.model.removeprefix("mockllm/") for note in episode.notes] == models
        assert episode.probes[0].model.removeprefix("mockllm/") == models[-2]
        assert episode.probes[1].model == "mockllm/weak"


OPENER = """\
I write cells as (row, col), counted from 0 at the top left. The goal is at (1,4), my key is at (3,4).
My map:
@...??
0: .??#*?
| . # k ? |
Let us agree on each step... We start at (0,0). Row 2 is ?#????. I propose (0,1) as move 1!
Please send your map; my key is at row 3, column 4; then I plan.
"""
KEPT = """\
I write cells as (row, col), counted from 0 at the top left.
My map:
@?????
0: ??????
| ? ? ? ? |
Let us agree on each step... We start at (0,0). Row 2 is ???????
Please send your map; then I plan."""


class TestTransplant:
    def test_an_opener_loses_its_map_and_its_cells(self):
        assert without_content(OPENER) == KEPT

    @pytest.mark.parametrize(
        ("opener", "kept"),
        [
            ("I count from 1. The start is (1,1). The goal is (5,2).", "I count from 1. The start is (1,1)."),
            ("I count from 0. Let us go to (1,1).", "I count from 0."),
            ("The start is (0,0). Is (1,1) open?", "The start is (0,0)."),
            (
                "Columns are letters. The start is A1. The goal is C5.",
                "Columns are letters. The start is A1.",
            ),
            ("The start is row 1, column 1. A wall is at row 2, column 1.", "The start is row 1, column 1."),
            ("The goal is at (3,4).", ""),
            ("I propose to go right.", "I propose to go right."),
            ("Row 0: @.#..? Row 1: ..k... Hm...", "Row 0: @????? Row 1: ?????? Hm..."),
            ('["@", ".", "#"],\n["k", "?", "*"]', '["@", "?", "?"],\n["?", "?", "?"]'),
            ("Row 1 is . . # k ? ? (mine), ok?", "Row 1 is ? ? ? ? ? ? (mine), ok?"),
            ("row 2 = .#k\nWell... let us start, ok.", "row 2 = ???\nWell... let us start, ok."),
            ("", ""),
        ],
    )
    def test_in_other_notations(self, opener: str, kept: str):
        assert without_content(opener) == kept

    @given(st.text(alphabet="@.#k*? \n(0123,)ABrow", max_size=80))
    def test_no_cell_but_the_start_is_left(self, opener: str):
        left = without_content(opener)
        named = [found.step for line in left.splitlines() for found in find_steps(line)]
        starts = {(0, 0), (1, 1), (0, 1), (1, 0)}
        assert all((s.first, s.second) in starts for s in named if isinstance(s, Mention))

    def test_it_is_written_for_the_other_maze_and_opens_this_one(self, tmp_path: Path):
        sent: list[list[ChatMessage]] = []

        def opening(messages: list[ChatMessage]) -> str:
            sent.append(list(messages))
            return "I count from 0. My goal is (4,4)."

        heard: list[list[ChatMessage]] = []

        def weak_says(messages: list[ChatMessage]) -> str:
            heard.append(list(messages))
            return "ok"

        async def play(state: TaskState, episode: Episode) -> None:
            strong, weak = speaker(opening, "strong"), speaker(weak_says, "weak")
            seats = (Seat(weak, "this maze", "rules"), Seat(weak, "other half", "rules"))
            note = await transplanted_opener(strong, seats[0]._replace(opening="next maze"), 8_000)
            episode.notes.append(note)
            await converse(seats, episode, cap=3, speaker=relay(2, "prime", strong))

        episode = episode_of(run(play, tmp_path))
        assert [[m.text for m in messages] for messages in sent] == [["rules", "next maze"]]
        first = episode.notes[0]
        assert (first.i, first.seat, first.model, first.text) == (0, 1, "mockllm/strong", "I count from 0.")
        assert (first.calls, first.output_tokens) == (1, 7)
        assert [m.text for m in heard[0]] == ["rules", "other half\n\n[other agent]: I count from 0."]
        assert [m.text for m in heard[1]] == ["rules", "this maze", "I count from 0.", "[other agent]: ok"]
        assert len(episode.notes) == 3

    def test_an_opener_that_was_all_content_is_handed_on_as_empty(self, tmp_path: Path):
        async def play(state: TaskState, episode: Episode) -> None:
            strong = saying(said("The goal is (4,4)."))
            episode.notes.append(await transplanted_opener(strong, Seat(strong, "x"), None))

        assert episode_of(run(play, tmp_path)).notes[0].flags == ["empty"]
