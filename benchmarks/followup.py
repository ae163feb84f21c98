"""How many user turns the rules label a second, with nothing remembered between passes."""

import time

from interplay.scorers import followup_words
from interplay.scorers.followup_accuracy import labelled_contexts, labelled_turns
from interplay.scorers.followup_rules import label_turn

SHORT_BAR = 1000.0
LONG_BAR = 50.0
SHORT = 40
"""Words of a short turn, at most."""
QUERY, REPLY, TURN = 200, 630, 250
"""Words of a long conversation."""
PASSES = 3
LONG_CASES = 20

Case = tuple[str, list[str], str]


def short_cases() -> list[Case]:
    contexts = labelled_contexts()
    return [
        (turn.turn, list(contexts[turn.context].queries), contexts[turn.context].reply)
        for turn in labelled_turns()
        if len(turn.turn.split()) <= SHORT
    ]


def long_cases() -> list[Case]:
    """Texts of the wanted lengths, made of the words of many replies so that nothing is caught early."""
    words = [word for context in labelled_contexts().values() for word in context.reply.split()]
    cases: list[Case] = []
    for n in range(LONG_CASES):
        turned = words[37 * n :] + words[: 37 * n]
        reply, query = turned[:REPLY], turned[REPLY : REPLY + QUERY]
        turn = ["I", "wonder", *turned[-(TURN - 2) :]]
        cases.append((" ".join(turn), [" ".join(query)], " ".join(reply)))
    return cases


def per_second(cases: list[Case]) -> float:
    """The best of some passes, in processor time."""
    best = 0.0
    for _ in range(PASSES):
        followup_words.message.cache_clear()
        followup_words.key.cache_clear()
        begin = time.process_time()
        for turn, queries, reply in cases:
            label_turn(turn, queries, reply)
        best = max(best, len(cases) / (time.process_time() - begin))
    return best


def rows() -> list[tuple[str, float, float, str]]:
    return [
        ("label one short user turn", per_second(short_cases()), SHORT_BAR, "turns per s"),
        ("label a turn of 250 words after 630", per_second(long_cases()), LONG_BAR, "turns per s"),
    ]
