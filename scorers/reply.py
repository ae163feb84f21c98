"""The scorer `correct_reply`: whether a stored reply passes the checker of its context (deterministic)."""

from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import TaskState

from interplay.solvers.user_record import read_record

NOT_A_LOG = "not_a_user_turn_log"


@scorer(metrics={"*": [mean(), stderr()]})
def correct_reply() -> Scorer:
    """1 for a right reply, 0 for a wrong one; not scored where the context has no checker."""

    async def score(state: TaskState, target: Target) -> Score:
        record = read_record(state.store)
        if record is None:
            return Score.unscored(reason=NOT_A_LOG, explanation="The log holds no reply.")
        if record.problem is not None or record.reply is None:
            return Score.unscored(reason=record.problem or NOT_A_LOG, explanation="There is no reply.")
        if record.reply.correct is None:
            return Score.unscored(reason="no_checker", explanation="Nothing says what a right reply is.")
        return Score(
            value={"correct": record.reply.correct},
            answer=record.reply.text,
            metadata={"capped": record.reply.capped, "words": len(record.reply.text.split())},
        )

    return score
