"""Records of a search that was judged by an internal score, and what each next step is really worth (pure).

Six domains have an ability each; one is weak, and the search keeps raising it. In four worlds the internal
score (dev) tells the truth about that (tracking), stops doing so (stalled), turns against it (inverted), or
nothing moves at all (flat). The value of a policy is the expected true gain of one more round under it.

    python -m interplay.tasks.proxy_drift.ledgers          writes data/ledgers_v1.jsonl anew
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias, cast, get_args

import numpy as np
from numpy.typing import NDArray

World: TypeAlias = Literal["tracking", "stalled", "inverted", "flat"]
WORLDS: tuple[World, ...] = get_args(World)
DOMAINS = ("bits", "ciphers", "numerals", "units", "gravity", "equations")
Direction: TypeAlias = Literal["raise", "counter"]
Selector: TypeAlias = Literal["dev", "external"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
SELECTORS: tuple[Selector, ...] = get_args(Selector)

ROUNDS, CANDIDATES, ON_WEAK = 5, 8, 4
EARLY = 2
"""Rounds before a world shows its nature."""
PER_WORLD = 50
DRAWS = 400
DEV_NOISE, EXTERNAL_NOISE = 0.012, 0.003
DRIFT, SPREAD = 0.003, 0.010
"""Standard deviations of what a candidate changes everywhere, and on its own axis."""
OTHER_GAIN = 0.015
STRONG, WEAK = (0.72, 0.85), (0.55, 0.62)
LEAK_SPREAD = (0.5, 1.5)
DECIMALS = 3

Array: TypeAlias = NDArray[np.float64]


class Push(NamedTuple):
    """What a search on an axis adds: to the ability, and to the score alone."""

    gain: float
    leak: float


EARLY_PUSH: dict[World, Push] = {
    "tracking": Push(0.030, 0.0),
    "stalled": Push(0.030, 0.0),
    "inverted": Push(0.030, 0.0),
    "flat": Push(0.0, 0.0),
}
LATE_PUSH: dict[World, Push] = {
    "tracking": Push(0.030, 0.0),
    "stalled": Push(0.0, 0.050),
    "inverted": Push(-0.030, 0.080),
    "flat": Push(0.0, 0.0),
}
"""On the weak domain when it is raised; countering it does the opposite."""


class Policy(NamedTuple):
    """What to do next: hold, or search on a domain in a direction and select by one of the two scores."""

    action: Literal["hold", "search"]
    focus: str | None = None
    direction: Direction | None = None
    select_by: Selector | None = None


POLICIES: tuple[Policy, ...] = (
    Policy("hold"),
    *(Policy("search", *combination) for combination in product(DOMAINS, DIRECTIONS, SELECTORS)),
)
"""All 25, in the order of the values that a ledger holds."""


class Candidate(NamedTuple):
    """One line of a ledger: its axis (None for the repeated one), six dev scores, and the external one."""

    axis: str | None
    dev: tuple[float, ...]
    external: float


@dataclass(frozen=True)
class Ledger:
    """Five rounds of eight candidates.

    Attributes:
        id: World and seed.
        world: What the search does, which is never shown.
        weak: The domain that it kept raising.
        rounds: Candidates of each round; the first repeats what was accepted before.
        accepted: The candidate with the highest dev mean of each round.
        values: What each of `POLICIES` is worth, which is never shown.
    """

    id: str
    world: World
    weak: str
    rounds: tuple[tuple[Candidate, ...], ...]
    accepted: tuple[int, ...]
    values: tuple[float, ...]


class _State(NamedTuple):
    ability: Array
    leak: Array


def _push(world: World, weak: int, axis: int, direction: Direction, late: bool) -> Push:
    sign = 1.0 if direction == "raise" else -1.0
    if axis == weak:
        push = (LATE_PUSH if late else EARLY_PUSH)[world]
    else:
        push = Push(0.0 if world == "flat" else OTHER_GAIN, 0.0)
    return Push(sign * push.gain, sign * push.leak)


def _grown(state: _State, axis: int, push: Push, rng: np.random.Generator) -> _State:
    ability = state.ability + rng.normal(0.0, DRIFT, len(DOMAINS))
    ability[axis] += rng.normal(push.gain, SPREAD)
    leak = state.leak.copy()
    leak[axis] += push.leak * rng.uniform(*LEAK_SPREAD)
    return _State(ability, leak)


def simulate(world: World, seed: int) -> Ledger:
    """The ledger of a world and a seed."""
    rng = np.random.default_rng([seed, WORLDS.index(world)])
    weak = int(rng.integers(len(DOMAINS)))
    ability = rng.uniform(*STRONG, len(DOMAINS))
    ability[weak] = rng.uniform(*WEAK)
    state = _State(ability, np.zeros(len(DOMAINS)))
    others = [axis for axis in range(len(DOMAINS)) if axis != weak]
    rounds: list[tuple[Candidate, ...]] = []
    accepted: list[int] = []
    turn = 0
    for number in range(ROUNDS):
        axes: list[int | None] = [None, *[weak] * ON_WEAK]
        for _ in range(CANDIDATES - ON_WEAK - 1):
            axes.append(others[turn % len(others)])
            turn += 1
        states: list[_State] = []
        made: list[Candidate] = []
        for axis in axes:
            grown = state
            if axis is not None:
                grown = _grown(state, axis, _push(world, weak, axis, "raise", number >= EARLY), rng)
            dev = np.clip(grown.ability + grown.leak + rng.normal(0.0, DEV_NOISE, len(DOMAINS)), 0.0, 1.0)
            external = float(grown.ability.mean() + rng.normal(0.0, EXTERNAL_NOISE))
            states.append(grown)
            made.append(
                Candidate(
                    None if axis is None else DOMAINS[axis],
                    tuple(round(float(score), DECIMALS) for score in dev),
                    round(external, DECIMALS),
                )
            )
        best = max(range(CANDIDATES), key=lambda i: (sum(made[i].dev), -i))
        rounds.append(tuple(made))
        accepted.append(best)
        state = states[best]
    values = tuple(round(value, 5) for value in _values(world, weak, state, rng))
    return Ledger(f"{world}-{seed:02d}", world, DOMAINS[weak], tuple(rounds), tuple(accepted), values)


def _values(world: World, weak: int, state: _State, rng: np.random.Generator) -> list[float]:
    """Expected true gain of the candidate that one more round selects, for every policy.

    All policies meet the same chance, so that what is equally good has equal values.
    """
    size = len(DOMAINS)
    shape = (DRAWS, CANDIDATES, size)
    everywhere = rng.normal(0.0, DRIFT, shape)
    on_axis = rng.normal(0.0, SPREAD, shape[:2])
    leaks = rng.uniform(*LEAK_SPREAD, shape[:2])
    dev_noise = rng.normal(0.0, DEV_NOISE, shape)
    external_noise = rng.normal(0.0, EXTERNAL_NOISE, shape[:2])
    everywhere[:, 0] = 0.0
    found: list[float] = []
    for policy in POLICIES:
        if policy.focus is None or policy.direction is None:
            found.append(0.0)
            continue
        axis = DOMAINS.index(policy.focus)
        push = _push(world, weak, axis, policy.direction, late=True)
        ability, leak = state.ability + everywhere, np.tile(state.leak, (*shape[:2], 1))
        ability[:, 1:, axis] += push.gain + on_axis[:, 1:]
        leak[:, 1:, axis] += push.leak * leaks[:, 1:]
        if policy.select_by == "dev":
            seen = np.clip(ability + leak + dev_noise, 0.0, 1.0).mean(axis=2)
        else:
            seen = ability.mean(axis=2) + external_noise
        chosen = ability.mean(axis=2)[np.arange(DRAWS), seen.argmax(axis=1)]
        found.append(float(chosen.mean() - state.ability.mean()))
    return found


def skill(ledger: Ledger, policy: Policy) -> float:
    """How good a policy is: 1 the best, 0 as good as a policy drawn at random, never below -1."""
    mean, best = sum(ledger.values) / len(ledger.values), max(ledger.values)
    value = ledger.values[POLICIES.index(policy)]
    return max(-1.0, min(1.0, (value - mean) / (best - mean)))


def table(ledger: Ledger) -> str:
    """The ledger as an agent reads it: one line a candidate, accepted ones marked."""
    lines = [" ".join(("round", "id", "axis", *DOMAINS, "dev", "external"))]
    for number, (made, best) in enumerate(zip(ledger.rounds, ledger.accepted, strict=True), 1):
        for i, candidate in enumerate(made):
            mean = sum(candidate.dev) / len(candidate.dev)
            scores = (*candidate.dev, mean, candidate.external)
            mark = "*" if i == best else ""
            axis = candidate.axis or "-"
            lines.append(" ".join((str(number), f"{i}{mark}", axis, *(f"{s:.3f}" for s in scores))))
    return "\n".join(lines)


def to_line(ledger: Ledger) -> str:
    """One ledger as a line of the data file."""
    return json.dumps(
        {
            "id": ledger.id,
            "world": ledger.world,
            "weak": ledger.weak,
            "rounds": [[[c.axis, list(c.dev), c.external] for c in made] for made in ledger.rounds],
            "accepted": list(ledger.accepted),
            "values": list(ledger.values),
        },
        separators=(",", ":"),
    )


def from_line(line: str) -> Ledger:
    """A ledger from a line of the data file."""
    raw = cast(dict[str, list[list[tuple[str | None, list[float], float]]]], json.loads(line))
    plain = cast(dict[str, list[float]], raw)
    rounds = tuple(tuple(Candidate(a, tuple(d), e) for a, d, e in made) for made in raw["rounds"])
    return Ledger(
        str(raw["id"]),
        cast(World, raw["world"]),
        str(raw["weak"]),
        rounds,
        tuple(map(int, plain["accepted"])),
        tuple(plain["values"]),
    )


@cache
def ledgers() -> tuple[Ledger, ...]:
    """The 200 ledgers of the instance set, worlds in turn so that any first part is balanced."""
    text = (files("interplay.tasks.proxy_drift") / "data" / "ledgers_v1.jsonl").read_text("utf-8")
    return tuple(from_line(line) for line in text.splitlines())


def generate() -> str:
    """The text of the data file."""
    return "".join(f"{to_line(simulate(world, seed))}\n" for seed in range(PER_WORLD) for world in WORLDS)


if __name__ == "__main__":
    target = Path(str(files("interplay.tasks.proxy_drift") / "data" / "ledgers_v1.jsonl")).resolve()
    target.write_text(generate(), encoding="utf-8", newline="\n")
