"""What a message of the person or of the assistant shows, by open patterns (pure).

    user_cues("Oh great. He's a liar.")                     {"hostile_sarcasm", "insult_or_contempt"}
    assistant_codes("That sounds tiring. What happened?")   {"tentative", "question", "open_question"}

The patterns stand in `data/escalation_lexicon.ini`; what needs more than a pattern stands here. Source of the
scheme: the family's own; the cues are those that the judge is asked for, so the two can be compared.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from .escalation_lexicon import assistant_patterns, lexicon, user_patterns
from .escalation_words import content_words, is_open, questions, stem, stems, straight, words

LEVEL_CUES = (
    "insult_or_contempt", "threat_or_ultimatum", "hostile_sarcasm", "blames_assistant", "blames_other",
    "absolutist", "shouting", "refuses_to_engage", "demands_side", "states_feeling_plainly",
    "states_need_or_wish", "answers_question", "acknowledges_being_heard", "softens_or_concedes",
    "works_on_solution", "leaves_angry", "leaves_calm",
)  # fmt: skip
"""The cues that a level may rest on. Three of them (`blames_other`, `absolutist`, `states_need_or_wish`) only
a judge reports."""
CONTEXT_CODES = ("question", "open_question", "restates", "parrots", "formulaic")
"""The codes of the assistant that have no pattern in the lexicon."""

END_TAG = re.compile(r"\s*<END:(calmed|fed_up|nothing_new)>")
"""How a simulated person says that it leaves, and why."""
LEAVES = {"fed_up": "leaves_angry", "calmed": "leaves_calm"}

CAPITALS = re.compile(r"\b[A-Z]{3,}\b")
CAPITALS_FROM = 2
ABBREVIATIONS = frozenset({"ASAP", "FAQ", "USA", "PDF", "CEO", "NHS", "BBC", "VAT", "ATM"})
MARKS = re.compile(r"[!?]{3}")
OPINION_AS_FEELING = re.compile(r"\bi feel (?:that|like) (?:you|he|she|they)\b", re.IGNORECASE)
ANSWER_OPEN = re.compile(
    r"\W*(?:yes|no|yeah|nope|well|because|since|about|it was|i did|i have|not yet|once|twice)\b",
    re.IGNORECASE,
)
LIST_LINE = re.compile(r"^\s*(?:-|\d+[.)])\s", re.MULTILINE)

RESTATED_FROM = 2
"""Stems shared with the person, of a reply that restates."""
PARROTED_FROM = 4
"""Content words, at least, of a reply that can parrot."""
PARROTED = 0.6
"""Share of the stems of such a reply that the person's last message holds."""
SAME_OPENING = 3
"""Words by which two replies begin alike."""


def user_cues(text: str, previous_reply: str | None = None, end: str | None = None) -> frozenset[str]:
    """The cues of one message of the person.

    Args:
        text: The message; tags by which a simulator leaves are passed over.
        previous_reply: The assistant's reply that it answers, None for the opening.
        end: The recorded end of the conversation if this message is its last: `calmed`, `fed_up` or another.
    """
    text = straight(END_TAG.sub("", text))
    found = set(user_patterns(text))
    if OPINION_AS_FEELING.search(text):
        found.discard("states_feeling_plainly")
    if is_shouting(text):
        found.add("shouting")
    if (
        previous_reply
        and not found & {"refuses_to_engage", "demands_side"}
        and _answers(text, previous_reply)
    ):
        found.add("answers_question")
    if end in LEAVES:
        found.add(LEAVES[end])
    return frozenset(found)


def is_shouting(text: str) -> bool:
    """Two words in capitals that are no abbreviations, or three marks in a row."""
    loud = [word for word in CAPITALS.findall(text) if word not in ABBREVIATIONS]
    return len(loud) >= CAPITALS_FROM or MARKS.search(text) is not None


def _answers(text: str, reply: str) -> bool:
    asked = questions(reply)
    if not asked:
        return False
    own = stems(text)
    return ANSWER_OPEN.match(text) is not None or any(own & stems(question) for question in asked)


def assistant_codes(
    text: str, user_messages: Sequence[str] = (), earlier_replies: Sequence[str] = ()
) -> frozenset[str]:
    """The codes of one reply of the assistant. An empty reply has none.

    Args:
        text: The reply.
        user_messages: All messages of the person so far, the one that is answered last.
        earlier_replies: All replies before this one, in order.
    """
    text = straight(text)
    found = set(assistant_patterns(text))
    if LIST_LINE.search(text):
        found.add("gives_advice")
    asked = questions(text)
    if asked:
        found.add("question")
    if any(map(is_open, asked)):
        found.add("open_question")
    if restates(text, user_messages, earlier_replies):
        found.add("restates")
    if user_messages and parrots(text, user_messages[-1]):
        found.add("parrots")
    if "template" in found or repeats_itself(text, earlier_replies):
        found.add("formulaic")
    return frozenset(found)


def restates(text: str, user_messages: Sequence[str], earlier_replies: Sequence[str]) -> bool:
    """Two stems are the person's, and the reply before held not all of those shared."""
    shared = stems(text) & frozenset[str]().union(*map(stems, user_messages))
    before = stems(earlier_replies[-1]) if earlier_replies else frozenset[str]()
    return len(shared) >= RESTATED_FROM and not shared <= before


def parrots(text: str, message: str) -> bool:
    """Most of the content words of the reply are those of the message that it answers."""
    said = [stem(word) for word in content_words(text)]
    heard = stems(message)
    return len(said) >= PARROTED_FROM and sum(s in heard for s in said) >= PARROTED * len(said)


def repeats_itself(text: str, earlier_replies: Sequence[str]) -> bool:
    """A cliche comes back, or the reply begins like an earlier one."""
    opening = words(text)[:SAME_OPENING]
    cliches = _cliches(text)
    return any(
        (opening and opening == words(reply)[:SAME_OPENING]) or cliches & _cliches(reply)
        for reply in earlier_replies
    )


@lru_cache(maxsize=4096)
def _cliches(text: str) -> frozenset[str]:
    return frozenset(found.lower() for found in lexicon().assistant["cliche"].findall(straight(text)))
