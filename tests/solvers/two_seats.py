"""What the engine tests share: speakers that answer from a function, and an eval of one dialogue."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    Content,
    Model,
    ModelOutput,
    ModelUsage,
    StopReason,
    get_model,
)
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import Store

from interplay.solvers.dialogue import Episode, Note, Seats, converse

Answer = str | ModelOutput
Playing = Callable[[TaskState, Episode], Any]


def said(
    text: str | list[Content],
    *,
    stop: StopReason = "stop",
    input_tokens: int = 10,
    output_tokens: int = 7,
    reasoning_tokens: int | None = None,
    cached: int | None = None,
) -> ModelOutput:
    """An output with usage."""
    return ModelOutput(
        model="mock",
        choices=[
            ChatCompletionChoice(
                message=ChatMessageAssistant(content=text, source="generate"), stop_reason=stop
            )
        ],
        usage=ModelUsage(
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            total_tokens=input_tokens + output_tokens,
            reasoning_tokens=reasoning_tokens,
            input_tokens_cache_read=cached,
        ),
    )


def speaker(answer: Callable[[list[ChatMessage]], Answer], name: str = "speaker") -> Model:
    """A model that answers by a function of what it is sent."""

    def output(messages: list[ChatMessage], *_: object) -> ModelOutput:
        reply = answer(messages)
        return said(reply) if isinstance(reply, str) else reply

    return get_model(f"mockllm/{name}", custom_outputs=output)


def saying(*texts: Answer, name: str = "speaker") -> Model:
    """A model that says these texts in turn, the last one for ever."""
    rest = list(texts)
    return speaker(lambda _: rest.pop(0) if len(rest) > 1 else rest[0], name)


def counting(name: str = "speaker") -> Model:
    """A model whose notes are all different."""
    numbers = iter(range(1_000))
    return speaker(lambda _: f"{name} says {next(numbers)}", name)


@solver
def playing(play: Playing) -> Solver:
    """The given steps as a solver."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        await play(state, state.store_as(Episode))
        return state

    return solve


def run(play: Playing, log_dir: Path, **options: Any) -> EvalLog:
    """An eval of one sample, with logs in the given folder."""
    task = Task(dataset=[Sample(id="one", input="x")], solver=playing(play))
    return eval(task, model="mockllm/model", log_dir=str(log_dir), **options)[0]


def talk(seats: Seats, *notes: Note, **options: Any) -> Episode:
    """A dialogue of these seats after these notes, without an eval around it."""
    episode = Episode(store=Store())
    episode.said.extend(notes)
    return asyncio.run(converse(seats, episode, **options))


def sample_of(log: EvalLog) -> EvalSample:
    """Its one sample."""
    assert log.samples, log.error
    return log.samples[0]


def episode_of(log: EvalLog) -> Episode:
    """What its one sample keeps in the store, as a scorer of a finished log reads it."""
    return sample_of(log).store_as(Episode)
