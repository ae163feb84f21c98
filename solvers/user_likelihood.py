"""How likely stored texts are as the next user turn: log-probabilities from servers that return them.

Each value is one request: the rendered prefix, then the target text and the end of the turn, with
`max_tokens=1, temperature=0, prompt_logprobs=1`. The values are means over the target's tokens, in nats.
"""

from collections.abc import Mapping, Sequence
from statistics import fmean

from inspect_ai.model import ChatMessageAssistant, ChatMessageUser, get_model
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import collect

from interplay.solvers.user_record import Reply, UserTurnRecord, write_record
from interplay.tasks.user_turn.context import Context
from interplay.tasks.user_turn.dataset import context_of
from interplay.tasks.user_turn.donors import donors

from .user_rendering import Rendered, RenderError
from .user_reply import chat_messages
from .user_transport import ContextTooLong, Transport, transport_for

DRIFT = "Sure, here is"
FOLLOW_UP = "Can you explain"


@solver
def measure_likelihood(
    *,
    tokenizer: str | None,
    chat_template: str | None,
    template_kwargs: Mapping[str, object],
    server: str,
) -> Solver:
    """Log-probabilities of the stored next turn, of the query, of the end and of two openings.

    Args:
        tokenizer: `id@revision` or a folder; by default from the name of the model.
        chat_template: File with a chat template.
        template_kwargs: Keyword arguments of the template.
        server: Dialect of the completions server.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        context = context_of(state.metadata)
        transport = transport_for(get_model(), server, tokenizer, chat_template, template_kwargs)
        assert context.reply is not None, f"{context.id} has no stored reply"
        assert context.next_turn is not None, f"{context.id} has no stored next turn"
        record = UserTurnRecord(reply=Reply(text=context.reply, source="stored", model="-"))
        try:
            rendered = transport.template.render(context.messages, context.reply)
            other = transport.template.render(context.messages, donors(context.id, context.domain)[0])
        except RenderError as error:
            record.problem = str(error)
        else:
            record.render = transport.described(rendered, "likelihood")
            record.likelihood, record.problem = await values(transport, context, rendered, other)
        state.messages = [
            *chat_messages(context.messages),
            ChatMessageAssistant(content=context.reply),
            ChatMessageUser(content=context.next_turn),
        ]
        write_record(state.store, record)
        return state

    return solve


async def values(
    transport: Transport, context: Context, rendered: Rendered, other: Rendered
) -> tuple[dict[str, float], str | None]:
    """The log-probabilities by name, and why they are not complete.

    `next` and `next_other` are those of the stored turn after its reply and after another one; `query` that
    of the query; `end` that of the end marker, or the first opener, as the first token; `drift` and
    `follow_up` those of two openings.
    """
    template = transport.template
    close = rendered.end_marker or ""
    first_end = rendered.end_marker or rendered.openers[0]
    wanted: dict[str, tuple[Rendered, Sequence[int]]] = {
        "next": (rendered, template.ids((context.next_turn or "") + close)),
        "next_other": (other, template.ids((context.next_turn or "") + close)),
        "query": (rendered, template.ids(context.query + close)),
        "end": (rendered, template.ids(first_end)[:1]),
        "drift": (rendered, template.ids(DRIFT)),
        "follow_up": (rendered, template.ids(FOLLOW_UP)),
    }
    found = await collect(
        *(fitting(transport, template.ids(shown.prefix), target) for shown, target in wanted.values())
    )
    if any(isinstance(values, ContextTooLong) for values in found):
        return {}, "context_too_long"
    complete = {
        name: fmean(values)
        for name, values in zip(wanted, found, strict=True)
        if values and not isinstance(values, ContextTooLong)
    }
    return complete, None if len(complete) == len(wanted) else "no_logprobs"


async def fitting(
    transport: Transport, prefix: Sequence[int], target: Sequence[int]
) -> list[float] | ContextTooLong | None:
    """Log-probabilities, or that the text does not fit; calls that fail side by side would be one group."""
    try:
        return await transport.logprobs(prefix, target)
    except ContextTooLong as problem:
        return problem
