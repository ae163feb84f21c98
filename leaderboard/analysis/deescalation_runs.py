"""Which logs of the angry conversations may be read together: by model, settings and division.

Fixed messages, the rule-based user and people simulated by a language model are three divisions that never
share a row; two simulators stand in two rows as well.
"""

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Literal, NamedTuple, TypeAlias

from interplay.tasks.deescalation.keys import scenario_means
from interplay.tasks.observations import Observation

from ..boards import find_board
from ..measure import observations
from ..rows import LogRows

Division: TypeAlias = Literal["scripted", "rule user", "LLM user", "branch"]
TELLING = ("turns", "instance_seed", "seeds_file")
"""Arguments that change what is measured; the others choose arms and scenarios."""
RULE = "rule"
"""The simulator that no language model plays."""


class Place(NamedTuple):
    """One row: a model with what sets its run apart, its division, and who plays the person."""

    model: str
    division: Division
    person: str

    @property
    def where(self) -> str:
        """Division and simulator in words."""
        return f"{self.division}: {self.person}" if self.person else self.division


def grouped(logs: Sequence[LogRows]) -> dict[Place, list[Observation]]:
    """The samples of each row; several logs of one row are put together."""
    found: dict[Place, list[Observation]] = {}
    for log in logs:
        observed = seen(log)
        found.setdefault(place_of(log, observed), []).extend(observed)
    return found


def seen(log: LogRows) -> list[Observation]:
    """The samples of a log, its seeds as units."""
    return observations(find_board("deescalation-baseline"), log)


def place_of(log: LogRows, observed: Sequence[Observation]) -> Place:
    """The row of a log."""
    mode = said(observed, "mode")
    if mode not in ("live", "branch"):
        return Place(run_name(log), "scripted", "")
    person = person_of(log, said(observed, "simulator"))
    if mode == "branch":
        return Place(run_name(log), "branch", person)
    if person == RULE:
        return Place(run_name(log), "rule user", "")
    return Place(run_name(log), "LLM user", person)


def person_of(log: LogRows, simulator: str) -> str:
    """Who writes for the person: `rule`, or the simulator with the models that play it."""
    roles = log.header.roles
    if simulator in ("", RULE):
        return RULE
    keeper = f", state by {roles['sim_state']}" if simulator == "state" and "sim_state" in roles else ""
    return f"{simulator} by {roles.get('user_sim', '?')}{keeper}"


def run_name(log: LogRows) -> str:
    """The model, with preset, arguments and temperature where they are not those of the boards."""
    header = log.header
    words = [header.preset] if header.preset not in ("standard", "smoke") else []
    words += [f"{name} {header.args[name]}" for name in TELLING if header.args.get(name)]
    allowed = find_board("deescalation-baseline").settings["temperature"]
    temperature = header.settings.get("temperature")
    if isinstance(allowed, list) and temperature not in allowed:
        words.append(f"T = {temperature}")
    return header.model + (f" ({', '.join(words)})" if words else "")


def said(observed: Iterable[Observation], key: str) -> str:
    """A metadata value that all samples of a log share; empty without any."""
    return next((o.metadata[key] for o in observed if key in o.metadata), "")


def mean_of(observed: Iterable[Observation], key: str) -> float | None:
    """Mean over seeds of the means of their scenarios; None where no sample has that value."""
    seeds: dict[str, list[float]] = {}
    for (seed, _, _), value in scenario_means((o for o in observed if not o.errored), key).items():
        seeds.setdefault(seed, []).append(value)
    return fmean(map(fmean, seeds.values())) if seeds else None


def under(observed: Iterable[Observation], arm: str) -> list[Observation]:
    """The samples of an arm."""
    return [o for o in observed if o.metadata.get("arm") == arm]


def among(observed: Iterable[Observation], **wanted: str) -> list[Observation]:
    """The samples with this metadata."""
    return [o for o in observed if all(o.metadata.get(key) == word for key, word in wanted.items())]
