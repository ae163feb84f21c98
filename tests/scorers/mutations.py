"""Games that fail by construction: labelled successes in which one agreement is taken away (pure).

    cut one exchange, refuse one step, withdraw one, put a wall in one note, end before the last consent ...

    for mutant in mutants(game, verdict):
        assert not grade(mutant.game).strict

What is changed is found where the grader saw the step settled; what cannot be told to fail is left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, product
from typing import NamedTuple

from interplay.scorers.route_acts import Accept
from interplay.scorers.route_cells import Mention, find_steps
from interplay.scorers.route_grade import Game, Said, Verdict
from interplay.scorers.route_reading import read_note
from interplay.scorers.route_replay import replay
from interplay.tasks.mazes.maze import Cell

PHRASE = "TAVIREL!"
WITHDRAWAL = "Wait, I take my proposal back."
_SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n+")


class Mutant(NamedTuple):
    """A changed game, the kind of change, and the note where it was made."""

    kind: str
    note: int
    game: Game


class _Step(NamedTuple):
    """A step of the game: where it leads from and to, the notes that asked for it and that settled it."""

    before: Cell
    cell: Cell
    asked: int
    settled: int


def _steps(verdict: Verdict) -> list[_Step]:
    """Steps that were asked for in the note before the one that settled them."""
    found: list[_Step] = []
    at: Cell = (0, 0)
    for step in verdict.steps:
        if step.cell != at:
            found.append(_Step(at, step.cell, step.note - 1, step.note))
        at = step.cell
    return found


def _with(game: Game, note: int, text: str) -> Game:
    notes = list(game.notes)
    notes[note] = Said(notes[note].seat, text)
    return replace(game, notes=tuple(notes))


def _without(game: Game, first: int, last: int) -> Game:
    return replace(game, notes=game.notes[:first] + game.notes[last:])


def _sentences(text: str) -> list[str]:
    return [part for part in _SENTENCES.split(text) if part.strip()]


def _consents(sentence: str) -> bool:
    return any(isinstance(act, Accept) for act in read_note(sentence).acts)


def _answered(verdict: Verdict, step: _Step, text: str, words: str) -> str:
    """The note that settled a step, other words in place of all that consents or names its cell."""
    cell_of = verdict.resolve.of_note(step.settled)
    rest = [
        sentence
        for sentence in _sentences(text)
        if not _consents(sentence)
        and all(cell_of(mention) != step.cell for mention in read_note(sentence).mentions)
    ]
    return "\n".join([words, *rest])


def _is_lost(game: Game, steps: Sequence[_Step], first: int, last: int) -> bool:
    """The steps settled in these notes cannot be spared: without them the walk does not succeed."""
    kept = [step.cell for step in steps if not first <= step.settled < last]
    return len(kept) < len(steps) and not replay(game.rows, kept).success


def _both_name(game: Game, verdict: Verdict, cell: Cell, notes: Sequence[int]) -> bool:
    """Both seats name the cell in these notes, so that what was taken out is said there too."""
    seats = {
        game.notes[i].seat
        for i in notes
        if 0 <= i < len(game.notes)
        and any(verdict.resolve.of_note(i)(mention) == cell for mention in verdict.readings[i].mentions)
    }
    return len(seats) == 2


def _shifted(form: str, by: tuple[int, ...]) -> str:
    """A cell as it is written, with each label moved by one."""
    ways = iter(by)
    return re.sub(
        r"\d+|(?<![A-Za-z])[A-Fa-f](?![A-Za-z])",
        lambda m: str(int(m[0]) + next(ways, 0)) if m[0].isdigit() else chr(ord(m[0]) + next(ways, 0)),
        form,
    )


def _other_cell(game: Game, verdict: Verdict, step: _Step) -> str | None:
    """The note that asked for the step, with a cell in its place that is no way on."""
    text, cell_of = game.notes[step.asked].text, verdict.resolve.of_note(step.asked)
    for found in find_steps(text):
        if not isinstance(found.step, Mention) or cell_of(found.step) != step.cell:
            continue
        form = found.step.text
        for by in product((1, -1), repeat=2):
            other = _shifted(form, by)
            read = find_steps(f"to {other}")
            if len(read) != 1 or not isinstance(read[0].step, Mention):
                continue
            r, c = cell_of(read[0].step)
            inside = 0 <= r < len(game.rows) and 0 <= c < len(game.rows[0])
            if inside and game.rows[r][c] == "#" and abs(r - step.before[0]) + abs(c - step.before[1]) == 1:
                return text.replace(form, other)
    return None


def mutants(game: Game, verdict: Verdict) -> Iterator[Mutant]:
    """Every change of a game that succeeds by which it fails."""
    steps = _steps(verdict)
    notes, last = game.notes, len(game.notes) - 1
    count = {i: sum(step.settled == i for step in steps) for i in range(len(notes))}
    single = [step for step in steps if count[step.settled] == 1]
    if not verdict.bulk and max(count.values()) == 1:
        for i in range(1, last - 2):
            lost = {step.cell for step in steps if i <= step.settled < i + 2}
            around = (i - 2, i - 1, i + 2, i + 3)
            said_again = all(_both_name(game, verdict, cell, around) for cell in lost)
            if _is_lost(game, steps, i, i + 2) and not said_again:
                yield Mutant("exchange", i, _without(game, i, i + 2))
    if not verdict.bulk and steps[-1].settled == last and count[last] == 1:
        yield Mutant("cut", last, _without(game, last, last + 1))
        yield Mutant("unanswered", last, _with(game, last, PHRASE))
        yield Mutant("refused", last, _with(game, last, f"No, not that one.\n{PHRASE}"))
        withdrawn = _with(game, last - 1, f"{notes[last - 1].text}\n{WITHDRAWAL}")
        yield Mutant("withdrawn", last, _with(withdrawn, last, f"Fine, dropped.\n{PHRASE}"))
    for step, following in pairwise(single):
        if verdict.bulk or step.settled >= last - 1 or following.settled != step.settled + 1:
            continue
        i = step.settled
        if not _is_lost(game, steps, i, i + 1) or _both_name(game, verdict, step.cell, (i + 1, i + 2)):
            continue
        answer = _answered(verdict, step, notes[i].text, "No, not that one.")
        yield Mutant("refused", i, _with(game, i, answer))
        withdrawn = _with(game, step.asked, f"{notes[step.asked].text}\n{WITHDRAWAL}")
        answer = _answered(verdict, step, notes[i].text, "Fine, dropped.")
        yield Mutant("withdrawn", i, _with(withdrawn, i, answer))
        named = any(verdict.resolve.of_note(i)(m) == step.cell for m in verdict.readings[i].mentions)
        if not named and (other := _other_cell(game, verdict, step)):
            yield Mutant("wall", step.asked, _with(game, step.asked, other))
    begun = next((i for i in range(len(notes)) if count[i] > 5), None)
    if begun is not None:
        plans = [i for i in range(begun - 1) if len(verdict.readings[i].mentions) > 8]
        if plans and verdict.readings[plans[-1] + 1].acts:
            yield Mutant("unwalked", begun, _without(game, begun, last + 1))
            half = "Agreed, but only to the first half of it for now."
            yield Mutant("half", plans[-1] + 1, _with(game, plans[-1] + 1, half))
    middle = len(notes) // 2
    if steps[-1].settled > middle and max(count.values()) < 4:
        yield Mutant("phrase", middle, _with(game, middle, f"{notes[middle].text}\n{PHRASE}"))


def quoting(game: Game) -> Game:
    """The game with the phrase quoted in mid-game, which ends nothing."""
    middle = len(game.notes) // 2
    return _with(
        game,
        middle,
        f'{game.notes[middle].text}\nBy the way, "{PHRASE}" is what we say at the end, not before.',
    )
