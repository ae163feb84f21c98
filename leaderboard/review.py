"""What a maintainer reads of a pull request: the verdict, and its rows between their neighbours, as Markdown.

Everything that a submitter wrote is shown as text: findings inside a fence that no finding can close, names
with every character escaped that means something in Markdown. Example of rows on a board::

    | Rank | Model | Value | Evidence |
    | --- | --- | --- | --- |
    | 1–2 | GPT-5 | 0.913 (0.861 to 0.947) | regraded |
    | **1–3** | **acme/small** (this entry) | **0.890** (0.833 to 0.930) | regraded |
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from .boards import Board, load_boards
from .figures import interval, number
from .findings import Report, counted
from .models import display_name
from .pages.inputs import labels_folder, read_inputs, with_validities
from .rungs import RUNGS
from .schema import Entry
from .standings import Row, Standing, Submission, standing, unread_word

NEIGHBOURS = 2
"""Rows shown above and below."""
DECIMALS = 3
MEANINGFUL = re.compile(r"([\\`*_{}\[\]()<>#|~&:@])")
STAGES = {
    "S": "submission",
    "L": "logs",
    "T": "task",
    "C": "completeness",
    "R": "recomputation",
    "P": "plausibility",
}


def review(report: Report, root: Path) -> str:
    """The verdict on a pull request, with a preview where the entry passed.

    Args:
        report: The verdict.
        root: A checkout of the base branch.
    """
    lines = [*verdict(report)]
    if report.passed and report.entry is not None:
        lines += preview(report.entry, report.rung, root)
    return "\n".join(lines).rstrip("\n") + "\n"


def verdict(report: Report) -> Iterable[str]:
    """Heading, who submitted what, and every finding as one line of plain text."""
    refusing = sum(finding.level == "fail" for finding in report.findings)
    yield "## Passed" if report.passed else f"## Refused: {counted(refusing, 'finding')}"
    yield ""
    if (entry := report.entry) is not None:
        submitter = f"{plain(entry.submitter.github)}, {entry.submitter.relationship.replace('_', ' ')}"
        yield f"Entry {plain(entry.entry_id)}, division {entry.division}, submitted by {submitter}."
        yield f"Complete runs with these settings: {entry.attempts}."
    ran = ", ".join(STAGES[letter] for letter in report.stages)
    yield f"Checked: {ran}." + (f" Evidence: {RUNGS[report.rung]}." if report.passed else "")
    yield ""
    if report.findings:
        yield from fenced(report.sentences())
        yield ""


def not_judged(reason: str) -> str:
    """What is shown where something outside the entry kept it from being judged."""
    return "\n".join(["## Not judged", "", *fenced([reason]), ""])


def fenced(sentences: Sequence[str]) -> list[str]:
    """Sentences a line each, inside a fence longer than any run of backticks in them."""
    lines = [" ".join(sentence.split()) for sentence in sentences]
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", *lines, fence]


def plain(text: str) -> str:
    """Text that Markdown shows as it is written."""
    return MEANINGFUL.sub(r"\\\1", " ".join(text.split()))


def preview(entry: Entry, rung: int, root: Path) -> Iterable[str]:
    """Each board of an entry as it would stand, cut to the row and its neighbours."""
    inputs = read_inputs(root)
    mine = with_validities(Submission(entry, (), rung), labels_folder(root))
    others = [
        replace(other, superseded_by=entry.entry_id) if other.entry.entry_id == entry.supersedes else other
        for other in inputs.submissions
        if other.entry.entry_id != entry.entry_id
    ]
    for result in entry.results:
        board = load_boards()[result.board]
        yield f"### {plain(board.title)}"
        yield ""
        yield from around(standing(board, [*others, mine]), mine)
        yield ""


def around(found: Standing, mine: Submission) -> Iterable[str]:
    """The row of a submission between its neighbours, or in words why it has none."""
    rows = found.open_rows if mine.entry.division == "open" else found.listed
    names = [row.entry.entry_id for row in rows]
    if mine.entry.entry_id not in names:
        first = next((first for first, rest in found.replicates.items() if mine.entry.entry_id in rest), None)
        yield (
            f"No row of its own: a replicate of {plain(first)}, which stands for this configuration."
            if first
            else "No row: the entry is of an earlier version of the task, or superseded."
        )
        return
    place = names.index(mine.entry.entry_id)
    shown = rows[max(place - NEIGHBOURS, 0) : place + NEIGHBOURS + 1]
    yield "| Rank | Model | Value | Evidence |"
    yield "| --- | --- | --- | --- |"
    for row in shown:
        yield line(found.board, row, row.entry.entry_id == mine.entry.entry_id)
    if (reason := rows[place].reason) is not None:
        yield ""
        yield f"Unranked: {plain(reason)}"


def line(board: Board, row: Row, is_mine: bool) -> str:
    """One row of the table; a word in place of a headline that is not to be read."""
    unread = unread_word(board, row.submission, row.result)
    places = "–".join(dict.fromkeys(map(str, row.places))) if row.places else "not ranked"
    name, value = plain(display_name(row.entry.model.id)), unread or number(row.headline.value, DECIMALS)
    if is_mine:
        places, name, value = f"**{places}**", f"**{name}** (this entry)", f"**{value}**"
    spread = "" if unread else f" ({interval(row.headline.lo, row.headline.hi, DECIMALS)})"
    return f"| {places} | {name} | {value}{spread} | {row.submission.rung_word} |"
