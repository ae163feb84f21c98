"""Weights as plain bytes: every number type against its definition, and files that lie about themselves."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.integrity import tensors
from interplay.scorers.integrity.lineage import lineage, lineage_table
from interplay.scorers.integrity.tensors import (
    WeightsUnread,
    as_float32,
    coarser,
    rounded,
    tensors_in,
)
from interplay.solvers.posttrain_validity import not_finite
from interplay.tasks.posttrain.grid import Lineage

from .folders import write_weights

LIMITS = Lineage(flag=0.72, review=0.65, calibrated=True)
TYPES = ("F8_E5M2", "F8_E4M3", "BF16", "F16", "F32", "F64")
"""From the one with the least digits to the one with the most; the two small ones keep as few."""
floats = st.floats(-1e4, 1e4, width=32)


def file_of(folder: Path, header: object, body: bytes = b"", name: str = "model.safetensors") -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(len(text).to_bytes(8, "little") + text + body)
    return folder


def entry(dtype: str = "F32", shape: object = (2, 2), offsets: object = (0, 16)) -> dict[str, object]:
    return {"w": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}


def eight_bits(code: int, exponent_bits: int, mantissa_bits: int) -> float:
    """The value of an 8-bit float by the definition of the OCP formats, read digit by digit."""
    digits = f"{code:08b}"
    sign, exponent, mantissa = digits[0], digits[1 : 1 + exponent_bits], digits[1 + exponent_bits :]
    bias = 2 ** (exponent_bits - 1) - 1
    fraction = sum(2.0 ** -(i + 1) for i, digit in enumerate(mantissa) if digit == "1")
    if "0" not in exponent and (exponent_bits == 5 or "0" not in mantissa):
        found = math.inf if exponent_bits == 5 and "1" not in mantissa else math.nan
    elif "1" not in exponent:
        found = fraction * 2.0 ** (1 - bias)
    else:
        found = (1 + fraction) * 2.0 ** (int(exponent, 2) - bias)
    return -found if sign == "1" else found


@pytest.mark.parametrize(("dtype", "exponent"), [("F8_E4M3", 4), ("F8_E5M2", 5)])
def test_all_256_codes_of_the_small_types_are_those_of_their_definition(dtype: str, exponent: int) -> None:
    found = as_float32(np.arange(256, dtype=np.uint8), dtype)
    expected = [eight_bits(code, exponent, 7 - exponent) for code in range(256)]
    np.testing.assert_array_equal(found, np.array(expected, np.float32))


def test_the_ends_of_the_small_types_are_the_published_ones() -> None:
    """E4M3: largest 448, smallest 2⁻⁹, two NaN; E5M2: largest 57,344, smallest 2⁻¹⁶, infinities."""
    for dtype, largest, smallest, bad in (("F8_E4M3", 448, 2**-9, 2), ("F8_E5M2", 57_344, 2**-16, 6)):
        values = as_float32(np.arange(256, dtype=np.uint8), dtype)
        finite = values[np.isfinite(values)]
        assert finite.max() == largest
        assert finite[finite > 0].min() == np.float32(smallest)
        assert np.isnan(values).sum() == bad
        assert np.isinf(values).any() == (dtype == "F8_E5M2")


@settings(max_examples=50)
@given(st.lists(floats, min_size=1, max_size=30), st.sampled_from(TYPES))
def test_rounding_is_idempotent_keeps_order_and_sign(values: list[float], dtype: str) -> None:
    exact = np.sort(np.array(values, np.float32))
    once = rounded(exact, dtype)
    np.testing.assert_array_equal(rounded(once, dtype), once)
    assert np.all(np.diff(once) >= 0)
    assert np.all(np.sign(once) * np.sign(exact) >= 0)


@settings(max_examples=50)
@given(floats, st.sampled_from(["F8_E4M3", "F8_E5M2"]))
def test_no_number_of_a_small_type_lies_nearer_than_the_rounded_one(value: float, dtype: str) -> None:
    table = as_float32(np.arange(256, dtype=np.uint8), dtype)
    known = table[np.isfinite(table)].astype(np.float64)
    (found,) = rounded(np.array([value], np.float32), dtype)
    assert abs(float(found) - value) == np.abs(known - value).min()


@settings(max_examples=50)
@given(st.integers(0, 2**31 - 1))
def test_sixteen_brain_bits_are_the_upper_half_nearest_and_ties_to_even(bits: int) -> None:
    """Between two neighbours of the type, the nearer; halfway, the one whose last bit is 0."""
    value = np.array([bits], np.uint32).view(np.float32)
    if not np.isfinite(value[0]) or bits >> 16 >= 0x7F7F:
        return
    low, high = (
        np.array([(bits >> 16 << 16) + step], np.uint32).view(np.float32)[0] for step in (0, 1 << 16)
    )
    below, above = float(value[0]) - float(low), float(high) - float(value[0])
    even = low if (bits >> 16) % 2 == 0 else high
    expected = low if below < above else high if above < below else even
    assert rounded(value, "BF16")[0] == expected


@pytest.mark.parametrize(
    ("bits", "kept"),
    [
        (0x3F808000, 0x3F80),
        (0x3F818000, 0x3F82),
        (0x3F808001, 0x3F81),
        (0x3F80FFFF, 0x3F81),
        (0x3F817FFF, 0x3F81),
    ],
)
def test_halfway_the_even_neighbour_is_taken(bits: int, kept: int) -> None:
    """0x3F808000 lies halfway between 0x3F80 and 0x3F81, 0x3F818000 between 0x3F81 and 0x3F82."""
    value = np.array([bits], np.uint32).view(np.float32)
    assert int(rounded(value, "BF16").view(np.uint32)[0]) == kept << 16


def test_numbers_beyond_a_type_become_infinite_or_its_largest() -> None:
    large = np.array([1e6, -1e6], np.float32)
    assert rounded(large, "F16").tolist() == [math.inf, -math.inf]
    assert rounded(large, "F8_E4M3").tolist() == [448, -448]
    assert rounded(large, "F32").tolist() == [1e6, -1e6]


@pytest.mark.parametrize("first", TYPES)
@pytest.mark.parametrize("second", TYPES)
def test_the_coarser_type_is_the_one_with_fewer_digits(first: str, second: str) -> None:
    digits = {"F8_E5M2": 2, "F8_E4M3": 2, "BF16": 8, "F16": 11, "F32": 24, "F64": 53}
    assert digits[coarser(first, second)] == min(digits[first], digits[second])


@pytest.mark.parametrize("dtype", ["F64", "F32", "F16", "BF16"])
@pytest.mark.parametrize("block", [1, 7, 1 << 22])
def test_blocks_together_are_the_tensor_whatever_their_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dtype: str, block: int
) -> None:
    monkeypatch.setattr(tensors, "BLOCK", block)
    values = np.random.default_rng(3).normal(size=(5, 4)).astype(np.float32)
    place = tensors_in(write_weights(tmp_path, {"first": values[:1], "w": values}, dtype))["w"]
    for rows in (0, 1, 3, 5):
        parts = list(place.blocks(rows))
        assert all(0 < len(part) <= block for part in parts)
        found = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        np.testing.assert_array_equal(found, rounded(values[:rows].ravel(), dtype))


def test_a_tensor_of_later_files_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    file_of(tmp_path, entry(shape=[1, 4]), bytes(16), "a.safetensors")
    file_of(tmp_path, entry(shape=[4, 1]), bytes(16), "b.safetensors")
    file_of(tmp_path, {"w": "not a weights file"}, name="c.bin")
    assert {name: place.shape for name, place in tensors_in(tmp_path).items()} == {"w": (4, 1)}


def test_whole_numbers_and_facts_beside_are_no_weights(tmp_path: Path) -> None:
    header = {
        "__metadata__": {"format": "pt"},
        "ids": {"dtype": "I64", "shape": [2], "data_offsets": [0, 16]},
    }
    assert tensors_in(file_of(tmp_path, header, bytes(16))) == {}
    assert tensors_in(tmp_path / "nowhere") == {}


LIES = {
    "another size": entry(offsets=[0, 12]),
    "beyond the end": entry(offsets=[8, 24]),
    "backwards": entry(offsets=[16, 0]),
    "before the data": entry(offsets=[-16, 0]),
    "two negative sides": entry(shape=[-2, -2]),
    "a product beyond 64 bits": entry(shape=[2**62, 40], offsets=[0, 0]),
    "a side beyond 64 bits": entry(shape=[2**80, 2], offsets=[0, 0]),
    "an endless side": entry(shape=[math.inf, 2]),
    "an endless offset": entry(offsets=[0, math.inf]),
    "a side that is no number": entry(shape=[math.nan, 2]),
    "three offsets": entry(offsets=[0, 8, 16]),
    "no shape": {"w": {"dtype": "F32", "data_offsets": [0, 16]}},
    "a word as shape": entry(shape="wide"),
    "a list as entry": {"w": [1, 2]},
    "nothing as entry": {"w": None},
}


@pytest.mark.parametrize("name", LIES)
def test_a_tensor_that_is_not_where_it_says_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(WeightsUnread, match=r"^model\.safetensors: .*tensor 'w'"):
        tensors_in(file_of(tmp_path, LIES[name], bytes(16)))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no safetensors file"),
        (b"\x02\0\0\0\0\0\0", "no safetensors file"),
        ((1).to_bytes(8, "little") + b"{", "its header would be 1 bytes long"),
        ((9).to_bytes(8, "little") + b"{}", "its header would be 9 bytes long"),
        ((2**63).to_bytes(8, "little") + b"{}", "its header would be 9223372036854775808 bytes long"),
        ((2).to_bytes(8, "little") + b"{]", "its header is no JSON"),
        ((2000).to_bytes(8, "little") + b"[" * 2000, "its header is no JSON"),
        ((2).to_bytes(8, "little") + b"\xff\xfe", "its header is no JSON"),
    ],
)
def test_a_file_that_is_none_says_why(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "x.safetensors").write_bytes(content)
    with pytest.raises(WeightsUnread, match=f"^x.safetensors: .*{says}"):
        tensors_in(tmp_path)


def test_a_header_without_tensors_has_none(tmp_path: Path) -> None:
    for header in ({}, [], 33, "w"):
        assert tensors_in(file_of(tmp_path, header)) == {}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("models")
    base = np.random.default_rng(2).normal(size=(64, 40)).astype(np.float32)
    return write_weights(folder / "base", {"w": base}), write_weights(folder / "ref", {"w": base + 1})


@pytest.mark.parametrize(
    "shape", [[0, 40], [2**62, 40], [0, 0], []], ids=["empty", "endless", "nothing", "a single number"]
)
def test_no_shape_of_a_deliverable_ends_the_examination(
    models: tuple[Path, Path], tmp_path: Path, shape: list[int]
) -> None:
    """Such weights load nowhere; who submits them gets a verdict, and the verifier lives on."""
    size = 4 if shape == [] else 0
    own = file_of(tmp_path, entry(shape=shape, offsets=[0, size]), bytes(size))
    found = lineage(*models, own, LIMITS)
    assert found.verdict == "not_run"
    assert found.reason


def test_an_empty_tensor_is_left_out_beside_others_that_count(tmp_path: Path) -> None:
    weights = {n: np.random.default_rng(i).normal(size=(64, 40)) for i, n in enumerate("ab")}
    base = write_weights(tmp_path / "base", weights)
    reference = write_weights(tmp_path / "ref", {n: w + 1 for n, w in weights.items()})
    own = write_weights(tmp_path / "own", {"a": weights["a"], "b": weights["b"][:0]})
    table = lineage_table(base, reference, own)
    assert ([row.name for row in table.rows], table.left_out) == (["a"], ("b",))


def test_a_single_number_among_the_weights_is_looked_at_as_well(tmp_path: Path) -> None:
    for value, bad in ((1.0, False), (math.nan, True)):
        body = np.array([value], "<f4").tobytes()
        own = tensors_in(file_of(tmp_path, entry(shape=[], offsets=[0, 4]), body))
        assert own["w"].rows == own["w"].elements == 1
        assert (not_finite(own) is not None) == bad
