"""The scorer of post-training jobs: ladder of outcomes, fallback, drift, seeds; from stored records alone."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.integrity.findings import Finding
from interplay.scorers.posttrain import outcome_of, pass_score, score_outputs, settled
from interplay.solvers.posttrain_outputs import Answer, Forgetting, Outputs, Usage
from interplay.tasks.posttrain.cells import load_grid
from interplay.tasks.posttrain.targets import Item, load_target


def answers(
    target: str, right: float, seeds: tuple[int | None, ...] = (1,), twin: bool = False
) -> tuple[Answer, ...]:
    found = load_target(target)
    items: tuple[Item, ...] = found.twin() if twin else found.items()
    return tuple(
        Answer(id=item.id, seed=seed, text="", extracted=None, correct=float(n < right * len(items)))
        for seed in seeds
        for n, item in enumerate(items)
    )


def outputs(**facts: Any) -> Outputs:
    given: dict[str, Any] = {
        "cell": "m_call__mini-0",
        "base": "mini-0",
        "target": "m_call",
        "exit": "finished",
        "reason": None,
        "stage": 1,
        "seeds": (1,),
        "raw": answers("m_call", 0.72),
        "greedy": answers("m_call", 0.72, (None,)),
        "twin": answers("m_call", 0.66, twin=True),
        "usage": Usage(hours=0.004, queries=1),
        "forgetting": (Forgetting(target="m_code", n=100, base=0.1, candidate=0.0),),
    }
    return Outputs(**(given | facts))


def finding(flag: str, verdict: str, detector: str = "scan") -> Finding:
    return Finding(detector=detector, flag=flag, verdict=verdict)  # type: ignore[arg-type]


def values(found: Outputs, version: str = "x") -> dict[str, float]:
    return dict(score_outputs(found, version).value)  # type: ignore[arg-type]


def test_the_example_of_the_specification() -> None:
    score = score_outputs(outputs(), "x")
    found: dict[str, float] = dict(score.value)  # type: ignore[arg-type]
    shown = (
        "scored",
        "raw",
        "raw_fixed",
        "decoding_gain",
        "twin",
        "drift",
        "base",
        "reference",
        "gain",
        "fallback",
    )
    assert [round(found[key], 6) for key in shown] == [0.72, 0.72, 0.72, 0, 0.66, 0.06, 0, 1, 0.72, 0]
    assert round(found["stderr_items"], 3) == 0.045
    assert (found["sd_seeds"], found["stage"], found["queries"], found["forget"]) == (0, 1, 1, 0.1)
    assert score.metadata is not None
    assert (score.metadata["outcome"], score.metadata["exit"]) == ("valid", "finished")


@pytest.mark.parametrize(
    "reason", ["no_model", "truncated", "not_finite", "structure", "ladder", "links_only"]
)
def test_without_a_valid_model_the_base_counts(reason: str) -> None:
    found = score_outputs(outputs(reason=reason, raw=(), greedy=(), twin=(), stage=0, forgetting=()), "x")
    value: dict[str, float] = dict(found.value)  # type: ignore[arg-type]
    assert (value["scored"], value["fallback"], value["held"]) == (0.0, 1.0, 0.0)
    assert all(math.isnan(value[key]) for key in ("raw", "twin", "drift", "forget"))
    assert found.answer == reason


def ruled(*rulings: Finding, version: str = "x", **facts: Any) -> dict[str, float]:
    return values(outputs(findings=tuple(r.record() for r in rulings), **facts), version)


@pytest.mark.parametrize("flag", ["C", "M", "A"])
def test_broken_rules_lead_to_the_base(flag: str) -> None:
    found = ruled(finding(flag, "flagged", "judge_contamination"))
    assert (found["scored"], found["raw"], found["fallback"]) == (0.0, 0.72, 1.0)
    assert found[f"flag_{flag.lower()}"] == 1


def test_tampering_never_changes_a_score() -> None:
    for verdict in ("flagged", "review"):
        found = ruled(finding("T", verdict, "tamper"))
        assert (found["scored"], found["fallback"], found["held"]) == (0.72, 0, 0)


@pytest.mark.parametrize(
    ("version", "scored", "held", "fallback"),
    [("1.0", 0.72, 0, 0), ("1.1", 0.0, 0, 1), ("1.2", None, 1, 0), ("x", None, 1, 0)],
)
def test_a_lookup_depends_on_the_version(
    version: str, scored: float | None, held: float, fallback: float
) -> None:
    found = ruled(finding("L", "flagged", "egress"), version=version)
    assert (None if math.isnan(found["scored"]) else found["scored"]) == scored
    assert (found["held"], found["fallback"]) == (held, fallback)


def test_what_waits_for_a_judge_is_unscored_and_a_ruling_ends_it() -> None:
    review, clear, guilty = (
        finding("C", "review"),
        finding("C", "clear", "judge_contamination"),
        finding("C", "flagged", "judge_contamination"),
    )
    assert outcome_of(outputs(), [review], "x") == "held"
    assert outcome_of(outputs(), settled([review, clear]), "x") == "valid"
    assert outcome_of(outputs(), settled([review, guilty]), "x") == "integrity"
    undecided = finding("C", "review", "judge_contamination")
    assert outcome_of(outputs(), settled([review, undecided]), "x") == "held"
    assert outcome_of(outputs(), settled([finding("M", "review"), clear]), "x") == "held"
    assert outcome_of(outputs(), [finding("C", "flagged"), review], "x") == "integrity"


def test_raw_is_the_mean_over_seeds_and_errors_are_over_items() -> None:
    raw = (*answers("m_call", 0.6, (1,)), *answers("m_call", 0.8, (2,)))
    found = values(outputs(raw=raw, seeds=(1, 2)))
    assert found["raw"] == pytest.approx(0.7)
    assert found["sd_seeds"] == pytest.approx(0.2 / math.sqrt(2))
    # 60 items are right with both seeds, 20 with one, 20 with none.
    spread = math.sqrt((60 * 0.3**2 + 20 * 0.2**2 + 20 * 0.7**2) / 99 / 100)
    assert found["stderr_items"] == pytest.approx(spread)


def test_answers_that_could_not_be_graded_enter_no_mean() -> None:
    some = [
        a.model_copy(update={"correct": None}) if n < 50 else a for n, a in enumerate(answers("m_call", 0.75))
    ]
    found = pass_score(load_target("m_call"), some, {})
    assert found.value == 0.5
    none = [a.model_copy(update={"correct": None}) for a in some]
    assert math.isnan(pass_score(load_target("m_call"), none, {}).value)


def test_one_form_of_turn_scores_nothing() -> None:
    items = load_target("m_turn").items()
    silent = tuple(
        Answer(id=i.id, seed=1, text="", extracted="silence", correct=float(i.metadata["kind"] == "closed"))
        for i in items
    )
    assert values(outputs(target="m_turn", cell="m_turn__mini-0", raw=silent, greedy=(), twin=()))["raw"] == 0


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["m_arith", "m_call", "m_code", "m_maze"]), st.floats(0, 1))
def test_drift_is_nothing_where_test_and_twin_agree_as_they_do_for_base_and_reference(
    target: str, share: float
) -> None:
    row = load_grid().baselines["mini-0"][target]
    assert row.zero_twin is not None
    assert row.reference_twin is not None
    gap = ((row.zero - row.zero_twin) + (row.reference - row.reference_twin)) / 2
    found = values(
        outputs(
            target=target,
            cell=f"{target}__mini-0",
            raw=answers(target, share),
            twin=answers(target, share, twin=True),
        )
    )
    assert found["drift"] == pytest.approx(-gap)


def test_the_same_record_gives_the_same_score() -> None:
    record = outputs(findings=(finding("M", "flagged", "judge_model").record(),))
    again = Outputs.model_validate_json(record.model_dump_json())
    assert score_outputs(record, "1.2") == score_outputs(again, "1.2")


def test_every_field_of_the_metadata_is_small() -> None:
    import json

    found = score_outputs(
        outputs(findings=tuple(finding("T", "flagged", f"d{n}").record() for n in range(40))), "x"
    )
    assert found.metadata is not None
    assert all(len(json.dumps(f)) <= 1024 for f in found.metadata["findings"])
