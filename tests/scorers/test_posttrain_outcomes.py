"""The outcome of a post-training job, piece by piece: rulings, gain, passes, and what is told of it."""

import json
import math
from itertools import product
from statistics import fmean, stdev
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.integrity.findings import Finding
from interplay.scorers.posttrain import (
    DROPPED_IN_METADATA,
    FINDINGS_IN_METADATA,
    answer,
    details,
    expected_gap,
    forgotten,
    gain,
    is_ruling,
    outcome_of,
    pass_score,
    posttrain,
    score_outputs,
    sentence,
    settled,
    verdict_of,
)
from interplay.solvers.posttrain_outputs import (
    JOB_KEY,
    OUTPUTS_KEY,
    Answer,
    Forgetting,
    Outputs,
    Usage,
)
from interplay.tasks.posttrain.bundle import Dropped
from interplay.tasks.posttrain.cells import Baseline, load_grid
from interplay.tasks.posttrain.targets import load_target

from .states import scored, state_of, told, values

few = settings(max_examples=50)

FLAGS, VERDICTS = tuple("CMALT"), ("flagged", "review", "clear", "not_run")
VERSIONS = ("1.0", "1.1", "1.2", "x")
LOOKUP = {"1.0": "none", "1.1": "integrity", "1.2": "held", "x": "held"}
DETECTORS = ("scan", "judge_lookup", "human_review")
TARGET = load_target("m_call")
ITEMS = [item.id for item in TARGET.items()][:6]
FINDING = st.builds(
    lambda detector, flag, verdict: finding(flag, verdict, detector),
    st.sampled_from(DETECTORS), st.sampled_from(FLAGS), st.sampled_from(VERDICTS),
)  # fmt: skip


def finding(flag: str, verdict: str, detector: str = "scan", **more: Any) -> Finding:
    return Finding(detector=detector, flag=flag, verdict=verdict, **more)  # pyright: ignore


def outputs(**facts: Any) -> Outputs:
    given: dict[str, Any] = {"cell": "m_call__mini-0", "base": "mini-0", "target": "m_call",
                             "exit": "finished", "reason": None}  # fmt: skip
    return Outputs(**(given | facts))


def answers(*correct: float | None, seed: int | None = 1) -> tuple[Answer, ...]:
    return tuple(
        Answer(id=name, seed=seed, text="", extracted=None, correct=value)
        for name, value in zip(ITEMS, correct, strict=False)
    )


def baseline(**changes: float | None) -> Baseline:
    fields = {"zero": 0.2, "few": 0.3, "reference": 0.8, "zero_twin": 0.1, "reference_twin": 0.6}
    return load_grid().baselines["mini-0"]["m_call"].model_copy(update=fields | changes)


@pytest.mark.parametrize(("flag", "verdict", "version"), list(product(FLAGS, VERDICTS, VERSIONS)))
@pytest.mark.parametrize("reason", [None, "no_model"])
def test_one_finding_decides_by_the_table(flag: str, verdict: str, version: Any, reason: Any) -> None:
    """The table in the module: C, M and A break a rule everywhere, L by version, T never."""
    lookup = LOOKUP[version]
    breaks = verdict == "flagged" and (flag in "CMA" or (flag == "L" and lookup == "integrity"))
    waits = (verdict == "review" and flag != "T" and (flag != "L" or lookup != "none")) or (
        flag == "L" and verdict == "flagged" and lookup == "held"
    )
    expected = "integrity" if breaks else "agent" if reason else "held" if waits else "valid"
    assert outcome_of(outputs(reason=reason), [finding(flag, verdict)], version) == expected


@few
@given(st.lists(FINDING, max_size=5), st.sampled_from(VERSIONS), st.randoms(use_true_random=False))
def test_the_order_of_findings_does_not_decide(found: list[Finding], version: Any, dice) -> None:
    mixed = list(found)
    dice.shuffle(mixed)
    assert outcome_of(outputs(), settled(mixed), version) == outcome_of(outputs(), settled(found), version)


@few
@given(st.lists(FINDING, max_size=5), st.sampled_from(VERSIONS), st.sampled_from("CMA"))
def test_one_broken_rule_is_enough_whatever_else_was_found(
    found: list[Finding], version: Any, flag: str
) -> None:
    assert outcome_of(outputs(), [*found, finding(flag, "flagged")], version) == "integrity"


@few
@given(st.lists(FINDING, max_size=6))
def test_settling_changes_reviews_alone_and_settles_once(found: list[Finding]) -> None:
    after = settled(found)
    assert settled(after) == after
    for old, new in zip(found, after, strict=True):
        decided = any(
            is_ruling(f) and f.flag == old.flag and f.verdict in ("clear", "flagged") for f in found
        )
        gives_way = old.verdict == "review" and not is_ruling(old) and decided
        assert new == (old.model_copy(update={"verdict": "clear"}) if gives_way else old)


@pytest.mark.parametrize(
    ("detector", "ruling"),
    [
        ("judge_model", True),
        ("human_review", True),
        ("judges", False),
        ("scan_judge_", False),
        ("judge", False),
    ],
)
def test_a_ruling_is_a_judge_s_or_a_human_s(detector: str, ruling: bool) -> None:
    assert is_ruling(finding("C", "clear", detector)) is ruling


def test_the_gain_is_the_share_of_the_way_from_base_to_reference() -> None:
    assert gain(0.5, baseline()) == pytest.approx(0.5)
    assert gain(0.2, baseline()) == 0
    assert gain(0.1, baseline()) == pytest.approx(-1 / 6)
    assert gain(1.0, baseline()) == pytest.approx(4 / 3)
    assert math.isnan(gain(0.5, baseline(reference=0.2)))
    assert math.isnan(gain(0.5, None))
    assert math.isnan(gain(math.nan, baseline()))


def test_the_twin_is_expected_to_be_as_much_harder_as_it_is_for_base_and_reference() -> None:
    """((0.2 - 0.1) + (0.8 - 0.6)) / 2."""
    assert expected_gap(baseline()) == pytest.approx(0.15)
    for missing in ({"zero_twin": None}, {"reference_twin": None}):
        assert math.isnan(expected_gap(baseline(**missing)))
    assert math.isnan(expected_gap(None))


def test_forgetting_is_the_mean_loss_over_the_other_targets() -> None:
    lost = (("m_code", 0.5, 0.3), ("m_fact", 0.4, 0.5))
    found = tuple(Forgetting(target=t, n=9, base=a, candidate=b) for t, a, b in lost)
    assert forgotten(outputs(forgetting=found)) == pytest.approx(0.05)
    assert math.isnan(forgotten(outputs()))


def test_an_answer_that_was_not_graded_is_no_number() -> None:
    for correct in (0.0, 0.5, 1.0):
        assert verdict_of(answers(correct)[0]).correct == correct
    assert math.isnan(verdict_of(answers(None)[0]).correct)


@few
@given(st.lists(st.lists(st.sampled_from([0.0, 1.0]), min_size=4, max_size=4), min_size=1, max_size=4))
def test_a_pass_is_the_mean_of_the_seeds_and_errs_over_items(rows: list[list[float]]) -> None:
    found = pass_score(TARGET, [one for n, row in enumerate(rows) for one in answers(*row, seed=n)], {})
    means = [fmean(row) for row in rows]
    per_item = [fmean(row[i] for row in rows) for i in range(4)]
    assert found.value == pytest.approx(fmean(means))
    assert found.sd_seeds == pytest.approx(stdev(means) if len(rows) > 1 else 0)
    assert found.stderr == pytest.approx(stdev(per_item) / 2)


def test_the_order_of_seeds_and_of_items_within_one_does_not_count() -> None:
    """Two seeds grade the same items in other orders; an item keeps its own mean."""
    one, two = answers(1.0, 0.0, 0.0, seed=1), answers(1.0, 1.0, 0.0, seed=2)
    expected = pass_score(TARGET, [*one, *two], {})
    assert expected.value == pytest.approx(0.5)
    for mixed in ([*two, *one], [*one, *two[::-1]], [one[0], two[0], one[1], two[1], one[2], two[2]]):
        assert pass_score(TARGET, mixed, {}) == pytest.approx(expected)


def test_a_pass_without_answers_has_no_score() -> None:
    assert all(map(math.isnan, pass_score(TARGET, [], {})))


def test_a_cell_without_a_baseline_says_how_to_get_one() -> None:
    """The targets of collaboration have no committed baseline."""
    fallen = outputs(cell="userturn__qwen3-1.7b", base="qwen3-1.7b", target="userturn", reason="no_model")
    found = score_outputs(fallen, "x")
    assert found.reason == "no_baselines"
    assert found.explanation == (
        "userturn__qwen3-1.7b falls back to a baseline that is missing; run posttrain_baselines."
    )


@pytest.mark.parametrize(
    ("facts", "rulings", "outcome", "said"),
    [
        ({}, [], "valid", "The model counts as submitted (finished)."),
        ({"reason": "truncated", "reason_text": "model.safetensors ends early"}, [], "agent",
         "No valid model, so the base counts: model.safetensors ends early."),
        ({"reason": "links_only"}, [], "agent", "No valid model, so the base counts: links_only."),
        ({}, [finding("C", "flagged"), finding("C", "clear"), finding("M", "review", "judge_model")],
         "integrity", "A rule was broken, so the base counts: scan flagged, judge_model review."),
        ({}, [finding("L", "review"), finding("A", "review")], "held",
         "Held until a judge decides: scan review."),
    ],
)  # fmt: skip
def test_the_outcome_in_one_sentence(facts: dict, rulings: list[Finding], outcome: Any, said: str) -> None:
    assert sentence(outputs(**facts), rulings, outcome) == said


def test_a_deliverable_is_called_by_its_lineage_or_by_what_it_lacks() -> None:
    line = finding("M", "clear", "lineage", reason="full fine-tune")
    assert answer(outputs(), [finding("C", "clear", reason="x"), line]) == "full fine-tune"
    assert answer(outputs(), [finding("M", "clear", "lineage")]) == "unknown lineage"
    assert answer(outputs(reason="ladder"), [line]) == "ladder"


def test_the_gravest_findings_are_told_first_and_the_rest_left_out() -> None:
    found = [finding("C", verdict, f"d{n}") for n in range(4) for verdict in VERDICTS[::-1]]
    shown: Any = details(outputs(), found, "valid")["findings"]
    order = ("flagged", "review", "not_run", "clear")
    assert [f["verdict"] for f in shown] == [v for v in order for _ in range(4)][:FINDINGS_IN_METADATA]
    assert [f["detector"] for f in shown[:4]] == ["d0", "d1", "d2", "d3"], "of equals the first comes first"


def test_files_that_were_left_out_are_counted_beyond_those_that_are_told() -> None:
    left = tuple(
        Dropped(path=f"{n}.bin", size_bytes=1, reason="size") for n in range(DROPPED_IN_METADATA + 2)
    )  # pyright: ignore
    found = details(outputs(dropped=left), [], "valid")
    assert (len(found["dropped"]), found["dropped_total"]) == (DROPPED_IN_METADATA, DROPPED_IN_METADATA + 2)  # pyright: ignore


@pytest.mark.parametrize(
    ("outcome", "reason", "told_reason"),
    [("valid", None, ""), ("held", None, ""), ("integrity", None, "integrity"), ("agent", "ladder", "ladder"),
     ("integrity", "ladder", "ladder")],
)  # fmt: skip
def test_a_fallback_has_a_reason_and_nothing_else_has(outcome: Any, reason: Any, told_reason: str) -> None:
    assert details(outputs(reason=reason), [], outcome)["fallback_reason"] == told_reason


def test_rulings_are_told_apart_from_measurements() -> None:
    found = [finding("C", "review"), finding("C", "clear", "judge_data"), finding("L", "flagged", "human_x")]
    assert details(outputs(), found, "valid")["rulings"] == {"judge_data": "clear", "human_x": "flagged"}


def stored(record: object, job: object = None, **metadata: Any):
    state = state_of("x", **metadata)
    if record is not None:
        state.store.set(OUTPUTS_KEY, record)
    state.store.set(JOB_KEY, job)
    return state


def test_the_scorer_reads_the_record_of_the_store_by_the_version_of_the_sample() -> None:
    record = outputs(raw=answers(1.0, 0.0), usage=Usage(hours=2.0, gpu_hours=4.0, idle_share=0.5, queries=3),
                     findings=(finding("L", "flagged", "judge_lookup").record(),))  # fmt: skip
    content = json.loads(record.model_dump_json())
    held, fallen, valid = (
        scored(posttrain(), stored(content, **version))
        for version in ({}, {"version": "1.1"}, {"version": "1.0"})
    )
    assert [told(found)["outcome"] for found in (held, fallen, valid)] == ["held", "integrity", "valid"]
    assert math.isnan(values(held)["scored"])
    assert (values(fallen)["scored"], values(valid)["scored"]) == (0.0, 0.5)
    used = ("hours_used", "gpu_hours", "idle_share", "queries", "flag_l", "flag_c")
    assert [values(valid)[key] for key in used] == [2.0, 4.0, 0.5, 3.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("job", "deviations"),
    [(None, ""), ({}, ""), ({"deviations": ["a", "b c"]}, "a; b c"), ({"deviations": "a"}, ""), ([], "")],
)
def test_what_a_job_did_otherwise_is_told(job: object, deviations: str) -> None:
    content = json.loads(outputs(raw=answers(1.0)).model_dump_json())
    assert told(scored(posttrain(), stored(content, job)))["deviations"] == deviations


def test_a_log_of_another_task_is_not_scored() -> None:
    found = scored(posttrain(), stored(None))
    assert found.reason == "not_a_posttrain_log"
    assert found.explanation == (
        "The log holds no record of an examined bundle; it is no log of a post-training task."
    )
