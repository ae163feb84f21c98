"""The verdict on one game: notes and true maze -> success, strict and favourable (pure).

    grade(Game(rows, {1: half_a, 2: half_b}, notes)).strict

Strict is success under every open reading of the cells, 0 where the seats' notations clash and neither is
translated. Favourable is success under any reading, with lenient agreement allowed. What lies between them is
contested.
"""

from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

from interplay.tasks.mazes.maze import Cell

from .route_acts import NoteReading
from .route_assignment import Assignment
from .route_court import Court, Run
from .route_forms import action_lines
from .route_game import Form, Game, Said
from .route_replay import Replay, Violation
from .route_turns import MANNERS, Agreement, Manner, Stepped

__all__ = ["Form", "Game", "Said", "Verdict", "action_lines", "grade"]

BOUNDS: tuple[Manner, ...] = ("strict", "generous")
"""The manners between which partial success is weighed."""
LIGHTEST_FIRST: tuple[Manner, ...] = ("strict", "generous", "lenient")
"""The manners in the order of what it costs to try them."""
Failure = Literal["clash", "wall", "edge", "jump", "keys", "short"]


@dataclass(frozen=True)
class Verdict:
    """What was found. `route` and `steps` are those of the likeliest reading."""

    strict: bool
    favourable: bool
    weighted_strict: float
    weighted_favourable: float
    finished: bool
    failure: Failure | None
    clash: bool
    bulk: bool
    open_readings: int
    notation: dict[str, str]
    route: tuple[Cell, ...]
    steps: tuple[Stepped, ...]
    violation: Violation | None
    replay: Replay
    agreement: Agreement
    readings: tuple[NoteReading, ...] = field(repr=False)
    resolve: "Assignment" = field(repr=False)

    def corrected(self, floor: float) -> float:
        """Strict success above what a silent planner reaches: (strict - floor) / (1 - floor)."""
        return (float(self.strict) - floor) / (1 - floor)


def grade(game: Game) -> Verdict:
    """Grade one game. Never raises on any text, cut off at any note."""
    court = Court(game)
    opened = court.distinct(court.open_assignments())
    sane = not court.clash  # where the seats talk past each other no reading of the notes makes sense
    runs = [court.run(assignment, "strict", mend=sane) for assignment in opened]
    first = runs[0]
    apart = court.apart or first.agreement.apart
    strict = not court.clash and not apart and all(run.success for run in runs)
    strict = strict and not court.ends_on_refusal
    weighted_strict = min(run.replay.weight for run in runs)
    tried = list(runs)
    likely = [*opened, court.own_assignment()] if court.clash else opened
    favourable = strict
    if not strict:
        favourable = any(run.success or run.disputed for run in tried) or any(
            court.could_succeed(one) for one in likely
        )
    if not favourable:
        for manner in LIGHTEST_FIRST:
            for assignment in likely:
                hopeful = court.can_succeed(assignment)
                if hopeful or manner in BOUNDS:
                    mend = sane and hopeful and manner != "generous"
                    tried.append(court.run(assignment, manner, mend=mend, brief=manner != "strict"))
                    favourable = favourable or tried[-1].success or tried[-1].disputed
            if favourable:
                break  # nothing can be better
    if not favourable:
        favourable = any(
            court.run(assignment, manner, mend=False, brief=True).success
            for assignment in court.distinct(chain(likely, court.any_assignments()))
            if court.can_succeed(assignment)
            for manner in MANNERS
        )
    weighted_favourable = 1.0 if favourable else max(run.replay.weight for run in tried)
    failing = next((run for run in runs if not run.success), first)
    return Verdict(
        strict=strict,
        favourable=favourable,
        weighted_strict=weighted_strict,
        weighted_favourable=weighted_favourable,
        finished=any(court.ends),
        failure=None if strict else _failure(court, failing),
        clash=court.clash,
        bulk=first.agreement.bulk,
        open_readings=len(opened),
        notation=court.names(first.assignment),
        route=first.replay.route,
        steps=first.agreement.steps,
        violation=first.replay.violation,
        replay=first.replay,
        agreement=first.agreement,
        readings=tuple(court.readings),
        resolve=first.assignment,
    )


def _failure(court: Court, run: Run) -> Failure:
    if court.clash:
        return "clash"
    if run.replay.violation:
        return run.replay.violation.kind
    goal_stood_on = any(court.game.rows[r][c] == "*" for r, c in run.replay.route)
    return "keys" if goal_stood_on and not run.success else "short"
