"""Reply checkers: each kind on right, wrong and awkward replies."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.tasks.user_turn import ifbench
from interplay.tasks.user_turn.checkers import correct, is_met, numbers_of, sentences, words


@pytest.mark.parametrize(
    ("reply", "target", "expected"),
    [
        ("36 + 12 = 48.\n\n**48 rolls**", "48", 1),
        ("She baked 48.00 rolls.", "48", 1),
        ("That is $1,319.", "1319", 1),
        ("That is $1{,}319$.", "1319", 1),
        ("The total is 2.50 €.", "2.5", 1),
        ("It falls to -5 degrees.", "-5", 1),
        ("It falls to −5 degrees.", "-5", 1),
        ("You owe -$12.50", "-12.5", 1),
        ("You owe $-12.50", "-12.5", 1),
        ("Between 10-12 of them.", "12", 1),
        ("So:\n- 12 rolls", "12", 1),
        ("48 rolls, in 3 batches.", "48", 0),
        ("It is 480.", "48", 0),
        ("No idea.", "48", 0),
        ("", "48", 0),
    ],
)
def test_the_last_number_counts(reply, target, expected):
    assert correct("number", target, reply, {}) == expected


@given(
    value=st.decimals(min_value=-(10**9), max_value=10**9, places=3),
    zeros=st.integers(0, 3),
    currency=st.sampled_from(["", "$", "€", "£", "¥"]),
)
def test_every_way_to_write_a_number_is_the_same_number(value: Decimal, zeros: int, currency: str):
    sign = "-" if value < 0 else ""
    written = f"{sign}{currency}{abs(value):,}{'0' * zeros}"
    assert correct("number", str(value), f"The answer after 7 steps is {written}.", {}) == 1
    assert correct("number", str(value + 1), f"The answer after 7 steps is {written}.", {}) == 0


@given(st.text())
def test_numbers_are_where_they_say(text):
    for number in numbers_of(text):
        shown = text[number.start : number.end]
        assert shown[0] in "-−" or shown[0].isdigit()
        assert shown[-1].isdigit() or shown[-1] in ",}"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("ANSWER: B", 1),
        ("**ANSWER:B**", 1),
        ("ANSWER: A\nNo, wait.\nANSWER: B", 1),
        ("ANSWER: B\nNo, wait.\nANSWER: A", 0),
        ("It is B.", 0),
        ("ANSWER: Because of the mass", 0),
        ("", 0),
    ],
)
def test_the_last_letter_counts(reply, expected):
    assert correct("letter", "B", reply, {}) == expected


@pytest.mark.parametrize(
    ("constraint", "kept", "broken"),
    [
        ("max_words:3", "One - two three.", "One two three four."),
        ("min_words:3", "One two three.", "One - two."),
        ("exact_sentences:2", 'Dr. Bell came. He said "why?"', "He came. He left. He"),
        ("exact_sentences:1", "It costs 2.50 euros, e.g. at noon", "It costs 2.50. Yes!"),
        ("bullets:2", "Here:\n- one\n  * two\n1. three", "- one\n- two\n• three"),
        ("must_include:Thursday", "On thursday, then.", "On Thursdays, then."),
        ("must_not_include:dark", "The darkness fell.", "It was DARK."),
        ("json_object", '{"a": [1]}', "[1]"),
        ("json_object", '```json\n{"a": 1}\n```', 'Here: {"a": 1}'),
        ("all_lowercase", "no capitals, 3 words.", "No capitals."),
    ],
)
def test_constraints(constraint, kept, broken):
    assert is_met(constraint, kept)
    assert not is_met(constraint, broken)
    both = f"{constraint} max_words:50"
    assert (correct(both, None, kept, {}), correct(both, None, broken, {})) == (1, 0)
    assert correct(f"{constraint} max_words:0", None, kept, {}) == 0


def test_a_check_that_nobody_knows_is_a_bug():
    with pytest.raises(ValueError, match="max_wrods"):
        correct("max_wrods:3", None, "One.", {})
    with pytest.raises(ValueError, match="target"):
        correct("number", None, "1", {})


def test_without_a_check_nothing_is_said():
    assert correct(None, None, "Anything.", {}) is None


@given(st.text())
def test_counts_never_fail(text):
    assert 0 <= words(text) <= len(text.split())
    assert sentences(text) >= 0


class EndsWith:
    """A checker of the shape that IFBench has."""

    def __init__(self, name: str):
        self.end = "?"

    def build_description(self, *, end: str = "?") -> str:
        self.end = end
        return f"End with {end}"

    def check_following(self, reply: str) -> bool:
        return reply.endswith(self.end)


META = {
    "instruction_id_list": ["end:with", "end:with"],
    "kwargs": [{"end": "!", "N": None}, {"end": "h!"}],
}


def test_ifbench_asks_for_all_instructions(monkeypatch):
    monkeypatch.setattr(ifbench, "checkers", lambda: {"end:with": EndsWith})
    assert correct("ifbench", None, "Oh!", META) == 1
    assert correct("ifbench", None, "O!", META) == 0
    assert correct("ifbench", None, " ", META) == 0
    with pytest.raises(ValueError, match="end:other"):
        correct("ifbench", None, "Oh!", META | {"instruction_id_list": ["end:with", "end:other"]})


def test_ifbench_says_nothing_without_its_checkers(monkeypatch):
    monkeypatch.setattr(ifbench, "checkers", lambda: None)
    assert correct("ifbench", None, "Oh!", META) is None
