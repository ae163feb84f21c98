"""One row a run of the mazes, from samples by hand: what it was, on which mazes, how it ended."""

import pytest

from interplay.leaderboard.analysis.judges import judged
from interplay.leaderboard.analysis.maze_runs import efficiency, game_of, mazes_of, means, overview, setting
from interplay.leaderboard.analysis.mazes import tables
from interplay.leaderboard.rows import LogRows
from interplay.tasks.observations import Observation
from tests.leaderboard.plain_rows import log, sample

from .test_mazes_tables import seen


@pytest.mark.parametrize(
    ("task", "args", "expected"),
    [
        ("maze_collab", {"condition": "C7"}, "maze_collab C7"),
        ("maze_collab", {"condition": "C7", "pairing": "self", "assistance": 0, "critic": False},
         "maze_collab C7"),
        ("maze_collab", {"condition": "C7", "pairing": "cross"}, "maze_collab C7 pairing=cross"),
        ("maze_collab", {"condition": "C7", "assistance": 4, "critic": True},
         "maze_collab C7 assistance=4 critic=True"),
        ("maze_collab", {"condition": "C5", "script": "noisy"}, "maze_collab C5 script=noisy"),
        ("maze_collab", {"condition": "C7", "script": "noisy"}, "maze_collab C7"),
        ("maze_solo", {"view": "half", "mode": "step"}, "maze_solo half step"),
        ("maze_relay", {"k": 2, "control": "transplant"}, "maze_relay control=transplant k=2"),
        ("maze_relay", {"k": 0, "control": "none"}, "maze_relay k=0"),
        ("maze_collab", {"condition": "C7", "track": "structured"}, "maze_collab C7 structured"),
        ("maze_collab", {"condition": "C7", "track": "commit", "starter": "model"}, "maze_collab C7"),
        ("maze_collab", {"condition": "C5", "script": "noisy", "starter": "alternate", "mazes": 20},
         "maze_collab C5 script=noisy starter=alternate mazes=20"),
        ("maze_collab", {"condition": "C7", "size": 8, "density": 0.4},
         "maze_collab C7 size=8 density=0.4"),
    ],
)  # fmt: skip
def test_a_run_is_named_by_what_is_not_plain(task: str, args: dict[str, object], expected: str) -> None:
    assert setting(log([], task, args=args)) == expected


def test_another_preset_is_named() -> None:
    assert setting(log([], "maze_collab", args={"condition": "C7"}, preset="smoke")) == "maze_collab C7 smoke"


@pytest.mark.parametrize(
    ("preset", "track", "expected"),
    [
        ("standard", "free", "maze_collab C7 track=free"),
        ("smoke", "free", "maze_collab C7 track=free smoke"),
        ("paper", "free", "maze_collab C7 paper"),
        ("paper", "commit", "maze_collab C7 track=commit paper"),
    ],
)
def test_a_track_that_is_not_the_presets_is_named(preset: str, track: str, expected: str) -> None:
    run = log([], "maze_collab", args={"condition": "C7", "track": track}, preset=preset)
    assert setting(run) == expected


def test_the_other_models_of_a_run_are_named() -> None:
    crossed = log([], args={"condition": "C7", "pairing": "cross"}, roles={"partner": "a/b"})
    assert setting(crossed) == "maze_collab C7 pairing=cross partner=a/b"
    relayed = log([], "maze_relay", args={"k": 2}, roles={"strong": "a/b", "grader": "c/d"})
    assert setting(relayed) == "maze_relay k=2 strong=a/b"


@pytest.mark.parametrize(
    ("about", "name"),
    [
        ({"condition": "C7", "pairing": "self", "assistance": "0"}, "C7"),
        ({"condition": "C7", "pairing": "cross", "assistance": "0"}, "C7 cross"),
        ({"condition": "C7", "pairing": "relay", "assistance": "0"}, "relay"),
        ({"condition": "C7", "assistance": "2", "track": "structured"}, "C7 structured"),
        ({"condition": "C7", "assistance": "4"}, "C7 assistance 4"),
        ({"condition": "C6", "assistance": "2"}, "C6"),
        ({"condition": "C5", "script": "noisy"}, "C5 noisy"),
        ({"condition": "C3", "script": "noisy"}, "C3"),
    ],
)
def test_a_game_is_named_by_what_is_not_plain(about: dict[str, str], name: str) -> None:
    assert game_of(seen("a", None, words=None, model="m", errored=False, **about)) == name


def test_a_mean_counts_mazes_alike() -> None:
    observed = [seen("a", {"notes": 1}), seen("a", {"notes": 3}), seen("b", {"notes": 6}), seen("c")]
    assert means(observed, "notes") == 4.0
    assert means(observed, "success_strict") is None


def test_tokens_are_the_median_over_samples_of_their_efficiency() -> None:
    observed = [seen("a", {"features.efficiency": x, "seats.1.visible": 1000.0}) for x in (15.0, 150.0, 10.0)]
    assert efficiency([*observed, seen("b")]) == 15
    assert efficiency([seen("a", {"seats.1.visible": 9.0})]) is None


def test_mazes_of_another_preset_size_or_density_are_others() -> None:
    plain = {"condition": "C7", "size": 6, "density": 0.3}
    assert mazes_of(log([], args=plain).header) == "standard"
    assert mazes_of(log([], args=plain, preset="paper").header) == "paper"
    drawn = log([], args=plain | {"size": 8}, preset="paper")
    assert mazes_of(drawn.header) == "paper, size 8, density 0.3"


def test_success_has_the_interval_of_the_ladder_and_one_maze_none() -> None:
    samples = [
        sample(f"m-{i}", value=float(i % 3 > 0), condition="C1",
               numbers={"maze.success_strict": float(i % 3 > 0)})
        for i in range(30)
    ]  # fmt: skip
    runs, conditions, *_ = tables([log(samples, args={"condition": "C1"})])
    ((_, _, value, interval, _),) = conditions.rows
    assert runs.rows[0][3:7] == (pytest.approx(value), interval, pytest.approx(value), interval)
    assert value == pytest.approx(2 / 3)
    (row,) = overview([log(samples[:1], args={"condition": "C1"})]).rows
    assert row[3:7] == (0.0, None, 0.0, None)


def test_runs_on_other_mazes_have_tables_of_their_own() -> None:
    hit, miss = ([sample(f"standard-1-bernoulli-00{i}", value=v) for i in (1, 2)] for v in (1.0, 0.0))
    args = {"condition": "C7"}
    found = tables([log(hit, args=args), log(miss, args=args, preset="smoke")])
    values = {t.title: t.rows[0][2] for t in found if t.title.startswith("Corrected success by condition")}
    assert values == {
        "Corrected success by condition (standard)": 1.0,
        "Corrected success by condition (smoke)": 0.0,
    }
    assert [len(table.rows) for table in found if table.title == "Runs"] == [2]


def test_the_score_of_the_paper_stands_where_its_preset_was_run() -> None:
    samples = [sample("paper-1-x-1", numbers={"maze.weighted_favourable": 0.5})]
    table = overview([log(samples, args={"condition": "C7"}, preset="paper")])
    assert dict(zip(table.columns, table.rows[0], strict=True))["weighted"] == 0.5
    assert "weighted" not in overview([log(samples, args={"condition": "C7"})]).columns


def test_runs_of_which_much_is_contested_are_named() -> None:
    def run(contested: float, model: str) -> LogRows:
        numbers = {"maze.success_strict": 0.0, "maze.success_favourable": contested}
        return log([sample("m-1", numbers=numbers)], args={"condition": "C7"}, model=model)

    note = overview([run(0.05, "a/calm"), run(0.06, "b/vague")]).note
    assert note.endswith("look at the transcripts: b/vague maze_collab C7.")
    assert "look at" not in overview([run(0.05, "a/calm")]).note


def test_errors_and_unscored_samples_stand_apart() -> None:
    numbers = {"maze.success_strict": 0.25, "maze.success_favourable": 0.75}
    samples = [sample("m-1", numbers=numbers), sample("m-1", "BA", None)]
    samples += [sample("m-2", errored=True), sample("m-2", "BA", None)]
    table = overview([log(samples, args={"condition": "C7"})])
    row = dict(zip(table.columns, table.rows[0], strict=True))
    assert (row["mazes"], row["errors"], row["unscored"]) == (2, 1, 2)
    assert (row["strict"], row["contested"], row["commit"]) == (0.25, 0.5, None)


@pytest.mark.parametrize(("wrong", "doubted"), [(0, False), (1, False), (2, True)])
def test_a_judge_is_doubted_below_a_kappa_of_0_7_alone(wrong: int, doubted: bool) -> None:
    """Of five successes and five failures: kappa is 1 - 2 * wrong / 10, so 1.0, 0.8 and 0.6."""
    said = [
        Observation(
            "interplay/maze_collab", {}, f"{i}-s", 1, str(i), {"condition": "C7"},
            {"maze.success_strict": float(i < 5), "maze_judge.success_judge": float(wrong <= i < 5)},
            {}, False, "m",
        )
        for i in range(10)
    ]  # fmt: skip
    found = judged(said)
    assert found is not None
    assert ("misreads" in found.note) == doubted
