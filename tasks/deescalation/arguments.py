"""The arguments of `deescalation`: what may be asked for, and what each preset fills in (pure).

Building the record checks it; every mistake is one sentence with the value and the remedy, raised as
`UserMistake` before anything is run:

    Talk(variants=9)  ->  variants=9: choose a whole number from 1 to 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Literal, NamedTuple, TypeAlias, get_args

from interplay.tasks.argument_values import one_of, whole
from interplay.tasks.catalog import Preset
from interplay.tasks.mistakes import UserMistake

from .arms import chosen_arms, listed
from .scenarios import DOMAINS, RESISTANCES, VARIANTS, Scenario, Split, expand, load_seeds

Mode: TypeAlias = Literal["scripted", "live"]
Part: TypeAlias = Literal["all", "dev", "test"]
Listed: TypeAlias = str | list[str]
"""A comma list as either command line hands it over."""

MODES: tuple[Mode, ...] = get_args(Mode)
SPLITS: tuple[Split, ...] = get_args(Split)
PRESETS: tuple[Preset, ...] = ("standard", "smoke")
TURNS = 8
"""Replies of the assistant in a live conversation."""
SCRIPTED_TURNS = 4
"""Messages of the person, and replies to them, where the person's side is fixed."""
MOST_TURNS = 50


class Filled(NamedTuple):
    """What a preset fills in; `seeds` is None for all of them."""

    arms: str
    seeds: int | None
    variants: int


FILLED: dict[Preset, Filled] = {
    "standard": Filled("core3", None, VARIANTS),
    "smoke": Filled("vanilla,nvc_full", 2, 2),
}


@dataclass(frozen=True, kw_only=True)
class Talk:
    """Arguments of `deescalation`; None is what the preset or the mode says.

    Attributes:
        n_seeds: The first n of the seeds that domains and split leave.
        variants: The first n variants of each seed.
        turns: Replies of the assistant at most, in mode `live`.
        judge: Models read the conversations as well.
    """

    task: ClassVar[str] = "deescalation"

    preset: Preset = "standard"
    mode: Mode = "scripted"
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

    def __post_init__(self) -> None:
        one_of("preset", self.preset, PRESETS)
        one_of("mode", self.mode, MODES)
        one_of("split", self.split, ("all", *SPLITS))
        whole("instance_seed", self.instance_seed, 0, 2**31 - 1)
        if self.variants is not None:
            whole("variants", self.variants, 1, VARIANTS)
        if self.turns is not None:
            whole("turns", self.turns, 1, MOST_TURNS)
            if self.mode == "scripted":
                raise UserMistake(
                    f"turns={self.turns} with mode=scripted: the person's side is fixed there; use mode=live."
                )
        some_of("domains", self.domains, DOMAINS)
        some_of("resistance", self.resistance, RESISTANCES)
        if self.n_seeds is not None:
            whole("n_seeds", self.n_seeds)
        assert self.played_arms
        if not self.scenarios:
            raise UserMistake(
                f"{self.narrowed} leaves no scenario; drop one of these or add variants or seeds."
            )

    @cached_property
    def played_arms(self) -> tuple[str, ...]:
        """The arms, in the order of `arms.yaml`."""
        return chosen_arms(FILLED[self.preset].arms if self.arms is None else self.arms)

    @property
    def replies(self) -> int:
        """Replies of the assistant at most."""
        return SCRIPTED_TURNS if self.mode == "scripted" else self.turns or TURNS

    @cached_property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios, seed by seed; what is left out changes nothing about the others.

        Raises:
            UserMistake: the seeds file is missing or wrong, or there are not so many seeds.
        """
        filled = FILLED[self.preset]
        everyone = expand(load_seeds(Path(self.seeds_file) if self.seeds_file else None), self.instance_seed)
        kept = [
            scenario
            for scenario in everyone
            if (self.domains is None or scenario.domain in listed(self.domains))
            and self.split in ("all", scenario.split)
        ]
        seeds = list(dict.fromkeys(scenario.seed_id for scenario in kept))
        if self.n_seeds is not None and not 1 <= self.n_seeds <= len(seeds):
            raise UserMistake(f"n_seeds={self.n_seeds}: choose a whole number from 1 to {len(seeds)}.")
        first = seeds[: self.n_seeds or filled.seeds]
        variants = self.variants or filled.variants
        return tuple(
            scenario
            for scenario in kept
            if scenario.seed_id in first
            and scenario.variant < variants
            and (self.resistance is None or scenario.resistance in listed(self.resistance))
        )

    @property
    def samples(self) -> int:
        """Number of conversations."""
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
    if not listed(wanted):
        raise UserMistake(f"{name} is empty; choose from {', '.join(choices)}.")
    for member in listed(wanted):
        one_of(name, member, choices)
