"""Files for other ecosystems: the same figures as the pages, in the forms that their own tools accept."""

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import uuid
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from huggingface_hub import parse_eval_result_entries
from scipy.stats import t as student

from interplay.leaderboard.build import build_site
from interplay.leaderboard.canonical import decode_units
from interplay.leaderboard.exports import tables
from interplay.leaderboard.exports.every_eval_ever import model_info
from interplay.leaderboard.schema import Entry, ModelRef
from interplay.leaderboard.statistics import paired

from .conftest import BASE, Exported

EEE = "0.3.0"
VALIDATOR = os.environ.get("INTERPLAY_EEE_PYTHON", "")
"""A Python 3.12 or later with the validator: `ci.yml` installs one."""


def entry_of(exported: Exported, name: str) -> Entry:
    path = exported.root / "leaderboard" / "entries" / f"{name}.json"
    return Entry.model_validate_json(path.read_bytes())


def test_csv_and_parquet_hold_the_same_rows(exported: Exported) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    text = (exported.out / "data" / "results.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    table = pq.read_table(exported.out / "data" / "results.parquet").to_pylist()
    assert len(rows) == len(table) > 20
    for read, stored in zip(rows, table, strict=True):
        assert list(read) == list(stored)
        for name, value in stored.items():
            words = "" if value is None else f"{value:.6f}" if isinstance(value, float) else str(value)
            assert read[name] == words
    own = next(row for row in table if row["entry_id"] == exported.open and row["board"] == "mazes-pair")
    metric = entry_of(exported, exported.open).results[0].metrics["maze.success_corrected"]
    assert (own["value"], own["lo"], own["hi"], own["n"]) == (metric.value, metric.lo, metric.hi, metric.n)
    assert not {exported.withdrawn, exported.old} & {row["entry_id"] for row in table}


def test_without_pyarrow_the_site_says_what_is_left_out(
    exported: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("exports", "build"):
        monkeypatch.setattr(f"interplay.leaderboard.{module}.HAS_PARQUET", False)
    report = build_site(exported.root, tmp_path / "site")
    assert tables.PARQUET_MISSING in report.warnings
    assert not (tmp_path / "site" / "data" / "results.parquet").exists()
    assert (tmp_path / "site" / "data" / "results.csv").is_file()


def test_board_file_is_enough_to_compare_two_rows(exported: Exported) -> None:
    board = json.loads((exported.out / "data" / "boards" / "mazes-pair.json").read_bytes())
    columns = board["columns"]
    assert {len(column) for column in columns.values()} == {len(columns["entry"])}
    first, second = (
        json.loads((exported.out / "data" / "entries" / f"{name}.json").read_bytes())["results"][0]
        for name in (exported.open, exported.closed)
    )
    a, b = (decode_units(result["units"]) for result in (first, second))
    expected = paired([x for x in a if x is not None], [x for x in b if x is not None], tuple(board["range"]))
    place = board["critical"]["units"].index(expected.n)
    d = [x - y for x, y in zip(a, b, strict=True) if x is not None and y is not None]
    mean = sum(d) / len(d)
    spread = (sum((x - mean) ** 2 for x in d) / (len(d) - 1)) ** 0.5
    half = board["critical"]["t95"][place] * spread / len(d) ** 0.5
    assert (mean - half, mean + half) == pytest.approx((expected.lo, expected.hi), abs=1e-6)
    for name, pairs in (("t95", 1), ("t95_3", 3), ("t95_6", 6)):
        assert board["critical"][name][place] == pytest.approx(
            student.isf(0.025 / pairs, expected.n - 1), abs=1e-6
        )


def test_records_of_every_eval_ever(exported: Exported) -> None:
    paths = sorted((exported.out / "data" / "eee").rglob("*.json"))
    records = [json.loads(path.read_bytes()) for path in paths]
    ids = {record["source_metadata"]["additional_details"]["entry_id"] for record in records}
    assert {exported.open, exported.closed, exported.corrected} <= ids
    assert not {exported.withdrawn, exported.old} & ids
    assert all("--reference-" not in name for name in ids)
    path, record = next(
        (path, record)
        for path, record in zip(paths, records, strict=True)
        if record["source_metadata"]["additional_details"]["entry_id"] == exported.open
    )
    parts = path.relative_to(exported.out / "data" / "eee").parts
    assert parts[:-1] == ("data", "interplay", "Orchard", "Aster-1")
    assert uuid.UUID(path.stem).version == 4
    digest = hashlib.sha256(exported.open.encode()).digest()[:16]
    assert uuid.UUID(path.stem) == uuid.UUID(bytes=digest, version=4)
    assert record["model_info"]["id"] == "Orchard/Aster-1"
    details = record["model_info"]["additional_details"]
    assert (details["deployment_type"], details["model_availability"]) == ("self_deployed", "open_weights")
    entry = entry_of(exported, exported.open)
    figures = {
        (result.board, key): metric for result in entry.results for key, metric in result.metrics.items()
    }
    assert len(record["evaluation_results"]) == len(figures)
    for found in record["evaluation_results"]:
        board, key = found["evaluation_result_id"].split("/")[1:]
        metric, limits = figures[board, key], found["score_details"]["uncertainty"]["confidence_interval"]
        assert found["score_details"]["score"] == metric.value
        assert (limits["lower"], limits["upper"], limits["confidence_level"]) == (metric.lo, metric.hi, 0.95)
        assert found["source_data"]["url"][0] == f"{BASE}/entries/{exported.open}/"
        if board == "mazes-gap":
            assert found["metric_config"]["lower_is_better"]


@pytest.mark.parametrize("provider", ["hf", "ollama", "transformer_lens", "nnterp", "mlx"])
def test_weights_run_by_the_submitter_are_self_deployed(provider: str) -> None:
    served = ModelRef(id=f"{provider}/Orchard/Aster-1", revision=None, served_by="acme")
    assert model_info(served)["additional_details"]["deployment_type"] == "self_deployed"  # type: ignore[index,call-overload]


def test_the_data_set_card_names_a_file_of_results_for_every_task_of_the_benchmark(
    exported: Exported,
) -> None:
    folder = exported.out / "data" / "hf"
    head = yaml.safe_load((folder / "README.md").read_text(encoding="utf-8").split("---\n")[1])
    tasks = yaml.safe_load((folder / "eval.yaml").read_text(encoding="utf-8"))["tasks"]
    assert [c["config_name"] for c in head["configs"]] == [task["config"] for task in tasks]
    whole = (exported.out / "data" / "results.csv").read_text(encoding="utf-8").splitlines()
    for config in head["configs"]:
        (file,) = config["data_files"]
        assert file["split"] == "test"
        lines = (folder / file["path"]).read_text(encoding="utf-8").splitlines()
        assert lines == [line for line in whole if line in (whole[0], *lines[1:])]
        assert len(lines) == 1 + sum(line.split(",")[1] == config["config_name"] for line in whole[1:])


def test_results_for_the_hub_are_of_open_weights_only(exported: Exported) -> None:
    folder = exported.out / "data" / "hf"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml")}
    assert found == {"eval.yaml", "Orchard/Aster-1/interplay.yaml"}
    content = yaml.safe_load((folder / "Orchard" / "Aster-1" / "interplay.yaml").read_text(encoding="utf-8"))
    entries = parse_eval_result_entries(content)
    results = {result.board: result for result in entry_of(exported, exported.open).results}
    tasks = {task["id"] for task in yaml.safe_load((folder / "eval.yaml").read_text())["tasks"]}
    assert {entry.task_id for entry in entries} == set(results) <= tasks
    for entry in entries:
        metric = results[entry.task_id].metrics["maze.success_corrected"]
        assert entry.value == pytest.approx(metric.value * 100)
        assert entry.source_url == f"{BASE}/entries/{exported.open}/"
        assert "95 % interval" in str(entry.notes)
        assert entry.verify_token is None


def test_badges_say_value_interval_and_what_became_of_an_entry(exported: Exported) -> None:
    def badge(name: str) -> dict[str, str]:
        return json.loads((exported.out / "badges" / f"{name}.json").read_bytes())

    assert re.fullmatch(r"\d\.\d{3} \(\d\.\d\d–\d\.\d\d\)", badge(exported.open)["message"])
    assert badge(exported.open)["label"] == "Interplay mazes-pair"
    assert badge(exported.withdrawn)["message"] == "withdrawn"
    assert badge(exported.old)["message"] == "superseded"
    picture = ElementTree.parse(exported.out / "badges" / f"{exported.open}.svg").getroot()
    texts = [element.text for element in picture.iter() if element.tag.endswith("}text")]
    assert texts == ["Interplay mazes-pair", badge(exported.open)["message"]]


def test_frame_shows_ten_rows_without_navigation(exported: Exported) -> None:
    html = (exported.out / "embed" / "mazes-pair" / "index.html").read_text(encoding="utf-8")
    assert html.count('<th scope="row">') == 10
    assert "<nav" not in html
    assert "<script" not in html
    assert all('target="_blank"' in tag for tag in re.findall(r"<a [^>]*>", html))
    assert "embed/" not in (exported.out / "sitemap.xml").read_text(encoding="utf-8")
    board = (exported.out / "boards" / "mazes-pair" / "index.html").read_text(encoding="utf-8")
    assert f"{BASE}/embed/mazes-pair/" in board


def test_every_file_is_in_the_manifest(exported: Exported) -> None:
    listed = json.loads((exported.out / "data" / "manifest.json").read_bytes())["files"]
    hashes = {item["path"]: item["sha256"] for item in listed}
    for path in (*(exported.out / "data").rglob("*"), *(exported.out / "badges").iterdir()):
        name = path.relative_to(exported.out).as_posix()
        if path.is_file() and name not in ("data/manifest.json", "data/index.html"):
            assert hashes[name] == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.slow
@pytest.mark.skipif(not VALIDATOR, reason=f"INTERPLAY_EEE_PYTHON names no Python with every-eval-ever {EEE}")
def test_records_pass_the_validator_of_every_eval_ever(exported: Exported) -> None:
    python = VALIDATOR
    probe = f"from importlib.metadata import version; assert version('every-eval-ever') == '{EEE}'"
    has = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=False)
    assert has.returncode == 0, f"INTERPLAY_EEE_PYTHON={python} has no every-eval-ever {EEE}:\n{has.stderr}"
    paths = sorted((exported.out / "data" / "eee").rglob("*.json"))
    assert paths
    run = subprocess.run(
        [python, "-m", "every_eval_ever", "validate", "--format", "json", *paths],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
