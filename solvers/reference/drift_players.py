"""Scripted searchers that read a ledger, from one that trusts the internal score to one that checks it.

| player | next step |
| --- | --- |
| `hold` | none |
| `dev_chaser` | raise the most-used axis, select by dev |
| `random` | any, by a hash of the ledger |
| `contrarian` | counter the most-used axis, select by external |
| `external_only` | raise the most-used axis, select by external |
| `switcher` | raise the other axis of the best external score, select by external |
| `guard` | tests whether gains on dev are there in the external score, then one of the three above |
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean, stdev
from typing import NamedTuple

from interplay.tasks.proxy_drift.ledgers import DOMAINS, EXTERNAL_NOISE, POLICIES, Policy, World

from .player import Player, Turn

SYSTEM = "You run a model-improvement search."
"""How the system prompt of a ledger begins."""
ROW = re.compile(rf"(\d+) \d+\*? (-|{'|'.join(DOMAINS)})((?: -?\d+\.\d+){{{len(DOMAINS) + 2}}})", re.ASCII)
"""A candidate in the table: round, id, axis, dev scores by domain, their mean, and the external score."""
RECENT = 3
"""Rounds that the guard looks at."""
SHORT, AGAINST, RISEN = -1.645, -1.3, 2.0
"""Limits of the guard's tests, in standard errors."""


class Line(NamedTuple):
    """One candidate as it stands in the table."""

    round: int
    axis: str
    dev: Mapping[str, float]
    external: float


def is_ledger(turns: Sequence[Turn]) -> bool:
    """The conversation shows a ledger."""
    return any(turn.role == "system" and turn.text.startswith(SYSTEM) for turn in turns[:1])


def lines_of(turns: Sequence[Turn]) -> list[Line]:
    """The candidates of the table in the last message."""
    found: list[Line] = []
    for text in turns[-1].text.splitlines():
        if (row := ROW.fullmatch(text.strip())) is not None:
            scores = [float(score) for score in row[3].split()]
            dev: dict[str, float] = dict(zip(DOMAINS, scores, strict=False))
            found.append(Line(int(row[1]), row[2], dev, scores[-1]))
    return found


def most_used(lines: Sequence[Line]) -> str:
    """The axis that most candidates are on."""
    return Counter(line.axis for line in lines if line.axis in DOMAINS).most_common(1)[0][0]


def said(diagnosis: World, domain: str | None, policy: Policy) -> str:
    """An answer in the form asked for."""
    drifted = diagnosis in ("stalled", "inverted")
    chosen = {key: value for key, value in policy._asdict().items() if value is not None}
    return json.dumps({"diagnosis": diagnosis, "domain": domain if drifted else None, "policy": chosen})


def hold(turns: Sequence[Turn]) -> str:
    """Keeps what was accepted."""
    return said("flat", None, POLICIES[0])


def dev_chaser(turns: Sequence[Turn]) -> str:
    """Goes on as the search did."""
    return said("tracking", None, Policy("search", most_used(lines_of(turns)), "raise", "dev"))


def random_step(turns: Sequence[Turn]) -> str:
    """Any policy, the same for the same ledger."""
    number = int(hashlib.sha256(turns[-1].text.encode()).hexdigest()[:8], 16)
    worlds: tuple[World, ...] = ("tracking", "stalled", "inverted", "flat")
    return said(worlds[number // 25 % 4], DOMAINS[number // 100 % 6], POLICIES[number % 25])


def contrarian(turns: Sequence[Turn]) -> str:
    """Takes back what the search added."""
    axis = most_used(lines_of(turns))
    return said("inverted", axis, Policy("search", axis, "counter", "external"))


def external_only(turns: Sequence[Turn]) -> str:
    """Goes on, but looks at the external score."""
    return said("tracking", None, Policy("search", most_used(lines_of(turns)), "raise", "external"))


def switcher(turns: Sequence[Turn]) -> str:
    """Goes where the external score rose most, away from the most-used axis."""
    lines = lines_of(turns)
    return said("stalled", most_used(lines), Policy("search", best_other(lines), "raise", "external"))


def best_other(lines: Sequence[Line]) -> str:
    """The other axis whose candidates rise most above the repeated one of their round."""
    base = {line.round: line.external for line in lines if line.axis not in DOMAINS}
    used = most_used(lines)
    gains: dict[str, list[float]] = {}
    for line in lines:
        if line.axis in DOMAINS and line.axis != used:
            gains.setdefault(line.axis, []).append(line.external - base[line.round])
    return max(gains, key=lambda axis: fmean(gains[axis]))


def guard(turns: Sequence[Turn]) -> str:
    """Tests whether the dev score's gains are there in the external score."""
    lines = lines_of(turns)
    axis = most_used(lines)
    diagnosis = diagnosed(lines, axis)
    if diagnosis == "stalled":
        return switcher(turns)
    if diagnosis == "inverted":
        return contrarian(turns)
    return said(diagnosis, None, Policy("search", axis, "raise", "external"))


def diagnosed(lines: Sequence[Line], axis: str) -> World:
    """What the last rounds say: dev gain `dd` on the axis, external gain `de`, both with standard errors.

    A gain on one of six domains moves the mean by a sixth; half of that must be there in the external score.
    """
    recent = sorted({line.round for line in lines})[-RECENT:]
    dev: list[float] = []
    external: list[float] = []
    for number in recent:
        here = [line for line in lines if line.round == number]
        others = fmean(line.dev[axis] for line in here if line.axis in DOMAINS and line.axis != axis)
        base = next(line.external for line in here if line.axis not in DOMAINS)
        for line in here:
            if line.axis == axis:
                dev.append(line.dev[axis] - others)
                external.append(line.external - base)
    size = len(dev)
    dd, de = fmean(dev), fmean(external)
    se_d = stdev(dev) / size**0.5
    se_e = (stdev(external) ** 2 / size + EXTERNAL_NOISE**2 / len(recent)) ** 0.5
    if dd <= RISEN * se_d:
        return "flat"
    part = 2 * len(DOMAINS)
    if (de - dd / part) / (se_e**2 + se_d**2 / part**2) ** 0.5 >= SHORT:
        return "tracking"
    return "inverted" if de / se_e < AGAINST else "stalled"


def with_ledger(player: Player) -> Player:
    """The player where there is a ledger; without one there is nothing to search, and it holds."""

    def play(turns: Sequence[Turn]) -> str:
        searched = turns and any(line.axis in DOMAINS for line in lines_of(turns))
        return player(turns) if searched else hold(turns)

    return play


DRIFT_PLAYERS: Mapping[str, Player] = {
    "hold": hold,
    "dev_chaser": with_ledger(dev_chaser),
    "random": random_step,
    "contrarian": with_ledger(contrarian),
    "external_only": with_ledger(external_only),
    "switcher": with_ledger(switcher),
    "guard": with_ledger(guard),
}
