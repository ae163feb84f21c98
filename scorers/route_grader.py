"""The optional scorer `maze_judge`: a model reads the dialogue and says which steps were agreed to.

The judge, role `grader`, sees the notes and never the maze. Its steps are replayed on the true maze under
the notation it names; agents with different notations score 0. Its raw reply is kept in the metadata of the
score, and where a log holds one already it is read again instead of asking anew. Boards show what it says
beside the rules, by `asked`, `unparsed` and `prompt_sha256` in the metadata.
"""

import hashlib
from functools import cache

from inspect_ai.model import Model, get_model
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import TaskState
from jinja2 import StrictUndefined, Template

from interplay.solvers.dialogue import Episode
from interplay.tasks.mazes.prompting import prompt_text

from .judge_call import ask_judge, recorded
from .route import game_of, no_response, own_notes
from .route_grade import Game, grade
from .route_judge_reply import JudgeReply, judged, parse_reply

NAME = "maze_judge"
PROMPT = "grader.jinja"
REPLY = "reply"
"""Key of the raw reply in the metadata of a score."""


@scorer(metrics={"*": [mean(), stderr(cluster="maze_id")]})
def maze_judge() -> Scorer:
    """What a judge model makes of the dialogue, beside the rules and never in the headline."""

    async def score(state: TaskState, target: Target) -> Score:
        episode = state.store_as(Episode)
        game = game_of(episode, state.metadata)
        if (absent := no_response(game, own_notes(game, episode))) is not None:
            return Score.unscored(reason="no_response", explanation=absent)
        kept = recorded_reply(state)
        if kept is not None:
            return judged_score(game, *kept)
        reply = await ask(get_model(role="grader", required=True), judge_prompt(game))
        return judged_score(game, reply, prompt_sha256())

    return score


@cache
def _template() -> Template:
    return Template(prompt_text(PROMPT), undefined=StrictUndefined, keep_trailing_newline=True)


@cache
def prompt_sha256() -> str:
    """Hash of the prompt: what a validation of a judge is valid for."""
    return hashlib.sha256(prompt_text(PROMPT).encode()).hexdigest()


def judge_prompt(game: Game) -> str:
    """What the judge is asked."""
    return _template().render(n=len(game.rows), notes=[said._asdict() for said in game.notes])


async def ask(grader: Model, prompt: str) -> str:
    """The judge's reply; if it is not valid, the second one, which was told what is wrong."""
    return await ask_judge(grader, prompt, parse_reply)


def judged_score(game: Game, reply: str, asked_with: str) -> Score:
    """The score of a reply, and whether it says the same as the rules.

    Args:
        game: The dialogue, with the maze.
        reply: What the judge answered.
        asked_with: Hash of the prompt that it answered.
    """
    metadata: dict[str, object] = {REPLY: reply, "asked": 1, "unparsed": 0, "prompt_sha256": asked_with}
    try:
        answer = parse_reply(reply)
    except ValueError as error:
        why = f"Judge: {error}."
        return Score.unscored(reason="grader_failed", explanation=why, metadata=metadata | {"unparsed": 1})
    outcome = judged(answer, game.rows)
    success = outcome is not None and outcome.success
    return Score(
        value={
            "success_judge": float(success),
            "weighted_judge": outcome.weight if outcome else 0.0,
            "agrees": float(success == grade(game).strict),
        },
        answer=" ".join(step.to for step in answer.agreed),
        explanation=_sentence(answer, success, outcome is None),
        metadata=metadata,
    )


def _sentence(answer: JudgeReply, success: bool, differ: bool) -> str:
    if differ:
        return "Judge: the agents name cells in different ways."
    steps = len(answer.agreed)
    return f"Judge: {steps} agreed steps {'reach' if success else 'do not reach'} the goal."


def recorded_reply(state: TaskState) -> tuple[str, str] | None:
    """The latest raw reply that the log of this sample holds, and the hash of what was asked."""
    kept = recorded(state, NAME, REPLY)
    return None if kept is None else (str(kept[REPLY]), str(kept.get("prompt_sha256", "")))
