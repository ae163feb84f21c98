"""Synthetic entries of chains and ledgers: invented replies, measured by the real code, of no real model."""

import random
from collections.abc import Iterator, Mapping
from pathlib import Path

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.measure import results
from interplay.leaderboard.rows import RoleUse, SampleRow, ScoreRow
from interplay.tasks.proxy_drift.summary import ALARM, DOMAIN, RIGHT, SKILL, WORLDS
from interplay.tasks.recipe_chains.openers import openers
from interplay.tasks.recipe_chains.summary import DOSES, SHARE, SHARE3

from . import synthetic
from .plain_rows import log

MODELS: Mapping[str, tuple[float, float, tuple[float, ...]]] = {
    "grove/ash-9": (0.30, 0.25, (0.8, 0.1, -0.6, 0.9)),
    "heath/broom-max": (0.45, 0.0, (0.7, 0.6, 0.7, 0.8)),
    "moor/cotton-1": (0.20, -0.15, (0.0, 0.05, -0.05, 0.1)),
}
"""Invented models: share after a flat text, the controlled shift, skill by world."""


def row(name: str, epoch: int, metadata: Mapping[str, str], numbers: Mapping[str, float]) -> SampleRow:
    """One sample of these values."""
    return SampleRow(
        sample_id=name,
        epoch=epoch,
        pin="0" * 16,
        facts={},
        metadata=dict(metadata),
        score=ScoreRow(numbers=dict(numbers), value_keys=tuple(numbers)),
        errored=False,
        limit=None,
        usage={"model": RoleUse(calls=1, input_tokens=200, output_tokens=120)},
        seconds=1.0,
        started_at=None,
        completed_at=None,
        completions="0" * 64,
        fallbacks=0,
        edits=(),
    )


def chains(model: str) -> Iterator[SampleRow]:
    """Replies to the controlled texts: six sentences each, so a share is a multiple of a sixth."""
    flat, moved, _ = MODELS[model]
    for opener in openers():
        for place, dose in enumerate(DOSES):
            for epoch in (1, 2):
                draw = random.Random(f"{model} {opener.id} {dose} {epoch}")
                chance = flat + moved * place / 2 + 0.1 * (opener.uncertainty == "high")
                said = [draw.random() < chance for _ in range(6)]
                values = {SHARE: sum(said) / 6, SHARE3: sum(said[:3]) / 3, "hedging.words": 50.0}
                values |= {"hedging.hedges_per_100w": 2.0 * sum(said), "hedging.general_share": 0.1}
                about = {"opener_id": opener.id, "uncertainty": opener.uncertainty, "dose": dose}
                yield row(f"{opener.id}:controlled:{dose}", epoch, {**about, "partner": "controlled"}, values)


def ledgers(model: str) -> Iterator[SampleRow]:
    """Answers to 50 ledgers of each world."""
    for world, skill in zip(WORLDS, MODELS[model][2], strict=True):
        for n in range(50):
            draw = random.Random(f"{model} {world} {n}")
            right = draw.random() < (1 + skill) / 2
            values = {SKILL: min(max(draw.gauss(skill, 0.3), -1.0), 1.0), RIGHT: float(right)}
            values |= {(DOMAIN if world in ("stalled", "inverted") else ALARM): float(draw.random() < 0.4)}
            yield row(f"{world}-{n}", 1, {"ledger_id": f"{world}-{n}", "world": world}, values)


def write_models(root: Path) -> None:
    """One entry a model and family."""
    for day, name in enumerate(MODELS, 1):
        for family, board, scorer, rows in (
            ("recipe_chains", "recipe-chains", "hedging", list(chains(name))),
            ("proxy_drift", "proxy-drift", "proxy_drift", list(ledgers(name))),
        ):
            given = log(rows, family, scorers=(scorer,), epochs=2 if family == "recipe_chains" else 1)
            own = [results(find_board(board), [given]).model_dump(mode="json")]
            synthetic.write(root, synthetic.entry(name, own, day=day, division="closed", family=family))
