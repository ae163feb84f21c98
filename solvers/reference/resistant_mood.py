"""How the rule-based user takes a reply: the worth of its codes, and what that does to the anger (pure).

A reply is worth the sum of the weights of its codes. Worth 2 or more eases, but a person of high resistance
only after three such replies in a row; worth -1 or less angers at once; anything between wears patience down.
After it has eased, a person may slip back once whatever the reply. All numbers are choices of the family's
design; no figure of people stands behind them.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from interplay.scorers.escalation_level import TOP

Resistance: TypeAlias = Literal["low", "medium", "high"]
Profile: TypeAlias = Literal[
    "ack_seeking", "solution_seeking", "autonomy_protective", "justice_seeking", "venting"
]
End: TypeAlias = Literal["calmed", "fed_up"]

GOOD = 2
BAD = -1
AWFUL = -3
"""From this worth down a person of high resistance rises by two levels."""
PATIENCE = 3
"""Replies neither good nor bad in a row, by which a person of medium or high resistance rises."""
FLOOR_UNTIL = 4
"""From this reply on the floor no longer holds."""
LEAVES_FROM = 3
"""The first reply after which the person may leave."""
LEAVES_AFTER = 2
"""Replies in a row at the top, or at 1 and below, after which the person leaves."""
CALM = 1

EVERYBODY: Mapping[str, int] = {
    "formulaic": -1, "minimises": -2, "moralises": -2,
    "blames_user": -3, "commands_calm": -3, "stonewalls": -3, "parrots": -3,
}  # fmt: skip
"""Weights of the codes that nobody takes differently."""


class Temper(NamedTuple):
    """What a resistance means: good replies needed to ease, lowest early level, chance to slip back."""

    need: int
    floor: int
    relapse: float


TEMPERS: Mapping[Resistance, Temper] = {
    "low": Temper(1, 0, 0.05),
    "medium": Temper(2, 1, 0.2),
    "high": Temper(3, 2, 0.5),
}


class Taste(NamedTuple):
    """The weights of one profile.

    Attributes:
        codes: Of single codes.
        judges: If the reply blames the other side or labels somebody.
        advice_asked: If it advises and the person had asked.
        advice_unasked: If it advises and the person had not.
        feelings_again: If this reply and the one before reflect a feeling.
        questions_again: If this reply and the one before ask.
    """

    codes: Mapping[str, int]
    judges: int = 0
    advice_asked: int = 0
    advice_unasked: int = -2
    feelings_again: int = 0
    questions_again: int = -1


TASTES: Mapping[Profile, Taste] = {
    "ack_seeking": Taste({"reflects_feeling": 1, "restates": 1}),
    "solution_seeking": Taste(
        {"reflects_feeling": 1, "restates": 1, "question": 1},
        advice_asked=2,
        advice_unasked=1,
        feelings_again=-2,
    ),
    "autonomy_protective": Taste(
        {"restates": 1, "tentative": 1, "question": 1, "offers_choice": 1},
        feelings_again=-1,
        questions_again=0,
    ),
    "justice_seeking": Taste(
        {"reflects_feeling": 1, "restates": 1, "names_impact": 1},
        judges=1,
        advice_unasked=-1,
        questions_again=0,
    ),
    "venting": Taste({"reflects_feeling": 1, "restates": 1}, questions_again=-2),
}


def worth(profile: Profile, codes: Set[str], before: Set[str], asked: bool) -> int:
    """What a reply is worth to a person.

    Args:
        profile: What the person wants.
        codes: Of the reply.
        before: Of the reply before it; none for the first.
        asked: The person's last message asks for advice.
    """
    taste = TASTES[profile]
    again = codes & before
    return (
        sum(weight for code, weight in EVERYBODY.items() if code in codes)
        + sum(weight for code, weight in taste.codes.items() if code in codes)
        + (taste.judges if codes & {"blames_other", "labels_character"} else 0)
        + ((taste.advice_asked if asked else taste.advice_unasked) if "gives_advice" in codes else 0)
        + (taste.feelings_again if "reflects_feeling" in again else 0)
        + (taste.questions_again if "question" in again else 0)
    )


@dataclass
class Mood:
    """The state of a person of some resistance.

    Attributes:
        level: Of anger, 0 to 4.
        replies: Taken so far.
        good: Good replies that count towards easing.
        flat: Replies neither good nor bad in a row.
        hot: Replies in a row at the top level.
        cool: Replies in a row at level 1 or below.
        fragile: The last reply eased, so the person may slip back.
        end: Why the person leaves now, if they do.
    """

    resistance: Resistance
    level: int
    replies: int = 0
    good: int = 0
    flat: int = 0
    hot: int = 0
    cool: int = 0
    fragile: bool = False
    end: End | None = None

    def take(self, reply_worth: int, chance: float) -> None:
        """Take one reply.

        Args:
            reply_worth: As `worth` counts it.
            chance: Uniform in [0, 1), drawn for this reply; below the relapse rate a fragile person slips.
        """
        temper, low = TEMPERS[self.resistance], self.resistance == "low"
        self.replies += 1
        slips = self.fragile and chance < temper.relapse
        self.fragile = False
        if reply_worth <= BAD:
            self._rise(2 if reply_worth <= AWFUL and self.resistance == "high" else 1)
        elif slips:
            self._rise(1)
        elif reply_worth >= GOOD:
            self._ease(temper)
        else:
            self.flat += 1
            self.good = self.good if low else max(0, self.good - 1)
            if self.flat == PATIENCE and not low:
                self.level += 1
                self.flat = 0
        floor = temper.floor if self.replies < FLOOR_UNTIL else 0
        self.level = min(TOP, max(self.level, floor))
        self._count()

    def _rise(self, by: int) -> None:
        self.level += by
        self.good = self.flat = 0

    def _ease(self, temper: Temper) -> None:
        self.good += 1
        self.flat = 0
        if self.good >= temper.need:
            self.level -= 1
            self.fragile = True
            # Whoever resists most keeps one good reply in mind, so that two more ease again.
            self.good = 1 if self.resistance == "high" else 0

    def _count(self) -> None:
        self.hot = self.hot + 1 if self.level == TOP else 0
        self.cool = self.cool + 1 if self.level <= CALM else 0
        self.end = None
        if self.replies >= LEAVES_FROM:
            if self.hot >= LEAVES_AFTER:
                self.end = "fed_up"
            elif self.cool >= LEAVES_AFTER:
                self.end = "calmed"
