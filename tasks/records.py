"""What a family, a task, a run and its size are: the records of the catalogue. They import no task."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, cast, get_args

from pydantic import JsonValue

if TYPE_CHECKING:
    from inspect_ai.model import Model

Preset: TypeAlias = Literal["standard", "paper", "smoke", "ceiling", "controls"]
"""`standard`, `paper` and `smoke` exist for every task; the others belong to single families."""
PRESETS: tuple[Preset, ...] = get_args(Preset)
TaskArg: TypeAlias = str | int | float | bool
TaskArgs: TypeAlias = dict[str, TaskArg]
Run: TypeAlias = tuple[str, TaskArgs]


@dataclass(frozen=True)
class Citation:
    """The work a family follows."""

    title: str
    authors: str
    arxiv: str
    year: int

    def __str__(self) -> str:
        return f"{self.authors}: {self.title} (arXiv {self.arxiv}, {self.year})"


@dataclass(frozen=True)
class TaskRecord:
    """One Inspect task: what it does and the roles it may bind.

    `roles` maps a role name to the sentence that says when it is needed.
    """

    name: str
    summary: str
    roles: dict[str, str]

    @property
    def registry_name(self) -> str:
        """The name that `inspect eval` takes."""
        return f"interplay/{self.name}"


@dataclass(frozen=True)
class RoleSize:
    """What a role is expected to cost per sample, hidden reasoning apart."""

    calls: float
    input_tokens: float
    output_tokens: float


@dataclass(frozen=True)
class RunSize:
    """Expected size of one run of a task, for the estimate before it starts.

    Calls and tokens are per sample and leave hidden reasoning apart, which only the provider can tell.

    Attributes:
        samples: Of one epoch.
        epochs: How often each is played, unless the command line says otherwise.
        roles: What the roles beside the model under test cost, where that is told apart.
        judges: What roles cost that may stay unbound, judges above all; they count in runs that bind them.
    """

    samples: int
    calls: float
    input_tokens: float
    output_tokens: float
    epochs: int = 1
    roles: dict[str, RoleSize] = field(default_factory=dict[str, RoleSize])
    judges: dict[str, RoleSize] = field(default_factory=dict[str, RoleSize])


@dataclass(frozen=True)
class FamilyRecord:
    """One family of tasks.

    `reference_players` play a whole run by themselves. `runs_module` names a module with
    `default_runs(preset) -> list[Run]`, `settled_runs(runs, given, bound) -> list[Run]`,
    `run_size(task, args) -> RunSize`, `model_args(task, model)` and `validate_roles(task, args, bound)`, and
    maybe `validate_models(task, args, target, bound)`; it is imported only when a run is planned.
    `offline_args` are the arguments with which reference players run the standard preset without a network;
    `reference_tasks` are measurements apart from the default runs that reference players enter as well;
    `one_epoch` says why samples are not repeated, with the remedy. `live_args` are arguments with which
    models that are no reference players run, `scripted_only` values that these may not have; tasks that are
    `agentless`, in which no model acts, know neither. A family that `needs` a package is left out of the
    demonstration where it is not installed; `extra` is the extra that brings it.
    `state_dir` is the folder, below the current one, of what jobs keep so that they can go on after a crash;
    the tasks take another one as an argument of that name.
    """

    name: str
    title: str
    question: str
    headline: str
    citation: Citation
    licence: str
    tasks: tuple[TaskRecord, ...]
    reference_players: tuple[str, ...]
    runs_module: str
    presets: tuple[Preset, ...] = ("standard", "paper", "smoke")
    reference_tasks: tuple[str, ...] = ()
    one_epoch: str | None = None
    offline_args: TaskArgs = field(default_factory=dict[str, TaskArg])
    live_args: TaskArgs = field(default_factory=dict[str, TaskArg])
    scripted_only: TaskArgs = field(default_factory=dict[str, TaskArg])
    agentless: tuple[str, ...] = ()
    needs: str | None = None
    extra: str | None = None
    state_dir: str | None = None

    @property
    def short_title(self) -> str:
        """The title up to its colon, for links and crumbs: `Mazes`, `User turns`."""
        return self.title.split(":")[0]

    def default_runs(self, preset: Preset) -> list[Run]:
        """The runs that `interplay eval FAMILY` starts: task names with their arguments."""
        return self._planner().default_runs(preset)

    def settled_runs(self, runs: list[Run], given: TaskArgs, bound: Collection[str]) -> list[Run]:
        """The runs as the arguments that were given and the bound roles make them."""
        return self._planner().settled_runs(runs, given, bound)

    def run_size(self, task: str, args: TaskArgs) -> RunSize:
        """Expected size of one run."""
        return self._planner().run_size(task, args)

    def model_args(self, task: str, model: str) -> dict[str, JsonValue]:
        """Arguments that the provider of a model needs for a task, beside those a user gives.

        Raises:
            UserMistake: The task cannot be run with this provider.
        """
        return self._planner().model_args(task, model)

    def validate_models(
        self, task: str, args: TaskArgs, target: "Model", bound: "Mapping[str, Model]"
    ) -> str | None:
        """Check which models have which part, where the family has parts that exclude one another.

        Returns:
            What a user should know of the models before the run, or None.

        Raises:
            UserMistake: One model has two of them.
        """
        check = getattr(self._planner(), "validate_models", None)
        return None if check is None else check(task, args, target, bound)

    def _planner(self) -> "RunPlanner":
        return cast(RunPlanner, import_module(self.runs_module))


class RunPlanner(Protocol):
    """What a family's `runs_module` offers."""

    default_runs: Callable[[Preset], list[Run]]
    settled_runs: Callable[[list[Run], TaskArgs, Collection[str]], list[Run]]
    run_size: Callable[[str, TaskArgs], RunSize]
    model_args: Callable[[str, str], dict[str, JsonValue]]
