"""The catalogue says what there is: names, roles, players and presets agree with the tasks themselves."""

import hashlib
import inspect
import json
import re
from importlib import import_module
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.solvers.reference.provider import agent_named, player_named
from interplay.tasks import _registry
from interplay.tasks.catalog import (
    FAMILIES,
    family,
    family_of_task,
    input_pin,
    task_digest,
    task_stamp,
)
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import PRESETS, FamilyRecord, RunPlanner, RunSize

TASKS = [(record, task) for record in FAMILIES for task in record.tasks]
TASK_IDS = [task.name for _, task in TASKS]


def function(record: FamilyRecord, task: str):
    return getattr(import_module(f"interplay.tasks.{record.name}"), task)


def test_no_two_families_or_tasks_share_a_name() -> None:
    names = [record.name for record in FAMILIES]
    assert len(set(names)) == len(names)
    assert len(set(TASK_IDS)) == len(TASK_IDS)
    for name in (*names, *TASK_IDS):
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name)


def test_the_registry_offers_exactly_the_tasks_of_the_catalogue() -> None:
    made = {
        name for name in _registry.__all__
        if getattr(getattr(_registry, name), "__module__", "").startswith("interplay.tasks.")
        and name in TASK_IDS
    }  # fmt: skip
    assert made == set(TASK_IDS)


@pytest.mark.parametrize(("record", "task"), TASKS, ids=TASK_IDS)
def test_a_task_is_found_by_its_name_with_and_without_prefix(record: FamilyRecord, task) -> None:
    assert family_of_task(task.name) == (record, task)
    assert family_of_task(task.registry_name) == (record, task)
    assert task.registry_name == f"interplay/{task.name}"
    assert family_of_task(f"other/{task.name}") is None
    assert family_of_task(task.name.upper()) is None


@pytest.mark.parametrize(("record", "task"), TASKS, ids=TASK_IDS)
def test_the_docstring_of_a_task_speaks_of_every_argument(record: FamilyRecord, task) -> None:
    made = function(record, task.name)
    text = inspect.getdoc(made) or ""
    told = re.findall(r"^    (\w+): ", text.partition("Args:\n")[2], re.MULTILINE)
    assert told == list(inspect.signature(made).parameters)


@pytest.mark.parametrize("record", FAMILIES, ids=lambda record: record.name)
def test_a_family_is_found_and_cites_a_paper(record: FamilyRecord) -> None:
    assert family(record.name) is record
    assert family(record.name + "x") is None
    assert re.fullmatch(r"\d{4}\.\d{5}", record.citation.arxiv)
    assert record.citation.arxiv[:2] == str(record.citation.year)[2:]
    assert str(record.citation).startswith(f"{record.citation.authors}: {record.citation.title} (arXiv ")
    assert record.title.startswith(record.short_title)
    assert ":" not in record.short_title
    assert record.question.endswith("?")


@pytest.mark.parametrize("record", FAMILIES, ids=lambda record: record.name)
def test_the_players_of_a_family_exist(record: FamilyRecord) -> None:
    assert len(set(record.reference_players)) == len(record.reference_players)
    for player in record.reference_players:
        assert agent_named(player) or player_named(player)
        with pytest.raises(UserMistake, match=f"reference/{player}x: no such player"):
            player_named(f"{player}x")


def test_a_task_names_no_role_that_it_has_no_use_for() -> None:
    located = family_of_task("posttrain_mini")
    assert located is not None
    assert "grader" not in located[1].roles


@pytest.mark.parametrize("record", FAMILIES, ids=lambda record: record.name)
def test_presets_are_of_the_closed_set_and_standard_comes_first(record: FamilyRecord) -> None:
    assert set(record.presets) <= set(PRESETS)
    assert record.presets[0] == "standard"
    assert "smoke" in record.presets


@pytest.mark.parametrize("record", FAMILIES, ids=lambda record: record.name)
def test_arguments_that_a_family_gives_are_arguments_of_its_tasks(record: FamilyRecord) -> None:
    known = {
        name for task in record.tasks for name in inspect.signature(function(record, task.name)).parameters
    }
    given_to_players = {**record.offline_args, **record.live_args, **record.scripted_only}
    assert set(given_to_players) <= known
    assert set(record.scripted_only) <= set(record.live_args), "a refusal names what to give in its place"
    assert set(record.agentless) <= {task.name for task in record.tasks}
    assert set(record.reference_tasks) <= {task.name for task in record.tasks}
    assert (record.needs is None) == (record.extra is None)
    assert record.state_dir is None or "state_dir" in known


@pytest.mark.parametrize("record", FAMILIES, ids=lambda record: record.name)
def test_every_planner_offers_what_a_planner_offers(record: FamilyRecord) -> None:
    planner = import_module(record.runs_module)
    for name in RunPlanner.__annotations__:
        assert callable(getattr(planner, name)), name
    for preset in record.presets:
        runs = record.default_runs(preset)
        assert record.settled_runs(list(runs), {}, ()) == runs, "without arguments and roles nothing changes"
        for task, args in runs:
            assert isinstance(record.run_size(task, args | {"preset": preset}), RunSize)
    for task, args in record.default_runs("smoke"):
        sizes = [record.run_size(name, args | {"preset": "smoke"}) for name in (task, f"interplay/{task}")]
        assert sizes[0] == sizes[1], "a task is the same under either name"


@settings(max_examples=50)
@given(st.text())
def test_a_pin_is_the_begin_of_the_hash_of_the_input(text: str) -> None:
    assert input_pin(text) == hashlib.sha256(text.encode()).hexdigest()[:16]


def test_a_digest_changes_with_everything_it_stands_for_and_with_the_order() -> None:
    base = ("interplay/t", "standard", [("a", "1"), ("b", "2")])
    others = [
        ("interplay/u", "standard", [("a", "1"), ("b", "2")]),
        ("interplay/t", "smoke", [("a", "1"), ("b", "2")]),
        ("interplay/t", "standard", [("b", "2"), ("a", "1")]),
        ("interplay/t", "standard", [("a", "1"), ("b", "3")]),
        ("interplay/t", "standard", [("a", "1"), ("c", "2")]),
        ("interplay/t", "standard", [("a", "1")]),
        ("interplay/t", "standard", []),
    ]
    digests = {task_digest(*one) for one in (base, *others)}
    assert len(digests) == 1 + len(others)
    assert task_digest(base[0], base[1], iter(base[2])) == task_digest(*base)


def test_a_digest_is_that_of_canonical_json() -> None:
    """White space, escapes and key order are fixed, so that any language can compute it."""
    content = json.dumps(["interplay/t", "smoke", [["ä", "1"]]], separators=(",", ":"), ensure_ascii=False)
    assert content == '["interplay/t","smoke",[["ä","1"]]]'
    assert task_digest("interplay/t", "smoke", [("ä", "1")]) == hashlib.sha256(content.encode()).hexdigest()


def test_a_stamp_holds_the_digest_of_the_samples_in_their_order() -> None:
    samples = [SimpleNamespace(id=1, input="one"), SimpleNamespace(id="b", input="two")]
    stamp = task_stamp("maze_solo", "smoke", samples)
    assert stamp["board_tasks"] == ["interplay/maze_solo"]
    assert stamp["preset"] == "smoke"
    pins = [("1", input_pin("one")), ("b", input_pin("two"))]
    assert stamp["task_digest"] == task_digest("interplay/maze_solo", "smoke", pins)
    assert task_stamp("maze_solo", "smoke", samples[::-1])["task_digest"] != stamp["task_digest"]
    assert set(stamp) == {"board_tasks", "preset", "task_digest", "package_version"}
