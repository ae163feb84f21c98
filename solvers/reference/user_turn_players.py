"""Scripted players that write user turns: each has one habit, whose label is known for every context.

Opened natively, a player reads the raw text of the plain template and closes its turn; asked by
instruction, it reads the conversation in the prompt; asked anything else, it answers as an assistant.

| player | turn | label |
| --- | --- | --- |
| `parrot` | the query again | `restate_prompt` |
| `drifter` | advice and an offer of help | `assistant_drift` |
| `closer` | thanks | `closer` |
| `curious` | asks why the longest new word of the reply is there | `genuine` |
| `mute` | nothing; by instruction `[ENDS]` | `empty`; `closer` |
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

from interplay.scorers.followup_words import chat_keys, key, message, stop_words

from .player import Player, Turn

OPEN, CLOSE = "<|im_start|>", "<|im_end|>"
NATIVE = f"{OPEN}user\n"
BLOCK = re.compile(rf"{re.escape(OPEN)}(user|assistant)\n(.*?){re.escape(CLOSE)}", re.DOTALL)
PROMPTED = re.compile(r"<conversation>\n(.*)\n</conversation>", re.DOTALL)
SPOKEN = re.compile(r"^(PERSON|ASSISTANT): ", re.MULTILINE)
SHORTEST = 5
"""Letters of a word that `curious` may ask about."""

ANSWER = (
    "First look at the key facts. Then combine them in a second step. The outcome follows from that step "
    "and is easy to verify afterwards."
)
ADVICE = "You should start with the main point above. Let me know if you need anything else."
THANKS = "Thanks, that makes sense."
ENDS = "[ENDS]"

Elicited = Literal["native", "prompted"]
Habit = Callable[["Asked"], str]


class Asked(NamedTuple):
    """What a player is asked to follow: the last query, the reply to it, and how it is asked."""

    query: str
    reply: str
    elicited: Elicited


def read(turns: Sequence[Turn]) -> Asked | None:
    """The query and the reply that a user turn is wanted for; None if none is."""
    text = turns[-1].text
    if text.endswith((NATIVE, NATIVE.strip())):
        blocks = [(match.group(1), match.group(2)) for match in BLOCK.finditer(text)]
        return Asked(_last(blocks, "user"), _last(blocks, "assistant"), "native")
    if found := PROMPTED.search(text):
        parts = SPOKEN.split(found.group(1))
        spoken = [(who, said.strip()) for who, said in zip(parts[1::2], parts[2::2], strict=True)]
        return Asked(_last(spoken, "PERSON"), _last(spoken, "ASSISTANT"), "prompted")
    return None


def _last(blocks: Sequence[tuple[str, str]], role: str) -> str:
    return next((text for who, text in reversed(blocks) if who == role), "")


def player(habit: Habit) -> Player:
    """A player with one habit."""

    def play(turns: Sequence[Turn]) -> str:
        asked = read(turns)
        raw = OPEN in turns[-1].text
        said = ANSWER if asked is None else habit(asked)
        return said + CLOSE if raw else said

    return play


def wonder(asked: Asked) -> str:
    """Asks about the longest word of the reply that the query does not hold; alphabetical on ties."""
    known = {word[:SHORTEST] for word in message(asked.query).words}
    empty_words, empty_keys = stop_words(), chat_keys()
    new = sorted(
        (
            word
            for word in set(message(asked.reply).words)
            if len(word) >= SHORTEST
            and word.isalpha()
            and word not in empty_words
            and key(word) not in empty_keys
            and word[:SHORTEST] not in known
        ),
        key=lambda word: (-len(word), word),
    )
    return f'You wrote "{new[0]}". Why is that?' if new else "Why is that?"


def leave(asked: Asked) -> str:
    """Says nothing, in the way of the elicitation."""
    return ENDS if asked.elicited == "prompted" else ""


USER_TURN_PLAYERS: Mapping[str, Player] = {
    "parrot": player(lambda asked: asked.query),
    "drifter": player(lambda asked: ADVICE),
    "closer": player(lambda asked: THANKS),
    "curious": player(wonder),
}
"""The players by the name that follows `reference/`; `mute` plays mazes as well and is joined there."""

mute = player(leave)
"""Writes no turn."""


def is_user_turn(turns: Sequence[Turn]) -> bool:
    """Whether a conversation belongs to this family, so far as one can see."""
    return OPEN in turns[-1].text or read(turns) is not None
