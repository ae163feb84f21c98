"""The forms of the game in which nobody has to agree, or agreement is spelled out (pure).

ACTION: PROPOSE 0,1                       structured: the lines are the acts
Move to (0, 1).                           step: one action a note, executed at once
… Final route: (0,0), (0,1), (0,2)        plan: the last list of cells in the last reply
"""

import re
from collections.abc import Sequence

from .route_acts import Accept, Act, Propose, Reject
from .route_cells import find_steps
from .route_notation import Cell
from .route_path import is_next_to, path_of
from .route_state import START, Resolve
from .route_steps import Found, Heading, Mention
from .route_text import without_maps
from .route_turns import Stepped, Turn

_ACTION = re.compile(
    r"^\W*ACTION:\s*(?:(ACCEPT)|(REJECT)|(DONE)|PROPOSE\s*[(\[]?\s*(\d{1,2})\s*,\s*(\d{1,2})\s*[)\]]?)\W*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"^[\s,;:.\-–—>→=|*`\]\[(){}\"']*(?:(?:\d{1,2}[.):]|(?:step|move)\s*\d*\s*[:.]?|then|and|to|start"
    r"|goal|key)\s*)*"
    r"[\s,;:.\-–—>→=|*`\]\[(){}\"']*$",
    re.IGNORECASE,
)
_NEXT_LINE = re.compile(
    r"^[^\n:]*\n\s*(?:[-*•]|\d{1,2}[.):]|(?:step|move)\s*\d*\s*[:.]?)?\s*(?:(?:move|go|step)\s*)?(?:to\s*)?$",
    re.IGNORECASE,
)
LONGEST_REMARK = 60
"""So many characters may stand between two cells of a list that has one cell a line."""
FEWEST_CELLS = 3
"""A shorter list is taken for a route only if there is no other."""


def action_lines(text: str) -> tuple[tuple[Act, ...], bool]:
    """The acts of the ACTION lines of a note, and whether one of them ends the game."""
    acts: list[Act] = []
    done = False
    for line in text.splitlines():
        match = _ACTION.match(line)
        if not match:
            continue
        if match[1]:
            acts.append(Accept())
        elif match[2]:
            acts.append(Reject())
        elif match[3]:
            done = True
        else:
            first, second = int(match[4]), int(match[5])
            cell = Mention(first, second, False, False, "row-col", False, f"({first},{second})")
            acts.append(Propose((cell,)))
    return tuple(acts), done


def _runs(text: str, found: Sequence[Found]) -> list[list[Found]]:
    """Steps that form a list: nothing but separators, or one line break, between neighbours."""
    runs: list[list[Found]] = []
    for item in found:
        if runs:
            between = text[runs[-1][-1].end : item.start]
            listed = len(between) <= LONGEST_REMARK and _NEXT_LINE.match(between)
            if _BETWEEN.match(between) or listed:
                runs[-1].append(item)
                continue
        runs.append([item])
    return runs


def planned(text: str) -> tuple[Mention | Heading, ...]:
    """The last list of cells in a reply, else the last list of directions, else nothing."""
    plain = without_maps(text)
    found = find_steps(plain)
    cells = _runs(plain, [item for item in found if isinstance(item.step, Mention)])
    ways = _runs(plain, [item for item in found if isinstance(item.step, Heading)])
    for runs, fewest in ((cells, FEWEST_CELLS), (ways, FEWEST_CELLS), (cells, 1), (ways, 1)):
        long = [run for run in runs if len(run) >= fewest]
        if long:
            return tuple(item.step for item in long[-1])
    return ()


def walked_plan(texts: Sequence[tuple[int, str]], resolve: Resolve, earlier: bool) -> tuple[Stepped, ...]:
    """The route of a player who plans at once.

    Args:
        texts: Number and text of each reply.
        resolve: What their mentions mean.
        earlier: If the last reply has no list, take that of the reply before it.
    """
    for note, text in reversed(texts):
        steps = planned(text)
        if steps:
            path, words = path_of(steps, START, resolve.of_note(note))
            return tuple(Stepped(cell, note, word) for cell, word in zip(path, words, strict=True))
        if not earlier:
            break
    return ()


def walked_steps(turns: Sequence[Turn], resolve: Resolve) -> tuple[Stepped, ...]:
    """The route of a player who moves step by step: the last proposal of each note is executed at once.

    Of several proposals the last one that leads to a neighbouring cell counts.
    """
    at = START
    steps: list[Stepped] = []
    for turn in turns:
        found: list[tuple[list[Cell], list[str]]] = []
        for act in turn.acts:
            if isinstance(act, Propose) and act.steps and not act.fallback and not act.hint:
                path, words = path_of(act.steps, at, resolve.of_note(turn.note))
                if path:
                    found.append((path, words))
        near = [item for item in found if is_next_to(item[0][0], at)]
        if found:
            path, words = (near or found)[-1]
            steps += [Stepped(cell, turn.note, word) for cell, word in zip(path, words, strict=True)]
            at = path[-1]
        if turn.done:
            break
    return tuple(steps)
