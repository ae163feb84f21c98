"""Runs all checks over the files of a built site, by a process per core."""

import hashlib
import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from interplay.tasks.mistakes import UserMistake

from . import access, figures, safety
from .figures import BoardRow, board_rows
from .links import Leads, SiteFiles, ways
from .outline import Finding, Outline
from .sizes import page_faults, static_faults, weight
from .whole import board_faults, manifest_faults, map_faults, unreached

FEW = 100
"""Pages below which one process reads them: starting others takes longer."""
CHUNK = 40
PER_PAGE = (("access", access.RULES), ("safety", safety.RULES), ("content", figures.RULES))


class PageFacts(NamedTuple):
    """What was found on one page, and what the checks of the whole site need of it."""

    file: str
    findings: tuple[Finding, ...]
    leads: frozenset[str]
    places: tuple[Leads, ...]
    rows: tuple[BoardRow, ...]


@dataclass(frozen=True)
class SiteReport:
    """How many pages and files were read, and what is wrong with them, in the order of their paths."""

    pages: int
    files: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class PageCheck:
    """Checks any page of a site."""

    out: Path
    site: SiteFiles

    def __call__(self, file: str) -> PageFacts:
        """Reads one page and applies every rule to it."""
        content = (self.out / file).read_bytes()
        try:
            markup = content.decode("utf-8")
        except UnicodeDecodeError as error:
            fault = Finding("access", file, 0, f"the page is not UTF-8: {error.reason} at byte {error.start}")
            return PageFacts(file, (fault,), frozenset(), (), ())
        page = Outline(file, markup)
        found = ways(page, self.site)
        faults = [(rule, said) for rule, rules in PER_PAGE for check in rules for said in check(page)]
        faults += [("safety", said) for said in safety.foreign(page, self.site.base_url)]
        faults += [("links", said) for said in found.faults]
        faults += [("size", said) for said in page_faults(page, content, found.loads, self.site)]
        for lead in found.leads:
            if lead.place and lead.file == file and lead.place not in page.ids:
                faults.append(("links", (lead.line, f"#{lead.place} names no place on this page")))
        return PageFacts(
            file,
            tuple(Finding(rule, file, line, said) for rule, (line, said) in faults),
            frozenset(lead.file for lead in found.leads),
            tuple(lead for lead in found.leads if lead.place and lead.file != file),
            board_rows(page) if file.startswith("boards/") else (),
        )


def check_site(out: Path, base_url: str | None = None) -> SiteReport:
    """Checks a built site.

    Args:
        out: Folder of the site.
        base_url: The public address that it was built for, where one was given.

    Raises:
        UserMistake: The folder holds no site.
    """
    if not (out / "index.html").is_file():
        raise UserMistake(f"{out}: holds no index.html; run `interplay build --out {out}` first.")
    site = files_of(out, base_url)
    pages = sorted(name for name in site.files if name.endswith(".html"))
    found = {facts.file: facts for facts in read_pages(PageCheck(out, site), pages)}
    every = frozenset(pages)
    findings = [finding for name in pages for finding in found[name].findings]
    findings += _places(out, found)
    findings += board_faults(out, {name: found[name].rows for name in pages}, site.files)
    findings += unreached(every, {name: found[name].leads for name in pages})
    findings += static_faults(out, site.files, frozenset().union(*(facts.leads for facts in found.values())))
    findings += manifest_faults(out, site.files)
    findings += map_faults(out, site, every)
    return SiteReport(len(pages), len(site.files), tuple(sorted(set(findings), key=_order)))


def _order(finding: Finding) -> tuple[str, int, str, str]:
    return finding.file, finding.line, finding.rule, finding.message


def files_of(out: Path, base_url: str | None) -> SiteFiles:
    """Lists a site, and hashes and weighs what its pages share."""
    names: set[str] = set()
    for folder, _, files in os.walk(out):
        start = Path(folder).relative_to(out).as_posix()
        prefix = "" if start == "." else f"{start}/"
        names.update(prefix + name for name in files)
    static = {name: (out / name).read_bytes() for name in names if name.startswith("static/")}
    return SiteFiles(
        frozenset(names),
        base_url,
        {name: hashlib.sha256(content).hexdigest() for name, content in static.items()},
        {name: weight(content) for name, content in static.items() if name.endswith((".css", ".js"))},
    )


def _places(out: Path, found: dict[str, PageFacts]) -> Iterator[Finding]:
    """Links to a place on another page that is not there."""
    wanted = {lead.file for facts in found.values() for lead in facts.places if lead.file in found}
    ids = {
        name: Outline(name, (out / name).read_text("utf-8", errors="replace")).ids.keys() for name in wanted
    }
    for facts in found.values():
        for lead in facts.places:
            if lead.place not in ids.get(lead.file, ()):
                yield Finding("links", facts.file, lead.line, f"#{lead.place} names no place on {lead.file}")


def read_pages(check: PageCheck, pages: Sequence[str]) -> Iterator[PageFacts]:
    """Checks many pages, in any order: by a process per core, or here.

    Few pages are read here, and all of them where this process has threads, because what a thread holds
    stays held in a child.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if len(pages) < FEW or cores < 2 or threading.active_count() > 1:
        yield from map(check, pages)
        return
    with multiprocessing.Pool(cores, _take, (check,)) as pool:
        yield from pool.imap_unordered(_check, pages, chunksize=CHUNK)


_current: PageCheck | None = None
"""What a child of `read_pages` checks its pages with."""


def _take(check: PageCheck) -> None:
    global _current
    _current = check


def _check(page: str) -> PageFacts:
    assert _current is not None
    return _current(page)
