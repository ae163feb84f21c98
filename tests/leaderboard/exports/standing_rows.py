"""Boards of a few invented models, without a site around them."""

import json
from functools import cache

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.canonical import canonical_bytes
from interplay.leaderboard.schema import Entry, Evidence
from interplay.leaderboard.standings import Standing, Submission, standing

from .. import synthetic

PAIR, GAP = find_board("mazes-pair"), find_board("mazes-gap")
UNITS = synthetic.STANDARD[::4]
NOTE = {"method_note": "Another prompt.", "method_url": "https://a.example/x"}


def entry(model: str, ability: float, **fields: object) -> Entry:
    """An entry of a model with results on the boards of pairs and of the gap."""
    content = stored(model, ability, **fields)
    return Entry.model_validate_json(canonical_bytes(content))


def stored(model: str, ability: float, **fields: object) -> dict[str, object]:
    """The same in its stored form."""
    is_reference = fields.get("division") == "reference"
    units, preset = (synthetic.SMOKE, "smoke") if is_reference else (UNITS, "standard")
    results = [make(model, ability, units, preset) for make in (synthetic.pair_result, synthetic.gap_result)]
    return synthetic.entry(model, results, **fields)  # type: ignore[arg-type]


def changed(of: Entry, **fields: object) -> Entry:
    """An entry with some fields of its first result replaced."""
    first, *others = of.results
    return of.model_copy(update={"results": (first.model_copy(update=fields), *others)})


def submission(of: Entry, rung: int = 0, *kinds: str) -> Submission:
    """An entry with records of those kinds that passed."""
    content = json.loads(canonical_bytes(of.content()))
    records = (synthetic.record(content, kind) for kind in kinds)
    return Submission(of, tuple(Evidence.model_validate_json(canonical_bytes(r)) for r in records), rung)


@cache
def submissions() -> tuple[Submission, ...]:
    """Three models of the closed division, a scripted player, and an entry of the open division."""
    return (
        submission(entry("orchard/aster-1", 0.9), 2),
        submission(entry("meadow/birch-1", 0.2, day=2), 1),
        submission(entry("vllm/Harbour/Cedar-1", 0.55, day=3)),
        submission(entry("reference/cartographer", 2.0, division="reference"), 2),
        submission(entry("orchard/dahlia-1", 0.7, day=4, division="open", **NOTE)),
    )


@cache
def pair_standing() -> Standing:
    """The board of pairs of these."""
    return standing(PAIR, submissions())


@cache
def gap_standing() -> Standing:
    """The board of the gap of these."""
    return standing(GAP, submissions())
