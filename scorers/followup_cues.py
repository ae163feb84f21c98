"""The cue words of `followup_cues.toml` as compiled patterns (pure).

A cue is a list of alternatives. Those whose name ends in `open` are looked for at the start of a turn, after
words that lead in ("ok, so …"); the others as whole words anywhere. All are matched on normalised text, in
lower case and with straight quotes.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

LIST_MARK = r"(?:\d+[.)]|[-*•]|#+)\s"
"""What a line of a list begins with."""
NUMBERS = r"\d+|one|two|three|four|five|six|seven|eight|nine|ten"
ORDINALS = "first|second|third|fourth|fifth|last|final"


class CueFile(BaseModel):
    """The shape of `followup_cues.toml`: what stands between bars or lines, words between spaces or lines."""

    model_config = ConfigDict(extra="forbid")

    lead: str
    meta_open: str
    meta_any: str
    meta_person: str
    offer: str
    answer_open: str
    answer_any: str
    advice: str
    ask_open: str
    ask_clause: str
    request_any: str
    request_open: str
    edit_open: str
    first_person: str
    elided_open: str
    tried: str
    propose: str
    third_person: str
    stance: str
    object_open: str
    point: str
    weak: str
    anaphora: str
    yes_no: str
    offer_question: str
    close_lead: str
    thanks: str
    close_open: str
    part_listed: str
    part_any: str
    close_words: str
    stop_words: str
    common_words: str
    chat_words: str
    slang: str


class Cues(NamedTuple):
    """The compiled cues. `part_listed` captures the name of the part in the group `part`."""

    meta_open: re.Pattern[str]
    meta_any: re.Pattern[str]
    meta_person: re.Pattern[str]
    offer: re.Pattern[str]
    answer_open: re.Pattern[str]
    answer_any: re.Pattern[str]
    advice: re.Pattern[str]
    ask_open: re.Pattern[str]
    ask_clause: re.Pattern[str]
    request_any: re.Pattern[str]
    request_open: re.Pattern[str]
    edit_open: re.Pattern[str]
    first_person: re.Pattern[str]
    tried: re.Pattern[str]
    propose: re.Pattern[str]
    elided_open: re.Pattern[str]
    third_person: re.Pattern[str]
    stance: re.Pattern[str]
    object_open: re.Pattern[str]
    point: re.Pattern[str]
    weak: re.Pattern[str]
    anaphora: re.Pattern[str]
    yes_no: re.Pattern[str]
    offer_question: re.Pattern[str]
    thanks: re.Pattern[str]
    close_open: re.Pattern[str]
    part_listed: re.Pattern[str]
    part_any: re.Pattern[str]
    close_words: frozenset[str]


@cache
def cue_file() -> CueFile:
    """`followup_cues.toml` as it stands."""
    text = (files("interplay.scorers") / "followup_cues.toml").read_text(encoding="utf-8")
    return CueFile.model_validate(tomllib.loads(text))


@cache
def cues() -> Cues:
    """The cues, compiled once."""
    file = cue_file()
    lead, close_lead = _after(file.lead), _after(file.close_lead)
    return Cues(
        meta_open=_compiled(lead + _any(file.meta_open)),
        meta_any=_words(file.meta_any),
        offer=_words(file.offer),
        meta_person=_words(file.meta_person),
        answer_open=_compiled(lead + _any(file.answer_open)),
        answer_any=_words(file.answer_any),
        advice=_compiled(rf"(\A|[.!;:\n])\s*({LIST_MARK}\s*)?{_any(file.advice)}\b"),
        ask_open=_compiled(lead + _any(file.ask_open) + r"\b"),
        ask_clause=_compiled(_any(file.ask_clause)),
        request_any=_words(file.request_any),
        request_open=_compiled(lead + _any(file.request_open) + r"\b"),
        edit_open=_compiled(lead + r"(please |can you |could you )?" + _any(file.edit_open) + r"\b"),
        first_person=_words(file.first_person),
        elided_open=_compiled(lead + _any(file.elided_open) + r"\b"),
        tried=_words(file.tried),
        propose=_words(file.propose),
        third_person=_words(file.third_person),
        stance=_words(file.stance),
        object_open=_compiled(rf"\A\W*{_any(file.object_open)}(?!\w)"),
        point=_words(file.point),
        weak=_words(file.weak),
        anaphora=_words(file.anaphora),
        yes_no=_compiled(r"\A\W*" + _any(file.yes_no) + r"\b"),
        offer_question=_words(file.offer_question),
        thanks=_words(file.thanks),
        close_open=_compiled(close_lead + _any(file.close_open)),
        part_listed=_part(file.part_listed),
        part_any=_part(file.part_any + "|one"),
        close_words=frozenset(file.close_words.split()),
    )


def _any(alternatives: str) -> str:
    return f"({'|'.join(alternatives.splitlines())})"


def _after(lead: str) -> str:
    return rf"\A\W*({_any(lead)}\W+)*"


def _words(alternatives: str) -> re.Pattern[str]:
    # No boundary stands before the end of "isn't", which is a word of its own here.
    return _compiled(rf"(\b|(?<=\w)(?=n't\b)){_any(alternatives)}\b")


def _part(names: str) -> re.Pattern[str]:
    numbered = rf"\b(?P<numbered>{names})s? ({NUMBERS})\b"
    ordered = rf"\b({ORDINALS}) (?P<ordered>{names})\b"
    return _compiled(rf"{numbered}|{ordered}")


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern))
