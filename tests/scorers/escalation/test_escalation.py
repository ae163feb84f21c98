"""The scorer on episodes, in an evaluation and on its log."""

import math
from pathlib import Path

from inspect_ai import Task, eval, score
from inspect_ai.dataset import Sample
from inspect_ai.log import EvalLog
from inspect_ai.scorer import Score
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import Store

from interplay.scorers.escalation import escalation, score_conversation
from interplay.scorers.escalation_metrics import TRAJECTORY
from interplay.solvers.dialogue import Episode, Note

OPENING = "Oh great. You keep pasting the same paragraph about my fridge."
CALM = "It sounds as if you're worn out."
LIVE = {"mode": "live", "seed_id": "service-01", "arm": "vanilla", "simulator": "rule"}
SAID = [OPENING, CALM, "It is still late.", "You should call. Calm down.", "Fair enough. <END:calmed>"]


def notes(said: list[str], scripted: int = 1) -> list[Note]:
    return [
        Note(i=i, seat=1 if i % 2 == 0 else 2, model="m", text=text, calls=int(i >= scripted),
             flags=[] if text else ["empty"])
        for i, text in enumerate(said)
    ]  # fmt: skip


def scored(said: list[str], end: str | None = None, scripted: int = 1, **metadata: str) -> Score:
    episode = Episode(store=Store(), notes=notes(said, scripted), end=end)
    return score_conversation(episode, {**LIVE, **metadata})


def value(found: Score) -> dict[str, float]:
    assert isinstance(found.value, dict)
    return {key: float(number) for key, number in found.value.items() if isinstance(number, int | float)}


def test_a_live_conversation() -> None:
    found = scored(SAID, "calmed")
    assert value(found) == {
        "cts_d": 0.5, "auc": -2, "slope": -1.5, "overshoot": 0, "escalated": 0, "de_escalated": 1,
        "conduct": 0.75, "v1": 0, "v2": 0.5, "v3": 0.5, "v4": 0, "words": 6, "turns": 2, "truncated": 0,
    }  # fmt: skip
    assert found.metadata == {
        "levels": [3, 2, 0], "end": "calmed", "seed_id": "service-01", "arm": "vanilla", "simulator": "rule",
        "person": {"turns": 2, "free": 2, "outside_facts": 0, "role_breaks": 0},
    }  # fmt: skip
    assert found.explanation == "Level 3 at the opening and 0 after 2 replies; the person left calm."


def test_fixed_turns_leave_the_trajectory_undefined() -> None:
    found = value(scored(SAID, "cap", mode="scripted"))
    assert all(math.isnan(found[key]) for key in TRAJECTORY)
    assert found["conduct"] == 0.75


def test_a_conversation_cut_short_counts_what_was_answered() -> None:
    found = scored(SAID[:4])
    assert found.metadata is not None
    assert (found.metadata["levels"], found.metadata["end"]) == ([3, 2], "limit")
    assert (value(found)["cts_d"], value(found)["turns"]) == (0.25, 2)
    unanswered = value(scored(SAID[:2]))
    assert math.isnan(unanswered["cts_d"])
    assert unanswered["turns"] == 1


def test_a_reply_that_did_not_end_is_counted() -> None:
    found = value(scored([OPENING, "", "Hello?", CALM, "Hm."]))
    assert (found["truncated"], found["turns"], found["words"]) == (1, 2, 3.5)


def test_a_branch_is_scored_on_the_replies_of_the_target_alone() -> None:
    said = [OPENING, "Calm down.", "You're not listening.", CALM, "It is still late.", CALM, "Fair enough."]
    found = value(scored(said, "cap", scripted=3, mode="branch"))
    assert (found["outcome"], found["turns"], found["v2"]) == (1.5, 2, 0)
    assert math.isnan(found["cts_d"])
    left = value(scored(said[:5], "fed_up", scripted=3, mode="branch"))
    assert (left["outcome"], left["turns"]) == (-1, 1)
    assert math.isnan(value(scored(said[:4], "limit", scripted=3, mode="branch"))["outcome"])


def test_without_a_reply_nothing_is_scored() -> None:
    for said in ([], [OPENING]):
        assert scored(said).reason == "no_response"


@solver
def recorded() -> Solver:
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        episode = state.store_as(Episode)
        episode.notes, episode.end = notes(SAID), "calmed"
        return state

    return solve


def test_a_log_is_graded_again_with_the_same_result(tmp_path: Path) -> None:
    samples = [
        Sample(id=f"{seed}:{mode}", input=OPENING, metadata={**LIVE, "seed_id": seed, "mode": mode})
        for seed in ("service-01", "work-01")
        for mode in ("live", "scripted")
    ]
    task = Task(dataset=samples, solver=recorded(), scorer=escalation())
    log = eval(task, model="mockllm/model", log_dir=str(tmp_path), display="none")[0]
    assert log.status == "success"
    again = score(log, escalation(), action="overwrite", display="none")
    assert summary(again) == summary(log)
    assert summary(log)["cts_d"]["mean"] == 0.5
    assert summary(log)["conduct"]["mean"] == 0.75


def summary(log: EvalLog) -> dict[str, dict[str, float]]:
    assert log.results is not None
    return {s.name: {name: m.value for name, m in s.metrics.items()} for s in log.results.scores}
