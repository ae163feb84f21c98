"""Stage P of the checker: runs that cannot have happened as the log says, and runs that another entry made.

Codes: P01 tokens, P02 epochs, P03 completions of another entry, P04 times; with a warning only: P05 tokens a
sample, P06 above the ceiling, P07 retries. What needs other entries is compared with their records of a
check, whose details hold `completions` (a sketch) and `identical_epochs` (a share).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import TypeAlias

from .boards import load_boards
from .completions import identical_across_epochs, shared, sketch
from .extract import SCRIPTED
from .findings import AS_WRITTEN, counted, fail, warn
from .rows import MODEL_ROLE, LogRows
from .schema import Entry, Evidence, Finding, Result

COMPLETIONS, IDENTICAL_EPOCHS = "completions", "identical_epochs"
"""Keys in the details of a check."""
FEWEST = 5
"""So many texts must be long enough to be compared."""
COPIED_LIMIT, IDENTICAL_LIMIT, USUAL_LIMIT, UNCOUNTED_LIMIT, RETRIED_LIMIT = 0.20, 0.50, 0.05, 0.10, 0.20
FEWEST_ENTRIES = 3
"""Of which a median says something."""
CLOCK = timedelta(seconds=2)
"""What clocks of one machine may differ by."""
LONGEST_SERIES = timedelta(days=60)
"""A run that is taken up again keeps the samples of its earlier attempts; none is older than this."""
BOARD_TOLERANCE = 1e-6


Details: TypeAlias = Mapping[str, str | int | float | bool | None]


def details_of(records: Sequence[Evidence]) -> Details:
    """What the newest check of an entry left for later ones; nothing where none did."""
    checks = [record for record in records if record.kind == "check" and COMPLETIONS in record.details]
    return max(checks, key=lambda record: record.made_at).details if checks else {}


def own_details(logs: Sequence[LogRows]) -> dict[str, str | float]:
    """What a check leaves behind for the checks of later entries."""
    again, compared = identical_across_epochs(_by_sample(logs))
    return {
        COMPLETIONS: sketch(row.completions for log in logs for row in log.samples),
        IDENTICAL_EPOCHS: round(again / compared, 4) if compared >= FEWEST else 0.0,
    }


def check_plausible(
    entry: Entry,
    logs: Sequence[LogRows],
    results: Sequence[Result],
    others: Sequence[Entry],
    details: Callable[[Entry], Details],
) -> list[Finding]:
    """Stage P.

    Args:
        entry: The entry.
        logs: All its logs.
        results: What they give.
        others: The entries that exist.
        details: What the newest check of an entry left for later ones.
    """
    findings = [finding for log in logs for finding in (*_tokens(log), *_times(log), *_retries(log))]
    own = (entry.entry_id, entry.supersedes)
    beside = [other for other in others if other.entry_id not in own and _boards(other) & _boards(entry)]
    if not entry.model.id.startswith(SCRIPTED):
        known = [(other, details(other)) for other in beside]
        findings += _epochs(entry, logs, known) + _copied(entry, logs, known)
    return findings + _unusual(entry, results, beside)


def _boards(entry: Entry) -> set[str]:
    return {result.board for result in entry.results}


def _tokens(log: LogRows) -> list[Finding]:
    """P01: a provider with an interface counts tokens."""
    header = log.header
    uses = [row.usage[MODEL_ROLE] for row in log.samples if MODEL_ROLE in row.usage and not row.errored]
    uncounted = sum(not use.input_tokens + use.output_tokens for use in uses)
    if header.model.startswith(SCRIPTED) or (uses and uncounted <= UNCOUNTED_LIMIT * len(uses)):
        return []
    where = header.task if uncounted == len(uses) else f"{uncounted} of {len(uses)} samples of {header.task}"
    what = f"no tokens recorded for {header.model} in {where}"
    return [fail("P01", what, "use a provider that reports usage")]


def _times(log: LogRows) -> list[Finding]:
    """P04: samples ran while the eval did, or in an earlier attempt that it took up again."""
    header = log.header
    start, end = _moment(header.started_at), _moment(header.completed_at)
    if start is None or end is None:
        return []
    for row in log.samples:
        began, ended = _moment(row.started_at), _moment(row.completed_at)
        if began and ended and not (start - LONGEST_SERIES <= began <= ended + CLOCK <= end + 2 * CLOCK):
            when = f"{header.started_at} to {header.completed_at}"
            what = f"sample ran outside its eval, {row.started_at} to {row.completed_at} (expected {when})"
            return [fail("P04", f"{what}: {row.sample_id} epoch {row.epoch}", AS_WRITTEN)]
    return []


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _retries(log: LogRows) -> list[Finding]:
    retried = sum(row.retries > 0 for row in log.samples)
    if retried <= RETRIED_LIMIT * len(log.samples):
        return []
    what = f"{counted(retried, 'sample')} of {log.header.task} came after attempts that ended in an error"
    return [warn("P07", what, "say in the note which errors they were")]


def _by_sample(logs: Sequence[LogRows]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for log in logs:
        call = f"{log.header.task} {log.header.task_digest} {sorted(log.header.args.items())}"
        for row in log.samples:
            found.setdefault(f"{call} {row.sample_id}", []).append(row.completions)
    return found


def _epochs(entry: Entry, logs: Sequence[LogRows], others: Sequence[tuple[Entry, Details]]) -> list[Finding]:
    """P02: sampled texts of some length do not repeat from epoch to epoch, unless they do for everyone."""
    if entry.settings.temperature == 0:
        return []
    again, compared = identical_across_epochs(_by_sample(logs))
    shares = [float(share) for _, found in others
              if isinstance(share := found.get(IDENTICAL_EPOCHS), int | float)]  # fmt: skip
    usual = median(shares) if len(shares) >= FEWEST_ENTRIES else 0.0
    if compared < FEWEST or again <= IDENTICAL_LIMIT * compared or usual >= USUAL_LIMIT:
        return []
    what = f"{again / compared:.0%} identical completions across epochs (limit {IDENTICAL_LIMIT:.0%})"
    return [fail("P02", what, "sample every epoch anew, without a fixed seed or a cache that ignores epochs")]


def _copied(entry: Entry, logs: Sequence[LogRows], others: Sequence[tuple[Entry, Details]]) -> list[Finding]:
    """P03: nobody writes what another entry holds, unless the same weights are read out the same way."""
    own = sketch(row.completions for log in logs for row in log.samples)
    for other, found in others:
        theirs = found.get(COMPLETIONS)
        if not isinstance(theirs, str) or _may_agree(entry, other):
            continue
        same, compared = shared(own, theirs)
        if compared >= FEWEST and same > COPIED_LIMIT * compared:
            what = f"completions equal entry {other.entry_id} in {same / compared:.0%} of the samples"
            return [fail("P03", f"{what} (limit {COPIED_LIMIT:.0%})", "submit runs of your own")]
    return []


def _may_agree(entry: Entry, other: Entry) -> bool:
    """Whether one model, read out without chance, wrote both."""
    settings = entry.settings
    fixed = settings.temperature == 0 or settings.seed is not None
    same_model = entry.model.id.split("/")[-1] == other.model.id.split("/")[-1]
    return fixed and same_model and settings == other.settings


def _unusual(entry: Entry, results: Sequence[Result], others: Sequence[Entry]) -> list[Finding]:
    """P05 and P06, which refuse nothing: far from the usual number of tokens, better than the ceiling."""
    findings: list[Finding] = []
    for result in results:
        board = load_boards()[result.board]
        own = _tokens_a_sample(result)
        there = [(other, found) for other in others if (found := other.result(result.board))]
        usual = [tokens for other, found in there
                 if other.division != "reference" and (tokens := _tokens_a_sample(found))]  # fmt: skip
        if own and len(usual) >= FEWEST_ENTRIES and not 0.1 <= own / median(usual) <= 10:
            what = f"{result.board}: {own:,.0f} tokens a sample (the median is {median(usual):,.0f})"
            findings.append(warn("P05", what, "say in the note what explains it"))
        best = [metric for other, found in there
                if other.model.id == board.ceiling and found.preset == result.preset
                and (metric := found.metrics.get(board.headline))]  # fmt: skip
        mine = result.metrics.get(board.headline)
        if not best or mine is None or entry.division == "reference":
            continue
        ahead = mine.value - best[0].value if board.direction == "higher" else best[0].value - mine.value
        if board.direction != "none" and ahead > BOARD_TOLERANCE:
            what = (
                f"{result.board}: {mine.value:g} is beyond {board.ceiling}, which reached {best[0].value:g}"
            )
            findings.append(warn("P06", what, "say in the note what explains it"))
    return findings


def _tokens_a_sample(result: Result) -> float | None:
    use = result.usage.get(MODEL_ROLE)
    return use.output_tokens / result.samples if use and result.samples and use.output_tokens else None
