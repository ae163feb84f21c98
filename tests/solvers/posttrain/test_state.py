"""The record of a job: phases are skipped, repeated, voided, sealed; two processes do not share it."""

import asyncio
import json
from pathlib import Path

import click
import pytest

from interplay.solvers.posttrain_state import (
    Job,
    append_line,
    identity_of,
    key_of,
    open_job,
    seal_record,
    whole_lines,
)

IDENTITY = identity_of(
    "1.0.0", {"agent": "react", "run": "1"}, "m_code__mini-0", "reference/posttrain-sft", 1
)


def counted(calls: list[str], name: str):
    async def work() -> dict[str, object]:
        calls.append(name)
        return {"made": name}

    return work


def test_a_phase_that_is_done_with_the_same_inputs_is_not_played_again(tmp_path: Path) -> None:
    calls: list[str] = []
    for _ in range(2):
        with open_job(tmp_path, IDENTITY) as job:
            assert asyncio.run(job.run("prepare", {"a": 1}, counted(calls, "prepare"))) == {"made": "prepare"}
    assert calls == ["prepare"]


def test_other_inputs_void_the_phase_and_all_later_ones(tmp_path: Path) -> None:
    calls: list[str] = []
    with open_job(tmp_path, IDENTITY) as job:
        asyncio.run(job.run("prepare", {"a": 1}, counted(calls, "prepare")))
        asyncio.run(job.run("solve", {}, counted(calls, "solve")))
        asyncio.run(job.run("prepare", {"a": 2}, counted(calls, "prepare")))
        assert not job.is_done("solve", {})
        assert job.state.phases["prepare"].attempt == 2
    assert calls == ["prepare", "solve", "prepare"]


def test_a_failed_phase_says_why_and_is_played_again(tmp_path: Path) -> None:
    async def broken() -> dict[str, object]:
        raise ValueError("no disk")

    with open_job(tmp_path, IDENTITY) as job:
        with pytest.raises(ValueError, match="no disk"):
            asyncio.run(job.run("freeze", {}, broken))
        assert job.state.phases["freeze"].error == "ValueError: no disk"
    calls: list[str] = []
    with open_job(tmp_path, IDENTITY) as job:
        asyncio.run(job.run("freeze", {}, counted(calls, "freeze")))
    assert calls == ["freeze"]


def test_a_sealed_record_is_never_used_again(tmp_path: Path) -> None:
    calls: list[str] = []
    with open_job(tmp_path, IDENTITY) as job:
        asyncio.run(job.run("examine", {}, counted(calls, "examine")))
        job.consume(12.5)
        first = job.folder
    seal_record(tmp_path / key_of(IDENTITY))
    with open_job(tmp_path, IDENTITY) as job:
        assert job.state.attempt == 2
        assert job.consumed_seconds == 0
        assert job.folder != first
        asyncio.run(job.run("examine", {}, counted(calls, "examine")))
    assert calls == ["examine", "examine"]


def test_one_process_at_a_time(tmp_path: Path) -> None:
    with (
        open_job(tmp_path, IDENTITY),
        pytest.raises(
            click.ClickException, match="another process works on this cell; wait for it, or set -T run"
        ),
        open_job(tmp_path, IDENTITY),
    ):
        pass


def test_another_run_model_or_setting_is_another_job() -> None:
    others = [
        identity_of("1.0.0", {"agent": "react", "run": "2"}, "m_code__mini-0", "reference/posttrain-sft", 1),
        identity_of("1.0.0", {"agent": "react", "run": "1"}, "m_code__mini-0", "reference/posttrain-noop", 1),
        identity_of("1.1.0", {"agent": "react", "run": "1"}, "m_code__mini-0", "reference/posttrain-sft", 1),
        identity_of("1.0.0", {"agent": "react", "run": "1"}, "m_code__mini-0", "reference/posttrain-sft", 2),
    ]
    keys = {key_of(other) for other in [*others, IDENTITY]}
    assert len(keys) == 5
    assert all(len(key) == 16 for key in keys)


def test_a_record_that_cannot_be_read_is_told_with_the_remedy(tmp_path: Path) -> None:
    with open_job(tmp_path, IDENTITY) as job:
        path = job.root / "state.json"
    path.write_text('{"key": 3}')
    with (
        pytest.raises(click.ClickException, match=r"state\.json: not a record of this version; move it away"),
        open_job(tmp_path, IDENTITY),
    ):
        pass
    assert json.loads(path.read_text()) == {"key": 3}


def test_time_survives_and_adds_up(tmp_path: Path) -> None:
    for _ in range(3):
        with open_job(tmp_path, IDENTITY) as job:
            job.consume(10)
    assert isinstance(job, Job)
    assert job.consumed_seconds == 30


def test_a_line_that_a_crash_cut_short_loses_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    append_line(path, {"n": 1})
    with path.open("a") as file:
        file.write('{"n": 2')
    append_line(path, {"n": 3})
    assert whole_lines(path) == [{"n": 1}, {"n": 3}]
