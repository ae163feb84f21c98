"""Who agreed to what: acts of both seats -> the steps that count (pure).

    1: I propose (0,1).                       open: (0,1)
    2: Agreed. Next I propose (0,2).          taken: (0,1); open: (0,2)
    1: No, (0,2) is a wall. (1,1) instead.    dropped; open: (1,1)
    2: We are at (1,1).                       taken: (1,1)

A single step is executed when it is taken. Several are a plan, executed as the notes follow it; with the
phrase its rest is executed too.
"""

from collections.abc import Sequence

from .route_acts import Propose
from .route_named import agreed_part, both_name, named, named_ahead
from .route_notation import Cell
from .route_path import CellOf, is_next_to, is_walk, path_of
from .route_state import START, State
from .route_steps import Mention, Step
from .route_turns import MANNERS, Agreement, Asked, Offer, Stepped, Turn
from .route_twist import Twist, echo_first
from .route_verdict import is_total, restates, verdict

SHORT_PLAN = 4
"""Directions for no more steps than this are executed at once when they are agreed to."""


class Table(State):
    """The state machine of one dialogue under one way of reading it."""

    def outcome(self) -> Agreement:
        """What was agreed in the notes read."""
        if self.plan and self.manner != "strict":
            self.follow(len(self.plan), self.turns[-1].note)
        return Agreement(tuple(self.steps), any(self.elsewhere.values()), self.bulk, tuple(self.dropped))

    def read(self, number: int, twist: Twist | None = None) -> None:
        """One note: decide on the open proposal, follow the plan, then see what the note proposes."""
        turn = self.turns[number]
        previous = self.turns[number - 1] if number else None
        following = self.turns[number + 1] if number + 1 < len(self.turns) else None
        cell_of = self.resolve.of_note(turn.note)
        before, taken_from = self.at, len(self.steps)
        offered = self.offer is not None and self.offer.seat != turn.seat
        if self.plan and (turn.refuses or turn.withdraws):
            self.shaken = True
        stated = [cell_of(mention) for mention in turn.stated] if turn.stated else []
        if twist and twist.offer is not None:
            proposals = (Propose(twist.offer),) if twist.offer else ()
        else:
            proposals = echo_first(turn, self.offer, self.at, cell_of)
        asked = self.work_out(turn, proposals)
        self.decide(turn, previous, stated, asked, cell_of, twist.answer if twist else "")
        if self.plan:
            self.keep_up(turn, stated, cell_of)
        if self.at != before:
            asked = self.work_out(turn, proposals)
        if twist and twist.offer is not None:
            self.offer = self.twisted(turn, twist.offer, cell_of)
        else:
            self.propose(turn, asked, self.steps[taken_from:], cell_of)
        self.reconsider(
            turn, None if offered else previous, asked, taken_from, not twist or twist.offer is None
        )
        self.check(turn, following, stated, before)
        if len(self.steps) > taken_from and not stated and self.elsewhere.get(turn.seat):
            # It names the cell that it has just agreed to: the odd position was a slip, or misread.
            self.elsewhere[turn.seat] = all(cell_of(mention) != self.at for mention in turn.mentions)
        if turn.done:
            self.finish(turn)

    def twisted(self, turn: Turn, steps: tuple[Step, ...], cell_of: CellOf) -> Offer | None:
        """The proposal of a note that is taken in another way; one that leads nowhere is none."""
        if not steps:
            return self.offer
        path, texts = path_of(steps, self.at, cell_of)
        if not path or not is_next_to(path[0], self.at):
            self.trouble += len(steps)
            return None
        if not is_walk(path):
            self.trouble += 1
        headings = not any(isinstance(step, Mention) for step in steps)
        return Offer(turn.seat, turn.note, path, texts, headings=headings)

    # -- the other seat's proposal ---------------------------------------------------------------------

    def decide(
        self,
        turn: Turn,
        previous: Turn | None,
        stated: Sequence[Cell],
        asked: Sequence[Asked],
        cell_of: CellOf,
        twist: str = "",
    ) -> None:
        """Take, drop or leave the open proposal of the other seat."""
        self.decision = "none"
        offer = self.answered(turn)
        if turn.withdraws and self.offer and self.offer.seat == turn.seat:
            self.strike(self.offer.path)
            self.offer = None
        if offer is not None and offer is self.refused:
            self.refused = None  # "I misread, go ahead."
            self.unstrike(offer.path)
        if previous and previous.seat != turn.seat and (offer is None or offer.hint):
            by = both_name if twist == "step" else named
            cell_before = self.resolve.of_note(previous.note)
            if step := by(turn, previous, self.at, cell_of, cell_before):
                self.offer = None
                self.go(step[0], turn.note, step[1])
                return
            if self.walk_named(turn, previous):
                self.offer = None
                return
        if offer is None:
            return
        if any(is_total(one, offer) for one in asked if one.act.total):
            return  # "Right 3 in total": what was open is part of it
        known = turn, offer, self.at, stated, asked, cell_of
        self.decision = decision = verdict(*known, self.manner)
        if decision == "open" and any(verdict(*known, manner) != "open" for manner in MANNERS):
            self.swayed = True
        parts = not twist and (decision != "open" or stated)
        if parts and (count := agreed_part(turn, offer, asked, cell_of)):
            for cell, text in zip(offer.path[:count], offer.texts[:count], strict=True):
                self.go(cell, turn.note, text)
            self.strike(offer.path[count:])
            self.refused = self.offer = None
            return
        if decision == "no":
            self.strike(offer.path[:1])
        if twist in ("take", "leave"):
            decision = "yes" if twist == "take" else "open"
        if decision == "no":
            self.dropped.append((turn.note, offer.path[0]))
            self.refused, self.offer = offer, None
        elif decision == "yes":
            self.offer = self.refused = None
            if twist or previous is None or not self.walk_named(turn, previous, offer.path):
                self.take(turn, offer, stated, asked)

    def steps_on(self, turn: Turn) -> bool:
        """The note, and the one before it, name a step that is no agreement by name already."""
        previous, offer = self.turns[turn.note - 1] if turn.note else turn, self.answered(turn)
        if previous.seat == turn.seat or not (offer is None or offer.hint):
            return False
        cells = self.resolve.of_note(turn.note), self.resolve.of_note(previous.note)
        return both_name(turn, previous, self.at, *cells) != named(turn, previous, self.at, *cells)

    def take(self, turn: Turn, offer: Offer, stated: Sequence[Cell], asked: Sequence[Asked]) -> None:
        """Execute a taken proposal, or make it the plan."""
        firsts = [one.path[0] for one in asked if one.path]
        if offer.options:
            chosen = next((cell for cell in [*stated, *firsts] if cell in offer.path), None)
            if chosen is None:
                self.swayed = True
                if self.manner == "strict":
                    return
            chosen = chosen or offer.path[0]
            self.go(chosen, turn.note, offer.texts[offer.path.index(chosen)])
        elif len(offer.path) > 1 and self.plan[: len(offer.path)] == offer.path:
            self.follow(len(offer.path), turn.note)  # the next part of what was agreed as a whole
        elif len(offer.path) > 1:
            self.plan, self.plan_texts = list(offer.path), list(offer.texts)
            self.shaken = False
            self.begin_plan(turn, offer, stated, asked)
        elif offer.far and offer.path[0] not in stated and not self.leads_on(firsts, offer.path[0]):
            # Perhaps only an aim: what is proposed next will tell.
            aimed = any(is_next_to(first, self.at) for first in firsts)
            self.far = None if aimed else (offer.path[0], offer.texts[0])
        else:
            self.go(offer.path[0], turn.note, offer.texts[0])

    def begin_plan(self, turn: Turn, offer: Offer, stated: Sequence[Cell], asked: Sequence[Asked]) -> None:
        """Execute what the accepting note says of a plan."""
        ahead = [self.plan.index(cell) for cell in stated if cell in self.plan]
        if ahead:
            self.follow(ahead[-1] + 1, turn.note)
        elif self.echoed(turn, asked, self.at) == self.plan or self.goes_through(turn, asked):
            self.follow(len(self.plan), turn.note)
        elif offer.headings:
            for one in asked:
                length = len(one.path)
                part = one.act.echo and one.headings and 0 < length < len(self.plan)
                if part and one.path == self.plan[:length] and len(set(offer.texts)) > 1:
                    self.follow(length, turn.note)
                    return
            longer = any(restates(one, offer, longer=True) and not one.act.onward for one in asked)
            again = any(restates(one, offer) for one in asked)
            further = not again and any(not one.act.echo or one.act.onward for one in asked)
            short = len(offer.path) <= SHORT_PLAN or len(set(offer.texts)) == 1
            if turn.did or further or (short and not longer):
                self.follow(len(self.plan), turn.note)
        else:
            for number, one in enumerate(asked):
                length = len(one.path)
                ahead_of_it = length and is_next_to(one.path[0], self.plan[-1])
                if ahead_of_it and not one.headings and one.path != self.plan[:length]:
                    self.follow(len(self.plan), turn.note)  # "Yes. And back to (0,1), up to (0,2)."
                    return
                named_so = named_ahead(asked[number:], self.plan)
                if named_so > length or 0 < named_so < len(self.plan):
                    self.follow(named_so, turn.note)
                    return

    def keep_up(self, turn: Turn, stated: Sequence[Cell], cell_of: CellOf) -> None:
        """Execute the accepted plan as far as the note says that the token is."""
        for cell in stated:
            if cell in self.plan and cell != self.at:
                self.follow(self.plan.index(cell) + 1, turn.note)
        for act in turn.did:
            if not self.plan:
                return
            path, _ = path_of(act.steps, self.at, cell_of)
            if path and path == self.plan[: len(path)]:
                self.follow(len(path), turn.note)

    # -- the note's own proposal -----------------------------------------------------------------------

    def propose(
        self, turn: Turn, asked: Sequence[Asked], settled: Sequence[Stepped], cell_of: CellOf
    ) -> None:
        """Make what the note proposes the open proposal; of several the last, unless they go on."""
        made: Offer | None = None
        before = self.steps[-len(settled) - 1].cell if len(self.steps) > len(settled) else START
        again = bool(settled) and self.echoed(turn, asked, before) == [step.cell for step in settled]
        for one in asked:
            act = one.act
            if again and act.echo and one.headings:
                continue  # "So yes, east, then south, and the key is ours."
            follows = act.onward and not act.instead
            if one.headings and act.echo and not act.onward and not self.was_settled(act, settled, cell_of):
                self.trouble += 0.5
            same = one.headings and settled and self.was_settled(act, settled, cell_of)
            if same and (act.echo or turn.repeats(act)) and not act.onward:
                continue  # "Agreed, right." repeats what was just settled
            path, texts = one.path, one.texts
            if one.headings and made and follows and not (act.echo and path[:1] == made.path[:1]):
                path, texts = path_of(act.steps, made.path[-1], cell_of)
            elif made and self.leads_further(one, made, cell_of):
                continue
            else:
                path, texts = self.ahead(path, texts)
            if not path or self.is_old(one, path, settled, made):
                self.wonder(one, settled)
                continue
            if made is None:
                self.catch_up(path[0], turn.note)
            offer = Offer(
                turn.seat,
                turn.note,
                path,
                texts,
                act.options,
                one.headings,
                turn.asks,
                not is_next_to(path[0], self.at),
            )
            if made is None:
                made = offer
            elif path == made.path[:1] and not (act.echo or act.bare or act.onward):
                made = offer  # "... So I propose the first of these, (0,1)."
            elif act.echo and len(path) > len(made.path) and path[: len(made.path)] == made.path:
                made = offer  # "1 right ok. So 1 right, 3 down"
            elif path == made.path or (len(path) == 1 and path[0] == made.path[-1]):
                continue
            elif (one.headings and follows) or self.continues(offer, made, act.instead, act.onward):
                made.path += path
                made.texts += texts
            elif not offer.far or (made.far and not one.headings):
                made = offer
        if made is None and (self.offer is None or self.offer.seat != turn.seat):
            made = self.hinted(turn, cell_of)
            if made and self.offer and not self.offer.hint and made.path == self.offer.path:
                made = None  # "Is (0,1) free?" asks about the open step
        if made:
            if not is_next_to(made.path[0], self.at) or not all(map(self.resolve.on_grid, made.path)):
                self.trouble += 1
            self.offer, self.refused = made, None

    def is_old(
        self, one: Asked, path: Sequence[Cell], settled: Sequence[Stepped], made: Offer | None
    ) -> bool:
        """The steps say nothing new: settled in this note, landmarks or part of the plan, or out of reach."""
        if one.act.bare and made is None and not is_next_to(path[0], self.at) and path[0] not in self.plan:
            return True
        if one.act.echo and not one.headings and {step.cell for step in settled}.issuperset(path):
            return True
        if len(path) > 1 and path == [step.cell for step in settled][-len(path) :]:
            return True  # "Confirmed. Taking (0,1), (0,2)."
        if not self.plan:
            return False
        if one.act.echo and list(path) == self.plan[: len(path)]:
            return True
        if self.decision == "yes" and path[0] != self.plan[0] and set(path) <= set(self.plan):
            return True  # it has just agreed to all of it, and goes through it
        return len(path) > 1 and not is_walk(path) and all(cell in self.plan for cell in path)

    def catch_up(self, first: Cell, note: int) -> None:
        """Execute what a proposal takes for granted: the plan up to it, or a far step that was agreed to."""
        if is_next_to(first, self.at):
            return
        if first in self.plan:
            self.follow(self.plan.index(first), note)
        else:
            near = [i for i, cell in enumerate(self.plan) if is_next_to(cell, first)]
            if near:
                self.follow(near[0] + 1, note)
        if self.far and not is_next_to(first, self.at) and is_next_to(first, self.far[0]):
            self.go(self.far[0], note, self.far[1])

    # -- where the seats believe the token is ----------------------------------------------------------

    def check(self, turn: Turn, following: Turn | None, stated: Sequence[Cell], before: Cell) -> None:
        """Compare the last position that the note states with where the token is."""
        if not stated:
            return
        said = stated[-1]
        mine = self.offer if self.offer and self.offer.note == turn.note else None
        own = mine.path if mine else []
        if said not in own and is_next_to(said, self.at) and not self.is_contested(following, said):
            self.swayed = True
            if self.manner != "strict":
                self.go(said, turn.note, "")
        self.elsewhere[turn.seat] = said not in (self.at, before, *own)
        if self.elsewhere[turn.seat]:
            self.trouble += 2

    def finish(self, turn: Turn) -> None:
        """The game is over: the rest of an accepted plan counts as walked, unless it was disputed since."""
        self.swayed = True
        if self.offer and self.offer.seat != turn.seat and self.manner != "strict" and not self.offer.options:
            for cell, text in zip(self.offer.path, self.offer.texts, strict=True):
                self.go(cell, turn.note, text)
            self.offer = None
        if self.plan and not (self.manner == "strict" and self.shaken):
            self.bulk = True
            self.follow(len(self.plan), turn.note)
