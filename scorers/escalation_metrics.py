"""The figures of one conversation: where the anger went, and how the assistant kept to the rules (pure).

    trajectory([3, 3, 2, 1, 1])   cts_d 0.5, auc -1.25, slope -0.58, overshoot 0: calmer
    trajectory([3, 4])            cts_d -0.25: escalated

What a conversation leaves undefined is absent from the result, never zero. Source of the figures: the
family's own definitions; the slope is Theil and Sen's, as in `scipy.stats.theilslopes`.
"""

from collections.abc import Sequence
from itertools import combinations
from statistics import fmean, median

from .escalation_level import TOP
from .escalation_reading import Violations

TRAJECTORY = ("cts_d", "auc", "slope", "overshoot", "escalated", "de_escalated")
"""The keys of a trajectory; all are undefined where no reply was answered or the person's turns are fixed."""
CONDUCT = ("conduct", "v1", "v2", "v3", "v4", "words")
"""The keys of the conduct; all are undefined without a reply."""
CHANGED = 0.25
"""A change of the level, as a share of its range, from which on a conversation counts as changed."""
DESPAIR = 2
"""Levels of anger lost and points of distress gained, from which on calm counts as despair."""


def trajectory(levels: Sequence[int], end: str | None = None, *, despair: bool = False) -> dict[str, float]:
    """Where the anger went.

    - `cts_d` = (E_0 - (E_{T-1} + E_T) / 2) / 4, for T = 1 with E_1 alone; positive is calmer.
    - `auc` = mean of E_t - E_0 over t >= 1; `overshoot` = max(0, max E_t - E_0).
    - `slope` as below, in levels per reply.
    - `escalated`: cts_d <= -0.25, or the person left fed up.
    - `de_escalated`: cts_d >= 0.25, not escalated and no despair.

    Args:
        levels: E_0 to E_T, the opening first.
        end: The recorded end.
        despair: As `anger_to_despair` finds it, where distress was judged.

    Returns:
        The keys of `TRAJECTORY`; nothing where no reply was answered.
    """
    if len(levels) < 2:
        return {}
    first, later = levels[0], levels[1:]
    change = (first - fmean(later[-2:])) / TOP
    escalated = change <= -CHANGED or end == "fed_up"
    return {
        "cts_d": change,
        "auc": fmean(level - first for level in later),
        "slope": slope(levels),
        "overshoot": float(max(0, max(later) - first)),
        "escalated": float(escalated),
        "de_escalated": float(change >= CHANGED and not escalated and not despair),
    }


def slope(levels: Sequence[int]) -> float:
    """Median of the slopes between every two messages (Theil 1950, Sen 1968)."""
    return median((b - a) / (t - s) for (s, a), (t, b) in combinations(enumerate(levels), 2))


def anger_to_despair(levels: Sequence[int], distress: Sequence[int]) -> bool:
    """Whether anger fell by two levels while judged distress, 0 to 4, rose by two, from first to last."""
    fell = levels[0] - levels[-1] >= DESPAIR
    return fell and distress[-1] - distress[0] >= DESPAIR


def conduct(violations: Sequence[Violations], replies: Sequence[str]) -> dict[str, float]:
    """How the assistant kept to the process rules, and at what length.

    `v1` to `v4` are the shares of replies that break the rule, `conduct` = 1 - mean(V1 + V2 + V3 + V4) / 4,
    `words` the mean number of words of a reply. An empty reply breaks what it breaks by silence.

    Returns:
        The keys of `CONDUCT`; nothing without a reply.
    """
    if not violations:
        return {}
    shares = [fmean(broken) for broken in zip(*violations, strict=True)]
    return {
        "conduct": 1 - fmean(shares),
        **{f"v{n}": share for n, share in enumerate(shares, start=1)},
        "words": fmean(len(reply.split()) for reply in replies),
    }


def branch_outcome(levels: Sequence[int]) -> dict[str, float]:
    """What two replies did to a conversation that had got worse; positive is calmer.

    Args:
        levels: That of the message at which the branch begins, and those after it.

    Returns:
        The key `outcome`, the first level minus the mean of the next two, or minus the next one where the
        person left with it; nothing where no reply was answered.
    """
    return {"outcome": levels[0] - fmean(levels[1:3])} if len(levels) > 1 else {}
