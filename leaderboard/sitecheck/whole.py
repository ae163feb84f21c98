"""What only the whole site can show: rows of boards, places that links name, the list of files, the map."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from ..writing import MARKER
from .figures import BoardRow
from .links import MISSING, SiteFiles, inner_address, target_of
from .outline import Finding
from .sizes import BOARD_PAGE

UNLINKED = ("404.html",)
"""Pages that no other page leads to."""


COLUMNS = ("entry", "division", "value", "lo", "hi", "place_from", "place_to")
"""Columns of a board's file that its pages are held against."""
PLOTS = "data/charts/"
"""Plots that the script of a page fetches: the same numbers stand on the page as a table."""


def board_faults(
    out: Path, rows: Mapping[str, Sequence[BoardRow]], files: frozenset[str]
) -> Iterator[Finding]:
    """Every entry of a board's file has a row on a page of the board, with its place and its value.

    Args:
        out: The site.
        rows: Rows by page.
        files: All files of the site.
    """
    for name in sorted(files):
        if not (found := re.fullmatch(r"data/boards/([^/]+)\.json", name)):
            continue
        board = found[1]
        data = _board((out / name).read_bytes())
        if data is None:
            yield Finding("files", name, 0, "the file is no JSON of a board")
            continue
        pages = {page: shown for page, shown in rows.items() if page.startswith(f"boards/{board}/")}
        if f"boards/{board}/index.html" not in files:
            yield Finding("content", name, 0, "the board has no page")
            continue
        by_entry: dict[str, list[tuple[str, BoardRow]]] = {}
        for page, shown in pages.items():
            for row in shown:
                by_entry.setdefault(row.entry, []).append((page, row))
        label, columns = data
        listed = sum(division != "open" for division in columns["division"])
        if listed and not any(shown for page, shown in pages.items() if BOARD_PAGE.fullmatch(page)):
            said = f"the board has {listed} entries and shows no row"
            yield Finding("content", f"boards/{board}/index.html", 0, said)
            continue
        for i, entry in enumerate(columns["entry"]):
            line = {key: column[i] for key, column in columns.items()}
            yield from _row_faults(board, label, line, by_entry.get(entry, []))


def _board(content: bytes) -> tuple[str, dict[str, list[Any]]] | None:
    """Label and columns of the file of a board; None where it is none."""
    try:
        data = json.loads(content)
        label, columns = data["label"], data["columns"]
        counts = {len(columns[name]) for name in COLUMNS}
    except (ValueError, KeyError, TypeError):
        return None
    return (label, columns) if len(counts) == 1 else None


def _row_faults(
    board: str, label: str, line: dict[str, Any], shown: Sequence[tuple[str, BoardRow]]
) -> Iterator[Finding]:
    """What is wrong with the rows of one entry of a board."""
    entry, source = line["entry"], f"data/boards/{board}.json"
    place = f"boards/{board}/open/" if line["division"] == "open" else f"boards/{board}/"
    if not any(re.fullmatch(rf"{re.escape(place)}(\d+/)?index\.html", page) for page, _ in shown):
        said = f"no row shows {entry}, which is on the board"
        yield Finding("content", f"{place}index.html", 0, said)
    value = line["value"]
    if value is not None and (line["lo"] is None or line["hi"] is None):
        yield Finding("content", source, 0, f"{entry} has the value {value} without an interval")
    first, last = line["place_from"], line["place_to"]
    expected = "" if first is None else str(first) if first == last else f"{first}–{last}"
    for page, row in shown:
        if value is not None and row.values.get(label) != f"{value:.4f}":
            said = f"the row of {entry} does not show {value:.4f}, as {source} has it"
            yield Finding("content", page, row.line, said)
        if row.place and row.place != expected:
            said = f"the row of {entry} stands at {row.place} ({source}: {expected or 'nowhere'})"
            yield Finding("content", page, row.line, said)


def manifest_faults(out: Path, files: frozenset[str]) -> Iterator[Finding]:
    """The list of downloads names every one of them, with its size and hash."""
    if MARKER not in files:
        yield Finding("files", MARKER, 0, "the list of downloads is missing")
        return
    try:
        content = json.loads((out / MARKER).read_bytes())
        listed = {item["path"]: (item["bytes"], item["sha256"]) for item in content["files"]}
    except (ValueError, KeyError, TypeError):
        yield Finding("files", MARKER, 0, "the file is no list of downloads")
        return
    for name, (size, digest) in listed.items():
        if name not in files:
            yield Finding("files", MARKER, 0, f"{name} is listed and not there")
            continue
        held = (out / name).read_bytes()
        if len(held) != size:
            yield Finding("files", MARKER, 0, f"{name} has {len(held)} bytes (the list says {size})")
        elif hashlib.sha256(held).hexdigest() != digest:
            yield Finding("files", MARKER, 0, f"{name} has another SHA-256 than the list says")
    downloads = {f for f in files if f.startswith(("data/", "badges/")) and not f.endswith(".html")}
    expected = {f for f in downloads if not f.startswith(PLOTS)}
    for name in sorted(expected - listed.keys() - {MARKER}):
        yield Finding("files", MARKER, 0, f"{name} is there and not listed")


def map_faults(out: Path, site: SiteFiles, pages: frozenset[str]) -> Iterator[Finding]:
    """The map names every page, the feed leads to pages, and both are well-formed."""
    for name in ("sitemap.xml", "feed.xml"):
        if name not in site.files:
            yield Finding("files", name, 0, "the file is missing")
            continue
        try:
            root = ElementTree.parse(out / name).getroot()
        except ElementTree.ParseError as error:
            yield Finding("files", name, 0, f"the file is no XML: {error}")
            continue
        if name == "sitemap.xml":
            addresses = [node.text or "" for node in root.iter() if node.tag.endswith("}loc")]
        else:
            addresses = [node.get("href", "") for node in root.iter() if node.tag.endswith("}link")]
        targets: list[str | None] = []
        for address in addresses:
            inner = inner_address(address, name, site.base_url)
            targets.append(target_of(inner[0], name) if inner else None)
            if targets[-1] not in site.files:
                yield Finding("links", name, 0, f"{address!r} leads nowhere")
        if name == "sitemap.xml":
            expected = {page for page in pages if page != MISSING and not page.startswith("embed/")}
            for page in sorted(expected - set(targets)):
                yield Finding("links", name, 0, f"{page} is not on the map")


def unreached(pages: frozenset[str], leads: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    """Every page can be reached from the start by links."""
    reached, waiting = {"index.html"}, ["index.html"]
    while waiting:
        for target in leads.get(waiting.pop(), frozenset()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    for page in sorted(pages - reached - set(UNLINKED)):
        yield Finding("links", page, 0, "no way leads here from the start page")
