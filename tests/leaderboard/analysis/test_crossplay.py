"""Cross-play: planted starter and responder effects are recovered, order effects are paired and corrected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.leaderboard.analysis.crossplay import additive, is_connected, order_effects

UNITS = [f"m-{i:03d}" for i in range(40)]
NAMES = ("a", "b", "c")


def planted(
    starter: dict[str, float], responder: dict[str, float]
) -> dict[tuple[str, str], dict[str, float]]:
    """Cells whose mean is 0.5 plus both effects, units varying around it."""
    return {
        (i, j): {u: 0.5 + starter[i] + responder[j] + (0.01 if k % 2 else -0.01) for k, u in enumerate(UNITS)}
        for i in NAMES
        for j in NAMES
    }


@given(st.lists(st.floats(-0.1, 0.1), min_size=4, max_size=4))
def test_planted_effects_come_back(effects: list[float]) -> None:
    starter = {"a": effects[0], "b": effects[1], "c": -effects[0] - effects[1]}
    responder = {"a": effects[2], "b": effects[3], "c": -effects[2] - effects[3]}
    found = additive(planted(starter, responder))
    assert found is not None
    assert found.mean == pytest.approx(0.5)
    assert found.starter == pytest.approx(starter)
    assert found.responder == pytest.approx(responder)
    assert all(abs(value) < 1e-9 for value in found.affinity.values())


def test_effects_of_a_design_that_falls_apart_are_not_estimated() -> None:
    cells = planted(dict.fromkeys(NAMES, 0.0), dict.fromkeys(NAMES, 0.0))
    assert is_connected(list(cells))
    assert additive({pair: units for pair, units in cells.items() if pair[0] == pair[1]}) is None
    assert additive({("a", "b"): cells["a", "b"]}) is None


def test_the_affinity_of_a_pair_is_what_the_effects_leave() -> None:
    cells = planted(dict.fromkeys(NAMES, 0.0), dict.fromkeys(NAMES, 0.0))
    cells["a", "a"] = {u: v + 0.09 for u, v in cells["a", "a"].items()}
    found = additive(cells)
    assert found is not None
    assert found.affinity["a", "a"] == pytest.approx(0.04)
    assert sum(found.starter.values()) == pytest.approx(0)
    assert sum(found.responder.values()) == pytest.approx(0)


def test_an_order_effect_is_the_paired_difference_and_survives_holm() -> None:
    cells = {
        ("a", "b"): dict.fromkeys(UNITS, 1.0),
        ("b", "a"): {u: float(k % 2) for k, u in enumerate(UNITS)},
        ("a", "c"): {u: float(k % 2) for k, u in enumerate(UNITS)},
        ("c", "a"): {u: float(k % 2) for k, u in enumerate(UNITS)},
    }
    first, second = order_effects(cells, (0.0, 1.0))
    assert (first.first, first.second) == ("a", "b")
    assert first.difference.value == 0.5
    assert first.significant
    assert first.difference.lo > 0
    assert second.difference.value == 0
    assert not second.significant
