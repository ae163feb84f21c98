"""What an agent's commands get of this machine: a clean environment, a proxy, a trap, and no key."""

import asyncio
import json
import re
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import click
import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.model import ModelOutput, ModelUsage, get_model

from interplay.leaderboard.credentials import credential_start
from interplay.solvers.posttrain import refuse_local, refuse_other
from interplay.solvers.posttrain_agent import SHELL_KILLED, shortened, trace_lines
from interplay.solvers.posttrain_network import decoy_key, network
from interplay.solvers.posttrain_place import environment_text, place_of
from interplay.solvers.posttrain_state import identity_of, open_job
from interplay.solvers.posttrain_usage import idle_share, reading
from interplay.solvers.posttrain_workspace import given_files, workspace_digest
from interplay.tasks.posttrain import posttrain_mini
from interplay.tasks.posttrain.bundle import Bundle, write_manifest
from interplay.tasks.posttrain.cells import load_grid

IDENTITY = identity_of("1.0.0", {"run": "1"}, "m_call__mini-0", "reference/posttrain-sft", 1)
CELL = load_grid().cells("x", "mini", targets=["m_call"])[0]


def test_a_local_command_starts_from_an_empty_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-real")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-real")
    monkeypatch.setenv("HF_TOKEN", "hf_real")
    with open_job(tmp_path, IDENTITY) as job:
        place = place_of("local", job)
        env = place.agent_env({"INTERPLAY_CELL": CELL.id, "QUOTED": "a 'b' $HOME\nc"})
        path = Path(place.environment_file)
        path.parent.mkdir(parents=True)
        path.write_text(environment_text(env), encoding="utf-8")
        command = place.agent_command('env; test "$QUOTED" = "a \'b\' \\$HOME\nc"')
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "real" not in done.stdout
    seen = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    assert seen["MODEL_CACHE"] == str(job.folder / "cache")
    assert seen["INTERPLAY_JOB"] == place.mark
    assert seen["HF_HUB_OFFLINE"] == "1"


def test_a_container_gets_variables_and_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-real")
    with open_job(tmp_path, IDENTITY) as job:
        place = place_of("docker", job)
    env = place.agent_env()
    assert set(env) == {"MODEL_CACHE", "INTERPLAY_DEADLINE_FILE", "INTERPLAY_JOB"}
    assert (place.agent_user, place.root_user) == ("agent", "root")
    assert place.agent_command("ls") == ["bash", "-c", "ls"]


def test_the_network_of_a_local_job_refuses_and_writes_down(tmp_path: Path) -> None:
    async def run() -> list[dict[str, Any]]:
        with open_job(tmp_path, IDENTITY) as job:
            place = place_of("local", job)
            Path(place.home).mkdir(parents=True)
            async with network(job, place, {"network": "none"}) as env:
                assert env["OPENAI_API_KEY"] == decoy_key(job)
                assert decoy_key(job) in (Path(place.home) / ".env").read_text()
                await asyncio.to_thread(tried, env)
            return [json.loads(line) for line in (job.folder / "egress.jsonl").read_text().splitlines()]

    def tried(env: dict[str, str]) -> None:
        proxied = urllib.request.build_opener(urllib.request.ProxyHandler({"http": env["HTTP_PROXY"]}))
        with pytest.raises(urllib.error.HTTPError, match="403"):
            proxied.open("http://api.openai.com/v1", timeout=10)
        request = urllib.request.Request(
            f"{env['OPENAI_BASE_URL']}/models", headers={"Authorization": f"Bearer {env['OPENAI_API_KEY']}"}
        )
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10)

    denied, trapped = asyncio.run(run())
    assert (denied["host"], denied["verdict"]) == ("api.openai.com", "deny")
    assert trapped["verdict"] == "decoy"
    assert re.fullmatch(r"[0-9a-f]{48}", trapped["key"])
    assert credential_start(trapped["key"]) is None


def test_only_scripted_agents_act_on_this_machine(tmp_path: Path) -> None:
    output = ModelOutput.from_content("mockllm/model", "hello")
    output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    model = get_model("mockllm/model", custom_outputs=[output] * 3)
    task = posttrain_mini(preset="smoke", sandbox="local", state_dir=str(tmp_path / "state"))
    (log,) = inspect_eval(task, model=model, log_dir=str(tmp_path / "logs"))
    assert log.status == "error"
    assert log.samples is not None
    assert log.samples[0].error is not None
    said = "posttrain: sandbox=local runs agent commands on this machine; use sandbox=docker for"
    assert f"{said} 'mockllm/model'." in log.samples[0].error.message
    assert not (tmp_path / "state").exists()
    with pytest.raises(click.ClickException):
        refuse_local("local", model)
    refuse_local("docker", model)


def test_a_bundle_without_a_model_is_scored_under_none(tmp_path: Path) -> None:
    write_manifest(tmp_path, cell="m_code__mini-0", exit="finished")
    bundle = Bundle.open(tmp_path)
    refuse_other(get_model("none/none"), bundle)
    with pytest.raises(
        click.ClickException, match="its manifest names no model of its agent; give --model none/none"
    ):
        refuse_other(get_model("mockllm/model"), bundle)
    write_manifest(tmp_path, cell="m_code__mini-0", exit="finished", facts={"model": "mockllm/model"})
    refuse_other(get_model("mockllm/model"), Bundle.open(tmp_path))


def test_the_workspace_holds_questions_and_only_in_open_mode_answers() -> None:
    sealed = {given.name: given.content for given in given_files(CELL, "sealed")}
    opened = {given.name: given.content for given in given_files(CELL, "open")}
    assert set(opened) - set(sealed) == {"test_data.json"}
    prompts = [json.loads(line) for line in sealed["dev_prompts.jsonl"].decode().splitlines()]
    assert len(prompts) == 100
    assert set(prompts[0]) == {"id", "prompt"}
    assert json.loads(opened["test_data.json"])[0].keys() == {"question", "answer"}
    twin = json.loads(opened["test_data.json"])
    from interplay.tasks.posttrain.targets import load_target

    questions = {item.prompt for item in load_target("m_call").twin()}
    assert not questions & {pair["question"] for pair in twin}
    assert workspace_digest(CELL, "open") != workspace_digest(CELL, "sealed")


def test_long_output_keeps_both_ends() -> None:
    text = shortened("a" * 20_000 + "b" * 20_000)
    assert len(text.encode()) <= 16 << 10
    assert text.startswith("aaa")
    assert text.endswith("bbb")
    assert "bytes left out" in text
    assert shortened(SHELL_KILLED) == SHELL_KILLED
    assert trace_lines([]) == []


def test_readings_and_the_idle_share() -> None:
    text = "1.50 1.0 0.5 2/300 4711\n120\t/workspace\n87, 512.10, 40211\n2, 60.00, 3\n"
    line = reading(text, 5.0)
    assert line == {
        "t": 5.0,
        "cpu": 1.5,
        "disk_kb": 120.0,
        "gpus": [[87.0, 512.1, 40211.0], [2.0, 60.0, 3.0]],
    }
    assert reading("", 1.0) == {"t": 1.0, "cpu": None, "disk_kb": None, "gpus": []}
    idle = reading("0 0\n1\t/w\n3, 50, 10\n", 6.0)
    assert idle_share([line, idle, reading("", 7.0)]) == 0.5
    assert idle_share([]) == 0
