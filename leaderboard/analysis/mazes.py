"""The report of the mazes: conditions, gap, difficulty, assistance, relay, cross-play, failures.

Groups of samples come from the family's own `summary`; this module adds what needs several models at once
(cross-play with order effects and additive effects) and lays everything out as tables.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean

from interplay.tasks.mazes.summary import CORRECTED, compared, corrected, corrected_range, summarise
from interplay.tasks.observations import Observation, unit_samples

from ..boards import find_board
from ..locks import combined_seed
from ..measure import estimated_cell, observations
from ..rows import LogRows
from ..schema import Cell
from .crossplay import additive, order_effects
from .judges import judged, validation_tables, written_validation
from .maze_runs import game_of, mazes_of, overview
from .tables import Table, Value, interval

__all__ = ["overview", "tables", "validation_tables", "written_validation"]

INTERVAL_NOTE = "Intervals are 95 %, for new mazes; n counts mazes."
FAILURES = ("clash", "wall", "edge", "jump", "keys", "short")
ENOUGH_OF_SOLO = 0.9
"""Assistance suffices where corrected C7 reaches this share of corrected C3."""


def tables(logs: Sequence[LogRows]) -> list[Table]:
    """Every table that these logs can fill; runs on other mazes have tables of their own.

    Args:
        logs: Logs of the family's tasks, of one or more models.
    """
    played: dict[str, list[LogRows]] = {}
    for log in logs:
        played.setdefault(mazes_of(log.header), []).append(log)
    found = [overview(logs)]
    for mazes, part in played.items():
        where = f" ({mazes})" if len(played) > 1 else ""
        found += [replace(table, title=table.title + where) for table in _questions(part)]
    return [table for table in found if table.rows]


def _questions(logs: Sequence[LogRows]) -> list[Table]:
    board, seed = find_board("mazes-pair"), combined_seed(())
    observed = [o for log in logs for o in observations(board, log)]
    by_model: dict[str, list[Cell]] = {
        model: [
            estimated_cell(estimand, seed)
            for chosen in [[o for o in observed if o.model == model]]
            for estimand in (*summarise(chosen), *compared(chosen))
        ]
        for model in dict.fromkeys(o.model for o in observed)
    }
    relays: dict[tuple[str, str], list[Observation]] = {}
    for log in logs:
        if "strong" in log.header.roles:
            place = log.header.model, log.header.roles["strong"]
            relays.setdefault(place, []).extend(observations(board, log))
    found = [
        ladder(by_model),
        difficulty(by_model),
        assistance(by_model),
        relay({place: [estimated_cell(e, seed) for e in summarise(o)] for place, o in relays.items()}),
        *cross_play(observed),
        failures(observed),
        judged(observed),
    ]
    return [table for table in found if table is not None]


def ladder(by_model: Mapping[str, Sequence[Cell]]) -> Table | None:
    """Corrected success by condition, with gap, retention, the paper's gap and the price of action lines."""
    labels = {
        "C3-C7": "gap C3 - C7",
        "C7/C3": "retention C7 / C3",
        "C2-C7": "gap C2 - C7",
        "C6-structured": "price of action lines, C6 - structured",
    }
    rows: list[tuple[Value, ...]] = []
    for model, cells in by_model.items():
        for c in cells:
            if set(c.dims) in ({"condition"}, {"condition", "script"}):
                words = [labels.get(c.dims["condition"], c.dims["condition"]), c.dims.get("script", "")]
                rows.append((model, " ".join(words).strip(), *figure(c, "not estimable")))
    return Table(
        "Corrected success by condition",
        ("model", "condition", "value", "95 %", "n"),
        tuple(rows),
        "0 is what a planner reaches that reads its half and says nothing. Differences are paired by maze. "
        + INTERVAL_NOTE,
    )


def difficulty(by_model: Mapping[str, Sequence[Cell]]) -> Table | None:
    """Corrected success by family of mazes and by length of the shortest route."""
    rows = [
        (model, c.dims["condition"], c.dims.get("family") or f"{c.dims['steps']} steps", *figure(c))
        for model, cells in by_model.items()
        for c in cells
        if set(c.dims) in ({"condition", "family"}, {"condition", "steps"})
    ]
    return Table(
        "Corrected success by difficulty",
        ("model", "condition", "mazes", "value", "95 %", "n"),
        tuple(rows),
        INTERVAL_NOTE,
    )


def assistance(by_model: Mapping[str, Sequence[Cell]]) -> Table | None:
    """Corrected success by level of assistance, and the first level that suffices."""
    rows: list[tuple[Value, ...]] = []
    for model, cells in by_model.items():
        levels = {c.dims["assistance"]: c for c in cells if set(c.dims) == {"condition", "assistance"}}
        solo = next((c.value for c in cells if c.dims == {"condition": "C3"}), None)
        enough = [
            level
            for level, c in sorted(levels.items())
            if solo is not None and c.value is not None and c.value >= ENOUGH_OF_SOLO * solo > 0
        ]
        for level, c in sorted(levels.items()):
            rows.append((model, level, *figure(c), "first that suffices" if enough[:1] == [level] else ""))
    return Table(
        "Assistance",
        ("model", "level", "value", "95 %", "n", ""),
        tuple(rows),
        f"A level suffices where corrected C7 reaches {ENOUGH_OF_SOLO} of corrected C3. " + INTERVAL_NOTE,
    )


def relay(by_pair: Mapping[tuple[str, str], Sequence[Cell]]) -> Table | None:
    """Relay curve, with the share of the opener's gain that is delivered map rather than protocol.

    Args:
        by_pair: The figures of a weak model, which plays both seats, with a strong one.
    """
    rows: list[tuple[Value, ...]] = []
    for pair, cells in by_pair.items():
        places = {(c.dims["mode"], int(c.dims["k"]), c.dims["control"]): c for c in cells if "k" in c.dims}
        rows += [(*pair, mode, k, control, *figure(c)) for (mode, k, control), c in sorted(places.items())]
        share = content_share({place: c.value for place, c in places.items()})
        if share is not None:
            rows.append((*pair, "content share", 2, "", share, None, None))
    return Table(
        "Relay",
        ("model", "strong", "mode", "K", "control", "value", "95 %", "n"),
        tuple(rows),
        "K notes of the strong model, both seats counted. Content share: (prime - transplant) / "
        f"(prime - K0). {INTERVAL_NOTE}",
    )


def content_share(values: Mapping[tuple[str, int, str], float | None]) -> float | None:
    """(prime − transplant) / (prime − K0) at K = 2; None where one is missing or there is no gain."""
    prime, moved = values.get(("prime", 2, "none")), values.get(("prime", 2, "transplant"))
    start = values.get(("prime", 0, "none"))
    if prime is None or moved is None or start is None or prime <= start:
        return None
    return (prime - moved) / (prime - start)


def cross_play(observed: Sequence[Observation]) -> list[Table]:
    """The ordered matrix, order effects, and starter and responder effects where the design allows them."""
    talking = [
        o
        for o in observed
        if o.metadata.get("condition") == "C7"
        and o.metadata.get("pairing") in ("self", "cross")
        and o.metadata.get("assistance") == "0"
        and o.metadata.get("track") != "structured"
        and o.metadata.get("starter")
    ]
    groups: dict[tuple[str, str], list[Observation]] = {}
    for o in talking:
        groups.setdefault((o.metadata["starter"], o.metadata["second"]), []).append(o)
    names = sorted({name for pair in groups for name in pair})
    if all(first == second for first, second in groups):
        return []
    seed = combined_seed(())
    measured = {
        (c.dims["starter"], c.dims["second"]): c
        for e in summarise(talking)
        if set(e.dims) == {"starter", "second"}
        for c in [estimated_cell(e, seed)]
    }
    matrix = Table(
        "Cross-play: corrected success, row starts, column answers",
        ("starts", *names),
        tuple((i, *(cell_text(measured.get((i, j))) for j in names)) for i in names),
        f"{INTERVAL_NOTE} {private_convention(measured)}".rstrip(),
    )
    units = {
        pair: {unit: fmean(values) for unit, values in unit_samples(group, corrected).items()}
        for pair, group in groups.items()
    }
    effects = order_effects(units, corrected_range(talking))
    orders = Table(
        "Order effect: first starting less second starting",
        ("first", "second", "difference", "95 %", "n", "after Holm"),
        tuple(
            (
                e.first,
                e.second,
                e.difference.value,
                interval(e.difference.lo, e.difference.hi),
                e.difference.n,
                "significant" if e.significant else "not separated",
            )
            for e in effects
        ),
        "Paired by maze; Holm's correction over the pairs.",
    )
    model = additive(units)
    if model is None:
        return [matrix, orders]
    rows: list[tuple[Value, ...]] = [
        (name, model.starter.get(name), model.responder.get(name), model.affinity.get((name, name)))
        for name in names
    ]
    parts = Table(
        "Starting and answering",
        ("model", "as starter", "as responder", "affinity to itself"),
        tuple(rows),
        f"Least squares on cell means around {model.mean:.3f}; effects sum to zero.",
    )
    return [matrix, orders, parts]


def private_convention(measured: Mapping[tuple[str, str], Cell]) -> str:
    """Self-play against mean cross-play: a high diagonal with a low row is a private convention."""
    own = [c.value for (i, j), c in measured.items() if i == j and c.value is not None]
    other = [c.value for (i, j), c in measured.items() if i != j and c.value is not None]
    if not own or not other:
        return ""
    return f"Self-play {fmean(own):.3f}, cross-play {fmean(other):.3f}."


def cell_text(cell: Cell | None) -> str | None:
    """`0.970 (0.92–1.00)`, None where the pair was not played."""
    if cell is None or cell.value is None:
        return None
    return f"{cell.value:.3f} ({interval(cell.lo, cell.hi)})"


def failures(observed: Sequence[Observation]) -> Table:
    """Samples by the first reason that applies, per model and game."""
    groups: dict[tuple[str, str], Counter[str]] = {}
    for o in observed:
        if not o.errored and CORRECTED in o.values:
            place = (o.model, game_of(o))
            groups.setdefault(place, Counter())[o.words.get("maze.failure", "none")] += 1
    rows = [
        (
            *place,
            *(counts[reason] for reason in FAILURES),
            sum(counts.values()) - sum(counts[r] for r in FAILURES),
        )
        for place, counts in groups.items()
    ]
    return Table(
        "Failures, in samples",
        ("model", "game", *FAILURES, "solved"),
        tuple(rows),
        "clash: two notations. wall, edge, jump: the first illegal step. keys: goal without them. "
        "short: never there.",
    )


def figure(cell: Cell, missing: str | None = None) -> tuple[Value, Value, Value]:
    """Value, interval and n of a cell."""
    if cell.value is None:
        return (missing, None, cell.n)
    return (cell.value, interval(cell.lo, cell.hi), cell.n)
