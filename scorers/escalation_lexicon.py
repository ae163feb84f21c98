"""The patterns of `data/escalation_lexicon.ini`, compiled once (pure).

Every pattern is looked for as whole words, in any case, in text with straight quotes; `{FEEL}` and `{THIRD}`
in a pattern stand for the alternatives of those names under `[words]`.
"""

import re
from collections.abc import Mapping
from configparser import ConfigParser
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple


class Lexicon(NamedTuple):
    """The patterns of the two sides by name."""

    user: Mapping[str, re.Pattern[str]]
    assistant: Mapping[str, re.Pattern[str]]


class _Parser(ConfigParser):
    def optionxform(self, optionstr: str) -> str:
        # Names under [words] are in capitals, which the parser would put in lower case.
        return optionstr


@cache
def lexicon() -> Lexicon:
    """The lexicon as it stands in the package."""
    text = (files("interplay.scorers") / "data" / "escalation_lexicon.ini").read_text("utf-8")
    return read_lexicon(text)


@lru_cache(maxsize=4096)
def user_patterns(text: str) -> frozenset[str]:
    """The cues of the person that a text with straight quotes matches."""
    return frozenset(cue for cue, pattern in lexicon().user.items() if pattern.search(text))


@lru_cache(maxsize=4096)
def assistant_patterns(text: str) -> frozenset[str]:
    """The codes of the assistant that a text with straight quotes matches."""
    return frozenset(code for code, pattern in lexicon().assistant.items() if pattern.search(text))


def read_lexicon(text: str) -> Lexicon:
    """A lexicon from the text of an INI file with the sections words, user and assistant."""
    sections = filled_sections(text)
    return Lexicon(*(_compiled(sections[side]) for side in ("user", "assistant")))


def filled_sections(text: str) -> dict[str, dict[str, str]]:
    """The patterns of an INI file by section and name, with the alternatives of [words] put in."""
    parser = _Parser(interpolation=None, delimiters=("=",))
    parser.read_string(text)
    names = dict(parser["words"])
    return {
        section: {name: _filled(pattern, names) for name, pattern in parser[section].items()}
        for section in parser.sections()
        if section != "words"
    }


def _compiled(patterns: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    return {cue: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for cue, pattern in patterns.items()}


def _filled(pattern: str, names: Mapping[str, str]) -> str:
    for name, alternatives in names.items():
        pattern = pattern.replace(f"{{{name}}}", alternatives)
    return pattern
