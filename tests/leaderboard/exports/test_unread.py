"""A headline that pages do not print leaves by no other way: files, badges, the preview of a pull request."""

import csv
import io
import json
from dataclasses import replace

import pytest
import yaml

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.exports import entry_files, joint_files
from interplay.leaderboard.result_parts import Pairs
from interplay.leaderboard.review import around
from interplay.leaderboard.schema import Entry
from interplay.leaderboard.standings import Standing, Submission, standing
from interplay.tasks.judged import Validity

from .. import synthetic
from ..synthetic_deescalation import found_on

BOARD = find_board("deescalation-effect")
READ, WITHHELD, INCOMPLETE = "grove/ash-9", "heath/broom-max", "moor/cotton-1"
UNREAD = (WITHHELD, INCOMPLETE)


def submission(model: str) -> Submission:
    content = synthetic.entry(model, [found_on(BOARD.id, model, 4)], division="closed", family="deescalation")
    entry = Entry.model_validate_json(json.dumps(content))
    if model == INCOMPLETE:
        lacking = entry.results[0].model_copy(update={"pairs": Pairs(complete=1, wanted=20)})
        return Submission(entry.model_copy(update={"results": (lacking,)}), (), 1)
    held = {
        (BOARD.id, judge.name): Validity("grey", "", withheld=frozenset({BOARD.headline}))
        for judge in BOARD.judged
    }
    return replace(Submission(entry, (), 1), validities=held if model == WITHHELD else {})


@pytest.fixture(scope="module")
def submissions() -> dict[str, Submission]:
    return {model: submission(model) for model in (READ, *UNREAD)}


@pytest.fixture(scope="module")
def found(submissions: dict[str, Submission]) -> Standing:
    return standing(BOARD, list(submissions.values()))


def test_joint_files_leave_value_and_interval_empty(found: Standing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interplay.leaderboard.exports.huggingface.is_on_hub", bool)
    files = dict(joint_files({BOARD.id: found}, None))
    rows = {row["model"]: row for row in csv.DictReader(io.StringIO(files["data/results.csv"].decode()))}
    columns = json.loads(files[f"data/boards/{BOARD.id}.json"])["columns"]
    for model in (READ, *UNREAD):
        place = columns["model"].index(model)
        for name in ("value", "lo", "hi"):
            assert (rows[model][name] == "") is (columns[name][place] is None) is (model in UNREAD)
    if "data/results.parquet" in files:
        pq = pytest.importorskip("pyarrow.parquet")
        table = pq.read_table(io.BytesIO(files["data/results.parquet"])).to_pylist()
        assert {row["model"] for row in table if row["value"] is row["lo"] is row["hi"] is None} == set(
            UNREAD
        )
    hub = {path for path in files if path.endswith("interplay.yaml")}
    assert hub == {f"data/hf/{READ}/interplay.yaml"}
    assert yaml.safe_load(files[hub.pop()])


def test_files_of_an_entry_say_the_word_or_leave_the_headline_out(submissions: dict[str, Submission]) -> None:
    for model, word in ((READ, None), (WITHHELD, "withheld"), (INCOMPLETE, "incomplete")):
        files = {
            path.split("/")[0] + path[-5:]: content for path, content in entry_files(submissions[model], None)
        }
        message = json.loads(files["badges.json"])["message"]
        assert message == word or (word is None and "(" in message)
        if word is not None:
            assert "data.json" not in files  # the headline is all that this board measures
            continue
        (shown,) = json.loads(files["data.json"])["evaluation_results"]
        assert shown["metric_config"]["metric_id"] == f"interplay.{BOARD.id}.{BOARD.headline}"


def test_the_preview_says_the_word(found: Standing, submissions: dict[str, Submission]) -> None:
    lines = [line for line in around(found, submissions[READ]) if line.startswith("| ")][2:]
    values = {line.split(" | ")[2] for line in lines}
    assert {"withheld", "incomplete"} < values
    assert len(lines) == 3


def test_critical_values_start_at_two_common_units(found: Standing) -> None:
    board = json.loads(dict(joint_files({BOARD.id: found}, None))[f"data/boards/{BOARD.id}.json"])
    units = board["critical"]["units"]
    assert units == list(range(2, units[-1] + 1))
    assert board["critical"]["t95"][0] == pytest.approx(12.7062, abs=1e-4)
