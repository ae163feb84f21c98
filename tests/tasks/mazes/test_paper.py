"""Mazes in the paper's setting: a goal at the chosen distance, no keys, any size and density."""

from collections import Counter

import pytest

from interplay.tasks.mazes.maze import START, Rng, cells_of, distances
from interplay.tasks.mazes.paper import carved_walk, draw_paper


@pytest.mark.parametrize(
    ("size", "percent", "nearest", "farthest"),
    [
        (4, 0, 5, 6),
        (5, 30, 6, 8),
        (6, 30, 7, 9),
        (6, 75, 7, 9),
        (9, 40, 11, 14),
        (12, 41, 14, 18),
        (18, 75, 21, 27),
    ],
)
def test_the_goal_lies_at_a_distance_of_the_scaled_band(size: int, percent: int, nearest: int, farthest: int):
    reached: Counter[int] = Counter()
    for index in range(1, 31):
        rows, owner, route = draw_paper("band", index, size=size, percent=percent)
        (goal,) = cells_of(rows, "*")
        steps = distances(rows, START)[goal]
        reached[steps] += 1
        assert len(route) - 1 == steps
        assert [len(row) for row in rows] == [len(row) for row in owner] == [size] * size
        assert cells_of(rows, "@") == [START]
        assert not cells_of(rows, "k")
        assert cells_of(owner, "=") == [START, goal]
        assert set("".join(owner)) <= {"A", "B", "="}
    assert nearest <= min(reached)
    assert max(reached) <= farthest
    assert len(reached) == farthest - nearest + 1 or size == 18, "every distance of the band occurs"


@pytest.mark.parametrize("percent", [0, 30, 40])
def test_without_a_carved_walk_the_density_is_the_chosen_one(percent: int):
    walls = sum(
        "".join(draw_paper("density", i, size=12, percent=percent).rows).count("#") for i in range(1, 101)
    )
    # Mazes with a reachable goal are a little more open than any grid.
    assert percent - 4 <= walls / 143 <= percent + 1


def test_carved_walks_cannot_be_cut_short():
    rng = Rng("carved")
    walks = [walk for _ in range(300) if (walk := carved_walk(rng, 8, 10)) is not None]
    assert len(walks) > 30
    for walk in walks:
        rows = ["".join("." if (r, c) in walk else "#" for c in range(8)) for r in range(8)]
        assert len(set(walk)) == 11
        assert distances(rows, START)[walk[-1]] == 10
    assert len({walk[-1] for walk in walks}) > 8


def test_numbers_and_salts_give_different_mazes():
    drawn = [draw_paper("paper-1", 1), draw_paper("paper-1", 2), draw_paper("paper-1", 1, salt="pepper")]
    assert len({tuple(d.rows) for d in drawn}) == 3
    assert draw_paper("paper-1", 1) == drawn[0]
