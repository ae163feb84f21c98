"""Judges of user turns: what one says beside the rules, whether it is validated, how it reads labelled turns.

A judge is validated for one prompt and one version of the rules, by the file that
`python -m interplay.scorers.followup_judge gates` writes to `leaderboard/validation/user_turn/`.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from interplay.scorers.followup_accuracy import LabelledTurn, labelled_contexts, labelled_turns
from interplay.scorers.followup_answer import judge_prompt, judged, prompt_sha256
from interplay.scorers.followup_validity import validity
from interplay.tasks.judged import JudgedRun

from ..judged import UNREAD_LIMIT
from ..measure import observations
from ..rows import LogRows
from .judges import kappa
from .tables import Table, Value
from .turn_figures import shown_share

LEADERBOARD = Path(__file__).resolve().parents[1]
NAME = "followup_judge"


def validity_words(grader: str, asked_with: str, leaderboard: Path = LEADERBOARD) -> str:
    """`validated`, or that a judge is not and why.

    Args:
        grader: The model in role `grader`.
        asked_with: Hash of the prompt that it answered.
        leaderboard: The folder of that name with the validations.
    """
    found = validity(JudgedRun({"grader": grader}, asked_with, {}), leaderboard)
    return "validated" if found.state == "green" else f"not validated: {found.reason}"


def judged_turns(logs: Sequence[LogRows], board_id: str) -> Table:
    """What a judge said beside the rules, one row a log that had one."""
    from ..boards import find_board

    rows: list[tuple[Value, ...]] = []
    for log in logs:
        grader = log.header.roles.get("grader")
        observed = [o for o in observations(find_board(board_id), log) if f"{NAME}.asked" in o.values]
        if grader is None or not observed:
            continue
        asked = sum(o.values[f"{NAME}.asked"] for o in observed)
        unread = sum(o.values.get(f"{NAME}.unparsed", 0.0) for o in observed) / asked if asked else 0.0
        figures: list[Value] = []
        for key in ("gfr_t0", "gfr_t1", "react_t1", "agree"):
            figures.append(shown_share(observed, f"{NAME}.{key}") if unread <= UNREAD_LIMIT else None)
        asked_with = next((h for o in observed if (h := o.words.get(f"{NAME}.prompt_sha256"))), "")
        words = validity_words(grader, asked_with)
        rows.append((log.header.model, log.header.task.split("/")[-1], grader, *figures, unread, words))
    return Table(
        "Judge beside the rules",
        ("model", "task", "judge", "GFR@0", "GFR@1", "react", "agrees with the rules", "unread", "validity"),
        tuple(rows),
        f"Means over contexts, never in the headline; withheld where more than {UNREAD_LIMIT:.0%} of the "
        "answers could not be read.",
    )


def validation_tables(model: str) -> list[Table]:
    """Asks the model about every labelled turn and tabulates its agreement.

    Raises:
        EnvironmentProblem: The provider fails.
    """
    turns = [turn for turn in labelled_turns() if turn.label != "empty"]
    labels = asyncio.run(_judge_all(model, turns))
    rows: list[tuple[Value, ...]] = []
    for part in ("rules", "held-out"):
        pairs = [(t.label, found) for t, found in zip(turns, labels, strict=True) if t.split == part]
        read = [(truth, found) for truth, found in pairs if found is not None]
        genuine = [(truth == "genuine", found == "genuine") for truth, found in read]
        called = [truth for truth, found in genuine if found]
        there = [found for truth, found in genuine if truth]
        rows.append(
            (
                part,
                len(pairs),
                fmean(a == b for a, b in read) if read else None,
                fmean(called) if called else None,
                fmean(there) if there else None,
                kappa(genuine),
                1 - len(read) / len(pairs),
            )
        )
    note = "Labels of one author; a judge is validated by two people on turns of real models."
    columns = ("part", "turns", "exact", "precision of genuine", "recall", "kappa, genuine or not", "unread")
    return [
        Table(
            f"{model} as judge of user turns: {validity_words(model, prompt_sha256())}",
            columns,
            tuple(rows),
            note,
        )
    ]


async def _judge_all(model: str, turns: Sequence[LabelledTurn]) -> list[str | None]:
    from inspect_ai.model import get_model

    from interplay.scorers.followup_judge import answer_in, ask
    from interplay.scorers.judge_call import judge_each, reached

    grader, contexts = get_model(model), labelled_contexts()

    async def judge(turn: LabelledTurn) -> str | None:
        context = contexts[turn.context]
        prompt = judge_prompt(context.queries[-1], context.reply, turn.turn, f"{context.id}/{turn.id}")
        answer = answer_in(await reached(model, ask(grader, prompt)))
        return None if answer is None else judged(answer, context.reply).label

    return await judge_each(judge, turns)
