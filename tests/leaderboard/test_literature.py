"""Published figures: spot values, completeness, and what the transcription says when it is wrong."""

import math
from itertools import pairwise

import pytest

from interplay.leaderboard.charts.literature import published_forest, published_matrices
from interplay.leaderboard.literature import Figure, Literature, load_sources, parse_source
from interplay.tasks.mistakes import UserMistake

MINIMAL = """
source: demo
title: Demo
citation: A paper
url: https://example.org/paper
second_hand: true
metrics: {rate: {label: Rate, range: [0, 1]}}
rows:
  - {family: mazes, table: Table 1, model: a, metric: rate, value: 0.4, interval_kind: none, n: 50}
"""


@pytest.fixture(scope="module")
def gap() -> Literature:
    return next(source for source in load_sources() if source.source == "collaboration_gap")


def cell(source: Literature, metric: str, model: str, partner: str, group: str | None = None) -> Figure:
    found = [r for r in source.figures(metric, group) if (r.model, r.partner) == (model, partner)]
    assert found, f"no {metric} cell for {model} then {partner}"
    return found[0]


@pytest.mark.parametrize(
    ("metric", "model", "partner", "printed"),
    [
        ("weighted", "gpt-5", "gpt-5", "0.99 ± 0.02"),
        ("binary", "gpt-5", "gpt-5", "0.97 ± 0.02"),
        ("weighted", "o3", "gpt-4.1-mini", "0.77 ± 0.03"),
        ("weighted", "gpt-4.1-mini", "o3", "0.62 ± 0.05"),
        ("binary", "command-r7b", "command-r7b", "0.00"),
        ("binary", "command-a", "command-r", "printed as 0.00–0.05"),
        ("weighted", "grok-3", "claude-sonnet-4", None),
    ],
)
def test_spot_values(gap: Literature, metric: str, model: str, partner: str, printed: str | None) -> None:
    if printed is None:
        assert not [r for r in gap.figures(metric) if (r.model, r.partner) == (model, partner)]
    else:
        assert cell(gap, metric, model, partner).printed == printed


def test_all_printed_cells_are_there_once_per_group(gap: Literature) -> None:
    weighted, binary = gap.figures("weighted"), gap.figures("binary")
    assert len(weighted) == len(binary) == 100
    places = [(r.group, r.model, r.partner) for r in weighted]
    assert len(set(places)) == 100
    assert places == [(r.group, r.model, r.partner) for r in binary]
    assert all(r.value is not None and r.lo is not None for r in weighted)
    assert {r.group for r in binary if r.value is None} == {"Cohere"}
    sizes = {group: len(gap.figures("weighted", group)) for group in gap.groups}
    assert sizes == {
        "Google / OpenAI": 21,
        "OpenAI": 24,
        "xAI / OpenAI": 21,
        "Everyday flagships": 16,
        "Anthropic": 9,
        "Cohere": 9,
    }


def test_a_pair_printed_twice_is_kept_twice(gap: Literature) -> None:
    first = cell(gap, "weighted", "gemini-2.5-flash", "gpt-4.1", "Google / OpenAI")
    second = cell(gap, "weighted", "gemini-2.5-flash", "gpt-4.1", "Everyday flagships")
    assert (first.printed, second.printed) == ("0.63 ± 0.09", "0.68 ± 0.06")


def test_homogeneous_pairs_are_sorted_and_the_silent_planner_beats_ten(gap: Literature) -> None:
    own = gap.homogeneous("binary")
    values = [row.value or 0.0 for row in own]
    assert len(own) == 18
    assert all(a >= b for a, b in pairwise(values))
    silent = next(mark for mark in gap.marks if "silent planner" in mark.label)
    assert sum(value < silent.value for value in values) == 10


def test_reanalysis_follows_from_the_printed_cells(gap: Literature) -> None:
    """The six numbers of the re-analysis are recomputed; a slip in the transcription would show here."""
    facts = gap.reanalysis
    assert facts is not None
    rows = gap.figures(facts.metric)
    own = {r.model: r.value or 0.0 for r in gap.homogeneous(facts.metric)}
    by_place = {(r.group, r.model, r.partner): r for r in rows}
    differences: dict[frozenset[str], tuple[float, float, str, str]] = {}
    for row in rows:
        reverse = by_place.get((row.group, row.partner, row.model))
        if row.is_homogeneous or row.partner is None or reverse is None:
            continue
        strong, weak = (row, reverse) if own[row.model] >= own[row.partner] else (reverse, row)
        joint = math.hypot(strong.half_width or 0.0, weak.half_width or 0.0)
        difference = round((strong.value or 0.0) - (weak.value or 0.0), 6)
        differences.setdefault(
            frozenset((row.model, row.partner)), (difference, joint, strong.model, weak.model)
        )
    found = list(differences.values())
    assert len(found) == facts.pairs
    assert sum(d > 0 for d, *_ in found) == facts.stronger_first_better
    assert sum(d == 0 for d, *_ in found) == facts.equal
    assert sum(d < 0 for d, *_ in found) == facts.stronger_first_worse
    assert sum(d for d, *_ in found) / len(found) == pytest.approx(facts.mean_difference, abs=1e-3)
    assert sum(d > joint for d, joint, *_ in found) == facts.beyond_joint_interval
    assert sum(-d > joint for d, joint, *_ in found) == facts.beyond_joint_interval_against
    largest = max(found)
    assert (largest[2], largest[3], largest[0]) == (
        facts.largest.model,
        facts.largest.partner,
        facts.largest.difference,
    )


def test_grader_reliability_has_both_settings_of_both_panels(gap: Literature) -> None:
    assert [(g.setting, g.icc, g.kappa) for g in gap.graders] == [
        ("solo", 0.99, 0.99),
        ("collaborative", 0.89, 0.87),
        ("solo", 0.88, 0.91),
        ("collaborative", 0.84, 0.77),
    ]


def test_the_abstract_on_user_turns_gives_three_numbers_and_no_interval() -> None:
    source = next(source for source in load_sources() if source.source == "user_turn")
    assert source.is_list
    assert published_forest(source, None) is None
    assert published_matrices(source, "") == ()
    assert [(row.model, row.value) for row in source.rows if row.value is not None] == [
        ("Qwen3.5-0.8B", 0.41),
        ("Qwen3.5-397B-A17B", 0.968),
        ("model and data set not given", 0.22),
    ]
    assert all(row.lo is None and row.table == "abstract" for row in source.rows)
    assert [row.note for row in source.rows if row.value is None] == [
        "near zero, no number",
        "increase, no number",
        "5 data sets",
    ]


def test_printed_matrices_are_no_list(gap: Literature) -> None:
    assert not gap.is_list
    assert published_forest(gap, None) is not None
    assert len(published_matrices(gap, "OpenAI")) == 3


def test_a_share_with_n_but_no_interval_gets_wilson_marked_computed() -> None:
    row = parse_source(MINIMAL, "demo.yaml").rows[0]
    assert row.interval_kind == "computed"
    assert (row.lo, row.hi) == (pytest.approx(0.2761, abs=1e-3), pytest.approx(0.5382, abs=1e-3))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("value: 0.4,", "value: 0.4, colour: red,", "colour"),
        ("value: 0.4, interval_kind: none", "value: 0.4, lo: 0.5, hi: 0.6, interval_kind: 95 %", "outside"),
        ("value: 0.4, interval_kind: none", "value: 0.4, interval_kind: 95 %", "given together"),
        ("https://example.org", "http://example.org", "url"),
        ("metric: rate", "metric: speed", "metric speed has no entry"),
        ("source: demo", "source: [", "YAML"),
    ],
)
def test_a_wrong_file_is_one_sentence(old: str, new: str, expected: str) -> None:
    with pytest.raises(UserMistake) as caught:
        parse_source(MINIMAL.replace(old, new), "demo.yaml")
    message = str(caught.value)
    assert message.startswith("demo.yaml: ")
    assert expected in message
    assert "\n" not in message


def test_what_is_known_of_rules_against_anger_is_direction_and_context_without_a_number() -> None:
    found = {source.source: source for source in load_sources() if source.rows[0].family == "deescalation"}
    assert set(found) == {"nvc", "warmth", "user_simulators"}
    assert all(row.value is None and row.note for source in found.values() for row in source.rows)
    assert [row.table for row in found["nvc"].rows] == [
        "abstract",
        "reported second-hand",
        "reported second-hand",
    ]
    assert found["nvc"].second_hand
    assert [row.note for row in found["warmth"].rows] == ["10 to 30 percentage points more errors"]
    assert [row.note for row in found["user_simulators"].rows] == ["moves by up to 9 percentage points"]
    for name in ("warmth", "user_simulators"):
        assert all(metric.label.startswith("Context") for metric in found[name].metrics.values())
    assert all(source.boards == ("deescalation-effect",) for source in found.values())
