"""What the tasks declare, and whole runs with the scripted players: their labels, stored and scored again."""

import inspect
import json
from pathlib import Path

import pytest
from inspect_ai import score
from inspect_ai.model import GenerateConfig

from interplay.scorers.followup import followup, turn_labels
from interplay.tasks.catalog import family
from interplay.tasks.mistakes import NotLoaded
from interplay.tasks.user_turn import user_turn, user_turn_prompted, user_turn_replies
from interplay.tasks.user_turn.contexts import load, smoke
from interplay.tasks.user_turn.perturb import ARMS
from interplay.tasks.user_turn.runs import RECORDS, default_runs

from .playing import TASKS, played, record_of, samples, saying, values

LABELS = {
    "curious": "genuine",
    "parrot": "restate_prompt",
    "drifter": "assistant_drift",
    "closer": "closer",
    "mute": "empty",
}
GFR = dict.fromkeys(LABELS, 0.0) | {"curious": 1.0}


@pytest.mark.parametrize("task", TASKS)
def test_defaults_are_those_of_the_records(task: str) -> None:
    defaults = {n: p.default for n, p in inspect.signature(TASKS[task]).parameters.items()}
    assert defaults == vars(RECORDS[task]())


def test_smoke_takes_three_contexts_of_each_domain() -> None:
    task = user_turn(preset="smoke")
    assert [sample.id for sample in task.dataset] == [context.id for context in smoke()]
    assert len(task.dataset) == 9
    assert task.version == "1.0.0"
    sample = task.dataset[0]
    metadata = sample.metadata or {}
    assert json.loads(metadata["source"])[-1] == {"content": sample.input, "role": "user"}
    assert set(metadata) >= {"context_id", "dataset", "domain", "turns", "source"}


def test_an_unpinned_source_is_refused_before_anything_is_fetched() -> None:
    with pytest.raises(NotLoaded) as refused:
        user_turn()
    assert refused.value.message == (
        "user_turn: dataset 'coval' is not pinned; "
        'run "python -m interplay.tasks.user_turn.contexts pin coval"'
    )


def test_the_family_runs_natively_by_default() -> None:
    record = family("user_turn")
    assert record is not None
    assert all(default_runs(preset) == [("user_turn", {})] for preset in record.presets)


def test_a_run_begins_with_what_may_refuse_it(tmp_path: Path) -> None:
    log = played(user_turn(preset="smoke", limit=1), tmp_path)
    assert [step.solver for step in log.plan.steps] == [
        "interplay/one_epoch_with_roles",
        "interplay/write_user_turns",
    ]
    assert len(samples(log)) == 1


@pytest.mark.parametrize(
    "player",
    [pytest.param(name, marks=() if name in ("curious", "mute") else pytest.mark.slow) for name in LABELS],
)
def test_every_player_has_its_label_on_every_context(player: str, tmp_path: Path) -> None:
    log = played(user_turn(datasets="bundled", k=2), tmp_path, f"reference/{player}")
    turns = [turn for s in samples(log) for turn in (s.scores or {})["followup"].metadata["turns"]]
    assert len(turns) == 60 * 3
    assert {turn["label"] for turn in turns} == {LABELS[player]}
    assert {value["gfr_t1"] for value in values(log)} == {GFR[player]}
    shares = values(log, "turn_labels")
    assert all(value == {name: float(name == LABELS[player]) for name in value} for value in shares)
    assert {turn.terminator for s in samples(log) for turn in record_of(s).arms["base"].turns} == {
        "end_of_user"
    }


def test_a_stored_log_is_scored_to_the_same_again_without_a_model(tmp_path: Path) -> None:
    log = played(user_turn(preset="smoke", arms="all"), tmp_path)
    again = score(log, [followup(), turn_labels()], action="overwrite", model="none/none", display="none")
    for before, after in zip(samples(log), again.samples or [], strict=True):
        assert repr((before.scores or {})["followup"].value) == repr((after.scores or {})["followup"].value)
        assert (before.scores or {})["turn_labels"].value == (after.scores or {})["turn_labels"].value


@pytest.mark.parametrize("arms", [None, pytest.param("all", marks=pytest.mark.slow)])
def test_two_runs_write_the_same(arms: str | None, tmp_path: Path) -> None:
    chosen = {} if arms is None else {"arms": arms}
    first, second = (played(user_turn(preset="smoke", **chosen), tmp_path / name) for name in "ab")
    kept = [[record_of(sample).model_dump() for sample in samples(log)] for log in (first, second)]
    assert kept[0] == kept[1]


@pytest.mark.slow
def test_every_arm_is_run_or_skipped_with_its_reason(tmp_path: Path) -> None:
    log = played(user_turn(preset="smoke", arms="all", k=2), tmp_path)
    for sample in samples(log):
        arms = record_of(sample).arms
        assert tuple(arms) == ARMS
        for name, arm in arms.items():
            assert len(arm.turns) == (3 if name == "base" else 0 if arm.skipped else 4), name
        assert arms["header_append"].skipped == "identical"
        assert arms["cut50"].shown != arms["base"].shown
        assert arms["cut50"].turns != arms["base"].turns


def test_the_viewer_sees_question_reply_and_greedy_turn(tmp_path: Path) -> None:
    sample = samples(played(user_turn(preset="smoke"), tmp_path))[0]
    roles = [message.role for message in sample.messages]
    assert roles[-3:] == ["user", "assistant", "user"]
    assert sample.messages[-1].text == record_of(sample).arms["base"].turns[0].text


def test_replies_of_one_run_are_frozen_for_another(tmp_path: Path) -> None:
    replies = played(user_turn_replies(preset="smoke"), tmp_path / "a", saying("It is seventeen turnips."))
    assert {value["correct"] for value in values(replies, "correct_reply")} <= {0.0, 1.0}
    log = played(user_turn(preset="smoke", replies=replies.location), tmp_path / "b")
    for sample in samples(log):
        record = record_of(sample)
        assert record.reply is not None
        assert record.reply.text == "It is seventeen turnips."
        assert record.reply.source == "replies"
        assert record.reply.model == "mockllm/talker"
        assert record.replies_sha256 is not None
        assert "seventeen" in record.arms["base"].turns[0].text


def test_another_author_can_write_the_replies(tmp_path: Path) -> None:
    log = played(
        user_turn(preset="smoke"), tmp_path, model_roles={"assistant": saying("Ask the gardener instead.")}
    )
    replies = [record.reply for sample in samples(log) if (record := record_of(sample))]
    assert {(reply.source, reply.text) for reply in replies if reply} == {
        ("assistant", "Ask the gardener instead.")
    }


def test_frozen_replies_that_miss_a_context_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text(json.dumps({"id": load("bundled")[0].id, "reply": "One.", "model": "m"}) + "\n", "utf-8")
    with pytest.raises(Exception, match=r"replies=replies\.jsonl: "):
        user_turn_prompted(datasets="bundled", replies=str(path))


def test_a_chat_provider_is_told_what_to_use_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    log = played(user_turn(preset="smoke", limit=1, datasets="bundled"), tmp_path, "openai/gpt-4o")
    assert log.status == "error"
    assert log.error is not None
    assert (
        "use 'user_turn_prompted', or serve the weights and use vllm-completions/<model>" in log.error.message
    )


def test_a_log_of_another_task_is_not_scored(tmp_path: Path) -> None:
    from inspect_ai import Task, eval
    from inspect_ai.dataset import Sample

    log = eval(Task([Sample(input="hm")], config=GenerateConfig()), model="reference/curious",
               log_dir=str(tmp_path), score=False)[0]  # fmt: skip
    scored = score(log, followup(), action="overwrite", model="none/none", display="none")
    assert (scored.samples or [])[0].scores["followup"].reason == "not_a_user_turn_log"  # type: ignore[index]
