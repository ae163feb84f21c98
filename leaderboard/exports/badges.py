"""`badges/<entry-id>.svg`, and `.json` in the endpoint form of shields.io: the headline of an entry.

A badge shows the first board of its entry. It says the interval with the value, and in words where the entry
has left the boards or its headline is not to be read, because whoever embeds it does not see the page behind
it.
"""

import json
from collections.abc import Iterator
from html import escape

from ..boards import load_boards
from ..pages.words import decimals_of, interval_words, value_words
from ..standings import Submission, unread_word

ACCENT, GREY, LABEL = "#0b5a6b", "#565b61", "#1d2023"
CHARACTER = 6.6
"""Width of an average character of the badge's 11 px sans serif, in pixels."""
PADDING = 12


def badge_files(submission: Submission) -> Iterator[tuple[str, bytes]]:
    """Both files of an entry that has a result on a known board."""
    words = badge_words(submission)
    if words is None:
        return
    label, message, colour = words
    start = f"badges/{submission.entry.entry_id}"
    yield f"{start}.svg", badge_svg(label, message, colour).encode()
    shield = {"schemaVersion": 1, "label": label, "message": message, "color": colour.lstrip("#")}
    yield f"{start}.json", (json.dumps(shield, ensure_ascii=False, indent=1) + "\n").encode()


def badge_words(submission: Submission) -> tuple[str, str, str] | None:
    """Label, message and colour of an entry's badge, or None without a known board or a headline."""
    boards = load_boards()
    result = next((result for result in submission.results if result.board in boards), None)
    if result is None:
        return None
    board = boards[result.board]
    label = f"Interplay {board.id}"
    if submission.withdrawn:
        return label, "withdrawn", GREY
    if submission.superseded_by:
        return label, "superseded", GREY
    metric, bounds = result.metrics.get(board.headline), board.headline_range
    if metric is None:
        return None
    if (word := unread_word(board, submission, result)) is not None:
        return label, word, GREY
    value = value_words(metric, decimals_of(bounds))
    if value.startswith("≤"):
        return label, value, ACCENT
    return label, f"{value} ({interval_words(metric, bounds)})", ACCENT


def badge_svg(label: str, message: str, colour: str) -> str:
    """Two fields side by side; `textLength` holds each text to its field whatever the font is."""
    left, right = (round(len(text) * CHARACTER) + PADDING for text in (label, message))

    def text(words: str, start: int, width: int) -> str:
        return (
            f'<text x="{start + width / 2:g}" y="14" textLength="{width - PADDING}" '
            f'lengthAdjust="spacingAndGlyphs">{escape(words)}</text>'
        )

    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" '
        f'aria-label="{escape(label)}: {escape(message)}">'
        f"<title>{escape(label)}: {escape(message)}</title>"
        f'<path fill="{LABEL}" d="M0 0h{left}v20H0z"/>'
        f'<path fill="{colour}" d="M{left} 0h{right}v20H{left}z"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">'
        f"{text(label, 0, left)}{text(message, left, right)}</g></svg>\n"
    )
