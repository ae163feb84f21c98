"""What conversations take: calls and tokens of the model under test, of the person, and of judges (pure).

Every conversation counts at its full length, and an answer that has to be asked for twice counts once. Tokens
are those of the prompts as they are, at four letters each.
"""

from interplay.scorers.escalation_judge_prompt import FULL_SHARE
from interplay.tasks.records import RoleSize, RunSize

from .arguments import Talk

PROMPT_TOKENS, MESSAGE_TOKENS, REPLY_TOKENS = 150, 30, 120
"""Of a system prompt, a message of the person and a reply of the assistant."""
PREFIX_TOKENS = 100
"""Of what was said before a branch."""
PERSON_TOKENS, STATE_TOKENS, ANSWER_TOKENS = 450, 100, 30
"""Of the prompt of a simulated person, of that of a state without the reply, and of a state."""
CUES_TOKENS, CODES_TOKENS, WHOLE_TOKENS = 380, 530, 170
"""Of what a judge is asked about a message, a reply and a conversation, apart from what was said."""
SIGNALS_TOKENS, OPINION_TOKENS = 350, 70
"""Of a judge's answer about a message or reply, and about a conversation."""


def talk_size(talk: Talk) -> RunSize:
    """Expected size of a run."""
    n, before = talk.replies, said_before(talk)
    own = n * (n - 1) / 2 * REPLY_TOKENS
    read = n * (PROMPT_TOKENS + before) + n * (n + 1) / 2 * MESSAGE_TOKENS + own
    judges = {} if talk.judge is False else judge_sizes(talk)
    needed = talk.preset == "paper"
    return RunSize(
        talk.samples,
        n,
        read,
        n * REPLY_TOKENS,
        epochs=talk.epochs,
        roles=simulator_sizes(talk) | (judges if needed else {}),
        judges={} if needed else judges,
    )


def said_before(talk: Talk) -> int:
    """Tokens of what was said before the first reply that is played, the opening apart."""
    return PREFIX_TOKENS if talk.played_mode == "branch" else 0


def simulator_sizes(talk: Talk) -> dict[str, RoleSize]:
    """What the person costs: nothing by rules; else a call a reply, and another where a state is kept."""
    if talk.played_simulator not in ("persona", "state"):
        return {}
    n = talk.replies
    heard = n * (n + 1) / 2 * (REPLY_TOKENS + MESSAGE_TOKENS)
    sizes = {"user_sim": RoleSize(n, n * (PERSON_TOKENS + said_before(talk)) + heard, n * MESSAGE_TOKENS)}
    if talk.played_simulator == "state":
        sizes["sim_state"] = RoleSize(n, n * (STATE_TOKENS + REPLY_TOKENS), n * ANSWER_TOKENS)
    return sizes


def judge_sizes(talk: Talk) -> dict[str, RoleSize]:
    """What judges cost: the first reads message by message and the whole, the second the whole alone.

    Messages that are fixed are not judged; of the others a share is read a second time with the replies.
    """
    n, before = talk.replies, said_before(talk)
    said = before + n * (MESSAGE_TOKENS + REPLY_TOKENS)
    whole = RoleSize(1, WHOLE_TOKENS + said, OPINION_TOKENS)
    messages = 0 if talk.played_mode == "scripted" else n + 1
    again = FULL_SHARE * max(messages - 1, 0)
    first = RoleSize(
        whole.calls + messages + again + n,
        whole.input_tokens
        + messages * (CUES_TOKENS + before)
        + messages * (messages + 1) / 2 * MESSAGE_TOKENS
        + again * (CUES_TOKENS + before + said / 2)
        + n * (CODES_TOKENS + MESSAGE_TOKENS + REPLY_TOKENS),
        whole.output_tokens + (messages + again + n) * SIGNALS_TOKENS,
    )
    return {"grader": first, "grader_b": whole}
