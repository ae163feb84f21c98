"""Berkeley Function Calling Leaderboard: one call of one function; the twin is drawn from BFCL v3 `simple`.

    What are the odds of 5 heads in 20 throws?   ->   calc_binomial_probability(n=20, k=5, p=0.5)

The request carries the function's description as a tool. A reply is right if it holds exactly one call in the
form of Hermes, `<tool_call>{"name": …, "arguments": {…}}</tool_call>`, with the right name and arguments.
"""

import ast
import json
import re
from collections.abc import Mapping, Sequence
from typing import cast

from pydantic import JsonValue

from interplay.tasks.mazes.maze import Rng
from interplay.tasks.mistakes import UserMistake

from . import Item, Verdict
from .base import FullTarget, twin_seed
from .hub import Row, rows_of

TOOL_CALL = re.compile(r"<tool_call>\s*(.*?)\s*</tool_call>", re.DOTALL)
SCHEMA_TYPES: Mapping[str, str] = {
    "dict": "object",
    "float": "number",
    "tuple": "array",
    "any": "string",
    "integer": "integer",
}
Call = tuple[str, dict[str, JsonValue]]


class Bfcl(FullTarget):
    """BFCL."""

    id = "bfcl"

    def read_items(self) -> tuple[Item, ...]:
        """The calls that can be executed."""
        return tuple(self._executable(row, f"bfcl-{i}") for i, row in enumerate(rows_of(self.source)))

    def read_twin(self) -> tuple[Item, ...]:
        """A draw from the calls that cannot; each argument has a list of values that are right."""
        rows = rows_of(self.twin_source)
        answers = {str(row["id"]): row for row in rows if "ground_truth" in row}
        posed = [row for row in rows if "question" in row and str(row.get("id")) in answers]
        Rng("posttrain", "bfcl", "twin", twin_seed()).shuffle(posed)
        chosen = posed[: self.record.twin.n]
        return tuple(
            self._item(
                row, f"bfcl-twin-{i}", {"allowed": cast(JsonValue, answers[str(row["id"])]["ground_truth"])}
            )
            for i, row in enumerate(chosen)
        )

    def _executable(self, row: Row, name: str) -> Item:
        found = decoded(row.get("ground_truth"))
        calls = found if isinstance(found, list) else [found]
        if len(calls) != 1 or not isinstance(calls[0], str):
            raise UserMistake(f"posttrain: {name} has no single call as its answer; pin the data set again.")
        function, arguments = call_of(calls[0], functions(row)[0])
        return self._item(row, name, {"call": {"name": function, "arguments": arguments}}, calls[0])

    def _item(self, row: Row, name: str, facts: dict[str, JsonValue], gold: str = "") -> Item:
        messages = conversation(decoded(row.get("question")))
        tools: list[JsonValue] = [tool(function) for function in functions(row)]
        prompt = str(messages[-1]["content"])
        if not gold:
            gold = json.dumps(facts["allowed"], ensure_ascii=False)
        return Item(name, prompt, gold, {"messages": [*messages], "tools": tools, **facts})

    def grade_all(self, items: Sequence[Item], texts: Sequence[str]) -> list[Verdict]:
        """Exactly one call, equal in name and arguments."""
        return [grade_call(item, reply) for item, reply in zip(items, texts, strict=True)]


def decoded(value: object) -> object:
    """A column that some revisions store as JSON text."""
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def functions(row: Row) -> list[dict[str, JsonValue]]:
    """The function descriptions of a row.

    Raises:
        UserMistake: there are none.
    """
    found = decoded(row.get("function"))
    listed = found if isinstance(found, list) else [found]
    kept = [cast(dict[str, JsonValue], one) for one in listed if isinstance(one, dict) and "name" in one]
    if not kept:
        raise UserMistake("posttrain: a row of bfcl describes no function; pin the data set again.")
    return kept


def conversation(question: object) -> list[dict[str, JsonValue]]:
    """The messages of a row: a text, a list of messages, or a list of turns of which the first counts."""
    while isinstance(question, list) and question and isinstance(question[0], list):
        question = question[0]
    if isinstance(question, list):
        return [
            {"role": str(m.get("role", "user")), "content": str(m.get("content", ""))}
            for m in question
            if isinstance(m, dict)
        ]
    return [{"role": "user", "content": str(question)}]


def tool(function: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """A function description as a tool of a chat request."""
    return {"type": "function", "function": {**function, "parameters": schema(function.get("parameters"))}}


def schema(value: JsonValue) -> JsonValue:
    """A description of parameters with the type names of JSON schema."""
    if isinstance(value, list):
        return [schema(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    return {
        key: SCHEMA_TYPES.get(inner, inner) if key == "type" and isinstance(inner, str) else schema(inner)
        for key, inner in value.items()
    }


def call_of(text: str, function: Mapping[str, JsonValue]) -> Call:
    """Name and arguments of a call as Python writes it; positional ones get the names of the description.

    Raises:
        UserMistake: it is no call with literal arguments.
    """
    parameters = function.get("parameters")
    properties = parameters.get("properties") if isinstance(parameters, dict) else None
    names = list(properties) if isinstance(properties, dict) else []
    try:
        node = ast.parse(text.strip(), mode="eval").body
        assert isinstance(node, ast.Call)
        values = {name: ast.literal_eval(value) for name, value in zip(names, node.args, strict=False)}
        values |= {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in node.keywords}
        return ast.unparse(node.func), cast(dict[str, JsonValue], listed(values))
    except (AssertionError, SyntaxError, ValueError) as problem:
        raise UserMistake(
            f"posttrain: bfcl has the answer {text!r}, no call; pin the data set again."
        ) from problem


def listed(value: object) -> object:
    """A value with every tuple as a list."""
    if isinstance(value, (list, tuple)):
        return [listed(inner) for inner in value]
    if isinstance(value, dict):
        return {str(key): listed(inner) for key, inner in value.items()}
    return value


def calls_in(reply: str) -> list[Call] | None:
    """The calls of a reply; None if one cannot be read."""
    found: list[Call] = []
    for block in TOOL_CALL.findall(reply):
        try:
            record: object = json.loads(block)
        except (ValueError, RecursionError):
            return None
        if not isinstance(record, dict):
            return None
        arguments = decoded(record.get("arguments", {}))
        if not isinstance(record.get("name"), str) or not isinstance(arguments, dict):
            return None
        found.append((str(record["name"]), cast(dict[str, JsonValue], listed(arguments))))
    return found


def grade_call(item: Item, reply: str) -> Verdict:
    """The verdict on a reply: no call, several calls and calls that cannot be read are wrong."""
    try:
        return _graded(item, reply)
    except RecursionError:
        return Verdict(None, 0.0)


def _graded(item: Item, reply: str) -> Verdict:
    calls = calls_in(reply)
    if calls is None or len(calls) != 1:
        return Verdict(None, 0.0)
    name, arguments = calls[0]
    said = f"{name}({', '.join(f'{key}={value!r}' for key, value in arguments.items())})"
    gold = item.metadata.get("call")
    if isinstance(gold, dict):
        return Verdict(said, float(name == gold["name"] and same(arguments, gold["arguments"])))
    return Verdict(said, float(is_allowed(name, arguments, item.metadata.get("allowed"))))


def same(left: object, right: object) -> bool:
    """Equality in which true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return left == right


def is_allowed(name: str, arguments: Mapping[str, JsonValue], answers: JsonValue | None) -> bool:
    """Whether a call is among those that are right; "" among an argument's values means it may be absent."""
    for answer in answers if isinstance(answers, list) else []:
        options = answer.get(name) if isinstance(answer, dict) else None
        if not isinstance(options, dict) or not set(arguments) <= set(options):
            continue
        if all(_fits(arguments, key, values) for key, values in options.items()):
            return True
    return False


def _fits(arguments: Mapping[str, JsonValue], key: str, values: JsonValue) -> bool:
    options = cast(list[JsonValue], listed(values)) if isinstance(values, list) else [values]
    if key not in arguments:
        return "" in options
    return any(same(arguments[key], option) for option in options)


TARGET = Bfcl()
