"""Eighty functions of the project for the twin of `humaneval`: prompt, solution, and a test of hidden values.

    twin_functions("public")[0].prompt
    def longest_rise(xs: list[int]) -> int: …

A record of `data/humaneval_twin.yaml` gives the arguments by kind, what is asked, and the solution. Two
examples stand in the docstring; the values of the test are drawn with the seed and computed by the solution.
"""

import textwrap
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

from interplay.tasks import yaml_text
from interplay.tasks.mazes.maze import Rng

PATH = Path(__file__).parent.parent / "data" / "humaneval_twin.yaml"
EXAMPLES, VALUES = 2, 14
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = (
    "river",
    "stone",
    "level",
    "cloud",
    "noon",
    "paper",
    "garden",
    "salt",
    "radar",
    "window",
    "civic",
    "otto",
)


class Function(NamedTuple):
    """A function to write: prompt, solution, and a test in the form of HumanEval."""

    name: str
    prompt: str
    solution: str
    test: str


class Kind(NamedTuple):
    """A kind of argument: its type as written, and how a value is drawn."""

    annotation: str
    draw: Callable[[Rng], object]


def between(rng: Rng, low: int, high: int) -> int:
    """A number from low to high."""
    return low + rng.below(high - low + 1)


def word(rng: Rng) -> str:
    """A word, or a few letters."""
    if rng.chance(1, 2):
        return rng.choice(WORDS)
    return "".join(rng.choice(LETTERS[:6]) for _ in range(between(rng, 1, 8)))


def words(rng: Rng) -> list[str]:
    """Some words, now and then none."""
    return [word(rng) for _ in range(between(rng, 0, 7))]


def sentence(rng: Rng) -> str:
    """Some words, some of them with a capital, between single spaces."""
    return " ".join(one.capitalize() if rng.chance(1, 4) else one for one in words(rng))


def integers(rng: Rng) -> list[int]:
    """A list of numbers, now and then empty, with repetitions."""
    return [between(rng, -9, 12) for _ in range(between(rng, 0, 9))]


def matrix(rng: Rng) -> list[list[int]]:
    """Rows of equal length."""
    width = between(rng, 1, 4)
    return [[between(rng, -5, 9) for _ in range(width)] for _ in range(between(rng, 1, 4))]


def counts(rng: Rng) -> dict[str, int]:
    """A small number for each of some words."""
    return {word(rng): between(rng, 0, 9) for _ in range(between(rng, 0, 6))}


def intervals(rng: Rng) -> list[tuple[int, int]]:
    """Pairs of a number and one that is not smaller."""
    ends = [(between(rng, 0, 20), between(rng, 0, 20)) for _ in range(between(rng, 0, 6))]
    return [(min(pair), max(pair)) for pair in ends]


def number(low: int, high: int) -> Callable[[Rng], int]:
    """Draws numbers from low to high."""

    def draw(rng: Rng) -> int:
        return between(rng, low, high)

    return draw


def filled(rng: Rng) -> list[int]:
    """A list of at least one number."""
    return [between(rng, -9, 12), *integers(rng)]


KINDS: Mapping[str, Kind] = {
    "n": Kind("int", number(0, 40)),
    "k": Kind("int", number(1, 6)),
    "i": Kind("int", number(-30, 30)),
    "big": Kind("int", number(0, 99_999)),
    "w": Kind("str", word),
    "t": Kind("str", sentence),
    "xs": Kind("list[int]", integers),
    "ys": Kind("list[int]", integers),
    "some": Kind("list[int]", filled),
    "ws": Kind("list[str]", words),
    "m": Kind("list[list[int]]", matrix),
    "d": Kind("dict[str, int]", counts),
    "pairs": Kind("list[tuple[int, int]]", intervals),
}


@cache
def records() -> tuple[Mapping[str, str], ...]:
    """The file of the functions."""
    return tuple(cast(list[Mapping[str, str]], yaml_text.content(PATH.read_text("utf-8"))))


def function_of(record: Mapping[str, str]) -> Callable[..., object]:
    """The solution of a record, as a function of this process."""
    space: dict[str, object] = {}
    exec(compile(header(record) + solution(record), record["name"], "exec"), space)
    return cast(Callable[..., object], space[record["name"]])


def arguments(record: Mapping[str, str]) -> list[tuple[str, str]]:
    """Names and kinds of the arguments; a name stands before its kind where they differ, as in `low:i`."""
    parts = [part.partition(":") for part in record["args"].split()]
    return [(name, kind or name) for name, _, kind in parts]


def header(record: Mapping[str, str]) -> str:
    """The line of the signature."""
    shown = ", ".join(f"{name}: {KINDS[kind].annotation}" for name, kind in arguments(record))
    return f"def {record['name']}({shown}) -> {record['returns']}:\n"


def solution(record: Mapping[str, str]) -> str:
    """The indented body."""
    body = record["body"].strip()
    return (
        textwrap.indent(body if "\n" in body or body.startswith("return") else f"return {body}", "    ")
        + "\n"
    )


def draws(record: Mapping[str, str], rng: Rng, count: int) -> list[tuple[str, str]]:
    """Arguments and values as literals, drawn anew until they differ."""
    function, found = function_of(record), dict[str, str]()
    for _ in range(60 * count):
        given = [KINDS[kind].draw(rng) for _, kind in arguments(record)]
        # The solution gets copies, since it may change its arguments.
        shown = ", ".join(map(repr, given))
        found.setdefault(shown, repr(function(*given)))
        if len(found) == count:
            break
    return list(found.items())


def twin_functions(seed: str) -> tuple[Function, ...]:
    """The functions in the order of the file, with hidden values drawn from a seed."""
    return tuple(_function(record, seed) for record in records())


def _function(record: Mapping[str, str], seed: str) -> Function:
    name = record["name"]
    examples = draws(record, Rng("posttrain", "humaneval", "examples", name), EXAMPLES)
    shown = "".join(f"    >>> {name}({given})\n    {value}\n" for given, value in examples)
    told = textwrap.fill(record["doc"], 100, initial_indent='    """', subsequent_indent="    ")
    prompt = f'{header(record)}{told}\n\n{shown}    """\n'
    values = draws(record, Rng("posttrain", "humaneval", "twin", seed, name), VALUES)
    lines = "".join(f"    assert candidate({given}) == {value}\n" for given, value in values)
    return Function(name, prompt, solution(record), f"def check(candidate):\n{lines}")
