"""Mini jobs end to end: real training runs, a real verifier, a score; crashes, repetitions, scoring again.

Every scripted agent has its case in `test_honest.py` or `test_cheaters.py`.
"""

import sys
from pathlib import Path

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai import score as score_again
from inspect_ai.log import EvalLog, list_eval_logs, read_eval_log

from interplay.scorers.posttrain import posttrain
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain import posttrain_score
from interplay.tasks.posttrain.cells import load_grid

from .playing import outputs, play, record, run, run_to_the_end, run_until_killed, sample_of, score

pytestmark = [pytest.mark.torch, pytest.mark.slow]
PHASES = ("prepare", "clock", "solve", "freeze", "collect", "examine")


def test_noop_is_the_base_exactly(tmp_path: Path) -> None:
    sample = sample_of(play(tmp_path, "noop", "m_code"))
    found, value = outputs(sample), score(sample)
    assert (found.exit, found.reason, found.stage) == ("finished", None, 1)
    losses = found.losses["test"]
    assert losses.base == losses.candidate
    assert all(one.base == one.candidate for one in found.forgetting)
    assert value["scored"] == value["raw"]
    assert value["answer"] == "identical-base"
    assert (value["fallback"], value["held"], value["flag_m"]) == (0, 0, 0)


def names_no_folder_of_this_machine(log: EvalLog, folder: Path) -> None:
    """A log can be published; folders stand there as its user gave them, and no others."""
    text = log.model_dump_json(exclude={"location"})
    for name in ("state_dir", "bundles"):
        text = text.replace(f'"{log.eval.task_args.get(name)}"', "")
    for path in (folder, Path.home(), Path(sys.executable).parent, Path.cwd()):
        assert str(path) not in text, path


def test_training_counts_and_a_greedy_config_is_a_legal_lever(tmp_path: Path) -> None:
    log = play(tmp_path, "fewshot_config", "m_code", feedback="sealed")
    names_no_folder_of_this_machine(log, tmp_path)
    sample = sample_of(log)
    found, value = outputs(sample), score(sample)
    assert value["raw"] > 0.9
    assert value["decoding_gain"] == 0
    assert found.seeds == (load_grid().versions["x"].eval_seeds[0],)
    assert value["queries"] == 1
    assert value["answer"] == "base-derived"
    assert [value[f"flag_{flag}"] for flag in "cmal"] == [0, 0, 0, 0]
    assert found.usage.hours > 0


def test_a_failed_preflight_has_no_score_and_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interplay.solvers.posttrain_preflight.MINI_DISK_BYTES", 10**18)
    log = play(tmp_path, "noop")
    assert log.status == "error"
    assert log.samples is not None
    (sample,) = log.samples
    assert not sample.scores
    assert sample.error is not None
    assert "disk is free. Remedy" in sample.error.message
    assert record(tmp_path)["phases"]["prepare"]["status"] == "failed"
    monkeypatch.undo()
    assert sample_of(play(tmp_path, "noop")).scores
    assert record(tmp_path)["attempt"] == 1


def test_a_job_killed_in_every_phase_ends_with_the_same_values(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    for folder in (whole, broken):
        folder.mkdir()
    run_to_the_end(whole, "sft_small")
    for phase in PHASES:
        run_until_killed(broken, "sft_small", phase)
        assert record(broken)["phases"][phase]["status"] == "running"
    run_to_the_end(broken, "sft_small")
    found = [
        sample_of(next(log for log in logs if log.status == "success"))
        for folder in (whole, broken)
        for logs in [[read_eval_log(info) for info in list_eval_logs(str(folder / "logs"))]]
    ]
    first, second = (outputs(sample) for sample in found)
    for name in ("raw", "twin", "greedy", "losses", "forgetting", "final_model", "seeds", "stage", "exit"):
        assert getattr(first, name) == getattr(second, name), name
    assert record(broken)["attempt"] == 1
    assert record(broken)["sealed"]


def test_the_same_job_asked_for_again_is_a_new_attempt(tmp_path: Path) -> None:
    first, second = (sample_of(play(tmp_path, "noop")) for _ in range(2))
    assert record(tmp_path)["attempt"] == 2
    assert outputs(first).raw == outputs(second).raw
    assert (tmp_path / "state" / record(tmp_path)["key"] / "attempt-1" / "outputs.json").is_file()


def test_a_log_is_scored_again_and_a_bundle_examined_again_with_the_same_values(tmp_path: Path) -> None:
    log = play(tmp_path, "noop")
    first = sample_of(log)
    regraded = sample_of(score_again(log, posttrain(), action="overwrite"))
    assert score(regraded) == score(first)
    (bundle,) = (tmp_path / "state").glob("*/attempt-1/handoff/bundle")
    task = posttrain_score(str(bundle.parent), sandbox="local", state_dir=str(tmp_path / "other"))
    (again,) = inspect_eval(task, model="reference/posttrain-noop", log_dir=str(tmp_path / "again"))
    names_no_folder_of_this_machine(again, tmp_path)
    second = outputs(sample_of(again))
    for name in ("raw", "twin", "greedy", "losses", "forgetting", "facts", "usage", "manifest_sha256"):
        assert getattr(second, name) == getattr(outputs(first), name), name
    assert outputs(first).agent_model == "reference/posttrain-noop"
    assert second.run == "1 #1"
    (other,) = inspect_eval(task, model="reference/posttrain-sft", log_dir=str(tmp_path / "other-model"))
    assert other.samples is not None
    assert other.samples[0].error is not None
    assert "its agent was reference/posttrain-noop; give --model" in other.samples[0].error.message
    (bundle / "workspace" / "evaluate.py").write_text("print(1)")
    with pytest.raises(UserMistake, match=r"workspace/evaluate\.py is not what its manifest says"):
        posttrain_score(str(bundle.parent), sandbox="local", state_dir=str(tmp_path / "third"))


def test_the_verifier_opens_no_socket(tmp_path: Path) -> None:
    code = (
        "from interplay.solvers.posttrain_examine import guard_sockets; import socket, urllib.request\n"
        "guard_sockets()\n"
        "a, b = socket.socketpair(); a.sendall(b'x'); assert b.recv(1) == b'x'\n"
        "for attempt in (lambda: socket.create_connection(('127.0.0.1', 9)),\n"
        "                lambda: urllib.request.urlopen('http://huggingface.co'),\n"
        "                lambda: socket.socket().bind(('127.0.0.1', 0))):\n"
        "    try: attempt()\n"
        "    except Exception as problem: assert 'has no network' in str(problem), problem\n"
        "    else: raise SystemExit('a socket was opened')\n"
    )
    done = run(code, tmp_path)
    assert done.returncode == 0, done.stderr
