"""`reference/expert`: a written policy for talking with angry people, with which a simulator is accepted.

It puts two things back in the person's words; then it names, in turn, a feeling as a guess or what the matter
cost. Every third reply asks one open question, unless the person refuses questions or wants no fix. It takes
no side, and gives one step that can be refused when plainly asked for one. It guesses nothing about what kind
of person writes. A simulated person whom such a policy always or never moves is no instrument.
"""

from collections.abc import Sequence

from interplay.scorers.escalation_cues import user_cues

from .deesc_players import FEELINGS, QUESTION_EVERY, STEPS, heard, opening, rotated
from .player import Turn

GUESSES = (
    "It sounds as though you're {feeling}, or I may be off.",
    "Maybe you feel {feeling}; say so if not.",
    "I wonder if it leaves you {feeling}.",
    "It seems you are {feeling} by now, if I read that well.",
)
COSTS = (
    "That cost you time, and some trust.",
    "What it did to you is more than the thing itself.",
    "The work of it landed on you.",
    "You lost something there that nobody gave back.",
)
QUESTIONS = (
    "Which part of it sits worst with you?",
    "What would have been fair there?",
    "What should somebody have said to you at that point?",
)


def expert(turns: Sequence[Turn]) -> str:
    """The reply of the policy."""
    chat = heard(turns)
    n = chat.replies
    if chat.asked and not chat.wants_no_fix:
        return f"{opening(chat)} {rotated(STEPS, n)}"
    guess = rotated(GUESSES, n // 2).format(feeling=rotated(FEELINGS, n))
    said = [opening(chat), guess if n % 2 == 0 else rotated(COSTS, n // 2)]
    refuses = "refuses_to_engage" in user_cues(chat.messages[-1])
    if n % QUESTION_EVERY == 0 and not refuses and not chat.wants_no_fix:
        said.append(rotated(QUESTIONS, n // QUESTION_EVERY))
    return " ".join(said)
