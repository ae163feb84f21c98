"""Regular expressions of many alternatives, each tried only where it can begin (pure).

    scan = Scan({"yes": ["ok(?:ay)?", "agreed"], "no": ["never"]}, r"\\w+")
    [match.lastgroup for match in scan.matches("ok, never")] -> ["yes", "no"]

The matches are those of one expression with all alternatives in their order.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from .route_leading import DEPTH, Openings


class Scan(dict[str, tuple["re.Pattern[str]", ...]]):
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
        self._compiled: dict[int, re.Pattern[str]] = {}

    def matches(self, text: str) -> list[re.Match[str]]:
        """All matches in order, none over another."""
        found: list[re.Match[str]] = []
        end = 0
        for place in self.places.finditer(text):
            at = place.start()
            if at < end:
                continue
            for pattern in self[text[at : at + DEPTH]]:
                if match := pattern.match(text, at):
                    found.append(match)
                    end = match.end()
                    break
        return found

    @cached_property
    def whole(self) -> re.Pattern[str]:
        """One expression of all alternatives."""
        groups: dict[str, list[str]] = {}
        for name, pattern in self.alternatives:
            groups.setdefault(name, []).append(pattern)
        named = (f"(?P<{name}>{'|'.join(patterns)})" for name, patterns in groups.items())
        return re.compile(f"(?:{'|'.join(named)}){self.ending}", self.flags)

    @cached_property
    def _openings(self) -> Openings:
        return Openings([pattern for _, pattern in self.alternatives])

    def __missing__(self, key: str) -> "tuple[re.Pattern[str], ...]":
        if not key.isascii():
            return (self.whole,)  # not kept: there are as many such keys as a hostile text likes
        self[key] = patterns = tuple([self._alone(number) for number in self._openings.of(key.lower())])
        return patterns

    def _alone(self, number: int) -> re.Pattern[str]:
        """An alternative, compiled when it is first needed: most never are."""
        if number not in self._compiled:
            name, pattern = self.alternatives[number]
            self._compiled[number] = re.compile(f"(?P<{name}>{pattern}){self.ending}", self.flags)
        return self._compiled[number]
