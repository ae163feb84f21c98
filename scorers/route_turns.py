"""What agreement is decided on: notes with their acts sorted, open proposals, and the outcome (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from .route_acts import (
    Accept,
    Act,
    Claim,
    Did,
    Doubt,
    NoteReading,
    Position,
    Propose,
    Question,
    Reject,
    Withdraw,
)
from .route_notation import Cell
from .route_path import CellOf, Path, path_of
from .route_steps import Heading, Mention, Step

Manner = Literal["strict", "lenient", "generous"]
"""How much counts as consent. `lenient` adds nods in doubt, uncontested claims of a position, and the phrase;
`generous` every proposal that was not refused."""
MANNERS: tuple[Manner, ...] = ("strict", "lenient", "generous")


class Turn(NamedTuple):
    """One note: who wrote it, its acts, whether it ends the game; the rest is sorted out of the acts.

    `answers` are the acts that can decide on an open proposal; `proposals` those that count as its own,
    those in `taken_back` left out; `recanted` all steps that it names before it takes something back;
    `stated` the cells where it says that the token is. `objects`: it refuses, firmly or not, or puts its
    answer off.
    """

    note: int
    seat: int
    acts: tuple[Act, ...]
    answers: tuple[Propose | Accept | Reject | Claim | Doubt, ...]
    done: bool
    mentions: tuple[Mention, ...]
    named: tuple[Step, ...]
    recanted: tuple[Step, ...]
    proposals: tuple[Propose, ...]
    taken_back: tuple[Propose, ...]
    hint: Propose | None
    stated: tuple[Mention, ...]
    walls: tuple[Mention, ...]
    did: tuple[Did, ...]
    withdraws: bool
    refuses: bool
    consents: bool
    asks: bool
    objects: bool

    def repeats(self, act: Propose) -> bool:
        """The steps stand alone before any consent: "South! Fine by me."."""
        for other in self.acts:
            if other is act:
                return act.bare
            if isinstance(other, Accept):
                return False
        return False


def turn_of(note: int, seat: int, reading: NoteReading, done: bool) -> Turn:
    """A note with its acts sorted."""
    acts = reading.acts
    proposals: list[Propose] = []
    taken_back: list[Propose] = []
    hint: Propose | None = None
    alternatives: list[Propose] = []
    for act in acts:
        if isinstance(act, Propose):
            if act.fallback and act.steps:
                alternatives.append(act)
            elif act.steps and act.hint:
                hint = act
            elif act.steps:
                proposals.append(act)
        elif isinstance(act, Withdraw):
            # "Down. Next maybe left? No, scratch that." still repeats the first.
            kept = 1 if len(proposals) > 1 and proposals[0].bare and only_headings(proposals[0]) else 0
            taken_back += [act for act in proposals[kept:] if not act.echo]
            del proposals[kept:]
    if not proposals:
        proposals = alternatives  # "If not: b6." is all that is asked for
    answers: list[Propose | Accept | Reject | Claim | Doubt] = []
    stated: list[Mention] = []
    walls: list[Mention] = []
    did: list[Did] = []
    withdraws = refuses = consents = asks = objects = False
    for act in acts:
        if isinstance(act, (Propose, Accept, Reject, Doubt)):
            answers.append(act)
            if isinstance(act, Accept):
                consents = consents or act.force == 2 or act.late
            elif isinstance(act, Reject):
                refuses, objects = refuses or act.firm, True
            elif isinstance(act, Doubt):
                objects = objects or act.hold
        elif isinstance(act, Claim):
            if act.state == "wall":
                answers.append(act)
                walls.append(act.cell)
        elif isinstance(act, Position):
            stated.append(act.cell)
        elif isinstance(act, Did):
            did.append(act)
        elif isinstance(act, Withdraw):
            withdraws = True
        elif isinstance(act, Question):
            asks = True
    return Turn(
        note=note,
        seat=seat,
        acts=acts,
        answers=tuple(answers),
        done=done,
        mentions=reading.mentions,
        named=reading.named,
        recanted=reading.recanted,
        proposals=tuple(proposals),
        taken_back=tuple(taken_back),
        hint=hint,
        stated=tuple(stated),
        walls=tuple(walls),
        did=tuple(did),
        withdraws=withdraws,
        refuses=refuses,
        consents=consents,
        asks=asks,
        objects=objects,
    )


class Stepped(NamedTuple):
    """A step that both agreed to: where it leads, the note that settled it, how it was written.

    `against`: it had been taken back or refused, and nobody had asked for it since.
    """

    cell: Cell
    note: int
    text: str
    against: bool = False


class Agreement(NamedTuple):
    """What the dialogue settled.

    `apart`: a seat ends with the token elsewhere than the agreed steps lead. `bulk`: steps were executed
    only because the phrase was said. `refused`: notes and first cells of the proposals they turned down.
    """

    steps: tuple[Stepped, ...]
    apart: bool = False
    bulk: bool = False
    refused: tuple[tuple[int, Cell], ...] = ()


@dataclass(slots=True)
class Offer:
    """An open proposal.

    `options`: one of its cells. `headings`: given in directions. `asked`: its note also asks a question.
    `far`: it does not begin next to the token. `hint`: nothing was asked for in so many words.
    """

    seat: int
    note: int
    path: list[Cell]
    texts: list[str]
    options: bool = False
    headings: bool = False
    asked: bool = False
    far: bool = False
    hint: bool = False


class Asked(NamedTuple):
    """A proposal of a note, worked out from where the token is: the cells and whether only directions."""

    act: Propose
    path: list[Cell]
    texts: list[str]
    headings: bool

    @property
    def stays(self) -> bool:
        """It names the cell where the token is already."""
        return not self.path and not self.headings

    @property
    def first(self) -> Cell | None:
        """The first cell; None if it leads nowhere."""
        return self.path[0] if self.path else None


def only_headings(act: Propose | Did) -> bool:
    """The act names directions and no cell."""
    steps = act.steps
    if not steps or isinstance(steps[0], Mention):
        return False
    return len(steps) == 1 or all(isinstance(step, Heading) for step in steps)


def worked_out(proposals: Sequence[Propose], at: Cell, cell_of: CellOf) -> list[Asked]:
    """The proposals as seen from a place."""
    asked: list[Asked] = []
    for act in proposals:
        path: Path = path_of(act.steps, at, cell_of)
        asked.append(Asked(act, *path, only_headings(act)))
    return asked
