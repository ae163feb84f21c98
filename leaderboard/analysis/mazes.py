"""The report of the mazes: conditions, gap, difficulty, assistance, relay, cross-play, failures.

Groups of samples come from the family's own `summary`; this module adds what needs several models at once
(cross-play with order effects and additive effects) and lays everything out as tables.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean, median

from interplay.tasks.mazes.summary import CORRECTED, corrected, corrected_range, summarise
from interplay.tasks.observations import Observation, unit_samples

from ..boards import find_board
from ..locks import combined_seed
from ..measure import estimated_cell, observations
from ..rows import LogRows
from ..schema import Cell
from .crossplay import additive, order_effects
from .judges import judged, validation_tables
from .tables import Table, Value, interval

__all__ = ["overview", "tables", "validation_tables"]

CONTESTED_WARNING = 0.05
"""Above this share of contested samples the reading of the transcripts decides too much."""
INTERVAL_NOTE = "Intervals are 95 %, for new mazes; n counts mazes."
FAILURES = ("clash", "wall", "edge", "jump", "keys", "short")
ENOUGH_OF_SOLO = 0.9
"""Assistance suffices where corrected C7 reaches this share of corrected C3."""


def tables(logs: Sequence[LogRows]) -> list[Table]:
    """Every table that these logs can fill.

    Args:
        logs: Logs of the family's tasks, of one or more models.
    """
    board = find_board("mazes-pair")
    observed = [o for log in logs for o in observations(board, log)]
    seed = combined_seed(())
    by_model: dict[str, list[Cell]] = {
        model: [
            estimated_cell(estimand, seed)
            for estimand in summarise([o for o in observed if o.model == model])
        ]
        for model in dict.fromkeys(o.model for o in observed)
    }
    found = [
        overview(logs),
        ladder(by_model),
        difficulty(by_model),
        assistance(by_model),
        relay(by_model),
        *cross_play(observed),
        failures(observed),
        judged(observed),
    ]
    return [table for table in found if table is not None and table.rows]


def overview(logs: Sequence[LogRows]) -> Table:
    """One row a log: what ran, how it ended, what the transcripts leave open."""
    board = find_board("mazes-pair")
    rows: list[tuple[Value, ...]] = []
    for log in logs:
        observed = observations(board, log)
        header = log.header
        strict, favourable = means(observed, "success_strict"), means(observed, "success_favourable")
        contested = None if strict is None or favourable is None else favourable - strict
        rows.append(
            (
                header.model,
                setting(log),
                len({o.unit for o in observed}),
                strict,
                contested,
                means(observed, "weighted_strict"),
                means(observed, "success_commit"),
                means(observed, "notes"),
                efficiency(observed),
                sum(o.errored for o in observed),
                sum(not o.errored and CORRECTED not in o.values for o in observed),
            )
        )
    return Table(
        "Runs",
        (
            "model",
            "setting",
            "mazes",
            "strict",
            "contested",
            "progress",
            "commit",
            "notes",
            "tokens",
            "errors",
            "unscored",
        ),
        tuple(rows),
        "strict: success under every reading that the notes leave open. contested: favourable less strict, a "
        f"warning above {CONTESTED_WARNING}. commit: both seats report the same successful route. tokens: "
        "median visible tokens per note times notes.",
    )


def setting(log: LogRows) -> str:
    """The arguments of a run that are not the task's plain form, in a few words."""
    args = log.header.args
    words = [log.header.task.removeprefix("interplay/"), str(args.get("condition", args.get("view", "")))]
    if args.get("mode"):
        words.append(str(args["mode"]))
    for key, plain in (
        ("pairing", "self"),
        ("assistance", 0),
        ("critic", False),
        ("control", "none"),
        ("script", None),
        ("k", None),
    ):
        value = args.get(key)
        used = key != "script" or args.get("condition") == "C5"
        if value is not None and value != plain and used:
            words.append(f"{key}={value}")
    if log.header.preset != "standard":
        words.append(log.header.preset)
    return " ".join(word for word in words if word)


def means(observed: Iterable[Observation], key: str) -> float | None:
    """Mean over mazes of a scorer value, None where it was never scored."""
    units = unit_samples(observed, lambda o: o.values.get(f"maze.{key}"))
    return fmean(fmean(values) for values in units.values()) if units else None


def efficiency(observed: Iterable[Observation]) -> int | None:
    """Median over samples of visible tokens, both seats together."""
    totals = [
        sum(o.values.get(f"maze.seats.{seat}.visible", 0.0) for seat in (1, 2))
        for o in observed
        if "maze.seats.1.visible" in o.values
    ]
    return round(median(totals)) if totals else None


def ladder(by_model: Mapping[str, Sequence[Cell]]) -> Table | None:
    """Corrected success by condition, with retention and the paper's gap."""
    labels = {"C7/C3": "retention C7 / C3", "C2-C7": "gap C2 - C7"}
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
        f"0 is what a planner reaches that reads its half and says nothing. {INTERVAL_NOTE}",
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


def relay(by_model: Mapping[str, Sequence[Cell]]) -> Table | None:
    """Relay curve, with the share of the opener's gain that is delivered map rather than protocol."""
    rows: list[tuple[Value, ...]] = []
    for model, cells in by_model.items():
        places = {(c.dims["mode"], int(c.dims["k"]), c.dims["control"]): c for c in cells if "k" in c.dims}
        rows += [(model, mode, k, control, *figure(c)) for (mode, k, control), c in sorted(places.items())]
        share = content_share({place: c.value for place, c in places.items()})
        if share is not None:
            rows.append((model, "content share", 2, "", share, None, None))
    return Table(
        "Relay",
        ("model", "mode", "K", "control", "value", "95 %", "n"),
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
    """Samples by the first reason that applies, per model and condition."""
    groups: dict[tuple[str, str], Counter[str]] = {}
    for o in observed:
        if not o.errored and CORRECTED in o.values:
            place = (o.model, o.metadata.get("condition") or o.metadata.get("pairing", ""))
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
        ("model", "condition", *FAILURES, "solved"),
        tuple(rows),
        "clash: two notations. wall, edge, jump: the first illegal step. keys: goal without them. "
        "short: never there.",
    )


def figure(cell: Cell, missing: str | None = None) -> tuple[Value, Value, Value]:
    """Value, interval and n of a cell."""
    if cell.value is None:
        return (missing, None, cell.n)
    return (cell.value, interval(cell.lo, cell.hi), cell.n)
