"""An episode with given turns, so that scorers can be tried without a model."""

from collections.abc import Sequence

from inspect_ai import Task
from inspect_ai import eval as run_eval
from inspect_ai.log import EvalLog
from inspect_ai.model import Model
from inspect_ai.scorer import Score, Scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver

from interplay.solvers.user_record import ArmTurns, Reply, Turn, UserTurnRecord, write_record
from interplay.tasks.user_turn.context import Context, Msg, context_id
from interplay.tasks.user_turn.dataset import sample_of

from .contexts import M

MESSAGES = (Msg(role="user", content=M.query),)
CONTEXT = Context(
    id=context_id("bundled", MESSAGES),
    dataset="bundled",
    domain="maths",
    messages=MESSAGES,
    target="48",
    check="number",
    reply=M.reply,
    next_turn="Why did you divide 36 by 3?",
)


def turns(*texts: str, t: float | str = 1.0) -> list[Turn]:
    """Turns of these texts at one temperature."""
    return [Turn(t=t, i=i, text=text, raw=text, terminator="end_of_user") for i, text in enumerate(texts)]


def record(drawn: Sequence[Turn], **fields: object) -> UserTurnRecord:
    """A record of these turns in the base arm."""
    arms = {"base": ArmTurns(shown=M.reply, turns=list(drawn))}
    reply = Reply(text=M.reply, source="stored", model="-", correct=1.0)
    return UserTurnRecord.model_validate({"reply": reply, "arms": arms, **fields})


@solver
def writes(content: UserTurnRecord | None) -> Solver:
    """A solver that stores this record."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        if content is not None:
            write_record(state.store, content)
        return state

    return solve


def scored_log(
    content: UserTurnRecord | None, scorers: list[Scorer], log_dir: str, grader: Model | str | None = None
) -> EvalLog:
    """The log of one context with this record."""
    log = run_eval(
        Task(dataset=[sample_of(CONTEXT)], solver=writes(content), scorer=scorers),
        model="mockllm/model",
        model_roles={"grader": grader} if grader else None,
        display="none",
        log_dir=log_dir,
    )[0]
    assert log.status == "success", log.error
    return log


def score_of(log: EvalLog, name: str) -> Score:
    """The score of that name of the one sample."""
    (sample,) = log.samples or []
    assert sample.scores is not None
    return sample.scores[name]
