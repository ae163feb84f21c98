"""The arguments of the three tasks: what may be asked for and in which combinations (pure).

Each task has one frozen record of its arguments. Building a record checks them; every mistake is one
sentence with the value and the remedy, raised as `UserMistake` before anything is run:

    Relay(k=3)  ->  k=3: relay changes the speaker of seat 1 and needs an even k; use 2 or 4.

| condition | record | what it adds |
| --- | --- | --- |
| C1 | `Solo(view="full")` | planning |
| C2 | `Solo(view="distributed")` | merging two views |
| C3 | `Solo(view="distributed", mode="step")` | state over many notes, same cap |
| C4 | `Collab(condition="C4")`, both hold the full map | agreeing |
| C5 | `Collab(condition="C5")`, scripted partner | one side's talk |
| C6 | `Collab(condition="C6")` = C7 with assistance 2 | everything but convention building |
| C7 | `Collab(condition="C7")` | the whole game |
"""

from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple, TypeAlias, cast, get_args

from interplay.tasks.argument_values import one_of, whole, yes_or_no
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import Preset

from .maze import FAMILIES

Condition: TypeAlias = Literal["C1", "C2", "C3", "C4", "C5", "C6", "C7"]
PairCondition: TypeAlias = Literal["C4", "C5", "C6", "C7"]
View: TypeAlias = Literal["full", "distributed"]
SoloMode: TypeAlias = Literal["plan", "step"]
Track: TypeAlias = Literal["free", "commit", "structured"]
Pairing: TypeAlias = Literal["self", "cross"]
Starter: TypeAlias = Literal["model", "alternate"]
RelayMode: TypeAlias = Literal["prime", "recover"]
Control: TypeAlias = Literal["none", "transplant"]
SystemRole: TypeAlias = Literal["system", "user"]

SIZE, DENSITY = 6, 0.30
"""The paper's grid; other values draw mazes on the fly."""
LARGEST_K = 48
GRADERS = ("clerk", "garbler")
"""Scripted players that read transcripts and hold no seat."""


class Rules(NamedTuple):
    """What a preset fixes.

    `per_family` is the number of mazes of each of `families`; `max_chars` the length at which a note is cut.
    """

    set_name: str
    families: int
    per_family: int
    both_orders: bool
    own_line: bool
    hurry: bool
    max_chars: int | None
    track: Track
    critic: bool
    headline: str


STANDARD = Rules(
    set_name="standard-1",
    families=len(FAMILIES),
    per_family=40,
    both_orders=True,
    own_line=True,
    hurry=False,
    max_chars=8_000,
    track="commit",
    critic=False,
    headline="maze.success_corrected",
)
RULES: dict[Preset, Rules] = {
    "standard": STANDARD,
    "paper": Rules(
        set_name="paper-1",
        families=1,
        per_family=100,
        both_orders=False,
        own_line=False,
        hurry=True,
        max_chars=None,
        track="free",
        critic=True,
        headline="maze.weighted_favourable",
    ),
    "smoke": STANDARD._replace(per_family=2, both_orders=False),
}


@dataclass(frozen=True, kw_only=True)
class Game:
    """Arguments that all three tasks have; `mazes` is the first n of each family, None for all."""

    task: ClassVar[str]

    preset: Preset = "standard"
    mazes: int | None = None
    judge: bool = False
    size: int = SIZE
    density: float = DENSITY

    def __post_init__(self) -> None:
        one_of("preset", self.preset, tuple(RULES))
        yes_or_no("judge", self.judge)
        for name, value, usual, what in (
            ("size", self.size, SIZE, "sizes"),
            ("density", self.density, DENSITY, "densities"),
        ):
            if isinstance(value, bool) or not isinstance(cast(object, value), int | float):
                raise UserMistake(f"{name}={value}: expected a number; the game has {usual}.")
            if value != usual and self.preset != "paper":
                raise UserMistake(
                    f"{name}={value} with preset={self.preset}: {what} vary only with preset=paper."
                )
        whole("size", self.size)
        if self.mazes is not None:
            if whole("mazes", self.mazes) < 1:
                raise UserMistake(f"mazes={self.mazes}: at least 1 a family is needed.")
            if self.mazes > self.rules.per_family:
                which = self.preset if self.preset == "smoke" else self.rules.set_name
                raise UserMistake(f"mazes={self.mazes}: {which} has {self.rules.per_family} a family.")

    @property
    def rules(self) -> Rules:
        """What the preset fixes."""
        return RULES[self.preset]

    @property
    def drawn_on_the_fly(self) -> bool:
        """Mazes of another size or density belong to no frozen set."""
        return (self.size, self.density) != (SIZE, DENSITY)

    @property
    def both_orders(self) -> bool:
        """Every maze is played as AB and as BA."""
        return self.rules.both_orders

    @property
    def played_track(self) -> Track:
        """The track of a dialogue; a player who is alone has none, and talks freely."""
        return self.rules.track

    @property
    def samples(self) -> int:
        """Number of episodes."""
        mazes = self.rules.families * (self.mazes or self.rules.per_family)
        return mazes * (2 if self.both_orders else 1)

    @property
    def needed_roles(self) -> set[str]:
        """Roles that must be bound."""
        return {"grader"} if self.judge else set()

    @property
    def unused_roles(self) -> set[str]:
        """Roles whose binding shows that another game was meant."""
        return set()


@dataclass(frozen=True, kw_only=True)
class Solo(Game):
    """Arguments of `maze_solo`; `critic` None is what the preset says."""

    task: ClassVar[str] = "maze_solo"

    view: View = "distributed"
    mode: SoloMode = "plan"
    critic: bool | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of("view", self.view, get_args(View))
        one_of("mode", self.mode, get_args(SoloMode))
        if self.critic is not None:
            yes_or_no("critic", self.critic)
        if self.judge:
            raise UserMistake(
                "judge=true with maze_solo: a judge reads what two agents agree to; drop judge."
            )
        if self.view == "full" and self.mode == "step":
            raise UserMistake("view=full, mode=step is no condition of the ladder; use view=distributed.")
        if self.critic and self.mode == "step":
            raise UserMistake("critic=true with mode=step: the critic step reviews a plan; use mode=plan.")

    @property
    def condition(self) -> Condition:
        """C1, C2 or C3."""
        if self.view == "full":
            return "C1"
        return "C3" if self.mode == "step" else "C2"

    @property
    def has_critic(self) -> bool:
        """The player is asked once to check its plan."""
        return self.mode == "plan" and (self.rules.critic if self.critic is None else self.critic)

    @property
    def both_orders(self) -> bool:
        """Orders are those of the two views; a full map has none."""
        return super().both_orders and self.view == "distributed"


@dataclass(frozen=True, kw_only=True)
class Collab(Game):
    """Arguments of `maze_collab`; `track` None is what the preset says."""

    task: ClassVar[str] = "maze_collab"

    condition: PairCondition = "C7"
    assistance: int = 0
    track: Track | None = None
    pairing: Pairing = "self"
    script: str = "cartographer"
    starter: Starter = "model"
    system_role: SystemRole = "system"

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of("condition", self.condition, get_args(PairCondition))
        if self.track is not None:
            one_of("track", self.track, get_args(Track))
        one_of("pairing", self.pairing, get_args(Pairing))
        one_of("starter", self.starter, get_args(Starter))
        one_of("system_role", self.system_role, get_args(SystemRole))
        if not 0 <= whole("assistance", self.assistance) <= 4:
            raise UserMistake(f"assistance={self.assistance}: choose one of 0, 1, 2, 3, 4.")
        if self.condition == "C6" and self.assistance not in (0, 2):
            raise UserMistake(
                f"assistance={self.assistance} with condition C6: C6 is assistance 2; use condition=C7."
            )
        if self.track == "structured" and self.assistance not in (0, 2):
            raise UserMistake(
                f"assistance={self.assistance} with track=structured: the structured track is assistance 2; "
                "drop assistance."
            )
        if self.script != "cartographer" and self.script not in scripts():
            raise UserMistake(f"script={self.script}: no such player; choose one of {', '.join(scripts())}.")
        if self.condition == "C5":
            if self.pairing == "cross":
                raise UserMistake(
                    "pairing=cross with condition C5: the partner of C5 is scripted; use condition=C7."
                )
        elif self.script != "cartographer":
            raise UserMistake(
                f"script={self.script} with condition {self.condition}: scripted partners play in C5; "
                "use condition=C5."
            )
        elif self.starter != "model":
            raise UserMistake(
                f"starter={self.starter} with condition {self.condition}: the starter varies in C5; "
                "use condition=C5."
            )

    @property
    def shown_assistance(self) -> int:
        """Level of assistance as played: 2 in C6 and in the structured track."""
        return 2 if self.condition == "C6" or self.played_track == "structured" else self.assistance

    @property
    def played_track(self) -> Track:
        """The track, the preset's where none was asked for."""
        return self.track or self.rules.track

    @property
    def both_orders(self) -> bool:
        """Each half opens once; where both hold the full map there is one order."""
        return super().both_orders and self.condition != "C4"

    @property
    def needed_roles(self) -> set[str]:
        """`partner` in cross-play."""
        return super().needed_roles | ({"partner"} if self.pairing == "cross" else set())

    @property
    def unused_roles(self) -> set[str]:
        """A bound partner in self-play."""
        return set() if self.pairing == "cross" else {"partner"}


@dataclass(frozen=True, kw_only=True)
class Relay(Game):
    """Arguments of `maze_relay`. `k` counts notes of both seats."""

    task: ClassVar[str] = "maze_relay"

    k: int = 2
    mode: RelayMode = "prime"
    control: Control = "none"
    system_role: SystemRole = "system"

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of("mode", self.mode, get_args(RelayMode))
        one_of("control", self.control, get_args(Control))
        one_of("system_role", self.system_role, get_args(SystemRole))
        if not 0 <= whole("k", self.k) <= LARGEST_K:
            raise UserMistake(f"k={self.k}: choose an even k from 0 to {LARGEST_K}.")
        if self.k % 2:
            raise UserMistake(
                f"k={self.k}: relay changes the speaker of seat 1 and needs an even k; "
                f"use {self.k - 1} or {self.k + 1}."
            )
        if self.control == "transplant" and (self.k, self.mode) != (2, "prime"):
            raise UserMistake(
                f"control=transplant with k={self.k}, mode={self.mode}: an opener is transplanted only with "
                "k=2, mode=prime."
            )

    @property
    def needed_roles(self) -> set[str]:
        """`strong` always."""
        return super().needed_roles | {"strong"}


def scripts() -> list[str]:
    """Names of the scripted players that can hold a seat."""
    from interplay.solvers.reference.maze_players import MAZE_PLAYERS

    return [name for name in MAZE_PLAYERS if name not in GRADERS]
