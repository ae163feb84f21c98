"""Eleven labels for a user turn, by open rules of which the first that matches wins (pure, deterministic).

Example: after "Priya baked 36 rolls on Friday and a third as many on Saturday. How many rolls …?" and "On
Saturday she baked a third as many: 36 / 3 = 12 rolls. …", the turn "Why did you divide 36 by 3?" is
`Labelled("genuine", 11, "link=divid")`: a request that takes up what only this reply has brought in.

Rules and their numbers are those of the task's README; `followup_cues.toml` holds the words.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias, get_args

from .followup_cues import cues
from .followup_features import Features, asks_last, features, part_named
from .followup_noise import noise
from .followup_words import (
    LIST_LINE,
    Message,
    common_length,
    copied_share,
    is_number,
    message,
    without_numbers,
)

VERSION = "1.0.0"
"""Version of rules and cues; a change of either is a minor version."""

Label: TypeAlias = Literal[
    "empty", "degenerate", "meta_reasoning", "assistant_drift", "restate_prompt", "prompt_variant",
    "echo_answer", "unrelated", "closer", "generic_followup", "genuine",
]  # fmt: skip
LABELS: tuple[Label, ...] = get_args(Label)
MEANINGS: Mapping[Label, str] = {
    "empty": "no words",
    "degenerate": "loops, symbol noise, or a script foreign to the conversation",
    "meta_reasoning": 'talks about "the user" or plans the turn',
    "assistant_drift": "goes on answering, advises, or offers help",
    "restate_prompt": "the request again, with nothing taken from the reply",
    "prompt_variant": "the request's pattern with other names or numbers",
    "echo_answer": "copies the reply",
    "unrelated": "a request that would read the same had the reply never existed",
    "closer": "thanks, ok or bye only",
    "generic_followup": "reacts to there being a reply but fits any reply",
    "genuine": "reacts to something in this reply",
}
"""What each label means, in the words that the judge reads."""


class Labelled(NamedTuple):
    """The label of a turn, the number of the rule that gave it, and what that rule saw."""

    label: Label
    rule: int
    evidence: str


def label_turn(turn: str, queries: Sequence[str], reply: str) -> Labelled:
    """The label of a user turn.

    Args:
        turn: What the model wrote as the user.
        queries: All messages of the user so far, the query last.
        reply: The assistant's reply, as shown.
    """
    answer = message(reply)
    found = _first_match(message(turn), tuple(map(message, queries)), answer)
    if found.label == "genuine" and not answer.words:
        return Labelled("generic_followup", found.rule, "blank reply")
    return found


def _first_match(turn: Message, queries: Sequence[Message], reply: Message) -> Labelled:
    if not turn.words:
        noisy = len("".join(turn.text.split())) >= SYMBOLS
        return Labelled("degenerate" if noisy else "empty", 1, "")
    broken = noise(turn.text, turn.words, f"{queries[-1].text} {reply.text}")
    if broken is not None:
        return Labelled("degenerate", 2, broken)
    meta = cues().meta_open.search(turn.text) or cues().meta_any.search(turn.text[:META_CHARACTERS])
    if meta is not None:
        return Labelled("meta_reasoning", 3, _shown(meta[0]))
    seen = features(turn, queries, reply)
    for rule in (_repeats, _echoes, _drifts, _closes, _answers, _names_part, _links, _proposes, _reacts):
        found = rule(seen)
        if found is not None:
            return found
    if seen.shared and not seen.voice:
        return Labelled("assistant_drift", 14, _keys("shared", seen.shared))
    return Labelled("unrelated", 15, "")


SYMBOLS = 8
META_CHARACTERS = 400
REPEATS_FROM = 4
VARIANT_FROM = 5
VARIANT_OF_TURN = 0.6
VARIANT_OF_QUERY = 0.4
REPEAT_NEW_KEYS = 2
REPEAT_RUNS = 0.5
SHORT_REPEAT = 8
SHORT_RUN = 3
LONG_RUN = 5
REPEAT_OF_TURN = 0.8
REPEAT_OF_QUERY = 0.5
SAME_KEYS_OF_TURN = 0.8
SAME_KEYS_OF_QUERY = 0.6
SAME_KEYS_FROM = 2


def _repeats(seen: Features) -> Labelled | None:
    """Rule 5: the request again, or its pattern with other names and numbers."""
    if seen.turn.words == seen.queries[-1].words:
        return Labelled("restate_prompt", 5, "copy")
    if seen.size < REPEATS_FROM or seen.link_has_word:
        return None
    for query in reversed(seen.queries):
        added = seen.turn.keys - query.all_keys
        missing = query.keys - seen.turn.all_keys
        if _is_variant(seen, query, added, missing):
            return Labelled("prompt_variant", 5, _keys("added", added))
        if len(added) <= REPEAT_NEW_KEYS and _is_repeat(seen, query):
            return Labelled("restate_prompt", 5, "")
    return None


def _is_variant(seen: Features, query: Message, added: frozenset[str], missing: frozenset[str]) -> bool:
    if seen.size < VARIANT_FROM or not (any(map(is_number, added)) or (added and missing)):
        return False
    common = common_length(without_numbers(seen.turn.words), without_numbers(query.words))
    return common >= VARIANT_OF_TURN * seen.size and common >= VARIANT_OF_QUERY * len(query.words)


def _is_repeat(seen: Features, query: Message) -> bool:
    words = seen.turn.words
    length = SHORT_RUN if seen.size < SHORT_REPEAT else LONG_RUN
    if copied_share(words, query.words, length) >= REPEAT_RUNS:
        return True
    common = common_length(words, query.words)
    if common >= REPEAT_OF_TURN * seen.size and common >= REPEAT_OF_QUERY * len(query.words):
        return True
    mine, theirs = seen.turn.all_keys, query.all_keys
    same = len(mine & theirs)
    return (
        len(mine) >= SAME_KEYS_FROM
        and same >= SAME_KEYS_OF_TURN * len(mine)
        and same >= SAME_KEYS_OF_QUERY * len(theirs)
        and not seen.stance
        and not seen.point
    )


ECHO_FROM = 6
ECHO_RUNS = 0.5
ECHO_RUNS_ASKED = 0.9


def _echoes(seen: Features) -> Labelled | None:
    """Rule 6: the reply again."""
    needed = ECHO_RUNS_ASKED if seen.ends_asking else ECHO_RUNS
    if seen.size >= ECHO_FROM and copied_share(seen.turn.words, seen.reply.words) >= needed:
        return Labelled("echo_answer", 6, "")
    return None


OFFER_POINTS = 4
ANSWER_POINTS = 2
LIST_LINES = 2
LONG_TURN = 80
ARITHMETIC = re.compile(r"\\boxed|\d\s*[-+*/×÷]\s*\$?\d[^?\n]*=\s*\$?\d")


def _drifts(seen: Features) -> Labelled | None:
    """Rule 7: more of an assistant's voice than of a user's."""
    cue, text = cues(), seen.turn.text
    offers = OFFER_POINTS * (cue.offer.search(text) is not None)
    drift = (
        offers
        + ANSWER_POINTS * (cue.answer_open.search(text) is not None)
        + ANSWER_POINTS * (cue.answer_any.search(text) is not None)
        + ANSWER_POINTS * (sum(1 for _ in LIST_LINE.finditer(text)) >= LIST_LINES)
        + (cue.advice.search(text) is not None)
        + (seen.size > LONG_TURN)
        + (ARITHMETIC.search(text) is not None)
    )
    aimed = seen.ends_asking and bool(seen.link or seen.point)
    user = seen.ask + seen.first + seen.stance + seen.request + aimed
    if drift >= OFFER_POINTS or drift > user:
        return Labelled("assistant_drift", 7, f"drift={drift} user={user}")
    return None


CLOSER_WORDS = 15
CLOSER_OTHER = 1


def _closes(seen: Features) -> Labelled | None:
    """Rule 8: thanks, ok or bye and nothing else."""
    if seen.size > CLOSER_WORDS or "?" in seen.turn.text or seen.link:
        return None
    opened = cues().close_open.match(seen.turn.text)
    if opened is None or sum(w not in cues().close_words for w in seen.turn.words) > CLOSER_OTHER:
        return None
    return Labelled("closer", 8, "")


YES_NO_GENUINE = 5
ANSWER_WORDS = 60
SHORT_ANSWER = 6
OFFER_CHARACTERS = 160


def _answers(seen: Features) -> Labelled | None:
    """Rule 9: an answer to the question that the reply ends in."""
    if not asks_last(seen.reply.text):
        return None
    cue, text = cues(), seen.turn.text
    if cue.yes_no.match(text):
        label: Label = "genuine" if seen.size >= YES_NO_GENUINE else "generic_followup"
        return Labelled(label, 9, "answers the reply's question")
    if not seen.turn.keys or seen.size > ANSWER_WORDS:
        return None
    if seen.ask or seen.request or seen.stance or seen.point:
        return None
    tells = seen.first or cue.third_person.search(text) is not None
    offered = cue.offer_question.search(seen.reply.text[-OFFER_CHARACTERS:]) is not None
    if tells or (seen.size <= SHORT_ANSWER and not offered):
        return Labelled("genuine", 9, "answers the reply's question")
    return None


def _names_part(seen: Features) -> Labelled | None:
    """Rule 10: a part of the reply by its number."""
    named = part_named(seen.turn, seen.reply, cues()) if seen.voice else None
    return None if named is None else Labelled("genuine", 10, f"part={named}")


LINK_SHARE = 0.15
TOLD_LINK = 3
TOLD_SHARED = 0.6


def _links(seen: Features) -> Labelled | None:
    """Rule 11: takes up what only this reply has brought in."""
    own = len(seen.turn.keys)
    if len(seen.link) < max(1, LINK_SHARE * own):
        return None
    told = len(seen.link) >= TOLD_LINK and len(seen.shared) >= TOLD_SHARED * own
    if seen.ask or seen.request or seen.stance or (seen.first and not told):
        return Labelled("genuine", 11, _keys("link", seen.link))
    return Labelled("assistant_drift", 11, _keys("link", seen.link))


def _proposes(seen: Features) -> Labelled | None:
    """Rule 12: a number of the turn's own, of two digits or more, against what was said."""
    known = seen.queries[-1].numbers | seen.reply.numbers
    new = {number for number in seen.turn.numbers - known if len(number) > 1}
    if (seen.point or seen.stance) and seen.shared and new:
        return Labelled("genuine", 12, _keys("number", new))
    return None


POINT_EXTRA = 4
STANCE_EXTRA = 2
WEAK_WORDS = 15
BARE_WORDS = 8


def _reacts(seen: Features) -> Labelled | None:
    """Rule 13: a reaction that would fit any reply."""
    extra = len(seen.extra)
    pointed = seen.point and extra <= POINT_EXTRA
    judged = seen.stance and (bool(seen.shared) or extra <= STANCE_EXTRA)
    hinted = seen.weak and seen.voice and seen.size <= WEAK_WORDS and (bool(seen.shared) or not extra)
    bare = not seen.turn.keys and seen.size <= BARE_WORDS
    if pointed or judged or hinted or bare:
        return Labelled("generic_followup", 13, "")
    return None


SHOWN_CHARACTERS = 40


def _keys(name: str, keys: Iterable[str]) -> str:
    return _shown(f"{name}={','.join(sorted(keys))}")


def _shown(text: str) -> str:
    return text[:SHOWN_CHARACTERS]
