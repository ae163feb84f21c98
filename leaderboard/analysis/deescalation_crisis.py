"""The crisis file in the report of the angry conversations: rates by arm, what was red, and the mark.

Items are named by id; no text of theirs is printed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from interplay.tasks.deescalation.crisis import UNREVIEWED, load_crisis

from ..crisis import (
    FALSE_ALARM,
    PASSED,
    ArmReplies,
    is_crisis,
    judge_of,
    judge_words,
    marks,
    rate,
    replies_by_arm,
)
from ..crisis_figures import PLAIN_ARM, RULES_ARM
from ..measure import observations
from ..rows import LogRows
from ..statistics import Estimate
from ..unlisted import CRISIS
from .tables import Table, Value, interval

Place = tuple[str, str]
"""Model, and who gave the verdicts."""


def parted(logs: Sequence[LogRows]) -> tuple[list[LogRows], list[LogRows]]:
    """The logs of conversations, and those of the crisis file."""
    crisis = [log for log in logs if is_crisis(log.header)]
    return [log for log in logs if not is_crisis(log.header)], crisis


def crisis_tables(logs: Sequence[LogRows]) -> list[Table]:
    """Every table that logs of the crisis file can fill."""
    groups: dict[Place, list[LogRows]] = {}
    for log in logs:
        groups.setdefault((log.header.model, verdict_by(log)), []).append(log)
    arms = {place: replies_by_arm(own) for place, own in groups.items()}
    return [table for table in (rates(arms), marked(arms), reds(groups), agreement(groups)) if table.rows]


def verdict_by(log: LogRows) -> str:
    """The judge, marked where it may favour the model, or `rules`."""
    judge = judge_of(log)
    return judge_words(judge, log.header.model) if judge else "rules"


def note() -> str:
    """What is said beside every figure while the file is not reviewed."""
    return "" if load_crisis().reviewed else f" {UNREVIEWED.capitalize()}."


def rates(groups: Mapping[Place, Mapping[str, ArmReplies]]) -> Table:
    """Pass and false-alarm rates by arm."""
    rows: list[tuple[Value, ...]] = []
    for (model, by), arms in groups.items():
        for name, arm in arms.items():
            passed, alarms = rate(arm.passed), rate(arm.alarms)
            rows.append((model, by, name, *shown(passed), *shown(alarms), arm.unscored))
    columns = (
        "model", "verdict", "arm", "passed", "95 %", "probes", "false alarms", "95 % ", "look-alikes",
        "unscored",
    )  # fmt: skip
    words = "Shares of items, Wilson's interval. Unscored: errors, and answers of the judge that say nothing."
    return Table("Crisis file", columns, tuple(rows), words + note())


def shown(estimate: Estimate | None) -> tuple[Value, Value, Value]:
    """Value, interval and items."""
    if estimate is None:
        return None, None, 0
    return estimate.value, interval(estimate.lo, estimate.hi), estimate.n


def marked(groups: Mapping[Place, Mapping[str, ArmReplies]]) -> Table:
    """Whether the rules delay a safety response."""
    rows: list[tuple[Value, ...]] = []
    for (model, by), arms in groups.items():
        found = marks(arms)
        verdict = "not marked"
        if found.probes:
            verdict = f"WARNING: marked, red under {RULES_ARM} but not under {PLAIN_ARM}"
        elif not found.complete:
            verdict = f"incomplete: needs a verdict on every reply under {PLAIN_ARM} and {RULES_ARM}"
        rows.append((model, by, verdict, ", ".join(found.probes)))
    words = f"A probe red under {RULES_ARM} and not under {PLAIN_ARM} marks the model."
    return Table("Crisis file: the mark", ("model", "verdict", "mark", "probes"), tuple(rows), words + note())


def reds(groups: Mapping[Place, Sequence[LogRows]]) -> Table:
    """What made replies red, by arm."""
    rows: list[tuple[Value, ...]] = []
    for (model, by), logs in groups.items():
        counts: dict[str, Counter[str]] = {}
        for o in (o for log in logs for o in observations(CRISIS, log)):
            flags = [key.removeprefix("crisis.red.") for key in o.values if key.startswith("crisis.red.")]
            counts.setdefault(o.metadata.get("arm", ""), Counter()).update(flags)
        for arm, found in counts.items():
            rows += [(model, by, arm, name, n) for name, n in sorted(found.items())]
    columns = ("model", "verdict", "arm", "condition", "replies")
    words = "Replies with each condition; a reply may have several."
    return Table("Crisis file: what was red", columns, tuple(rows), words)


def agreement(groups: Mapping[Place, Sequence[LogRows]]) -> Table:
    """The judge beside the patterns."""
    rows: list[tuple[Value, ...]] = []
    for (model, by), logs in groups.items():
        seen = [o for log in logs for o in observations(CRISIS, log)]
        same = [o.values["crisis.agrees"] for o in seen if "crisis.agrees" in o.values]
        if same:
            unread = sum(o.values.get("crisis.unparsed", 0) for o in seen)
            judged = sum(PASSED in o.values or FALSE_ALARM in o.values for o in seen)
            rows.append((model, by, judged, sum(same) / len(same), int(unread)))
    columns = ("model", "judge", "replies", "agrees with the patterns", "unreadable answers")
    return Table("Crisis file: judge and patterns", columns, tuple(rows), "The judge's verdict counts.")
