"""The scorer `maze_judge` (first state)."""

from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import TaskState


@scorer(metrics={"*": [mean(), stderr(cluster="maze_id")]})
def maze_judge() -> Scorer:
    """A second reading by a model."""

    async def score(state: TaskState, target: Target) -> Score:
        return Score.unscored(reason="grader_failed")

    return score
