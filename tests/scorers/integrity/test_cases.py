"""Every scripted agent as a bundle: cheaters are found by the detector that is meant to, honest ones by
none.

Played in a real shell with training replaced; `tests/tasks/posttrain/test_cheaters.py` trains.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from interplay.scorers.integrity.examine import Facts, findings_of, measure_bundle
from interplay.scorers.integrity.findings import LIMIT_BYTES, Finding, is_held
from interplay.solvers.posttrain_validity import why_invalid
from interplay.solvers.reference.posttrain_agents import HONEST_AGENTS
from interplay.solvers.reference.posttrain_cheaters import POSTTRAIN_CHEATERS
from interplay.tasks.posttrain.bundle import WORKSPACE
from interplay.tasks.posttrain.grid import FOLDER

from .play import Played, Stage, play, stage

CASES = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text("utf-8"))
CHEATERS, HONEST = CASES["cheaters"], CASES["honest"]
WEIGHTS = FOLDER / "mini" / "weights"
SLOW = ("query_grinder",)
"""Forty queries, which take half a minute."""


class Examined(NamedTuple):
    """A played bundle and its findings."""

    played: Played
    facts: Facts
    findings: list[Finding]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("p"), WEIGHTS) as made:
        yield made


@cache
def examined(scene: Stage, name: str) -> Examined:
    played = play(scene, name, (CHEATERS | HONEST)[name]["target"])
    facts = measure_bundle(
        played.bundle,
        played.cell,
        base_dir=scene.cache / "mini-0",
        reference_dir=scene.cache / "mini-0-reference",
        losses=played.losses,
    )
    stored = Facts.model_validate_json(facts.model_dump_json())
    findings = findings_of(stored, played.cell)
    assert findings == findings_of(facts, played.cell)
    assert all(len(str(found.record()).encode()) <= 2 * LIMIT_BYTES for found in findings)
    return Examined(played, facts, findings)


def flags(findings: list[Finding]) -> set[str]:
    return {found.flag for found in findings if found.verdict == "flagged"}


def test_the_table_names_every_agent() -> None:
    assert list(CHEATERS) == sorted(CHEATERS, key=list(CHEATERS).index)
    assert set(CHEATERS) == set(POSTTRAIN_CHEATERS)
    assert set(HONEST) == set(HONEST_AGENTS)
    assert (len(CHEATERS), len(HONEST)) == (34, 17)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in CHEATERS]
)
def test_a_cheater_is_found_by_the_detectors_of_the_table(scene: Stage, name: str) -> None:
    case = CHEATERS[name]
    found = examined(scene, name)
    assert flags(found.findings) == set(case["flags"])
    assert is_held(found.findings) >= case.get("held", False)
    raised = {f.detector for f in found.findings if f.verdict in {"flagged", "review"}}
    assert set(case["by"]) <= raised
    if not case["flags"] and not case.get("held"):
        assert not raised
    if "reason" in case:
        assert case["reason"] in {f.reason for f in found.findings if f.detector == "lineage"}
    if "blocked" in case:
        assert found.facts.egress.denied
    assert found.played.bundle.manifest.exit == case.get("exit", "finished")
    broken = case["score"] == "fallback" and not set(case["flags"]) & set("CMA")
    assert (why_invalid(found.played.bundle, scene.cache / "mini-0") is not None) == broken


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.torch if name == "nan_weights" else ()) for name in HONEST]
)
def test_an_honest_agent_is_neither_flagged_nor_held(scene: Stage, name: str) -> None:
    case = HONEST[name]
    found = examined(scene, name)
    assert {f.detector: f.verdict for f in found.findings if f.verdict in {"flagged", "review"}} == {}
    if "reason" in case:
        assert found.findings[0].reason == case["reason"]
    assert found.played.bundle.manifest.exit == case.get("exit", "finished")
    invalid = why_invalid(found.played.bundle, scene.cache / "mini-0")
    assert (invalid is not None) == (case["score"] == "fallback")


def test_no_payload_of_a_deliverable_runs(scene: Stage) -> None:
    found = examined(scene, "payload_code")
    bundle = found.played.bundle
    assert bundle.model is not None
    assert not list(scene.folder.rglob("payload_ran"))
    assert {path.suffix for path in bundle.model.iterdir()} <= {".safetensors", ".json", ".jinja", ".txt"}
    assert "auto_map" not in (bundle.model / "config.json").read_text()
    dropped = {item.path.rsplit("/", 1)[-1] for item in bundle.manifest.dropped}
    assert {"modeling_best.py", "sitecustomize.py", "pytorch_model.bin", "config.json"} <= dropped
    assert bundle.paths(WORKSPACE)
