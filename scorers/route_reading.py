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

from .route_acts import (
    Accept, Act, Claim, Declare, Did, NoteReading, Position, Propose, Question, Reject, Withdraw,
)  # fmt: skip
from .route_cells import Heading, Mention, Step, find_steps
from .route_cues import claims_in, cues_in
from .route_declared import corner_of, declared
from .route_sentence import HERE, acts_of, masked_sentence
from .route_text import lines_and_maps

_MARKER = re.compile(
    r"^\s*(?:>+\s*)*(?:(?:[-*•+‣▪►✦]|\d{1,2}[.)](?!\d)|\([a-z\d]\)(?=\s))\s+)?(?:\[[ x]\]\s*)?"
)
_EMPHASIS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|__|`+|~~")
_ARROWS = re.compile(r"\s*(?:-+>|=+>|⇒|➔|➜|⟶|⟹|↦|»|›)\s*")
_SPLIT = re.compile(
    r"(?<=[.!?;])[\"')\]]*\s+(?=\S)|(?<=[\U0001F300-\U0001FAFF\u2600-\u26ff\u2700-\u27bf])\ufe0f?\s+(?=\S)|\n"
)
_SYMBOL_WORDS = {".": "open", "#": "wall", "?": "hidden", "k": "key", "*": "goal", "@": "start"}
_QUOTED_SYMBOL = re.compile(r"([\"'`])([.#?*k@])\1|(?<=[=:] )([#?*@])(?=[\s,;.]|$)")
_NUMBERED = re.compile(r"\b((?:step|move|note|action|turn)\s*#?\d{1,2})\.\s", re.IGNORECASE)
_ABBREVIATED = re.compile(r"\b(i\.e|e\.g|vs|etc)\.(?=[\s,])", re.IGNORECASE)


_OF_DIRECTIONS = re.compile(
    r"\b(?:use|using|talk|speak|say|call|name|write|describe|stick|call)\b[^.]*\bdirections?\b|\bdirections?\b[^.]*\b(?:mean|means|are|is|like)\b"
)


@lru_cache(maxsize=16384)
def read_sentence(sentence: str, heading: str) -> tuple[Act, ...]:
    """The acts of one sentence; a heading lends its words to a sentence without cues."""
    masked, steps = masked_sentence(sentence)
    if (
        heading
        and steps
        and (
            masked[:1] in "CH"
            or (
                not any(cue.kind not in ("nod", "neutral") for cue in cues_in(masked))
                and not claims_in(masked)
            )
        )
    ):
        masked, steps = masked_sentence(f"{heading} {sentence}")
    acts = acts_of(masked, steps)
    lowered = sentence.lower()
    declaration = declared(lowered)
    cells = [step for step in steps if isinstance(step, Mention)]
    corner = corner_of(masked, cells) if cells else None
    if declaration or _OF_DIRECTIONS.search(lowered):
        acts = [
            act
            for act in acts
            if not (isinstance(act, Propose) and all(isinstance(x, Heading) for x in act.steps))
        ]
    if declaration:
        acts.insert(0, declaration)
    if corner:
        acts.insert(0, corner)
    return tuple(acts)


@lru_cache(maxsize=4096)
def read_note(text: str) -> NoteReading:
    """The acts of a note in the order of its text, and the map lines that it carries. Never raises."""
    lines, rows = lines_and_maps(text)
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
            read = read_sentence(sentence, heading if number == 0 else "")
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
    masked = masked_sentence(sentence)[0]
    if isinstance(last, Heading) and not re.search(
        r"(?::|\bthen|\bnow|\bso|\bmakes|\bmeans|\bthat's|\bthat is)[, ]+H[.!]*$", masked
    ):
        return ()
    if last in shut or len(steps) > 3 or _ASIDE_END.search(masked):
        return ()
    before = steps[-2:-1]
    return (
        (*before, last)
        if before and isinstance(before[0], Heading) and isinstance(last, Mention)
        else (last,)
    )


_ASIDE_END = re.compile(
    r"\b(?:you|your map)\b[^CH]*[CH][^CH]*$|\bwall|\bblocked|\bhidden|\bcan't\b|\bcannot\b|\bif\b"
)


def _settled(acts: list[Act], last_steps: tuple[Step, ...]) -> tuple[Act, ...]:
    """Say where "there" is: the last cell that the note calls open, else it merely agrees.

    A note without a proposal of its own that ends on a step hints at it.
    """
    settled: list[Act] = []
    spoken: Mention | None = None
    for act in acts:
        if isinstance(act, Claim) and act.state in ("open", "key", "goal"):
            spoken = act.cell
        if act is HERE:
            settled.append(Propose((spoken,)) if spoken else Accept(1))
        else:
            settled.append(act)
    if last_steps and not any(
        isinstance(act, Propose) and not act.echo and not act.fallback for act in settled
    ):
        settled.append(Propose(last_steps, hint=True))
    return tuple(settled)
