"""`interplay list` and `interplay show`: what there is to run."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from interplay.tasks.catalog import FAMILIES, family, family_of_task
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import FamilyRecord, TaskRecord

from . import completing
from .choices import nearest
from .estimate import FamilyEstimate, estimate_family
from .json_output import AS_JSON, print_json

if TYPE_CHECKING:
    from interplay.leaderboard.boards import Board

BETTER = {"higher": "higher is better", "lower": "lower is better", "none": "describes"}


@click.command(epilog="Example: interplay list mazes")
@click.argument("name", metavar="[FAMILY]", required=False, shell_complete=completing.families)
@AS_JSON
def list_command(name: str | None, as_json: bool) -> None:
    """List families with their tasks and boards."""
    from interplay.leaderboard.boards import load_boards

    chosen = FAMILIES if name is None else (known_family(name),)
    boards = load_boards()
    if as_json:
        rows = [asdict(record) | {"boards": list(boards_of(record, boards))} for record in chosen]
        print_json(rows)
        return
    width = 2 + max(
        len(name) for record in chosen for name in (*names_of(record.tasks), *boards_of(record, boards))
    )
    for record in chosen:
        click.secho(f"{record.name}  {record.title}", bold=True)
        click.echo(f"  {record.question}")
        for task in record.tasks:
            click.echo(f"  task   {task.name:<{width}}{task.summary}")
        for board in boards_of(record, boards).values():
            click.echo(f"  board  {board.id:<{width}}{board.title}")
        click.echo(f"  run    interplay eval {record.name} --model PROVIDER/MODEL")


def names_of(tasks: Iterable[TaskRecord]) -> list[str]:
    """Their names."""
    return [task.name for task in tasks]


def boards_of(record: FamilyRecord, boards: "Mapping[str, Board]") -> "dict[str, Board]":
    """The boards of a family by id."""
    return {board.id: board for board in boards.values() if board.family == record.name}


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
        show_family(record, boards_of(record, boards), as_json)
    elif located is not None:
        show_task(*located, as_json)
    elif name in boards:
        show_board(boards[name], as_json)
    else:
        known = [f.name for f in FAMILIES] + [t.name for f in FAMILIES for t in f.tasks] + list(boards)
        raise UserMistake(f"{name}: no such family, task or board; {nearest(name, known)}")


def known_family(name: str) -> FamilyRecord:
    """The family of that name.

    Raises:
        UserMistake: When there is none.
    """
    record = family(name)
    if record is None:
        raise UserMistake(f"{name}: no such family; choose one of {', '.join(f.name for f in FAMILIES)}.")
    return record


def show_task(record: FamilyRecord, task: TaskRecord, as_json: bool) -> None:
    """Prints one task with its roles."""
    if as_json:
        print_json(asdict(task) | {"family": record.name})
        return
    always = [role for role, when in task.roles.items() if when.startswith("always")]
    bound = "".join(f" --model-role {role}=PROVIDER/MODEL" for role in always)
    click.secho(task.registry_name, bold=True)
    click.echo(f"  {task.summary}")
    for role, when in task.roles.items():
        click.echo(f"  role    {role}: {when}")
    click.echo(f"  family  {record.name}")
    click.echo(f"  run     interplay eval {task.name} --model PROVIDER/MODEL{bound}")


def show_board(board: "Board", as_json: bool) -> None:
    """Prints one board with its figures, as the score table names them."""
    if as_json:
        print_json(board.model_dump(mode="json"))
        return
    figures = [(board.label, board.headline, f"{BETTER[board.direction]}; ranks the board")]
    figures += [(item.label, item.key, BETTER[item.direction]) for item in board.secondary]
    label_width, key_width = (max(len(figure[i]) for figure in figures) + 2 for i in (0, 1))
    click.secho(f"{board.id}  {board.title}", bold=True)
    click.echo(f"  {board.lead.strip()}")
    click.echo(f"  tasks   {', '.join(board.tasks)}; preset {board.preset}")
    click.echo(f"  n       counts {board.unit.noun}s; intervals are for new ones")
    for label, key, how in figures:
        click.echo(f"  figure  {label:<{label_width}}{key:<{key_width}}{how}")
    ends = [("floor", board.floor), ("ceiling", board.ceiling)]
    for what, player in ends:
        if player:
            click.echo(f"  {what:<7} {player}")
    for command in commands_of(board):
        click.echo(f"  run     {command}")


def commands_of(board: "Board") -> list[str]:
    """What to type for an entry on a board: its family, where that starts all of its runs, else each run."""
    record = known_family(board.family)
    preset = "" if board.preset == "standard" else f" --preset {board.preset}"
    model = f"{preset} --model PROVIDER/MODEL"
    started = record.default_runs(board.preset)
    runs = [(run.task.removeprefix("interplay/"), run.args) for run in board.runs]
    if all(
        any(task == own and args.items() <= known.items() for own, known in started) for task, args in runs
    ):
        return [f"interplay eval {record.name}{model}"]
    return [
        " ".join(["interplay eval", task, *(f"-T {key}={value}" for key, value in args.items())]) + model
        for task, args in runs
    ]


def show_family(record: FamilyRecord, boards: "Mapping[str, Board]", as_json: bool) -> None:
    """Prints one family with the expected size of each preset."""
    estimates: dict[str, FamilyEstimate] = {
        preset: estimate_family(record, preset) for preset in record.presets
    }
    if as_json:
        sizes = {preset: asdict(estimate) for preset, estimate in estimates.items()}
        print_json(asdict(record) | {"presets": sizes, "boards": list(boards)})
        return
    label = next((board.label for board in boards.values() if board.headline == record.headline), "")
    click.secho(f"{record.name}  {record.title}", bold=True)
    click.echo(f"  {record.question}")
    click.echo(f"  headline  {label} ({record.headline})" if label else f"  headline  {record.headline}")
    click.echo(f"  after     {record.citation}")
    click.echo(f"  licence   {record.licence}")
    for task in record.tasks:
        click.echo(f"  task      {task.name}: {task.summary}")
        for role, when in task.roles.items():
            click.echo(f"    role    {role}: {when}")
    for board in boards.values():
        click.echo(f"  board     {board.id}: {board.title}")
    if record.state_dir is not None:
        click.echo(f"  keeps     records and bundles in ./{record.state_dir}, or -T state_dir=FOLDER")
    for preset, estimate in estimates.items():
        click.echo(f"  preset    {preset}: {estimate.sentence()}")
    click.echo(f"  players   {', '.join(f'reference/{name}' for name in record.reference_players)}")
