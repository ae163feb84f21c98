"""The scorers `followup` and `turn_labels`: labels of user turns by open rules (deterministic).

They read the store and the sample's metadata and call no model, so `inspect score` gives the same again.
Value of `followup` with k = 10:

    {"gfr_t0": 0.0, "gfr_t1": 0.1, "any_t1": 1.0, "react_t1": 0.2, "swap_t1": 0.02, "degenerate_t1": 0.0,
     "drift_t1": 0.1, "closer_t1": 0.1, "ran_on_t1": 0.0, "gfr_next": 1.0, "correct": 1.0}

`gfr` is the genuine follow-up rate, `any` whether any turn is genuine, `swap` the rate under the replies to
other questions, `gfr_next` the label of the stored next turn. Keys of control arms begin with `<arm>/`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from inspect_ai.scorer import Score, Scorer, Target, ci_wilson, grouped, mean, scorer
from inspect_ai.solver import TaskState

from interplay.solvers.user_record import UserTurnRecord, read_record
from interplay.tasks.user_turn.context import Context
from interplay.tasks.user_turn.dataset import context_of

from .followup_turns import BASE, LabelledArm, LabelledTurn, labelled_arms
from .followup_values import GREEDY, label_shares, sampled, suffix, terminator_shares, values_of


class Scorable(NamedTuple):
    """What a sample is scored from: its context, its record, and the labels of all turns."""

    context: Context
    record: UserTurnRecord
    arms: Mapping[str, LabelledArm]


@scorer(metrics={"*": [mean(), ci_wilson(), grouped(mean(), "dataset", all="groups", all_label="macro")]})
def followup() -> Scorer:
    """Genuine follow-ups: how often a turn reacts to something in this very reply."""

    async def score(state: TaskState, target: Target) -> Score:
        found = scorable(state)
        return found if isinstance(found, Score) else followup_score(found)

    return score


@scorer(metrics={"*": [mean()]})
def turn_labels() -> Scorer:
    """Share of each of the eleven labels at temperature 1."""

    async def score(state: TaskState, target: Target) -> Score:
        found = scorable(state)
        if isinstance(found, Score):
            return found
        return Score(value=dict(label_shares(found.arms[BASE])), answer=greedy_label(found.arms[BASE]))

    return score


def scorable(state: TaskState) -> Scorable | Score:
    """What there is to score in a sample, or the unscored score that says why there is nothing."""
    record = read_record(state.store)
    if record is None:
        return Score.unscored(
            reason="not_a_user_turn_log", explanation="The log holds no user turns; score a log of user_turn."
        )
    if record.problem is not None:
        return Score.unscored(reason=record.problem, explanation=f"Not scored: {record.problem}.")
    if not record.arms.get(BASE) or not record.arms[BASE].turns:
        return Score.unscored(reason="no_turns", explanation="The server returned no turn.")
    context = context_of(state.metadata)
    return Scorable(context, record, labelled_arms(record, context))


def followup_score(found: Scorable) -> Score:
    """The score of a sample's turns."""
    base = found.arms[BASE]
    others = {name: arm for name, arm in found.arms.items() if name != BASE}
    metadata: dict[str, object] = {
        "turns": list(map(_entry, base.turns)),
        "greedy": greedy_label(base) or "",
        "terminators": terminator_shares(base),
        "short_k": sum(arm.short_k for arm in found.record.arms.values()),
        "person_marks": sum(turn.person_mark for turn in found.record.arms[BASE].turns),
    }
    if others:
        metadata["arms"] = {name: list(map(_entry, arm.turns)) for name, arm in others.items()}
        skipped = {name: arm.skipped for name, arm in found.record.arms.items() if arm.skipped}
        metadata |= {"skipped": skipped} if skipped else {}
    return Score(
        value=dict(values_of(found.record, found.context, found.arms)),
        answer=greedy_label(base),
        explanation=_sentence(base),
        metadata=metadata,
    )


def greedy_label(arm: LabelledArm) -> str | None:
    """Label of the greedy turn, None where none was drawn."""
    return next((turn.label for turn in arm.at(GREEDY)), None)


def _entry(turn: LabelledTurn) -> dict[str, object]:
    found = turn.found
    entry: dict[str, object] = {"t": turn.turn.t, "label": found.label, "rule": found.rule}
    return entry | ({"evidence": found.evidence} if found.evidence else {})


def _sentence(arm: LabelledArm) -> str:
    drawn = sampled(arm)
    parts = (
        [f"{_genuine(drawn)} of {len(drawn)} turns at {suffix(drawn[0].turn.t)} are genuine"] if drawn else []
    )
    greedy = greedy_label(arm)
    parts += [f"the greedy turn is {greedy}"] if greedy else []
    return f"{_joined(parts)}." if parts else "No turn at temperature 0 or 1."


def _genuine(turns: Sequence[LabelledTurn]) -> int:
    return sum(turn.label == "genuine" for turn in turns)


def _joined(parts: Iterable[str]) -> str:
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]
