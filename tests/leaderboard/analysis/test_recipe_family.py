"""Recipe against family: shares as of ordinary least squares, and a null that holds its level."""

from itertools import combinations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import kstest

from interplay.leaderboard.analysis.cells import Cells
from interplay.leaderboard.analysis.recipe_family import Member, pair_distances, recipe_family, shapley

PANEL = [
    Member("llama31-instruct", "llama", "Llama-3.1-8B", "vendor_instruct", 8),
    Member("r1-llama8b", "llama", "Llama-3.1-8B", "reasoning_distill", 8),
    Member("tulu3-sft", "llama", "Llama-3.1-8B", "open_sft", 8),
    Member("tulu3-dpo", "llama", "Llama-3.1-8B", "open_pref", 8),
    Member("tulu3-rlvr", "llama", "Llama-3.1-8B", "open_pref", 8),
    Member("hermes3", "llama", "Llama-3.1-8B", "open_pref", 8),
    Member("qwen25-7b", "qwen", "Qwen2.5-7B", "vendor_instruct", 7),
    Member("gemma2-9b", "gemma", "gemma-2-9b", "vendor_instruct", 9),
    Member("mistral-7b", "mistral", "Mistral-7B-v0.3", "vendor_instruct", 7),
    Member("qwen25-14b", "qwen", "Qwen2.5-14B", "vendor_instruct", 14),
    Member("r1-qwen14b", "qwen", "Qwen2.5-14B", "reasoning_distill", 14),
]
FAMILY, RECIPE = [m.family for m in PANEL], [m.recipe for m in PANEL]


def r2(y: np.ndarray, *factors: list[str]) -> float:
    columns = [[float(v == level) for v in f] for f in factors for level in sorted(set(f))[1:]]
    return float(sm.OLS(y, sm.add_constant(np.array(columns).T)).fit().rsquared)


def test_shares_are_those_of_least_squares_and_sum_to_the_joint_one():
    y = np.random.default_rng(1).normal(size=len(PANEL))
    family, recipe, joint = shapley(y, FAMILY, RECIPE)
    alone_f, alone_r, both = r2(y, FAMILY), r2(y, RECIPE), r2(y, FAMILY, RECIPE)
    assert float(joint) == pytest.approx(both)
    assert float(family) == pytest.approx((alone_f + both - alone_r) / 2)
    assert float(family + recipe) == pytest.approx(both)


def test_pure_noise_has_large_shares_and_uniform_p_values():
    rng = np.random.default_rng(2)
    found = [recipe_family(rng.normal(size=11), PANEL, resamples=499) for _ in range(500)]
    assert np.mean([f.recipe.share for f in found if f]) == pytest.approx(0.31, abs=0.03)
    assert abs(np.mean([f.recipe.excess for f in found if f])) < 0.03
    for which in ("family", "recipe"):
        p = np.array([getattr(f, which).p for f in found])
        assert kstest(p, "uniform").pvalue > 0.01
        assert (p <= 0.05).mean() <= 0.08


def test_a_planted_recipe_effect_is_found():
    effect = {"reasoning_distill": -3.0, "open_sft": 1.5, "open_pref": 1.5, "vendor_instruct": 0.0}
    rng = np.random.default_rng(3)
    levels = [[effect[r] + e for r, e in zip(RECIPE, rng.normal(size=11), strict=True)] for _ in range(60)]
    found = [recipe_family(y, PANEL, resamples=499) for y in levels]
    assert np.mean([f.recipe.p < 0.05 for f in found if f]) > 0.7
    assert np.mean([f.recipe.excess for f in found if f]) > np.mean([f.family.excess for f in found if f])


def test_the_same_levels_give_the_same_figures():
    y = np.random.default_rng(4).normal(size=11)
    assert recipe_family(y, PANEL) == recipe_family(y, PANEL)
    found = recipe_family(y, PANEL)
    assert found
    assert (found.checkpoints, found.filled, found.cells) == (11, 8, 16)


@pytest.mark.parametrize("levels", [[0.5] * 11, None])
def test_nothing_is_split_where_there_is_nothing_to_split(levels: list[float] | None):
    if levels:
        assert recipe_family(levels, PANEL) is None
    assert recipe_family([0.1, 0.2, 0.3], PANEL[:3]) is None


def test_pairs_are_listed_by_kind_and_their_medians_compared():
    rng = np.random.default_rng(5)
    levels = np.array([float(sorted(set(RECIPE)).index(recipe)) for recipe in RECIPE])
    values = levels[:, None, None] + rng.normal(scale=0.05, size=(11, 2, 40))
    cells = Cells(tuple(m.name for m in PANEL), ("ref", "x"), tuple(map(str, range(40))), values)
    found = pair_distances(cells, PANEL, "ref")
    kinds = [pair.kind for pair in found.pairs]
    vendors = [m for m in PANEL if m.recipe == "vendor_instruct" and m.params_b <= 9]
    assert kinds.count("other family, same recipe") == len(list(combinations(vendors, 2)))
    assert kinds.count("same base, other recipe") == 13
    assert found.difference
    assert found.difference.lo > 0
    assert {p.first for p in found.pairs if p.kind == "same base, other recipe"} >= {"qwen25-14b"}
