"""How an episode of each task is played."""

import re
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import Task
from inspect_ai.model import Model

from interplay.solvers.dialogue import Episode, Note
from interplay.tasks.mazes import maze_collab, maze_relay, maze_solo
from interplay.tasks.mazes.play import (
    asks_for_action,
    model_opens,
)

from .playing import first_sample, notes_of, played, samples, saying


@pytest.mark.parametrize(
    ("task", "solver"),
    [
        (maze_solo(preset="smoke", mazes=1), "walk_alone"),
        (maze_collab(preset="smoke", mazes=1), "talk_in_pair"),
        (maze_relay(preset="smoke", mazes=1), "hand_over"),
    ],
)
def test_a_log_names_the_steps_of_its_plan(task: Task, solver: str, tmp_path: Path):
    roles: dict[str, str | Model] = {"strong": "reference/mute"}
    log = played(task, tmp_path, model_roles=roles, limit=1)
    assert [step.solver for step in log.plan.steps] == ["interplay/roles_bound", f"interplay/{solver}"]


class TestPlay:
    def test_alone_with_a_plan(self, tmp_path: Path):
        sample = first_sample(played(maze_solo(preset="smoke", mazes=1), tmp_path))
        (note,) = notes_of(sample)
        assert note[:2] == (1, "reference/cartographer")
        assert "Route:" in note[2]
        assert sample.store_as(Episode).end == "answer"
        assert [m.role for m in sample.messages] == ["user", "assistant"]
        assert sample.metadata["starter"] == "reference/cartographer"
        assert sample.metadata["second"] is None

    def test_the_critic_asks_once(self, tmp_path: Path):
        log = played(maze_solo(preset="smoke", mazes=1, critic=True), tmp_path)
        texts = [text for _, _, text in notes_of(first_sample(log))]
        assert len(texts) == 3
        assert texts[1].startswith("[user]: Check that your final route is complete")
        assert [m.role for m in first_sample(log).messages] == ["user", "assistant", "user", "assistant"]

    def test_alone_step_by_step(self, tmp_path: Path):
        sample = first_sample(played(maze_solo(preset="smoke", mazes=1, mode="step"), tmp_path))
        episode = sample.store_as(Episode)
        own = [note for note in episode.notes if note.seat == 1]
        other = [note for note in episode.notes if note.seat == 2]
        assert {(note.model, note.text, note.calls) for note in other} == {
            ("script", "[user]: Noted. Go on.", 0)
        }
        assert own[-1].text.endswith("\nTAVIREL!")
        assert episode.end == "phrase"
        assert episode.probes == []

    def test_steps_are_capped_like_notes(self, tmp_path: Path):
        log = played(maze_solo(preset="smoke", mazes=1, mode="step"), tmp_path, saying("Move to (0, 1)."))
        episode = first_sample(log).store_as(Episode)
        assert episode.end == "cap"
        assert sum(note.seat == 1 for note in episode.notes) == 50
        assert len(episode.notes) == 99

    def test_a_pair_agrees_and_commits(self, tmp_path: Path):
        log = played(maze_collab(preset="smoke"), tmp_path)
        for sample in samples(log):
            episode = sample.store_as(Episode)
            assert episode.end == "phrase"
            assert {note.model for note in episode.notes} == {"reference/cartographer"}
            assert [probe.seat for probe in episode.probes] == [1, 2]
            assert all('"finished": true' in probe.text for probe in episode.probes)
            assert all(
                probe.question.startswith("[user]: This question is private") for probe in episode.probes
            )
            assert sample.messages[0].text.startswith("You are one of two agents")
            assert sample.messages[1].text == str(sample.input).split("\n=== seat 2 ===\n")[0]
            assert not any("private" in message.text for message in sample.messages)

    def test_free_talk_has_no_probe(self, tmp_path: Path):
        log = played(maze_collab(preset="smoke", mazes=1, track="free"), tmp_path)
        assert first_sample(log).store_as(Episode).probes == []

    def test_both_hold_the_full_map_in_c4(self, tmp_path: Path):
        log = played(maze_collab(condition="C4", preset="smoke", mazes=1), tmp_path)
        assert first_sample(log).store_as(Episode).end == "phrase"

    def test_cross_play_puts_the_partner_in_seat_2(self, tmp_path: Path):
        task = maze_collab(preset="smoke", mazes=1, pairing="cross")
        roles: dict[str, str | Model] = {"partner": "reference/follower"}
        sample = first_sample(played(task, tmp_path, model_roles=roles))
        assert {(seat, model) for seat, model, _ in notes_of(sample)} == {
            (1, "reference/cartographer"),
            (2, "reference/follower"),
        }
        assert sample.metadata["starter"] == "reference/cartographer"
        assert sample.metadata["second"] == "reference/follower"

    def test_structured_notes_end_with_actions_and_done_ends_the_game(self, tmp_path: Path):
        log = played(maze_collab(preset="smoke", mazes=1, track="structured"), tmp_path)
        episode = first_sample(log).store_as(Episode)
        assert all(asks_for_action(note) is None for note in episode.notes)
        assert not any(note.flags for note in episode.notes)
        assert episode.end in ("phrase", "done")
        speaker = saying("Hello.", "Hello again.\nACTION: PROPOSE 0,1", "Fine.\nACTION: DONE")
        log = played(maze_collab(preset="smoke", mazes=1, track="structured"), tmp_path, speaker, limit=1)
        episode = first_sample(log).store_as(Episode)
        assert [(note.calls, note.flags) for note in episode.notes] == [(2, []), (1, [])]
        assert episode.end == "done"

    @pytest.mark.parametrize(
        ("preset", "text", "end"),
        [
            ("smoke", 'I shall write "TAVIREL!" at the goal.', "cap"),
            ("smoke", "We are there.\nTAVIREL!", "phrase"),
            ("paper", 'I shall write "TAVIREL!" at the goal.', "phrase"),
        ],
    )
    def test_when_the_phrase_ends_the_game(self, preset: Any, text: str, end: str, tmp_path: Path):
        log = played(maze_collab(preset=preset, mazes=1), tmp_path, saying("Hello.", text), limit=1)
        assert first_sample(log).store_as(Episode).end == end

    @pytest.mark.parametrize(("preset", "length"), [("smoke", 8_000), ("paper", 20_000)])
    def test_long_notes_are_cut_except_in_the_paper_setting(self, preset: Any, length: int, tmp_path: Path):
        log = played(maze_collab(preset=preset, mazes=1), tmp_path, saying("x" * 20_000, "TAVIREL!"), limit=1)
        assert len(first_sample(log).store_as(Episode).notes[0].text) == length

    def test_empty_notes_end_an_episode(self, tmp_path: Path):
        log = played(maze_collab(preset="smoke", mazes=1), tmp_path, saying(""), limit=1)
        episode = first_sample(log).store_as(Episode)
        assert (episode.end, len(episode.notes)) == ("silent", 5)

    @pytest.mark.parametrize("stop", ["stop", "max_tokens"])
    def test_a_pair_that_says_nothing_has_lost(self, stop: Any, tmp_path: Path):
        log = played(maze_collab(preset="smoke", mazes=1), tmp_path, saying("", stop=stop), limit=1)
        (score,) = (first_sample(log).scores or {}).values()
        assert (score.as_dict()["success_strict"], score.as_dict()["notes"]) == (0, 5)
        assert score.explanation == "The agreed steps stop short of the goal, after 0 legal agreed steps."

    @pytest.mark.parametrize("mode", ["plan", "step"])
    def test_a_player_alone_that_says_nothing_has_lost(self, mode: Any, tmp_path: Path):
        log = played(maze_solo(preset="smoke", mazes=1, mode=mode), tmp_path, saying(""), limit=1)
        (score,) = (first_sample(log).scores or {}).values()
        assert score.as_dict()["success_strict"] == 0

    @pytest.mark.parametrize("stop", ["content_filter", "unknown"])
    def test_notes_that_the_provider_withheld_are_not_scored(self, stop: Any, tmp_path: Path):
        log = played(maze_collab(preset="smoke", mazes=1), tmp_path, saying("", stop=stop), limit=1)
        (score,) = (first_sample(log).scores or {}).values()
        assert (score.reason, score.explanation) == ("no_response", "The provider withheld every note.")

    def test_a_limit_of_inspect_keeps_what_was_said(self, tmp_path: Path):
        log = played(maze_collab(preset="smoke", mazes=1), tmp_path, message_limit=9, limit=1)
        sample = first_sample(log)
        assert sample.limit is not None
        episode = sample.store_as(Episode)
        assert episode.end is None
        assert len(episode.notes) >= 7
        assert sample.metadata["starter"] == "reference/cartographer"


class TestScriptedPartner:
    def test_the_model_opens_by_default(self, tmp_path: Path):
        task = maze_collab(condition="C5", script="follower", mazes=1)
        for sample in samples(played(task, tmp_path)):
            assert sample.metadata["starter"] == "reference/cartographer"
            assert sample.metadata["second"] == "reference/follower"

    def test_alternating_starters_hold_each_half_equally_often(self, tmp_path: Path):
        task = maze_collab(condition="C5", script="follower", starter="alternate", mazes=2)
        opened: dict[str, str] = {}
        for sample in samples(played(task, tmp_path)):
            number = sample.metadata["maze_id"][-3:]
            opened[f"{number}-{sample.metadata['seat']}"] = sample.metadata["starter"]
            assert notes_of(sample)[0][1] == sample.metadata["starter"]
        assert {place for place, name in opened.items() if name == "reference/cartographer"} == {
            "001-BA",
            "002-AB",
        }

    def test_in_every_maze_the_model_opens_once(self):
        for number in range(1, 41):
            assert model_opens(f"standard-1-perfect-{number:03d}", "AB") == (number % 2 == 0)
            assert model_opens(f"standard-1-perfect-{number:03d}", "BA") == (number % 2 == 1)


class TestRelay:
    @pytest.mark.parametrize(
        ("k", "mode", "strong_notes"),
        [(2, "prime", {0}), (4, "prime", {0, 2}), (2, "recover", {2, 4, 6})],
    )
    def test_the_strong_model_speaks_in_its_notes(
        self, k: int, mode: Any, strong_notes: set[int], tmp_path: Path
    ):
        roles: dict[str, str | Model] = {"strong": "reference/cartographer"}
        task = maze_relay(k=k, mode=mode, preset="smoke", mazes=1)
        log = played(task, tmp_path, model="reference/follower", model_roles=roles, limit=1)
        speakers = [model for _, model, _ in notes_of(first_sample(log))][:8]
        assert {i for i, name in enumerate(speakers) if name == "reference/cartographer"} == strong_notes
        starter = "reference/cartographer" if 0 in strong_notes else "reference/follower"
        assert first_sample(log).metadata["starter"] == starter

    def test_a_transplanted_opener_tells_nothing_of_either_maze(self, tmp_path: Path):
        roles: dict[str, str | Model] = {"strong": "reference/cartographer"}
        task = maze_relay(control="transplant", mazes=2)
        log = played(task, tmp_path, model="reference/follower", model_roles=roles)
        for sample in samples(log):
            donor = sample.metadata["donor"]
            assert donor.rsplit("-", 1)[0] == sample.metadata["maze_id"].rsplit("-", 1)[0]
            assert donor != sample.metadata["maze_id"]
            seat, speaker, opener = notes_of(sample)[0]
            assert (seat, speaker) == (1, "reference/cartographer")
            assert "counted from 0 at the top left" in opener
            assert not re.search(r"[.#k*]{3}", opener)
            assert "goal" not in opener
            assert {model for _, model, _ in notes_of(sample)[1:]} == {"reference/follower"}

    def test_the_donor_of_a_maze_is_the_same_however_many_are_played(self):
        few, all_of_them = maze_relay(control="transplant", mazes=1), maze_relay(control="transplant")
        donors = {s.id: (s.metadata or {})["donor"] for s in all_of_them.dataset}
        assert {s.id: (s.metadata or {})["donor"] for s in few.dataset}.items() <= donors.items()
        assert donors["standard-1-perfect-040-AB"] == "standard-1-perfect-001"


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("Hello.\nACTION: PROPOSE 0,1", True),
        ("Yes.\nACTION: ACCEPT\nACTION: PROPOSE 0,2\n", True),
        ("ACTION: DONE", True),
        ("ACTION: WAIT", False),
        ("ACTION: PROPOSE right", False),
        ("I accept.", False),
        ("", False),
    ],
)
def test_a_note_without_a_valid_action_line_is_asked_for_again(text: str, valid: bool):
    asked = asks_for_action(Note(i=0, seat=1, model="m", text=text))
    again = "[user]: No valid ACTION line was found. Write your note again and end it with one."
    assert asked == (None if valid else again)
