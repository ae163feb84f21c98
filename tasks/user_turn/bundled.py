"""The 60 contexts written for the project, 20 a domain, each with a reply and a genuine next turn."""

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import get_args

from .context import Context, Domain

PATH = Path(__file__).parent / "data" / "bundled.jsonl"
SMOKE_A_DOMAIN = 3


@cache
def bundled() -> tuple[Context, ...]:
    """All bundled contexts in the fixed order."""
    lines = PATH.read_bytes().splitlines()
    return in_fixed_order([Context.model_validate_json(line) for line in lines])


def smoke() -> list[Context]:
    """The first three bundled contexts of each domain, in the fixed order."""
    chosen = [
        context
        for domain in get_args(Domain)
        for context in [c for c in bundled() if c.domain == domain][:SMOKE_A_DOMAIN]
    ]
    return list(in_fixed_order(chosen))


def in_fixed_order(contexts: Sequence[Context]) -> tuple[Context, ...]:
    """Ascending by `sha256("user_turn/1/" + id)`; a limit takes a prefix."""
    return tuple(sorted(contexts, key=lambda c: sha256(f"user_turn/1/{c.id}".encode()).hexdigest()))
