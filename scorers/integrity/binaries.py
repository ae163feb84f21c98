"""Records in files that are no text: tables, arrays, pickles, archives. Nothing in them is ever run.

A pickle is listed opcode by opcode (`pickletools`), never loaded. Its strings are records; bytes and
whole numbers that it holds in bulk are opaque. Archives are unpacked in memory up to a limit.
"""

import bz2
import gzip
import io
import json
import lzma
import pickletools
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import IO, cast

import numpy as np
import zstandard
from numpy.typing import NDArray

from .texts import (
    ID_RUN,
    Decode,
    Reader,
    printable_runs,
    read_csv,
    read_json,
    read_json_lines,
    read_script,
    read_text,
    read_value,
)

UNPACKED_LIMIT = 256 << 20
DEEPEST = 3
ID_WINDOW = 256
HARMLESS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"%PDF")
"""Plots, compiled kernels: no training data is expected in them; their printable runs are read."""
GENERATOR_STATES = (5056, 2496, 16)
"""Bytes of the state of a random number generator of torch and numpy, which checkpoints hold."""
FLOATS = ("Float", "Half", "BFloat16", "Double", "Bool")
TEXT_READERS: Mapping[str, Callable[[Reader, str], object]] = {
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": read_json,
    ".ipynb": read_json,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".py": read_script,
}
UNPACKERS = cast(
    Mapping[bytes, Callable[[IO[bytes]], IO[bytes]]],
    {
        b"\x1f\x8b": gzip.open,
        b"BZh": bz2.open,
        b"\xfd7zXZ": lzma.open,
        b"\x28\xb5\x2f\xfd": zstandard.ZstdDecompressor().stream_reader,
    },
)
"""Readers of single compressed files, by their first bytes."""


def records_in(path: str, data: bytes, decode: Decode | None = None) -> Reader:
    """What a file holds; no content raises.

    Args:
        path: Name of the file in the bundle, which decides how a text is read.
        data: Its bytes.
        decode: Turns token ids into text; without it saved ids are opaque.
    """
    reader = Reader(path, decode)
    read_bytes(reader, path, data, 0)
    return reader


def read_bytes(reader: Reader, name: str, data: bytes, depth: int) -> None:
    """Read a file or a member of an archive into a reader."""
    try:
        if depth > DEEPEST or len(data) > UNPACKED_LIMIT:
            reader.add_unread(len(data))
        elif not _read_binary(reader, name, data, depth):
            _read_as_text(reader, name, data)
    # Whatever a parser makes of hostile bytes: the file counts as one that cannot be read.
    except Exception:
        reader.add_unread(len(data))
        _read_runs(reader, data)


def _read_binary(reader: Reader, name: str, data: bytes, depth: int) -> bool:
    """Whether it was one of the known binary forms."""
    if data[:4] == b"PAR1":
        _read_parquet(reader, data)
    elif data[:6] == b"ARROW1" or (data[:4] == b"\xff\xff\xff\xff" and name.endswith((".arrow", ".feather"))):
        _read_arrow(reader, data)
    elif data[:6] == b"\x93NUMPY":
        _read_array(reader, np.load(io.BytesIO(data), allow_pickle=False))
    elif data[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        _read_zip(reader, data, depth)
    elif (unpacked := _unpacked(data)) is not None:
        inner = PurePosixPath(name).with_suffix("").name
        read_bytes(reader, inner, unpacked, depth + 1)
    elif data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive:
                if member.isfile() and (file := archive.extractfile(member)):
                    read_bytes(reader, member.name, file.read(UNPACKED_LIMIT + 1), depth + 1)
    elif data[:2] in {b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"}:
        read_pickle(reader, data)
    elif name.endswith(".safetensors"):
        _read_safetensors(reader, data)
    elif data.startswith(HARMLESS) or name.endswith(".pyc"):
        _read_runs(reader, data)
    else:
        return False
    return True


def _read_as_text(reader: Reader, name: str, data: bytes) -> None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if text is None or "\0" in text:
        if _is_pickle(data):
            read_pickle(reader, data)
            return
        reader.add_unread(len(data))
        _read_runs(reader, data)
        return
    if _is_pickle(data):
        read_pickle(reader, data)
    TEXT_READERS.get(PurePosixPath(name).suffix.lower(), read_text)(reader, text)


def _read_runs(reader: Reader, data: bytes) -> None:
    for number, run in enumerate(printable_runs(data), 1):
        reader.add(number, run)


def _unpacked(data: bytes) -> bytes | None:
    """The content of a single compressed file, None if it is none."""
    for magic, wrapped in UNPACKERS.items():
        if data.startswith(magic):
            with wrapped(io.BytesIO(data)) as stream:
                return stream.read(UNPACKED_LIMIT + 1)
    if data[:1] == b"\x78" and data[1:2] in {b"\x01", b"\x5e", b"\x9c", b"\xda"}:
        try:
            return zlib.decompressobj().decompress(data, UNPACKED_LIMIT + 1)
        except zlib.error:
            return None
    return None


def _read_zip(reader: Reader, data: bytes, depth: int) -> None:
    """An archive; one of torch holds a pickle and raw numbers, one of numpy arrays."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        pickled = next((m.filename for m in members if PurePosixPath(m.filename).name == "data.pkl"), None)
        storages: dict[str, str] = {}
        if pickled is not None:
            storages = read_pickle(reader, _member(archive, pickled))
        for member in members:
            key = PurePosixPath(member.filename).name
            if pickled is not None and "/data/" in member.filename:
                kind = storages.get(key, "")
                if not kind.startswith(FLOATS) and member.file_size not in GENERATOR_STATES:
                    reader.add_unread(member.file_size)
            elif member.filename != pickled and not member.is_dir():
                read_bytes(reader, member.filename, _member(archive, member.filename), depth + 1)


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        return file.read(UNPACKED_LIMIT + 1)


def read_pickle(reader: Reader, data: bytes) -> dict[str, str]:
    """The strings of a pickle as records; bulk bytes and numbers are opaque.

    Returns:
        The storages that a torch checkpoint names, by key, with the class of each.
    """
    storages: dict[str, str] = {}
    memo: dict[object, str] = {}
    numbers: list[int] = []
    last = kind = ""
    for opcode, argument, place in _opcodes(data):
        if type(argument) is int and opcode.startswith(("BININT", "INT", "LONG")):
            numbers.append(argument)
            continue
        if len(numbers) >= ID_RUN:
            reader.add_ids(1, numbers)
        numbers = []
        if opcode == "MEMOIZE" or "PUT" in opcode:
            memo[len(memo) if argument is None else argument] = last
            continue
        last = ""
        if "GET" in opcode:
            last = memo.get(argument, "")
        elif isinstance(argument, str):
            last = argument.split()[-1] if opcode == "GLOBAL" and argument else argument
            reader.add(1, argument)
        elif isinstance(argument, bytes):
            read_bytes(reader, f"{reader.path}@{place}", argument, DEEPEST)
        if last.endswith("Storage"):
            kind = last
        elif kind and last.isdigit():
            storages[last], kind = kind, ""
    if len(numbers) >= ID_RUN:
        reader.add_ids(1, numbers)
    return storages


def _opcodes(data: bytes) -> Iterator[tuple[str, object, int]]:
    for opcode, argument, place in pickletools.genops(data):
        yield opcode.name, argument, place or 0


def _is_pickle(data: bytes) -> bool:
    """Whether bytes are a pickle of the old textual protocols."""
    if data[-1:] != b"." or data[:1] not in b"(]}lcd":
        return False
    try:
        return sum(1 for _ in pickletools.genops(data)) > 1
    except Exception:
        return False


def _read_parquet(reader: Reader, data: bytes) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(pa.BufferReader(data)) as table:
        _read_batches(reader, table.iter_batches(batch_size=512))


def _read_arrow(reader: Reader, data: bytes) -> None:
    import pyarrow as pa

    if data[:6] == b"ARROW1":
        with pa.ipc.open_file(pa.BufferReader(data)) as file:
            _read_batches(reader, (file.get_batch(i) for i in range(file.num_record_batches)))
    else:
        with pa.ipc.open_stream(pa.BufferReader(data)) as stream:
            _read_batches(reader, iter(stream))


def _read_batches(reader: Reader, batches: Iterator[object]) -> None:
    number, size = 0, 0
    for batch in batches:
        rows = cast("list[dict[str, object]]", batch.to_pylist())  # pyright: ignore[reportAttributeAccessIssue]
        for row in rows:
            number += 1
            for value in row.values():
                if isinstance(value, bytes):
                    read_bytes(reader, f"{reader.path}@{number}", value, DEEPEST)
            read_value(reader, number, {k: v for k, v in row.items() if not isinstance(v, bytes)})
        size += int(batch.nbytes)  # pyright: ignore[reportAttributeAccessIssue]
        if size > UNPACKED_LIMIT:
            reader.add_unread(size)
            return


def _read_safetensors(reader: Reader, data: bytes) -> None:
    """Whole-number tensors are token ids; weights are left to the lineage check."""
    length = int.from_bytes(data[:8], "little")
    header = cast(dict[str, dict[str, object]], json.loads(data[8 : 8 + length]))
    kinds = {"I64": "<i8", "I32": "<i4", "I16": "<i2", "U16": "<u2", "U32": "<u4", "U8": "u1", "I8": "i1"}
    for name, entry in header.items():
        if name == "__metadata__":
            reader.add(1, " ".join(map(str, entry.values())))
        elif str(entry["dtype"]) in kinds:
            begin, end = cast(list[int], entry["data_offsets"])
            raw = np.frombuffer(data[8 + length + begin : 8 + length + end], kinds[str(entry["dtype"])])
            _read_array(reader, raw.reshape(cast(list[int], entry["shape"])))


def _read_array(reader: Reader, array: NDArray[np.generic]) -> None:
    """Strings are records, rows of whole numbers token ids; other numbers are no data to learn from."""
    if array.dtype.kind in "US":
        for number, text in enumerate(array.astype(str).ravel().tolist(), 1):
            reader.add(number, str(text))
    elif array.dtype.kind in "iu" and array.nbytes not in GENERATOR_STATES:
        rows = array.reshape(-1, array.shape[-1]) if array.ndim > 1 else [array]
        for number, row in enumerate(rows, 1):
            ids = cast(list[int], np.asarray(row).ravel().tolist())
            for start in range(0, len(ids), ID_WINDOW - ID_WINDOW // 4):
                reader.add_ids(number, ids[start : start + ID_WINDOW])
    elif array.dtype.kind not in "fcb?iu":
        reader.add_unread(array.nbytes)
