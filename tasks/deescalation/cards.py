"""The files of the folder `simulator`: what a simulated person and its state are told (pure)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from interplay.tasks import yaml_text

from .scenarios import Profile, Resistance

FOLDER = Path(__file__).parent / "simulator"
HIGHEST = 10


class Levels(BaseModel, frozen=True, extra="forbid"):
    """How a simulated person feels, each from 0 to 10."""

    arousal: Annotated[int, Field(ge=0, le=HIGHEST)]
    trust: Annotated[int, Field(ge=0, le=HIGHEST)]
    heard: Annotated[int, Field(ge=0, le=HIGHEST)]


class StateCard(BaseModel, frozen=True, extra="forbid"):
    """The line that says how a person feels right now, and where each resistance starts."""

    line: str
    start: Mapping[Resistance, Levels]


class Cards(BaseModel, frozen=True, extra="forbid"):
    """What a prompt says of a person's resistance, profile and state."""

    resistance: Mapping[Resistance, str]
    profile: Mapping[Profile, str]
    state: StateCard


@cache
def text_of(name: str) -> str:
    """A file of the folder `simulator`."""
    return (FOLDER / name).read_text("utf-8").strip()


@cache
def cards() -> Cards:
    """The file `cards.yaml`."""
    return Cards.model_validate(yaml_text.content(text_of("cards.yaml")))
