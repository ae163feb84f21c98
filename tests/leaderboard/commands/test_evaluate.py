"""`interplay eval`: one line per model, refusal of wrong input, and resuming after a kill."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from inspect_ai.log import list_eval_logs, read_eval_log

from interplay.leaderboard.cli import program
from interplay.leaderboard.commands.scores import score_table, shown
from interplay.leaderboard.result_parts import Metric


def run(*words: str) -> tuple[int, str]:
    """Exit code and everything printed by one command."""
    result = CliRunner().invoke(program, list(words), catch_exceptions=False)
    return result.exit_code, result.output


WRONG = [
    (("eval", "mazez", "--model", "reference/mute"), "mazez: no such family or task; did you mean mazes"),
    (
        ("eval", "xyz", "--model", "reference/mute"),
        "xyz: no such family or task; choose one of mazes,",
    ),
    (
        ("eval", "mazes", "--model", "reference/mute", "--model-role", "foo=reference/mute"),
        "--model-role foo: no such role in mazes; choose one of partner, grader.",
    ),
    (("eval", "mazes", "--model", "reference/nobody"), "reference/nobody"),
    (("eval", "mazes", "--model", "nobody/gpt"), "nobody/gpt"),
    (("eval", "mazes", "--model", "gpt"), "expected provider/model"),
    (("eval", "mazes", "--model", "reference/mute", "--preset", "huge"), "'huge' is not one of"),
    (("eval", "maze_collab", "--model", "reference/mute", "-T", "condition=C9"), "C9"),
    (
        ("eval", "maze_collab", "--model", "reference/mute", "-T", "size=7"),
        "sizes vary only with preset=paper",
    ),
    (("eval", "maze_solo", "--model", "reference/mute", "--preset", "paper", "-T", "size=99"), "size=99"),
    (("eval", "maze_collab", "--model", "reference/mute", "-T", "colour=red"), "takes no such argument"),
    (("eval", "maze_collab", "--model", "reference/mute", "-T", "mazes"), "expected NAME=VALUE"),
    (("eval", "maze_collab", "--model", "reference/mute", "-T", "mazes=50"), "standard-1 has 40 a family"),
    (("eval", "maze_collab", "--model", "reference/mute", "-T", "pairing=cross"), "needs a partner"),
    (
        ("eval", "maze_collab", "--model", "reference/mute", "--model-role", "partner=reference/mute"),
        "role partner is bound but pairing=self",
    ),
    (("eval", "maze_relay", "--model", "reference/mute"), "strong"),
    (
        (
            "eval",
            "maze_relay",
            "--model",
            "reference/mute",
            "--model-role",
            "strong=reference/mute",
            "-T",
            "k=3",
        ),
        "needs an even k",
    ),
    (("eval", "maze_collab", "--model", "reference/mute", "-T", "judge=true"), "grader"),
    (("eval", "mazes", "--model", "reference/mute", "--budget-usd", "5"), "needs prices"),
    (("eval", "mazes", "--model", "reference/mute", "--preset", "ceiling"), "mazes has no such preset"),
    (
        ("eval", "user_turn", "--model", "openai/gpt-5", "--preset", "smoke"),
        "provider 'openai' takes chat messages only, so the user role cannot be opened; use "
        "'user_turn_prompted', or serve the weights and use vllm-completions/<model>",
    ),
    (("eval", "user_turn", "--model", "reference/curious", "--epochs", "2"), "-T k=N"),
    (("eval", "user_turn", "--model", "mockllm/model"), "dataset 'coval' is not pinned"),
    (("eval", "user_turn", "--model", "reference/curious", "-T", "judge=true"), "needs a grader"),
]


@pytest.mark.parametrize(("words", "sentence"), WRONG, ids=[" ".join(w[1:]) for w, _ in WRONG])
def test_wrong_input_is_one_sentence_and_leaves_nothing(
    words: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, output = run(*words)
    assert code == 2, output
    errors = [line for line in output.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1
    assert sentence in " ".join(output.split())
    assert "Traceback" not in output
    assert list(tmp_path.iterdir()) == []


def test_dry_run_prints_the_size_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, output = run("eval", "mazes", "--model", "reference/mute", "--dry-run")
    assert code == 0
    assert "2 runs, 480 samples" in output
    assert "maze_solo" in output
    assert "maze_collab" in output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "ranked"),
    [
        (("mazes",), True),
        (("deescalation", "-T", "mode=live", "-T", "arms=factorial"), True),
        (("mazes", "-T", "mazes=3"), False),
        (("mazes", "--limit", "5"), False),
        (("mazes", "--epochs", "2"), False),
        (("mazes", "--preset", "smoke"), True),  # nobody takes that for a ranked run
    ],
)
def test_a_run_that_no_board_ranks_is_told_before_it_costs_anything(
    words: tuple[str, ...], ranked: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, output = run("eval", *words, "--model", "mockllm/model", "--dry-run")
    assert code == 0
    assert ("only be one of the open division" not in output) is ranked


def test_a_dry_run_needs_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "AZUREAI_OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    words = ["eval", "mazes", "--model", "openai/gpt-5"]
    done = CliRunner().invoke(program, [*words, "--dry-run"])
    assert done.exit_code == 0
    assert "2 runs, 480 samples" in done.stdout
    assert done.stderr.startswith("Warning: --model openai/gpt-5: ")
    assert "OPENAI_API_KEY" in done.stderr
    done = CliRunner().invoke(program, words)
    assert (done.exit_code, done.stderr[:29]) == (3, "Error: --model openai/gpt-5: ")


def test_one_unit_gives_a_value_and_no_interval() -> None:
    few = Metric(value=0.0, lo=0.0, hi=0.37, n=9, interval="share")
    assert shown(few) == ("≤ 0.370", "none seen")
    assert shown(Metric(value=0.0, lo=0.0, hi=1.0, n=1, interval="share")) == (0.0, None)
    assert shown(Metric(value=-0.25, lo=-1.0, hi=0.5, n=4, interval="mean")) == (-0.25, "−1.000 to 0.500")


def test_one_unit_leaves_the_column_of_intervals_out() -> None:
    one, two = ("posttrain-mini", "Score", 0.5, None, 1), ("posttrain-mini", "Score", 0.5, "0.1–0.9", 2)
    alone = score_table([one]).splitlines()
    assert alone[2:4] == ["  board           figure  value  n", "  posttrain-mini  Score   0.500  1"]
    assert alone[5] == "  One unit gives no interval."
    both = score_table([one, two], "A note.").splitlines()
    assert both[3:5] == [
        "  posttrain-mini  Score   0.500  –        1",
        "  posttrain-mini  Score   0.500  0.1–0.9  2",
    ]
    assert both[6] == "  95 % intervals are for new units. One unit gives no interval. A note."


def test_smoke_prints_a_score_table_with_intervals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("eval", "mazes", "--model", "reference/cartographer", "--preset", "smoke")
    code, output = run(*words)
    assert code == 0, output
    assert "mazes-pair" in output
    assert "mazes-gap" in output
    assert "  interplay report mazes logs/mazes/reference-cartographer-smoke  more tables\n" in output
    assert "1.000" in output
    folder = tmp_path / "logs" / "mazes" / "reference-cartographer-smoke"
    first = {path.name: path.read_bytes() for path in folder.glob("*.eval")}
    assert len(first) == 2

    monkeypatch.setenv("INSPECT_DISPLAY", "none")  # Inspect says that all is done, but not among the JSON
    again = CliRunner().invoke(program, [*words, "--json"], catch_exceptions=False)
    assert again.exit_code == 0, again.output
    assert {path.name: path.read_bytes() for path in folder.glob("*.eval")} == first, "a repeat runs nothing"
    (record,) = json.loads(again.stdout)
    assert {result["board"] for result in record["results"]} == {"mazes-pair", "mazes-gap"}
    assert record["finished"] is True
    assert record["used"]["reference/cartographer"]["input_tokens"] > 0


@pytest.mark.slow
def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """SIGKILL midway, the same command again: every sample once, finished ones kept as they were."""
    words = [sys.executable, "-m", "interplay.leaderboard.cli", "eval", "maze_collab", "--model",
             "reference/cartographer", "-T", "mazes=10", "--max-connections", "2"]  # fmt: skip
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "INSPECT_DISPLAY": "none"}
    folder = tmp_path / "logs" / "mazes" / "reference-cartographer-maze-collab-mazes-10"
    process = subprocess.Popen(words, cwd=tmp_path, env=environment, start_new_session=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not finished_samples(folder):
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    before = finished_samples(folder)
    assert 0 < len(before) < 60, "the kill came midway"

    subprocess.run(words, cwd=tmp_path, env=environment, check=True)
    logs = [read_eval_log(info) for info in list_eval_logs(str(folder))]
    (log,) = [log for log in logs if log.status == "success"]
    samples = log.samples or []
    assert len(samples) == 60
    assert len({sample.id for sample in samples}) == 60
    uuids = {str(sample.id): sample.uuid for sample in samples}
    assert {sample: uuids[sample] for sample in before} == before, "no finished sample runs twice"


def finished_samples(folder: Path) -> dict[str, str]:
    """Id and run-unique id of the samples that an unfinished log already holds."""
    found: dict[str, str] = {}
    for path in folder.glob("*.eval"):
        try:
            log = read_eval_log(str(path))
        except Exception:  # a file that is being written at this moment
            continue
        found |= {str(sample.id): str(sample.uuid) for sample in log.samples or []}
    return found
