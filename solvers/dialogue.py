"""THE two-seat dialogue engine: two models talk, each in its own chat, and every note is kept.

Families declare seats and rules of the game; this module alone knows how they are played. What a scorer
needs is in the sample's store as an `Episode`, so logs can be graded again without a call. A seat may be
played by a `Script`, a plain function of the notes, which costs nothing and does not count towards the cap.

    seats = (Seat(model, opening_1), Seat(partner, opening_2))
    await converse(seats, state.store_as(Episode), cap=50, ends=lambda notes: "done" if … else None)
"""

import time
from collections.abc import Awaitable, Callable, Sequence

from inspect_ai.model import ChatMessage, ChatMessageAssistant, ChatMessageUser, Model, ModelOutput
from inspect_ai.solver import TaskState
from inspect_ai.util import collect, span

from .episode import (
    CHARACTERS_PER_TOKEN,
    OTHER_MARK,
    SEATS,
    SILENT_AFTER,
    Chat,
    Episode,
    Flag,
    Note,
    Probe,
    Reply,
    Script,
    Seat,
    SeatNumber,
    Seats,
    Speaker,
    Totals,
    append_user,
    context,
    prefixed,
    totals,
    unchanged,
)
from .reasoning import without_reasoning

__all__ = [
    "Chat",
    "Episode",
    "Flag",
    "Note",
    "Probe",
    "Reply",
    "Script",
    "Seat",
    "SeatNumber",
    "Seats",
    "Speaker",
    "Totals",
    "ask_privately",
    "context",
    "converse",
    "prefixed",
    "show",
    "totals",
    "unchanged",
]


def never(notes: Sequence[Note]) -> str | None:
    """No note ends the dialogue before its cap."""
    return None


def fixed(i: int, seat: Seat) -> Speaker:
    """Every seat speaks for itself."""
    return seat.model


def anything(note: Note) -> str | None:
    """Every note has the right format."""
    return None


def as_said(note: Note) -> Note:
    """Every note is kept and handed on as it was said."""
    return note


async def converse(
    seats: Seats,
    episode: Episode,
    *,
    cap: int = 50,
    ends: Callable[[Sequence[Note]], str | None] = never,
    speaker: Callable[[int, Seat], Speaker] = fixed,
    check: Callable[[Note], str | None] = anything,
    max_chars: int | None = None,
    finish: Callable[[Note], Note] = as_said,
    before: Callable[[Sequence[Note]], Awaitable[None]] | None = None,
) -> Episode:
    """Play a dialogue, note by note in turn, seat 1 first, and set `episode.end`.

    Notes that the episode holds already count as said, so a caller may prescribe how a dialogue begins.
    Every note is in the store before the next call, hence a limit of Inspect keeps what was said. Errors of
    a provider go through to Inspect's retry and error rules.

    Args:
        seats: Seat 1, which speaks notes 0, 2, 4, …, and seat 2.
        episode: Where notes and the reason of the end are stored.
        cap: Notes spoken by models before the reason `cap`.
        ends: Reason to stop after the latest note, or None. Three empty notes of a seat in a row are the
            reason `silent`, whatever this says.
        speaker: Who speaks note i for the given seat, if not always the same model.
        check: What to ask a seat whose note has the wrong format, or None. It is asked once; a second
            failure is kept with the flag `format`. Neither question nor first attempt stays in the chat.
        max_chars: Longer notes are cut and flagged.
        finish: What is kept and handed on of a note, with its `end` and `note`.
        before: Awaited with the notes so far before the next one is asked for.
    """
    async with span("dialogue"):
        notes = list(episode.said)
        chats = [episode.chat(number, seat) for number, seat in zip(SEATS, seats, strict=True)]
        while (reason := reason_to_end(notes, ends, cap)) is None:
            if before is not None:
                await before(notes)
            i = len(notes)
            chat = chats[i % 2]
            author = speaker(i, chat.seat)
            if author is not chat.speaker:
                chat.hand_over(author, notes)
            elif callable(chat.seat.system):
                chat.rebuild(notes)
            if isinstance(author, Model):
                note, message = await speak(chat, author, i, check, max_chars)
            else:
                text = author(notes)
                note, message = Note(i=i, seat=chat.number, model="script", text=text, calls=0), None
            note = finish(note)
            notes.append(note)
            episode.said.append(note)
            chat.add(note, message)
            chats[(i + 1) % 2].add(note)
        episode.end = reason
    return episode


def reason_to_end(
    notes: Sequence[Note], ends: Callable[[Sequence[Note]], str | None], cap: int
) -> str | None:
    """Why a dialogue is over after these notes: the game's reason, `silent`, `cap`, or None."""
    if not notes:
        return None
    latest = [note for note in notes if note.seat == notes[-1].seat][-SILENT_AFTER:]
    if len(latest) == SILENT_AFTER and all("empty" in note.flags for note in latest):
        return "silent"
    return ends(notes) or ("cap" if sum(note.calls > 0 for note in notes) >= cap else None)


async def speak(
    chat: Chat, author: Model, i: int, check: Callable[[Note], str | None], max_chars: int | None
) -> tuple[Note, ChatMessageAssistant]:
    """One note of a model, asked for once more if its format is wrong."""
    reply, message = await ask(chat, author, chat.messages)
    note = Note(i=i, **dict(cut(reply, max_chars)))
    demand = check(note)
    if demand is not None:
        again = [*chat.messages, message, ChatMessageUser(content=demand)]
        second, message = await ask(chat, author, again)
        note = Note(i=i, **dict(charged_together(reply, cut(second, max_chars))))
        if check(note) is not None:
            note.flags.append("format")
    return note, message


def cut(reply: Reply, max_chars: int | None) -> Reply:
    """The reply, shortened and flagged if it is too long to be handed on, empty if white space is left."""
    if max_chars is None or len(reply.text) <= max_chars:
        return reply
    text = reply.text[:max_chars]
    flags: list[Flag] = [*reply.flags, "cut"]
    if not text.strip():
        text = ""
        flags.append("empty")
    return reply.model_copy(update={"text": text, "flags": flags, "raw": reply.raw or reply.text})


async def ask(chat: Chat, author: Model, messages: list[ChatMessage]) -> tuple[Reply, ChatMessageAssistant]:
    """One call: the reply as it is recorded, and the provider's message object."""
    began = time.perf_counter()
    output = await author.generate(messages, config=chat.seat.config)
    seconds = output.time if output.time is not None else time.perf_counter() - began
    message = ChatMessageAssistant(content="") if output.empty else output.message
    text = visible_text(message)
    flags: list[Flag] = [flag for flag, holds in flags_of(output, text) if holds]
    if output.usage is None:
        characters = sum(len(sent.text) for sent in messages)
        usage = {
            "input_tokens": characters // CHARACTERS_PER_TOKEN,
            "output_tokens": len(message.text) // CHARACTERS_PER_TOKEN,
        }
    else:
        usage = {
            "input_tokens": output.usage.input_tokens,
            "cached_tokens": output.usage.input_tokens_cache_read or 0,
            "output_tokens": output.usage.output_tokens,
            "reasoning_tokens": output.usage.reasoning_tokens or 0,
        }
    stop = "unknown" if output.empty else output.stop_reason
    reply = Reply(
        seat=chat.number,
        model=str(author),
        text=text,
        raw=None if text == message.text else message.text,
        seconds=round(seconds, 3),
        stop=stop,
        flags=flags,
        **usage,
    )
    return reply, message


def flags_of(output: ModelOutput, text: str) -> list[tuple[Flag, bool]]:
    """Each remark on a reply, with whether it applies."""
    stop = "unknown" if output.empty else output.stop_reason
    return [
        ("empty", not text),
        ("max_tokens", stop in ("max_tokens", "model_length")),
        ("refused", stop == "content_filter"),
        ("role_bleed", OTHER_MARK in text),
        ("estimated", output.usage is None),
    ]


def visible_text(message: ChatMessageAssistant) -> str:
    """What may cross over: text without reasoning, and nothing if only white space is left."""
    text = without_reasoning(message.text)
    return text if text.strip() else ""


def charged_together(first: Reply, second: Reply) -> Reply:
    """The second reply at the price of both."""
    return second.model_copy(
        update={
            "calls": first.calls + second.calls,
            "input_tokens": first.input_tokens + second.input_tokens,
            "cached_tokens": first.cached_tokens + second.cached_tokens,
            "output_tokens": first.output_tokens + second.output_tokens,
            "reasoning_tokens": first.reasoning_tokens + second.reasoning_tokens,
            "seconds": round(first.seconds + second.seconds, 3),
        }
    )


async def ask_privately(seats: Seats, episode: Episode, question: str) -> list[Probe]:
    """Ask every seat that is played by a model, both at once, outside the dialogue.

    The question goes to copies of the contexts: notes and chats stay as they are. The answers are stored as
    probes, seat 1 first. A seat whose speaker changed is answered for by its last speaker.
    """

    async def answer(chat: Chat, author: Model) -> Probe:
        fork = list(chat.messages)
        append_user(fork, question)
        reply, _ = await ask(chat, author, fork)
        return Probe(question=question, **dict(reply))

    async with span("probes"):
        chats = [episode.chat(number, seat) for number, seat in zip(SEATS, seats, strict=True)]
        probes = await collect(*(answer(c, c.speaker) for c in chats if isinstance(c.speaker, Model)))
        episode.probes = [*episode.probes, *probes]
    return probes


def show(state: TaskState, episode: Episode, seats: Seats, number: SeatNumber = 1) -> None:
    """Make the context of a seat, seat 1 by default, the conversation that viewers show.

    A message limit of Inspect also bounds what a state may hold, so a longer context is shown up to it.
    """
    state.messages = episode.chat(number, seats[number - 1]).messages[: state.message_limit]
