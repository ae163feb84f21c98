"""Which samples answer which question of the chains: doses, uncertainty, the shift and the gap."""

import random
from collections.abc import Sequence

import pytest

from interplay.tasks.observations import Estimand, Observation
from interplay.tasks.recipe_chains.summary import (
    DOSES,
    GAP,
    MISSING,
    SHARE,
    SHARE3,
    SHIFT,
    UNSCORED,
    of,
    shift,
    summarise,
)


def reply(
    unit: str,
    share: float | None,
    *,
    dose: str | None = None,
    uncertainty: str = "low",
    share3: float | None = None,
    epoch: int = 1,
    errored: bool = False,
) -> Observation:
    """One reply to a text."""
    values = {key: value for key, value in ((SHARE, share), (SHARE3, share3)) if value is not None}
    metadata = {"uncertainty": uncertainty} | ({"dose": dose} if dose else {})
    name = f"{unit}:controlled:{dose}"
    return Observation("recipe_chains", {}, name, epoch, unit, metadata, values, {}, errored, "m/x")


def only(found: Sequence[Estimand], dims: dict[str, str], metric: str = SHARE) -> Estimand:
    (one,) = [e for e in found if e.dims == dims and e.metric == metric]
    return one


GRID = [
    reply(unit, base + dose / 4, dose=DOSES[dose], uncertainty=uncertainty, share3=base, epoch=epoch)
    for unit, uncertainty, base in (("F01", "low", 0.0), ("A01", "high", 0.25), ("A02", "high", 0.5),
                                    ("F02", "low", 0.125))
    for dose in range(3)
    for epoch in (1, 2)
]  # fmt: skip


def test_every_dose_has_its_share_per_opener_with_all_replies() -> None:
    found = summarise(GRID)
    for number, dose in enumerate(DOSES):
        units = only(found, {"dose": dose}).units
        assert units == {
            u: [b + number / 4] * 2 for u, b in (("F01", 0), ("A01", 0.25), ("A02", 0.5), ("F02", 0.125))
        }
        assert only(found, {"dose": dose}, SHARE3).units["A01"] == [0.25, 0.25]


def test_topics_are_grouped_by_how_apt_hedging_is() -> None:
    found = summarise(GRID)
    assert set(only(found, {"uncertainty": "high"}).units) == {"A01", "A02"}
    assert set(only(found, {"uncertainty": "low"}).units) == {"F01", "F02"}
    gap = only(found, GAP)
    assert gap.kind == "welch"
    assert (set(gap.units), set(gap.minus or ())) == ({"A01", "A02"}, {"F01", "F02"})


def test_the_gap_needs_two_topics_of_either_kind() -> None:
    few = [o for o in GRID if o.unit != "F02"]
    assert not [e for e in summarise(few) if e.dims == GAP]
    assert [e for e in summarise([o for o in GRID if o.unit != "X"]) if e.dims == GAP]


def test_the_shift_is_paired_by_opener_and_keeps_only_pairs() -> None:
    """Hedged less flat: 2/4 everywhere; an opener with one of the two alone is in neither term."""
    lonely = [
        reply("D01", 0.9, dose="hedged"),
        reply("D02", 0.1, dose="flat"),
        reply("D03", 0.5, dose="mixed"),
    ]
    found = shift(GRID + lonely, SHARE)
    assert found is not None
    assert found.kind == "difference"
    assert list(found.units) == list(found.minus or ()) == ["F01", "A01", "A02", "F02"]
    assert all(
        plus == [minus + 0.5 for minus in (found.minus or {})[unit]] for unit, plus in found.units.items()
    )
    assert shift(lonely, SHARE) is None
    assert shift([], SHARE) is None
    assert only(summarise(GRID), SHIFT, SHARE3).units["A01"] == [0.25, 0.25]


def test_what_could_not_be_scored_is_counted_and_an_error_is_not() -> None:
    rows = [
        reply("F01", 0.5),
        reply("F01", None, epoch=2),
        reply("F02", None),
        reply("F03", None, errored=True),
    ]
    assert only(summarise(rows), MISSING, UNSCORED).units == {"F01": [0.0, 1.0], "F02": [1.0]}


def test_errored_samples_are_in_no_group_even_where_they_hold_a_value() -> None:
    rows = [reply("F01", 0.5, dose="flat", errored=True)]
    assert of(rows, SHARE) == {}
    assert summarise(rows) == []


def test_without_a_dose_only_what_needs_none_is_there() -> None:
    found = summarise([reply(f"F{n:02d}", 0.5, uncertainty=("low", "high")[n % 2]) for n in range(4)])
    assert [e.dims for e in found] == [{"uncertainty": "low"}, {"uncertainty": "high"}, GAP, MISSING]


def test_no_sample_gives_no_figure() -> None:
    assert summarise([]) == []


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_samples_changes_no_value(seed: int) -> None:
    mixed = list(GRID)
    random.Random(seed).shuffle(mixed)
    plain = {(tuple(e.dims.items()), e.metric): e for e in summarise(GRID)}
    for other in summarise(mixed):
        one = plain.pop((tuple(other.dims.items()), other.metric))
        for terms in ((one.units, other.units), (one.minus or {}, other.minus or {})):
            assert {u: sorted(v) for u, v in terms[0].items()} == {u: sorted(v) for u, v in terms[1].items()}
    assert not plain


def test_dimensions_are_short_words_and_shares_have_their_range() -> None:
    for estimand in summarise(GRID):
        assert 1 <= len(estimand.dims) <= 4
        assert all(len(word) <= 60 for word in estimand.dims.values())
        assert estimand.range == (0.0, 1.0)
