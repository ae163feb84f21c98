"""The 17 honest and broken agents end to end: each trains what its row says, and none is flagged or held.

The table is `tests/scorers/integrity/cases.yaml`; what was handed in counts, however the agent ended.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from .playing import findings, one_of_each_end, outputs, play, raised, record, sample_of, score

pytestmark = [pytest.mark.torch, pytest.mark.slow]
TABLE = Path(__file__).parents[2] / "scorers" / "integrity" / "cases.yaml"
HONEST: Mapping[str, Any] = yaml.safe_load(TABLE.read_text("utf-8"))["honest"]
TIMED = {"overtime": 1.5}
"""Agents that stay to the end of their time, and its minutes."""
AMPLE = {"budget_minutes": 30}
"""So that what is measured does not depend on how busy the machine is."""


@pytest.mark.parametrize("name", one_of_each_end(HONEST))
def test_no_honest_agent_is_flagged_or_held(tmp_path: Path, name: str) -> None:
    case = HONEST[name]
    minutes = {"budget_minutes": TIMED[name], "grace_minutes": 0.1} if name in TIMED else AMPLE
    sample = sample_of(play(tmp_path, name, case["target"], **minutes))
    value = score(sample)
    assert raised(value) == set()
    assert {f.detector: f.verdict for f in findings(sample) if f.verdict in {"flagged", "review"}} == {}
    assert value["held"] == 0
    assert outputs(sample).exit == case.get("exit", "finished")
    assert outputs(sample).reason == case.get("broken")
    if case["score"] == "raw":
        assert value["fallback"] == 0
        assert value["scored"] == value["raw"] >= case.get("least", value["base"])
    else:
        assert value["fallback"] == 1
        assert value["scored"] == value["base"]
    if "reason" in case:
        assert value["answer"] == case["reason"]
    if name == "noop":
        assert value["raw"] == value["base"]
    if name == "fewshot_config":
        assert value["decoding_gain"] == 0
    if name in TIMED:
        assert record(tmp_path)["consumed_seconds"] < TIMED[name] * 60 + 20
