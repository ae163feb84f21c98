"""What tells the configurations of one model apart, in words, and distinct names of rows made of it."""

from collections import Counter
from collections.abc import Sequence

from .models import display_name
from .schema import Settings
from .standings import Row


def variant_words(settings: Settings) -> tuple[str, ...]:
    """Settings that tell configurations of one model apart, in words."""
    words = [f"effort {settings.reasoning_effort}" if settings.reasoning_effort else ""]
    words += [f"{settings.reasoning_tokens} reasoning tokens" if settings.reasoning_tokens else ""]
    words += [f"T = {settings.temperature:g}" if settings.temperature is not None else ""]
    return tuple(word for word in words if word)


def row_names(rows: Sequence[Row]) -> tuple[str, ...]:
    """A distinct name for each row.

    Where several rows are of one model, the settings that they do not share stand in brackets; rows that
    even these do not tell apart get their place in the list.
    """
    names = [display_name(row.entry.model.id) for row in rows]
    words = [variant_words(row.entry.settings) for row in rows]
    shared: dict[str, set[str]] = {}
    for name, own in zip(names, words, strict=True):
        shared[name] = shared.get(name, set(own)) & set(own)
    told = [
        ", ".join(word for word in own if word not in shared[name])
        for name, own in zip(names, words, strict=True)
    ]
    counts = Counter(zip(names, told, strict=True))
    found: list[str] = []
    for place, (name, own) in enumerate(zip(names, told, strict=True), 1):
        parts = [own] if own else []
        parts += [str(place)] if counts[name, own] > 1 else []
        found.append(f"{name} ({', '.join(parts)})" if parts else name)
    return tuple(found)
