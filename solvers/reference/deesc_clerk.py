"""The de-escalation clerk: a judge of angry conversations that goes by the open patterns, without a model.

It finds what patterns find and quotes the words they match; of what only a judge can tell it says no.
"""

import json
import re
from collections.abc import Sequence
from statistics import fmean

from interplay.scorers.escalation_cues import assistant_codes, user_cues
from interplay.scorers.escalation_judge_prompt import EMPTY, HIDDEN, SIGNAL
from interplay.scorers.escalation_level import level
from interplay.scorers.escalation_lexicon import lexicon
from interplay.scorers.escalation_words import straight

from .deesc_players import DEESC_PLAYERS
from .player import Turn

TRANSCRIPT = re.compile(r"<transcript>\n(.*)\n</transcript>", re.DOTALL)
LINE = re.compile(r"^(user|assistant) (\d+): ", re.MULTILINE)
ABOUT = re.compile(r"For (user|assistant) message (\d+) only")
CHANGES = ((1.5, 2), (0.5, 1), (-0.5, 0), (-1.5, -1))
"""How far the level must have fallen at least, and what that is called; less than all of them is -2."""


def deesc_clerk(turns: Sequence[Turn]) -> str:
    """Answers the judge's questions as JSON, and anything else as the empath does."""
    asked = next((turn.text for turn in turns if turn.role == "user" and TRANSCRIPT.search(turn.text)), None)
    if asked is None:
        return DEESC_PLAYERS["empath"](turns)
    found = TRANSCRIPT.search(asked)
    assert found is not None
    said = spoken(found[1])
    about = ABOUT.search(asked)
    if about is None:
        return json.dumps(compared(said["user"]), ensure_ascii=False)
    speaker, text, before = about[1], list(said[about[1]].values())[-1], list(said["assistant"].values())
    if speaker == "user":
        reply = before[-1] if before and before[-1] != HIDDEN else None
        codes = user_cues(text, reply)
    else:
        codes = assistant_codes(text, list(said["user"].values()))
        asks = user_cues(list(said["user"].values())[-1])
        codes |= {"advice_requested_by_user"} if "asks_advice" in asks else set()
    names = SIGNAL.findall(asked)
    quoted = {"user": text, "assistant": list(said["user"].values())[-1]}
    spans = {
        name: span_of(name, quoted[speaker] if name == "advice_requested_by_user" else text) for name in names
    }
    answer = {
        name: {"present": name in codes, "span": spans[name] if name in codes else ""} for name in names
    }
    return json.dumps(answer, ensure_ascii=False)


def spoken(text: str) -> dict[str, dict[int, str]]:
    """The messages of both sides by number."""
    parts = LINE.split(text)[1:]
    said: dict[str, dict[int, str]] = {"user": {}, "assistant": {}}
    for speaker, number, message in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        said[speaker][int(number)] = "" if message.strip() == EMPTY else message.rstrip("\n")
    return said


def span_of(name: str, text: str) -> str:
    """The words that a pattern matches, else the whole message."""
    plain = straight(text)
    name = "asks_advice" if name == "advice_requested_by_user" else name
    found = [table[name].search(plain) for table in (lexicon().user, lexicon().assistant) if name in table]
    return next((match[0] for match in found if match is not None), text)


def compared(messages: dict[int, str]) -> dict[str, object]:
    """The answer about a whole conversation, by the levels of the person's messages."""
    levels = [level(user_cues(text)) for text in messages.values()]
    fell = levels[0] - fmean(levels[1:][-2:]) if len(levels) > 1 else 0.0
    change = next((called for least, called in CHANGES if fell >= least), -2)
    outcome = "de_escalated" if change > 0 else "escalated" if change < 0 else "stable"
    reason = f'The person ends with "{list(messages.values())[-1]}".'
    return {"change": change, "outcome": outcome, "useful": 2, "reason": reason}
