"""User turns by instruction: a chat model is asked to write the person's next message.

This measures instructed role-play, not what a model's own user role holds; results are never pooled with
those of the native elicitation.
"""

import re
from collections.abc import Awaitable, Sequence
from functools import cache
from pathlib import Path
from zlib import crc32

from inspect_ai.model import (
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    GenerateConfig,
    get_model,
)
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import collect
from jinja2 import Environment, StrictUndefined

from interplay.solvers.user_record import ArmTurns, Render, Temperature, Turn, UserTurnRecord, write_record
from interplay.tasks.user_turn.context import Msg
from interplay.tasks.user_turn.dataset import context_of
from interplay.tasks.user_turn.prompting import prompt_text
from interplay.tasks.user_turn.replies import FrozenReplies, frozen_replies

from .user_reply import NotWritten, chat_messages, refuse_messages_of_the_provider, reply_for

ENDS = "[ENDS]"
PERSON_MARK = re.compile(r"\APERSON:\s*")
MAX_TOKENS = 4_096
"""Tokens of a turn: providers count hidden reasoning among them."""


@solver
def write_turns_by_instruction(
    *, temperatures: Sequence[Temperature], k: int, seed: int, replies: str | None
) -> Solver:
    """The reply, then the person's next messages as the evaluated chat model writes them.

    Args:
        temperatures: 0 is drawn once, all others k times; `default` sends none.
        k: Draws at each temperature above 0.
        seed: Seed of the draws; each context adds its own.
        replies: File of frozen replies.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        context = context_of(state.metadata)
        frozen = frozen_file(replies)
        record = UserTurnRecord(
            render=Render(elicitation="prompted", transport="chat"),
            replies_sha256=frozen.sha256 if frozen else None,
        )
        state.messages = [*chat_messages(context.messages)]
        try:
            reply = await reply_for(context, frozen.replies if frozen else {}, None, stored=False)
            record.reply = reply
            record.problem = None if reply.text else "no_reply"
            write_record(state.store, record)
            if reply.text:
                state.messages.append(ChatMessageAssistant(content=reply.text))
                shown = (*context.messages, Msg(role="assistant", content=reply.text))
                arm = record.arms["base"] = ArmTurns(shown=reply.text)
                for t in temperatures:
                    await draw(arm, shown, t, 1 if t == 0 else k, draw_seed(seed, context.id))
                    write_record(state.store, record)
                record.problem = None if arm.turns else "no_turns"
                state.messages += [ChatMessageUser(content=turn.text) for turn in arm.turns[:1]]
        except NotWritten as problem:
            record.problem = str(problem)
        write_record(state.store, record)
        return state

    return solve


async def draw(arm: ArmTurns, shown: Sequence[Msg], t: Temperature, count: int, seed: int) -> None:
    """So many messages of the person at one temperature, added to the arm.

    Raises:
        NotWritten: the conversation does not fit, or a filter answered.
    """
    asked = (one_turn(shown, t, i, None if t == 0 else seed + i) for i in range(count))
    turns = await collect(*map(turn_or_problem, asked))
    written = [turn for turn in turns if isinstance(turn, Turn)]
    arm.turns += written
    arm.short_k += count - len(written)
    for problem in turns:
        if isinstance(problem, NotWritten):
            raise problem


async def turn_or_problem(asked: Awaitable[Turn | None]) -> Turn | NotWritten | None:
    """The turn, or why there is none: calls that fail side by side would else be one group of errors."""
    try:
        return await asked
    except NotWritten as problem:
        return problem


async def one_turn(shown: Sequence[Msg], t: Temperature, i: int, seed: int | None) -> Turn | None:
    """One message of the person; None where reasoning used up all tokens.

    Raises:
        NotWritten: the conversation does not fit, or a filter answered.
    """
    output = await get_model().generate(
        [ChatMessageSystem(content=system_text()), ChatMessageUser(content=user_text(shown))],
        config=GenerateConfig(max_tokens=MAX_TOKENS, seed=seed, temperature=None if t == "default" else t),
    )
    refuse_messages_of_the_provider(output)
    text, marked = without_mark(output.completion.strip())
    at_limit = output.stop_reason == "max_tokens"
    if at_limit and not text:
        return None
    ended = text == ENDS
    return Turn(
        t=t,
        i=i,
        text="" if ended else text,
        raw=output.completion,
        terminator="ends" if ended else "length" if at_limit else "end_of_user",
        seed=seed,
        ended=ended,
        person_mark=marked,
    )


def without_mark(text: str) -> tuple[str, bool]:
    """The text without a leading `PERSON:`, and whether it had one."""
    bare, found = PERSON_MARK.subn("", text)
    return bare.strip(), found > 0


def draw_seed(seed: int, context_id: str) -> int:
    """Seed of the first draw of a context: (seed + CRC-32 of its id) mod 2^31."""
    return (seed + crc32(context_id.encode())) % 2**31


@cache
def frozen_file(path: str | None) -> FrozenReplies | None:
    """The frozen replies of a file, read once."""
    return None if path is None else frozen_replies(Path(path), ())


@cache
def system_text() -> str:
    """The instruction."""
    return prompt_text("prompted_system.txt").rstrip("\n")


def user_text(messages: Sequence[Msg]) -> str:
    """The conversation, and the request to go on."""
    template = Environment(undefined=StrictUndefined, autoescape=False).from_string(
        prompt_text("prompted_user.jinja")
    )
    return template.render(messages=messages)
