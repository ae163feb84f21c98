"""Words, keys and runs of a message, and what makes a turn noise."""

import string
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.followup_noise import foreign_script, noise, scripts
from interplay.scorers.followup_words import (
    chat_keys,
    common_keys,
    common_length,
    copied_share,
    is_number,
    key,
    message,
    normalised,
    runs,
    stop_words,
    without_numbers,
)

few = settings(max_examples=50)

FEW_WORDS = st.lists(st.sampled_from("abcd"), max_size=9)
LATIN = "Please tell me more about the third step of this recipe"
CYRILLIC = "\u041f\u043e\u0447\u0435\u043c\u0443 \u0442\u044b \u0434\u0435\u043b\u0438\u0448\u044c"
CHINESE = "\u5934\u75db\u4e09\u5929\u4e86\u5e94\u8be5\u53bb\u770b\u533b\u751f\u5417"
ARABIC = "\u0644\u0645\u0627\u0630\u0627 \u062a\u0642\u0633\u0645 \u0627\u0644\u0639\u062f\u062f"
HEBREW = "\u05dc\u05de\u05d4 \u05d7\u05d9\u05dc\u05e7\u05ea"


@pytest.mark.parametrize(
    ("forms", "same"),
    [
        (("divide", "divided", "divides", "dividing", "divider"), "divid"),
        (("step", "steps", "stepping", "stepped"), "step"),
        (("city", "cities"), "cit"),
        (("quick", "quickly"), "quick"),
        (("multiply", "multiplies"), "multip"),
        (("class", "classes"), "clas"),
        (("pies", "pie"), None),
        (("multiplication",), "multipl"),
    ],
)
def test_forms_of_one_word_meet_in_one_key(forms: tuple[str, ...], same: str | None) -> None:
    keys = {key(form) for form in forms}
    assert keys == {same} if same else len(keys) <= 2


@pytest.mark.parametrize(
    ("one", "other"),
    [("sing", "s"), ("bed", "b"), ("red", "r"), ("thing", "th"), ("bus", "bu"), ("fly", "fl")],
)
def test_an_ending_that_is_most_of_the_word_stays(one: str, other: str) -> None:
    assert key(one) != other


@pytest.mark.parametrize(
    ("number", "short"),
    [
        ("1", "1"), ("01", "1"), ("007", "7"), ("0", "0"), ("00", "0"), ("0.0", "0"), ("1.0", "1"),
        ("1.50", "1.5"), ("0.5", "0.5"), ("00.50", "0.5"), ("1,000", "1000"), ("1,000.00", "1000"),
        ("100", "100"), ("1,000,000.10", "1000000.1"),
    ],
)  # fmt: skip
def test_a_number_has_one_key_however_it_is_written(number: str, short: str) -> None:
    assert key(number) == short


@few
@given(st.integers(0, 10**9), st.integers(0, 3))
def test_a_whole_number_meets_itself_with_noughts_and_commas(number: int, noughts: int) -> None:
    forms = (str(number), f"{number:,}", "0" * noughts + str(number), f"{number}.{'0' * (noughts + 1)}")
    assert {key(form) for form in forms} == {str(number)}


@few
@given(st.text(string.ascii_lowercase, min_size=1, max_size=15))
def test_a_key_is_a_short_beginning_of_its_word(word: str) -> None:
    found = key(word)
    assert 1 <= len(found) <= 7
    assert word.startswith(found) or (word.endswith("ies") and f"{word[:-3]}y".startswith(found))


@few
@given(st.text(max_size=60))
def test_a_text_that_was_normalised_reads_the_same(text: str) -> None:
    found = message(text)
    assert found.text == normalised(text).strip()
    assert found.words == message(normalised(text)).words
    assert found.keys <= found.all_keys
    assert found.all_keys - found.keys <= chat_keys()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don\u2019t u know?", ("don't", "you", "know")),
        ("\uff11\uff12 rolls", ("12", "rolls")),
        ("\ufb01ne", ("fine",)),
        ("STRASSE Stra\u00dfe", ("strasse", "strasse")),
        ("1,000.5 and 3.", ("1,000.5", "and", "3")),
        ("a_b", ("a", "b")),
        ("", ()),
        ("?!\u2026", ()),
    ],
)
def test_words_are_read_in_lower_case_with_straight_quotes(text: str, words: tuple[str, ...]) -> None:
    assert message(text).words == words


def test_keys_leave_out_what_says_nothing() -> None:
    found = message("Could you explain the headache to me? I'm in it's 3rd day, a day of 1/3")
    assert "headach" in found.keys
    assert not found.keys & {key(word) for word in stop_words()} - common_keys()
    assert "explain" in {k[:7] for k in found.all_keys - found.keys}
    assert {"3", "1/3"} <= found.keys
    assert found.numbers == {k for k in found.keys if k[0].isdigit()}


def test_the_mark_of_a_list_is_no_number_of_the_turn() -> None:
    assert message("1. Boil it\n2) Salt it\n- eat").numbers == frozenset()
    assert message("It takes 1. Boil it").numbers == {"1"}
    assert message("1. Boil 2 eggs").numbers == {"2"}


@few
@given(FEW_WORDS, st.integers(1, 10))
def test_runs_are_all_stretches_in_order(words: list[str], length: int) -> None:
    found = runs(words, length)
    assert len(found) == max(0, len(words) - length + 1)
    assert all(list(run) == words[n : n + length] for n, run in enumerate(found))


def slow_common(words: list[str], source: list[str]) -> int:
    """The longest selection of words, in order, that can be found in the source in that order."""

    def stands_in(chosen: tuple[str, ...]) -> bool:
        rest = iter(source)
        return all(word in rest for word in chosen)

    sizes = range(min(len(words), len(source)), -1, -1)
    return next(n for n in sizes if any(map(stands_in, combinations(words, n))))


@few
@given(FEW_WORDS, FEW_WORDS)
def test_the_common_length_is_that_of_the_longest_common_subsequence(a: list[str], b: list[str]) -> None:
    assert common_length(a, b) == common_length(b, a) == slow_common(a, b)
    assert common_length(a, a) == len(a)
    assert common_length([*a, "x"], [*b, "x"]) == common_length(a, b) + 1


@few
@given(FEW_WORDS, FEW_WORDS, st.integers(1, 5))
def test_the_copied_share_counts_runs_that_stand_in_the_source(
    a: list[str], b: list[str], length: int
) -> None:
    length = min(length, len(a)) or 1
    mine, theirs = " ".join(a), f" {' '.join(b)} "
    stretches = [f" {' '.join(a[n : n + length])} " for n in range(len(a) - length + 1)] if a else []
    expected = sum(run in theirs for run in stretches) / len(stretches) if stretches else 0.0
    assert copied_share(a, b, length) == pytest.approx(expected), mine


@pytest.mark.parametrize(
    ("words", "share"),
    [([], 0), (["a"], 1), (["z"], 0), (["a", "b", "c"], 1), (["c", "b", "a"], 0), (["b", "c", "d", "x"], 0)],
)
def test_fewer_words_than_a_run_are_one_run(words: list[str], share: float) -> None:
    assert copied_share(words, ["a", "b", "c", "d", "e", "f"]) == share


def test_numbers_are_masked_in_digits_and_words() -> None:
    said = message("I baked 36 rolls and three pies on the first").words
    assert " ".join(without_numbers(said)) == "i baked # rolls and # pies on the first"
    assert not is_number("three")


def read(text: str, conversation: str = LATIN) -> str | None:
    plain = message(text)
    return noise(plain.text, plain.words, message(conversation).text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("no " * 12, "loop=no"),
        ("no " * 11, None),
        ("no yes " * 6, "loop"),
        ("no yes " * 5, None),
        ("no " * 8 + "why is that so", "loop=no"),
        ("no " * 6 + "why is that so then really", None),
        ("one two three four five " * 9, "loop"),
        ("one two three four five " * 8, "loop"),
        ("abababababababababababababababab", "loop"),
        ("abababababababababab", None),
        ("?!?!?!?!?!?!", "symbols"),
        ("?!?!?!?!?!?", None),
        ("why ?!?! ;;", None),
        (LATIN, None),
        ("", None),
    ],
)
def test_loops_and_symbols(text: str, found: str | None) -> None:
    assert read(text) == found


@pytest.mark.parametrize(
    ("text", "script"),
    [(CYRILLIC, "cyrillic"), (CHINESE, "cjk"), (ARABIC, "arabic"), (HEBREW, "hebrew"),
     ("\u0393\u03b9\u03b1\u03c4\u03af", "greek"), ("\u0915\u094d\u092f\u094b\u0902", "indic"),
     ("\u0e17\u0e33\u0e44\u0e21", "thai"), ("\u3069\u3046\u3057\u3066", "cjk"), ("\uc65c\uc694", "cjk")],
)  # fmt: skip
def test_a_script_that_the_conversation_does_not_know_is_noise_in_it_alone(text: str, script: str) -> None:
    assert read(text) == f"script={script}"
    assert read(text, text) is None
    assert read(text, f"{LATIN} {text}") is None
    assert read(f"{LATIN} {text}"[: len(LATIN) + 2]) is None, "one letter is not much"
    assert read(text, "") is None, "nothing is foreign to nothing"
    assert read(text, "123 \u2026") is None


def test_much_of_a_turn_is_three_tenths_of_its_letters() -> None:
    assert foreign_script("abcdefg" + CYRILLIC[:3], LATIN) == "script=cyrillic"
    assert foreign_script("abcdefgh" + CYRILLIC[:3], LATIN) is None


def test_next_to_nothing_is_below_a_hundredth_of_the_conversation() -> None:
    assert foreign_script(CYRILLIC, "a" * 99 + CYRILLIC[:1]) is None
    assert foreign_script(CYRILLIC, "a" * 100 + CYRILLIC[:1]) == "script=cyrillic"


def test_letters_of_a_script_without_a_name_are_never_foreign() -> None:
    assert foreign_script("\u10e0\u10d0\u10e2\u10dd\u10db", LATIN) is None
    assert scripts("\u10e0a1 \u00e9\u1ea1") == {None: 2, "latin": 2}


@few
@given(st.text(max_size=80))
def test_every_letter_has_one_script(text: str) -> None:
    assert scripts(text).total() == sum(map(str.isalpha, text))
