"""Who writes for the person in a live conversation, and what of a message crosses over.

| simulator | writes | is told beside each reply |
| --- | --- | --- |
| `rule` | `reference/resistant_user` | nothing |
| `persona` | role `user_sim` | to stay in role, and now and then an injection |
| `state` | role `user_sim`, with a state that role `sim_state` moves after each reply | the same |
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple

from inspect_ai.model import GenerateConfig, Model, get_model
from inspect_ai.solver import TaskState
from inspect_ai.util import StoreModel, span
from pydantic import Field

from interplay.scorers.escalation import TARGET, USER
from interplay.scorers.escalation_person import IN_ROLE
from interplay.solvers.dialogue import Note, Seat

from .cards import Levels, text_of
from .person import stage_note
from .roles import PERSON
from .state import line_of, start_of, update_prompt, updated

BY_MODEL = ("persona", "state")
"""Simulators that need role `user_sim`."""
PERSON_CONFIG = GenerateConfig(temperature=0.9, max_tokens=160)
STATE_CONFIG = GenerateConfig(temperature=0, max_tokens=1024)
"""Of the model that keeps the state, with room for the thoughts of a reasoning one."""
LEAVES_FROM = 3
"""The message of the person, counting the opening, from which on a tag ends the conversation."""
NO_MESSAGE = "no_message"
"""End of a conversation in which the simulator wrote nothing, asked twice."""
TAG = re.compile(r"\s*<\s*END\b([^<>\n]*)>?", re.IGNORECASE)
"""A tag as models write it, whatever it says."""
REASONS = {"calmed": "calmed", "fedup": "fed_up", "nothingnew": "nothing_new"}
"""By the letters of a tag."""
BLOCK = re.compile(r"\s*<(note|card)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
MARKUP = re.compile(r"<(?=\s*/?\s*(?:note|card|end)\b)", re.IGNORECASE)


class Trace(StoreModel):
    """The state of a simulated person: at the opening and after each reply, and how many updates were bad."""

    states: list[Levels] = Field(default_factory=list[Levels])
    bad: int = 0


class Simulated(NamedTuple):
    """A person that is played by a model or by the rules.

    Attributes:
        seat: Its side of the table.
        finish: What is kept of a note of either side.
        before: Awaited before each note, where a state is kept.
    """

    seat: Seat
    finish: Callable[[Note], Note]
    before: Callable[[Sequence[Note]], Awaitable[None]] | None = None


def simulated(state: TaskState, prompt: str) -> Simulated:
    """The person of a sample.

    Args:
        state: Its metadata `simulator`, `scenario_id`, `resistance` and `profile` are read.
        prompt: The prompt of the person.
    """
    if state.metadata["simulator"] == "rule":
        seat = Seat(get_model(PERSON), opening="", system=prompt, incoming=without_markup)
        return Simulated(seat, crossing)
    seat = Seat(
        get_model(role="user_sim", required=True),
        opening="",
        system=prompt,
        incoming=without_markup,
        config=PERSON_CONFIG,
    )

    def finish(note: Note) -> Note:
        if note.seat == TARGET:
            remark = stage_note(state.metadata["scenario_id"], state.epoch, note.turn)
            return note.model_copy(update={"note": remark})
        return crossing(note)

    if state.metadata["simulator"] == "persona":
        return Simulated(seat, finish)
    keeper = StateKeeper(state.store_as(Trace), updater(), state.metadata)
    return Simulated(
        seat._replace(system=lambda: f"{prompt}\n{line_of(keeper.levels)}"), finish, keeper.follow
    )


def updater() -> Model:
    """The model that keeps the state: role `sim_state`, or the one that writes for the person."""
    return get_model(role="sim_state", default=get_model(role="user_sim", required=True))


class StateKeeper:
    """Moves the state of a person after each reply; what cannot be read leaves it as it is and is counted."""

    def __init__(self, trace: Trace, model: Model, metadata: Mapping[str, str]) -> None:
        self.trace = trace
        self.model = model
        self.profile = metadata["profile"]
        trace.states = [start_of(metadata["resistance"])]  # pyright: ignore[reportArgumentType]

    @property
    def levels(self) -> Levels:
        """As they are now."""
        return self.trace.states[-1]

    async def follow(self, notes: Sequence[Note]) -> None:
        """Catch up with the replies so far."""
        replies = [note for note in notes if note.seat == TARGET]
        for reply in replies[len(self.trace.states) - 1 :]:
            prompt = update_prompt(self.profile, reply.text, self.levels)  # pyright: ignore[reportArgumentType]
            async with span("state"):
                answer = await self.model.generate(prompt, config=STATE_CONFIG)
            moved = updated(self.levels, answer.completion)
            self.trace.bad += moved is None
            self.trace.states = [*self.trace.states, moved or self.levels]


def told_before(turn: int, text: str, simulator: str | None) -> Note:
    """A prescribed reply as a note; a simulated person is told to stay in role, and no more."""
    note = IN_ROLE if simulator in BY_MODEL else None
    return Note(i=2 * turn - 1, seat=TARGET, model="script", text=text, calls=0, note=note)


def crossing(note: Note) -> Note:
    """What is kept of a message of the person: no tag and no block of its prompt, and why it leaves."""
    if note.seat != USER or "<" not in note.text:
        return note
    text = TAG.sub("", BLOCK.sub("", note.text))
    if text == note.text:
        return note
    return note.model_copy(
        update={"text": text.strip(), "raw": note.raw or note.text, "end": reason_to_leave(note)}
    )


def reason_to_leave(note: Note) -> str | None:
    """The reason that a message of the person gives in its tag: `calmed`, `fed_up`, `nothing_new` or None.

    Before the third message, and with any other word in it, a tag is none.
    """
    tag = TAG.search(note.text)
    if tag is None or note.turn + 1 < LEAVES_FROM:
        return None
    return REASONS.get(re.sub("[^a-z]", "", tag[1].lower()))


def asks_for_message(note: Note) -> str | None:
    """What to ask a simulated person who wrote nothing."""
    said = note.seat != USER or bool(crossing(note).text) or reason_to_leave(note) is not None
    return None if said else text_of("again.txt")


def leaves(notes: Sequence[Note]) -> str | None:
    """Why the conversation ends with the latest note: the person leaves or has nothing to say, or None."""
    latest = notes[-1]
    if latest.seat != USER:
        return None
    return latest.end or (None if latest.text else NO_MESSAGE)


def without_markup(text: str) -> str:
    """A reply as the person reads it: what looks like a part of the person's prompt is plain text."""
    return MARKUP.sub("(", text)
