"""Cue words and claims found in a sentence whose cells and directions are masked (pure).

A masked sentence is in lower case, with C for each cell and H for each direction:

    "I propose (0,1), since (1,0) is a wall." -> "i propose C, since C is a wall."

`route_cues.toml` holds the words. Masking lets a sentence that comes back with other cells be read once.
"""

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple

from pydantic import BaseModel

from .route_acts import State
from .route_scan import Scan

Kind = Literal[
    "neutral", "ask", "withdraw", "yield", "reject", "doubt", "recap",
    "future", "position", "accept", "aside", "propose", "nod",
]  # fmt: skip


class Cue(NamedTuple):
    """A cue and the place of its words."""

    start: int
    end: int
    kind: str


class Statement(NamedTuple):
    """What a sentence says of the cell with this number, from 0, among its cells.

    `after`: the words stand after the cell, so what stands before it may still ask for a step. `stated`:
    they make a sentence ("is a wall") instead of an aside (", my key").
    """

    number: int
    state: State
    own: bool
    after: bool
    stated: bool


class CueFile(BaseModel):
    """The shape of `route_cues.toml`."""

    kinds: dict[Kind, list[str]]
    words: dict[str, str]


class Cues(NamedTuple):
    """The cue words of all kinds in their order, and the other words, compiled."""

    kinds: dict[Kind, list[str]]
    notation: re.Pattern[str]
    fallback: re.Pattern[str]
    onward: re.Pattern[str]
    instead: re.Pattern[str]
    perception: re.Pattern[str]


@cache
def cues() -> Cues:
    """The cue words of `route_cues.toml`, compiled once."""
    text = (files("interplay.scorers") / "route_cues.toml").read_text(encoding="utf-8")
    file = CueFile.model_validate(tomllib.loads(text))
    words = {name: re.compile(pattern) for name, pattern in file.words.items()}
    return Cues(file.kinds, **words)


@cache
def _scan() -> Scan:
    """The cue words of all kinds; at one place the first kind that matches wins."""
    return Scan(dict(cues().kinds.items()), _BEGINNING, ending="(?![a-z])")


_BEGINNING = r"[\w']+[^\w'\s]?|[^\w'\s]"
"""A cue begins at the beginning of a word, or with a sign that follows no word."""


def cues_in(masked: str) -> list[Cue]:
    """All cues of a masked sentence in order."""
    return [Cue(match.start(), match.end(), match.lastgroup or "") for match in _scan().matches(masked)]


_STATES: dict[State, str] = {
    "hidden": r"not (?:on|in|part of) my (?:map|side|half|view|part)|hidden|unknown|unclear|not visible"
    r"|invisible|unseen|question marks?|not shown|masked|covered|obscured|\?",
    "wall": r"walls?|blocked(?: off)?|obstacles?|closed|impassable|solid|\#",
    "open": r"open|free|clear(?! (?:path|way|route|now|yet|enough|that|on))|passable|floor|empty|walkable"
    r"|traversable|dots?|safe|accessible",
    "key": r"keys?|k|treasures?",
    "goal": r"goals?|\*|star|asterisk",
    "start": r"start(?:ing)?(?: (?:cell|position|point|square))?|@",
}
_STATE = "|".join(f"(?P<{name}>{words})" for name, words in _STATES.items())
_SEPARATOR = r"\s*(?:,|&|\band\b|;|/|→|-|–|\bor\b)+\s*(?:and |also |then |at )?"
_LIST = rf"C(?:{_SEPARATOR}C)*"
_LINK = (
    r"(?:\s*(?:\bis\b|\bare\b|'s\b|\bwas\b|\bwere\b|==?|:|→|\blooks?(?: like)?\b"
    r"|\bshows?(?: up)?(?: as)?\b|\bappears?(?: to be| as)?\b|\breads\b"
    r"|\bseems?(?: to be)?\b|\bas\b|\bbeing\b|\bhas\b|\bhave\b|\bholds?\b|\bcontains?\b|\bremains?\b"
    r"|\bmarked\b|\bto be\b|\bwhich\b|\bthat\b"
    r"|,|\(|\[|\||–|—|-|\bboth\b|\ball\b|\balso\b|\btoo\b|\bnot\b|n't\b|\bno\b|\ban?\b|\bthe\b|\bmy\b"
    r"|\byour\b|\bour\b|\banother\b"
    r"|\bdefinitely\b|\bjust\b|\bonly\b|\bindeed\b|\bclearly\b|\bactually\b|\bstill\b|\bsecond\b"
    r"|\bfirst\b|\bown\b|[\"'`]|\bon my (?:map|side|end|half|view|part)\b"
    r"|\bfor me\b|\bin my (?:view|half|map)\b|\bto me\b|\bcertainly\b|\bunfortunately\b|\bhere\b"
    r"|\bwhere\b|\bthere\b|\bi have\b|\bi see\b|\byours\b|\bmine\b|\ba known\b))*"
)
_AFTER = re.compile(
    rf"(?P<list>{_LIST})(?P<link>{_LINK})\s*(?:{_STATE})(?!\w)(?! (?:to|with|by|at C|move|step"
    rf"|path))(?!\s*(?:is|are|at|was|=)\b)"
)
_MID = (
    r"(?:\s*(?:'s\b|\bcells?\b|\bsquares?\b|\btiles?\b|\bones?\b|\bspots?\b|\bpositions?\b|\bis\b|\bare\b"
    r"|\bat\b|\bon\b|\bin\b|\blocated\b|\bsits?\b|\blies\b|\bto be\b|\bi see\b"
    r"|\bi have\b|\bi know(?: of)?\b|\bhere\b|\bknown\b|\bvisible\b|\b(?:on|in) my (?:map|side|end|half"
    r"|view|part)\b|\bmy map\b|\bincludes?\b|\bincluding\b|=|:|-|–|—|\(|\btoo\b|\balso\b"
    r"|\bboth\b|\bthere\b|\bof mine\b|\bthat\b|\bfor me\b|\bcell\b|\bnow\b|\bare at\b|\bcoordinates?\b"
    r"|\bi can see\b|\bsymbol\b|\bshown\b|\bmarker\b|\bstill\b|[\"'`]))*"
)
BEFORE = Scan(
    {name: [words] for name, words in _STATES.items()},
    _BEGINNING,
    ending=rf"(?P<mid>{_MID})\s*(?P<list>{_LIST})(?!\w)",
)
"""What is said of cells before they are named: "walls at C and C"."""
_DENIED = re.compile(r"\bnot\b|n't\b|\bno\b")
_PLURAL = re.compile(r"\bas\b|\bare\b|\bboth\b|\ball\b|\bwere\b|\bhave\b")
_COPULA = re.compile(r"\b(?:is|are|was|were|looks?|shows?|reads|seems?|as|has|have|remains?)\b|=|'s")
_NOT_MINE = re.compile(r"\b(?:you|your|yours|partner's|their)\b(?!.*\b(?:my|i|mine)\b)")
_HYPOTHETIC = re.compile(
    r"\b(?:if|whether|unless|in case|assuming|provided|suppose|supposing|maybe|perhaps|might|may|could be"
    r"|possibly)\b(?!.*\b(?:then|but|so)\b)"
)
_STARTS_AS_QUESTION = re.compile(
    r"^(?:and |but |so |also |ok(?:ay)?,? |hmm,? |can you tell me )?(?:is|are|isn't|aren't|does|do|did"
    r"|can|could|what|what's|which|have|has|would|will|any|where|how)\b"
)


def _state_of(match: re.Match[str]) -> State:
    told = match.groupdict()
    return next(name for name in _STATES if told.get(name) is not None)


def _opposite(state: State) -> State | None:
    return {"wall": "open", "open": "wall"}.get(state)  # type: ignore[return-value]


@lru_cache(maxsize=32768)
def claims_in(masked: str) -> tuple[Statement, ...]:
    """What a masked sentence says about the cells in it; questions, conditions and hearsay say nothing."""
    if "C" not in masked:
        return ()
    question = masked.rstrip(" \"')").endswith("?")
    if question and (_STARTS_AS_QUESTION.search(masked) or masked.count(",") == 0):
        return ()
    said: dict[int, Statement] = {}

    def note(at: int, state: State, denied: bool, before: str, after: bool, stated: bool) -> None:
        index = masked[:at].count("C")
        if index in said or (question and not re.search(r"[,;:—–]", masked[at + 1 :].replace(", right", ""))):
            return
        clause = re.split(r"[,;:]| but | and my ", before)[-1]
        own = not _NOT_MINE.search(clause)
        if _HYPOTHETIC.search(clause) or (not own and state != "key"):
            return
        final: State | None = _opposite(state) if denied else state
        if final is not None:
            said[index] = Statement(index, final, own, after, stated)

    for match in _AFTER.finditer(masked):
        link = match["link"]
        places = [match.start("list") + i for i, char in enumerate(match["list"]) if char == "C"]
        if not _PLURAL.search(link):
            places = places[-1:]
        if not link.strip() and (_state_of(match) == "start" or match["hidden"] == "?"):
            continue
        stated = _COPULA.search(link) is not None or not link.strip()
        own_link = "your" in link.split() or "yours" in link.split()
        for at in places:
            note(
                at,
                _state_of(match),
                _DENIED.search(link) is not None,
                masked[: match.start()] + (" your" if own_link else ""),
                True,
                stated,
            )
    for match in BEFORE.matches(masked):
        before = masked[: match.start()]
        denied = re.search(r"\b(?:no|not|not a|isn't a|n't a|no more)\s+(?:\w+\s+)?$", before) is not None
        for i, char in enumerate(match["list"]):
            if char == "C":
                note(match.start("list") + i, _state_of(match), denied, before, False, True)
    return tuple(said[index] for index in sorted(said))
