"""Evidence by its front door: draws that all can repeat, audits, re-runs, attestations and withdrawals."""

import json
import os
import subprocess
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from interplay.leaderboard import fetch
from interplay.leaderboard.audits import audit_seed, draw, drawn, rerun_command
from interplay.leaderboard.build import build_site
from interplay.leaderboard.canonical import canonical_bytes, entry_id
from interplay.leaderboard.entries import ENTRIES, EVIDENCE, LOGS, load_entries, load_evidence
from interplay.leaderboard.rungs import release_identity, withdrawal
from interplay.leaderboard.schema import Entry

from . import synthetic
from .evidence_root import AT, COMMIT, DAY, committed, only, run, rung_of


def closed(tmp_path: Path, count: int) -> list[Entry]:
    for i in range(count):
        result = synthetic.pair_result(f"m{i}", 0.5, synthetic.STANDARD, "standard")
        synthetic.write(tmp_path, synthetic.entry(f"acme/m{i}", [result], day=1 + i))
    return load_entries(tmp_path)


# --- draws --------------------------------------------------------------------------------------------------


def test_the_seed_is_public_and_the_draw_follows_from_it_alone(tmp_path: Path):
    entries = closed(tmp_path, 9)
    found = draw(entries, COMMIT, date(2026, 12, 2))
    assert (
        found.seed == sha256(f"{COMMIT}2026-12-02".encode()).hexdigest() == audit_seed(COMMIT, "2026-12-02")
    )
    by_hand = sorted(
        (entry.entry_id for entry in entries),
        key=lambda name: sha256(f"{found.seed}\naudit\n{name}".encode()).hexdigest(),
    )
    assert found.entries == tuple(by_hand[:3])
    assert found == draw(entries[::-1], COMMIT, date(2026, 12, 2))
    assert found.entries != draw(entries, "cd" * 20, date(2026, 12, 2)).entries
    assert found.reruns == ()


def test_every_name_is_drawn_about_as_often():
    names = [f"entry-{i}" for i in range(10)]
    counts = dict.fromkeys(names, 0)
    for day in range(600):
        for name in drawn(audit_seed(COMMIT, str(day)), "audit", names, 3):
            counts[name] += 1
    assert all(140 <= count <= 220 for count in counts.values()), counts
    assert drawn("seed", "audit", names[:2], 3) == drawn("seed", "audit", names[1::-1], 3)


def test_on_the_first_of_a_month_samples_are_drawn_to_run_again(tmp_path: Path):
    entries = closed(tmp_path, 5)
    found = draw(entries, COMMIT, date(2026, 12, 1))
    assert len(found.reruns) == 2
    for name, calls in found.reruns:
        entry = next(e for e in entries if e.entry_id == name)
        assert sum(len(call.samples) for call in calls) == 60
        command = rerun_command(entry, calls[0])
        assert command.startswith(f"inspect eval interplay/maze_collab --model {entry.model.id} --epochs 1")
        assert "-T condition=C7" in command
        assert command.endswith(",".join(calls[0].samples))


def test_the_command_prints_the_draw_and_the_commit_before_the_day(tmp_path: Path):
    closed(tmp_path, 4)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    for day in ("2026-11-30T22:00:00Z", "2026-12-01T01:00:00Z"):
        moment = {"GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day}
        subprocess.run(
            [*git, "commit", "-q", "--allow-empty", "-m", day], check=True, env=os.environ | moment
        )
    parent = subprocess.run([*git, "rev-parse", "HEAD^"], capture_output=True, text=True, check=True)
    before = parent.stdout.strip()
    done = run(tmp_path, "draw", "--date", "2026-12-01", "--json")
    found = json.loads(done.output)
    assert (found["commit"], found["seed"]) == (before, audit_seed(before, "2026-12-01"))
    assert len(found["audit"]) == 3
    assert len(found["rerun"]) == 2
    early = run(tmp_path, "draw", "--date", "2020-01-01")
    assert early.exit_code == 3
    assert "no commit before 2020-01-01" in early.output
    assert run(tmp_path, "draw", "--date", "soon").exit_code == 2


def test_a_draw_is_repeated_long_after_its_day(tmp_path: Path):
    """What was drawn follows from the commit, whatever was entered, superseded or withdrawn since."""
    ids = [entry.entry_id for entry in closed(tmp_path, 6)]
    day = ("--date", "2026-12-01", "--commit", committed(tmp_path))
    first = run(tmp_path, "draw", *day).output
    drawn_then = [line.split()[1] for line in first.splitlines() if line.startswith("audit")]
    closed(tmp_path, 9)
    assert run(tmp_path, "withdraw", drawn_then[0], "--reason", "Not the model it names.").exit_code == 0
    assert run(tmp_path, "draw", *day).output == first
    assert set(drawn_then) <= set(ids)
    later = run(tmp_path, "draw", "--date", "2026-12-01", "--commit", committed(tmp_path)).output
    assert drawn_then[0] not in later
    unknown = run(tmp_path, "draw", *DAY)
    assert unknown.exit_code == 3
    assert f"does not hold commit {COMMIT}" in unknown.output


# --- audits -------------------------------------------------------------------------------------------------


def test_an_audit_passes_and_its_seed_is_published(root: Path, tmp_path: Path):
    assert run(root, "check", only(root).entry_id, "--at", "2026-11-22T00:00:00Z").exit_code == 0
    commit = committed(root)
    day = ("--date", "2026-12-01", "--commit", commit)
    done = run(root, "audit", *day, "--at", AT)
    assert done.exit_code == 0, done.output
    record = load_evidence(root, only(root).entry_id)[-1]
    assert (record.kind, record.outcome) == ("audit", "pass")
    assert record.details["seed"] == audit_seed(commit, "2026-12-01")
    assert rung_of(root, only(root)) == 2
    build_site(root, tmp_path / "site")
    method = (tmp_path / "site/method/index.html").read_text()
    assert str(record.details["seed"]) in method
    assert '<span class="ok">passed</span>' in method
    assert "audit passed" in (tmp_path / "site/changes/index.html").read_text()
    again = run(root, "audit", *day, "--at", AT)
    assert again.exit_code == 2, "records are never edited"
    assert "give another moment" in again.output


def test_a_failed_audit_unranks_and_the_page_says_why(root: Path, tmp_path: Path):
    log = next((root / LOGS).glob("*.eval"))
    whole = log.read_bytes()
    log.write_bytes(whole[:-1] + b"\1")
    done = run(root, "audit", "--date", "2026-12-01", "--commit", committed(root), "--at", AT)
    assert done.exit_code == 1
    build_site(root, tmp_path / "site")
    page = (tmp_path / "site/entries" / only(root).entry_id / "index.html").read_text()
    assert "<b>Audit failed</b> on 2026-12-01" in page
    assert "SHA-256 differs" in page.split("its page stays.")[1].split("</p>")[0]
    assert only(root).entry_id not in (tmp_path / "site/boards/mazes-pair/index.html").read_text()
    assert '<span class="flag">failed</span>' in (tmp_path / "site/method/index.html").read_text()
    # with its log there again, an audit that a maintainer asks for puts the entry back
    log.write_bytes(whole)
    name = only(root).entry_id
    both = run(root, "audit", name, "--date", "2026-12-02")
    assert both.exit_code == 2
    assert "belong to a draw" in both.output
    assert run(root, "audit", name, "--at", "2026-12-02T09:00:00Z").exit_code == 0
    record = load_evidence(root, name)[-1]
    assert (record.kind, record.outcome, "seed" in record.details) == ("audit", "pass", False)
    assert withdrawal(only(root), load_evidence(root, name)) is None


def gone(root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kept: dict[str, Path]) -> Entry:
    """The entry with logs in a data set that was removed; the project keeps the given copies."""
    content = json.loads((path := next((root / ENTRIES).glob("*.json"))).read_bytes())
    for pointer in content["logs"]:
        pointer["uri"] = f"hf://datasets/acme/logs@{'a' * 40}/{pointer['uri'].rsplit('/', 1)[-1]}"
    content["entry_id"] = entry_id(content)
    path.unlink()
    (root / ENTRIES / f"{content['entry_id']}.json").write_bytes(canonical_bytes(content))

    def download(address: str, target: Path, size: int) -> str:
        if address not in kept:
            raise fetch.Absent("L01", f"no public log at {address} (HTTP 404)", fetch.PUBLISH)
        target.write_bytes(kept[address].read_bytes())
        return sha256(target.read_bytes()).hexdigest()

    monkeypatch.setattr(fetch, "_download", download)
    monkeypatch.setattr(fetch, "own_folder", lambda: tmp_path / "own")
    return only(root)


def test_a_data_set_that_is_gone_takes_no_entry_off(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    entry = gone(root, monkeypatch, tmp_path, {})
    done = run(root, "audit", entry.entry_id, "--at", AT)
    assert done.exit_code == 0, done.output
    record = load_evidence(root, entry.entry_id)[-1]
    assert (record.outcome, record.details["reached"]) == ("warn", False)
    assert "nothing was audited" in str(record.findings[0])
    assert withdrawal(entry, [record]) is None
    assert run(root, "audit", entry.entry_id, "--kept", "nowhere").exit_code == 2


def test_the_copy_that_the_project_keeps_is_audited(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    host = "https://huggingface.co/datasets/interplay/logs/resolve/main"
    logs = {f"{host}/{sha256(log.read_bytes()).hexdigest()}.eval": log for log in (root / LOGS).iterdir()}
    entry = gone(root, monkeypatch, tmp_path, logs)
    done = run(root, "audit", entry.entry_id, "--kept", "interplay/logs", "--at", AT)
    assert done.exit_code == 0, done.output
    record = load_evidence(root, entry.entry_id)[-1]
    assert (record.outcome, record.details["stages"]) == ("warn", "SLTCRP")
    assert all("the project's copy was audited" in str(finding) for finding in record.findings)


def test_an_independent_entry_confirms_and_a_differing_one_does_not(tmp_path: Path):
    def entered(submitter: str, ability: float, day: int, organisation: str | None = None) -> str:
        result = synthetic.pair_result("same", ability, synthetic.STANDARD, "standard")
        by = {"github": submitter, "organisation": organisation, "relationship": "third_party"}
        content = synthetic.entry("acme/same", [result], day=day, submitter=by)
        return synthetic.write(tmp_path, content, [regraded(content)])

    ours, theirs, own, far, alias, colleague = (
        entered("one", 0.6, 1, "Lab"), entered("two", 0.6, 2), entered("one", 0.6, 3),
        entered("three", 0.1, 4), entered("ONE", 0.6, 5), entered("four", 0.6, 6, "LAB"),
    )  # fmt: skip
    same = [(other, "same submitter") for other in (own, alias, colleague)]
    for other, says in (*same, (far, "it confirms nothing")):
        refused = run(tmp_path, "rerun", ours, "--confirmed-by", other, "--at", AT)
        assert refused.exit_code == 2
        assert says in refused.output
    assert run(tmp_path, "rerun", ours, "--confirmed-by", theirs, "--at", AT).exit_code == 0
    entries = {entry.entry_id: entry for entry in load_entries(tmp_path)}
    assert (rung_of(tmp_path, entries[ours]), rung_of(tmp_path, entries[theirs])) == (3, 2)


def regraded(content: dict[str, object]) -> dict[str, object]:
    return {**synthetic.record(content, "check"), "details": {"regraded": True}}


# --- attestations and withdrawals ---------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "expected"), [(0, 4), (1, 2)])
def test_an_attestation_is_what_gh_verifies(
    code: int, expected: int, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    entry = only(root)
    assert run(root, "check", entry.entry_id, "--at", "2026-11-22T00:00:00Z").exit_code == 0
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/said\necho "no attestations found" >&2\nexit {code}\n')
    gh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{gh.parent}:{os.environ['PATH']}")
    workflow = "interplay/interplay/.github/workflows/attested-eval.yml"
    own = f"{entry.submitter.github.upper()}/runs"
    words = ("attest", entry.entry_id, "--signer-workflow", workflow, "--at", AT, "--repo")
    assert "belongs to mallory" in (refused := run(root, *words, "mallory/runs")).output
    assert refused.exit_code == 2
    assert not (tmp_path / "said").exists()
    done = run(root, *words, own)
    assert done.exit_code == code, done.output
    assert rung_of(root, entry) == expected
    first = (tmp_path / "said").read_text().splitlines()[0]
    assert first.startswith("attestation verify ")
    identity = f"--cert-identity-regex {release_identity(workflow)} --deny-self-hosted-runners"
    assert first.endswith(f"--repo {own} {identity}")


def test_a_withdrawn_entry_keeps_its_page_with_the_reason(tmp_path: Path):
    result = synthetic.pair_result("m", 0.5, synthetic.STANDARD, "standard")
    name = synthetic.write(tmp_path / "root", synthetic.entry("acme/m", [result]))
    assert run(tmp_path / "root", "withdraw", name, "--reason", "short").exit_code == 2
    assert not (tmp_path / "root" / EVIDENCE).exists()
    done = run(tmp_path / "root", "withdraw", name, "--reason", "Logs of <another> model.", "--at", AT)
    assert done.exit_code == 0
    build_site(tmp_path / "root", tmp_path / "site")
    page = (tmp_path / "site/entries" / name / "index.html").read_text()
    assert "<b>Withdrawn</b> on 2026-12-01" in page
    assert "Logs of &lt;another&gt; model." in page
    assert name not in (tmp_path / "site/boards/mazes-pair/index.html").read_text()
    assert ">withdrawn</td>" in (tmp_path / "site/changes/index.html").read_text()


def test_mistakes_are_one_sentence_and_write_nothing(tmp_path: Path):
    (tmp_path / ENTRIES).mkdir(parents=True)
    for words in (
        ("check", "nobody"),
        ("regrade",),
        ("withdraw", "../x", "--reason", "a reason of some length"),
        ("draw", "--date", "2026-12-01", "--at", "x"),
    ):
        done = run(tmp_path, *words)
        assert done.exit_code == 2, (words, done.output)
        assert "Traceback" not in done.output
    assert not (tmp_path / EVIDENCE).exists()
