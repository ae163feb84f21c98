"""Files that a site offers for download: which there are, in which groups, and their list with hashes."""

import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from json.encoder import encode_basestring_ascii as quoted
from pathlib import Path

from ..canonical import canonical_bytes
from ..literature import load_sources
from ..schema import SCHEMA_DIR
from .site import DataFile, DataGroup

LAST = chr(sys.maxunicode)
"""Stands after every character of a path."""
KEPT = ("recipe_panel.csv", "dead_ends.md")
"""Files of a folder `data` that a site offers beside the anchors."""
GROUPS = (
    (
        "data/results.",
        "Results",
        "One row per entry and board: headline value, interval, places, evidence.",
    ),
    (
        "data/boards/",
        "Boards",
        "A board column by column, with the critical values that a paired difference needs.",
    ),
    ("data/charts/", "Charts", "Each drawn chart as Plotly's data and layout, each matrix as SVG."),
    ("data/entries/", "Entries", "Submissions as they were accepted, in canonical form."),
    ("data/evidence/", "Evidence records", "What the project found out about each entry."),
    ("data/logs/", "Logs of the reference players", "Complete Inspect logs; open them with `inspect view`."),
    (
        "data/kept/",
        "Panel and anchors",
        "What checkpoints hedge, and what scores stand for.",
    ),
    ("data/schema/", "Schema", "JSON Schema of entries, records, boards, locks and published figures."),
    ("data/literature/", "Published figures", "Numbers transcribed from papers, with their intervals."),
    ("data/eee/", "Every Eval Ever", "Records of the datastore's schema 0.3.0, in its own folders."),
    (
        "data/hf/",
        "Hugging Face",
        "The benchmark's data set with its card and eval.yaml, and per model with open weights a file for "
        "its .eval_results folder.",
    ),
    ("badges/", "Badges", "A badge for each entry, as SVG and as an endpoint for shields.io."),
)


def kept_files(leaderboard: Path) -> dict[str, Path]:
    """The stored panel, the anchors, and the metrics that were dropped, as the folder holds them."""
    folder = leaderboard / "data"
    paths = [folder / name for name in KEPT] + sorted((folder / "anchors").glob("*.csv"))
    return {f"data/kept/{path.relative_to(folder).as_posix()}": path for path in paths if path.is_file()}


def fixed_files() -> Iterator[tuple[str, bytes]]:
    """What a site offers beside its entries: published figures as JSON, a file a source, and the schemas."""
    for path in sorted(SCHEMA_DIR.glob("*.json")):
        yield f"data/schema/{path.name}", path.read_bytes()
    for source in load_sources():
        yield f"data/literature/{source.source}.json", canonical_bytes(source.model_dump(mode="json"))


def manifest(downloads: Iterable[DataFile]) -> bytes:
    """Path, size and SHA-256 of every download in their order, a line each."""
    lines = (
        f'{{"path": {quoted(file.path)}, "bytes": {file.bytes}, "sha256": "{file.sha256}"}}'
        for file in downloads
    )
    return ('{"files": [\n' + ",\n".join(lines) + "\n]}\n").encode()


def data_groups(downloads: Sequence[DataFile]) -> tuple[DataGroup, ...]:
    """Downloads in the order of paths as the data page lists them."""
    paths = [file.path for file in downloads]
    found: list[DataGroup] = []
    for prefix, title, note in GROUPS:
        first, end = bisect_left(paths, prefix), bisect_left(paths, f"{prefix}{LAST}")
        if first < end:
            found.append(DataGroup(title, note, tuple(downloads[first:end])))
    return tuple(found)
