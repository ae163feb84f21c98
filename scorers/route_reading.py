"""From the text of a note to its acts (pure): no maze, no notation, no memory of earlier notes.

    "Agreed, we're at (0,1). (0,2) is open on my map, so next I propose (0,2)."
    -> Accept, Position((0,1)), Claim((0,2), open), Propose((0,2))

Maps and code are set aside first. Sentences are masked (`route_cues`); in each, a cell or direction takes
the meaning of the nearest cue before it, else after it. A heading line that ends with a colon lends its
words to the lines below it.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from .route_acts import (
    Accept, Act, Adopt, Claim, Declare, Did, Doubt, MapRow, NoteReading, Position, Propose, Question, Reject, Withdraw,
)  # fmt: skip
from .route_cells import Heading, Mention, Step, find_steps
from .route_cues import Cue, claims_in, cues, cues_in
from .route_declared import corner_of, declared

__all__ = ["pair_separator", "read_note", "with_brackets"]

SHORT = 40
"""A step that stands alone in fewer characters than this is a proposal."""

_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_SYMBOL = r"[@*.#kK?]"
_MAP_LINE = re.compile(
    rf"^\W{{0,3}}(?:(?:row|r|line|y)?\s*[:=]?\s*(?P<label>[A-Ra-r]|\d{{1,2}})\s*[:|)\].=–-]*\s*)?[\"'`|\[(]*(?P<row>{_SYMBOL}(?:[\s,|\"'`]*{_SYMBOL}){{2,}})[\"'`|\])\s,]*(?:[(<←].*|--.*)?$",
    re.IGNORECASE,
)
_INLINE_MAP = re.compile(r"(?<![\w.])(?:[@*.#k?]{4,}|(?:[@*.#k?][ |,]+){3,}[@*.#k?])(?![\w])")
_MARKER = re.compile(r"^\s*(?:>+\s*)*(?:(?:[-*•+‣▪►✦]|\d{1,2}[.)](?!\d)|\([a-z\d]\)(?=\s))\s+)?(?:\[[ x]\]\s*)?")
_EMPHASIS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|__|`+|~~")
_ARROWS = re.compile(r"\s*(?:-+>|=+>|⇒|➔|➜|⟶|⟹|↦|»|›)\s*")
_SPLIT = re.compile(r"(?<=[.!?;])[\"')\]]*\s+(?=\S)|(?<=[\U0001F300-\U0001FAFF\u2600-\u26ff\u2700-\u27bf])\ufe0f?\s+(?=\S)|\n")
_SYMBOL_WORDS = {".": "open", "#": "wall", "?": "hidden", "k": "key", "*": "goal", "@": "start"}
_QUOTED_SYMBOL = re.compile(r"([\"'`])([.#?*k@])\1|(?<=[=:] )([#?*@])(?=[\s,;.]|$)")
_NUMBERED = re.compile(r"\b((?:step|move|note|action|turn)\s*#?\d{1,2})\.\s", re.IGNORECASE)
_ABBREVIATED = re.compile(r"\b(i\.e|e\.g|vs|etc)\.(?=[\s,])", re.IGNORECASE)
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "−": "-"})


class _Plan(NamedTuple):
    """How a masked sentence is to be read; the numbers are those of its cells and directions."""

    items: tuple[tuple[str, tuple[int, ...], frozenset[str]], ...]


_NEGATED = re.compile(r"(?:\bnot|n't|\bcannot|\bnever|\bavoid|\bwithout|\bstop|\bno longer)\s+(?:\w+\s+)?$")
_MADE = re.compile(r"[CH],?:? (?:(?:is|that's|it's|and|now|all|that is|yes|then|has been|again|once more),? )*(?:done|made|taken|executed|completed|ok(?:ay)?|fine|sure)\b(?! (?:with|by|for) you)")
_GERUND = re.compile(r"^(?:going|moving|stepping|heading|taking|trying|using|via|through|crossing|entering)\b")
_CLAUSE = re.compile(r"^[^,.;:→]{0,24}\b(?:takes?|costs?|is|isn't|would|wastes?|leads?|means|seems|looks|makes|gets|gives|requires|needs|adds|saves|avoids|lets|won't|doesn't)\b(?! us)")
_VAGUE = re.compile(r"^ (?:along|the (?:left|right|top|bottom|first|last|outer|whole|column|row|side|edge)|col\w*|rows?|until|past|all|as far|through|in (?:row|col)|side|line)\b(?![^CH]{0,20}C)|^ towards?\b")
_SUPPOSED = re.compile(r"\b(?:if|when|once|before|after|until|unless|because|since|why|how|where|whether|while)\s+$")
_FIRM = re.compile(r"^(?:no|nope|nah|no way|no go|negative|veto|hard no|disagree|reject|refuse|i (?:must|have to|need to|would)? ?(?:reject|refuse|decline|object|oppose|veto|disagree)|i object|rejected|refused|let's not|please don't|stop|action)")
_FILLER = re.compile(r"^(?:[\s,:;(\[\"'|-]|→|C|the|cell|square|my|your|our|key|goal|at|is|on|a|tile|position|final|next|and|or|then|to|onto|of|H|i\.e|row|open|also|by|step|steps|one|=|\.)*$")
_CONTINUES = re.compile(r"^\s*(?:$|[,.!:;–—-]|so\b|then\b|let|next\b|we\b|we'|i\b|i'|now\b|and\b|but\b|with (?:me|that)\b|by me|C|H|it\b|to me|as\b|for me|sounds|agreed|yes|moving|going|token)")
_AFTER_ACCEPT = re.compile(r"^\s*(?:[,.!:;–—-]|to [CH]|on [CH]|with [CH]|and\b|then\b|so\b|let|next|how|what|shall|now\b|i\b|C|H)")
_ALONE = re.compile(r"[a-z]+")
_THERE = re.compile(
    r"\b(?:go|move|step|head|moving|going|stepping|proceed)(?: on| over| onto)? (?:there|it|that cell|that one)\b"
    r"|\b(?:propose|suggest|take|try|proposing|suggesting|vote for|go for|go with)(?: to take| taking)? (?:it|that|this|that one|this one|there)(?=\s*(?:[.,;!?)]|$|as\b|next\b|then\b|now\b))"
)
_PUTS = re.compile(r"\b(?:puts?|brings?|takes?|lands?|leaves?|gets?|moves?|places?)\b")
_WEAK = re.compile(r"^(?:move|go|step|head|moving|going|stepping|then|take|next|via|through|to|back|continue|turn|return|use|walk|follow|on to)\b")
_OPTIONS = re.compile(r"[CH][^CH]{0,30}\bor\b[^CH]{0,20}[CH]")
_BY_CHANCE = re.compile(r"\b(?:if|provided|as long as|on condition|unless|assuming)\b")


def _mask(sentence: str) -> tuple[str, tuple[Step, ...]]:
    found = find_steps(sentence)
    parts: list[str] = []
    last = 0
    for start, end, step in found:
        parts += [sentence[last:start].lower(), "C" if isinstance(step, Mention) else "H"]
        last = end
    parts.append(sentence[last:].lower())
    return re.sub(r"\s+", " ", "".join(parts)).strip(), tuple(item.step for item in found)


_ASKS_WHERE = re.compile(r"\b(?:where|why(?! not| don't)|when|who|how(?! about)|which|does|did)\b")


def _role(masked: str, at: int, found: list[Cue], question: bool) -> tuple[str, Cue | None]:
    """What the cues make of the step at this place: the role, and the cue that gives it."""
    asks_to_see = question and (cues().perception.search(masked) is not None or _ASKS_WHERE.search(masked) is not None)
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
            if asks_to_see and _WEAK.search(words) and re.match(r"^(?:do|can|could|what|which|is|are|does|have|how|where)\b", masked):
                return "none", cue
            return "propose", cue
        if kind == "reject":
            rest = masked[cue.end : at]
            if masked.startswith("no") and cue.start == 0 and re.search(r"\binstead\b|\brather\b", masked):
                return "propose", cue
            return ("reject", cue) if _FILLER.match(rest) or len(rest) < 25 else ("none", cue)
        if kind == "withdraw":
            rest = masked[cue.end : at].strip()
            return ("propose", cue) if rest[:1] in (":", ",", "-", "–", "—") or "correction" in masked[cue.start : cue.end] else ("none", cue)
        if kind in ("accept", "nod", "yield"):
            after = next((c for c in found if c.start > at), None)
            if after and after.kind == "propose" and after.start <= at + 3 and re.search(r"[CH]", masked[:at]):
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
            if cue.kind == "propose" and any(c.kind in ("accept", "nod") and c.start > at for c in found):
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
def _plan(masked: str) -> _Plan:
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
            and not (claim.after and nearest.kind in ("propose", "accept") and _WEAK.search(masked[nearest.start : nearest.end]) and re.match(r" (?:is|looks|shows|seems)\b", masked[at + 1 :]))
        )
        if claim.state in ("goal", "key", "start") and re.search(r"[:–—]\s*$", masked[:at]) and re.match(r"^[\s.!?)]*$", masked[at + 1 :]) and re.match(r"^(?:and|now|then|next|finally|last|so|from here|on)\b", masked):
            steers = True
        if not steers or (nearest is not None and nearest.kind in ("accept", "nod", "yield") and claim.after and claim.stated):
            claimed.add(number)

    # Steps take their roles; those under one cue belong together.
    groups: list[tuple[str, Cue | None, list[int]]] = []
    for number, at in enumerate(spots):
        if number in claimed:
            continue
        role, cue = _role(masked, at, found, question)
        follows = bool(groups) and groups[-1][2][-1] == number - 1
        target = role == "future" or (role == "position" and cue and _PUTS.search(masked[cue.start : cue.end]))
        if follows and groups[-1][0] == role and groups[-1][1] == cue:
            groups[-1][2].append(number)
        elif follows and target and groups[-1][0] == "propose":
            groups[-1][2].append(number)  # "right, which puts us at (0,2)": one step, told twice
        else:
            groups.append((role, cue, [number]))

    fallback = words.fallback.search(masked)
    anchors = [numbers[-1] for role, cue, numbers in groups if role == "aside" and cue and masked[cue.start : cue.end] == "from"]
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
            if role == "future" and not any(g[0] in ("propose", "echo", "bare") for g in groups) and not any(c.kind == "propose" for c in found):
                continue
            if re.search(r"\b(?:wall|blocked)\b", masked) and all(masked[spots[n]] == "H" for n in numbers) and re.match(r"[^,;]{0,12}\b(?:is|are|has|there's|looks|would be)\b[^,;]{0,20}\b(?:wall|blocked)\b", masked[spots[numbers[-1]] + 1 :]):
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
    if not any(kind == "propose" for _, kind, _, _ in items) and not question and (there := _THERE.search(masked)):
        named = tuple(of_cell[-1:]) if of_cell and spots[of_cell[-1]] < there.start() else ()
        items.append((there.start(), "there", named, frozenset()))
    items.sort(key=lambda item: item[0])
    return _Plan(tuple((kind, numbers, flags) for _, kind, numbers, flags in items))


def _stands_alone(masked: str, first: int, last: int, steps: int) -> bool:
    """Nothing but the steps is said, or they follow "now", "and" or a colon at the end of the sentence."""
    opening, ending = masked[:first], masked[last + 1 :]
    if re.search(r"[:–—]\s*(?:the |my |your |back |on to )*$", opening) and re.match(r"^[\s.!?)\"']*$", ending):
        return not _PERCEIVED.search(opening)
    if _STATED.search(masked):
        return False
    if _VERBAL.search(opening):
        return False
    if re.match(r"^(?:now|then|and|so|on|finally|last(?:ly)?|also|plus|back|onwards?)\b[^CH]{0,24}$", opening):
        return True
    return len(masked) < SHORT + 2 * steps and not _VERBAL.search(ending)


_PERCEIVED = re.compile(r"\b(?:see|map|walls?|open|hidden|known|blocked|ends?|cells|keys|position|token|start|i have|mine shows|unknown|free)\b[^.]*$")
_STATED = re.compile(r"\b(?:walls?|blocked|hidden|open|free|clear|see|unknown|visible|not|too|as well|yours|mine|mean|means|becomes?|equals?)\b")
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
            if _BY_CHANCE.search(rest) and cue.kind == "accept" and not re.search(r"[,;]", rest[: rest.find("if")]):
                force = "0"
            if re.search(r"^[^.;]{0,40}\b(?:but|however|although|though)\b", rest):
                items.append((cue.end, "doubt", (), frozenset()))
            flags = {force} | ({"late"} if cue.kind == "yield" else set[str]())
            items.append((cue.start, "accept", answered, frozenset(flags)))
        elif cue.kind == "reject":
            words = masked[cue.start : cue.end]
            if question and cue.start > 1:
                continue
            if words == "no" and cue.start > 1 and not re.search(r"[,:—–-]\s*$|\b(?:so|but|then|sorry|wait)[, ]+$", masked[: cue.start]):
                continue
            if re.search(r"\b(?:if|unless|once|when|whether|in case|might|could) [^,]*$", masked[: cue.start]):
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


def _acts(masked: str, steps: tuple[Step, ...]) -> list[Act]:
    """The acts of a sentence: its plan with the cells and directions put back."""
    acts: list[Act] = []
    for kind, numbers, flags in _plan(masked).items:
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
                    *(name in flags for name in ("options", "fallback", "echo", "onward", "instead", "bare", "hint")),
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
            acts.append(Propose(cells) if cells else _HERE)
        else:
            acts.append({"adopt": Adopt, "withdraw": Withdraw, "question": Question}[kind]())
    return acts


_OF_DIRECTIONS = re.compile(r"\b(?:use|using|talk|speak|say|call|name|write|describe|stick|call)\b[^.]*\bdirections?\b|\bdirections?\b[^.]*\b(?:mean|means|are|is|like)\b")
_HERE = Propose(())
"""Stands for "let's go there" until the note says where."""


@lru_cache(maxsize=16384)
def _sentence(sentence: str, heading: str) -> tuple[Act, ...]:
    """The acts of one sentence; a heading lends its words to a sentence without cues."""
    masked, steps = _mask(sentence)
    if heading and steps and (
        masked[:1] in "CH"
        or (not any(cue.kind not in ("nod", "neutral") for cue in cues_in(masked)) and not claims_in(masked))
    ):
        masked, steps = _mask(f"{heading} {sentence}")
    acts = _acts(masked, steps)
    lowered = sentence.lower()
    declaration = declared(lowered)
    cells = [step for step in steps if isinstance(step, Mention)]
    corner = corner_of(masked, cells) if cells else None
    if declaration or _OF_DIRECTIONS.search(lowered):
        acts = [act for act in acts if not (isinstance(act, Propose) and all(isinstance(x, Heading) for x in act.steps))]
    if declaration:
        acts.insert(0, declaration)
    if corner:
        acts.insert(0, corner)
    return tuple(acts)


_LOOSE_PAIR = re.compile(r"(?<![\w.,/:;-])(\d{1,2})(?: ?([,/:;.-]) ?| )(\d{1,2})(?![\w%])(?! ?[,/:;-] ?\d)(?!\.\d)")
_FIRM_CELL = re.compile(
    r"[(\[{<]\s*\w{1,2}\s*[,;|]\s*\w{1,2}\s*[)\]}>]|\b[A-Ha-h]\d{1,2}\b|\b\d[A-H]\b|\b(?:row|col|line)\w*\s*\d|\br\d+\s?c\d|\bx ?= ?\d", re.IGNORECASE
)
_WAY_WORD = re.compile(r"\b(?:up|down|left|right|north|south|east|west)\b", re.IGNORECASE)
LOOSE_FROM = 4
"""So many bare pairs of numbers with one separator make it a way to write cells."""


def pair_separator(texts: Sequence[str]) -> str | None:
    """The separator of a dialogue that writes cells as bare pairs, "5/1" or "0,1"; else None."""
    counts: dict[str, int] = {}
    for text in texts:
        for match in _LOOSE_PAIR.finditer(text):
            separator = match[2] or " "
            counts[separator] = counts.get(separator, 0) + 1
    if not counts:
        return None
    separator = max(counts, key=lambda s: (counts[s], s))
    count = counts[separator]
    firm = sum(len(_FIRM_CELL.findall(text)) for text in texts)
    ways = sum(len(_WAY_WORD.findall(text)) for text in texts)
    return separator if count >= LOOSE_FROM and count > firm and 2 * count > ways else None


def with_brackets(text: str, separator: str) -> str:
    """Write the bare pairs of a text with brackets: "ok 5/1" becomes "ok (5,1)"."""

    def bracketed(match: re.Match[str]) -> str:
        return f"({match[1]},{match[3]})" if (match[2] or " ") == separator else match[0]

    return _LOOSE_PAIR.sub(bracketed, text)


def _lines(text: str) -> tuple[list[str], list[MapRow]]:
    """The lines of a note without maps and code, and the map lines."""
    rows: list[MapRow] = []

    def aside(match: re.Match[str]) -> str:
        body = match[0].strip("`")
        held = [m for m in map(_MAP_LINE.match, body.splitlines()) if m]
        rows.extend(MapRow(re.sub(r"[^@*.#k?]", "", m["row"].lower()), m["label"] or "") for m in held)
        return "\n" if held else "\n" + body + "\n"

    text = _FENCE.sub(aside, text.translate(_QUOTES)) if "```" in text else text.translate(_QUOTES)
    lines: list[str] = []
    for line in text.splitlines():
        if match := _MAP_LINE.match(line):
            rows.append(MapRow(re.sub(r"[^@*.#k?]", "", match["row"].lower()), match["label"] or ""))
            continue
        if match := _INLINE_MAP.search(line):
            for found in _INLINE_MAP.finditer(line):
                rows.append(MapRow(re.sub(r"[^@*.#k?]", "", found[0].lower()), ""))
            line = _INLINE_MAP.sub(" ", line)
        lines.append(line)
    return lines, rows


@lru_cache(maxsize=4096)
def read_note(text: str) -> NoteReading:
    """The acts of a note in the order of its text, and the map lines that it carries. Never raises."""
    lines, rows = _lines(text)
    acts: list[Act] = []
    mentions: list[Mention] = []
    last_steps: tuple[Step, ...] = ()
    heading = ""
    for raw in lines:
        is_title = re.match(r"^\s*#{1,4}\s+\S|^\s*\*\*[^*]+\*\*:?\s*$", raw) is not None
        line = _QUOTED_SYMBOL.sub(lambda m: _SYMBOL_WORDS[m[2] or m[3]], _MARKER.sub("", raw))
        line = _ARROWS.sub(" → ", _EMPHASIS.sub("", line))
        line = re.sub(r"^#{1,4}\s+", "", line.strip())
        if not line:
            continue
        line = _NUMBERED.sub(r"\1: ", _ABBREVIATED.sub(r"\1", line))
        sentences = [part.strip() for part in _SPLIT.split(line) if part and part.strip()]
        for number, sentence in enumerate(sentences):
            read = _sentence(sentence, heading if number == 0 else "")
            acts += read
            if found := find_steps(sentence):
                mentions += [item.step for item in found if isinstance(item.step, Mention)]
                last_steps = _hinted(sentence, read, tuple(item.step for item in found))
        if sentences:
            last = sentences[-1]
            if (last.endswith(":") or is_title) and not find_steps(last):
                heading = last.rstrip(":") + ":"
            elif not re.match(r"^\s*(?:[-*•+]|\d{1,2}[.)])\s", raw):
                heading = ""
    return NoteReading(_settled(acts, last_steps), tuple(rows), tuple(mentions))


def _hinted(sentence: str, read: Sequence[Act], steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """What a sentence that asks for nothing ends on, if it may be meant as the next step."""
    if any(isinstance(act, (Question, Position, Did, Declare, Withdraw, Reject)) for act in read):
        return ()
    shut = {act.cell for act in read if isinstance(act, Claim) and act.state in ("wall", "hidden")}
    last = steps[-1]
    masked = _mask(sentence)[0]
    if isinstance(last, Heading) and not re.search(r"(?::|\bthen|\bnow|\bso|\bmakes|\bmeans|\bthat's|\bthat is)[, ]+H[.!]*$", masked):
        return ()
    if last in shut or len(steps) > 3 or _ASIDE_END.search(masked):
        return ()
    before = steps[-2:-1]
    return (*before, last) if before and isinstance(before[0], Heading) and isinstance(last, Mention) else (last,)


_ASIDE_END = re.compile(r"\b(?:you|your map)\b[^CH]*[CH][^CH]*$|\bwall|\bblocked|\bhidden|\bcan't\b|\bcannot\b|\bif\b")


def _settled(acts: list[Act], last_steps: tuple[Step, ...]) -> tuple[Act, ...]:
    """Say where "there" is: the last cell that the note calls open, else it merely agrees.

    A note without a proposal of its own that ends on a step hints at it.
    """
    settled: list[Act] = []
    spoken: Mention | None = None
    for act in acts:
        if isinstance(act, Claim) and act.state in ("open", "key", "goal"):
            spoken = act.cell
        if act is _HERE:
            settled.append(Propose((spoken,)) if spoken else Accept(1))
        else:
            settled.append(act)
    if last_steps and not any(isinstance(act, Propose) and not act.echo and not act.fallback for act in settled):
        settled.append(Propose(last_steps, hint=True))
    return tuple(settled)
