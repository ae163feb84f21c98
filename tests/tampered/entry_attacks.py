"""Attacks 1 to 18: the entry file, and the pull request that brings it."""

import json
import os

from interplay.leaderboard.canonical import canonical_bytes
from interplay.leaderboard.entries import ENTRIES
from tests.tampered.make import Forgery, attack


@attack(1, "S01", "entry file is 66,560 bytes (limit 65,536)")
def file_of_65_kb(case: Forgery):
    """A file of 65 KB."""
    case.write(case.path.read_bytes().ljust(66_560))


@attack(2, "S02", "not canonical at byte 15")
def duplicate_key(case: Forgery):
    """A key twice, with two values."""
    case.write(case.path.read_bytes().replace(b'{\n "attempts": 1', b'{\n "attempts": 9,\n "attempts": 1', 1))


@attack(3, "S02", "not valid JSON: NaN")
def nan(case: Forgery):
    """NaN instead of a number."""
    case.write(case.path.read_bytes().replace(b'"attempts": 1', b'"attempts": NaN', 1))


@attack(4, "S03", 'unknown field "rung"')
def field_rung_added(case: Forgery):
    """A field that states the rung."""
    case.entry["rung"] = 4
    case.seal()


@attack(5, "S03", "model.id has characters")
def html_in_model_id(case: Forgery):
    """HTML in the model id."""
    case.entry["model"]["id"] = "openai/<b>gpt</b>"
    case.seal()


@attack(6, "S03", "model.id is not ASCII")
def cyrillic_look_alike(case: Forgery):
    """A Cyrillic letter in the model id that looks like a Latin one."""
    case.entry["model"]["id"] = "openai/gрt-5"
    case.seal()


@attack(7, "S04", "entry_id does not match its content")
def content_changed_name_kept(case: Forgery):
    """Content changed, name and id kept."""
    case.entry["attempts"] = 2
    case.write(canonical_bytes(case.entry))


@attack(8, "S05", f"path {ENTRIES}/../")
def dots_in_the_path(case: Forgery):
    """`..` in the path of the file, which git itself would not add."""
    case.as_pull_request().plant(f"{ENTRIES}/../{case.path.name}", case.path.read_bytes())


@attack(9, "S06", "a submission adds one file; found 2")
def second_entry(case: Forgery):
    """A second entry in the same pull request."""
    repository = case.as_pull_request()
    case.entry["note"] = "another"
    case.seal()
    repository.write(f"{ENTRIES}/{case.path.name}", case.path.read_bytes())


@attack(10, "S06", "entries are never edited; use supersedes")
def existing_entry_edited(case: Forgery):
    """An entry that exists is edited."""
    repository = case.as_pull_request()
    repository.as_base()
    repository.write(f"{ENTRIES}/{case.path.name}", case.path.read_bytes().replace(b"1", b"2"))


@attack(11, "S06", "evidence is written by the project only")
def evidence_added(case: Forgery):
    """A record of evidence beside the entry."""
    record = {"kind": "attest", "outcome": "pass", "entry_id": case.entry["entry_id"]}
    repository = case.as_pull_request()
    place = f"leaderboard/evidence/{case.entry['entry_id']}/20260101T000000Z-attest.json"
    repository.write(place, json.dumps(record).encode())


@attack(12, "S06", "not a regular file")
def symlink(case: Forgery):
    """A symbolic link in place of the entry."""
    repository = case.as_pull_request()
    repository.write(f"{ENTRIES}/{case.path.name}", b"/etc/passwd", mode="120000")


@attack(51, "S06", "not a regular file")
def executable(case: Forgery):
    """An entry of mode 0755."""
    repository = case.as_pull_request()
    repository.write(f"{ENTRIES}/{case.path.name}", case.path.read_bytes(), mode="100755")


@attack(52, "S06", "not a regular file")
def symlink_in_a_folder(case: Forgery):
    """A symbolic link in a folder that is checked as it lies there."""
    target = case.path.rename(case.root / "target.json")
    case.path.symlink_to(target)


@attack(53, "S06", "not a regular file")
def executable_in_a_folder(case: Forgery):
    """An executable entry in a folder that is checked as it lies there."""
    os.chmod(case.path, 0o755)


@attack(13, "S07", "logs already belong to entry")
def same_logs_again(case: Forgery):
    """The same logs a second time, as a second entry."""
    case.beside()
    case.entry["attempts"] = 2
    case.seal()


@attack(14, "S07", "mazes--reference-cartographer--")
def supersedes_another_submitter(case: Forgery):
    """Supersedes an entry of somebody else."""
    case.public("acme")
    other = case.beside()
    case.entry |= {"supersedes": other, "reason": "correction"}
    case.public("mallory")


@attack(15, "S08", 'URL scheme "javascript"')
def javascript_link(case: Forgery):
    """A `javascript:` link."""
    case.public()
    case.entry["method_url"] = "javascript:alert(1)"
    case.seal()


@attack(16, "S08", "uri must pin a 40-hex commit")
def log_at_a_branch(case: Forgery):
    """A log at the name of a branch, which can move."""
    case.pointer()["uri"] = "hf://datasets/acme/logs@main/a.eval"
    case.seal()


@attack(17, "S09", "note holds U+202E")
def bidi_override(case: Forgery):
    """A character in the note that turns the direction of what follows."""
    case.entry["note"] = "fine\u202etxt"
    case.seal()


@attack(18, "S10", "credential-like text sk-p… in header")
def key_in_model_args(case: Forgery):
    """A key among the model's arguments in a log."""
    case.edit(lambda header: header["eval"]["model_args"].update(key="sk-proj-abcdefghijklmnop"))


# --- found since -------------------------------------------------------------------------------------------


@attack(54, "S02", "not canonical at byte")
def trailing_data(case: Forgery):
    """Data behind the end of the file."""
    case.write(case.path.read_bytes() + b"\n")


@attack(55, "S05", "path entries/mazes--x--20260101--00000000.json is not leaderboard/entries/")
def other_file_name(case: Forgery):
    """A file name that is not the id."""
    case.path = case.path.rename(case.path.with_name("mazes--x--20260101--00000000.json"))


@attack(56, "S08", "uri repo:leaderboard/logs/")
def repository_log_of_an_outsider(case: Forgery):
    """Logs inside the repository, as only the project has them."""
    uri = case.pointer()["uri"]
    case.public()
    case.pointer()["uri"] = uri
    case.seal()


@attack(57, "S08", "uri hf://datasets/acme/logs@")
def dots_in_an_address(case: Forgery):
    """`..` in the address of a log."""
    case.public()
    case.pointer()["uri"] = f"hf://datasets/acme/logs@{'a' * 40}/../../../victim/x.eval"
    case.seal()


@attack(58, "S09", "note holds a URL")
def advertisement(case: Forgery):
    """An advertisement in the note."""
    case.entry["note"] = "see https://example.org"
    case.seal()


@attack(59, "S10", "credential-like text hf_a… in samples/")
def key_in_a_message(case: Forgery):
    """A token of a data set's host in what a sample stored."""
    case.edit(lambda s: s["store"].update(said="hf_abcdefghijklmnopqrst"), case.samples()[0])


@attack(60, "S06", "a submission adds one entry file and changes nothing else: .github/workflows/entry.yml")
def workflow_changed(case: Forgery):
    """A workflow that runs on pull requests, beside the entry."""
    case.as_pull_request().write(".github/workflows/entry.yml", b"on: pull_request_target\n")


@attack(61, "S06", "a submission adds one entry file and changes nothing else: README.md deleted")
def file_deleted(case: Forgery):
    """A file of the project is deleted beside the entry."""
    case.as_pull_request().remove("README.md")


@attack(62, "S06", "logs live in a data set, not in the repository")
def log_in_the_repository(case: Forgery):
    """A log in the repository, beside the entry."""
    case.as_pull_request().write("leaderboard/logs/big.eval", b"PK")


@attack(63, "S06", "a submission adds one file; found 0")
def nothing_added(case: Forgery):
    """A pull request without an entry."""
    case.as_pull_request().remove(f"{ENTRIES}/{case.path.name}")


@attack(64, "S01", "entry file is 66,560 bytes (limit 65,536)")
def large_file_in_a_pull_request(case: Forgery):
    """A file of 65 KB in a pull request: it is never read."""
    repository = case.as_pull_request()
    repository.write(f"{ENTRIES}/{case.path.name}", case.path.read_bytes().ljust(66_560))


@attack(65, "S07", "entry names submitter acme, the pull request comes from mallory")
def submitted_in_the_name_of_another(case: Forgery):
    """Somebody submits in the name of another account, whose entries could then be superseded."""
    case.as_pull_request()
    case.author = "mallory"


@attack(66, "S06", "division reference is written by the project only")
def reference_entry_of_an_outsider(case: Forgery):
    """A reference entry in a pull request, under the project's own name."""
    data, name = case.path.read_bytes(), case.path.name
    repository = case.as_pull_request()
    repository.remove(f"{ENTRIES}/{case.path.name}")
    repository.write(f"{ENTRIES}/{name}", data)
    case.author = "interplay"


@attack(67, "S03", "division reference is for scripted players of this project, not for openai/gpt-5")
def model_among_the_players(case: Forgery):
    """A model in the division of the scripted players, where a small preset counts."""
    case.entry["model"] = {"id": "openai/gpt-5", "revision": None, "served_by": "openai"}
    case.seal()


@attack(68, "S03", "model.id reference/cartographer is a scripted player")
def player_among_the_models(case: Forgery):
    """A scripted player, which solves everything, among the models."""
    case.public()
    case.entry |= {"division": "closed", "method_note": None, "method_url": None}
    case.seal()


@attack(69, "S03", "model.revision is null for open weights (vllm/acme/walker-8b)")
def open_weights_without_revision(case: Forgery):
    """Open weights without the commit that names them."""
    case.public()
    case.entry |= {"division": "closed", "method_note": None, "method_url": None}
    case.entry["model"] = {"id": "vllm/acme/walker-8b", "revision": None, "served_by": "vllm"}
    case.seal()


@attack(70, "S03", "mazes-pair: maze.success_corrected is 7 (7 to 7), outside its range")
def beyond_the_range_without_logs(case: Forgery):
    """An open entry without logs and with a figure that no board can have."""
    case.public()
    case.entry["logs"] = []
    case.entry["results"][0]["metrics"]["maze.success_corrected"] |= {"value": 7.0, "lo": 7.0, "hi": 7.0}
    case.seal()


@attack(71, "S03", "recipe-chains is no board of family mazes")
def board_of_another_family(case: Forgery):
    """A result on the board of another family."""
    case.public()
    case.entry["logs"] = []
    case.entry["results"][0]["board"] = "recipe-chains"
    case.seal()


@attack(72, "S07", "attempts is 1, but acme has 1 other run with these settings here")
def best_of_many(case: Forgery):
    """A second run of the same submitter with the same settings that calls itself the first."""
    case.public()
    case.beside(logs=None)
    case.entry["note"] = "a better run"
    case.seal()
