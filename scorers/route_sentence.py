"""From a sentence to its acts (pure).

    "Agreed, we're at (0,1), so next I propose (0,2)." -> Accept, Position((0,1)), Propose((0,2))

Cells and directions are masked, what is left is read once and kept (`plan_of`), then they are put back.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from .route_acts import Act, Claim, Did, Position, Propose, Question, Reject
from .route_claimed import takes
from .route_cues import Cue, Statement, claims_in, cues, cues_in
from .route_decisions import MADE, decisions
from .route_provisos import only_weighed, without_provisos
from .route_roles import Masked, Role, is_weak, replaces, role_of, stands_alone, weighs
from .route_steps import Mention, Step

_VAGUE = re.compile(
    r"^ (?:along|the (?:left|right|top|bottom|first|last|outer|whole|column|row|side|edge)|col(?:umn)?s?"
    r"|rows?|until|past|all"
    r"|as far|through|in (?:row|col)|side|line)\b(?![^CH]{0,20}C)|^ towards?\b"
)
_THERE = re.compile(
    r"\b(?:go|move|step|head|moving|going|stepping|proceed)(?: on| over| onto)? (?:there|it|that cell"
    r"|that one)\b"
    r"|(?<!you )(?<!you'd )\b(?:propose|suggest|take|try|proposing|suggesting|vote for|go for"
    r"|go with)(?: to take| taking)? (?:it|that|this|that one|this one|there)"
    r"(?=\s*(?:[.,;!?)]|$|as\b|next\b|then\b|now\b))"
)
_THESE = re.compile(
    r"\b(?:take|do|make|go|move|step|walk|propose|suggest|try)(?: for| on| to| onto| through)?"
    r" (?:those|these|both|all)(?: (?:two|three|four|of (?:them|these|those)|cells|steps|moves|squares))*"
    r"(?=\s*(?:[.,;!?)]|$|next\b|then\b|now\b))"
)
_NEVER = re.compile(r"(?<!why )\bnot\b|(?<!why do)n't\b|\bcannot\b|\b(?:never|without)\b")
"""What keeps "go there" and "take both" from asking for anything: "we shouldn't take both"."""
_ASKS_TO_GO = re.compile(
    r"^(?:and |so |then |now |ok(?:ay)?,? |if so,? )*(?:(?:shall|should|may) (?:we|i)\b|how about|what about"
    r"|why (?:not|don't)|(?:do you )?want to"
    r"|(?:go|move|step|head|take|do) (?:there|it|these|those|both|all)\b)"
)
"""A question that asks for a step, and not what lies there."""
_ONTO = re.compile(r"(?<=H) (?:onto|on to|into) (?:the|my|your|our) (?:key|goal|star|\*)(?=[.!?,;]|$)")
"""What the next cell holds: "right onto your key" is a step to the right."""
_PUTS = re.compile(r"\b(?:puts?|brings?|takes?|lands?|leaves?|gets?|moves?|places?)\b")
_OPTIONS = re.compile(r"[CH][^CH]{0,30}\bor\b[^CH]{0,20}[CH]")
_WALL = re.compile(r"\b(?:wall|blocked)\b")
_IS_WALL = re.compile(r"[^,;]{0,12}\b(?:is|are|has|there's|looks|would be)\b[^,;]{0,20}\b(?:wall|blocked)\b")
_OPEN_AFTER = re.compile(
    r"^ (?:of (?:us|there|that|here|C|it|the (?:start|token|key|goal)) )?(?:is|are|looks|seems"
    r"|shows|'s|was|isn't|aren't)"
    r" (?:(?:also|not|just|all|both|hidden|a|an|the|my|your|clearly|definitely|still|now|too|unknown)[ ,]+)*"
    r"(?:open|free|clear|hidden|unknown|dots?|walls?|blocked|question|\?|off the|the edge|keys?|goal|dead"
    r"|(?:ok|okay|fine|good) (?:on|in) (?:mine|my))"
)
_UNSEEN = re.compile(r"^ i (?:can't|cannot|can|don't|do not|couldn't)\b")
_FROM_START = re.compile(r"\b(?:of|from) (?:the |our )?start\b")
_LANDMARK = re.compile(
    r"\b(?:key|goal|star|treasure)s?(?: is| are| lies| sits|'s|:| =)+ (?:[a-z']+ ){0,2}H\b"
    r"|\b(?:key|goal|star): H"
)
"""Where a key lies, as seen from the start: "my key: 2 down, 1 right of start"."""
_LISTED = re.compile(r"^(?:, | and |, and |, then | )$")
_VERB_AGAIN = re.compile(r"^,? (?:and )?(?:move|go|step|walk|head)(?: to)? $")
_LIES = re.compile(
    r"\b(?:it|that|which|key|goal|star|cell|one|wall|he|she|mine|yours|start|walls?|cells?|lies|edge)"
    r"(?: cell| key| map)?(?:'s| is| are| lies| sits| was) (?:(?:to|on|in|the|its|our|your|my|just|right"
    r"|very|next|first|second|directly|immediately|straight|further|far|all|way|cells?|rooms?|squares?"
    r"|then|also|still) )*$"
)
_WALL_LIES = re.compile(r"\bwalls? (?:is |are |lies |right )?(?:to|on) (?:the|its|our|my|your) $")
_WE_ARE = re.compile(r"\b(?:we|token)(?:'re| are|'s| is)(?: (?:now|then|already|at|on|still|just))* $")
_I_MOVED = re.compile(r"i(?:'ve| have)? (?:just |now |already )?(?:moved|stepped|advanced|went)\b")
_ASKED_FOR = re.compile(r"\b(?:propos|suggest|step|move|next(?! (?:room|cell|square|tile)s? to)|action)")
_MEANS = re.compile(r"^(?:.*[,;] )?(?:H (?:is|=|means) H(?:, | and |,? and so on)?)+")
_SAME_CELL = re.compile(
    r"C (?:is|=|becomes|would be|means|corresponds to|equals|translates to|in (?:my|your|the new"
    r"|the old) [a-z ]{3,20} is)"
    r" (?:my |your |now )?C"
    r"|C (?:is|lies) (?:just |directly |right )*(?:(?:next|adjacent) to|be(?:low|neath|side)|above|under) C"
)
"""Two names of one cell, as when a notation changes: the second one counts. Or where a cell lies."""
_ASKS_ABOUT = re.compile(
    r"\b(?:do|did|does|are|is|was|were|have|has) (?:we|you|i|both|that|it|the)\b"
    r"(?!.*\b(?:next|ok|okay|agree)\b)"
)
_TOTAL = re.compile(r",? (?:in total|altogether|all in all|overall)\b")
_AGAIN = re.compile(r" (?:again|once more|too|another time|a second time)\b")
_IF_THEN = re.compile(r"^(?:and |so )?(?:if|assuming|provided|in case)\b[^CH]*, then\b|^so,? (?=[CH]+$)")
"""The "then" of a condition is no later step, nor is the "so" of "So left is agreed"."""
_LEADS_TO = re.compile(r"H (?:again |on |once more )?(?:to|through) (?:the )?C")
"""A direction and the cell it leads to: one step, that has one role."""
_ASKS_BE = re.compile(r"^(?:are|is|so are|am)\b")
THESE = Propose((), onward=True)
"""Stands for "let's take both" until the note says which."""
HERE = Propose(())
"""Stands for "let's go there" until the note says where."""

Build = Callable[[tuple[Step, ...]], Act]


class Item(NamedTuple):
    """An act to be: its place, the numbers of the steps it needs, and how it is made of them."""

    at: int
    numbers: tuple[int, ...]
    build: Build


class _Group(NamedTuple):
    """Neighbouring steps under one cue."""

    role: Role
    cue: Cue | None
    numbers: list[int]


def acts_of(text: str, steps: tuple[Step, ...]) -> list[Act]:
    """The acts of a masked sentence, with its cells and directions put back."""
    return [item.build(tuple([steps[n] for n in item.numbers])) for item in plan_of(text)]


@lru_cache(maxsize=32768)
def plan_of(text: str) -> tuple[Item, ...]:
    """Read a masked sentence."""
    text = _ONTO.sub("", without_provisos(text))
    masked = Masked(
        text,
        tuple(cues_in(text)),
        tuple(i for i, char in enumerate(text) if char in "CH"),
        text.rstrip(" \"')").endswith("?"),
    )
    cells = [number for number, i in enumerate(masked.spots) if text[i] == "C"]
    claims = claims_in(text)
    items = [_claim(masked, cells[claim.number], claim) for claim in claims]
    taken = {
        cells[claim.number] for claim in claims if takes(masked, masked.spots[cells[claim.number]], claim)
    }
    groups = _groups(masked, taken)
    moves = False
    proposes = False
    for group in groups:
        item, role = _item(masked, group, groups)
        if item:
            items.append(item)
            proposes = proposes or role == "propose"
            moves = moves or role in ("propose", "position", "did")
    answered = tuple(cells[claim.number] for claim in claims)
    for decision in decisions(masked, moves):
        items.append(Item(decision.at, answered if decision.answers else (), decision.with_cells))
    if not proposes:
        items += _unspoken(masked, cells)
    return tuple(sorted(items, key=lambda item: item.at))


def _claim(masked: Masked, number: int, claim: Statement) -> Item:
    return Item(masked.spots[number], (number,), partial(_claimed, claim))


def _claimed(claim: Statement, chosen: tuple[Step, ...]) -> Act:
    cell = chosen[0]
    assert isinstance(cell, Mention)
    return Claim(cell, claim.state, claim.own)


def _groups(masked: Masked, taken: set[int]) -> list[_Group]:
    """The other steps with their roles, neighbours under one cue together."""
    groups: list[_Group] = []
    stated = -1
    for number, at in enumerate(masked.spots):
        if number in taken or _SAME_CELL.match(masked.text[at:]) or _explains(masked.text, at):
            continue
        listed = stated >= 0 and _LISTED.match(masked.text[stated + 1 : at])
        if masked.text[at] == "H" and (listed or _states_way(masked.text, at)):
            stated = at
            continue
        leads = _LEADS_TO.match(masked.text, at)
        role, cue = role_of(masked, leads.end() - 1 if leads else at)
        last = groups[-1] if groups and groups[-1].numbers[-1] == number - 1 else None
        puts = role == "position" and cue and _PUTS.search(masked.text[cue.start : cue.end])
        if last and role in ("bare", "echo") and _after_done(masked, last, at):
            groups.append(_Group("propose", None, [number]))  # "(0,1) done, (0,2)"
        elif last and last.role == role and last.cue == cue:
            last.numbers.append(number)
        elif last and last.role == role and _VERB_AGAIN.match(masked.text[masked.spots[number - 1] + 1 : at]):
            last.numbers.append(number)  # "move down, move down and move right"
        elif last and last.role == "propose" and (role == "future" or puts):
            last.numbers.append(number)  # "right, which puts us at (0,2)": one step, told twice
        else:
            groups.append(_Group(role, cue, [number]))
    return groups


def _after_done(masked: Masked, last: _Group, at: int) -> bool:
    """The steps before are told as done, and nothing is said of this one: "(0,1) done, (0,2)"."""
    end = masked.spots[last.numbers[-1]]
    if masked.question or not MADE.match(masked.text, end):
        return False
    return not any(cue.kind == "accept" and end < cue.start and cue.end > at for cue in masked.cues)


def _item(masked: Masked, group: _Group, groups: Sequence[_Group]) -> tuple[Item | None, str]:
    """What a group of steps becomes, and the kind of act that is."""
    text, spots = masked.text, masked.spots
    role, numbers = group.role, group.numbers
    at = spots[numbers[0]]
    cells = [n for n in numbers if text[spots[n]] == "C"]
    if role == "reject":
        return Item(at, tuple(numbers), _refused), "reject"
    if role == "position" and cells and group.cue and _I_MOVED.match(text, group.cue.start):
        return _proposal(masked, group, groups), "propose"
    if role == "position":
        if masked.question and _ASKS_BE.match(text):
            return None, "none"
        return (
            (Item(at, (_placed(masked, group, cells),), _position), "position")
            if cells
            else (Item(at, tuple(numbers), Did), "did")
        )
    if role == "recap":
        return (Item(at, (cells[-1],), _recap), "recap") if cells else (None, "none")
    if weighs(masked, group.cue):
        return None, "none"
    if role in ("aside", "none") or (
        role == "bare"
        and not stands_alone(masked, at, spots[numbers[-1]])
        and not MADE.match(text, spots[numbers[-1]])
    ):
        return None, "none"
    asked = any(g.role in ("propose", "echo", "bare") for g in groups)
    if role == "future" and not asked and not any(cue.kind == "propose" for cue in masked.cues):
        return None, "none"
    if not cells and _WALL.search(text) and _IS_WALL.match(text[spots[numbers[-1]] + 1 :]):
        return Item(at, tuple(numbers), _refused), "reject"
    if any(text[spots[n]] == "H" and _VAGUE.match(text[spots[n] + 1 :]) for n in numbers):
        return None, "none"
    return _proposal(masked, group, groups), "propose"


def _placed(masked: Masked, group: _Group, cells: list[int]) -> int:
    """The cell that the words put the token on: the first after them."""
    after = [n for n in cells if group.cue and masked.spots[n] >= group.cue.end]
    return (after or cells)[0]


def _explains(text: str, at: int) -> bool:
    """The direction only says where the cell before it lies: "(1,0), one down from (0,0)"."""
    return text.startswith(("H from C", "H of C"), at) and text[:at].endswith(("C, ", "C (", "C – "))


def _states_way(text: str, at: int) -> bool:
    """The sentence says what lies in a direction, or what the direction is called."""
    before, after = text[:at], text[at + 1 :]
    if _FROM_START.search(text) and _LANDMARK.search(text):
        return True
    if _OPEN_AFTER.match(after) or _UNSEEN.match(after) or _MEANS.search(text):
        return True
    if _WE_ARE.search(before):
        return True  # "so we're two to the right"
    return (_LIES.search(before) or _WALL_LIES.search(before)) is not None and not _ASKED_FOR.search(before)


def _refused(chosen: tuple[Step, ...]) -> Act:
    return Reject(chosen, firm=False)


def _position(chosen: tuple[Step, ...]) -> Act:
    assert isinstance(chosen[0], Mention)
    return Position(chosen[0])


def _recap(chosen: tuple[Step, ...]) -> Act:
    assert isinstance(chosen[0], Mention)
    return Position(chosen[0], recap=True)


def _question(chosen: tuple[Step, ...]) -> Act:
    return Question()


def _there(chosen: tuple[Step, ...]) -> Act:
    return Propose(chosen) if chosen else HERE


def _these(chosen: tuple[Step, ...]) -> Act:
    return THESE


def _proposal(masked: Masked, group: _Group, groups: Sequence[_Group]) -> Item:
    text, words = masked.text, cues()
    numbers, at = group.numbers, masked.spots[group.numbers[0]]
    end = masked.spots[numbers[-1]]
    bare = group.role == "bare"
    weak = bare or (group.cue is not None and is_weak(masked, group.cue))
    near = 3 if text[end + 1 : end + 2] in (",", ":") else 2
    ticked = weak and any(cue.kind == "accept" and 0 < cue.start - end <= near for cue in masked.cues)
    made = not masked.question and (ticked or (bare and MADE.match(text, end) is not None))
    fallback = words.fallback.search(text)
    before = text[: at + 1] if group.role == "echo" else text[:at]
    agreed = (group.cue is not None or bare) and any(
        cue.end <= at and (cue.kind == "accept" or (cue.kind == "nod" and cue.start <= 1))
        for cue in masked.cues
    )
    anchors = [
        g.numbers[-1]
        for g in groups
        if g.role == "aside" and g.cue and text[g.cue.start : g.cue.end] == "from"
    ]
    options = len(numbers) > 1 and _OPTIONS.search(text) is not None
    second = (fallback is not None and fallback.start() <= at) or only_weighed(text, at, end + 1)
    echo = group.role == "echo" or agreed or made
    later = words.onward.search(_IF_THEN.sub("", before)) or _AGAIN.match(text, end + 1)
    onward = not made and later is not None
    instead = replaces(masked, at)
    total = _TOTAL.match(text, end + 1) is not None
    anchor = tuple(anchors[:1]) if anchors and anchors[0] < numbers[0] else ()
    act = Propose((), options, second, echo, onward, instead, bare, False, None, total)
    return Item(at, (*numbers, *anchor), partial(_proposed, act[1:8], total, len(numbers)))


def _proposed(flags: tuple[object, ...], total: bool, count: int, chosen: tuple[Step, ...]) -> Act:
    origin = chosen[count] if len(chosen) > count else None
    step_of = origin if isinstance(origin, Mention) else None
    return Propose._make((chosen[:count], *flags, step_of, total))


def _unspoken(masked: Masked, cells: list[int]) -> list[Item]:
    """What a sentence without a proposal may still be: a question, "let's go there", or "let's take both"."""
    if masked.question and not _ASKS_TO_GO.match(masked.text):
        if cues().perception.search(masked.text) or _ASKS_ABOUT.search(masked.text):
            return [Item(len(masked.text), (), _question)]
        return []
    there = _THERE.search(masked.text)
    these = None if there or cells else _THESE.search(masked.text)
    asks = there or these
    if asks is None or _NEVER.search(re.split("[,;:]", masked.text[: asks.start()])[-1]):
        return []
    if there is None:
        return [Item(asks.start(), (), _these)]
    named = tuple(cells[-1:]) if cells and masked.spots[cells[-1]] < there.start() else ()
    return [Item(there.start(), named, _there)]
