"""Archives made by hand, honest and hostile, for tests of the bounded reader."""

import struct
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import zstandard

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
