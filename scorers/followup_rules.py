"""Eleven labels for a user turn, by open rules of which the first that matches wins (pure, deterministic).

Example: after "Priya baked 36 rolls on Friday and a third as many on Saturday. How many rolls …?" and "On
Saturday she baked a third as many: 36 / 3 = 12 rolls. …", the turn "Why did you divide 36 by 3?" is
`Labelled("genuine", 11, "link=divid")`: a request that takes up what only this reply has brought in.

Rules and their numbers are those of the task's README; `followup_cues.toml` holds the words.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple, TypeAlias, get_args

from .followup_cues import cues
from .followup_features import Features, asks_last, features, part_named
from .followup_noise import noise
from .followup_repeats import repetition
from .followup_words import LIST_LINE, Message, copied_share, is_number, key, message

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
    conversation = f"{queries[-1].text} {reply.text}"
    broken = noise(turn.text, turn.words, conversation)
    if broken is not None:
        return Labelled("degenerate", 2, broken)
    meta = _plans(turn, conversation)
    if meta is not None:
        return Labelled("meta_reasoning", 3, meta)
    seen = features(turn, queries, reply)
    for rule in (_repeats, _echoes, _drifts, _closes, _answers, _names_part, _links, _proposes, _reacts):
        found = rule(seen)
        if found is not None:
            return found
    if not seen.voice and (seen.shared or seen.size >= STATEMENT_WORDS):
        return Labelled("assistant_drift", 14, _keys("shared", seen.shared))
    return Labelled("unrelated", 15, "")


SYMBOLS = 8
META_CHARACTERS = 400
STATEMENT_WORDS = 12


def _plans(turn: Message, conversation: str) -> str | None:
    """What shows that a turn speaks of "the user", unless the conversation does so itself."""
    cue, start = cues(), turn.text[:META_CHARACTERS]
    found = cue.meta_open.search(turn.text) or cue.meta_any.search(start)
    named = None if found or asks_last(turn.text) else cue.meta_person.search(start)
    if named is not None and not re.search(rf"\b{named['noun']}s?\b", conversation):
        found = named
    return None if found is None else _shown(found[0])


def _repeats(seen: Features) -> Labelled | None:
    """Rule 5: the request again, or its pattern with other names and numbers."""
    found = repetition(seen)
    return None if found is None else Labelled(found, 5, "")


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
        + ANSWER_POINTS * _is_advice_throughout(seen)
        + (cue.advice.search(text) is not None)
        + (seen.size > LONG_TURN)
        + (ARITHMETIC.search(text) is not None)
    )
    aimed = seen.ends_asking and bool(seen.link or seen.point)
    user = seen.ask + seen.first + seen.stance + seen.request + aimed
    if drift >= OFFER_POINTS or drift > user:
        return Labelled("assistant_drift", 7, f"drift={drift} user={user}")
    return None


ADVICE_WORDS = 12
ADVICE_SENTENCES = 2


def _is_advice_throughout(seen: Features) -> bool:
    if seen.size < ADVICE_WORDS or seen.ask or seen.first or seen.request:
        return False
    return sum(1 for _ in cues().advice.finditer(seen.turn.text)) >= ADVICE_SENTENCES


CLOSER_WORDS = 20
CLOSER_OTHER = 1
THANKS_OTHER = 3


def _closes(seen: Features) -> Labelled | None:
    """Rule 8: thanks, ok or bye and nothing else."""
    cue, text = cues(), seen.turn.text
    if seen.size > CLOSER_WORDS or "?" in text or seen.link - close_keys():
        return None
    other = sum(word not in cue.close_words for word in seen.turn.words)
    if cue.close_open.match(text) and other <= CLOSER_OTHER:
        return Labelled("closer", 8, "")
    thanked = cue.thanks.search(text)
    if thanked is None or seen.ask or seen.request or len(seen.turn.keys - close_keys()) > THANKS_OTHER:
        return None
    return Labelled("closer", 8, _shown(thanked[0]))


@cache
def close_keys() -> frozenset[str]:
    """Keys of the words with which people close."""
    return frozenset(map(key, cues().close_words))


YES_NO_GENUINE = 5
ANSWER_WORDS = 60
SHORT_ANSWER = 6
OFFER_CHARACTERS = 160


def _answers(seen: Features) -> Labelled | None:
    """Rule 9: an answer to the question that the reply ends in."""
    if not asks_last(seen.reply.text):
        return None
    if seen.addresses and not (seen.first or seen.ask):
        return None
    cue = cues()
    if cue.yes_no.match(seen.turn.text):
        label: Label = "genuine" if seen.size >= YES_NO_GENUINE else "generic_followup"
        return Labelled(label, 9, "answers the reply's question")
    if not seen.turn.keys or seen.size > ANSWER_WORDS:
        return None
    if seen.ask or seen.request or seen.stance or seen.point:
        return None
    offered = cue.offer_question.search(seen.reply.text[-OFFER_CHARACTERS:]) is not None
    if seen.tells or (seen.size <= SHORT_ANSWER and not offered):
        return Labelled("genuine", 9, "answers the reply's question")
    return None


def _names_part(seen: Features) -> Labelled | None:
    """Rule 10: a part of the reply by its number."""
    named = part_named(seen, cues()) if seen.voice else None
    return None if named is None else Labelled("genuine", 10, f"part={named}")


LINK_SHARE = 0.15
TOLD_LINK = 3
TOLD_SHARED = 0.6


def _links(seen: Features) -> Labelled | None:
    """Rule 11: takes up what only this reply has brought in."""
    own = len(seen.turn.keys)
    if len(seen.link) < max(1, LINK_SHARE * own) or _met_by_chance(seen):
        return None
    told = len(seen.link) >= TOLD_LINK and len(seen.shared) >= TOLD_SHARED * own
    if seen.ask or seen.request or seen.stance or seen.point or (seen.tells and not told):
        return Labelled("genuine", 11, _keys("link", seen.link))
    return Labelled("assistant_drift", 11, _keys("link", seen.link))


CHANCE_EXTRA = 2
CHANCE_EXTRA_DEFINITE = 3


def _met_by_chance(seen: Features) -> bool:
    """Whether a question of its own meets the reply in one word and points at nothing."""
    text = seen.turn.text
    if not seen.ask or len(seen.link) > 1 or seen.shared != seen.link or cues().anaphora.search(text):
        return False
    enough = CHANCE_EXTRA_DEFINITE if re.search(r"\bthe\b", text) else CHANCE_EXTRA
    return len(seen.extra) >= enough


JUDGED_WORDS = 2


def _proposes(seen: Features) -> Labelled | None:
    """Rule 12: a number of the turn's own, of two digits or more, against what was said."""
    known = seen.queries[-1].numbers | seen.reply.numbers
    new = {number for number in seen.turn.numbers - known if len(number) > 1}
    proposed = new and cues().propose.search(seen.turn.text) is not None
    if proposed and seen.voice and (seen.point or seen.stance) and seen.shared:
        return Labelled("genuine", 12, _keys("number", new))
    words = {k for k in seen.shared if not is_number(k)}
    if seen.stance and seen.point and len(words) >= JUDGED_WORDS:
        return Labelled("genuine", 12, _keys("shared", words))
    tried = cues().tried.search(seen.turn.text)
    if tried is not None and seen.extra:
        return Labelled("genuine", 12, _shown(tried[0]))
    return None


POINT_EXTRA = 4
POINT_EXTRA_SHARE = 0.25
STANCE_EXTRA = 2
WEAK_EXTRA = 2
WEAK_WORDS = 15
BARE_WORDS = 8
REMARK_WORDS = 6


def _reacts(seen: Features) -> Labelled | None:
    """Rule 13: a reaction that would fit any reply."""
    extra = len(seen.extra)
    pointed = seen.point and extra <= max(POINT_EXTRA, POINT_EXTRA_SHARE * seen.size)
    judged = seen.stance and (bool(seen.shared) or extra <= STANCE_EXTRA)
    few = not extra or (bool(seen.shared) and extra <= WEAK_EXTRA)
    hinted = seen.weak and seen.voice and seen.size <= WEAK_WORDS and few
    bare = not seen.turn.keys and seen.size <= BARE_WORDS
    remark = seen.weak and seen.size <= REMARK_WORDS and extra <= WEAK_EXTRA and not seen.link
    if pointed or judged or hinted or bare or remark:
        return Labelled("generic_followup", 13, "")
    return None


SHOWN_CHARACTERS = 40


def _keys(name: str, keys: Iterable[str]) -> str:
    return _shown(f"{name}={','.join(sorted(keys))}")


def _shown(text: str) -> str:
    return text[:SHOWN_CHARACTERS]
