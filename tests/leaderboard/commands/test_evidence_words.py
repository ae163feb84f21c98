"""`interplay evidence` and `maintain`: every mistake is its sentence, exit code 2, and writes nothing."""

import json
import shutil
from contextlib import nullcontext
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from interplay.leaderboard.cli import program
from interplay.leaderboard.commands.keeping import Keeping, made_at, require_dataset
from interplay.leaderboard.entries import ENTRIES, EVIDENCE, load_evidence
from interplay.leaderboard.findings import fail, warn
from interplay.leaderboard.records import new_record
from interplay.leaderboard.schema import Entry
from interplay.tasks.mistakes import NetworkProblem, UserMistake

from .. import synthetic
from ..evidence_root import committed

MOMENT = "2026-12-01T00:30:00Z"
REASON = "It names another model than the one that ran."
NOBODY = "nobody: no entry of that id in leaderboard/entries; see `ls leaderboard/entries`."
NO_MOMENT = "no moment; write one such as 2026-12-01T00:30:00Z."
NO_DATE = "no ISO date; write one such as 2026-12-01."
OF_A_DRAW = "--date and --commit belong to a draw; leave them out, or name no entry."
NOT_BOTH = "give logs of the samples that were run again, or --confirmed-by, and not both."
NO_DATA_SET = "give a data set as ORG/NAME."
REVIEWED = "give --logs FOLDER, or --fetch-only FOLDER to download them first."
WORKFLOW = "give OWNER/NAME/.github/workflows/attested-eval.yml."


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one entry, as the current one."""
    result = synthetic.pair_result("m", 0.5, synthetic.STANDARD, "standard")
    synthetic.write(tmp_path, synthetic.entry("acme/m", [result]))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def entry_of(root: Path) -> Entry:
    (path,) = (root / ENTRIES).glob("*.json")
    return Entry.model_validate_json(path.read_bytes())


def run(*words: str) -> Result:
    return CliRunner().invoke(program, list(words))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("check nobody", NOBODY),
        ("check ID --at now", f"--at now: {NO_MOMENT}"),
        ("check ID --at 2026-1-1T0:0:0Z", f"--at 2026-1-1T0:0:0Z: {NO_MOMENT}"),
        ("check ID --at 2026-02-30T00:00:00Z", f"--at 2026-02-30T00:00:00Z: {NO_MOMENT}"),
        (
            "check ID --logs nowhere",
            "--logs nowhere: no such folder; give fetch, none or a folder that holds the logs.",
        ),
        ("regrade", "name entries, or give --all, and not both."),
        ("regrade ID --all", "name entries, or give --all, and not both."),
        ("audit ID --date 2026-12-01", OF_A_DRAW),
        ("audit ID --commit abc", OF_A_DRAW),
        ("audit ID --kept acme", f"--kept acme: {NO_DATA_SET}"),
        ("audit ID --kept a/b/c", f"--kept a/b/c: {NO_DATA_SET}"),
        ("draw --date tomorrow", f"--date tomorrow: {NO_DATE}"),
        ("rerun ID", NOT_BOTH),
        ("rerun ID . --confirmed-by ID", NOT_BOTH),
        ("rerun ID --confirmed-by nobody", NOBODY),
        ("withdraw ID --reason short", "--reason has 5 characters; write one sentence of 10 to 500."),
        ("attest nobody --repo a/b --signer-workflow x", NOBODY),
        (
            "attest ID --repo mallory/b --signer-workflow x",
            "--repo mallory/b: belongs to mallory, but GITHUB submits the entry.",
        ),
        ("attest ID --repo GITHUB/b --signer-workflow x", f"--signer-workflow x: {WORKFLOW}"),
    ],
)  # fmt: skip
def test_mistakes_about_records(words: str, said: str, root: Path) -> None:
    entry = entry_of(root)

    def meant(text: str) -> str:
        return text.replace("GITHUB", entry.submitter.github).replace("ID", entry.entry_id)

    result = run("evidence", *meant(words).split())
    assert result.exit_code == 2, result.output
    assert result.stderr == f"Error: {meant(said)}\n"
    assert result.stdout == ""
    assert not (root / EVIDENCE).exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("review a...b", REVIEWED),
        ("review a...b --logs . --fetch-only x", REVIEWED),
        ("review a...b --logs zz", "--logs zz: no such folder; download the logs with --fetch-only zz."),
        ("keep nobody --logs . --dataset a/b", NOBODY),
        ("keep ID --logs . --dataset acme", f"--dataset acme: {NO_DATA_SET}"),
        ("transcripts ID --to v", "give --logs FOLDER, or --dataset ORG/NAME."),
        ("transcripts ID --to v --logs . --dataset a/b", "give --logs FOLDER, or --dataset ORG/NAME."),
        ("transcripts ID --to v --dataset acme", f"--dataset acme: {NO_DATA_SET}"),
        (
            "transcripts ID --to hf/ --dataset a/b",
            "--to is empty: give an organisation of the Hugging Face hub.",
        ),
        (
            "transcripts ID --to hf/acme --dataset a/b",
            "--to hf/acme: set HF_TOKEN to a token that may write Spaces there.",
        ),
        ("live example.org", "example.org: no address of a site; give one with https."),
        ("live https://example.org --date yesterday", f"--date yesterday: {NO_DATE}"),
    ],
)  # fmt: skip
def test_mistakes_about_maintaining(
    words: str, said: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    before = sorted(root.rglob("*"))
    result = run("maintain", *words.replace("ID", entry_of(root).entry_id).split())
    assert result.exit_code == 2, result.output
    assert result.stderr == f"Error: {said}\n"
    assert sorted(root.rglob("*")) == before


@pytest.mark.parametrize(("length", "code"), [(9, 2), (10, 0), (500, 0), (501, 2)])
def test_a_reason_has_a_sentence_of_words_apart_from_white_space(length: int, code: int, root: Path) -> None:
    name = entry_of(root).entry_id
    result = run("evidence", "withdraw", name, "--reason", f"  {'x' * length}\n", "--at", MOMENT)
    assert result.exit_code == code
    if code == 2:
        assert f"--reason has {length} characters" in result.stderr
        assert not (root / EVIDENCE).exists()
    else:
        (record,) = load_evidence(root, name)
        assert record.details == {"reason": "x" * length}


def test_a_record_is_written_once_and_never_over(root: Path) -> None:
    name = entry_of(root).entry_id
    words = ("evidence", "withdraw", name, "--reason", REASON, "--at", MOMENT)
    first = run(*words)
    file = root / EVIDENCE / name / "20261201T003000Z-withdraw.json"
    assert (first.exit_code, first.stdout) == (0, f"pass  withdraw  {file.relative_to(root)}\n")
    written = file.read_bytes()
    again = run(*words)
    assert again.exit_code == 2
    assert again.stderr == (
        f"Error: {file.relative_to(root)}: exists, and records are never edited; give another moment with "
        "--at.\n"
    )
    assert file.read_bytes() == written


def test_json_holds_what_people_read(root: Path) -> None:
    name = entry_of(root).entry_id
    words = ("evidence", "withdraw", name, "--reason", REASON)
    people = run(*words, "--at", MOMENT).stdout
    result = run(*words, "--at", "2026-12-02T00:30:00Z", "--json")
    content = json.loads(result.stdout)
    (record,) = content["records"]
    shown = f"{record['outcome']}  {record['kind']}  {record['file']}\n"
    assert result.stderr == shown, "people read on beside the JSON"
    assert shown == people.replace("20261201", "20261202")
    assert content["not_reached"] == []
    assert record["findings"] == []


@pytest.mark.parametrize("name", ["acme", "", "/", "a/", "/b", "a/b/c"])
def test_a_data_set_has_an_organisation_and_a_name(name: str) -> None:
    require_dataset("--dataset", "acme/logs")
    with pytest.raises(UserMistake) as refused:
        require_dataset("--dataset", name)
    assert refused.value.message == f"--dataset {name or 'is empty'}: give a data set as ORG/NAME."


def test_a_moment_stands_as_it_was_given_beside_the_commit_of_the_checkout(tmp_path: Path) -> None:
    assert made_at(MOMENT, tmp_path) == (MOMENT, None)
    assert made_at(None, tmp_path).moment.endswith("Z")
    commit = committed(tmp_path)
    assert made_at(MOMENT, tmp_path) == (MOMENT, commit)


@pytest.mark.parametrize(
    ("findings", "unreached", "code"),
    [
        ([], False, 0),
        ([warn("S01", "something small", "look")], False, 0),
        ([fail("S02", "something big", "mend")], False, 1),
        ([], True, 4),
        ([fail("S02", "something big", "mend")], True, 4),
    ],
    ids=["passes", "warns", "refuses", "not-reached", "both"],
)
def test_the_exit_code_says_whether_all_was_seen_and_nothing_refused(
    findings: list, unreached: bool, code: int, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keeping = Keeping(root, MOMENT, as_json=True)
    keeping.keep(new_record(entry_of(root), "check", keeping.stamp, findings=findings))
    other = keeping.stamp._replace(moment="2026-12-03T00:30:00Z")
    keeping.keep(new_record(entry_of(root), "check", other))
    if unreached:
        keeping.skip("other-entry", NetworkProblem("the host does not answer."))
    ended = (click.exceptions.Exit, NetworkProblem)
    with pytest.raises(ended) if code else nullcontext() as told:
        keeping.finish(more=1)
    if told is not None:
        assert told.value.exit_code == code
    if unreached:
        assert str(told.value) == "entries whose logs were not reached: 1; run the same command again."
    content = json.loads(capsys.readouterr().out)
    assert content["more"] == 1
    assert content["not_reached"] == (["other-entry"] if unreached else [])
    assert content["records"][0]["outcome"] == ("pass" if not findings else findings[0].level)


def test_an_entry_that_cannot_be_read_is_named(root: Path) -> None:
    (path,) = (root / ENTRIES).glob("*.json")
    shutil.copy(path, path.with_name("broken.json"))
    path.with_name("broken.json").write_text("{")
    result = run("evidence", "regrade", "--all")
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: leaderboard/entries/broken.json: ")
    assert result.stderr.endswith("; run `interplay check` on it.\n")
