"""The pages that people read, and the fenced blocks in them."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("README.md", "CONTRIBUTING.md", "docs/*.md", "tasks/*/README.md")
    for path in ROOT.glob(pattern)
)
FENCE = re.compile(r"^```(?P<language>\S*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """One fenced block: language, text, its first line in the page, and the line of text before it."""

    language: str
    text: str
    line: int
    before: str


def blocks_of(page: str) -> list[Block]:
    """All blocks of a page, in their order."""
    text = (ROOT / page).read_text("utf-8")
    found: list[Block] = []
    for match in FENCE.finditer(text):
        above = text[: match.start()]
        before = (above.strip().splitlines() or [""])[-1]
        found.append(Block(match["language"], match["text"], above.count("\n") + 2, before))
    return found
