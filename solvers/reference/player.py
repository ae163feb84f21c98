"""What a reference player is: a pure function of the conversation, free of Inspect.

A family adds one module of players and names them in `provider.PLAYERS`. Example:

    def parrot(turns: Sequence[Turn]) -> str:
        return turns[-1].text
"""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

Role = Literal["system", "user", "assistant", "tool"]


class Turn(NamedTuple):
    """One message of a conversation, as text."""

    role: Role
    text: str


Player = Callable[[Sequence[Turn]], str]
"""The reply to a conversation. The same conversation always gets the same reply."""
