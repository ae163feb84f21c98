"""Canonical form, ids, unit vectors, and sentences for what a file must not hold."""

import json
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from interplay.leaderboard import locks, schema
from interplay.leaderboard.canonical import (
    Json,
    canonical_bytes,
    content_hash,
    decode_units,
    encode_units,
    entry_id,
    model_slug,
    units_digest,
)
from interplay.leaderboard.refused import problems
from interplay.leaderboard.schema import SCHEMA_DIR, Cell, Entry, Metric, Result, schema_files
from tests.leaderboard.entry_texts import entry_content

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(-1e9, 1e9) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("module", [locks, schema])
@pytest.mark.parametrize(("word", "code"), [("--help", 0), ("--chekc", 2)])
def test_programs_that_write_files_read_their_options_first(
    module: ModuleType, word: str, code: int, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as end:
        module.main([word])
    assert end.value.code == code
    said = capsys.readouterr()
    assert "--check" in said.out + said.err


@given(st.dictionaries(texts, values, max_size=5))
def test_canonical_form_is_idempotent(content: dict[str, Json]):
    once = canonical_bytes(content)
    assert canonical_bytes(json.loads(once)) == once


@given(st.dictionaries(texts, values, min_size=1, max_size=5))
def test_canonical_form_ignores_the_order_of_keys(content: dict[str, Json]):
    assert canonical_bytes(dict(reversed(content.items()))) == canonical_bytes(content)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_json_lacks_are_refused(number: float):
    with pytest.raises(ValueError):
        canonical_bytes({"value": number})


def test_minus_zero_has_one_form():
    assert canonical_bytes({"a": -0.0000001}) == b'{\n "a": 0.0\n}\n'


def test_id_changes_with_every_field():
    content = entry_content()
    first = entry_id(content)
    assert first.startswith("mazes--openai-gpt-5--20261120--")
    changed = [
        content | {"attempts": 2},
        content | {"note": "x"},
        content | {"created": "2026-11-20T00:00:01Z"},
    ]
    assert len({first, *(entry_id(item) for item in changed)}) == 4
    assert entry_id(content | {"entry_id": "anything"}) == first


def test_slug_keeps_letters_digits_and_dots():
    assert model_slug("hf/Qwen/Qwen3.5-0.8B") == "hf-qwen-qwen3.5-0.8b"
    assert len(model_slug("x/" + "y" * 200)) == 80


@given(st.lists(st.none() | st.integers(-20_000, 20_000).map(lambda i: i / 10_000), min_size=1, max_size=50))
def test_units_round_trip(units: list[float | None]):
    assert decode_units(encode_units(units)) == units


def test_units_digest_depends_on_order():
    assert units_digest(["a", "b"]) != units_digest(["b", "a"])


def test_an_entry_is_read_back_as_written():
    content = entry_content()
    content["entry_id"] = entry_id(content)
    entry = Entry.model_validate_json(canonical_bytes(content))
    assert canonical_bytes(entry.content()) == canonical_bytes(content)
    assert content_hash(entry.content()) == content_hash(content)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"rung": 4}, 'unknown field "rung"'),
        ({"family": "chess"}, "family"),
        ({"attempts": 0}, "attempts"),
        ({"division": "open"}, "division open needs method_note and method_url"),
        ({"supersedes": "mazes--a--20260101--00000000"}, "supersedes and reason are given together"),
        ({"logs": []}, "division closed needs at least one log"),
        (
            {"model": {"id": "openai/gpt<b>", "revision": None, "served_by": "openai"}},
            "model.id has characters",
        ),
        ({"model": {"id": "openai/gрt-5", "revision": None, "served_by": "openai"}}, "model.id is not ASCII"),
        ({"attempts": "1"}, "attempts"),
    ],
)
def test_each_refusal_is_one_sentence(change: dict[str, Json], sentence: str):
    content = entry_content() | change
    content["entry_id"] = "mazes--openai-gpt-5--20261120--00000000"
    with pytest.raises(ValidationError) as refused:
        Entry.model_validate_json(canonical_bytes(content))
    said = problems(refused.value)
    assert any(sentence in item for item in said), said
    assert all("\n" not in item for item in said)


def test_intervals_hold_their_value():
    with pytest.raises(ValidationError):
        Metric(value=0.5, lo=0.6, hi=0.7, n=3, interval="share")
    with pytest.raises(ValidationError):
        Cell(dims={"a": "b"}, metric="maze.x", value=0.5, lo=None, hi=0.7, n=3)
    assert Cell(dims={"a": "b"}, metric="maze.x", value=None, lo=None, hi=None, n=0).value is None


def test_units_are_counted():
    result = json.loads(canonical_bytes(entry_content()))["results"][0]
    with pytest.raises(ValidationError, match="units holds 8 values"):
        Result.model_validate_json(json.dumps(result | {"units_total": 9}))


def test_schema_files_are_current():
    for name, content in schema_files().items():
        assert (SCHEMA_DIR / name).read_bytes() == content, (
            f"run python -m interplay.leaderboard.schema ({name})"
        )
