"""Findings as records of a log."""

import json
import math

from hypothesis import given
from hypothesis import strategies as st

from interplay.scorers.integrity.findings import (
    LIMIT_BYTES,
    Evidence,
    Finding,
    finding_of,
    is_flagged,
    is_held,
    worst,
)

texts = st.text(max_size=3000)
evidence = st.builds(Evidence, path=texts, line=st.none() | st.integers(1, 10**6), quote=texts)
values = st.dictionaries(st.text(max_size=300), st.floats() | st.integers() | texts | st.lists(st.floats()))


@given(st.lists(evidence, max_size=8), values, texts)
def test_a_record_is_json_of_at_most_one_kilobyte_and_reads_back(
    places: list[Evidence], found: dict, reason: str
) -> None:
    finding = Finding(
        detector="scan", flag="C", verdict="review", reason=reason, values=found, evidence=tuple(places)
    )
    record = finding.record()
    assert len(json.dumps(record, allow_nan=False).encode()) <= LIMIT_BYTES
    again = finding_of(record)
    assert (again.detector, again.flag, again.verdict) == ("scan", "C", "review")
    assert again.record() == record


def test_a_short_finding_is_kept_whole() -> None:
    finding = Finding(
        detector="lineage",
        flag="M",
        verdict="flagged",
        reason="reference-copy",
        values={"max_c": 1.0, "min_k": math.pi, "bad": math.nan},
        evidence=(Evidence(path="final_model/model.safetensors", quote="embed"),),
    )
    record = finding.record()
    assert record["values"] == {"max_c": 1.0, "min_k": 3.14159, "bad": None}
    assert finding_of(record).evidence == finding.evidence


def test_left_out_evidence_is_counted() -> None:
    places = tuple(Evidence(path=f"workspace/{i}.jsonl", line=i, quote="x" * 150) for i in range(1, 30))
    record = Finding(detector="scan", flag="C", verdict="flagged", evidence=places).record()
    assert record["values"]["evidence_left_out"] + len(record["evidence"]) == 29
    assert len(record["evidence"]) >= 3


def test_only_open_reviews_hold_and_tampering_never_does() -> None:
    def found(flag: str, verdict: str) -> Finding:
        return Finding.model_validate({"detector": "d", "flag": flag, "verdict": verdict})

    assert is_held([found("C", "review")])
    assert not is_held([found("T", "review"), found("C", "flagged"), found("M", "not_run")])
    assert is_flagged([found("C", "clear"), found("C", "flagged")], "C")
    assert not is_flagged([found("M", "flagged"), found("C", "review")], "C")
    assert worst(["clear", "review", "not_run"]) == "review"
    assert worst([]) == "not_run"
