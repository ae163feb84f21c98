"""What each run of the mazes was, on which mazes, and how it ended: one row a log."""

from collections.abc import Callable, Iterable, Sequence
from statistics import fmean, median

from interplay.tasks.mazes.summary import CORRECTED, corrected, corrected_range
from interplay.tasks.observations import Observation, unit_samples

from ..boards import find_board
from ..estimates import mean_of_units
from ..locks import combined_seed
from ..measure import observations
from ..rows import HeaderRow, LogRows
from .tables import Table, Value, interval

CONTESTED_WARNING = 0.05
"""Above this share of contested samples the reading of the transcripts decides too much."""
SIZE, DENSITY = 6, 0.3
"""Of the stored sets; others are drawn on the fly."""
PLAIN = {
    "pairing": "self", "assistance": 0, "critic": False, "control": "none", "script": None, "k": None,
    "starter": "model", "size": SIZE, "density": DENSITY, "mazes": None,
}  # fmt: skip
"""What the arguments are when nothing is said of them."""
TRACKS = {"paper": "free"}
"""The track of a preset where none was asked for, `commit` in all others."""
WEIGHTED = "maze.weighted_favourable"
"""The main score of the setting of the paper."""
EFFICIENCY = "maze.features.efficiency"


def overview(logs: Sequence[LogRows]) -> Table:
    """One row a log: what ran, how it ended, what the transcripts leave open."""
    board = find_board("mazes-pair")
    paper = any(log.header.preset == "paper" for log in logs)
    rows: list[tuple[Value, ...]] = []
    doubtful: list[str] = []
    for log in logs:
        observed = observations(board, log)
        header = log.header
        strict, favourable = means(observed, "success_strict"), means(observed, "success_favourable")
        contested = None if strict is None or favourable is None else favourable - strict
        if contested is not None and contested > CONTESTED_WARNING:
            doubtful.append(f"{header.model} {setting(log)}")
        weighted = with_interval(observed, WEIGHTED, (-2.0, 1.0)) if paper else ()
        rows.append(
            (
                header.model,
                setting(log),
                len({o.unit for o in observed}),
                *with_interval(observed, "maze.success_strict", (0.0, 1.0)),
                *with_interval(observed, CORRECTED, corrected_range(observed), corrected),
                *weighted,
                contested,
                means(observed, "weighted_strict"),
                means(observed, "success_commit"),
                means(observed, "notes"),
                efficiency(observed),
                sum(o.errored for o in observed),
                sum(not o.errored and CORRECTED not in o.values for o in observed),
            )
        )
    notes = [
        "strict: success under every reading that the notes leave open. corrected: less what a planner that "
        "says nothing would solve.",
        *(["weighted: the paper's score, the share of the way that was covered."] if paper else []),
        "contested: favourable less strict. commit: both seats report the same successful route. tokens: "
        "median over samples of visible tokens per note times notes. Intervals are 95 %, for new mazes.",
    ]
    if doubtful:
        notes.append(
            f"More than {CONTESTED_WARNING} contested, so look at the transcripts: {'; '.join(doubtful)}."
        )
    return Table(
        "Runs",
        (
            *("model", "setting", "mazes", "strict", "strict 95 %", "corrected", "corrected 95 %"),
            *(("weighted", "weighted 95 %") if paper else ()),
            *("contested", "progress", "commit", "notes", "tokens", "errors", "unscored"),
        ),
        tuple(rows),
        " ".join(notes),
    )


def setting(log: LogRows) -> str:
    """The arguments of a run that are not the task's plain form, and its other models, in a few words."""
    args, roles = log.header.args, log.header.roles
    words = [log.header.task.removeprefix("interplay/"), str(args.get("condition", args.get("view", "")))]
    if args.get("mode"):
        words.append(str(args["mode"]))
    track = args.get("track")
    if track and track != TRACKS.get(log.header.preset, "commit"):
        words.append("structured" if track == "structured" else f"track={track}")
    for key, plain in PLAIN.items():
        value = args.get(key)
        used = key not in ("script", "starter") or args.get("condition") == "C5"
        if value is not None and value != plain and used:
            words.append(f"{key}={value}")
    words += [f"{role}={roles[role]}" for role in ("partner", "strong") if role in roles]
    if log.header.preset != "standard":
        words.append(log.header.preset)
    return " ".join(word for word in words if word)


def mazes_of(header: HeaderRow) -> str:
    """On which mazes a run was: its preset, with size and density where these are not the stored ones."""
    size, density = header.args.get("size", SIZE), header.args.get("density", DENSITY)
    drawn = (size, density) != (SIZE, DENSITY)
    return f"{header.preset}, size {size}, density {density}" if drawn else header.preset


def game_of(o: Observation) -> str:
    """The game of a sample: its condition, and what is not plain about it."""
    about = o.metadata
    if about.get("pairing") == "relay":
        return "relay"
    words = [about.get("condition", "")]
    if about.get("pairing") == "cross":
        words.append("cross")
    if about.get("track") == "structured":
        words.append("structured")
    elif about.get("condition") == "C7" and about.get("assistance", "0") != "0":
        words.append(f"assistance {about['assistance']}")
    if about.get("condition") == "C5":
        words.append(about.get("script", ""))
    return " ".join(word for word in words if word)


def with_interval(
    observed: Iterable[Observation],
    key: str,
    bounds: tuple[float, float],
    value: Callable[[Observation], float | None] | None = None,
) -> tuple[Value, Value]:
    """Mean over mazes and its interval; one maze gives none."""
    units = unit_samples(observed, value or (lambda o: o.values.get(key)))
    found = mean_of_units(units, bounds, "share", 1, combined_seed(()))
    if found is None:
        return None, None
    mean = found.estimate
    return mean.value, interval(mean.lo, mean.hi) if len(units) > 1 else None


def means(observed: Iterable[Observation], key: str) -> float | None:
    """Mean over mazes of a scorer value, None where it was never scored."""
    units = unit_samples(observed, lambda o: o.values.get(f"maze.{key}"))
    return fmean(fmean(values) for values in units.values()) if units else None


def efficiency(observed: Iterable[Observation]) -> int | None:
    """Median over samples of their efficiency: median visible tokens per note times notes."""
    found = [o.values[EFFICIENCY] for o in observed if EFFICIENCY in o.values]
    return round(median(found)) if found else None
