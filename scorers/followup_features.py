"""What the rules look at in a turn: its voice, what it shares with the reply and what it points at (pure)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from .followup_cues import Cues, cues
from .followup_words import LIST_LINE, Message, common_keys, is_number, key, message

OPERATION = re.compile(r"[\d)]\s*([/÷*×+\-−])(?=\s*[$(]*\d)")
OPERATION_WORDS = {
    **dict.fromkeys("/÷", ("divide",)),
    **dict.fromkeys("*×", ("multiply", "times")),
    "+": ("add", "plus"),
    **dict.fromkeys("-−", ("subtract", "minus")),
}
QUESTION_END = re.compile(r"\?[\s\"')\]}*_»]*\Z")
QUOTED = re.compile(r'"[^"\n]*"')
YOU = re.compile(r"\byou(?:r|rs|'re|'ll|'d|'ve)?\b")
THE_NUMBER = re.compile(r"\b(?:the|that|this|your|those) (\d+(?:[.,]\d+)*)\b(?! \w+ of)")
QUOTATION = re.compile(r"""(?<!\w)["'](\w[^"'\n]{2,60}\w)[.,!?]?["'](?!\w)""")
LIST_LINES = 2


class Features(NamedTuple):
    """A turn beside the messages that it follows.

    Attributes:
        turn: What is labelled.
        queries: All messages of the user so far, the query last.
        reply: As shown to the model.
        ask: It asks.
        ends_asking: It ends in a question mark.
        request: It wants something done.
        first: It speaks of its writer.
        tells: It goes on with the story of its writer.
        addresses: It speaks to somebody as "you".
        stance: It doubts, disagrees or judges.
        weak: It points with a pronoun only.
        point: It points at a reply, any reply.
        link: Keys that only the reply can have given.
        shared: Keys that stand in the reply or in a message of the user.
        extra: Words of its own, as keys.
    """

    turn: Message
    queries: Sequence[Message]
    reply: Message
    ask: bool
    ends_asking: bool
    request: bool
    first: bool
    tells: bool
    addresses: bool
    stance: bool
    weak: bool
    point: bool
    link: frozenset[str]
    shared: frozenset[str]
    extra: frozenset[str]

    @property
    def voice(self) -> bool:
        """Whether it sounds like somebody who asks, wants, doubts or tells of themselves."""
        return self.ask or self.request or self.tells or self.stance

    @property
    def link_has_word(self) -> bool:
        """Whether what it took from the reply is more than numbers."""
        return not all(map(is_number, self.link))

    @property
    def size(self) -> int:
        """Number of words."""
        return len(self.turn.words)


def features(turn: Message, queries: Sequence[Message], reply: Message) -> Features:
    """The features of a turn that has words."""
    cue, text = cues(), turn.text
    ask = "?" in text or cue.ask_open.match(text) is not None or cue.ask_clause.search(text) is not None
    edit = cue.edit_open.match(text)
    told = QUOTED.sub("", text)
    first = _any(told, cue.first_person, cue.elided_open)
    third = _any(told, cue.third_person)
    own_story = third and not _any(told, YOU) and any(cue.first_person.search(q.text) for q in queries)
    from_queries = frozenset[str]().union(*(query.keys for query in queries))
    from_reply = reply.keys | operation_keys(reply.text)
    link = turn.keys & (from_reply - from_queries)
    if edit is not None:
        link -= message(edit[0]).keys
    return Features(
        turn=turn,
        queries=queries,
        reply=reply,
        ask=ask,
        ends_asking=asks_last(text),
        request=edit is not None or _any(text, cue.request_any, cue.request_open),
        first=first,
        tells=first or own_story,
        addresses=_any(told, YOU),
        stance=_any(text, cue.stance, cue.object_open),
        weak=_any(text, cue.weak),
        point=edit is not None or _any(text, cue.point) or (ask and text.startswith("so ")),
        link=_telling(link),
        shared=turn.keys & (from_reply | from_queries),
        extra=frozenset(k for k in turn.keys - from_reply - from_queries if not is_number(k)),
    )


def _any(text: str, *patterns: re.Pattern[str]) -> bool:
    return any(pattern.search(text) for pattern in patterns)


def _telling(link: frozenset[str]) -> frozenset[str]:
    """Without what stands in many replies: numbers of one digit, unless others do, and one common word."""
    numbers = {k for k in link if is_number(k)}
    link = link - numbers if all(len(number) == 1 for number in numbers) else link
    return frozenset() if len(link) == 1 and link <= common_keys() else link


def operation_keys(text: str) -> frozenset[str]:
    """Keys of the words for the arithmetic that a text does in signs."""
    signs = set(OPERATION.findall(text))
    return frozenset(key(word) for sign in signs for word in OPERATION_WORDS[sign])


def asks_last(text: str) -> bool:
    """Whether a text ends in a question mark, closing quotes, brackets and emphasis aside."""
    return QUESTION_END.search(text) is not None


def has_list(text: str) -> bool:
    """Whether two or more lines begin with a list mark."""
    return sum(1 for _ in LIST_LINE.finditer(text)) >= LIST_LINES


def part_named(seen: Features, cue: Cues) -> str | None:
    """The part of a reply that a turn names, as "step 2", "the last line" or "the 9", None without one."""
    text, reply = seen.turn.text, seen.reply
    found = cue.part_any.search(text)
    if found is not None:
        return found[0]
    listed = has_list(reply.text)
    for found in cue.part_listed.finditer(text):
        name = found["numbered"] or found["ordered"]
        if listed or re.search(rf"\b{name}s?\b", reply.text):
            return found[0]
    asked = " ".join(query.text for query in seen.queries)
    for found in QUOTATION.finditer(text):
        if found[1] in reply.text and found[1] not in asked:
            return found[0]
    from_queries = frozenset[str]().union(*(query.numbers for query in seen.queries))
    for found in THE_NUMBER.finditer(text):
        if key(found[1]) in reply.numbers - from_queries:
            return found[0]
    return None
