"""The stored panel: from logs to rows, speakers that join, rows that do not belong together, and the page."""

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from interplay.leaderboard.build import build_site
from interplay.leaderboard.panel_file import (
    PANEL,
    PanelCell,
    measured_checkpoints,
    merged,
    read_panel,
    written,
)
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.recipe_chains.openers import openers
from interplay.tasks.recipe_chains.panel import panel
from interplay.tasks.recipe_chains.partner_texts import PartnerText, digest
from interplay.tasks.recipe_chains.partner_texts import written as written_texts
from interplay.tasks.recipe_chains.rendering import hx, render

from .commands.test_evaluate import run

NAMES = ("llama31-instruct", "r1-llama8b", "tulu3-sft", "tulu3-dpo", "qwen25-7b")


def cells(speakers: Sequence[str] = NAMES, kept: int = 12, **changes: object) -> list[PanelCell]:
    """Invented cells: levels by speaker, one partner that moves all of them, noise by hash."""
    known = {c.id: c for c in panel()}
    found = []
    for place, speaker in enumerate(speakers):
        for partner in NAMES:
            for opener in openers()[:kept]:
                noise = hx(speaker, partner, opener.id) % 7 / 60
                found.append(
                    PanelCell.model_validate(
                        {
                            "speaker": speaker,
                            "model": f"vllm/{known[speaker].model}",
                            "partner": partner,
                            "opener": opener.id,
                            "replies": 2,
                            "unscored": int(place == 0 and opener.id == "F01"),
                            "texts": digest(f"{partner} {opener.id}")[:8],
                            "task_version": "1.0.0",
                            "hedged_share": 0.2 + 0.1 * place + 0.2 * (partner == NAMES[1]) + noise,
                        }
                        | changes
                    )
                )
    return found


def stored(folder: Path, rows: Sequence[PanelCell]) -> Path:
    file = folder / "leaderboard" / PANEL
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(written(rows), encoding="utf-8")
    return file


def test_rows_survive_the_file_and_a_speaker_is_replaced_by_its_newer_rows(tmp_path: Path) -> None:
    file = stored(tmp_path, cells())
    assert [row.speaker for row in read_panel(file)] == [row.speaker for row in cells()]
    newer = cells(NAMES[:1], replies=9)
    whole = merged(read_panel(file), newer, file.name)
    assert len(whole) == len(cells())
    assert {row.speaker for row in whole if row.replies == 9} == {NAMES[0]}
    assert measured_checkpoints(whole) == sorted(NAMES)
    assert read_panel(tmp_path / "absent.csv") == []


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (cells(NAMES[:1]) * 2, "holds llama31-instruct to llama31-instruct on F01 twice; keep one"),
        (
            [*cells(NAMES[:1]), *cells(NAMES[1:2], texts="00000000")],
            "llama31-instruct and r1-llama8b answered different texts of llama31-instruct on F01",
        ),
        (
            [*cells(NAMES[:1]), *cells(NAMES[1:2], task_version="1.1.0")],
            "r1-llama8b was scored with version 1.1, others with 1.0; score the older logs again",
        ),
    ],
)
def test_rows_that_cannot_be_compared_are_refused(rows: list[PanelCell], said: str, tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match=said):
        read_panel(stored(tmp_path, rows))


def test_a_row_that_is_wrong_is_named(tmp_path: Path) -> None:
    file = stored(tmp_path, cells(NAMES[:1]))
    text = file.read_text("utf-8")
    file.write_text(text.replace(",2,1,", ",two,1,", 1), "utf-8")
    with pytest.raises(UserMistake, match=r"recipe_panel.csv row 2: replies.*; correct the row"):
        read_panel(file)
    file.write_text("speaker,partner\n", "utf-8")
    with pytest.raises(UserMistake, match="has not the columns speaker, model"):
        read_panel(file)


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Texts of two partners on every opener, two of each."""
    rows = []
    for partner, hedged in (("calm", 5), ("blunt", 0)):
        for opener in openers():
            for repeat in (1, 2):
                text = render(opener.points, hedged, f"{partner}|{opener.id}|{repeat}")
                rows.append(
                    PartnerText(partner, opener.id, repeat, "neutral", text, "x/y", "{}", digest(text))
                )
    file = tmp_path_factory.mktemp("texts") / "panel-two.jsonl"
    file.write_text(written_texts(rows), "utf-8")
    return file


def test_speakers_join_one_by_one_from_their_logs(texts: Path, tmp_path: Path) -> None:
    file = tmp_path / "panel.csv"
    for player, wanted in (("hedger", 8), ("asserter", 16)):
        logs = tmp_path / player
        args = ("-T", f"partners={texts}", "-T", "n_openers=4", "-T", "repeats=1", "--log-dir", str(logs))
        assert run("eval", "recipe_chains", "--model", f"reference/{player}", *args)[0] == 0
        code, said = run("recipe", "panel", str(logs), "--out", str(file))
        assert code == 0, said
        assert f"8 cells of {player}; 0 real checkpoints in the panel (the site shows it from 4)." in said
        assert len(read_panel(file)) == wanted
    assert {row.replies for row in read_panel(file)} == {2}
    assert run("report", "recipe_chains", str(tmp_path / "hedger"), str(tmp_path / "asserter"))[0] == 0


def test_texts_that_differ_under_one_name_are_refused(texts: Path, tmp_path: Path) -> None:
    other = tmp_path / "panel-other.jsonl"
    rows = [PartnerText(**json.loads(line)) for line in texts.read_text("utf-8").splitlines()]
    changed = [row._replace(text=f"{row.text} It is so.") for row in rows]
    other.write_text(written_texts([r._replace(sha256=digest(r.text)) for r in changed]), "utf-8")
    for player, file in (("hedger", texts), ("asserter", other)):
        args = ("-T", f"partners={file}", "-T", "n_openers=4", "--log-dir", str(tmp_path / "logs" / player))
        assert run("eval", "recipe_chains", "--model", f"reference/{player}", *args)[0] == 0
    for words in (("report", "recipe_chains"), ("recipe", "panel")):
        code, said = run(*words, str(tmp_path / "logs"))
        assert code == 2
        assert "answered different texts of calm on F01; let all speakers answer one file of texts." in said


def page(root: Path) -> str:
    """The panel page of a site built from this root."""
    (root / "leaderboard" / "entries").mkdir(parents=True, exist_ok=True)
    out = root / "site"
    shutil.rmtree(out, ignore_errors=True)
    build_site(root, out)
    return (out / "boards/recipe-chains/panel/index.html").read_text("utf-8")


def test_the_page_says_that_there_is_no_panel_until_four_checkpoints_are_there(tmp_path: Path) -> None:
    stored(tmp_path, cells(NAMES[:3]))
    html = page(tmp_path)
    assert "No panel data yet: the panel is shown from 4 checkpoints on, and 3 are there." in html
    assert "interplay recipe panel logs/panel" in html
    assert "panel-heat" not in html


def test_the_page_shows_the_panel(tmp_path: Path) -> None:
    stored(tmp_path, cells())
    html = page(tmp_path)
    assert "No panel data yet" not in html
    charts = re.findall(r'<figure id="chart-(panel-\w+)"', html)
    assert charts == [f"panel-{name}" for name in ("heat", "variance", "shift", "pairs", "ladder", "design")]
    assert "Of the 5 checkpoints measured." in html
    assert "biased upward" in html
    assert re.search(r"DPO less SFT 0\.\d\d \(0\.\d\d to 0\.\d\d\)", html)
    assert "llama31-instruct</span>: 4.0% of 125 replies unscored" in html
    assert (tmp_path / "site/data/kept/recipe_panel.csv").is_file()
