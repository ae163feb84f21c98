"""What a scripted agent of the post-training jobs is: a function of instruction and tool results (pure).

    @scripted
    def quitter(job: Brief) -> Script:
        seen = yield f"cp -r {job.base} final_model"
        return "done"

A script is a generator that yields shell commands, is sent what each of them printed, and returns its last
words. It is replayed from the start at each call, so it must give the same commands for the same results.
"""

import re
from collections.abc import Callable, Generator, Sequence
from functools import wraps
from typing import Literal, NamedTuple, TypeAlias

Script: TypeAlias = Generator[str, str, str]


class Move(NamedTuple):
    """One act: a shell command, the end with last words, or a message without any tool."""

    tool: Literal["bash", "submit", "say"]
    text: str


Agent: TypeAlias = Callable[[str, Sequence[str]], Move]
"""From the instruction and the results of the calls so far to the next act."""


class Brief(NamedTuple):
    """What a script reads in the instruction.

    Attributes:
        base: The folder of the base model, as the shell understands it.
        cache: The folder of all models.
        title: The target in words.
        target: Its id, which the generators of training data go by.
    """

    base: str
    cache: str
    title: str
    target: str


TITLES = {
    "sums in words": "m_arith",
    "colour facts with four options": "m_fact",
    "calls of tools": "m_call",
    "programs for a stack machine": "m_code",
    "the next turn of a person": "m_turn",
    "two half-maps merged into one": "m_maze",
    "places on a ring after three hops": "m_hop",
}
JOB = re.compile(r"make the language model (\S+) as good as you can at (.+)\.")
CACHE = re.compile(r"is in the model cache \(([^)]+)\)")


def is_posttrain(instruction: str) -> bool:
    """Whether a message is the instruction of a post-training job."""
    return JOB.search(instruction) is not None and CACHE.search(instruction) is not None


def brief_of(instruction: str) -> Brief:
    """What the instruction says.

    Raises:
        ValueError: it is no instruction of a post-training job.
    """
    job, cache = JOB.search(instruction), CACHE.search(instruction)
    if job is None or cache is None:
        raise ValueError("the message is no instruction of a post-training job")
    folder, title = f'"{cache[1]}"', job[2]
    return Brief(f"{folder}/{job[1]}", folder, title, TITLES.get(title, title))


def scripted(script: Callable[[Brief], Script]) -> Agent:
    """An agent from a script; after its last words it says nothing new."""

    @wraps(script)
    def agent(instruction: str, results: Sequence[str]) -> Move:
        running = script(brief_of(instruction))
        try:
            command = next(running)
            for result in results:
                command = running.send(result)
        except StopIteration as end:
            return Move("submit", "done" if end.value is None else str(end.value))
        return Move("bash", command)

    return agent


def leaving(script: Callable[[Brief], Script]) -> Agent:
    """As `scripted`, but the agent ends with a plain message instead of the submit tool."""
    whole = scripted(script)

    @wraps(script)
    def agent(instruction: str, results: Sequence[str]) -> Move:
        move = whole(instruction, results)
        return Move("say", move.text) if move.tool == "submit" else move

    return agent
