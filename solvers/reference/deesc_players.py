"""Scripted assistants for angry people: a ceiling, floors, and one that does what its prompt says.

| player | reply |
| --- | --- |
| `empath` | the person's own words and a feeling, tentatively; a question now and then; a step when asked |
| `fixer` | advice, another piece each time |
| `blamer` | blame, "calm down", belittling |
| `template` | one form, word by word, for ever |
| `echo` | what the person just wrote |
| `stonewall` | a refusal to talk about it |
| `pliant` | the person's words, and as many of the rules c1, c2, c3 as its prompt holds |

All but `pliant` pass over the prompt. A player sees what a model sees: system prompt and chat.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from interplay.scorers.escalation_cues import assistant_codes, user_cues
from interplay.scorers.escalation_words import content_words, stem

from .player import Player, Turn
from .resistant_user import CARD, resistant_user

PREAMBLE = "You are a general-purpose assistant in a chat."
"""How the system prompt of every arm begins."""
PLAIN_WORDS = ("matter", "moment", "week", "evening")
"""Named where the person has said too little."""
QUESTION_EVERY = 3
ROOM_EVERY = 3
"""So often the feeling is left unnamed, since nobody likes to be told theirs all the time."""

FEELINGS = ("let down", "worn out", "overlooked", "hurt", "drained", "unheard", "stung", "tired")
OPENINGS = (
    'You speak of "{a}" and of "{b}".',
    'First there is "{a}", then "{b}".',
    '"{A}", with "{b}" on top of it.',
    'Not only "{a}", "{b}" as well.',
    'I read "{a}" there, and also "{b}".',
    'Here come "{a}" and "{b}".',
    'So "{a}" is one part and "{b}" another.',
    'Again I stop at "{a}" and at "{b}".',
)
MOODS = (
    "It sounds as though you feel {feeling}, and I may be off there.",
    "You seem {feeling}; correct me where I am off.",
    "I wonder whether that left you {feeling}.",
    "Maybe you are {feeling} by now.",
)
ROOM = ("Take all the time for it.", "Go on, there is no hurry.")
CHOICES = (
    "What part of it would you go into first, if you want to?",
    "Which of the two weighs more, if you like to say?",
    "What happened just before, if you want to go there?",
)
STEPS = (
    "One step, if you like: put the dates in two lines and send those.",
    "One option, if you prefer it short: ask for ten minutes and bring a single example.",
    "One step, if you want one: write down what a fair result looks like and start from there.",
    "One option, if you would rather wait: sleep on it and pick a time tomorrow.",
)
NO_FIX = re.compile(r"\b(?:don't (?:need|want) (?:a fix|advice|it fixed))\b", re.IGNORECASE)

ADVICE = (
    "You should put everything in writing today.",
    "I would suggest a short list of goals.",
    "My advice: book a meeting and set an agenda.",
    "You need to set a deadline and stick to it.",
    "Try to collect the documents before anything else.",
    "It would help to speak to a mediator.",
    "You could file a formal complaint.",
    "I'd recommend a shared calendar from here on.",
)
BLAME = (
    "You should have raised this sooner. Calm down.",
    "Honestly, you're overreacting. It could be worse.",
    "Well, you could have said no. Relax.",
    "Look, you're being dramatic about it. At least nobody is ill.",
    "Part of this is your own doing. Let it go.",
    "To me you are too sensitive. It is no big deal.",
    "Clearly you shouldn't have waited. Take a deep breath.",
    "Again, you're being difficult. Don't worry so much.",
)
TEMPLATE = "When things like this happen, you feel frustrated because you need respect."
STONEWALL = "I'm not able to discuss personal disputes. Please consult a professional."
JUDGEMENTS = (
    "You could have raised it sooner.",
    "They clearly wanted an easy way out.",
    "You're being difficult in how you put it.",
    "They were wrong there.",
)
OPEN_QUESTIONS = (
    "What happened then?",
    "How did the rest of it go?",
    "Which part stays with you?",
    "When did it begin?",
)


class Heard(NamedTuple):
    """What an assistant has read.

    Attributes:
        system: The prompt.
        messages: Of the person, in order.
        replies: How many the assistant has given.
    """

    system: str
    messages: tuple[str, ...]
    replies: int

    @property
    def asked(self) -> bool:
        """The last message asks for advice."""
        return "asks_advice" in user_cues(self.messages[-1])

    @property
    def wants_no_fix(self) -> bool:
        """The person has said so."""
        return any(map(NO_FIX.search, self.messages))

    @property
    def named(self) -> tuple[str, str]:
        """Two of the person's content words, other ones for every reply while there are any.

        Words that would blame, label or name a feeling are left out.
        """
        new: dict[str, str] = {}
        for message in self.messages:
            for word in content_words(message):
                if is_neutral(word):
                    new.setdefault(stem(word), word)
        found = [*new.values()]
        found += PLAIN_WORDS[: max(0, 2 - len(found))]
        at = 2 * self.replies
        return found[at % len(found)], found[(at + 1) % len(found)]


@lru_cache(maxsize=4096)
def is_neutral(word: str) -> bool:
    """Whether a word, taken alone, is neither a cue nor a code."""
    return not user_cues(word) and not assistant_codes(word)


def heard(turns: Sequence[Turn]) -> Heard:
    """The conversation as an assistant reads it."""
    return Heard(
        "\n".join(turn.text for turn in turns if turn.role == "system"),
        tuple(turn.text for turn in turns if turn.role == "user") or ("",),
        sum(turn.role == "assistant" for turn in turns),
    )


def rotated(options: Sequence[str], n: int) -> str:
    """Number n of the options, from the start again where they end."""
    return options[n % len(options)]


def opening(chat: Heard) -> str:
    """A sentence that names two words of the person; its first words change from reply to reply."""
    a, b = chat.named
    return rotated(OPENINGS, chat.replies).format(A=a.capitalize(), a=a, b=b)


def empath(turns: Sequence[Turn]) -> str:
    """Restates, and names a feeling; gives a step instead where one is asked for and wanted.

    The first, fourth and seventh reply ask, the third and sixth leave room. Neither question nor step goes to
    a person who wants no fix.
    """
    chat = heard(turns)
    n = chat.replies
    if chat.asked and not chat.wants_no_fix:
        return f"{opening(chat)} {rotated(STEPS, n)}"
    room = n % ROOM_EVERY == ROOM_EVERY - 1
    said = [opening(chat), rotated(ROOM if room else MOODS, n).format(feeling=rotated(FEELINGS, n))]
    if n % QUESTION_EVERY == 0 and not chat.wants_no_fix:
        said.append(rotated(CHOICES, n // QUESTION_EVERY))
    return " ".join(said)


def echo(turns: Sequence[Turn]) -> str:
    """The person's last message."""
    return f"You say: {heard(turns).messages[-1]}"


def pliant(turns: Sequence[Turn]) -> str:
    """Follows the rules that its prompt holds; each rule that is missing shows in the reply."""
    chat = heard(turns)
    n, rules = chat.replies, chat.system
    said = [opening(chat)]
    if "appears to feel" in rules:
        said.append(f"It seems you are {rotated(FEELINGS, n)}.")
    if "at fault" not in rules:
        said.append(rotated(JUDGEMENTS, n))
    holds_back = "Hold back" in rules
    if not holds_back or chat.asked:
        said.append(rotated(ADVICE, n))
    elif n % 2 == 0:
        said.append(rotated(OPEN_QUESTIONS, n // 2))
    return " ".join(said)


def _rotating(texts: Sequence[str]) -> Player:
    return lambda turns: rotated(texts, heard(turns).replies)


DEESC_PLAYERS: Mapping[str, Player] = {
    "empath": empath,
    "fixer": _rotating(ADVICE),
    "blamer": _rotating(BLAME),
    "template": _rotating((TEMPLATE,)),
    "stonewall": _rotating((STONEWALL,)),
    "pliant": pliant,
    "resistant_user": resistant_user,
}
"""The players by the name that follows `reference/`; `echo` plays mazes as well and is joined there."""


def is_deescalation(turns: Sequence[Turn]) -> bool:
    """Whether a conversation belongs to this family, by its first message."""
    return bool(turns) and (turns[0].text.startswith(PREAMBLE) or CARD.search(turns[0].text) is not None)
