"""What a step can be in a text: a cell as it is written, or a direction (pure)."""

from typing import Literal, NamedTuple

Way = Literal["up", "down", "left", "right"]
Order = Literal["row-col", "col-row"]

WAYS: dict[Way, tuple[int, int]] = {"up": (-1, 0), "right": (0, 1), "down": (1, 0), "left": (0, -1)}


class Mention(NamedTuple):
    """A cell as it is written.

    `first` and `second` are the labels; a label is `fixed` when it counts from zero whatever the notation
    says (letters, ordinals). `order` is set where the words tell it. Forms with a letter are put letter
    first, so "3B" and "B3" are the same mention; they are a dialect of their own (`letters`).
    """

    first: int
    second: int
    first_fixed: bool
    second_fixed: bool
    order: Order | None
    letters: bool
    text: str


class Heading(NamedTuple):
    """A direction and how many steps; `counted` if a number was written."""

    way: Way
    steps: int
    counted: bool
    text: str


Step = Mention | Heading


class Found(NamedTuple):
    """A step and where it stands in the sentence."""

    start: int
    end: int
    step: Step


NUMBER_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "once": 1, "twice": 2, "thrice": 3, "single": 1,
}  # fmt: skip
