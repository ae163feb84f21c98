"""Addresses of transcripts and names of viewers, and which logs none of them shows."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard import viewers
from interplay.leaderboard.boards import load_boards
from interplay.leaderboard.viewers import (
    copy_log,
    is_withdrawn,
    require_organisation,
    shown_logs,
    transcript_address,
    viewer_name,
)
from interplay.tasks.mistakes import UserMistake

from .exports.standing_rows import entry


@settings(max_examples=50)
@given(st.dates(date(1970, 1, 1), date(2999, 12, 31)))
def test_a_viewer_holds_three_months(day: date) -> None:
    name = viewer_name(f"{day}T00:00:00Z")
    quarter = {1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 2, 7: 3, 8: 3, 9: 3, 10: 4, 11: 4, 12: 4}[day.month]
    assert name == f"interplay-transcripts-{day.year}q{quarter}"


def test_a_log_is_read_at_the_space_of_its_quarter() -> None:
    assert transcript_address("Acme-Labs", "2026-11-27T10:00:00Z", "ab" * 32) == (
        f"https://acme-labs-interplay-transcripts-2026q4.static.hf.space/?log_file=logs/{'ab' * 32}.eval"
    )


@pytest.mark.parametrize("name", ["a", "Acme", "a-b", "a1", "1a", "a--b"])
def test_a_name_of_an_organisation(name: str) -> None:
    assert require_organisation("--transcripts", name) == name


@pytest.mark.parametrize("name", ["-a", "a-", "a/b", "a b", "a.b", "é", "-", "a\n"])
def test_what_is_no_name_of_an_organisation_is_told_with_its_option(name: str) -> None:
    with pytest.raises(UserMistake) as caught:
        require_organisation("--transcripts", name)
    assert str(caught.value) == f"--transcripts {name}: give an organisation of the Hugging Face hub."


def test_an_empty_name_is_called_empty() -> None:
    with pytest.raises(UserMistake, match=r"--hub is empty: give an organisation"):
        require_organisation("--hub", "")


def test_only_logs_in_a_data_set_and_of_public_boards_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    own = entry("orchard/aster-1", 0.5)
    assert shown_logs(own) == own.logs
    local = own.logs[0].model_copy(update={"uri": "repo:leaderboard/logs/a.eval"})
    both = own.model_copy(update={"logs": (local, *own.logs)})
    assert shown_logs(both) == own.logs
    unknown = own.results[0].model_copy(update={"board": "mazes-of-tomorrow"})
    assert shown_logs(own.model_copy(update={"results": (*own.results, unknown)})) == ()
    boards = load_boards()
    private = boards | {"mazes-gap": boards["mazes-gap"].model_copy(update={"transcripts": "private"})}
    monkeypatch.setattr(viewers, "load_boards", lambda: private)
    assert shown_logs(own) == (), "one private board hides the logs of all"


def test_a_log_of_the_crisis_file_is_never_shown() -> None:
    own = entry("orchard/aster-1", 0.5)
    crisis = own.logs[0].model_copy(update={"task": viewers.CRISIS_TASK})
    assert shown_logs(own.model_copy(update={"logs": (crisis, *own.logs)})) == own.logs


def test_a_log_is_copied_only_with_its_bytes(tmp_path: Path) -> None:
    content, out = b"a log", tmp_path / "out"
    out.mkdir()
    digest = hashlib.sha256(content).hexdigest()
    pointer = entry("orchard/aster-1", 0.5).logs[0].model_copy(update={"sha256": digest})
    path = tmp_path / f"{digest}.eval"
    expected = f"{path}: is absent or another file; leave --logs out and give --dataset."
    with pytest.raises(UserMistake) as caught:
        copy_log(tmp_path, pointer, out)
    assert str(caught.value) == expected
    path.write_bytes(b"another")
    with pytest.raises(UserMistake) as caught:
        copy_log(tmp_path, pointer, out)
    assert str(caught.value) == expected
    assert list(out.iterdir()) == []
    path.write_bytes(content)
    copy_log(tmp_path, pointer, out)
    assert [(p.name, p.read_bytes()) for p in out.iterdir()] == [(path.name, content)]


def test_an_entry_is_withdrawn_by_a_record_of_its_own(tmp_path: Path) -> None:
    own = entry("orchard/aster-1", 0.5)
    folder = tmp_path / "leaderboard" / "evidence"
    (folder / own.entry_id).mkdir(parents=True)
    (folder / "another").mkdir()
    (folder / own.entry_id / "20261101T000000Z-check.json").write_text("{}")
    (folder / "another" / "20261101T000000Z-withdraw.json").write_text("{}")
    assert not is_withdrawn(tmp_path, own)
    (folder / own.entry_id / "20261102T000000Z-withdraw.json").write_text("{}")
    assert is_withdrawn(tmp_path, own)
