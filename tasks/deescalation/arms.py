"""The arms: system prompts made of blocks, and the named sets of them (pure).

    chosen_arms("core3")          vanilla, placebo, nvc_full
    chosen_arms("vanilla, c1")    vanilla, c1
    system_prompt("c12")          the preamble, rule c1 and rule c2, joined by blank lines

The name of an arm is read by analysis alone: it reaches neither the person nor the assistant.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from interplay.tasks import yaml_text
from interplay.tasks.argument_values import one_of, text_or_list
from interplay.tasks.mistakes import UserMistake

FOLDER = Path(__file__).parent
PREAMBLE = "preamble"


class Arms(BaseModel, frozen=True):
    """The file `arms.yaml`: the blocks of each arm, and the arms of each set."""

    model_config = ConfigDict(extra="forbid")

    arms: Mapping[str, tuple[str, ...]]
    sets: Mapping[str, tuple[str, ...]]


@cache
def every_arm() -> Arms:
    """The arms of the package."""
    return Arms.model_validate(yaml_text.content((FOLDER / "arms.yaml").read_text("utf-8")))


@cache
def system_prompt(arm: str) -> str:
    """The preamble and the blocks of an arm."""
    blocks = (PREAMBLE, *every_arm().arms[arm])
    return "\n\n".join((FOLDER / "arms" / f"{block}.txt").read_text("utf-8").strip() for block in blocks)


def chosen_arms(wanted: str | Sequence[str]) -> tuple[str, ...]:
    """The arms of a set, or those of a comma list, in the order of the file.

    Raises:
        UserMistake: one does not exist, or none is given.
    """
    known = every_arm()
    text_or_list("arms", wanted)
    names = listed(wanted)
    if len(names) == 1 and names[0] in known.sets:
        return known.sets[names[0]]
    if not names:
        raise UserMistake("arms is empty; give at least one, such as vanilla.")
    for name in names:
        one_of("arms", name, (*known.arms, *known.sets) if len(names) == 1 else tuple(known.arms))
    return tuple(arm for arm in known.arms if arm in names)


def listed(wanted: str | Sequence[str]) -> list[str]:
    """The members of a comma list."""
    parts = wanted.split(",") if isinstance(wanted, str) else wanted
    return [str(part).strip() for part in parts if str(part).strip()]
