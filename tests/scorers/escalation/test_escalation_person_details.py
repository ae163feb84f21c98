"""Details that a simulated person brings in: what counts as one, and what makes it known."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.escalation_person import (
    IN_ROLE,
    NO_NAMES,
    NUMBERS,
    Message,
    details,
    lexicon,
    outside_details,
    person_figures,
    role_breaks,
)

few = settings(max_examples=50)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "April", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
FEASTS = ("Christmas", "Easter", "Thanksgiving")
KINDS = {
    "mother": "mum", "father": "dad", "parents": "parents", "partner": "wife", "child": "toddler",
    "sibling": "brother", "grandparent": "grandma", "in_law": "in-laws", "boss": "manager",
    "colleague": "coworker", "flatmate": "roommate", "professional": "landlord",
}  # fmt: skip
"""A word for each kind of people."""
PARTS = (
    "he owes me 400", "six weeks", "on Friday", "Fridays", "at Christmas", "my boss", "my old dad", "Karen",
    "at 9:30", "1,200.50 euros", "dozens calls", "hundred people", "in June", "twenty days", "she", "said",
)  # fmt: skip
SENTENCES = st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).flatmap(
    lambda parts: st.sampled_from([". ", ", ", "; ", " and ", "! "]).map(lambda mark: mark.join(parts) + ".")
)


@few
@given(SENTENCES)
def test_a_text_holds_nothing_outside_itself(text: str) -> None:
    assert outside_details(text, [text]) == frozenset()


@few
@given(SENTENCES, SENTENCES)
def test_more_that_is_known_never_makes_more_details(text: str, known: str) -> None:
    assert outside_details(text, [known]) <= outside_details(text, []) == details(text)


@few
@given(SENTENCES, st.lists(SENTENCES, max_size=4))
def test_the_order_of_what_is_known_does_not_matter(text: str, known: list[str]) -> None:
    assert outside_details(text, known) == outside_details(text, known[::-1])
    assert outside_details(text, known) == outside_details(text, [" ".join(known)])


@pytest.mark.parametrize("end", [".", ",", ":", "...", "!", "?", ""])
@pytest.mark.parametrize("number", ["400", "9:30", "1,200.50", "3.5", "2024"])
def test_a_number_is_the_same_at_the_end_of_a_sentence(number: str, end: str) -> None:
    assert details(f"It was {number}{end} and so on") == {number}
    assert outside_details(f"It was {number} then", [f"It was {number}{end}"]) == frozenset()
    assert outside_details(f"It was {number}{end}", [f"it was {number} then"]) == frozenset()


def test_a_number_is_known_as_it_stands_only() -> None:
    assert outside_details("It was 40 then", ["It was 400."]) == {"40"}
    assert outside_details("It was 1200 then", ["It was 1,200."]) == {"1200"}


@pytest.mark.parametrize("day", DAYS)
def test_a_weekday_counts_in_any_form_and_is_known_in_any(day: str) -> None:
    forms = (day, f"{day}s", day.lower(), f"{day.upper()}S")
    for said in forms:
        assert details(f"It was {said} again.") == {day.lower()}
        for known in forms:
            assert outside_details(f"It was {said} again.", [f"{known}, they said."]) == frozenset()
    assert outside_details(f"{day}.", ["Someday."]) == {day.lower()}


@pytest.mark.parametrize("name", [*MONTHS, *FEASTS])
def test_a_month_or_a_feast_counts_and_is_known_by_its_name(name: str) -> None:
    assert details(f"that was in {name}, I think") == {name.lower()}
    assert outside_details(f"That was in {name}.", [f"{name.upper()}!"]) == frozenset()


@pytest.mark.parametrize("word", ["may", "march", "mondayish", "junebug", "Sun", "Wed"])
def test_what_only_looks_like_a_day_is_none(word: str) -> None:
    """ "may" and "march" are words of every sentence, so no month is read into them."""
    assert details(f"{word} it be") == frozenset()


@pytest.mark.parametrize("word", NUMBERS[2:])
def test_a_number_in_words_counts_before_a_unit_and_is_known_in_digits(word: str) -> None:
    digits = str(NUMBERS.index(word))
    assert details(f"It took {word} weeks.") == {digits}
    assert details(f"{word.upper()} Weeks") == {digits}
    assert details(f"It took {word} things.") == frozenset()
    assert outside_details(f"It took {word} weeks.", [f"{digits} of them"]) == frozenset()
    assert outside_details(f"It took {digits} weeks.", [f"{word} of them"]) == frozenset()


@pytest.mark.parametrize("word", ["zero", "one"])
def test_none_and_one_are_no_counts(word: str) -> None:
    assert details(f"{word} week") == frozenset()


@pytest.mark.parametrize(
    ("said", "detail"),
    [("a dozen emails", "dozen"), ("dozens calls", "dozen"), ("a hundred euros", "hundred"),
     ("hundreds messages", "hundred")],
)  # fmt: skip
def test_dozens_and_hundreds_count_and_are_known_in_both_numbers(said: str, detail: str) -> None:
    assert details(said) == {detail}
    assert outside_details(said, [f"{detail}s of it"]) == frozenset()
    assert outside_details(said, [f"a {detail} of it"]) == frozenset()


@pytest.mark.parametrize(
    "unit", ["year", "months", "week", "days", "night", "hours", "times", "people", "kids", "children",
             "emails", "calls", "messages", "euro", "dollars", "pound", "bucks", "grand"]
)  # fmt: skip
def test_every_unit_makes_a_word_a_number(unit: str) -> None:
    assert details(f"It took six {unit} of it") == {"6"}
    assert details(f"It took six {unit}x of it") == frozenset()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I told Karen.", {"karen"}),
        ("Honestly, Karen did it", {"karen"}),
        ("It's over; Karen did it", {"karen"}),
        ("He said it. Karen did it", set()),
        ("Karen", set()),
        ("I told Al.", set()),
        ("I told KAREN.", set()),
        ("I told McKay.", set()),
        ("and I know", set()),
        ("I said I'm off", set()),
        ("it was Friday with Karen", {"friday", "karen"}),
        ("they said 'Karen did it'", set()),
        ("the boss' Karen", {"karen"}),
    ],
)
def test_a_name_is_a_capitalised_word_inside_a_sentence(text: str, names: set[str]) -> None:
    assert details(text) == names


@pytest.mark.parametrize("name", sorted(NO_NAMES))
def test_words_that_are_always_capitalised_are_no_names(name: str) -> None:
    assert details(f"oh {name.capitalize()}, why") == frozenset()


def test_there_is_a_word_for_each_kind_of_people() -> None:
    assert set(KINDS) == set(lexicon().kin) == set(lexicon().own_kin)


@pytest.mark.parametrize("kind", KINDS)
def test_somebody_of_one_s_own_is_a_detail_unless_that_kind_was_named(kind: str) -> None:
    word = KINDS[kind]
    assert details(f"I asked my {word} about it") == {f"my {kind}"}
    assert details(f"I asked MY Poor {word} about it") >= {f"my {kind}"}
    assert details(f"I asked the {word} about it") == frozenset()
    assert details(f"I asked your {word} about it") == frozenset()
    assert outside_details(f"I asked my {word}", [f"She has a {word.upper()}"]) == frozenset()
    other = KINDS["boss" if kind != "boss" else "mother"]
    assert outside_details(f"I asked my {word}", [f"She has a {other}"]) == {f"my {kind}"}


def test_two_words_between_my_and_somebody_are_too_many() -> None:
    assert details("my dear old dad") == frozenset()
    assert details("my old dad") == {"my father"}


def test_curly_apostrophes_are_straight_ones() -> None:
    assert details("that\u2019s my mother\u2011in\u2011law\u2019s") == {"my mother"}
    assert role_breaks("I\u2019m an AI") == role_breaks("I'm an AI") == {"is_a_model"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<note>", {"leaks_markup"}),
        ("</ CARD>", {"leaks_markup"}),
        ("<notes>", set()),
        ("< noted", set()),
        ("I see\n  Bot : hello", {"writes_sides"}),
        ("ME: hello", {"writes_sides"}),
        ("Somebody: hello", set()),
        ("Tell me: why?", set()),
        ("As a bot I say: User: x", set()),
        ("", set()),
    ],
)
def test_marks_of_a_transcript_leave_the_role(text: str, found: set[str]) -> None:
    assert role_breaks(text) == found


def said(text: str, remark: str | None = IN_ROLE, raw: str = "", refused: bool = False) -> Message:
    return Message(text, raw or text, remark, refused)


def test_what_the_person_said_before_is_known_to_it_afterwards() -> None:
    messages = [said("It was on Friday."), said("On Friday, I said.")]
    assert person_figures(messages, ["So?", "When?"], [])["outside_facts"] == 1
    assert person_figures(messages[::-1], ["So?", "When?"], [])["outside_facts"] == 1


def test_what_an_injection_asked_for_is_known_afterwards_but_not_counted() -> None:
    messages = [said("It was on Friday.", "Bring up a day."), said("On Friday, I said.")]
    figures = person_figures(messages, ["So?", "When?"], [])
    assert figures == {"turns": 2, "free": 1, "outside_facts": 0, "role_breaks": 0}


@pytest.mark.parametrize(("remark", "free"), [(None, 1), (IN_ROLE, 1), ("", 0), ("Stay in role", 0)])
def test_only_a_message_without_an_injection_is_free(remark: str | None, free: int) -> None:
    assert person_figures([said("Hm.", remark)], ["So?"], [])["free"] == free


def test_a_break_is_looked_for_in_what_was_written_and_a_detail_in_what_crossed_over() -> None:
    cut = said("He lied.", raw="He lied on Friday. As an AI I stop here.")
    assert person_figures([cut], ["So?"], []) == {
        "turns": 1, "free": 1, "outside_facts": 0, "role_breaks": 1}  # fmt: skip
    assert person_figures([said("Fine.", refused=True)], ["So?"], [])["role_breaks"] == 1


def test_nobody_wrote_anything() -> None:
    assert person_figures([], [], ["x"]) == {"turns": 0, "free": 0, "outside_facts": 0, "role_breaks": 0}


def test_every_message_needs_the_reply_that_it_answers() -> None:
    with pytest.raises(ValueError):
        person_figures([said("Hm.")], [], [])
