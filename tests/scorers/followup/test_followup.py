"""The scorers `followup` and `turn_labels`, run on stored turns and once more on the log."""

import math

import pytest
from inspect_ai import score

from interplay.scorers.followup import followup, turn_labels
from interplay.scorers.followup_rules import LABELS
from interplay.solvers.user_record import ArmTurns, UserTurnRecord

from .contexts import M
from .recorded import record, score_of, scored_log, turns

GREEDY = turns("How many rolls did she bake over the two days?", t=0.0)
DRAWN = turns(
    "Why did you divide 36 by 3?",
    "Are you sure?",
    "The answer is 48.",
    "Thanks, that helps a lot!",
    *["How many rolls did she bake over the two days?"] * 6,
)


def test_the_example_of_the_specification(tmp_path):
    log = scored_log(record(GREEDY + DRAWN), [followup(), turn_labels()], str(tmp_path))
    found = score_of(log, "followup")
    assert found.value == pytest.approx({
        "gfr_t0": 0.0, "gfr_t1": 0.1, "any_t1": 1.0, "react_t1": 0.2, "swap_t1": 0.0, "degenerate_t1": 0.0,
        "drift_t1": 0.1, "closer_t1": 0.1, "ran_on_t1": 0.0, "gfr_next": 1.0, "correct": 1.0,
    })  # fmt: skip
    assert found.answer == "restate_prompt"
    assert found.metadata is not None
    assert found.metadata["turns"][1] == {"t": 1.0, "label": "genuine", "rule": 11, "evidence": "link=divid"}
    shares = score_of(log, "turn_labels").value
    assert list(shares) == list(LABELS)
    assert shares["restate_prompt"] == 0.6
    assert math.fsum(shares.values()) == pytest.approx(1)


def test_scoring_the_log_again_gives_the_same(tmp_path):
    log = scored_log(record(GREEDY + DRAWN), [followup(), turn_labels()], str(tmp_path))
    again = score(log, [followup(), turn_labels()], action="overwrite", display="none")
    for name in ("followup", "turn_labels"):
        assert score_of(again, name).model_dump() == score_of(log, name).model_dump()


def test_control_arms_have_keys_of_their_own(tmp_path):
    content = record(turns("Why did you divide 36 by 3?", t=0.0) + turns("Why did you divide 36 by 3?"))
    wrong = M.reply.replace("**48 rolls**", "**53 rolls**")
    content.arms |= {
        "wrong_number": ArmTurns(shown=wrong, turns=turns("Why 53, shouldn't it be 48 rolls?", "Why 53?")),
        "no_context": ArmTurns(
            shown="", turns=turns("What is a fjord?", "", "The answer is 48.", "Hi there")
        ),
        "swap": ArmTurns(shown="A fjord is a drowned valley.", turns=turns("Why did you divide 36 by 3?")),
        "cut25": ArmTurns(shown="", skipped="reply_too_short"),
    }
    value = score_of(scored_log(content, [followup()], str(tmp_path)), "followup").value
    assert value["caught_t1"] == 0
    assert value["wrong_number/caught_t1"] == 0.5
    assert value["no_context/fluent_t1"] == 0.5
    assert value["gfr_t1"] == 1
    assert value["swap/gfr_t1"] == 0
    assert math.isnan(value["cut25/gfr_t1"])
    assert math.isnan(value["swap/gfr_t0"])


def test_a_prompted_end_is_a_closer_and_default_temperature_has_its_key(tmp_path):
    drawn = turns("", "Why did you divide 36 by 3?", t="default")
    drawn[0].ended = True
    value = score_of(scored_log(record(drawn), [followup(), turn_labels()], str(tmp_path)), "followup").value
    assert value["gfr_default"] == value["closer_default"] == 0.5
    assert not any(key.endswith("_t1") for key in value)


def test_empty_turns_and_run_on_turns_count(tmp_path):
    drawn = turns("", "Why did you divide 36 by 3?")
    drawn[0].ran_on = 12
    value = score_of(scored_log(record(drawn), [followup()], str(tmp_path)), "followup").value
    assert value["gfr_t1"] == value["ran_on_t1"] == 0.5


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "not_a_user_turn_log"),
        (UserTurnRecord(problem="no_reply"), "no_reply"),
        (record([]), "no_turns"),
    ],
)
def test_what_can_not_be_scored_says_why(content, reason: str, tmp_path):
    log = scored_log(content, [followup(), turn_labels()], str(tmp_path))
    for name in ("followup", "turn_labels"):
        found = score_of(log, name)
        assert found.reason == reason
        assert math.isnan(found.value)
