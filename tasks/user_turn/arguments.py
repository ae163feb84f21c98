"""The arguments of the four tasks: what may be asked for, and what each preset fills in (pure).

Building a record checks it; every mistake is one sentence with the value and the remedy, raised as
`UserMistake` before anything is run:

    Probe(k=0)  ->  k=0: choose a whole number from 1 to 64.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, NamedTuple, TypeAlias, cast, get_args

from interplay.solvers.user_record import Temperature
from interplay.tasks.argument_values import one_of, text, whole, yes_or_no
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import Preset

from .context import Dataset
from .perturb import ARMS, Arm

Server: TypeAlias = Literal["vllm", "sglang", "llamacpp"]
Listed: TypeAlias = str | float | list[str] | list[float] | list[str | float]
"""A comma list as either command line hands it over."""

DATASETS: tuple[Dataset, ...] = get_args(Dataset)
PRESETS: tuple[Preset, ...] = ("standard", "ceiling", "controls", "paper", "smoke")
LIKELIHOOD_PRESETS: tuple[Preset, ...] = ("standard", "ceiling", "smoke")
LARGEST_K = 64
HOTTEST = 2.0
GRADER = "grader"


class Filled(NamedTuple):
    """What a preset fills in. `limits` is the number of contexts of each data set, None for all."""

    limits: dict[Dataset, int | None]
    temperatures: tuple[Temperature, ...]
    k: int
    arms: tuple[Arm, ...]


FILLED: dict[Preset, Filled] = {
    "smoke": Filled({"bundled": 9}, (0.0, 1.0), 3, ("base",)),
    "standard": Filled(
        {"gsm8k": 300, "ifbench": 300, "healthbench": 300, "coval": 300}, (0.0, 1.0), 10, ("base",)
    ),
    "ceiling": Filled({"wildchat": 300}, (0.0, 1.0), 10, ("base",)),
    "controls": Filled({"gsm8k": 100, "coval": 100}, (0.0, 1.0), 3, ARMS),
    "paper": Filled(
        {"gsm8k": 1319, "gpqa": 198, "ifbench": 300, "healthbench": 500, "coval": 500},
        (0.0, 0.3, 0.6, 0.8, 1.0, 1.2),
        10,
        ("base", "cut50", "ask_generic"),
    ),
}
LIKELIHOOD_LIMITS: dict[Preset, dict[Dataset, int | None]] = {
    "smoke": {"bundled": 9},
    "standard": {"bundled": None},
    "ceiling": {"wildchat": 300},
}
SIZES: dict[Dataset, int] = {
    "gsm8k": 1319, "gpqa": 198, "ifbench": 300, "healthbench": 5000, "coval": 1078, "wildchat": 300,
    "bundled": 60,
}  # fmt: skip
"""Contexts of each data set, for the estimate before a run."""


@dataclass(frozen=True, kw_only=True)
class Contexts:
    """Which contexts are used: arguments that all four tasks have."""

    task: ClassVar[str]
    presets: ClassVar[tuple[Preset, ...]] = PRESETS
    allowed: ClassVar[tuple[Dataset, ...]] = DATASETS

    preset: Preset = "standard"
    datasets: Listed | None = None
    limit: int | None = None

    def __post_init__(self) -> None:
        one_of("preset", self.preset, self.presets)
        if self.limit is not None:
            whole("limit", self.limit, 1, 100_000)
        for name in self.limits:
            one_of("datasets", name, self.allowed)

    @property
    def defaults(self) -> dict[Dataset, int | None]:
        """What the preset takes of each data set."""
        return FILLED[self.preset].limits

    @property
    def limits(self) -> dict[Dataset, int | None]:
        """Data sets with the number of contexts of each, None for all of it."""
        if self.datasets is None:
            chosen: dict[Dataset, int | None] = self.defaults
            if self.preset == "smoke":  # a fixed few, of which a limit takes the first
                return {name: min(self.limit or count, count) for name, count in chosen.items() if count}
        else:
            names = cast(list[Dataset], items(self.datasets))
            if not names:
                raise UserMistake(
                    f"datasets={self.datasets}: name at least one of {', '.join(self.allowed)}."
                )
            if len(set(names)) < len(names):
                raise UserMistake(f"datasets={self.datasets}: a data set is named twice; keep one.")
            chosen = {name: self.defaults.get(name) for name in names}
        return {name: self.limit or count for name, count in chosen.items()}

    @property
    def samples(self) -> int:
        """Number of contexts, as far as it is known before they are loaded."""
        return sum(min(SIZES[name], count or SIZES[name]) for name, count in self.limits.items())

    @property
    def needed_roles(self) -> set[str]:
        """Roles that must be bound."""
        return set()


@dataclass(frozen=True, kw_only=True)
class Replies(Contexts):
    """Arguments of `user_turn_replies`."""

    task: ClassVar[str] = "user_turn_replies"


@dataclass(frozen=True, kw_only=True)
class Drawn(Contexts):
    """Arguments of the tasks that draw turns, natively or by instruction."""

    temperatures: Listed | None = None
    k: int | None = None
    replies: str | None = None
    judge: bool = False
    seed: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.k is not None:
            whole("k", self.k, 1, LARGEST_K)
        whole("seed", self.seed, 0, 2**31 - 1)
        yes_or_no("judge", self.judge)
        if self.replies is not None:
            text("replies", self.replies)
            if not Path(self.replies).is_file():
                raise UserMistake(
                    f"replies={self.replies}: no such file; give the log of user_turn_replies or JSON lines."
                )
        if not self.sampled:
            raise UserMistake("temperatures is empty; give at least one, such as 0,1.")

    @property
    def sampled(self) -> tuple[Temperature, ...]:
        """Temperatures in ascending order; `default` sends none."""
        if self.temperatures is None:
            return FILLED[self.preset].temperatures
        chosen: set[Temperature] = {self._temperature(item) for item in items(self.temperatures)}
        return tuple(sorted(chosen, key=lambda t: HOTTEST + 1 if isinstance(t, str) else t))

    def _temperature(self, item: str) -> Temperature:
        try:
            value = float(item)
        except ValueError:
            raise UserMistake(f"temperatures={item}: expected numbers from 0 to {HOTTEST:g}.") from None
        if not 0 <= value <= HOTTEST:
            raise UserMistake(f"temperatures={item}: choose numbers from 0 to {HOTTEST:g}.")
        return abs(value)  # of -0 the temperature 0

    @property
    def draws(self) -> int:
        """Turns at each temperature above 0."""
        return self.k or FILLED[self.preset].k

    @property
    def needed_roles(self) -> set[str]:
        """`grader` with a judge."""
        return {GRADER} if self.judge else set()


@dataclass(frozen=True, kw_only=True)
class Instructed(Drawn):
    """`user_turn_prompted`: providers that take no temperature are asked with `temperatures=default`."""

    task: ClassVar[str] = "user_turn_prompted"

    def _temperature(self, item: str) -> Temperature:
        return "default" if item == "default" else super()._temperature(item)


@dataclass(frozen=True, kw_only=True)
class Raw(Contexts):
    """Arguments of the tasks that open the user role: the chat template, and the dialect of the server."""

    tokenizer: str | None = None
    chat_template: str | None = None
    template_kwargs: str | dict[str, object] | None = None
    server: Server = "vllm"

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, value in (("tokenizer", self.tokenizer), ("chat_template", self.chat_template)):
            if value is not None:
                text(name, value)
        one_of("server", self.server, get_args(Server))
        template_options(self.template_kwargs)

    @property
    def template_options(self) -> dict[str, object]:
        """Keyword arguments of the chat template."""
        return template_options(self.template_kwargs)


@dataclass(frozen=True, kw_only=True)
class Probe(Raw, Drawn):
    """Arguments of `user_turn`."""

    task: ClassVar[str] = "user_turn"

    arms: Listed | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in items(self.arms or ""):
            one_of("arms", name, (*ARMS, "all"))

    @property
    def numbers(self) -> tuple[float, ...]:
        """Temperatures; a raw transport always sends one."""
        return tuple(t for t in self.sampled if not isinstance(t, str))

    @property
    def run_arms(self) -> tuple[Arm, ...]:
        """Arms in their fixed order, `base` always among them."""
        if self.arms is None:
            return FILLED[self.preset].arms
        names = items(self.arms)
        return tuple(arm for arm in ARMS if arm == "base" or arm in names or "all" in names)


@dataclass(frozen=True, kw_only=True)
class Likelihood(Raw):
    """Arguments of `user_turn_likelihood`: contexts with a stored reply and a stored next turn."""

    task: ClassVar[str] = "user_turn_likelihood"
    presets: ClassVar[tuple[Preset, ...]] = LIKELIHOOD_PRESETS
    allowed: ClassVar[tuple[Dataset, ...]] = ("bundled", "wildchat")

    @property
    def defaults(self) -> dict[Dataset, int | None]:
        """What the preset takes of each data set."""
        return LIKELIHOOD_LIMITS[self.preset]


def template_options(given: str | dict[str, object] | None) -> dict[str, object]:
    """The JSON object of `template_kwargs`.

    Raises:
        UserMistake: it is none.
    """
    if given is None or isinstance(given, dict):
        return given or {}
    try:
        found: object = json.loads(str(given))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise UserMistake(
            f'template_kwargs={given}: expected a JSON object, such as {{"enable_thinking": false}}.'
        )
    return cast(dict[str, object], found)


def items(listed: Listed) -> list[str]:
    """The members of a comma list."""
    parts = listed.split(",") if isinstance(listed, str) else listed if isinstance(listed, list) else [listed]
    return [str(part).strip() for part in parts if str(part).strip()]
