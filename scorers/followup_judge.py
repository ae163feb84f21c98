"""The optional scorer `followup_judge`: a model, role `grader`, labels some of the turns beside the rules.

Judged are the greedy turn and the first three at temperature 1 of the base arm. The raw answers are kept in
the metadata of the score, and where a log holds some already they are read again instead of asking anew.

    python -m interplay.scorers.followup_judge sheet logs/*.eval -o sheet.csv
    python -m interplay.scorers.followup_judge gates sheet.csv

make the sheet on which two people label turns, and check a judge against them.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from inspect_ai.model import GenerateConfig, Model, get_model
from inspect_ai.scorer import Score, Scorer, Target, ci_wilson, grouped, mean, scorer
from inspect_ai.solver import TaskState
from inspect_ai.util import collect

from interplay.tasks.user_turn.prompting import prompt_text

from .followup import Scorable, scorable
from .followup_answer import JudgeAnswer, judge_prompt, judged, parse_answer, prompt_sha256
from .followup_rules import VERSION
from .followup_turns import BASE, LabelledTurn
from .followup_values import GREEDY, REACTIONS, sampled, suffix
from .judge_call import ask_judge, recorded

NAME = "followup_judge"
ANSWERS = "answers"
"""Key of the raw answers in the metadata of a score, by temperature and draw."""
CONFIG = GenerateConfig(temperature=0, max_tokens=400)
DRAWS = 3
"""Turns at temperature 1 that are judged."""


class Opinion(NamedTuple):
    """A turn and what the judge makes of it; label None where no answer could be read."""

    turn: LabelledTurn
    label: str | None
    downgraded: bool = False


class Answers(NamedTuple):
    """Raw answers by turn, and the hash of the prompt that they answer."""

    texts: Mapping[str, str]
    prompt_sha256: str


@scorer(metrics={"*": [mean(), ci_wilson(), grouped(mean(), "dataset", all="groups", all_label="macro")]})
def followup_judge() -> Scorer:
    """What a judge model makes of the turns, beside the rules and never in the headline."""

    async def score(state: TaskState, target: Target) -> Score:
        found = scorable(state)
        if isinstance(found, Score):
            return found
        kept = recorded_answers(state)
        if kept is None:
            kept = Answers(await asked(found), prompt_sha256())
        return judge_score(found, kept)

    return score


def judged_turns(found: Scorable) -> list[LabelledTurn]:
    """The greedy turn and the first draws at temperature 1."""
    base = found.arms[BASE]
    return [*base.at(GREEDY), *sampled(base)[:DRAWS]]


def is_asked(turn: LabelledTurn) -> bool:
    """Whether a judge is asked about it: not where there is nothing to read."""
    return turn.label != "empty" and not turn.turn.ended


def name_of(turn: LabelledTurn) -> str:
    """Temperature and draw, as `t1/2`."""
    return f"{suffix(turn.turn.t)}/{turn.turn.i}"


async def asked(found: Scorable) -> dict[str, str]:
    """The raw answers by turn; turns of the same text are asked about once."""
    turns = list(filter(is_asked, judged_turns(found)))
    first: dict[str, tuple[int, LabelledTurn]] = {}
    for place, turn in enumerate(turns):
        first.setdefault(turn.turn.text, (place, turn))
    if not first:
        return {}
    grader, base = get_model(role="grader", required=True), found.arms[BASE]
    prompts = [
        judge_prompt(found.context.query, base.reply, text, f"{found.context.id}/{place}")
        for text, (place, _) in first.items()
    ]
    answers = await collect(*(ask(grader, prompt) for prompt in prompts))
    by_text = dict(zip(first, answers, strict=True))
    return {name_of(turn): by_text[turn.turn.text] for turn in turns}


async def ask(grader: Model, prompt: str) -> str:
    """The judge's answer; if it can not be read, the second one."""

    def again(_: str) -> str:
        return prompt_text("judge_retry.txt").strip()

    return await ask_judge(grader, prompt, parse_answer, config=CONFIG, again=again)


def answer_in(text: str | None) -> JudgeAnswer | None:
    """The answer in a text, None if none can be read."""
    try:
        return None if text is None else parse_answer(text)
    except ValueError:
        return None


def judge_score(found: Scorable, answers: Answers) -> Score:
    """The score of these answers."""
    reply = found.arms[BASE].reply
    opinions = [_opinion(turn, answers.texts, reply) for turn in judged_turns(found)]
    put = [opinion for opinion in opinions if is_asked(opinion.turn)]
    unread = sum(opinion.label is None for opinion in put)
    metadata: dict[str, object] = {
        ANSWERS: dict(answers.texts),
        "turns": list(map(_entry, opinions)),
        "asked": len(put),
        "unparsed": unread,
        "downgraded": sum(opinion.downgraded for opinion in put),
        "prompt_sha256": answers.prompt_sha256,
        "rules_version": VERSION,
    }
    if put and unread == len(put):
        explanation = "No answer of the judge was one JSON object with a known label."
        return Score.unscored(reason="grader_failed", explanation=explanation, metadata=metadata)
    greedy = [opinion for opinion in opinions if opinion.turn.turn.t == GREEDY]
    drawn = [opinion for opinion in opinions if opinion.turn.turn.t != GREEDY]
    hot = suffix(drawn[0].turn.turn.t) if drawn else "t1"
    same = [(o.label == "genuine") == (o.turn.label == "genuine") for o in put if o.label is not None]
    return Score(
        value={
            "gfr_t0": share(greedy, ["genuine"]),
            f"gfr_{hot}": share(drawn, ["genuine"]),
            f"react_{hot}": share(drawn, REACTIONS),
            "agree": sum(same) / len(same) if same else math.nan,
        },
        answer=greedy[0].label if greedy else None,
        explanation=f"The judge agrees with the rules on {sum(same)} of {len(same)} turns, genuine or not.",
        metadata=metadata,
    )


def _opinion(turn: LabelledTurn, answers: Mapping[str, str], reply: str) -> Opinion:
    if not is_asked(turn):
        return Opinion(turn, turn.label)
    answer = answer_in(answers.get(name_of(turn)))
    return Opinion(turn, None) if answer is None else Opinion(turn, *judged(answer, reply))


def _entry(opinion: Opinion) -> dict[str, object]:
    turn = opinion.turn
    entry: dict[str, object] = {
        "t": turn.turn.t,
        "i": turn.turn.i,
        "label": opinion.label,
        "rules": turn.label,
    }
    return entry | ({"asked": False} if not is_asked(turn) else {})


def share(opinions: Sequence[Opinion], labels: Sequence[str]) -> float:
    """Share of the turns with a readable answer that have one of these labels, NaN without any."""
    read = [opinion for opinion in opinions if opinion.label is not None]
    return sum(opinion.label in labels for opinion in read) / len(read) if read else math.nan


def recorded_answers(state: TaskState) -> Answers | None:
    """The answers that the log of this sample holds from an earlier scoring, the latest ones."""
    kept = recorded(state, NAME, ANSWERS)
    if kept is None:
        return None
    texts = cast("Mapping[str, object]", kept[ANSWERS])
    return Answers({str(name): str(text) for name, text in texts.items()}, str(kept.get("prompt_sha256", "")))


if __name__ == "__main__":
    from interplay.scorers.followup_validation import main

    main()
