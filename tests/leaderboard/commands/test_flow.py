"""`interplay eval --write-flow`: the runs as a spec that inspect-flow itself accepts."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from interplay.leaderboard.cli import program

WORDS = ("eval", "maze_solo", "maze_collab", "--preset", "smoke", "--model", "reference/mute")


def run(*words: str) -> tuple[int, str]:
    """Exit code and everything printed by one command."""
    result = CliRunner().invoke(program, list(words), catch_exceptions=False)
    return result.exit_code, result.output


def test_a_spec_holds_every_run_with_its_version_and_nothing_is_run(tmp_path: Path) -> None:
    (tmp_path / "prices.yaml").write_text(
        "reference/mute: {input: 1, output: 1, input_cache_write: 1, input_cache_read: 1}\n"
    )
    code, output = run(
        *WORDS, "--model", "reference/early", "--log-dir", str(tmp_path / "logs"), "--limit", "2", "--epochs",
        "3", "--max-connections", "5", "--prices", str(tmp_path / "prices.yaml"), "--budget-usd", "9",
        "--write-flow", str(tmp_path / "specs" / "runs.yaml"),
    )  # fmt: skip
    assert code == 0, output
    spec = yaml.safe_load((tmp_path / "specs" / "runs.yaml").read_text())
    assert spec["log_dir"] == "../logs"
    assert spec["options"]["limit"] == 2
    assert spec["options"]["model_cost_config"] == str(tmp_path / "prices.yaml")
    assert spec["defaults"] == {"config": {"max_connections": 5}}
    assert [(task["name"], task["model"]) for task in spec["tasks"]] == [
        (f"interplay/{task}", f"reference/{player}")
        for player in ("mute", "early")
        for task in ("maze_solo", "maze_collab")
    ]
    for task in spec["tasks"]:
        assert task["version"].count(".") == 2
        assert task["args"]["preset"] == "smoke"
        assert task["epochs"] == 3
        assert task["cost_limit"] > 0
    assert not (tmp_path / "logs").exists()


def test_roles_stand_in_the_spec(tmp_path: Path) -> None:
    spec = tmp_path / "runs.yaml"
    code, output = run(
        "eval", "maze_collab", "--preset", "smoke", "--model", "reference/mute", "-T", "pairing=cross",
        "--model-role", "partner=reference/early", "--write-flow", str(spec),
    )  # fmt: skip
    assert code == 0, output
    (task,) = yaml.safe_load(spec.read_text())["tasks"]
    assert task["model_roles"] == {"partner": "reference/early"}
    assert task["args"] == {"preset": "smoke", "pairing": "cross"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--model", "reference/early", "--write-flow", "runs.yaml"), "add --log-dir"),
        (("--log-dir", "logs", "--write-flow", "runs.txt"), "ends in .yaml"),
        (("--log-dir", "logs", "--write-flow", "runs.yaml", "--array", "1/2"), "leave --array out"),
    ],
)
def test_what_no_spec_can_say_is_refused(
    words: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, output = run(*WORDS, *words)
    assert code == 2
    assert sentence in output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_inspect_flow_runs_the_spec_and_the_command_finds_its_logs(tmp_path: Path) -> None:
    path = os.pathsep.join(filter(None, (os.environ.get("INTERPLAY_FLOW"), os.environ["PATH"])))
    flow = shutil.which("flow", path=path)
    if flow is None or shutil.which("uv", path=path) is None:
        pytest.skip("no flow and uv found: install inspect-flow and uv, INTERPLAY_FLOW names their folder")
    words = (*WORDS, "--limit", "1", "--log-dir", str(tmp_path / "logs"))
    assert run(*words, "--write-flow", str(tmp_path / "runs.yaml"))[0] == 0
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1", "PATH": path}
    for command, code in (("check", 3), ("run", 0), ("check", 0)):  # 3: there are runs to make
        done = subprocess.run(
            [flow, command, "runs.yaml"], cwd=tmp_path, env=os.environ | home, capture_output=True, text=True
        )
        assert done.returncode == code, done.stdout + done.stderr
    logs = {path: path.read_bytes() for path in (tmp_path / "logs").glob("*.eval")}
    assert len(logs) == 2
    code, output = run(*words)
    assert code == 0, output
    assert {path: path.read_bytes() for path in (tmp_path / "logs").glob("*.eval")} == logs, "the same runs"
