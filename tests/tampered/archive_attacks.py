"""Attacks 19 to 29: the archive of a log."""

from tests.leaderboard.archives import Part, repeated
from tests.tampered.make import Forgery, attack

EXTRA = "samples/x_epoch_1.json"


def with_extra(case: Forgery, *extra: Part) -> None:
    case.rewrite([*(Part(name, data) for name, data in case.parts().items()), *extra])


@attack(19, "L01", "SHA-256 differs")
def log_swapped_after_pinning(case: Forgery):
    """A log swapped after its hash was written down."""
    case.log().write_bytes(case.log("maze_solo").read_bytes())


@attack(20, "L02", 'member "header.json" occurs twice')
def two_headers(case: Forgery):
    """Two members `header.json`, of which readers choose differently."""
    with_extra(case, Part("header.json", case.parts()["header.json"]))


@attack(21, "L02", "data before the first member")
def bytes_before_the_archive(case: Forgery):
    """A shell script in front of the archive."""
    case.rewrite(case.parts(), prefix=b"#!/bin/sh\n")


@attack(22, "L03", "member name '../../x'")
def path_traversal(case: Forgery):
    """A member that would be unpacked outside its folder."""
    case.rewrite(case.parts() | {"../../x": b"{}"})


@attack(23, "L04", "codec 12")
def bzip2_member(case: Forgery):
    """A member packed with bzip2."""
    with_extra(case, Part(EXTRA, b"{}", codec=12))


@attack(24, "L05", "archive expands past 64,000,000 bytes")
def padded_members(case: Forgery):
    """2,000 members of a megabyte each, in 300 KB."""
    data = b'{"a": "' + b"x" * 990_000 + b'"}'
    one = Part(EXTRA, data)
    with_extra(case, *(Part(f"samples/{i}_epoch_1.json", data, stored=one.stored) for i in range(2_000)))


@attack(25, "L05", "samples/x_epoch_1.json expands past")
def lying_directory(case: Forgery):
    """A directory that declares 10 bytes where 100,000 come out."""
    with_extra(case, Part(EXTRA, b'"' + b"x" * 100_000 + b'"', declared=10))


@attack(26, "L06", "samples/x_epoch_1.json holds a string longer than 4 MiB")
def gigabyte_string_in_31_kb(case: Forgery):
    """A string of 1 GB in 31 KB."""
    size = 10**9
    with_extra(case, Part(EXTRA, b"", stored=repeated(b"x", size, b'"', b'"'), declared=size + 2))


@attack(27, "L06", "samples/x_epoch_1.json has nesting deeper than 100")
def depth_100_000(case: Forgery):
    """Lists in lists, 100,000 deep."""
    case.rewrite(case.parts() | {EXTRA: b"[" * 100_000 + b"]" * 100_000})


@attack(28, "L07", "CRC-32")
def flipped_byte(case: Forgery):
    """A member that differs from its checksum."""
    case.rewrite([Part(n, d, crc=1 if n.startswith("samples/") else None) for n, d in case.parts().items()])


@attack(29, "L08", "not read within")
def slow_parse(case: Forgery):
    """Millions of empty lists: few bytes, long to parse."""
    data = b"[" + b"[]," * 330_000 + b"[]]"
    one = Part(EXTRA, data)
    with_extra(case, *(Part(f"samples/{i}_epoch_1.json", data, stored=one.stored) for i in range(60)))


# --- found since -------------------------------------------------------------------------------------------


@attack(73, "L10", "")
def pointer_says_more(case: Forgery):
    """An entry that says its log holds more samples."""
    case.pointer()["samples"] = 240
    case.seal()


@attack(74, "L02", "the archive has no directory")
def truncated(case: Forgery):
    """A log that was cut off."""
    case.log().write_bytes(case.log().read_bytes()[:-40])
    case.point()


@attack(75, "L03", "member name '/abs'")
def absolute_path(case: Forgery):
    """A member with an absolute path."""
    case.rewrite(case.parts() | {"/abs": b"{}"})


@attack(76, "L09", "header.json is not what Inspect writes")
def header_of_another_shape(case: Forgery):
    """A header without what Inspect writes into it."""
    case.edit(lambda header: header.pop("eval"))


@attack(77, "L02", "100 bytes between members")
def bytes_between_members(case: Forgery):
    """Bytes between two members that no reader of logs looks at."""
    parts = [Part(name, data) for name, data in case.parts().items()]
    parts[1].padding = b"x" * 100
    case.rewrite(parts)


@attack(78, "L03", "samples/x_epoch_1.json holds sample")
def sample_under_another_name(case: Forgery):
    """A sample under the name of another one."""
    parts = case.parts()
    case.rewrite(parts | {EXTRA: parts[case.samples()[0]]})


@attack(79, "L06", "header.json holds the key")
def key_twice_in_the_header(case: Forgery):
    """A key twice in a log's header, of which readers choose differently."""
    parts = case.parts()
    parts["header.json"] = parts["header.json"].replace(b"{", b'{"status": "error", ', 1)
    case.rewrite(parts)
