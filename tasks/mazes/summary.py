"""What the boards of this family show beside their headline: which groups of samples answer which question.

Pure: plain sample rows in, groups of values per maze out. The leaderboard computes the intervals.

| figure | dims |
| --- | --- |
| gap ladder | `condition` C1 … C7, with `script` in C5 |
| retention, the paper's gap | `condition: C7/C3`, `condition: C2-C7` |
| assistance curve | `condition: C7`, `assistance` 0 … 4 |
| relay curve | `mode`, `k`, `control` |
| success by family, by number of steps | `condition` and `family`, or `condition` and `steps` |
| matrix, order effect | `starter` and `second`; `order` the two models, first less reversed |

`compared` gives reports two more: the gap, `condition: C3-C7`, and the price of action lines.
"""

from collections.abc import Iterable
from functools import cache
from itertools import combinations

from interplay.tasks.observations import Estimand, Observation, unit_samples

from .instances import load, set_record, set_records

CORRECTED = "maze.success_corrected"
RETENTION = "maze.retention"
FULL_VIEW = ("C1", "C4")
"""Conditions without hidden cells: nothing to correct for."""
STEP_BINS = ((0, 10), (11, 13), (14, 16), (17, 19), (20, 99))
ESTIMABLE_ABOVE = 0.10
"""Retention is shown only if the lower limit of corrected solo success exceeds this."""
LONGEST_NAME = 60


def summarise(observations: list[Observation]) -> list[Estimand]:
    """All figures that these samples can give; a group without samples gives none."""
    playing = [o for o in observations if o.metadata.get("pairing") != "relay"]
    relay = [o for o in observations if o.metadata.get("pairing") == "relay"]
    return [
        *ladder(playing),
        *gaps(playing),
        *assistance(playing),
        *relay_curve(relay),
        *difficulty(playing),
        *matrix(playing),
    ]


def corrected(observation: Observation) -> float | None:
    """Corrected success; a sample that ended in an error counts as the worst that a sample can be."""
    if observation.errored:
        return corrected_range([observation])[0]
    return observation.values.get(CORRECTED)


def corrected_range(observations: Iterable[Observation]) -> tuple[float, float]:
    """Ends of a corrected sample: [-f/(1-f), 1] with f the silent floor of the set, [0, 1] in full view."""
    floors = [silent_floor(o.unit) for o in observations if o.metadata.get("condition") not in FULL_VIEW]
    floor = max(floors, default=0.0)
    return -floor / (1 - floor), 1.0


@cache
def silent_floor(maze_id: str) -> float:
    """Silent floor of the set that a maze belongs to; 0 for mazes drawn on the fly."""
    name = next((name for name in set_records() if maze_id.startswith(f"{name}-")), None)
    return set_record(name).silent_floor if name else 0.0


def ladder(observations: list[Observation]) -> list[Estimand]:
    """Success in each condition, free talk or commit, without extra assistance."""
    plain = [o for o in observations if _plain(o)]
    cells: list[Estimand] = []
    for condition in _values(plain, "condition"):
        group = _where(plain, condition=condition)
        scripts = _values(group, "script") if condition == "C5" else []
        for script in scripts:
            cells.append(_mean({"condition": condition, "script": script}, _where(group, script=script)))
        if not scripts:
            cells.append(_mean({"condition": condition}, group))
    return cells


def gaps(observations: list[Observation]) -> list[Estimand]:
    """Retention C7/C3, and the paper's gap C2 - C7 where there are both."""
    plain = [o for o in observations if _plain(o)]
    by_condition = {name: _where(plain, condition=name) for name in ("C2", "C3", "C7")}
    pair = unit_samples(by_condition["C7"], corrected)
    cells: list[Estimand] = []
    if by_condition["C3"] and pair:
        solo = unit_samples(by_condition["C3"], corrected)
        bounds = corrected_range(by_condition["C3"])
        cells.append(
            Estimand({"condition": "C7/C3"}, RETENTION, pair, solo, "ratio", bounds, floor=ESTIMABLE_ABOVE)
        )
    if by_condition["C2"] and pair:
        solo = unit_samples(by_condition["C2"], corrected)
        bounds = corrected_range(by_condition["C2"])
        cells.append(Estimand({"condition": "C2-C7"}, CORRECTED, solo, pair, "difference", bounds))
    return cells


def compared(observations: list[Observation]) -> list[Estimand]:
    """What reports tell beside the figures of entries: the gap C3 - C7, and what action lines cost.

    Action lines come with the assistance of C6, so their price is C6 less the structured track.
    """
    playing = [o for o in observations if o.metadata.get("pairing") != "relay"]
    plain = [o for o in playing if _plain(o)]
    lines = [o for o in playing if _self_play(o) and o.metadata.get("track") == "structured"]
    helped = [o for o in _talking(playing) if o.metadata.get("assistance") == "2"]
    cells = [_mean({"condition": "C7 structured"}, lines)] if lines else []
    for name, more, less in (
        ("C3-C7", _where(plain, condition="C3"), _where(plain, condition="C7")),
        ("C6-structured", helped, lines),
    ):
        if more and less:
            first, second = unit_samples(more, corrected), unit_samples(less, corrected)
            bounds = corrected_range(more)
            cells.append(Estimand({"condition": name}, CORRECTED, first, second, "difference", bounds))
    return cells


def _talking(observations: list[Observation]) -> list[Observation]:
    """Self-play of C6 and C7 without action lines."""
    return [
        o
        for o in observations
        if o.metadata.get("condition") in ("C6", "C7")
        and _self_play(o)
        and o.metadata.get("track") != "structured"
    ]


def assistance(observations: list[Observation]) -> list[Estimand]:
    """Success at each level of assistance: level 2 is condition C6 as well."""
    talking = _talking(observations)
    levels = _values(talking, "assistance")
    if len(levels) < 2:
        return []
    return [
        _mean({"condition": "C7", "assistance": level}, _where(talking, assistance=level)) for level in levels
    ]


def relay_curve(observations: list[Observation]) -> list[Estimand]:
    """Success by mode and K, and with a transplanted opener."""
    places = sorted({(o.args["mode"], int(o.args["k"]), o.args["control"]) for o in observations})
    return [
        _mean(
            {"mode": mode, "k": str(k), "control": control},
            [
                o
                for o in observations
                if (o.args["mode"], int(o.args["k"]), o.args["control"]) == (mode, k, control)
            ],
        )
        for mode, k, control in places
    ]


def difficulty(observations: list[Observation]) -> list[Estimand]:
    """Success by family and by number of steps of the reference route, in each condition."""
    plain = [o for o in observations if _plain(o)]
    cells: list[Estimand] = []
    for condition in _values(plain, "condition"):
        group = _where(plain, condition=condition)
        for family in _values(group, "family"):
            cells.append(_mean({"condition": condition, "family": family}, _where(group, family=family)))
        for low, high in STEP_BINS:
            inside = [o for o in group if low <= (steps(o.unit) or -1) <= high]
            if inside:
                label = f"{low}-{high}" if 0 < low < 20 else f"{low}+" if low else f"up to {high}"
                cells.append(_mean({"condition": condition, "steps": label}, inside))
    return cells


def steps(maze_id: str) -> int | None:
    """Length of the reference route, None for a maze of no frozen set."""
    return _route_lengths().get(maze_id)


def matrix(observations: list[Observation]) -> list[Estimand]:
    """Success of each pair by who starts, and the order effect of pairs that were played both ways."""
    talking = [o for o in observations if o.metadata.get("condition") == "C7" and _plain(o, cross=True)]
    pairs = sorted({(_name(o, "starter"), _name(o, "second")) for o in talking} - {("", "")})
    if not any(first != second for first, second in pairs):
        return []
    groups = {
        pair: [o for o in talking if (_name(o, "starter"), _name(o, "second")) == pair] for pair in pairs
    }
    cells = [_mean({"starter": first, "second": second}, groups[first, second]) for first, second in pairs]
    for first, second in combinations(sorted({name for pair in pairs for name in pair}), 2):
        if (first, second) in groups and (second, first) in groups:
            ahead, reverse = groups[first, second], groups[second, first]
            cells.append(
                Estimand(
                    {"order": "first less reversed", "starter": first, "second": second},
                    CORRECTED,
                    unit_samples(ahead, corrected),
                    unit_samples(reverse, corrected),
                    "difference",
                    corrected_range(ahead),
                )
            )
    return cells


@cache
def _route_lengths() -> dict[str, int]:
    return {maze.maze_id: len(maze.route) - 1 for name in set_records() for maze in load(name)}


def _mean(dims: dict[str, str], observations: list[Observation]) -> Estimand:
    return Estimand(
        dims, CORRECTED, unit_samples(observations, corrected), range=corrected_range(observations)
    )


def _plain(o: Observation, cross: bool = False) -> bool:
    """The game as the ladder plays it: no action lines, no assistance but that of C6, no other partner."""
    level = "2" if o.metadata.get("condition") == "C6" else "0"
    structured = o.metadata.get("track") == "structured"
    return o.metadata.get("assistance") == level and not structured and (cross or _self_play(o))


def _self_play(o: Observation) -> bool:
    return o.metadata.get("pairing") != "cross"


def _where(observations: list[Observation], **metadata: str) -> list[Observation]:
    return [o for o in observations if all(o.metadata.get(key) == value for key, value in metadata.items())]


def _values(observations: list[Observation], key: str) -> list[str]:
    return sorted({o.metadata[key] for o in observations if key in o.metadata})


def _name(o: Observation, key: str) -> str:
    return o.metadata.get(key, "")[-LONGEST_NAME:]
