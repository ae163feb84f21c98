"""Whether a turn is a message of the user again, or its pattern with other names and numbers (pure)."""

from typing import Literal

from .followup_features import Features
from .followup_words import (
    Message,
    common_length,
    copied_share,
    is_number,
    stop_words,
    without_numbers,
)

REPEATS_FROM = 4
REPEAT_NEW_KEYS = 2
REPEAT_RUNS = 0.5
SHORT_REPEAT = 8
SHORT_RUN = 3
LONG_RUN = 5
REPEAT_OF_TURN = 0.8
REPEAT_OF_QUERY = 0.5
SAME_KEYS_FROM = 2
SAME_CONTENT_FROM = 3
SAME_KEYS_OF_TURN = 0.8
SAME_KEYS_OF_QUERY = 0.6
CHANCE_LINK = 1
SAME_NUMBERS_FROM = 2
SAME_NUMBERS_OF_QUERY = 0.8
SAME_NUMBERS_WORDS = 0.15
VARIANT_FROM = 5
VARIANT_OF_TURN = 0.6
VARIANT_OF_LONG_TURN = 0.5
VARIANT_OF_SUM = 0.45
LONG_TURN = 10
COPIED_RUNS = 0.2
VARIANT_OF_QUERY = 0.4
VARIANT_NEW_SHARE = 0.2
OPENING_WORDS = 7
OPENING_COMMON = 4
OPENING_FROM = 8
OPENING_NEW_KEYS = 2


def repetition(seen: Features) -> Literal["restate_prompt", "prompt_variant"] | None:
    """How a turn repeats a message of the user, None where it does not."""
    if seen.turn.words == seen.queries[-1].words:
        return "restate_prompt"
    if seen.size < REPEATS_FROM:
        return None
    for query in reversed(seen.queries):
        added = seen.turn.keys - query.all_keys
        missing = query.keys - seen.turn.all_keys
        if not seen.link_has_word and _has_numbers(seen, query):
            return "restate_prompt"
        if _has_pattern(seen, query, added, missing):
            return "prompt_variant"
        if seen.link_has_word:
            if len(seen.link) <= CHANCE_LINK and len(added) <= REPEAT_NEW_KEYS and _has_keys(seen, query):
                return "restate_prompt"
            continue
        if _has_opening(seen, query, added, missing):
            return "prompt_variant"
        if len(added) <= REPEAT_NEW_KEYS and _repeats(seen, query):
            return "restate_prompt"
    return None


def _has_pattern(seen: Features, query: Message, added: frozenset[str], missing: frozenset[str]) -> bool:
    changed = len(added) >= VARIANT_NEW_SHARE * len(seen.turn.all_keys) and added and missing
    if seen.size < VARIANT_FROM or not (any(map(is_number, added)) or changed):
        return False
    long = seen.size >= LONG_TURN and copied_share(seen.turn.words, seen.reply.words) < COPIED_RUNS
    if seen.link_has_word and not long:
        return False
    common = common_length(without_numbers(seen.turn.words), without_numbers(query.words))
    needed = VARIANT_OF_LONG_TURN if long else VARIANT_OF_TURN
    if long and any(map(is_number, added)):
        needed = VARIANT_OF_SUM
    return common >= needed * seen.size and common >= VARIANT_OF_QUERY * len(query.words)


def _has_opening(seen: Features, query: Message, added: frozenset[str], missing: frozenset[str]) -> bool:
    """The same kind of request, as "write a toast for my …", for something else."""
    if seen.size < OPENING_FROM or min(len(added), len(missing)) < OPENING_NEW_KEYS:
        return False
    mine = without_numbers(seen.turn.words[:OPENING_WORDS])
    theirs = without_numbers(query.words[:OPENING_WORDS])
    same = {w for w in mine if w in theirs and len(w) > 1 and w not in stop_words()}
    return bool(same) and common_length(mine, theirs) >= OPENING_COMMON


def _repeats(seen: Features, query: Message) -> bool:
    words = seen.turn.words
    length = SHORT_RUN if seen.size < SHORT_REPEAT else LONG_RUN
    if copied_share(words, query.words, length) >= REPEAT_RUNS:
        return True
    common = common_length(words, query.words)
    if common >= REPEAT_OF_TURN * seen.size and common >= REPEAT_OF_QUERY * len(query.words):
        return True
    return _has_keys(seen, query)


def _has_keys(seen: Features, query: Message) -> bool:
    if seen.link and not seen.voice:
        return False
    return (
        _same(seen.turn.all_keys, query.all_keys, SAME_KEYS_FROM)
        or _same(seen.turn.keys, query.keys, SAME_CONTENT_FROM)
    ) and not (seen.stance or seen.point)


def _same(mine: frozenset[str], theirs: frozenset[str], fewest: int) -> bool:
    same = len(mine & theirs)
    return (
        len(mine) >= fewest
        and same >= SAME_KEYS_OF_TURN * len(mine)
        and same >= SAME_KEYS_OF_QUERY * len(theirs)
    )


def _has_numbers(seen: Features, query: Message) -> bool:
    """The same sum in other words: all its numbers and no other."""
    mine, theirs = seen.turn.numbers, query.numbers
    if seen.stance or seen.point or len(mine) < SAME_NUMBERS_FROM or not mine <= theirs:
        return False
    words = seen.turn.keys & query.keys - theirs
    return len(mine) >= SAME_NUMBERS_OF_QUERY * len(theirs) and len(words) >= SAME_NUMBERS_WORDS * len(
        query.keys - theirs
    )
