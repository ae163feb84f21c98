"""Forty templates of school problems in words whose answers are computed (pure).

    problem(TEMPLATES[0], Rng("example"))
    ("Ada picks 14 pears and gives 5 to each of 2 friends. How many pears does she keep?", 4)

A template is a text with slots, ranges for its numbers, a formula over them, and conditions that keep the
story sensible. `{name}` and `{other}` are people, `{thing}` things that can be counted.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

from interplay.tasks import yaml_text
from interplay.tasks.mazes.maze import Rng

PATH = Path(__file__).parent.parent / "data" / "gsm8k_twin.yaml"
OPERATORS: Mapping[type[ast.AST], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
COMPARISONS: Mapping[type[ast.AST], Callable[[int, int], bool]] = {
    ast.Eq: operator.eq,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class Template(NamedTuple):
    """A story, the first and last value and the step of each number, the answer, and conditions."""

    text: str
    numbers: dict[str, tuple[int, int, int]]
    answer: str
    where: tuple[str, ...]


class TwinWords(NamedTuple):
    """Names and things that stories are told with."""

    names: tuple[str, ...]
    things: tuple[str, ...]
    templates: tuple[Template, ...]


@cache
def words() -> TwinWords:
    """The file `data/gsm8k_twin.yaml`."""
    content = cast(dict[str, list[object]], yaml_text.content(PATH.read_text("utf-8")))
    templates: list[Template] = []
    for record in cast(list[dict[str, object]], content["templates"]):
        ranges = cast(dict[str, list[int]], record["numbers"])
        numbers = {key: (low, high, *step, 1)[:3] for key, (low, high, *step) in ranges.items()}
        templates.append(
            Template(
                str(record["text"]),
                cast(dict[str, tuple[int, int, int]], numbers),
                str(record["answer"]),
                tuple(map(str, cast(list[str], record.get("where", [])))),
            )
        )
    return TwinWords(tuple(map(str, content["names"])), tuple(map(str, content["things"])), tuple(templates))


TEMPLATES = words().templates


def value(formula: str, numbers: Mapping[str, int]) -> int:
    """The value of a formula of whole numbers with + - * // % over named numbers."""
    return _value(ast.parse(formula, mode="eval").body, numbers)


def holds(condition: str, numbers: Mapping[str, int]) -> bool:
    """Whether a comparison of two formulas holds."""
    node = ast.parse(condition, mode="eval").body
    assert isinstance(node, ast.Compare), condition
    left, right = _value(node.left, numbers), _value(node.comparators[0], numbers)
    return COMPARISONS[type(node.ops[0])](left, right)


def _value(node: ast.expr, numbers: Mapping[str, int]) -> int:
    if isinstance(node, ast.Name):
        return numbers[node.id]
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    assert isinstance(node, ast.BinOp), ast.dump(node)
    return OPERATORS[type(node.op)](_value(node.left, numbers), _value(node.right, numbers))


def problem(template: Template, rng: Rng) -> tuple[str, int]:
    """A problem and its answer; numbers are drawn again until all conditions hold."""
    known = words()
    people = list(known.names)
    rng.shuffle(people)
    thing = rng.choice(known.things)
    while True:
        numbers = {
            key: low + step * rng.below((high - low) // step + 1)
            for key, (low, high, step) in template.numbers.items()
        }
        if all(holds(condition, numbers) for condition in template.where):
            break
    shown = {key: f"{number:,}" for key, number in numbers.items()}
    text = template.text.format(name=people[0], other=people[1], third=people[2], thing=thing, **shown)
    return text, value(template.answer, numbers)
