"""Model of an entry page: the permanent address of one submission and everything that backs it.

Nothing here depends on other entries, except the id of the entry that supersedes this one, so that a new
submission leaves all other entry pages as they are.
"""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from interplay.tasks.catalog import family
from interplay.tasks.records import Preset, Run

from ..arm_verdicts import controls
from ..boards import Board, load_boards
from ..canonical import model_slug
from ..exports.badges import badge_words
from ..figures import interval
from ..models import ModelRecord, display_name, load_models
from ..schema import Entry, Evidence, LogPointer, Metric, Pairs, Result
from ..standings import Submission, unread_word
from ..viewers import shown_logs
from .breakdowns import Breakdown, breakdowns, key_words
from .crisis import CrisisResult, crisis_result
from .evidence import RecordLine, Step, evidence_steps, record_lines
from .history import unranking_words
from .judged import JudgedView, judged_views
from .listed import Listing, listing
from .rendering import figure
from .tables import detail_words, headline_quantity
from .words import Quantity, decimals_of, interval_words, value_words

LOW_COVERAGE = 0.98
PLAIN_ADDRESS = re.compile(r"https://([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}([/?#][!-~]*)?")
"""An address that a page links to: no name or password, port, blank or letter of another script in it."""


class Shape(NamedTuple):
    """What a figure is called, the ends of its range, and its decimals where it has no range."""

    label: str
    bounds: tuple[float, float] | None
    decimals: int | None = None


class MetricLine(NamedTuple):
    """One line of the results; `again` is the interval for another run of the same units."""

    label: str
    value: str
    interval: str
    n: int
    is_headline: bool
    again: str = ""


@dataclass(frozen=True)
class BoardResult:
    """One board of an entry."""

    board: Board
    href: str
    headline: Quantity
    interval: str
    lines: tuple[MetricLine, ...]
    breakdowns: tuple[Breakdown, ...]
    judged: tuple[JudgedView, ...]
    listing: Listing | None
    facts: tuple[tuple[str, str], ...]

    @property
    def has_again(self) -> bool:
        """Whether a line has the interval for another run of the same units."""
        return any(line.again for line in self.lines)


class LogLine(NamedTuple):
    """One log: hash, size, samples, task, where its bytes are, and whether a viewer shows it."""

    sha256: str
    bytes: int
    samples: int
    task: str
    uri: str
    href: str
    is_local: bool
    is_shown: bool = False


class UsageLine(NamedTuple):
    """What one role consumed on one board."""

    board: str
    role: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class EntryPage:
    """Everything an entry page shows."""

    entry: Entry
    name: str
    detail: str
    record: ModelRecord | None
    withdrawn: Evidence | None
    withdrawn_because: str
    superseded_by: str | None
    steps: tuple[Step, ...]
    boards: tuple[BoardResult, ...]
    reproduce: tuple[str, ...]
    verify: str
    logs: tuple[LogLine, ...]
    settings: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str, str], ...]
    usage: tuple[UsageLine, ...]
    records: tuple[RecordLine, ...]
    model_href: str
    entry_href: str
    method_href: str
    transcripts_reason: str
    has_badge: bool
    crisis: CrisisResult | None = None


def entry_page(submission: Submission, record_hrefs: Sequence[str], local_logs: frozenset[str]) -> EntryPage:
    """The page of one submission.

    Args:
        submission: The entry with its evidence.
        record_hrefs: Address of each evidence record, in their order.
        local_logs: Names of the logs that the site carries itself.
    """
    entry = submission.entry
    boards = [(load_boards()[r.board], r) for r in submission.results if r.board in load_boards()]
    is_taken_back = submission.withdrawn is not None and submission.withdrawn.kind == "withdraw"
    shown = () if is_taken_back else shown_logs(entry)
    hrefs = dict(zip((id(record) for record in submission.evidence), record_hrefs, strict=True))
    return EntryPage(
        entry=entry,
        name=display_name(entry.model.id),
        detail=detail_words(entry),
        record=load_models().get(entry.model.id),
        withdrawn=submission.withdrawn,
        withdrawn_because=unranking_words(submission.withdrawn),
        superseded_by=submission.superseded_by,
        steps=evidence_steps(submission, hrefs),
        boards=tuple(board_result(board, result, submission) for board, result in boards),
        reproduce=reproduce_commands(entry),
        verify=f"interplay check {entry.entry_id} --logs fetch",
        logs=tuple(log_line(p, local_logs)._replace(is_shown=p in shown) for p in entry.logs),
        settings=setting_lines(entry),
        roles=tuple(
            (role, ref.id, served_words(ref.served_by, ref.revision)) for role, ref in entry.roles.items()
        ),
        usage=usage_lines(boards),
        records=record_lines(submission, hrefs),
        model_href=f"models/{model_slug(entry.model.id)}/",
        entry_href=f"data/entries/{entry.entry_id}.json",
        method_href=url if PLAIN_ADDRESS.fullmatch(url := entry.method_url or "") else "",
        transcripts_reason=transcripts_reason(entry, [board for board, _ in boards], local_logs),
        has_badge=badge_words(submission) is not None,
        crisis=crisis_result(submission),
    )


def transcripts_reason(entry: Entry, boards: Sequence[Board], local_logs: frozenset[str]) -> str:
    """Why the transcripts of an entry are not public; empty where they are, or where the site has all."""
    if all(log_line(pointer, local_logs).is_local for pointer in entry.logs):
        return ""
    reasons = dict.fromkeys(board.transcripts_reason for board in boards if board.transcripts_reason)
    return ", and because ".join(reason for reason in reasons if reason)


def board_result(board: Board, result: Result, submission: Submission) -> BoardResult:
    """All figures of one board, the headline first."""
    labels = {board.headline: Shape(board.label, board.headline_range)}
    labels |= {item.key: Shape(item.label, item.range, item.decimals) for item in board.secondary}
    unread = unread_word(board, submission, result) is not None
    keys = [key for key in labels if key in result.metrics and not (unread and key == board.headline)]
    keys += [key for key in sorted(result.metrics) if key not in labels]
    lines = [
        metric_line(key, result.metrics[key], labels, key == board.headline)._replace(
            again=again_words(key, result, labels)
        )
        for key in keys
    ]
    head = result.metrics.get(board.headline)
    badge = controls(result.cells, head.value) if head else None
    return BoardResult(
        board=board,
        href=f"boards/{board.id}/",
        headline=headline_quantity(board, submission, result) if head else Quantity("–", ""),
        interval=interval_words(head, board.headline_range) if head and not unread else "",
        lines=tuple(lines),
        breakdowns=breakdowns(board, result.cells, result.metrics),
        judged=judged_views(board, result, submission),
        listing=listing(board, result),
        facts=(
            ("Preset", result.preset),
            ("Task version", result.task_version),
            (f"{board.unit.noun.capitalize()}s", str(result.units_total)),
            ("Samples", str(result.samples)),
            ("Errors", str(result.errors)),
            ("Unscored", str(result.unscored)),
            *((("Pairs with both sides", pair_words(result.pairs)),) if result.pairs else ()),
            *coverage_words(result),
            *((("Badge", badge.words),) if badge else ()),
        ),
    )


def pair_words(pairs: Pairs) -> str:
    """How many pairs could be compared: `190 of 200`."""
    return f"{pairs.complete} of {pairs.wanted}"


def coverage_words(result: Result) -> tuple[tuple[str, str], ...]:
    """The share of samples that could be scored, where it is so low that a reader should know."""
    scored = result.samples - result.errors - result.unscored
    share = scored / result.samples if result.samples else 1.0
    return (("Coverage", f"{share:.3f}, low"),) if share < LOW_COVERAGE else ()


def metric_line(key: str, metric: Metric, labels: dict[str, Shape], is_headline: bool) -> MetricLine:
    """One figure in words. A metric that no board labels is shown by its key, in words."""
    label, bounds, decimals = labels.get(key, Shape(key_words(key), (-1.0, 1.0)))
    value = value_words(metric, decimals_of(bounds) if bounds else decimals)
    return MetricLine(label, value, interval_words(metric, bounds, decimals), metric.n, is_headline)


def again_words(key: str, result: Result, labels: dict[str, Shape]) -> str:
    """The interval for another run of the same units in words; empty where they were drawn once."""
    limits = result.same_items.get(key)
    bounds = labels[key].bounds if key in labels else None
    return interval(limits.lo, limits.hi, min(decimals_of(bounds) or 0, 2)) if limits else ""


def reproduce_commands(entry: Entry) -> tuple[str, ...]:
    """The commands that run the same evaluation again: default runs, and what boards need beside."""
    preset = entry.settings.preset
    usual = _default_runs(entry.family, preset)
    boards = [load_boards()[r.board] for r in entry.results if r.board in load_boards()]
    needed = [(run.task.split("/")[-1], run.args) for board in boards for run in board.runs]
    common = ["--model", entry.model.id]
    for role, ref in entry.roles.items():
        common += ["--model-role", f"{role}={ref.id}"]
    common += ["--preset", preset] if preset != "standard" else []
    commands: dict[str, None] = {}
    for task, args in needed:
        given = [word for key, value in args.items() for word in ("-T", f"{key}={value}")]
        is_usual = (task, args) in usual
        words = [entry.family, *common] if is_usual else [task, *common, *given]
        commands[shlex.join(["interplay", "eval", *words])] = None
    return (f'pip install "interplay=={entry.code.version}"', *commands)


@cache
def _default_runs(name: str, preset: Preset) -> tuple[Run, ...]:
    record = family(name)
    return tuple(record.default_runs(preset)) if record else ()


def log_line(pointer: LogPointer, local_logs: frozenset[str]) -> LogLine:
    """One log with the address of its bytes: on this site, on the dataset host, or none."""
    kind, _, rest = pointer.uri.partition(":")
    name = rest.rsplit("/", 1)[-1]
    href, is_local = "", False
    if kind == "hf":
        organisation, _, path = rest.removeprefix("//datasets/").partition("@")
        commit, _, inner = path.partition("/")
        href = f"https://huggingface.co/datasets/{organisation}/resolve/{commit}/{inner}"
    elif name in local_logs:
        href, is_local = f"data/logs/{name}", True
    task = f"{pointer.task} {pointer.task_version}"
    return LogLine(pointer.sha256, pointer.bytes, pointer.samples, task, pointer.uri, href, is_local)


def served_words(served_by: str, revision: str | None) -> str:
    """Who served a model, and at which revision."""
    return f"served by {served_by}" + (f", revision {revision[:8]}" if revision else "")


def setting_lines(entry: Entry) -> tuple[tuple[str, str], ...]:
    """All settings; those left to the provider are named together."""
    given = entry.settings.model_dump(mode="json", exclude={"preset"})
    lines = [("Preset", entry.settings.preset)]
    lines += [(key.replace("_", " "), str(value)) for key, value in given.items() if value is not None]
    left = [key.replace("_", " ") for key, value in given.items() if value is None]
    lines += [("Left to the provider", ", ".join(left))] if left else []
    return tuple(lines)


def usage_lines(boards: Sequence[tuple[Board, Result]]) -> tuple[UsageLine, ...]:
    """Calls, tokens, seconds and cost by board and role."""
    lines: list[UsageLine] = []
    for board, result in boards:
        for role, used in result.usage.items():
            counts = (
                used.calls,
                used.input_tokens,
                used.output_tokens,
                used.reasoning_tokens,
                used.cached_tokens,
            )
            cost = f"$ {used.cost_usd:.2f}" if used.cost_usd is not None else "–"
            numbers = (*(figure(count, None) for count in counts), figure(used.seconds, None), cost)
            lines.append(UsageLine(board.id, role, numbers))
    return tuple(lines)
