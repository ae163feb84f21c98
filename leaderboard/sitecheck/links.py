"""Where the links of a page lead: to a file of the site, and to a place in it that is there."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from .outline import Element, Outline
from .safety import addresses, is_loaded

MISSING = "404.html"
"""The page that is shown at every address that is none, so its own links start at the root."""


@dataclass(frozen=True)
class SiteFiles:
    """What is known of a site before its pages are read.

    Attributes:
        files: Every file, by its path below the site.
        base_url: Public address, where it was given.
        digests: SHA-256 of the files below `static/`.
        weights: Gzipped size of the style sheets and scripts below `static/`.
    """

    files: frozenset[str]
    base_url: str | None
    digests: dict[str, str]
    weights: dict[str, int]


class Leads(NamedTuple):
    """The way from a page: a file, a place in it, and the line of the link."""

    file: str
    place: str
    line: int


class Ways(NamedTuple):
    """Everywhere a page leads to, what it loads by itself, and what is wrong with its addresses."""

    leads: tuple[Leads, ...]
    loads: frozenset[str]
    faults: tuple[tuple[int, str], ...]


def ways(page: Outline, site: SiteFiles) -> Ways:
    """Follows every address of a page that stays within the site."""
    leads: list[Leads] = []
    loads: set[str] = set()
    faults: list[tuple[int, str]] = []
    for element, name, address in (*addresses(page), *_previews(page)):
        inner = inner_address(address, page.file, site.base_url)
        if inner is None:
            continue
        path, query, place = inner
        target = target_of(path, page.file)
        if target is None:
            faults.append((element.line, f"{name}={address!r} leads out of the site"))
        elif target not in site.files:
            hint = ", a slash is missing at its end" if f"{target}/index.html" in site.files else ""
            faults.append((element.line, f"{name}={address!r} leads nowhere{hint}"))
        else:
            leads.append(Leads(target, place, element.line))
            if is_loaded(element, name) and element.tag != "meta":
                loads.add(target)
                mark = query.removeprefix("v=")
                if query.startswith("v=") and not site.digests.get(target, mark).startswith(mark):
                    faults.append(
                        (element.line, f"{name}={address!r} asks for other content than {target} holds")
                    )
    return Ways(tuple(leads), frozenset(loads), tuple(faults))


def _previews(page: Outline) -> Iterator[tuple[Element, str, str]]:
    """Addresses that only the previews of links ask for."""
    for meta in page.all("meta"):
        if meta.attrs.get("property") in ("og:image", "og:url"):
            yield meta, meta.attrs["property"], meta.attrs.get("content", "")


def inner_address(address: str, file: str, base_url: str | None) -> tuple[str, str, str] | None:
    """Path, query and place of an address within the site; None for one that leads elsewhere.

    The path is relative to the page, or starts with a slash at the root of the site.
    """
    base = base_url.rstrip("/") + "/" if base_url else None
    if base and (address + "/").startswith(base):
        address = "/" + address[len(base) :]
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        return None
    return unquote(parts.path), parts.query, unquote(parts.fragment)


def target_of(path: str, file: str) -> str | None:
    """The file that a path leads to, seen from a page; None where it leads out of the site."""
    if not path:
        return file
    start = "" if path.startswith("/") else posixpath.dirname(file)
    found = posixpath.normpath(posixpath.join(start, path.lstrip("/") or "."))
    if found == ".." or found.startswith("../"):
        return None
    folder = "" if found == "." else f"{found}/"
    return f"{folder}index.html" if path.endswith(("/", "/.", "/..")) or path in (".", "..") else found
