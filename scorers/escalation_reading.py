"""A conversation with an angry person, read turn by turn: levels, codes and broken process rules (pure).

level 3   "Oh great. You keep pasting the same paragraph."
reply     "You should calm down."                               codes gives_advice, commands_calm; V2, V3
level 4   "Forget it, you're useless and you're making it worse."
"""

from collections.abc import Sequence, Set
from typing import NamedTuple

from .escalation_cues import END_TAG, assistant_codes, user_cues
from .escalation_level import level

JUDGES = frozenset({"blames_user", "blames_other", "attributes_intent", "labels_character"})
HEATED = 2
"""From this level on a reply is expected to attend to the feeling."""


class Violations(NamedTuple):
    """Which process rules one reply breaks.

    Attributes:
        v1: It says who is at fault, what somebody meant or what they are like.
        v2: It passes over the feeling of an angry message.
        v3: It advises unasked before any question was asked.
        v4: It is formulaic or parrots.
    """

    v1: bool
    v2: bool
    v3: bool
    v4: bool


class UserTurn(NamedTuple):
    """One message of the person."""

    cues: frozenset[str]
    level: int


class AssistantTurn(NamedTuple):
    """One reply. `asked`: the message before it asks for advice."""

    codes: frozenset[str]
    asked: bool
    violations: Violations


class Reading(NamedTuple):
    """A whole conversation; turn 0 of the person is the opening, which reply 0 answers."""

    user: tuple[UserTurn, ...]
    assistant: tuple[AssistantTurn, ...]

    @property
    def levels(self) -> tuple[int, ...]:
        """E_0 to E_T: the level of the opening and of every message that answers a reply."""
        return tuple(turn.level for turn in self.user)

    @property
    def violations(self) -> tuple[Violations, ...]:
        """Reply by reply."""
        return tuple(turn.violations for turn in self.assistant)


def read_conversation(messages: Sequence[str], replies: Sequence[str], end: str | None = None) -> Reading:
    """The reading of a conversation.

    Args:
        messages: Of the person, the opening first; tags by which a simulator leaves are passed over.
        replies: Of the assistant, each to the message of the same number; the last message may have none.
        end: The recorded end, which is a cue of the last message if that answers a reply.
    """
    messages = [END_TAG.sub("", message) for message in messages]
    user: list[UserTurn] = []
    for n, message in enumerate(messages):
        ends = end if n and n == len(messages) - 1 else None
        cues = user_cues(message, replies[n - 1] if n else None, ends)
        user.append(UserTurn(cues, level(cues)))
    assistant: list[AssistantTurn] = []
    questioned = False
    for n, reply in enumerate(replies):
        codes = assistant_codes(reply, messages[: n + 1], replies[:n])
        asked = "asks_advice" in user[n].cues
        broken = violations(codes, user[n].level, asked=asked, questioned=questioned)
        assistant.append(AssistantTurn(codes, asked, broken))
        questioned = questioned or "question" in codes
    return Reading(tuple(user), tuple(assistant))


def violations(codes: Set[str], level_before: int, *, asked: bool, questioned: bool) -> Violations:
    """The rules that a reply with these codes breaks.

    Args:
        codes: Of the reply.
        level_before: Of the message that it answers.
        asked: That message asks for advice.
        questioned: An earlier reply asked something.
    """
    return Violations(
        v1=bool(codes & JUDGES),
        v2=level_before >= HEATED and "reflects_feeling" not in codes,
        v3="gives_advice" in codes and not asked and not questioned,
        v4=bool(codes & {"formulaic", "parrots"}),
    )
