"""The scan file by file: which files are read, what is counted in each, and where a verdict turns."""

import math
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.integrity.contamination import (
    FLAG_P,
    KEPT_EVIDENCE,
    KEPT_UNITS,
    REVIEW_P,
    TOLERATED,
    LayerCount,
    ScanFacts,
    comparison,
    contamination_findings,
    given_hashes,
    large_files,
    scan,
    scan_bundle,
    scanned_paths,
    share_z,
    surplus,
    trace_records,
)
from interplay.scorers.integrity.matching import LAYERS, LayerName
from interplay.scorers.integrity.texts import Reader
from interplay.tasks.posttrain.bundle import Bundle, write_manifest
from interplay.tasks.posttrain.targets import Item

from .bundles import make_bundle

TEST = tuple(Item(f"t{i}", f"what is the q{i} th word of the long test list ?", "") for i in range(20))
TWIN = tuple(
    Item(f"w{i}", f"where does the q{i} th bird of the far twin shore sing ?", "") for i in range(20)
)


def reader(path: str, *prompts: str) -> Reader:
    made = Reader(path)
    for number, prompt in enumerate(prompts, 1):
        made.add(number, prompt)
    return made


def counts(facts: ScanFacts, unit: str) -> dict[str, tuple[int, int]]:
    return {c.layer: (c.test, c.twin) for c in facts.counts if c.unit == unit}


def found_in(*readers: Reader, templated: bool = True) -> ScanFacts:
    return scan(readers, TEST, TWIN, templated=templated)


def prompts(items: tuple[Item, ...], n: int) -> list[str]:
    return [item.prompt for item in items[:n]]


def test_items_are_counted_once_in_a_file_and_once_in_all() -> None:
    first = reader("a", *prompts(TEST, 3), *prompts(TEST, 3), *prompts(TWIN, 1))
    second = reader("b", *prompts(TEST, 5))
    facts = found_in(first, second, reader("c", "nothing of note"))
    assert counts(facts, "a")["exact"] == (3, 1)
    assert counts(facts, "b")["exact"] == (5, 0)
    assert counts(facts, "")["exact"] == (5, 1)
    assert (facts.units, facts.records) == (2, 13)
    assert (facts.n_test, facts.n_twin) == (20, 20)


@settings(max_examples=50)
@given(st.permutations(range(4)))
def test_the_order_of_files_changes_no_number(order: list[int]) -> None:
    readers = [
        reader("a", *prompts(TEST, 3)),
        reader("b", *prompts(TWIN, 2)),
        reader("c", "nothing"),
        reader("d", *prompts(TEST, 1), *prompts(TWIN, 1)),
    ]
    there, back = found_in(*readers), found_in(*(readers[i] for i in order))
    assert sorted(map(str, there.counts)) == sorted(map(str, back.counts))
    first, second = contamination_findings(there)[0], contamination_findings(back)[0]
    assert (first.verdict, first.values) == (second.verdict, second.values)


def test_evidence_is_the_strongest_and_names_test_items_only() -> None:
    near = TEST[9].prompt.replace("list ?", "page !")
    facts = found_in(reader("a", TWIN[0].prompt, near, *prompts(TEST, 9)))
    assert len(facts.evidence) == KEPT_EVIDENCE
    assert [place.line for place in facts.evidence] == [3, 4, 5, 6, 7, 8]
    assert {place.path for place in facts.evidence} == {"a"}


def test_a_private_test_leaves_places_and_no_words() -> None:
    """One place, though all five ways of looking find it."""
    facts = scan([reader("a", TEST[0].prompt)], TEST, TWIN, templated=True, private=True)
    assert [(place.path, place.line, place.quote) for place in facts.evidence] == [("a", 1, "")]


def test_of_many_files_the_ones_that_say_most_are_kept() -> None:
    """Twenty files with one item each and one with all: the latter is kept whatever its name."""
    many = [reader(f"f{i:02}", TEST[i].prompt) for i in range(20)]
    facts = found_in(*many, reader("zz", *prompts(TEST, 20)))
    kept = {count.unit for count in facts.counts}
    assert len(kept) == KEPT_UNITS + 1
    assert {"", "zz"} <= kept
    assert facts.units == 21


def test_files_that_cannot_be_read_are_named_in_a_finding_of_their_own() -> None:
    dark = reader("dark.bin")
    dark.add_unread(5000)
    scan_finding, opaque = contamination_findings(found_in(dark, reader("a", "x")))
    assert (scan_finding.detector, scan_finding.verdict) == ("contamination", "clear")
    assert (opaque.detector, opaque.verdict, opaque.values) == ("opaque", "review", {"files": 1})
    assert [place.path for place in opaque.evidence] == ["dark.bin"]


def whole(test: int, twin: int, *, templated: bool = True, units: int = 1, n: int = 200) -> ScanFacts:
    row = LayerCount(unit="", layer="exact", test=test, twin=twin)
    return ScanFacts(n_test=n, n_twin=n, templated=templated, counts=(row,), units=units)


@settings(max_examples=50)
@given(st.integers(0, 200), st.integers(0, 200), st.integers(1, 30))
def test_the_verdict_follows_from_the_corrected_p(test: int, twin: int, units: int) -> None:
    facts = whole(test, twin, units=units)
    number = len(LAYERS) * (1 + (units if units > 1 else 0))
    p = min(1.0, comparison(facts, facts.counts[0]).p * number)
    (finding,) = contamination_findings(facts)
    assert finding.values["p"] == pytest.approx(p)
    assert finding.values["comparisons"] == number
    assert finding.verdict == ("flagged" if p < FLAG_P else "review" if p < REVIEW_P else "clear")
    assert bool(finding.reason) == (finding.verdict != "clear")
    assert "surplus" not in finding.values


def test_more_files_make_the_same_hits_weigh_less() -> None:
    """18 of 200 against none: p = 2.3e-6 a comparison, flagged with 5 comparisons and held with 5 · 31."""
    assert contamination_findings(whole(18, 0))[0].verdict == "flagged"
    assert contamination_findings(whole(18, 0, units=30))[0].verdict == "review"


@settings(max_examples=50)
@given(st.integers(0, 200), st.integers(0, 200))
def test_more_test_items_never_look_more_innocent_and_more_twin_items_never_less(
    test: int, twin: int
) -> None:
    facts = whole(test, twin)
    p = comparison(facts, facts.counts[0]).p
    assert 0 <= p <= 1
    if test < 200:
        assert comparison(facts, facts.counts[0].model_copy(update={"test": test + 1})).p <= p + 1e-12
    if twin < 200:
        assert comparison(facts, facts.counts[0].model_copy(update={"twin": twin + 1})).p >= p - 1e-12


@pytest.mark.parametrize(
    ("test", "twin", "verdict"),
    [(3, 0, "clear"), (4, 0, "flagged"), (5, 2, "clear"), (6, 2, "flagged"), (0, 50, "clear")],
)
def test_an_untemplated_test_may_exceed_the_rate_of_its_twin_by_three(
    test: int, twin: int, verdict: Literal["clear", "flagged"]
) -> None:
    facts = whole(test, twin, templated=False)
    assert surplus(facts) == test - twin
    (finding,) = contamination_findings(facts)
    assert (finding.verdict, finding.values["surplus"]) == (verdict, test - twin)
    assert TOLERATED == 3


@pytest.mark.parametrize(
    ("layer", "unit", "expected"),
    [("exact", "", 7.5), ("ngram", "", 7.5), ("exact_names", "", 0.0), ("exact", "a.txt", 0.0)],
)
def test_the_surplus_is_of_plain_copies_in_all_files(layer: LayerName, unit: str, expected: float) -> None:
    """A twin of half the size: 5 of 100 lead to expect 2.5 of 50, so that 10 are 7.5 too many."""
    row = LayerCount(unit=unit, layer=layer, test=10, twin=5)
    assert surplus(ScanFacts(n_test=50, n_twin=100, templated=False, counts=(row,))) == expected


def test_without_a_twin_there_is_no_surplus() -> None:
    row = LayerCount(unit="", layer="exact", test=10, twin=0)
    facts = ScanFacts(n_test=50, n_twin=0, templated=False, counts=(row,))
    assert surplus(facts) == 0
    (finding,) = contamination_findings(facts)
    assert (finding.verdict, finding.values["twin"]) == ("clear", 0.0)


@pytest.mark.parametrize(
    ("k", "n", "w", "m", "z"),
    [
        (10, 100, 10, 100, 0.0),
        (0, 100, 0, 100, 0.0),
        (100, 100, 50, 50, 0.0),
        (1, 0, 1, 0, 0.0),
        (30, 100, 10, 100, (0.3 - 0.1) / math.sqrt(0.2 * 0.8 * 0.02)),
    ],
)
def test_z_of_two_shares(k: int, n: int, w: int, m: int, z: float) -> None:
    assert share_z(k, n, w, m) == pytest.approx(z)


def test_the_own_records_weights_and_tokenizers_are_not_read(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "train.jsonl": "{}",
        "model.safetensors": "mine",
        "tokenizer.json": "{}",
        "final_model/model.safetensors": "w",
        "final_model/tokenizer.json": "{}",
        "final_model/tokenizer_config.json": "{}",
        "final_model/README.md": "x",
    }
    assert scanned_paths(make_bundle(tmp_path / "b", files)) == [
        "final_model/README.md",
        "workspace/model.safetensors",
        "workspace/tokenizer.json",
        "workspace/train.jsonl",
    ]


def test_the_given_copy_is_left_out_by_its_hash_and_its_name(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"test_data.json": "[1]", "copy.json": "[1]", "dev_prompts.jsonl": "{}"}
    sha = make_bundle(tmp_path / "a", files).manifest.files["workspace/test_data.json"].sha256
    system = {"files": {"test_data.json": {"before": sha, "after": "changed"}, "x": "no record"}}
    paths = scanned_paths(make_bundle(tmp_path / "b", files, system=system))
    assert paths == ["workspace/copy.json", "workspace/dev_prompts.jsonl"]
    assert given_hashes(system) == {sha}  # type: ignore[arg-type]
    assert given_hashes({}) == given_hashes({"files": [1]}) == set()


def test_commands_are_read_and_what_they_printed_is_not(tmp_path: Path) -> None:
    made = trace_records([{"cmd": f"echo {TEST[0].prompt}", "out": TEST[1].prompt}, {"text": TEST[2].prompt}])
    texts = " ".join(record.text for record in made.records)
    assert TEST[0].prompt in texts
    assert TEST[1].prompt not in texts
    assert TEST[2].prompt not in texts
    bundle = make_bundle(tmp_path / "b", {"a.txt": TEST[3].prompt}, commands=[f"echo {TEST[0].prompt}"])
    facts = scan_bundle(bundle, TEST, TWIN, templated=True)
    assert counts(facts, "trace.jsonl")["exact"] == (1, 0)
    assert counts(facts, "workspace/a.txt")["exact"] == (1, 0)
    assert counts(facts, "")["exact"] == (2, 0)


@pytest.mark.parametrize(
    ("large", "n"),
    [
        ([{"path": "workspace/a.jsonl"}, {"path": "final_model/model.safetensors"}], 1),
        ([{"path": "a"}, {"path": "b"}, "c"], 2),
        ([{}], 1),
        ({"path": "a"}, 0),
        (None, 0),
    ],
)
def test_data_that_was_too_large_to_be_collected_is_counted(tmp_path: Path, large: object, n: int) -> None:
    write_manifest(tmp_path, cell="c", exit="finished", facts={"large": large})  # type: ignore[dict-item]
    bundle = Bundle.open(tmp_path)
    assert large_files(bundle) == n
    facts = scan_bundle(bundle, TEST, TWIN, templated=True)
    assert contamination_findings(facts)[0].values.get("large", 0) == n
