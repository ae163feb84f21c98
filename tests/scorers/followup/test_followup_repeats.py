"""A request that comes back: each way to tell it, at its bound and one word beside it.

The words are made up, so that each is a content key of its own and meets no cue: what the features say of
voice is set by hand.
"""

from typing import Any

import pytest

from interplay.scorers.followup_features import Features
from interplay.scorers.followup_repeats import repetition
from interplay.scorers.followup_words import Message, message

WORDS = (
    "badu", "kilo", "mopa", "tira", "nubo", "gavi", "zuko", "pimu", "rolo", "dapi", "vuma", "hito", "lobu",
    "wagi", "fuko", "jami", "bopi", "kuta", "mira", "tobu", "nagi", "guvo", "zami", "puko",
)  # fmt: skip
RESTATED, VARIANT = "restate_prompt", "prompt_variant"


def w(*places: int) -> str:
    """The made-up words of these numbers."""
    return " ".join(WORDS[n] for n in places)


def seen(turn: str, *queries: str, reply: str = "", **more: Any) -> Features:
    """A turn without a voice, after these messages and a reply that it takes nothing from."""
    read = message(turn)
    fields: dict[str, Any] = dict.fromkeys(
        ("ask", "ends_asking", "request", "first", "tells", "addresses", "stance", "weak", "point"), False
    )
    empty = frozenset[str]()
    fields |= {"link": empty, "shared": empty, "extra": empty, "reply": message(reply)}
    return Features(turn=read, queries=[message(query) for query in queries], **(fields | more))


def found(turn: str, *queries: str, **more: Any) -> str | None:
    return repetition(seen(turn, *queries, **more))


def test_made_up_words_are_keys_of_their_own() -> None:
    assert message(" ".join(WORDS)).keys == set(WORDS) == message(" ".join(WORDS)).all_keys
    assert len(WORDS) == len(set(WORDS))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 9])
def test_the_very_words_are_a_repeat_however_few(count: int) -> None:
    said = w(*range(count))
    for voice in ({}, {"stance": True, "point": True, "link": frozenset({"badu"})}):
        assert found(f"{said.upper()}?!", said, **voice) == RESTATED


def test_only_the_last_message_is_repeated_by_a_few_words() -> None:
    assert found(w(0, 1, 2), w(0, 1, 2), w(5, 6, 7, 8)) is None
    assert found(w(0, 1, 2, 3), w(0, 1, 2, 3), w(5, 6, 7, 8)) == RESTATED


@pytest.mark.parametrize(("size", "label"), [(3, None), (4, RESTATED)])
def test_fewer_than_four_words_are_no_repeat_of_a_longer_message(size: int, label: str | None) -> None:
    assert found(w(*range(size)), w(*range(size + 1))) == label


@pytest.mark.parametrize(
    ("turn", "label"),
    [
        (w(0, 1, 2, 3, 4), RESTATED),
        (w(0, 1, 2, 20, 21), RESTATED),
        (w(0, 1, 20, 2, 21), None),
        (w(2, 1, 0, 20, 21), None),
        (w(0, 1, 2, 20, 21, 22), None),
    ],
    ids=["all", "a run of three", "runs of two", "another order", "three new words"],
)
def test_a_short_turn_repeats_half_of_its_runs_of_three(turn: str, label: str | None) -> None:
    """Of w0 w1 w2 w20 w21 one run of three in three stands in the query, of its keys three in five."""
    expected = label if turn != w(0, 1, 2, 20, 21) else None
    assert found(turn, w(*range(12))) == expected


def test_a_run_is_three_words_below_eight_and_five_from_there_on() -> None:
    """Two runs of three of the query stand in either; only the shorter one is a repeat by them."""
    query = w(*range(18))
    seven = w(0, 1, 2, 3, 4, 20, 21)
    assert found(seven, query) == RESTATED, "3 of 5 runs"
    assert found(w(10, 11, 12, 14, 15, 16, 20, 21), query) is None, "no run of five"
    assert found(w(10, 11, 12, 13, 14, 15, 20, 21), query) == RESTATED, "2 of 4 runs of five"
    assert found(w(10, 11, 12, 13, 14, 20, 21, 7), query) is None, "1 of 4 runs of five"


def test_a_turn_of_the_query_s_words_in_order_is_a_repeat_with_gaps() -> None:
    """Every other word: no run of three, but all five in order, which are half of ten."""
    assert found(w(0, 2, 4, 6, 8), w(*range(10))) == RESTATED
    assert found(w(0, 2, 4, 6, 8), w(*range(11))) is None, "less than half of the query"
    assert found(w(0, 2, 4, 6, 8, 20), w(*range(10))) == RESTATED, "five of six words in order"
    assert found(w(0, 2, 4, 6, 8, 20), w(*range(11))) is None, "five of eleven"


def test_most_keys_in_any_order_are_a_repeat() -> None:
    """All four of four, and four of six of the query: at least 0.8 and 0.6."""
    assert found(w(5, 3, 1, 0), w(0, 1, 3, 5, 6, 7)) == RESTATED
    assert found(w(5, 3, 1, 0), w(0, 1, 3, 5, 6, 7, 8)) is None
    assert found(w(5, 3, 1, 0, 20), w(0, 1, 3, 5)) == RESTATED, "four of five"
    assert found(w(5, 3, 1, 20, 21), w(0, 1, 3, 5)) is None, "three of five"


@pytest.mark.parametrize("voice", ["stance", "point"])
def test_a_turn_that_doubts_or_points_is_no_repeat_by_its_keys(voice: str) -> None:
    keys = found(w(5, 3, 1, 0), w(0, 1, 3, 5), **{voice: True})
    assert keys is None
    assert found(w(0, 1, 3, 5, 6), w(0, 1, 3, 5, 6, 7), **{voice: True}) == RESTATED, "by its runs"


@pytest.mark.parametrize(("new", "label"), [(2, RESTATED), (3, None)])
def test_a_repeat_has_no_more_than_two_words_of_its_own(new: int, label: str | None) -> None:
    turn = w(*range(14), *range(20, 20 + new))
    assert found(turn, w(*range(14)), reply=turn) == label


def test_what_the_reply_brought_in_is_no_repeat_unless_it_is_one_word_by_chance() -> None:
    query, turn = w(0, 1, 2, 3, 4, 5), w(5, 4, 3, 2, 1)
    one, two = frozenset({"badu"}), frozenset({"badu", "kilo"})
    assert found(turn, query) == RESTATED
    assert found(turn, query, link=one, ask=True) == RESTATED
    assert found(turn, query, link=two, ask=True) is None
    assert found(turn, query, link=one) is None, "a statement that took a word from the reply"
    assert found(turn, query, link=frozenset({"12"}), ask=True) == RESTATED, "a number is no word"


SUM = "badu 12 kilo 34 mopa 56 tira 78 nubo 90"


@pytest.mark.parametrize(
    ("turn", "label"),
    [
        ("78 56 34 12 badu", RESTATED),
        ("56 34 12 badu", None),
        ("78 56 34 12", None),
        ("90 78 56 34 12 kilo gavi", RESTATED),
    ],
    ids=["four of five numbers and a word", "three of five", "no word", "all"],
)
def test_a_sum_in_other_words_has_its_numbers_and_a_few_of_its_words(turn: str, label: str | None) -> None:
    assert found(turn, SUM) == label


@pytest.mark.parametrize("voice", ["stance", "point"])
def test_a_turn_that_doubts_a_sum_does_not_ask_for_it_again(voice: str) -> None:
    assert found("78 56 34 12 badu", SUM, **{voice: True}) is None


def test_one_number_makes_no_sum() -> None:
    assert found("12 gavi zuko badu", "badu 12") is None
    assert found("34 12 zuko badu", "badu 12 kilo 34") == RESTATED


def test_a_word_from_the_reply_is_no_sum_again() -> None:
    assert found("78 56 34 12 badu", SUM, link=frozenset({"badu"})) is None


def test_the_same_pattern_with_another_number_is_a_variant() -> None:
    """Masked, all five words are those of the query in order; four in five is the bound of 0.6 and 0.4."""
    assert found("badu 13 kilo mopa tira", "badu 12 kilo mopa tira") == VARIANT
    assert found("badu 13 kilo zuko pimu", "badu 12 kilo mopa tira") == VARIANT, "three of five"
    assert found("badu 13 gavi zuko pimu", "badu 12 kilo mopa tira") is None, "two of five"
    assert found("badu 13 kilo mopa", "badu 12 kilo mopa") != VARIANT, "four words"
    assert found("badu 13 kilo zuko pimu", f"badu 12 kilo {w(*range(8, 13))}") is None, "less than 0.4 of it"


def test_a_number_in_words_is_a_number_of_the_pattern() -> None:
    assert found("badu three kilo zuko 13", "badu 12 kilo mopa tira") == VARIANT


def test_other_words_make_a_variant_where_a_fifth_of_the_turn_is_new_and_some_are_gone() -> None:
    assert found(w(0, 1, 2, 20, 4), w(0, 1, 2, 3, 4)) == VARIANT
    assert found(w(0, 1, 2, 3, 4, 20), w(0, 1, 2, 3, 4)) == RESTATED, "nothing is gone"
    assert found(w(0, 1, 2, 3), w(0, 1, 2, 3, 4)) == RESTATED, "nothing is new"
    six = w(0, 1, 2, 3, 4, 20)
    assert found(six, w(0, 1, 2, 3, 4, 5)) == RESTATED, "one of six is less than a fifth"


def test_a_long_turn_that_copies_the_query_s_form_is_a_variant_even_with_words_of_the_reply() -> None:
    """Ten words, half of them in order, next to nothing copied from the reply."""
    turn, query = w(0, 1, 2, 3, 4, 20, 21, 22, 23, 19), w(*range(10))
    link = {"link": frozenset({"puko"}), "ask": True}
    assert found(turn, query, **link) == VARIANT
    nine = w(0, 1, 2, 3, 4, 5, 20, 21, 22)
    assert found(nine, query, **link) is None, "nine words are not long"
    copied = f"{w(20, 21, 22, 23, 19)} {w(0, 1, 2, 3, 4)}"
    assert found(turn, query, reply=f"{copied} {turn}", **link) is None, "it stands in the reply"
    assert found(w(0, 1, 2, 3, 15, 20, 21, 22, 23, 19), query, **link) is None, "four of ten"


def test_a_long_sum_needs_less_of_the_pattern() -> None:
    """Of eleven words five are kept, which is 0.45 of them: enough with a new number, not with new words."""
    query = f"{w(4, 5, 6)} {w(0, 1, 2, 3)} 12"
    assert found(f"{w(15, 16, 17, 18, 19, 20)} {w(0, 1, 2, 3)} 13", query) == VARIANT
    assert found(f"{w(15, 16, 17, 18, 19, 20)} {w(0, 1, 2, 3)} 12", query) is None


def test_the_opening_of_a_request_for_something_else_is_a_variant() -> None:
    """Four of the first seven words are kept in order, and two on either side are new."""
    query = w(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
    assert found(w(0, 1, 2, 3, 20, 21, 22, 23), query) == VARIANT
    assert found(w(0, 1, 2, 20, 21, 22, 23, 19), query) is None, "three of seven"
    assert found(w(0, 1, 2, 3, 20, 21, 22), query) is None, "seven words"
    assert found(w(20, 21, 22, 23, 0, 1, 2, 3), query) is None, "not at its opening"
    link = {"link": frozenset({"nagi"}), "ask": True}
    assert found(w(0, 1, 2, 3, 20, 21, 22, 23), query, **link) is None, "with a word of the reply"


def test_an_opening_of_words_that_say_nothing_is_none() -> None:
    said, query = f"and then the who {w(20, 21, 22, 23, 19)}", f"and then the who {w(*range(9))}"
    assert found(said, query) is None


def test_the_latest_message_is_compared_first_and_earlier_ones_too() -> None:
    early, late = "badu 12 kilo mopa tira", w(20, 21, 22, 23)
    assert found("badu 13 kilo mopa tira", early, late) == VARIANT
    assert found("badu 13 kilo mopa tira", late, early) == VARIANT
    assert found("badu 12 kilo mopa tira", early, "badu 13 kilo mopa tira") == VARIANT


def test_a_message_is_read_with_the_words_in_which_replies_are_talked_about() -> None:
    """ "answer" and "explain" are no content of a turn, but asking again with them adds nothing new."""
    assert Message.numbers.fget is not None
    assert found("explain badu kilo mopa tira", "explain badu kilo mopa tira answer") == RESTATED
    assert found("badu kilo mopa tira answer explain", "badu kilo mopa tira") == RESTATED
