"""Pages from templates: one Jinja environment, one relative root per page, and the words for figures.

A page is a path, a template and a typed model; nothing here knows what a board is. Every template sees
`site` (facts of the whole site), `page` (the model), `root` (the way up to the start of the site).
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import cast

from jinja2 import Environment, FunctionLoader, StrictUndefined
from rjsmin import jsmin

from ..figures import interval, number
from ..viewers import transcript_address
from .citing import bibtex

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
UNIT, SHORT = 0.9995, 9.95
"""From where a count is told in the next unit, as 1000 of the smaller one; below where it has a decimal."""
NAVIGATION = (
    ("boards", "Boards"),
    ("families", "Families"),
    ("models", "Models"),
    ("compare", "Compare"),
    ("method", "Method"),
    ("submit", "Submit"),
    ("data", "Data"),
)


@dataclass(frozen=True)
class Site:
    """What every page says about the whole: version, commit, its date, and the public address if known.

    `transcripts` is the organisation on the Hugging Face hub whose Spaces show transcripts.
    """

    version: str
    commit: str | None
    date: str | None
    base_url: str | None
    assets: Mapping[str, str]
    transcripts: str | None = None

    def transcript_href(self, created: str, sha256: str) -> str:
        """Where a log is read; empty where nobody shows transcripts."""
        return transcript_address(self.transcripts, created, sha256) if self.transcripts else ""

    @property
    def repository(self) -> str:
        """Owner and name of the repository, where the public address is that of its own pages."""
        found = re.fullmatch(r"https://([\w-]+)\.github\.io/([\w.-]+)/?", self.base_url or "")
        return "/".join(found.groups()) if found else "OWNER/NAME"


@dataclass(frozen=True)
class Page:
    """One page to write. `path` is a folder ending in a slash, empty for the start, or a file name."""

    path: str
    template: str
    title: str
    description: str
    model: object

    @property
    def file(self) -> str:
        """Path of the written file."""
        return f"{self.path}index.html" if self.path == "" or self.path.endswith("/") else self.path

    @property
    def section(self) -> str:
        """First part of the path: the entry of the navigation that is current."""
        return self.path.split("/")[0]

    def root(self, site: Site) -> str:
        """The way from this page to the start of the site; absolute on the 404 page only."""
        if self.file == "404.html":
            return (site.base_url or "").rstrip("/") + "/"
        return "../" * self.file.count("/") or "./"


def static_files() -> dict[str, bytes]:
    """Path and content of every static file: copied as it is, own scripts without comments and blanks."""
    return {
        name: minified(item.read_bytes()) if name.endswith(".js") and "/" not in name else item.read_bytes()
        for name, item in _walk(files("interplay.site") / "static")
    }


@cache
def minified(script: bytes) -> bytes:
    """A script of the same meaning with less to load."""
    return cast(str, jsmin(script.decode())).encode()


def asset_names(static: Mapping[str, bytes]) -> dict[str, str]:
    """Address of each static file with its content hash, so that a browser never shows a stale one."""
    return {
        name: f"static/{name}?v={hashlib.sha256(content).hexdigest()[:8]}" for name, content in static.items()
    }


def templates_digest() -> str:
    """SHA-256 over all templates: part of the input hash of every page."""
    return hashlib.sha256("\0".join(_template_sources().values()).encode()).hexdigest()


def render(page: Page, site: Site) -> str:
    """The finished HTML or XML of a page."""
    template = _environment().get_template(page.template)
    return template.render(
        page=page.model, meta=page, site=site, root=page.root(site), nav=NAVIGATION, csp=CSP
    )


def compile_templates() -> None:
    """Makes every template ready, for processes that start from this one."""
    for name in _template_sources():
        _environment().get_template(name)


def is_page_template(name: str) -> bool:
    """Whether the package holds that template: families may bring their own prose."""
    return name in _template_sources()


def figure(value: float | None, decimals: int | None) -> str:
    """A figure in words: given decimals, or a count with thin spaces where `decimals` is None."""
    if value is None:
        return "–"
    if decimals is not None:
        return number(value, decimals)
    return f"{round(value):,}".replace(",", "\u202f").replace("-", "−")


def size(count: int) -> str:
    """Bytes in words: `8.1 MB`, `26 KB`, `412 bytes`."""
    for unit, scale in (("MB", 1_000_000), ("KB", 1_000)):
        if count >= UNIT * scale:
            return f"{count / scale:.{1 if count < SHORT * scale else 0}f} {unit}"
    return "1 byte" if count == 1 else f"{count} bytes"


def tokens(count: float) -> str:
    """A number of tokens in words: `15.7 M`, `30 k`, `412`."""
    for unit, scale in (("M", 1_000_000), ("k", 1_000)):
        if count >= UNIT * scale:
            return f"{count / scale:.{1 if count < SHORT * scale or unit == 'M' else 0}f} {unit}"
    return f"{count:.0f}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_template_sources().get),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters = cast(dict[str, Callable[..., object]], environment.filters)
    filters.update(figure=figure, size=size, interval=interval, tokens=tokens, bibtex=bibtex)
    return environment


@cache
def _template_sources() -> dict[str, str]:
    return {name: item.read_text("utf-8") for name, item in _walk(files("interplay.site") / "templates")}


def _walk(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    """Every file below a folder with its path in it, in the order of names."""
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _walk(item, f"{prefix}{item.name}/")
        elif not item.name.startswith("."):
            yield prefix + item.name, item
