"""The guard over cheap scores: rare false alarms, leaks and inversions found, states left only when clean."""

import numpy as np
import pytest

from interplay.leaderboard.analysis.proxy_guard import Scored, guard

PROXY_SE, ANCHOR_SE, SPREAD, CANDIDATES, RELEASES = 0.008, 0.015, 0.02, 8, 6


def series(rng: np.random.Generator, rise: float = 0.0, leak: float = 0.0, swap: float = 0.0) -> list[Scored]:
    """Six releases; from the fourth on the proxy leaks, or gains what the anchor loses."""
    rows: list[Scored] = []
    for r in range(RELEASES):
        true = rise * r + rng.normal(scale=SPREAD, size=CANDIDATES)
        moved = rng.normal(scale=swap, size=CANDIDATES) if swap and r >= 3 else np.zeros(CANDIDATES)
        proxy = true + moved + leak * max(0, r - 2) + rng.normal(scale=PROXY_SE, size=CANDIDATES)
        anchor = true - moved + rng.normal(scale=ANCHOR_SE, size=CANDIDATES)
        rows += [
            Scored(f"r{r + 1}", f"c{i}", "all", proxy[i], PROXY_SE, anchor[i], ANCHOR_SE)
            for i in range(CANDIDATES)
        ]
    return rows


def flagged(seed: int, runs: int, **kind: float) -> tuple[float, float]:
    """Share of series with any flag, and with an inversion."""
    rng = np.random.default_rng(seed)
    found = [guard(series(rng, **kind), one_metric=True) for _ in range(runs)]
    return (
        float(np.mean([any(j.flags for j in judged) for judged in found])),
        float(np.mean([any("inverted" in j.flags for j in judged) for judged in found])),
    )


@pytest.mark.slow
@pytest.mark.parametrize("rise", [0.0, 0.01, 0.04])
def test_a_proxy_that_tracks_is_left_alone(rise: float):
    assert flagged(11, 1_000, rise=rise)[0] <= 0.05


@pytest.mark.slow
def test_a_leak_is_found_before_the_end():
    assert flagged(12, 1_000, leak=0.04)[0] >= 0.85


@pytest.mark.slow
def test_a_proxy_that_gains_what_the_anchor_loses_is_called_inverted():
    assert flagged(13, 1_000, swap=0.04)[1] >= 0.75


def ledger(*releases: tuple[float, float, int]) -> list[Scored]:
    """Releases of 8 candidates around (proxy, anchor), rising together (1) or against each other (-1)."""
    return [
        Scored(f"r{r}", f"c{i}", "all", p + 0.01 * i, 0.002, a + sign * 0.01 * i, 0.002)
        for r, (p, a, sign) in enumerate(releases)
        for i in range(CANDIDATES)
    ]


def test_early_releases_and_few_candidates_are_unknown():
    judged = guard(ledger((0.5, 0.5, 1), (0.51, 0.51, 1), (0.52, 0.52, 1)))
    assert [j.state for j in judged] == ["unknown", "unknown", "tracking"]
    few = [row for row in ledger((0.5, 0.5, 1), (0.5, 0.5, 1), (0.5, 0.5, 1)) if row.candidate < "c3"]
    assert {j.state for j in guard(few)} == {"unknown"}


def test_a_promise_that_the_anchor_does_not_keep_is_stalled():
    judged = guard(ledger((0.5, 0.5, 1), (0.5, 0.5, 1), (0.6, 0.5, 1)), one_metric=True)
    assert judged[-1].state == "stalled"
    assert judged[-1].gain == pytest.approx(0.1)
    assert judged[-1].followed == pytest.approx(0.0)
    assert judged[-1].tau == pytest.approx(1, abs=0.02)  # rounding makes a tie or two


def test_a_worse_state_is_left_after_two_clean_releases():
    flat = (0.6, 0.5, 1)
    judged = guard(ledger((0.5, 0.5, 1), (0.5, 0.5, 1), flat, flat, flat, flat, flat), one_metric=True)
    assert [j.state for j in judged[2:]] == ["stalled", "stalled", "stalled", "tracking", "tracking"]
    assert [bool(j.flags) for j in judged[2:]] == [True, True, False, False, False]


def test_domains_are_judged_apart_and_other_units_are_converted():
    rows = ledger((0.5, 5.0, 1), (0.5, 5.0, 1), (0.6, 5.0, 1))
    tens = [row._replace(domain="tens", anchor=10 * (row.anchor - 5), anchor_se=0.02) for row in rows]
    other = [row._replace(domain="other", release=row.release) for row in rows]
    judged = guard([*tens, *other])
    assert [(j.domain, j.state) for j in judged if j.release == "r2"] == [
        ("tens", "stalled"),
        ("other", "stalled"),
    ]
    assert judged[0].slope == pytest.approx(10)
    assert judged[3].slope == pytest.approx(1)
