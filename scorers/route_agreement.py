"""Who agreed to what: acts of both seats -> the steps that count (pure).

    1: I propose (0,1).                       open: (0,1)
    2: Agreed. Next I propose (0,2).          taken: (0,1); open: (0,2)
    1: No, (0,2) is a wall. (1,1) instead.    dropped; open: (1,1)
    2: We are at (1,1).                       taken: (1,1)

A single step is executed when it is taken. Several are a plan, executed as the notes follow it; with the
phrase its rest is executed too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from .route_acts import (
    Accept, Act, Claim, Did, Doubt, Position, Propose, Question, Reject, Withdraw,
)  # fmt: skip
from .route_cells import Heading, Mention
from .route_notation import Cell
from .route_path import is_next_to, is_walk, path_of, walk

Manner = Literal["strict", "lenient", "generous"]
"""How much counts as consent. `lenient` adds nods in doubt, uncontested claims of a position, and the phrase;
`generous` every proposal that was not refused."""

START: Cell = (0, 0)


class Turn(NamedTuple):
    """One note: who wrote it, its acts, whether it says the phrase, and every cell it mentions."""

    note: int
    seat: int
    acts: tuple[Act, ...]
    done: bool
    mentions: tuple[Mention, ...] = ()


class Stepped(NamedTuple):
    """A step that both agreed to: where it leads, the note that settled it, how it was written."""

    cell: Cell
    note: int
    text: str


class Agreement(NamedTuple):
    """What the dialogue settled.

    `apart`: a seat ends with the token elsewhere than the agreed steps lead. `bulk`: steps were executed
    only because the phrase was said. `refused` counts proposals dropped by refusal.
    """

    steps: tuple[Stepped, ...]
    apart: bool
    bulk: bool
    refused: tuple[tuple[int, Cell], ...]


Resolve = Callable[[int, Mention], Cell]
"""The cell that a mention in the note with this number means."""


@dataclass
class _Offer:
    seat: int
    note: int
    path: list[Cell]
    texts: list[str]
    options: bool = False
    headings: bool = False
    asked: bool = False
    far: bool = False
    hint: bool = False


@dataclass
class _State:
    at: Cell = START
    steps: list[Stepped] = field(default_factory=list[Stepped])
    offer: _Offer | None = None
    refused: _Offer | None = None
    refused_by: int = 0
    plan: list[Cell] = field(default_factory=list[Cell])
    texts: list[str] = field(default_factory=list[str])
    far: tuple[Cell, str] | None = None
    elsewhere: dict[int, bool] = field(default_factory=dict[int, bool])
    bulk: bool = False
    drops: list[tuple[int, Cell]] = field(default_factory=list[tuple[int, Cell]])

    def go(self, cell: Cell, note: int, text: str) -> None:
        """Execute one step."""
        self.steps.append(Stepped(cell, note, text))
        self.at = cell
        self.far = None
        if self.plan and self.plan[0] == cell:
            del self.plan[0], self.texts[0]
        elif cell in self.plan:
            i = self.plan.index(cell)
            del self.plan[: i + 1], self.texts[: i + 1]

    def follow(self, count: int, note: int) -> None:
        """Execute the next steps of the accepted plan."""
        cells, texts = self.plan[:count], self.texts[:count]
        del self.plan[:count], self.texts[:count]
        for cell, text in zip(cells, texts, strict=True):
            self.steps.append(Stepped(cell, note, text))
            self.at = cell


class _Table:
    """The state machine of one dialogue under one way of reading it."""

    def __init__(self, turns: Sequence[Turn], resolve: Resolve, manner: Manner) -> None:
        self.turns = turns
        self.resolve = resolve
        self.manner: Manner = manner
        self.s = _State()

    def run(self) -> Agreement:
        """Read all notes in order, up to the one that ends the game."""
        for i, turn in enumerate(self.turns):
            following = self.turns[i + 1] if i + 1 < len(self.turns) else None
            self.turn(turn, following, self.turns[i - 1] if i else None)
            if turn.done:
                break
        s = self.s
        if s.plan and self.manner != "strict":
            s.follow(len(s.plan), self.turns[-1].note)
        return Agreement(tuple(s.steps), any(s.elsewhere.values()), s.bulk, tuple(s.drops))

    def turn(self, turn: Turn, following: Turn | None, previous: Turn | None) -> None:
        """One note: decide on the open proposal, follow the plan, then see what the note proposes."""
        s = self.s
        cell_of = lambda mention: self.resolve(turn.note, mention)  # noqa: E731
        before = s.at
        offer = s.offer if s.offer and s.offer.seat != turn.seat else None
        if any(isinstance(act, Withdraw) for act in turn.acts) and s.offer and s.offer.seat == turn.seat:
            s.offer = None
        if (
            offer is None
            and s.refused
            and s.refused_by == turn.seat
            and s.offer is None
            and self._gives_in(turn)
        ):
            offer = s.refused
            s.refused = None
        claims = [cell_of(act.cell) for act in turn.acts if isinstance(act, Position) and not act.recap]
        claims += [cell_of(act.cell) for act in turn.acts if isinstance(act, Position) and act.recap]
        proposals = self._proposals(turn)
        named = self._named(turn, offer, proposals, previous)
        if named:
            s.offer = None
            s.go(named[0], turn.note, named[1])
            offer = None
        if offer:
            verdict = self._verdict(turn, offer, claims, proposals)
            if verdict == "no":
                s.drops.append((turn.note, offer.path[0]))
                s.refused, s.refused_by, s.offer = offer, turn.seat, None
            elif verdict == "yes":
                s.offer = s.refused = None
                self._take(turn, offer, claims, proposals)
        self._follow(turn, claims)
        self._propose(turn, proposals)
        self._check_claims(turn, following, claims, before)
        if turn.done:
            self._finish(turn)

    def _proposals(self, turn: Turn) -> list[Propose]:
        proposals: list[Propose] = []
        for act in turn.acts:
            if isinstance(act, Withdraw):
                proposals.clear()
            elif isinstance(act, Propose) and not act.fallback and not act.hint and act.steps:
                proposals.append(act)
        return proposals

    def _named(
        self, turn: Turn, offer: _Offer | None, proposals: list[Propose], previous: Turn | None
    ) -> tuple[Cell, str] | None:
        """A step that the note agrees to by name, and that the other's last note spoke of, asked for or not."""
        s = self.s
        if previous is None or previous.seat == turn.seat or (offer and not offer.hint):
            return None
        if any(isinstance(act, Withdraw) or (isinstance(act, Reject) and act.firm) for act in turn.acts):
            return None
        spoken = {self.resolve(previous.note, mention) for mention in previous.mentions}
        walls = {
            self.resolve(t.note, act.cell)
            for t in (previous, turn)
            for act in t.acts
            if isinstance(act, Claim) and act.state == "wall"
        }
        for act in proposals:
            if not act.echo or act.onward or len(act.steps) != 1 or not isinstance(act.steps[0], Mention):
                continue
            cell = self.resolve(turn.note, act.steps[0])
            if cell in spoken and cell not in walls and is_next_to(cell, s.at):
                return cell, act.steps[0].text
        return None

    def _gives_in(self, turn: Turn) -> bool:
        return any(isinstance(a, Accept) and (a.force == 2 or a.late) for a in turn.acts) and not any(
            isinstance(a, Reject) and a.firm for a in turn.acts
        )

    # -- decision on the open proposal ---------------------------------------------------------------

    def _verdict(self, turn: Turn, offer: _Offer, claims: list[Cell], proposals: list[Propose]) -> str:
        s = self.s
        cell_of = lambda mention: self.resolve(turn.note, mention)  # noqa: E731
        cells = set(offer.path)
        force, refused, doubt = -1, False, False
        firm = own = False
        for act in turn.acts:
            own = own or (isinstance(act, Propose) and not act.echo and not act.hint)
            if isinstance(act, Accept):
                if own and act.force < 2 and not act.late:
                    continue  # "I propose (0,2). That is open on my map."
                about = {cell_of(m) for m in act.about}
                if about and not about & cells and offer.asked and not act.late:
                    continue
                if refused and not act.late and act.force < 2:
                    continue
                force = max(force, 1 if act.late and act.force < 2 else act.force)
                if act.late or act.force == 2:
                    refused = False
            elif isinstance(act, Reject):
                named = {cell_of(x) for x in act.steps if isinstance(x, Mention)}
                ways = [x for x in act.steps if isinstance(x, Heading)]
                if own and not named & cells:
                    continue  # "(1,2)? No wait, (2,1)" takes back the own proposal
                if named and not named & cells:
                    if act.firm and not offer.asked and force < 2:
                        refused = firm = True
                    continue
                if ways and not named:
                    first = walk(s.at, ways[0])[0]
                    if first != offer.path[0] or force == 2:
                        continue
                if force == 2 and act.firm and not named:
                    doubt = True
                    continue
                refused, firm = True, firm or act.firm
            elif isinstance(act, Claim):
                if act.state == "wall" and cell_of(act.cell) in cells and force < 2:
                    refused = True
            elif isinstance(act, Doubt):
                doubt = doubt or not own
                if act.hold:
                    return "open"
        again = self._goes_on(turn, offer, proposals)
        other = self._differs(turn, offer, proposals)
        if refused:
            stated = any(c in cells for c in claims)
            return "yes" if stated and not firm and force >= 1 else "no"
        if force == 2 and other and doubt and not self._repeats(turn, offer, proposals):
            return "no"
        if force == 2:
            return "yes"
        if any(c in cells for c in claims) or again:
            return "yes"
        asks = any(isinstance(a, Question) for a in turn.acts) and not proposals
        if force == 1 and not offer.hint and not other and not doubt and not asks:
            return "yes"
        if self.manner != "strict" and force >= 0 and not other:
            return "yes"
        if self.manner == "generous" and not other:
            return "yes"
        return "open"

    def _first_cell(self, turn: Turn, act: Propose, at: Cell) -> Cell | None:
        path, _ = path_of(act.steps, at, lambda m: self.resolve(turn.note, m))
        return path[0] if path else None

    def _goes_on(self, turn: Turn, offer: _Offer, proposals: list[Propose]) -> bool:
        """The note repeats the open proposal, or proposes what only makes sense after it."""
        s = self.s
        for act in proposals:
            if all(isinstance(step, Heading) for step in act.steps):
                if act.echo and not act.onward and self._first_cell(turn, act, s.at) == offer.path[0]:
                    return True
                if act.onward and not act.instead and offer.headings:
                    return True
                if self._restates(turn, offer, act):
                    return True
                continue
            first = self._first_cell(turn, act, s.at)
            if first is None:
                continue
            if first in (offer.path[0], offer.path[-1]) and first != s.at:
                return True
            if (
                not is_next_to(first, s.at)
                and first != s.at
                and any(is_next_to(first, c) or first == c for c in offer.path)
            ):
                return True
        return False

    def _repeats(self, turn: Turn, offer: _Offer, proposals: list[Propose]) -> bool:
        """The note consents to the open step by name."""
        return any(act.echo and self._first_cell(turn, act, self.s.at) == offer.path[0] for act in proposals)

    def _restates(self, turn: Turn, offer: _Offer, act: Propose, longer: bool = False) -> bool:
        """The steps begin as the open plan of several directions does, and go on if `longer`."""
        path, _ = path_of(act.steps, self.s.at, lambda m: self.resolve(turn.note, m))
        length = len(offer.path)
        return length > 1 and path[:length] == offer.path and (len(path) > length or not longer)

    def _differs(self, turn: Turn, offer: _Offer, proposals: list[Propose]) -> bool:
        """The note proposes another step from the same place."""
        s = self.s
        for act in proposals:
            if all(isinstance(step, Heading) for step in act.steps):
                continue
            first = self._first_cell(turn, act, s.at)
            if (
                first is not None
                and is_next_to(first, s.at)
                and first != offer.path[0]
                and not is_next_to(first, offer.path[-1])
            ):
                return True
        return False

    # -- execution -----------------------------------------------------------------------------------

    def _take(self, turn: Turn, offer: _Offer, claims: list[Cell], proposals: list[Propose]) -> None:
        s = self.s
        firsts = [self._first_cell(turn, act, s.at) for act in proposals]
        if offer.options:
            chosen = next((c for c in [*claims, *firsts] if c in offer.path), None)
            if chosen is None and self.manner == "strict":
                return
            chosen = chosen or offer.path[0]
            s.go(chosen, turn.note, offer.texts[offer.path.index(chosen)])
            return
        if len(offer.path) == 1:
            cell = offer.path[0]
            if (
                offer.far
                and not any(c == cell for c in claims)
                and not any(f is not None and is_next_to(f, cell) and not is_next_to(f, s.at) for f in firsts)
            ):
                ahead = any(f is not None and is_next_to(f, s.at) for f in firsts)
                s.far = None if ahead else (cell, offer.texts[0])
                return
            s.go(cell, turn.note, offer.texts[0])
            return
        s.plan, s.texts = list(offer.path), list(offer.texts)
        stated = [i for c in claims for i, p in enumerate(s.plan) if p == c][-1:]
        if stated:
            s.follow(stated[0] + 1, turn.note)
            return
        if offer.headings:
            longer = any(self._restates(turn, offer, act, longer=True) for act in proposals)
            again = any(self._restates(turn, offer, act) for act in proposals)
            further = not again and any(not act.echo or act.onward for act in proposals)
            whole = any(act for act in turn.acts if isinstance(act, Did))
            if whole or further or (not longer and (len(offer.path) <= 4 or len(set(offer.texts)) == 1)):
                s.follow(len(s.plan), turn.note)
            return
        for act, first in zip(proposals, firsts, strict=True):
            if first is None or first not in s.plan:
                continue
            path, _ = path_of(act.steps, s.at, lambda m: self.resolve(turn.note, m))
            length = len(path)
            if act.echo and path == s.plan[:length] and length < len(s.plan):
                s.follow(length, turn.note)
                return

    def _follow(self, turn: Turn, claims: list[Cell]) -> None:
        """Execute the accepted plan as far as the note says that the token is."""
        s = self.s
        for cell in claims:
            if s.plan and cell in s.plan and cell != s.at:
                s.follow(s.plan.index(cell) + 1, turn.note)
        for act in turn.acts:
            if isinstance(act, Did) and s.plan:
                path, _ = path_of(act.steps, s.at, lambda m: self.resolve(turn.note, m))
                if path and path == s.plan[: len(path)]:
                    s.follow(len(path), turn.note)

    # -- the note's own proposal ---------------------------------------------------------------------

    def _propose(self, turn: Turn, proposals: list[Propose]) -> None:
        s = self.s
        cell_of = lambda mention: self.resolve(turn.note, mention)  # noqa: E731
        made: _Offer | None = None
        asked = any(isinstance(act, Question) for act in turn.acts)
        last_settled = [x for x in s.steps if x.note == turn.note]
        for act in proposals:
            ways = all(isinstance(step, Heading) for step in act.steps)
            if ways and made and act.onward and not act.instead:
                path, texts = path_of(act.steps, made.path[-1], cell_of)
            else:
                path, texts = path_of(act.steps, s.at, cell_of)
            if ways and act.echo and not act.onward and last_settled:
                continue  # "Agreed, right." repeats what was just settled
            keep = [i for i, c in enumerate(path) if i == 0 or c != path[i - 1]]
            path, texts = self._ahead([path[i] for i in keep], [texts[i] for i in keep])
            if s.plan and len(path) > 1 and all(c in s.plan for c in path) and not is_walk(path):
                continue  # landmarks of the route that was agreed
            if act.bare and path and not is_next_to(path[0], s.at) and not made and path[0] not in s.plan:
                continue
            if not path or (len(path) == 1 and path[0] == s.at):
                continue
            if not ways and any(path[0] == x.cell for x in last_settled) and len(path) == 1:
                continue
            first = path[0]
            if s.plan and path == s.plan[: len(path)] and act.echo:
                continue
            if not is_next_to(first, s.at) and not made and s.plan:
                near = [i for i, c in enumerate(s.plan) if c == first]
                if near:
                    s.follow(near[0], turn.note)
                elif near := [i for i, c in enumerate(s.plan) if is_next_to(c, first)]:
                    s.follow(near[0] + 1, turn.note)
            if not is_next_to(first, s.at) and not made and s.far and is_next_to(first, s.far[0]):
                s.go(s.far[0], turn.note, s.far[1])
            far = not is_next_to(first, s.at)
            offer = _Offer(turn.seat, turn.note, path, texts, act.options, ways, asked, far)
            if made is None:
                made = offer
            elif path == made.path or (len(path) == 1 and path[0] == made.path[-1]):
                continue
            elif ways and act.onward and not act.instead:
                made.path += path
                made.texts += texts
            elif (
                not act.instead
                and is_next_to(first, made.path[-1])
                and (not is_next_to(first, s.at) or act.onward)
                and not made.options
            ):
                made.path += path
                made.texts += texts
            elif not far or (made.far and not ways):
                made = offer
        if made is None and (s.offer is None or s.offer.seat != turn.seat):
            made = self._hint(turn)
        if made:
            s.offer = made
            s.refused = None

    def _hint(self, turn: Turn) -> _Offer | None:
        """The step that a note without a proposal ends on, if it leads to a neighbouring cell."""
        for act in turn.acts:
            if isinstance(act, Propose) and act.hint:
                path, texts = path_of(act.steps, self.s.at, lambda m: self.resolve(turn.note, m))
                if path and is_next_to(path[0], self.s.at) and not turn.done:
                    ways = all(isinstance(step, Heading) for step in act.steps)
                    return _Offer(turn.seat, turn.note, path, texts, headings=ways, hint=True)
        return None

    def _ahead(self, path: list[Cell], texts: list[str]) -> tuple[list[Cell], list[str]]:
        """Drop what a restated route has behind it."""
        s = self.s
        walked = [START, *(step.cell for step in s.steps)]
        for behind in (walked, walked[1:]):
            if len(behind) > 1 and path[: len(behind)] == behind:
                return path[len(behind) :], texts[len(behind) :]
        if path and path[0] != s.at and not is_next_to(path[0], s.at) and s.at in path[:-1]:
            i = path.index(s.at)
            return path[i + 1 :], texts[i + 1 :]
        while path and path[0] == s.at:
            path, texts = path[1:], texts[1:]
        return path, texts

    # -- where the seats believe the token is --------------------------------------------------------

    def _check_claims(self, turn: Turn, following: Turn | None, claims: list[Cell], before: Cell) -> None:
        s = self.s
        if not claims:
            return
        said = claims[-1]
        own = s.offer.path if s.offer and s.offer.seat == turn.seat and s.offer.note == turn.note else []
        if (
            self.manner != "strict"
            and is_next_to(said, s.at)
            and said not in own
            and not self._contested(following, said)
        ):
            s.go(said, turn.note, "")
        s.elsewhere[turn.seat] = said not in (s.at, before, *own)

    def _contested(self, following: Turn | None, cell: Cell) -> bool:
        if following is None:
            return False
        for act in following.acts:
            if isinstance(act, Reject) and act.firm:
                return True
            if (
                isinstance(act, Claim)
                and act.state == "wall"
                and self.resolve(following.note, act.cell) == cell
            ):
                return True
        return False

    def _finish(self, turn: Turn) -> None:
        s = self.s
        if s.offer and s.offer.seat != turn.seat and self.manner != "strict" and not s.offer.options:
            for cell, text in zip(s.offer.path, s.offer.texts, strict=True):
                s.go(cell, turn.note, text)
            s.offer = None
        if s.plan:
            s.bulk = True
            s.follow(len(s.plan), turn.note)


def agree(turns: Sequence[Turn], resolve: Resolve, manner: Manner = "strict") -> Agreement:
    """The steps that both seats agreed to, in order.

    Args:
        turns: The notes.
        resolve: What a mention means in the note with a number.
        manner: How much counts as consent.
    """
    return _Table(turns, resolve, manner).run()
