"""Submit, then check, on the reference logs of every family: regraded scores equal the recorded ones."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from interplay.leaderboard.archive import Refusal
from interplay.leaderboard.cli import program
from interplay.leaderboard.entries import ENTRIES, load_entries
from interplay.leaderboard.log_reader import Untrusted
from interplay.leaderboard.regrade import compared_scorers
from interplay.tasks.catalog import FAMILIES
from tests.leaderboard.conftest import read_in_this_process

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("family", [family.name for family in FAMILIES])
def test_what_is_submitted_is_checked_to_the_last_digit(
    family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    stored = next(entry for entry in load_entries(ROOT) if entry.family == family)
    logs = tmp_path / "logs"
    logs.mkdir()
    for pointer in stored.logs:
        shutil.copy(ROOT / pointer.uri.removeprefix("repo:"), logs)
    read: list[Untrusted] = []

    def keep(paths: Sequence[Path], regrade: bool = True) -> list[Untrusted | Refusal]:
        outcomes = read_in_this_process(paths, regrade)
        read.extend(outcome for outcome in outcomes if isinstance(outcome, Untrusted))
        return outcomes

    monkeypatch.setattr("interplay.leaderboard.check.read_untrusted_logs", keep)
    monkeypatch.setattr("interplay.leaderboard.submit.read_untrusted_logs", keep)
    out = tmp_path / "out"
    submitted = CliRunner().invoke(
        program, ["submit", str(logs), "--division", "reference", "--out", str(out), "--root", str(tmp_path)]
    )
    assert submitted.exit_code == 0, submitted.output
    checked = CliRunner().invoke(program, ["check", str(out), "--json"])
    (verdict,) = json.loads(checked.output)
    assert (checked.exit_code, verdict["findings"], verdict["rung"]) == (0, [], 2)
    (path,) = (out / ENTRIES).glob("*.json")
    assert json.loads(path.read_bytes())["results"] == stored.content()["results"]
    rows = [(log, row) for log in read for row in log.samples if not row.errored]
    assert len(read) == 2 * len(stored.logs)
    assert rows
    for log, row in rows:
        assert row.regraded is not None
        own = tuple(f"{name}." for name in compared_scorers(log.header))
        recorded = {key: value for key, value in row.score.numbers.items() if key.startswith(own)}
        assert recorded == {key: row.regraded.numbers.get(key) for key in recorded}
        assert set(row.regraded.value_keys) == {key for key in row.score.value_keys if key.startswith(own)}
