"""The scorer `hedging`: how much a speaker hedges, by an open lexicon.

The headline `hedged_share` is the share of sentences that mark their claim as provisional. A live exchange
has two replies of the speaker; the score is that of both together, and each stands in the metadata.
"""

from inspect_ai.scorer import Score, Scorer, Target, ci, mean, scorer, stderr
from inspect_ai.solver import TaskState

from interplay.solvers.dialogue import Episode, Note
from interplay.solvers.reasoning import visible

from .hedge_rules import Hedging, hedging

SPEAKER = 2
"""The seat of the model under test."""
NOT_SCORED = "No sentence of the speaker can be counted."
SHOWN = 12
"""Hedges that are kept in the metadata."""


@scorer(metrics={"*": [mean(), stderr(cluster="opener_id"), ci(cluster="opener_id")]}, name="hedging")
def hedging_scorer() -> Scorer:
    """Hedged sentences of the speaker; an empty or cut reply is not scored."""

    async def score(state: TaskState, target: Target) -> Score:
        return score_replies([n for n in state.store_as(Episode).said if n.seat == SPEAKER])

    return score


def score_replies(replies: list[Note]) -> Score:
    """The score of the speaker's replies in one chain."""
    if any(map(is_cut, replies)):
        return Score.unscored(reason="truncated", explanation="A reply was cut, or its reasoning never ends.")
    read = [hedging(reply.text) for reply in replies]
    if not replies or any(one is None for one in read):
        return Score.unscored(reason="no_response", explanation=NOT_SCORED)
    whole = hedging("\n\n".join(reply.text for reply in replies))
    assert whole is not None, "a text of sentences has sentences"
    return Score(
        value=value_of(whole),
        answer=f"{whole.hedged_share:.3f}",
        explanation=f"{round(whole.hedged_share * whole.sentences)} of {whole.sentences} sentences hedge.",
        metadata={
            "hedges": [[h.sentence, h.kind, h.span] for h in whole.hedges[:SHOWN]],
            **(
                {f"turn_{n}": one.hedged_share for n, one in enumerate(read, 1) if one}
                if len(read) > 1
                else {}
            ),
        },
    )


def is_cut(reply: Note) -> bool:
    """A reply ended at its token limit, or in a block of reasoning that was never closed."""
    return "max_tokens" in reply.flags or visible(reply.raw or reply.text).unclosed


def value_of(found: Hedging) -> dict[str, float]:
    """The figures of a reply as a score holds them."""
    return {
        "hedged_share": found.hedged_share,
        "hedged_share3": found.hedged_share3,
        "hedges_per_100w": found.hedges_per_100w,
        "general_share": found.general_share,
        "approx_share": found.approx_share,
        "sentences": found.sentences,
        "words": found.words,
        "truncated": float(found.truncated),
    }
