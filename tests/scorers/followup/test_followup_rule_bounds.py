"""Rules 6 to 15, each at its bound and one word beside it, on a reply of made-up words.

Made-up words are content of their own and meet no cue, so that length, links and words of the turn's own
can be set one by one. A rule is named by its number, since two rules may give one label.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.followup_features import asks_last, features, has_list, operation_keys
from interplay.scorers.followup_rules import SHOWN_CHARACTERS, Labelled, label_turn
from interplay.scorers.followup_words import key, message

few = settings(max_examples=50)

QUERY = "Write me a plan."
REPLY = "Tova baked kilo and mopa. Then tira, nubo and gavi were cooled in the zuko, and 36 hito."
ASKING = f"{REPLY} Do you have a rolo?"
OWN = ("dapi", "vuma", "lobu", "wagi", "fuko", "jami", "bopi", "kuta", "mira", "tobu", "nagi", "guvo", "zami")
"""Words that neither query nor reply holds."""


def found(turn: str, reply: str = REPLY, query: str = QUERY) -> Labelled:
    return label_turn(turn, [query], reply)


def short(turn: str, reply: str = REPLY) -> tuple[str, int]:
    """Label and rule."""
    return found(turn, reply)[:2]


@pytest.mark.parametrize(
    ("turn", "label"),
    [
        (f"tova baked kilo and mopa then {OWN[0]}", ("echo_answer", 6)),
        (f"tova baked kilo and mopa {' '.join(OWN[:4])}", ("assistant_drift", 11)),
        ("tova baked kilo and mopa", ("assistant_drift", 11)),
        ("tova baked kilo and mopa then?", ("echo_answer", 6)),
        (f"tova baked kilo and mopa then {OWN[0]}?", ("genuine", 11)),
    ],
    ids=[
        "half",
        "less than half",
        "five words",
        "a question of the reply alone",
        "a question with a word more",
    ],
)
def test_an_echo_is_half_of_the_runs_of_a_statement_and_nine_tenths_of_a_question(
    turn: str, label: tuple[str, int]
) -> None:
    assert short(turn) == label


@pytest.mark.parametrize(
    ("turn", "label", "evidence"),
    [
        ("why kilo?", "genuine", "link=kilo"),
        ("I like kilo", "genuine", "link=kilo"),
        ("kilo is wrong", "genuine", "link=kilo"),
        ("kilo", "assistant_drift", "link=kilo"),
        ("I put kilo and mopa in", "genuine", "link=kilo,mopa"),
        ("I put tira, mopa and kilo in", "assistant_drift", "link=kilo,mopa,tira"),
        (f"I put tira, mopa, kilo {OWN[0]} {OWN[1]} in", "assistant_drift", "link=kilo,mopa,tira"),
        (f"I put tira, mopa, kilo {' '.join(OWN[:3])} in", "genuine", "link=kilo,mopa,tira"),
    ],
)
def test_what_takes_up_the_reply_is_genuine_with_a_voice_of_its_own(
    turn: str, label: str, evidence: str
) -> None:
    """A story that tells three things of the reply again, six in ten of its keys, is no voice."""
    assert found(turn) == (label, 11, evidence)


@pytest.mark.parametrize(("own", "rule"), [(5, 11), (6, 15)])
def test_a_link_is_a_seventh_of_the_words_at_least(own: int, rule: int) -> None:
    """One key of the reply among six is more than 0.15 of them, among seven it is less."""
    said = f"explain it, {' '.join(OWN[:own])} and kilo!"
    turn = message(said)
    assert len(turn.keys) == own + 1
    assert (found(said).rule == 11) == (rule == 11)


@pytest.mark.parametrize(
    ("turn", "rule"),
    [
        (f"is {OWN[0]} better with kilo", 11),
        (f"is {OWN[0]} {OWN[1]} better with kilo", 15),
        (f"is the {' '.join(OWN[:3])} better with kilo", 15),
        (f"is the {OWN[0]} {OWN[1]} better with kilo", 11),
        (f"is {OWN[0]} {OWN[1]} better with kilo and mopa", 11),
        (f"{OWN[0]} {OWN[1]} are wrong with kilo", 11),
    ],
    ids=[
        "one more word",
        "two more words",
        "definite, three more",
        "definite, two more",
        "two links",
        "no question",
    ],
)
def test_a_question_of_its_own_meets_the_reply_in_one_word_by_chance(turn: str, rule: int) -> None:
    assert found(turn).rule == rule


def test_numbers_of_one_digit_are_met_by_chance_unless_a_longer_one_is_there() -> None:
    reply = "First 3 kilo, then 36 mopa."
    assert found("why 36?", reply) == ("genuine", 11, "link=36")
    assert found("why 3?", reply).evidence != "link=3"
    assert found("why 3 or 36?", reply).evidence == "link=3,36"


@pytest.mark.parametrize("sign", ["/", "*", "+", "-", "\u00f7", "\u00d7", "\u2212"])
def test_a_turn_may_name_in_words_what_the_reply_did_in_signs(sign: str) -> None:
    words = {"/": ("divide",), "\u00f7": ("divide",), "*": ("multiply", "times"),
             "\u00d7": ("multiply", "times"),             "+": ("add", "plus"), "-": ("subtract", "minus"),
             "\u2212": ("subtract", "minus")}[sign]  # fmt: skip
    assert operation_keys(f"so 36 {sign} 3 is") == {key(word) for word in words}
    assert operation_keys(f"so (4){sign}$3") == operation_keys(f"so 36 {sign} 3 is")
    assert operation_keys(f"36 {sign} kilo") == operation_keys(f"kilo {sign} 3") == frozenset()
    assert found(f"why did you {words[0]} that?", f"It is 36 {sign} 3.").label == "genuine"


@pytest.mark.parametrize(
    ("turn", "label"),
    [
        ("Yes.", ("generic_followup", 9)),
        ("no, not at all", ("generic_followup", 9)),
        ("no, not at all yet", ("genuine", 9)),
        (f"{OWN[0]} {OWN[1]}", ("genuine", 9)),
        (" ".join(OWN[:6]), ("genuine", 9)),
        (" ".join(OWN[:7]), ("unrelated", 15)),
        (f"I have {' '.join(OWN[:9])}", ("genuine", 9)),
        (f"you have a {OWN[0]}", ("unrelated", 15)),
        (f"I have your {OWN[0]}", ("genuine", 9)),
        (f"a {OWN[0]}?", ("unrelated", 15)),
    ],
)
def test_an_answer_to_the_reply_s_question(turn: str, label: tuple[str, int]) -> None:
    """Five words of a yes have content; up to six words answer, longer ones where they tell of oneself."""
    assert short(turn, ASKING) == label
    if label[1] == 9:
        assert short(turn)[1] != 9, "a reply that asks nothing has no answer"


def test_a_story_of_more_than_sixty_words_is_no_answer() -> None:
    story = f"I have {' '.join(OWN)}"
    filler = " and so on and on"
    long = story + filler * 10
    assert len(message(long).words) > 60
    assert short(story, ASKING)[1] == 9
    assert short(long, ASKING)[1] != 9


def test_an_offer_is_not_answered_by_a_few_words() -> None:
    offer = f"{REPLY} Would you like me to write it out?"
    assert short(f"{OWN[0]} {OWN[1]}", offer)[1] != 9
    assert short("yes please do", offer) == ("generic_followup", 9)
    assert short(f"I have {OWN[0]}", offer) == ("genuine", 9)


@pytest.mark.parametrize(("own", "label"), [(11, ("unrelated", 15)), (12, ("assistant_drift", 14))])
def test_a_statement_of_twelve_words_is_no_user_s(own: int, label: tuple[str, int]) -> None:
    assert short(" ".join(OWN[:own])) == label


def test_a_statement_of_the_query_s_words_is_drift_however_short() -> None:
    turn = label_turn(f"plan {OWN[0]} {OWN[1]}", [QUERY], REPLY)
    assert turn == ("assistant_drift", 14, "shared=plan")
    assert label_turn(f"why plan {OWN[0]} {OWN[1]}", [QUERY], REPLY).rule != 14, "it asks"


@pytest.mark.parametrize(
    ("turn", "closes"),
    [
        ("thanks", True),
        (f"ok {OWN[0]}", True),
        (f"ok {OWN[0]} {OWN[1]}", False),
        (f"thanks, {' '.join(OWN[:3])}", True),
        (f"thanks, {' '.join(OWN[:4])}", False),
        ("thanks?", False),
        ("thanks, kilo", False),
    ],
)
def test_a_closer_holds_thanks_and_little_else(turn: str, closes: bool) -> None:
    assert (short(turn) == ("closer", 8)) is closes


def test_something_tried_is_genuine_with_a_word_of_its_own() -> None:
    tried = found(f"I tried it with {OWN[0]}")
    assert tried == ("genuine", 12, "i tried it")


@few
@given(st.lists(st.sampled_from((*OWN, "kilo", "mopa", "why", "I", "?", "wrong", "36")), max_size=12))
def test_evidence_names_words_of_the_turn_and_is_short(words: list[str]) -> None:
    labelled = found(" ".join(words))
    assert len(labelled.evidence) <= SHOWN_CHARACTERS
    name, _, listed = labelled.evidence.partition("=")
    if name in ("link", "shared", "number") and listed:
        keys = listed.split(",")
        assert keys == sorted(keys)
        assert set(keys[:-1]) <= message(" ".join(words)).keys


@pytest.mark.parametrize(
    ("text", "asks"),
    [("why?", True), ("why? ", True), ('"why?"', True), ("(why?)", True), ("**why?**", True),
     ("why? I", False), ("?", True), ("", False), ("why\u00bf", False)],
)  # fmt: skip
def test_a_text_asks_last_whatever_closes_it(text: str, asks: bool) -> None:
    assert asks_last(text) is asks


@pytest.mark.parametrize(
    ("text", "listed"),
    [("1. a\n2. b", True), ("- a\n* b", True), ("1. a\nb", False), ("1. a 2. b", False),
     ("# a\n\u2022 b", True), ("1.a\n2.b", False), ("  1) a\n\t2) b", True), ("", False)],
)  # fmt: skip
def test_a_list_is_two_lines_with_a_mark(text: str, listed: bool) -> None:
    assert has_list(text) is listed


def test_words_of_its_own_are_those_of_neither_query_nor_reply_and_no_numbers() -> None:
    seen = features(message(f"why {OWN[0]} kilo plan 77 36"), [message(QUERY)], message(REPLY))
    assert seen.extra == {OWN[0]}
    assert seen.shared == {"kilo", "plan", "36"}
    assert seen.link == {"kilo", "36"}
    assert seen.link_has_word
    assert not seen._replace(link=frozenset({"36"})).link_has_word
    assert not seen._replace(link=frozenset()).link_has_word


def test_a_question_in_quotation_marks_is_nobody_s_voice() -> None:
    quoted = features(message('"I like it", my mopa'), [message(QUERY)], message(REPLY))
    assert quoted.first, "my"
    alone = features(message('"I like my rolo" mopa'), [message(QUERY)], message(REPLY))
    assert not alone.first
