"""`interplay eval`: one line per model, resumable, with a score table at the end."""

import sys
from collections import defaultdict
from collections.abc import Mapping
from contextlib import nullcontext, redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
from pydantic import JsonValue

from interplay.tasks.mistakes import EnvironmentProblem, NetworkProblem, UserMistake
from interplay.tasks.records import PRESETS, Preset

from . import completing
from .estimate import FamilyEstimate, estimate_runs, in_dollars
from .json_output import AS_JSON, print_json
from .launch import Outcome, RunOptions, run_set
from .parts import Part, parts_of, sliced
from .plan import create_tasks, fits_boards, parse_task_args
from .prices import Price, highest_price, share_of_budget
from .slices import Slice, parse_slice

if TYPE_CHECKING:
    from inspect_ai import Task
    from inspect_ai.model import Model

STOPPED = "Error: stopped; finished samples are kept, and the same command goes on with the rest."


@click.command(epilog="Example: interplay eval mazes --model openai/gpt-5")
@click.argument(
    "targets", metavar="FAMILY|TASK...", nargs=-1, required=True, shell_complete=completing.targets
)
@click.option(
    "--model",
    "models",
    multiple=True,
    required=True,
    shell_complete=completing.players,
    help="Model under test, as Inspect names it: provider/model. Repeat it for several.",
)
@click.option(
    "--model-role",
    "role_pairs",
    multiple=True,
    metavar="ROLE=MODEL",
    shell_complete=completing.roles,
    help="Bind another role. Repeat a role to run with each of several models.",
)
@click.option("--preset", type=click.Choice(PRESETS), default="standard", show_default=True)
@click.option("-T", "task_pairs", multiple=True, metavar="NAME=VALUE", help="Argument of the task.")
@click.option("--epochs", type=click.IntRange(1), help="Repeat every sample this many times.")
@click.option("--limit", type=click.IntRange(1), help="First samples only; such a run is not comparable.")
@click.option(
    "--log-dir",
    type=click.Path(path_type=Path),
    help="One folder for everything. Default: logs/<family>/<model>.",
)
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
@click.option(
    "--array",
    metavar="I/N",
    help="Run slice I, from 1, of N; slurm/N and kubernetes/N take the number of the job.",
)
@click.option(
    "--write-flow",
    "flow_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the runs as a spec of inspect-flow and stop.",
)
@click.option("--dry-run", is_flag=True, help="Print what would run and stop.")
@click.option("--yes", is_flag=True, help="Do not ask before a run that costs money.")
@AS_JSON
def eval_command(
    targets: tuple[str, ...],
    models: tuple[str, ...],
    role_pairs: tuple[str, ...],
    preset: Preset,
    task_pairs: tuple[str, ...],
    epochs: int | None,
    limit: int | None,
    log_dir: Path | None,
    max_connections: int | None,
    prices: Path | None,
    budget_usd: float | None,
    array: str | None,
    flow_file: Path | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Evaluate models on families or tasks.

    The same command again goes on where it stopped: finished samples are kept, missing ones are run.
    """
    given = parse_task_args(task_pairs)
    parts = parts_of(targets, models, role_pairs, preset, given, log_dir)
    if array is not None:
        parts = sliced_or_whole(parts, parse_slice(array), flow_file)
    for part in parts:
        if epochs is not None and epochs > 1 and part.plan.family.one_epoch is not None:
            raise UserMistake(f"--epochs {epochs}: {part.plan.family.one_epoch}")
        part.require_roles()
    tasks = [checked_tasks(part, only_planned=dry_run) for part in parts]

    price = highest_price(prices, named_models(parts)) if prices else None
    if budget_usd is not None and price is None:
        raise UserMistake(f"--budget-usd {budget_usd:g} needs prices; add --prices FILE.")
    estimates = [estimate_runs(p.plan.family, p.plan.runs, epochs, limit, p.roles) for p in parts]
    quiet = as_json or flow_file is not None
    announce(parts, estimates, price, whole=limit is None and epochs is None, to_stderr=quiet)
    limit_per_sample = share_of_budget(budget_usd, estimates, price)
    options = RunOptions(epochs, limit, max_connections, prices, limit_per_sample)
    if flow_file is not None:
        from .flow import write_flow

        versions = [[str(task.version) for task in members] for members in tasks]
        write_flow(parts, versions, options, flow_file)
    if dry_run and as_json:
        print_json(planned(parts, estimates, price))
    if dry_run or flow_file is not None:
        return
    free = all(part.model.startswith("reference/") for part in parts)
    if not yes and not free and sys.stdin.isatty():
        click.confirm("Start?", abort=True, err=True)
    run_all(parts, tasks, options, as_json)


def sliced_or_whole(parts: list[Part], part: Slice, flow_file: Path | None) -> list[Part]:
    """The runs of one slice, of which there are none where slices outnumber runs.

    Raises:
        UserMistake: A spec was asked for, which holds all runs; or a folder was begun otherwise.
    """
    if flow_file is not None:
        raise UserMistake("--write-flow writes all runs; leave --array out.")
    mine = sliced(parts, part)
    total = sum(len(whole.plan.runs) for whole in parts)
    click.echo(
        f"slice {part.index} of {part.count}: {sum(len(p.plan.runs) for p in mine)} of {total} runs", err=True
    )
    return mine


def checked_tasks(part: Part, only_planned: bool = False) -> "list[Task]":
    """The tasks of a part, after everything that can be known to be wrong beforehand.

    Args:
        part: Tasks, model and roles.
        only_planned: Nothing will be run, so that a key or a package that is missing is a warning.

    Raises:
        UserMistake: A wrong argument, model or role.
        EnvironmentProblem: A provider lacks a key or a package.
    """
    from inspect_ai import task_with
    from inspect_ai.model import get_model

    from .answering import telling_timeouts

    tasks = create_tasks(part.plan)
    try:
        target = require_model("--model", part.model, part.model_args)
        bound = {role: require_model(f"--model-role {role}", name) for role, name in part.roles.items()}
    except EnvironmentProblem as problem:
        if not only_planned:
            raise
        click.echo(f"Warning: {problem.message}", err=True)
        return tasks
    said = [part.plan.family.validate_models(*run, target, bound) for run in part.plan.runs]
    for sentence in dict.fromkeys(filter(None, said)):
        click.echo(f"Warning: {sentence}", err=True)
    others = {role: telling_timeouts(get_model(name, memoize=False)) for role, name in part.roles.items()}
    return [task_with(task, model=telling_timeouts(target), model_roles=dict(others)) for task in tasks]


def named_models(parts: list[Part]) -> list[str]:
    """All models of the parts, each once."""
    return list(dict.fromkeys(name for part in parts for name in (part.model, *part.roles.values())))


def run_all(parts: list[Part], tasks: "list[list[Task]]", options: RunOptions, as_json: bool) -> None:
    """Runs the parts, those that share a folder at once, and prints their scores.

    Raises:
        click.exceptions.Exit: Some runs did not finish.
    """
    from .scores import finished_logs, next_steps, scores_of, table_text
    from .usage import used_in, used_words

    folders: dict[Path, list[int]] = defaultdict(list)
    for number, part in enumerate(parts):
        folders[part.folder].append(number)
    failed: list[Outcome] = []
    records: list[object] = []
    for folder, numbers in folders.items():
        try:
            together = [task for number in numbers for task in tasks[number]]
            with redirect_stdout(sys.stderr) if as_json else nullcontext():  # what Inspect says meanwhile
                outcome = run_set(together, folder, options, parts[numbers[0]].below)
        except KeyboardInterrupt:
            click.echo(STOPPED, err=True)
            raise click.exceptions.Exit(1) from None
        failed += [] if outcome.finished else [outcome]
        for sentence in outcome.sentences:
            click.echo(f"Error: {sentence}", err=True)
        logs, used = finished_logs(folder), used_in(folder)
        for part in (parts[number] for number in numbers):
            scores = scores_of(logs, part, alone=len(numbers) == 1)
            results = [result.content() for result in scores.results]
            ended = {"finished": outcome.finished, "results": results}
            records.append(named(part) | ended | {"used": {name: asdict(one) for name, one in used.items()}})
            if not as_json:
                click.echo(table_text(scores))
                steps = next_steps(scores, folder)
                width = max((len(command) for command, _ in steps), default=0)
                click.echo("".join(f"  {command:<{width}}  {what}\n" for command, what in steps))
        if used:
            click.echo(used_words(used), err=as_json)
    if as_json:
        print_json(records)
    if failed:
        click.echo("Error: some runs did not finish; the same command again goes on with the rest.", err=True)
        raise click.exceptions.Exit(NetworkProblem.exit_code if all(o.is_unanswered for o in failed) else 1)


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
    """The message of a foreign error without markup, line breaks and its word for an error."""
    from interplay.leaderboard.machine_problems import MARKUP

    message = getattr(error, "message", None) or str(error) or type(error).__name__
    lines = [" ".join(line.split()) for line in MARKUP.sub("", str(message)).splitlines()]
    return ": ".join(line.removesuffix(":") for line in lines if line).removeprefix("ERROR: ")


def announce(
    parts: list[Part],
    estimates: list[FamilyEstimate],
    price: Price | None,
    whole: bool,
    to_stderr: bool,
) -> None:
    """Prints what is about to run and what it will cost; `whole` runs take all samples, once."""
    several = len({(part.model, *part.roles.values()) for part in parts}) > 1
    for part, estimate in zip(parts, estimates, strict=True):
        plan = part.plan
        who = " ".join([part.model, *(f"{role}={name}" for role, name in part.roles.items())])
        shown = f"{who}, " if several else ""
        click.echo(f"{shown}{plan.family.name} ({plan.preset}): {estimate.sentence()}", err=to_stderr)
        for task, args in plan.runs:
            shown = " ".join(f"{k}={v}" for k, v in args.items() if k != "preset")
            click.echo(f"  {task} {shown}".rstrip(), err=to_stderr)
        if price:
            click.echo(f"  expected cost: at most {in_dollars(estimate.dollars(*price))}", err=to_stderr)
        scripted = part.model.startswith("reference/")
        if plan.preset == "standard" and not scripted and not (whole and fits_boards(plan, part.roles)):
            click.echo(
                "  settings of no board: an entry of this run can only be one of the open division",
                err=to_stderr,
            )


def named(part: Part) -> dict[str, object]:
    """What a part is, for machines."""
    return {
        "family": part.plan.family.name,
        "preset": part.plan.preset,
        "model": part.model,
        "roles": part.roles,
        "folder": str(part.folder),
        "runs": [{"task": task, "args": args} for task, args in part.plan.runs],
    }


def planned(
    parts: list[Part], estimates: list[FamilyEstimate], price: Price | None
) -> list[dict[str, object]]:
    """What would run, what it takes, and `usd_at_most` where prices are known, for machines."""
    return [
        named(part)
        | {
            "estimate": asdict(estimate),
            "usd_at_most": round(estimate.dollars(*price), 4) if price else None,
        }
        for part, estimate in zip(parts, estimates, strict=True)
    ]
