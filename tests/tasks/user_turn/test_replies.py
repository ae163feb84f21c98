"""Frozen replies: from JSON lines and from a real log, and what is said of files that do not fit."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.solver import Generate, TaskState, solver

from interplay.solvers.user_record import Reply, UserTurnRecord, write_record
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.user_turn.replies import frozen_replies

LONG = "On Friday Priya baked 36 rolls. " * 200


def lines(path: Path, *entries: object) -> Path:
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")
    return path


def line(name: str, **more: object) -> dict[str, object]:
    return {"id": name, "reply": f"Reply to {name}.", "model": "openai/gpt-5"} | more


@solver
def record_of_sample():
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        if "record" in state.metadata:
            write_record(state.store, UserTurnRecord.model_validate(state.metadata["record"]))
        return state

    return solve


def log_of(folder: Path, name: str, records: dict[str, UserTurnRecord | None], **options: object) -> Path:
    samples = [
        Sample(
            id=context_id,
            input="Q?",
            metadata={"context_id": context_id}
            | ({} if record is None else {"record": record.model_dump(mode="json")}),
        )
        for context_id, record in records.items()
    ]
    task = Task(name=name, dataset=samples, solver=record_of_sample())
    (log,) = eval(task, model="mockllm/model", log_dir=str(folder), log_format="eval", **options)
    assert log.status == "success"
    return Path(log.location)


def replied(text: str, **more: object) -> UserTurnRecord:
    return UserTurnRecord(reply=Reply(text=text, source="generated", model="vllm/tiny", **more))


def test_lines_give_all_replies_and_the_hash_of_the_file(tmp_path):
    path = lines(tmp_path / "replies.jsonl", line("a"), line("b", note="extra"), line("c"))
    frozen = frozen_replies(path, ["c", "a"])
    assert frozen.sha256 == sha256(path.read_bytes()).hexdigest()
    assert frozen.replies == {
        name: Reply(text=f"Reply to {name}.", source="replies", model="openai/gpt-5")
        for name in ("a", "b", "c")
    }


def test_a_separator_inside_a_reply_does_not_end_a_line(tmp_path):
    path = tmp_path / "replies.jsonl"
    path.write_text('{"id":"a","reply":"one\u2028two\x85three"}\n\n', encoding="utf-8")
    assert frozen_replies(path, ["a"]).replies["a"].text == "one\u2028two\x85three"
    assert frozen_replies(path, ["a"]).replies["a"].model == "-"


def test_a_log_of_replies_gives_them_with_all_that_is_known(tmp_path):
    records = {
        "a": replied(LONG, tokens=2048, capped=True, correct=1.0),
        "b": replied("48"),
        "c": UserTurnRecord(problem="no_reply"),
    }
    path = log_of(tmp_path, "user_turn_replies", records)
    frozen = frozen_replies(path, ["a", "b", "c"])
    assert frozen.sha256 == sha256(path.read_bytes()).hexdigest()
    assert frozen.replies["a"] == Reply(
        text=LONG, source="replies", model="vllm/tiny", tokens=2048, capped=True, correct=1.0
    )
    assert frozen.replies["b"].text == "48"
    assert (frozen.replies["c"].text, frozen.replies["c"].model) == ("", "mockllm/model")


def test_samples_of_a_log_without_a_record_are_missing(tmp_path):
    path = log_of(tmp_path, "user_turn_replies", {"a": replied("48"), "b": None})
    assert set(frozen_replies(path, ["a"]).replies) == {"a"}
    with pytest.raises(UserMistake, match=r"1 context \(b\) without a reply; make them"):
        frozen_replies(path, ["a", "b"])


def test_epochs_of_a_log_are_duplicates(tmp_path):
    path = log_of(tmp_path, "user_turn_replies", {"a": replied("48")}, epochs=2)
    with pytest.raises(UserMistake, match=r"1 context \(a\) given twice"):
        frozen_replies(path, ["a"])


def test_a_log_of_another_task_is_refused(tmp_path):
    path = log_of(tmp_path, "user_turn", {"a": replied("48")})
    with pytest.raises(UserMistake, match="a log of user_turn, not of user_turn_replies"):
        frozen_replies(path, ["a"])


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + bytes(18)])
def test_a_file_that_is_no_log_is_refused(tmp_path, content):
    path = tmp_path / "replies.eval"
    path.write_bytes(content)
    with pytest.raises(UserMistake, match=r"replies=replies\.eval: this is no Inspect log"):
        frozen_replies(path, ["a"])


def test_missing_and_duplicate_ids_are_counted_and_the_first_three_named(tmp_path):
    path = lines(tmp_path / "r.jsonl", *[line(name) for name in "aabbccddz"])
    with pytest.raises(UserMistake, match=r"replies=r\.jsonl: 4 contexts \(a, b, c, …\) given twice"):
        frozen_replies(path, ["a"])
    path = lines(tmp_path / "r.jsonl", line("z"))
    with pytest.raises(UserMistake, match=r"5 contexts \(a, b, c, …\) without a reply"):
        frozen_replies(path, list("abczde"))
    with pytest.raises(UserMistake, match=r"2 contexts \(a, b\) without a reply"):
        frozen_replies(path, list("azb"))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"id": "a"}', "line 2: reply: Field required"),
        (b'{"id": "a", "reply": 3}', "line 2: reply: "),
        (b"not JSON", "line 2: JSON: "),
        (b'{"id": "a", "reply": "\xff"}', "line 2: JSON: "),
    ],
)
def test_a_line_that_does_not_fit_is_named(tmp_path, content, told):
    path = tmp_path / "r.jsonl"
    path.write_bytes(b'{"id": "z", "reply": "Z."}\n' + content + b"\n")
    with pytest.raises(UserMistake, match=told) as caught:
        frozen_replies(path, ["z"])
    assert "\n" not in caught.value.message
    assert 'a line is {"id": …, "reply": …, "model": …}' in caught.value.message


def test_a_path_without_a_file_is_refused(tmp_path):
    with pytest.raises(UserMistake, match="there is no such file"):
        frozen_replies(tmp_path, ["a"])
