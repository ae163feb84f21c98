"""Whether the people of an entry are played by a simulator that was admitted.

    interplay deescalation admit logs/deescalation

writes what logs of the three probes say of each simulator to `leaderboard/validation/deescalation/`, one file
a simulator. A row on the board of simulated people is ranked only if a file says that both of its simulators
meet every criterion.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError

from interplay.scorers.model_identity import same_name
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.observations import Observation

from ..canonical import model_slug
from ..check import file_hash
from ..own_logs import log_files, read_own_logs
from .deescalation_simulators import Criterion, criteria, rating, verdict

FOLDER = Path("validation") / "deescalation"
"""Where admissions stand below `leaderboard`."""
Kind: TypeAlias = Literal["persona", "state"]
KINDS: Mapping[str, Kind] = {"persona": "persona", "state": "state"}


class Measured(BaseModel):
    """One criterion, what was measured on how much, and whether it is met; None without data."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    measured: float | None
    bound: str
    n: NonNegativeInt
    met: bool


class Admission(BaseModel):
    """What stands in a file: valid for one simulator and one major version of the task.

    Attributes:
        verdict: `yes`, or `no` or `incomplete` with the criteria that are missed or have no data.
        logs: SHA-256 of the logs that it was measured on.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    simulator: Kind
    user_sim: str
    sim_state: str | None
    task_version: str
    verdict: str
    criteria: tuple[Measured, ...]
    logs: tuple[str, ...]

    @property
    def refusal(self) -> str | None:
        """Why it does not admit, read from its criteria and logs rather than from its own verdict; or None.

        A criterion that is absent, or measured on nothing, has no data.
        """
        measured = {item.name: Criterion(**item.model_dump()) for item in self.criteria if item.n}
        known = [measured.get(c.name, c) for c in unmeasured()]
        said = verdict([*known, *(c for c in measured.values() if c not in known)])
        if said == "yes" and not self.logs:
            said = "incomplete: logs that it was measured on"
        return next((word for word in (said, self.verdict) if word != "yes"), None)

    @property
    def is_admitted(self) -> bool:
        """Every criterion is measured and met."""
        return self.refusal is None

    def is_of(self, simulator: "Simulator") -> bool:
        """Whether it is that simulator's, however its models are spelled."""
        pairs = ((self.user_sim, simulator.user_sim), (self.sim_state or "", simulator.sim_state or ""))
        return self.simulator == simulator.kind and all(same_name(*pair) for pair in pairs)

    @property
    def file_name(self) -> str:
        """Name of its file."""
        return file_name(Simulator(self.simulator, self.user_sim, self.sim_state))


class Simulator(NamedTuple):
    """Who plays people: the kind, the model that writes, and the one that keeps a state."""

    kind: Kind
    user_sim: str
    sim_state: str | None

    def __str__(self) -> str:
        keeper = f", state by {self.sim_state}" if self.sim_state else ""
        return f"{self.kind} by {self.user_sim}{keeper}"


def simulator_of(kind: Kind, roles: Mapping[str, str]) -> Simulator:
    """The simulator of that kind with these models in the roles."""
    user_sim = roles.get("user_sim", "")
    keeper = roles.get("sim_state", user_sim) if kind == "state" else None
    return Simulator(kind, user_sim, keeper)


def file_name(simulator: Simulator) -> str:
    """Name of the file of a simulator."""
    own = simulator.sim_state is None or same_name(simulator.sim_state, simulator.user_sim)
    words = [simulator.kind, model_slug(simulator.user_sim)]
    return "--".join([*words, *(() if own else (model_slug(str(simulator.sim_state)),))]) + ".json"


@cache
def unmeasured() -> tuple[Criterion, ...]:
    """All criteria, without data."""
    return tuple(criteria([]))


def admissions(paths: Sequence[Path]) -> list[Admission]:
    """What logs say of each simulator that a language model plays, simulators in order of appearance.

    Raises:
        UserMistake: a path holds no log, or no log has such people as they are rated by.
    """
    seen: dict[Simulator, list[Observation]] = {}
    used: dict[Simulator, list[str]] = {}
    versions: dict[Simulator, set[str]] = {}
    for path in log_files(paths):
        (log,) = read_own_logs([path])
        talks = rating(log)
        word = talks[0].metadata.get("simulator") if talks else None
        kind = KINDS.get(word or "")
        if kind is None:
            continue
        simulator = simulator_of(kind, log.header.roles)
        seen.setdefault(simulator, []).extend(talks)
        used.setdefault(simulator, []).append(file_hash(path))
        versions.setdefault(simulator, set()).add(log.header.task_version)
    if not seen:
        raise UserMistake(
            f"{paths[0]}: no conversation with a person played by a model, arm vanilla, split dev, preset "
            "standard; run the three probes with -T mode=live -T split=dev -T arms=vanilla and a user_sim."
        )
    found: list[Admission] = []
    for simulator, talks in seen.items():
        if len({version.split(".")[0] for version in versions[simulator]}) > 1:
            raise UserMistake(f"{simulator}: logs of several versions of the task; give those of one.")
        lines = criteria(talks)
        found.append(
            Admission(
                simulator=simulator.kind,
                user_sim=simulator.user_sim,
                sim_state=simulator.sim_state,
                task_version=max(versions[simulator]),
                verdict=verdict(lines),
                criteria=tuple(Measured(**line._asdict()) for line in lines),
                logs=tuple(sorted(used[simulator])),
            )
        )
    return found


def write_admission(folder: Path, admission: Admission) -> Path:
    """Write the file of a simulator; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / admission.file_name
    path.write_text(admission.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return path


def unadmitted(roles: Mapping[str, str], task_version: str, leaderboard: Path) -> str | None:
    """Why a row with these models in the roles is not ranked among simulated people; None where it may be.

    Args:
        roles: The model in each role of the entry.
        task_version: Of its result.
        leaderboard: The folder of that name in a checkout.

    Raises:
        UserMistake: a file is no admission.
    """
    known = [read_admission(path) for path in sorted((leaderboard / FOLDER).glob("*.json"))]
    major = task_version.split(".")[0]
    for kind in KINDS.values():
        simulator = simulator_of(kind, roles)
        found = [admission for admission in known if admission.is_of(simulator)]
        if not found:
            return f"simulator {simulator} is not admitted: its acceptance was not handed in"
        current = [admission for admission in found if admission.task_version.split(".")[0] == major]
        if not current:
            return f"simulator {simulator} was admitted for version {found[0].task_version} of the task"
        as_spelled = [admission for admission in current if admission.file_name == file_name(simulator)]
        if (refusal := (as_spelled or current)[0].refusal) is not None:
            return f"simulator {simulator} is not admitted: {refusal}"
    return None


def read_admission(path: Path) -> Admission:
    """The file of a simulator.

    Raises:
        UserMistake: it is no admission.
    """
    try:
        return Admission.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "file"
        raise UserMistake(
            f"{path}: {place}: {first['msg']}; write it with `interplay deescalation admit`."
        ) from None
