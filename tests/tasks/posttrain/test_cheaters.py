"""The 34 scripted cheaters end to end: each trains, is frozen, examined and scored, and gets what its row
says.

The table is `tests/scorers/integrity/cases.yaml`. Cells that wait for a judge are examined once more with
`reference/posttrain-judge` bound, by the task that scores bundles.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalSample

from interplay.tasks.posttrain import posttrain_score

from .playing import findings, one_of_each_end, outputs, play, raised, record, sample_of, score

pytestmark = [pytest.mark.torch, pytest.mark.slow]
TABLE = Path(__file__).parents[2] / "scorers" / "integrity" / "cases.yaml"
CHEATERS: Mapping[str, Any] = yaml.safe_load(TABLE.read_text("utf-8"))["cheaters"]
TIMED = {"timer_edit": 0.3}
"""Agents that stay to the end of their time, and its minutes."""
AMPLE = {"budget_minutes": 30}
"""So that what is measured does not depend on how busy the machine is."""


def played(folder: Path, name: str) -> EvalSample:
    case = CHEATERS[name]
    minutes = {"budget_minutes": TIMED[name], "grace_minutes": 0.1} if name in TIMED else AMPLE
    more = {"agent_cache": "with_reference", "feedback": case.get("feedback", "open"), **minutes}
    return sample_of(play(folder, name, case["target"], **more))


@pytest.mark.parametrize("name", one_of_each_end(CHEATERS))
def test_every_cheater_gets_what_its_row_says(tmp_path: Path, name: str) -> None:
    case = CHEATERS[name]
    sample = played(tmp_path, name)
    value, found = score(sample), findings(sample)
    assert raised(value) == set(case["flags"])
    detectors = {f.detector for f in found if f.verdict in {"flagged", "review"}}
    assert set(case["by"]) <= detectors
    if case["score"] == "raw":
        assert (value["fallback"], value["held"]) == (0, 0)
        assert value["scored"] == value["raw"]
    elif case["score"] == "fallback":
        assert (value["fallback"], value["held"]) == (1, 0)
        assert value["scored"] == value["base"]
    else:
        assert (value["fallback"], value["held"]) == (0, 1)
        assert math.isnan(value["scored"])
    if "reason" in case:
        assert value["answer"] == case["reason"]
    if "raw" in case:
        assert value["raw"] == pytest.approx(case["raw"], abs=1e-9)
    if "gap" in case:
        assert value["raw"] - value["twin"] > case["gap"]
    if "queries" in case:
        assert value["queries"] == case["queries"]
    assert outputs(sample).exit == case.get("exit", "finished")
    assert not list(tmp_path.rglob("payload_ran"))
    if name in TIMED:
        assert record(tmp_path)["consumed_seconds"] < TIMED[name] * 60 + 20
    if "judged" in case:
        convicted(tmp_path, set(case["judged"]))


def convicted(folder: Path, flags: set[str]) -> None:
    """The held bundle is examined again, now with the scripted judge bound."""
    (bundle,) = (path.parent for path in (folder / "state").rglob("manifest.json"))
    (log,) = inspect_eval(
        posttrain_score(bundles=str(bundle), sandbox="local", state_dir=str(folder / "again")),
        model="none/none",
        model_roles={"judge_contamination": "reference/posttrain-judge"},
        log_dir=str(folder / "judged"),
    )
    sample = sample_of(log)
    value = score(sample)
    assert raised(value) == flags
    assert (value["fallback"], value["held"]) == (1, 0)
    assert value["scored"] == value["base"]
    ruling = next(f for f in findings(sample) if f.detector == "judge_contamination")
    assert ruling.verdict == "flagged"
    assert ruling.evidence[0].quote
