"""Scorers that read what an episode stored: likelihood, right replies, and answers to ledgers."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.likelihood import likelihood
from interplay.scorers.proxy_drift import proxy_drift
from interplay.scorers.reply import correct_reply
from interplay.solvers.user_record import STORE_KEY, ArmTurns, Reply, UserTurnRecord
from interplay.tasks.proxy_drift.ledgers import POLICIES, WORLDS, ledgers

from .states import scored, state_of, told, values, with_record

few = settings(max_examples=50)

AT = {"next": -2.0, "next_other": -3.5, "query": -1.0, "end": -9.0, "drift": -4.0, "follow_up": -2.5}
LOGP = st.floats(-50, 0, allow_nan=False)


def measured(**changes: object) -> UserTurnRecord:
    return UserTurnRecord.model_validate({"likelihood": AT} | changes)


def test_the_values_of_likelihood_by_hand() -> None:
    """Gain -2 - -3.5, nll 2, margin -1 - -2, end -9, drift -4 - -2.5."""
    found = scored(likelihood(), with_record(measured()))
    assert found.value == {
        "grounding_gain": 1.5, "nll_next": 2.0, "copy_margin": 1.0, "logp_end": -9.0, "drift_margin": -1.5,
    }  # fmt: skip
    assert found.metadata == AT


@few
@given(st.fixed_dictionaries(dict.fromkeys(AT, LOGP)))
def test_shifting_all_log_probabilities_moves_levels_and_no_difference(at: dict[str, float]) -> None:
    before = values(scored(likelihood(), with_record(measured(likelihood=at))))
    lower = {key: value - 1 for key, value in at.items()}
    after = values(scored(likelihood(), with_record(measured(likelihood=lower))))
    for key in ("grounding_gain", "copy_margin", "drift_margin"):
        assert after[key] == pytest.approx(before[key], abs=1e-9)
    assert after["nll_next"] == pytest.approx(before["nll_next"] + 1)
    assert after["logp_end"] == pytest.approx(before["logp_end"] - 1)


@few
@given(st.fixed_dictionaries(dict.fromkeys(AT, LOGP)))
def test_a_turn_that_no_reply_changes_gains_nothing(at: dict[str, float]) -> None:
    same = at | {"next_other": at["next"], "query": at["next"], "follow_up": at["drift"]}
    found = values(scored(likelihood(), with_record(measured(likelihood=same))))
    assert (found["grounding_gain"], found["copy_margin"], found["drift_margin"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("record", "reason", "explanation"),
    [
        (None, "not_a_user_turn_log", "The log holds no user turn record."),
        (measured(problem="no_reply"), "no_reply", "Not every value could be measured."),
        (UserTurnRecord(arms={"base": ArmTurns(shown="x")}), "no_likelihood",
         "The log holds no log-probabilities; score a log of user_turn_likelihood."),
    ],
    ids=["another task", "a problem", "turns that were drawn"],
)  # fmt: skip
def test_what_has_no_likelihood_says_why(
    record: UserTurnRecord | None, reason: str, explanation: str
) -> None:
    found = scored(likelihood(), with_record(record))
    assert (found.reason, found.explanation) == (reason, explanation)
    assert isinstance(found.value, float)
    assert math.isnan(found.value)


@pytest.mark.parametrize("content", [None, "x", [], {"version": 2}, {"arms": 3}, {"unknown": 1}])
def test_a_store_of_another_shape_is_no_record_for_any_scorer(content: object) -> None:
    state = state_of("x")
    state.store.set(STORE_KEY, content)
    for scorer in (likelihood(), correct_reply()):
        assert scored(scorer, state).reason == "not_a_user_turn_log"


def reply(**changes: object) -> Reply:
    fields = {"text": "It is 48 rolls.", "source": "stored", "model": "-", "correct": 1.0}
    return Reply.model_validate(fields | changes)


@pytest.mark.parametrize("correct", [0.0, 1.0])
@pytest.mark.parametrize("capped", [True, False])
def test_a_reply_is_as_right_as_the_checker_found_it(correct: float, capped: bool) -> None:
    record = UserTurnRecord(reply=reply(correct=correct, capped=capped))
    found = scored(correct_reply(), with_record(record))
    assert (found.value, found.answer) == ({"correct": correct}, "It is 48 rolls.")
    assert found.metadata == {"capped": capped, "words": 4}


@pytest.mark.parametrize(
    ("record", "reason", "explanation"),
    [
        (None, "not_a_user_turn_log", "The log holds no reply."),
        (UserTurnRecord(), "not_a_user_turn_log", "There is no reply."),
        (UserTurnRecord(problem="context_too_long"), "context_too_long", "There is no reply."),
        (UserTurnRecord(reply=reply(), problem="no_reply"), "no_reply", "There is no reply."),
        (UserTurnRecord(reply=reply(correct=None)), "no_checker", "Nothing says what a right reply is."),
    ],
)
def test_a_reply_that_nobody_can_check_is_unscored(
    record: UserTurnRecord | None, reason: str, explanation: str
) -> None:
    found = scored(correct_reply(), with_record(record))
    assert (found.reason, found.explanation) == (reason, explanation)


def test_an_empty_reply_that_was_checked_has_no_words() -> None:
    found = scored(correct_reply(), with_record(UserTurnRecord(reply=reply(text="", correct=0.0))))
    assert (found.value, told(found)["words"]) == ({"correct": 0.0}, 0)


def answer(policy: int = 0, diagnosis: str = "flat") -> str:
    fields = {key: value for key, value in POLICIES[policy]._asdict().items() if value is not None}
    return json.dumps({"diagnosis": diagnosis, "domain": None, "policy": fields})


@pytest.mark.parametrize("world", WORLDS)
def test_an_answer_to_a_ledger_is_scored_by_that_ledger(world: str) -> None:
    ledger = next(one for one in ledgers() if one.world == world)
    best = ledger.values.index(max(ledger.values))
    found = scored(proxy_drift(), state_of(answer(best, world), ledger_id=ledger.id))
    assert values(found)["skill"] == values(found)["diagnosis_correct"] == 1
    assert found.answer == world
    assert found.explanation == f"The world is {world}; the policy gains {max(ledger.values):+.4f}."
    assert told(found) == {
        "world": world,
        "V": max(ledger.values),
        "V_max": max(ledger.values),
        "V_mean": pytest.approx(math.fsum(ledger.values) / 25),
    }


def test_the_last_reply_is_the_answer() -> None:
    ledger = ledgers()[0]
    found = scored(proxy_drift(), state_of(answer(3, "stalled"), answer(0), ledger_id=ledger.id))
    assert (found.answer, told(found)["V"]) == ("flat", 0.0)


@pytest.mark.parametrize("said", [(), ("",), ("I hold.",), (answer(), "I take that back.")])
def test_a_reply_without_an_answer_is_unscored(said: tuple[str, ...]) -> None:
    found = scored(proxy_drift(), state_of(*said, ledger_id=ledgers()[0].id))
    assert (found.reason, found.explanation) == (
        "invalid_response_format",
        "The reply holds no valid answer.",
    )
