"""A JSON object in the answer of a judge model (pure).

    read_as(Verdict, 'Here it is: ```json {"red": false, "span": ""}```')   Verdict(red=False, span="")

What cannot be read is a `ValueError` that says what is wrong, never a default.
"""

import json
from collections.abc import Iterator
from typing import TypeVar, cast

from pydantic import BaseModel, ValidationError

Answer = TypeVar("Answer", bound=BaseModel)

MOST_BRACES = 200
"""Opening braces at which an object is looked for; prose with more of them is no answer."""


def read_as(model: type[Answer], text: str) -> Answer:
    """The first JSON object of that shape, with or without prose and code fences around it.

    Raises:
        ValueError: there is none; the message says what is wrong with the first object.
    """
    problem = "no JSON object"
    for n, found in enumerate(objects_in(text)):
        try:
            return model.model_validate(found)
        except ValidationError as error:
            first = error.errors()[0]
            if n == 0:
                problem = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    raise ValueError(problem)


def objects_in(text: str) -> Iterator[dict[str, object]]:
    """The JSON objects in a text, in order; one inside another is not looked for."""
    decoder = json.JSONDecoder()
    at = text.find("{")
    for _ in range(MOST_BRACES):
        if at < 0:
            return
        try:
            found, end = cast("tuple[dict[str, object], int]", decoder.raw_decode(text, at))
        except (ValueError, RecursionError):
            end = at + 1
        else:
            yield found
        at = text.find("{", end)


def compact(text: str) -> str:
    """The answer without whitespace, prose and fences around its first object; as it is without one."""
    found = next(objects_in(text), None)
    return text if found is None else json.dumps(found, ensure_ascii=False, separators=(",", ":"))
