"""From judged logs to a blind sheet and from there to labels and a badge."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from inspect_ai.log import EvalLog

from interplay.leaderboard.cli import program
from interplay.scorers.escalation_judge_command import main
from interplay.scorers.escalation_judge_gold import read_gold
from interplay.tasks.deescalation import deescalation

from .playing import played

CLERK = "reference/deesc_clerk"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    task = deescalation(mode="live", arms="vanilla,nvc_full", n_seeds=4, variants=1, judge=True)
    return played(task, tmp_path_factory.mktemp("live"), "reference/pliant", model_roles={"grader": CLERK})


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, words)
    return done.exit_code, done.output


def path_of(log: EvalLog) -> str:
    return log.location.removeprefix("file://")


def filled(sheet: Path, level: str | None = None) -> None:
    """Everybody gives the judge's level, or this one."""
    keys = {k["item"]: k for k in map(json.loads, sheet.with_suffix(".key.jsonl").read_text().splitlines())}
    rows = list(csv.DictReader(sheet.open(encoding="utf-8", newline="")))
    for row in rows:
        row |= {f"level_{n}": level or str(keys[row["item"]]["judge"]) for n in (1, 2, 3)}
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_the_sheet_is_blind_and_the_labels_make_the_badge(live: EvalLog, tmp_path: Path) -> None:
    sheet, gold = tmp_path / "sheet.csv", tmp_path / "data" / "gold" / "deescalation.jsonl"
    code, said = run("sheet", path_of(live), "-o", str(sheet), "--pairs", "3")
    assert code == 0, said
    assert "12 messages in" in said
    text = sheet.read_text()
    for hidden in ("nvc", "vanilla", "pliant", "It seems", "clerk"):
        assert hidden not in text
    assert "assistant 1: [reply]" in text
    keys = [json.loads(line) for line in sheet.with_suffix(".key.jsonl").read_text().splitlines()]
    assert [key["arm"] for key in keys] != sorted(key["arm"] for key in keys)
    assert len({key["seed_id"] for key in keys}) == 3
    code, said = run("gold", str(sheet), "--file", str(gold))
    assert code == 2
    assert "has nothing as level_1; give a level. 0 works on it" in said
    assert not gold.exists()
    filled(sheet)
    code, said = run("gold", str(sheet), "--file", str(gold))
    assert (code, "12 messages added, 12 in" in said) == (0, True), said
    run("gold", str(sheet), "--file", str(gold))
    assert len(read_gold(gold)) == 12
    assert {turn.judge == turn.settled for turn in read_gold(gold)} == {True}


def test_the_same_logs_draw_the_same_sheet(live: EvalLog, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        run("sheet", path_of(live), "-o", str(tmp_path / name))
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert (tmp_path / "a.key.jsonl").read_bytes() == (tmp_path / "b.key.jsonl").read_bytes()


def test_what_is_no_sheet(live: EvalLog, tmp_path: Path) -> None:
    alone = played(deescalation(preset="smoke", mode="live"), tmp_path)
    code, said = run("sheet", path_of(alone), "-o", str(tmp_path / "s.csv"))
    assert code == 2
    assert "no live conversation was judged" in said
    code, said = run("sheet", path_of(live), "-o", str(tmp_path / "s.csv"), "--grader", "a/b")
    assert code == 2
    assert f"--grader a/b: no log was judged by it; there is {CLERK}" in said
    (tmp_path / "own.csv").write_text("item,level_1\n")
    code, said = run("gold", str(tmp_path / "own.csv"))
    assert code == 2
    assert "own.key.jsonl: not there" in said


def test_files_that_cannot_be_read_are_one_sentence(live: EvalLog, tmp_path: Path) -> None:
    (tmp_path / "cut.eval").write_bytes(Path(path_of(live)).read_bytes()[:500])
    code, said = run("sheet", str(tmp_path / "cut.eval"), "-o", str(tmp_path / "s.csv"))
    assert (code, "cut.eval: not a readable log (" in said) == (2, True)
    code, said = run("sheet", path_of(live), "-o", str(tmp_path / "none" / "s.csv"))
    assert (code, f"there is no folder {tmp_path / 'none'}; make it first." in said) == (2, True)
    sheet, gold = tmp_path / "s.csv", tmp_path / "gold.jsonl"
    run("sheet", path_of(live), "-o", str(sheet), "--pairs", "1")
    filled(sheet)
    whole = sheet.read_bytes()
    sheet.write_bytes(whole + "é".encode("latin-1"))
    code, said = run("gold", str(sheet), "--file", str(gold))
    assert (code, "s.csv: no UTF-8 text; save the sheet as CSV in UTF-8." in said) == (2, True)
    sheet.write_bytes(whole)
    sheet.with_suffix(".key.jsonl").write_text('{"item": "001"}\n')
    code, said = run("gold", str(sheet), "--file", str(gold))
    assert (code, "s.key.jsonl: not as it was drawn; draw sheet and key again." in said) == (2, True)
    assert not gold.exists()


def test_a_judge_whose_provider_lacks_a_key_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "AZUREAI_OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    code, said = run("probes", "--model", "openai/gpt-5")
    assert code == 3
    assert said.startswith("Error: --model openai/gpt-5: ")
    assert "OPENAI_API_KEY" in said
    assert "[bold]" not in said
    code, said = run("probes", "--model", "reference/nobody")
    assert (code, "reference/nobody: no such player" in said) == (2, True)


def test_the_report_says_who_judged_and_that_nobody_labelled(live: EvalLog) -> None:
    done = CliRunner().invoke(program, ["report", "deescalation", path_of(live), "--json"])
    assert done.exit_code == 0, done.output
    tables = {table["title"]: table for table in json.loads(done.stdout)}
    (who,) = tables["Who judged"]["rows"]
    assert who[2:5] == ["grader", CLERK, "same vendor"]
    judged = tables["Paired effects by judges"]
    badge = judged["columns"].index("badge")
    effects = {row[3]: row for row in judged["rows"]}
    assert effects["cts_d"][4] > 0.3
    assert effects["cts_d"][badge] == "grey: Nobody has labelled messages to compare this judge with."
    patterns = {row[3]: row for row in tables["Paired effects"]["rows"] if row[2] == "nvc_full less vanilla"}
    assert effects["cts_d"][4] == pytest.approx(patterns["cts_d"][4])


def test_a_judge_is_tried_by_the_report(tmp_path: Path) -> None:
    done = CliRunner().invoke(program, ["report", "deescalation", "--validate-judge", CLERK, "--json"])
    assert done.exit_code == 0, done.output
    known, moved = json.loads(done.stdout)
    assert [row[0] for row in known["rows"]] == ["level", "codes", "change"]
    assert {row[0]: row[-1] for row in moved["rows"]}["manners"] == "does not hold"
