"""Stage S of the checker, the part about the entries that exist. Code: S07."""

from collections.abc import Sequence

from .boards import ranked_roles
from .findings import WRITE_AGAIN, counted, fail
from .schema import Entry, Finding


def check_beside(entry: Entry, others: Sequence[Entry]) -> list[Finding]:
    """What an entry may not do to the entries that exist.

    It may not repeat their logs, supersede somebody else's, or keep silent about runs that were submitted.
    """
    findings: list[Finding] = []
    own = {pointer.sha256 for pointer in entry.logs}
    if len(own) < len(entry.logs):
        findings.append(fail("S07", "a log is named twice", WRITE_AGAIN))
    rest = [other for other in others if other.entry_id != entry.entry_id]
    for other in rest:
        if other.entry_id != entry.supersedes and own & {pointer.sha256 for pointer in other.logs}:
            findings.append(fail("S07", f"logs already belong to entry {other.entry_id}", "submit new runs"))
    return findings + _superseded(entry, rest) + _attempts(entry, rest)


def _superseded(entry: Entry, rest: Sequence[Entry]) -> list[Finding]:
    if entry.supersedes is None:
        return []
    old = next((other for other in rest if other.entry_id == entry.supersedes), None)
    if old is None:
        return [fail("S07", f"supersedes {entry.supersedes}, which does not exist", "correct the id")]
    if not same_account(old.submitter.github, entry.submitter.github):
        what = f"{old.entry_id} belongs to submitter {old.submitter.github}, not {entry.submitter.github}"
        return [fail("S07", what, "submit your own entry without supersedes")]
    if _configuration(old) != _configuration(entry):
        what = f"{old.entry_id} has another model, other roles or other settings"
        return [fail("S07", what, "submit without supersedes")]
    return []


def _attempts(entry: Entry, rest: Sequence[Entry]) -> list[Finding]:
    """Runs that the same account submitted with these settings are attempts, whatever became of them."""
    if entry.division == "reference":
        return []
    hashes = {pointer.sha256 for pointer in entry.logs}
    earlier = [
        other
        for other in rest
        if same_account(other.submitter.github, entry.submitter.github)
        and _configuration(other) == _configuration(entry)
        and {result.board for result in other.results} & {result.board for result in entry.results}
        and not hashes & {pointer.sha256 for pointer in other.logs}
    ]
    runs = len({tuple(sorted(pointer.sha256 for pointer in other.logs)) for other in earlier})
    if entry.attempts > runs:
        return []
    what = (
        f"attempts is {entry.attempts}, but {entry.submitter.github} has {counted(runs, 'other run')} "
        f"with these settings here (expected at least {runs + 1}; first: {earlier[0].entry_id})"
    )
    return [fail("S07", what, "count every complete run, submitted or not, with --attempts")]


def same_account(first: str, second: str) -> bool:
    """Whether two GitHub names mean one account: case does not matter there."""
    return first.casefold() == second.casefold()


def _configuration(entry: Entry) -> tuple[object, ...]:
    roles = ranked_roles([result.board for result in entry.results], entry.roles)
    return entry.model, roles, entry.settings.model_copy(update={"seed": None})
