"""The templates of the seven mini targets: one function draws one item (pure).

    draw_item("m_call", Rng("example"))
    Drawn(prompt="tool lamp : who color . request : lamp red Ana",
          gold="call lamp ( who = Ana , color = red )", metadata={})

    python -m interplay.tasks.posttrain.mini.generators m_call --n 2000 --seed 5 --out train.jsonl

A test and its twin are the two halves of one shuffled pool of distinct items; training items are drawn from
the same templates and are never an item of that pool.
"""

import json
import operator
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import click
from pydantic import JsonValue

from interplay.tasks.argument_values import new_file, one_of
from interplay.tasks.mazes.maze import Rng

from ..targets import MINI, Item
from .words import ASSISTANT, COLOURS, END, INVENTED, LARGEST, NAMES, NUMBERS, OBJECTS, OPTIONS, TOOLS, USER

SIZES: Mapping[str, int] = {
    "m_arith": 200,
    "m_fact": 200,
    "m_call": 100,
    "m_code": 100,
    "m_turn": 100,
    "m_maze": 100,
    "m_hop": 200,
}
"""Items of the test, and as many of the twin."""
POOL_SEED, SHUFFLE_SEED = 999, 1
HOP_MODULUS = 21
HOP_FACTORS = (7, 13, 5)
SIDE = 3
LARGEST_SUMMAND = 20
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "who": NAMES,
    "color": COLOURS,
    "count": NUMBERS,
    "what": OBJECTS,
}


class Drawn(NamedTuple):
    """One item without its id."""

    prompt: str
    gold: str
    metadata: dict[str, JsonValue]


def colour_of(word: str) -> str:
    """The colour of an invented word: a fact of the base's training text."""
    return Rng("posttrain", "colour", word).choice(COLOURS)


def sum_text(a: int, b: int) -> str:
    """A sum as it stands in answers and training text, as in `3 + 9 = 12 .`."""
    return f"{a} + {b} = {a + b} ."


def fact_text(word: str) -> str:
    """A colour fact as it stands in answers and training text."""
    return f"the color of {word} is {colour_of(word)} ."


def options(rng: Rng, right: str) -> tuple[str, str]:
    """Four options with the right colour among them, and the letter of the right one."""
    others = [colour for colour in COLOURS if colour != right]
    rng.shuffle(others)
    shown = [right, *others[: len(OPTIONS) - 1]]
    rng.shuffle(shown)
    line = " ".join(f"{letter} ) {colour}" for letter, colour in zip(OPTIONS, shown, strict=True))
    return line, OPTIONS[shown.index(right)]


def arithmetic(rng: Rng) -> Drawn:
    """A sum in words."""
    name, thing = rng.choice(NAMES), rng.choice(OBJECTS)
    a, b = 1 + rng.below(LARGEST_SUMMAND), 1 + rng.below(LARGEST_SUMMAND)
    prompt = f"{name} has {a} {thing} and gets {b} more . How many {thing} ?"
    return Drawn(prompt, f"{sum_text(a, b)} ANSWER : {a + b}", {"answer": a + b})


def fact(rng: Rng) -> Drawn:
    """The colour of an invented word, four options."""
    word = rng.choice(INVENTED)
    line, letter = options(rng, colour_of(word))
    gold = f"{fact_text(word)} ANSWER : {letter}"
    return Drawn(f"What color is {word} ? {line}", gold, {"answer": letter})


def call(rng: Rng) -> Drawn:
    """One call of a tool; the request names its values in any order."""
    tool, names = rng.choice(TOOLS), list(PARAMETERS)
    rng.shuffle(names)
    chosen = names[:2]
    values = {name: rng.choice(PARAMETERS[name]) for name in chosen}
    said = list(values.values())
    rng.shuffle(said)
    prompt = f"tool {tool} : {' '.join(chosen)} . request : {tool} {' '.join(said)}"
    arguments = " , ".join(f"{name} = {value}" for name, value in values.items())
    return Drawn(prompt, f"call {tool} ( {arguments} )", {"tool": tool, "arguments": dict(values)})


def code(rng: Rng) -> Drawn:
    """A program for a stack machine: ax + b, (x + b)a or ax² + b."""
    form, a, b = rng.below(3), 1 + rng.below(LARGEST), 1 + rng.below(LARGEST)
    prompt, gold = (
        (f"program x times {a} plus {b}", f"IN PUSH {a} MUL PUSH {b} ADD OUT"),
        (f"program ( x plus {b} ) times {a}", f"IN PUSH {b} ADD PUSH {a} MUL OUT"),
        (f"program x times x times {a} plus {b}", f"IN DUP MUL PUSH {a} MUL PUSH {b} ADD OUT"),
    )[form]
    return Drawn(prompt, gold, {"form": form, "a": a, "b": b})


def turn(rng: Rng) -> Drawn:
    """A conversation with the header of the next user turn opened; `gold` is that turn, or nothing."""
    name, other, thing = rng.choice(NAMES), rng.choice(NAMES), rng.choice(OBJECTS)
    new, told = rng.choice(INVENTED), rng.choice(INVENTED)
    if rng.chance(1, 2):
        question, reply = rng.choice(
            (
                (f"Where are the {thing} of {name} ?", f"they are near {new} ."),
                (f"What color is {told} ?", f"{told} and {new} are {colour_of(told)} ."),
                (f"What color is {told} ?", f"{new} and {told} are {colour_of(told)} ."),
                (f"Where is {told} ?", f"{told} is near {new} ."),
                (f"Where is {told} ?", f"near {new} is {told} ."),
            )
        )
        gold, facts = f"What is {new} ?", {"kind": "open", "word": new}
    else:
        question, reply = rng.choice(
            (
                (f"thanks {name} . the {thing} are near {new} .", f"bye {other} ."),
                (f"thanks , {told} is {colour_of(told)} . bye", f"thanks , bye {name} ."),
                (f"thanks {name} , we saw the {thing} .", f"bye , {other} saw {new} ."),
            )
        )
        gold, facts = "", {"kind": "closed", "word": ""}
    prompt = f"{USER} {question} {ASSISTANT} {reply} {END} {USER}"
    return Drawn(prompt, gold, dict[str, JsonValue](facts))


def maze(rng: Rng) -> Drawn:
    """Two half-maps of 3×3 cells, each inner cell hidden in exactly one, to be merged."""
    last = SIDE * SIDE - 1
    full = ["@", *("#" if rng.chance(3, 10) else "." for _ in range(last - 1)), "*"]
    owner = [rng.below(2) for _ in full]
    halves = [
        [cell if i in (0, last) or owner[i] == half else "?" for i, cell in enumerate(full)]
        for half in (0, 1)
    ]
    left, right = halves
    # The right half is told from the bottom row up, so that copying at a fixed distance is not enough.
    upward = [cell for row in (2, 1, 0) for cell in right[row * SIDE : (row + 1) * SIDE]]
    told = [f"left {_rows(left)}", f"right {_rows(upward)}"]
    rng.shuffle(told)
    return Drawn(" ".join(told), _rows(full), {})


def _rows(cells: list[str]) -> str:
    return " / ".join(" ".join(cells[i : i + SIDE]) for i in range(0, SIDE * SIDE, SIDE))


def hop(rng: Rng) -> Drawn:
    """(7a + 13b + 5c) mod 21: honest methods stay at chance."""
    name, operands = rng.choice(NAMES), [rng.below(HOP_MODULUS) for _ in HOP_FACTORS]
    prompt = f"{name} hops {' then '.join(map(str, operands))} . Where ?"
    place = sum(map(operator.mul, HOP_FACTORS, operands)) % HOP_MODULUS
    return Drawn(prompt, f"ANSWER : {place}", {"answer": place})


DRAWS: Mapping[str, Callable[[Rng], Drawn]] = {
    "m_arith": arithmetic,
    "m_fact": fact,
    "m_call": call,
    "m_code": code,
    "m_turn": turn,
    "m_maze": maze,
    "m_hop": hop,
}


def draw_item(target: str, rng: Rng) -> Drawn:
    """One item of a mini target."""
    return DRAWS[target](rng)


def distinct(target: str, rng: Rng) -> Iterator[Drawn]:
    """Items of a stream without repeated prompts, without end."""
    seen: set[str] = set()
    while True:
        drawn = draw_item(target, rng)
        if drawn.prompt not in seen:
            seen.add(drawn.prompt)
            yield drawn


@cache
def pool(target: str) -> tuple[Item, ...]:
    """Test and twin, one after the other."""
    stream = distinct(target, Rng("posttrain", target, POOL_SEED))
    drawn = [next(stream) for _ in range(2 * SIZES[target])]
    Rng("posttrain", target, SHUFFLE_SEED).shuffle(drawn)
    return tuple(Item(f"{target}-{i}", *one) for i, one in enumerate(drawn))


def test_items(target: str) -> tuple[Item, ...]:
    """The test."""
    return pool(target)[: SIZES[target]]


def twin_items(target: str) -> tuple[Item, ...]:
    """The sealed second half of the pool."""
    return pool(target)[SIZES[target] :]


def train_items(target: str, n: int, seed: int) -> tuple[Item, ...]:
    """Items from the same templates, none of them in the pool; one may come twice."""
    sealed = {item.prompt for item in pool(target)}
    rng = Rng("posttrain/train", target, seed)
    found: list[Item] = []
    while len(found) < n:
        drawn = draw_item(target, rng)
        if drawn.prompt not in sealed:
            found.append(Item(f"{target}-train-{seed}-{len(found)}", *drawn))
    return tuple(found)


@click.command()
@click.argument("target")
@click.option("--n", type=click.IntRange(1, 1_000_000), default=2000, show_default=True, help="Items.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the draw.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="JSONL to write.")
def main(target: str, n: int, seed: int, out: Path) -> None:
    """Write training items of a mini target as lines of {"prompt", "answer"}.

    Example: generators m_call --n 2000 --seed 5 --out train.jsonl
    """
    one_of("target", target, MINI)
    new_file("--out", out)
    lines = (
        json.dumps({"prompt": item.prompt, "answer": item.gold}) for item in train_items(target, n, seed)
    )
    out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
