"""From the words of the `eval` command to Inspect tasks: names, arguments, roles, prices, folder."""

import hashlib
import inspect
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

import yaml

from interplay.tasks.catalog import FAMILIES, family, family_of_task
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import FamilyRecord, Preset, Run, TaskArgs

from .choices import nearest

if TYPE_CHECKING:
    from inspect_ai import Task

    from interplay.leaderboard.locks import Variant

LONGEST_NAME = 200
"""Characters of the name of a log folder; file systems allow 255 bytes."""


@dataclass(frozen=True)
class Plan:
    """The runs of one `eval` command, all of one family."""

    family: FamilyRecord
    preset: Preset
    runs: list[Run]


def plan_runs(
    targets: Sequence[str],
    preset: Preset,
    given: TaskArgs,
    model: str = "",
    roles: Collection[str] = (),
) -> list[Plan]:
    """One plan a target: a family stands for its default runs, a task for itself.

    Reference players run the standard preset on what ships with the package, where a family says so: they
    are there for machines without a network. Other models get the arguments that a family has for them.

    Raises:
        UserMistake: For a name that is neither, an argument that no chosen task takes, or a value that only
            reference players may have.
    """
    plans = [plan_target(target, preset, given, roles) for target in targets]
    scripted = model.startswith("reference/")
    if model and not scripted:
        for plan in plans:
            refuse_scripted_only(plan, model)
    if scripted and preset != "standard":
        return plans
    return [
        replace(
            plan,
            runs=[
                filled(
                    plan.family, run, plan.family.offline_args if scripted else live_args(plan.family, run)
                )
                for run in plan.runs
            ],
        )
        for plan in plans
    ]


def live_args(record: FamilyRecord, run: Run) -> TaskArgs:
    """The arguments that a family has for models under test, where one acts in the task."""
    return {} if run[0] in record.agentless else record.live_args


def refuse_scripted_only(plan: Plan, model: str) -> None:
    """Refuses values that only scripted players may have, such as a sandbox that is this machine.

    Raises:
        UserMistake: One of them was given.
    """
    for name, value in plan.family.scripted_only.items():
        if any(args.get(name) == value for task, args in plan.runs if task not in plan.family.agentless):
            instead = plan.family.live_args.get(name)
            raise UserMistake(
                f"-T {name}={value}: only reference players may run so; give {name}={instead} for {model}."
            )


def filled(record: FamilyRecord, run: Run, more: TaskArgs) -> Run:
    """The run with further arguments, where its task takes them; arguments that were given stay."""
    task, args = run
    known = parameters(record, task)
    return task, {key: value for key, value in more.items() if key in known} | args


def plan_target(target: str, preset: Preset, given: TaskArgs, roles: Collection[str] = ()) -> Plan:
    """The plan of one family or task name, with these roles bound."""
    record = family(target)
    located = family_of_task(target)
    owner = record or (located[0] if located else None)
    if owner is not None and preset not in owner.presets:
        raise UserMistake(
            f"--preset {preset}: {owner.name} has no such preset; choose one of {', '.join(owner.presets)}."
        )
    if record is not None:
        runs = [(task, args | {"preset": preset}) for task, args in record.default_runs(preset)]
    else:
        if located is None:
            names = [f.name for f in FAMILIES] + [t.name for f in FAMILIES for t in f.tasks]
            raise UserMistake(f"{target}: no such family or task; {nearest(target, names)}")
        record, runs = located[0], [(located[1].name, cast(TaskArgs, {"preset": preset}))]
    for name in given:
        takers = [task for task, _ in runs if name in parameters(record, task)]
        if not takers:
            allowed = sorted({p for task, _ in runs for p in parameters(record, task)} - {"preset"})
            raise UserMistake(
                f"-T {name}: {target} takes no such argument; choose one of {', '.join(allowed)}."
            )
    merged = [
        (task, args | {k: v for k, v in given.items() if k in parameters(record, task)})
        for task, args in runs
    ]
    merged = record.settled_runs(merged, given, roles)
    return Plan(record, preset, merged)


def fits_boards(plan: Plan, roles: Collection[str] = ()) -> bool:
    """Whether every run is the locked call of some board, so that a closed entry can come of it."""
    from interplay.leaderboard.locks import current_locks

    locks = {lock.task: lock.variants for lock in current_locks()}
    return all(
        any(
            variant.boards and variant.preset == plan.preset and _is_call(plan.family, run, variant, roles)
            for variant in locks.get(f"interplay/{run[0]}", ())
        )
        for run in plan.runs
    )


def _is_call(record: FamilyRecord, run: Run, variant: "Variant", roles: Collection[str]) -> bool:
    task, given = run
    signature = inspect.signature(task_function(record, task))
    args = {name: parameter.default for name, parameter in signature.parameters.items()} | given
    locked = variant.args.items()
    return set(roles) <= variant.roles.keys() and all(args.get(name) == value for name, value in locked)


def task_function(record: FamilyRecord, task: str) -> "Callable[..., Task]":
    """The @task function of that name."""
    return cast("Callable[..., Task]", getattr(import_module(f"interplay.tasks.{record.name}"), task))


def parameters(record: FamilyRecord, task: str) -> list[str]:
    """Names of the arguments that a task takes."""
    return list(inspect.signature(task_function(record, task)).parameters)


def create_tasks(plan: Plan) -> "list[Task]":
    """The Inspect tasks of a plan; a wrong argument raises `UserMistake` here, before any call."""
    return [task_function(plan.family, task)(**args) for task, args in plan.runs]


def judged(plan: Plan, roles: Collection[str]) -> Plan:
    """The plan with a judge in all runs that can have one, where a grader is bound and nothing else said."""
    if "grader" not in roles:
        return plan
    runs = [
        (task, {"judge": True} | args if "judge" in parameters(plan.family, task) else args)
        for task, args in plan.runs
    ]
    return replace(plan, runs=runs)


def parse_pairs(option: str, pairs: Sequence[str]) -> dict[str, str]:
    """`NAME=VALUE` options as a dictionary.

    Raises:
        UserMistake: For a pair without `=`, an empty side or a name given twice.
    """
    parsed: dict[str, str] = {}
    for pair in pairs:
        name, mark, value = pair.partition("=")
        if not (mark and name and value):
            raise UserMistake(f"{option} {pair}: expected NAME=VALUE, for example {option} name=value.")
        if name in parsed:
            raise UserMistake(f"{option} {name} is given twice; keep one.")
        parsed[name] = value
    return parsed


def parse_task_args(pairs: Sequence[str]) -> TaskArgs:
    """`-T` options with their values read as YAML scalars, as `inspect eval` does.

    Raises:
        UserMistake: For a value that is no scalar.
    """
    values: TaskArgs = {}
    for name, text in parse_pairs("-T", pairs).items():
        try:
            value: object = yaml.safe_load(text)
        except yaml.YAMLError:
            value = text
        if isinstance(value, dict | date):
            value = text  # a JSON object, which the task reads itself, or a name such as 2026-12-01
        if not isinstance(value, (str, int, float, bool)):
            raise UserMistake(f"-T {name}={text}: expected one word or number.")
        values[name] = value
    return values


def slug(text: str) -> str:
    """Lower case, anything but letters, digits and dots as one hyphen."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-")


def named(text: str, most: int = 48) -> str:
    """The slug of a value; one that is cut, or loses more than its slashes, ends in a hash."""
    short = slug(text)
    if short == text.replace("/", "-") and len(short) <= most:
        return short
    mark = hashlib.sha256(text.encode()).hexdigest()[:8]
    return "-".join(part for part in (short[:most].strip("-"), mark) if part)


def default_log_dir(plan: Plan, model: str, roles: dict[str, str], given: TaskArgs) -> Path:
    """`logs/<family>/<model>`, with whatever differs from the leaderboard's settings appended.

    Two commands that measure different things do not share a folder, so that repeating either resumes it.
    Names of models are told apart by their letters and digits alone, without regard to case.
    """
    parts = [slug(model)]
    if plan.preset != "standard":
        parts.append(plan.preset)
    if [task for task, _ in plan.runs] != [task for task, _ in plan.family.default_runs(plan.preset)]:
        parts.append(slug(plan.runs[0][0]))
    parts += [f"{role}-{slug(name)}" for role, name in sorted(roles.items())]
    parts += [
        f"{name}-{named(str(value).lower() if isinstance(value, bool) else str(value))}"
        for name, value in sorted(given.items())
    ]
    whole = "-".join(parts)
    if len(whole) > LONGEST_NAME:
        whole = f"{whole[: LONGEST_NAME - 9]}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"
    return Path("logs") / plan.family.name / whole
