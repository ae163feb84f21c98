"""What is kept of a two-seat dialogue, and what each seat reads of it.

A note of one seat is an `assistant` message in its own chat and a `user` message in the other's:

    seat 1: system, opening 1, NOTE 0, "[other agent]: " + note 1, NOTE 2, …
    seat 2: system, opening 2 + "[other agent]: " + note 0, NOTE 1, "[other agent]: " + note 2, …

`dialogue.py` plays; this module holds the records that scorers read and the contexts that models read.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias, cast

from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    GenerateConfig,
    Model,
)
from inspect_ai.util import StoreModel
from pydantic import BaseModel, Field, PrivateAttr

SeatNumber: TypeAlias = Literal[1, 2]
SEATS: tuple[SeatNumber, SeatNumber] = (1, 2)
Flag: TypeAlias = Literal["empty", "cut", "max_tokens", "refused", "role_bleed", "format", "estimated"]

OTHER_MARK = "[other agent]:"
"""What stands before a note of the other seat; a model that writes it speaks for the other."""
EMPTY_NOTE = "(empty note)"
"""What the other seat is handed in place of a note without text."""
SILENT_AFTER = 3
"""So many empty notes of one seat in a row end an episode."""
CHARACTERS_PER_TOKEN = 4
"""Used only where a provider reports no usage."""


class Reply(BaseModel):
    """What one seat answered: visible text and its price.

    Token counts follow Inspect: `input_tokens` excludes `cached_tokens`, `output_tokens` includes
    `reasoning_tokens`. `calls` is 0 for a script and 2 where a format was asked for again; all other counts
    then are sums. `stop` is the provider's stop reason of the last call. `raw` is what the provider sent,
    where that is not `text`.
    """

    seat: SeatNumber
    model: str
    text: str
    raw: str | None = None
    calls: int = 1
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    seconds: float = 0
    stop: str = "stop"
    flags: list[Flag] = []


class Note(Reply):
    """One message of the dialogue.

    Attributes:
        i: Counts from 0 over both seats.
        end: Why its speaker leaves with it.
        note: A remark that the other seat reads after the text, and nobody else.
    """

    i: int
    end: str | None = None
    note: str | None = None

    @property
    def turn(self) -> int:
        """Notes of seat 2 so far, this one included: 0, 1, 1, 2, 2 and so on."""
        return (self.i + 1) // 2


class Probe(Reply):
    """The private answer of one seat to a question that the other never saw."""

    question: str


Script: TypeAlias = Callable[[Sequence[Note]], str]
"""A speaker without a model: the next note as a function of the notes so far."""
Speaker: TypeAlias = Model | Script


def prefixed(text: str) -> str:
    """A note as the other seat is handed it, marked as the other agent's."""
    return f"{OTHER_MARK} {text}"


def unchanged(text: str) -> str:
    """A note as the other seat is handed it, as it stands."""
    return text


class Seat(NamedTuple):
    """One side of the table.

    `incoming` turns a note of the other seat into the text this seat reads. `system_role="user"` puts the
    system text before the opening, for models that refuse system messages. A system text that is a function
    is asked for anew before each note of the seat.
    """

    model: Speaker
    opening: str
    system: str | Callable[[], str] | None = None
    incoming: Callable[[str], str] = prefixed
    system_role: Literal["system", "user"] = "system"
    config: GenerateConfig = GenerateConfig()


Seats: TypeAlias = tuple[Seat, Seat]


class Totals(NamedTuple):
    """What one seat used over a dialogue, probes apart. `visible` is output without reasoning."""

    calls: int
    input: int
    cached: int
    output: int
    reasoning: int
    visible: int
    seconds: float


class Chat:
    """The growing context of one seat, kept between calls so that messages keep their identity.

    Inspect stores a message once per log if it stays the same object, and needs no new copy of it.
    """

    def __init__(self, seat: Seat, number: SeatNumber, speaker: Speaker, notes: Sequence[Note]) -> None:
        self.seat = seat
        self.number: SeatNumber = number
        self.speaker = speaker
        self.messages = context(seat, number, notes)
        self._kept: dict[int, tuple[Speaker, ChatMessageAssistant]] = {}

    def hand_over(self, speaker: Speaker, notes: Sequence[Note]) -> None:
        """Another model speaks for this seat from now on; the notes of others become plain text."""
        self.speaker = speaker
        self.rebuild(notes)

    def rebuild(self, notes: Sequence[Note]) -> None:
        """Make the context anew from the seat and the notes."""
        own = {i: message for i, (author, message) in self._kept.items() if author is self.speaker}
        self.messages = context(self.seat, self.number, notes, own)

    def add(self, note: Note, message: ChatMessageAssistant | None = None) -> None:
        """Append a note; `message` is the provider's object of an own one."""
        if note.seat != self.number:
            append_user(self.messages, received(self.seat, note))
            return
        message = message or ChatMessageAssistant(content=delivered(note))
        self._kept[note.i] = (self.speaker, message)
        self.messages.append(message)


NOTES_KEY = "Episode:notes"
"""Where Inspect keeps the notes of the model below in a store."""


class Episode(StoreModel):
    """All that was said in one sample. A missing `end` reads as `limit`: Inspect stopped the episode."""

    notes: list[Note] = Field(default_factory=list[Note])
    probes: list[Probe] = Field(default_factory=list[Probe])
    end: str | None = None
    _chats: dict[SeatNumber, Chat] = PrivateAttr(default_factory=lambda: dict[SeatNumber, Chat]())

    @property
    def said(self) -> list[Note]:
        """The notes in the store itself, which is no copy: `notes` validates all of them at every look."""
        return cast("list[Note]", self.store.get(NOTES_KEY))

    def chat(self, number: SeatNumber, seat: Seat) -> Chat:
        """The live context of a seat, built from the notes if this seat has not played here."""
        chat = self._chats.get(number)
        if chat is None or chat.seat != seat:
            chat = self._chats[number] = Chat(seat, number, seat.model, self.said)
        return chat


def delivered(note: Note) -> str:
    """The text of a note as it is handed on."""
    return note.text or EMPTY_NOTE


def received(seat: Seat, note: Note) -> str:
    """A note of the other seat as this seat reads it, with the remark that comes with it."""
    text = seat.incoming(delivered(note))
    return text if note.note is None else f"{text}\n<note>{note.note}</note>"


def append_user(messages: list[ChatMessage], text: str) -> None:
    """Append a user message; directly after another one it is merged with it by a blank line."""
    last = messages[-1] if messages else None
    if isinstance(last, ChatMessageUser):
        messages[-1] = ChatMessageUser(content=f"{last.text}\n\n{text}")
    else:
        messages.append(ChatMessageUser(content=text))


def context(
    seat: Seat,
    number: SeatNumber,
    notes: Sequence[Note],
    own: Mapping[int, ChatMessageAssistant] | None = None,
) -> list[ChatMessage]:
    """What a seat reads: system text, opening, own notes, the other's notes.

    Args:
        seat: Its opening, system text and way of reading.
        number: Which of the two it is.
        notes: The dialogue so far.
        own: By `i`, the provider's message objects of own notes, which carry reasoning for replay; own notes
            without one become plain text.
    """
    messages: list[ChatMessage] = []
    system = seat.system() if callable(seat.system) else seat.system
    if system and seat.system_role == "system":
        messages.append(ChatMessageSystem(content=system))
    elif system:
        append_user(messages, system)
    if seat.opening:
        append_user(messages, seat.opening)
    for note in notes:
        if note.seat == number:
            kept = own.get(note.i) if own else None
            messages.append(kept or ChatMessageAssistant(content=delivered(note)))
        else:
            append_user(messages, received(seat, note))
    return messages


def totals(notes: Sequence[Note], number: SeatNumber) -> Totals:
    """What one seat used over these notes."""
    own = [note for note in notes if note.seat == number]
    output = sum(note.output_tokens for note in own)
    reasoning = sum(note.reasoning_tokens for note in own)
    return Totals(
        calls=sum(note.calls for note in own),
        input=sum(note.input_tokens for note in own),
        cached=sum(note.cached_tokens for note in own),
        output=output,
        reasoning=reasoning,
        visible=output - reasoning,
        seconds=round(sum(note.seconds for note in own), 3),
    )
