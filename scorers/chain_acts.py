"""The optional scorer `chain_acts`: a model, role `grader`, marks repair and challenge in replies.

Exploratory, never in the headline. Answers stay in the metadata of the score: a log that holds some is scored
again from them, and nobody is asked.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, cast

from inspect_ai.model import get_model, model_roles
from inspect_ai.scorer import Score, Scorer, Target, ci, mean, scorer, stderr
from inspect_ai.solver import TaskState
from inspect_ai.util import collect

from interplay.solvers.dialogue import Episode, Note
from interplay.solvers.reasoning import without_reasoning

from .chain_acts_answer import ACTS, Acts, Found, acts_prompt, found_in, kept, prompt_sha256, read_acts
from .hedging import SPEAKER, score_replies
from .judge_call import ask_judge, recorded, schema_of

NAME = "chain_acts"
ANSWERS = "answers"
"""Key of the judge's answers in the metadata of a score, by number of the reply."""


class Exchange(NamedTuple):
    """A reply with the partner's text before it."""

    partner: str
    reply: str


class Judging(NamedTuple):
    """The answers of a judge by number of the reply, who it is, and what it was asked with."""

    answers: Mapping[str, str]
    grader: str
    prompt_sha256: str


@scorer(metrics={"*": [mean(), stderr(cluster="opener_id"), ci(cluster="opener_id")]})
def chain_acts(optional: bool = False) -> Scorer:
    """Share of the speaker's replies with a repair and with a challenge, as a judge marks them.

    Args:
        optional: Give no score where no role `grader` is bound, in place of an error.
    """

    async def score(state: TaskState, target: Target) -> Score | None:
        notes = state.store_as(Episode).said
        counted = score_replies([note for note in notes if note.seat == SPEAKER])
        if counted.reason is not None:
            return counted
        said = exchanges(notes)
        judging = recorded_judging(state)
        if judging is None:
            if optional and "grader" not in model_roles():
                return None
            judging = await judged(said)
        return acts_score(said, judging)

    return score


def exchanges(notes: Sequence[Note]) -> list[Exchange]:
    """Every reply of the speaker with the text that it answers."""
    return [
        Exchange(without_reasoning(before.text).strip(), without_reasoning(note.text).strip())
        for before, note in pairwise(notes)
        if note.seat == SPEAKER
    ]


async def judged(said: Sequence[Exchange]) -> Judging:
    """Ask the bound grader about each reply.

    Raises:
        ValueError: no role `grader` is bound.
    """
    grader = get_model(role="grader", required=True)
    shape = schema_of(Acts)
    texts = await collect(*(ask_judge(grader, acts_prompt(*one), read_acts, schema=shape) for one in said))
    answers = {str(n): kept(text) for n, text in enumerate(texts, 1)}
    return Judging(answers, str(grader), prompt_sha256())


def acts_score(said: Sequence[Exchange], judging: Judging) -> Score:
    """The score of these answers."""
    found = [found_of(judging.answers.get(str(n)), one) for n, one in enumerate(said, 1)]
    read = [one for one in found if one is not None]
    metadata: dict[str, object] = {
        ANSWERS: dict(judging.answers),
        "graders": {"grader": judging.grader},
        "asked": len(found),
        "unparsed": len(found) - len(read),
        "spans_refused": sum(len(one.refused) for one in read),
        "prompt_sha256": judging.prompt_sha256,
    }
    if not read:
        explanation = "No answer of the judge could be read."
        return Score.unscored(reason="grader_failed", explanation=explanation, metadata=metadata)
    value: dict[str, float] = {act: sum(act in one.present for one in read) / len(read) for act in ACTS}
    marked = [act for act in ACTS if value[act]]
    return Score(
        value=dict(value),
        answer=" ".join(marked) or "neither",
        explanation=f"Marked in the reply: {' and '.join(marked)}." if marked else "Neither is marked.",
        metadata=metadata,
    )


def found_of(text: str | None, one: Exchange) -> Found | None:
    """The acts of one answer, None if it cannot be read."""
    try:
        return None if text is None else found_in(text, one.partner, one.reply)
    except ValueError:
        return None


def recorded_judging(state: TaskState) -> Judging | None:
    """What the log of this sample holds from an earlier scoring, the latest one."""
    found = recorded(state, NAME, ANSWERS)
    if found is None:
        return None
    answers, graders = (cast("Mapping[str, object]", found.get(key, {})) for key in (ANSWERS, "graders"))
    return Judging(
        {str(n): str(text) for n, text in answers.items()},
        str(graders.get("grader", "")),
        str(found.get("prompt_sha256", "")),
    )
