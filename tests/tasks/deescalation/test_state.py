"""The state of a simulated person: where it starts, what is asked, and which answers move it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.tasks.deescalation.cards import Levels, cards
from interplay.tasks.deescalation.scenarios import RESISTANCES
from interplay.tasks.deescalation.state import STEP, line_of, start_of, update_prompt, updated

AT = Levels(arousal=8, trust=2, heard=0)


def test_it_starts_by_resistance() -> None:
    found = [(s.arousal, s.trust, s.heard) for s in map(start_of, RESISTANCES)]
    assert found == [(5, 5, 2), (7, 3, 1), (8, 2, 0)]
    assert line_of(AT) == "Right now: arousal 8/10, trust 2/10, heard 0/10."


def test_the_question_holds_card_reply_and_state() -> None:
    reply = 'I read "{state}" and {reply} there.'
    assert update_prompt("venting", reply, AT) == (
        f"A person of this kind: {cards().profile['venting']} read: {reply}. Their state was "
        '{"arousal":8,"trust":2,"heard":0}. Return JSON {"arousal": int, "trust": int, "heard": int}; move '
        "each by at most 2."
    )


@pytest.mark.parametrize(
    ("answer", "moved"),
    [
        ('{"arousal": 7, "trust": 4, "heard": 2}', (7, 4, 2)),
        ('Sure: ```json\n{"arousal": 8, "trust": 2, "heard": 0}\n```', (8, 2, 0)),
        ('Was {"arousal": 8, "trust": 2, "heard": 0}, is {"arousal": 9, "trust": 1, "heard": 0}.', (9, 1, 0)),
        ("", None),
        ("arousal 7, trust 4, heard 2", None),
        ('{"arousal": 7, "trust": 4}', None),
        ('{"arousal": 7, "trust": 4, "heard": 2, "mood": 1}', None),
        ('{"arousal": 5, "trust": 4, "heard": 2}', None),
        ('{"arousal": 7.5, "trust": 4, "heard": 2}', None),
        ('{"arousal": "7", "trust": 4, "heard": 2}', None),
        ('{"arousal": true, "trust": 2, "heard": 1}', None),
        ('{"arousal": 8, "trust": 2, "heard": -1}', None),
        ("{" * 5000, None),
    ],
)
def test_an_answer_moves_it_or_does_not(answer: str, moved: tuple[int, int, int] | None) -> None:
    found = updated(AT, answer)
    assert (found and (found.arousal, found.trust, found.heard)) == moved


@given(st.tuples(*[st.integers(0, 10)] * 3), st.tuples(*[st.integers(-3, 14)] * 3))
def test_a_step_is_taken_if_it_is_small_and_in_range(old: tuple[int, ...], new: tuple[int, ...]) -> None:
    levels = Levels(**dict(zip(("arousal", "trust", "heard"), old, strict=True)))
    answer = dict(zip(("arousal", "trust", "heard"), new, strict=True))
    fits = all(0 <= b <= 10 and abs(a - b) <= STEP for a, b in zip(old, new, strict=True))
    assert (updated(levels, json.dumps(answer)) is not None) == fits
