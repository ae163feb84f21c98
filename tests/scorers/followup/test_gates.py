"""From judged logs to a blind sheet, and from a labelled sheet to a validated judge or one that is not."""

import csv
import json
import math
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from interplay.scorers.followup_gates import Human, alpha, gates_of, kappa, precision, precision_limit
from interplay.scorers.followup_judge import followup_judge
from interplay.scorers.followup_sheet import Item, drawn, family_of
from interplay.scorers.followup_validation import main

from .recorded import record, scored_log, turns

DRAWN = turns("Why did you divide 36 by 3?", "Are you sure?", "Thanks, that helps a lot!")
GREEDY = turns("The answer is 48.", t=0.0)


def run(*args: object) -> Result:
    return CliRunner().invoke(main, list(map(str, args)))


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    log = scored_log(
        record(GREEDY + DRAWN), [followup_judge()], str(tmp_path / "log"), "reference/turn_clerk"
    )
    done = run("sheet", log.location.removeprefix("file://"), "-o", tmp_path / "sheet.csv")
    assert done.exit_code == 0, done.output
    return tmp_path / "sheet.csv"


def label(sheet: Path, wrong: int = 0) -> None:
    """Fill in what the judge says, and something else in the first rows."""
    keys = {i["item"]: i for i in map(json.loads, sheet.with_suffix(".key.jsonl").read_text().splitlines())}
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for place, row in enumerate(rows):
        right = keys[row["item"]]["judge"]
        other = "closer" if right == "genuine" else "genuine"
        row |= dict.fromkeys(("label_1", "label_2", "settled"), other if place < wrong else right)
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_the_sheet_is_blind_and_its_key_is_not(sheet: Path):
    text = sheet.read_text("utf-8")
    assert "Why did you divide 36 by 3?" in text
    assert "Priya baked 36 rolls" in text
    assert not any(word in text for word in ("genuine", "mockllm", "turn_clerk", "bundled-"))
    keys = [json.loads(line) for line in sheet.with_suffix(".key.jsonl").read_text("utf-8").splitlines()]
    assert {key["judge"] for key in keys} == {"genuine", "generic_followup", "closer", "assistant_drift"}
    assert all(key["weight"] == 1 for key in keys)


def test_a_judge_that_people_agree_with_is_valid(sheet: Path, tmp_path: Path):
    label(sheet)
    done = run("gates", sheet, "--folder", tmp_path / "out")
    assert done.exit_code == 0, done.output
    written = json.loads((tmp_path / "out" / "reference_turn_clerk.json").read_text("utf-8"))
    assert written["grader"] == "reference/turn_clerk"
    assert written["items"] == 4
    assert written["sensitivity"] == written["specificity"] == 1
    limit = next(gate for gate in written["gates"] if "limit" in gate["name"])
    assert not limit["met"]
    assert [gate["met"] for gate in written["gates"] if "limit" not in gate["name"]] == [True] * 6
    assert not written["met"]
    assert "Not validated" in done.output


def test_a_judge_that_people_disagree_with_is_not(sheet: Path, tmp_path: Path):
    label(sheet, wrong=4)
    done = run("gates", sheet, "--folder", tmp_path)
    assert "not met  judge and people: kappa" in done.output
    assert "not met  rules and people: kappa" in done.output


def test_an_unlabelled_sheet_says_which_item(sheet: Path, tmp_path: Path):
    done = run("gates", sheet, "--folder", tmp_path)
    assert done.exit_code == 2
    assert "item 001 has nothing as label_1; use one of empty, degenerate" in done.output


def test_a_log_without_judge_says_how_to_get_one(tmp_path: Path):
    log = scored_log(record(turns("", t=0.0)), [followup_judge()], str(tmp_path))
    done = run("sheet", log.location.removeprefix("file://"), "-o", tmp_path / "sheet.csv")
    assert done.exit_code == 2
    assert "--model-role grader=<model>" in done.output


def test_what_is_no_log_is_one_sentence(tmp_path: Path):
    (tmp_path / "cut.eval").write_bytes(b"PK")
    done = run("sheet", tmp_path / "cut.eval", "-o", tmp_path / "sheet.csv")
    assert done.exit_code == 2
    assert "cut.eval: not a readable log (" in done.output
    assert not (tmp_path / "sheet.csv").exists()


def item(n: int, rules: str, judge: str, family: str = "a") -> Item:
    return Item(
        origin=(family, f"c{n}", "1.0", n), family=family, conversation="", reply="", turn=str(n),
        rules=rules, judge=judge, grader="g", prompt_sha256="", rules_version="1.0.0",
    )  # fmt: skip


def test_strata_are_drawn_alike_and_disputed_turns_three_times_as_often():
    items = [item(n, "closer", "genuine" if n < 100 else "closer") for n in range(400)]
    items += [item(n, "genuine", "genuine", "b") for n in range(30)]
    chosen = drawn(items, 130)
    assert len(chosen) == 130
    assert len({i.item for i in chosen}) == 130
    small = [i for i in chosen if i.family == "b"]
    disputed = [i for i in chosen if i.disputed]
    assert len(small) == 30
    assert len(disputed) == 50
    assert sum(i.weight for i in chosen) == pytest.approx(430)
    assert sum(i.weight for i in disputed) == pytest.approx(100)
    assert drawn(items[::-1], 130) == chosen


def test_turns_that_read_the_same_are_labelled_once_and_count_as_many():
    items = [item(n, "closer", "closer").model_copy(update={"turn": "thanks"}) for n in range(5)]
    (one,) = drawn(items)
    assert one.weight == 5


def test_the_figures_are_those_of_the_formulas():
    pairs = [("a", "a")] * 4 + [("b", "b")] * 4 + [("a", "b")] * 2
    assert alpha(pairs) == pytest.approx(1 - 19 * 4 / (20 * 20 - 100 - 100))
    assert math.isnan(alpha([("a", "a")]))
    triples = [(True, True, 2.0), (True, False, 1.0), (False, True, 1.0), (False, False, 6.0)]
    assert kappa(triples) == pytest.approx((0.8 - 0.58) / 0.42)
    assert precision(triples) == pytest.approx(2 / 3)
    assert precision_limit([(True, True, 1.0)] * 10) == pytest.approx(0.7225, abs=1e-4)
    assert math.isnan(precision_limit([]))


def test_every_gate_can_fail_and_hold():
    good = [Human(x, x, x, x, x, None, 1.0) for x in ("genuine", "closer") * 40]
    assert all(gate.met for gate in gates_of(good))
    bad = [h._replace(second="empty", judge="genuine", rules="genuine") for h in good]
    assert not any(gate.met for gate in gates_of(bad))


@pytest.mark.parametrize(
    ("model", "family"),
    [("vllm-completions/Qwen/Qwen3.5-4B", "qwen"), ("openai/gpt-5", "gpt"), ("x/42", "x/42")],
)
def test_a_family_is_the_letters_of_the_name(model: str, family: str):
    assert family_of(model) == family
