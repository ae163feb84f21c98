"""The judge: its reply read and replayed, the rules in its place, and the scorer `maze_judge` end to end."""

import json
import math

import pytest
from inspect_ai import eval as run_eval
from inspect_ai import score
from inspect_ai.log import EvalLog, read_eval_log
from inspect_ai.model import ChatMessage, ModelOutput, ModelUsage, get_model

from interplay.scorers.route_grade import Game, Said, grade
from interplay.scorers.route_grader import REPLY, judge_prompt, judged_score, maze_judge
from interplay.scorers.route_judge_reply import judged, judged_steps, parse_reply, reading_as_judge_json
from interplay.tasks.mazes import maze_collab

from .test_transcripts import RECORDS, game_of, kappa

ROWS = ("@.k", ".#.", "k.*")
FIRST = {"first_index": 0, "origin": "top-left", "order": "row-column"}


def reply(*steps: str, naming: dict | None = None, other: dict | None = None, finished: bool = True) -> str:
    naming = FIRST if naming is None else naming
    return json.dumps(
        {
            "agreed": [{"note": i, "to": to} for i, to in enumerate(steps)],
            "finished": finished,
            "notation": {"agent1": naming, "agent2": naming if other is None else other},
        }
    )


@pytest.mark.parametrize(
    ("naming", "steps"),
    [
        (FIRST, ["(0,1)", "[0, 2]", "1,2"]),
        (FIRST | {"first_index": 1}, ["row 1, column 2", "(1,3)", "r2c3"]),
        (FIRST | {"order": "column-row"}, ["(1,0)", "(2,0)", "(2,1)"]),
        (FIRST | {"origin": "bottom-left", "order": "column-row"}, ["(1,2)", "(2,2)", "(2,1)"]),
        (FIRST | {"origin": "top-right"}, ["(0,1)", "(0,0)", "(1,0)"]),
        ({"first_index": "letters", "origin": "top-left", "order": "column-row"}, ["B1", "C1", "C2"]),
        ({"first_index": "letters", "origin": "bottom-left", "order": "column-row"}, ["B3", "C3", "C2"]),
        ({"first_index": "letters", "origin": "top-left", "order": "row-column"}, ["1B", "1C", "2C"]),
        (FIRST | {"order": "directions"}, ["right", "east", "down"]),
        (FIRST | {"order": "directions"}, ["right 2", "down"]),
    ],
)
def test_steps_mean_what_the_judge_says(naming: dict, steps: list[str]):
    assert judged_steps(parse_reply(reply(*steps, naming=naming)), 3) == [(0, 1), (0, 2), (1, 2)]


def test_different_notations_have_no_steps():
    assert judged(parse_reply(reply("(0,1)", other=FIRST | {"first_index": 1})), ROWS) is None


def test_steps_are_replayed_on_the_true_maze():
    won = ["(1,0)", "(2,0)", "(1,0)", "(0,0)", "(0,1)", "(0,2)", "(1,2)", "(2,2)"]
    outcome = judged(parse_reply(reply(*won)), ROWS)
    assert outcome is not None
    assert outcome.success
    into_wall = judged(parse_reply(reply("(0,1)", "(1,1)")), ROWS)
    assert into_wall is not None
    assert into_wall.violation == ("wall", 2, (1, 1))
    unreadable = judged(parse_reply(reply("somewhere")), ROWS)
    assert unreadable is not None
    assert not unreadable.success


def test_a_reply_in_a_fence_is_read():
    assert parse_reply(f"Here you are:\n```json\n{reply('(0,1)')}\n```").finished


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("I cannot tell.", "no JSON object"),
        ("{broken}", "Expecting"),
        ('{"agreed": [], "finished": true}', "notation"),
        (reply(naming=FIRST | {"origin": "middle"}), "origin"),
    ],
)
def test_what_is_wrong_with_a_reply_is_said(text: str, problem: str):
    with pytest.raises(ValueError, match=problem):
        parse_reply(text)


def test_the_prompt_has_the_notes_and_not_the_maze():
    prompt = judge_prompt(Game(ROWS, {1: "@.k\n.#.\nk.*"}, (Said(1, "first note"), Said(2, "second note"))))
    assert "3x3" in prompt
    assert "[0, agent 1] first note" in prompt
    assert "[1, agent 2] second note" in prompt
    assert not any(row in prompt for row in ROWS)


def test_an_invalid_reply_is_unscored_and_kept():
    result = judged_score(Game(ROWS, {}, (Said(1, "a"), Said(2, "b"))), "no idea", "hash")
    assert result.reason == "grader_failed"
    assert result.metadata == {REPLY: "no idea", "asked": 1, "unparsed": 1, "prompt_sha256": "hash"}
    assert math.isnan(result.value)  # type: ignore[arg-type]


def test_the_rules_in_the_judges_place_agree_with_the_labels():
    pairs = []
    for record in RECORDS:
        game = game_of(record)
        outcome = judged(parse_reply(reading_as_judge_json(game.notes, len(game.rows))), game.rows)
        pairs.append((record["label"]["success"], outcome is not None and outcome.success))
    assert kappa(pairs) >= 0.85
    assert sum(b and not a for a, b in pairs) <= 2


def test_the_rules_in_the_judges_place_answer_any_dialogue():
    for notes in ((), (Said(1, ""), Said(2, "")), (Said(1, "yes"), Said(2, "right, down, B7, (9,9)"))):
        parse_reply(reading_as_judge_json(notes, 6))


def judge_log(judge, tmp_path, mazes: int = 1) -> EvalLog:
    log = run_eval(
        maze_collab("C7", mazes=mazes, judge=True),
        model="reference/cartographer",
        model_roles={"grader": judge},
        log_dir=str(tmp_path),
        display="none",
    )[0]
    assert log.status == "success"
    return log


def scripted_judge(*replies: str):
    """A judge that gives these replies to the first, second … time it is asked about a sample."""

    def answer(messages: list[ChatMessage], *_: object) -> ModelOutput:
        output = ModelOutput.from_content("mockllm/model", replies[len(messages) // 2])
        output.usage = ModelUsage(
            input_tokens=1, output_tokens=1, total_tokens=2
        )  # counting needs no network
        return output

    return get_model("mockllm/model", custom_outputs=answer, memoize=False)


def values(log: EvalLog) -> list:
    return [sample.scores["maze_judge"].value for sample in log.samples or [] if sample.scores]


@pytest.mark.slow
def test_the_judge_scores_beside_the_rules(tmp_path):
    log = judge_log(scripted_judge(reply("(0,1)")), tmp_path)
    assert values(log) == [
        {"success_judge": 0.0, "weighted_judge": v["weighted_judge"], "agrees": 0.0} for v in values(log)
    ]
    names = {s.name for s in log.results.scores}  # type: ignore[union-attr]
    assert {"success_judge", "weighted_judge", "agrees", "success_strict"} <= names


@pytest.mark.slow
def test_a_bad_reply_is_asked_for_again_once(tmp_path):
    log = judge_log(scripted_judge("prose", reply("(0,1)")), tmp_path)
    assert all(isinstance(value, dict) for value in values(log))
    log = judge_log(scripted_judge("prose", "more prose"), tmp_path)
    assert all(math.isnan(value) for value in values(log))
    assert {s.scores["maze_judge"].reason for s in log.samples or [] if s.scores} == {"grader_failed"}


def test_scoring_again_reads_the_kept_reply_and_asks_nobody(tmp_path):
    log = judge_log(scripted_judge(reply("(0,1)")), tmp_path)
    stored = read_eval_log(log.location)
    silent = scripted_judge()  # raises when it is asked
    for action in ("overwrite", "append"):
        again = score(stored, maze_judge(), action=action, model_roles={"grader": silent}, display="none")
        for before, after in zip(stored.samples or [], again.samples or [], strict=True):
            assert before.scores
            assert after.scores
            latest = list(after.scores)[-1]
            assert str(after.scores[latest]) == str(before.scores["maze_judge"])


def test_the_clerk_judges_like_the_rules(tmp_path):
    log = judge_log("reference/clerk", tmp_path, mazes=2)
    assert all(value["agrees"] == 1.0 for value in values(log))


def test_a_graded_game_needs_no_judge():
    assert not grade(Game(ROWS, {}, (Said(1, "hello"), Said(2, "hello")))).favourable
