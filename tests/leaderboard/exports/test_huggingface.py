"""What the Hugging Face Hub reads: one file per model that it can show, cards, and shares in percent."""

from dataclasses import replace

import pytest
import yaml
from huggingface_hub import parse_eval_result_entries

from interplay.leaderboard.boards import load_boards
from interplay.leaderboard.exports import huggingface as hub
from interplay.leaderboard.exports.tables import COLUMNS, csv_lines
from interplay.leaderboard.models import ModelRecord
from interplay.leaderboard.remembering import Memory
from interplay.leaderboard.schema import Entry, ModelRef
from interplay.leaderboard.standings import Row, standing
from interplay.tasks.catalog import FAMILIES

from .standing_rows import GAP, PAIR, entry, gap_standing, pair_standing, submission

BASE = "https://example.org/interplay/"
REVISION = "5d" * 20


def served(model_id: str, revision: str | None = REVISION) -> Entry:
    model = ModelRef(id=model_id, revision=revision, served_by="acme")
    return entry("orchard/aster-1", 0.5).model_copy(update={"model": model})


@pytest.mark.parametrize(
    ("model_id", "revision", "known", "is_shown"),
    [
        ("vllm/Orchard/Aster-1", REVISION, None, True),
        ("hf/Orchard/Aster-1", REVISION, None, True),
        ("vllm/Orchard/Aster-1", None, None, False),
        ("vllm/Orchard/Aster-1", None, "open", True),
        ("vllm/Orchard/Aster-1", None, "closed", False),
        ("together/Orchard/Aster-1", REVISION, None, False),
        ("together/Orchard/Aster-1", REVISION, "open", True),
        ("openai/gpt-5", None, "closed", False),
        ("openai/gpt-5", REVISION, "open", False),
        ("openrouter/a/Orchard/Aster-1", REVISION, "open", False),
        ("ollama/Orchard/aster:8b", REVISION, None, False),
        ("vllm/Orchard/Aster--1", REVISION, None, False),
        ("vllm/Orchard/.aster", REVISION, None, False),
        ("vllm/Orchard/Aster_1.5", REVISION, None, True),
    ],
)
def test_the_hub_shows_open_weights_under_a_name_that_it_can_hold(
    model_id: str, revision: str | None, known: str | None, is_shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = ModelRecord(name="X", developer="Y", weights=known) if known else None  # type: ignore[arg-type]
    monkeypatch.setattr(hub, "load_models", lambda: {model_id: record} if record else {})
    assert hub.is_on_hub(served(model_id, revision)) is is_shown


def row_of(value: float, lo: float, hi: float) -> Row:
    row = pair_standing().rows[0]
    return replace(row, headline=row.headline.model_copy(update={"value": value, "lo": lo, "hi": hi}))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.5, 50.0), (1.0, 100.0), (0.0, 0.0), (-0.109878, -10.9878), (0.123456, 12.3456), (1 / 3, 33.3333)],
)
def test_a_share_is_given_in_percent_with_four_decimals(value: float, shown: float) -> None:
    found = hub.result(PAIR, row_of(value, -0.2, 1.0), None)
    assert found.value == shown
    assert found.task_id == "mazes-pair"
    assert found.dataset_id == "interplay-bench/interplay"


def test_what_is_no_share_is_given_as_it_is() -> None:
    board = PAIR.model_copy(update={"range": (-4.0, 1.0)})
    assert not hub.is_share(board)
    assert hub.result(board, row_of(0.1234567, 0.0, 0.2), None).value == 0.123457
    assert [hub.is_share(PAIR.model_copy(update={"range": r})) for r in ((0, 1), (-1, 1), (0, 2))] == [
        True,
        False,
        False,
    ]
    assert hub.is_share(GAP), "a difference of shares is given in percent as well"


def test_a_result_names_interval_units_preset_and_version() -> None:
    row = row_of(0.5, 0.4123, 0.5877)
    found = hub.result(PAIR, row, BASE)
    assert found.notes == f"95 % interval 0.41–0.59, n = {row.headline.n}; standard preset, version 1.0.0"
    assert found.source_url == f"https://example.org/interplay/entries/{row.entry.entry_id}/"
    assert found.source_name == "Interplay entry"
    assert found.date == row.entry.created[:10]
    bare = hub.result(PAIR, row, None)
    assert (bare.source_url, bare.source_name) == (None, None)


def test_only_ranked_rows_that_may_be_read_are_for_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "is_on_hub", lambda entry: True)
    found = hub.hub_results(pair_standing(), None)
    names = [name for name, _ in found]
    assert names == ["orchard/aster-1", "Harbour/Cedar-1", "meadow/birch-1"]
    first, *rest = pair_standing().rows
    unranked = replace(first, places=None, reason="Its mazes differ from those of the other rows.")
    held = replace(pair_standing(), rows=(*rest, unranked))
    assert [name for name, _ in hub.hub_results(held, None)] == names[1:]
    monkeypatch.setattr(hub, "unread_word", lambda *given: "withheld")
    assert hub.hub_results(pair_standing(), None) == ()
    monkeypatch.setattr(hub, "is_on_hub", lambda entry: False)
    monkeypatch.undo()
    assert hub.hub_results(pair_standing(), None) == ()


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    own = served("vllm/Orchard/Aster-1")
    boards = [standing(board, [submission(own)]) for board in (PAIR, GAP)]
    results = [hub.hub_results(found, BASE) for found in boards]
    lines = {found.board.id: csv_lines(found) for found in boards}
    return dict(hub.hub_files(results, lines, Memory()))


def test_the_file_of_a_model_holds_each_board_and_is_read_by_the_hubs_own_parser(
    files: dict[str, bytes],
) -> None:
    content = yaml.safe_load(files["data/hf/Orchard/Aster-1/interplay.yaml"])
    entries = parse_eval_result_entries(content)
    own = {result.board: result for result in entry("orchard/aster-1", 0.5).results}
    assert [e.task_id for e in entries] == ["mazes-pair", "mazes-gap"]
    for found in entries:
        metric = own[found.task_id].metrics["maze.success_corrected"]
        assert found.value == pytest.approx(100 * metric.value, abs=1e-4)
        assert found.dataset_id == hub.BENCHMARK


def test_no_other_model_has_a_file(files: dict[str, bytes]) -> None:
    named = {path for path in files if path.endswith("interplay.yaml")}
    assert named == {"data/hf/Orchard/Aster-1/interplay.yaml"}


def test_every_board_with_an_order_has_a_task_a_configuration_and_a_table(files: dict[str, bytes]) -> None:
    ordered = [board.id for board in load_boards().values() if board.direction != "none"]
    assert 0 < len(ordered) < len(load_boards())
    card = yaml.safe_load(files["data/hf/eval.yaml"])
    assert [task["id"] for task in card["tasks"]] == ordered
    assert {task["split"] for task in card["tasks"]} == {"test"}
    head = yaml.safe_load(files["data/hf/README.md"].decode().split("---\n")[1])
    assert [config["config_name"] for config in head["configs"]] == ordered
    for config in head["configs"]:
        (data,) = config["data_files"]
        lines = files[f"data/hf/{data['path']}"].decode().splitlines()
        assert lines[0] == ",".join(COLUMNS)
        assert len(lines) == (2 if config["config_name"] in ("mazes-pair", "mazes-gap") else 1)
    assert [p for p in files if p.startswith("data/hf/results/")] == [
        f"data/hf/results/{name}.csv" for name in ordered
    ]


def test_the_card_names_every_board_with_its_direction_and_every_source(files: dict[str, bytes]) -> None:
    text = files["data/hf/README.md"].decode()
    for board in hub.ordered_boards():
        assert f"| `{board.id}` | {board.title} | {board.label}, {board.direction} is better |" in text
    for family in FAMILIES:
        assert f"- {family.short_title}: {family.citation}" in text
    head = yaml.safe_load(text.split("---\n")[1])
    assert (head["license"], head["language"], head["pretty_name"]) == ("cc-by-4.0", ["en"], "Interplay")


def test_models_stand_in_the_order_of_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    results = [[(name, hub.result(PAIR, row_of(0.5, 0.4, 0.6), None))] for name in ("b/x", "a/y", "a/x")]
    paths = [path for path, _ in hub.hub_files(results, {}, Memory()) if path.endswith("interplay.yaml")]
    assert paths == [f"data/hf/{name}/interplay.yaml" for name in ("a/x", "a/y", "b/x")]


def test_the_gap_of_the_same_model_is_another_number() -> None:
    pair, gap = pair_standing().rows[0], gap_standing().rows[0]
    shown = [hub.result(board, row, None).value for board, row in ((PAIR, pair), (GAP, gap))]
    assert shown[0] != shown[1]
