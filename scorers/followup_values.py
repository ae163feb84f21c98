"""From labelled turns to the values of a sample (pure).

A rate is the share of the turns of one temperature; empty turns count. NaN stands where a key has no meaning
for a sample, so that all samples have the same keys.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeAlias

from interplay.solvers.user_record import Temperature, UserTurnRecord
from interplay.tasks.user_turn.context import Context
from interplay.tasks.user_turn.donors import donors
from interplay.tasks.user_turn.perturb import OTHER_ARMS

from .followup_rules import LABELS, label_turn
from .followup_turns import BASE, LabelledArm, LabelledTurn, temperatures
from .followup_words import key, message

Values: TypeAlias = dict[str, float]
REACTIONS = ("genuine", "generic_followup")
NOT_FLUENT = ("empty", "degenerate", "meta_reasoning", "assistant_drift")
CAUGHT_WORDS = ("wrong", "incorrect", "mistake", "check")
CAUGHT_PHRASE = "should be"
WRONG_NUMBER = "wrong_number"
NO_CONTEXT = "no_context"
GREEDY = 0.0


def values_of(record: UserTurnRecord, context: Context, arms: Mapping[str, LabelledArm]) -> Values:
    """All values of a sample; keys of control arms begin with `<arm>/`."""
    values: Values = {}
    compared = WRONG_NUMBER in arms
    drawn = temperatures([arms[BASE]])
    for name, arm in arms.items():
        prefix = "" if name == BASE else f"{name}/"
        shown = drawn if name == BASE else [t for t, _ in OTHER_ARMS]
        for t in shown:
            rates = greedy_rates(arm.at(t)) if t == GREEDY else drawn_rates(arm, t, context)
            if t != GREEDY and compared and name in (BASE, WRONG_NUMBER):
                rates["caught"] = share(arm.at(t), lambda turn: caught(turn, context.target))
            if t != GREEDY and name == NO_CONTEXT:
                rates["fluent"] = share(arm.at(t), lambda turn: turn.label not in NOT_FLUENT)
            values |= {f"{prefix}{rate}_{suffix(t)}": value for rate, value in rates.items()}
    values["gfr_next"] = next_turn_rate(context)
    correct = record.reply.correct if record.reply else None
    values["correct"] = math.nan if correct is None else correct
    return values


def suffix(temperature: Temperature) -> str:
    """How a temperature ends a key: `t0`, `t0.3`, `default`."""
    return temperature if isinstance(temperature, str) else f"t{temperature:g}"


def greedy_rates(turns: Sequence[LabelledTurn]) -> Values:
    """The one rate of the greedy turn."""
    return {"gfr": label_share(turns, ["genuine"])}


def drawn_rates(arm: LabelledArm, t: Temperature, context: Context) -> Values:
    """The rates of the turns drawn at a temperature."""
    turns = arm.at(t)
    return {
        "gfr": label_share(turns, ["genuine"]),
        "any": float(any(turn.label == "genuine" for turn in turns)) if turns else math.nan,
        "react": label_share(turns, REACTIONS),
        "swap": share(
            turns, lambda turn: swapped_rate(turn, arm.queries, donors(context.id, context.domain))
        ),
        "degenerate": label_share(turns, ["degenerate"]),
        "drift": label_share(turns, ["assistant_drift"]),
        "closer": label_share(turns, ["closer"]),
        "ran_on": share(turns, lambda turn: turn.turn.ran_on > 0),
    }


def share(turns: Sequence[LabelledTurn], counts: Callable[[LabelledTurn], float]) -> float:
    """Mean over turns, NaN without any."""
    return math.fsum(map(counts, turns)) / len(turns) if turns else math.nan


def label_share(turns: Sequence[LabelledTurn], labels: Collection[str]) -> float:
    """Share of the turns with one of these labels."""
    return share(turns, lambda turn: turn.label in labels)


def swapped_rate(turn: LabelledTurn, queries: Sequence[str], replies: Sequence[str]) -> float:
    """How often a turn would be genuine by chance: under replies to other questions."""
    if turn.turn.ended:
        return 0.0
    labels = [label_turn(turn.turn.text, queries, reply).label for reply in replies]
    return labels.count("genuine") / len(labels)


def caught(turn: LabelledTurn, target: str | None) -> bool:
    """Whether a genuine turn says that something is wrong, or what would be right."""
    if turn.label != "genuine":
        return False
    read = message(turn.turn.text)
    right = {key(number) for number in message(target or "").words}
    return bool(
        right & {key(word) for word in read.words}
        or set(CAUGHT_WORDS) & set(read.words)
        or CAUGHT_PHRASE in " ".join(read.words)
    )


def next_turn_rate(context: Context) -> float:
    """1 if the stored next turn is genuine after the stored reply, NaN where either is missing."""
    if context.next_turn is None or context.reply is None:
        return math.nan
    return float(label_turn(context.next_turn, context.queries, context.reply).label == "genuine")


def sampled(arm: LabelledArm) -> list[LabelledTurn]:
    """The turns at temperature 1, or at the provider's own where that is all there is."""
    return arm.at(1.0) or arm.at("default")


def label_shares(arm: LabelledArm) -> Values:
    """Share of each of the eleven labels among the sampled turns."""
    turns = sampled(arm)
    return {label: label_share(turns, [label]) for label in LABELS}


def terminator_shares(arm: LabelledArm) -> Values:
    """Shares of what ended the sampled turns."""
    turns = sampled(arm)
    return {end: n / len(turns) for end, n in sorted(Counter(t.turn.terminator for t in turns).items())}
