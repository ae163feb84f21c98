"""What a note decides about the other seat's open proposal: taken, refused, or left open (pure).

open (0,1): "Agreed." -> yes; "No, (0,1) is a wall." -> no; "Is (0,2) open?" -> open
open (0,1): "We're at (0,1)." -> yes; "Next (0,2)." -> yes, it only makes sense after (0,1)
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from .route_acts import Accept, Claim, Propose, Reject
from .route_notation import Cell
from .route_path import CellOf, is_next_to, path_of, walk
from .route_steps import Heading, Mention, Step
from .route_turns import Asked, Manner, Offer, Turn, only_headings

Verdict = Literal["yes", "no", "open"]


class _Words(NamedTuple):
    """What a note says to the open proposal in so many words.

    `force` of the strongest consent, -1 for none; whether it refuses, and firmly; whether it hesitates, or
    puts its answer off.
    """

    force: int
    refused: bool
    firm: bool
    doubt: bool
    held: bool


def verdict(
    turn: Turn,
    offer: Offer,
    at: Cell,
    stated: Sequence[Cell],
    asked: Sequence[Asked],
    cell_of: CellOf,
    manner: Manner,
) -> Verdict:
    """Whether a note takes the open proposal.

    Args:
        turn: The note.
        offer: The other seat's open proposal.
        at: Where the token is.
        stated: Where the note says it is.
        asked: What the note proposes itself.
        cell_of: What its mentions mean.
        manner: How much counts as consent.
    """
    words = _words(turn, offer, at, cell_of)
    if words.held:
        return "open"
    arrived = any(cell in offer.path for cell in stated) if stated else False
    arrived = arrived or any(path_of(act.steps, at, cell_of)[0] == offer.path for act in turn.did)
    if turn.done and not words.refused:
        named = any(cell_of(mention) == offer.path[-1] for mention in turn.mentions)
        if named or any(one.path == offer.path for one in asked):
            return "yes"
    if words.refused:
        return "yes" if arrived and not words.firm else "no"
    if manner == "strict" and not arrived and _accepts_other(turn, asked, offer, at, cell_of):
        return "open"
    if offer.hint and offer.headings and any(_counts_on(one, offer) for one in asked):
        return "open"  # "Down is open." "So down twice?"
    if words.force == 2 and not words.doubt:
        return "yes"
    other = any(_differs(one, offer, at) for one in asked)
    if words.force == 2:
        return "no" if other and not any(_repeats(one, offer) for one in asked) else "yes"
    if asked and not words.doubt and repeats_way(turn, asked[0], offer):
        return "yes"
    stays = at in stated  # "We're on (0,1)." while (0,2) is open: it was not taken
    if arrived or (not stays and any(goes_on(one, offer, at) for one in asked)):
        return "yes"
    if words.force >= 1 and any(one.stays and not one.act.echo for one in asked):
        return "yes"  # "OK. Dead end, back to (0,1)": that is where the token is until the step is taken
    if other:
        return "open"
    only_asks = turn.asks and not asked and not any(isinstance(act, Accept) and act.lone for act in turn.acts)
    if words.force == 1 and not offer.hint and not words.doubt and not only_asks:
        return "yes"
    if (manner != "strict" and words.force >= 0) or manner == "generous":
        return "yes"
    return "open"


def _words(turn: Turn, offer: Offer, at: Cell, cell_of: CellOf) -> _Words:
    force, refused, firm, doubt, own = -1, False, False, False, False
    elsewhere = False
    assented: list[Cell] = []
    for number, act in enumerate(turn.answers):
        if isinstance(act, Propose):
            asks = not (act.echo or act.hint)
            elsewhere = refused and act.echo and _leads_elsewhere(act, offer, at, cell_of)
            own = own or (asks and not any(_means(step, offer, cell_of) for step in act.steps))
        elif isinstance(act, Accept):
            if elsewhere:
                continue  # "No, right is a wall. Down works."
            if own and act.force < 2 and not act.late:
                continue  # "I propose (0,2). That is open on my map."
            about = [cell_of(mention) for mention in act.about] if act.about else []
            if about and offer.asked and not act.late and not any(cell in offer.path for cell in about):
                continue  # "Yes, (1,2) is open" answers the question beside the proposal
            if refused and not act.late and act.force < 2:
                continue
            assented += about
            force = max(force, 1 if act.late and act.force < 2 else act.force)
            if act.late or act.force == 2:
                refused = False
        elif isinstance(act, Reject) and act.whole:
            refused, firm, force = True, True, -1
        elif isinstance(act, Reject):
            cells = [cell_of(step) for step in act.steps if isinstance(step, Mention)]
            meant = any(cell in offer.path for cell in cells)
            if (
                own
                and not meant
                and (cells or any(isinstance(later, Propose) for later in turn.answers[number:]))
            ):
                continue  # "(1,2)? No wait, (2,1)" takes back the own proposal
            if cells and not meant:
                if act.firm and not offer.asked and force < 2:
                    refused = firm = True
                continue
            ways = [step for step in act.steps if isinstance(step, Heading)]
            if (
                ways
                and not cells
                and (force == 2 or walk(at, ways[0])[0] != offer.path[0])
                and not (ways[0].counted and ways[0].text.lower() in map(str.lower, offer.texts))
            ):
                continue
            if force == 2 and act.firm and not cells and not doubt:
                doubt = True
                continue
            refused, firm = True, firm or act.firm
        elif isinstance(act, Claim):
            # "Yes, (0,1) is a wall" and "Agreed, but (0,1) is a wall" refuse; what comes later may give in.
            cell = cell_of(act.cell)
            if cell in offer.path and (force < 2 or doubt or cell in assented):
                refused, firm, force = True, True, -1
        else:
            doubt = doubt or not own
            if act.hold:
                return _Words(force, refused, firm, True, True)
    return _Words(force, refused, firm, doubt, False)


def _leads_elsewhere(act: Propose, offer: Offer, at: Cell, cell_of: CellOf) -> bool:
    """The note has a good word for other directions than the open ones."""
    return offer.headings and only_headings(act) and path_of(act.steps, at, cell_of)[0][0] != offer.path[0]


def _means(step: Step, offer: Offer, cell_of: CellOf) -> bool:
    return isinstance(step, Mention) and cell_of(step) in offer.path


def goes_on(asked: Asked, offer: Offer, at: Cell) -> bool:
    """The note repeats the open proposal, or proposes what only makes sense after it."""
    act, first = asked.act, asked.first
    if asked.headings:
        if act.echo and not act.onward and first == offer.path[0]:
            return True
        return (act.onward and not act.instead and offer.headings) or restates(asked, offer)
    if first is None or first == at:
        return False
    if first in (offer.path[0], offer.path[-1]):
        # What was only spoken of is not taken by asking for it: "(0,1) is free." "I propose (0,1)."
        return not offer.hint or act.echo or len(asked.path) > 1
    return not is_next_to(first, at) and any(first == cell or is_next_to(first, cell) for cell in offer.path)


def repeats_way(turn: Turn, asked: Asked, offer: Offer) -> bool:
    """The note begins with the very direction that is open: "South." in answer to "South?"."""
    alike = offer.headings or len(offer.path) == 1
    return alike and asked.headings and asked.path == offer.path and turn.repeats(asked.act)


def restates(asked: Asked, offer: Offer, longer: bool = False) -> bool:
    """The steps begin as the open plan of several steps does, and go on if `longer`."""
    length = len(offer.path)
    return length > 1 and asked.path[:length] == offer.path and (len(asked.path) > length or not longer)


def _counts_on(asked: Asked, offer: Offer) -> bool:
    """One counted direction that leads over the open steps and further."""
    length = len(offer.path)
    return (
        asked.headings
        and len(asked.act.steps) == 1
        and len(asked.path) > length
        and asked.path[:length] == offer.path
    )


def is_total(asked: Asked, offer: Offer) -> bool:
    """The note counts a direction anew, the open steps included: "three to the right in total"."""
    length, texts = len(offer.path), asked.act.steps
    return (
        asked.act.total
        and asked.headings
        and offer.headings
        and len(texts) == 1
        and asked.path[:length] == offer.path
        and len(asked.path) > length
    )


def _repeats(asked: Asked, offer: Offer) -> bool:
    """The note consents to the open step by name."""
    return asked.act.echo and asked.first == offer.path[0]


def _differs(asked: Asked, offer: Offer, at: Cell) -> bool:
    """The note proposes another step from the same place."""
    first = asked.first
    if asked.headings or first is None:
        return False
    return is_next_to(first, at) and first != offer.path[0] and not is_next_to(first, offer.path[-1])


def _accepts_other(turn: Turn, asked: Sequence[Asked], offer: Offer, at: Cell, cell_of: CellOf) -> bool:
    """The note consents by name to a cell out of reach that is not the open step, and proposes another.

    "OK (1,2). Now (2,2)?" to (0,2); without the second cell "OK, (1,2)?" may be the proposal.
    """
    first = next((one for one in asked if not one.headings), None)
    if all(one.act.echo for one in asked):
        return False
    if first is None or not first.act.echo or first.act.onward or first.first in (None, *offer.path):
        return False
    if first.first == at or is_next_to(first.first or at, at):
        return False
    return all(cell_of(mention) not in offer.path for mention in turn.mentions)
