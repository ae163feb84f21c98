"""The arguments of `deescalation`: what may be asked for, and what each preset fills in (pure).

Building the record checks it; every mistake is one sentence with the value and the remedy, raised as
`UserMistake` before anything is run:

    Talk(variants=9)  ->  variants=9: choose a whole number from 1 to 5.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Literal, NamedTuple, TypeAlias, get_args

from interplay.tasks.argument_values import one_of, text, text_or_list, whole, yes_or_no
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import Preset

from .arms import chosen_arms, listed
from .prefixes import Prefix, committed_prefixes
from .scenarios import (
    DOMAINS,
    RESISTANCES,
    VARIANTS,
    Domain,
    Profile,
    Scenario,
    Split,
    crossed,
    expand,
    load_seeds,
)

Mode: TypeAlias = Literal["scripted", "live", "branch"]
Simulator: TypeAlias = Literal["rule", "persona", "state"]
Part: TypeAlias = Literal["all", "dev", "test"]
Listed: TypeAlias = str | list[str]
"""A comma list as either command line hands it over."""

MODES: tuple[Mode, ...] = get_args(Mode)
SIMULATORS: tuple[Simulator, ...] = get_args(Simulator)
SPLITS: tuple[Split, ...] = get_args(Split)
PRESETS: tuple[Preset, ...] = ("standard", "paper", "smoke")
TURNS = 8
"""Replies of the assistant in a live conversation."""
SCRIPTED_TURNS = 4
"""Messages of the person, and replies to them, where the person's side is fixed."""
BRANCH_TURNS = 2
"""Replies of the assistant after a prefix."""
MOST_TURNS = 50
BRANCH_EPOCHS, SIMULATOR_EPOCHS = 4, 3
"""Of every branch, and of every conversation with a person written by a language model."""
PAPER_DOMAINS: tuple[Domain, ...] = ("work", "intimate", "community")
PAPER_PROFILES: tuple[Profile, ...] = ("ack_seeking", "solution_seeking", "justice_seeking")


class Filled(NamedTuple):
    """What a preset fills in; `seeds` is None for all of them."""

    arms: str
    seeds: int | None
    variants: int


FILLED: dict[Preset, Filled] = {
    "standard": Filled("core3", None, VARIANTS),
    "paper": Filled("vanilla,nvc_full", None, len(RESISTANCES) * len(PAPER_PROFILES)),
    "smoke": Filled("vanilla,nvc_full", 2, 2),
}


@dataclass(frozen=True, kw_only=True)
class Talk:
    """Arguments of `deescalation`; None is what the preset, the mode or the bound roles say.

    Attributes:
        n_seeds: The first n of the seeds that domains and split leave.
        variants: The first n variants of each seed.
        turns: Replies of the assistant at most, in mode `live`.
        judge: Models read the conversations as well.
        bound: Roles that are bound as far as that is known; no argument of the task.
    """

    task: ClassVar[str] = "deescalation"

    preset: Preset = "standard"
    mode: Mode | None = None
    simulator: Simulator | None = None
    arms: Listed | None = None
    n_seeds: int | None = None
    variants: int | None = None
    turns: int | None = None
    domains: Listed | None = None
    resistance: Listed | None = None
    split: Part = "all"
    instance_seed: int = 0
    seeds_file: str | None = None
    judge: bool | None = None
    bound: Collection[str] = ()

    def __post_init__(self) -> None:
        one_of("preset", self.preset, PRESETS)
        if self.mode is not None:
            one_of("mode", self.mode, MODES)
        if self.simulator is not None:
            one_of("simulator", self.simulator, SIMULATORS)
        one_of("split", self.split, ("all", *SPLITS))
        whole("instance_seed", self.instance_seed, 0, 2**31 - 1)
        if self.variants is not None:
            whole("variants", self.variants, 1, VARIANTS)
        if self.turns is not None:
            whole("turns", self.turns, 1, MOST_TURNS)
        if self.judge is not None:
            yes_or_no("judge", self.judge)
        if self.seeds_file is not None:
            text("seeds_file", self.seeds_file)
        some_of("domains", self.domains, DOMAINS)
        some_of("resistance", self.resistance, RESISTANCES)
        if self.n_seeds is not None:
            whole("n_seeds", self.n_seeds)
        for sentence in self._contradictions():
            raise UserMistake(sentence)
        assert self.played_arms
        if not self.scenarios:
            raise UserMistake(
                f"{self.narrowed} leaves no scenario; drop one of these or add variants or seeds."
            )

    def _contradictions(self) -> list[str]:
        """What was given together and cannot be, one sentence each."""
        mode, found = self.played_mode, list[str]()
        if mode == "scripted" and self.turns is not None:
            found.append(
                f"turns={self.turns} with mode=scripted: the person's side is fixed there; use mode=live."
            )
        if mode == "scripted" and self.simulator is not None:
            found.append(
                f"simulator={self.simulator} with mode=scripted: nobody is simulated there; use mode=live."
            )
        if mode == "branch" and self.turns is not None:
            found.append(f"turns={self.turns} with mode=branch: {BRANCH_TURNS} are played there; drop it.")
        if self.preset == "paper" and mode != "live":
            found.append(f"mode={mode} with preset=paper: it is played live; drop one of them.")
        if self.preset == "paper" and self.variants is not None:
            found.append(
                f"variants={self.variants} with preset=paper: its seeds are fully crossed; narrow it with "
                "domains, resistance or n_seeds."
            )
        if mode == "branch" and (self.instance_seed or self.seeds_file):
            given = (
                f"seeds_file={self.seeds_file}" if self.seeds_file else f"instance_seed={self.instance_seed}"
            )
            found.append(f"{given} with mode=branch: the prefixes are those of the package; drop it.")
        return found

    @property
    def played_mode(self) -> Mode:
        """As given; else live with the preset `paper` or a bound `user_sim`, and scripted without."""
        return self.mode or ("live" if self.preset == "paper" or "user_sim" in self.bound else "scripted")

    @property
    def played_simulator(self) -> Simulator | None:
        """Who writes for the person; None where the person's side is fixed."""
        if self.played_mode == "scripted":
            return None
        by_model = self.preset == "paper" or "user_sim" in self.bound
        return self.simulator or ("persona" if by_model else "rule")

    @cached_property
    def played_arms(self) -> tuple[str, ...]:
        """The arms, in the order of `arms.yaml`."""
        return chosen_arms(FILLED[self.preset].arms if self.arms is None else self.arms)

    @property
    def replies(self) -> int:
        """Replies of the assistant at most."""
        fixed: dict[Mode, int] = {"scripted": SCRIPTED_TURNS, "branch": BRANCH_TURNS}
        return fixed.get(self.played_mode) or self.turns or TURNS

    @property
    def epochs(self) -> int:
        """How often each conversation is held, unless the command line says otherwise."""
        if self.played_mode == "branch":
            return BRANCH_EPOCHS
        by_model = self.played_simulator in ("persona", "state")
        return SIMULATOR_EPOCHS if by_model and self.preset == "standard" else 1

    @cached_property
    def prefixes(self) -> dict[str, Prefix]:
        """The prefix of each scenario in mode `branch`, by the id of the scenario; empty in other modes."""
        return {p.scenario_id: p for p in committed_prefixes()} if self.played_mode == "branch" else {}

    @cached_property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios, seed by seed; what is left out changes nothing about the others.

        Raises:
            UserMistake: the seeds file is missing or wrong, or there are not so many seeds.
        """
        filled, branch = FILLED[self.preset], self.played_mode == "branch"
        kept = [
            scenario
            for scenario in self._everyone()
            if (self.domains is None or scenario.domain in listed(self.domains))
            and self.split in ("all", scenario.split)
            and (not branch or scenario.id in self.prefixes)
        ]
        seeds = list(dict.fromkeys(scenario.seed_id for scenario in kept))
        if self.n_seeds is not None and not 1 <= self.n_seeds <= len(seeds):
            raise UserMistake(f"n_seeds={self.n_seeds}: choose a whole number from 1 to {len(seeds)}.")
        first = seeds[: self.n_seeds or filled.seeds]
        variants = self.variants or (VARIANTS if branch else filled.variants)
        return tuple(
            scenario
            for scenario in kept
            if scenario.seed_id in first
            and scenario.variant < variants
            and (self.resistance is None or scenario.resistance in listed(self.resistance))
        )

    def _everyone(self) -> list[Scenario]:
        seeds = load_seeds(Path(self.seeds_file) if self.seeds_file else None)
        if self.preset != "paper":
            return expand(seeds, self.instance_seed)
        everyone = crossed(seeds, PAPER_PROFILES, self.instance_seed)
        return [s for s in everyone if self.domains is not None or s.domain in PAPER_DOMAINS]

    @property
    def samples(self) -> int:
        """Number of conversations in one epoch."""
        return len(self.scenarios) * len(self.played_arms)

    @property
    def narrowed(self) -> str:
        """The arguments that choose scenarios, as they were given."""
        names = ("domains", "resistance", "split", "n_seeds", "variants")
        given = {name: getattr(self, name) for name in names}
        said = [f"{name}={value}" for name, value in given.items() if value not in (None, "all")]
        return ", ".join(said) or f"preset={self.preset}"


def some_of(name: str, wanted: str | Sequence[str] | None, choices: Sequence[str]) -> None:
    """Refuse a comma list with a member that is none of the choices, or without any.

    Raises:
        UserMistake: it has one, or is empty.
    """
    if wanted is None:
        return
    text_or_list(name, wanted)
    if not listed(wanted):
        raise UserMistake(f"{name} is empty; choose from {', '.join(choices)}.")
    for member in listed(wanted):
        one_of(name, member, choices)
