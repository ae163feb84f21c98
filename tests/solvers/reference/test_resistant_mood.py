"""What a reply is worth to whom, and what it does to the anger, worked by hand."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.solvers.reference.resistant_mood import EVERYBODY, TEMPERS, Mood, Profile, Resistance, worth

PROFILES: tuple[Profile, ...] = get_args(Profile)
NEVER = 1.0
"""A chance by which nobody slips."""
SINGLE = {
    "reflects_feeling": (1, 1, 0, 1, 1),
    "restates": (1, 1, 1, 1, 1),
    "tentative": (0, 0, 1, 0, 0),
    "question": (0, 1, 1, 0, 0),
    "offers_choice": (0, 0, 1, 0, 0),
    "names_impact": (0, 0, 0, 1, 0),
    "blames_other": (0, 0, 0, 1, 0),
    "labels_character": (0, 0, 0, 1, 0),
    "gives_advice": (-2, 1, -2, -1, -2),
    "open_question": (0, 0, 0, 0, 0),
    "attributes_intent": (0, 0, 0, 0, 0),
    "cliche": (0, 0, 0, 0, 0),
    "template": (0, 0, 0, 0, 0),
    "formulaic": (-1,) * 5,
    "minimises": (-2,) * 5,
    "moralises": (-2,) * 5,
    "blames_user": (-3,) * 5,
    "commands_calm": (-3,) * 5,
    "stonewalls": (-3,) * 5,
    "parrots": (-3,) * 5,
}


@pytest.mark.parametrize("code", SINGLE)
def test_the_weight_of_each_code(code: str) -> None:
    assert tuple(worth(profile, {code}, set(), False) for profile in PROFILES) == SINGLE[code]


def test_asked_advice_is_welcome_or_borne() -> None:
    assert [worth(profile, {"gives_advice"}, set(), True) for profile in PROFILES] == [0, 2, 0, 0, 0]


def test_feelings_and_questions_twice_in_a_row() -> None:
    feelings = [worth(p, {"reflects_feeling"}, {"reflects_feeling"}, False) for p in PROFILES]
    assert feelings == [1, 1 - 2, 0 - 1, 1, 1]
    questions = [worth(p, {"question"}, {"question"}, False) for p in PROFILES]
    assert questions == [-1, 1 - 1, 1, 0, -2]
    assert worth("venting", {"restates"}, {"question"}, False) == 1


def test_blame_and_a_label_together_count_once() -> None:
    assert worth("justice_seeking", {"blames_other", "labels_character", "restates"}, set(), False) == 2


def path(
    resistance: Resistance, worths: list[int], slips: tuple[int, ...] = ()
) -> tuple[list[int], str | None]:
    """Levels after each reply up to an end, and the end; `slips` are replies whose chance is 0."""
    mood = Mood(resistance, 3)
    levels: list[int] = []
    for t, reply_worth in enumerate(worths, start=1):
        mood.take(reply_worth, 0.0 if t in slips else NEVER)
        levels.append(mood.level)
        if mood.end:
            break
    return levels, mood.end


@pytest.mark.parametrize(
    ("resistance", "worths", "slips", "levels", "end"),
    [
        ("low", [2, 2, 2], (), [2, 1, 0], "calmed"),
        ("low", [2, 2, 2, 2, 2], (2,), [2, 3, 2, 1, 0], "calmed"),
        ("low", [0] * 8, (), [3] * 8, None),
        ("low", [-1, -1, -1], (), [4, 4, 4], "fed_up"),
        ("medium", [2, 2, 2, 2, 2], (), [3, 2, 2, 1, 1], "calmed"),
        ("medium", [2, 1, 2, 2], (), [3, 3, 3, 2], None),
        ("medium", [0, 0, 0, 0], (), [3, 3, 4, 4], "fed_up"),
        ("medium", [0, 0, 2, 0, 0, 0], (), [3, 3, 3, 3, 3, 4], None),
        ("medium", [2, 2, 2, 2], (3,), [3, 2, 3, 3], None),
        ("high", [2] * 7, (), [3, 3, 2, 2, 1, 1], "calmed"),
        ("high", [2] * 7, (4,), [3, 3, 2, 3, 3, 3, 2], None),
        ("high", [2, 2, 2, -3], (4,), [3, 3, 2, 4], None),
        ("high", [2, 2, 2, -2], (4,), [3, 3, 2, 3], None),
        ("high", [2, 2, 0, 2, 2], (), [3, 3, 3, 3, 2], None),
        ("high", [2, 2, -1, 2, 2, 2], (), [3, 3, 4, 4], "fed_up"),
    ],
)  # fmt: skip
def test_paths_by_hand(
    resistance: Resistance, worths: list[int], slips: tuple[int, ...], levels: list[int], end: str | None
) -> None:
    assert path(resistance, worths, slips) == (levels, end)


def test_a_good_mood_has_a_floor_before_the_fourth_reply() -> None:
    mood = Mood("medium", 1)
    for _ in range(3):
        mood.take(2, NEVER)
        assert mood.level == 1
    mood.take(2, NEVER)
    assert mood.level == 0


@given(
    st.sampled_from(list(TEMPERS)),
    st.lists(st.tuples(st.integers(-6, 5), st.floats(0, 0.99)), max_size=8),
    st.integers(-6, 5),
    st.floats(0, 0.99),
)
def test_nothing_angers_more_than_the_worst(
    resistance: Resistance, before: list[tuple[int, float]], other: int, chance: float
) -> None:
    moods = Mood(resistance, 3), Mood(resistance, 3)
    for mood in moods:
        for reply_worth, drawn in before:
            mood.take(reply_worth, drawn)
    moods[0].take(other, chance)
    moods[1].take(min(EVERYBODY.values()), chance)
    assert moods[0].level <= moods[1].level
    assert 0 <= moods[0].level <= 4
