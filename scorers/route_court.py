"""One game before its judge: what the notes say, which readings stay open, and each reading tried (pure).

court = Court(game)
[court.run(reading, "strict").replay.success for reading in court.opened()]
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, product, takewhile, zip_longest
from typing import NamedTuple

from interplay.tasks.mazes.maze import START, Cell, cells_of

from .route_acts import Accept, Act, Claim, Did, NoteReading, Position, Propose, Reject
from .route_assignment import Assignment, Key
from .route_forms import walked_plan, walked_steps
from .route_game import Game
from .route_ledger import ledger
from .route_notation import READINGS, places
from .route_notes import closes, read_notes
from .route_recap import recap, translated
from .route_repair import agree, settle
from .route_replay import Replay, can_walk, replay
from .route_steps import Heading, Mention
from .route_text import without_maps
from .route_tokens import two_tokens
from .route_translation import own_styles, stretches_apart, understood, with_quoted, without_quoted
from .route_turns import Agreement, Manner, Stepped, Turn, only_headings, turn_of
from .route_weighing import Weighed, stretches_of, weigh

MOST_READINGS = 64
"""Combinations of open readings that are tried; more are as good as no evidence."""
MOST_UNSETTLED = 1
"""So many cells may be proposed in a way of naming them that is given up before anything was agreed."""


class Run(NamedTuple):
    """One way of reading a game, what was agreed under it, and where that leads.

    `disputed`: it would succeed with steps that were taken back or refused and never asked for again.
    """

    assignment: Assignment
    agreement: Agreement
    replay: Replay
    disputed: bool = False

    @property
    def success(self) -> bool:
        """The agreed steps reach the goal with every key."""
        return self.replay.success


class Court:
    """All that is needed to try one way of reading a game."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.height, self.width = len(game.rows), len(game.rows[0])
        self.readings, self.ends = read_notes(game)
        self.stretches = stretches_of(self.readings)
        self.seats = [said.seat for said in game.notes]
        self.turns = self._turns(self.readings)
        self.weighed = self._weighed(self.readings)
        self.apart = game.form == "pair" and two_tokens(game.notes)
        self.clash = any(w.clash and self.matters(*key) for key, w in self.weighed.items())
        self._seen: dict[tuple[Manner, tuple[Cell, ...], bool], Run] = {}
        self.two_ways = self.clash and game.form == "pair" and self._learn()
        spoken = {
            (self.seats[i], self.stretches[i], mention): i
            for i, reading in enumerate(self.readings)
            for act in reading.acts
            for mention in _cells_of(act)
        }
        self.mentions = [(i, mention) for (_, _, mention), i in spoken.items()]

        self.needed = set(cells_of(game.rows, "k*"))
        self.goal = next(iter(cells_of(game.rows, "*")), (-1, -1))
        self.two_ways = self.two_ways or (self.clash and self.translates)
        self.clash = self.clash and not self.two_ways
        self.walks = any(isinstance(step, Heading) for turn in self.turns for step in turn.named)
        self.free = game.form == "plan" or any(
            isinstance(act, Propose | Did) and only_headings(act)
            for reading in self.readings
            for act in reading.acts
        )

    def _turns(self, readings: list[NoteReading]) -> list[Turn]:
        ends = [*self.ends[:-1], *(end or closes(self.game.notes[-1].text) for end in self.ends[-1:])]
        noted = zip(self.seats, readings, ends, strict=True)
        return [turn_of(i, seat, reading, end) for i, (seat, reading, end) in enumerate(noted)]

    def _weighed(self, readings: list[NoteReading]) -> dict[tuple[int, bool], Weighed]:
        places = product(sorted(set(self.stretches)), (False, True))
        tried = ((key, weigh(self.game, readings, self.stretches, *key)) for key in places)
        return {key: found for key, found in tried if found}

    def _learn(self) -> bool:
        """Read each seat in its own way of naming cells, if the seats translate for each other."""
        styles = own_styles(self.readings, self.seats)
        cleaned = without_quoted(self.readings, self.seats, styles)
        before = self.stretches, self.weighed
        self.stretches = stretches_apart(cleaned, self.seats) or self.stretches
        self.weighed = self._weighed(cleaned)
        last = self.weighed.get((self.stretches[-1], False))
        size = self.height, self.width
        told = with_quoted(self.readings, self.seats, styles, last.own if last else {}, size)
        if not understood(self._turns(cleaned), told, self.own_assignment().of_note):
            self.stretches, self.weighed = before
            return False
        self.readings = told
        self.turns = self._turns(self.readings)
        return True

    @cached_property
    def numbered(self) -> tuple[Stepped, ...]:
        """The route of numbered moves that both seats stand by, if it leads to the goal."""
        if not self.walks:
            return ()
        route = ledger(self.turns, [without_maps(said.text) for said in self.game.notes])
        return route if route and route[-1].cell == self.goal else ()

    @property
    def translates(self) -> bool:
        """The seats name cells in two ways, and each tells the route of the other in its own."""
        return translated(self.turns, self.own_assignment(), self.goal, (self.height, self.width))

    def matters(self, stretch: int, letters: bool) -> bool:
        """Steps may have been agreed to in this dialect of this stretch.

        A difference that is found out before anything was agreed, and settled by naming cells in another way,
        is none.
        """
        here = elsewhere = 0
        for turn, number in zip(self.turns, self.stretches, strict=True):
            cells = [s for act in turn.proposals for s in act.steps if isinstance(s, Mention)]
            inside = sum(number == stretch and cell.letters == letters for cell in cells)
            here += inside
            elsewhere += len(cells) - inside
        return here > MOST_UNSETTLED or elsewhere == 0

    @property
    def ends_on_refusal(self) -> bool:
        """The last note refuses, and agrees to nothing."""
        return bool(self.turns) and self.turns[-1].refuses and not self.turns[-1].consents

    def assign(self, chosen: Mapping[Key, int]) -> Assignment:
        """The assignment with these readings."""
        return Assignment(chosen, self.seats, self.stretches, self.height, self.width)

    def open_assignments(self) -> Iterator[Assignment]:
        """All combinations of open readings, the best first; each seat's own where both ways are known."""
        if self.two_ways:
            yield self.own_assignment()
            return
        places = list(self.weighed)
        for combination in islice(product(*(self.weighed[p].open for p in places)), MOST_READINGS):
            chosen: dict[Key, int] = {}
            for (stretch, letters), reading in zip(places, combination, strict=True):
                chosen |= {(seat, stretch, letters): reading for seat in (1, 2)}
            yield self.assign(chosen)

    def any_assignments(self) -> Iterator[Assignment]:
        """Each seat in its own notation, and of the 16 for everybody those that may make a success."""
        yield self.own_assignment()
        named = [places(mention, self.height, self.width) for _, mention in self.mentions]
        for number, (i, mention) in enumerate(self.mentions):
            if (self.stretches[i], mention.letters) not in self.weighed:  # no reading is chosen for it
                named[number] = named[number][:1] * len(READINGS)
        seen: set[tuple[Cell, ...]] = set()
        for reading, cells in enumerate(zip(*named, strict=True) if named else [()] * len(READINGS)):
            if cells not in seen and (self.free or self.needed.issubset(cells)):
                seen.add(cells)
                assignment = self.assign(
                    {(seat, s, letters): reading for seat in (1, 2) for s, letters in self.weighed}
                )
                assignment.cells = cells
                yield assignment

    def own_assignment(self) -> Assignment:
        """Each seat in the notation that its own notes speak for."""
        own: dict[Key, int] = {
            (seat, stretch, letters): choice
            for (stretch, letters), weighed in self.weighed.items()
            for seat, choice in weighed.own.items()
        }
        return self.assign(own)

    def cells(self, assignment: Assignment) -> tuple[Cell, ...]:
        """What all mentions of the game come to."""
        if assignment.cells is None:
            assignment.cells = tuple([assignment.of_note(i)(mention) for i, mention in self.mentions])
        return assignment.cells

    def can_succeed(self, assignment: Assignment) -> bool:
        """Cells named in this reading may make a success: goal and keys are among them.

        Directions without a cell may lead anywhere, so they always may.
        """
        if self.free:
            return True
        return self.needed <= set(self.cells(assignment)) and (self.walks or self.connects(assignment))

    def connects(self, assignment: Assignment) -> bool:
        """The cells that are named lead from the start to every key and to the goal."""
        named = {assignment.of_note(turn.note)(mention) for turn in self.turns for mention in turn.mentions}
        named = {
            cell for cell in named if assignment.on_grid(cell) and self.game.rows[cell[0]][cell[1]] != "#"
        }
        reached = {START}
        queue = [START]
        for r, c in queue:
            near = {(r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)} & named - reached
            reached |= near
            queue += near
        return self.needed <= reached

    def run(self, assignment: Assignment, manner: Manner, mend: bool = True, brief: bool = False) -> Run:
        """Decide and replay; what comes to the same cells is decided once.

        Args:
            assignment: What the mentions mean.
            manner: How much counts as consent.
            mend: Read notes again that make no sense; worth it for readings that are likely.
            brief: Only success is asked for (and, but for the strict manner, where the steps lead), so what
                comes after a step that cannot be taken need not be read.
        """
        key = (manner, self.cells(assignment), False)
        if brief and key not in self._seen:
            key = (*key[:2], True)
        if key not in self._seen:
            agreement = self._settle(assignment, manner, mend, brief)
            steps = agreement.steps
            whole = kept = replay(self.game.rows, [step.cell for step in steps])
            if mend and manner == "strict" and self.game.form == "pair":
                told = recap(self.turns, assignment, self.goal, (self.height, self.width))
                told = told or self.numbered
                closed = replay(self.game.rows, [step.cell for step in told])
                goes_on = closed.violation is None and whole.route[-len(closed.route) :] == closed.route
                if told and not goes_on:
                    agreement, steps = agreement._replace(steps=told, apart=False), told
                    whole = kept = closed
            if manner == "strict" and any(step.against for step in steps):
                steps = tuple(takewhile(lambda step: not step.against, steps))
                agreement = agreement._replace(steps=steps)
                kept = replay(self.game.rows, [step.cell for step in steps])
            self._seen[key] = Run(assignment, agreement, kept, whole.success)
        return self._seen[key]

    def could_succeed(self, assignment: Assignment) -> bool:
        """The phrase was said, and what was asked for or told as done holds a walk that succeeds, in order.

        What was taken back, or turned down in the next note, is left out.
        """
        if self.game.form != "pair" or not any(self.ends):
            return False
        steps: list[Cell | Heading] = []
        for turn, answer in zip_longest(self.turns, self.turns[1:]):
            cell_of = assignment.of_note(turn.note)
            refused = answer is not None and answer.refuses and not answer.consents
            asked = (*turn.proposals, turn.hint)
            for act in turn.acts:
                if isinstance(act, Position):
                    steps.append(cell_of(act.cell))
                elif isinstance(act, Did) or (
                    isinstance(act, Propose) and act in asked and not (refused and not act.echo)
                ):
                    steps += [cell_of(s) if isinstance(s, Mention) else s for s in act.steps]
            if turn.done:
                break
        return can_walk(self.game.rows, steps)

    def _settle(self, assignment: Assignment, manner: Manner, mend: bool, brief: bool) -> Agreement:
        form = self.game.form
        if form == "pair" or form == "structured":
            if mend:
                return settle(self.turns, assignment, manner, assignment.heard)
            return agree(self.turns, assignment, manner, assignment.heard, self.game.rows if brief else ())
        if form == "step":
            return Agreement(
                walked_steps(self.turns, assignment),
            )
        replies = [(i, said.text) for i, said in enumerate(self.game.notes)]
        return Agreement(
            walked_plan(replies, assignment, manner != "strict"),
        )

    def distinct(self, assignments: Iterable[Assignment]) -> list[Assignment]:
        """Leave out those that give every mention the same cell as an earlier one."""
        seen: set[tuple[Cell, ...]] = set()
        kept: list[Assignment] = []
        for assignment in assignments:
            key = self.cells(assignment)
            if key not in seen:
                seen.add(key)
                kept.append(assignment)
        return kept

    def names(self, assignment: Assignment) -> dict[str, str]:
        """How each seat names cells in the end, or \"directions\"; a seat that names nothing is left out."""
        named: dict[str, str] = {}
        for seat in (1, 2):
            acts = [
                act
                for i, reading in enumerate(self.readings)
                if self.seats[i] == seat
                for act in reading.acts
            ]
            asked = [step for act in acts if isinstance(act, Propose) for step in act.steps]
            ways = sum(isinstance(step, Heading) for step in asked)
            cells = [m for i, m in self.mentions if self.seats[i] == seat]
            if ways > len(asked) - ways or not cells:
                if ways:
                    named[str(seat)] = "directions"
                continue
            letters = sum(m.letters for m in cells) * 2 > len(cells)
            stretch = self.stretches[-1]
            weighed = self.weighed.get((stretch, letters))
            index = (
                weighed.own.get(seat, 0)
                if weighed and (self.clash or self.two_ways)
                else assignment.chosen.get((seat, stretch, letters), 0)
            )
            named[str(seat)] = READINGS[index].name(letters)
        return named


def _cells_of(act: Act) -> Sequence[Mention]:
    if isinstance(act, Propose | Reject | Did):
        return [step for step in act.steps if isinstance(step, Mention)]
    if isinstance(act, Claim | Position):
        return (act.cell,)
    return act.about if isinstance(act, Accept) else ()
