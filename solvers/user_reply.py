"""Stage A: the assistant's reply that a user turn follows, and what of it a user would see.

The reply comes from, in this order: a frozen file, the context itself, the role `assistant`, the evaluated
model. Only the last is asked through the raw transport where there is one.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageUser,
    GenerateConfig,
    Model,
    ModelOutput,
    get_model,
    model_roles,
)
from inspect_ai.solver import Generate, Solver, TaskState, solver

from interplay.solvers.user_record import Reply, ReplySource, UserTurnRecord, write_record
from interplay.tasks.user_turn.checkers import correct
from interplay.tasks.user_turn.context import Context, Msg
from interplay.tasks.user_turn.dataset import context_of

from .reasoning import ENDS, STARTS

ASSISTANT = "assistant"
MAX_TOKENS = 2_048
CHAT_TOKENS = 8_192
"""Tokens of a chat model's reply: providers count hidden reasoning among them."""
NOT_WRITTEN = {"model_length": "context_too_long", "content_filter": "refused"}
"""Stop reasons whose completion is a message of the provider, and what they mean for the sample."""


class NotWritten(Exception):
    """The provider wrote nothing of its model's; the message is the problem that the record keeps."""


def refuse_messages_of_the_provider(output: ModelOutput) -> None:
    """Keep what a provider says about itself from being read as what its model wrote.

    Raises:
        NotWritten: the prompt does not fit, or a filter answered.
    """
    if (problem := NOT_WRITTEN.get(output.stop_reason)) is not None:
        raise NotWritten(problem)


class RawReply(NamedTuple):
    """What a raw transport returned for an assistant's turn: text with its marks, why it ended, tokens."""

    text: str
    finish: str | None
    tokens: int


class AssistantTransport(Protocol):
    """A raw transport, as far as stage A needs it."""

    @property
    def specials(self) -> Sequence[str]:
        """Structural tokens of the template, longest first."""
        ...

    async def assistant(self, messages: Sequence[Msg], max_tokens: int) -> RawReply:
        """The model's reply to the messages, greedily decoded."""
        ...


async def reply_for(
    context: Context,
    frozen: Mapping[str, Reply],
    transport: AssistantTransport | None,
    stored: bool,
) -> Reply:
    """The reply to a context, checked where it can be.

    Args:
        context: The conversation.
        frozen: Replies by context id that take precedence over everything.
        transport: Raw transport of the evaluated model, None to ask it as a chat model.
        stored: Whether the reply that the context carries is used.

    Raises:
        NotWritten: a chat provider answered in place of its model.
    """
    found = frozen.get(context.id)
    if found is None and context.reply is not None and (stored or context.dataset == "wildchat"):
        found = Reply(text=context.reply, source="stored", model="-")
    if found is None:
        found = await _generated(context, transport)
    return found.model_copy(
        update={"correct": correct(context.check, context.target, found.text, context.meta)}
    )


async def _generated(context: Context, transport: AssistantTransport | None) -> Reply:
    if ASSISTANT in model_roles():
        return await chat_reply(context, get_model(role=ASSISTANT), "assistant")
    model = get_model()
    if transport is None:
        return await chat_reply(context, model, "generated")
    raw = await transport.assistant(context.messages, MAX_TOKENS)
    return Reply(
        text=visible(raw.text, transport.specials),
        source="generated",
        model=str(model),
        tokens=raw.tokens,
        capped=raw.finish in ("length", "max_tokens"),
    )


async def chat_reply(context: Context, model: Model, source: ReplySource) -> Reply:
    """The reply of a chat model, at temperature 0.

    Raises:
        NotWritten: the prompt does not fit, or a filter answered.
    """
    output = await model.generate(
        chat_messages(context.messages), config=GenerateConfig(temperature=0.0, max_tokens=CHAT_TOKENS)
    )
    refuse_messages_of_the_provider(output)
    return Reply(
        text=visible(output.completion, ()),
        source=source,
        model=str(model),
        tokens=output.usage.output_tokens if output.usage else None,
        capped=output.stop_reason == "max_tokens",
    )


def chat_messages(messages: Sequence[Msg]) -> list[ChatMessage]:
    """The messages as Inspect's."""
    return [
        ChatMessageUser(content=m.content) if m.role == "user" else ChatMessageAssistant(content=m.content)
        for m in messages
    ]


def visible(raw: str, specials: Sequence[str]) -> str:
    """What a user would see of a raw reply: after the reasoning, up to the first structural token.

    A reasoning block that was opened and never closed leaves nothing.
    """
    end = max((at + len(mark) for mark in ENDS if (at := raw.rfind(mark)) >= 0), default=0)
    text = raw[end:]
    if any(mark in text for mark in STARTS):
        return ""
    cuts = [at for mark in specials if mark and (at := text.find(mark)) >= 0]
    return text[: min(cuts, default=len(text))].strip()


@solver
def write_reply() -> Solver:
    """Stage A alone: the reply of the evaluated chat model."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        context = context_of(state.metadata)
        record = UserTurnRecord()
        state.messages = [*chat_messages(context.messages)]
        try:
            record.reply = await reply_for(context, {}, None, stored=False)
        except NotWritten as problem:
            record.problem = str(problem)
        else:
            record.problem = None if record.reply.text else "no_reply"
            state.messages.append(ChatMessageAssistant(content=record.reply.text))
        write_record(state.store, record)
        return state

    return solve
