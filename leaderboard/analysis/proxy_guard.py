"""Whether a cheap score still follows the anchor that it stands for, release by release (pure).

    release 1: proxy 0.61, anchor 0.60        tracking
    release 3: proxy 0.71, anchor 0.61        stalled: the proxy's gain is not there in the anchor
    release 5: candidates that rise on the proxy fall on the anchor: inverted

The anchor is what counts (human labels, a second panel of judges, a held-out test); the proxy is what is
looked at every day. Differences count only beyond their standard errors.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, cast

import numpy as np
from scipy.stats import kendalltau, theilslopes

State = Literal["tracking", "stalled", "inverted", "unknown"]

WINDOW = 2
"""Releases that one judgement looks back."""
FEWEST_CANDIDATES = 4
FEWEST_PAIRS = 12
GAIN = 2.0
"""Standard errors by which the best candidate's proxy must have risen to promise anything."""
HALF = 0.5
"""Share of the promise that the anchor must at least not fall short of significantly."""
Z = -1.645
LEVEL = 0.05
CLEAN = 2
"""Releases without a flag after which a worse state is left."""


class Scored(NamedTuple):
    """One candidate of one release in one domain: both scores with their standard errors."""

    release: str
    candidate: str
    domain: str
    proxy: float
    proxy_se: float
    anchor: float
    anchor_se: float


class Judgement(NamedTuple):
    """What one release shows in one domain.

    Attributes:
        domain, release: Which.
        state: After hysteresis; `unknown` with too few releases or candidates.
        tau: Kendall's tau of proxy and anchor over the window, each centred on its release; NaN if unknown.
        gain: Change of the best candidate's proxy over the window.
        followed: Change of its anchor.
        slope: Anchor per proxy that a promise is converted with.
        flags: What this release shows by itself.
        n: Pairs in the window.
    """

    domain: str
    release: str
    state: State
    tau: float
    gain: float
    followed: float
    slope: float
    flags: frozenset[State]
    n: int


class Opposed(NamedTuple):
    """A score key that rises with the proxy and falls with the anchor, by Kendall's tau over n candidates."""

    domain: str
    key: str
    with_proxy: float
    with_anchor: float
    n: int


def opposed_keys(
    rows: Sequence[Scored], domain: str, keys: Mapping[str, Mapping[tuple[str, str, str], float]]
) -> list[Opposed]:
    """The keys that part from the anchor in the last releases of a domain, both taus one-sided at 5 %.

    Args:
        rows: All candidates; releases in the order in which they were made.
        domain: Which of them count.
        keys: By score key its value by release, candidate and domain.
    """
    own = [row for row in rows if row.domain == domain]
    last = list(dict.fromkeys(row.release for row in own))[-WINDOW:]
    found: list[Opposed] = []
    for key, values in keys.items():
        kept = [[row for row in own if row.release == release and row[:3] in values] for release in last]
        proxy, anchor = _centred([release for release in kept if release])
        level: list[float] = []
        for release in kept:
            own_values = [values[row[:3]] for row in release]
            level += [value - sum(own_values) / len(own_values) for value in own_values]
        if len(level) < FEWEST_PAIRS or len(set(level)) < 2:
            continue
        (up, p_up), (down, p_down) = _kendall(level, proxy, "greater"), _kendall(level, anchor, "less")
        if p_up < LEVEL and p_down < LEVEL:
            found.append(Opposed(domain, key, up, down, len(level)))
    return found


def guard(rows: Iterable[Scored], one_metric: bool = False) -> list[Judgement]:
    """Judge every release of every domain, in order of first appearance.

    Args:
        rows: All candidates; releases in the order in which they were made.
        one_metric: Proxy and anchor measure the same quantity in the same unit, so that a promise needs no
            conversion; else it is converted by the Theil-Sen slope over the first two releases.
    """
    found: list[Judgement] = []
    domains: dict[str, dict[str, list[Scored]]] = {}
    for row in rows:
        domains.setdefault(row.domain, {}).setdefault(row.release, []).append(row)
    for domain, releases in domains.items():
        found += _of_domain(domain, list(releases), list(releases.values()), one_metric)
    return found


def _of_domain(
    domain: str, names: Sequence[str], releases: Sequence[Sequence[Scored]], one_metric: bool
) -> list[Judgement]:
    slope = 1.0 if one_metric else _slope([row for release in releases[:WINDOW] for row in release])
    found: list[Judgement] = []
    standing: State = "tracking"
    clean = 0
    for number, (name, release) in enumerate(zip(names, releases, strict=True)):
        too_few = number < WINDOW or len(release) < FEWEST_CANDIDATES
        if too_few or len(releases[number - WINDOW]) < FEWEST_CANDIDATES or np.isnan(slope):
            nan = float("nan")
            found.append(Judgement(domain, name, "unknown", nan, nan, nan, slope, frozenset(), 0))
            continue
        flags: set[State] = set()
        proxy, anchor = _centred(releases[number - WINDOW + 1 : number + 1])
        tau, _ = _kendall(proxy, anchor, "two-sided")
        _, p = _kendall(proxy, anchor, "less")
        if len(proxy) >= FEWEST_PAIRS and p < LEVEL:
            flags.add("inverted")
        now, then = _best(release), _best(releases[number - WINDOW])
        gain, followed = now.proxy - then.proxy, now.anchor - then.anchor
        if _is_stalled(now, then, slope):
            flags.add("stalled")
        shown: State = "inverted" if "inverted" in flags else "stalled" if flags else "tracking"
        clean = 0 if flags else clean + 1
        if _worse(shown, standing) or clean >= CLEAN:
            standing = shown
        found.append(
            Judgement(
                domain,
                name,
                standing,
                tau,
                gain,
                followed,
                slope,
                frozenset(flags),
                len(proxy),
            )
        )
    return found


def _worse(first: State, second: State) -> bool:
    order: list[State] = ["tracking", "stalled", "inverted"]
    return order.index(first) > order.index(second)


def _best(release: Sequence[Scored]) -> Scored:
    return max(release, key=lambda row: row.proxy)


def _is_stalled(now: Scored, then: Scored, slope: float) -> bool:
    gain, followed = now.proxy - then.proxy, now.anchor - then.anchor
    proxy_se = (now.proxy_se**2 + then.proxy_se**2) ** 0.5
    anchor_se = (now.anchor_se**2 + then.anchor_se**2) ** 0.5
    short = followed - HALF * slope * gain
    return gain >= GAIN * proxy_se and short / (anchor_se**2 + (HALF * slope * proxy_se) ** 2) ** 0.5 < Z


def _centred(releases: Sequence[Sequence[Scored]]) -> tuple[list[float], list[float]]:
    proxy: list[float] = []
    anchor: list[float] = []
    for release in releases:
        means = (
            sum(row.proxy for row in release) / len(release),
            sum(row.anchor for row in release) / len(release),
        )
        proxy += [row.proxy - means[0] for row in release]
        anchor += [row.anchor - means[1] for row in release]
    return proxy, anchor


def _slope(rows: Sequence[Scored]) -> float:
    """Anchor per proxy; NaN where the proxies do not differ."""
    proxy = [row.proxy for row in rows]
    if len(set(proxy)) < 2:
        return float("nan")
    return float(cast(Sequence[float], theilslopes([row.anchor for row in rows], proxy))[0])


def _kendall(
    proxy: Sequence[float], anchor: Sequence[float], alternative: Literal["two-sided", "less", "greater"]
) -> tuple[float, float]:
    tau, p = cast(tuple[float, float], kendalltau(proxy, anchor, alternative=alternative))
    return float(tau), float(p)
