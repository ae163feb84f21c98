"""Archives made by hand, honest and hostile, for tests of the bounded reader."""

import json
import struct
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import zstandard

from interplay.leaderboard.archive import expand, open_archive

HEADER = b'{"version": 2, "status": "success"}'


@dataclass
class Part:
    """One member; what the directory says can be made to differ from what is stored."""

    name: str
    data: bytes
    codec: int = 93
    flags: int = 0
    attributes: int = 0o100644 << 16
    declared: int | None = None
    crc: int | None = None
    local_name: str | None = None
    stored: bytes = field(default=b"")
    padding: bytes = b""

    def __post_init__(self):
        if not self.stored:
            self.stored = compressed(self.data, self.codec)


def compressed(data: bytes, codec: int) -> bytes:
    """The data under one of the codecs."""
    if codec == 93:
        return zstandard.ZstdCompressor(level=9).compress(data)
    if codec == 8:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return packer.compress(data) + packer.flush()
    return data


def write_archive(path: Path, parts: list[Part], prefix: bytes = b"", comment: bytes = b"") -> Path:
    """Writes a zip archive exactly as told."""
    body, directory = bytearray(prefix), bytearray()
    for part in parts:
        body += part.padding
        offset = len(body)
        crc = zlib.crc32(part.data) if part.crc is None else part.crc
        size = len(part.data) if part.declared is None else part.declared
        local, name = (part.local_name or part.name).encode(), part.name.encode()
        common = (part.flags, part.codec, 0, 0, crc, len(part.stored), size)
        body += struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, *common, len(local), 0) + local + part.stored
        directory += struct.pack(
            "<4sHHHHHHIIIHHHHHII",
            b"PK\x01\x02",
            20,
            20,
            *common,
            len(name),
            0,
            0,
            0,
            0,
            part.attributes,
            offset,
        )
        directory += name
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, len(parts), len(parts), len(directory), len(body), len(comment)
    )
    path.write_bytes(bytes(body + directory + end + comment))
    return path


def honest(**extra: bytes) -> list[Part]:
    """Header, one sample, and further samples by name."""
    samples = {"a": b'{"id": "a", "scores": {"s": {"value": {"k": NaN, "text": "NaN \\" NaN"}}}}', **extra}
    return [
        Part("header.json", HEADER),
        *(Part(f"samples/{name}_epoch_1.json", data) for name, data in samples.items()),
    ]


def repeated(unit: bytes, size: int, head: bytes = b"", tail: bytes = b"") -> bytes:
    """A zstd stream that expands to about `size` bytes without ever being held in memory."""
    out = BytesIO()
    with zstandard.ZstdCompressor(level=3).stream_writer(out, closefd=False) as writer:
        writer.write(head)
        block = unit * (1_000_000 // len(unit))
        for _ in range(size // len(block)):
            writer.write(block)
        writer.write(tail)
    return out.getvalue()


GIGABYTE = 10**9
SAMPLE = "samples/a_epoch_1.json"
HOSTILE = ("string", "number", "lists", "depth", "space", "members", "lying", "nan", "dense", "many-lists")


def hostile(kind: str, path: Path) -> Path:
    """Writes an archive that is small and costs an unwary reader a gigabyte or minutes."""

    def sample(stored: bytes, declared: int) -> list[Part]:
        return [Part(SAMPLE, b"", stored=stored, declared=declared)]

    def many(data: bytes, count: int) -> list[Part]:
        one = Part(SAMPLE, data)
        return [Part(f"samples/{i}_epoch_1.json", data, stored=one.stored) for i in range(count)]

    parts = {
        "string": lambda: sample(repeated(b"x", GIGABYTE, b'{"a": "', b'"}'), GIGABYTE),
        "number": lambda: sample(repeated(b"9", 20_000_000, b'{"a": ', b"}"), 20_000_000),
        "lists": lambda: sample(repeated(b"[],", 60_000_000, b"[", b"[]]"), 60_000_000),
        "depth": lambda: [Part(SAMPLE, b"[" * 100_000 + b"]" * 100_000)],
        "space": lambda: sample(repeated(b" ", 60_000_000, b"{", b"}"), 60_000_000),
        "members": lambda: many(b'{"a": "' + b"x" * 990_000 + b'"}', 2_000),
        "lying": lambda: [Part(SAMPLE, b'{"a": "' + b"x" * 100_000 + b'"}', declared=10)],
        "nan": lambda: [Part(SAMPLE, b"[" + b"NaN," * 200_000 + b"NaN]")],
        "dense": lambda: many(b'["abc"' + b',"abc"' * 160_000 + b"]", 66),
        "many-lists": lambda: many(b"[" + b"[]," * 330_000 + b"[]]", 60),
    }
    return write_archive(path, [Part("header.json", HEADER), *parts[kind]()])


def long_log(path: Path, like: Path, samples: int, messages: int) -> Path:
    """Writes a log of many samples: those of an honest one again and again, with further messages."""
    archive = open_archive(like)
    with archive.file:
        whole = {name: b"".join(expand(archive, member)) for name, member in archive.members.items()}
    kinds = [json.loads(data) for name, data in whole.items() if name.startswith("samples/")]
    parts = [Part("header.json", whole["header.json"])]
    for i in range(samples):
        content = kinds[i % len(kinds)] | {"id": f"again-{i}"}
        more = [{"role": role, "content": f"Message {n} of sample {i}: " + "some words of it, and more. " * 6}
                for n in range(messages // 2) for role in ("user", "assistant")]  # fmt: skip
        content["messages"] = [*content["messages"], *more][: max(messages, len(content["messages"]))]
        parts.append(Part(f"samples/again-{i}_epoch_1.json", json.dumps(content).encode()))
    return write_archive(path, parts)
