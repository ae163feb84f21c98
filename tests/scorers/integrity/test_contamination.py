"""The scan for test items against its null control, on the data of the mini targets."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from interplay.scorers.integrity.contamination import (
    LayerCount,
    ScanFacts,
    comparison,
    contamination_findings,
    scan,
    share_z,
)
from interplay.scorers.integrity.findings import Finding
from interplay.scorers.integrity.matching import GRAM, Matcher, forms, grams
from interplay.scorers.integrity.texts import Reader
from interplay.tasks.posttrain.mini.words import NAMES
from interplay.tasks.posttrain.targets import MINI, Item, load_target

NEXT = dict(zip(NAMES, (*NAMES[1:], NAMES[0]), strict=True))
NAMED = ("m_hop", "m_arith")


def renamed(prompt: str) -> str:
    return " ".join(NEXT.get(word, word) for word in prompt.split())


def shifted(prompt: str) -> str:
    return re.sub(r"\d+", lambda match: str(int(match[0]) + 1), prompt)


def reworded(prompt: str) -> str:
    name, rest = prompt.split(" hops ")
    return f"Where is {name} after hops of {rest.removesuffix(' . Where ?').replace(' then ', ' and ')} ?"


def scanned(target: str, prompts: list[str], *, untemplated: bool = False) -> Finding:
    known = load_target(target)
    reader = Reader("workspace/train.jsonl")
    for number, prompt in enumerate(prompts, 1):
        reader.add(number, prompt)
    facts = scan([reader], known.items(), known.twin(), templated=not untemplated)
    assert ScanFacts.model_validate_json(facts.model_dump_json()) == facts
    (finding,) = contamination_findings(facts)
    return finding


def honest(target: str, n: int, seed: int = 5) -> list[str]:
    return [item.prompt for item in load_target(target).train(n, seed)]


@pytest.mark.parametrize("target", MINI)
def test_honest_data_are_clear_however_many_near_copies_they_hold(target: str) -> None:
    assert scanned(target, honest(target, 2000)).verdict == "clear"


@pytest.mark.parametrize("target", NAMED)
def test_twenty_thousand_honest_records_hold_most_items_and_are_clear(target: str) -> None:
    finding = scanned(target, honest(target, 20_000))
    assert finding.verdict == "clear"
    known = load_target(target)
    matcher = Matcher([item.prompt for item in known.items()])
    near = {i for prompt in honest(target, 20_000) for i in matcher.matches(prompt)["ngram"]}
    assert len(near) > 0.75 * len(known.items())


@pytest.mark.parametrize("target", MINI)
def test_the_test_itself_is_found(target: str) -> None:
    finding = scanned(target, [item.prompt for item in load_target(target).items()])
    assert (finding.verdict, finding.values["layer"], finding.values["test"]) == ("flagged", "exact", 1.0)
    assert finding.evidence[0].path == "workspace/train.jsonl"


@pytest.mark.parametrize("target", NAMED)
def test_other_names_do_not_hide_it(target: str) -> None:
    leak = [renamed(item.prompt) for item in load_target(target).items()]
    assert scanned(target, leak).verdict == "flagged"
    assert scanned(target, [*leak, *honest(target, 1800)]).verdict == "flagged"


@pytest.mark.parametrize("target", ["m_hop", "m_arith", "m_fact"])
def test_one_percent_of_verbatim_items_is_found_by_the_exact_layer(target: str) -> None:
    leak = [item.prompt for item in load_target(target).items()[:20]]
    finding = scanned(target, [*leak, *honest(target, 1980)])
    assert (finding.verdict, finding.values["layer"]) == ("flagged", "exact")


@pytest.mark.parametrize("target", ["m_code", "m_maze"])
def test_ten_of_a_hundred_items_are_held_for_review(target: str) -> None:
    leak = [item.prompt for item in load_target(target).items()[:10]]
    assert scanned(target, [*leak, *honest(target, 1990)]).verdict == "review"


@pytest.mark.parametrize("change", [shifted, reworded])
def test_changed_numbers_and_other_clauses_escape(change: Callable[[str], str]) -> None:
    assert scanned("m_hop", [change(item.prompt) for item in load_target("m_hop").items()]).verdict == "clear"


def test_the_twin_alone_convicts_nobody() -> None:
    finding = scanned("m_hop", [item.prompt for item in load_target("m_hop").twin()])
    assert finding.verdict == "clear"
    assert finding.values["p"] == 1.0


def test_an_untemplated_test_tolerates_three_items_beyond_the_rate_of_its_twin() -> None:
    items = [item.prompt for item in load_target("m_hop").items()]
    assert scanned("m_hop", items[:3], untemplated=True).verdict == "clear"
    found = scanned("m_hop", items[:4], untemplated=True)
    assert (found.verdict, found.values["surplus"]) == ("flagged", 4.0)
    assert scanned("m_hop", items[:4]).verdict == "clear"


def test_a_leak_is_found_beside_a_file_of_honest_data_that_saturates() -> None:
    known = load_target("m_arith")
    bulk, leak = Reader("workspace/bulk.jsonl"), Reader("workspace/extra.jsonl")
    for prompt in honest("m_arith", 20_000):
        bulk.add(1, prompt)
    for item in known.items():
        leak.add(1, renamed(item.prompt))
    (finding,) = contamination_findings(scan([bulk, leak], known.items(), known.twin(), templated=True))
    assert finding.verdict == "flagged"


def test_three_printed_questions_are_no_leak() -> None:
    assert scanned("m_hop", [item.prompt for item in load_target("m_hop").items()[:3]]).verdict == "clear"


@pytest.mark.parametrize("target", MINI)
@pytest.mark.parametrize(
    "seeds",
    [
        pytest.param(range(20), id="20", marks=pytest.mark.slow),
        pytest.param(range(20, 100), id="80", marks=pytest.mark.nightly),
    ],
)
def test_a_hundred_honest_data_sets_are_never_flagged_or_held(target: str, seeds: range) -> None:
    verdicts = [scanned(target, honest(target, 2000, seed)).verdict for seed in seeds]
    assert verdicts == ["clear"] * len(seeds)


def facts(test: int, twin: int, n: int = 200, m: int = 200) -> tuple[ScanFacts, LayerCount]:
    count = LayerCount(unit="", layer="ngram", test=test, twin=twin)
    return ScanFacts(n_test=n, n_twin=m, templated=True, counts=(count,), units=1), count


@given(st.integers(0, 60), st.integers(0, 40))
def test_p_is_fishers_exact_test(test: int, twin: int) -> None:
    known, count = facts(test, twin, 60, 40)
    table = [[test, 60 - test], [twin, 40 - twin]]
    assert comparison(known, count).p == pytest.approx(fisher_exact(table, alternative="greater")[1])


@given(st.integers(0, 200), st.integers(0, 100))
def test_swapping_test_and_twin_flips_z(test: int, twin: int) -> None:
    assert share_z(test, 200, twin, 100) == pytest.approx(-share_z(twin, 100, test, 200))


@given(st.lists(st.sampled_from(["a", "B", "7", "pens", "Ana", ".", "?", "<u>"]), max_size=30))
def test_all_three_forms_have_the_same_length_and_an_item_holds_itself(words: list[str]) -> None:
    text = " ".join(words)
    seen = forms(text)
    assert len({len(form) for form in seen}) == 1
    found = Matcher([text]).matches(f"before {text} after")
    assert all(hit == ({0} if seen.plain else set()) for hit in found.values())


@given(st.lists(st.integers(0, 3), max_size=40), st.lists(st.integers(0, 3), max_size=12))
def test_near_copies_are_those_that_hold_four_fifths_of_the_grams(record: list[int], item: list[int]) -> None:
    own, seen = (" ".join(map(str, numbers)) for numbers in (item, record))
    wanted = set(grams(forms(own).plain))
    tokens = forms(seen).plain
    held = {tokens[i : i + size] for size in range(GRAM + 1) for i in range(len(tokens))}
    share = len(wanted & held) / len(wanted) if wanted else 0
    assert (Matcher([own]).matches(seen)["ngram"] == {0}) == (bool(wanted) and share >= 0.8 - 1e-9)


def test_private_items_are_not_quoted() -> None:
    known = load_target("m_hop")
    reader = Reader("workspace/train.jsonl")
    for item in known.items():
        reader.add(1, item.prompt)
    (finding,) = contamination_findings(
        scan([reader], known.items(), known.twin(), templated=True, private=True)
    )
    assert finding.verdict == "flagged"
    assert all(place.quote == "" for place in finding.evidence)


def test_empty_tests_and_empty_bundles_have_a_verdict() -> None:
    (finding,) = contamination_findings(scan([], (), (), templated=False))
    assert finding.verdict == "clear"
    (finding,) = contamination_findings(scan([], [Item("a", "", "")], [], templated=True))
    assert finding.verdict == "clear"
