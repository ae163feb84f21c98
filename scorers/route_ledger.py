"""Directions that are told by the numbers of their moves, over many notes (pure).

    1: 1. right  2. right      2: Fine with 1-2.  3. down      1: 3 ok. 4. down, 5. left
    -> 1 right, 2 right, 3 down, each agreed to; 4 and 5 are open

A number says which move is meant, however often and by whomever it is told again.
"""

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from .route_acts import Accept, Doubt
from .route_cells import find_steps
from .route_notation import Cell
from .route_path import walk
from .route_state import START
from .route_steps import NUMBER_WORDS, Heading, Mention
from .route_turns import Stepped, Turn

FEWEST_MOVES = 4
"""Fewer numbered moves than this are no ledger."""
_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_UNIT = r"(?:moves?|steps?|legs?|actions?)"
_NUMBER = r"\d{1,2}"
_MORE = rf"(?:\s*(?:,\s*and|[-–,&+/]|\band\b|\bto\b|\bthrough\b)\s*(?:#|M(?=\d))?{_NUMBER}(?!\w))*"
_REFERENCE = re.compile(
    rf"(?:(?<![\w#])(?:{_UNIT}\s*#?|#|M(?=\d))\s*(?P<named>{_NUMBER}{_MORE})(?!\w)"
    rf"|\b{_UNIT}\s+(?P<word>{_WORDS})\b"
    rf"|\b(?:to|with|for|on)\s+(?P<mere>{_NUMBER}{_MORE})(?=\s*(?:[.,;!]|$))"
    rf"|(?:^[\s>|*•-]*|(?<=[,;:.)])\s+)(?P<item>{_NUMBER}{_MORE})"
    r"(?=[.):](?!\d)|\s*[-–:]\s|\s+(?:is|are|ok|fine|good|agreed|accepted|yes|confirmed|done|both|all|not|no|needs|isn't|doesn't)\b))",
    re.IGNORECASE,
)
"""A move by its number: "move 4", "#4", "M4", "leg four", "to 4-6", and "4." or "4, 5:" before what it is."""
_MAYBE_NUMBER = re.compile(r"\d(?<![\d(\[{<,;:./)=].)")
_MAYBE_WORD = re.compile(rf"{_UNIT}\s+(?:{_WORDS})", re.IGNORECASE)
"""A line without either holds no such number: those of cells follow other signs."""
_DIGITS = re.compile(r"\d+|-|–|\bto\b|\bthrough\b")
_SENTENCE_END = re.compile(r"(?<=[\w)])[.!?;](?=\s|$)")
_AGREES = re.compile(
    r"\b(?:ok(?:ay)?|fine|agreed?|accept(?:ed)?|yes|confirm(?:ed)?|good|done|executed|taken|approved|sure|works)\b|[✓✔✅👍]",
    re.IGNORECASE,
)
_AGREES_BEFORE = re.compile(
    r"\b(?:ok(?:ay)?|fine|agreed?|accept(?:ed)?|yes|yeah|confirm(?:ed)?|good|happy)\b[^.!?;]{0,24}$",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\bno(?=[,.!;:]|\s*$)|(?:\bnot|\bcannot|n't)\b"
    r"(?! (?:see|know|count|visible|shown|sure|on my|in my|a problem|yet count))"
    r"|\b(?:wall|blocked|wait|instead|hold|reject(?:ed)?|refuse|unless|wrong|skip|drop|undo|scratch|cancel|rather)\b",
    re.IGNORECASE,
)
_DENIES_BEFORE = re.compile(r"(?:\bnot|n't|\bwait|\bhold)\b[^.!?;,]{0,24}$", re.IGNORECASE)
_UNSURE = re.compile(r"\b(?:if|or|only|once|when|maybe|perhaps)\b|\?", re.IGNORECASE)
"""Consent to a number on a condition, or as a question, is none."""


_RIGHT = re.compile(r"^right\b", re.IGNORECASE)
_BESIDE = re.compile(r"\b(?:after|before|since|until|following)\s+$", re.IGNORECASE)


class _Entry(NamedTuple):
    """A stretch of a note on numbered moves: the numbers, the steps told, what it says of them."""

    numbers: tuple[int, ...]
    steps: tuple[Heading, ...]
    agrees: bool
    denies: bool


class _Move(NamedTuple):
    """What a number stands for: its directions, and who stands by it."""

    steps: tuple[tuple[str, int], ...]
    seats: frozenset[int]
    note: int


def ledger(turns: Sequence[Turn], texts: Sequence[str]) -> tuple[Stepped, ...]:
    """The steps of all numbered moves, if both seats stand by every one of them; else none.

    A seat stands by a move that it tells, agrees to by its number, or agrees to in the note that answers it.
    Whatever is turned down has to be told again.

    Args:
        turns: The notes.
        texts: What they say, without maps.
    """
    moves: dict[int, _Move] = {}
    if not any(turn.done for turn in turns):
        return ()  # a plan that was liked may still be walked otherwise
    for turn in turns:
        if turn.withdraws:
            moves = {n: move for n, move in moves.items() if move.seats != frozenset((turn.seat,))}
        entries = entries_of(texts[turn.note])
        told = [entry for entry in entries if entry.steps and not entry.denies]
        denied = {number for entry in entries if entry.denies for number in entry.numbers}
        open_before = {number for number, move in moves.items() if turn.seat not in move.seats}
        goes_on = bool(told) and bool(open_before) and min(told[0].numbers) > max(open_before)
        agrees = not turn.refuses and not denied and not _waits(turn)
        agrees = agrees and (turn.consents or goes_on or _nods(turn))
        if turn.refuses and not any(entry.agrees or entry.steps for entry in entries):
            denied |= open_before
        for number in denied:
            moves.pop(number, None)
        for entry in entries:
            if entry.agrees and not entry.denies:
                moves |= {n: _stood_by(moves[n], turn.seat) for n in entry.numbers if n in moves}
        if agrees:
            moves |= {n: _stood_by(moves[n], turn.seat) for n in open_before if n in moves}
        for entry in told:
            for number, steps in _shared_out(entry):
                known = moves.get(number)
                if known and known.steps == steps:
                    moves[number] = _stood_by(known, turn.seat)
                elif known and len(known.seats) > 1:
                    return ()
                else:
                    moves[number] = _Move(steps, frozenset((turn.seat,)), turn.note)
        if turn.done:
            break
    if len(moves) < FEWEST_MOVES or sorted(moves) != list(range(1, len(moves) + 1)):
        return ()
    if any(len(move.seats) < 2 for move in moves.values()):
        return ()
    return _walked([moves[number] for number in sorted(moves)])


def entries_of(text: str) -> list[_Entry]:
    """What a note says of numbered moves, in order."""
    entries: list[_Entry] = []
    for line in text.splitlines():
        if not (_MAYBE_NUMBER.search(line) or _MAYBE_WORD.search(line)):
            continue
        found = list(_REFERENCE.finditer(line))
        for match, following in zip_longest(found, found[1:]):
            if _BESIDE.search(line[: match.start()]):
                continue  # "after move 6 the goal is to our left"
            rest = line[match.end() : following.start() if following else len(line)]
            marker = len(rest) - len(rest.lstrip(".): –-*"))
            if end := _SENTENCE_END.search(rest, marker):
                rest = rest[: end.end()]
            said = _RIGHT.sub("east", rest[marker:].rstrip(" ,;"))
            steps = [] if match["mere"] else [one.step for one in find_steps(said)]
            if any(isinstance(step, Mention) for step in steps):
                continue
            ways = tuple(step for step in steps if isinstance(step, Heading))
            agrees = _AGREES.search(rest) or _AGREES_BEFORE.search(line[: match.start()])
            agrees = agrees is not None and not _UNSURE.search(rest)
            denies = _DENIES.search(rest) or _DENIES_BEFORE.search(line[: match.start()])
            numbers = tuple(number for number in _numbers(match) if number)
            entries.append(_Entry(numbers, ways, agrees, denies is not None))
    return entries


def _numbers(match: re.Match[str]) -> tuple[int, ...]:
    if match["word"]:
        return (NUMBER_WORDS[match["word"].lower()],)
    numbers: list[int] = []
    through = False
    for token in _DIGITS.findall((match["named"] or match["mere"] or match["item"]).lower()):
        if not token.isdigit():
            through = True
            continue
        numbers += range(numbers[-1] + 1, int(token)) if through and numbers else ()
        numbers.append(int(token))
        through = False
    return tuple(numbers)


def _shared_out(entry: _Entry) -> list[tuple[int, tuple[tuple[str, int], ...]]]:
    """Which directions belong to which number: all to a single one, else one step each."""
    if len(entry.numbers) == 1:
        return [(entry.numbers[0], ((entry.steps[0].way, entry.steps[0].steps),))]
    single = [(step.way, 1) for step in entry.steps for _ in range(step.steps)]
    if len(single) != len(entry.numbers):
        return []
    return [(number, (step,)) for number, step in zip(entry.numbers, single, strict=True)]


def _stood_by(move: _Move, seat: int) -> _Move:
    return move._replace(seats=move.seats | {seat})


def _nods(turn: Turn) -> bool:
    """The note begins by agreeing."""
    return bool(turn.answers) and isinstance(turn.answers[0], Accept) and turn.answers[0].force > 0


def _waits(turn: Turn) -> bool:
    """The note puts its answer off."""
    return any(isinstance(act, Doubt) and act.hold for act in turn.answers)


def _walked(moves: Sequence[_Move]) -> tuple[Stepped, ...]:
    at: Cell = START
    steps: list[Stepped] = []
    for move in moves:
        for way, count in move.steps:
            for cell in walk(at, Heading(way, count, False, way)):  # type: ignore[arg-type]
                steps.append(Stepped(cell, move.note, way))
                at = cell
    return tuple(steps)
