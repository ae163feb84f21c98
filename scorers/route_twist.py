"""Other ways to take a note, and what is plain repetition in it (pure).

open "south?", note "South. South again." -> repeats the first, proposes the second
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from .route_acts import Propose
from .route_notation import Cell
from .route_path import CellOf, path_of
from .route_steps import Step
from .route_turns import Offer, Turn, only_headings

Answer = Literal["", "take", "leave", "step"]


class Twist(NamedTuple):
    """Another way to take a note than its words suggest by themselves.

    `answer`: `take` the open proposal, `leave` it open, or `step` onto a neighbouring cell that both notes
    name. `offer`: the steps that the note proposes, none if empty. What is not given is as the words say.
    """

    answer: Answer = ""
    offer: tuple[Step, ...] | None = None


def echo_first(turn: Turn, offer: Offer | None, at: Cell, cell_of: CellOf) -> Sequence[Propose]:
    """The proposals of a note, cut where it repeats the directions that are open and then goes on."""
    proposals = turn.proposals
    if offer is None or offer.seat == turn.seat or not offer.headings or not proposals:
        return proposals
    first = proposals[0]
    if not first.bare or first.echo or not turn.repeats(first):
        return proposals
    steps = [step for act in proposals if only_headings(act) for step in act.steps]
    for length in range(1, len(steps)):
        if path_of(steps[:length], at, cell_of)[0] == offer.path:
            if length == len(first.steps) and len(proposals) > 2 and proposals[-1].bare:
                return (first._replace(echo=True), *proposals[1:])  # the last one may sum up the others
            return (Propose(tuple(steps[:length]), echo=True), Propose(tuple(steps[length:])))
    return proposals
