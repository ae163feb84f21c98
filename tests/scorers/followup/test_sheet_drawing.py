"""How turns are drawn for people: strata alike, disputed turns more often, weights that add up."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.followup_sheet import (
    DISAGREEMENT,
    ITEMS,
    Item,
    drawn,
    family_of,
    items_of,
    key_path,
    write_sheet,
)

from .sheets import item, read_rows

few = settings(max_examples=50)

RULES = ("genuine", "closer", "unrelated")
TURNS = st.lists(
    st.tuples(st.sampled_from(RULES), st.sampled_from(RULES), st.sampled_from("ab"), st.sampled_from([0, 1])),
    min_size=1,
    max_size=60,
)


def items_like(rows: list[tuple[str, str, str, int]]) -> list[Item]:
    """One item a row: label by the rules, by the judge, family, temperature."""
    return [
        item(n, rules, judge, family=family, origin=(family, f"c{n}", f"{t}.0", n))
        for n, (rules, judge, family, t) in enumerate(rows)
    ]


def weight_by_stratum(items: list[Item]) -> dict[tuple[str, str, str], float]:
    found: dict[tuple[str, str, str], float] = {}
    for one in items:
        found[one.stratum] = found.get(one.stratum, 0.0) + one.weight
    return found


@few
@given(TURNS, st.integers(1, 80))
def test_as_many_are_drawn_as_were_asked_for_or_as_there_are(rows: list, count: int) -> None:
    chosen = drawn(items_like(rows), count)
    assert len(chosen) == min(count, len(rows))
    assert len({one.origin for one in chosen}) == len(chosen), "none is drawn twice"
    assert [one.item for one in chosen] == [f"{n:03}" for n in range(1, len(chosen) + 1)]


@few
@given(TURNS, st.integers(1, 80))
def test_what_is_drawn_depends_on_the_turns_and_not_on_their_order(rows: list, count: int) -> None:
    items = items_like(rows)
    chosen = drawn(items, count)
    assert drawn(items[::-1], count) == chosen
    assert drawn([*items[1::2], *items[::2]], count) == chosen


@few
@given(TURNS)
def test_all_turns_drawn_weigh_one_each(rows: list) -> None:
    assert {one.weight for one in drawn(items_like(rows), len(rows))} == {1.0}


@few
@given(TURNS, st.integers(6, 80))
def test_a_stratum_weighs_as_much_as_it_has_turns_where_both_of_its_parts_are_drawn(
    rows: list, count: int
) -> None:
    items = items_like(rows)
    chosen = drawn(items, count)
    weights, sizes = weight_by_stratum(chosen), Counter(one.stratum for one in items)
    for stratum, weight in weights.items():
        parts = {one.disputed for one in items if one.stratum == stratum}
        if parts == {one.disputed for one in chosen if one.stratum == stratum}:
            assert weight == pytest.approx(sizes[stratum])
        else:
            assert weight < sizes[stratum]


@few
@given(TURNS, st.integers(1, 80))
def test_small_strata_are_drawn_whole_and_the_others_alike(rows: list, count: int) -> None:
    """No stratum gives more than another one but for a remainder of one, unless the other is used up."""
    items = items_like(rows)
    sizes = Counter(one.stratum for one in items)
    taken = Counter(one.stratum for one in drawn(items, count))
    for small in sizes:
        for large in sizes:
            if taken[large] > taken[small] + 1:
                assert taken[small] == sizes[small]


@few
@given(TURNS, st.integers(1, 80))
def test_a_disputed_turn_is_never_drawn_less_often_than_an_agreed_one(rows: list, count: int) -> None:
    items = items_like(rows)
    chosen = drawn(items, count)
    for stratum in {one.stratum for one in chosen}:
        there = Counter(one.disputed for one in items if one.stratum == stratum)
        took = Counter(one.disputed for one in chosen if one.stratum == stratum)
        if there[True] and took.total() > 1:
            assert took[True] >= 1
            # A draw is whole: the share of the disputed may fall behind by less than one turn.
            assert (took[True] + 1) * there[False] >= took[False] * there[True]


def test_disputed_turns_are_drawn_three_times_as_often() -> None:
    """100 of 400 turns are disputed, so of 60 drawn 60 * 3*100 / (3*100 + 300) = 30 are."""
    assert DISAGREEMENT == 3
    items = [item(n, "closer", "genuine" if n < 100 else "closer") for n in range(400)]
    chosen = drawn(items, 60)
    assert sum(one.disputed for one in chosen) == 30
    assert {one.weight for one in chosen if one.disputed} == {100 / 30}
    assert {one.weight for one in chosen if not one.disputed} == {300 / 30}


def test_a_rare_disputed_turn_is_always_drawn() -> None:
    items = [item(n, "closer", "genuine" if n == 7 else "closer") for n in range(2000)]
    (disputed,) = [one for one in drawn(items, 10) if one.disputed]
    assert (disputed.origin[3], disputed.weight) == (7, 1.0)
    assert len(drawn(items, 1)) == 1


def test_where_disputed_turns_run_out_agreed_ones_take_their_place() -> None:
    """Of 15 turns with 10 disputed, 14 would hold 14 * 30/35 = 12 disputed: all 10 are, and 4 others."""
    chosen = drawn([item(n, "closer", "genuine" if n < 10 else "closer") for n in range(15)], 14)
    assert Counter(one.disputed for one in chosen) == {True: 10, False: 4}
    assert {one.weight for one in chosen if not one.disputed} == {5 / 4}


@pytest.mark.parametrize(
    ("rules", "judge", "disputed"),
    [("genuine", "genuine", False), ("genuine", "closer", True), ("closer", "genuine", True),
     ("closer", "unrelated", False)],
)  # fmt: skip
def test_a_turn_is_disputed_where_one_alone_calls_it_genuine(rules: str, judge: str, disputed: bool) -> None:
    assert item(1, rules, judge).disputed == disputed


def test_turns_of_another_family_temperature_or_label_are_another_stratum() -> None:
    base = item(1)
    assert base.stratum == ("qwen", "1.0", "closer")
    others = [base.model_copy(update=change) for change in (
        {"family": "gpt"}, {"origin": ("m", "c", "0.0", 0)}, {"rules": "empty"})]  # fmt: skip
    assert len({one.stratum for one in (base, *others)}) == 4
    assert base.model_copy(update={"judge": "empty"}).stratum == base.stratum


SAME = {"conversation": "USER: q", "reply": "r", "turn": "thanks"}


@pytest.mark.parametrize(
    ("change", "count"),
    [({}, 1), ({"conversation": "USER: other"}, 2), ({"reply": "s"}, 2), ({"turn": "thanks!"}, 2),
     ({"judge": "genuine"}, 2), ({"rules": "empty", "judge": "empty"}, 2), ({"family": "gpt"}, 2),
     ({"second": "genuine"}, 1)],
    ids=str,
)  # fmt: skip
def test_only_turns_that_read_and_count_the_same_are_one(change: dict[str, str], count: int) -> None:
    items = [item(1, **SAME), item(2, **(SAME | change))]
    chosen = drawn(items)
    assert len(chosen) == count
    assert sum(one.weight for one in chosen) == 2
    assert drawn(items[::-1]) == chosen


def test_of_turns_that_are_one_the_first_by_origin_stays() -> None:
    (one,) = drawn([item(n, **SAME) for n in (3, 1, 2)])
    assert one.origin[1] == "c1"
    assert one.weight == 3


def test_nothing_to_draw_is_nothing_drawn() -> None:
    assert drawn([]) == []


def test_a_number_beyond_999_keeps_all_its_digits() -> None:
    chosen = drawn([item(n) for n in range(1001)], 1001)
    assert len({one.item for one in chosen}) == 1001
    assert chosen[-1].item == "1001"


def test_four_hundred_are_drawn_unless_told_otherwise() -> None:
    assert ITEMS == len(drawn([item(n) for n in range(500)])) == 400


def test_the_sheet_holds_the_turns_in_the_order_drawn_and_the_key_their_origin(tmp_path) -> None:
    chosen = drawn([item(n, "genuine" if n % 2 else "closer") for n in range(20)], 10)
    write_sheet(tmp_path / "a.csv", chosen)
    assert [row[0] for row in read_rows(tmp_path / "a.csv")] == [one.item for one in chosen]
    assert [row[3] for row in read_rows(tmp_path / "a.csv")] == [one.turn for one in chosen]
    lines = key_path(tmp_path / "a.csv").read_text("utf-8").splitlines()
    hidden = {"conversation": "", "reply": "", "turn": ""}
    kept = [one.model_copy(update=hidden) for one in chosen]
    assert [
        Item.model_validate_json(line[:-1] + ',"conversation":"","reply":"","turn":""}') for line in lines
    ] == kept


def test_a_sheet_in_one_order_would_tell_the_stratum() -> None:
    chosen = drawn(items_like([(rules, rules, "a", 1) for rules in RULES for _ in range(30)]), 60)
    labels = [one.rules for one in chosen]
    assert labels != sorted(labels)
    changes = sum(a != b for a, b in pairwise(labels))
    assert changes > 20, "a shuffle of three equal parts changes its part about 40 times in 60"


@pytest.mark.parametrize(
    ("sheet", "key"),
    [("a/sheet.csv", "a/sheet.key.jsonl"), ("sheet", "sheet.key.jsonl"), ("s.v2.csv", "s.v2.key.jsonl")],
)
def test_a_key_stands_beside_its_sheet(sheet: str, key: str, tmp_path) -> None:
    assert key_path(tmp_path / sheet) == tmp_path / key


@pytest.mark.parametrize(
    ("model", "family"),
    [("openai/GPT-5", "gpt"), ("a/b/4b-llama3", "b"), ("Qwen", "qwen"), ("x/123", "x/123"),
     ("m/\u6a21\u578b", "m/\u6a21\u578b"), ("a/", "a/")],
)  # fmt: skip
def test_a_model_without_a_letter_is_its_own_family(model: str, family: str) -> None:
    assert family_of(model) == family


def test_the_logs_of_no_judge_are_refused_by_the_first_of_them(monkeypatch, tmp_path) -> None:
    from interplay.scorers import followup_sheet
    from interplay.tasks.mistakes import UserMistake

    monkeypatch.setattr(followup_sheet, "judged_log", lambda path: path)
    graders = {"a": "x/one", "b": None, "c": "x/two"}
    monkeypatch.setattr(followup_sheet, "grader_of", lambda path: graders[path.name])
    monkeypatch.setattr(followup_sheet, "_items", lambda judging: [item(1, grader=judging.grader)])
    a, b, c = (tmp_path / name for name in "abc")
    with pytest.raises(UserMistake) as none:
        items_of([b, b], None)
    assert none.value.message == (
        f"{b}: no turn was judged; run with -T judge=true --model-role grader=<model>."
    )
    with pytest.raises(UserMistake) as several:
        items_of([c, a], None)
    assert several.value.message == "these logs have 2 judges; choose with --grader x/one|x/two."
    with pytest.raises(UserMistake) as other:
        items_of([a, b], "x/two")
    assert other.value.message == "--grader x/two: no log was judged by it; there is x/one."
    assert [one.second for one in items_of([a, c], "x/one")] == ["closer"]
    assert [one.grader for one in items_of([a, c, b], "x/two")] == ["x/two"]
    assert [one.second for one in items_of([a, b], None)] == [None]
