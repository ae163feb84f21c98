"""Synthetic entries for tests of the site: valid by the schema, seeded, of no real model."""

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.canonical import (
    canonical_bytes,
    content_hash,
    encode_units,
    entry_id,
    units_digest,
)
from interplay.leaderboard.rungs import WORKFLOW, release_identity
from interplay.leaderboard.schema import Entry
from interplay.leaderboard.statistics import paired, share

FLOOR = find_board("mazes-pair").range[0]
FAMILIES = ("bernoulli", "detour", "perfect")
STEPS = ("up to 10", "11-13", "14-16", "17-19", "20+")
STANDARD = tuple(f"standard-1-{family}-{i:03d}" for family in FAMILIES for i in range(1, 41))
SMOKE = tuple(f"standard-1-{family}-{i:03d}" for family in FAMILIES for i in range(1, 3))
NAMES = (
    "aster",
    "birch",
    "cedar",
    "dahlia",
    "elder",
    "fern",
    "gorse",
    "hazel",
    "iris",
    "juniper",
    "kelp",
    "larch",
)
PLAYERS = {"cartographer": 1.0, "mute": 0.0, "follower": 0.78, "noisy": 0.5, "colrow": 1.0, "echo": -0.11}
HOSTILE = '<img src=x onerror=alert(1)></script><b>\u202eevil\u202c & "quoted" 🧭 ' + "long" * 20


def unit_values(name: str, ability: float, units: Iterable[str]) -> list[float]:
    """One corrected value per maze: the mean of two seats, each a success or the floor."""
    draw = random.Random(f"{name}-{ability}")
    values: list[float] = []
    for unit in units:
        hard = 0.12 * FAMILIES.index(unit.split("-")[2])
        chance = min(max(ability - hard + draw.uniform(-0.25, 0.25), 0.0), 1.0)
        values.append(sum(1.0 if draw.random() < chance else FLOOR for _ in range(2)) / 2)
    return values


def metric(values: list[float], bounds: tuple[float, float], interval: str = "share") -> dict[str, object]:
    """A figure with its interval, as an entry stores it."""
    found = share(values, bounds)
    numbers = {"value": found.value, "lo": found.lo, "hi": found.hi}
    return {**{k: round(v, 6) for k, v in numbers.items()}, "n": len(values), "interval": interval}


def cell(dims: dict[str, str], values: list[float]) -> dict[str, object]:
    figures = metric(values, (FLOOR, 1.0))
    return {
        "dims": dims,
        "metric": "maze.success_corrected",
        **{k: figures[k] for k in ("value", "lo", "hi", "n")},
    }


def usage(samples: int) -> dict[str, object]:
    return {
        "model": {
            "calls": samples * 19,
            "input_tokens": samples * 21_450,
            "output_tokens": samples * 2_310,
            "reasoning_tokens": samples * 1_480,
            "cached_tokens": samples * 9_800,
            "seconds": 4812.5,
            "cost_usd": 18.42,
            "price_date": "2026-11-01",
        }
    }


def pair_result(name: str, ability: float, units: tuple[str, ...], preset: str) -> dict[str, object]:
    """A result on the pair board with secondary figures and the cells of the family's summary."""
    values = unit_values(name, ability, units)
    strict = [(v - FLOOR) / (1 - FLOOR) for v in values]
    cells = [cell({"seat": seat}, values) for seat in ("AB", "BA")] + [cell({"condition": "C7"}, values)]
    for family in FAMILIES:
        own = [v for v, unit in zip(values, units, strict=True) if f"-{family}-" in unit]
        cells.append(cell({"condition": "C7", "family": family}, own))
    size = max(len(values) // len(STEPS), 1)
    for i, steps in enumerate(STEPS):
        own = sorted(values, reverse=True)[i * size : (i + 1) * size] or values
        cells.append(cell({"condition": "C7", "steps": steps}, own))
    tokens = {"value": 1834.2, "lo": 1702.0, "hi": 1977.4, "n": len(values), "interval": "bootstrap"}
    return {
        "board": "mazes-pair",
        "preset": preset,
        "task_version": "1.0.0",
        "units_total": len(units),
        "samples": 2 * len(units),
        "errors": 0,
        "unscored": 0,
        "metrics": {
            "maze.success_corrected": metric(values, (FLOOR, 1.0)),
            "maze.success_strict": metric(strict, (0.0, 1.0)),
            "maze.contested": metric([0.0] * len(values), (0.0, 1.0)),
            "maze.weighted_strict": metric([min(1.0, s + 0.1) for s in strict], (-4.0, 1.0)),
            "maze.visible_tokens": tokens,
        },
        "units": encode_units(values),
        "units_digest": units_digest(units),
        "cells": cells,
        "usage": usage(2 * len(units)),
    }


def gap_result(name: str, ability: float, units: tuple[str, ...], preset: str) -> dict[str, object]:
    """A result on the gap board: solo less pair."""
    solo, pair = unit_values(f"{name} solo", ability + 0.15, units), unit_values(name, ability, units)
    found = paired(solo, pair, (FLOOR, 1.0))
    head = {"value": found.value, "lo": found.lo, "hi": found.hi}
    return {
        "board": "mazes-gap",
        "preset": preset,
        "task_version": "1.0.0",
        "units_total": len(units),
        "samples": 4 * len(units),
        "errors": 0,
        "unscored": 0,
        "metrics": {
            "maze.success_corrected": {
                **{k: round(v, 6) for k, v in head.items()},
                "n": len(units),
                "interval": "difference",
            }
        },
        "units": encode_units(a - b for a, b in zip(solo, pair, strict=True)),
        "units_digest": units_digest(units),
        "cells": [cell({"condition": "C3"}, solo), cell({"condition": "C7"}, pair)],
        "usage": usage(4 * len(units)),
    }


def cross_result(name: str, ability: float) -> dict[str, object]:
    """A result on the board of scripted partners."""
    units = STANDARD[::2]
    values = unit_values(f"{name} cross", ability, units)
    scripts = ("cartographer", "follower", "noisy", "colrow")
    cells = [cell({"script": script}, values[i::4]) for i, script in enumerate(scripts)]
    return {
        "board": "mazes-cross",
        "preset": "standard",
        "task_version": "1.0.0",
        "units_total": len(units),
        "samples": 4 * len(units),
        "errors": 0,
        "unscored": 0,
        "metrics": {
            "maze.success_corrected": metric(values, (FLOOR, 1.0)),
            "maze.success_strict": metric([(v - FLOOR) / (1 - FLOOR) for v in values], (0.0, 1.0)),
        },
        "units": encode_units(values),
        "units_digest": units_digest(units),
        "cells": cells,
        "usage": usage(240),
    }


def entry(
    model: str,
    results: list[dict[str, object]],
    *,
    day: int = 1,
    division: str = "closed",
    effort: str | None = None,
    organisation: str | None = None,
    supersedes: str | None = None,
    **fields: object,
) -> dict[str, object]:
    """One entry in its stored form, with its id."""
    is_reference = division == "reference"
    served_by = model.split("/")[0]
    slug = model.replace("/", "-").lower()
    uri = f"repo:leaderboard/logs/{slug}.eval"
    if not is_reference:
        uri = f"hf://datasets/{served_by}/interplay-logs@{'5d' * 20}/{slug}.eval"
    content: dict[str, object] = {
        "schema_version": "1.0",
        "family": "mazes",
        "division": division,
        "submitter": {
            "github": "hedgerow",
            "organisation": organisation,
            "relationship": "reference" if is_reference else "third_party",
        },
        "model": {"id": model, "revision": None, "served_by": served_by},
        "roles": {},
        "settings": {
            "preset": results[0]["preset"],
            "reasoning_effort": effort,
            "temperature": None,
            "top_p": None,
            "top_k": None,
            "max_tokens": None,
            "reasoning_tokens": None,
            "seed": None,
            "system_prompt_sha256": None,
        },
        "code": {"version": "0.1.0", "commit": "ab" * 20, "inspect_ai": "0.3.285"},
        "logs": [
            {
                "sha256": content_hash(slug + str(day)),
                "bytes": 8_099_250,
                "uri": uri,
                "task": "interplay/maze_collab",
                "task_version": results[0]["task_version"],
                "samples": 240,
            }
        ],
        "results": results,
        "created": f"2026-11-{day:02d}T09:30:00Z",
        "attempts": 1,
        "supersedes": supersedes,
        "reason": "correction" if supersedes else None,
        "method_note": None,
        "method_url": None,
        "note": None,
        **fields,
    }
    content["entry_id"] = entry_id(content)
    return content


def record(of: dict[str, object], kind: str, outcome: str = "pass", findings: int = 0) -> dict[str, object]:
    """One evidence record of an entry."""
    message = "run took longer than the board's median (ratio 3.1). Remedy: none needed."
    return {
        "schema_version": "1.0",
        "entry_id": of["entry_id"],
        "entry_sha256": content_hash(of),
        "kind": kind,
        "made_at": str(of["created"]).replace("T09:30", "T18:00"),
        "package_version": "0.1.0",
        "commit": "cd" * 20,
        "outcome": outcome,
        "findings": [{"code": "P06", "level": "warn", "message": message}] * findings,
        "results": None,
        "details": attested(of) if kind == "attest" else {},
    }


def attested(of: dict[str, Any]) -> dict[str, object]:
    """Details of an attestation of all logs by a release of the project's workflow."""
    signer = f"interplay/interplay{WORKFLOW}"
    return {
        "repo": f"{of['submitter']['github']}/runs",
        "signer_workflow": signer,
        "logs": len(of["logs"]),
        "identity": release_identity(signer),
        "self_hosted": False,
    }


def write(root: Path, content: dict[str, object], records: Iterable[dict[str, object]] = ()) -> str:
    """Writes an entry with its evidence below `root` and returns its id."""
    name = str(content["entry_id"])
    stored = canonical_bytes(content)
    Entry.model_validate_json(stored)
    folder = root / "leaderboard"
    (folder / "entries").mkdir(parents=True, exist_ok=True)
    (folder / "entries" / f"{name}.json").write_bytes(stored)
    for i, item in enumerate(records):
        place = folder / "evidence" / name
        place.mkdir(parents=True, exist_ok=True)
        (place / f"20261120T18000{i}Z-{item['kind']}.json").write_bytes(canonical_bytes(item))
    return name


def write_reference(root: Path) -> None:
    """Entries of the scripted players on the smoke preset."""
    for i, (player, ability) in enumerate(PLAYERS.items()):
        # abilities above 1 beat every difficulty, below 0 fail at every one
        shifted = ability + 1 if ability == 1.0 else ability - 1 if ability < 0.1 else ability
        name = f"reference/{player}"
        results = [result(name, shifted, SMOKE, "smoke") for result in (pair_result, gap_result)]
        content = entry(name, results, day=1 + i, division="reference")
        write(root, content, [record(content, "check"), record(content, "regrade")])


def write_models(root: Path, count: int) -> None:
    """Entries of `count` invented models, of falling ability and mixed evidence."""
    for i in range(count):
        name = f"{('orchard', 'meadow', 'harbour')[i % 3]}/{NAMES[i % len(NAMES)]}-{1 + i // len(NAMES)}"
        ability = 1.05 - 0.9 * i / max(count - 1, 1)
        results = [result(name, ability, STANDARD, "standard") for result in (pair_result, gap_result)]
        results.append(cross_result(name, ability))
        content = entry(name, results, day=1 + i % 28, effort="high" if i % 5 == 0 else None)
        kinds = ("check", "regrade", "rerun", "attest")[: i % 5]
        write(root, content, [record(content, kind, findings=i % 2) for kind in kinds])
