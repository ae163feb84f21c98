"""Forum less review: paired by text, averaged by opener, and nothing without both frames."""

import pytest

from interplay.leaderboard.analysis.chain_frames import Place, frames_table
from interplay.tasks.observations import Observation
from interplay.tasks.recipe_chains.summary import SHARE


def reply(opener: str, dose: str, epoch: int, share: float | None) -> Observation:
    return Observation(
        task="interplay/recipe_chains",
        args={},
        sample_id=f"{opener}:controlled:{dose}",
        epoch=epoch,
        unit=opener,
        metadata={"dose": dose},
        values={} if share is None else {SHARE: share},
        words={},
        errored=False,
        model="m",
    )


FORUM = [reply("F01", "flat", 1, 0.6), reply("F01", "flat", 2, 0.8), reply("F01", "hedged", 1, 1.0),
         reply("A01", "flat", 1, 0.5), reply("O01", "flat", 1, None)]  # fmt: skip
REVIEW = [reply("F01", "flat", 1, 0.4), reply("F01", "hedged", 1, 0.6), reply("A01", "flat", 1, 0.4),
          reply("O01", "flat", 1, 0.9), reply("P01", "flat", 1, 0.1)]  # fmt: skip


def test_differences_are_paired_by_text_and_averaged_by_opener() -> None:
    table = frames_table({Place("m", "replay", "forum"): FORUM, Place("m", "replay", "review"): REVIEW})
    rows = {row[2]: row for row in table.rows}
    assert list(rows) == ["all", "flat", "hedged"]
    # F01: flat 0.7 and hedged 1.0 against 0.4 and 0.6; A01: 0.5 against 0.4. Others lack a side.
    assert rows["all"][3:6] == pytest.approx(((0.85 + 0.5) / 2, (0.5 + 0.4) / 2, (0.35 + 0.1) / 2))
    assert rows["flat"][5] == pytest.approx((0.3 + 0.1) / 2)
    assert rows["all"][7] == 2
    assert rows["hedged"][5:] == (pytest.approx(0.4), None, 1)


def test_one_frame_alone_gives_no_row() -> None:
    assert frames_table({Place("m", "replay", "forum"): FORUM}).rows == ()
    other_mode = {Place("m", "replay", "forum"): FORUM, Place("m", "swap", "review"): REVIEW}
    assert frames_table(other_mode).rows == ()
