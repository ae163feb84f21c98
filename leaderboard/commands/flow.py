"""`--write-flow FILE`: the same runs as a spec of inspect-flow, to be reviewed before they run."""

import os
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import click
import yaml
from pydantic import JsonValue

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import Run

from .launch import RETRIES, RunOptions
from .parts import Part


def write_flow(
    parts: Sequence[Part], versions: Sequence[Sequence[str]], options: RunOptions, file: Path
) -> None:
    """Writes the spec; paths in it are relative to its folder, as inspect-flow reads them.

    Args:
        parts: What is to be run.
        versions: For each part, the version of each of its tasks; inspect-flow refuses others.
        options: What all runs share.
        file: Where the spec goes.

    Raises:
        UserMistake: Runs would go to several folders, of which a spec has one.
    """
    folders = list(dict.fromkeys(part.folder for part in parts))
    if len(folders) > 1:
        raise UserMistake(
            f"--write-flow {file}: a spec has one log folder, these runs have {len(folders)}; add --log-dir."
        )
    if file.suffix not in (".yaml", ".yml"):
        raise UserMistake(f"--write-flow {file}: a spec is a YAML file; give a name that ends in .yaml.")
    text = yaml.safe_dump(
        flow_spec(parts, versions, options, folders[0], file.parent), sort_keys=False, width=110
    )
    head = (
        f"# Written by `interplay eval --write-flow`, interplay {version('interplay')}; with inspect-flow:\n"
        f"#   flow check {file.name}\n#   flow run {file.name}\n"
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(head + text, encoding="utf-8")
    click.echo(f"wrote {file}; run it with: flow run {file}", err=True)


def flow_spec(
    parts: Sequence[Part],
    versions: Sequence[Sequence[str]],
    options: RunOptions,
    folder: Path,
    home: Path,
) -> dict[str, JsonValue]:
    """The spec as plain data, paths relative to `home`."""
    shared: dict[str, JsonValue] = {"retry_attempts": RETRIES, "ctl_server": False}
    if options.limit is not None:
        shared["limit"] = options.limit
    if options.prices is not None:
        shared["model_cost_config"] = str(options.prices.resolve())
    spec: dict[str, JsonValue] = {"log_dir": os.path.relpath(folder, home), "options": shared}
    if options.max_connections is not None:
        spec["defaults"] = {"config": {"max_connections": options.max_connections}}
    spec["tasks"] = [
        flow_task(part, run, number, options)
        for part, numbers in zip(parts, versions, strict=True)
        for run, number in zip(part.plan.runs, numbers, strict=True)
    ]
    return spec


def flow_task(part: Part, run: Run, number: str, options: RunOptions) -> JsonValue:
    """One run: the task with its arguments, its model and the models in the roles."""
    name, args = run
    model: JsonValue = part.model
    if part.model_args:
        model = {"name": part.model, "model_args": part.model_args}
    task: dict[str, JsonValue] = {
        "name": f"interplay/{name}",
        "version": number,
        "args": dict(args),
        "model": model,
    }
    if part.roles:
        task["model_roles"] = dict(part.roles)
    if options.epochs is not None:
        task["epochs"] = options.epochs
    if options.cost_limit is not None:
        task["cost_limit"] = options.cost_limit
    return task
