"""The solver of `user_turn`: the reply, then the user turns that the model writes in its own user role.

One sample holds every arm and every temperature, so arms are compared on the same reply. What was written is
in the store before the next temperature is asked for, hence an error or a limit discards nothing.
"""

from collections.abc import Mapping, Sequence

from inspect_ai.model import ChatMessageAssistant, ChatMessageUser, get_model
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import Store

from interplay.solvers.user_record import ArmTurns, Turn, UserTurnRecord, write_record
from interplay.tasks.user_turn.context import Context
from interplay.tasks.user_turn.dataset import context_of
from interplay.tasks.user_turn.perturb import OTHER_ARMS, Arm, Shown, perturbed

from .user_parsing import parse_turn
from .user_prompted import draw_seed, frozen_file
from .user_rendering import Rendered, RenderError, StructuralTokenInContext
from .user_reply import NotWritten, chat_messages, reply_for
from .user_transport import ContextTooLong, Sampled, Transport, transport_for


@solver
def write_user_turns(
    *,
    temperatures: Sequence[float],
    k: int,
    arms: Sequence[Arm],
    seed: int,
    replies: str | None,
    tokenizer: str | None,
    chat_template: str | None,
    template_kwargs: Mapping[str, object],
    server: str,
) -> Solver:
    """The reply, then the next user turns of the evaluated model, in every arm.

    Args:
        temperatures: Of the base arm; 0 is drawn once, all others k times.
        k: Draws at each temperature above 0.
        arms: Control arms, `base` among them.
        seed: Seed of the draws; each context adds its own.
        replies: File of frozen replies.
        tokenizer: `id@revision` or a folder; by default from the name of the model.
        chat_template: File with a chat template.
        template_kwargs: Keyword arguments of the template.
        server: Dialect of a completions server.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        context = context_of(state.metadata)
        transport = transport_for(get_model(), server, tokenizer, chat_template, template_kwargs)
        frozen = frozen_file(replies)
        record = UserTurnRecord(replies_sha256=frozen.sha256 if frozen else None)
        try:
            record.reply = await reply_for(context, frozen.replies if frozen else {}, transport, stored=False)
        except ContextTooLong:
            record.problem = "context_too_long"
        except NotWritten as problem:
            record.problem = str(problem)
        else:
            grid = [(t, 1 if t == 0 else k) for t in temperatures]
            await write_arms(transport, context, record, arms, grid, draw_seed(seed, context.id), state.store)
        state.messages = [*chat_messages(context.messages)]
        if record.reply is not None:
            state.messages.append(ChatMessageAssistant(content=record.reply.text))
        base = record.arms.get("base")
        if base is not None and base.turns:
            state.messages.append(ChatMessageUser(content=base.turns[0].text))
        write_record(state.store, record)
        return state

    return solve


async def write_arms(
    transport: Transport,
    context: Context,
    record: UserTurnRecord,
    arms: Sequence[Arm],
    grid: Sequence[tuple[float, int]],
    seed: int,
    store: Store,
) -> None:
    """The turns of every arm, base first, added to the record as they are written.

    A context that the base arm can not show leaves the sample with a problem and no turns; any other arm that
    can not be shown is skipped, with the reason.

    Raises:
        RenderError: the template can not open the user role.
    """
    assert record.reply is not None
    reply = record.reply
    if not reply.text:
        record.problem = "no_reply"
        return
    try:
        base = transport.template.render(context.messages, reply.text)
    except StructuralTokenInContext as problem:
        record.problem = str(problem)
        return
    record.render = transport.described(base, "native")
    for arm in sorted(arms, key=lambda name: name != "base"):
        shown = perturbed(arm, context, reply.text, reply.correct)
        kept = record.arms[arm] = ArmTurns(shown=shown.reply, skipped=shown.skipped)
        rendered = base if arm == "base" else shown_differently(transport, shown, base, kept)
        if rendered is None:
            continue
        try:
            for temperature, draws in grid if arm == "base" else OTHER_ARMS:
                found = await transport.turns(rendered.prefix, rendered, temperature, draws, seed)
                kept.turns += parsed(found, temperature, rendered)
                kept.short_k += draws - len(found)
                write_record(store, record)
        except ContextTooLong:
            if arm == "base":
                record.problem = "context_too_long"
                return
            kept.skipped = "context_too_long"
    if not record.arms["base"].turns:
        record.problem = "no_turns"


def shown_differently(transport: Transport, shown: Shown, base: Rendered, kept: ArmTurns) -> Rendered | None:
    """The prompt of an arm other than `base`; None, with the reason kept, where it does not apply."""
    if kept.skipped is not None:
        return None
    try:
        rendered = transport.template.render(shown.messages, shown.reply, shown.header)
    except RenderError as problem:
        kept.skipped = str(problem)
        return None
    if shown.header in ("append", "bare") and rendered.prefix == base.prefix:
        kept.skipped = "identical"
        return None
    return rendered


def parsed(texts: Sequence[Sampled], temperature: float, rendered: Rendered) -> list[Turn]:
    """What was sampled, as turns."""
    turns: list[Turn] = []
    for i, text in enumerate(texts):
        turn = parse_turn(text.raw, text.finish, rendered)
        turns.append(
            Turn(
                t=temperature,
                i=i,
                text=turn.text,
                raw=text.raw,
                terminator=turn.terminator,
                ran_on=turn.ran_on,
                seed=text.seed,
            )
        )
    return turns
