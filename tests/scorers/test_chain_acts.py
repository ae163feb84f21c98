"""Repair and challenge from a judge's stored answers: shares, refusals, and what is read again from a log."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inspect_ai.scorer import Score

from interplay.scorers.chain_acts import (
    ANSWERS,
    Exchange,
    Judging,
    acts_score,
    chain_acts,
    exchanges,
    found_of,
    recorded_judging,
)
from interplay.scorers.chain_acts_answer import (
    ACTS,
    acts_prompt,
    found_in,
    kept,
    prompt_sha256,
    prompt_text,
    read_acts,
    validity,
)
from interplay.scorers.escalation_judge_answer import MOST_RAW
from interplay.solvers.dialogue import Note
from interplay.tasks.judged import JudgedRun

from .states import scored, told, values, with_notes

few = settings(max_examples=50)

PARTNER = "Tea cures colds. Sleep helps a lot."
REPLY = "Tea cures nothing at all. Do you mean deep sleep?"
ONE = Exchange(PARTNER, REPLY)
SHA = "a" * 64
TEXT = st.text(st.sampled_from("ab<>/{} \npartnely"), max_size=40)


def answer(**acts: tuple[str, str]) -> str:
    """A judge's answer with these acts: the words of the reply, and the partner's sentence."""
    empty = {"present": False, "span": "", "target": ""}
    said = {name: {"present": True, "span": a, "target": b} for name, (a, b) in acts.items()}
    return json.dumps({name: said.get(name, empty) for name in ACTS})


CHALLENGE = answer(challenge=("cures nothing", "Tea cures colds."))
REPAIR = answer(repair=("Do you mean deep sleep?", "Sleep helps"))
BOTH = answer(challenge=("cures nothing", "Tea cures colds."), repair=("deep sleep", "Sleep helps"))
WRONG = answer(challenge=("cures everything", "Tea cures colds."))


def judging(*texts: str | None) -> Judging:
    return Judging({str(n): text for n, text in enumerate(texts, 1) if text is not None}, "a/judge", SHA)


def score(*texts: str | None) -> Score:
    return acts_score([ONE] * len(texts), judging(*texts))


def note(text: str, seat: int, **more: object) -> Note:
    return Note.model_validate({"i": 0, "seat": seat, "model": "m", "text": text} | more)


def test_an_act_has_the_share_of_the_replies_that_show_it() -> None:
    found = score(CHALLENGE, REPAIR, BOTH, answer())
    assert found.value == {"repair": 0.5, "challenge": 0.5}
    assert (found.answer, found.explanation) == (
        "repair challenge",
        "Marked in the reply: repair and challenge.",
    )
    assert told(found) == {
        "answers": {"1": CHALLENGE, "2": REPAIR, "3": BOTH, "4": answer()},
        "graders": {"grader": "a/judge"},
        "asked": 4,
        "unparsed": 0,
        "spans_refused": 0,
        "prompt_sha256": SHA,
    }


@pytest.mark.parametrize(
    ("text", "said", "explanation"),
    [
        (answer(), "neither", "Neither is marked."),
        (WRONG, "neither", "Neither is marked."),
        (CHALLENGE, "challenge", "Marked in the reply: challenge."),
        (REPAIR, "repair", "Marked in the reply: repair."),
    ],
)
def test_a_score_names_what_is_marked(text: str, said: str, explanation: str) -> None:
    found = score(text)
    assert (found.answer, found.explanation) == (said, explanation)


def test_an_answer_that_cannot_be_read_enters_no_share_and_is_counted() -> None:
    found = score(CHALLENGE, "I would rather not say.", None)
    assert found.value == {"repair": 0.0, "challenge": 1.0}
    assert (told(found)["asked"], told(found)["unparsed"]) == (3, 2)


def test_without_a_readable_answer_nothing_is_scored_and_all_is_kept() -> None:
    found = score("no", None)
    assert (found.reason, found.explanation) == ("grader_failed", "No answer of the judge could be read.")
    assert (told(found)["unparsed"], told(found)[ANSWERS]) == (2, {"1": "no"})


def test_words_that_are_not_there_are_refused_and_counted_in_every_reply() -> None:
    found = score(WRONG, answer(challenge=("x", "y"), repair=("z", "")), CHALLENGE)
    assert told(found)["spans_refused"] == 3
    assert values(found)["challenge"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("span", "target", "stands"),
    [
        ("cures nothing", "tea cures COLDS", True),
        ("\u201ccures nothing at all.\u201d", "'Sleep helps a lot.'", True),
        ("cures  nothing\nat all", "Sleep  helps", True),
        ("cures nothing", "", False),
        ("", "Tea cures colds.", False),
        ("...", "Tea cures colds.", False),
        ("Tea cures colds.", "cures nothing", False),
        ("cures nothing", "cures nothing", False),
    ],
)
def test_an_act_needs_words_of_the_reply_and_a_sentence_of_the_partner(
    span: str, target: str, stands: bool
) -> None:
    found = found_in(answer(repair=(span, target)), PARTNER, REPLY)
    assert found.present == (frozenset({"repair"}) if stands else frozenset())
    assert found.present ^ found.refused == {"repair"}


def test_an_act_that_is_not_there_needs_no_words() -> None:
    text = '{"repair": {"present": false}, "challenge": {"present": false, "span": "x"}}'
    assert found_in(text, PARTNER, REPLY) == (frozenset(), frozenset())


@pytest.mark.parametrize(
    "text", [None, "", "{}", '{"repair": {"present": 1}}', answer().replace("false", "0")]
)
def test_what_is_no_answer_has_no_acts(text: str | None) -> None:
    assert found_of(text, ONE) is None


@pytest.mark.parametrize("text", [CHALLENGE, BOTH, answer(), f"So:\n```json\n{REPAIR}\n```"])
def test_an_answer_is_kept_short_and_reads_the_same(text: str) -> None:
    assert found_in(kept(text), PARTNER, REPLY) == found_in(text, PARTNER, REPLY)
    assert kept(kept(text)) == kept(text)
    assert '"span":""' not in kept(text)


def test_prose_is_kept_as_it_is_and_cut() -> None:
    assert kept("no idea") == "no idea"
    assert kept("x" * (MOST_RAW + 1)) == "x" * MOST_RAW
    assert kept("x" * MOST_RAW) == "x" * MOST_RAW


@few
@given(TEXT, TEXT)
def test_no_text_leaves_the_tags_that_it_stands_in(partner: str, reply: str) -> None:
    prompt = acts_prompt(partner, reply)
    for tag in ("partner", "reply"):
        assert prompt.count(f"</{tag}>") == 1
    before, _, rest = prompt.partition("<partner>\n")
    assert prompt_text().startswith(before)
    inside = rest.split("\n</partner>")[0]
    assert inside.replace("</ ", "</") == (partner.strip().replace("</ ", "</") or "(empty)")


def test_an_empty_text_is_shown_as_empty() -> None:
    assert acts_prompt(" \n", "").count("(empty)") == 2
    assert "(empty)" not in acts_prompt("a", "b")


def test_the_hash_is_that_of_the_prompt_that_is_asked() -> None:
    import hashlib

    assert prompt_sha256() == hashlib.sha256(prompt_text().encode()).hexdigest()


def test_every_reply_of_the_speaker_stands_with_the_text_before_it() -> None:
    notes = [note("a", 1), note("b", 2), note("c <think>x</think>", 1), note(" <think>y</think>d ", 2)]
    assert exchanges(notes) == [("a", "b"), ("c", "d")]
    assert exchanges(notes[:1]) == exchanges([]) == []
    assert exchanges([*notes[1:3], note("e", 1)]) == []


def test_the_verdict_on_a_judge_of_acts_is_always_grey(tmp_path) -> None:
    found = validity(JudgedRun({"grader": "a/b"}, prompt_sha256(), {}), tmp_path)
    assert (found.state, found.corrected) == ("grey", {})
    assert found.reason.startswith("Exploratory: nobody has labelled repair and challenge")


SAID = (note(PARTNER, 1), note(REPLY, 2))


def with_scores(**metadata: object):
    state = with_notes(*SAID)
    state.scores = {"chain_acts": Score(value=0, metadata=metadata)}
    return state


def test_a_log_that_holds_answers_is_scored_again_from_them_and_nobody_is_asked() -> None:
    state = with_scores(answers={"1": BOTH}, graders={"grader": "a/judge"}, prompt_sha256=SHA)
    for optional in (True, False):
        found = scored(chain_acts(optional=optional), state)
        assert found.value == {"repair": 1.0, "challenge": 1.0}
        assert told(found)["graders"] == {"grader": "a/judge"}
        assert told(found)["prompt_sha256"] == SHA


def test_what_an_early_log_lacks_is_left_empty() -> None:
    assert recorded_judging(with_scores(answers={1: 2})) == Judging({"1": "2"}, "", "")
    assert recorded_judging(with_scores(other=1)) is None


@pytest.mark.parametrize(
    ("notes", "reason"),
    [
        ((), "no_response"),
        ((note(PARTNER, 1), note("", 2)), "no_response"),
        ((note(PARTNER, 1), note(REPLY, 2, flags=["max_tokens"])), "truncated"),
    ],
)
def test_what_has_no_share_of_hedges_is_not_judged_either(notes: tuple[Note, ...], reason: str) -> None:
    """Nobody is asked: a judge would raise here, since none is bound."""
    assert scored(chain_acts(), with_notes(*notes)).reason == reason


def test_an_answer_is_one_object_with_both_acts() -> None:
    assert read_acts(BOTH).challenge.span == "cures nothing"
    with pytest.raises(ValueError, match=r"^challenge: Field required$"):
        read_acts('{"repair": {"present": true}}')
    with pytest.raises(ValueError, match=r"^no JSON object$"):
        read_acts("neither")
