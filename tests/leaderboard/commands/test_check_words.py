"""`interplay check`, `report`, `submit`, `recipe`, `demo`: mistakes, and JSON beside what people read."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from interplay.leaderboard.cli import program
from interplay.leaderboard.commands.check import entry_files, log_source, root_of
from interplay.leaderboard.commands.demo import can_be_played, program_folder
from interplay.leaderboard.commands.submit import asked_attempts
from interplay.leaderboard.entries import ENTRIES
from interplay.tasks.catalog import FAMILIES, family
from interplay.tasks.mistakes import UserMistake

from ..evidence_root import only

NAMES = ", ".join(record.name for record in FAMILIES)
NOTHING = "nothing to check: name an entry, or give --all in a folder that holds leaderboard/entries."
NAMED = "--pull-request names the entry itself; leave out files and --all."
NO_LOG = "no log was given; name at least one .eval file or a folder with some."
ABSENT = "absent: no such file or folder; give the log that `interplay eval` wrote."


def run(*words: str) -> Result:
    return CliRunner().invoke(program, list(words))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("check", NOTHING),
        ("check --all", NOTHING),
        ("check absent", "absent: no such file, folder or entry; see `ls leaderboard/entries`."),
        ("check .", ".: no entry in this folder; give the one that `interplay submit` wrote."),
        ("check --author me", "--author belongs to --pull-request; add it, or leave the author out."),
        (
            "check notes.txt --pull-request a...b",
            "--pull-request names the entry itself; leave out files and --all.",
        ),
        (
            "check --all --pull-request a...b",
            "--pull-request names the entry itself; leave out files and --all.",
        ),
        (
            "check notes.txt --logs absent",
            "--logs absent: no such folder; give fetch, none or a folder that holds the logs.",
        ),
        (
            "check notes.txt --logs notes.txt",
            "--logs notes.txt: no such folder; give fetch, none or a folder that holds the logs.",
        ),
        (
            "report mazes",
            "no logs given; name the folder that `interplay eval mazes` wrote, or --validate-judge.",
        ),
        ("report nosuch absent", f"nosuch: no such family; choose one of {NAMES}."),
        ("report mazes absent", ABSENT),
        ("report mazes notes.txt", "notes.txt: not an .eval log; give the file that `interplay eval` wrote."),
        (
            "report mazes --validate-judge gpt",
            "--validate-judge gpt: expected provider/model, for example openai/gpt-5.",
        ),
        (
            "report proxy_drift --validate-judge mockllm/model",
            "proxy_drift is judged by the simulated worlds; there is no judge to validate.",
        ),
        ("submit absent", ABSENT),
        ("submit absent --uri a", "--uri a: expected NAME=VALUE, for example --uri name=value."),
        ("submit absent --uri a=b --uri a=c", "--uri a is given twice; keep one."),
        ("demo nosuch", f"nosuch: no such family; choose one of {NAMES}."),
        ("demo --out notes.txt", "--out notes.txt: is a file; give a folder."),
        ("recipe harvest absent --out x.txt", "--out x.txt: the name of the file must end in .jsonl."),
        (
            "recipe harvest absent --out old.jsonl",
            "old.jsonl exists; give another --out, or --force to replace it.",
        ),
        ("recipe harvest --out x.jsonl", NO_LOG),
        ("recipe harvest absent --out old.jsonl --force", ABSENT),
        (
            "recipe panel absent",
            "--out leaderboard/data/recipe_panel.csv: there is no folder leaderboard/data; make it first, or "
            "give another.",
        ),
        ("recipe panel absent --out x.csv", ABSENT),
        ("recipe sheet absent -o x.txt", "-o x.txt: the name of the sheet must end in .csv."),
        ("recipe sheet absent -o no/x.csv", "-o no/x.csv: there is no folder no; make it first."),
        (
            "recipe sheet absent -o old.csv",
            "old.csv exists and may hold labels; give another -o, or --force to replace it.",
        ),
        ("recipe sheet -o x.csv", NO_LOG),
        ("recipe gold old.csv", "old.key.jsonl: not there; it was written beside the sheet."),
        ("recipe anchor --release x", "hedges.jsonl: no labels; add some with `interplay recipe gold`."),
        ("recipe engines", NO_LOG),
        ("deescalation admit absent", ABSENT),
        (
            "deescalation make-prefixes --out no/x.jsonl",
            "--out no/x.jsonl: there is no folder no; make it first.",
        ),
        ("proxy-guard --anchors latin.csv", "latin.csv is no UTF-8 text; give a CSV file."),
        ("proxy-guard nosuch", f"nosuch: no such family; choose one of {NAMES}."),
    ],
)
def test_a_mistake_is_its_sentence_and_changes_no_file(
    words: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in (("notes.txt", b"mine"), ("old.jsonl", b"{}"), ("old.csv", b"item\n"),
                          ("latin.csv", b"caf\xe9\n")):  # fmt: skip
        Path(name).write_bytes(content)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    result = run(*words.split())
    assert result.exit_code == 2, result.output
    assert result.stderr == f"Error: {said}\n"
    assert result.stdout == ""
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_what_people_read_of_a_check_is_what_machines_read(root: Path) -> None:
    name = only(root).entry_id
    words = ("check", name, "--root", str(root))
    (verdict,) = json.loads(run(*words, "--json").stdout)
    assert verdict["entry_id"] == name
    assert verdict["passed"] is True
    shown = run(*words)
    assert shown.exit_code == 0
    first, *rest = shown.stdout.splitlines()
    assert first == f"passed  {name}  stages {verdict['stages']}, rung {verdict['rung']}"
    assert [line.strip().split()[0] for line in rest] == [f["code"] for f in verdict["findings"]]


def test_several_entries_are_counted_and_one_refusal_is_enough(root: Path) -> None:
    entry = only(root)
    good = root / ENTRIES / f"{entry.entry_id}.json"
    bad = good.with_name("broken.json")
    bad.write_text("{")
    words = ("check", "--all", "--root", str(root), "--logs", "none")
    result = run(*words)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "1 passed, 1 refused"
    assert f"REFUSED  {bad.stem}  stages S, rung 0\n" in result.stdout
    verdicts = json.loads(run(*words, "--json").stdout)
    assert [(v["entry_id"], v["passed"]) for v in verdicts] == sorted(
        [(bad.stem, False), (good.stem, True)], key=lambda pair: f"{pair[0]}.json"
    )
    alone = run("check", str(good), "--root", str(root), "--logs", "none")
    assert alone.exit_code == 0
    assert "1 passed" not in alone.stdout, "of one entry nothing is counted"


def test_a_word_means_a_file_a_folder_or_an_entry(root: Path, tmp_path: Path) -> None:
    file = root / ENTRIES / f"{only(root).entry_id}.json"
    assert entry_files(str(file), root) == [file]
    assert entry_files(str(root), root) == [file]
    assert entry_files(str(file.parent), root) == [file]
    assert entry_files(file.stem, root) == [file]
    loose = tmp_path / "loose"
    loose.mkdir()
    shutil.copy(file, loose / "b.json")
    shutil.copy(file, loose / "a.json")
    assert entry_files(str(loose), root) == [loose / "a.json", loose / "b.json"]
    with pytest.raises(UserMistake, match="no such file, folder or entry"):
        entry_files(file.stem, tmp_path / "elsewhere")


def test_logs_of_an_entry_lie_below_the_folder_that_it_lies_in(tmp_path: Path) -> None:
    inside = tmp_path / "submission" / ENTRIES / "x.json"
    inside.parent.mkdir(parents=True)
    inside.touch()
    assert root_of(inside, Path("base")) == tmp_path / "submission"
    outside = tmp_path / "x.json"
    outside.touch()
    assert root_of(outside, Path("base")) == Path("base")
    assert root_of(Path("/x.json"), Path("base")) == Path("base")


def test_where_logs_come_from(tmp_path: Path) -> None:
    assert log_source("none") is None
    assert log_source("fetch") == "fetch"
    assert log_source(str(tmp_path)) == tmp_path


@pytest.mark.parametrize(
    ("division", "terminal", "typed", "attempts"),
    [
        ("closed", False, None, 1),
        ("closed", True, "3", 3),
        ("open", True, "", 1),
        ("reference", True, None, 1),
    ],
)
def test_attempts_are_asked_for_on_a_terminal_alone(
    division: str, terminal: bool, typed: str | None, attempts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def prompt(question: str, default: int, **_: object) -> int:
        asked.append(question)
        return int(typed or default)

    monkeypatch.setattr("click.prompt", prompt)
    monkeypatch.setattr("sys.stdin.isatty", lambda: terminal, raising=False)
    assert asked_attempts(division) == attempts
    assert bool(asked) == (typed is not None)


def test_a_family_whose_package_is_missing_is_left_out_of_the_demonstration(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("interplay.leaderboard.commands.demo.find_spec", lambda name: None)
    played = [record.name for record in FAMILIES if can_be_played(record)]
    assert played == [record.name for record in FAMILIES if record.needs is None]
    posttrain = family("posttrain")
    assert posttrain is not None
    assert capsys.readouterr().out == (
        "posttrain is left out: it needs torch; pip install 'interplay[posttrain]'\n"
    )


@pytest.mark.parametrize(
    ("typed", "on_path", "shown"),
    [
        (".venv/bin/interplay", None, ".venv/bin/"),
        (".venv/bin/interplay", "/usr/bin/interplay", ""),
        ("interplay", None, ""),
        ("/opt/x/pytest", None, ""),
    ],
)
def test_commands_are_shown_as_they_were_typed(
    typed: str, on_path: str | None, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", [typed, "demo"])
    monkeypatch.setattr("interplay.leaderboard.commands.demo.shutil.which", lambda name: on_path)
    assert program_folder() == shown
