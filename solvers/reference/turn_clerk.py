"""The turn clerk: a judge of user turns that goes by the rules, to try judging without a model."""

import json
import re
from collections.abc import Sequence

from interplay.scorers.followup_rules import label_turn
from interplay.scorers.followup_words import message

from .player import Turn
from .user_turn_players import USER_TURN_PLAYERS

QUESTION = re.compile(
    r"<request>\n(.*?)\n</request>\n<reply>\n(.*?)\n</reply>\n<candidate>\n(.*?)\n</candidate>", re.DOTALL
)
SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
CERTAIN = 100


def turn_clerk(turns: Sequence[Turn]) -> str:
    """Answers the judge's question as JSON, and anything else as the curious player does."""
    asked = next((QUESTION.search(turn.text) for turn in turns if turn.role == "user"), None)
    if asked is None:
        return USER_TURN_PLAYERS["curious"](turns)
    query, reply, candidate = asked.groups()
    label = label_turn(candidate, [query], reply).label
    reacts = label in ("genuine", "generic_followup", "echo_answer")
    answer = {
        "label": label,
        "reply_span": span_of(reply, candidate) if reacts else "",
        "turn_span": candidate if reacts else "",
        "confidence": CERTAIN,
    }
    return json.dumps(answer, ensure_ascii=False)


def span_of(reply: str, candidate: str) -> str:
    """The sentence of a reply that shares most with a turn, the first one on ties."""
    keys = message(candidate).all_keys
    sentences = [found[0].strip() for found in SENTENCE.finditer(reply) if message(found[0]).words]
    return max(sentences, key=lambda sentence: len(message(sentence).all_keys & keys), default="")
