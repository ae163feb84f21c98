"""Which contexts answer which question about user turns; values by hand, and nothing where there is none."""

import random
from collections.abc import Sequence

import pytest

from interplay.tasks.observations import Estimand, Observation
from interplay.tasks.user_turn.perturb import ARMS
from interplay.tasks.user_turn.summary import (
    FEWEST_A_SIDE,
    accuracy,
    arms,
    by_temperature,
    decoupling,
    degenerate,
    human_ratio,
    labels,
    summarise,
    terminators,
)


def turn(
    unit: str,
    dataset: str = "gsm8k",
    errored: bool = False,
    label: str | None = None,
    **values: float,
) -> Observation:
    """One context; `gfr_t1=0.3` stands for `followup.gfr_t1`, two underscores for a slash."""
    found = {
        key.replace("__", "/") if "." in key else f"followup.{key.replace('__', '/')}": v
        for key, v in values.items()
    }
    words = {} if label is None else {"followup.greedy": label}
    return Observation("user_turn", {}, unit, 1, unit, {"dataset": dataset}, found, words, errored, "m/x")


def labelled(unit: str, prefix: str, **shares: float) -> Observation:
    """A context with shares under keys of one prefix."""
    values = {f"{prefix}{name}": share for name, share in shares.items()}
    return Observation("user_turn", {}, unit, 1, unit, {}, values, {}, False, "m/x")


def dims(found: Sequence[Estimand]) -> list[dict[str, str]]:
    return [dict(e.dims) for e in found]


def test_each_temperature_is_a_figure_and_the_contrast_takes_hot_less_cold() -> None:
    rows = [turn("a", gfr_t0=0.0, gfr_t1=0.4, gfr_t0_6=0.2), turn("b", gfr_t1=0.1)]
    found = by_temperature(rows)
    assert dims(found) == [
        {"temperature": "0"}, {"temperature": "0_6"}, {"temperature": "1"}, {"contrast": "T = 1 less T = 0"}
    ]  # fmt: skip
    contrast = found[-1]
    assert (contrast.units, contrast.minus, contrast.kind) == (
        {"a": [0.4], "b": [0.1]},
        {"a": [0.0]},
        "difference",
    )


def test_the_turns_of_people_are_no_temperature() -> None:
    assert dims(by_temperature([turn("a", gfr_next=0.5, gfr_t1=0.1)])) == [{"temperature": "1"}]
    assert dims(by_temperature([turn("a", gfr_default=0.5)])) == [{"temperature": "default"}]


@pytest.mark.parametrize("missing", ["gfr_t0", "gfr_t1"])
def test_without_one_side_there_is_no_contrast(missing: str) -> None:
    other = {"gfr_t0": "gfr_t1", "gfr_t1": "gfr_t0"}[missing]
    assert not any("contrast" in e.dims for e in by_temperature([turn("a", **{other: 0.2})]))


def test_a_greedy_turn_is_degenerate_or_not_by_its_label() -> None:
    rows = [turn("a", label="degenerate"), turn("b", label="question"), turn("c"), turn("d", label="")]
    (greedy,) = degenerate(rows)
    assert greedy.dims == {"temperature": "0"}
    assert greedy.units == {"a": [1.0], "b": [0.0]}
    both = degenerate([*rows, turn("a", degenerate_t1=0.25)])
    assert dims(both) == [{"temperature": "0"}, {"temperature": "1"}]
    assert both[1].units == {"a": [0.25]}


def test_temperatures_of_degenerate_turns_stand_in_order() -> None:
    values = {f"degenerate_t{name}": 0.5 for name in ("2", "1", "0_6", "1_2", "0_3", "0_8")}
    names = [e.dims["temperature"] for e in degenerate([turn("a", **values)])]
    assert names == ["0_3", "0_6", "0_8", "1", "1_2", "2"]


def test_a_label_that_a_context_lacks_counts_as_none_of_its_turns() -> None:
    rows = [
        labelled("a", "turn_labels.", ask=0.5, thanks=0.5),
        labelled("b", "turn_labels.", ask=1.0),
        turn("c"),
    ]
    found = labels(rows)
    assert dims(found) == [{"label": "ask"}, {"label": "thanks"}]
    assert found[0].units == {"a": [0.5], "b": [1.0]}
    assert found[1].units == {"a": [0.5], "b": [0.0]}, "and a context without any labels is in none"
    for unit in "ab":
        assert sum(e.units[unit][0] for e in found) == pytest.approx(1)


def test_what_ended_a_turn_is_shared_out_likewise() -> None:
    (stop, length) = terminators(
        [labelled("a", "followup.terminators.", eos=1.0), labelled("b", "followup.terminators.", length=1.0)]
    )
    assert (stop.dims, stop.units) == ({"terminator": "eos"}, {"a": [1.0], "b": [0.0]})
    assert (length.dims, length.units) == ({"terminator": "length"}, {"a": [0.0], "b": [1.0]})


def test_an_arm_is_compared_with_the_base_and_the_base_with_nothing() -> None:
    rows = [turn("a", gfr_t1=0.5, react_t1=0.5, cut50__gfr_t1=0.7, cut50__react_t1=0.1, base__gfr_t1=0.9)]
    found = arms(rows)
    assert [(e.dims["arm"], e.metric) for e in found] == [
        ("cut50", "followup.gfr_difference"), ("cut50", "followup.react_difference")
    ]  # fmt: skip
    assert (found[0].units, found[0].minus) == ({"a": [0.7]}, {"a": [0.5]})


def test_arms_stand_in_their_fixed_order() -> None:
    values = {f"{arm}__gfr_t1": 0.1 for arm in reversed(ARMS)}
    assert [e.dims["arm"] for e in arms([turn("a", gfr_t1=0.5, **values)])] == list(ARMS[1:])


def test_turns_without_context_are_fluent_or_not_whatever_the_base() -> None:
    (fluent,) = arms([turn("a", no_context__fluent_t1=0.75)])
    assert (fluent.dims, fluent.metric) == ({"arm": "no_context"}, "followup.fluent")
    assert fluent.units == {"a": [0.75]}


def test_people_and_model_are_compared_on_conversations_of_people() -> None:
    rows = [turn("a", "wildchat", gfr_t1=0.2, gfr_next=1.0), turn("b", "wildchat", gfr_t1=0.1, gfr_next=0.0),
            turn("c", "gsm8k", gfr_t1=0.9, gfr_next=1.0)]  # fmt: skip
    (ratio,) = human_ratio(rows)
    assert ratio.kind == "ratio"
    assert (ratio.units, ratio.minus) == ({"a": [0.2], "b": [0.1]}, {"a": [1.0], "b": [0.0]})
    assert ratio.floor == 0.0


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [turn("a", "wildchat", gfr_t1=0.2)],
        [turn("a", "wildchat", gfr_next=1.0)],
        [turn("a", "wildchat", gfr_t1=0.2, gfr_next=0.0), turn("b", "wildchat", gfr_next=0.0)],
        [turn("a", "gsm8k", gfr_t1=0.2, gfr_next=1.0)],
    ],
    ids=["nothing", "no-people", "no-model", "people-never-do", "no-such-conversation"],
)
def test_a_ratio_to_nothing_is_not_given(rows: list[Observation]) -> None:
    assert human_ratio(rows) == []


def test_one_person_who_follows_up_is_enough_for_a_ratio() -> None:
    """The values of a context are those of all its samples; a 0 among them makes it no other context."""
    rows = [turn("a", "wildchat", gfr_t1=0.2, gfr_next=1.0), turn("a", "wildchat", gfr_t1=0.4, gfr_next=0.0),
            turn("b", "wildchat", gfr_t1=0.1, gfr_next=0.0)]  # fmt: skip
    (ratio,) = human_ratio(rows)
    assert ratio.units == {"a": [0.2, 0.4], "b": [0.1]}
    assert ratio.minus == {"a": [1.0, 0.0], "b": [0.0]}


def maths(right: int, wrong: int) -> list[Observation]:
    rows = [turn(f"r{n}", correct=1.0, gfr_t1=0.2) for n in range(right)]
    return rows + [turn(f"w{n}", correct=0.0, gfr_t1=0.4) for n in range(wrong)]


@pytest.mark.parametrize(
    ("right", "wrong", "given"),
    [
        (FEWEST_A_SIDE, FEWEST_A_SIDE, True),
        (FEWEST_A_SIDE - 1, FEWEST_A_SIDE, False),
        (FEWEST_A_SIDE, FEWEST_A_SIDE - 1, False),
        (0, 99, False),
    ],
)
def test_right_and_wrong_replies_are_compared_with_twenty_of_either(
    right: int, wrong: int, given: bool
) -> None:
    found = decoupling(maths(right, wrong))
    assert bool(found) is given
    if given:
        (one,) = found
        assert one.kind == "groups"
        assert (len(one.units), len(one.minus or {})) == (right, wrong)
        assert {v for values in one.units.values() for v in values} == {0.2}


def test_only_maths_has_right_replies() -> None:
    other = [turn(f"r{n}", "coval", correct=float(n % 2), gfr_t1=0.2) for n in range(60)]
    assert decoupling(other) == []
    assert accuracy(other) == []
    found = accuracy(maths(3, 2))
    assert [e.metric for e in found] == ["followup.correct"], "no greedy turn was drawn"
    assert sum(v[0] for v in found[0].units.values()) == 3


def test_a_sample_that_ended_in_an_error_is_nowhere() -> None:
    assert summarise([turn("a", errored=True, gfr_t1=0.5, label="degenerate")]) == []
    assert summarise([]) == []


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_contexts_changes_no_value(seed: int) -> None:
    rows = [*maths(21, 22), turn("x", "wildchat", gfr_t1=0.2, gfr_next=1.0, gfr_t0=0.0),
            labelled("y", "turn_labels.", ask=1.0), turn("z", cut25__gfr_t1=0.1, gfr_t1=0.3)]  # fmt: skip
    mixed = list(rows)
    random.Random(seed).shuffle(mixed)

    def plain(found: Sequence[Estimand]) -> set[tuple]:
        return {
            (tuple(e.dims.items()), e.metric, e.kind, tuple(sorted(map(str, e.units.items()))),
             tuple(sorted(map(str, (e.minus or {}).items()))))
            for e in found
        }  # fmt: skip

    assert plain(summarise(rows)) == plain(summarise(mixed))
