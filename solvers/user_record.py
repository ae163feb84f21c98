"""What an episode of user turns keeps in the log: the reply, how the user role was opened, and every turn.

Stored as plain JSON under the store key `user_turn`; scorers read nothing else beside the sample's metadata:

    {"version": 1, "reply": {"text": "…", "source": "generated", …}, "render": {"elicitation": "native", …},
     "arms": {"base": {"shown": "…", "turns": [{"t": 0, "i": 0, "text": "Why …?", …}]}}}
"""

import hashlib
from collections.abc import Mapping
from typing import Literal, TypeAlias

from inspect_ai.util import Store
from pydantic import BaseModel, ConfigDict, ValidationError

STORE_KEY = "user_turn"

Elicitation: TypeAlias = Literal["native", "prompted", "likelihood"]
Temperature: TypeAlias = float | Literal["default"]
ReplySource: TypeAlias = Literal["replies", "stored", "assistant", "generated"]
Terminator: TypeAlias = Literal[
    "end_of_user", "assistant_header", "eos", "reasoning", "special", "role_line", "length", "hidden", "ends"
]
"""What ended a turn. `hidden`: the server removed the stop token; `ends`: a prompted `[ENDS]`."""


class StoredRecord(BaseModel):
    """Base of the records in the store: a field that nobody knows is refused."""

    model_config = ConfigDict(extra="forbid")


class Turn(StoredRecord):
    """One generated user turn.

    Attributes:
        t: Temperature, `default` where none was sent.
        i: Number of the draw at this temperature, from 0.
        text: What is labelled: stripped, up to the terminator.
        raw: All that the server returned.
        ran_on: Words after the cut.
        ended: The model said that the person would write nothing more (prompted only).
        person_mark: A leading `PERSON:` was removed (prompted only).
    """

    t: Temperature
    i: int
    text: str
    raw: str
    terminator: Terminator
    ran_on: int = 0
    seed: int | None = None
    ended: bool = False
    person_mark: bool = False


class ArmTurns(StoredRecord):
    """The turns of one arm.

    Attributes:
        shown: The reply as shown in this arm.
        skipped: Why the arm does not apply to this context, None where it was run.
        short_k: Turns that the server did not return.
    """

    shown: str
    turns: list[Turn] = []
    skipped: str | None = None
    short_k: int = 0


class Reply(StoredRecord):
    """The assistant's reply that is followed up.

    Attributes:
        source: Frozen file, stored with the context, role `assistant`, or the evaluated model.
        model: Who wrote it, `-` where that is not known.
        tokens: Output tokens, None for replies that were not generated here.
        capped: It reached the limit of tokens.
        correct: 1 or 0 by the context's checker, None without one.
    """

    text: str
    source: ReplySource
    model: str
    tokens: int | None = None
    capped: bool = False
    correct: float | None = None

    @property
    def sha256(self) -> str:
        """Hash of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class Render(StoredRecord):
    """How the user role was opened. Fields of the template are None in the prompted elicitation."""

    elicitation: Elicitation
    transport: Literal["ids", "text", "chat"]
    server: str | None = None
    tokenizer: str | None = None
    tokenizer_revision: str | None = None
    template_sha256: str | None = None
    prefix_sha256: str | None = None
    header: str | None = None
    end_marker: str | None = None
    stop: list[str] = []
    stop_ids: list[int] = []
    template_kwargs: dict[str, str | int | float | bool | None] = {}


class UserTurnRecord(StoredRecord):
    """All that is kept of one context.

    Attributes:
        problem: Why the sample can not be scored, as `no_reply`, `context_too_long` or
            `structural_token_in_context`; None where it can.
        replies_sha256: Hash of the file of frozen replies.
        likelihood: Log-probabilities in nats by name (likelihood only).
    """

    version: Literal[1] = 1
    reply: Reply | None = None
    render: Render | None = None
    arms: dict[str, ArmTurns] = {}
    problem: str | None = None
    replies_sha256: str | None = None
    likelihood: dict[str, float] = {}


def write_record(store: Store, record: UserTurnRecord) -> None:
    """Keep a record in the sample's store."""
    store.set(STORE_KEY, record.model_dump(mode="json"))


def read_record(store: Store) -> UserTurnRecord | None:
    """The record of a sample's store, None where there is none or it is of another shape."""
    content = store.get(STORE_KEY)
    if not isinstance(content, Mapping):
        return None
    try:
        return UserTurnRecord.model_validate(content)
    except ValidationError:
        return None
