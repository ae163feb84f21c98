"""From a masked sentence to its acts (pure).

    "agreed, we're at C, so next i propose C" -> accept, position(1st), propose(2nd)

A cell or direction takes the meaning of the nearest cue before it, else after it.
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from .route_acts import (
    Accept, Act, Adopt, Claim, Did, Doubt, Position, Propose, Question, Reject, Withdraw,
)  # fmt: skip
from .route_cells import Mention, Step, find_steps
from .route_cues import Cue, claims_in, cues, cues_in

SHORT = 40
"""A step that stands alone in fewer characters than this is a proposal."""


class _Plan(NamedTuple):
    """How a masked sentence is to be read; the numbers are those of its cells and directions."""

    items: tuple[tuple[str, tuple[int, ...], frozenset[str]], ...]


_NEGATED = re.compile(r"(?:\bnot|n't|\bcannot|\bnever|\bavoid|\bwithout|\bstop|\bno longer)\s+(?:\w+\s+)?$")
_MADE = re.compile(
    r"[CH],?:? (?:(?:is|that's|it's|and|now|all|that is|yes|then|has been|again|once more),? )*(?:done|made|taken|executed|completed|ok(?:ay)?|fine|sure)\b(?! (?:with|by|for) you)"
)
_GERUND = re.compile(
    r"^(?:going|moving|stepping|heading|taking|trying|using|via|through|crossing|entering)\b"
)
_CLAUSE = re.compile(
    r"^[^,.;:→]{0,24}\b(?:takes?|costs?|is|isn't|would|wastes?|leads?|means|seems|looks|makes|gets|gives|requires|needs|adds|saves|avoids|lets|won't|doesn't)\b(?! us)"
)
_VAGUE = re.compile(
    r"^ (?:along|the (?:left|right|top|bottom|first|last|outer|whole|column|row|side|edge)|col\w*|rows?|until|past|all|as far|through|in (?:row|col)|side|line)\b(?![^CH]{0,20}C)|^ towards?\b"
)
_SUPPOSED = re.compile(
    r"\b(?:if|when|once|before|after|until|unless|because|since|why|how|where|whether|while)\s+$"
)
_FIRM = re.compile(
    r"^(?:no|nope|nah|no way|no go|negative|veto|hard no|disagree|reject|refuse|i (?:must|have to|need to|would)? ?(?:reject|refuse|decline|object|oppose|veto|disagree)|i object|rejected|refused|let's not|please don't|stop|action)"
)
_FILLER = re.compile(
    r"^(?:[\s,:;(\[\"'|-]|→|C|the|cell|square|my|your|our|key|goal|at|is|on|a|tile|position|final|next|and|or|then|to|onto|of|H|i\.e|row|open|also|by|step|steps|one|=|\.)*$"
)
_CONTINUES = re.compile(
    r"^\s*(?:$|[,.!:;–—-]|so\b|then\b|let|next\b|we\b|we'|i\b|i'|now\b|and\b|but\b|with (?:me|that)\b|by me|C|H|it\b|to me|as\b|for me|sounds|agreed|yes|moving|going|token)"
)
_AFTER_ACCEPT = re.compile(
    r"^\s*(?:[,.!:;–—-]|to [CH]|on [CH]|with [CH]|and\b|then\b|so\b|let|next|how|what|shall|now\b|i\b|C|H)"
)
_ALONE = re.compile(r"[a-z]+")
_THERE = re.compile(
    r"\b(?:go|move|step|head|moving|going|stepping|proceed)(?: on| over| onto)? (?:there|it|that cell|that one)\b"
    r"|\b(?:propose|suggest|take|try|proposing|suggesting|vote for|go for|go with)(?: to take| taking)? (?:it|that|this|that one|this one|there)(?=\s*(?:[.,;!?)]|$|as\b|next\b|then\b|now\b))"
)
_PUTS = re.compile(r"\b(?:puts?|brings?|takes?|lands?|leaves?|gets?|moves?|places?)\b")
_WEAK = re.compile(
    r"^(?:move|go|step|head|moving|going|stepping|then|take|next|via|through|to|back|continue|turn|return|use|walk|follow|on to)\b"
)
_OPTIONS = re.compile(r"[CH][^CH]{0,30}\bor\b[^CH]{0,20}[CH]")
_BY_CHANCE = re.compile(r"\b(?:if|provided|as long as|on condition|unless|assuming)\b")


def masked_sentence(sentence: str) -> tuple[str, tuple[Step, ...]]:
    found = find_steps(sentence)
    parts: list[str] = []
    last = 0
    for start, end, step in found:
        parts += [sentence[last:start].lower(), "C" if isinstance(step, Mention) else "H"]
        last = end
    parts.append(sentence[last:].lower())
    return re.sub(r"\s+", " ", "".join(parts)).strip(), tuple(item.step for item in found)


_NEXT_WORDS = re.compile(
    r"^(?:next|again|once more|one more|then|(?:my|our|the|this|first|last|final|new|proposed|counter|i|would)[a-z' -]*(?:propos|suggest|next|pick|choice|move|step)|propos|suggest)"
)
_ASKS_WHERE = re.compile(r"\b(?:where|why(?! not| don't)|when|who|how(?! about)|which|does|did)\b")


def _role(masked: str, at: int, found: list[Cue], question: bool) -> tuple[str, Cue | None]:
    """What the cues make of the step at this place: the role, and the cue that gives it."""
    asks_to_see = question and (
        cues().perception.search(masked) is not None or _ASKS_WHERE.search(masked) is not None
    )
    for cue in reversed(found):
        if cue.end > at:
            if cue.start <= at and cue.kind == "withdraw":
                return "none", cue
            continue
        kind = cue.kind
        if kind in ("neutral", "doubt", "ask"):
            continue
        if kind == "propose":
            words = masked[cue.start : cue.end]
            if words == "again":
                continue
            if _NEGATED.search(masked[: cue.start]):
                return "reject", cue
            if _SUPPOSED.search(masked[: cue.start]) and "," not in masked[cue.end : at]:
                return "none", cue
            if _GERUND.match(words) and _CLAUSE.match(masked[at + 1 :]):
                return "none", cue
            if asks_to_see and _WEAK.search(words) and _ASKS_WHERE.search(masked[: cue.start]):
                return "none", cue
            if (
                asks_to_see
                and _WEAK.search(words)
                and re.match(r"^(?:do|can|could|what|which|is|are|does|have|how|where)\b", masked)
            ):
                return "none", cue
            return "propose", cue
        if kind == "reject":
            rest = masked[cue.end : at]
            if masked.startswith("no") and cue.start == 0 and re.search(r"\binstead\b|\brather\b", masked):
                return "propose", cue
            return ("reject", cue) if _FILLER.match(rest) or len(rest) < 25 else ("none", cue)
        if kind == "withdraw":
            rest = masked[cue.end : at].strip()
            return (
                ("propose", cue)
                if rest[:1] in (":", ",", "-", "–", "—") or "correction" in masked[cue.start : cue.end]
                else ("none", cue)
            )
        if kind in ("accept", "nod", "yield"):
            after = next((c for c in found if c.start > at), None)
            if (
                after
                and after.kind == "propose"
                and after.start <= at + 3
                and re.search(r"[CH]", masked[:at])
            ):
                return "propose", after  # "(0,1) accepted, (0,2) next"
            return "echo", cue
        return kind, cue
    for cue in found:
        if cue.start < at:
            continue
        if cue.kind in ("accept", "yield"):
            return "echo", cue
        if cue.kind == "position" and masked[at] == "H":
            continue
        if cue.kind in ("propose", "reject", "position"):
            if cue.kind == "propose" and _NEGATED.search(masked[: cue.start]):
                return "reject", cue
            if cue.kind == "propose" and asks_to_see and not masked.startswith("next", cue.start):
                continue
            if cue.kind == "propose" and not (
                cue.start <= at + 30
                and _NEXT_WORDS.match(masked[cue.start : cue.end])
                and not re.search(r"[CH]", masked[at + 1 : cue.start])
            ):
                continue
            if cue.kind == "propose" and any(c.kind == "accept" and c.start > at for c in found):
                return "echo", cue
            return cue.kind, cue
        if cue.kind == "doubt" and masked.startswith("instead", cue.start):
            return "propose", cue
        if cue.kind == "aside":
            break
    if asks_to_see:
        return "none", None
    return "bare", None


@lru_cache(maxsize=32768)
def plan_of(masked: str) -> _Plan:
    """Read a masked sentence."""
    found = cues_in(masked)
    question = masked.rstrip(" \"')").endswith("?")
    spots = [i for i, char in enumerate(masked) if char in "CH"]
    of_cell = [number for number, i in enumerate(spots) if masked[i] == "C"]
    words = cues()
    items: list[tuple[int, str, tuple[int, ...], frozenset[str]]] = []

    claimed: set[int] = set()
    claims = claims_in(masked)
    for claim in claims:
        number = of_cell[claim.index]
        at = spots[number]
        flags = {claim.state} | ({"own"} if claim.own else set[str]())
        items.append((at, "claim", (number,), frozenset(flags)))
        before = [cue for cue in found if cue.end <= at]
        nearest = before[-1] if before else None
        steers = (
            nearest is not None
            and nearest.kind in ("propose", "position", "future", "accept", "nod", "yield", "aside", "recap")
            and _FILLER.match(masked[nearest.end : at]) is not None
            and not (
                claim.after
                and nearest.kind in ("propose", "accept")
                and _WEAK.search(masked[nearest.start : nearest.end])
                and re.match(r" (?:is|looks|shows|seems)\b", masked[at + 1 :])
            )
        )
        if (
            claim.state in ("goal", "key", "start")
            and re.search(r"[:–—]\s*$", masked[:at])
            and re.match(r"^[\s.!?)]*$", masked[at + 1 :])
            and re.match(r"^(?:and|now|then|next|finally|last|so|from here|on)\b", masked)
        ):
            steers = True
        if not steers or (
            nearest is not None
            and nearest.kind in ("accept", "nod", "yield")
            and claim.after
            and claim.stated
        ):
            claimed.add(number)

    # Steps take their roles; those under one cue belong together.
    groups: list[tuple[str, Cue | None, list[int]]] = []
    for number, at in enumerate(spots):
        if number in claimed:
            continue
        role, cue = _role(masked, at, found, question)
        follows = bool(groups) and groups[-1][2][-1] == number - 1
        target = role == "future" or (
            role == "position" and cue and _PUTS.search(masked[cue.start : cue.end])
        )
        if follows and groups[-1][0] == role and groups[-1][1] == cue:
            groups[-1][2].append(number)
        elif follows and target and groups[-1][0] == "propose":
            groups[-1][2].append(number)  # "right, which puts us at (0,2)": one step, told twice
        else:
            groups.append((role, cue, [number]))

    fallback = words.fallback.search(masked)
    anchors = [
        numbers[-1]
        for role, cue, numbers in groups
        if role == "aside" and cue and masked[cue.start : cue.end] == "from"
    ]
    for role, cue, numbers in groups:
        at = spots[numbers[0]]
        opening = masked[:at]
        flags = set[str]()
        if role == "bare":
            if not _stands_alone(masked, at, spots[numbers[-1]], len(spots)):
                continue
            role = "propose"
            flags.add("bare")
            if _MADE.search(masked):
                flags.add("echo")
        if role in ("propose", "echo", "future"):
            if (
                role == "future"
                and not any(g[0] in ("propose", "echo", "bare") for g in groups)
                and not any(c.kind == "propose" for c in found)
            ):
                continue
            if (
                re.search(r"\b(?:wall|blocked)\b", masked)
                and all(masked[spots[n]] == "H" for n in numbers)
                and re.match(
                    r"[^,;]{0,12}\b(?:is|are|has|there's|looks|would be)\b[^,;]{0,20}\b(?:wall|blocked)\b",
                    masked[spots[numbers[-1]] + 1 :],
                )
            ):
                items.append((at, "reject", tuple(numbers), frozenset()))
                continue
            if any(masked[spots[n]] == "H" and _VAGUE.match(masked[spots[n] + 1 :]) for n in numbers):
                continue
            if fallback and fallback.start() <= at:
                flags.add("fallback")
            if len(numbers) > 1 and _OPTIONS.search(masked):
                flags.add("options")
            if words.onward.search(opening):
                flags.add("onward")
            if words.instead.search(masked):
                flags.add("instead")
            if role == "echo" or any(c.kind in ("accept", "nod") and c.end <= at for c in found):
                flags.add("echo")
            if anchors and anchors[0] < numbers[0]:
                flags.add(f"from{anchors[0]}")
            items.append((at, "propose", tuple(numbers), frozenset(flags)))
        elif role == "position":
            cells = [n for n in numbers if masked[spots[n]] == "C"]
            if question and re.match(r"^(?:are|is|so are|am)\b", masked):
                continue
            if cells:
                items.append((at, "position", (cells[0],), frozenset()))
            else:
                items.append((at, "did", tuple(numbers), frozenset()))
        elif role == "recap":
            cells = [n for n in numbers if masked[spots[n]] == "C"]
            if cells:
                items.append((at, "recap", (cells[-1],), frozenset()))
        elif role == "reject":
            items.append((at, "reject", tuple(numbers), frozenset()))

    _decisions(masked, found, question, items, bool(spots), tuple(of_cell[c.index] for c in claims))
    if question and not any(kind == "propose" for _, kind, _, _ in items) and words.perception.search(masked):
        items.append((len(masked), "question", (), frozenset()))
    if (
        not any(kind == "propose" for _, kind, _, _ in items)
        and not question
        and (there := _THERE.search(masked))
    ):
        named = tuple(of_cell[-1:]) if of_cell and spots[of_cell[-1]] < there.start() else ()
        items.append((there.start(), "there", named, frozenset()))
    items.sort(key=lambda item: item[0])
    return _Plan(tuple((kind, numbers, flags) for _, kind, numbers, flags in items))


def _stands_alone(masked: str, first: int, last: int, steps: int) -> bool:
    """Nothing but the steps is said, or they follow "now", "and" or a colon at the end of the sentence."""
    opening, ending = masked[:first], masked[last + 1 :]
    if re.search(r"[:–—]\s*(?:the |my |your |back |on to )*$", opening) and re.match(
        r"^[\s.!?)\"']*$", ending
    ):
        return not _PERCEIVED.search(opening)
    if _STATED.search(masked):
        return False
    if _VERBAL.search(opening):
        return False
    if re.match(
        r"^(?:now|then|and|so|on|finally|last(?:ly)?|also|plus|back|onwards?)\b[^CH]{0,24}$", opening
    ):
        return True
    return len(masked) < SHORT + 2 * steps and not _VERBAL.search(ending)


_PERCEIVED = re.compile(
    r"\b(?:see|map|walls?|open|hidden|known|blocked|ends?|cells|keys|position|token|start|i have|mine shows|unknown|free)\b[^.]*$"
)
_STATED = re.compile(
    r"\b(?:walls?|blocked|hidden|open|free|clear|see|unknown|visible|not|too|as well|yours|mine|mean|means|becomes?|equals?)\b"
)
_VERBAL = re.compile(
    r"\b(?:is|are|was|were|be|been|have|has|had|need|needs|know|think|want|get|gets|got|would|could|should|can|will|do|does|did|lead|leads"
    r"|look|looks|seems?|say|says|said|ask|asked|mean|means|because|since|why|which|that|if|leaves?|gives?|makes?|puts?|like|use)\b|'d\b|'ve\b|(?<!let)'s\b|'re\b|'ll\b"
)


def _decisions(
    masked: str,
    found: list[Cue],
    question: bool,
    items: list[tuple[int, str, tuple[int, ...], frozenset[str]]],
    has_steps: bool,
    answered: tuple[int, ...],
) -> None:
    """Consent, refusal, hesitation and changes of mind of a masked sentence."""
    about_naming = cues().notation.search(masked) is not None and not any(
        kind in ("propose", "position", "did") for _, kind, _, _ in items
    )
    if not question and (told := _MADE.search(masked)):
        items.append((told.start(), "accept", answered, frozenset({"2"})))
    for cue in found:
        rest = masked[cue.end :]
        if cue.kind in ("accept", "nod", "yield"):
            if question and not (cue.start <= 1 and _AFTER_ACCEPT.match(rest) and len(rest) > 3):
                continue
            if cue.kind == "nod" and not (cue.start <= 1 and _CONTINUES.match(rest)):
                continue
            if re.search(r"\b(?:if|unless|once|when|whether|until) [^,]*$", masked[: cue.start]):
                continue
            if cue.kind == "accept" and about_naming:
                items.append((cue.start, "adopt", (), frozenset()))
                continue
            if cue.kind == "accept" and _NEGATED.search(masked[: cue.start]):
                items.append((cue.start, "doubt", (), frozenset()))
                continue
            force = "2" if cue.kind == "accept" else "1"
            if (
                _BY_CHANCE.search(rest)
                and cue.kind == "accept"
                and not re.search(r"[,;]", rest[: rest.find("if")])
            ):
                force = "0"
            if re.search(r"^[^.;]{0,40}\b(?:but|however|although|though)\b", rest):
                items.append((cue.end, "doubt", (), frozenset()))
            flags = {force} | ({"late"} if cue.kind == "yield" else set[str]())
            items.append((cue.start, "accept", answered, frozenset(flags)))
        elif cue.kind == "reject":
            words = masked[cue.start : cue.end]
            if question and cue.start > 1:
                continue
            if (
                words == "no"
                and cue.start > 1
                and not re.search(r"[,:—–-]\s*$|\b(?:so|but|then|sorry|wait)[, ]+$", masked[: cue.start])
            ):
                continue
            if re.search(
                r"\b(?:if|unless|once|when|whether|in case|might|could) [^,]*$", masked[: cue.start]
            ):
                continue
            if _FIRM.match(words):
                items.append((cue.start, "refuse", answered, frozenset()))
            elif not has_steps:
                items.append((cue.start, "object", (), frozenset()))
        elif cue.kind == "doubt":
            held = masked.startswith("before", cue.start) or masked.startswith("not yet", cue.start)
            items.append((cue.start, "doubt", (), frozenset({"hold"} if held else ())))
        elif cue.kind == "withdraw":
            items.append((cue.start, "withdraw", (), frozenset()))


def acts_of(masked: str, steps: tuple[Step, ...]) -> list[Act]:
    """The acts of a sentence: its plan with the cells and directions put back."""
    acts: list[Act] = []
    for kind, numbers, flags in plan_of(masked).items:
        chosen = tuple(steps[n] for n in numbers)
        cells = tuple(step for step in chosen if isinstance(step, Mention))
        if kind == "claim":
            state = next(iter(flags - {"own"}))
            acts += [Claim(cell, state, "own" in flags) for cell in cells]  # type: ignore[arg-type]
        elif kind == "propose":
            anchor = next((steps[int(flag[4:])] for flag in flags if flag.startswith("from")), None)
            acts.append(
                Propose(
                    chosen,
                    *(
                        name in flags
                        for name in ("options", "fallback", "echo", "onward", "instead", "bare", "hint")
                    ),
                    step_of=anchor if isinstance(anchor, Mention) else None,
                )
            )
        elif kind in ("position", "recap") and cells:
            acts.append(Position(cells[0], kind == "recap"))
        elif kind == "did":
            acts.append(Did(chosen))
        elif kind == "reject":
            acts.append(Reject(chosen, firm=False))
        elif kind == "refuse":
            acts.append(Reject(chosen))
        elif kind == "object":
            acts.append(Reject(firm=False))
        elif kind == "accept":
            force: Literal[0, 1, 2] = 2 if "2" in flags else 1 if "1" in flags else 0
            acts.append(Accept(force, cells, "late" in flags))
        elif kind == "doubt":
            acts.append(Doubt("hold" in flags))
        elif kind == "there":
            acts.append(Propose(cells) if cells else HERE)
        else:
            acts.append({"adopt": Adopt, "withdraw": Withdraw, "question": Question}[kind]())
    return acts


HERE = Propose(())
"""Stands for "let's go there" until the note says where."""
