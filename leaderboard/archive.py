"""The bounded reader of `.eval` archives: the only code that opens a log somebody else wrote.

The standard zip reader inflates whole chunks before it looks at them: 31 KB can become a gigabyte. This
one reads the directory by itself, decompresses in steps of 64 KB, counts what comes out, and follows the
JSON token by token. It imports nothing of Inspect, so that it can run in a small, capped child process
(`untrusted.py`).
"""

import re
import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

import zstandard

from .fields import SAMPLE_ID
from .json_tokens import MalformedJson, follow

MEGABYTE = 1_000_000
LARGEST_FILE = 100 * MEGABYTE
LARGEST_EXPANDED = 2_000 * MEGABYTE
LARGEST_MEMBER = 64 * MEGABYTE
SMALL_MEMBER = 1 * MEGABYTE
MEMBER_RATIO, ARCHIVE_RATIO = 200, 40
MOST_MEMBERS = 20_000
MOST_TOKENS, FREE_TOKENS, BYTES_A_TOKEN = 8_000_000, 1_000_000, 4
"""Of a whole archive. Honest logs have one token in 7 to 30 bytes, the longest about 5 million."""
STEP = 65_536
WINDOW = 128 * 1024 * 1024

LONGEST_DESCRIPTOR = 24
"""Sizes and checksum may stand once more behind a member, and nothing else."""
STORED, DEFLATED, ZSTANDARD = 0, 8, 93
SAMPLE_MEMBER = re.compile(rf"^samples/(?P<id>{SAMPLE_ID[1:-1]})_epoch_(?P<epoch>\d{{1,3}})\.json$")
MEMBER_NAME = re.compile(
    rf"^(header|reductions|summaries)\.json$|^_journal/(start|summaries/\d{{1,6}})\.json$|{SAMPLE_MEMBER.pattern}"
)
END = struct.Struct("<4s4H2LH")
ENTRY = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
ENCRYPTED, DESCRIPTOR, UTF8 = 1, 8, 1 << 11
CODEC_BITS = 0b110


class Refusal(Exception):
    """A log that is not read further: the code of the rule, what and where, and the way out."""

    def __init__(self, code: str, what: str, remedy: str = "send the log as it was written"):
        super().__init__(f"{code} {what}. Remedy: {remedy}.")
        self.code = code
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True)
class Member:
    """One file of the archive, as the central directory states it."""

    name: str
    codec: int
    crc: int
    stored: int
    size: int
    offset: int

    @property
    def limit(self) -> int:
        """Bytes that may come out of it."""
        return min(LARGEST_MEMBER, max(SMALL_MEMBER, MEMBER_RATIO * self.stored))


class Archive(NamedTuple):
    """An open archive with its members in directory order."""

    file: BinaryIO
    members: dict[str, Member]

    def samples(self) -> list[Member]:
        """The members that hold a sample."""
        return [member for name, member in self.members.items() if SAMPLE_MEMBER.match(name)]


def open_archive(path: Path) -> Archive:
    """Opens an archive and checks its directory.

    Raises:
        Refusal: The directory is not that of an honest log.
    """
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise Refusal("L01", f"log is {size:,} bytes (limit {LARGEST_FILE:,})", "submit shorter runs")
    file = path.open("rb")
    members = _directory(file, size)
    if "header.json" not in members:
        raise Refusal("L02", "header.json is absent: the run did not finish", "repeat the command")
    return Archive(file, members)


def _directory(file: BinaryIO, size: int) -> dict[str, Member]:
    cut = "the archive has no directory at its end, it was cut off"
    if size < END.size:
        raise Refusal("L02", cut)
    file.seek(size - END.size)
    mark, disk, first_disk, here, count, length, start, comment = END.unpack(file.read(END.size))
    if (
        mark != b"PK\x05\x06"
        or comment
        or disk
        or first_disk
        or here != count
        or start + length != size - END.size
    ):
        raise Refusal("L02", cut)
    if count > MOST_MEMBERS:
        raise Refusal("L02", f"the archive has {count:,} members (limit {MOST_MEMBERS:,})")
    file.seek(start)
    data = file.read(length)
    members: dict[str, Member] = {}
    position = 0
    for _ in range(count):
        if position + ENTRY.size > length:
            raise Refusal("L02", cut)
        fields = ENTRY.unpack_from(data, position)
        name_end = position + ENTRY.size + fields[10]
        raw_name = data[position + ENTRY.size : name_end]
        position = name_end + fields[11] + fields[12]
        member = _entry(fields, raw_name)
        if member.name in members:
            raise Refusal("L02", f'member "{member.name}" occurs twice')
        members[member.name] = member
    _check_layout(file, members, start)
    return members


def _entry(fields: tuple[int, ...], raw_name: bytes) -> Member:
    name = raw_name.decode("utf-8", "replace")
    shown = name if len(name) <= 80 else name[:77] + "…"
    if not MEMBER_NAME.match(name):
        raise Refusal("L03", f"member name {shown!r} is none that a log has")
    flags, codec, crc, stored, size = fields[3], fields[4], fields[7], fields[8], fields[9]
    kind = stat.S_IFMT(fields[15] >> 16)
    if flags & ~(DESCRIPTOR | UTF8 | CODEC_BITS) or kind not in (0, stat.S_IFREG) or fields[12] or fields[13]:
        raise Refusal(
            "L03", f"member {shown} is encrypted, a link, a directory, commented or on another disk"
        )
    if codec not in (STORED, DEFLATED, ZSTANDARD):
        raise Refusal("L04", f"codec {codec} of {shown} (expected 0, 8 or 93)")
    return Member(name, codec, crc, stored, size, fields[16])


def _check_layout(file: BinaryIO, members: dict[str, Member], directory: int) -> None:
    """Members must start at the first byte, must not overlap, and must say the same in both their headers."""
    end = 0
    for index, member in enumerate(sorted(members.values(), key=lambda m: m.offset)):
        if index == 0 and member.offset:
            raise Refusal("L02", f"data before the first member ({member.offset} bytes)")
        file.seek(member.offset)
        header = file.read(LOCAL.size)
        if len(header) < LOCAL.size or not header.startswith(b"PK\x03\x04") or member.offset < end:
            raise Refusal("L02", f"member {member.name} overlaps another or has no header")
        fields = LOCAL.unpack(header)
        if member.offset - end > LONGEST_DESCRIPTOR:
            raise Refusal("L02", f"{member.offset - end} bytes between members, before {member.name}")
        if file.read(fields[9]) != member.name.encode() or fields[3] != member.codec:
            raise Refusal("L03", f"member {member.name} has another name or codec in its own header")
        end = member.offset + LOCAL.size + fields[9] + fields[10] + member.stored
        if end > directory:
            raise Refusal("L02", f"member {member.name} reaches past the end of the data")
    if directory - end > LONGEST_DESCRIPTOR:
        raise Refusal("L02", f"{directory - end} bytes between the last member and the directory")


def _archive_limit(stored: int) -> int:
    return min(LARGEST_EXPANDED, max(64 * MEGABYTE, ARCHIVE_RATIO * stored))


class _Stored:
    """The stored bytes of one member, and nothing behind them."""

    def __init__(self, file: BinaryIO, member: Member):
        self.file, self.left = file, member.stored
        file.seek(member.offset)
        fields = LOCAL.unpack(file.read(LOCAL.size))
        self.position = member.offset + LOCAL.size + fields[9] + fields[10]

    def read(self, size: int = -1, /) -> bytes:
        self.file.seek(self.position)
        data = self.file.read(min(self.left, STEP if size < 0 else size))
        self.position += len(data)
        self.left -= len(data)
        return data


def expand(archive: Archive, member: Member) -> Iterator[bytes]:
    """The bytes of a member in steps of at most 64 KB, counted and checked against its directory entry.

    Raises:
        Refusal: More or fewer bytes come out than declared, or they differ from the checksum.
    """
    counted, crc = 0, 0
    try:
        for step in _steps(_Stored(archive.file, member), member.codec):
            counted += len(step)
            crc = zlib.crc32(step, crc)
            if counted > member.limit:
                raise Refusal("L05", f"{member.name} expands past {member.limit:,} bytes")
            if counted > member.size:
                raise Refusal("L05", f"{member.name} expands past the {member.size:,} bytes that it declares")
            yield step
    except (zlib.error, zstandard.ZstdError, EOFError) as error:
        raise Refusal("L07", f"{member.name} cannot be decompressed: {error}") from None
    if counted != member.size or crc != member.crc:
        raise Refusal("L07", f"CRC-32 or size of {member.name} differs")


def _steps(source: _Stored, codec: int) -> Iterator[bytes]:
    if codec == STORED:
        while step := source.read(STEP):
            yield step
    elif codec == DEFLATED:
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        while not inflate.eof:
            data = inflate.unconsumed_tail or source.read(STEP)
            step = inflate.decompress(data, STEP)
            if not data and not step:
                raise EOFError("it is cut off")
            yield step
    else:
        decompressor = zstandard.ZstdDecompressor(max_window_size=WINDOW)
        with decompressor.stream_reader(cast(BinaryIO, source), read_across_frames=True) as reader:
            while step := reader.read(STEP):
                yield step


def scan(path: Path) -> int:
    """Reads every member to its end within all limits; returns the number of expanded bytes.

    Raises:
        Refusal: The first thing that no honest log has.
    """
    archive = open_archive(path)
    total, limit = 0, _archive_limit(sum(member.stored for member in archive.members.values()))
    tokens = 0
    with archive.file:
        for member in archive.members.values():
            try:
                followed = follow(member.name, lambda m=member: expand(archive, m))
            except MalformedJson as error:
                raise Refusal("L06", f"{member.name} {error}") from None
            total += followed.size
            tokens += followed.tokens
            if total > limit:
                raise Refusal("L05", f"archive expands past {limit:,} bytes")
            most = min(MOST_TOKENS, FREE_TOKENS + total // BYTES_A_TOKEN)
            if tokens > most:
                raise Refusal("L08", f"not read within {most:,} JSON tokens, enough for its size")
    return total
