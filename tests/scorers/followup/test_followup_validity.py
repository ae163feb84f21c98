"""The verdict on a judge of user turns: green by gates met for this judge, prompt and rules alone."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.followup_answer import prompt_sha256
from interplay.scorers.followup_gates import Gate, Validation
from interplay.scorers.followup_rules import VERSION
from interplay.scorers.followup_validation import file_name
from interplay.scorers.followup_validity import FOLDER, corrected_rates, validity
from interplay.tasks.judged import Figure, JudgedRun
from interplay.tasks.mistakes import UserMistake

few = settings(max_examples=50)

JUDGE = "openai/gpt-5"
RATES = {
    "followup_judge.gfr_t0": Figure(0.5, 0.4, 0.6, 30),
    "followup_judge.gfr_t1": Figure(0.3, 0.2, 0.4, 300),
    "followup_judge.react_t1": Figure(0.6, 0.5, 0.7, 300),
    "followup_judge.agree": Figure(0.9, 0.8, 1.0, 300),
}


def run(figures: Mapping[str, Figure] = RATES, prompt: str | None = None) -> JudgedRun:
    return JudgedRun({"grader": JUDGE}, prompt or prompt_sha256(), figures)


def gate(met: bool = True, value: float | None = 0.9, name: str = "kappa") -> Gate:
    return Gate(name=name, value=value, threshold=0.7, met=met)


def validation(**changes: object) -> Validation:
    fields: dict[str, object] = {
        "grader": JUDGE, "prompt_sha256": prompt_sha256(), "rules_version": VERSION, "items": 400,
        "met": True, "gates": [gate()], "sensitivity": 0.9, "specificity": 0.8, "second_judge_alpha": None,
    }  # fmt: skip
    return Validation.model_validate(fields | changes)


def written(leaderboard: Path, found: Validation, grader: str = JUDGE) -> Path:
    path = leaderboard / FOLDER / f"{file_name(grader)}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(found.model_dump_json(), "utf-8")
    return leaderboard


def test_met_gates_make_the_judge_green_and_free_its_rates_of_genuine_from_errors(tmp_path: Path) -> None:
    """(0.3 + 0.8 - 1) / (0.9 + 0.8 - 1) = 0.1 / 0.7, and 0.2 gives (0.2 - 0.2) / 0.7 = 0."""
    found = validity(run(), written(tmp_path, validation()))
    assert (found.state, found.withheld) == ("green", frozenset())
    assert found.reason == "All gates are met on 400 turns that two people labelled."
    assert set(found.corrected) == {"followup_judge.gfr_t0", "followup_judge.gfr_t1"}
    rate = found.corrected["followup_judge.gfr_t1"]
    assert rate == pytest.approx((1 / 7, 0.0, 2 / 7, 300))


def test_a_judge_that_nobody_validated_is_grey(tmp_path: Path) -> None:
    written(tmp_path, validation(grader="openai/gpt-4"), "openai/gpt-4")
    found = validity(run(), tmp_path)
    assert (found.state, found.corrected) == ("grey", {})
    assert found.reason == "Nobody has labelled turns to compare this judge with."


@pytest.mark.parametrize(
    ("changes", "prompt", "reason"),
    [
        ({"prompt_sha256": "other"}, None, "It was validated with another prompt."),
        ({}, "other", "It was validated with another prompt."),
        ({"grader": "openai_gpt-5"}, None, "It was validated with another prompt."),
        ({"prompt_sha256": "old"}, "old",
         "It was validated beside other rules, or for a prompt of an earlier version."),
        ({"rules_version": "0.9.0"}, None,
         "It was validated beside other rules, or for a prompt of an earlier version."),
    ],
)  # fmt: skip
def test_a_validation_of_something_else_is_none(
    changes: dict[str, object], prompt: str | None, reason: str, tmp_path: Path
) -> None:
    found = validity(run(prompt=prompt), written(tmp_path, validation(**changes)))
    assert (found.state, found.reason, found.corrected) == ("grey", reason, {})


def test_a_gate_that_is_not_met_is_told_with_its_figure(tmp_path: Path) -> None:
    gates = [gate(), gate(False, 0.654, "alpha"), gate(False, None, "precision")]
    found = validity(run(), written(tmp_path, validation(met=False, gates=gates)))
    assert (found.state, found.corrected) == ("grey", {})
    assert found.reason == (
        "On 400 labelled turns a gate is not met: alpha 0.65, needs 0.70; precision none, needs 0.70."
    )


@pytest.mark.parametrize("met", [True, False])
def test_one_missed_gate_is_enough_whatever_the_sum_says(met: bool, tmp_path: Path) -> None:
    found = validity(run(), written(tmp_path, validation(met=met, gates=[gate(False), gate()])))
    assert found.state == "grey"


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"grader": "openai/gpt-5"}', "\ufeff{}", "\x00"])
def test_a_file_that_is_no_validation_says_how_to_write_one(content: str, tmp_path: Path) -> None:
    path = written(tmp_path, validation()) / FOLDER / "openai_gpt-5.json"
    path.write_text(content, "utf-8")
    with pytest.raises(UserMistake) as said:
        validity(run(), tmp_path)
    assert said.value.message == (
        f"{path}: holds no validation of a judge; write it with "
        "`python -m interplay.scorers.followup_judge gates`."
    )


def test_a_folder_of_that_name_is_no_validation(tmp_path: Path) -> None:
    (tmp_path / FOLDER / "openai_gpt-5.json").mkdir(parents=True)
    assert validity(run(), tmp_path).state == "grey"


@pytest.mark.parametrize(
    ("sensitivity", "specificity"), [(None, 0.9), (0.9, None), (0.5, 0.5), (0.2, 0.3), (None, None)]
)
def test_no_rate_is_corrected_by_a_judge_no_better_than_chance(
    sensitivity: float | None, specificity: float | None
) -> None:
    assert corrected_rates(run(), validation(sensitivity=sensitivity, specificity=specificity)) == {}


def test_a_judge_without_errors_corrects_nothing() -> None:
    found = corrected_rates(run(), validation(sensitivity=1.0, specificity=1.0))
    assert found == {key: pytest.approx(RATES[key]) for key in list(RATES)[:2]}


@pytest.mark.parametrize(
    "key", ["gfr_t1", "base.gfr_t1", "a.b.gfr_t0", "gfr_t10", "other_gfr_t1", "gfr_t1.lo"]
)
def test_only_the_last_part_of_a_key_names_the_rate(key: str) -> None:
    found = corrected_rates(run({key: Figure(0.5, 0.4, 0.6, 9)}), validation())
    assert (key in found) == (key.split(".")[-1] in ("gfr_t0", "gfr_t1"))


@few
@given(st.floats(0, 1), st.floats(0.55, 1), st.floats(0.55, 1))
def test_the_correction_undoes_what_the_judge_s_errors_do(rate: float, sens: float, spec: float) -> None:
    """A judge calls sens * rate + (1 - spec) * (1 - rate) of the turns genuine."""
    seen = sens * rate + (1 - spec) * (1 - rate)
    raw = {"x.gfr_t1": Figure(seen, seen, seen, 50)}
    found = corrected_rates(run(raw), validation(sensitivity=sens, specificity=spec))["x.gfr_t1"]
    assert found == pytest.approx((rate, rate, rate, 50), abs=1e-9)


@few
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.55, 1), st.floats(0.55, 1))
def test_a_corrected_rate_is_a_rate_inside_its_interval(a: float, b: float, sens: float, spec: float) -> None:
    lo, hi = sorted((a, b))
    raw = {"x.gfr_t0": Figure((lo + hi) / 2, lo, hi, 50)}
    found = corrected_rates(run(raw), validation(sensitivity=sens, specificity=spec))["x.gfr_t0"]
    assert 0 <= found.lo <= found.value <= found.hi <= 1
