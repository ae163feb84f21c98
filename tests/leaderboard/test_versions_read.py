"""Versions as a log states them: whatever stands there is read, and what is none is older than all."""

import pytest

from interplay.leaderboard.locks import Lock, newest_lock
from interplay.leaderboard.versions import is_newer, major_minor

TASK = "interplay/maze_collab"


def newest() -> Lock:
    found = newest_lock(TASK)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.4.2", (1, 4)),
        ("1.4", (1, 4)),
        ("10.20.30-rc1", (10, 20)),
        ("1", (0, 0)),
        ("", (0, 0)),
        ("1.", (0, 0)),
        ("1.4a.0", (0, 0)),
        ("-1.4.0", (0, 0)),
        ("1.²", (0, 0)),
        ("1.٤", (0, 0)),
        ("1." + "9" * 5000, (0, 0)),
    ],
    ids=lambda value: str(value)[:12],
)
def test_what_is_no_version_of_a_log_is_older_than_all(version: str, expected: tuple[int, int]):
    assert major_minor(version) == expected
    assert is_newer(TASK, version) == (expected > major_minor(newest().version))
