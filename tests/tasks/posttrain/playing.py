"""Mini jobs played from tests: one cell by one scripted agent, through Inspect or the command line."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog, EvalSample

from interplay.scorers.integrity.findings import Finding
from interplay.scorers.posttrain import all_findings
from interplay.solvers.posttrain_outputs import Outputs, outputs_of
from interplay.tasks.posttrain import posttrain_mini
from interplay.tasks.posttrain.cells import load_grid

torch = pytest.importorskip("torch", reason="no torch found")

KILLER = """
import os, signal, sys
from interplay.solvers import posttrain_state

played = posttrain_state.Job.run

async def run(self, phase, inputs, work):
    async def dying():
        result = await work()
        os.kill(os.getpid(), signal.SIGKILL)
        return result
    return await played(self, phase, inputs, dying if phase == {phase!r} else work)

posttrain_state.Job.run = run
from interplay.leaderboard.cli import main
main({words!r})
"""


OUTCOME = ("flags", "judged", "score", "reason", "exit", "broken", "queries")
"""What of its row tells one end of an agent from another."""


def one_of_each_end(cases: Mapping[str, Any]) -> list[ParameterSet]:
    """The agents of a table: the first of each end in the slow tests, those that end like it in the nightly.

    The default tests play all of them with training replaced: `tests/scorers/integrity/test_cases.py`.
    """
    seen: set[str] = set()
    params: list[ParameterSet] = []
    for name, case in cases.items():
        end = json.dumps([case.get(key) for key in OUTCOME])
        params.append(pytest.param(name, marks=pytest.mark.nightly if end in seen else ()))
        seen.add(end)
    return params


def play(folder: Path, agent: str, target: str = "m_code", **more: Any) -> EvalLog:
    """The log of one cell."""
    asked = {"targets": target, "feedback": "open", "sandbox": "local", "state_dir": str(folder / "state")}
    (log,) = inspect_eval(
        posttrain_mini(**(asked | more)), model=f"reference/posttrain-{agent}", log_dir=str(folder / "logs")
    )
    return log


def sample_of(log: EvalLog) -> EvalSample:
    """The one sample of a log that ended well."""
    assert log.status == "success", log.error
    assert log.samples is not None
    (sample,) = log.samples
    return sample


def outputs(sample: EvalSample) -> Outputs:
    """The verifier's record of a sample."""
    found = outputs_of(sample.store)
    assert found is not None
    return found


def score(sample: EvalSample) -> Mapping[str, Any]:
    """Value, and metadata under `metadata`, of the score."""
    assert sample.scores is not None
    found = sample.scores["posttrain"]
    assert isinstance(found.value, dict)
    return {**found.value, "answer": found.answer, "metadata": found.metadata or {}}


def findings(sample: EvalSample) -> list[Finding]:
    """What the detectors and judges found."""
    found = outputs(sample)
    return all_findings(found, load_grid().cells("x", "mini", targets=[found.target])[0])


def raised(value: Mapping[str, Any]) -> set[str]:
    """The flags of a score."""
    return {flag.upper() for flag in "cmalt" if value[f"flag_{flag}"]}


def words(folder: Path, agent: str) -> list[str]:
    """The command line of one smoke cell."""
    options = ["--preset", "smoke", "--log-dir", str(folder / "logs"), "-T", "sandbox=local"]
    where = ["-T", f"state_dir={folder / 'state'}"]
    return ["eval", "posttrain_mini", "--model", f"reference/posttrain-{agent}", *options, *where]


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own, whatever becomes of it."""
    env = {**os.environ, "INSPECT_DISPLAY": "none", "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True)


def run_until_killed(folder: Path, agent: str, phase: str) -> None:
    """Play until the work of a phase is done and not yet written down, then die by SIGKILL."""
    done = run(KILLER.format(phase=phase, words=words(folder, agent)), folder)
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]


def run_to_the_end(folder: Path, agent: str) -> None:
    """The same command once more."""
    done = run(KILLER.format(phase=None, words=words(folder, agent)), folder)
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]


def record(folder: Path) -> dict[str, Any]:
    """The state of the one job of a folder."""
    (path,) = (folder / "state").glob("*/state.json")
    return json.loads(path.read_text())
