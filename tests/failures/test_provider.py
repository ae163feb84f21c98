"""A provider that times out, returns nothing, refuses or floods: told, counted, never an answer."""

from pathlib import Path

import pytest
from inspect_ai.log import read_eval_log

from .conftest import failing, logs_in, mended
from .failing import BEFORE
from .program import ended

pytestmark = pytest.mark.slow


def unscored(folder: Path) -> list[str | None]:
    """Why samples of the one log have no score."""
    (name,) = logs_in(folder)
    log = read_eval_log(str(folder / "logs" / name))
    assert log.status == "success"
    scores = [score for sample in log.samples or [] for score in (sample.scores or {}).values()]
    assert len(scores) == 8
    return [score.reason for score in scores if score.reason is not None]


def test_times_out(tmp_path: Path) -> None:
    """An outage is an error and no answer: exit code 4, and the samples are run again."""
    words = failing("times_out")
    first = ended(tmp_path, *words)
    assert first.code == 4
    assert first.sentences == [
        "Error: failing/times_out did not answer: the provider did not answer within 600 seconds",
        "Error: some runs did not finish; the same command again goes on with the rest.",
    ]
    assert mended(tmp_path, words).code == 0
    assert unscored(tmp_path) == []


def test_returns_empty(tmp_path: Path) -> None:
    first = ended(tmp_path, *failing("empties"))
    assert (first.code, first.error) == (0, "")
    assert unscored(tmp_path) == ["invalid_response_format"] * (8 - BEFORE)
    assert "(part)" in first.out, "the table says that samples are missing"


def test_refuses(tmp_path: Path) -> None:
    first = ended(tmp_path, *failing("refuses"))
    assert (first.code, first.error) == (0, "")
    assert len(unscored(tmp_path)) == 8 - BEFORE
    assert "(part)" in first.out


def test_floods(tmp_path: Path) -> None:
    """Replies of two megabytes are kept in the log and read as no answer."""
    first = ended(tmp_path, *failing("floods"))
    assert (first.code, first.error) == (0, "")
    assert len(unscored(tmp_path)) == 8 - BEFORE
    report = ended(tmp_path, "report", "proxy_drift", "logs")
    assert report.code == 0
    assert len(report.out) < 10_000, "no reply is printed"
