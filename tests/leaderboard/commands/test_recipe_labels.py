"""Sheets, labels, anchors and second engines of the chains, from the command line."""

import csv
import json
from pathlib import Path

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.model import Model, ModelOutput, ModelUsage, get_model

from interplay.leaderboard.analysis.hedge_badge import read_gold
from interplay.leaderboard.hedge_sheet import Drawn, drawn
from interplay.tasks.recipe_chains import recipe_chains
from interplay.tasks.recipe_chains.openers import openers
from interplay.tasks.recipe_chains.rendering import hx, render

from .test_evaluate import run


def mock(name: str, hedged: int, count: int) -> Model:
    """A model whose replies have so many hedged sentences of six, another text each."""
    outputs = []
    for n in range(count):
        text = render(openers()[n].points, hedged, f"{name}|{n}")
        output = ModelOutput.from_content(f"mockllm/{name}", text)
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        outputs.append(output)
    return get_model(f"mockllm/{name}", custom_outputs=outputs, memoize=False)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models, four replies of six sentences each."""
    folder = tmp_path_factory.mktemp("logs")
    for name, hedged in (("cautious", 4), ("bold", 1)):
        task = recipe_chains(preset="smoke", partners="none")
        inspect_eval(task, model=mock(name, hedged, 4), log_dir=str(folder), display="none", max_samples=1)
    return folder


def labelled(sheet: Path, **answers: str) -> None:
    """Fills a sheet: both people say yes where the first word hedges, the second errs once."""
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        said = "yes" if row["sentence"].split()[0] in ("Perhaps", "It", "I", "Probably", "My") else "no"
        row["person_1"], row["person_2"] = said, said if number else {"yes": "no", "no": "yes"}[said]
        row["settled"] = "" if number else said
        row.update(answers)
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def test_a_sheet_becomes_labels_a_badge_and_anchors(logs: Path, tmp_path: Path) -> None:
    sheet, gold, anchors = tmp_path / "sheet.csv", tmp_path / "hedges.jsonl", tmp_path / "anchors.csv"
    code, said = run("recipe", "sheet", str(logs), "-o", str(sheet))
    assert code == 0, said
    assert "sentences of 2 checkpoints" in said
    assert "fewer than the 600 asked for" in said
    text = sheet.read_text("utf-8")
    assert "cautious" not in text
    assert "bold" not in text
    code, again = run("recipe", "sheet", str(logs), "-o", str(sheet))
    assert (code, again.strip()) == (
        2, "Error: sheet.csv exists and may hold labels; give another -o, or --force to replace it."
    )  # fmt: skip
    labelled(sheet)
    code, said = run("recipe", "gold", str(sheet), "--file", str(gold))
    assert code == 0, said
    assert "Hedge rules, amber: not validated; on" in said
    rows = read_gold(gold)
    assert {row.checkpoint for row in rows} == {"cautious", "bold"}
    assert sum(row.people[0] != row.people[1] for row in rows) == 1
    assert run("recipe", "gold", str(sheet), "--file", str(gold))[0] == 0
    assert len(read_gold(gold)) == len(rows)

    code, said = run("recipe", "gold", str(sheet), "--file", str(tmp_path / "again.jsonl"), "--json")
    assert json.loads(said) == {
        "file": str(tmp_path / "again.jsonl"), "added": len(rows), "sentences": len(rows), "badge": "amber"
    }  # fmt: skip

    words = ("recipe", "anchor", "--labels", str(gold), "--out", str(anchors))
    assert run(*words, "--release", "2026-12")[0] == 0
    assert run(*words, "--release", "2026-12")[0] == 2
    code, said = run("proxy-guard", "recipe_chains", "--anchors", str(anchors), "--json")
    assert code == 0
    assert json.loads(said)[0]["rows"][0][:3] == ["all", "2026-12", "unknown"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"person_2": ""}, "item 0001 has nothing as person_2; say yes or no"),
        ({"person_1": "perhaps"}, "item 0001 has perhaps as person_1; say yes or no"),
        ({"item": "9999"}, "item '9999' is not in its key; keep the column 'item' as drawn"),
        ({"person_1": "yes", "person_2": "no", "settled": ""}, "has nothing as settled; say yes or no"),
    ],
)
def test_answers_that_are_wrong_are_named(
    answers: dict[str, str], said: str, logs: Path, tmp_path: Path
) -> None:
    sheet, gold = tmp_path / "sheet.csv", tmp_path / "hedges.jsonl"
    assert run("recipe", "sheet", str(logs), "-o", str(sheet), "--sentences", "6")[0] == 0
    labelled(sheet, **answers)
    code, out = run("recipe", "gold", str(sheet), "--file", str(gold))
    assert code == 2
    assert said in out
    assert not gold.exists()


def test_checkpoints_are_drawn_evenly() -> None:
    found = [
        Drawn(name, "", f"Sentence {n} is here.") for name in "ab" for n in range(50 if name == "a" else 9)
    ]
    chosen = drawn(found, 16)
    assert sorted(one.checkpoint for one in chosen) == ["a"] * 8 + ["b"] * 8
    assert chosen == drawn(found[::-1], 16)


def test_scripted_players_are_not_labelled(tmp_path: Path) -> None:
    args = ("--preset", "smoke", "--log-dir", str(tmp_path / "logs"))
    assert run("eval", "recipe_chains", "--model", "reference/mirror", *args)[0] == 0
    code, said = run("recipe", "sheet", str(tmp_path / "logs"), "-o", str(tmp_path / "sheet.csv"))
    assert code == 2
    assert "reference/mirror is a scripted player; give logs of real models." in said
    assert run("recipe", "engines", str(tmp_path / "logs"))[0] == 2


@pytest.mark.parametrize(("moved", "code"), [(0, 0), (3, 1)])
def test_a_second_engine_must_move_less_than_a_third_of_the_partners(
    moved: int, code: int, tmp_path: Path
) -> None:
    """The second engine replays what `reference/mirror` says, hedging more by some sentences."""
    args = ("--preset", "smoke", "--log-dir", str(tmp_path / "first"))
    assert run("eval", "recipe_chains", "--model", "reference/mirror", *args)[0] == 0
    outputs = []
    for n, share in enumerate((1, 3, 5) * 4):
        text = render((), min(share + moved, 6), str(hx("engine", n)))
        output = ModelOutput.from_content("mockllm/mirror", text)
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        outputs.append(output)
    model = get_model("mockllm/mirror", custom_outputs=outputs, memoize=False)
    task = recipe_chains(preset="smoke")
    inspect_eval(task, model=model, log_dir=str(tmp_path / "second"), display="none", max_samples=1)
    found, said = run("recipe", "engines", str(tmp_path / "first"), str(tmp_path / "second"), "--json")
    assert found == code, said
    (row,) = json.loads(said)[0]["rows"]
    assert row[:3] == ["mirror", "reference/mirror", "mockllm/mirror"]
    assert row[8] == ("yes" if code == 0 else "no")
    assert row[6] == pytest.approx(row[5] / 3)
