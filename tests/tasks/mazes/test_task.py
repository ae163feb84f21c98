"""The three tasks: what they declare, what they refuse, and how an episode is played."""

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import Task, eval
from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import ChatMessage, Model, ModelOutput, ModelUsage, get_model

from interplay.solvers.dialogue import Episode
from interplay.tasks.catalog import PRESETS, TaskArgs, task_stamp
from interplay.tasks.mazes import maze_collab, maze_relay, maze_solo
from interplay.tasks.mazes.arguments import Collab, Game, Relay, Solo
from interplay.tasks.mazes.conditions import (
    GAMES,
    default_runs,
    game_of,
    required_roles,
    run_size,
    validate_roles,
)
from interplay.tasks.mazes.instances import load
from interplay.tasks.mazes.play import (
    action_lines,
    hand_over,
    model_opens,
    roles_bound,
    talk_in_pair,
    walk_alone,
)
from interplay.tasks.mistakes import UserMistake

TASKS: dict[str, Callable[..., Task]] = {
    "maze_solo": maze_solo,
    "maze_collab": maze_collab,
    "maze_relay": maze_relay,
}
SOLVERS = (roles_bound, walk_alone, talk_in_pair, hand_over)


def played(
    task: Task, log_dir: Path, model: str | Model = "reference/cartographer", **options: Any
) -> EvalLog:
    """The log of a run."""
    return eval(task, model=model, log_dir=str(log_dir), **options)[0]


def samples(log: EvalLog) -> list[EvalSample]:
    """Its samples."""
    assert log.status == "success", log.error
    return log.samples or []


def first_sample(log: EvalLog) -> EvalSample:
    """The first of them."""
    return samples(log)[0]


def notes_of(sample: EvalSample) -> list[tuple[int, str, str]]:
    """Seat, speaker and text of every note."""
    return [(note.seat, note.model, note.text) for note in sample.store_as(Episode).notes]


def saying(*texts: str, name: str = "talker") -> Model:
    """A model that says these texts in turn, the last one for ever."""
    rest = list(texts)

    def output(messages: list[ChatMessage], *_: object) -> ModelOutput:
        text = rest.pop(0) if len(rest) > 1 else rest[0]
        reply = ModelOutput.from_content("mockllm", text)
        reply.usage = ModelUsage(input_tokens=3, output_tokens=2, total_tokens=5)
        return reply

    return get_model(f"mockllm/{name}", custom_outputs=output)


PLAYERS = "cartographer, mute, follower, echo, contrarian, noisy, liar, colrow, early"
MISTAKES: list[tuple[str, TaskArgs, str]] = [
    (
        "maze_relay",
        {"k": 3},
        "k=3: relay changes the speaker of seat 1 and needs an even k; use 2 or 4.",
    ),
    ("maze_relay", {"k": 50}, "k=50: choose an even k from 0 to 48."),
    ("maze_relay", {"k": -1}, "k=-1: choose an even k from 0 to 48."),
    ("maze_relay", {"k": "two"}, "k=two: expected a whole number."),
    ("maze_relay", {"mode": "step"}, "mode=step: choose one of prime, recover."),
    ("maze_relay", {"control": "placebo"}, "control=placebo: choose one of none, transplant."),
    (
        "maze_relay",
        {"control": "transplant", "k": 4},
        "control=transplant with k=4, mode=prime: an opener is transplanted only with k=2, mode=prime.",
    ),
    (
        "maze_collab",
        {"condition": "C6", "assistance": 1},
        "assistance=1 with condition C6: C6 is assistance 2; use condition=C7.",
    ),
    ("maze_collab", {"assistance": 5}, "assistance=5: choose one of 0, 1, 2, 3, 4."),
    (
        "maze_collab",
        {"assistance": 3, "track": "structured"},
        "assistance=3 with track=structured: the structured track is assistance 2; drop assistance.",
    ),
    ("maze_collab", {"condition": "C3"}, "condition=C3: choose one of C4, C5, C6, C7."),
    ("maze_collab", {"track": "loose"}, "track=loose: choose one of free, commit, structured."),
    ("maze_collab", {"pairing": "other"}, "pairing=other: choose one of self, cross."),
    (
        "maze_collab",
        {"condition": "C5", "pairing": "cross"},
        "pairing=cross with condition C5: the partner of C5 is scripted; use condition=C7.",
    ),
    (
        "maze_collab",
        {"condition": "C5", "script": "foo"},
        f"script=foo: no such player; choose one of {PLAYERS}.",
    ),
    ("maze_collab", {"script": "garbler"}, f"script=garbler: no such player; choose one of {PLAYERS}."),
    (
        "maze_collab",
        {"script": "mute"},
        "script=mute with condition C7: scripted partners play in C5; use condition=C5.",
    ),
    (
        "maze_collab",
        {"starter": "alternate"},
        "starter=alternate with condition C7: the starter varies in C5; use condition=C5.",
    ),
    (
        "maze_solo",
        {"view": "full", "mode": "step"},
        "view=full, mode=step is no condition of the ladder; use view=distributed.",
    ),
    (
        "maze_solo",
        {"mode": "step", "critic": True},
        "critic=true with mode=step: the critic step reviews a plan; use mode=plan.",
    ),
    ("maze_solo", {"view": "half"}, "view=half: choose one of full, distributed."),
    ("maze_solo", {"critic": "maybe"}, "critic=maybe: choose true or false."),
    ("maze_solo", {"size": 7}, "size=7 with preset=standard: sizes vary only with preset=paper."),
    (
        "maze_collab",
        {"density": 0.5, "preset": "smoke"},
        "density=0.5 with preset=smoke: densities vary only with preset=paper.",
    ),
    ("maze_collab", {"density": "thin"}, "density=thin: expected a number; the game has 0.3."),
    ("maze_collab", {"size": 19, "preset": "paper"}, "size=19: the paper preset has sizes 4 to 18."),
    ("maze_solo", {"mazes": 50}, "mazes=50: standard-1 has 40 a family."),
    ("maze_relay", {"mazes": 101, "preset": "paper"}, "mazes=101: paper-1 has 100 a family."),
    ("maze_collab", {"mazes": 3, "preset": "smoke"}, "mazes=3: smoke has 2 a family."),
    ("maze_collab", {"mazes": 0}, "mazes=0: at least 1 a family is needed."),
    ("maze_collab", {"mazes": "all"}, "mazes=all: expected a whole number."),
    ("maze_collab", {"judge": 1}, "judge=1: choose true or false."),
    ("maze_solo", {"preset": "large"}, "preset=large: choose one of standard, paper, smoke."),
]


class TestWrongInput:
    @pytest.mark.parametrize(("task", "args", "sentence"), MISTAKES)
    def test_every_mistake_is_one_sentence(self, task: str, args: TaskArgs, sentence: str):
        with pytest.raises(UserMistake) as mistake:
            TASKS[task](**args)
        assert str(mistake.value) == sentence
        assert mistake.value.exit_code == 2

    def test_an_argument_that_a_task_does_not_have(self):
        with pytest.raises(UserMistake, match=r"^turns=9: maze_solo has no argument of that name\.$"):
            game_of("interplay/maze_solo", {"turns": 9})

    @pytest.mark.parametrize(
        ("task", "args", "bound", "sentence"),
        [
            (
                "maze_collab",
                {"pairing": "cross"},
                {"grader"},
                "pairing=cross needs a partner: add --model-role partner=MODEL.",
            ),
            ("maze_relay", {}, set(), "maze_relay needs a strong model: add --model-role strong=MODEL."),
            (
                "maze_solo",
                {"judge": True},
                {"partner"},
                "judge=true needs a grader: add --model-role grader=MODEL.",
            ),
            (
                "maze_collab",
                {},
                {"partner"},
                "role partner is bound but pairing=self; add -T pairing=cross or drop the role.",
            ),
            ("maze_collab", {"assistance": 9}, set(), "assistance=9: choose one of 0, 1, 2, 3, 4."),
        ],
    )
    def test_roles_are_checked_before_a_run(self, task: str, args: TaskArgs, bound: set[str], sentence: str):
        with pytest.raises(UserMistake) as mistake:
            validate_roles(task, args, bound)
        assert str(mistake.value) == sentence

    @pytest.mark.parametrize(
        ("task", "args", "needed"),
        [
            ("maze_solo", {}, set()),
            ("maze_collab", {"pairing": "cross", "judge": True}, {"partner", "grader"}),
            ("maze_relay", {"k": 4}, {"strong"}),
        ],
    )
    def test_needed_roles(self, task: str, args: TaskArgs, needed: set[str]):
        assert required_roles(task, args) == needed
        validate_roles(task, args, needed | {"someone"})

    @pytest.mark.parametrize(
        ("task", "roles", "sentence"),
        [
            (maze_collab(preset="smoke", pairing="cross"), {}, "pairing=cross needs a partner"),
            (maze_collab(preset="smoke"), {"partner": "reference/mute"}, "role partner is bound"),
            (maze_relay(preset="smoke"), {}, "maze_relay needs a strong model"),
            (maze_solo(preset="smoke", judge=True), {}, "judge=true needs a grader"),
        ],
    )
    def test_roles_of_a_task_from_python_are_checked_before_the_first_call(
        self, task: Task, roles: dict[str, str | Model], sentence: str, tmp_path: Path
    ):
        log = played(task, tmp_path, model_roles=roles)
        assert log.status == "error"
        assert log.error is not None
        assert sentence in log.error.message
        events = [event for sample in log.samples or [] for event in sample.events]
        assert not any(isinstance(event, ModelEvent) for event in events)

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (
                ["interplay/maze_collab", "-T", "pairing=cross"],
                "pairing=cross needs a partner: add --model-role partner=MODEL.",
            ),
            (
                ["interplay/maze_relay", "--model-role", "strong=reference/mute", "-T", "k=3"],
                "k=3: relay changes the speaker of seat 1 and needs an even k; use 2 or 4.",
            ),
        ],
    )
    def test_inspect_prints_the_sentence_and_exits_with_2(
        self, words: list[str], sentence: str, tmp_path: Path
    ):
        program = Path(sys.executable).with_name("inspect")
        command = [str(program), "eval", *words, "--model", "reference/mute", "--log-dir", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 2
        assert f"Error: {sentence}" in " ".join((done.stdout + done.stderr).split())
        assert "Traceback" not in done.stdout + done.stderr
        assert list(tmp_path.glob("*.eval")) == []


class TestDeclaration:
    @pytest.mark.parametrize(
        ("game", "number", "orders"),
        [
            (Solo(view="full"), 120, {"AB"}),
            (Solo(), 240, {"AB", "BA"}),
            (Solo(mode="step"), 240, {"AB", "BA"}),
            (Collab(condition="C4"), 120, {"AB"}),
            (Collab(condition="C5"), 240, {"AB", "BA"}),
            (Collab(condition="C6"), 240, {"AB", "BA"}),
            (Collab(), 240, {"AB", "BA"}),
            (Collab(mazes=20), 120, {"AB", "BA"}),
            (Relay(mazes=20), 120, {"AB", "BA"}),
            (Collab(preset="paper"), 100, {"AB"}),
            (Solo(preset="paper", size=5), 100, {"AB"}),
            (Collab(preset="smoke"), 6, {"AB"}),
        ],
    )
    def test_number_of_samples_and_orders(self, game: Game, number: int, orders: set[str]):
        args = {n: v for n, v in vars(game).items() if n in game.__dataclass_fields__}
        dataset = TASKS[game.task](**args).dataset
        assert len(dataset) == number == game.samples
        assert len({sample.id for sample in dataset}) == number
        assert {(sample.metadata or {})["seat"] for sample in dataset} == orders

    @pytest.mark.parametrize("task", TASKS)
    def test_defaults_are_those_of_the_records(self, task: str):
        defaults = {n: p.default for n, p in inspect.signature(TASKS[task]).parameters.items()}
        assert defaults == vars(GAMES[task]())

    def test_ids_metadata_and_stamp(self):
        task = maze_collab(mazes=1)
        assert task.version == "1.0.0"
        maze = load("standard-1")[0]
        sample = task.dataset[1]
        assert sample.id == "standard-1-bernoulli-001-BA"
        assert sample.metadata == {
            "maze_id": "standard-1-bernoulli-001",
            "family": "bernoulli",
            "seat": "BA",
            "condition": "C7",
            "track": "commit",
            "assistance": 0,
            "pairing": "self",
            "script": None,
            "maze": maze.model_dump(mode="json"),
        }
        assert task.metadata == {"interplay": task_stamp("maze_collab", "standard", list(task.dataset))}

    @pytest.mark.parametrize(
        ("preset", "score"),
        [("standard", "success_corrected"), ("paper", "weighted_favourable"), ("smoke", "success_corrected")],
    )
    def test_the_ranking_metric(self, preset: Any, score: str):
        headline = maze_collab(preset=preset, mazes=1).headline_metric
        assert headline is not None
        assert (headline.scorer, headline.score) == ("maze", score)

    @pytest.mark.parametrize(
        ("game", "expected"),
        [
            (Collab(condition="C6"), ("C6", "commit", 2, "self", None)),
            (Collab(track="structured"), ("C7", "structured", 2, "self", None)),
            (Collab(condition="C5", script="liar"), ("C5", "commit", 0, "self", "liar")),
            (Collab(pairing="cross", assistance=4), ("C7", "commit", 4, "cross", None)),
            (Collab(preset="paper"), ("C7", "free", 0, "self", None)),
            (Solo(mode="step"), ("C3", "free", 0, "solo", None)),
            (Relay(), ("C7", "commit", 0, "relay", None)),
        ],
    )
    def test_metadata_says_what_is_played(self, game: Game, expected: tuple[object, ...]):
        from interplay.tasks.mazes.dataset import samples_of

        metadata = samples_of(game)[0].metadata or {}
        keys = ("condition", "track", "assistance", "pairing", "script")
        assert tuple(metadata[key] for key in keys) == expected

    def test_smoke_holds_mazes_that_silence_does_not_solve(self):
        mazes = {maze.maze_id: maze for maze in load("standard-1")}
        for sample in maze_solo(preset="smoke").dataset:
            maze = mazes[(sample.metadata or {})["maze_id"]]
            assert not any(plan.hit for plan in maze.silent.values())

    @pytest.mark.parametrize("preset", PRESETS)
    def test_default_runs_are_tasks_with_valid_arguments(self, preset: Any):
        conditions: list[str] = []
        for task, args in default_runs(preset):
            game = game_of(task, {"preset": preset, **args})
            assert isinstance(game, Solo | Collab)
            conditions.append(game.condition)
            assert not game.needed_roles
        assert conditions == (["C1", "C2", "C7"] if preset == "paper" else ["C3", "C7"])

    def test_the_expected_size_of_the_headline_run(self):
        size = run_size("maze_collab", {"condition": "C7", "track": "free"})
        assert (size.samples, size.calls) == (240, 25)
        assert size.samples * size.input_tokens == pytest.approx(11e6, rel=0.05)
        assert size.samples * size.output_tokens == pytest.approx(0.7e6, rel=0.05)
        assert run_size("maze_collab", {"condition": "C5", "track": "free"}).calls == 12.5
        assert run_size("maze_collab", {}).calls == 27
        assert run_size("maze_solo", {"view": "full", "preset": "paper"}).calls == 2


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
        assert all(action_lines(note.text) for note in episode.notes)
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
    ("text", "lines"),
    [
        ("Hello.\nACTION: PROPOSE 0,1", ["ACTION: PROPOSE 0,1"]),
        ("Yes.\nACTION: ACCEPT\nACTION: PROPOSE 0,2\n", ["ACTION: ACCEPT", "ACTION: PROPOSE 0,2"]),
        ("ACTION: ACCEPT\nand more", []),
        ("ACTION: WAIT", []),
        ("ACTION: PROPOSE right", []),
        ("", []),
    ],
)
def test_action_lines_stand_at_the_end(text: str, lines: list[str]):
    assert action_lines(text) == lines
