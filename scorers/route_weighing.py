"""Which readings of the cells stay open, from what both seats say (pure).

A game is cut into stretches where a seat starts to name cells in another way; forms with a letter are a
dialect of their own. Each dialect of each stretch is weighed by itself.
"""

from typing import NamedTuple

from .route_acts import Act, Adopt, Declare, NoteReading, Propose
from .route_game import Game
from .route_notation import (
    CLASH_FROM,
    OPEN_WITHIN,
    Spoken,
    Weights,
    best,
    evidence,
    prescribed,
    prior,
    row_labels,
)


def stretches_of(readings: list[NoteReading]) -> list[int]:
    """Cut the dialogue where a seat names cells in another way than was said before."""
    stretch = 0
    said: dict[str, object] = {}
    numbers: list[int] = []
    spoken = False
    for reading in readings:
        if found := [act for act in reading.acts if isinstance(act, Declare) and not act.letters]:
            told: dict[str, object] = {}
            for act in found:
                told |= {
                    name: value
                    for name in ("base", "order", "top", "left")
                    if (value := getattr(act, name)) is not None
                }
            if any(name in said and said[name] != value for name, value in told.items()) or (
                spoken and any(act.switch for act in found) and any(name not in said for name in told)
            ):
                stretch += 1
            said |= told
        spoken = spoken or any(isinstance(act, Propose) for act in reading.acts)
        numbers.append(stretch)
    return numbers


class Weighed(NamedTuple):
    """The open readings, the best first; each seat's own choice; whether the seats clash."""

    open: list[int]
    own: dict[int, int]
    clash: bool


def weigh(
    game: Game, readings: list[NoteReading], stretches: list[int], stretch: int, letters: bool
) -> Weighed | None:
    """Open readings of one dialect in one stretch, and whether the seats clash; None if it is not used."""
    if letters and not any(mention.letters for reading in readings for mention in reading.mentions):
        return None
    height, width = len(game.rows), len(game.rows[0])
    base = prescribed() if game.form != "pair" or game.prescribed else prior()
    if letters:
        base = prior(letters=True)
    total = list(base)
    own: dict[int, Weights] = {}
    for seat in (1, 2):
        acts: list[Act] = []
        before: list[Act] = []
        first = False
        for i, said in enumerate(game.notes):
            if said.seat != seat:
                continue
            if stretches[i] == stretch:
                acts += readings[i].acts
                first = first or i == 0 or (i == 1 and _begins(readings))
                label = row_labels(readings[i].rows, height)
                if label:
                    acts.insert(0, label)
            elif stretches[i] < stretch:
                before += [act for act in readings[i].acts if isinstance(act, Declare)]
        if before and not any(isinstance(act, (Declare, Adopt)) for act in acts):
            acts = before + acts
        view = game.views.get(seat, "").splitlines()
        if len(view) != height or any(len(row) != width for row in view):
            view = []
        weights = evidence([Spoken(acts, view, first and stretch == 0)], letters, height, width)
        if weights is not None:
            own[seat] = weights
            total = [a + b for a, b in zip(total, weights, strict=True)]
    if not own:
        return None
    top = max(total)
    mine = {seat: [a + b for a, b in zip(base, weights, strict=True)] for seat, weights in own.items()}
    choice = {seat: best(weights) for seat, weights in mine.items()}
    clash = len(choice) == 2 and all(
        mine[seat][choice[seat]] - mine[seat][choice[3 - seat]] >= CLASH_FROM for seat in (1, 2)
    )
    ranked = sorted(range(len(total)), key=lambda i: (-total[i], i))
    return Weighed([i for i in ranked if total[i] >= top - OPEN_WITHIN], choice, clash)


def _begins(readings: list[NoteReading]) -> bool:
    """What the second note proposes first is the first step of the game: an answer may go on from others."""
    if not any(isinstance(act, Propose) and act.steps for act in readings[0].acts):
        return True
    return next((act.echo for act in readings[1].acts if isinstance(act, Propose)), True)
