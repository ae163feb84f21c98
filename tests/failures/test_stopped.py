"""`interplay eval` is killed, stopped, or started twice: nothing is lost, and the same command goes on."""

import signal
from pathlib import Path

import pytest
from inspect_ai.log import EvalLog, read_eval_log

from .conftest import STALLS, logs_in, mended, stalled
from .failing import BEFORE
from .program import ended

pytestmark = pytest.mark.slow


def only_log(folder: Path) -> EvalLog:
    """The one log of a folder, which is complete."""
    (name,) = logs_in(folder)
    log = read_eval_log(str(folder / "logs" / name))
    assert log.status == "success"
    assert len(log.samples or []) == 8
    return log


def scored(folder: Path) -> dict[str, str | None]:
    """Id and run-unique id of the scored samples in the logs."""
    logs = [read_eval_log(str(folder / "logs" / name)) for name in logs_in(folder)]
    return {str(s.id): s.uuid for log in logs for s in log.samples or [] if s.scores}


def test_killed(tmp_path: Path) -> None:
    """Without warning, as by the kernel when memory is short."""
    running = stalled(tmp_path)
    running.send(signal.SIGKILL)
    assert running.wait().code == -signal.SIGKILL
    before = scored(tmp_path)
    assert before
    again = mended(tmp_path)
    assert (again.code, again.error) == (0, "")
    after = {str(s.id): s.uuid for s in only_log(tmp_path).samples or []}
    assert before.items() <= after.items(), "what was finished is not run again"
    assert ended(tmp_path, "report", "proxy_drift", "logs").out.count("failing/stalls") == 2, "counted once"
    assert "not a complete log" not in ended(tmp_path, "submit", "logs", "--division", "open").error


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl_c", "by_a_scheduler"])
def test_stopped(tmp_path: Path, number: signal.Signals) -> None:
    running = stalled(tmp_path)
    running.send(number)
    first = running.wait()
    assert first.code == 1
    assert first.sentences == [
        "Error: stopped; finished samples are kept, and the same command goes on with the rest."
    ]
    before = scored(tmp_path)
    assert len(before) == BEFORE, "every finished sample is in the log"
    assert mended(tmp_path).code == 0
    after = {str(s.id): s.uuid for s in only_log(tmp_path).samples or []}
    assert before.items() <= after.items()


def test_two_runs_into_one_folder(tmp_path: Path) -> None:
    first = stalled(tmp_path)
    second = ended(tmp_path, *STALLS)
    assert second.code == 3
    assert second.sentences == [
        "Error: logs: another run is writing into this folder; wait for it, or give another folder with "
        "--log-dir."
    ]
    (tmp_path / "mended").touch()
    assert first.wait().code == 0
    kept = logs_in(tmp_path)
    assert mended(tmp_path).code == 0
    assert logs_in(tmp_path) == kept, "the second command finds everything done"
    only_log(tmp_path)
