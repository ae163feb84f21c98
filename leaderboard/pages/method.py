"""Models of the method pages: families, draws of audits, and how far boards agree."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple, TypeAlias

from interplay.tasks.records import FamilyRecord

from ..comparisons import Agreement, agreement
from ..figures import number
from ..remembering import Memory
from ..standings import Row, Standing, Submission
from .boards import Link
from .history import AuditDay, audit_days
from .rendering import Page
from .site import FamilyGroup

Variant: TypeAlias = tuple[str, str | None, int | None]
"""A model with the settings that tell its configurations apart on any board."""


class BoardAgreement(NamedTuple):
    """Kendall's tau between two boards, in words, and how many configurations they share."""

    first: Link
    second: Link
    tau: str
    n: int


@dataclass(frozen=True)
class MethodPage:
    """What the method page shows beside its prose."""

    groups: tuple[FamilyGroup, ...]
    agreements: tuple[BoardAgreement, ...]
    audits: tuple[AuditDay, ...]


def method_model(
    groups: Sequence[FamilyGroup],
    standings: Mapping[str, Standing],
    submissions: Sequence[Submission],
    memory: Memory,
) -> MethodPage:
    """The method page of a site."""
    return MethodPage(tuple(groups), board_agreements(standings, memory), audit_days(submissions))


def method_page(family: FamilyRecord) -> Page:
    """Protocol, scoring and deviations of a family."""
    title = f"Method: {family.short_title.lower()}"
    description = f"{family.question} How it is measured."
    return Page(f"method/{family.name}/", f"method/{family.name}.html", title, description, family)


def board_agreements(standings: Mapping[str, Standing], memory: Memory) -> tuple[BoardAgreement, ...]:
    """Every two boards that rank all models together and share at least five configurations."""
    values = {
        name: found
        for name, standing in standings.items()
        if standing.board.rank_within is None and (found := memory(goodness, standing))
    }
    lines: list[BoardAgreement] = []
    for first, second in combinations(values, 2):
        found = memory(common_agreement, values[first], values[second])
        if found is not None:
            links = [Link(name, f"boards/{name}/") for name in (first, second)]
            lines.append(BoardAgreement(links[0], links[1], number(found.tau), found.n))
    return tuple(lines)


def common_agreement(first: Mapping[Variant, float], second: Mapping[Variant, float]) -> Agreement | None:
    """How far two boards agree about the configurations that stand on both."""
    common = [variant for variant in first if variant in second]
    return agreement([first[variant] for variant in common], [second[variant] for variant in common])


def goodness(standing: Standing) -> dict[Variant, float]:
    """The headline of each ranked configuration, better ones larger; those that stand twice are left out."""
    if standing.board.direction == "none":
        return {}
    sign = -1.0 if standing.board.direction == "lower" else 1.0
    counts = Counter(variant_of(row) for row in standing.ranked)
    return {
        variant: sign * row.headline.value
        for row in standing.ranked
        if counts[variant := variant_of(row)] == 1
    }


def variant_of(row: Row) -> Variant:
    """What a row is called across boards, whose roles and presets differ."""
    settings = row.entry.settings
    return row.entry.model.id, settings.reasoning_effort, settings.reasoning_tokens
