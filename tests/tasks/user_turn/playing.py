"""What the tests of the tasks share: a run, its samples, their records, a model that says given texts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from inspect_ai import Task, eval
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import ChatMessage, Model, ModelOutput, ModelUsage, get_model

from interplay.solvers.user_record import UserTurnRecord, read_record
from interplay.tasks.user_turn import user_turn, user_turn_likelihood, user_turn_prompted, user_turn_replies

TASKS: dict[str, Callable[..., Task]] = {
    "user_turn": user_turn,
    "user_turn_prompted": user_turn_prompted,
    "user_turn_likelihood": user_turn_likelihood,
    "user_turn_replies": user_turn_replies,
}


def played(task: Task, log_dir: Path, model: str | Model = "reference/curious", **options: Any) -> EvalLog:
    """The log of a run."""
    return eval(task, model=model, log_dir=str(log_dir), **options)[0]


def samples(log: EvalLog) -> list[EvalSample]:
    """Its samples."""
    assert log.status == "success", log.error
    return log.samples or []


def record_of(sample: EvalSample) -> UserTurnRecord:
    """What the episode kept."""
    from inspect_ai.util import Store

    record = read_record(Store(sample.store))
    assert record is not None
    return record


def values(log: EvalLog, scorer: str = "followup") -> list[dict[str, Any]]:
    """The value of every sample's score."""
    found = [(sample.scores or {})[scorer].value for sample in samples(log)]
    return [value for value in found if isinstance(value, dict)]


def saying(*texts: str, name: str = "talker") -> Model:
    """A chat model that says these texts in turn, the last one for ever."""
    rest = list(texts)

    def output(messages: list[ChatMessage], *_: object) -> ModelOutput:
        text = rest.pop(0) if len(rest) > 1 else rest[0]
        reply = ModelOutput.from_content("mockllm", text)
        reply.usage = ModelUsage(input_tokens=3, output_tokens=2, total_tokens=5)
        return reply

    return get_model(f"mockllm/{name}", custom_outputs=output)
