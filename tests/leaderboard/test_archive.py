"""The bounded reader: honest archives pass whatever their codec, hostile ones end early, small and named."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from interplay.leaderboard.archive import Refusal, scan
from interplay.leaderboard.json_tokens import NAN_TEXT, MalformedJson, NanReader, follow
from tests.leaderboard.archives import HEADER, SAMPLE, Part, honest, hostile, write_archive

SCAN = """
import sys
from pathlib import Path
from interplay.leaderboard.untrusted import main
main("scan", [Path(sys.argv[1])])
peak = [line for line in open("/proc/self/status", encoding="ascii") if line.startswith("VmHWM")]
sys.__stdout__.write(peak[0].split()[1])
"""


def refusal(path: Path) -> str:
    with pytest.raises(Refusal) as refused:
        scan(path)
    return str(refused.value)


@pytest.mark.parametrize("codec", [0, 8, 93])
def test_honest_archives_pass(tmp_path: Path, codec: int):
    parts = [
        Part(part.name, part.data, codec) for part in honest(b=b'{"id": "b", "text": "\xf0\x9f\xa7\xad"}')
    ]
    assert scan(write_archive(tmp_path / "log.eval", parts)) == sum(len(part.data) for part in parts)


def test_many_frames_pass(tmp_path: Path):
    data = json.dumps({"text": "x" * 100_000}).encode()
    frames = b"".join(
        zstandard.ZstdCompressor().compress(data[i : i + 1000]) for i in range(0, len(data), 1000)
    )
    parts = [Part("header.json", HEADER), Part(SAMPLE, data, stored=frames)]
    assert scan(write_archive(tmp_path / "log.eval", parts)) > 100_000


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("string", "L06 samples/a_epoch_1.json holds a string longer than 4 MiB"),
        ("number", "L05 samples/a_epoch_1.json expands past 1,000,000 bytes"),
        ("lists", "L0"),
        ("depth", "L06 samples/a_epoch_1.json has nesting deeper than 100"),
        ("space", "L0"),
        ("lying", "L05 samples/a_epoch_1.json expands past the 10 bytes that it declares"),
        ("members", "L05 archive expands past 64,000,000 bytes"),
        ("nan", "L06 samples/a_epoch_1.json holds NaN"),
        ("dense", "L08 not read within 8,000,000 JSON tokens"),
        ("many-lists", "L08 not read within"),
    ],
)
def test_bombs_end_early_and_small(tmp_path: Path, kind: str, message: str):
    path = hostile(kind, tmp_path / "bomb.eval")
    assert path.stat().st_size < 10_000_000
    done = subprocess.run(
        [sys.executable, "-c", SCAN, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    line, peak_kilobytes = done.stdout.splitlines()
    assert " ".join(json.loads(line)["refused"]).startswith(message)
    assert int(peak_kilobytes) < 300_000


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([Part(SAMPLE, b"{}")], "L02 header.json is absent"),
        ([*honest(), Part("header.json", HEADER)], 'L02 member "header.json" occurs twice'),
        ([*honest(), Part("../../x", b"{}")], "L03 member name '../../x'"),
        ([*honest(), Part("/abs", b"{}")], "L03 member name '/abs'"),
        ([*honest(), Part("samples/a b_epoch_1.json", b"{}")], "L03 member name"),
        (
            [*honest(), Part("samples/b_epoch_1.json", b"{}", attributes=0o120777 << 16)],
            "L03 member samples/b",
        ),
        ([*honest(), Part("samples/b_epoch_1.json", b"{}", flags=1)], "L03 member samples/b"),
        (
            [*honest(), Part("samples/b_epoch_1.json", b"{}", local_name="samples/c_epoch_1.json")],
            "L03 member",
        ),
        ([*honest(), Part("samples/b_epoch_1.json", b"{}", codec=12)], "L04 codec 12"),
        ([*honest(), Part("samples/b_epoch_1.json", b"{}", crc=1)], "L07 CRC-32"),
        ([*honest(), Part("samples/b_epoch_1.json", b"{}", stored=b"\x28\xb5\x2f\xfdxx")], "L07"),
        (honest(b=b'{"a": 1, "a": 2}'), 'L06 samples/b_epoch_1.json holds the key "a" twice'),
        (honest(b=b'{"a": NaN}'), "L06 samples/b_epoch_1.json holds NaN at a, where no score stands"),
        (honest(b=b'{"scores": -Infinity}'), "L06 samples/b_epoch_1.json is not valid JSON"),
        (honest(b=b'{"a": 1} trailing'), "L06 samples/b_epoch_1.json is not valid JSON"),
        (honest(b=b'{"a": "\xff"}'), "L06 samples/b_epoch_1.json is not valid JSON"),
        (honest(b=b'{"a": '), "L06 samples/b_epoch_1.json is not valid JSON"),
    ],
)
def test_each_oddity_is_named(tmp_path: Path, parts: list[Part], message: str):
    assert refusal(write_archive(tmp_path / "log.eval", parts)).startswith(message)


def test_bytes_around_the_archive_are_refused(tmp_path: Path):
    assert "L02" in refusal(write_archive(tmp_path / "a.eval", honest(), prefix=b"#!/bin/sh\n"))
    assert "L02" in refusal(write_archive(tmp_path / "b.eval", honest(), comment=b"hello"))


def test_truncated_and_empty_files_are_refused(tmp_path: Path):
    whole = write_archive(tmp_path / "a.eval", honest()).read_bytes()
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        (tmp_path / "cut.eval").write_bytes(whole[:length])
        assert refusal(tmp_path / "cut.eval").startswith("L02 the archive has no directory at its end")


@given(st.data())
def test_a_changed_byte_never_escapes_the_limits(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    folder = tmp_path_factory.mktemp("fuzz")
    whole = bytearray(write_archive(folder / "a.eval", honest()).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    (folder / "b.eval").write_bytes(whole)
    with suppress(Refusal):  # anything else is a bug
        assert scan(folder / "b.eval") < 64_000_000


json_texts = st.recursive(
    st.none() | st.just(float("nan")) | st.integers(-9, 9) | st.text('NaN"\\{}[]:, \n', max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text('aN"\\', max_size=4), inner, max_size=4)
    ),
)


@given(json_texts, st.integers(1, 7))
def test_nan_outside_strings_becomes_a_number(content: object, size: int):
    text = json.dumps({"value": content}).encode()
    source = BytesIO(text)
    reader = NanReader(source)
    read = b""
    while step := reader.read(size):
        read += step
    expected = json.dumps({"value": content}).encode()
    plain = json.loads(expected, parse_constant=lambda _: float(NAN_TEXT))
    assert json.loads(read) == plain


def test_too_many_tokens(tmp_path: Path):
    def steps() -> Iterator[bytes]:
        yield b"["
        for _ in range(20):
            yield b"1," * 60_000
        yield b"1]"

    with pytest.raises(MalformedJson, match="more than 1,000,000 tokens"):
        follow("x", steps)
