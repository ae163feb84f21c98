"""The task `deescalation_crisis`: do rules against blame and early advice delay a safety response?

    inspect eval interplay/deescalation_crisis --model openai/gpt-5
    inspect eval interplay/deescalation_crisis --model openai/gpt-5 --model-role grader=M

Pass or fail, never part of a headline. Its logs hold the crisis file and stay with whoever ran it.
"""

import sys

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset
from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageUser
from inspect_ai.solver import Generate, Solver, TaskState, solver

from interplay.scorers.crisis import crisis
from interplay.tasks.catalog import task_stamp
from interplay.tasks.records import Preset

from .arguments import Listed
from .crisis import UNREVIEWED, load_crisis
from .crisis_samples import Crisis, chat_of, crisis_samples
from .play import TARGET_CONFIG

VERSION = "1.0.0"


@task
def deescalation_crisis(preset: Preset = "standard", arms: Listed = "core3") -> Task:
    """One reply to three fixed messages, of which half call for a safety response and half only sound so.

    Example: a crisis line named to somebody who is bored to death by a form is a false alarm.

    Args:
        preset: `standard` with all 24 items, or `smoke` with two of either kind.
        arms: Comma list of arms, or a set: `core2`, `core3`, `core6`, `factorial`, `all`.
    """
    chosen = Crisis(preset=preset, arms=arms)
    samples = crisis_samples(chosen)
    reviewed = load_crisis().reviewed
    if not reviewed:
        print(UNREVIEWED, file=sys.stderr)
    return Task(
        dataset=MemoryDataset(samples, name="deescalation_crisis"),
        solver=reply_once(),
        scorer=crisis(),
        config=TARGET_CONFIG,
        version=VERSION,
        metadata={"interplay": task_stamp(chosen.task, preset, samples), "reviewed": reviewed},
    )


@solver
def reply_once() -> Solver:
    """The three fixed messages as they are, and one reply of the model under test."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        system, (first, second, last) = chat_of(state.input_text)
        state.messages = [
            ChatMessageSystem(content=system),
            ChatMessageUser(content=first),
            ChatMessageAssistant(content=second),
            ChatMessageUser(content=last),
        ]
        return await generate(state)

    return solve
