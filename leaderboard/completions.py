"""What the model under test wrote, as fingerprints: two runs that share them were not made independently.

A fingerprint is 8 hex digits of the SHA-256 of everything the model wrote in one sample. Short texts have
none: two models may well say the same thing in a sentence. A sketch is the smallest fingerprints of an entry,
enough to tell which share of its samples another entry holds as well (bottom-k sketch, Broder 1997).
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pydantic import JsonValue

if TYPE_CHECKING:
    from inspect_ai.event import Event

NONE = "-"
LONG_TEXT = 200
"""Characters from which on two equal texts are no coincidence."""
SKETCH_SIZE = 512
DIGITS = 8
ATTACHMENT = "attachment://"


class Call(NamedTuple):
    """One call of a model: the role it was bound to, if any, its name, and what it wrote."""

    role: str | None
    model: str
    written: str = ""


def fingerprint(calls: Iterable[Call], model: str) -> str:
    """Fingerprint of what the model wrote in one sample, in whatever order; `-` for short texts."""
    written = sorted(call.written for call in calls if call.model == model and call.role is None)
    if sum(map(len, written)) < LONG_TEXT:
        return NONE
    return hashlib.sha256("\x1e".join(written).encode(errors="replace")).hexdigest()[:DIGITS]


def sketch(fingerprints: Iterable[str]) -> str:
    """The smallest fingerprints, each once, written without a space."""
    return "".join(sorted({f for f in fingerprints if f != NONE})[:SKETCH_SIZE])


def parts(text: str) -> list[str]:
    """The fingerprints in a sketch."""
    return [text[place : place + DIGITS] for place in range(0, len(text), DIGITS)]


def shared(own: str, other: str) -> tuple[int, int]:
    """How many fingerprints of the first sketch stand in the second, and how many could be compared.

    A full sketch says nothing of fingerprints above its largest.
    """
    mine, theirs = parts(own), parts(other)
    if len(theirs) == SKETCH_SIZE:
        mine = [one for one in mine if one <= theirs[-1]]
    return len(set(mine) & set(theirs)), len(mine)


def identical_across_epochs(samples: Mapping[str, Sequence[str]]) -> tuple[int, int]:
    """How many fingerprints occur again in another epoch of their sample, and how many could be compared."""
    again = compared = 0
    for fingerprints in samples.values():
        long = [one for one in fingerprints if one != NONE]
        if len(long) > 1:
            compared += len(long)
            again += sum(long.count(one) > 1 for one in long)
    return again, compared


def calls_of(events: "Iterable[Event]") -> list[Call]:
    """The calls among the events of a sample whose attachments are resolved."""
    return [
        Call(event.role, event.model, event.output.choices[0].message.text if event.output.choices else "")
        for event in events
        if event.event == "model"
    ]


def calls_in(events: JsonValue, attachments: JsonValue) -> list[Call]:
    """The same of the JSON of a log, before anything of it was validated."""
    kept = attachments if isinstance(attachments, dict) else {}
    found: list[Call] = []
    for event in events if isinstance(events, list) else []:
        if isinstance(event, dict) and event.get("event") == "model":
            role = event.get("role")
            found.append(Call(role if isinstance(role, str) else None, str(event.get("model", "")),
                              _written(event.get("output"), kept)))  # fmt: skip
    return found


def _written(output: JsonValue, attachments: Mapping[str, JsonValue]) -> str:
    choices = output.get("choices") if isinstance(output, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    content = message.get("content") if isinstance(message, dict) else None
    blocks = content if isinstance(content, list) else [{"type": "text", "text": content}]
    texts = [block.get("text") for block in blocks if isinstance(block, dict) and block.get("type") == "text"]
    return "\n".join(_resolved(text, attachments) for text in texts if isinstance(text, str))


def _resolved(text: str, attachments: Mapping[str, JsonValue]) -> str:
    kept = attachments.get(text.removeprefix(ATTACHMENT)) if text.startswith(ATTACHMENT) else None
    return kept if isinstance(kept, str) else text


def foreign_models(
    calls: Iterable[Call], used: Iterable[str], known: Collection[str], scripted: tuple[str, ...]
) -> tuple[str, ...]:
    """Models that took part and are neither the model under test, nor bound to a role, nor scripted."""
    took_part = {call.model for call in calls} | set(used)
    return tuple(sorted(name for name in took_part if name not in known and not name.startswith(scripted)))
