"""Episodes against a server of completions: what is sent, kept, counted and left unscored."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from inspect_ai import Task, eval
from inspect_ai.dataset import MemoryDataset
from inspect_ai.log import EvalLog, EvalSample

from interplay.solvers.user_record import UserTurnRecord, read_record
from interplay.solvers.user_role import write_user_turns
from interplay.tasks.user_turn.context import Context, Msg, context_id
from interplay.tasks.user_turn.dataset import sample_of

from .characters import character_tokenizer, golden_rows
from .loopback import Choice, Loopback, completion, model_of


def context(query: str, reply: str | None = None) -> Context:
    messages = (Msg(role="user", content=query),)
    return Context(
        id=context_id("bundled", messages), dataset="bundled", domain="maths", messages=messages, reply=reply
    )


def played(
    loopback: Loopback, folder: Path, *queries: str, arms: Sequence[str] = ("base",), k: int = 4
) -> EvalLog:
    """An eval of the native solver against the server, with a tokenizer saved in a folder."""
    row = next(row for row in golden_rows() if row.template == "qwen3")
    text = (Path(__file__).parent / "templates" / "qwen3.jinja").read_text(encoding="utf-8")
    tokenizer = character_tokenizer(text, row.specials, row.eos)
    tokenizer.save_pretrained(folder / "tokenizer")
    ends = {"eos_token_id": tokenizer.convert_tokens_to_ids(["<|endoftext|>", "<|im_end|>"])}
    (folder / "tokenizer" / "generation_config.json").write_text(json.dumps(ends), encoding="utf-8")
    solver = write_user_turns(
        temperatures=(0.0, 1.0),
        k=k,
        arms=arms,  # pyright: ignore[reportArgumentType]
        seed=1,
        replies=None,
        tokenizer=str(folder / "tokenizer"),
        chat_template=None,
        template_kwargs={},
        server="vllm",
    )
    task = Task(dataset=MemoryDataset([sample_of(context(query)) for query in queries]), solver=solver)
    return eval(task, model=model_of(loopback), log_dir=str(folder / "logs"), display="none", max_retries=0)[
        0
    ]


def records(log: EvalLog) -> list[UserTurnRecord]:
    assert log.status == "success", log.error
    found = [record for sample in log.samples or [] if (record := kept(sample)) is not None]
    assert len(found) == len(log.samples or [])
    return found


def kept(sample: EvalSample) -> UserTurnRecord | None:
    from inspect_ai.util import Store

    return read_record(Store(sample.store))


def test_an_episode_sends_the_ids_of_the_template(loopback: Loopback, tmp_path: Path) -> None:
    loopback.answer = lambda body: (
        200,
        completion(
            body, "<think>\nhm\n</think>\n\nA.<|im_end|>" if body["max_tokens"] > 256 else "Why?<|im_end|>"
        ),
    )
    (record,) = records(played(loopback, tmp_path, "Q?"))
    template = next(row for row in golden_rows() if row.template == "qwen3")
    reply, greedy, sampled = loopback.bodies
    ids = template.chat().ids
    prompt = "<|im_start|>user\nQ?<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
    assert reply["prompt"] == ids(prompt)
    assert reply["stop_token_ids"] == sorted(ids("<|endoftext|><|im_end|>"))
    assert greedy["stop_token_ids"] == sorted(ids("<|endoftext|><|im_end|><|im_start|>"))
    assert (reply["max_tokens"], reply["temperature"], reply["n"]) == (2048, 0.0, 1)
    assert greedy["prompt"] == sampled["prompt"] == ids(template.prefix())
    assert (greedy["n"], sampled["n"]) == (1, 4)
    assert greedy["stop_token_ids"] == sampled["stop_token_ids"]
    assert record.reply is not None
    assert record.reply.text == "A."
    assert record.render is not None
    assert (record.render.transport, record.render.header) == ("ids", "<|im_start|>user\n")
    assert record.render.stop_ids == greedy["stop_token_ids"]
    base = record.arms["base"].turns
    assert [(turn.t, turn.i, turn.text, turn.terminator) for turn in base] == [
        (0.0, 0, "Why?", "end_of_user"),
        *((1.0, i, "Why?", "end_of_user") for i in range(4)),
    ]


def test_missing_choices_are_counted(loopback: Loopback, tmp_path: Path) -> None:
    loopback.answer = lambda body: (
        200,
        completion(body, "A.<|im_end|>") if body["n"] == 1 else completion(body, "Why?", "And?"),
    )
    (record,) = records(played(loopback, tmp_path, "Q?"))
    assert record.arms["base"].short_k == 2
    assert [turn.text for turn in record.arms["base"].turns] == ["A.", "Why?", "And?"]


def test_run_on_turns_are_detected(loopback: Loopback, tmp_path: Path) -> None:
    run_on = "Why?\nassistant\nBecause it is so."
    loopback.answer = lambda body: (
        200,
        completion(body, "A.<|im_end|>" if body["max_tokens"] > 256 else Choice(run_on, "length")),
    )
    (record,) = records(played(loopback, tmp_path, "Q?"))
    assert {(t.text, t.terminator, t.ran_on) for t in record.arms["base"].turns} == {("Why?", "role_line", 4)}


@pytest.mark.parametrize(
    ("query", "reply", "problem"),
    [
        ("What is <|im_end|> for?", "It ends a turn.", "structural_token_in_context"),
        ("Q?", "<think>\nI wonder", "no_reply"),
    ],
)
def test_samples_that_cannot_be_played_say_why(
    loopback: Loopback, tmp_path: Path, query: str, reply: str, problem: str
) -> None:
    loopback.answer = lambda body: (200, completion(body, reply))
    (record,) = records(played(loopback, tmp_path, query))
    assert (record.problem, record.arms) == (problem, {})
    assert len(loopback.bodies) == 1


def test_a_long_context_leaves_its_sample_unscored_and_keeps_the_others(
    loopback: Loopback, tmp_path: Path
) -> None:
    long = {"error": {"message": "maximum context length is 99 tokens"}}
    loopback.answer = lambda body: (400, long) if len(body["prompt"]) > 200 else (200, completion(body, "A."))
    found = records(played(loopback, tmp_path, "Q?", "Q " * 200))
    assert sorted(str(record.problem) for record in found) == ["None", "context_too_long"]


def test_control_arms_send_what_they_show(loopback: Loopback, tmp_path: Path) -> None:
    loopback.answer = lambda body: (200, completion(body, "One two three four."))
    arms = ("base", "cut50", "prior", "no_context", "header_append", "header_bare")
    (record,) = records(played(loopback, tmp_path, "Q?", arms=arms))
    row = next(row for row in golden_rows() if row.template == "qwen3")
    characters = row.chat().tokenizer._tokenizer  # pyright: ignore[reportAttributeAccessIssue]
    sent = ["".join(characters.convert_ids_to_tokens(body["prompt"])) for body in loopback.bodies[1:]]
    native = row.prefix(reply="One two three four.")
    assert sent[:4:2] == [native, row.prefix(reply="One two")]
    assert sent[4].endswith(native)
    assert "potatoes" in sent[4]
    assert sent[6] == "<|im_start|>user\n"
    assert "<think>" in sent[8]
    assert sent[10] == native.rstrip()
    assert all([turn.t for turn in record.arms[arm].turns] == [0.0, 1.0, 1.0, 1.0] for arm in arms[1:])
