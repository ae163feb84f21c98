"""How a chain is played: the partner's text in seat 1, the model under test in seat 2."""

import re
from collections.abc import Sequence

from inspect_ai.model import GenerateConfig, Model, get_model, model_roles
from inspect_ai.solver import Generate, Solver, TaskState, solver

from interplay.scorers.escalation_judge_roles import refuse_missing_judge
from interplay.solvers.dialogue import Episode, Note, Seat, converse, show
from interplay.tasks.mistakes import UserMistake

from .arguments import Mode
from .dataset import message_parts, parts_of
from .rendering import hx

PARTNER = "reference/hedger"
"""Who writes live where no role `partner` is bound."""
PARAPHRASER = "reference/plain"
"""Who rewrites where no role `paraphraser` is bound."""
REWRITE = "Rewrite in neutral wording; keep every claim; add or drop none."
SPEAKER_CONFIG = GenerateConfig(temperature=0.7, top_p=0.95, max_tokens=400)
REWRITE_CONFIG = GenerateConfig(temperature=0.0, max_tokens=600)
LIVE_NOTES = 4
"""Partner, speaker, partner, speaker."""
SEEDS_AN_EPOCH = 1000


@solver
def chain(mode: Mode, seed: int = 0) -> Solver:
    """One reply to a stored text or to its paraphrase, or two in a live exchange.

    The conversation that viewers show is the speaker's.

    Args:
        mode: Whose text is answered.
        seed: Added to the seed of every call.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        parts = parts_of(state.input_text)
        topic, text, request = message_parts()
        opening = topic.format(opener=parts.topic)

        def incoming(note: str) -> str:
            return f"{text.format(text=note)}\n\n{request}"

        number = seed + SEEDS_AN_EPOCH * state.epoch + hx(state.sample_id) % SEEDS_AN_EPOCH
        config = GenerateConfig(seed=number)
        speaker = Seat(get_model(), opening=opening, system=parts.system, incoming=incoming, config=config)
        episode = state.store_as(Episode)
        if mode == "live":
            first = Seat(
                get_model(role="partner", default=PARTNER),
                opening=f"{opening}\n\n{request}",
                system=parts.system,
                incoming=incoming,
                config=SPEAKER_CONFIG.merge(config),
            )
            cap = LIVE_NOTES
        elif parts.text:
            said = parts.text
            if mode == "swap":
                said = await rewritten(get_model(role="paraphraser", default=PARAPHRASER), said)
            episode.said.append(Note(i=0, seat=1, model="script", text=said, calls=0))
            first = Seat(nobody, opening="")
            cap = 1
        else:
            # Nobody wrote before: the topic and the request are all there is to answer.
            episode.said.append(Note(i=0, seat=1, model="script", text=request, calls=0))
            first = Seat(nobody, opening="")
            speaker = speaker._replace(incoming=str)
            cap = 1
        seats = (first, speaker)
        try:
            await converse(seats, episode, cap=cap)
        finally:
            show(state, episode, seats, 2)
        return state

    return solve


def nobody(notes: Sequence[Note]) -> str:
    """The seat whose text is stored has nothing further to say."""
    raise AssertionError("a stored text is answered once")


async def rewritten(model: Model, text: str) -> str:
    """A text in neutral wording, as the model rewrites it."""
    output = await model.generate(f'{REWRITE}\n\n"""\n{text}\n"""', config=REWRITE_CONFIG)
    return re.sub(r'^"""\n|\n"""$', "", output.completion.strip())


@solver
def able_to_play(mode: Mode, *, judge: bool | None = None, judged: bool = False) -> Solver:
    """Refuse to play, before any call, where a bound role shows that something else was meant.

    Args:
        mode: Whose text is answered.
        judge: Whether a model is to mark acts in the replies; None where a grader is bound.
        judged: The task has a scorer that asks it.

    Raises:
        UserMistake: in the sample, since roles are not known when the task is made.
    """
    takes = {"live": {"partner"}, "swap": {"paraphraser"}, "replay": set[str]()}[mode]

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        for role in sorted(set(model_roles()) & {"partner", "paraphraser"} - takes):
            raise UserMistake(f"role {role} is bound, but mode={mode} has no use for it; drop the role.")
        refuse_missing_judge(set(model_roles()), judge=judge, judged=judged)
        return state

    return solve
