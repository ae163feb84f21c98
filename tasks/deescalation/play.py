"""How a conversation is played: the person in seat 1, the model under test in seat 2."""

from collections.abc import Sequence

from inspect_ai.model import GenerateConfig, Model, get_model, model_roles
from inspect_ai.solver import Generate, Solver, TaskState, solver

from interplay.scorers.escalation import USER
from interplay.scorers.escalation_cues import END_TAG
from interplay.scorers.escalation_judge_roles import bound_graders, refuse_missing_judge, refuse_unfit_graders
from interplay.solvers.dialogue import Episode, Note, Script, Seat, converse, show, unchanged
from interplay.tasks.mistakes import UserMistake

from .dataset import parts_of

PERSON = "reference/resistant_user"
"""Who writes for the person in mode `live`."""
LEAVES_FROM = 3
"""The message of the person, counting the opening, from which on a tag ends the conversation."""
TARGET_CONFIG = GenerateConfig(temperature=0.7, max_tokens=400)


@solver
def able_to_play(*, judge: bool | None = None, judged: bool = False) -> Solver:
    """Refuse to play, before any call, where a bound role or the model shows that something else was meant.

    Args:
        judge: Whether models are to read the conversations; None for those that a grader is bound for.
        judged: The task has a scorer that asks them.

    Raises:
        UserMistake: in the sample, since neither is known when the task is made.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        if "user_sim" in model_roles():
            raise UserMistake(f"role user_sim is bound, but {PERSON} writes for the person; drop the role.")
        if str(get_model()) == PERSON:
            raise UserMistake(f"{PERSON} writes for the person and cannot be tested; use another model.")
        roles = {role: str(get_model(role=role)) for role in model_roles()}
        refuse_missing_judge(roles, judge=judge, judged=judged)
        refuse_unfit_graders(bound_graders(roles), updater=roles.get("sim_state"))
        return state

    return solve


@solver
def talk(replies: int) -> Solver:
    """The person's prescribed messages, then the simulated person where there is one, each answered.

    The conversation that viewers show is the assistant's.

    Args:
        replies: Of the assistant at most.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        parts = parts_of(state.input_text)
        person: Model | Script = get_model(PERSON) if parts.person else in_turn(parts.messages)
        seats = (
            Seat(person, opening="", system=parts.person or None, incoming=unchanged),
            Seat(get_model(), opening="", system=parts.system, incoming=without_tag),
        )
        episode = state.store_as(Episode)
        episode.notes.append(Note(i=0, seat=USER, model="script", text=parts.messages[0], calls=0))
        # A live conversation ends with the person's answer to the last reply, a scripted one with the reply.
        cap = 2 * replies if parts.person else replies
        try:
            await converse(seats, episode, cap=cap, ends=person_leaves)
        finally:
            show(state, episode, seats, 2)
        return state

    return solve


def in_turn(messages: Sequence[str]) -> Script:
    """A person who says these messages, whatever is replied."""

    def script(notes: Sequence[Note]) -> str:
        return messages[sum(note.seat == USER for note in notes)]

    return script


def without_tag(text: str) -> str:
    """A message of the person as the assistant reads it."""
    return END_TAG.sub("", text)


def person_leaves(notes: Sequence[Note]) -> str | None:
    """Why the person leaves with the latest message: `calmed`, `fed_up`, `nothing_new`, or None."""
    tag = END_TAG.search(notes[-1].text) if notes[-1].seat == USER else None
    said = sum(note.seat == USER for note in notes)
    return tag[1] if tag and said >= LEAVES_FROM else None
