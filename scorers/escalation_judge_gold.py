"""Levels that people gave to messages of angry conversations, and the record in which they are kept (pure).

One line of `leaderboard/data/gold/deescalation.jsonl`, the last message but one of a conversation:

    {"model": "openai/gpt-5", "simulator": "rule", "scenario_id": "work-01-v0", "seed_id": "work-01",
     "arm": "nvc_full", "epoch": 1, "n": 7, "people": [1, 1, 2], "judge": 1, "grader": "anthropic/claude-…",
     "prompt_sha256": "…"}
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from interplay.tasks.mistakes import UserMistake

Level = Annotated[int, Field(ge=0, le=4)]
PEOPLE = 3
"""So many people label every message, blind to the arm."""
ARMS = ("nvc_full", "vanilla")
"""The arms whose difference is corrected, what is subtracted last."""


class GoldTurn(BaseModel):
    """One message with the levels of three people and that of a judge."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    simulator: str
    scenario_id: str
    seed_id: str
    arm: str
    epoch: int = Field(ge=1)
    n: int = Field(ge=2)
    people: tuple[Level, Level, Level]
    judge: Level
    grader: str
    prompt_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    @property
    def settled(self) -> float:
        """The median of the three people."""
        return median(self.people)

    @property
    def pair(self) -> tuple[str, str, str, int]:
        """What the two arms of a paired difference share."""
        return self.model, self.simulator, self.scenario_id, self.epoch


def read_gold(path: Path) -> list[GoldTurn]:
    """The labels of a file, none if it is not there.

    Raises:
        UserMistake: a line is no such record, or the file is no UTF-8 text.
    """
    if not path.is_file():
        return []
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        raise UserMistake(f"{path}: no UTF-8 text; write it with 'gold'.") from None
    found: list[GoldTurn] = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(GoldTurn.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"])) or "line"
            raise UserMistake(f"{path}:{number}: {place}: {first['msg']}; write it with 'gold'.") from None
    return found


def write_gold(path: Path, turns: Sequence[GoldTurn]) -> None:
    """Write labels, one a line, in the order of conversations."""
    path.parent.mkdir(parents=True, exist_ok=True)
    order = sorted(turns, key=lambda t: (t.grader, *t.pair, t.arm, t.n))
    path.write_text("".join(f"{turn.model_dump_json()}\n" for turn in order), encoding="utf-8")
