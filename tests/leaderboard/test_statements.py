"""What an entry or a log may not say: versions, headlines, addresses, code and names."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from interplay.leaderboard.canonical import canonical_bytes
from interplay.leaderboard.check import check_entry, check_read
from interplay.leaderboard.check_submission import check_statements
from interplay.leaderboard.check_task import _code, check_task
from interplay.leaderboard.exports.badges import badge_words
from interplay.leaderboard.log_reader import Untrusted
from interplay.leaderboard.rows import LogRows
from interplay.leaderboard.schema import Entry, Finding, ModelRef
from interplay.leaderboard.standings import Submission
from interplay.leaderboard.writing import Writer
from interplay.tasks.mistakes import UserMistake

from . import plain_rows, synthetic

HEADLINE = "maze.success_corrected"
OPEN = {"division": "open", "method_note": "m", "method_url": "https://example.org"}


def result(**changes: object) -> dict[str, object]:
    return synthetic.pair_result("m", 0.5, synthetic.STANDARD, "standard") | changes


def entry(model: str = "openai/gpt-5", of: dict[str, object] | None = None, **fields: object) -> Entry:
    content = synthetic.entry(model, [of or result()], **fields)  # type: ignore[arg-type]
    return Entry.model_validate_json(canonical_bytes(content))


def told(findings: list[Finding], code: str) -> list[str]:
    return [finding.message for finding in findings if finding.code == code]


def test_an_open_entry_states_no_version_without_a_lock():
    (sentence,) = told(check_statements(entry(of=result(task_version="99.0.0"), logs=[], **OPEN)), "S03")
    assert "task_version 99.0.0 is newer than every lock" in sentence
    assert check_statements(entry(logs=[], **OPEN)) == []
    log = plain_rows.log([], task_version="99.0.0")
    assert "no lock for interplay/maze_collab 99.0.0" in told(check_task(entry(**OPEN), log), "T01")[0]
    assert told(check_task(entry(**OPEN), plain_rows.log([])), "T01") == []


def test_a_result_holds_the_headline_and_a_build_survives_one_without():
    whole = result()
    metrics = {key: value for key, value in whole["metrics"].items() if key != HEADLINE}  # type: ignore[attr-defined]
    without = entry(of=result(metrics=metrics))
    assert f"metrics hold no {HEADLINE}" in told(check_statements(without), "S03")[0]
    assert badge_words(Submission(without, (), 0)) is None
    assert badge_words(Submission(entry(), (), 0)) is not None


def test_addresses_that_are_none_are_findings(tmp_path: Path):
    content = synthetic.entry("openai/gpt-5", [result()], **(OPEN | {"method_url": "https://[x"}))  # type: ignore[arg-type]
    synthetic.write(tmp_path, content)
    report = check_entry(next(tmp_path.rglob("entries/*.json")), root=tmp_path, logs=None)
    assert "method_url is no address" in told(list(report.findings), "S08")[0]
    log = plain_rows.log([], base_url="http://[x")
    assert "which is no address" in told(check_task(entry(), log), "T11")[0]


def test_what_a_stage_stumbles_over_is_one_finding():
    header = plain_rows.log([], completed_at="yesterday").header
    read = Untrusted(header=header, samples=(), regrade_problem=None, credentials=())
    report = check_read("e.json", entry(), [read], [], False)
    assert "the logs state what cannot be read (ValueError" in told(list(report.findings), "T06")[0]


@pytest.mark.parametrize(
    ("version", "origin", "commit", "dirty", "refused"),
    [
        ("0.1.0", "https://github.com/acme/other.git", "ab" * 4, True, False),
        ("0.1.1.dev3", "https://github.com/acme/other.git", "ab" * 4, False, True),
        ("0.1.1.dev3", "https://github.com/acme/other.git", "ab" * 4, True, True),
        ("0.1.1.dev3", "https://github.com/acme/interplay.git", "ab" * 4, False, False),
        ("0.1.0", "https://github.com/acme/interplay.git", "ab" * 4, True, True),
        ("0.1.0", None, None, None, False),
    ],
)
def test_code_is_a_release_or_a_clean_commit(
    version: str, origin: str | None, commit: str | None, dirty: bool | None, refused: bool
):
    own = entry(code={"version": version, "commit": None, "inspect_ai": "0.3.285"})
    log: LogRows = plain_rows.log([], package_version=version, origin=origin, commit=commit, dirty=dirty)
    assert [finding.code for finding in _code(own, log.header)] == (["T04"] if refused else [])


@pytest.mark.parametrize("name", ["vllm/../../x", "vllm/..", "vllm/./x"])
def test_names_lead_nowhere_else(name: str, tmp_path: Path):
    with pytest.raises(ValidationError, match="has a part"):
        ModelRef(id=name, revision=None, served_by="vllm")
    with pytest.raises(UserMistake, match="no name of a file of a site"):
        Writer(tmp_path / "site").put(name, b"x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["/x", "a//b", "a/", ""])
def test_a_site_has_relative_names(name: str, tmp_path: Path):
    with pytest.raises(UserMistake, match="no name of a file of a site"):
        Writer(tmp_path).put(name, b"x")
