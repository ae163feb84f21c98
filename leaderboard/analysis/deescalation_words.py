"""How the report of the angry conversations prints effects, intervals and keys."""

from interplay.tasks.deescalation.keys import (
    CHANGE,
    FORMULAIC,
    JUDGED_CHANGE,
    JUDGED_OPINION,
    TAKES_SIDE,
    WORDS,
)

from .deescalation_effects import Effect, Ends, bootstrap_ends, student_ends
from .tables import Value, interval

NOT_PEOPLE = "Simulated users are not people; no score is clinical validation."
ONE_SEED = "interval needs >= 2 seeds"
INCOMPLETE = "incomplete"
NAMES = {
    CHANGE: "cts_d",
    JUDGED_CHANGE: "cts_d, judged levels",
    JUDGED_OPINION: "cts_j, judged whole",
    WORDS: "words a reply",
    FORMULAIC: "formulaic (V4)",
    TAKES_SIDE: "takes side on unfair claim",
}


def key_name(key: str) -> str:
    """A score key in words."""
    return NAMES.get(key) or key.rsplit(".", 1)[-1].replace("_", " ")


def ends(found: Ends | None, decimals: int = 3) -> Value:
    """An interval, or why there is none."""
    return ONE_SEED if found is None else interval(found.lo, found.hi, decimals)


def shown_effect(found: Effect) -> tuple[Value, Value, Value, int, int]:
    """Difference, both intervals, seeds and dropped scenarios; an incomplete effect has no figure."""
    count = len(found.by_seed)
    if not found.is_complete:
        return None, INCOMPLETE, None, count, found.dropped
    seeds = found.seeds
    return (
        found.mean,
        ends(bootstrap_ends(seeds)),
        ends(student_ends(seeds, found.bounds)),
        count,
        found.dropped,
    )


def short_effect(found: Effect) -> tuple[Value, Value, int]:
    """Difference, Student's interval and seeds, where a table has no room for two."""
    count = len(found.by_seed)
    if not found.by_seed:
        return None, None, 0
    if not found.is_complete:
        return None, INCOMPLETE, count
    return found.mean, ends(student_ends(found.seeds, found.bounds)), count


def printed_p(p: float | None) -> Value:
    """A value as it is printed: one that rounds to zero is a bound."""
    return "< 0.001" if p is not None and p < 0.001 else p
