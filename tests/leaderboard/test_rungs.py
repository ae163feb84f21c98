"""Rungs follow from records: each condition, and that a passed record never costs one."""

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.leaderboard.canonical import canonical_bytes, content_hash, entry_id
from interplay.leaderboard.rungs import REACHED, REGRADED, WORKFLOW, release_identity, rung, withdrawal
from interplay.leaderboard.schema import Entry, Evidence
from tests.leaderboard.entry_texts import entry_content

CONTENT = entry_content()
ENTRY = Entry.model_validate_json(canonical_bytes(CONTENT | {"entry_id": entry_id(CONTENT)}))
START = datetime(2026, 11, 20)
SIGNER = f"interplay/interplay{WORKFLOW}"
ATTESTED = {
    "repo": f"{ENTRY.submitter.github.upper()}/runs", "signer_workflow": SIGNER, "logs": len(ENTRY.logs),
    "identity": release_identity(SIGNER), "self_hosted": False,
}  # fmt: skip


def record(
    kind: str,
    outcome: str = "pass",
    day: int = 0,
    regraded: bool = False,
    sha256: str = "",
    **details: str | int | None,
) -> Evidence:
    shown = ATTESTED if kind == "attest" else {}
    return Evidence.model_validate({
        "schema_version": "1.0", "entry_id": ENTRY.entry_id, "kind": kind, "outcome": outcome,
        "entry_sha256": sha256 or content_hash(ENTRY.content()), "package_version": "1.0.0", "commit": None,
        "made_at": (START + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ"), "findings": (),
        "results": None, "details": {REGRADED: regraded, **shown, **details},
    })  # fmt: skip


CHECK = record("check", regraded=True)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([], 0),
        ([record("check")], 1),
        ([record("check", "warn")], 1),
        ([record("check", "fail")], 0),
        ([CHECK], 2),
        ([record("check"), record("regrade", day=1)], 2),
        ([CHECK, record("regrade", "fail", 1)], 1),
        ([CHECK, record("check", "fail", 1)], 0),
        ([CHECK, record("rerun", day=1)], 3),
        ([CHECK, record("rerun", "fail", 1)], 2),
        ([record("check"), record("rerun", day=1)], 1),
        ([CHECK, record("attest", day=1)], 4),
        ([record("attest", day=1)], 0),
        ([CHECK, record("attest", day=1, repo="mallory/runs")], 2),
        ([CHECK, record("attest", day=1, signer_workflow="acme/runs/.github/workflows/own.yml")], 2),
        ([CHECK, record("attest", day=1, identity=None)], 2),
        ([CHECK, record("attest", day=1, self_hosted=None)], 2),
        ([CHECK, record("attest", day=1, logs=0)], 2),
        ([record("check", regraded=True, sha256="0" * 64)], 0),
    ],
)
def test_rung_of_records(records: list[Evidence], expected: int):
    assert rung(ENTRY, records) == expected
    assert rung(ENTRY, records[::-1]) == expected


kinds = st.sampled_from(["check", "regrade", "rerun", "attest", "audit"])
outcomes = st.sampled_from(["pass", "warn", "fail"])
records = st.builds(record, kinds, outcomes, st.integers(0, 30), st.booleans())


@given(st.lists(records, max_size=8), kinds, st.integers(0, 60), st.booleans())
def test_a_passed_record_never_lowers_a_rung(found: list[Evidence], kind: str, day: int, regraded: bool):
    assert rung(ENTRY, [*found, record(kind, "pass", day, regraded)]) >= rung(ENTRY, found)


def test_withdrawal_and_failed_audit_take_an_entry_off():
    assert withdrawal(ENTRY, [CHECK]) is None
    assert withdrawal(ENTRY, [CHECK, record("audit", "fail", 1)]) is not None
    assert withdrawal(ENTRY, [record("audit", "fail", 1), record("audit", "pass", 2)]) is None
    assert withdrawal(ENTRY, [record("audit", "fail", 1), record("audit", "warn", 2, reached=False)])
    assert withdrawal(ENTRY, [record("audit", "pass", 1), record("audit", "warn", 2, reached=False)]) is None
    assert REACHED == "reached"
    assert withdrawal(ENTRY, [record("withdraw", "warn", 1), record("audit", "pass", 2)]) is not None


def test_only_release_tags_of_the_workflow_are_its_identity():
    def known(ref: str, workflow: str = SIGNER) -> bool:
        return re.search(release_identity(SIGNER), f"https://github.com/{workflow}@{ref}") is not None

    assert known("refs/tags/v0.1.0")
    for ref in ("refs/heads/main", "refs/tags/v0.1.0-x", "refs/tags/try", "a" * 40, "refs/pull/1/merge"):
        assert not known(ref)
    assert not known("refs/tags/v0.1.0", SIGNER.replace(".", "x"))
