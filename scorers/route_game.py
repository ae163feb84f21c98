"""What is graded: the notes of one game, the true map, and the rules it was played by (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

Form = Literal["pair", "step", "plan", "structured"]


class Said(NamedTuple):
    """One note of a game."""

    seat: int
    text: str


@dataclass(frozen=True)
class Game:
    """What is graded.

    `rows` is the true map; `views` the map text that each seat was shown (a player who is alone sees the
    full map or both halves, which is the same). `own_line` is the rule for the phrase. `form`: a `pair`
    talks; `step` is one player, one action a note; `plan` one player whose last note holds the route;
    `structured` notes end in ACTION lines. `prescribed`: the rules said how to name cells.
    """

    rows: tuple[str, ...]
    views: Mapping[int, str]
    notes: tuple[Said, ...]
    own_line: bool = True
    form: Form = "pair"
    floor: float = 0.0
    prescribed: bool = False
