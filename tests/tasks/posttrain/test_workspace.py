"""What an agent finds in its folder: timer, overlap check, evaluator."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from interplay.tasks.posttrain.grid import FOLDER
from interplay.tasks.posttrain.mini.recipe import WEIGHTS
from interplay.tasks.posttrain.overlap import Reference, needed_share, overlaps
from interplay.tasks.posttrain.targets import load_target

TOOLS = FOLDER / "workspace"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for name in ("evaluate.py", "contamination_check.py", "timer.sh"):
        shutil.copy(TOOLS / name, tmp_path / name)
    shutil.copytree(TOOLS / "templates", tmp_path / "templates")
    items = load_target("m_call").items()
    (tmp_path / "dev_prompts.jsonl").write_text(
        "".join(json.dumps({"id": i.id, "prompt": i.prompt}) + "\n" for i in items)
    )
    (tmp_path / "test_data.json").write_text(
        json.dumps([{"question": i.prompt, "answer": i.gold} for i in items])
    )
    return tmp_path


def run(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    given = {
        **os.environ,
        "INTERPLAY_CELL": "m_call__mini-0",
        "INTERPLAY_FEEDBACK": "open",
        "OMP_NUM_THREADS": "1",
        **variables,
    }
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (7322, "Remaining time (hours:minutes):\n2:0"),
        (125, "Remaining time (hours:minutes):\n0:0"),
        (-5, "Timer expired!\n"),
    ],
)
def test_timer(workspace: Path, left: int, said: str) -> None:
    (workspace / "deadline").write_text(f"{time.time() + left}\n")
    done = run(workspace, "bash", "timer.sh", INTERPLAY_DEADLINE_FILE=str(workspace / "deadline"))
    assert done.returncode == 0
    assert done.stdout.startswith(said)


@pytest.mark.parametrize("content", [None, "soon\n", "1e9; rm -rf x\n"])
def test_timer_without_a_deadline_says_so(workspace: Path, content: str | None) -> None:
    if content is not None:
        (workspace / "deadline").write_text(content)
    done = run(workspace, "bash", "timer.sh", INTERPLAY_DEADLINE_FILE=str(workspace / "deadline"))
    assert (done.returncode, done.stdout) == (3, "")


def check(workspace: Path, *names: str) -> subprocess.CompletedProcess[str]:
    return run(workspace, sys.executable, "contamination_check.py", *names)


def test_overlap_is_found_in_every_kind_of_file(workspace: Path) -> None:
    import pyarrow as pa
    from pyarrow import feather, parquet

    leaked = load_target("m_call").items()[3]
    clean = load_target("m_call").train(3, 9)
    pair = {
        "messages": [
            {"role": "user", "content": leaked.prompt},
            {"role": "assistant", "content": leaked.gold},
        ]
    }
    fine = [{"prompt": i.prompt, "answer": i.gold} for i in clean]
    (workspace / "a.jsonl").write_text("".join(json.dumps(r) + "\n" for r in [*fine, pair]))
    (workspace / "b.json").write_text(json.dumps([pair]))
    (workspace / "c.csv").write_text(f'"{leaked.prompt}","{leaked.gold}"\n')
    (workspace / "d.py").write_text(f"DATA = [{leaked.prompt!r}]\n")
    (workspace / "e.txt").write_text(f"nothing\n{leaked.prompt}\n")
    table = pa.table({"prompt": [leaked.prompt], "answer": [leaked.gold]})
    parquet.write_table(table, workspace / "f.parquet")
    feather.write_feather(table, workspace / "g.arrow")
    for name in ("a.jsonl", "b.json", "c.csv", "d.py", "e.txt", "f.parquet", "g.arrow"):
        done = check(workspace, name)
        assert (done.returncode, name in done.stdout) == (1, True), (name, done.stdout, done.stderr)
    assert "a.jsonl:4: overlaps" in check(workspace, "a.jsonl").stdout


def test_honest_data_pass_and_what_cannot_be_read_is_said(workspace: Path) -> None:
    pairs = [{"prompt": i.prompt, "answer": i.gold} for i in load_target("m_call").train(200, 9)]
    (workspace / "t.jsonl").write_text("".join(json.dumps(r) + "\n" for r in pairs))
    done = check(workspace, "t.jsonl")
    assert (done.returncode, done.stdout) == (0, "0 of 200 records overlap\n")
    (workspace / "bad.jsonl").write_text("{")
    for name in ("bad.jsonl", "none.jsonl", "x.pkl"):
        (workspace / "x.pkl").write_bytes(b"\x80")
        done = check(workspace, name)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_long_questions_need_less_and_short_ones_all() -> None:
    assert [needed_share(n) for n in (10, 20, 35, 50, 90)] == [1.0, 1.0, 0.9, 0.8, 0.8]
    long = " ".join(f"word{n}" for n in range(60))
    changed = long.replace("word7 ", "other ")
    short = " ".join(f"word{n}" for n in range(15))
    assert overlaps([(long, "yes")], [long, changed, short]) == [True, True, False]
    assert overlaps([(short, "")], [short, short.replace("word7 ", "other ")]) == [True, False]
    assert not Reference([]).hits("anything at all")


@pytest.mark.slow
@pytest.mark.torch
def test_evaluator_grades_here_and_names_what_is_wrong(workspace: Path) -> None:
    shutil.copytree(WEIGHTS / "reference", workspace / "final_model")
    done = run(workspace, sys.executable, "evaluate.py", "--limit", "10", "--json-output-file", "m.json")
    assert done.returncode == 0, done.stderr
    assert json.loads((workspace / "m.json").read_text()) == {"accuracy": 1.0, "stderr": 0.0, "n": 10}
    done = run(workspace, sys.executable, "evaluate.py", "--model-path", "nowhere")
    assert done.returncode == 1
    assert done.stderr.startswith("evaluate: nowhere cannot be served")
    done = run(workspace, sys.executable, "evaluate.py", INTERPLAY_CELL="x")
    assert "does not name a cell" in done.stderr


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (
            "gsm8k__qwen3-4b",
            ["--max-tokens", "--limit", "--json-output-file", "--templates-dir", "--gpu-memory-utilization"],
        ),
        ("arenahardwriting__qwen3-4b", ["--max-new-tokens", "--max-connections", "--model-path"]),
    ],
)
def test_options_of_the_evaluator(workspace: Path, cell: str, shown: list[str]) -> None:
    done = run(workspace, sys.executable, "evaluate.py", "--help", INTERPLAY_CELL=cell)
    assert done.returncode == 0, done.stderr
    assert all(option in done.stdout for option in shown)
