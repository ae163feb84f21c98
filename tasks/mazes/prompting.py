"""The texts of the game as models read them: templates of `prompts/` filled in (pure).

A prompt of seat 1 in the standard game begins and ends so:

    [user]: This is the game Tavirel. You and another agent move one shared token through a maze. …
    Your map (@ start, * goal, . open, # wall, k key, ? hidden):
    @...??
    …
    Write the first note.
"""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from .maze import PHRASE

CAP = 50
"""Notes that both seats have between them, or messages of a player who walks alone."""
SEAT_MARK = "\n=== seat 2 ===\n"
"""Between the two prompts in the input of a sample."""


@cache
def prompt_text(name: str) -> str:
    """A file of `prompts/` as it is, trailing newline included."""
    return (files("interplay.tasks.mazes") / "prompts" / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(loader=FunctionLoader(prompt_text), undefined=StrictUndefined, autoescape=False)


def message(name: str) -> str:
    """A fixed text of `prompts/` that is sent as a message of its own."""
    return prompt_text(name).rstrip("\n")


def collab_prompt(
    grid: str,
    *,
    full: bool,
    keys: bool,
    first: bool,
    assistance: int = 0,
    structured: bool = False,
    hurry: bool = False,
    own_line: bool = True,
) -> str:
    """The opening message of one seat.

    Args:
        grid: Its map text.
        full: Both seats hold the complete map.
        keys: The maze has keys.
        first: This seat writes the first note.
        assistance: Level 0 to 4; the structured track brings level 2 along and wants 0 here.
        structured: Notes end with ACTION lines.
        hurry: The paper's line about time is shown.
        own_line: The phrase ends the game only as a line of its own.
    """
    return (
        _environment()
        .get_template("rules_collab.jinja")
        .render(
            grid=grid,
            full=full,
            keys=keys,
            first=first,
            hurry=hurry,
            own_line=own_line,
            cap=CAP,
            phrase=PHRASE,
            assistance=prompt_text(f"assist_{assistance}.txt") if assistance else "",
            track=prompt_text("track_structured.txt") if structured else "",
        )
    )


def solo_prompt(
    grid: str, second: str | None, *, keys: bool, step: bool, hurry: bool = False, own_line: bool = True
) -> str:
    """The opening message of a player who is alone.

    Args:
        grid: The complete map, or the first view.
        second: The second view, or None if `grid` is complete.
        keys: The maze has keys.
        step: One action a message instead of a plan.
        hurry: The paper's line about time is shown.
        own_line: The phrase ends the game only as a line of its own.
    """
    return (
        _environment()
        .get_template("rules_solo.jinja")
        .render(
            grid=grid,
            second=second,
            full=second is None,
            keys=keys,
            step=step,
            hurry=hurry,
            own_line=own_line,
            phrase=PHRASE,
        )
    )


def says_phrase(text: str, own_line: bool) -> bool:
    """Whether a note ends the game: the phrase as a line of its own, or anywhere in it."""
    if own_line:
        return PHRASE in text and any(line.strip() == PHRASE for line in text.splitlines())
    return PHRASE in text
