"""What a page and the files of the site may weigh."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from .links import SiteFiles
from .outline import Finding, Outline

BOARD = 60_000
"""Bytes, gzipped, of a page of a board with its style sheet and scripts."""
ENTRY = 15_000
"""Bytes, gzipped, of the page of an entry."""
PICTURE = 6_000
"""Bytes, gzipped, of one chart."""
SCRIPTS = 10_000
"""Bytes of the site's own scripts together."""
SHEET = 14_000
"""Bytes of the style sheet."""
CARD = 40_000
"""Bytes of the picture that link previews show."""
LOADED = 5
"""Files that a page asks for by itself, the page among them."""
CHART = re.compile(r'<svg class="chart".*?</svg>', re.DOTALL)
BOARD_PAGE = re.compile(r"boards/[^/]+/(\d+/)?index\.html")


def weight(content: bytes) -> int:
    """Bytes as sent: gzipped."""
    return len(gzip.compress(content, mtime=0))


def is_above(content: bytes, limit: int) -> int:
    """The gzipped size where it is above a limit, else 0; light content is not gzipped at all."""
    if len(content) <= limit:
        return 0
    found = weight(content)
    return found if found > limit else 0


def page_faults(
    page: Outline, content: bytes, loads: frozenset[str], site: SiteFiles
) -> Iterator[tuple[int, str]]:
    """What is too heavy about one page."""
    if page.file.startswith("entries/") and (found := is_above(content, ENTRY)):
        yield 0, f"the page of an entry takes {found:,} bytes gzipped (limit {ENTRY:,})"
    if BOARD_PAGE.fullmatch(page.file):
        rest = sum(site.weights.get(name, 0) for name in loads)
        if found := is_above(content, BOARD - rest):
            yield (
                0,
                f"a page of a board takes {found + rest:,} bytes gzipped, with style and script "
                f"(limit {BOARD:,})",
            )
    for picture in CHART.findall(page.markup):
        if found := is_above(picture.encode(), PICTURE):
            yield 0, f"a chart takes {found:,} bytes gzipped (limit {PICTURE:,})"
    if len(loads) + 1 > LOADED:
        yield 0, f"the page loads {len(loads) + 1} files (limit {LOADED}): {', '.join(sorted(loads))}"
    for name in loads:
        if name.startswith("static/vendor/"):
            yield 0, f"the page loads {name} by itself (expected only when a reader asks for it)"


def static_faults(out: Path, files: frozenset[str], loaded: frozenset[str]) -> Iterator[Finding]:
    """What is too heavy, or asks for something from elsewhere, among the shared files.

    Args:
        out: The site.
        files: All its files.
        loaded: Those that any page leads to or loads; scripts that are fetched on demand are not among them.
    """
    own = sorted(name for name in files if re.fullmatch(r"static/[^/]+", name))
    scripts = [name for name in own if name.endswith(".js") and name in loaded]
    total = sum((out / name).stat().st_size for name in scripts)
    if total > SCRIPTS:
        yield Finding(
            "size", "static", 0, f"{' and '.join(scripts)} take {total:,} bytes (limit {SCRIPTS:,})"
        )
    for name in own:
        size = (out / name).stat().st_size
        limit = {"static/style.css": SHEET, "static/card.png": CARD}.get(name)
        if limit and size > limit:
            yield Finding("size", name, 0, f"the file takes {size:,} bytes (limit {limit:,})")
        if name.endswith((".css", ".js", ".svg")):
            try:
                text = (out / name).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                yield Finding("safety", name, 0, "the file is not UTF-8")
                continue
            for asked in re.findall(
                r"url\((?!\s*[\"']?data:)|@import|(?<!xmlns=[\"'])https?://(?!www\.w3\.org/)", text
            ):
                yield Finding(
                    "safety", name, 0, f"the file asks for something from elsewhere ({asked.strip()})"
                )
                break
