"""A built site, read page by page."""

import re
from html import unescape
from pathlib import Path
from typing import NamedTuple


class Built(NamedTuple):
    """The root with the entries, and the site that was built from it."""

    root: Path
    out: Path

    def html(self, path: str) -> str:
        """The source of the page at that address."""
        return (self.out / path / "index.html").read_text(encoding="utf-8")

    def text(self, path: str) -> str:
        """The words of that page, blanks joined."""
        return words(self.html(path))

    def entry(self, part: str) -> str:
        """Address of the first entry whose id holds `part`."""
        return f"entries/{next(iter(sorted(p.name for p in (self.out / 'entries').glob(f'*{part}*'))))}"


def words(html: str) -> str:
    """The text of some HTML, blanks joined."""
    body = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).strip()
