"""How a judge model agrees with the labelled transcripts of the mazes, and whether that is enough.

`interplay report mazes --validate-judge MODEL` asks the model about every labelled transcript, as the scorer
`maze_judge` would, and compares success with the label. Bars: Cohen's kappa 0.85 on all and 0.75 on the
held-out part, sensitivity 0.90, at most 2 % without a valid reply. With `--folder` the outcome is written for
the pages, which print figures of other judges grey.
"""

import asyncio
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel

from interplay.scorers.followup_gates import Gate
from interplay.scorers.route_grade import Game, Said
from interplay.scorers.route_grader_validity import TRUSTED, validation, write_validation
from interplay.tasks.mazes.maze import render_half
from interplay.tasks.observations import Observation

from .maze_runs import game_of
from .tables import Table, Value

KAPPA, KAPPA_HELD_OUT, SENSITIVITY, UNSCORED = 0.85, 0.75, 0.90, 0.02


class LabelledMaze(BaseModel):
    """The maze of a transcript: full map, and who holds which cell."""

    family: str
    rows: list[str]
    owner: list[str]


class LabelledNote(BaseModel):
    """One note."""

    seat: Literal[1, 2]
    text: str


class Label(BaseModel):
    """What a careful reader says happened.

    `route` ends with the illegal cell, if there was one; `notation` is empty where a reader named none.
    """

    success: bool
    route: list[tuple[int, int]]
    notation: dict[str, str]
    clash: bool
    bulk: bool


class Transcript(BaseModel):
    """One labelled transcript; seat 1 holds half A."""

    id: str
    source: Literal["scripted", "clash", "hand"]
    split: Literal["rules", "held-out", "-"]
    category: str
    maze: LabelledMaze
    notes: list[LabelledNote]
    label: Label
    annotators: list[Label] = []
    resolved: str | None = None

    def game(self) -> Game:
        """What a grader is given."""
        return Game(
            rows=tuple(self.maze.rows),
            views={
                1: render_half(self.maze.rows, self.maze.owner, "A"),
                2: render_half(self.maze.rows, self.maze.owner, "B"),
            },
            notes=tuple(Said(note.seat, note.text) for note in self.notes),
        )


class Verdict(NamedTuple):
    """What the judge said of one transcript; None without a valid reply."""

    transcript: Transcript
    success: bool | None


def load_transcripts() -> list[Transcript]:
    """The labelled transcripts in the order of their file."""
    path = files("interplay.tasks.mazes") / "data" / "transcripts.jsonl"
    return [Transcript.model_validate(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Cohen's kappa of two yes/no readings; None where chance alone agrees always."""
    n = len(pairs)
    if n == 0:
        return None
    observed = sum(a == b for a, b in pairs) / n
    yes_a, yes_b = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    chance = yes_a * yes_b + (1 - yes_a) * (1 - yes_b)
    return None if chance == 1 else (observed - chance) / (1 - chance)


def validation_tables(model: str) -> list[Table]:
    """Asks the model about every transcript and tabulates its agreement.

    Raises:
        EnvironmentProblem: The provider fails.
    """
    return [agreement(model, _read_by(model))]


def written_validation(model: str, folder: Path) -> list[Table]:
    """The same, and the outcome in a file of this folder, which the pages read."""
    verdicts = _read_by(model)
    write_validation(validation(model, len(verdicts), gates_of(verdicts)), folder)
    return [agreement(model, verdicts)]


def _read_by(model: str) -> list[Verdict]:
    return asyncio.run(_judge_all(model, load_transcripts()))


def gates_of(verdicts: Sequence[Verdict]) -> list[Gate]:
    """The bars that a judge has to reach, and what it reached."""
    whole = _figures(verdicts)
    held_out = _figures([v for v in verdicts if v.transcript.split == "held-out"])
    return [
        _gate("kappa with the labels", whole.kappa, KAPPA),
        _gate("kappa on the held-out part", held_out.kappa, KAPPA_HELD_OUT),
        _gate("sensitivity", whole.sensitivity, SENSITIVITY),
        _gate("share of valid replies", 1 - whole.unscored, 1 - UNSCORED),
    ]


def _gate(name: str, value: float | None, threshold: float) -> Gate:
    return Gate(name=name, value=value, threshold=threshold, met=value is not None and value >= threshold)


def agreement(model: str, verdicts: Sequence[Verdict]) -> Table:
    """Agreement with the labels by part, and the verdict on the judge."""
    parts = {
        "scripted": [v for v in verdicts if v.transcript.source == "scripted"],
        "clash": [v for v in verdicts if v.transcript.source == "clash"],
        "hand-written": [v for v in verdicts if v.transcript.split == "rules"],
        "hand-written, held out": [v for v in verdicts if v.transcript.split == "held-out"],
        "all": list(verdicts),
    }
    figures = {name: _figures(part) for name, part in parts.items()}
    enough = all(gate.met for gate in gates_of(verdicts))
    rows: list[tuple[Value, ...]] = [(name, *f) for name, f in figures.items()]
    return Table(
        f"{model} as judge of the mazes: {'validated' if enough else 'not validated'}",
        ("part", "n", "right", "kappa", "sensitivity", "false successes", "unscored"),
        tuple(rows),
        f"Bars: kappa {KAPPA} on all and {KAPPA_HELD_OUT} held out, sensitivity {SENSITIVITY}, "
        f"unscored at most {UNSCORED}.",
    )


def judged(observed: Sequence[Observation]) -> Table | None:
    """What a judge said beside the rules, by model under test and game; None where no run had one."""
    groups: dict[tuple[str, str], list[Observation]] = {}
    for o in observed:
        if any(key.startswith("maze_judge.") for key in (*o.values, *o.words)):
            groups.setdefault((o.model, game_of(o)), []).append(o)
    rows: list[tuple[Value, ...]] = []
    doubtful = False
    for place, group in groups.items():
        pairs = [
            (o.values["maze.success_strict"] == 1, o.values["maze_judge.success_judge"] == 1)
            for o in group
            if "maze_judge.success_judge" in o.values and "maze.success_strict" in o.values
        ]
        share = sum(found for _, found in pairs) / len(pairs) if pairs else None
        agreement = kappa(pairs)
        doubtful = doubtful or (agreement is not None and agreement < TRUSTED)
        rows.append((*place, len(group), share, agreement, len(group) - len(pairs)))
    if not rows:
        return None
    return Table(
        "Judge beside the rules",
        ("model", "game", "samples", "success by the judge", "kappa with the rules", "unscored"),
        tuple(rows),
        f"Below a kappa of {TRUSTED} one of the two misreads this model's way of talking."
        if doubtful
        else "",
    )


class _Figures(NamedTuple):
    n: int
    right: float | None
    kappa: float | None
    sensitivity: float | None
    false_successes: int
    unscored: float


def _figures(part: Sequence[Verdict]) -> _Figures:
    pairs = [(v.transcript.label.success, v.success) for v in part if v.success is not None]
    successes = [found for truth, found in pairs if truth]
    return _Figures(
        n=len(part),
        right=sum(a == b for a, b in pairs) / len(pairs) if pairs else None,
        kappa=kappa(pairs),
        sensitivity=sum(successes) / len(successes) if successes else None,
        false_successes=sum(found and not truth for truth, found in pairs),
        unscored=1 - len(pairs) / len(part) if part else 0.0,
    )


async def _judge_all(model: str, transcripts: Sequence[Transcript]) -> list[Verdict]:
    from inspect_ai.model import get_model

    from interplay.scorers.judge_call import judge_each, reached
    from interplay.scorers.route_grader import ask, judge_prompt, judged_score, prompt_sha256

    grader = get_model(model)

    async def judge(transcript: Transcript) -> Verdict:
        game = transcript.game()
        reply = await reached(model, ask(grader, judge_prompt(game)))
        value = judged_score(game, reply, prompt_sha256()).value
        return Verdict(transcript, bool(value["success_judge"]) if isinstance(value, dict) else None)

    return await judge_each(judge, transcripts)
