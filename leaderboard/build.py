"""The public site as files: entries, evidence and literature in, `build/site` out.

The same inputs give the same bytes: nothing reads the clock, and dates come from entries and commits. What
an entry's page, badge and record depend on is that entry alone, so they are made again only when it, its
evidence or the code changed; many of them are made by several processes side by side.
"""

import gc
import hashlib
import json
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

from . import svg
from .exports import HAS_PARQUET, PARQUET_MISSING, entry_files, joint_files
from .figures import ChartSpec
from .pages.boards import ChartView, drawn_charts
from .pages.inputs import InputReader, Inputs, commit_of, data_groups, literature_files, manifest
from .pages.plan import Remembered, entry_page_of, plan_pages
from .pages.rendering import Page, Site, asset_names, render, static_files, templates_digest
from .pages.site import DataFile
from .plots import chart_files
from .standings import Submission
from .writing import MARKER, Writer, claim, refuse_foreign_folder

MATPLOTLIB_MISSING = (
    "matplotlib is not installed, so charts are shown as tables only. Remedy: pip install 'interplay[site]'."
)
FEW = 200
"""Entries below which one process makes their pages: starting others takes longer."""
CHUNK = 50
PACKAGE = Path(__file__).resolve().parents[1]

T = TypeVar("T")
Own: TypeAlias = tuple[str, tuple[DataFile, ...]]
"""Stamp of an entry's inputs, and the files that were made from them."""


@dataclass(frozen=True)
class BuildReport:
    """What a build wrote: HTML pages, all files, how many of them changed, and warnings in words."""

    pages: int
    files: int
    changed: int
    warnings: tuple[str, ...]


def build_site(root: Path, out: Path, *, base_url: str | None = None, full: bool = False) -> BuildReport:
    """Builds the site of the entries below `root`.

    Args:
        root: A checkout or a demo folder; holds `leaderboard/entries` and `leaderboard/evidence`.
        out: Folder to write; files in it that are not of the site are removed.
        base_url: Public address; only the 404 page, canonical links, exports and the feed need it.
        full: Makes and writes every file, also those whose inputs are the same.

    Raises:
        UserMistake: `root` holds no entries, one of them cannot be read, or `out` holds something else.
    """
    return SiteBuilder(root, out, base_url=base_url).build(full=full)


class SiteBuilder:
    """Builds one site, and builds it again with little work when few of its inputs changed."""

    def __init__(self, root: Path, out: Path, *, base_url: str | None = None) -> None:
        self._root, self._out, self._base_url = root, out, base_url
        self._reader = InputReader(root)
        self._view = Drawing()
        self._stamps = Stamps(out)
        self._site: Site | None = None
        self._pages: dict[str, Page] = {}
        self._board_pages = Remembered()
        self._files: dict[str, DataFile] = {}

    def build(self, *, full: bool = False) -> BuildReport:
        """Brings the folder up to date.

        Raises:
            UserMistake: As `build_site`.
        """
        refuse_foreign_folder(self._out)
        inputs = self._reader.read()
        claim(self._out)
        static = static_files()
        site = Site(version("interplay"), *commit_of(self._root), self._base_url, asset_names(static))
        if full or site != self._site:
            self._pages, self._site = {}, site
        writer = Writer(self._out, full=full)
        for name, content in static.items():
            writer.put(f"static/{name}", content)
        for name, source in inputs.sources.items():
            known = self._files.get(name)
            if known and known.sha256 == source.sha256:
                writer.keep((known,))
            else:
                writer.put(name, source.path.read_bytes())
        own = self._entries(writer, inputs, site, full)
        for name, content in (*literature_files(), *joint_files(inputs.standings, self._base_url)):
            writer.put(name, content)
        downloads = [file for name, file in writer.files.items() if name.startswith(("data/", "badges/"))]
        downloads = [file for file in downloads if not file.path.endswith(".html")]
        writer.put(MARKER, manifest(downloads))
        pages = plan_pages(inputs, data_groups(downloads), self._view, self._board_pages)
        for name, content in chart_files(spec for page in pages for spec in drawn_charts(page.model)):
            writer.put(name, content)
        self._write_pages(writer, pages, site)
        if self._files:
            writer.forget(self._files)
        else:
            writer.prune()
        self._files = writer.files
        self._stamps.save(own)
        warnings = list(inputs.warnings)
        warnings += [] if HAS_PARQUET else [PARQUET_MISSING]
        warnings += [] if svg.is_available() else [MATPLOTLIB_MISSING]
        count = sum(name.endswith(".html") for name in writer.files)
        return BuildReport(count, len(writer.files), writer.changed, tuple(warnings))

    def _entries(self, writer: Writer, inputs: Inputs, site: Site, full: bool) -> dict[str, Own]:
        """Page, badge and record of every entry, made anew only where their inputs changed."""
        facts = repr((site.version, site.commit, site.date, site.base_url, sorted(site.assets.items())))
        start = f"{code_digest()} {facts}"
        earlier: dict[str, Own] = {} if full else self._stamps.load()
        own: dict[str, Own] = {}
        stamps: dict[str, str] = {}
        pending: list[Submission] = []
        for submission in inputs.submissions:
            name = submission.entry.entry_id
            stamps[name] = stamp(start, submission, inputs)
            known = earlier.get(name)
            if known and known[0] == stamps[name] and all(self._is_there(writer, file) for file in known[1]):
                writer.keep(known[1])
                own[name] = known
            else:
                pending.append(submission)
        for name, changed, files in written(EntryWork(self._out, full, inputs, site), pending):
            own[name] = stamps[name], files
            writer.keep(files)
            writer.changed += changed
        return own

    def _is_there(self, writer: Writer, file: DataFile) -> bool:
        """Whether a file still stands: this builder wrote it, or it is found on the disk."""
        return file.path in self._files or writer.has(file)

    def _write_pages(self, writer: Writer, pages: Sequence[Page], site: Site) -> None:
        """Pages that show more than one entry; one whose model is the same as last time is kept."""
        pending: list[Page] = []
        for page in pages:
            file = self._files.get(page.file)
            if file and self._pages.get(page.file) == page:
                writer.keep((file,))
            else:
                pending.append(page)
        for _, changed, files in written(PageWork(self._out, writer.full, site), pending):
            writer.keep(files)
            writer.changed += changed
        self._pages = {page.file: page for page in pages}


class Drawing:
    """Draws each chart once, however many pages show it; without matplotlib it leaves the table alone."""

    def __init__(self) -> None:
        self._drawn: dict[str, ChartView] = {}
        self._can_draw = svg.is_available()

    def __call__(self, spec: ChartSpec) -> ChartView:
        """The chart with its picture."""
        if spec.digest not in self._drawn:
            picture = svg.picture(spec) if self._can_draw and spec.is_drawn else None
            self._drawn[spec.digest] = ChartView(spec, picture)
        return self._drawn[spec.digest]


class Stamps:
    """What the files of each entry were made from: kept beside the site, so that the next build can tell."""

    def __init__(self, out: Path) -> None:
        self._path = out.parent / f".{out.name}-stamps.json"
        self._known: dict[str, Own] | None = None

    def load(self) -> dict[str, Own]:
        """Stamps of the last build; none when there was none, or its file is not what was written."""
        if self._known is None:
            try:
                stored = json.loads(self._path.read_bytes())
                self._known = {
                    name: (mark, tuple(DataFile(*file) for file in files))
                    for name, (mark, files) in stored.items()
                }
            except (OSError, ValueError, TypeError, AttributeError):
                self._known = {}
        return self._known

    def save(self, own: dict[str, Own]) -> None:
        """Keeps the stamps for the next build."""
        if own != self._known:
            self._path.write_text(json.dumps(own), encoding="utf-8")
        self._known = own


def stamp(start: str, submission: Submission, inputs: Inputs) -> str:
    """Hash of everything that the files of one entry depend on."""
    entry = submission.entry
    local = [p.uri for p in entry.logs if p.uri.rsplit("/", 1)[-1] in inputs.local_logs]
    records = [(href, inputs.sources[href].sha256) for href in inputs.records.get(entry.entry_id, ())]
    parts = (start, entry.digest, records, submission.superseded_by, local)
    validities = sorted((key, repr(value)) for key, value in submission.validities.items())
    return hashlib.sha256(repr((*parts, validities)).encode()).hexdigest()


@cache
def code_digest() -> str:
    """Hash of the templates and of the code, boards and locks that make pages."""
    found = hashlib.sha256(templates_digest().encode())
    paths = [path for name in ("leaderboard", "tasks") for path in (PACKAGE / name).rglob("*")]
    for path in sorted(paths):
        if path.suffix in (".py", ".yaml") or path.parent.name == "locks":
            found.update(path.read_bytes())
    return found.hexdigest()


class Done(NamedTuple):
    """What was made of one entry or page: whose it is, how many files changed, and what they are."""

    name: str
    changed: int
    files: tuple[DataFile, ...]


@dataclass(frozen=True)
class EntryWork:
    """Makes the files of any entry."""

    out: Path
    full: bool
    inputs: Inputs
    site: Site

    def __call__(self, submission: Submission) -> Done:
        """Writes page, badge and record of one entry."""
        writer = Writer(self.out, full=self.full)
        page = entry_page_of(submission, self.inputs)
        writer.put(page.file, render(page, self.site).encode())
        for name, content in entry_files(submission, self.site.base_url):
            writer.put(name, content)
        return Done(submission.entry.entry_id, writer.changed, tuple(writer.files.values()))


@dataclass(frozen=True)
class PageWork:
    """Makes any other page."""

    out: Path
    full: bool
    site: Site

    def __call__(self, page: Page) -> Done:
        """Writes one page."""
        writer = Writer(self.out, full=self.full)
        file = writer.put(page.file, render(page, self.site).encode())
        return Done(page.file, writer.changed, (file,))


def written(work: Callable[[T], Done], items: Sequence[T]) -> Iterator[Done]:
    """Does the work for many items: by a process per core, or here.

    Few items are done here, and all of them where this process has threads (a server that previews the
    site), because what a thread holds stays held in a child.
    """
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    can_fork = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    if len(items) < FEW or count < 2 or not can_fork:
        yield from map(work, items)
        return
    global _chunk
    _chunk = lambda start: list(map(work, items[start : start + CHUNK]))  # noqa: E731
    gc.freeze()  # children then copy fewer pages of memory
    try:
        with multiprocessing.get_context("fork").Pool(count) as pool:
            for done in pool.imap_unordered(_do_chunk, range(0, len(items), CHUNK)):
                yield from done
    finally:
        gc.unfreeze()
        _chunk = None


_chunk: Callable[[int], list[Done]] | None = None
"""What the children of `written` inherit: the work for the items that start at a place."""


def _do_chunk(start: int) -> list[Done]:
    assert _chunk is not None
    return _chunk(start)
