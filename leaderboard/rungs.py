"""From evidence records to the rung of an entry: computed, never stated by a submitter.

| rung | what the records must show |
| --- | --- |
| 0 `reported` | nothing |
| 1 `evidenced` | the newest check did not fail |
| 2 `regraded` | and a scorer of this project reproduced every deterministic score |
| 3 `re-run` | and the newest re-run of random samples agrees |
| 4 `attested` | rung 2, and a release of the project's own workflow made every log, for the submitter |
"""

import re
from collections.abc import Sequence

from .schema import Entry, Evidence, EvidenceKind

RUNGS = ("reported", "evidenced", "regraded", "re-run", "attested")
REGRADED = "regraded"
"""Key in the details of a check that also regraded every score."""
REACHED = "reached"
"""Key in the details of an audit, False where the logs were at no address."""
WORKFLOW = "/.github/workflows/attested-eval.yml"


def rung(entry: Entry, records: Sequence[Evidence]) -> int:
    """The rung that the records give an entry, 0 to 4. A record of a passed check never lowers it."""
    own = own_records(entry, records)
    checks = standing_records(own, "check")
    if not checks:
        return 0
    regrades = [record for record in own if record.kind == "regrade"]
    if regrades and regrades[-1].outcome == "fail":
        return 1
    if not regrades and not any(record.details.get(REGRADED) is True for record in checks):
        return 1
    if any(is_attested(entry, record) for record in standing_records(own, "attest")):
        return 4
    return 3 if standing_records(own, "rerun") else 2


def release_identity(signer_workflow: str) -> str:
    """Regular expression of the identities that a certificate of a released workflow may carry.

    Args:
        signer_workflow: `OWNER/NAME/PATH`. Its branches, and commits that only a fork holds, do not match.
    """
    return rf"^https://github\.com/{re.escape(signer_workflow)}@refs/tags/v[0-9]+\.[0-9]+\.[0-9]+$"


def is_attested(entry: Entry, record: Evidence) -> bool:
    """Whether a record of an attestation shows what rung 4 asks for."""
    signer, repository = (str(record.details.get(key, "")) for key in ("signer_workflow", "repo"))
    return (
        signer.endswith(WORKFLOW)
        and record.details.get("identity") == release_identity(signer)
        and record.details.get("self_hosted") is False
        and repository.partition("/")[0].casefold() == entry.submitter.github.casefold()
        and record.details.get("logs") == len(entry.logs) > 0
    )


def withdrawal(entry: Entry, records: Sequence[Evidence]) -> Evidence | None:
    """The record that takes an entry off every board: a withdrawal, or an audit that failed last.

    An audit that reached no logs neither takes an entry off nor puts it back.
    """
    own = own_records(entry, records)
    audits = [
        record
        for record in own
        if record.kind == "audit" and (record.outcome == "fail" or record.details.get(REACHED) is not False)
    ]
    withdrawn = [record for record in own if record.kind == "withdraw"]
    if withdrawn:
        return withdrawn[-1]
    return audits[-1] if audits and audits[-1].outcome == "fail" else None


def own_records(entry: Entry, records: Sequence[Evidence]) -> list[Evidence]:
    """Records about exactly these bytes of the entry, oldest first."""
    own = (r for r in records if r.entry_id == entry.entry_id and r.entry_sha256 == entry.digest)
    return sorted(own, key=lambda record: record.made_at)


def standing_records(records: Sequence[Evidence], kind: EvidenceKind) -> list[Evidence]:
    """Records of a kind that came after its last failure; empty when the newest one failed."""
    standing: list[Evidence] = []
    for record in records:
        if record.kind == kind:
            standing = [] if record.outcome == "fail" else [*standing, record]
    return standing
