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
from typing import NamedTuple

from .route_acts import (
    Accept,
    Act,
    Adopt,
    Claim,
    Declare,
    Did,
    NoteReading,
    Position,
    Propose,
    Question,
    Reject,
    Withdraw,
)  # fmt: skip
from .route_cells import find_steps, masked_sentence
from .route_cues import claims_in, cues_in
from .route_declared import corner_of, declared, may_declare, own_names
from .route_rows import with_routes
from .route_sentence import HERE, THESE, acts_of
from .route_steps import Heading, Mention, Step
from .route_text import lines_and_maps
from .route_turns import only_headings

_MARKER = re.compile(
    r"\s*(?:>+\s*)*(?:(?:[-*•+‣▪►✦]|\d{1,2}[.)](?!\d)|\([a-z\d]\)(?=\s))\s+)?(?:\[[ x]\]\s*)?(?:#{1,4}\s+)?"
)
_EMPHASIS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|__|`+|~~")
_ARROWS = re.compile(r"\s*(?:-+>|=+>|⇒|➔|➜|⟶|⟹|↦|»|›)\s*")
_SIGNS = r"\U0001F300-\U0001FAFF\u2600-\u26ff\u2700-\u27a0\u27a2-\u27bf"
_ENDS = re.compile(
    rf"[.!?;{_SIGNS}](?:(?<=[.!?;])(?!(?<=\.\.\.)\s+(?:is|was|isn't|would be|which is)\b)[\"')\]]*"
    rf"|(?<=[{_SIGNS}])\ufe0f?)\s+(?=\S)"
)
"""The mark that ends a sentence, with what may follow it before the next one."""
_SYMBOL_WORDS = {".": "open", "#": "wall", "?": "hidden", "k": "key", "*": "goal", "@": "start"}
_QUOTED_SYMBOL = re.compile(r"([\"'`])([.#?*k@])\1|(?<=[=:] )([#?*@])(?=[\s,;.]|$)")
_MAYBE_SYMBOL = re.compile(r"[\"'`=:](?:[.#?*k@][\"'`]| [#?*@])")
_REPEATED = re.compile(
    r"\b(up|down|left|right|north|south|east|west)(?:,|,? and|,? then)"
    r" (?:once|one) more(?: time)?(?=[.!?,;]|$)",
    re.IGNORECASE,
)
_INLINE_NUMBER = re.compile(r"([,;])(?<=[a-z)].)\s*\d{1,2}[.)]\s+(?=[A-Za-z(])")
_JSON_KEY = re.compile(r"\"([A-Za-z_ ]+)\"\s*:\s*")
_JSON_NEXT = re.compile(r",\s*(?=\"(?!(?:rows?|cols?|columns?|[rcxy])\")[A-Za-z_ ]+\"\s*:)")
_QUOTED_WAY = re.compile(r"\"([UDLRNSEW])\"")
_NUMBERED = re.compile(r"\b((?:step|move|note|action|turn)\s*#?\d{1,2})\.\s", re.IGNORECASE)
_ABBREVIATED = re.compile(r"\b(i\.e|e\.g|vs|etc)\.(?=[\s,])", re.IGNORECASE)
_MAYBE_ABBREVIATED = re.compile(r"[eEgGsScC]\.[\s,]")
_NUMBER_ENDS = re.compile(r"\d\.\s")
_TITLE = re.compile(r"^\s*#{1,4}\s+\S|^\s*\*\*[^*]+\*\*:?\s*$")
_ITEM = re.compile(r"^\s*(?:[-*•+]|\d{1,2}[.)])\s")
_OF_DIRECTIONS = re.compile(
    r"\b(?:use|using|talk|speak|say|call|name|write|describe|stick)\b[^.]*\bdirections?\b"
    r"|\bdirections?\b[^.]*\b(?:mean|means|are|is|like)\b"
)
_EXAMPLES = re.compile(
    r"\b(?:say|saying|write|writing|use|using|speak|talk|call)\b[^.]*[\"'][CH](?: [^\"']*)?[\"']"
)
"""Steps in quotes that show how to name them: "let's only say "right 2", "down 1" and so on"."""
_LANDMARK = re.compile(
    r"^(?:[a-z' ]+, )?(?:so |and |but )?(?:the|my|your|our)(?: [a-z]+){0,2} (?:key|goal|star|treasure|exit)s?"
    r" (?:is|are|lies|sits) (?:[a-z]+ ){0,4}H[.!]*$"
)
"""Where a key lies, which is no step: "the other key is further to the right"."""
_ENDS_ON_WAY = re.compile(
    r"^H(?:, [^?]*)?[.!]?$|, H[.!]*$|(?::|\bthen|\bnow|\bso|\bmakes|\bmeans|\bthat's|\bthat is)[, ]+H[.!]*$"
)
_LINE = re.compile(r": H(?:(?:,| and|,? then) H)+[.!]*$")
"""One direction more than once: "both cells to the left are free: left, left"; of two, one may be meant."""
_ROUTE_NOTES = re.compile(r"C (?:\([^()CH]*\)|again|\[[^\]CH]*\]|[-–] (?:my|your|the|our) [a-z]+)")
_OPEN_WAYS = re.compile(
    r"H(?:(?:,| and|,? then)? H)*,? (?:(?:is|are|looks?|seems?|shows?|both|all|also) )*"
    r"(?:open|free|clear)\b[^CH]*$"
)
"""What may be meant as the next steps, though only said to be open: "from there up is open for me"."""
_ONLY_STEPS = re.compile(r"(?:(?:and|then|finally|back|up|on|to|the|→|H|C)[ ,]*)+[.;!?]*$")
_WHICH = re.compile(r"(?<=[CH]), which (?![^,]*\b(?:walls?|blocked)\b)[^CH,.;:?]*(?=[,:;][^.;?]*[CH])")
"""A remark beside a step that is followed by others."""
_WHICH_ENDS = re.compile(
    r"(?<=[CH]), which (?:takes|brings|puts|leads|gets|lands|leaves) [^CH,.;:?]*(?=[.;!]*$)"
)
_NOT_MEANT = re.compile(
    r"\b(?:you|your map)\b[^CH]*[CH][^CH]*$|\bwall|\bblocked|\bhidden|\bcan't\b|\bcannot\b|\bif\b"
)
_MARKS = frozenset("\"'`=:*_~>⇒➔➜⟶⟹↦»›")
"""A line without any of these has neither quoted symbols nor arrows nor emphasis."""
_EMPHASIS_MARKS = frozenset("*_`~")
_ARROW_MARKS = frozenset(">⇒➔➜⟶⟹↦»›")
_RIGHT_FIRST = re.compile(r"^right\b", re.IGNORECASE)
_RIGHT = re.compile(r"^right[.!]*$", re.IGNORECASE)
LONGEST_HINT = 3
"""A sentence with more steps than this hints at none."""


class _Sentence(NamedTuple):
    """A sentence read: its acts, the steps and cells it names, the step that it may mean without asking.

    `these`: it asks for cells that the sentence before lists; `recants`: what was named before is taken back;
    `unhinted`: what was hinted at before is not.
    """

    acts: tuple[Act, ...]
    named: tuple[Step, ...]
    mentions: tuple[Mention, ...]
    hint: tuple[Step, ...] | None
    these: bool
    recants: bool
    unhinted: bool


_UNHINTING = frozenset({Adopt, Question, Withdraw})
"""Acts after which a step that was only hinted at in the sentences before is none any more."""


@lru_cache(maxsize=16384)
def read_sentence(sentence: str, heading: str) -> _Sentence:
    """One sentence; a heading lends its words to a sentence without cues, or that begins with a step."""
    masked, steps = masked_sentence(sentence)
    if "your" in masked or "for you" in masked:
        masked, steps = own_names(masked, steps)
    own = masked
    mentions = tuple([step for step in steps if isinstance(step, Mention)])
    named = mentions if "H" in masked and _LANDMARK.search(masked) else steps
    if (heading and _RIGHT_FIRST.match(sentence)) or (
        heading and steps and (masked[0] in "CH" or not (_has_cue(masked) or claims_in(masked)))
    ):
        masked, steps = masked_sentence(f"{heading} {sentence}")
    if "→" in masked or masked.count("C") > 3:
        masked = _ROUTE_NOTES.sub("C", masked)
    if ", which " in masked:
        masked = _WHICH.sub("", masked)
    acts = acts_of(masked, steps)
    declaration = declared(sentence.lower()) if may_declare(own) else None
    named_way = steps and (
        ("direction" in masked and _OF_DIRECTIONS.search(masked))
        or (("'" in masked or '"' in masked) and _EXAMPLES.search(masked))
    )
    if declaration or named_way:
        acts = [act for act in acts if not (isinstance(act, Propose) and _of_naming(act))]
    corner = corner_of(masked, mentions) if mentions else None
    acts = [act for act in (corner, declaration) if act] + acts
    hint = _hinted(own, acts, steps) if steps else None
    kinds = {type(act) for act in acts}
    unhinted = not kinds.isdisjoint(_UNHINTING)
    return _Sentence(tuple(acts), named, mentions, hint, THESE in acts, Withdraw in kinds, unhinted)


def _of_naming(act: Propose) -> bool:
    """In a sentence about the naming of cells the steps are examples."""
    return only_headings(act) or (
        (act.bare or act.echo) and any(isinstance(step, Heading) for step in act.steps)
    )


def _has_cue(masked: str) -> bool:
    return any(cue.kind not in ("nod", "neutral") for cue in cues_in(masked))


class _Ending(NamedTuple):
    """How a masked sentence ends: on ways called open, on so many directions in a row, on a direction.

    `not_meant`: what it names is no step to come.
    """

    open_ways: bool
    line: int
    on_way: bool
    not_meant: bool


@lru_cache(maxsize=32768)
def ending_of(masked: str) -> _Ending:
    """How a masked sentence ends."""
    line = _LINE.search(masked)
    return _Ending(
        _OPEN_WAYS.search(masked) is not None,
        line[0].count("H") if line else 0,
        _ENDS_ON_WAY.search(masked) is not None,
        _NOT_MEANT.search(masked) is not None,
    )


def _hinted(masked: str, acts: Sequence[Act], steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """What a sentence that asks for nothing ends on, if it may be meant as the next step."""
    if any(isinstance(act, (Question, Position, Did, Declare, Withdraw, Reject)) for act in acts):
        return ()
    last, ending = steps[-1], ending_of(masked)
    if isinstance(last, Heading) and not ending.not_meant:
        if ending.open_ways:
            return steps if all(isinstance(step, Heading) for step in steps) else ()
        if ending.line:
            ahead = steps[-ending.line :]
            return ahead if len({step.way for step in ahead if isinstance(step, Heading)}) == 1 else ()
    if ending.not_meant or len(steps) > LONGEST_HINT or (isinstance(last, Heading) and not ending.on_way):
        return ()
    if last in [act.cell for act in acts if isinstance(act, Claim) and act.state in ("wall", "hidden")]:
        return ()
    if isinstance(last, Heading):
        return () if any(isinstance(act, Accept) for act in acts) else (last,)
    return steps[-2:] if isinstance(steps[-2 if len(steps) > 1 else -1], Heading) else (last,)


@lru_cache(maxsize=64)
def read_note(text: str) -> NoteReading:
    """The acts of a note in the order of its text, and the map lines that it carries. Never raises."""
    lines, rows = lines_and_maps(text)
    acts: list[Act] = []
    mentions: list[Mention] = []
    named: list[Step] = []
    recanted: tuple[Step, ...] = ()
    hint: tuple[Step, ...] = ()
    heading = ""
    asked: tuple[Mention, ...] = ()
    listed: tuple[Mention, ...] = ()
    told: tuple[Mention, ...] = ()  # the cell that the last sentence with cells is about, and no more
    for raw in with_routes(lines):
        sentences = _sentences(raw)
        if sentences and not acts and not mentions and _RIGHT.match(sentences[0]):
            acts.append(Accept(1))  # "Right." alone may be a direction; before more it only agrees
            del sentences[: len(sentences) > 1 or len(lines) > 1]
        for number, sentence in enumerate(sentences):
            if mentions and number and _RIGHT.match(sentence):
                acts.append(Accept(1))  # among cells it is no direction
                continue
            read = read_sentence(sentence, "" if number else heading)
            if read.these and len(listed) > 1:
                while acts and isinstance(acts[-1], Propose) and set(acts[-1].steps) <= set(listed):
                    acts.pop()
            here = asked if len(asked) == 1 else told
            for act in read.acts:
                if act is not THESE:
                    acts.append(Propose(here) if act is HERE and here else act)
                elif len(listed) > 1:
                    acts.append(Propose(listed))
            listed = read.mentions
            if asked and acts and acts[-1] == Reject() and sentence[:2].lower() == "no":
                acts[-1] = Reject(asked, firm=False)  # "(1,2)? No." answers itself
            asked = read.mentions if sentence.endswith("?") else ()
            if read.mentions:
                told = () if read.acts or len(read.mentions) > 1 else read.mentions
            mentions += read.mentions
            named += read.named
            if read.recants:
                recanted = tuple(named)
            if read.unhinted:
                hint = ()
            hint = hint if read.hint is None else read.hint
        if sentences:
            last = sentences[-1]
            if (last.endswith(":") or _TITLE.match(raw)) and not find_steps(last):
                heading = last.rstrip(":") + ":"
            elif not _ITEM.match(raw):
                heading = ""
    return NoteReading(_settled(acts, hint), rows, tuple(mentions), tuple(named), recanted)


def _sentences(raw: str) -> list[str]:
    """The sentences of a line, without marks of lists, titles and emphasis; one kind of arrow is left."""
    marker = _MARKER.match(raw)
    line = raw[marker.end() :] if marker else raw
    if not line:
        return []
    marks = _MARKS.intersection(line)
    if marks:
        if '"' in line:
            line = _JSON_NEXT.sub("; ", line)
            line = _JSON_KEY.sub(lambda m: f" {m[1].replace('_', ' ')}: ", line)
            line = _QUOTED_WAY.sub(r"\1", line)
        if _MAYBE_SYMBOL.search(line):
            line = _QUOTED_SYMBOL.sub(lambda m: _SYMBOL_WORDS[m[2] or m[3]], line)
        if not _EMPHASIS_MARKS.isdisjoint(marks):
            line = _EMPHASIS.sub("", line)
        if not _ARROW_MARKS.isdisjoint(marks):
            line = _ARROWS.sub(" → ", line)
    if "more" in line:
        line = _REPEATED.sub(r"\1, then \1", line)
    if "," in line or ";" in line:
        line = _INLINE_NUMBER.sub(r"\1 ", line)
    if "." in line:
        if _MAYBE_ABBREVIATED.search(line):
            line = _ABBREVIATED.sub(r"\1", line)
        if _NUMBER_ENDS.search(line):
            line = _NUMBERED.sub(r"\1: ", line)
    sentences: list[str] = []
    begin = 0
    for end in _ENDS.finditer(line):
        sentences.append(line[begin : end.start() + 1].strip())
        begin = end.end()
    sentences.append(line[begin:].strip())
    sentences = [sentence for sentence in sentences if sentence]
    return _joined(sentences) if ";" in line else sentences


def _joined(sentences: list[str]) -> list[str]:
    """Steps that only semicolons part are one list: "(0,1); (0,2); and back to (0,1)"."""
    joined = sentences[:1]
    for sentence in sentences[1:]:
        if joined[-1].endswith(";") and _ONLY_STEPS.match(_WHICH_ENDS.sub("", masked_sentence(sentence)[0])):
            joined[-1] = f"{joined[-1][:-1]}, {sentence}"
        else:
            joined.append(sentence)
    return joined


def _settled(acts: list[Act], hint: tuple[Step, ...]) -> tuple[Act, ...]:
    """Say where "there" is: the last cell that the note calls open, else it merely agrees.

    A note without a proposal of its own that ends on a step hints at it, not counting an answer in front.
    """
    settled: list[Act] = []
    spoken: Mention | None = None
    asks = False
    for act in acts:
        if isinstance(act, Claim) and act.state in ("open", "key", "goal"):
            spoken = act.cell
        elif act is HERE:
            act = Propose((spoken,)) if spoken else Accept(1)
        if isinstance(act, Propose) and not act.echo and not act.fallback:
            answers = act.bare and not settled and only_headings(act) and act.steps[-len(hint) :] != hint
            asks = asks or not answers
        settled.append(act)
    if hint and not asks:
        settled.append(Propose(hint, hint=True))
    return tuple(settled)
