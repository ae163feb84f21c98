"""The phases `clock` and `solve`: the agent works until it stops or its time is up.

The limit of time is applied around the agent alone, since a limit of the task would give scoring the half of
it. A job that was cut off gets what is left of its budget; the time in which nothing ran does not count. How
the agent ended is one of `finished timeout crashed refused quota killed`.
"""

import time
from collections.abc import Mapping
from typing import NamedTuple, cast

import anyio
import click
from inspect_ai.agent import AgentState, run
from inspect_ai.model import ChatMessageUser
from inspect_ai.solver import TaskState
from inspect_ai.util import LimitExceededError, SandboxUnavailableError, apply_limits, time_limit
from pydantic import JsonValue

from interplay.tasks.posttrain.bundle import Exit
from interplay.tasks.posttrain.cells import Cell, load_grid

from .posttrain_agent import (
    GO_ON,
    TRACE,
    command_line_agent,
    pointed_to,
    react_agent,
    shell_died,
    trace_lines,
)
from .posttrain_collect import end_all
from .posttrain_feedback import INSTANCE_VARIABLE, serve_feedback
from .posttrain_meter import keep_meter
from .posttrain_network import network
from .posttrain_place import MARK, Place, environment_text, put
from .posttrain_state import InfraError, Job, Result, append_line

LATE_SECONDS = 3
INTERRUPTED = (
    "Your session was interrupted. What you had made in this directory is still there; "
    "{minutes:.0f} minutes are left."
)


class Ended(NamedTuple):
    """How the agent's part ended, and its conversation."""

    exit: Exit
    reason: str
    state: AgentState


def minutes_of(settings: Mapping[str, JsonValue], name: str) -> float:
    """A setting that is a number of minutes."""
    return float(cast(float, settings[name]))


def left_seconds(job: Job, settings: Mapping[str, JsonValue]) -> float:
    """What is left of the budget."""
    return max(0.0, minutes_of(settings, "budget_minutes") * 60 - job.consumed_seconds)


async def set_clock(job: Job, place: Place, settings: Mapping[str, JsonValue]) -> Result:
    """Write the deadline that the timer shows; the limit itself is kept on the host."""
    deadline = time.time() + left_seconds(job, settings)
    await put(place, place.deadline_file, f"{deadline:.0f}\n")
    return {"deadline": round(deadline)}


async def solve(
    job: Job, place: Place, cell: Cell, settings: Mapping[str, JsonValue], state: TaskState
) -> Result:
    """Let the agent work; how it ended, and how long it had.

    Raises:
        InfraError: the model or the sandbox failed, not the agent.
    """
    before = job.consumed_seconds
    begun = time.monotonic()
    again = before > 0
    if again and len(state.messages) == 1:
        minutes = left_seconds(job, settings) / 60
        state.messages.append(ChatMessageUser(content=INTERRUPTED.format(minutes=minutes)))
    try:
        async with network(job, place, settings) as extra:
            env = place.agent_env(
                {
                    **extra,
                    "INTERPLAY_CELL": cell.id,
                    "INTERPLAY_FEEDBACK": str(settings["feedback"]),
                    INSTANCE_VARIABLE: place.mark,
                }
            )
            if place.is_local:
                await put(place, place.environment_file, environment_text(env))
            ended = await accompanied(job, place, cell, settings, state, env)
    except BaseExceptionGroup as group:
        raise first_of(group) from group
    finally:
        # What the beats of the meter have not counted yet.
        job.consume(max(0.0, before + time.monotonic() - begun - job.consumed_seconds))
    state.messages, state.output = ended.state.messages, ended.state.output
    return {
        "exit": ended.exit,
        "reason": ended.reason,
        "seconds": round(job.consumed_seconds, 3),
        "tokens": state.token_usage,
    }


async def accompanied(
    job: Job,
    place: Place,
    cell: Cell,
    settings: Mapping[str, JsonValue],
    state: TaskState,
    env: Mapping[str, str],
) -> Ended:
    """The agent at work, with the meter beside it, and the sealed feedback, which starts before it."""
    found: list[Ended] = []
    async with anyio.create_task_group() as beside:
        beside.start_soon(keep_meter, job, place)
        if place.is_local:
            beside.start_soon(end_late, place, job, settings)
        if settings["feedback"] == "sealed" or load_grid().targets[cell.target].judged:
            started = anyio.Event()
            beside.start_soon(serve_feedback, job, place, cell, started)
            await started.wait()
        found.append(await work(job, place, settings, state, env))
        beside.cancel_scope.cancel()
    return found[0]


async def end_late(place: Place, job: Job, settings: Mapping[str, JsonValue]) -> None:
    """End what a local agent still runs just after its time.

    A command is stopped by its first process, and waited for as long as a child of it holds its output.
    """
    grace = minutes_of(settings, "grace_minutes") * 60
    await anyio.sleep(left_seconds(job, settings) + grace + LATE_SECONDS)
    await anyio.to_thread.run_sync(end_all, f"{MARK}={place.mark}", None, place.init)


def first_of(group: BaseExceptionGroup) -> BaseException:
    """What a group of errors amounts to: a limit, what is known of the machine, or else a failed sandbox."""
    for kind in (LimitExceededError, InfraError, click.ClickException):
        found: BaseException | None = group.subgroup(kind)
        while isinstance(found, BaseExceptionGroup):
            found = found.exceptions[0]
        if found is not None:
            return found
    return InfraError(f"posttrain: the sandbox failed ({said(group)}); run the same command again.")


def said(problem: BaseException) -> str:
    """The first words of an error, those of the members of a group in its place."""
    if isinstance(problem, BaseExceptionGroup):
        return "; ".join(said(member) for member in problem.exceptions)
    return f"{type(problem).__name__}: {' '.join(str(problem).split())[:200]}"


async def work(
    job: Job, place: Place, settings: Mapping[str, JsonValue], state: TaskState, env: Mapping[str, str]
) -> Ended:
    """Run the agent within its time.

    Raises:
        InfraError: the model or the sandbox failed.
    """
    deadline = time.monotonic() + left_seconds(job, settings)
    reprompt = minutes_of(settings, "reprompt_minutes")
    limit = time_limit(deadline - time.monotonic() + minutes_of(settings, "grace_minutes") * 60)

    def left_minutes() -> float:
        return (deadline - time.monotonic()) / 60

    name = str(settings["agent"])
    messages = list(state.messages) if name == "react" else await pointed_to(place, list(state.messages))
    conversation = AgentState(messages=messages)
    agent = (
        react_agent(job, place, env, left_minutes, reprompt)
        if name == "react"
        else command_line_agent(name, place, env)
    )
    try:
        with apply_limits([limit], catch_errors=True) as scope:
            conversation = await run(agent, conversation)
            while name != "react" and reprompt and left_minutes() > reprompt:
                conversation.messages.append(ChatMessageUser(content=GO_ON.format(minutes=left_minutes())))
                conversation = await run(agent, conversation)
    except (LimitExceededError, click.ClickException):
        raise
    except SandboxUnavailableError as problem:
        raise InfraError(
            f"posttrain: the sandbox was lost ({problem}); run the same command again."
        ) from problem
    except RuntimeError as problem:
        if name == "react":
            raise InfraError(f"posttrain: {said(problem)}; run the same command again.") from problem
        return Ended("crashed", said(problem), conversation)
    # Whatever else comes out of a model's provider is no act of the agent: the job is to be run again.
    except Exception as problem:
        raise InfraError(
            f"posttrain: {said(problem)}; check key and quota, run the same command again."
        ) from problem
    if name != "react":
        for line in trace_lines(conversation.messages):
            append_line(job.folder / TRACE, line)
    if scope.limit_error is not None:
        return Ended("timeout", "stopped at the end of its time", conversation)
    if conversation.output.stop_reason == "content_filter":
        return Ended("refused", "the model refused", conversation)
    if shell_died(conversation.messages) and not conversation.output.completion.strip():
        return Ended("crashed", "its shell was killed", conversation)
    return Ended("finished", "", conversation)
