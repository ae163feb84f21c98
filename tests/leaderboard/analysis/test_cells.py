"""Tables of replies: means over repeats, what is missing, what is there twice."""

import math

import pandas as pd
import pytest

from interplay.leaderboard.analysis.cells import DuplicateCells, cells_of


def frame(speakers: int = 2, partners: int = 2, openers: int = 10, repeats: int = 2) -> pd.DataFrame:
    """A complete design whose values name their cell."""
    return pd.DataFrame(
        [
            (f"s{i}", f"p{j}", f"o{k:02d}", r, 100 * i + 10 * j + k + r)
            for i in range(speakers)
            for j in range(partners)
            for k in range(openers)
            for r in range(repeats)
        ],
        columns=["speaker", "partner", "opener", "repeat", "value"],
    )


def test_repeats_are_averaged_in_whatever_order_they_come():
    cells = cells_of(frame().sample(frac=1, random_state=1))
    assert (cells.speakers, cells.partners, len(cells.openers)) == (("s0", "s1"), ("p0", "p1"), 10)
    assert cells.values[1, 0, 3] == pytest.approx(103.5)
    assert cells.kept == 1
    assert cells.incomplete() == []


def test_a_reply_without_a_score_leaves_the_other_repeat():
    rows = frame().astype({"value": float})
    rows.loc[0, "value"] = math.nan
    assert cells_of(rows).values[0, 0, 0] == pytest.approx(1.0)


def test_openers_that_lack_a_cell_are_left_out():
    rows = frame()
    cells = cells_of(rows[~((rows.speaker == "s1") & (rows.opener == "o03") & (rows.partner == "p0"))])
    assert cells.kept == 0.9
    assert cells.incomplete() == []
    assert "o03" not in cells.complete().openers
    assert len(cells.complete().openers) == 9


def test_too_many_gaps_name_the_checkpoint_and_how_many_openers_it_misses():
    rows = frame()
    cells = cells_of(rows[~((rows.speaker == "s1") & (rows.opener < "o03"))])
    assert cells.incomplete() == ["panel incomplete: s1 misses 3 openers"]


def test_a_reply_that_is_there_twice_is_refused_by_name():
    rows = pd.concat([frame(), frame().iloc[[5]]])
    with pytest.raises(
        DuplicateCells, match="1 replies are there twice, the first for speaker 's0', partner 'p0'"
    ):
        cells_of(rows)
