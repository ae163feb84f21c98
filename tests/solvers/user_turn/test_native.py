"""Native for real: a small transformer writes user turns through the hf provider of Inspect, on CPU."""

import importlib.util
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import Task, eval
from inspect_ai.dataset import MemoryDataset
from inspect_ai.model import Model, get_model
from inspect_ai.util import Store

from interplay.solvers.user_model_args import HF_FLAGS, model_args_for
from interplay.solvers.user_record import Turn, UserTurnRecord, read_record
from interplay.solvers.user_rendering import ChatTemplate
from interplay.solvers.user_role import write_user_turns
from interplay.solvers.user_tokenizers import HubTokenizer
from interplay.solvers.user_transport import transport_for
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.user_turn.context import Context, Msg, context_id
from interplay.tasks.user_turn.contexts import smoke
from interplay.tasks.user_turn.dataset import sample_of
from interplay.tasks.user_turn.task import user_turn

TORCH = all(importlib.util.find_spec(name) for name in ("torch", "accelerate"))
REQUIRED = "INTERPLAY_REQUIRE_TORCH" in os.environ
"""Where this is set, as in continuous integration, a missing torch is a failure."""

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(not TORCH and not REQUIRED, reason="no torch found"),
]

RUNS_ON = ("Is it 3?", "Yes, it is 3.", "Why 3?\nassistant\nAs it is.")
STOPS = ("Is it 4?", "Yes, it is 4.", "Why 4?")


@pytest.fixture(scope="module")
def random_name(tmp_path_factory: pytest.TempPathFactory) -> str:
    from . import tiny_hf

    return tiny_hf.saved(tiny_hf.random_model(), tmp_path_factory.mktemp("random"))


@pytest.fixture(scope="module")
def trained_name(tmp_path_factory: pytest.TempPathFactory) -> str:
    from . import tiny_hf

    words = tiny_hf.tokenizer()
    roles = ("user", "assistant", "user")
    known = [
        words.apply_chat_template(
            [{"role": role, "content": text} for role, text in zip(roles, said, strict=True)], tokenize=False
        )
        for said in (RUNS_ON, STOPS)
    ]
    return tiny_hf.saved(tiny_hf.trained_model(known), tmp_path_factory.mktemp("trained"))


def loaded(name: str, **arguments: Any) -> Model:
    return get_model(name, memoize=False, device="cpu", **arguments)


def context(query: str) -> Context:
    messages = (Msg(role="user", content=query),)
    return Context(id=context_id("bundled", messages), dataset="bundled", domain="maths", messages=messages)


def played(model: Model, contexts: Sequence[Context], folder: Path) -> list[UserTurnRecord]:
    """The records of an eval of the solver alone, in the order of the contexts."""
    solver = write_user_turns(
        temperatures=(0.0, 1.0),
        k=3,
        arms=("base",),
        seed=1,
        replies=None,
        tokenizer=None,
        chat_template=None,
        template_kwargs={},
        server="vllm",
    )
    task = Task(dataset=MemoryDataset([sample_of(one) for one in contexts]), solver=solver)
    return records(task, model, contexts, folder)


def records(task: Task, model: Model, contexts: Sequence[Context], folder: Path) -> list[UserTurnRecord]:
    """The records of an eval, in the order of the contexts."""
    log = eval(task, model=model, log_dir=str(folder), display="none")[0]
    assert log.status == "success", log.error
    by_id = {sample.id: read_record(Store(sample.store)) for sample in log.samples or []}
    found = [record for one in contexts if (record := by_id[one.id]) is not None]
    assert len(found) == len(contexts)
    return found


def base(record: UserTurnRecord, temperature: float) -> list[Turn]:
    return [turn for turn in record.arms["base"].turns if turn.t == temperature]


@pytest.mark.slow
def test_a_model_that_knows_its_lines(trained_name: str, tmp_path: Path) -> None:
    from . import tiny_hf

    model = loaded(trained_name, **model_args_for(trained_name))
    transformer: Any = model.api.model  # pyright: ignore[reportAttributeAccessIssue]
    generate = transformer.generate
    read: list[tuple[list[int], dict[str, Any]]] = []

    def watched(**arguments: Any) -> Any:
        for row, mask in zip(arguments["input_ids"], arguments["attention_mask"], strict=True):
            read.append((row[mask.bool()].tolist(), arguments))
        return generate(**arguments)

    transformer.generate = watched
    contexts = [context(query) for query, _, _ in (RUNS_ON, STOPS)]
    runs_on, stops = played(model, contexts, tmp_path)

    assert [record.reply.text for record in (runs_on, stops) if record.reply] == [RUNS_ON[1], STOPS[1]]
    (greedy,) = base(runs_on, 0.0)
    assert (greedy.text, greedy.terminator, greedy.ran_on) == ("Why 3?", "role_line", 3)
    (greedy,) = base(stops, 0.0)
    assert (greedy.text, greedy.terminator, greedy.ran_on) == ("Why 4?", "hidden", 0)
    assert [len(base(record, 1.0)) for record in (runs_on, stops)] == [3, 3]

    template = ChatTemplate(HubTokenizer(tiny_hf.tokenizer(), "tiny"))
    for one, reply, record in ((contexts[0], RUNS_ON[1], runs_on), (contexts[1], STOPS[1], stops)):
        prefix = template.render(one.messages, reply).prefix
        assert prefix.endswith("<|start|>user\n")
        greedily = [args for ids, args in read if ids == template.ids(prefix) and args["top_k"] == 1]
        sampled = [args for ids, args in read if ids == template.ids(prefix) and args["top_k"] == 0]
        assert (len(greedily), len(sampled)) == (1, 3)
        assert {args["max_new_tokens"] for args in greedily + sampled} == {256}
        assert {args["temperature"] for args in greedily + sampled} == {1.0}
        assert record.render is not None
        assert (record.render.transport, record.render.header) == ("text", "<|start|>user\n")
        assert record.render.end_marker == "<|end|>"
        assert sorted(record.render.stop_ids) == sorted(template.ids("<|start|><|end|>"))
    assert len(read) == 2 * (1 + 1 + 3)


@pytest.mark.slow
def test_smoke_on_random_weights(random_name: str, tmp_path: Path) -> None:
    contexts = smoke()[:3]
    replies = tmp_path / "replies.jsonl"
    lines = [json.dumps({"id": one.id, "reply": one.reply, "model": "-"}) for one in contexts]
    replies.write_text("\n".join(lines), encoding="utf-8")
    model = loaded(random_name, **model_args_for(random_name))
    task = user_turn(preset="smoke", limit=3, replies=str(replies))
    again = user_turn(preset="smoke", limit=3, replies=str(replies), temperatures=0)
    first = records(task, model, contexts, tmp_path)
    second = records(again, model, contexts, tmp_path)
    for one, before, after in zip(contexts, first, second, strict=True):
        assert before.reply is not None
        assert (before.reply.text, before.reply.source, before.problem) == (one.reply, "replies", None)
        assert [turn.raw for turn in base(before, 0.0)] == [turn.raw for turn in base(after, 0.0)]
        turns = before.arms["base"].turns
        assert [(turn.t, turn.i) for turn in turns] == [(0.0, 0), (1.0, 0), (1.0, 1), (1.0, 2)]
        assert all(len(turn.raw) <= 256 and "<|" not in turn.text for turn in turns)
        assert {turn.terminator for turn in turns} <= {"hidden", "length", "role_line"}
    draws = {turn.raw for record in first for turn in base(record, 1.0)}
    assert len(draws) > 6


def test_a_window_too_small_leaves_the_sample_unscored(random_name: str, tmp_path: Path) -> None:
    model = loaded(random_name, **model_args_for(random_name))
    (record,) = played(model, [context("word " * 1000)], tmp_path)
    assert (record.problem, record.arms) == ("context_too_long", {})


@pytest.mark.parametrize("left_out", ["chat_template", "tokenizer_call_args"])
def test_a_provider_that_would_change_the_prompt_is_told_the_flags(random_name: str, left_out: str) -> None:
    arguments = {name: value for name, value in model_args_for(random_name).items() if name != left_out}
    with pytest.raises(UserMistake) as refused:
        transport_for(loaded(random_name, **arguments), "vllm", None, None, {})
    assert "-M chat_template=" in refused.value.message
    assert "-M tokenizer_call_args='{\"add_special_tokens\": false}'" in refused.value.message


def test_a_provider_that_does_not_sample_is_refused(random_name: str) -> None:
    model = loaded(random_name, do_sample=False, **model_args_for(random_name))
    with pytest.raises(UserMistake, match="drop -M do_sample=false"):
        transport_for(model, "vllm", None, None, {})


def test_sampling_settings_of_the_model_are_taken_back(random_name: str) -> None:
    model = loaded(random_name, **model_args_for(random_name))
    settings: Any = model.api.model.generation_config  # pyright: ignore[reportAttributeAccessIssue]
    settings.repetition_penalty, settings.min_p = 1.3, 0.2
    transport_for(model, "vllm", None, None, {})
    assert (settings.repetition_penalty, settings.min_p) == (None, None)


def test_the_flags_are_read_by_the_command_line_of_inspect(random_name: str) -> None:
    import shlex

    from inspect_ai._cli.util import parse_cli_args

    words = shlex.split(HF_FLAGS)
    arguments = parse_cli_args(words[1::2])
    transport = transport_for(loaded(random_name, **arguments), "vllm", None, None, {})
    assert transport.kind == "text"
