"""The configurations of one model side by side: what differs between them, and what each scored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from interplay.tasks.catalog import family

from ..configurations import variant_words
from ..models import display_name
from ..schema import Entry
from ..standings import Standing, Submission, unread_word
from .boards import Link
from .tables import entry_href, headline_quantity
from .words import Quantity, interval_words

DEFAULT = "provider’s default"


class Configuration(NamedTuple):
    """One column: the settings in short, the entry behind it and its date."""

    label: str
    href: str
    date: str


class SettingLine(NamedTuple):
    """One setting, or one role, that is not the same in all configurations."""

    name: str
    values: tuple[str, ...]


class ScoreLine(NamedTuple):
    """One board with the headline of every configuration; empty where it did not run."""

    board: Link
    measure: str
    scores: tuple[Quantity, ...]


@dataclass(frozen=True)
class SideBySide:
    """All configurations of a model in one family."""

    title: str
    configurations: tuple[Configuration, ...]
    settings: tuple[SettingLine, ...]
    scores: tuple[ScoreLine, ...]


def side_by_side(
    own: Sequence[Submission], standings: Mapping[str, Standing], listed: frozenset[tuple[str, str]]
) -> tuple[SideBySide, ...]:
    """A table for each family in which a model stands with more than one configuration.

    Args:
        own: All submissions of the model.
        standings: All boards.
        listed: Board and entry id of every row that stands on a board, so that replicates are left out.
    """
    found: list[SideBySide] = []
    for name in dict.fromkeys(submission.entry.family for submission in own):
        standing = [
            s
            for s in own
            if s.entry.family == name and any((r.board, s.entry.entry_id) in listed for r in s.results)
        ]
        standing.sort(key=lambda s: (s.entry.created, s.entry.entry_id))
        columns: dict[str, list[Submission]] = {}
        for submission in standing:
            columns.setdefault(submission.configuration, []).append(submission)
        if len(columns) > 1:
            record = family(name)
            title = record.short_title if record else name
            found.append(_table(title, list(columns.values()), standings))
    return tuple(found)


def _table(
    title: str, columns: Sequence[Sequence[Submission]], standings: Mapping[str, Standing]
) -> SideBySide:
    """One table; a configuration may have entered several times, on different boards."""
    firsts = [column[0].entry for column in columns]
    lines = [
        ScoreLine(
            Link(found.board.title, f"boards/{found.board.id}/"),
            found.board.label,
            tuple(_score(found, column) for column in columns),
        )
        for found in standings.values()
    ]
    return SideBySide(
        title,
        tuple(Configuration(_label(e), entry_href(e.entry_id), e.created[:10]) for e in firsts),
        _differences(firsts),
        tuple(line for line in lines if any(score.text for score in line.scores)),
    )


def _label(entry: Entry) -> str:
    """Telling settings in short, and the division where it is not the closed one."""
    words = [*variant_words(entry.settings)] or ["default settings"]
    words += ["open division"] if entry.division == "open" else []
    return ", ".join(words)


def _differences(entries: Sequence[Entry]) -> tuple[SettingLine, ...]:
    """Settings and roles that are not the same in all entries."""
    stated = [_stated(entry) for entry in entries]
    names = dict.fromkeys(name for one in stated for name in one)
    lines = (SettingLine(name, tuple(one.get(name, "not used") for one in stated)) for name in names)
    return tuple(line for line in lines if len(set(line.values)) > 1)


def _stated(entry: Entry) -> dict[str, str]:
    settings = entry.settings.model_dump(mode="json", exclude={"seed"})
    found = {
        key.replace("_", " "): DEFAULT if value is None else str(value) for key, value in settings.items()
    }
    found["served by"] = entry.model.served_by
    found |= {role.replace("_", " "): display_name(ref.id) for role, ref in entry.roles.items()}
    return found | {"division": entry.division}


def _score(found: Standing, column: Sequence[Submission]) -> Quantity:
    board = found.board
    for submission in column:
        result = submission.result(board.id)
        if result is None or board.headline not in result.metrics:
            continue
        shown = headline_quantity(board, submission, result)
        if unread_word(board, submission, result) is not None:
            return shown
        metric = result.metrics[board.headline]
        return shown._replace(interval=interval_words(metric, board.headline_range))
    return Quantity("", "")
