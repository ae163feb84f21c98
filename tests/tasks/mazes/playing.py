"""What the tests of the tasks share: a run, its samples and notes, a model that says given texts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from inspect_ai import Task, eval
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import ChatMessage, Model, ModelOutput, ModelUsage, StopReason, get_model

from interplay.solvers.dialogue import Episode
from interplay.tasks.mazes import maze_collab, maze_relay, maze_solo

TASKS: dict[str, Callable[..., Task]] = {
    "maze_solo": maze_solo,
    "maze_collab": maze_collab,
    "maze_relay": maze_relay,
}


CARTOGRAPHER = "reference/cartographer"


def played(task: Task, log_dir: Path, model: str | Model = CARTOGRAPHER, **options: Any) -> EvalLog:
    """The log of a run."""
    return eval(task, model=model, log_dir=str(log_dir), **options)[0]


def samples(log: EvalLog) -> list[EvalSample]:
    """Its samples."""
    assert log.status == "success", log.error
    return log.samples or []


def first_sample(log: EvalLog) -> EvalSample:
    """The first of them."""
    return samples(log)[0]


def notes_of(sample: EvalSample) -> list[tuple[int, str, str]]:
    """Seat, speaker and text of every note."""
    return [(note.seat, note.model, note.text) for note in sample.store_as(Episode).notes]


def saying(*texts: str, name: str = "talker", stop: StopReason = "stop") -> Model:
    """A model that says these texts in turn, the last one for ever, and stops for that reason."""
    rest = list(texts)

    def output(messages: list[ChatMessage], *_: object) -> ModelOutput:
        text = rest.pop(0) if len(rest) > 1 else rest[0]
        reply = ModelOutput.from_content("mockllm", text, stop_reason=stop)
        reply.usage = ModelUsage(input_tokens=3, output_tokens=2, total_tokens=5)
        return reply

    return get_model(f"mockllm/{name}", custom_outputs=output)
