"""`interplay recipe sheet`, `gold`, `anchor` and `engines`: what people and a second engine say."""

from pathlib import Path

import click

from interplay.tasks.mistakes import UserMistake

from .json_output import AS_JSON, tell

GOLD = Path("leaderboard/data/gold/hedges.jsonl")
ANCHORS = Path("leaderboard/data/anchors/recipe_chains.csv")


@click.command(epilog="Example: interplay recipe sheet logs/chains -o sheet.csv")
@click.argument("logs", nargs=-1, metavar="LOGS...", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The sheet to write, a .csv file.",
)
@click.option("--sentences", "count", default=600, show_default=True, type=click.IntRange(1))
@click.option("--force", is_flag=True, help="Replace the sheet if it exists.")
@AS_JSON
def sheet(logs: tuple[Path, ...], out: Path, count: int, force: bool, as_json: bool) -> None:
    """Draw sentences of real models for two people to label blind: hedged or not."""
    from interplay.leaderboard.hedge_sheet import MEANING, drawn, key_path, sentences_of, write_sheet

    if out.suffix != ".csv":
        raise UserMistake(f"-o {out.name}: the name of the sheet must end in .csv.")
    if not out.parent.is_dir():
        raise UserMistake(f"-o {out}: there is no folder {out.parent}; make it first.")
    if out.exists() and not force:
        raise UserMistake(
            f"{out.name} exists and may hold labels; give another -o, or --force to replace it."
        )
    chosen = drawn(sentences_of(logs), count)
    write_sheet(out, chosen)
    by_checkpoint = {one.checkpoint for one in chosen}
    fewer = f" (fewer than the {count} asked for: there are no more)" if len(chosen) < count else ""
    tell(
        {"file": out, "key": key_path(out), "sentences": len(chosen), "checkpoints": len(by_checkpoint)},
        f"{len(chosen)} sentences of {len(by_checkpoint)} checkpoint{'s' * (len(by_checkpoint) != 1)} in "
        f"{out}{fewer}; keep {key_path(out)} from those who label.",
        f"{MEANING}.",
        as_json=as_json,
    )


@click.command(epilog="Example: interplay recipe gold sheet.csv")
@click.argument("labels", metavar="SHEET", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--file", "path", default=GOLD, show_default=True, type=click.Path(path_type=Path),
              help="Where the labels are added.")  # fmt: skip
@AS_JSON
def gold(labels: Path, path: Path, as_json: bool) -> None:
    """Add a labelled SHEET to the labels, and print the badge of the hedge rules that they give."""
    from interplay.leaderboard.analysis.hedge_badge import badge_of, badge_sentence, read_gold
    from interplay.leaderboard.hedge_sheet import labelled, with_labels, written_gold

    new = labelled(labels)
    rows = with_labels(read_gold(path), new)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written_gold(rows), encoding="utf-8", newline="\n")
    badge = badge_of(rows)
    tell(
        {"file": path, "added": len(new), "sentences": len(rows), "badge": badge.state},
        f"{len(new)} sentences added, {len(rows)} in {path}.",
        badge_sentence(badge),
        as_json=as_json,
    )


@click.command(epilog="Example: interplay recipe anchor --release 2026-12")
@click.option("--release", required=True, help="Name of the release that the labels belong to.")
@click.option("--labels", default=GOLD, show_default=True, type=click.Path(path_type=Path))
@click.option("--out", default=ANCHORS, show_default=True, type=click.Path(dir_okay=False, path_type=Path))
@AS_JSON
def anchor(release: str, labels: Path, out: Path, as_json: bool) -> None:
    """Add one release to the anchors of the proxy guard: the share by the rules beside that by people."""
    from interplay.leaderboard.analysis.hedge_badge import read_gold
    from interplay.leaderboard.anchors import COLUMNS, SAME, read_anchors
    from interplay.leaderboard.hedge_anchor import anchor_rows

    rows = anchor_rows(release, read_gold(labels), labels.name)
    text = out.read_text("utf-8") if out.is_file() else f"{','.join((*COLUMNS, SAME))}\n"
    if out.is_file() and any(row.release == release for row in read_anchors(text, out.name).rows):
        raise UserMistake(
            f"{out.name} holds release {release}; candidates that were measured stay as they are, so give "
            "another --release."
        )
    whole = text + "".join(f"{row}\n" for row in rows)
    read_anchors(whole, out.name)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(whole, encoding="utf-8", newline="\n")
    tell(
        {"file": out, "release": release, "checkpoints": len(rows)},
        f"{out}: {len(rows)} checkpoints of release {release}. "
        "Look with: interplay proxy-guard recipe_chains",
        as_json=as_json,
    )


@click.command(epilog="Example: interplay recipe engines logs/vllm logs/sglang")
@click.argument("logs", nargs=-1, metavar="LOGS...", type=click.Path(path_type=Path))
@AS_JSON
def engines(logs: tuple[Path, ...], as_json: bool) -> None:
    """Compare one checkpoint under two engines; exit code 1 if they differ by a third of its shift."""
    from interplay.leaderboard.analysis.engines import compared, engines_table
    from interplay.leaderboard.analysis.tables import render
    from interplay.leaderboard.summaries import summarised_logs

    found = compared(summarised_logs(logs, ["interplay/recipe_chains"]))
    click.echo(render([engines_table(found)], "json" if as_json else "text"))
    if not found.holds:
        raise SystemExit(1)
