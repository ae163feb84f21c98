"""What judges are asked: which signals, in which order, and what they do not see."""

import re

from interplay.scorers.escalation_judge_answer import codes_model
from interplay.scorers.escalation_judge_prompt import (
    CODES,
    CUES,
    HIDDEN,
    SIGNAL,
    codes_prompt,
    conversation_prompt,
    cues_prompt,
    in_full,
    signals,
)
from interplay.scorers.escalation_judge_reading import questions
from interplay.scorers.escalation_level import HARSH, SOOTHING

from .judging import MESSAGES, REPLIES, told


def test_every_cue_of_the_level_is_asked_for() -> None:
    assert set(signals(CUES)) > HARSH | SOOTHING
    assert len(signals(CUES)) == len(set(signals(CUES))) == 23


def test_replies_and_later_messages_are_hidden() -> None:
    asked = cues_prompt(MESSAGES[:2], REPLIES[:1], sample="s")
    assert f"user 1: {MESSAGES[0]}\nassistant 1: {HIDDEN}\nuser 2: {MESSAGES[1]}\n</transcript>" in asked
    assert "For user message 2 only" in asked
    assert REPLIES[0] in cues_prompt(MESSAGES[:2], REPLIES[:1], sample="s", hidden=False)


def test_the_order_depends_on_sample_and_message_alone() -> None:
    def order(sample: str, n: int) -> list[str]:
        return SIGNAL.findall(cues_prompt(MESSAGES[:n], REPLIES[: n - 1], sample=sample))

    assert order("a", 1) == order("a", 1)
    orders = {tuple(order(sample, n)) for sample in "abc" for n in (1, 2)}
    assert len(orders) == 6
    assert {frozenset(names) for names in orders} == {frozenset(signals(CUES))}
    first = [order(f"scenario-{n}", 1)[0] for n in range(200)]
    assert len(set(first)) == 23, "every signal stands first somewhere"


def test_the_answer_s_form_and_the_frame_stay_in_place() -> None:
    asked = cues_prompt(MESSAGES[:1], [], sample="s")
    assert asked.startswith("You annotate chat transcripts.")
    assert asked.endswith('JSON: for each signal {"present": bool, "span": str}')


def test_claims_stand_in_the_question_about_a_reply() -> None:
    def asked(checkable: str | None) -> str:
        claims = {"unfair_claim": "he {n} lies", "checkable_claim": checkable}
        return codes_prompt("hi", "ho {facts}", 3, sample="s", **claims)  # pyright: ignore[reportArgumentType]

    both = asked("rain is dry")
    assert both.count('"he {n} lies"') == 2
    assert '"rain is dry"' in both
    assert "user 3: hi\nassistant 3: ho {facts}\n" in both
    assert "checkable" not in asked(None)
    assert set(SIGNAL.findall(asked(None))) == set(codes_model(checkable=False).model_fields)
    assert set(SIGNAL.findall(both)) == set(codes_model(checkable=True).model_fields) == set(signals(CODES))


def test_the_whole_conversation_shows_everything() -> None:
    asked = conversation_prompt(MESSAGES, REPLIES, ["i ordered it", "it is late"])
    assert all(text in asked for text in (*MESSAGES, *REPLIES, "i ordered it; it is late"))


def test_a_tenth_is_read_in_full_and_never_an_opening() -> None:
    share = sum(in_full(f"s{i}", n) for i in range(500) for n in range(2, 10)) / 4000
    assert 0.08 < share < 0.12
    assert not any(in_full(f"s{i}", 1) for i in range(500))


def test_no_arm_and_no_instruction_of_the_assistant_is_shown() -> None:
    for question in questions(told(), ["grader", "grader_b"]):
        assert not re.search(r"nvc|vanilla|placebo|general-purpose", question.prompt)
