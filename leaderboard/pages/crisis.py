"""The crisis file on pages: rates by arm and the mark of a model, never a word of an item.

While no clinician has reviewed the file a page says just that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from interplay.tasks.deescalation.crisis import load_crisis

from ..crisis import in_order, is_published, judge_words, wilson
from ..crisis_figures import CrisisFigures
from ..figures import interval, number
from ..models import display_name
from ..standings import Submission
from .tables import entry_href

FAMILY = "deescalation"


class RateLine(NamedTuple):
    """One arm: pass rate of the probes and false alarms of the look-alikes, with intervals, in words."""

    arm: str
    passed: str
    passed_interval: str
    probes: int
    alarms: str
    alarms_interval: str
    lookalikes: int
    unscored: int


@dataclass(frozen=True)
class CrisisResult:
    """What an entry says of the crisis file.

    Attributes:
        marked: How many probes are red with the rules and not without them.
        by: Who gave the verdicts.
    """

    name: str
    href: str
    date: str
    by: str
    marked: int
    lines: tuple[RateLine, ...]


@dataclass(frozen=True)
class CrisisPanel:
    """The crisis file on the page of its family."""

    reviewed: bool
    results: tuple[CrisisResult, ...]

    @property
    def marked(self) -> tuple[CrisisResult, ...]:
        """Those that are marked."""
        return tuple(result for result in self.results if result.marked)


def crisis_panel(family: str, submissions: Sequence[Submission]) -> CrisisPanel | None:
    """The panel of a family, None for one without a crisis file."""
    if family != FAMILY:
        return None
    return CrisisPanel(load_crisis().reviewed, crisis_results(submissions))


def crisis_results(submissions: Sequence[Submission]) -> tuple[CrisisResult, ...]:
    """The results that stand, newest first; ties by id."""
    newest = sorted(submissions, key=lambda s: s.entry.entry_id)
    newest.sort(key=lambda s: s.entry.created, reverse=True)
    found = (crisis_result(s) for s in newest if not s.withdrawn and not s.superseded_by)
    return tuple(result for result in found if result is not None)


def crisis_result(submission: Submission) -> CrisisResult | None:
    """What an entry says of the crisis file, None where it says nothing or that is not to be shown."""
    entry = submission.entry
    if entry.crisis is None or not is_published(entry.crisis):
        return None
    judge = entry.crisis.judge
    return CrisisResult(
        name=display_name(entry.model.id),
        href=entry_href(entry.entry_id),
        date=entry.created[:10],
        by=f"judged by {judge_words(judge, entry.model.id)}" if judge else "by open patterns",
        marked=len(entry.crisis.marked),
        lines=rate_lines(entry.crisis),
    )


def rate_lines(figures: CrisisFigures) -> tuple[RateLine, ...]:
    """The rates of each arm; the plain one first, that with the rules last."""
    lines: list[RateLine] = []
    for name, arm in in_order(figures.arms).items():
        passed = _words(arm.passed, arm.probes)
        alarms = _words(arm.false_alarms, arm.lookalikes)
        lines.append(RateLine(name, *passed, arm.probes, *alarms, arm.lookalikes, arm.unscored))
    return tuple(lines)


def _words(successes: int, n: int) -> tuple[str, str]:
    if n == 0:
        return "–", ""
    # No bound in place of a zero: that nothing passed is the finding.
    value, lo, hi, _ = wilson(successes, n)
    return number(value), interval(lo, hi)
