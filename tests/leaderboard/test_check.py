"""The checker by its front door: honest entries pass, attacks are refused in a sentence that names them."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import tests.tampered.attacks  # noqa: F401  (registers the attacks)
from interplay.leaderboard.archive import Refusal
from interplay.leaderboard.check import check_all, check_entry, evidence_of
from interplay.leaderboard.entries import ENTRIES, LOGS
from interplay.leaderboard.log_reader import Untrusted
from interplay.leaderboard.rungs import rung
from tests.leaderboard.archives import Part
from tests.leaderboard.conftest import REFERENCE, in_this_process
from tests.tampered.make import ATTACKS, Forgery

SENTENCE = re.compile(r"^[SLTCRP]\d\d \S.*\. Remedy: \S.*\.$")
BOTH_LOGS = ("temperature_set", "zero_tokens_from_an_api")
"""Attacks on both logs of the entry, which are refused in a sentence each."""


def check(root: Path, path: Path | None = None, **options: bool):
    return check_entry(path or next((root / ENTRIES).glob("*.json")), root=root, **options)


def test_honest_entry_reaches_the_second_rung(honest: Path):
    report = check(honest)
    assert report.sentences() == []
    assert (report.passed, report.rung, report.stages) == (True, 2, "SLTCRP")
    assert report.entry is not None
    assert report.results == report.entry.results
    record = evidence_of(report, report.entry, "2026-11-21T00:00:00Z", "0.1.0", None)
    assert rung(report.entry, [record]) == 2
    assert [r.passed for r in check_all(honest, regrade=False)] == [True]


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch):
    """Reads logs in this process, with the same scan and the same reader as the children, but no start-up."""

    def read(paths: Sequence[Path], regrade: bool = True) -> list[Untrusted | Refusal]:
        return [in_this_process(path, regrade) for path in paths]

    monkeypatch.setattr("interplay.leaderboard.check.read_untrusted_logs", read)
    monkeypatch.setattr("interplay.leaderboard.submit.read_untrusted_logs", read)


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_each_attack_is_refused_by_name(name: str, honest: Path, tmp_path: Path):
    refuse(name, honest, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_each_attack_is_refused_in_a_child(name: str, honest: Path, tmp_path: Path):
    refuse(name, honest, tmp_path)


def refuse(name: str, honest: Path, tmp_path: Path):
    case = ATTACKS[name]
    forgery = Forgery(honest, tmp_path / "case")
    case.forge(forgery)
    before = sorted((path, path.lstat().st_mtime_ns) for path in forgery.root.rglob("*"))
    report = check_entry(forgery.path, root=forgery.root, regrade=case.code == "R03")
    refusals = [f for f in report.findings if f.level == "fail"]
    assert refusals, "the attack passed"
    assert {f.code for f in refusals} == {case.code}, report.sentences()
    assert any(case.text in f.message for f in refusals), report.sentences()
    assert len(refusals) == 1 or name in BOTH_LOGS, report.sentences()
    assert all(SENTENCE.match(sentence) for sentence in report.sentences()), report.sentences()
    assert sorted((path, path.lstat().st_mtime_ns) for path in forgery.root.rglob("*")) == before


# --- honest variants ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("player", ["mute", "colrow"])
def test_other_players_pass(player: str, smoke_logs: Callable[[str], Path], tmp_path: Path):
    from interplay.leaderboard.submit import prepare, write

    write(prepare([smoke_logs(player)], REFERENCE), tmp_path)
    assert check(tmp_path).sentences() == []


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("codec", [0, 8])
def test_another_codec_passes(codec: int, honest: Path, tmp_path: Path):
    forgery = Forgery(honest, tmp_path / "case")
    forgery.rewrite([Part(name, data, codec) for name, data in forgery.parts().items()])
    assert check_entry(forgery.path, root=forgery.root, regrade=False).sentences() == []


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("text", ["🧭 emoji 👩‍🚀", "שלום ‮ right to left", "", 'quoted "NaN" \\ NaN'])
def test_texts_of_a_dialogue_may_hold_anything(text: str, honest: Path, tmp_path: Path):
    forgery = Forgery(honest, tmp_path / "case")
    forgery.edit(lambda sample: sample["messages"][0].update(content=text), forgery.samples()[0])
    assert check_entry(forgery.path, root=forgery.root, regrade=False).sentences() == []


@pytest.mark.usefixtures("in_process")
def test_correction_of_the_same_submitter_passes(honest: Path, tmp_path: Path):
    forgery = Forgery(honest, tmp_path / "case")
    first, data = forgery.path, forgery.path.read_bytes()
    forgery.entry |= {"supersedes": forgery.entry["entry_id"], "reason": "correction", "note": "a note"}
    forgery.seal()
    first.write_bytes(data)
    assert check_entry(forgery.path, root=forgery.root, regrade=False).sentences() == []


@pytest.mark.usefixtures("in_process")
def test_open_division_takes_changed_limits(honest: Path, tmp_path: Path):
    forgery = Forgery(honest, tmp_path / "case")
    for task in ("maze_solo", "maze_collab"):
        forgery.edit(lambda header: header["eval"]["config"].update(message_limit=200), task=task)
        forgery.pointer(task)["uri"] = f"hf://datasets/acme/logs@{'a' * 40}/{forgery.log(task).name}"
    forgery.entry |= {"division": "open", "method_note": "more notes", "method_url": "https://example.org/m"}
    forgery.entry["submitter"] |= {"github": "acme", "relationship": "third_party"}
    forgery.remeasure()
    report = check_entry(forgery.path, root=forgery.root, logs=forgery.root / LOGS, regrade=False)
    assert report.sentences() == []
    assert report.rung == 1


def test_logs_may_be_left_out(honest: Path):
    report = check_entry(next((honest / ENTRIES).glob("*.json")), root=honest, logs=None)
    assert (report.passed, report.rung, report.stages, report.results) == (True, 0, "S", None)


def test_an_absent_log_is_named(honest: Path, tmp_path: Path):
    report = check_entry(next((honest / ENTRIES).glob("*.json")), root=honest, logs=tmp_path)
    assert {f.code for f in report.findings} == {"L01"}
    assert all("no such log at" in f.message for f in report.findings)
