"""Compose and Helm files as section by section they promise: networks, mounts, users, GPUs, and no key."""

import json
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
import yaml

from interplay.tasks.posttrain.arguments import Job
from interplay.tasks.posttrain.cells import load_grid
from interplay.tasks.posttrain.sandbox import choice
from interplay.tasks.posttrain.sandbox.choice import (
    compose_config,
    compose_content,
    sandbox_of,
    values_content,
)
from interplay.tasks.posttrain.sandbox.hosts import allowed_domains

FOLDER = Path(choice.__file__).parent
ALL_MODELS = "${INTERPLAY_CACHE_ALL:?the folder with base and reference models}:/cache:ro"
PARTS = [(True, True), (True, False), (False, True)]
"""Solving and verifying, the agent's part alone, the verifier's part alone."""
KEY = re.compile(r"(api[_-]?key|token|secret|password)", re.IGNORECASE)


@pytest.fixture
def pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Images with a digest, as `cells pin` writes them; the shipped grid has none yet."""
    image = f"registry.example/posttrain@sha256:{'0' * 64}"
    grid = load_grid()
    found = grid.model_copy(update={"images": dict.fromkeys(grid.images, image)})
    monkeypatch.setattr(choice, "load_grid", lambda: found)


def compose_tool() -> list[str] | None:
    """The program that reads compose files here: the plugin of docker, or the older program of its own."""
    if shutil.which("docker"):
        asked = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
        if asked.returncode == 0:
            return ["docker", "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else None


def content(**more: Any) -> dict[str, Any]:
    return compose_content(Job(profile="full", **more), solving=True, verifying=True)


def test_the_agent_has_one_way_out_and_the_verifier_none() -> None:
    found = content()
    services = found["services"]
    assert set(services) == {"default", "egress", "verifier"}
    assert services["default"]["networks"] == ["inside"]
    assert services["egress"]["networks"] == ["inside", "outside"]
    assert services["verifier"]["network_mode"] == "none"
    assert "networks" not in services["verifier"]
    assert found["networks"]["inside"] == {"internal": True}
    assert services["egress"]["command"][-2:] == ["--network", "allowlist"]
    assert content(network="none")["services"]["egress"]["command"][-1] == "none"


def test_mounts_users_and_limits() -> None:
    services = content()["services"]
    assert services["default"]["volumes"] == [
        "workspace:/workspace",
        "${INTERPLAY_CACHE_AGENT:?the folder with the base models}:/cache:ro",
        "handoff:/handoff",
    ]
    assert services["verifier"]["volumes"] == ["handoff:/handoff:ro", ALL_MODELS, "out:/out"]
    assert [services[name]["user"] for name in ("default", "egress", "verifier")] == [
        "agent",
        "egress",
        "verifier",
    ]
    assert services["verifier"]["read_only"] is True
    assert services["verifier"]["tmpfs"] == ["/tmp"]
    assert all(services[name]["init"] for name in services)
    assert services["default"]["deploy"]["resources"]["limits"] == {"cpus": "16", "memory": "128g"}
    for name in ("default", "verifier"):
        assert services[name]["shm_size"] == "16g"
    environment = services["default"]["environment"]
    assert environment["HTTPS_PROXY"] == "http://egress:3128"
    assert environment["HF_ENDPOINT"] == "http://egress:3129"


def test_versions_1_leave_the_reference_in_the_cache() -> None:
    volumes = content(version="1.2")["services"]["default"]["volumes"]
    assert volumes[1] == ALL_MODELS


def test_one_process_takes_the_gpu_that_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    def reserved(found: dict[str, Any], name: str) -> Any:
        return found["services"][name]["deploy"]["resources"]["reservations"]["devices"][0]

    assert reserved(content(num_gpus=2), "default")["count"] == 2
    monkeypatch.setenv("INTERPLAY_GPU", "3")
    for name in ("default", "verifier"):
        assert reserved(content(), name)["device_ids"] == ["3"]
        assert "count" not in reserved(content(), name)


@pytest.mark.parametrize(
    "name", ["compose.yaml", "compose-mini.yaml", "values-agent.yaml", "values-verifier.yaml"]
)
def test_no_key_stands_in_a_configuration(name: str) -> None:
    assert not KEY.search((FOLDER / name).read_text(encoding="utf-8"))


def test_the_parts_alone_have_only_their_services() -> None:
    job = Job(profile="full")
    assert set(compose_content(job, True, False)["services"]) == {"default", "egress"}
    assert set(compose_content(job, False, True)["services"]) == {"verifier"}
    assert set(compose_content(Job(profile="mini"), True, True)["services"]) == {
        "default",
        "egress",
        "verifier",
    }


@pytest.mark.parametrize("profile", ["full", "mini"])
def test_inspect_takes_the_compose_files(profile: Any) -> None:
    config = compose_config(Job(profile=profile), solving=True, verifying=True)
    assert config.services["verifier"].network_mode == "none"


@pytest.mark.parametrize("profile", ["full", "mini"])
@pytest.mark.parametrize(("solving", "verifying"), PARTS)
def test_the_compose_tool_takes_the_files(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pinned: None,
    profile: Any,
    solving: bool,
    verifying: bool,
) -> None:
    tool = compose_tool()
    if tool is None:
        pytest.skip("no docker compose found")
    for name in ("INTERPLAY_CACHE_AGENT", "INTERPLAY_CACHE_ALL"):
        monkeypatch.setenv(name, str(tmp_path))
    job = Job(profile=profile)
    path = tmp_path / "compose.yaml"
    path.write_text(yaml.safe_dump(compose_content(job, solving, verifying)), encoding="utf-8")
    done = subprocess.run([*tool, "-f", str(path), "config"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = yaml.safe_load(done.stdout)
    assert found["networks"]["inside"]["internal"] is True
    assert ("default" in found["services"], "verifier" in found["services"]) == (solving, verifying)
    if verifying:
        assert found["services"]["verifier"]["network_mode"] == "none"
    if solving:
        assert list(found["services"]["default"]["networks"]) == ["inside"]


@pytest.mark.parametrize("profile", ["full", "mini"])
@pytest.mark.parametrize(("solving", "verifying"), PARTS)
def test_compose_files_fit_the_compose_specification(
    pinned: None, profile: Any, solving: bool, verifying: bool
) -> None:
    pytest.importorskip("k8s_sandbox", reason="no inspect-k8s-sandbox found")
    schema = files("k8s_sandbox") / "resources" / "compose" / "compose-spec.json"
    found = compose_content(Job(profile=profile), solving, verifying)
    jsonschema.validate(found, json.loads(schema.read_text("utf-8")))


@pytest.mark.parametrize("solving", [True, False])
@pytest.mark.parametrize("network", ["allowlist", "open", "none"])
def test_values_fit_the_chart_of_the_provider(pinned: None, network: Any, solving: bool) -> None:
    pytest.importorskip("k8s_sandbox", reason="no inspect-k8s-sandbox found")
    chart = files("k8s_sandbox") / "resources" / "helm" / "agent-env"
    own = yaml.safe_load((chart / "values.yaml").read_text("utf-8"))
    schema = json.loads((chart / "values.schema.json").read_text("utf-8"))
    values = values_content(Job(profile="full", sandbox="k8s", network=network), solving)
    # Helm checks the values over those of the chart, key by key.
    jsonschema.validate(own | values, schema)
    assert set(values) <= set(own)


def test_the_mini_profile_reaches_nothing() -> None:
    found = compose_content(Job(profile="mini"), True, True)
    assert set(found["networks"]) == {"inside"}
    assert found["services"]["egress"]["command"][-1] == "none"


def test_pods_have_a_gpu_and_the_network_of_their_part() -> None:
    job = Job(profile="full", sandbox="k8s", num_gpus=2)
    agent, verifier = values_content(job, True), values_content(job, False)
    for values in (agent, verifier):
        service = values["services"]["default"]
        assert set(values["services"]) == {"default"}
        assert service["runtimeClassName"] == "nvidia"
        assert service["resources"]["limits"]["nvidia.com/gpu"] == 2
        mounts = {m["name"]: m for m in service["volumeMounts"]}
        assert mounts["cache"]["readOnly"] is True
        assert not mounts["handoff"]["mountPath"].startswith("/workspace")
    assert agent["allowDomains"] == list(allowed_domains())
    assert verifier["allowDomains"] == []
    assert values_content(Job(profile="full", sandbox="k8s", network="none"), True)["allowDomains"] == []


@pytest.mark.parametrize("sandbox", ["k8s", "slurm-apptainer"])
def test_both_parts_at_once_would_reserve_two_gpus(sandbox: Any) -> None:
    with pytest.raises(
        click.ClickException, match=f"sandbox={sandbox}: agent and verifier would reserve a GPU each"
    ):
        sandbox_of(Job(profile="full", sandbox=sandbox), solving=True, verifying=True)


def test_slurm_wants_its_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job(profile="full", sandbox="slurm-apptainer")
    monkeypatch.delenv("INTERPLAY_SLURM", raising=False)
    with pytest.raises(click.ClickException, match="INTERPLAY_SLURM is not set; name a YAML file"):
        sandbox_of(job, solving=True, verifying=False)
    path = tmp_path / "slurm.yaml"
    path.write_text(yaml.safe_dump({"spool": "/spool", "cpus": "many"}))
    monkeypatch.setenv("INTERPLAY_SLURM", str(path))
    with pytest.raises(click.ClickException, match=r"slurm\.yaml: no configuration of Slurm jobs"):
        sandbox_of(job, solving=True, verifying=False)
    path.write_text(yaml.safe_dump({"spool": "/spool", "partition": "gpu", "image": "/image.sif"}))
    assert "slurm-apptainer" in str(sandbox_of(job, solving=True, verifying=False))
