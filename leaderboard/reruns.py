"""Re-run records: drawn samples of an entry run once more, or an independent entry of the same configuration.

A re-run agrees where the interval of the paired difference contains 0 and the difference is at most a tenth
of the range; at temperature 0 where at least 98 % of the sample scores are identical.
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.observations import Observation

from .audits import RerunCall, entry_variants, rerun_calls
from .boards import Board, load_boards
from .canonical import decode_units
from .check_beside import same_account
from .check_task import RECORDED
from .entries import load_evidence
from .estimates import ValueOf, headline_value, observations
from .findings import counted, fail
from .locks import Variant, matching_variant
from .records import Detail, Stamp, new_record
from .rows import LogRows
from .rungs import rung
from .schema import Entry, Evidence, Finding, Result
from .standings import Submission
from .statistics import paired
from .versions import at_current_minor, is_comparable

LARGEST_DIFFERENCE = 0.10
"""Share of the range."""
IDENTICAL = 0.98
SAME = 1e-9
WITHDRAW = "look at the logs of both runs, and withdraw the entry if they are not of one model"


def rerun_record(
    entry: Entry, stored: Sequence[LogRows], again: Sequence[LogRows], seed: str, stamp: Stamp
) -> Evidence:
    """What a re-run of the samples that a seed draws says of an entry.

    Args:
        entry: The entry.
        stored: Its logs, regraded.
        again: Logs of the drawn samples, and of no model, setting or task call but the entry's.
        seed: The seed that the samples were drawn by.
        stamp: Moment and commit.

    Raises:
        UserMistake: The new logs are of something else, or drawn samples are missing or not scored.
    """
    refuse_other_runs(entry, again)
    calls = rerun_calls(entry, seed)
    findings: list[Finding] = []
    pairs = 0
    details: dict[str, Detail] = {"seed": seed, "samples": sum(len(call.samples) for call in calls)}
    for result in entry.results:
        board = load_boards().get(result.board)
        variants = entry_variants(board, entry) if board else []
        if board is None or not variants:
            continue
        old = [o for log in stored for o in observations(board, at_current_minor(log))]
        new = [o for log in again for o in observations(board, log)]
        chosen = drawn_samples(variants, calls)
        found, facts = compared(board, entry, chosen, old, new)
        findings += found
        details |= {f"{board.id}.{key}": value for key, value in facts.items()}
        pairs += int(facts["samples"] or 0)
    if not pairs:
        what = "no drawn sample has a score in both runs"
        raise UserMistake(f"{entry.entry_id}: {what}; draw again on another day.")
    return new_record(entry, "rerun", stamp, findings=findings, details=details)


def drawn_samples(
    variants: Sequence[tuple[str, Variant]], calls: Sequence[RerunCall]
) -> set[tuple[str, str]]:
    """Task and sample id of what was drawn from the runs of one board."""
    of_board = {(task, sample.id) for task, variant in variants for sample in variant.samples}
    return {(call.task, sample) for call in calls for sample in call.samples} & of_board


def compared(
    board: Board,
    entry: Entry,
    chosen: set[tuple[str, str]],
    old: Sequence[Observation],
    new: Sequence[Observation],
) -> tuple[list[Finding], dict[str, Detail]]:
    """The verdict on one board, and its figures."""
    value = headline_value(board)
    before, after = (_by_sample(side, chosen, value) for side in (old, new))
    absent = sorted(key[1] for key in chosen if key not in {(o.task, o.sample_id) for o in new})
    if absent:
        what = f"{counted(len(absent), 'drawn sample')} of {board.id} not in the logs (first: {absent[0]})"
        raise UserMistake(f"{what}; run the commands that `interplay evidence draw` prints.")
    common = [key for key in sorted(chosen) if key in before and key in after]
    asked_for = min(board.rerun_samples, len(before))
    if len(common) < asked_for:
        scored = counted(len(before), "drawn sample")
        what = f"{len(common)} of {scored} of {board.id} have a score in both runs"
        raise UserMistake(f"{what} (expected at least {asked_for}); run the others again.")
    if not common:  # the stored run has no score of what was drawn from this board
        return [], {"samples": 0}
    units = {(o.task, o.sample_id): o.unit for o in old}
    pairs: dict[str, list[tuple[float, float]]] = {}
    for key in common:
        pairs.setdefault(units[key], []).append((after[key], before[key]))
    first, second = ([fmean(pair[side] for pair in pairs[unit]) for unit in sorted(pairs)] for side in (0, 1))
    difference = paired(first, second, board.range)
    identical = fmean(abs(after[key] - before[key]) <= SAME for key in common)
    allowed = LARGEST_DIFFERENCE * (board.range[1] - board.range[0])
    is_greedy = entry.settings.temperature == 0
    agrees = difference.lo <= 0 <= difference.hi and abs(difference.value) <= allowed
    facts: dict[str, Detail] = {
        "samples": len(common),
        "identical": round(identical, 6),
        "difference": round(difference.value, 6),
        "lo": round(difference.lo, 6),
        "hi": round(difference.hi, 6),
    }
    if identical >= IDENTICAL if is_greedy else agrees:
        return [], facts
    figures = (
        f"{difference.value:+.3f} ({difference.lo:+.3f} to {difference.hi:+.3f}), {identical:.0%} identical"
    )
    asked = (
        f"at least {IDENTICAL:.0%} identical" if is_greedy else f"an interval with 0, at most {allowed:.3f}"
    )
    what = f"{board.id}: {counted(len(common), 'sample')} run again differ by {figures} (expected {asked})"
    return [fail("R08", what, WITHDRAW)], facts


def _by_sample(
    observed: Sequence[Observation], chosen: set[tuple[str, str]], value: ValueOf
) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], list[float]] = {}
    for o in observed:
        key, x = (o.task, o.sample_id), value(o)
        if key in chosen and x is not None:
            found.setdefault(key, []).append(x)
    return {key: fmean(values) for key, values in found.items()}


def refuse_other_runs(entry: Entry, again: Sequence[LogRows]) -> None:
    """Stops at a log that is no re-run of the entry.

    Raises:
        UserMistake: Model, roles, settings, task call, version or status are others.
    """
    roles = {role: ref.id for role, ref in entry.roles.items()}
    for log in again:
        header = log.header
        said = [("model", entry.model.id, header.model), ("roles", roles, header.roles)]
        said += [
            (key, getattr(entry.settings, key), header.settings.get(key)) for key in RECORDED if key != "seed"
        ]
        said += [("preset", entry.settings.preset, header.preset), ("status", "success", header.status)]
        wrong = [f"{key} is {ran} (expected {asked})" for key, asked, ran in said if asked != ran]
        if matching_variant(header) is None or not is_comparable(header):
            wrong.append(f"{header.task} {header.task_version} with these arguments has no current lock")
        if wrong:
            raise UserMistake(
                f"log of {header.task}: {wrong[0]}; run the drawn samples as the entry was run."
            )


def stored_submission(root: Path, entry: Entry) -> Submission:
    """A stored entry with its evidence."""
    records = load_evidence(root, entry.entry_id)
    return Submission(entry, tuple(records), rung(entry, records))


def confirmation_record(submission: Submission, other: Submission, stamp: Stamp) -> Evidence:
    """The record that an independent entry of the same configuration confirms an entry.

    Raises:
        UserMistake: The other entry is not independent, not of the same configuration, or differs.
    """
    ours, theirs = submission.entry, other.entry
    name = theirs.entry_id
    mine, foreign = ours.submitter, theirs.submitter
    organisations = {(by.organisation or "").casefold() for by in (mine, foreign)}
    if same_account(mine.github, foreign.github) or (len(organisations) == 1 and mine.organisation):
        raise UserMistake(f"{name}: comes from the same submitter; give the entry of another one.")
    if submission.configuration != other.configuration:
        raise UserMistake(f"{name}: has another model, role or setting; give one of the same configuration.")
    if min(submission.rung, other.rung) < 2:
        raise UserMistake(f"{name}: both entries have to be regraded first; run `interplay evidence check`.")
    details: dict[str, Detail] = {"confirmed_by": name}
    for result in submission.results:
        against, board = other.result(result.board), load_boards().get(result.board)
        if board is None or against is None or against.units_digest != result.units_digest:
            continue
        difference = paired(*_common_units(result, against), board.headline_range)
        if not difference.lo <= 0 <= difference.hi:
            figures = f"{difference.value:+.3f} ({difference.lo:+.3f} to {difference.hi:+.3f})"
            raise UserMistake(f"{name}: differs on {board.id} by {figures}; it confirms nothing.")
        details |= {f"{board.id}.difference": round(difference.value, 6), f"{board.id}.units": difference.n}
    if len(details) == 1:
        raise UserMistake(f"{name}: has no board with the same units; give an entry of the same version.")
    return new_record(ours, "rerun", stamp, details=details)


def _common_units(first: Result, second: Result) -> tuple[list[float], list[float]]:
    pairs = zip(decode_units(first.units), decode_units(second.units), strict=True)
    common = [(a, b) for a, b in pairs if a is not None and b is not None]
    return [a for a, _ in common], [b for _, b in common]
