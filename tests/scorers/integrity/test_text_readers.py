"""Records of texts, scripts and commands: one by one, with the line that each stands on."""

import base64
import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.integrity.binaries import records_in
from interplay.scorers.integrity.texts import (
    ID_RUN,
    ONE_RECORD,
    OPAQUE_BYTES,
    Reader,
    decoded,
    heredocs,
    printable_runs,
    read_command,
    read_csv,
    read_json,
    read_json_lines,
    read_literal,
    read_script,
    read_text,
    read_value,
)

Placed = list[tuple[int, str]]


def placed(reader: Reader) -> Placed:
    """Lines and texts of what was read."""
    assert {record.path for record in reader.records} <= {reader.path}
    return [(record.line, record.text) for record in reader.records]


def of_text(read: object, text: str) -> Placed:
    reader = Reader("workspace/x")
    read(reader, text)  # type: ignore[operator]
    return placed(reader)


def spelled(ids: Sequence[int]) -> str:
    return " ".join(f"t{i}" for i in ids)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("abc ", max_size=6),
    lambda inner: st.lists(inner, max_size=9) | st.dictionaries(st.text("xy", max_size=2), inner, max_size=9),
    max_leaves=60,
)


def leaves(value: object) -> list[str]:
    """Strings and numbers of a value, as a reader that looks into everything meets them."""
    if isinstance(value, dict):
        return [leaf for member in value.values() for leaf in leaves(member)]
    if isinstance(value, list):
        return [leaf for member in value for leaf in leaves(member)]
    return [] if value is None or isinstance(value, bool) else [str(value)]


@settings(max_examples=50)
@given(json_values)
def test_every_word_of_a_json_value_is_in_some_record(value: object) -> None:
    """Nothing that could be an example is passed over, however the value is nested."""
    reader = Reader("x", spelled)
    read_value(reader, 1, value)
    seen = {word for record in reader.records for word in record.text.split()}
    ids = {f"t{leaf}" for leaf in leaves(value)}
    missing = {word for leaf in leaves(value) for word in leaf.split()} - seen
    assert missing <= {word for word in missing if f"t{word}" in seen & ids}, "only saved ids are spelled out"


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_a_json_line_ends_at_its_line_feed_alone(mark: str) -> None:
    """A record with another mark of Unicode in it is one record: cut in two, it would match no item."""
    line = json.dumps({"q": f"Ana hops 3 then{mark}5 . Where ?"}, ensure_ascii=mark in "\x0b\x0c")
    whole = (1, f"Ana hops 3 then{mark}5 . Where ?")
    assert of_text(read_json_lines, f"{line}\r\n{line}\n")[0] == whole
    assert [n for n, _ in of_text(read_json_lines, f"{line}\r\n{line}\n")] == [1, 2]
    (record,) = records_in("workspace/a.jsonl", line.encode()).records
    assert (record.line, record.text) == whole


def test_json_lines_keep_their_numbers_over_blank_and_broken_ones() -> None:
    assert of_text(read_json_lines, '{"a": "one"}\n\n{"a": \n[1, "two"]\n"three"\nnull') == [
        (1, "one"),
        (3, '{"a": '),
        (4, "1 two"),
        (5, "three"),
    ]


def test_members_of_a_list_are_numbered_as_lines_would_be() -> None:
    assert of_text(read_json, json.dumps([{"q": "a", "n": 1}, "b", [], ["c", None, True, 2.5]])) == [
        (1, "a 1"),
        (2, "b"),
        (4, "c 2.5"),
    ]


def test_up_to_so_many_strings_are_one_record_and_more_are_taken_apart() -> None:
    words = [f"w{i}" for i in range(ONE_RECORD + 1)]
    assert of_text(read_json, json.dumps({"all": words[:-1]})) == [(1, " ".join(words[:-1]))]
    assert of_text(read_json, json.dumps({"all": words})) == [(i, w) for i, w in enumerate(words, 1)]


def test_a_conversation_is_one_record() -> None:
    turns = [{"role": role, "content": text} for role, text in (("user", "Where ?"), ("assistant", "6"))]
    assert of_text(read_json, json.dumps([{"messages": turns}])) == [(1, "user Where ? assistant 6")]


@pytest.mark.parametrize(("n", "are_ids"), [(ID_RUN - 1, False), (ID_RUN, True)])
def test_so_many_whole_numbers_in_a_row_are_token_ids(n: int, are_ids: bool) -> None:
    reader = Reader("x", spelled)
    read_value(reader, 4, {"ids": list(range(n)), "q": "word"})
    texts = [text for line, text in placed(reader) if line == 4]
    assert (spelled(range(n)) in texts) == are_ids
    assert (f"{' '.join(map(str, range(n)))} word" in texts) == (not are_ids)


@pytest.mark.parametrize("member", [1.5, True, "7", None])
def test_a_list_with_anything_but_whole_numbers_holds_no_ids(member: object) -> None:
    reader = Reader("x")
    read_value(reader, 1, {"ids": [*range(2000), member]})
    assert reader.opaque == 0


def test_ids_without_a_tokenizer_are_as_opaque_as_they_are_long() -> None:
    reader = Reader("x")
    read_value(reader, 1, {"ids": list(range(OPAQUE_BYTES // 2 - 1))})
    assert (reader.opaque, reader.is_opaque) == (OPAQUE_BYTES - 2, False)
    reader.add_unread(1)
    assert not reader.is_opaque
    reader.add_unread(1)
    assert reader.is_opaque


def test_blank_texts_are_no_records() -> None:
    reader = Reader("x")
    for text in ("", "  ", "\n\t"):
        reader.add(1, text)
    assert reader.records == []


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_rows_of_a_table_are_split_by_what_its_first_line_splits_by(separator: str) -> None:
    text = f"question{separator}answer\nAna hops{separator}6\n"
    assert of_text(read_csv, text) == [(1, "question answer"), (2, "Ana hops 6")]


def test_a_quoted_field_may_hold_separators_and_line_breaks() -> None:
    assert of_text(read_csv, 'q,a\n"Ana hops, 3\nthen 5","6"\n') == [(1, "q a"), (2, "Ana hops, 3\nthen 5 6")]


def test_a_table_that_is_none_is_read_as_text() -> None:
    """A field beyond the limit of the parser."""
    long = "w " * 80_000
    assert any(long.strip() in text for _, text in of_text(read_csv, f'a,b\n"{long}",c\n'))


def test_lines_that_stand_together_are_one_more_record() -> None:
    """An item may be wrapped over lines; a blank line ends it, and a long block is no item."""
    assert of_text(read_text, "Ana hops 3\nthen 5 .\n\nalone\n") == [
        (1, "Ana hops 3"),
        (2, "then 5 ."),
        (1, "Ana hops 3 then 5 ."),
        (4, "alone"),
    ]
    for n, joined in ((ONE_RECORD, 1), (ONE_RECORD + 1, 0)):
        lines = [f"line {i}" for i in range(n)]
        assert len(of_text(read_text, "\n".join(lines))) == n + joined


SCRIPTS: dict[str, tuple[str, Placed]] = {
    "constants": ("q = 'Where ?'\nn = 42\nflag = True\nx = 1.5\n", [(1, "Where ?"), (2, "42")]),
    "added up": ("q = 'Ana ' + 'hops'\n", [(1, "Ana hops"), (1, "Ana "), (1, "hops")]),
    "formatted": ("q = f'Ana {x} hops'\n", [(1, "Ana   hops"), (1, "Ana "), (1, " hops")]),
    "bytes": ("q = b'Where ?'\n", [(1, "Where ?")]),
    "a pair": ("q = ('Ana', 'hops')\n", [(1, "Ana hops"), (1, "Ana"), (1, "hops")]),
    "one alone": ("q = ['Ana']\n", [(1, "Ana")]),
    "a mapping": ("q = {'q': 'Ana', 'a': 6}\n", [(1, "q a Ana 6"), (1, "q"), (1, "a"), (1, "Ana"), (1, "6")]),
    "over lines": ('q = """first\nsecond"""\n', [(1, "first\nsecond"), (1, "first"), (2, "second")]),
    "further down": ("\n\nq = 'here'\n", [(3, "here")]),
    "not added up": ("q = 'Ana ' + name\n", [(1, "Ana ")]),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_literals_of_a_script_are_its_records(name: str) -> None:
    source, expected = SCRIPTS[name]
    assert sorted(of_text(read_script, source)) == sorted(expected)


def test_lines_of_a_script_inside_a_file_are_counted_from_there() -> None:
    reader = Reader("x")
    assert read_script(reader, "\nq = 'here'\n", first_line=10)
    assert placed(reader) == [(11, "here")]


def test_a_script_that_cannot_be_parsed_is_text() -> None:
    reader = Reader("x")
    assert not read_script(reader, "def (\n'Where ?'\n")
    assert (2, "'Where ?'") in placed(reader)


def test_what_a_literal_is_the_base64_form_of_is_read_as_well() -> None:
    inner = json.dumps([{"q": f"Where is number {i} ?"} for i in range(60)])
    text = base64.b64encode(inner.encode()).decode()
    assert len(text) >= OPAQUE_BYTES
    reader = Reader("x")
    read_literal(reader, 7, text)
    assert (7, "Where is number 59 ?") in placed(reader)
    assert reader.opaque == 0
    unread = Reader("x")
    read_literal(unread, 7, base64.b64encode(bytes([0xFF]) * 1200).decode())
    assert unread.opaque == 1200


@settings(max_examples=50)
@given(st.binary(max_size=80))
def test_base64_is_told_in_both_alphabets_and_over_lines(data: bytes) -> None:
    for text in (base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode()):
        assert decoded(text) == data
        assert decoded(f"{text[:9]}\n  {text[9:]}") == data


@pytest.mark.parametrize("text", ["a", "abc", "a=bc", "ä123"])
def test_what_is_no_base64_is_none(text: str) -> None:
    assert decoded(text) is None


HEREDOCS: dict[str, tuple[str, list[str]]] = {
    "plain": ("cat <<EOF\na\nb\nEOF\n", ["a\nb"]),
    "quoted": ("cat <<'EOF'\n$a\nEOF", ["$a"]),
    "indented": ("cat <<-EOF\n\ta\n\tEOF\n", ["\ta"]),
    "two": ("cat <<A\n1\nA\ncat <<B\n2\nB\n", ["1", "2"]),
    "longer mark inside": ("cat <<A\nAB\nA\n", ["AB"]),
    "never ended": ("cat <<A\n1\n", []),
    "none": ("echo '<<'", []),
}


@pytest.mark.parametrize("name", HEREDOCS)
def test_bodies_of_here_documents(name: str) -> None:
    command, expected = HEREDOCS[name]
    assert heredocs(command) == expected


def test_a_command_is_one_line_of_the_trace_whatever_it_holds() -> None:
    reader = Reader("trace.jsonl")
    read_command(
        reader, 12, "cat > a.txt <<'E'\nAna hops 3\nE\npython -c \"rows = ['a long literal here']\"\n"
    )
    texts = [text for line, text in placed(reader) if line == 12]
    assert len(texts) == len(reader.records)
    assert "Ana hops 3" in texts
    assert "a long literal here" in texts


def test_readable_runs_of_a_binary_file_are_joined_over_short_gaps() -> None:
    """Strings of a binary format stand with a few bytes of length between them."""
    data = b"\x00\x01first words\x00\x02second words\x00\x00\x00\x00\x00short\x00third words"
    assert list(printable_runs(data)) == [
        "first words",
        "second words",
        "third words",
        "first words second words",
    ]
    for gap, joined in ((3, 1), (4, 0)):
        assert len(list(printable_runs(b"first words" + bytes(gap) + b"second words"))) == 2 + joined
    assert list(printable_runs(b"1234567\x0012345678")) == ["12345678"]
    assert list(printable_runs(b"abc\x00de", shortest=2)) == ["abc", "de", "abc de"]
