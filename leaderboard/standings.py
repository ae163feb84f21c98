"""Who stands where on a board: which entry of a configuration counts, places as sets, and what is resolved.

Per configuration (model, roles, settings without seed) one entry is ranked: not superseded, not withdrawn,
of the highest rung, and among those the earliest, never the best score. The others are replicates. A place
is a set, because data that do not separate two rows give neither the better place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from interplay.tasks.judged import UNKNOWN, Validity

from .boards import Board, is_incomplete, ranked_roles, unranked_reason
from .canonical import content_hash, decode_units
from .comparisons import Comparison, compared
from .guarded import Guarded
from .models import display_name, load_models
from .remembering import Memory
from .rungs import RUNGS, withdrawal
from .schema import Entry, Evidence, Metric, Result
from .statistics import Estimate, Vector
from .versions import current_version, result_version, shown_results


@dataclass(frozen=True)
class Submission:
    """An entry with everything the project found out about it.

    `validities` holds by board and scorer what the family says of the judges of an entry; `unadmitted`, by
    board, why it is not ranked there because of the models in its roles.
    """

    entry: Entry
    evidence: tuple[Evidence, ...]
    rung: int
    superseded_by: str | None = None
    validities: Mapping[tuple[str, str], Validity] = field(default_factory=dict[tuple[str, str], Validity])
    unadmitted: Mapping[str, str] = field(default_factory=dict[str, str])

    def validity(self, board: str, scorer: str) -> Validity:
        """Whether the judge behind that scorer may be believed."""
        return self.validities.get((board, scorer), UNKNOWN)

    @property
    def rung_word(self) -> str:
        """The rung in a word."""
        return RUNGS[self.rung]

    @cached_property
    def withdrawn(self) -> Evidence | None:
        """The record that takes the entry off every board, or None: a withdrawal or a failed audit."""
        return withdrawal(self.entry, self.evidence)

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """Results to show: those of the newest regrade that carries any, else the entry's own."""
        return shown_results(self.entry, self.evidence)

    def result(self, board: str) -> Result | None:
        """The shown result on that board, or None."""
        return next((result for result in self.results if result.board == board), None)

    @cached_property
    def configuration(self) -> str:
        """Hash of model, roles and settings without seed: runs that differ in nothing else are replicates.

        A role that only judges beside the headline changes nothing that is ranked and makes no configuration.
        """
        boards = [result.board for result in self.entry.results]
        roles = {role: ref.content() for role, ref in ranked_roles(boards, self.entry.roles).items()}
        settings = self.entry.settings.model_dump(mode="json", exclude={"seed"})
        return content_hash({"model": self.entry.model.content(), "roles": roles, "settings": settings})


def withholding(board: Board, submission: Submission) -> Validity | None:
    """The verdict on a judge for which the headline of an entry may not be printed; None where it may."""
    verdicts = (submission.validity(board.id, judge.name) for judge in board.judged)
    return next((verdict for verdict in verdicts if board.headline in verdict.withheld), None)


def unread_word(board: Board, submission: Submission, result: Result) -> str | None:
    """What stands in place of a headline that is not to be read: `incomplete`, `withheld`, or None."""
    if is_incomplete(board, result):
        return "incomplete"
    return "withheld" if withholding(board, submission) else None


@dataclass(frozen=True)
class Row:
    """One line of a board.

    Attributes:
        places: None for reference players and for rows that are listed unranked.
        group: The model family within which it is ranked, empty on boards that rank all together.
        anchor: What the model's headline stands for, where the headline no longer follows it.
    """

    submission: Submission
    result: Result
    headline: Metric
    places: tuple[int, int] | None
    reason: str | None = None
    group: str = ""
    anchor: Estimate | None = None

    @property
    def entry(self) -> Entry:
        """The entry behind the row."""
        return self.submission.entry

    @property
    def is_unbeaten(self) -> bool:
        """No other row is significantly better."""
        return self.places is not None and self.places[0] == 1

    @property
    def is_reference(self) -> bool:
        """A scripted player."""
        return self.entry.division == "reference"


@dataclass(frozen=True)
class Standing:
    """One board: ranked rows in order, the other divisions, and what the data can tell apart.

    Attributes:
        rows: Closed entries of the current version, ordered by value; unranked ones last.
        reference: Scripted players, ordered by value.
        open_rows: Entries of the open division.
        earlier: Rows of earlier versions, by version.
        replicates: Further entries of a ranked configuration, by the id of the ranked entry.
        matrix: Unit values of the ranked rows, in their order.
        detectable: Paired difference resolved with 80 % power, in units of the metric.
        major: Current version of the board: it moves with the major version of any of its tasks.
        guarded: What the proxy guard says of the headline, where it has an anchor.
    """

    board: Board
    rows: tuple[Row, ...]
    reference: tuple[Row, ...]
    open_rows: tuple[Row, ...]
    earlier: Mapping[int, tuple[Row, ...]]
    replicates: Mapping[str, tuple[str, ...]]
    matrix: Vector
    detectable: float | None
    major: int
    guarded: Guarded | None = None

    @property
    def is_by_anchor(self) -> bool:
        """Whether rows are placed by the anchor, since the headline no longer follows it."""
        return self.guarded is not None and self.guarded.is_ranked_by_anchor

    @cached_property
    def ranked(self) -> tuple[Row, ...]:
        """Rows that have a place."""
        return tuple(row for row in self.rows if row.places is not None)

    @property
    def unbeaten(self) -> int:
        """How many rows no other row beats, of those that have one to be compared with."""
        return sum(row.is_unbeaten and not self.is_alone(row) for row in self.rows)

    @cached_property
    def families(self) -> Mapping[str, tuple[Row, ...]]:
        """On a board that ranks within families: the ranked rows of each, families by name."""
        found: dict[str, list[Row]] = {}
        for row in self.ranked if self.board.rank_within else ():
            found.setdefault(row.group, []).append(row)
        return {name: tuple(rows) for name, rows in found.items()}

    def is_alone(self, row: Row) -> bool:
        """Whether a row is the only one of its family, so that its rank says nothing."""
        return len(self.families.get(row.group, (row, row))) == 1

    @cached_property
    def listed(self) -> tuple[Row, ...]:
        """Closed rows with the reference players in their place in the order, or after it by the anchor.

        Where ranks hold within families: those families with several rows, rows without another of their
        family, then the reference players.
        """
        unranked = tuple(row for row in self.rows if row.places is None)
        if self.is_by_anchor:
            return self.ranked + self.reference + unranked
        if not self.board.rank_within:
            return ordered((*self.ranked, *self.reference), self.board) + unranked
        compared = tuple(row for row in self.ranked if not self.is_alone(row))
        alone = tuple(row for row in self.ranked if self.is_alone(row))
        return compared + alone + self.reference + unranked


def ordered(rows: Iterable[Row], board: Board) -> tuple[Row, ...]:
    """Best first, group by group; without a direction by name. Ties by name, then by entry id."""
    return tuple(sorted(rows, key=lambda row: place_key(row, board)))


def place_key(row: Row, board: Board) -> tuple[str, float, str, str]:
    """What rows are ordered by: group, value in the board's direction, name, entry id."""
    sign = {"higher": -1.0, "lower": 1.0, "none": 0.0}[board.direction]
    return row.group, sign * row.headline.value, display_name(row.entry.model.id), row.entry.entry_id


def standing(board: Board, submissions: Sequence[Submission], memory: Memory | None = None) -> Standing:
    """The board as it stands.

    Args:
        board: The board.
        submissions: All submissions; those without a result on the board, or of a version that this checkout
            has no lock of, are passed over.
        memory: Holds what ranked rows gave that are the same as before.
    """
    major = current_version(board)
    shown = [
        (s, r) for s in submissions if (r := s.result(board.id)) is not None and board.headline in r.metrics
    ]
    versions = {s.entry.entry_id: result_version(board, s.entry, r) for s, r in shown}
    shown = [(s, r) for s, r in shown if versions[s.entry.entry_id] <= major]
    standing_ones = [(s, r) for s, r in shown if not s.withdrawn and not s.superseded_by]
    current = [(s, r) for s, r in standing_ones if versions[s.entry.entry_id] == major]
    closed, replicates = pick([(s, r) for s, r in current if s.entry.division == "closed"])
    reference, _ = pick([(s, r) for s, r in current if s.entry.division == "reference"])
    open_rows = [(s, r) for s, r in current if s.entry.division == "open"]
    ranked, unranked = split_ranked(board, closed)
    groups = tuple(rank_group(board, submission.entry) for submission, _ in ranked)
    results = tuple(result for _, result in ranked)
    matrix, (sets, detectable) = (memory or Memory())(placed, board, results, groups)
    rows = [
        Row(s, r, r.metrics[board.headline], places, group=group)
        for (s, r), places, group in zip(ranked, sets, groups, strict=True)
    ]
    order = sorted(range(len(rows)), key=lambda i: place_key(rows[i], board))
    unplaced = [Row(s, r, r.metrics[board.headline], None, reason) for s, r, reason in unranked]
    return Standing(
        board=board,
        rows=ordered(rows, board) + ordered(unplaced, board),
        reference=ordered(one_a_player(reference, board), board),
        open_rows=ordered((Row(s, r, r.metrics[board.headline], None) for s, r in open_rows), board),
        earlier=earlier_rows(board, standing_ones, versions, major),
        replicates=replicates,
        matrix=matrix[order] if len(order) else matrix,
        detectable=detectable if ranked else None,
        major=major,
    )


def pick(
    found: Sequence[tuple[Submission, Result]],
) -> tuple[list[tuple[Submission, Result]], dict[str, tuple[str, ...]]]:
    """One submission a configuration, highest rung first, then earliest; and the ids of the others."""
    groups: dict[str, list[tuple[Submission, Result]]] = {}
    for submission, result in found:
        groups.setdefault(submission.configuration, []).append((submission, result))
    chosen: list[tuple[Submission, Result]] = []
    others: dict[str, tuple[str, ...]] = {}
    for group in groups.values():
        first, *rest = sorted(
            group, key=lambda item: (-item[0].rung, item[0].entry.created, item[0].entry.entry_id)
        )
        chosen.append(first)
        if rest:
            others[first[0].entry.entry_id] = tuple(s.entry.entry_id for s, _ in rest)
    return chosen, others


def rank_group(board: Board, entry: Entry) -> str:
    """Within which group an entry is ranked: all together, or its model's family, else the model alone."""
    if board.rank_within is None:
        return ""
    record = load_models().get(entry.model.id)
    return (record.family if record else None) or display_name(entry.model.id)


def placed(board: Board, results: tuple[Result, ...], groups: tuple[str, ...]) -> tuple[Vector, Comparison]:
    """The unit values of ranked results, and what they tell apart among the results of each group."""
    matrix = unit_matrix(results)
    return matrix, compared(matrix, board.headline_range, groups, higher=board.direction == "higher")


def split_ranked(
    board: Board, found: Sequence[tuple[Submission, Result]]
) -> tuple[list[tuple[Submission, Result]], list[tuple[Submission, Result, str]]]:
    """Rows that can be ranked with one another, and the others with the reason in words."""
    reasons = [unranked_reason(board, result) or s.unadmitted.get(board.id) for s, result in found]
    digests = [
        result.units_digest for (_, result), reason in zip(found, reasons, strict=True) if reason is None
    ]
    common = max(sorted(set(digests)), key=digests.count, default="")
    ranked: list[tuple[Submission, Result]] = []
    unranked: list[tuple[Submission, Result, str]] = []
    for (submission, result), reason in zip(found, reasons, strict=True):
        if reason is None and result.units_digest != common:
            reason = f"Its {board.unit.noun}s differ from those of the other rows."
        if reason is None:
            ranked.append((submission, result))
        else:
            unranked.append((submission, result, reason))
    return ranked, unranked


def unit_matrix(results: Sequence[Result]) -> Vector:
    """Unit values of results with the same units: one row a result, NaN where a unit is missing."""
    vectors = [[np.nan if v is None else v for v in decode_units(result.units)] for result in results]
    return np.array(vectors, dtype=np.float64).reshape(len(results), -1 if results else 0)


def one_a_player(found: Sequence[tuple[Submission, Result]], board: Board) -> list[Row]:
    """Reference rows: a player that ran more than one preset is shown with the board's own."""
    best: dict[str, Row] = {}
    for submission, result in sorted(found, key=lambda item: item[1].preset == board.preset):
        best[submission.entry.model.id] = Row(submission, result, result.metrics[board.headline], None)
    return list(best.values())


def earlier_rows(
    board: Board, found: Sequence[tuple[Submission, Result]], versions: Mapping[str, int], major: int
) -> dict[int, tuple[Row, ...]]:
    """Unranked rows of earlier versions, newest version first."""
    rows: dict[int, list[Row]] = {}
    for submission, result in found:
        if (version := versions[submission.entry.entry_id]) != major:
            row = Row(submission, result, result.metrics[board.headline], None)
            rows.setdefault(version, []).append(row)
    return {version: ordered(rows[version], board) for version in sorted(rows, reverse=True)}
