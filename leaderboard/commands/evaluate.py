"""`interplay eval`: one line per model, resumable, with a score table at the end."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
from pydantic import JsonValue

from interplay.tasks.mistakes import EnvironmentProblem, UserMistake
from interplay.tasks.records import PRESETS, Preset

from .estimate import FamilyEstimate, estimate_runs
from .plan import Plan, create_tasks, default_log_dir, judged, parse_pairs, parse_task_args, plan_runs

if TYPE_CHECKING:
    from inspect_ai import Task
    from inspect_ai.model import Model


FOREIGN_LOG = "is not associated with a task"
"""How Inspect refuses to resume in a folder with logs of other tasks."""


@dataclass(frozen=True)
class RunOptions:
    """What all runs of one command share; `cost_limit` is in dollars per sample."""

    model: str
    roles: dict[str, str] = field(default_factory=dict[str, str])
    epochs: int | None = None
    limit: int | None = None
    max_connections: int | None = None
    prices: Path | None = None
    cost_limit: float | None = None
    quiet: bool = False
    model_args: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])


@click.command(epilog="Example: interplay eval mazes --model openai/gpt-5")
@click.argument("targets", metavar="FAMILY|TASK...", nargs=-1, required=True)
@click.option("--model", required=True, help="Model under test, as Inspect names it: provider/model.")
@click.option("--model-role", "role_pairs", multiple=True, metavar="ROLE=MODEL", help="Bind another role.")
@click.option("--preset", type=click.Choice(PRESETS), default="standard", show_default=True)
@click.option("-T", "task_pairs", multiple=True, metavar="NAME=VALUE", help="Argument of the task.")
@click.option("--epochs", type=click.IntRange(1), help="Repeat every sample this many times.")
@click.option("--limit", type=click.IntRange(1), help="First samples only; such a run is not comparable.")
@click.option("--log-dir", type=click.Path(path_type=Path), help="Default: logs/<family>/<model>.")
@click.option("--max-connections", type=click.IntRange(1), help="Parallel requests to the provider.")
@click.option(
    "--prices",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Prices per model in Inspect's cost format (YAML or JSON).",
)
@click.option(
    "--budget-usd", type=click.FloatRange(min=0, min_open=True), help="Spend at most this; needs --prices."
)
@click.option("--dry-run", is_flag=True, help="Print what would run and stop.")
@click.option("--yes", is_flag=True, help="Do not ask before a run that costs money.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable score table on standard output.")
def eval_command(
    targets: tuple[str, ...],
    model: str,
    role_pairs: tuple[str, ...],
    preset: Preset,
    task_pairs: tuple[str, ...],
    epochs: int | None,
    limit: int | None,
    log_dir: Path | None,
    max_connections: int | None,
    prices: Path | None,
    budget_usd: float | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Evaluate one model on families or tasks.

    The same command again goes on where it stopped: finished samples are kept, missing ones are run.
    """
    roles = parse_pairs("--model-role", role_pairs)
    given = parse_task_args(task_pairs)
    plans = [judged(plan, roles) for plan in plan_runs(targets, preset, given, model, roles)]
    if log_dir is not None and len(plans) > 1:
        raise UserMistake(f"--log-dir {log_dir} with {len(plans)} targets: give one target or leave it out.")
    for plan in plans:
        if epochs is not None and epochs > 1 and plan.family.one_epoch is not None:
            raise UserMistake(f"--epochs {epochs}: {plan.family.one_epoch}")
        require_roles(plan, roles)
    tasks = [create_tasks(plan) for plan in plans]
    model_args = {
        key: value
        for plan in plans
        for task, _ in plan.runs
        for key, value in plan.family.model_args(task, model).items()
    }
    target = require_model("--model", model, model_args)
    bound = {role: require_model(f"--model-role {role}", name) for role, name in roles.items()}
    said = [plan.family.validate_models(*run, target, bound) for plan in plans for run in plan.runs]
    for sentence in dict.fromkeys(filter(None, said)):
        click.echo(f"Warning: {sentence}", err=True)

    price = prices_of(prices, [model, *roles.values()]) if prices else None
    if budget_usd is not None and price is None:
        raise UserMistake(f"--budget-usd {budget_usd:g} needs prices; add --prices FILE.")
    estimates = [estimate_runs(plan.family, plan.runs, epochs, limit, roles) for plan in plans]
    announce(plans, estimates, price, closed=limit is None and epochs is None, to_stderr=as_json)
    limit_per_sample = share_of_budget(budget_usd, estimates, price)
    if dry_run:
        return
    if not yes and not model.startswith("reference/") and sys.stdin.isatty():
        click.confirm("Start?", abort=True, err=True)

    from .scores import scores_of, table_text

    options = RunOptions(
        model, roles, epochs, limit, max_connections, prices, limit_per_sample, model_args=model_args
    )
    failed = False
    tables: list[object] = []
    for plan, members in zip(plans, tasks, strict=True):
        folder = log_dir or default_log_dir(plan, model, roles, given)
        if not run_set(members, folder, options):
            failed = True
            for sentence in failures(folder):
                click.echo(f"Error: {sentence}", err=True)
        scores = scores_of(folder, plan.family.name)
        tables.append([result.content() for result in scores.results])
        if not as_json:
            click.echo(table_text(scores, folder))
    if as_json:
        click.echo(json.dumps(tables, indent=1))
    if failed:
        click.echo("Error: some runs did not finish; the same command again goes on with the rest.", err=True)
        raise click.exceptions.Exit(1)


def require_roles(plan: Plan, roles: dict[str, str]) -> None:
    """Compares the bound roles with those that the runs need and can use.

    Raises:
        UserMistake: For a role that is missing, or bound and used by no run.
    """
    from importlib import import_module

    module = import_module(plan.family.runs_module)
    for task, args in plan.runs:
        module.validate_roles(task, args, set(roles))


def require_model(option: str, name: str, model_args: Mapping[str, JsonValue] | None = None) -> "Model":
    """Loads the model's provider once, so that a wrong name or a missing key is told before anything starts.

    Raises:
        UserMistake: For a name that no provider takes.
        EnvironmentProblem: For a known provider that lacks a key or a package.
    """
    from inspect_ai.model import get_model

    if "/" not in name:
        raise UserMistake(f"{option} {name}: expected provider/model, for example openai/gpt-5.")
    try:
        return get_model(name, **cast(dict[str, Any], dict(model_args or {})))
    except UserMistake:
        raise
    except ValueError as error:
        raise UserMistake(f"{option} {name}: {one_sentence(error)}") from error
    except Exception as error:
        raise EnvironmentProblem(f"{option} {name}: {one_sentence(error)}") from error


def one_sentence(error: Exception) -> str:
    """The message of a foreign error without markup and line breaks."""
    from rich.text import Text

    message = getattr(error, "message", None) or str(error) or type(error).__name__
    return " ".join(Text.from_markup(str(message)).plain.split())


def prices_of(path: Path, models: list[str]) -> dict[str, tuple[float, float]]:
    """Input and output price, in dollars per million tokens, of each model.

    Raises:
        UserMistake: When the file is not in Inspect's cost format or lacks one of the models.
    """
    import yaml
    from inspect_ai.model import ModelCost
    from pydantic import TypeAdapter, ValidationError

    try:
        table = TypeAdapter(dict[str, ModelCost]).validate_python(yaml.safe_load(path.read_text("utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        reason = str(error).splitlines()[0]
        raise UserMistake(
            f"--prices {path}: {reason}; expected one record per model with input, output, "
            "input_cache_write and input_cache_read."
        ) from error
    missing = [name for name in models if name not in table and not name.startswith("reference/")]
    if missing:
        raise UserMistake(f"--prices {path} has no price for {missing[0]}; add it.")
    return {name: (cost.input, cost.output) for name, cost in table.items()}


def announce(
    plans: list[Plan],
    estimates: list[FamilyEstimate],
    price: dict[str, tuple[float, float]] | None,
    closed: bool,
    to_stderr: bool,
) -> None:
    """Prints what is about to run and what it will cost."""
    for plan, estimate in zip(plans, estimates, strict=True):
        click.echo(f"{plan.family.name} ({plan.preset}): {estimate.sentence()}", err=to_stderr)
        for task, args in plan.runs:
            shown = " ".join(f"{k}={v}" for k, v in args.items() if k != "preset")
            click.echo(f"  {task} {shown}".rstrip(), err=to_stderr)
        if price:
            dearest = max(price.values())
            click.echo(f"  expected cost: at most ${estimate.dollars(*dearest):.2f}", err=to_stderr)
        if plan.preset == "standard" and not (plan.closed and closed):
            click.echo(
                "  settings differ from the boards: this run can only enter the open division", err=to_stderr
            )


def share_of_budget(
    budget: float | None, estimates: list[FamilyEstimate], price: dict[str, tuple[float, float]] | None
) -> float | None:
    """Cost limit per sample that keeps the total within the budget, in dollars.

    Raises:
        UserMistake: When the expected cost is above the budget already.
    """
    if budget is None or price is None:
        return None
    dearest = max(price.values())
    expected = sum(estimate.dollars(*dearest) for estimate in estimates)
    if expected > budget:
        raise UserMistake(
            f"--budget-usd {budget:g} is below the expected ${expected:.2f}; raise it or choose "
            "--preset smoke."
        )
    return budget / sum(estimate.samples for estimate in estimates)


def failures(folder: Path) -> list[str]:
    """Why logs of a folder did not succeed, one sentence each reason."""
    from inspect_ai.log import list_eval_logs, read_eval_log

    headers = [read_eval_log(info, header_only=True) for info in list_eval_logs(str(folder))]
    messages = [header.error.message for header in headers if header.status == "error" and header.error]
    return list(dict.fromkeys(" ".join(message.split()) for message in messages))


def run_set(tasks: "list[Task]", folder: Path, options: RunOptions) -> bool:
    """Runs or resumes the tasks in one log folder; returns whether all of them finished.

    Raises:
        UserMistake: The folder holds logs that these tasks did not write.
    """
    from inspect_ai import eval_set

    display = "rich" if sys.stdout.isatty() and not options.quiet else "none"
    try:
        success, _ = eval_set(
            tasks,
            log_dir=str(folder),
            model=options.model,
            model_args=dict(options.model_args),
            model_roles=dict(options.roles),
            epochs=options.epochs,
            limit=options.limit,
            max_connections=options.max_connections,
            display=None if "INSPECT_DISPLAY" in os.environ and not options.quiet else display,
            cost_limit=options.cost_limit,
            model_cost_config=str(options.prices) if options.prices else None,
            retry_attempts=3,
            ctl_server=False,
        )
    except Exception as error:
        if FOREIGN_LOG not in str(error):
            raise
        raise UserMistake(
            f"{folder}: holds logs of another run, or of another version of these tasks; give another "
            "folder, or delete this one."
        ) from error
    return success
