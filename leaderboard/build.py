"""The public site as files: entries, evidence and literature in, `build/site` out.

The same inputs give the same bytes: nothing reads the clock, and dates come from entries and commits. What
an entry's page, badge and record depend on is that entry alone, so they are made again only when it, its
evidence or the code changed; many of them are made by several processes side by side.
"""

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple, TypeVar

from . import svg
from .exports import HAS_PARQUET, PARQUET_MISSING, entry_files, joint_files
from .figures import ChartSpec
from .pages.boards import ChartView, drawn_charts
from .pages.downloads import data_groups, fixed_files, manifest
from .pages.inputs import InputReader, Inputs, commit_of
from .pages.plan import data_page, entry_page_of, plan_pages
from .pages.rendering import Page, Site, asset_names, compile_templates, render, static_files
from .pages.site import DataFile
from .plots import chart_files
from .remembering import Memory
from .scanning import Files
from .stamps import Own, Stamps, code_digest, stamp
from .standings import Submission
from .writing import MARKER, Writer, claim, refuse_foreign_folder

MATPLOTLIB_MISSING = (
    "matplotlib is not installed, so charts are shown as tables only. Remedy: pip install 'interplay[site]'."
)
FEW = 200
"""Entries below which one process makes their pages: starting others takes longer."""
CHUNK = 50

T = TypeVar("T")


@dataclass(frozen=True)
class BuildReport:
    """What a build wrote: HTML pages, all files, how many of them changed, and warnings in words."""

    pages: int
    files: int
    changed: int
    warnings: tuple[str, ...]


def build_site(
    root: Path,
    out: Path,
    *,
    base_url: str | None = None,
    transcripts: str | None = None,
    full: bool = False,
) -> BuildReport:
    """Builds the site of the entries below `root`.

    Args:
        root: A checkout or a demo folder; holds `leaderboard/entries` and `leaderboard/evidence`.
        out: Folder to write; files in it that are not of the site are removed.
        base_url: Public address; only the 404 page, canonical links, exports and the feed need it.
        transcripts: Organisation on the Hugging Face hub whose Spaces show the transcripts, if one does.
        full: Makes and writes every file, also those whose inputs are the same.

    Raises:
        UserMistake: `root` holds no entries, one of them cannot be read, or `out` holds something else.
    """
    return SiteBuilder(root, out, base_url=base_url, transcripts=transcripts).build(full=full)


class SiteBuilder:
    """Builds one site, and builds it again with little work when few of its inputs changed."""

    def __init__(
        self, root: Path, out: Path, *, base_url: str | None = None, transcripts: str | None = None
    ) -> None:
        self._root, self._out, self._base_url, self._transcripts = root, out, base_url, transcripts
        self._memory = Memory()
        self._reader = InputReader(root, self._memory)
        self._view = Drawing()
        self._stamps = Stamps(out)
        self._last = NOTHING

    def build(self, *, full: bool = False, files: Files | None = None) -> BuildReport:
        """Brings the folder up to date.

        Args:
            full: Makes and writes every file.
            files: What was found below the root a moment ago, if somebody looked.

        Raises:
            UserMistake: As `build_site`.
        """
        with uncollected():
            return self._build(full, files)

    def _build(self, full: bool, files: Files | None) -> BuildReport:
        refuse_foreign_folder(self._out)
        if full:
            self._memory.clear()
        inputs = self._reader.read(files)
        claim(self._out)
        static = static_files()
        site = Site(
            version("interplay"),
            *commit_of(self._root),
            self._base_url,
            asset_names(static),
            self._transcripts,
        )
        last = NOTHING if full else self._last
        self._last = NOTHING  # for as long as nobody knows which files are written
        writer = Writer(self._out, full=full)
        for name, content in static.items():
            writer.put(f"static/{name}", content)
        for name, source in inputs.sources.items():
            known = last.files.get(name)
            if known and known.sha256 == source.sha256:
                writer.keep((known,))
            else:
                writer.put(name, source.path.read_bytes())
        own = self._entries(writer, inputs, site, last)
        for name, content in (
            *fixed_files(),
            *joint_files(inputs.standings, self._base_url, self._memory),
        ):
            writer.put(name, content)
        pages = plan_pages(inputs, self._view, self._memory)
        for page in pages:
            for name, content in self._memory(drawn_files, page.model):
                writer.put(name, content)
        downloads = sorted(f for name, f in writer.files.items() if name.startswith(("data/", "badges/")))
        writer.put(MARKER, manifest(downloads))
        pages.append(data_page(data_groups(downloads)))
        self._write_pages(writer, pages, site, last)
        if last.files:
            writer.forget(last.files)
        else:
            writer.prune()
        self._stamps.save(own)
        self._memory.forget()
        self._last = Built(site, {page.file: page for page in pages}, writer.files)
        warnings = list(inputs.warnings)
        warnings += [] if HAS_PARQUET else [PARQUET_MISSING]
        warnings += [] if svg.is_available() else [MATPLOTLIB_MISSING]
        count = sum(name.endswith(".html") for name in writer.files)
        return BuildReport(count, len(writer.files), writer.changed, tuple(warnings))

    def _entries(self, writer: Writer, inputs: Inputs, site: Site, last: "Built") -> dict[str, Own]:
        """Page, badge and record of every entry, made anew only where their inputs changed."""
        facts = repr(replace(site, assets=dict(sorted(site.assets.items()))))
        start = f"{code_digest()} {facts}"
        earlier: dict[str, Own] = {} if writer.full else self._stamps.load()
        own: dict[str, Own] = {}
        stamps: dict[str, str] = {}
        pending: list[Submission] = []
        for submission in inputs.submissions:
            name = submission.entry.entry_id
            records = inputs.records.get(name, ())
            local = tuple(
                p.uri for p in submission.entry.logs if p.uri.rsplit("/", 1)[-1] in inputs.local_logs
            )
            stamps[name] = self._memory(stamp, start, submission, records, local)
            known = earlier.get(name)
            is_same = known is not None and known[0] == stamps[name]
            if known and is_same and (last.files or all(writer.has(file) for file in known[1])):
                writer.keep(known[1])
                own[name] = known
            else:
                pending.append(submission)
        for name, changed, files in written(EntryWork(self._out, writer.full, inputs, site), pending, FEW):
            own[name] = stamps[name], files
            writer.keep(files)
            writer.changed += changed
        return own

    def _write_pages(self, writer: Writer, pages: Sequence[Page], site: Site, last: "Built") -> None:
        """Pages that show more than one entry; one whose model is the same as last time is kept."""
        pending: list[Page] = []
        known = last.pages if last.site == site else {}
        for page in pages:
            file = last.files.get(page.file)
            if file and known.get(page.file) == page:
                writer.keep((file,))
            else:
                pending.append(page)
        few = 10 * FEW  # one takes a tenth of the time
        for _, changed, files in written(PageWork(self._out, writer.full, site), pending, few):
            writer.keep(files)
            writer.changed += changed


class Built(NamedTuple):
    """What the last build of a builder left on the disk: files by path, and pages by their file."""

    site: Site | None
    pages: Mapping[str, Page]
    files: Mapping[str, DataFile]


NOTHING = Built(None, {}, {})
"""Before the first build, and after one that broke off: then the disk is asked."""


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


def drawn_files(model: object) -> tuple[tuple[str, bytes], ...]:
    """Path and content of the plot of every chart with a picture on a page."""
    return tuple(chart_files(drawn_charts(model)))


@contextmanager
def uncollected() -> Generator[None]:
    """Makes no search for unused cycles meanwhile: a build makes millions of objects and few cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


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


def written(work: Callable[[T], Done], items: Sequence[T], few: int) -> Iterator[Done]:
    """Does the work for many items: by a process per core, or here.

    Fewer items than `few` are done here, and all of them where this process has threads (a server that
    previews the site), because what a thread holds stays held in a child.
    """
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    can_fork = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    if len(items) < few or count < 2 or not can_fork:
        yield from map(work, items)
        return
    global _chunk
    _chunk = lambda start: list(map(work, items[start : start + CHUNK]))  # noqa: E731
    compile_templates()  # not by every child
    try:
        with multiprocessing.get_context("fork").Pool(count) as pool:
            for done in pool.imap_unordered(_do_chunk, range(0, len(items), CHUNK)):
                yield from done
    finally:
        _chunk = None


_chunk: Callable[[int], list[Done]] | None = None
"""What the children of `written` inherit: the work for the items that start at a place."""


def _do_chunk(start: int) -> list[Done]:
    assert _chunk is not None
    return _chunk(start)
