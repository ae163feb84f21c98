"""The state of a dialogue while it is read: where the token is, what is open, what is planned (pure)."""

from collections.abc import Iterable, Sequence
from typing import Literal, Protocol, Self

from .route_acts import Accept, Propose
from .route_named import FEWEST_NAMED, named_walk
from .route_notation import Cell
from .route_path import CellOf, is_next_to, path_of
from .route_steps import Mention
from .route_turns import Asked, Manner, Offer, Stepped, Turn, only_headings, worked_out

START: Cell = (0, 0)
OFF_GRID = 0.5
"""Trouble of a step that leads off the grid: real players lose count as well."""
LONG_ROUTE = 4
"""A proposal of more steps than this writes out a route anew."""


class Resolve(Protocol):
    """What mentions mean, note by note.

    `worked` holds proposals of notes as seen from a place, worked out once for all who read in this way.
    """

    worked: dict[tuple[int, Cell], Sequence[Asked]]

    def of_note(self, note: int, /) -> CellOf:
        """What a mention in the note with this number means."""
        ...

    def on_grid(self, cell: Cell) -> bool:
        """The cell lies on the grid."""
        ...


class State:
    """Steps, open proposal, plan and doubts of one dialogue under one way of reading it.

    `trouble` counts what makes no sense: jumps, proposals out of reach, positions elsewhere. `struck` holds
    the steps that were taken back or refused and that nobody has asked for since. `decision`: how the last
    note read decides on the open proposal by its words, `none` where there was nothing to decide on.
    `swayed`: in another manner some note would have been read otherwise; told by the strict one alone.
    """

    def __init__(self, turns: Sequence[Turn], resolve: Resolve, manner: Manner) -> None:
        self.turns = turns
        self.resolve = resolve
        self.manner: Manner = manner
        self.at = START
        self.steps: list[Stepped] = []
        self.offer: Offer | None = None
        self.refused: Offer | None = None
        self.plan: list[Cell] = []
        self.plan_texts: list[str] = []
        self.shaken = False  # a refusal or a withdrawal came after the plan was accepted
        self.far: tuple[Cell, str] | None = None
        self.elsewhere: dict[int, bool] = {}
        self.bulk = False
        self.dropped: list[tuple[int, Cell]] = []
        self.struck: frozenset[Cell] = frozenset()
        self.decision: Literal["yes", "no", "open", "none"] = "none"
        self.trouble = 0.0
        self.swayed = False

    def copy(self) -> Self:
        """The same state, to read on from in another way."""
        table = type(self).__new__(type(self))
        table.__dict__.update(self.__dict__)
        table.steps, table.plan, table.plan_texts = self.steps[:], self.plan[:], self.plan_texts[:]
        table.elsewhere, table.dropped = dict(self.elsewhere), self.dropped[:]
        return table

    def mark(self) -> tuple[object, ...]:
        """What two states must share for the notes to come to be read alike."""
        offer = self.offer
        return (
            self.at,
            offer and (offer.seat, *offer.path),
            tuple(self.plan),
            self.far,
            len(self.steps),
        )

    def answered(self, turn: Turn) -> Offer | None:
        """The proposal that a note decides on: the open one of the other seat, or one taken up again."""
        offer = self.offer
        if offer and offer.seat != turn.seat:
            return offer
        gives_in = turn.consents and not turn.refuses and (offer is None or turn.withdraws)
        return self.refused if gives_in and self.refused and self.refused.seat != turn.seat else None

    def work_out(self, turn: Turn, proposals: Sequence[Propose]) -> Sequence[Asked]:
        """The proposals of a note as seen from where the token is, worked out once for each place."""
        if proposals is not turn.proposals:
            return worked_out(proposals, self.at, self.resolve.of_note(turn.note))
        key = (turn.note, self.at)
        known = self.resolve.worked
        if key not in known:
            known[key] = worked_out(proposals, self.at, self.resolve.of_note(turn.note))
        return known[key]

    def go(self, cell: Cell, note: int, text: str) -> None:
        """Execute one step."""
        if not is_next_to(cell, self.at) and cell != self.at:
            self.trouble += 2
        if not self.resolve.on_grid(cell):
            self.trouble += OFF_GRID
        self.steps.append(Stepped(cell, note, text, cell in self.struck))
        self.at = cell
        self.far = None
        if cell in self.plan:
            passed = self.plan.index(cell) + 1
            del self.plan[:passed], self.plan_texts[:passed]

    def follow(self, count: int, note: int) -> None:
        """Execute the next steps of the accepted plan."""
        for cell, text in zip(self.plan[:count], self.plan_texts[:count], strict=True):
            if not is_next_to(cell, self.at):
                self.trouble += 2
            if not self.resolve.on_grid(cell):
                self.trouble += OFF_GRID
            self.steps.append(Stepped(cell, note, text, cell in self.struck))
            self.at = cell
        del self.plan[:count], self.plan_texts[:count]

    def leads_on(self, firsts: Sequence[Cell], cell: Cell) -> bool:
        """One of the cells can be reached from the cell but not from where the token is."""
        return any(is_next_to(first, cell) and not is_next_to(first, self.at) for first in firsts)

    def is_contested(self, following: Turn | None, cell: Cell) -> bool:
        """The next note refuses firmly, or calls the cell a wall."""
        if following is None:
            return False
        cell_of = self.resolve.of_note(following.note)
        return following.refuses or any(cell_of(mention) == cell for mention in following.walls)

    def ahead(self, path: list[Cell], texts: list[str]) -> tuple[list[Cell], list[str]]:
        """Leave out what a restated route has behind it."""
        if len(path) > 1 and self.steps:
            walked = [START, *(step.cell for step in self.steps)]
            for behind in (walked, walked[1:]):
                if path[: len(behind)] == behind:
                    return path[len(behind) :], texts[len(behind) :]
        if path and path[0] != self.at and not is_next_to(path[0], self.at) and self.at in path[:-1]:
            here = path.index(self.at) + 1
            return path[here:], texts[here:]
        start = 0
        while start < len(path) and path[start] == self.at:
            start += 1
        return path[start:], texts[start:]

    def continues(self, offer: Offer, made: Offer, instead: bool, onward: bool) -> bool:
        """The second proposal of a note is the next step after the first."""
        if instead or made.options or not is_next_to(offer.path[0], made.path[-1]):
            return False
        return offer.far or onward

    def hinted(self, turn: Turn, cell_of: CellOf) -> Offer | None:
        """The step that a note without a proposal ends on, if it leads to a neighbouring cell."""
        if turn.hint is None or turn.done:
            return None
        path, texts = path_of(turn.hint.steps, self.at, cell_of)
        if not path or not is_next_to(path[0], self.at):
            return None
        return Offer(turn.seat, turn.note, path, texts, headings=only_headings(turn.hint), hint=True)

    def leads_further(self, one: Asked, made: Offer, cell_of: CellOf) -> bool:
        """Add steps to the open ones of the same note, if they start where those end, or come back.

        "(0,0) → (0,1)", "(0,1) → (1,1)"; "to (0,1) for the key, and then return to (0,0)"
        """
        if self.sums_up(one, made):
            made.path, made.texts = one.path[:], one.texts[:]
            return True
        first = one.act.steps[0]
        if not isinstance(first, Mention):
            return False
        back = one.stays and not one.act.echo and len(made.path) == 1 and is_next_to(self.at, made.path[0])
        if back:
            self.swayed = True
            back = self.manner == "strict"
        if back or (len(one.act.steps) > 1 and cell_of(first) == made.path[-1]):
            path, texts = path_of(one.act.steps, made.path[-1], cell_of)
            made.path += path
            made.texts += texts
            return True
        return False

    def echoed(self, turn: Turn, asked: Sequence[Asked], at: Cell) -> list[Cell]:
        """Where all the directions lead that the note repeats, sentence by sentence."""
        steps = [step for one in asked if one.headings and one.act.echo for step in one.act.steps]
        if not steps:
            return []
        return path_of(steps, at, self.resolve.of_note(turn.note))[0]

    def goes_through(self, turn: Turn, asked: Sequence[Asked]) -> bool:
        """The note repeats the whole plan and speaks as if that were walked: "Agreed, (0,1), (0,2). Key!"."""
        accepts = [act for act in turn.acts if isinstance(act, Accept)]
        if not accepts or accepts[-1].force != 1:
            return False
        steps = [step for one in asked if one.act.echo for step in one.act.steps]
        return path_of(steps, self.at, self.resolve.of_note(turn.note))[0] == self.plan

    def sums_up(self, one: Asked, made: Offer) -> bool:
        """Directions that stand alone begin as the open ones of the same note, which turn a corner."""
        rows, columns = ({cell[i] for cell in (self.at, *made.path)} for i in (0, 1))
        alike = one.headings and one.act.bare and one.path[: len(made.path)] == made.path
        return alike and len(rows) > 1 and len(columns) > 1

    def was_settled(self, act: Propose, settled: Sequence[Stepped], cell_of: CellOf) -> bool:
        """The directions are those of the steps that the note has just settled, or the first or last."""
        before = self.steps[-len(settled) - 1].cell if len(self.steps) > len(settled) else START
        path = path_of(act.steps, before, cell_of)[0]
        return bool(settled) and path == [step.cell for step in settled][: len(path)]

    def wonder(self, one: Asked, settled: Sequence[Stepped]) -> None:
        """A single cell is asked for that is out of reach, or where the token is already."""
        if len(one.path) == 1 and not one.act.echo and not one.headings and not settled:
            self.trouble += 0.25
        elif not one.path and not one.act.echo and not settled:
            self.trouble += 1

    def walk_named(self, turn: Turn, previous: Turn, known: Sequence[Cell] = ()) -> bool:
        """Execute several steps that the note agrees to by name, with what was planned before them.

        Those with which the `known` path begins are left to it.
        """
        if not turn.proposals or not turn.proposals[0].echo:
            return False
        cells = self.resolve.of_note(turn.note), self.resolve.of_note(previous.note)
        for ahead in dict.fromkeys((0, len(self.plan))):
            at = self.plan[ahead - 1] if ahead else self.at
            path, texts = named_walk(turn, previous, at, *cells, fewest=1 if ahead else FEWEST_NAMED)
            if path and path != list(known[: len(path)]):
                self.follow(ahead, turn.note)
                for cell, text in zip(path, texts, strict=True):
                    self.go(cell, turn.note, text)
                return True
        return False

    # -- what was taken back or refused ------------------------------------------------------------------

    def strike(self, path: Iterable[Cell]) -> None:
        """Steps are taken back or refused: they count for nothing until somebody asks for them again."""
        self.struck = self.struck.union(path)

    def unstrike(self, path: Sequence[Cell]) -> None:
        """Steps are asked for, or an objection to them is taken back."""
        if self.struck:
            self.struck = self.struck.difference(path)
        if len(path) > LONG_ROUTE and any(step.against for step in self.steps):
            # A route that is written out anew holds what was agreed to on the way there as well.
            self.steps = [s._replace(against=s.against and s.cell not in path) for s in self.steps]

    def reconsider(
        self, turn: Turn, previous: Turn | None, asked: Sequence[Asked], settled: int, as_said: bool
    ) -> None:
        """Strike what the note takes back or turns down, and lift that from what it asks for.

        Args:
            turn: The note.
            previous: The note before it, if that made no proposal in so many words.
            asked: What the note proposes.
            settled: So many steps had been executed before it.
            as_said: The open proposal is what the words of the note say.
        """
        mine = self.offer if self.offer and self.offer.note == turn.note else None
        if self.struck:
            # To walk over a struck cell without a word of it is not to ask for it: "right to (0,3)".
            own = self.resolve.of_note(turn.note)
            spoken = {own(cell) for cell in turn.mentions}
            if mine and not mine.hint:
                self.unstrike([cell for cell in mine.path if mine.headings or cell in spoken])
            for one in asked:
                if not one.act.echo:
                    self.unstrike([cell for cell in one.path if one.headings or cell in spoken])
        elif mine and not mine.hint:
            self.unstrike(mine.path)
        if turn.refuses and self.refused and self.refused.seat == turn.seat:
            own = self.resolve.of_note(turn.note)
            self.unstrike([own(cell) for cell in turn.mentions])  # "(0,1)?" "No." "No, (0,1)!" insists
        source = turn if turn.withdraws else previous if turn.refuses else None
        if source is None:
            return
        cell_of = self.resolve.of_note(source.note)
        kept = {self.at, *(step.cell for step in self.steps[settled:])}
        if mine and not mine.hint and (as_said or source is previous):
            kept.update(mine.path)
        if self.decision == "yes":
            kept.update(self.plan)  # "I withdraw my route and agree to yours"
        if source is turn:
            # All that it spoke of, but for what it agrees to or asks for.
            for one in worked_out(turn.taken_back, self.at, cell_of):
                self.strike(cell for cell in one.path if cell not in kept)
        for step in turn.recanted if source is turn else source.named:
            path = path_of((step,), self.at, cell_of)[0]
            if path and path[0] not in kept and is_next_to(path[0], self.at):
                self.strike(path if source is turn else path[:1])
