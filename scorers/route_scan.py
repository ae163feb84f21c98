"""Regular expressions of many alternatives, each tried only where it can begin (pure).

    scan = Scan({"yes": ["ok(?:ay)?", "agreed"], "no": ["never"]}, r"\\w+")
    [match.lastgroup for match in scan.matches("ok, never")] -> ["yes", "no"]

The matches are those of one expression with all alternatives in their order.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from .route_leading import DEPTH, begins, openings


class Scan(dict[str, "re.Pattern[str] | None"]):
    """Alternatives in named groups: by characters, what can begin with them, worked out when first asked."""

    def __init__(
        self, groups: Mapping[str, Sequence[str]], places: str, ending: str = "", flags: int = 0
    ) -> None:
        """Alternatives and where they can begin.

        Args:
            groups: By name, in their order.
            places: Matches one after the other whatever begins where an alternative can begin.
            ending: What follows every alternative.
            flags: Of the expression.
        """
        super().__init__()
        self.alternatives = [(name, pattern) for name, patterns in groups.items() for pattern in patterns]
        self.places = re.compile(places, flags)
        self.ending, self.flags = ending, flags
        self._compiled: dict[tuple[int, ...], re.Pattern[str] | None] = {}

    def matches(self, text: str) -> list[re.Match[str]]:
        """All matches in order, none over another."""
        found: list[re.Match[str]] = []
        end = 0
        for place in self.places.finditer(text):
            at = place.start()
            if at >= end and (pattern := self[text[at : at + DEPTH]]) and (match := pattern.match(text, at)):
                found.append(match)
                end = match.end()
        return found

    @cached_property
    def whole(self) -> re.Pattern[str]:
        """One expression of all alternatives."""
        return self._of(range(len(self.alternatives)))

    @cached_property
    def _by_character(self) -> dict[str, list[int]]:
        """The numbers of the alternatives that can begin with a character."""
        found: dict[str, list[int]] = {}
        for number, (_, pattern) in enumerate(self.alternatives):
            paths = openings(pattern)
            assert () not in paths, f"may be empty: {pattern}"
            for char in frozenset[str]().union(*(path[0] for path in paths)):
                found.setdefault(char, []).append(number)
        return found

    def __missing__(self, key: str) -> "re.Pattern[str] | None":
        if not key.isascii():
            return self.whole  # not kept: there are as many such keys as a hostile text likes
        lower = key.lower()
        possible = tuple(
            number
            for number in self._by_character.get(lower[:1], ())
            if any(begins(lower, path) for path in openings(self.alternatives[number][1]))
        )
        if possible not in self._compiled:
            self._compiled[possible] = self._of(possible) if possible else None
        self[key] = pattern = self._compiled[possible]
        return pattern

    def _of(self, numbers: Sequence[int]) -> re.Pattern[str]:
        groups: dict[str, list[str]] = {}
        for number in numbers:
            name, pattern = self.alternatives[number]
            groups.setdefault(name, []).append(pattern)
        named = (f"(?P<{name}>{'|'.join(patterns)})" for name, patterns in groups.items())
        return re.compile(f"(?:{'|'.join(named)}){self.ending}", self.flags)
