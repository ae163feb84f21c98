"""The contexts of a data set in the fixed order, and the command that pins a source.

    python -m interplay.tasks.user_turn.contexts pin coval

A source counts as pinned once `data/sources.toml` has its commit; with the hash of its selection there,
another selection refuses to load.
"""

import logging
from collections.abc import Mapping
from pathlib import Path

import click

from interplay.tasks.mistakes import NotLoaded, UserMistake

from . import tables
from .bundled import bundled, smoke
from .context import Context, Dataset
from .selection import Selection, selection_of
from .sources import Source, sources, write_sources

__all__ = ["load", "pinned", "smoke"]

logger = logging.getLogger(__name__)

PIN = "python -m interplay.tasks.user_turn.contexts pin"


def load(dataset: Dataset, limit: int | None = None) -> list[Context]:
    """The first contexts of a data set in the fixed order.

    Args:
        dataset: A key of `data/sources.toml`, or `bundled`.
        limit: How many, all if None.

    Raises:
        NotLoaded: It is not pinned.
        UserMistake: Its selection is another than the pinned one, or its layout or access are not as
            expected.
        NetworkProblem: It could not be fetched.
    """
    if dataset == "bundled":
        return list(bundled()[:limit])
    source = pinned(dataset)
    selection = selection_of(source, tables.read_rows(source))
    if source.selection_sha256 not in {"", selection.sha256}:
        raise UserMistake(
            f"user_turn: dataset {dataset!r} gives {len(selection.contexts)} contexts with selection hash "
            f"{selection.sha256[:12]}…, not {source.selection_sha256[:12]}… as pinned; if the change is "
            f'meant, run "{PIN} {dataset}"'
        )
    logger.info("user_turn: %s", in_words(dataset, selection))
    return list(selection.contexts[:limit])


def pinned(dataset: Dataset) -> Source:
    """The record of a source whose commit is known.

    Raises:
        NotLoaded: It is not.
    """
    source = sources()[dataset]
    if not source.revision:
        raise NotLoaded(f'user_turn: dataset {dataset!r} is not pinned; run "{PIN} {dataset}"')
    return source


def in_words(dataset: Dataset, selection: Selection) -> str:
    """How many contexts a selection has, and how many rows it left out why."""
    skipped = ", ".join(f"{count} {reason}" for reason, count in sorted(selection.skipped.items()))
    return f"{dataset}: {len(selection.contexts)} contexts, rows left out: {skipped or 'none'}"


@click.group()
def main() -> None:
    """Pin the sources of contexts."""


@main.command()
@click.argument("key")
@click.option("--revision", help="branch, tag or commit (the pinned commit, or main without one)")
@click.option(
    "--sources",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="another file than the sources.toml of the package",
)
def pin(key: str, revision: str | None, path: Path | None) -> None:
    """Write commit, file hash and selection hash of a source into sources.toml.

    Example: pin coval
    """
    records = dict(sources(path))
    source = record_of(key, records)
    commit = tables.commit_of(source, revision or source.revision or "main")
    source = source.model_copy(update={"revision": commit})
    if source.file is not None and not source.file_sha256:
        source = source.model_copy(update={"file_sha256": tables.sha256_of(tables.fetched(source))})
    selection = selection_of(source, tables.read_rows(source))
    records[source.key] = source.model_copy(update={"selection_sha256": selection.sha256})
    write_sources(records, path)
    click.echo(f"{in_words(source.key, selection)}; commit {commit}, selection {selection.sha256}")


def record_of(key: str, records: Mapping[Dataset, Source]) -> Source:
    """The record of a key that a person gave.

    Raises:
        UserMistake: There is none.
    """
    for source in records.values():
        if source.key == key:
            return source
    raise UserMistake(f"pin {key}: no such source; choose one of {', '.join(records)}.")


if __name__ == "__main__":
    main()
