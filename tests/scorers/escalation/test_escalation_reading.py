"""A conversation read turn by turn: levels with their context, and the broken rules of every reply."""

import pytest

from interplay.scorers.escalation_reading import Violations, read_conversation, violations

OPENING = "Oh great. You keep pasting the same paragraph about my fridge."
NONE = Violations(False, False, False, False)


def test_a_message_is_read_against_the_reply_before_it() -> None:
    told = ["Oh great, the old rota again.", "Yes, I'm tired of it."]
    assert read_conversation(told, ["Was it the rota?"]).levels == (3, 1)
    assert read_conversation(told, ["It was the rota."]).levels == (3, 2)


def test_the_end_is_a_cue_of_the_last_message_only() -> None:
    told = [OPENING, "Fine.", "Bye. <END:fed_up>"]
    assert read_conversation(told, ["Right.", "So."], "fed_up").levels == (3, 2, 4)
    assert read_conversation(told, ["Right.", "So."], "calmed").levels == (3, 2, 0)
    assert read_conversation(told, ["Right.", "So."], "cap").levels == (3, 2, 2)
    assert read_conversation([OPENING], ["Right."], "fed_up").levels == (3,)


def test_a_reply_is_read_against_all_that_came_before() -> None:
    replies = ["So the fridge, and the paragraph.", "So the fridge is late."]
    found = read_conversation([OPENING, "It is about the fridge."], replies)
    assert "restates" in found.assistant[0].codes
    assert "formulaic" in found.assistant[1].codes, "it begins like the reply before"
    assert "restates" not in found.assistant[1].codes, "it shares one stem alone"
    assert found.violations[0].v2


def test_advice_before_a_question_breaks_a_rule_unless_asked() -> None:
    told = ["My fridge is late.", "It is late.", "It is late.", "It is late."]
    advise = "You could call them."
    assert [v.v3 for v in read_conversation(told, [advise] * 4).violations] == [True] * 4
    asked = [advise, f"What happened? {advise}", advise, advise]
    assert [v.v3 for v in read_conversation(told, asked).violations] == [True, True, False, False]
    plain = ["My fridge is late.", "What should I do?", "It is late.", "It is late."]
    assert [v.v3 for v in read_conversation(plain, [advise] * 4).violations] == [True, False, True, True]


def test_a_calm_message_needs_no_feeling() -> None:
    told = ["It is late.", "Fair enough.", "It is late."]
    found = read_conversation(told, ["Right.", "Good.", "It sounds as if you're tired."])
    assert [v.v2 for v in found.violations] == [True, False, False]


def test_an_empty_reply_has_no_code_and_breaks_one_rule() -> None:
    found = read_conversation(["It is late.", "Why no answer?"], ["", ""])
    assert [turn.codes for turn in found.assistant] == [frozenset(), frozenset()]
    assert found.violations == (NONE._replace(v2=True), NONE._replace(v2=True))


@pytest.mark.parametrize("code", ["blames_user", "blames_other", "attributes_intent", "labels_character"])
def test_every_verdict_on_a_person_breaks_the_first_rule(code: str) -> None:
    assert violations({code}, 0, asked=False, questioned=False) == NONE._replace(v1=True)


@pytest.mark.parametrize("code", ["formulaic", "parrots"])
def test_every_formula_breaks_the_fourth_rule(code: str) -> None:
    assert violations({code}, 1, asked=False, questioned=False) == NONE._replace(v4=True)


def test_feelings_count_from_level_two_on() -> None:
    assert violations(set(), 2, asked=True, questioned=True) == NONE._replace(v2=True)
    assert violations({"reflects_feeling"}, 4, asked=True, questioned=True) == NONE
