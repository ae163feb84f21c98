"""Synthetic entries of angry conversations: invented talks, measured by the real code, of no real model."""

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from interplay.leaderboard.analysis.deescalation_admission import (
    FOLDER,
    Admission,
    Measured,
    unmeasured,
    write_admission,
)
from interplay.leaderboard.boards import find_board
from interplay.leaderboard.measure import results
from interplay.leaderboard.rows import RoleUse, SampleRow, ScoreRow
from interplay.scorers.escalation_metrics import trajectory
from interplay.tasks.deescalation.arms import every_arm
from interplay.tasks.deescalation.keys import CELLS
from interplay.tasks.deescalation.scenarios import Scenario, expand, load_seeds

from . import synthetic
from .plain_rows import log

MODELS: Mapping[str, tuple[float, Mapping[str, float], float]] = {
    "grove/ash-9": (0.35, {"c1": 0.15, "c2": 0.10, "c3": 0.05, "placebo": 0.02}, 0.5),
    "heath/broom-max": (0.20, {"c1": 0.30, "c2": 0.05, "c3": 0.20, "placebo": 0.10}, -0.2),
    "moor/cotton-1": (0.10, {"c1": 0.02, "c2": -0.10, "c3": 0.00, "placebo": 0.00}, 1.5),
    "moor/ling-7": (0.28, {"c1": 0.12, "c2": 0.12, "c3": 0.12, "placebo": 0.03}, 0.0),
}
"""Invented models: how well they calm, what each rule adds, words that all rules add in tens."""
HARD = {"low": 0.15, "medium": 0.0, "high": -0.2}
REPLIES = 8
LEAVE_FROM = 3


def scenarios(seeds: int) -> list[Scenario]:
    """All variants of the first seeds."""
    found = expand(load_seeds())
    first = list(dict.fromkeys(scenario.seed_id for scenario in found))[:seeds]
    return [scenario for scenario in found if scenario.seed_id in first]


def skill(model: str, arm: str) -> float:
    """How often a reply under this arm calms, less how often it angers."""
    base, gains, _ = MODELS[model]
    return (
        base + sum(gains[rule] for rule in CELLS.get(arm, ())) + (gains["placebo"] if arm == "placebo" else 0)
    )


def levels(draw: random.Random, calm: float) -> tuple[list[int], str | None]:
    """Levels of one talk and how it ended."""
    path = [3]
    for turn in range(1, REPLIES + 1):
        step = draw.choices((-1, 0, 1), (max(calm, 0.03), 0.45, max(0.55 - calm, 0.03)))[0]
        path.append(min(max(path[-1] + step, 0), 4))
        if turn >= LEAVE_FROM and path[-1] == path[-2] in (0, 4):
            return path, "calmed" if path[-1] == 0 else "fed_up"
    return path, None


def judged_values(values: Mapping[str, float], draw: random.Random) -> dict[str, float]:
    """What a judge makes of a talk: levels near those of the patterns, and its opinions."""
    found = {
        "cts_d": min(max(values["escalation.cts_d"] + draw.gauss(0, 0.1), -1.0), 1.0),
        "useful": float(draw.randint(1, 4)),
        "takes_side_on_unfair_claim": float(draw.random() < 0.1),
        "asked": 20.0,
        "unparsed": 0.0,
    }
    return {f"escalation_judge.{key}": value for key, value in found.items()}


def sample(model: str, scenario: Scenario, arm: str, mode: str, simulator: str = "rule") -> SampleRow:
    """One talk under one arm; one simulator sees a model's first rule the other way round."""
    draw = random.Random(f"{model} {scenario.id} {arm} {mode} {simulator}")
    held = CELLS.get(arm, frozenset())
    able = skill(model, arm) + HARD[scenario.resistance]
    path, end = levels(draw, able - CONTRARY * (simulator == "state" and model == DIVIDED and bool(held)))
    broken = {
        key: min(max(draw.gauss(0.1 if rule in held else 0.55, 0.12), 0.0), 1.0)
        for key, rule in (("v1", "c1"), ("v2", "c2"), ("v3", "c3"), ("v4", "none"))
    }
    values = {f"escalation.{key}": value for key, value in broken.items()}
    values["escalation.conduct"] = 1 - sum(broken.values()) / 4
    values["escalation.words"] = 70 + 10 * MODELS[model][2] * len(held) / 3 + draw.gauss(0, 6)
    values["escalation.turns"] = float(len(path) - 1)
    words: dict[str, str] = {}
    if mode == "live":
        values |= {f"escalation.{key}": value for key, value in trajectory(path, end).items()}
        words["escalation.levels"] = " ".join(map(str, path))
    if simulator != "rule":
        values |= judged_values(values, draw)
        words |= {"escalation_judge.prompt_sha256": "0" * 64}
    metadata = {"seed_id": scenario.seed_id, "scenario_id": scenario.id, "arm": arm, "mode": mode}
    metadata |= {"resistance": scenario.resistance, "profile": scenario.profile, "domain": scenario.domain}
    metadata |= {"simulator": simulator} if mode == "live" else {}
    return SampleRow(
        sample_id=f"{scenario.id}:{arm}",
        epoch=1,
        pin="0" * 16,
        facts={},
        metadata=metadata,
        score=ScoreRow(numbers=values, words=words, value_keys=tuple(values)),
        errored=False,
        limit=None,
        usage={"model": RoleUse(calls=8, input_tokens=4000, output_tokens=900)},
        seconds=1.0,
        started_at=None,
        completed_at=None,
        completions="0" * 64,
        fallbacks=0,
        edits=(),
    )


DIVIDED, CONTRARY = "moor/ling-7", 0.7
"""A model whose effect has not one sign with two simulators, and how much worse it does with the second."""
SIMULATED_BOARD = "deescalation-simulated"
PEOPLE: Mapping[str, str] = {"grader": "acme/judge", "user_sim": "acme/person"}
RUNS: Mapping[str, tuple[str, str]] = {
    "deescalation-baseline": ("live", "vanilla"),
    "deescalation-effect": ("live", "core3"),
    "deescalation-rules": ("live", "factorial"),
    "deescalation-scripted": ("scripted", "core3"),
}

RULES_BOARD = "deescalation-rules"


def found_on(board: str, model: str, seeds: int) -> dict[str, object]:
    """What the measuring code makes of the talks of a board."""
    mode, chosen = RUNS[board]
    arms = every_arm().sets.get(chosen, (chosen,))
    rows = [sample(model, scenario, arm, mode) for scenario in scenarios(seeds) for arm in arms]
    given = log(rows, "deescalation", scorers=("escalation",), args={"mode": mode, "arms": chosen})
    return results(find_board(board), [given]).model_dump(mode="json")


def entries(seeds: int) -> Iterator[dict[str, object]]:
    """Two entries a model: the boards of the suite's own runs, and that of all eight cells."""
    for i, name in enumerate(MODELS):
        for boards in (tuple(RUNS)[:2] + tuple(RUNS)[3:], (RULES_BOARD,)):
            own = [found_on(board, name, seeds) for board in boards]
            yield synthetic.entry(name, own, day=1 + i, division="closed", family="deescalation")
        own = [simulated_on(name, seeds)]
        roles = {role: {"id": model, "revision": None, "served_by": "acme"} for role, model in PEOPLE.items()}
        yield synthetic.entry(name, own, day=1 + i, division="closed", family="deescalation", roles=roles)


def simulated_on(model: str, seeds: int) -> dict[str, object]:
    """What the measuring code makes of talks with two kinds of simulated people."""
    rows = [
        sample(model, scenario, arm, "live", simulator)
        for simulator in ("persona", "state")
        for scenario in scenarios(seeds)
        for arm in every_arm().sets["core3"]
    ]
    scorers = ("escalation", "escalation_judge")
    given = log(rows, "deescalation", scorers=scorers, roles=dict(PEOPLE), args={"mode": "live"})
    return results(find_board(SIMULATED_BOARD), [given]).model_dump(mode="json")


def admitted(kind: Literal["persona", "state"]) -> Admission:
    """The admission of an invented simulator."""
    person = PEOPLE["user_sim"]
    return Admission(
        simulator=kind,
        user_sim=person,
        sim_state=person if kind == "state" else None,
        task_version="1.0.0",
        verdict="yes",
        criteria=tuple(
            Measured(name=c.name, measured=0.0, bound=c.bound, n=400, met=True) for c in unmeasured()
        ),
        logs=("0" * 64,),
    )


def write_models(root: Path, seeds: int = 40) -> None:
    """Entries of all invented models, and the admission of who plays their people."""
    write_admission(root / "leaderboard" / FOLDER, admitted("persona"))
    write_admission(root / "leaderboard" / FOLDER, admitted("state"))
    for content in entries(seeds):
        synthetic.write(root, content)
