"""Weights of a model folder, read from safetensors files as plain bytes, a block at a time (numpy only).

The format: eight bytes with the length of a JSON header, the header, the data. Nothing of it is ever run.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
BLOCK = 1 << 22
"""Elements that are compared at once: 16 MB as float32."""
HEADER_LIMIT = 100_000_000
_PLAIN = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "F8_E4M3": "u1", "F8_E5M2": "u1"}
_PRECISION = {"F64": 4, "F32": 3, "F16": 2, "BF16": 1, "F8_E4M3": 0, "F8_E5M2": 0}


class WeightsUnread(ValueError):
    """A weights file that is none; the message names the file and what is wrong with it."""


class TensorPlace(NamedTuple):
    """Where a tensor lies: its file, type, shape, and its bytes from the start of the file."""

    file: Path
    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int

    @property
    def elements(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    @property
    def rows(self) -> int:
        """Number of rows; a single number is one."""
        return self.shape[0] if self.shape else 1

    def blocks(self, rows: int) -> Iterator[Floats]:
        """The first `rows` rows as float32, flattened, in blocks of at most `BLOCK` elements."""
        width = self.elements // self.rows
        raw = np.memmap(self.file, _PLAIN[self.dtype], "r", self.begin, (self.elements,))
        for start in range(0, rows * width, BLOCK):
            yield as_float32(np.asarray(raw[start : min(start + BLOCK, rows * width)]), self.dtype)


def as_float32(raw: NDArray[np.generic], dtype: str) -> Floats:
    """Stored numbers as float32."""
    if dtype == "BF16":
        return (raw.astype(np.uint32) << 16).view(np.float32)
    if dtype.startswith("F8"):
        return _EIGHT_BITS[dtype][raw.astype(np.intp)]
    return raw.astype(np.float32)


def rounded(values: Floats, dtype: str) -> Floats:
    """Float32 numbers as they are after being stored in a coarser type (nearest, ties to even)."""
    if dtype == "BF16":
        bits = values.view(np.uint32).astype(np.uint64)
        return (((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16) << 16).astype(np.uint32).view(np.float32)
    if dtype == "F16":
        with np.errstate(over="ignore"):
            return values.astype(np.float16).astype(np.float32)
    if dtype.startswith("F8"):
        table = np.sort(_EIGHT_BITS[dtype][np.isfinite(_EIGHT_BITS[dtype])])
        above = np.clip(np.searchsorted(table, values), 1, len(table) - 1)
        low, high = table[above - 1], table[above]
        return np.where(values - low <= high - values, low, high).astype(np.float32)
    return values


def coarser(first: str, second: str) -> str:
    """The type of the two that keeps fewer digits."""
    return min(first, second, key=_PRECISION.__getitem__)


def tensors_in(folder: Path) -> dict[str, TensorPlace]:
    """All floating-point tensors of a folder by name, whatever number of files they are spread over.

    Raises:
        WeightsUnread: a file is cut off, its header is no JSON, or a tensor lies outside the file.
    """
    found: dict[str, TensorPlace] = {}
    for file in sorted(folder.glob("*.safetensors")):
        found |= _in_file(file)
    return found


def _in_file(file: Path) -> dict[str, TensorPlace]:
    size = file.stat().st_size
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if size < 8 or not 2 <= length <= min(size - 8, HEADER_LIMIT):
            raise WeightsUnread(f"{file.name}: no safetensors file, its header would be {length} bytes long")
        try:
            header: object = json.loads(stream.read(length))
        except (ValueError, RecursionError):
            raise WeightsUnread(f"{file.name}: its header is no JSON") from None
    found: dict[str, TensorPlace] = {}
    for name, entry in cast(dict[str, object], header if isinstance(header, dict) else {}).items():
        if name != "__metadata__" and (place := _place(file, name, entry, 8 + length, size)):
            found[name] = place
    return found


def _place(file: Path, name: str, entry: object, base: int, size: int) -> TensorPlace | None:
    try:
        record = cast(dict[str, object], entry)
        dtype, shape = str(record["dtype"]), tuple(map(int, cast(list[int], record["shape"])))
        begin, end = (base + int(offset) for offset in cast(list[int], record["data_offsets"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        raise WeightsUnread(f"{file.name}: the entry of tensor {name!r} cannot be read") from None
    if dtype not in _PLAIN:
        return None
    place = TensorPlace(file, dtype, shape, begin, end)
    bytes_each = np.dtype(_PLAIN[dtype]).itemsize
    wanted = place.elements * bytes_each
    if min(shape, default=0) < 0 or not base <= begin <= end <= size or end - begin != wanted:
        raise WeightsUnread(f"{file.name}: tensor {name!r} lies outside the file or has another size")
    return place


def _eight_bits(exponent_bits: int, mantissa_bits: int, has_infinity: bool) -> Floats:
    """The 256 values of an 8-bit float; the codes that are no number are NaN."""
    bias = (1 << (exponent_bits - 1)) - 1
    values = np.empty(256, np.float32)
    for code in range(256):
        sign = -1.0 if code & 0x80 else 1.0
        exponent = (code >> mantissa_bits) & ((1 << exponent_bits) - 1)
        mantissa = code & ((1 << mantissa_bits) - 1)
        top = exponent == (1 << exponent_bits) - 1
        if top and (has_infinity or mantissa == (1 << mantissa_bits) - 1):
            values[code] = sign * np.inf if has_infinity and mantissa == 0 else np.nan
        elif exponent == 0:
            values[code] = sign * mantissa / (1 << mantissa_bits) * 2.0 ** (1 - bias)
        else:
            values[code] = sign * (1 + mantissa / (1 << mantissa_bits)) * 2.0 ** (exponent - bias)
    return values


_EIGHT_BITS = {"F8_E4M3": _eight_bits(4, 3, False), "F8_E5M2": _eight_bits(5, 2, True)}
