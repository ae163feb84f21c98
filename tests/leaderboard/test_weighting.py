"""The weighted score of a board: weights, units, partial runs, the interval of measured units."""

import pytest
from pydantic import ValidationError

from interplay.leaderboard.boards import Board
from interplay.leaderboard.statistics import bootstrap_runs
from interplay.leaderboard.weighting import weighted_score
from interplay.tasks.observations import Observation

WEIGHTS = {"a": 0.75, "b": 0.25}


def board(**more: object) -> Board:
    content = {
        "id": "jobs",
        "family": "posttrain",
        "title": "Jobs",
        "lead": "Jobs.",
        "runs": [{"task": "interplay/posttrain_mini"}],
        "headline": "posttrain.scored",
        "label": "Score",
        "direction": "higher",
        "range": [0, 1],
        "unit": {"key": "cell", "noun": "cell"},
        "weights": {"key": "target", "values": WEIGHTS},
        "interval": "family",
        "stderr": "posttrain.stderr_items",
    }
    return Board.model_validate(content | more)


def seen(target: str, value: float, stderr: float = 0.0, base: str = "m", epoch: int = 1) -> Observation:
    return Observation(
        task="interplay/posttrain_mini",
        args={},
        sample_id=f"{target}__{base}",
        epoch=epoch,
        unit=f"{target}__{base}",
        metadata={"target": target},
        values={"posttrain.scored": value, "posttrain.stderr_items": stderr},
        words={},
        errored=False,
        model="reference/posttrain-sft",
    )


def scored(observed: list[Observation], whole: bool = True):
    one = board()
    assert one.weights is not None
    found = weighted_score(one, one.weights, observed, lambda o: o.values.get("posttrain.scored"), 7, whole)
    assert found is not None
    return found


def test_the_plain_mean_of_units_is_the_weighted_score() -> None:
    found = scored([seen("a", 1.0), seen("b", 0.0)])
    assert found.units == {"a__m": 1.5, "b__m": 0.0}
    assert found.estimate.value == pytest.approx(0.75)
    assert found.interval == "family"


def test_a_weight_is_shared_out_over_the_bases_of_its_target() -> None:
    found = scored([seen("a", 1.0, base="m"), seen("a", 0.0, base="n"), seen("b", 1.0)])
    assert found.estimate.value == pytest.approx(0.75 / 2 + 0.25)


def test_missing_cells_count_nothing_and_a_preset_of_few_cells_is_whole() -> None:
    assert scored([seen("b", 1.0)], whole=False).estimate.value == pytest.approx(0.25)
    assert scored([seen("b", 1.0)], whole=True).estimate.value == pytest.approx(1.0)


def test_targets_without_weight_are_left_out() -> None:
    assert set(scored([seen("a", 1.0), seen("b", 1.0), seen("canary", 1.0)]).units) == {"a__m", "b__m"}


def test_the_interval_grows_with_the_error_of_the_cells_and_keeps_the_range() -> None:
    exact = scored([seen("a", 0.9), seen("b", 0.5)]).estimate
    rough = scored([seen("a", 0.9, 0.2), seen("b", 0.5, 0.05)]).estimate
    assert exact.lo == exact.value == exact.hi
    assert rough.lo < rough.value < rough.hi <= 1
    assert rough.lo > 0.3


def test_runs_that_differ_widen_the_interval_and_nothing_depends_on_chance() -> None:
    runs = bootstrap_runs([[0.2, 0.8], [0.5, 0.5]], [[0, 0], [0, 0]], [1.0, 1.0], (0, 1), 3)
    assert runs == bootstrap_runs([[0.2, 0.8], [0.5, 0.5]], [[0, 0], [0, 0]], [1.0, 1.0], (0, 1), 3)
    assert (runs.value, runs.n) == (0.5, 2)
    assert (round(runs.lo, 2), round(runs.hi, 2)) == (0.35, 0.65)


def test_weights_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"weights sum to 0\.85, not to 1"):
        board(weights={"key": "target", "values": {"a": 0.75, "b": 0.1}})
    with pytest.raises(ValidationError, match="interval family and a stderr go together"):
        board(stderr=None)
