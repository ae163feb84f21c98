"""Whether simulated people are an instrument: what a simulator must show before it is admitted.

Three scripted assistants are the probes: `empath` calms people at a pace that depends on their resistance;
`blamer` makes most of them angrier; `expert`, a written policy, moves some of those who resist most. Only the
seeds of the split `dev` are read, so that the others stay unseen.
"""

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import NamedTuple

from interplay.tasks.deescalation.arguments import TURNS
from interplay.tasks.deescalation.scenarios import RESISTANCES, expand, load_seeds, split_of
from interplay.tasks.observations import Observation

from ..boards import find_board
from ..measure import observations
from ..rows import LogRows
from .deescalation_runs import RULE, person_of
from .tables import Table, Value

__all__ = ["acceptance", "criteria", "rating", "verdict"]

EMPATH, BLAMER, EXPERT = PROBES = ("reference/empath", "reference/blamer", "reference/expert")
ARM = "vanilla"
PLAYED: Mapping[str, object] = {"turns": TURNS, "instance_seed": 0, "seeds_file": None}
"""Arguments that change what a simulator is asked, with their value on the boards."""
LEVELS = "escalation.levels"
PERSON = "escalation.person"
AT_TURN = 4
CALM_BY = 2
APART = 0.5
"""Levels between two resistances, at least."""
LEAST_ESCALATED = 0.8
MOVED = (0.3, 0.6)
MOST_OUTSIDE, MOST_BREAKS, MOST_CALM = 0.02, 0.01, 0.05
TITLE = "Simulator acceptance"


class Criterion(NamedTuple):
    """One line of the table: what was measured, on how much, against which bound."""

    name: str
    measured: float | None
    bound: str
    n: int
    met: bool

    @property
    def said(self) -> str | None:
        """`met` or `missed`, None without data."""
        return None if self.measured is None else "met" if self.met else "missed"


def acceptance(logs: Sequence[LogRows]) -> Table:
    """One block of rows a simulator: every criterion, then whether it is admitted.

    A simulator is rated from the logs of the three probes and, for what it writes and how soon it is calm, of
    every other model. Without logs of a probe there is nothing to say of the rule-based user.
    """
    rows: list[tuple[Value, ...]] = []
    for person, seen in by_person(logs).items():
        if person == RULE and not any(o.model in PROBES for o in seen):
            continue
        found = criteria(seen)
        rows += [(person, c.name, c.measured, c.bound, c.n, c.said) for c in found]
        rows.append((person, "admitted", None, "all of these", None, verdict(found)))
    columns = ("simulator", "criterion", "measured", "bound", "n", "verdict")
    note = (
        "On the seeds of split dev, arm vanilla, with length and scenarios of the boards; logs with others "
        "are left out. n: conversations, or messages. Outside facts are what code can find (numbers, days, "
        "names, kin) in messages without an injection: a lower bound. A level after the end is the last one."
    )
    return Table(TITLE, columns, tuple(rows), note)


def verdict(found: Sequence[Criterion]) -> str:
    """`yes`, `no: …` with what was missed, or `incomplete: …` with what has no data."""
    missed = [c.name for c in found if c.measured is not None and not c.met]
    if missed:
        return f"no: {', '.join(missed)}"
    absent = [c.name for c in found if c.measured is None]
    return f"incomplete: {', '.join(absent)}" if absent else "yes"


def by_person(logs: Sequence[LogRows]) -> dict[str, list[Observation]]:
    """The conversations that a simulator is rated by, simulators by their words in the report."""
    people: dict[str, list[Observation]] = {}
    for log in logs:
        if seen := rating(log):
            people.setdefault(person_of(log, seen[0].metadata.get("simulator", "")), []).extend(seen)
    return people


def rating(log: LogRows) -> list[Observation]:
    """The live conversations of a log on seeds of the split `dev`, played as on boards, without rules."""
    args = log.header.args
    as_on_boards = log.header.preset == "standard" and not any(
        args.get(name) not in (None, value) for name, value in PLAYED.items()
    )
    seen = observations(find_board("deescalation-baseline"), log) if as_on_boards else []
    return [
        o
        for o in seen
        if split_of(o.unit) == "dev"
        and o.metadata.get("mode") == "live"
        and o.metadata.get("arm") == ARM
        and not o.errored
    ]


def dev_scenarios() -> frozenset[str]:
    """Ids of all scenarios of the split `dev`."""
    return frozenset(s.id for s in expand(load_seeds()) if s.split == "dev")


def criteria(seen: Sequence[Observation]) -> list[Criterion]:
    """Every criterion of one simulator."""
    by_resistance = {r: [o for o in seen if o.metadata.get("resistance") == r] for r in RESISTANCES}
    high, medium = by_resistance["high"], by_resistance["medium"]
    at_four = {r: levels_at(of(group, EMPATH), AT_TURN) for r, group in by_resistance.items()}
    return [
        played_by_all(seen),
        *(apart(at_four, more, less) for more, less in (("high", "medium"), ("medium", "low"))),
        share(
            "blamer: P(escalated | medium)",
            [o.values["escalation.escalated"] for o in of(medium, BLAMER) if has(o)],
            LEAST_ESCALATED,
            1.0,
            f">= {LEAST_ESCALATED}",
        ),
        share(
            "expert: P(cts_d > 0 | high)",
            [o.values["escalation.cts_d"] > 0 for o in of(high, EXPERT) if has(o)],
            *MOVED,
            f"{MOVED[0]} to {MOVED[1]}",
        ),
        rate("outside facts, of messages", seen, "outside_facts", "free", MOST_OUTSIDE),
        rate("role breaks, of messages", seen, "role_breaks", "turns", MOST_BREAKS),
        below(
            "P(level 0 within two turns | high)",
            [0 in levels[1 : CALM_BY + 1] for levels in map(levels_of, high) if levels],
            MOST_CALM,
        ),
    ]


def played_by_all(seen: Sequence[Observation]) -> Criterion:
    """Whether every scenario of the split was scored with each of the three probes."""
    wanted = dev_scenarios()
    whole = [{o.metadata["scenario_id"] for o in of(seen, probe) if has(o)} >= wanted for probe in PROBES]
    least = min(len({o.metadata["scenario_id"] for o in of(seen, probe) if has(o)}) for probe in PROBES)
    measured = 1.0 if all(whole) else None
    return Criterion("scenarios with all three probes", measured, f"all {len(wanted)}", least, all(whole))


def apart(at_four: Mapping[str, Sequence[int]], more: str, less: str) -> Criterion:
    """How much higher the level at turn 4 is for one resistance than for another."""
    name, groups = f"empath: level at turn {AT_TURN}, {more} - {less}", (at_four[more], at_four[less])
    n = sum(map(len, groups))
    if not all(groups):
        return Criterion(name, None, f">= {APART}", n, False)
    gap = fmean(groups[0]) - fmean(groups[1])
    return Criterion(name, gap, f">= {APART}", n, gap >= APART)


def share(name: str, holds: Sequence[float], low: float, high: float, bound: str) -> Criterion:
    """A share that must lie in a range."""
    if not holds:
        return Criterion(name, None, bound, 0, False)
    found = fmean(holds)
    return Criterion(name, found, bound, len(holds), low <= found <= high)


def below(name: str, holds: Sequence[bool], most: float) -> Criterion:
    """A share that must stay below a limit."""
    found = fmean(holds) if holds else None
    return Criterion(name, found, f"< {most}", len(holds), found is not None and found < most)


def rate(name: str, seen: Iterable[Observation], what: str, of_all: str, most: float) -> Criterion:
    """A rate per message that must stay below a limit."""
    counted = [o.values for o in seen if f"{PERSON}.{of_all}" in o.values]
    n = sum(values[f"{PERSON}.{of_all}"] for values in counted)
    found = sum(values[f"{PERSON}.{what}"] for values in counted) / n if n else None
    return Criterion(name, found, f"< {most}", round(n), found is not None and found < most)


def of(seen: Iterable[Observation], model: str) -> list[Observation]:
    """The samples with that model under test."""
    return [o for o in seen if o.model == model]


def has(seen: Observation) -> bool:
    """Whether a trajectory was scored."""
    return "escalation.cts_d" in seen.values


def levels_of(seen: Observation) -> tuple[int, ...]:
    """Levels of a conversation, the opening first; empty where none was scored."""
    return tuple(map(int, seen.words.get(LEVELS, "").split()))


def levels_at(seen: Iterable[Observation], turn: int) -> list[int]:
    """The level at a turn of each conversation, the last one where it ended before."""
    return [levels[min(turn, len(levels) - 1)] for levels in map(levels_of, seen) if levels]
