"""Untrusted JSON beside the standard library's reader: both take the same documents, in steps of any size."""

import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard import json_tokens
from interplay.leaderboard.json_tokens import (
    DEEPEST,
    NAN_PLACES,
    NAN_TEXT,
    STEP,
    Followed,
    MalformedJson,
    NanReader,
    StepReader,
    follow,
)

SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8)
FINITE = SCALARS | st.floats(allow_nan=False, allow_infinity=False)
DOCUMENTS = st.recursive(
    FINITE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
WITH_NAN = st.recursive(
    FINITE | st.just(float("nan")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def opened(data: bytes, step: int = STEP):
    """A document that can be read again and again in steps of that many bytes."""

    def steps() -> Iterator[bytes]:
        return (data[start : start + step] for start in range(0, len(data), step))

    return steps


def tokens_of(value: Any) -> int:
    """Tokens by hand: one for a scalar, two for the brackets, one more for every key."""
    if isinstance(value, dict):
        return 2 + sum(1 + tokens_of(item) for item in value.values())
    if isinstance(value, list):
        return 2 + sum(map(tokens_of, value))
    return 1


def refusal(data: bytes, step: int = STEP) -> str:
    with pytest.raises(MalformedJson) as raised:
        follow("x", opened(data, step))
    return str(raised.value)


@given(DOCUMENTS, st.integers(1, 40))
def test_every_document_is_counted_in_bytes_and_tokens_whatever_the_steps(value: object, step: int):
    data = json.dumps(value, ensure_ascii=False).encode()
    assert follow("x", opened(data, step)) == Followed(len(data), tokens_of(value))


@given(DOCUMENTS, st.sampled_from([None, 1, 2]))
def test_white_space_and_escapes_change_no_token(value: object, indent: int | None):
    plain = json.dumps(value, ensure_ascii=False).encode()
    spaced = json.dumps(value, ensure_ascii=True, indent=indent).encode()
    assert follow("x", opened(spaced)).tokens == follow("x", opened(plain)).tokens


@given(WITH_NAN, st.integers(1, 40), st.sampled_from(sorted(NAN_PLACES)))
def test_nan_below_a_score_is_one_token_like_any_number(value: object, step: int, place: str):
    data = json.dumps({place: value}, ensure_ascii=False).encode()
    assert follow("x", opened(data, step)) == Followed(len(data), tokens_of({place: value}))


@given(WITH_NAN, st.integers(1, 40))
def test_nan_is_replaced_outside_strings_only(value: object, step: int):
    data = json.dumps({"NaN": value, "a": 'NaN "NaN\\'}).encode()

    class Source:
        def __init__(self):
            self.steps = opened(data, step)()

        def read(self, size: int = -1) -> bytes:
            return next(self.steps, b"")

    reader, pieces = NanReader(Source()), []
    while piece := reader.read():
        pieces.append(piece)
    expected = json.loads(data, parse_constant=lambda _: float(NAN_TEXT))
    assert json.loads(b"".join(pieces)) == expected


def strictly(data: bytes) -> bool:
    """Whether the standard library takes a text as JSON of finite numbers, without repeated keys."""

    def refuse(word: str) -> object:
        raise ValueError(word)

    def finite(text: str) -> float:
        if math.isinf(float(text)):
            raise ValueError(text)
        return float(text)

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError("repeated")
        return dict(pairs)

    try:
        json.loads(data.decode(), parse_constant=refuse, parse_float=finite, object_pairs_hook=once)
    except ValueError:
        return False
    return True


@settings(max_examples=300)
@given(DOCUMENTS, st.data())
def test_what_is_taken_after_one_broken_byte_is_what_the_standard_library_takes(value: object, data: Any):
    """One byte is struck out, doubled or replaced by a piece of punctuation."""
    text = json.dumps({"a": value}, ensure_ascii=False).encode()
    at = data.draw(st.integers(0, len(text) - 1))
    put = data.draw(st.sampled_from([b"", text[at : at + 1] * 2, b'"', b"\\", b"}", b"]", b",", b":", b"0"]))
    broken = text[:at] + put + text[at + 1 :]
    try:
        follow("x", opened(broken, data.draw(st.integers(1, 9))))
        taken = True
    except MalformedJson:
        taken = False
    assert taken == strictly(broken), broken


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b" ",
        b"{",
        b"[1,]",
        b'{"a" 1}',
        b"{'a': 1}",
        b"[1 2]",
        b"tru",
        b"[Infinity]",
        b'{"value": Infinity}',
        b'{"value": -NaN}',
        b'{"value": 1NaN}',
        b'{"value": NaN1}',
        b'{"value": NaNNaN}',
        b'{"value": nan}',
        b'{"value": N}',
        b'{"value": Na',
        b'{"scores": NaN',
        b'{NaN: "value"}',
        b'"\xff"',
        b'"\\ud8"',
        b"\xef\xbb\xbf{}",
        b"[1] [2]",
        b"[]]",
    ],
    ids=repr,
)
@pytest.mark.parametrize("step", [1, STEP])
def test_what_is_no_json_is_refused_in_one_line(text: bytes, step: int):
    message = refusal(text, step)
    assert message.startswith("is not valid JSON: ")
    assert "\n" not in message
    assert len(message) <= len("is not valid JSON: ") + 80


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b'{"a": NaN}', "a"),
        (b'{"a": {"b": [1, NaN]}}', "a.b."),
        (b'{"values": NaN}', "values"),
        (b'{"scores": 1, "b": NaN}', "b"),
        (b'{"a": {"value": 1}, "c": {"d": NaN}}', "c.d"),
        (b'{"a": "value", "b": NaN}', "b"),
    ],
)
def test_nan_where_no_score_stands_is_refused_with_its_place(text: bytes, place: str):
    assert refusal(text) == f"holds NaN at {place}, where no score stands"


@pytest.mark.parametrize(
    "text",
    [
        b'{"scores": {"maze": {"x": NaN}}}',
        b'{"results": [{"value": NaN}, {"value": [NaN, [NaN]]}]}',
        b'{"score": NaN}',
        b'{"a": "NaN", "value": NaN, "b": "NaN"}',
        b'{"a": "\\\\", "value": NaN}',
        b'{"a": "\\"NaN", "value": NaN}',
    ],
)
@pytest.mark.parametrize("step", [1, 2, 3, 5, STEP])
def test_nan_stands_below_scores_whatever_surrounds_it(text: bytes, step: int):
    assert follow("x", opened(text, step)).size == len(text)


def test_the_number_that_stands_for_nan_may_stand_where_no_nan_is():
    assert follow("x", opened(b'{"a": ' + NAN_TEXT + b"}")).tokens == 4


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (b'{"a": 1, "a": 1}', "a"),
        (b'[{"b": {"c": 1}, "d": 2, "b": 3}]', "b"),
        (b'{"x": {"\\u0061": 1, "a": 2}}', "a"),
        (b'{"": 1, "": 2}', ""),
        (b'{"' + b"k" * 99 + b'": 1, "' + b"k" * 99 + b'": 2}', "k" * 60),
    ],
    ids=["flat", "after an object", "escaped", "empty", "long"],
)
def test_a_key_twice_in_one_object_is_refused(text: bytes, key: str):
    assert refusal(text) == f'holds the key "{key}" twice'


def test_a_key_may_return_in_another_object():
    text = b'{"a": {"a": [{"a": 1}, {"a": 2}]}, "b": {"a": 3}}'
    assert follow("x", opened(text)).tokens == tokens_of(json.loads(text))


@pytest.mark.parametrize("brackets", [(b"[", b"]"), (b'{"a":', b"}")], ids=["arrays", "objects"])
def test_nesting_is_taken_to_the_limit_and_refused_beyond(brackets: tuple[bytes, bytes]):
    opening, closing = brackets
    follow("x", opened(opening * DEEPEST + b"1" + closing * DEEPEST))
    deeper = opening * (DEEPEST + 1) + b"1" + closing * (DEEPEST + 1)
    assert refusal(deeper) == f"has nesting deeper than {DEEPEST}"


def test_depth_is_that_of_the_place_and_not_the_number_of_brackets():
    follow("x", opened(b"[" + b"[[]]," * 500 + b"[]]"))


def test_tokens_are_taken_to_the_limit_and_refused_beyond(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(json_tokens, "MOST_TOKENS", 1_002)
    follow("x", opened(json.dumps([0] * 1_000).encode()))
    assert refusal(json.dumps([0] * 1_001).encode()) == "has more than 1,002 tokens"


def test_strings_are_taken_to_the_limit_in_characters_and_refused_beyond(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(json_tokens, "LONGEST_STRING", 1_000)
    follow("x", opened(json.dumps("é" * 1_000, ensure_ascii=False).encode()))
    assert refusal(json.dumps("e" * 1_001).encode()) == "holds a string longer than 4 MiB"


def test_a_string_that_never_ends_is_given_up_before_it_is_held(monkeypatch: pytest.MonkeyPatch):
    """The reader stops after the limit and two steps, however much is still to come."""
    monkeypatch.setattr(json_tokens, "LONGEST_STRING", 1_000)
    served = 0

    def endless() -> Iterator[bytes]:
        nonlocal served
        yield b'{"a": "'
        while True:
            served += STEP
            yield b"x" * STEP

    with pytest.raises(MalformedJson, match="longer than 4 MiB"):
        follow("x", endless)
    assert served <= 4 * STEP


def test_white_space_without_end_is_given_up_as_well(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(json_tokens, "LONGEST_STRING", 1_000)

    def endless() -> Iterator[bytes]:
        while True:
            yield b" " * STEP

    with pytest.raises(MalformedJson):
        follow("x", endless)


def test_a_reader_asked_for_nothing_takes_nothing():
    steps = StepReader(opened(b"[1]")())
    assert steps.read(0) == b""
    assert NanReader(steps).read(0) == b""
    assert steps.total == 0
    assert steps.read(10) == b"[1]"


def test_a_document_without_nan_is_opened_once():
    times: list[int] = []

    def steps() -> Iterator[bytes]:
        times.append(1)
        return opened(b'{"value": 1}')()

    follow("x", steps)
    assert len(times) == 1
