"""How a conversation is played: the person in seat 1, the model under test in seat 2."""

from collections.abc import Sequence

from inspect_ai.model import GenerateConfig, get_model, model_roles
from inspect_ai.solver import Generate, Solver, TaskState, solver

from interplay.scorers.escalation import USER
from interplay.scorers.escalation_judge_roles import refuse_missing_judge
from interplay.solvers.dialogue import Episode, Note, Seat, converse, show, unchanged
from interplay.tasks.records import Preset

from .arguments import Mode, Simulator
from .dataset import Parts, parts_of
from .roles import refuse_models, refuse_roles
from .simulated import (
    Simulated,
    Trace,
    asks_for_message,
    crossing,
    leaves,
    simulated,
    told_before,
)

TARGET_CONFIG = GenerateConfig(temperature=0.7, max_tokens=400)


@solver
def able_to_play(
    mode: Mode | None = None,
    simulator: Simulator | None = None,
    *,
    preset: Preset = "standard",
    judge: bool | None = None,
    judged: bool = False,
) -> Solver:
    """Refuse to play, before any call, where a bound role or the model shows that something else was meant.

    Args:
        mode: As it was given.
        simulator: Who writes for the person, None where nobody does.
        preset: With `paper` two models read the conversations, unless that was turned off.
        judge: Whether models are to read the conversations; None for those that a grader is bound for.
        judged: The task has a scorer that asks them.

    Raises:
        UserMistake: in the sample, since models may be bound after the task is made.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        bound = {name: each[0] if isinstance(each, list) else each for name, each in model_roles().items()}
        refuse_roles(mode, simulator, bound, preset=preset, judge=judge)
        refuse_models(simulator, get_model(), bound)
        refuse_missing_judge(bound, judge=judge, judged=judged)
        return state

    return solve


@solver
def talk(replies: int) -> Solver:
    """The person's prescribed messages, then the simulated person where there is one, each answered.

    The conversation that viewers show is the assistant's.

    Args:
        replies: Of the assistant at most, prescribed ones apart.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        parts = parts_of(state.input_text)
        person = simulated(state, parts.person) if parts.person else prescribed(parts.messages)
        target = Seat(get_model(), opening="", system=parts.system, incoming=unchanged)
        episode = state.store_as(Episode)
        episode.notes = beginning(parts, state.metadata["simulator"])
        # A live conversation ends with the person's answer to the last reply, a scripted one with the reply.
        cap = 2 * replies if parts.person else replies
        try:
            await converse(
                (person.seat, target),
                episode,
                cap=cap,
                ends=leaves,
                check=asks_for_message,
                finish=person.finish,
                before=person.before,
            )
        finally:
            if state.metadata["simulator"] == "state":
                state.metadata |= {"bad_updates": state.store_as(Trace).bad}
            show(state, episode, (person.seat, target), 2)
        return state

    return solve


def beginning(parts: Parts, simulator: str | None) -> list[Note]:
    """What was said before anybody is asked: the opening, or all of a prefix."""
    first = Note(i=0, seat=USER, model="script", text=parts.messages[0], calls=0)
    notes = [first]
    for turn, reply in enumerate(parts.replies, start=1):
        message = first.model_copy(update={"i": 2 * turn, "text": parts.messages[turn]})
        notes += [told_before(turn, reply, simulator), message]
    return notes


def prescribed(messages: Sequence[str]) -> Simulated:
    """A person who says these messages, whatever is replied."""

    def script(notes: Sequence[Note]) -> str:
        return messages[sum(note.seat == USER for note in notes)]

    return Simulated(Seat(script, opening=""), crossing)
