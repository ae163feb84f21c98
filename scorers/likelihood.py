"""The scorer `likelihood`: differences of stored log-probabilities, in nats a token (deterministic).

With l(x | c) the mean log-probability of the tokens of x after c, u the stored next turn, q the query, a the
reply and a' the reply to another question:

| key | definition |
| --- | --- |
| `grounding_gain` | l(u given q, a) - l(u given q, a'); positive: the turn depends on this reply |
| `nll_next` | -l(u given q, a) |
| `copy_margin` | l(q given q, a) - l(u given q, a); positive: prefers repeating the query |
| `logp_end` | log-probability of an empty turn's end |
| `drift_margin` | l("Sure, here is" given q, a) - l("Can you explain" given q, a) |
"""

from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import TaskState

from interplay.solvers.user_record import read_record

NOT_A_LOG = "not_a_user_turn_log"


@scorer(metrics={"*": [mean(), stderr()]})
def likelihood() -> Scorer:
    """How much the likelihood of a follow-up depends on the reply it follows."""

    async def score(state: TaskState, target: Target) -> Score:
        record = read_record(state.store)
        if record is None:
            return Score.unscored(reason=NOT_A_LOG, explanation="The log holds no user turn record.")
        if record.problem is not None:
            return Score.unscored(reason=record.problem, explanation="Not every value could be measured.")
        at = record.likelihood
        if not at:
            return Score.unscored(
                reason="no_likelihood",
                explanation="The log holds no log-probabilities; score a log of user_turn_likelihood.",
            )
        return Score(
            value={
                "grounding_gain": at["next"] - at["next_other"],
                "nll_next": -at["next"],
                "copy_margin": at["query"] - at["next"],
                "logp_end": at["end"],
                "drift_margin": at["drift"] - at["follow_up"],
            },
            metadata=dict(at),
        )

    return score
