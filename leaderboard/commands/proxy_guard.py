"""`interplay proxy-guard`: do cheap scores still follow the anchors that they stand for?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from interplay.tasks.mistakes import UserMistake

from . import completing
from .json_output import AS_JSON

if TYPE_CHECKING:
    from interplay.leaderboard.analysis.tables import Table


@click.command(epilog="Example: interplay proxy-guard deescalation --anchors anchors.csv")
@click.argument("name", metavar="[FAMILY]", required=False, shell_complete=completing.families)
@click.option(
    "--anchors",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file of proxies and anchors, in place of the family's own.",
)
@AS_JSON
def proxy_guard_command(name: str | None, file: Path | None, as_json: bool) -> None:
    """Compare cheap scores with their anchors, release by release; exit code 1 if one no longer follows."""
    from interplay.leaderboard.analysis.tables import render
    from interplay.leaderboard.anchors import anchored_families, read_anchors
    from interplay.leaderboard.guarded import guard_tables, judged

    from .catalogue import known_family

    own = anchored_families()
    if name is not None:
        known_family(name)
    if file is not None:
        try:
            texts = {name or file.stem: (file.read_text(encoding="utf-8"), file.name)}
        except UnicodeDecodeError:
            raise UserMistake(f"{file.name} is no UTF-8 text; give a CSV file.") from None
    elif name is not None and name not in own:
        raise UserMistake(f"there are no anchors of {name} yet; give a file with --anchors.")
    else:
        texts = {family: (text, f"{family}.csv") for family, text in own.items() if name in (None, family)}
    if not texts and not as_json:
        click.echo("No family has anchors yet; give a file with --anchors.")
        return
    tables: list[Table] = []
    drifted = False
    for family, (text, shown) in texts.items():
        found = judged(family, read_anchors(text, shown))
        drifted = drifted or found.has_drifted
        tables += guard_tables(found)
    click.echo(render(tables, "json" if as_json else "text"))
    if drifted:
        raise SystemExit(1)
