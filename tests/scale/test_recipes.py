"""docs/scale: the Slurm script under a scheduler of the test, the Kubernetes manifest, the page."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner, Result

from interplay.leaderboard.cli import program

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "scale.md").read_text("utf-8")
SCRIPT, MANIFEST = DOCS / "scale" / "slurm.sh", DOCS / "scale" / "job.yaml"
SBATCH = """#!/bin/bash
# Runs every task of the array that the script, or --array before it, asks for.
array=$(sed -n 's/^#SBATCH --array=//p' "${@: -1}")
case "$1" in --array=*) array=${1#--array=};; esac
for id in $(seq "${array%-*}" "${array#*-}"); do
  SLURM_ARRAY_TASK_ID=$id bash "${@: -1}" || exit $?
done
"""
INTERPLAY = """#!/bin/bash
printf '%s\\x1f' "$SLURM_ARRAY_TASK_ID" "$@" >> "$CALLS"; echo >> "$CALLS"
"""
NAME = {"type": "string", "pattern": r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 63}
COUNT = {"type": "integer", "minimum": 1}
QUANTITY = {"type": "string", "pattern": r"^\d+(m|Ki|Mi|Gi|Ti)?$"}


def record(required: list[str], **properties: Any) -> dict[str, Any]:
    """Schema of an object that has these fields alone."""
    return {
        "type": "object", "properties": properties, "required": required, "additionalProperties": False,
    }  # fmt: skip


def items(item: Any) -> dict[str, Any]:
    """Schema of a list that is not empty."""
    return {"type": "array", "items": item, "minItems": 1}


CONTAINER = record(
    ["name", "image", "command", "args"],
    name=NAME,
    image={"type": "string", "pattern": "^[a-z0-9./-]+:[A-Za-z0-9._-]+$"},
    workingDir={"type": "string", "pattern": "^/"},
    command=items({"type": "string"}),
    args=items({"type": "string"}),
    envFrom=items(record(["secretRef"], secretRef=record(["name"], name=NAME))),
    env=items(record(["name", "value"], name={"type": "string"}, value={"type": "string"})),
    resources=record(
        [],
        requests={"type": "object", "additionalProperties": QUANTITY},
        limits={"type": "object", "additionalProperties": QUANTITY},
    ),
    volumeMounts=items(record(["name", "mountPath"], name=NAME, mountPath={"type": "string"})),
)
POD = record(
    ["restartPolicy", "containers"],
    restartPolicy={"enum": ["Never"]},  # what backoffLimitPerIndex asks for
    terminationGracePeriodSeconds=COUNT,
    containers=items(CONTAINER),
    volumes=items(record(["name"], name=NAME, persistentVolumeClaim=record(["claimName"], claimName=NAME))),
)
JOB = record(
    ["apiVersion", "kind", "metadata", "spec"],
    apiVersion={"const": "batch/v1"},
    kind={"const": "Job"},
    metadata=record(["name"], name=NAME),
    spec=record(
        ["completionMode", "completions", "template"],
        completionMode={"const": "Indexed"},
        completions=COUNT,
        parallelism=COUNT,
        backoffLimitPerIndex=COUNT,
        template=record(["spec"], spec=POD),
    ),
)
"""The part of the Job schema of Kubernetes (batch/v1) that the manifest uses."""


def interplay(words: list[str], **environment: str) -> Result:
    """One command in this process."""
    return CliRunner().invoke(program, words, env=environment, catch_exceptions=False)


@pytest.fixture
def cluster(tmp_path: Path) -> Path:
    """A folder with `sbatch`, `srun` and an `interplay` that notes how it was called."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, text in (("sbatch", SBATCH), ("srun", '#!/bin/bash\nexec "$@"\n'), ("interplay", INTERPLAY)):
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    return tmp_path


def submitted(cluster: Path, *options: str, **setting: str) -> list[list[str]]:
    """The number and the words of every task that Slurm started."""
    calls = cluster / "calls"
    calls.unlink(missing_ok=True)
    path = f"{cluster / 'tools'}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        ["sbatch", *options, str(SCRIPT)],
        env=os.environ | {"PATH": path, "CALLS": str(calls)} | setting, cwd=cluster, check=True,
    )  # fmt: skip
    return [line.split("\x1f")[:-1] for line in calls.read_text().splitlines()]


def test_the_slurm_script_makes_every_run_once(cluster: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And every family and model has a folder of its own, which is what `submit` takes."""
    monkeypatch.chdir(cluster)
    players = ["hold", "guard", "switcher"]
    calls = submitted(
        cluster, "--array=1-2", SLICES="2", FAMILIES="proxy_drift", PRESET="smoke",
        MODELS=" ".join(f"reference/{player}" for player in players),
    )  # fmt: skip
    assert [number for number, *_ in calls] == ["1", "2"]
    for number, *words in calls:
        done = interplay(words, SLURM_ARRAY_TASK_ID=number)
        assert done.exit_code == 0, done.output
    logs = list((cluster / "logs" / "proxy_drift").glob("reference-*-smoke/*-of-2/*.eval"))
    assert len(logs) == len(players)


def test_the_slurm_script_as_it_stands(cluster: Path) -> None:
    calls = submitted(cluster, MODELS="reference/echo")
    assert len(calls) == 8
    for number, *words in calls[::7]:
        done = interplay([*words, "--dry-run"], SLURM_ARRAY_TASK_ID=number)
        assert f"slice {number} of 8" in done.output, done.output


def test_the_slurm_script_asks_for_models(cluster: Path) -> None:
    done = subprocess.run(["bash", str(SCRIPT)], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "set MODELS to one or more models" in done.stderr


def test_the_manifest_is_a_job_whose_pods_make_all_slices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = yaml.safe_load(MANIFEST.read_text("utf-8"))
    jsonschema.validate(job, JOB)
    spec = job["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    assert {m["name"] for m in container["volumeMounts"]} == {v["name"] for v in spec["volumes"]}
    count = job["spec"]["completions"]
    assert f"--array=kubernetes/{count}" in container["args"]
    words = [*container["command"][1:], *container["args"], "--dry-run"]
    played = [word.replace("openai/gpt-5-mini", "reference/mute").replace("openai/gpt-5", "reference/echo")
              for word in words]  # fmt: skip
    assert not any(word.startswith("--log-dir") for word in played), "submit takes one family and model"
    played = [word for word in played if word not in ("deescalation", "recipe_chains")]
    monkeypatch.chdir(tmp_path)
    for index in (0, count - 1):
        done = interplay(played, JOB_COMPLETION_INDEX=str(index))
        assert done.exit_code == 0, done.output
        assert f"slice {index + 1} of {count}" in done.output


COMMANDS = re.findall(r"^interplay .+$|(?<=; )interplay [^;]+", PAGE, re.MULTILINE)


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_every_command_of_the_page_can_start(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a reference player where a provider is named, and what it would do printed."""
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command)[1:]
    family = words[1]
    player = {"mazes": "reference/mute", "user_turn": "reference/curious"}.get(family, "")
    words = [
        word if "/" not in word or "reference/" in word or word[0].isdigit() else player for word in words
    ]
    words = [word for word in words if word != "--dry-run"]
    done = interplay([*words, "--dry-run"])
    assert done.exit_code == 0, done.output


def test_the_options_of_hugging_face_jobs_are_its_own() -> None:
    (command,) = re.findall(r"^hf jobs run .+$", PAGE, re.MULTILINE)
    words = shlex.split(command)
    helped = subprocess.run(
        [Path(sys.executable).with_name("hf"), "jobs", "run", "--help"],
        capture_output=True, text=True, check=True, env=os.environ | {"COLUMNS": "400"},
    ).stdout  # fmt: skip
    options = [word for word in words[: words.index("python:3.11")] if word.startswith("--")]
    assert options
    assert all(f"{option} " in helped for option in options)
    flavors = re.findall(r"--flavor ([\w-]+)", PAGE)
    assert len(flavors) == 2
    assert all(f"|{flavor}|" in helped or f"[{flavor}|" in helped for flavor in flavors)
