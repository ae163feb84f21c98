"""How a simulated person with a state feels, and how a reply changes it (pure).

    start      {"arousal": 8, "trust": 2, "heard": 0}
    answer     'They feel taken seriously. {"arousal": 7, "trust": 3, "heard": 2}'
    then       "Right now: arousal 7/10, trust 3/10, heard 2/10."

The state stands outside the chat: no arm, no judge and no assistant reads it.
"""

import json
from collections.abc import Iterator

from pydantic import ValidationError

from .cards import Levels, cards, text_of
from .scenarios import Profile, Resistance

STEP = 2
"""The most that one reply moves a value by."""


def start_of(resistance: Resistance) -> Levels:
    """How a person of this resistance feels at the opening."""
    return cards().state.start[resistance]


def line_of(levels: Levels) -> str:
    """What the prompt of the person says of it."""
    return cards().state.line.format(a=levels.arousal, t=levels.trust, h=levels.heard)


def update_prompt(profile: Profile, reply: str, levels: Levels) -> str:
    """What the model that keeps the state is asked after a reply."""
    before, _, rest = text_of("state_update.txt").partition("{profile_card}")
    middle, _, rest = rest.partition("{reply}")
    ask, _, after = rest.partition("{state}")
    return "".join((before, cards().profile[profile], middle, reply, ask, levels.model_dump_json(), after))


def updated(levels: Levels, answer: str) -> Levels | None:
    """The state that an answer holds, read from its last JSON object; None where it is no valid step.

    An answer that has no such object, leaves a value out, leaves the range 0 to 10 or moves a value by more
    than 2 is none.
    """
    objects = list(_objects_in(answer))
    if not objects:
        return None
    try:
        found = Levels.model_validate(objects[-1], strict=True)
    except ValidationError:
        return None
    moves = (abs(new - old) for (_, new), (_, old) in zip(found, levels, strict=True))
    return found if max(moves) <= STEP else None


def _objects_in(text: str) -> Iterator[object]:
    """The JSON objects in a text, those inside another one apart."""
    decoder, at = json.JSONDecoder(), text.find("{")
    while at >= 0:
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            yield found
        at = text.find("{", end)
