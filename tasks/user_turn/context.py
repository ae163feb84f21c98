"""What a user turn follows: one conversation that ends in a question, and what is known of its answer (pure).

Example: `{"id": "bundled-1f0c…", "dataset": "bundled", "domain": "maths", "messages": [{"role": "user",
"content": "Priya baked 36 rolls …"}], "target": "48", "check": "number", "reply": "…", "next_turn": "…"}`
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

Domain: TypeAlias = Literal["maths", "instruct", "conversation"]
Dataset: TypeAlias = Literal["gsm8k", "gpqa", "ifbench", "healthbench", "coval", "wildchat", "bundled"]
DOMAINS: Mapping[Dataset, Domain] = {
    "gsm8k": "maths",
    "gpqa": "maths",
    "ifbench": "instruct",
    "healthbench": "conversation",
    "coval": "conversation",
    "wildchat": "conversation",
}
"""Domain of each data set; the bundled set names it in every line."""


class Msg(BaseModel):
    """One message of a conversation."""

    model_config = ConfigDict(frozen=True)

    role: Literal["user", "assistant"]
    content: str


class Context(BaseModel):
    """A conversation whose last message is a question of the user.

    Attributes:
        id: `<dataset>-<12 hex of the SHA-256 of the canonical messages>`.
        messages: Roles user and assistant; the last is the user's, its text is the query q.
        target: The right answer, where there is one.
        check: How a reply is checked against it: `number`, `letter`, `ifbench`, or constraints.
        reply: A stored reply (bundled, wildchat).
        next_turn: A stored next user turn: authored (bundled) or a person's (wildchat).
    """

    model_config = ConfigDict(frozen=True)

    id: str
    dataset: Dataset
    domain: Domain
    messages: tuple[Msg, ...]
    target: str | None = None
    check: str | None = None
    reply: str | None = None
    next_turn: str | None = None
    meta: dict[str, object] = {}

    @property
    def query(self) -> str:
        """The question that was replied to."""
        return self.messages[-1].content

    @property
    def queries(self) -> tuple[str, ...]:
        """All messages of the user, the query last."""
        return tuple(message.content for message in self.messages if message.role == "user")


def canonical_messages(messages: Sequence[Msg]) -> str:
    """The messages as JSON without white space, keys sorted: what ids and pins are made of."""
    plain = [{"role": m.role, "content": m.content} for m in messages]
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def context_id(dataset: str, messages: Sequence[Msg]) -> str:
    """`<dataset>-<12 hex of the SHA-256 of the canonical messages>`."""
    return f"{dataset}-{hashlib.sha256(canonical_messages(messages).encode()).hexdigest()[:12]}"
