"""Lines that the host writes about a job: whatever an agent says, one record stays one record."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.solvers.posttrain_state import (
    append_line,
    digest,
    identity_of,
    key_of,
    one_line,
    sealed_lines,
    whole_lines,
    write_atomically,
)
from interplay.tasks.posttrain.bundle import Bundle, write_manifest

SEPARATORS = ("\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\r", "\r\n", "\n")
"""Everything that `str.splitlines` takes for the end of a line."""


def bundled(folder: Path) -> Bundle:
    """A bundle with what lies in the folder, sealed as the collection does it."""
    for name in ("egress", "queries", "meter"):
        (folder / f"{name}.jsonl").touch()
    (folder / "system.json").write_text("{}")
    write_manifest(folder, cell="m_hop__mini-0", exit="finished", dropped=())
    return Bundle.open(folder)


@pytest.mark.parametrize("separator", SEPARATORS, ids=ascii)
def test_a_separator_that_an_agent_prints_does_not_end_a_line(tmp_path: Path, separator: str) -> None:
    """An agent that prints a web page with U+2028 must neither lose its trace nor its score."""
    records = [{"t": 1.0, "cmd": f"echo a{separator}b", "out": f"a{separator}b"}, {"t": 2.0, "cmd": "ls"}]
    for record in records:
        append_line(tmp_path / "trace.jsonl", record)
    assert whole_lines(tmp_path / "trace.jsonl") == records
    assert bundled(tmp_path).trace == records


@settings(max_examples=40)
@given(
    st.lists(
        st.dictionaries(st.text(max_size=5), st.text(max_size=12) | st.integers() | st.none()), max_size=5
    )
)
def test_what_was_appended_is_read_again(tmp_path_factory: pytest.TempPathFactory, records) -> None:
    path = tmp_path_factory.mktemp("lines") / "deep" / "trace.jsonl"
    for record in records:
        append_line(path, record)
    assert whole_lines(path) == records


@given(
    st.dictionaries(
        st.text(max_size=5), st.text(st.sampled_from([*'ab\\"é€', *"".join(SEPARATORS)]), max_size=8)
    )
)
def test_a_record_is_one_line_for_every_reader_and_otherwise_readable(record) -> None:
    """`evaluate.py` and scripts of agents read prompts by `splitlines`."""
    line = one_line(record)
    assert len(line.splitlines()) == 1
    assert json.loads(line) == record
    assert ("\\u00e9" in line) is False
    assert one_line({"a": "é€\u2028b"}) == '{"a": "é€\\u2028b"}'


class TestBrokenFiles:
    @pytest.mark.parametrize(
        ("content", "found"),
        [
            (b"", []),
            (b"\n\n", []),
            (b'{"a": 1}', [{"a": 1}]),
            (b'{"a": 1}\n{"b":', [{"a": 1}]),
            (b'{"a":\n{"b": 2}\n', [{"b": 2}]),
            (b'[1]\n"x"\nnull\n3\n{"a": 1}\n', [{"a": 1}]),
            (b'{"a": "\xff"}\n', [{"a": "\ufffd"}]),
            (b'{"a": 1}\r\n{"b": 2}\r\n', [{"a": 1}, {"b": 2}]),
            (b'\x00\n{"a": 1}\n', [{"a": 1}]),
        ],
    )
    def test_whole_records_are_read_and_the_rest_is_left_out(self, tmp_path: Path, content: bytes, found):
        path = tmp_path / "trace.jsonl"
        path.write_bytes(content)
        assert whole_lines(path) == found

    @pytest.mark.parametrize("rest", [b'{"a": 1', b'{"a": 1}', b"x", b"\xe2\x80"])
    def test_a_line_after_a_crash_begins_on_its_own(self, tmp_path: Path, rest: bytes):
        path = tmp_path / "trace.jsonl"
        path.write_bytes(rest)
        append_line(path, {"b": 2})
        assert path.read_bytes() == rest + b'\n{"b": 2}\n'
        append_line(path, {"c": 3})
        assert path.read_bytes().endswith(b'\n{"b": 2}\n{"c": 3}\n')

    def test_a_bundle_is_sealed_without_the_line_of_a_crash(self, tmp_path: Path):
        own, sealed = tmp_path / "own.jsonl", tmp_path / "bundle"
        sealed.mkdir()
        append_line(own, {"t": 1.5, "cmd": "ls é"})
        whole = own.read_bytes()
        with own.open("ab") as file:
            file.write(b'{"t": 2.5, "cm')
        append_line(own, {"t": 3.0, "cmd": "pwd"})
        (sealed / "trace.jsonl").write_bytes(sealed_lines(own))
        assert [line["cmd"] for line in bundled(sealed).trace] == ["ls é", "pwd"]
        assert sealed_lines(own).startswith(whole)
        assert sealed_lines(tmp_path / "none.jsonl") == b""

    def test_half_a_character_that_a_program_printed_is_no_reason_to_lose_the_line(self, tmp_path: Path):
        path = tmp_path / "trace.jsonl"
        append_line(path, {"out": "a\udce2b"})
        assert whole_lines(path) == [{"out": "a?b"}]

    def test_a_line_nested_too_deeply_is_left_out(self, tmp_path: Path):
        path = tmp_path / "trace.jsonl"
        path.write_text('{"a": ' + "[" * 100_000 + "]" * 100_000 + '}\n{"b": 1}\n')
        assert whole_lines(path) == [{"b": 1}]

    def test_no_file_and_a_folder_hold_no_lines(self, tmp_path: Path):
        assert whole_lines(tmp_path / "trace.jsonl") == []
        assert whole_lines(tmp_path) == []


class TestAtomicWrites:
    def test_the_folder_is_made_and_no_scratch_file_stays(self, tmp_path: Path):
        path = tmp_path / "a" / "b" / "state.json"
        write_atomically(path, b"one")
        write_atomically(path, b"two")
        assert path.read_bytes() == b"two"
        assert [p.name for p in path.parent.iterdir()] == ["state.json"]

    def test_a_target_that_cannot_be_replaced_keeps_its_content(self, tmp_path: Path):
        folder = tmp_path / "state.json"
        (folder / "inside").mkdir(parents=True)
        with pytest.raises(OSError, match=r"state\.json"):
            write_atomically(folder, b"x")
        assert (folder / "inside").is_dir()


class TestIdentity:
    SAME = ("1.0.0", {"agent": "react", "hours": 10}, "m_code__mini-0", "m", 1)

    def test_the_order_of_settings_does_not_matter(self):
        other = ("1.0.0", {"hours": 10, "agent": "react"}, "m_code__mini-0", "m", 1)
        assert key_of(identity_of(*self.SAME)) == key_of(identity_of(*other))  # type: ignore[arg-type]

    @pytest.mark.parametrize(("place", "value"), [(0, "1.0.1"), (1, {}), (2, "x"), (3, "x"), (4, 2)])
    def test_every_part_of_it_counts(self, place: int, value: object):
        other = [*self.SAME]
        other[place] = value
        assert key_of(identity_of(*other)) != key_of(identity_of(*self.SAME))  # type: ignore[arg-type]

    def test_a_key_is_sixteen_digits_of_the_hash(self):
        key = key_of(identity_of(*self.SAME))  # type: ignore[arg-type]
        assert len(key) == 16
        assert digest(identity_of(*self.SAME)).startswith(key)  # type: ignore[arg-type]

    @given(st.dictionaries(st.text(max_size=4), st.integers() | st.text(max_size=4)))
    def test_a_digest_is_that_of_canonical_json(self, value):
        shuffled = dict(reversed(value.items()))
        assert digest(value) == digest(shuffled)
        assert digest(value) == digest(json.loads(json.dumps(value)))
        assert digest(value) != digest({**value, "one more": 0})
