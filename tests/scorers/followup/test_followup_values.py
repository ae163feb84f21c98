"""From labelled turns to values: which keys a sample has, and each rate counted once more by hand."""

import math
from collections import Counter
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.followup_rules import LABELS, Labelled, label_turn
from interplay.scorers.followup_turns import (
    ENDED,
    LabelledArm,
    LabelledTurn,
    labelled_arms,
    queries_shown,
    temperatures,
)
from interplay.scorers.followup_values import (
    NOT_FLUENT,
    REACTIONS,
    caught,
    label_shares,
    next_turn_rate,
    sampled,
    suffix,
    swapped_rate,
    terminator_shares,
    values_of,
)
from interplay.solvers.user_record import ArmTurns, Reply, Terminator, Turn, UserTurnRecord
from interplay.tasks.user_turn.donors import donors
from interplay.tasks.user_turn.perturb import OTHER_ARMS, prior

from .contexts import M
from .recorded import CONTEXT, record, turns

few = settings(max_examples=50)

DIVIDE = "Why did you divide 36 by 3?"
RATES = ("gfr", "any", "react", "swap", "degenerate", "drift", "closer", "ran_on")
DRAWN = st.lists(st.sampled_from(LABELS), min_size=1, max_size=8)
ENDS = get_args(Terminator)


def labelled(*labels: str, t: float | str = 1.0, ran_on: int = 0, end: str = "end_of_user") -> list:
    """Turns that have these labels, whatever they say."""
    return [
        LabelledTurn(
            Turn(t=t, i=i, text="x", raw="x", terminator=end, ran_on=ran_on),  # pyright: ignore[reportArgumentType]
            Labelled(label, 1, ""),  # pyright: ignore[reportArgumentType]
        )
        for i, label in enumerate(labels)
    ]


def arm(*drawn: LabelledTurn) -> LabelledArm:
    return LabelledArm((M.query,), M.reply, drawn)


def values(arms: dict[str, LabelledArm], **changes: object) -> dict[str, float]:
    return values_of(record([], **changes), CONTEXT, arms)


@few
@given(DRAWN)
def test_every_rate_is_the_share_of_its_labels(labels: list[str]) -> None:
    found = values({"base": arm(*labelled(*labels))})
    counts = Counter(labels)
    n = len(labels)
    assert found["gfr_t1"] == pytest.approx(counts["genuine"] / n)
    assert found["any_t1"] == ("genuine" in labels)
    assert found["react_t1"] == pytest.approx((counts["genuine"] + counts["generic_followup"]) / n)
    assert found["degenerate_t1"] == pytest.approx(counts["degenerate"] / n)
    assert found["drift_t1"] == pytest.approx(counts["assistant_drift"] / n)
    assert found["closer_t1"] == pytest.approx(counts["closer"] / n)


@few
@given(DRAWN)
def test_shares_of_all_labels_add_up_to_one_in_the_order_of_the_rules(labels: list[str]) -> None:
    found = label_shares(arm(*labelled(*labels)))
    assert tuple(found) == LABELS
    assert math.fsum(found.values()) == pytest.approx(1)
    assert {label for label, share in found.items() if share} == set(labels)


@few
@given(DRAWN, st.randoms(use_true_random=False))
def test_the_order_of_the_draws_does_not_count(labels: list[str], dice) -> None:
    mixed = list(labels)
    dice.shuffle(mixed)
    assert values({"base": arm(*labelled(*labels))}) == pytest.approx(
        values({"base": arm(*labelled(*mixed))}), nan_ok=True
    )


def test_each_temperature_has_keys_of_its_own_and_the_greedy_one_a_single_rate() -> None:
    drawn = [
        *labelled("genuine", t=0.0),
        *labelled("closer", "genuine", t=0.3),
        *labelled("empty", t="default"),
    ]
    found = values({"base": arm(*drawn)})
    expected = ["gfr_t0", *(f"{rate}_t0.3" for rate in RATES), *(f"{rate}_default" for rate in RATES)]
    assert list(found) == [*expected, "gfr_next", "correct"]
    assert (found["gfr_t0"], found["gfr_t0.3"], found["gfr_default"]) == (1, 0.5, 0)


@pytest.mark.parametrize(
    ("temperature", "ending"),
    [(0.0, "t0"), (1.0, "t1"), (0.3, "t0.3"), (1.5, "t1.5"), (2, "t2"), ("default", "default")],
)
def test_a_temperature_ends_a_key_in_its_shortest_form(temperature, ending: str) -> None:
    assert suffix(temperature) == ending


def test_temperatures_rise_and_the_provider_s_own_comes_last() -> None:
    drawn = [turn for t in ("default", 1.0, 0.0, 0.3, 1.0) for turn in labelled("empty", t=t)]
    assert temperatures([arm(*drawn[:2]), arm(*drawn[2:])]) == [0.0, 0.3, 1.0, "default"]
    assert temperatures([]) == temperatures([arm()]) == []


def test_turns_that_ran_on_count_once_however_far() -> None:
    drawn = [*labelled("closer", ran_on=1), *labelled("closer", ran_on=90), *labelled("closer", "closer")]
    assert values({"base": arm(*drawn)})["ran_on_t1"] == 0.5


@pytest.mark.parametrize(
    ("changes", "value"),
    [({"correct": 1.0}, 1.0), ({"correct": 0.0}, 0.0), ({"correct": None}, math.nan)],
)
def test_the_reply_is_right_wrong_or_nobody_knows(changes: dict, value: float) -> None:
    reply = Reply(text="x", source="stored", model="-", **changes)
    found = values({"base": arm(*labelled("empty"))}, reply=reply)["correct"]
    assert found == pytest.approx(value, nan_ok=True)
    nobody = values({"base": arm(*labelled("empty"))}, reply=None)["correct"]
    assert math.isnan(nobody)


def test_the_stored_next_turn_counts_after_the_stored_reply_only() -> None:
    assert next_turn_rate(CONTEXT) == 1
    assert next_turn_rate(CONTEXT.model_copy(update={"next_turn": "Thanks!"})) == 0
    for field in ("next_turn", "reply"):
        assert math.isnan(next_turn_rate(CONTEXT.model_copy(update={field: None})))
    assert next_turn_rate(CONTEXT.model_copy(update={"reply": ""})) == 0


def test_control_arms_show_the_temperatures_of_the_plan_whatever_was_drawn() -> None:
    arms = {"base": arm(*labelled("genuine", t=0.5)), "swap": arm(*labelled("genuine", "closer", t=1.0))}
    found = values(arms)
    planned = {suffix(t) for t, _ in OTHER_ARMS}
    shown = {key.removeprefix("swap/") for key in found if key.startswith("swap/")}
    assert shown == {"gfr_t0", *(f"{rate}_{end}" for rate in RATES for end in planned - {"t0"})}
    assert found["swap/gfr_t1"] == 0.5
    assert math.isnan(found["swap/gfr_t0"])
    assert found["swap/any_t1"] == 1
    assert not any(key.startswith("base/") for key in found)


def test_an_arm_without_turns_has_every_key_and_no_value() -> None:
    found = values({"base": arm(*labelled("genuine")), "cut25": arm()})
    skipped = {key: value for key, value in found.items() if key.startswith("cut25/")}
    assert len(skipped) == 1 + len(RATES)
    assert all(map(math.isnan, skipped.values()))


def test_corrections_are_counted_where_a_wrong_number_is_shown_and_in_its_base() -> None:
    plain = {"base": arm(*labelled("genuine", "genuine"))}
    assert not any("caught" in key for key in values(plain))
    found = values({**plain, "wrong_number": arm(*labelled("genuine")), "swap": arm(*labelled("genuine"))})
    assert [key for key in found if "caught" in key] == ["caught_t1", "wrong_number/caught_t1"]


def test_fluent_is_all_but_four_labels_and_asked_without_context_alone() -> None:
    found = values({"base": arm(*labelled("genuine")), "no_context": arm(*labelled(*LABELS))})
    assert [key for key in found if "fluent" in key] == ["no_context/fluent_t1"]
    assert found["no_context/fluent_t1"] == pytest.approx((len(LABELS) - len(NOT_FLUENT)) / len(LABELS))
    assert not set(NOT_FLUENT) & set(REACTIONS)


@pytest.mark.parametrize(
    ("text", "target", "found"),
    [
        ("Is that wrong?", None, True),
        ("Isn't it INCORRECT", None, True),
        ("Did you make a mistake?", "7", True),
        ("Can you check?", None, True),
        ("Shouldn't that should be more", None, True),
        ("It should, be", None, True),
        ("should it be more", None, False),
        ("wrongly put", None, False),
        ("I get 48 here", "48", True),
        ("I get 48.0 here", "48", True),
        ("I get 480 here", "48", False),
        ("I get forty-eight", "48", False),
        ("I get 1,200", "1200", True),
        ("Why?", None, False),
        ("Why?", "", False),
    ],
)
def test_a_wrong_number_is_caught_by_saying_so_or_by_the_right_one(
    text: str, target: str | None, found: bool
) -> None:
    turn = LabelledTurn(turns(text)[0], Labelled("genuine", 11, ""))
    assert caught(turn, target) is found
    assert caught(turn._replace(found=Labelled("closer", 8, "")), target) is False


def test_the_rate_by_chance_is_that_under_the_replies_to_other_questions() -> None:
    others = donors(CONTEXT.id, CONTEXT.domain)
    turn = LabelledTurn(turns("Why did you choose that number of rolls?")[0], Labelled("genuine", 11, ""))
    genuine = [label_turn(turn.turn.text, [M.query], reply).label == "genuine" for reply in others]
    assert swapped_rate(turn, [M.query], others) == sum(genuine) / len(others)
    ended = turn._replace(turn=turn.turn.model_copy(update={"ended": True}))
    assert swapped_rate(ended, [M.query], [M.reply]) == 0
    assert swapped_rate(LabelledTurn(turns(DIVIDE)[0], turn.found), [M.query], [M.reply, "Rain."]) == 0.5


def test_where_nothing_was_drawn_at_one_the_provider_s_own_temperature_stands_in() -> None:
    own, hot, greedy = labelled("closer", t="default"), labelled("genuine"), labelled("empty", t=0.0)
    assert sampled(arm(*own, *hot, *greedy)) == hot
    assert sampled(arm(*own, *greedy)) == own
    assert sampled(arm(*greedy)) == []
    assert all(map(math.isnan, label_shares(arm(*greedy)).values()))


def test_what_ended_the_turns_is_told_in_alphabetical_order() -> None:
    drawn = [turn for end in ("length", "eos", "length", "ends") for turn in labelled("closer", end=end)]
    found = terminator_shares(arm(*drawn, *labelled("closer", t=0.0, end="special")))
    assert list(found.items()) == [("ends", 0.25), ("eos", 0.25), ("length", 0.5)]
    assert terminator_shares(arm()) == {}
    assert set(found) <= set(ENDS)


def test_each_arm_is_labelled_in_the_light_of_what_it_showed() -> None:
    other = "A fjord is a drowned valley."
    content = record(turns(DIVIDE))
    content.arms["swap"] = ArmTurns(shown=other, turns=turns(DIVIDE))
    found = labelled_arms(content, CONTEXT)
    assert list(found) == ["base", "swap"]
    for name, shown in (("base", M.reply), ("swap", other)):
        assert found[name].reply == shown
        assert [turn.found for turn in found[name].turns] == [label_turn(DIVIDE, [M.query], shown)]
    assert found["base"].turns[0].label == "genuine" != found["swap"].turns[0].label


def test_an_end_is_a_closer_whatever_the_turn_says() -> None:
    drawn = turns(DIVIDE)
    drawn[0].ended = True
    assert labelled_arms(record(drawn), CONTEXT)["base"].turns[0].found == ENDED == ("closer", 8, "[ENDS]")


def test_what_was_said_before_is_shown_in_the_arm_that_shows_it() -> None:
    said = [message.content for message in prior() if message.role == "user"]
    assert said
    assert queries_shown("prior", CONTEXT) == (*said, M.query)
    for name in ("base", "no_context", "swap", "priors"):
        assert queries_shown(name, CONTEXT) == (M.query,)


def test_a_record_without_arms_has_none() -> None:
    assert labelled_arms(UserTurnRecord(), CONTEXT) == {}
