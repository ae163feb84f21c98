"""The arguments of the post-training tasks: what may be asked for, and what a version fills in (pure).

Building the record checks it; every mistake is one sentence with the value and the remedy, raised as
`UserMistake` before a sandbox starts:

    Job(profile="full", version="2.0")  ->  version=2.0: choose one of 1.0, 1.1, 1.2, x.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias, get_args

from pydantic import JsonValue

from interplay.tasks.argument_values import one_of, whole
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.cells import (
    Cell,
    Profile,
    Setting,
    Version,
    canonical,
    deviations,
    load_grid,
    render_instruction,
)
from interplay.tasks.records import Preset

AgentName: TypeAlias = Literal[
    "react", "claude_code", "codex_cli", "gemini_cli", "opencode", "kimi_code", "mini_swe_agent"
]
Sandbox: TypeAlias = Literal["docker", "local", "k8s", "slurm-apptainer"]
Feedback: TypeAlias = Literal["open", "sealed"]
Network: TypeAlias = Literal["open", "allowlist", "none"]
AgentCache: TypeAlias = Literal["with_reference", "base_only"]
Device: TypeAlias = Literal["auto", "cpu", "cuda"]
Listed: TypeAlias = str | list[str] | list[int] | int
"""A comma list as either command line hands it over."""

AGENTS: tuple[AgentName, ...] = get_args(AgentName)
SANDBOXES: tuple[Sandbox, ...] = get_args(Sandbox)
PRESETS: tuple[Preset, ...] = ("standard", "paper", "smoke")
PRESET_VERSION: Mapping[Preset, Version] = {"standard": "x", "paper": "1.0", "smoke": "x"}
SMOKE_TARGET = "m_code"
"""The one mini cell of the smoke preset: its training is the quickest."""
DEFAULT_AGENT: Mapping[Profile, AgentName] = {"full": "claude_code", "mini": "react"}
MINI_NETWORK = "none"
"""The embedded models need no network, whatever the version allows."""
MINI_CACHE = "$MODEL_CACHE"
FULL_CACHE = "/cache"
SEED_BITS = 31
MOST_MINUTES = 100_000


def members(value: Listed | None) -> tuple[str, ...]:
    """The members of a comma list, a single value being a list of one; none of None."""
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else [value]
    found = [str(part).strip() for part in parts if part is not None]
    return tuple(part for part in found if part)


def is_span(value: object) -> bool:
    """Whether a value is a number of minutes, and no more than a run could take."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= MOST_MINUTES


@dataclass(frozen=True, kw_only=True)
class Job:
    """Arguments of a post-training task; None is what version and profile say.

    Attributes:
        profile: `full`, or `mini` for the embedded models.
        budget_minutes: Wall time of the agent; `grace_minutes` more until it is stopped.
        reprompt_minutes: An agent that stops is asked to go on while more than this is left; 0 never.
        run: Label of repetitions.
    """

    profile: Profile
    preset: Preset = "standard"
    version: str | float | None = None
    bases: Listed | None = None
    targets: Listed | None = None
    budget_minutes: float | None = None
    grace_minutes: float | None = None
    agent: AgentName | None = None
    reprompt_minutes: float = 0
    feedback: Feedback | None = None
    network: Network | None = None
    agent_cache: AgentCache | None = None
    sandbox: Sandbox = "docker"
    num_gpus: int = 1
    gpu_name: str = "H100"
    run: str | int = "1"
    state_dir: str = "./posttrain-state"
    eval_seeds: str | int | list[int] | None = None
    device: Device = "auto"

    def __post_init__(self) -> None:
        one_of("preset", self.preset, PRESETS)
        if self.version is not None:
            one_of("version", str(self.version), get_args(Version))
        if self.agent is not None:
            one_of("agent", self.agent, AGENTS)
        one_of("sandbox", self.sandbox, SANDBOXES)
        if self.sandbox == "local" and self.profile == "full":
            raise UserMistake("sandbox=local: only posttrain_mini runs on this machine itself; use docker.")
        for name, choices in (("feedback", Feedback), ("network", Network), ("agent_cache", AgentCache)):
            if getattr(self, name) is not None:
                one_of(name, getattr(self, name), get_args(choices))
        one_of("device", self.device, get_args(Device))
        whole("num_gpus", self.num_gpus, 0 if self.profile == "mini" else 1, 64)
        for name in ("budget_minutes", "grace_minutes", "reprompt_minutes"):
            value = getattr(self, name)
            if value is not None and not is_span(value):
                raise UserMistake(f"{name}={value}: choose a number of minutes, 0 to {MOST_MINUTES:,}.")
        if self.budget_minutes == 0:
            raise UserMistake("budget_minutes=0: an agent needs time; choose a number above 0.")
        if not str(self.run).strip():
            raise UserMistake("run is empty; give the repetition a name, such as 1.")
        assert self.seeds
        assert self.cells

    @property
    def filled_version(self) -> Version:
        """The version, by preset where none is given."""
        found = self.version if self.version is not None else PRESET_VERSION[self.preset]
        return next(version for version in get_args(Version) if version == str(found))

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cells, target by target."""
        targets = members(self.targets)
        if self.preset == "smoke" and self.profile == "mini" and not targets:
            targets = (SMOKE_TARGET,)
        if self.profile == "mini" and not targets:
            targets = tuple(load_grid().mini.targets)
        return load_grid().cells(self.filled_version, self.profile, members(self.bases), targets)

    @cached_property
    def seeds(self) -> tuple[int, ...]:
        """Evaluation seeds, in order.

        Raises:
            UserMistake: one is no whole number, or is named twice.
        """
        given = self.eval_seeds
        if given is None:
            return load_grid().versions[self.filled_version].eval_seeds
        found: list[int] = []
        for text in members(given):
            if not text.isdecimal() or int(text) in found:
                raise UserMistake(
                    f"eval_seeds={given}: expected different whole numbers, such as 72332,87681."
                )
            found.append(whole("eval_seeds", int(text), 0, 2**SEED_BITS - 1))
        if not found:
            raise UserMistake("eval_seeds is empty; give at least one whole number.")
        return tuple(found)

    @cached_property
    def settings(self) -> dict[str, JsonValue]:
        """Every parameter with its value, as it is used, kept in the log and part of a job's name."""
        values = canonical(self.filled_version, self.profile)
        given: dict[str, JsonValue] = {
            "budget_minutes": self.budget_minutes,
            "grace_minutes": self.grace_minutes,
            "reprompt_minutes": self.reprompt_minutes,
            "feedback": self.feedback,
            "network": self.network,
            "agent_cache": self.agent_cache,
        }
        own: dict[str, JsonValue] = {
            "profile": self.profile,
            "version": self.filled_version,
            "agent": self.agent or DEFAULT_AGENT[self.profile],
            "sandbox": self.sandbox,
            "eval_seeds": list(self.seeds),
            "run": str(self.run),
            "device": self.device,
        }
        if self.profile == "full":
            own |= {"num_gpus": self.num_gpus, "gpu_name": self.gpu_name}
        filled = values | ({"network": MINI_NETWORK} if self.profile == "mini" else {})
        return filled | {name: value for name, value in given.items() if value is not None} | own

    @cached_property
    def deviations(self) -> list[str]:
        """What this run does otherwise than its version says."""
        settled = dict(self.settings)
        if self.profile == "mini" and settled["network"] == MINI_NETWORK:
            del settled["network"]
        return deviations(self.filled_version, self.profile, settled)

    @property
    def whole(self) -> bool:
        """Whether all weighted cells of the version are there, without which there is no headline."""
        everything = load_grid().cells(self.filled_version, self.profile)
        chosen = {cell.id for cell in self.cells}
        return all(cell.id in chosen for cell in everything if cell.weight > 0)

    def instruction(self, cell: Cell) -> str:
        """The message that starts the agent of a cell."""
        minutes = self.settings["budget_minutes"]
        assert isinstance(minutes, (int, float))
        if self.profile == "mini":
            setting = Setting(MINI_CACHE, "the CPUs of this machine", minutes)
        else:
            noun = "GPU" if self.num_gpus == 1 else "GPUs"
            amount = "one" if self.num_gpus == 1 else str(self.num_gpus)
            setting = Setting(FULL_CACHE, f"{amount} NVIDIA {self.gpu_name} {noun}", minutes)
        return render_instruction(cell, setting)
