"""Moments that no calendar has are refused where an entry or a record is read, not where a page is made."""

from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from interplay.leaderboard.build import build_site
from interplay.leaderboard.fields import Moment
from interplay.tasks.mistakes import UserMistake

from . import synthetic

READ = TypeAdapter(Moment)


@pytest.mark.parametrize(
    "text", ["2026-11-01T09:30:00Z", "2028-02-29T00:00:00Z", "1999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"]
)
def test_a_moment_is_kept_as_it_was_written(text: str) -> None:
    assert READ.validate_python(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-10T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-01-01T24:00:01Z",
        "2026-01-01T10:60:00Z",
        "2026-01-01T10:00:61Z",
        "0000-01-01T00:00:00Z",
    ],
)
def test_a_moment_that_never_was_is_none(text: str) -> None:
    with pytest.raises(ValidationError, match="is no moment of the calendar"):
        READ.validate_python(text)


@pytest.mark.parametrize("text", ["2026-11-01 09:30:00Z", "2026-11-01T09:30:00", "2026-11-01T09:30Z", ""])
def test_another_form_is_refused_by_its_pattern(text: str) -> None:
    with pytest.raises(ValidationError, match="String should match pattern"):
        READ.validate_python(text)


def test_an_entry_of_such_a_day_ends_a_build_in_one_sentence(tmp_path: Path) -> None:
    result = synthetic.pair_result("x", 0.5, synthetic.SMOKE, "smoke")
    content = synthetic.entry("orchard/x", [result])
    name = synthetic.write(tmp_path / "root", content)
    path = tmp_path / "root" / "leaderboard" / "entries" / f"{name}.json"
    path.write_bytes(path.read_bytes().replace(b"2026-11-01T09", b"2026-11-31T09"))
    with pytest.raises(UserMistake) as caught:
        build_site(tmp_path / "root", tmp_path / "site")
    assert str(caught.value) == (
        f"{path}: created is no moment of the calendar: '2026-11-31T09:30:00Z'; run `interplay check` on it."
    )
    assert not (tmp_path / "site").exists()
