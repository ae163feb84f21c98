"""Replies to other questions: what a turn is labelled against to see what overlaps by chance (pure)."""

from functools import cache
from hashlib import sha256

from .bundled import bundled
from .context import Domain

DONORS = 5


@cache
def donors(context_id: str, domain: Domain) -> tuple[str, ...]:
    """Five bundled replies of a domain in an order that belongs to the context, its own reply excluded."""
    others = [c for c in bundled() if c.domain == domain and c.id != context_id]
    others.sort(key=lambda donor: sha256(f"{context_id}{donor.id}".encode()).hexdigest())
    return tuple(donor.reply for donor in others[:DONORS] if donor.reply is not None)
