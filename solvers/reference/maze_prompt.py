"""What a conversation about Tavirel consists of: the opening prompt, the notes, and questions in between.

The prompt tells the form of the game and shows the map. A user message may hold several parts, each with
the mark of its speaker, because adjacent user messages are merged.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from interplay.tasks.mazes.maze import START, cells_of

from .player import Turn

Form = Literal["pair", "plan", "step"]
Question = Literal["commit", "retry"]
Map = tuple[str, ...]
"""The rows of a map text."""

SPEAKER = re.compile(r"(?:\A|\n\n)\[(user|other agent)\]:[ \t]?")
GRID = re.compile(r"^[@*.#k?]{2,}(?:\n[@*.#k?]{2,})+$", re.MULTILINE)
NAMES_FIXED = re.compile(r"Name (?:every cell|cells) as \(row, column\)")
STEPS = "Make one action per message"
QUESTIONS: dict[str, Question] = {
    "This question is private": "commit",
    "No valid ACTION line was found": "retry",
}


class Prompt(NamedTuple):
    """The opening message, as far as it matters: form of the game, rules, one or two views of the maze."""

    form: Form
    structured: bool
    keyed: bool
    names_fixed: bool
    views: tuple[Map, ...]


class Said(NamedTuple):
    """One note, own or of the other side."""

    own: bool
    text: str


class Conversation(NamedTuple):
    """A conversation taken apart: the opening, the notes in order, and a question of the carrier, if last."""

    prompt: Prompt | None
    notes: tuple[Said, ...]
    question: Question | None


@lru_cache(maxsize=1024)
def read_prompt(text: str) -> Prompt | None:
    """The opening message; None if it is no game of Tavirel."""
    views = tuple(tuple(match.group().splitlines()) for match in GRID.finditer(text))
    if not views or "Tavirel" not in text or not all(is_map(rows, views[0]) for rows in views):
        return None
    form: Form = "pair" if "another agent" in text else "step" if STEPS in text else "plan"
    return Prompt(
        form=form,
        structured="ACTION: PROPOSE" in text,
        keyed="step on every key" in text,
        names_fixed=NAMES_FIXED.search(text) is not None,
        views=views,
    )


def is_map(rows: Sequence[str], like: Sequence[str]) -> bool:
    """A rectangular map of the given shape with its start in the corner and one goal."""
    return (
        len(rows) == len(like)
        and all(len(row) == len(like[0]) for row in rows)
        and cells_of(rows, "@") == [START]
        and len(cells_of(rows, "*")) == 1
    )


def take_apart(turns: Sequence[Turn]) -> Conversation:
    """The parts of a conversation, whether or not its user messages were merged."""
    prompt: Prompt | None = None
    notes: list[Said] = []
    question: Question | None = None
    for turn in turns:
        if turn.role == "assistant":
            notes.append(Said(True, turn.text))
            question = None
        elif turn.role == "user":
            for speaker, text in blocks(turn.text):
                if speaker == "other agent":
                    notes.append(Said(False, text))
                elif prompt is None:
                    prompt = read_prompt(text)
                else:
                    question = next((q for words, q in QUESTIONS.items() if text.startswith(words)), None)
    if question == "retry" and notes and notes[-1].own:
        notes.pop()
    return Conversation(prompt, tuple(notes), question)


def blocks(text: str) -> list[tuple[str, str]]:
    """Who speaks in a user message, and what: the carrier (`user`) or the other agent."""
    marks = list(SPEAKER.finditer(text))
    if not marks:
        return [("user", text)]
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [(mark.group(1), text[mark.end() : end]) for mark, end in zip(marks, ends, strict=True)]
