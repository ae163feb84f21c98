"""`interplay list` and `interplay show`: what there is to run."""

from dataclasses import asdict

import click

from interplay.tasks.catalog import FAMILIES, family, family_of_task
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import FamilyRecord

from . import completing
from .estimate import FamilyEstimate, estimate_family
from .json_output import AS_JSON, print_json


@click.command(epilog="Example: interplay list mazes")
@click.argument("name", metavar="[FAMILY]", required=False, shell_complete=completing.families)
@AS_JSON
def list_command(name: str | None, as_json: bool) -> None:
    """List families with their tasks and boards."""
    from interplay.leaderboard.boards import load_boards

    chosen = FAMILIES if name is None else (known_family(name),)
    boards = load_boards()
    if as_json:
        rows = [
            asdict(record) | {"boards": [b.id for b in boards.values() if b.family == record.name]}
            for record in chosen
        ]
        print_json(rows)
        return
    for record in chosen:
        click.secho(f"{record.name}  {record.title}", bold=True)
        click.echo(f"  {record.question}")
        for task in record.tasks:
            click.echo(f"  task   {task.name:<22}{task.summary}")
        for board in boards.values():
            if board.family == record.name:
                click.echo(f"  board  {board.id:<22}{board.title}")
        click.echo(f"  run    interplay eval {record.name} --model PROVIDER/MODEL")


@click.command(epilog="Example: interplay show mazes")
@click.argument("name", shell_complete=completing.names)
@AS_JSON
def show_command(name: str, as_json: bool) -> None:
    """Show one family, task or board: presets, roles, cost per model, headline metric, citation."""
    from interplay.leaderboard.boards import load_boards

    record = family(name)
    located = family_of_task(name)
    boards = load_boards()
    if record is not None:
        show_family(record, as_json)
    elif located is not None:
        task = located[1]
        if as_json:
            print_json(asdict(task) | {"family": located[0].name})
        else:
            click.secho(task.registry_name, bold=True)
            click.echo(f"  {task.summary}")
            for role, when in task.roles.items():
                click.echo(f"  role {role}: {when}")
            click.echo(f"  run    inspect eval {task.registry_name} --model PROVIDER/MODEL")
    elif name in boards:
        board = boards[name]
        if as_json:
            print_json(board.model_dump(mode="json"))
        else:
            click.secho(f"{board.id}  {board.title}", bold=True)
            click.echo(f"  {board.lead}")
            click.echo(
                f"  tasks {', '.join(board.tasks)}; headline {board.headline}, {board.direction} is better"
            )
            click.echo(f"  unit {board.unit.noun}; interval {board.interval}; floor {board.floor}")
    else:
        known = [f.name for f in FAMILIES] + [t.name for f in FAMILIES for t in f.tasks] + list(boards)
        raise UserMistake(f"{name}: no such family, task or board; choose one of {', '.join(known)}.")


def known_family(name: str) -> FamilyRecord:
    """The family of that name.

    Raises:
        UserMistake: When there is none.
    """
    record = family(name)
    if record is None:
        raise UserMistake(f"{name}: no such family; choose one of {', '.join(f.name for f in FAMILIES)}.")
    return record


def show_family(record: FamilyRecord, as_json: bool) -> None:
    """Prints one family with the expected size of each preset."""
    estimates: dict[str, FamilyEstimate] = {
        preset: estimate_family(record, preset) for preset in record.presets
    }
    if as_json:
        sizes = {preset: asdict(estimate) for preset, estimate in estimates.items()}
        print_json(asdict(record) | {"presets": sizes})
        return
    click.secho(f"{record.name}  {record.title}", bold=True)
    click.echo(f"  {record.question}")
    click.echo(f"  headline {record.headline}; licence {record.licence}")
    click.echo(f"  after {record.citation}")
    for task in record.tasks:
        click.echo(f"  task {task.name}: {task.summary}")
        for role, when in task.roles.items():
            click.echo(f"    role {role}: {when}")
    if record.state_dir is not None:
        click.echo(f"  keeps  records and bundles in ./{record.state_dir}, or -T state_dir=FOLDER")
    for preset, estimate in estimates.items():
        click.echo(f"  preset {preset}: {estimate.sentence()}")
