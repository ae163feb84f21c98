"""From the words of the `eval` command to its parts: one family, one model, one set of roles, one folder."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from pydantic import JsonValue

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import Preset, TaskArgs

from .choices import nearest
from .plan import Plan, default_log_dir, judged, parse_pairs, plan_runs
from .slices import Slice, slice_folder


@dataclass(frozen=True)
class Part:
    """The runs of one family by one model, with others in the roles.

    Attributes:
        plan: The runs.
        model: The model under test.
        roles: The models in the other roles.
        folder: Where the logs go.
        below: The folder that `folder` is one slice of.
    """

    plan: Plan
    model: str
    roles: dict[str, str]
    folder: Path
    below: Path | None = None

    @property
    def model_args(self) -> dict[str, JsonValue]:
        """Arguments that the provider needs for these tasks.

        Raises:
            UserMistake: They cannot be run with this provider.
        """
        return {
            key: value
            for task, _ in self.plan.runs
            for key, value in self.plan.family.model_args(task, self.model).items()
        }

    def require_roles(self) -> None:
        """Compares the bound roles with those that the runs need and can use.

        Raises:
            UserMistake: For a role that is missing, or bound and used by no run.
        """
        module = import_module(self.plan.family.runs_module)
        played = {task for task, _ in self.plan.runs}
        for task, args in self.plan.runs:
            module.validate_roles(task, args, set(self.roles))
        used = [role for task in self.plan.family.tasks if task.name in played for role in task.roles]
        for role in self.roles:
            if not used:
                raise UserMistake(
                    f"--model-role {role}: {' and '.join(sorted(played))} has no roles; drop it."
                )
            if role not in used:
                raise UserMistake(
                    f"--model-role {role}: no such role in {self.plan.family.name}; {nearest(role, used)}"
                )


def parts_of(
    targets: Sequence[str],
    models: Sequence[str],
    role_pairs: Sequence[str],
    preset: Preset,
    given: TaskArgs,
    log_dir: Path | None,
) -> list[Part]:
    """All that a command runs: every target by every model with every choice of roles.

    Raises:
        UserMistake: For a name, an argument or a role that is wrong, or a target or model given twice.
    """
    names = [target.removeprefix("interplay/") for target in targets]
    for option, given_words in (("", names), ("--model ", models)):
        twice = [word for word in given_words if given_words.count(word) > 1]
        if twice:
            raise UserMistake(f"{option}{twice[0]} is given twice; keep one.")
    parts: list[Part] = []
    for model, roles in itertools.product(models, role_choices(role_pairs)):
        for plan in plan_runs(targets, preset, given, model, roles):
            plan = judged(plan, roles)
            parts.append(Part(plan, model, roles, log_dir or default_log_dir(plan, model, roles, given)))
    return parts


def role_choices(pairs: Sequence[str]) -> list[dict[str, str]]:
    """Every way to fill the roles: a role given several times is filled with each model in turn.

    Raises:
        UserMistake: For a pair without `=`, an empty side or the same pair twice.
    """
    models: dict[str, list[str]] = {}
    for pair in pairs:
        ((role, model),) = parse_pairs("--model-role", [pair]).items()
        if model in models.setdefault(role, []):
            raise UserMistake(f"--model-role {pair} is given twice; keep one.")
        models[role].append(model)
    return [dict(zip(models, choice, strict=True)) for choice in itertools.product(*models.values())]


def sliced(parts: Sequence[Part], part: Slice) -> list[Part]:
    """The parts with the runs of one slice alone, each below the folder of the whole.

    Raises:
        UserMistake: A folder was begun otherwise.
    """
    runs = [(owner, run) for owner in range(len(parts)) for run in parts[owner].plan.runs]
    mine = part.of(runs)
    return [
        replace(
            parts[owner],
            plan=replace(parts[owner].plan, runs=[run for other, run in mine if other == owner]),
            folder=slice_folder(parts[owner].folder, part),
            below=parts[owner].folder,
        )
        for owner in dict.fromkeys(owner for owner, _ in mine)
    ]
