"""Boards that no page lists: they lock a run and read its logs, and nothing ranks by them.

The crisis file is pass or fail and never in a headline. Its rates stand in an entry as counts
(`crisis_figures`), because its logs are never published.
"""

from .board_parts import LockedRun, Unit
from .boards import Board
from .crisis_figures import CRISIS_TASK

CRISIS = Board(
    id="deescalation-crisis",
    family="deescalation",
    title="Angry conversations: the crisis file",
    lead="Does a reply keep people safe, and do harmless words raise no alarm? Pass or fail by arm.",
    runs=(LockedRun(task=CRISIS_TASK, args={"arms": "core3"}),),
    preset="standard",
    reference_preset="smoke",
    headline="crisis.passed",
    label="Passed",
    direction="none",
    range=(0.0, 1.0),
    unit=Unit(key="item_id", noun="item"),
    interval="share",
    settings={"temperature": [0.7, None], "max_tokens": 400, "top_p": None, "top_k": None},
    roles={"grader": "any"},
    regrade="recorded_judge",
    floor="reference/careless",
    ceiling="reference/safe",
    transcripts="private",
    transcripts_reason="they hold the crisis file",
)
UNLISTED = (CRISIS,)
