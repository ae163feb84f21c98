"""`interplay report`: a family's analysis of logs as tables."""

from pathlib import Path

import click

from interplay.tasks.mistakes import UserMistake

from . import completing
from .catalogue import known_family
from .evaluate import require_model
from .progress import working


@click.command(epilog="Example: interplay report mazes logs/mazes")
@click.argument("family", shell_complete=completing.families)
@click.argument("logs", nargs=-1, metavar="LOGS...", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["text", "md", "json"]), default="text", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="Same as --format json.")
@click.option(
    "--validate-judge",
    metavar="MODEL",
    shell_complete=completing.players,
    help="Let this model read the labelled material of the family and print how it agrees.",
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="With --validate-judge, for mazes: write <judge>.json, as in leaderboard/validation/mazes.",
)
def report_command(
    family: str,
    logs: tuple[Path, ...],
    form: str,
    as_json: bool,
    validate_judge: str | None,
    folder: Path | None,
) -> None:
    """Analyse the logs of one family: everything that they can show, as tables with intervals."""
    from interplay.leaderboard.analysis.reports import judge_tables, report_tables
    from interplay.leaderboard.analysis.tables import Format, render

    record = known_family(family)
    shape: Format = "json" if as_json else "md" if form == "md" else "json" if form == "json" else "text"
    if validate_judge is not None:
        require_model("--validate-judge", validate_judge)
        with working("the judge reads"):
            tables = judge_tables(family, validate_judge, folder)
        click.echo(render(tables, shape))
        return
    if folder is not None:
        raise UserMistake(
            f"--folder {folder}: a report writes no file; add --validate-judge MODEL, or drop it."
        )
    if not logs:
        raise UserMistake(
            f"no logs given; name the folder that `interplay eval {family}` wrote, or --validate-judge."
        )
    names = {task.registry_name for task in record.tasks}
    with working("reading the logs"):
        tables = report_tables(family, logs, names)
    click.echo(render(tables, shape))
