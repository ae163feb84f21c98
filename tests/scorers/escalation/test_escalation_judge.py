"""The judges: what they are asked, how their answers are read, and the scorer in runs and on their logs."""

import json
import math
from itertools import count
from pathlib import Path

import pytest
from inspect_ai import score
from inspect_ai.log import read_eval_log, write_eval_log

from interplay.scorers import escalation_judge as escalation_judge_module
from interplay.scorers.escalation_judge import escalation_judge
from interplay.scorers.escalation_judge_answer import (
    Conversation,
    codes_model,
    cues_model,
    found_in,
    kept,
    stands_in,
)
from interplay.scorers.escalation_judge_prompt import (
    SIGNAL,
    codes_prompt,
    cues_prompt,
    in_full,
)
from interplay.scorers.escalation_judge_reading import figures, questions

from .judging import (
    MESSAGES,
    METADATA,
    REPLIES,
    Judge,
    answer,
    good,
    judged_log,
    metadata,
    score_of,
    told,
    value,
    whole,
)


def texts(**changes: object) -> dict[str, dict[str, str]]:
    """The good answers to all questions about a conversation."""
    return {"grader": {q.name: good(q.prompt) for q in questions(told(**changes), ["grader"])}}


class TestAnswer:
    @pytest.mark.parametrize(
        ("span", "stands"),
        [
            ("useless bot", True),
            ("Useless Bot", True),
            ('"He lied to me,"', True),
            ("he  lied\nto me", True),
            ("you are useless", False),
            ("", False),
            ("...", False),
            ("!!", False),
        ],
    )
    def test_a_span_must_stand_in_the_message(self, span: str, stands: bool) -> None:
        assert stands_in(span, MESSAGES[1]) is stands

    def test_curly_quotes_and_marks(self) -> None:
        assert stands_in("you're late", "You\u2019re late")
        assert stands_in("!!!", "WHY NOW!!!", exact=True)
        assert stands_in('"WHY NOW!!!"', "WHY  NOW!!!", exact=True)
        assert not stands_in("why now", "WHY NOW!!!", exact=True)
        assert not stands_in(" ", "WHY NOW!!!", exact=True)

    def test_words_that_are_not_there_do_not_count(self) -> None:
        asked = cues_prompt(MESSAGES[:2], REPLIES[:1], sample="s")
        text = answer(asked, insult_or_contempt="useless bot", shouting="USELESS!!", unsafe="")
        found = found_in(text, cues_model(), MESSAGES[1])
        assert found.present == {"insult_or_contempt"}
        assert found.refused == {"shouting", "unsafe"}

    def test_the_request_for_advice_is_looked_for_in_the_person_s_message(self) -> None:
        claims = {"unfair_claim": "x", "checkable_claim": None}
        asked = codes_prompt("What do I do?", "Call.", 1, sample="s", **claims)  # pyright: ignore[reportArgumentType]
        text = answer(asked, advice_requested_by_user="What do I do?", gives_advice="What do I do?")
        found = found_in(text, codes_model(checkable=False), "Call.", "What do I do?")
        assert found.present == {"advice_requested_by_user"}

    @pytest.mark.parametrize(
        ("signs", "distress"),
        [
            ([], 0),
            (["hopeless", "panicking"], 2),
            (["hopeless", "worthless", "isolated", "exhausted", "panicking"], 4),
            (["unsafe"], 4),
        ],
    )
    def test_distress(self, signs: list[str], distress: int) -> None:
        asked = cues_prompt(MESSAGES[:1], [], sample="s")
        found = found_in(answer(asked, **dict.fromkeys(signs, "fridge")), cues_model(), MESSAGES[0])
        assert found.distress == distress

    def test_a_missing_signal_is_no_answer(self) -> None:
        partial = json.loads(answer(cues_prompt(MESSAGES[:1], [], sample="s")))
        del partial["unsafe"]
        with pytest.raises(ValueError, match="unsafe: Field required"):
            found_in(json.dumps(partial), cues_model(), MESSAGES[0])

    @pytest.mark.parametrize("text", [whole(change=3), '{"change": true}', '{"change": 1.5}', "better"])
    def test_what_is_no_comparison_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError):
            Conversation.model_validate_json(text)

    def test_what_is_kept_is_small_and_reads_the_same(self) -> None:
        asked = cues_prompt(MESSAGES[:2], REPLIES[:1], sample="s")
        text = answer(asked, insult_or_contempt="useless bot", shouting="no")
        stored = kept(f"Sure:\n```json\n{text}\n```", cues_model())
        assert len(stored) < 1000
        assert found_in(stored, cues_model(), MESSAGES[1]) == found_in(text, cues_model(), MESSAGES[1])
        assert kept("prose " * 1000, cues_model()) == ("prose " * 1000)[:1000]


class TestFigures:
    def test_levels_come_from_judged_signals_by_the_same_map(self) -> None:
        found = figures(told(), texts())
        assert found.levels == (3, 3, 1, 0)
        assert found.distress == (0, 0, 0, 0)
        assert found.refused == 1
        assert found.value["cts_d"] == (3 - 0.5) / 4
        assert (found.value["escalated"], found.value["de_escalated"], found.value["overshoot"]) == (0, 1, 0)
        assert found.value["cts_j"] == found.value["cts_j_grader"] == 1
        assert found.value["useful"] == 3
        assert found.value["apology"] == pytest.approx(1 / 3)
        assert (found.value["v1"], found.value["v2"], found.value["v3"]) == (0, pytest.approx(1 / 3), 0)
        assert found.value["v4"] == pytest.approx(1 / 3)
        assert found.unparsed == 0

    def test_sadness_is_not_calm(self) -> None:
        answers = texts()
        answers["grader"]["u4"] = answer(
            cues_prompt(MESSAGES, REPLIES, sample="service-01-v0"),
            works_on_solution="call", hopeless="morning", isolated="I'll",
        )  # fmt: skip
        found = figures(told(), answers)
        assert found.value["cts_d"] == (3 - 0.5) / 4
        assert (found.value["anger_to_despair"], found.value["de_escalated"]) == (1, 0)
        assert found.value["distress"] == pytest.approx(2 / 3)

    def test_danger_is_queued(self) -> None:
        answers = texts()
        asked = cues_prompt(MESSAGES[:3], REPLIES[:2], sample="service-01-v0")
        answers["grader"]["u3"] = answer(asked, unsafe="could have called")
        assert figures(told(), answers).unsafe == (3,)

    def test_one_unread_message_leaves_the_trajectory_undefined_and_nothing_else(self) -> None:
        answers = texts()
        answers["grader"]["u2"] = "prose"
        found = figures(told(), answers)
        assert found.levels == (3, None, 1, 0)
        assert all(math.isnan(found.value[key]) for key in ("cts_d", "escalated", "anger_to_despair"))
        assert found.value["cts_j"] == 1
        assert found.unparsed == 1

    def test_two_judges_each_alone_and_their_mean(self) -> None:
        answers = texts() | {"grader_b": {"whole": whole(-2, 1)}}
        found = figures(told(), answers).value
        assert (found["cts_j"], found["cts_j_grader"], found["cts_j_grader_b"]) == (-0.5, 1, -2)
        assert found["useful"] == 2
        answers["grader_b"]["whole"] = "worse"
        found = figures(told(), answers).value
        assert math.isnan(found["cts_j"])
        assert math.isnan(found["useful"])
        assert found["cts_j_grader"] == 1

    def test_fixed_messages_are_not_judged(self) -> None:
        names = [q.name for q in questions(told(mode="scripted"), ["grader"])]
        assert names == ["a1", "a2", "a3", "whole"]
        found = figures(told(mode="scripted"), texts(mode="scripted")).value
        assert all(math.isnan(found[key]) for key in ("cts_d", "cts_j", "distress", "agree"))
        assert found["useful"] == 3
        assert found["v3"] == 0

    def test_a_branch_is_judged_from_its_prefix_on(self) -> None:
        names = [q.name for q in questions(told(mode="branch", own=(1, 2)), ["grader"])]
        assert [name for name in names if "/" not in name] == ["u2", "u3", "u4", "a2", "a3", "whole"]
        found = figures(told(mode="branch", own=(1, 2)), texts(mode="branch", own=(1, 2))).value
        assert found["outcome"] == 3 - 0.5
        assert math.isnan(found["cts_d"])

    def test_empty_replies_are_not_judged(self) -> None:
        silent = told(replies=("", *REPLIES[1:]))
        assert "a1" not in [q.name for q in questions(silent, ["grader"])]

    def test_no_checkable_claim_is_not_asked_for_and_undefined(self) -> None:
        found = figures(told(checkable_claim=None), texts(checkable_claim=None)).value
        assert math.isnan(found["accepts_checkable_claim"])
        assert found["takes_side_on_unfair_claim"] == 0

    def test_the_shift_by_showing_replies(self) -> None:
        scenario = next(f"s{n}" for n in count() if in_full(f"s{n}", 3))
        answers = texts(scenario=scenario)
        assert figures(told(scenario=scenario), answers).value["full_shift"] == 0
        asked = cues_prompt(MESSAGES[:3], REPLIES[:2], sample=scenario, hidden=False)
        answers["grader"]["u3/full"] = answer(asked, hostile_sarcasm="Fair enough")
        shift = figures(told(scenario=scenario), answers).value["full_shift"]
        assert shift > 0


class TestScorer:
    def test_a_run_with_one_judge(self, tmp_path: Path) -> None:
        judge = Judge()
        found = score_of(judged_log(str(tmp_path), {"grader": judge}))
        assert value(found)["cts_d"] == (3 - 0.5) / 4
        assert metadata(found)["levels"] == [3, 3, 1, 0]
        assert metadata(found)["graders"] == {"grader": "mockllm/judge"}
        assert metadata(found)["asked"] == len(judge.prompts) == 8
        assert (metadata(found)["unparsed"], metadata(found)["spans_refused"]) == (0, 1)
        assert found.explanation == "Grader reads it as de_escalated."
        assert max(len(text) for text in metadata(found)["answers"]["grader"].values()) < 1200  # pyright: ignore

    def test_a_bad_answer_is_asked_for_again(self, tmp_path: Path) -> None:
        judge = Judge(lambda prompt, given: good(prompt) if given else "I see anger.")
        found = score_of(judged_log(str(tmp_path), {"grader": judge}))
        assert len(judge.prompts) == 16
        assert metadata(found)["unparsed"] == 0

    def test_answers_among_prose_are_read(self, tmp_path: Path) -> None:
        judge = Judge(lambda prompt, given: f"Here {{it}} is:\n```json\n{good(prompt)}\n```\nDone.")
        assert value(score_of(judged_log(str(tmp_path), {"grader": judge})))["cts_j"] == 1

    def test_no_readable_answer_leaves_it_unscored_and_counted(self, tmp_path: Path) -> None:
        log = judged_log(str(tmp_path), {"grader": Judge(lambda prompt, given: "no idea")})
        found = score_of(log)
        assert found.reason == "grader_failed"
        assert isinstance(found.value, float)
        assert math.isnan(found.value)
        assert metadata(found)["unparsed"] == metadata(found)["asked"] == 8
        assert log.results is not None
        assert log.results.scores[0].unscored_samples == 1

    def test_the_same_question_is_asked_once_in_a_run(self, tmp_path: Path) -> None:
        judge = Judge()
        arms = tuple({"arm": arm} for arm in ("vanilla", "placebo", "nvc_full"))
        log = judged_log(str(tmp_path), {"grader": judge}, samples=arms)
        assert len(judge.prompts) == len(set(judge.prompts)) == 8
        assert [value(score_of(log, n))["cts_d"] for n in range(3)] == [(3 - 0.5) / 4] * 3

    def test_another_scenario_is_asked_in_another_order(self, tmp_path: Path) -> None:
        judge = Judge()
        two = ({}, {"scenario_id": "service-01-v1"})
        judged_log(str(tmp_path), {"grader": judge}, samples=two)
        openings = [p for p in judge.prompts if "For user message 1 only" in p]
        assert len(openings) == 2
        assert sorted(SIGNAL.findall(openings[0])) == sorted(SIGNAL.findall(openings[1]))
        assert SIGNAL.findall(openings[0]) != SIGNAL.findall(openings[1])

    def test_two_judges(self, tmp_path: Path) -> None:
        first, second = Judge(), Judge(lambda prompt, given: whole(-1), name="other")
        found = score_of(judged_log(str(tmp_path), {"grader": first, "grader_b": second}))
        assert value(found)["cts_j"] == 0
        assert len(second.prompts) == 1
        assert metadata(found)["outcomes"] == {"grader": "de_escalated", "grader_b": "escalated"}

    def test_judges_of_the_same_vendor_are_marked(self, tmp_path: Path) -> None:
        found = score_of(judged_log(str(tmp_path), {"grader": Judge(name="target")}))
        assert metadata(found)["marks"] == {"grader": "itself"}
        found = score_of(judged_log(str(tmp_path), {"grader": Judge(name="other")}))
        assert metadata(found)["marks"] == {"grader": "same vendor"}

    def test_a_user_is_warned_of_such_a_judge_once(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said: list[str] = []
        monkeypatch.setattr(escalation_judge_module.log, "warning", said.append)
        escalation_judge_module.warn_once.cache_clear()
        for _ in range(2):
            judged_log(str(tmp_path), {"grader": Judge(name="other")})
        assert said == [
            "Judges may favour their own: grader mockllm/other is of the same vendor; the scores are marked."
        ]

    def test_a_stored_log_is_scored_again_without_a_model(self, tmp_path: Path) -> None:
        graders = {"grader": Judge(), "grader_b": Judge(lambda prompt, given: "worse", name="other")}
        log = judged_log(str(tmp_path), graders)
        stored = read_eval_log(log.location)
        stored.eval.model_roles = None
        again = score(stored, [escalation_judge()], action="overwrite", model="none/none", display="none")
        old, new = score_of(log), score_of(again)
        assert new.metadata == old.metadata
        assert str(new.value) == str(old.value)
        write_eval_log(again, str(tmp_path / "again.eval"))
        third = score(read_eval_log(str(tmp_path / "again.eval")), [escalation_judge()], action="overwrite",
                      model="none/none", display="none")  # fmt: skip
        assert str(score_of(third).value) == str(old.value)

    def test_without_a_grader_it_says_so(self, tmp_path: Path) -> None:
        log = judged_log(str(tmp_path), {})
        assert log.status == "error"
        assert log.error is not None
        assert "grader" in log.error.message

    def test_silence_is_not_judged(self, tmp_path: Path) -> None:
        found = score_of(judged_log(str(tmp_path), {"grader": Judge()}, messages=MESSAGES[:1], replies=()))
        assert found.reason == "no_response"

    def test_the_metadata_says_which_sample_it_was(self, tmp_path: Path) -> None:
        found = metadata(score_of(judged_log(str(tmp_path), {"grader": Judge()})))
        assert {key: found[key] for key in ("seed_id", "scenario_id", "arm", "simulator")} == {
            key: METADATA[key] for key in ("seed_id", "scenario_id", "arm", "simulator")
        }
