"""How a judge model is asked, once more if its answer cannot be read, and what a log holds of its answers.

    text = await ask_judge(grader, prompt, partial(read_as, Verdict), schema=schema_of(Verdict))

A scorer keeps the text in the metadata of its score and reads it from there when a log is scored again:

    kept = recorded(state, "escalation_judge", "answers")
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar, cast

from click import ClickException
from inspect_ai.event import ScoreEvent
from inspect_ai.log import transcript
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageUser,
    GenerateConfig,
    Model,
    ModelOutput,
    ResponseSchema,
)
from inspect_ai.scorer import Score
from inspect_ai.solver import TaskState
from inspect_ai.util import JSONSchema, json_schema
from pydantic import BaseModel

from interplay.solvers.reasoning import without_reasoning
from interplay.tasks.mistakes import EnvironmentProblem

Answer = TypeVar("Answer")
Item = TypeVar("Item")
AT_ONCE = 20
"""Requests in flight, outside a run."""
CONFIG = GenerateConfig(temperature=0, max_tokens=4096)
"""Room for the thoughts of a reasoning judge."""
EMPTY = "(empty reply)"
REFUSED_REQUEST = (400, 422)
"""Status of a server that takes no schema."""


def ask_again(problem: str) -> str:
    """What a judge is told whose answer cannot be read."""
    return f"That reply is not valid: {problem}. Reply with the JSON object only."


def schema_of(answer: type[BaseModel]) -> ResponseSchema:
    """The shape of an answer as a provider that can hold a model to it takes it."""
    return ResponseSchema(name=answer.__name__.lower(), json_schema=_closed(json_schema(answer)))


def _closed(schema: JSONSchema) -> JSONSchema:
    """The schema with no further keys at any depth, which some providers ask for."""
    parts = {name: _closed(part) for name, part in (schema.properties or {}).items()}
    return schema.model_copy(update={"properties": parts, "additionalProperties": False}) if parts else schema


async def ask_judge(
    judge: Model,
    prompt: str,
    read: Callable[[str], object],
    *,
    schema: ResponseSchema | None = None,
    config: GenerateConfig = CONFIG,
    again: Callable[[str], str] = ask_again,
) -> str:
    """The judge's answer; if it cannot be read, the second one, which was told what is wrong.

    A schema goes with the first request alone. Who answers it with something else, or is behind a server
    that refuses schemas, is asked for JSON as text.

    Args:
        judge: The model.
        prompt: The question.
        read: Raises `ValueError` for a text that is no answer, with what is wrong.
        schema: Shape of the answer, for providers that can hold a model to it.
        config: Of both requests.
        again: From what is wrong to what the judge is told.
    """
    messages: list[ChatMessage] = [ChatMessageUser(content=prompt)]
    first = await _first_answer(judge, messages, config, schema)
    problem = problem_with(first, read)
    if problem is None:
        return first
    messages += [
        ChatMessageAssistant(content=first or EMPTY),
        ChatMessageUser(content=again(problem)),
    ]
    return _visible(await judge.generate(messages, config=config))


async def _first_answer(
    judge: Model, messages: list[ChatMessage], config: GenerateConfig, schema: ResponseSchema | None
) -> str:
    if schema is not None:
        try:
            shaped = config.merge(GenerateConfig(response_schema=schema))
            return _visible(await judge.generate(messages, config=shaped))
        except Exception as error:
            status = getattr(error, "status_code", None) or getattr(error, "code", None)
            if status not in REFUSED_REQUEST:
                raise
    return _visible(await judge.generate(messages, config=config))


def _visible(output: ModelOutput) -> str:
    """The answer without thoughts that a provider left in the text, which may hold drafts of it."""
    return without_reasoning(output.completion).strip()


async def reached(model: str, answer: Awaitable[Answer]) -> Answer:
    """The answer of a judge that is tried outside a run, where a provider's failure ends the command.

    Args:
        model: Name of the judge.
        answer: A call of it.

    Raises:
        EnvironmentProblem: The provider fails, in whatever way of its own.
    """
    try:
        return await answer
    except ClickException:
        raise
    except Exception as error:
        said = " ".join(str(getattr(error, "message", None) or error).split()) or type(error).__name__
        raise EnvironmentProblem(f"{model}: {said}; check the network and the key.") from error


async def judge_each(judge: Callable[[Item], Awaitable[Answer]], items: Sequence[Item]) -> list[Answer]:
    """What a judge says of each item, `AT_ONCE` at a time.

    Raises:
        Exception: The first that a call ended with, once every other call is ended too.
    """
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(item: Item) -> Answer:
        async with gate:
            return await judge(item)

    try:
        async with asyncio.TaskGroup() as group:
            calls = [group.create_task(one(item)) for item in items]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed
    return [call.result() for call in calls]


def problem_with(text: str, read: Callable[[str], object]) -> str | None:
    """What is wrong with an answer; None if it can be read."""
    try:
        read(text)
    except ValueError as error:
        return str(error)
    return None


def recorded(state: TaskState, scorer: str, key: str) -> Mapping[str, object] | None:
    """The metadata of this scorer's latest score in the log of a sample, None without one that has the key.

    Args:
        state: The sample, as a scorer is given it.
        scorer: Name of the scorer.
        key: Metadata key of the answers.
    """
    scores: list[Score] = [score for name, score in (state.scores or {}).items() if _is(name, scorer)]
    if not scores:
        events: Sequence[object] = transcript().events
        told = [event for event in events if isinstance(event, ScoreEvent) and event.scorer is not None]
        scores = [event.score for event in told if _is(event.scorer or "", scorer)]
    kept = [score.metadata for score in scores if score.metadata and key in score.metadata]
    return cast("Mapping[str, object]", kept[-1]) if kept else None


def _is(name: str, scorer: str) -> bool:
    """Whether a name is the scorer's, which Inspect gives a prefix or a number in some logs."""
    return name.split("/")[-1].split("-")[0] == scorer
