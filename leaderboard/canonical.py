"""The one written form of entries: canonical bytes, ids, slugs and unit vectors.

Everything that is hashed, compared or committed passes through here, so that the same content has the
same bytes on every platform.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias, cast

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

DECIMALS = 6
UNIT_SCALE = 10_000
MISSING = "-"


def canonical_bytes(content: Json) -> bytes:
    """UTF-8 JSON with sorted keys, one space of indent, floats rounded to 6 decimals, and a newline.

    Raises:
        ValueError: The content holds NaN or an infinity.
    """
    text = json.dumps(_rounded(content), sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode()


def content_hash(content: Json) -> str:
    """SHA-256 of the canonical bytes, as 64 hex digits."""
    return hashlib.sha256(canonical_bytes(content)).hexdigest()


def model_slug(model_id: str) -> str:
    """The model id as part of a file name: lower case, other characters than `a-z 0-9 .` become `-`."""
    return re.sub(r"[^a-z0-9.]", "-", model_id.lower())[:80]


def entry_id(content: Mapping[str, Json]) -> str:
    """`<family>--<model slug>--<date>--<hash8>` of an entry, computed from everything but its id."""
    rest = {key: value for key, value in content.items() if key != "entry_id"}
    model = cast(Mapping[str, Json], rest["model"])
    date = str(rest["created"])[:10].replace("-", "")
    return f"{rest['family']}--{model_slug(str(model['id']))}--{date}--{content_hash(rest)[:8]}"


def encode_units(values: Iterable[float | None]) -> str:
    """Unit values as integers in 1/10,000 of the metric, joined by spaces; None becomes `-`."""
    return " ".join(MISSING if value is None else str(round(value * UNIT_SCALE)) for value in values)


def decode_units(text: str) -> list[float | None]:
    """The values that `encode_units` wrote, to four decimals."""
    return [None if part == MISSING else int(part) / UNIT_SCALE for part in text.split()]


def units_digest(units: Iterable[str]) -> str:
    """SHA-256 of the newline-joined unit ids: two results are comparable unit by unit only if it agrees."""
    return hashlib.sha256("\n".join(units).encode()).hexdigest()


def _rounded(content: Json) -> Json:
    if isinstance(content, float):
        return round(content, DECIMALS) + 0.0  # adding zero turns -0.0 into 0.0
    if isinstance(content, Mapping):
        return {key: _rounded(value) for key, value in content.items()}
    if isinstance(content, Sequence) and not isinstance(content, str):
        return [_rounded(value) for value in content]
    return content
