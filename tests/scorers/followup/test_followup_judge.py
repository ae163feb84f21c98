"""The judge: its question and answer, the scorer end to end, and the rules in the judge's place."""

import json
import math

import pytest
from inspect_ai import score
from inspect_ai.model import ChatMessage, Model, ModelOutput, ModelUsage, get_model

from interplay.scorers.followup_answer import judge_prompt, judged, parse_answer
from interplay.scorers.followup_judge import ANSWERS, followup_judge
from interplay.scorers.followup_rules import LABELS, MEANINGS, label_turn
from interplay.solvers.reference.player import Turn as Message
from interplay.solvers.reference.turn_clerk import turn_clerk
from interplay.tasks.user_turn.prompting import prompt_text

from .contexts import CONTEXTS, M
from .recorded import record, score_of, scored_log, turns
from .test_golden import GOLDEN

DIVIDE = "Why did you divide 36 by 3?"
GREEDY = turns(DIVIDE, t=0.0)
DRAWN = turns(DIVIDE, "Are you sure?", "", "Thanks, that helps a lot!")


def answer(label: str, reply_span: str = "", **more: object) -> str:
    return json.dumps({"label": label, "reply_span": reply_span, "turn_span": "", "confidence": 80} | more)


GENUINE = answer("genuine", "36 / 3 = 12 rolls")


def scripted(*replies: str) -> Model:
    """A judge that gives these answers to the first, second … time it is asked about a turn."""

    def reply(messages: list[ChatMessage], *_: object) -> ModelOutput:
        output = ModelOutput.from_content("mockllm/model", replies[len(messages) // 2])
        # Without a usage the tokens would be counted, which needs a tokenizer from the network.
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

    return get_model("mockllm/model", custom_outputs=reply, memoize=False)


def test_the_question_has_the_texts_and_all_labels_in_an_order_of_its_own():
    asked = judge_prompt("q {reply}", "a {turn}", "u {labels}", "bundled-1/0")
    for part in ("<request>\nq {reply}\n<", "<reply>\na {turn}\n<", "<candidate>\nu {labels}\n<"):
        assert part in asked
    assert all(f"- {label}: {MEANINGS[label]}\n" in asked for label in LABELS)
    assert judge_prompt("q {reply}", "a {turn}", "u {labels}", "bundled-1/0") == asked
    assert len({judge_prompt("q", "a", "u", f"bundled-1/{n}") for n in range(5)}) == 5


@pytest.mark.parametrize("around", ["{}", "```json\n{}\n```", "Sure: {} That is {{all}}.", "{} {{"])
def test_the_first_balanced_object_is_read(around: str):
    text = around.replace("{}", answer("closer", 'with "quotes" and }')).replace("{{", "{").replace("}}", "}")
    assert parse_answer(text).label == "closer"


@pytest.mark.parametrize(
    "text", ["", "It is genuine.", "{", "{}", "[1]", answer("great"), '{"label": 3}', "{" * 9000]
)
def test_what_is_no_answer_is_refused(text: str):
    with pytest.raises(ValueError):
        parse_answer(text)


@pytest.mark.parametrize(
    ("span", "label"),
    [
        ("36 / 3 = 12 rolls", "genuine"),
        ("", "generic_followup"),
        ("the cake was a lie", "generic_followup"),
        ("…", "generic_followup"),
    ],
)
def test_genuine_needs_words_of_the_reply(span: str, label: str):
    found = judged(parse_answer(answer("genuine", span)), M.reply)
    assert found == (label, label != "genuine")
    assert judged(parse_answer(answer("closer", span)), M.reply) == ("closer", False)


def test_a_judge_that_finds_all_genuine(tmp_path):
    log = scored_log(record(GREEDY + DRAWN), [followup_judge()], str(tmp_path), scripted(GENUINE))
    found = score_of(log, "followup_judge")
    assert found.value == pytest.approx({
        "gfr_t0": 1.0, "gfr_t1": 2 / 3, "react_t1": 2 / 3, "agree": 2 / 3,
    })  # fmt: skip
    assert found.metadata is not None
    assert set(found.metadata[ANSWERS]) == {"t0/0", "t1/0", "t1/1"}
    assert found.metadata["asked"] == 3
    assert found.metadata["unparsed"] == found.metadata["downgraded"] == 0


def test_the_same_turn_is_asked_about_once(tmp_path):
    log = scored_log(record(GREEDY + DRAWN), [followup_judge()], str(tmp_path), scripted(GENUINE))
    (sample,) = log.samples or []
    assert sum(event.event == "model" for event in sample.events) == 2


def test_an_empty_span_is_downgraded_and_counted(tmp_path):
    log = scored_log(record(GREEDY), [followup_judge()], str(tmp_path), scripted(answer("genuine")))
    found = score_of(log, "followup_judge")
    assert found.value["gfr_t0"] == 0
    assert found.answer == "generic_followup"
    assert found.metadata is not None
    assert found.metadata["downgraded"] == 1


@pytest.mark.parametrize("first", ["I think it is genuine.", answer("great")])
def test_a_bad_answer_is_asked_for_again(first: str, tmp_path):
    log = scored_log(record(GREEDY), [followup_judge()], str(tmp_path), scripted(first, GENUINE))
    assert score_of(log, "followup_judge").value["gfr_t0"] == 1
    (sample,) = log.samples or []
    last = [event for event in sample.events if event.event == "model"][-1]
    assert last.input[-1].text == prompt_text("judge_retry.txt").strip()


def test_two_bad_answers_leave_the_turn_unscored_and_kept(tmp_path):
    log = scored_log(record(GREEDY), [followup_judge()], str(tmp_path), scripted("prose", "prose again"))
    found = score_of(log, "followup_judge")
    assert found.reason == "grader_failed"
    assert math.isnan(found.value)
    assert found.metadata is not None
    assert found.metadata[ANSWERS] == {"t0/0": "prose again"}
    assert found.metadata["unparsed"] == 1


def test_scoring_again_reads_the_kept_answers_and_asks_nobody(tmp_path):
    log = scored_log(record(GREEDY + DRAWN), [followup_judge()], str(tmp_path), scripted(GENUINE))
    log.eval.model_roles = None
    again = score(log, [followup_judge()], action="overwrite", model="none/none", display="none")
    assert score_of(again, "followup_judge").model_dump() == score_of(log, "followup_judge").model_dump()


def test_empty_turns_need_no_judge(tmp_path):
    log = scored_log(record(turns("", t=0.0)), [followup_judge()], str(tmp_path))
    assert score_of(log, "followup_judge").value["gfr_t0"] == 0


@pytest.mark.parametrize(("context", "turn", "label"), [g for g in GOLDEN if g[2] != "empty"])
def test_the_clerk_answers_with_the_label_of_the_rules(context: str, turn: str, label: str):
    asked = CONTEXTS[context]
    said = turn_clerk([Message("user", judge_prompt(asked.query, asked.reply, turn, "x/0"))])
    found = judged(parse_answer(said), asked.reply)
    assert found.label == label_turn(turn, [asked.query], asked.reply).label == label
    assert not found.downgraded


def test_the_clerk_agrees_with_the_rules(tmp_path):
    log = scored_log(record(GREEDY + DRAWN), [followup_judge()], str(tmp_path), "reference/turn_clerk")
    found = score_of(log, "followup_judge")
    assert found.value == pytest.approx({"gfr_t0": 1.0, "gfr_t1": 1 / 3, "react_t1": 2 / 3, "agree": 1.0})


def test_a_judge_that_writes_prose_leaves_turns_unscored(tmp_path):
    log = scored_log(record(GREEDY), [followup_judge()], str(tmp_path), "reference/garbler")
    assert score_of(log, "followup_judge").reason == "grader_failed"
