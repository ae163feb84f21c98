"""What holds for the labels of any turn."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.followup_rules import LABELS, label_turn

from .contexts import CONTEXTS, H, M

WORDS = (*M.query.split(), *M.reply.split(), *H.query.split(), *H.reply.split(), "why", "you", "your answer",
         "Thanks,", "please", "54", "wrong?", "I", "explain", "another", "step 2", "it", "?", "\n", "“so”",
         "don't", "Let me know if", "you should", "The answer is", "pelican")  # fmt: skip
TURNS = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
ASKED = st.sampled_from([M, H])
BLANK = ("", " ", "\n\n", "…", "**")


def label(turn: str, query: str, reply: str) -> str:
    return label_turn(turn, [query], reply).label


@given(TURNS.filter(str.split), TURNS)
def test_copying_the_query_is_never_genuine(query: str, reply: str):
    assert label(query, query, reply) != "genuine"


@given(TURNS, TURNS)
def test_copying_an_earlier_question_is_never_genuine(query: str, reply: str):
    assert label_turn(H.query, [H.query, query], reply).label == "restate_prompt"


@pytest.mark.parametrize("asked", CONTEXTS.values())
def test_copying_the_reply_is_an_echo(asked):
    assert label(asked.reply, asked.query, asked.reply) == "echo_answer"


@given(st.text(alphabet=" \t\n\r\u00a0\u2003", max_size=20), ASKED)
def test_an_empty_turn_is_always_empty(turn: str, asked):
    assert label(turn, asked.query, asked.reply) == "empty"


@given(TURNS, ASKED, st.sampled_from(BLANK))
def test_blanking_the_reply_never_raises_a_label_to_genuine(turn: str, asked, blank: str):
    assert label(turn, asked.query, blank) != "genuine"


@given(TURNS, ASKED, st.sampled_from([" {}", "{}\n", "\t{}\n\n"]))
def test_case_outer_white_space_and_quotes_change_nothing(turn: str, asked, frame: str):
    expected = label_turn(turn, [asked.query], asked.reply)
    curly = turn.replace("'", "’").replace("“", '"').replace("”", '"')
    for same in (turn.upper(), turn.lower(), frame.format(turn), curly):
        assert label_turn(same, [asked.query], asked.reply) == expected


@settings(max_examples=1000)
@given(st.text(max_size=200), st.text(min_size=1, max_size=60), st.text(max_size=60))
def test_any_text_gets_one_label(turn: str, query: str, reply: str):
    found = label_turn(turn, [query], reply)
    assert found.label in LABELS
    assert 1 <= found.rule <= 15
    assert found == label_turn(turn, [query], reply)


def test_a_thousand_random_strings_get_one_label_each():
    dice = random.Random(1)
    for _ in range(1000):
        turn = "".join(chr(dice.choice([dice.randrange(32, 127), dice.randrange(0xD800)])) for _ in range(80))
        assert label(turn, M.query, M.reply) in LABELS
