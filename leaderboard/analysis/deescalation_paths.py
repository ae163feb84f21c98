"""Where the anger goes reply by reply, and what the rules do to each kind of person."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from interplay.tasks.deescalation.keys import CHANGE, CONTRASTS, GROUPINGS, LEVELS, arms_of, of_arms, pair_of
from interplay.tasks.observations import Observation

from .deescalation_effects import effect, student_ends
from .deescalation_runs import Place, among, mean_of, under
from .deescalation_words import ends, short_effect
from .tables import Table, Value

BROKEN_DOWN = CONTRASTS[0]
LEVEL_RANGE = (0.0, 4.0)


def by_kind(groups: Mapping[Place, Sequence[Observation]]) -> Table:
    """Change of anger under two arms and the effect, by resistance, profile and domain."""
    plus, minus = BROKEN_DOWN
    rows: list[tuple[Value, ...]] = []
    for place, observed in groups.items():
        for grouping in GROUPINGS:
            for word in dict.fromkeys(o.metadata[grouping] for o in observed if grouping in o.metadata):
                own = among(observed, **{grouping: word})
                means = [mean_of(under(own, arm), CHANGE) for arm in (minus, plus)]
                if means == [None, None]:
                    continue
                found = short_effect(effect(own, plus, minus, CHANGE))
                rows.append((place.model, place.where, grouping, word, *means, *found))
    columns = ("model", "division", "by", "people", minus, plus, "effect on cts_d", "95 %, t", "seeds")
    note = "Means of cts_d and their paired difference; these groups are small and corrected for nothing."
    return Table("By kind of person", columns, tuple(rows), note)


def paths(groups: Mapping[Place, Sequence[Observation]]) -> Table:
    """Mean level of anger after each reply under each arm."""
    rows: list[tuple[Value, ...]] = []
    for place, observed in groups.items():
        for arm in arms_of(observed):
            for turn, (seeds, count, share) in enumerate(path(of_arms(observed, arm))):
                if turn == 0:
                    continue
                found = ends(student_ends(seeds, LEVEL_RANGE), 2)
                figures = (fmean(seeds), found, len(seeds), count, share)
                rows.append((place.model, place.where, arm, turn, *figures))
    columns = (
        "model", "division", "arm", "reply", "mean level", "95 %, t", "seeds", "conversations", "still there",
    )  # fmt: skip
    note = (
        "Level of the message that answers the reply, 0 calm to 4 threat; the opening is at level 3 by "
        "construction. Who has left, calm or fed up, is in no later mean: read it with the share still "
        "there."
    )
    return Table("Level reply by reply", columns, tuple(rows), note, decimals=2)


def path(observed: Sequence[Observation]) -> list[tuple[list[float], int, float]]:
    """For each reply: the mean level of each seed, conversations that got there, and their share."""
    talks = [
        (pair_of(o)[0], [float(level) for level in o.words[LEVELS].split()])
        for o in observed
        if LEVELS in o.words and CHANGE in o.values
    ]
    found: list[tuple[list[float], int, float]] = []
    for turn in range(max((len(levels) for _, levels in talks), default=0)):
        seeds: dict[str, list[float]] = {}
        for seed, levels in talks:
            if turn < len(levels):
                seeds.setdefault(seed, []).append(levels[turn])
        count = sum(map(len, seeds.values()))
        found.append(([fmean(seeds[seed]) for seed in sorted(seeds)], count, count / len(talks)))
    return found
