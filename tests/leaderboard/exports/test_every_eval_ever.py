"""Records of the Every Eval Ever datastore: addresses that never change, and the figures of the entry."""

import calendar
import datetime
import json
import uuid

import pytest

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.exports import every_eval_ever as eee
from interplay.leaderboard.models import ModelRecord
from interplay.leaderboard.schema import Entry, Evidence, ModelRef
from interplay.leaderboard.standings import Submission

from .. import synthetic
from .standing_rows import NOTE, changed, entry, submission

BASE = "https://example.org/interplay/"


def record(of: Entry, base_url: str | None = None) -> dict:
    return json.loads(json.dumps(eee.record(submission(of), base_url)))


def ref(model_id: str, revision: str | None = None) -> ModelRef:
    return ModelRef(id=model_id, revision=revision, served_by="acme")


@pytest.mark.parametrize(
    ("model_id", "expected"),
    [
        ("vllm/Qwen/Qwen3-8B", "Qwen/Qwen3-8B"),
        ("openai/gpt-5", "openai/gpt-5"),
        ("openrouter/a/b/c", "b/c"),
        ("hf/Org/x:y@z+1", "Org/x:y@z+1"),
    ],
)
def test_a_model_is_named_by_developer_and_name(model_id: str, expected: str) -> None:
    assert eee.hub_id(ref(model_id)) == expected


@pytest.mark.parametrize(
    ("model_id", "folders"),
    [
        ("vllm/Qwen/Qwen3-8B", "Qwen/Qwen3-8B"),
        ("openai/gpt-5", "openai/gpt-5"),
        ("ollama/a/b:8b@q4", "a/b_8b_q4"),
        ("hf/a/..x", "a/..x"),
    ],
)
def test_a_record_lies_in_the_folders_of_the_datastore(model_id: str, folders: str) -> None:
    own = entry("orchard/aster-1", 0.5).model_copy(update={"model": ref(model_id)})
    path = eee.record_path(own)
    assert path == f"data/eee/data/interplay/{folders}/{eee.record_uuid(own.entry_id)}.json"


def test_the_uuid_of_an_entry_is_of_version_four_its_own_and_never_changes() -> None:
    found = {name: eee.record_uuid(name) for name in ("a", "b", "mazes--x--20261101--0123abcd")}
    assert len(set(found.values())) == 3
    assert {u.version for u in found.values()} == {4}
    assert {u.variant for u in found.values()} == {uuid.RFC_4122}
    assert (
        str(found["a"]) == "ca978112-ca1b-4dca-bac2-31b39a23dc4d"
    )  # SHA-256 of "a" begins ca978112ca1bbdcafac2


def test_every_metric_of_a_known_board_has_a_result_with_the_numbers_of_the_entry() -> None:
    own = entry("orchard/aster-1", 0.5)
    results = record(own)["evaluation_results"]
    expected = {(r.board, key): metric for r in own.results for key, metric in r.metrics.items()}
    assert len(results) == len(expected) == 6
    for found in results:
        _, board, key = found["evaluation_result_id"].split("/")
        metric = expected.pop((board, key))
        details = found["score_details"]
        limits = details["uncertainty"]["confidence_interval"]
        assert (details["score"], limits["lower"], limits["upper"]) == (metric.value, metric.lo, metric.hi)
        assert details["uncertainty"]["num_samples"] == metric.n
        assert limits["confidence_level"] == 0.95
        assert limits["method"] == eee.METHODS[metric.interval]
        assert found["metric_config"]["metric_id"] == f"interplay.{board}.{key}"
        assert found["evaluation_name"] == f"interplay-{board}"
    assert not expected


def config(of: Entry, board: str, key: str) -> dict:
    (found,) = (
        r["metric_config"]
        for r in record(of)["evaluation_results"]
        if r["evaluation_result_id"].endswith(f"/{board}/{key}")
    )
    return found


def test_headline_further_figures_and_unknown_ones_have_their_direction_and_range() -> None:
    own = entry("orchard/aster-1", 0.5)
    metrics = dict(own.results[0].metrics)
    metrics["maze.brand_new"] = metrics["maze.contested"]
    own = changed(own, metrics=metrics)
    head = config(own, "mazes-pair", "maze.success_corrected")
    assert (head["min_score"], head["max_score"]) == (-0.109878, 1)
    assert head["additional_details"] == {"is_headline": "true", "direction": "higher"}
    assert (head["metric_name"], head["lower_is_better"]) == ("Corrected success", False)
    further = config(own, "mazes-pair", "maze.contested")
    assert (further["metric_name"], further["lower_is_better"]) == ("Contested", True)
    assert (further["min_score"], further["max_score"]) == (0, 1)
    assert further["additional_details"]["is_headline"] == "false"
    count = config(own, "mazes-pair", "maze.visible_tokens")
    assert (count["min_score"], count["max_score"]) == ("-Infinity", "Infinity")
    unknown = config(own, "mazes-pair", "maze.brand_new")
    assert (unknown["metric_name"], unknown["min_score"]) == ("maze.brand_new", "-Infinity")
    assert unknown["lower_is_better"] is False
    gap = config(own, "mazes-gap", "maze.success_corrected")
    assert (gap["metric_name"], gap["lower_is_better"]) == ("Gap", True)
    bounds = find_board("mazes-gap").headline_range
    assert (gap["min_score"], gap["max_score"]) == bounds


def test_results_on_boards_that_this_checkout_does_not_know_are_left_out() -> None:
    own = entry("orchard/aster-1", 0.5)
    unknown = own.results[0].model_copy(update={"board": "mazes-of-tomorrow"})
    own = own.model_copy(update={"results": (unknown, own.results[1])})
    boards = {r["evaluation_name"] for r in record(own)["evaluation_results"]}
    assert boards == {"interplay-mazes-gap"}
    alone = own.model_copy(update={"results": (unknown,)})
    assert list(eee.record_files(submission(alone), None)) == []


def test_moments_are_seconds_of_universal_time() -> None:
    own = entry("orchard/aster-1", 0.5, day=28)
    found = record(own)
    moment = datetime.datetime(2026, 11, 28, 9, 30, tzinfo=datetime.UTC)
    assert found["evaluation_timestamp"] == str(int(moment.timestamp()))
    assert calendar.timegm(moment.timetuple()) == int(found["retrieved_timestamp"])
    assert found["evaluation_id"] == f"interplay-mazes/orchard_aster-1/{int(moment.timestamp())}"
    assert found["evaluation_results"][0]["evaluation_timestamp"] == "2026-11-28T09:30:00Z"


@pytest.mark.parametrize("base_url", [BASE, BASE.rstrip("/")])
def test_the_source_is_the_entry_and_its_board_where_the_site_has_an_address(base_url: str) -> None:
    own = entry("orchard/aster-1", 0.5)
    source = record(own, base_url)["evaluation_results"][0]["source_data"]
    assert source["source_type"] == "url"
    assert source["url"] == [
        f"https://example.org/interplay/entries/{own.entry_id}/",
        "https://example.org/interplay/boards/mazes-pair/",
    ]


def test_without_an_address_the_source_names_the_board_alone() -> None:
    source = record(entry("orchard/aster-1", 0.5))["evaluation_results"][0]["source_data"]
    assert source == {
        "dataset_name": "Interplay, Mazes: two agents, half a map each",
        "source_type": "other",
    }


def test_only_settings_that_were_given_are_named_beside_the_command() -> None:
    own = entry("orchard/aster-1", 0.5)
    given = record(own)["evaluation_results"][0]["generation_config"]["generation_args"]
    assert given == {"execution_command": "interplay eval mazes --model orchard/aster-1"}
    settings = own.settings.model_copy(update={"temperature": 0.0, "top_k": 40, "max_tokens": 512})
    warm = record(own.model_copy(update={"settings": settings}))
    args = warm["evaluation_results"][0]["generation_config"]["generation_args"]
    assert (args["temperature"], args["top_k"], args["max_tokens"]) == (0.0, 40, 512)
    assert "top_p" not in args


def test_who_handed_it_in_is_the_organisation_else_the_account() -> None:
    assert record(entry("orchard/aster-1", 0.5))["source_metadata"]["source_organization_name"] == "hedgerow"
    named = record(entry("orchard/aster-1", 0.5, organisation="Ça & <Co>"))["source_metadata"]
    assert named["source_organization_name"] == "Ça & <Co>"
    assert named["evaluator_relationship"] == "third_party"
    assert named["additional_details"]["division"] == "closed"


@pytest.mark.parametrize(
    ("model_id", "revision", "weights", "availability", "deployment"),
    [
        ("openai/gpt-5", None, None, "unknown", "externally_managed"),
        ("openai/gpt-5", None, "closed", "closed_weights", "externally_managed"),
        ("vllm/Org/x", None, "open", "open_weights", "self_deployed"),
        ("vllm/Org/x", "5d" * 20, None, "open_weights", "self_deployed"),
        ("together/Org/x", "5d" * 20, "closed", "open_weights", "externally_managed"),
        ("reference/mute", None, "scripted", "unknown", "externally_managed"),
    ],
)
def test_what_is_known_of_the_weights(
    model_id: str, revision: str | None, weights: str | None, availability: str, deployment: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    known = {}
    if weights:
        known = {model_id: ModelRecord(name="X", developer="Y", weights=weights)}  # type: ignore[arg-type]
    monkeypatch.setattr(eee, "load_models", lambda: known)
    found = eee.model_info(ref(model_id, revision))
    details = found["additional_details"]
    assert isinstance(details, dict)
    assert (details["model_availability"], details["deployment_type"]) == (availability, deployment)
    assert details.get("revision") == revision
    assert found["developer"] == ("Y" if weights else eee.hub_id(ref(model_id)).split("/")[0])
    assert (found["inference_platform"], details["inspect_model"]) == ("acme", model_id)


def test_players_and_entries_that_left_the_boards_have_no_record() -> None:
    own = entry("orchard/aster-1", 0.5)
    assert [path for path, _ in eee.record_files(submission(own), None)] == [eee.record_path(own)]
    player = entry("reference/mute", -1.0, division="reference")
    assert list(eee.record_files(submission(player), None)) == []
    assert list(eee.record_files(Submission(own, (), 1, "another"), None)) == []
    taken = synthetic.record(own.content(), "withdraw", "fail")
    withdrawn = Submission(own, (Evidence.model_validate(taken, strict=False),), 1)
    assert list(eee.record_files(withdrawn, None)) == []
    open_one = entry("orchard/aster-1", 0.5, division="open", **NOTE)
    assert len(list(eee.record_files(submission(open_one), None))) == 1


def test_the_file_is_one_line_of_json_that_names_its_schema() -> None:
    own = entry("orchard/aster-1", 0.5, organisation="Ça")
    ((_, content),) = eee.record_files(submission(own), BASE)
    assert content.count(b"\n") == 1
    assert content.endswith(b"\n")
    assert "Ça".encode() in content
    assert json.loads(content) == record(own, BASE)
    assert json.loads(content)["schema_version"] == "0.3.0"
