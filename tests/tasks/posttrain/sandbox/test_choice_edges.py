"""The sandbox of a job as a whole: which provider, which file, which GPU, and nothing shared between jobs."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.arguments import Job
from interplay.tasks.posttrain.sandbox import choice
from interplay.tasks.posttrain.sandbox.choice import (
    compose_content,
    sandbox_of,
    slurm_config,
    values_content,
    values_file,
)


def job(**more: Any) -> Job:
    return Job(**{"profile": "full", **more})


def devices(content: dict[str, Any], service: str) -> dict[str, Any]:
    return content["services"][service]["deploy"]["resources"]["reservations"]["devices"][0]


def test_this_machine_itself_is_the_sandbox_of_small_models_only() -> None:
    for solving, verifying in ((True, True), (True, False), (False, True)):
        assert sandbox_of(Job(profile="mini", sandbox="local", num_gpus=0), solving, verifying) == "local"


@pytest.mark.parametrize(("sandbox", "provider"), [("docker", "docker"), ("k8s", "k8s")])
def test_a_provider_gets_its_kind_of_configuration(tmp_path: Path, sandbox: Any, provider: str) -> None:
    found = sandbox_of(job(sandbox=sandbox, state_dir=str(tmp_path)), True, False)
    assert not isinstance(found, str)
    assert found.type == provider
    if provider == "k8s":
        assert Path(str(found.config)).is_file()


@pytest.mark.parametrize("sandbox", ["docker", "k8s", "slurm-apptainer"])
def test_both_parts_in_one_task_are_for_docker_alone(sandbox: Any) -> None:
    if sandbox == "docker":
        assert not isinstance(sandbox_of(job(sandbox=sandbox), True, True), str)
        return
    with pytest.raises(UserMistake) as caught:
        sandbox_of(job(sandbox=sandbox), True, True)
    assert caught.value.message == (
        f"sandbox={sandbox}: agent and verifier would reserve a GPU each; run posttrain_solve, then "
        "posttrain_score."
    )


@pytest.mark.parametrize(
    ("said", "ids"),
    [("3", ["3"]), ("0,1", ["0", "1"]), (" 0 , 1 ", ["0", "1"]), ("GPU-a1", ["GPU-a1"]), ("1,", ["1"])],
)
def test_gpus_of_this_process_are_a_list_however_it_is_written(
    monkeypatch: pytest.MonkeyPatch, said: str, ids: list[str]
) -> None:
    monkeypatch.setenv(choice.GPU_VARIABLE, said)
    content = compose_content(job(), True, True)
    for service in ("default", "verifier"):
        assert devices(content, service)["device_ids"] == ids
        assert "count" not in devices(content, service)


@pytest.mark.parametrize("said", [None, ""])
def test_gpus_that_nobody_named_are_counted(monkeypatch: pytest.MonkeyPatch, said: str | None) -> None:
    monkeypatch.delenv(choice.GPU_VARIABLE, raising=False)
    if said is not None:
        monkeypatch.setenv(choice.GPU_VARIABLE, said)
    content = compose_content(job(num_gpus=3), True, True)
    assert devices(content, "default")["count"] == devices(content, "verifier")["count"] == 3
    assert "device_ids" not in devices(content, "default")


def test_one_job_does_not_change_the_file_of_the_next() -> None:
    before = compose_content(job(), True, True)
    compose_content(job(network="none", num_gpus=2, agent_cache="with_reference"), True, False)
    assert compose_content(job(), True, True) == before


@pytest.mark.parametrize("network", ["open", "allowlist", "none"])
def test_the_only_way_out_is_told_the_network_of_the_job(network: Any) -> None:
    command = compose_content(job(network=network), True, True)["services"]["egress"]["command"]
    assert command[-2:] == ["--network", network]
    assert command.count("--network") == 1


def test_the_reference_is_in_the_cache_of_the_agent_only_where_the_job_says_so() -> None:
    with_it = compose_content(job(agent_cache="with_reference"), True, True)["services"]
    without = compose_content(job(agent_cache="base_only"), True, True)["services"]
    assert with_it["default"]["volumes"][1] == with_it["verifier"]["volumes"][1]
    assert without["default"]["volumes"][1] != without["verifier"]["volumes"][1]
    assert with_it["verifier"] == without["verifier"]


@pytest.mark.parametrize("profile", ["full", "mini"])
def test_a_verifier_alone_is_where_commands_go(profile: Any) -> None:
    services = compose_content(Job(profile=profile), False, True)["services"]
    assert list(services) == ["verifier"]
    assert services["verifier"]["x-default"] is True
    assert "x-default" not in compose_content(Job(profile=profile), True, True)["services"]["verifier"]


@pytest.mark.parametrize(
    ("network", "keys"),
    [
        ("allowlist", {"allowDomains"}),
        ("open", {"allowEntities", "allowDomains"}),
        ("none", {"allowDomains"}),
    ],
)
def test_pods_reach_what_the_network_of_the_job_permits(network: Any, keys: set[str]) -> None:
    values = values_content(job(sandbox="k8s", network=network), True)
    assert {key for key in values if key.startswith("allow")} == keys
    assert bool(values["allowDomains"]) == (network == "allowlist")
    verifier = values_content(job(sandbox="k8s", network=network), False)
    assert verifier["allowDomains"] == []
    assert "allowEntities" not in verifier


def test_a_values_file_is_named_by_its_content(tmp_path: Path) -> None:
    """The same job finds its file again, another one never writes over it."""
    tmp_path = tmp_path / "not" / "made"
    first = values_file(job(sandbox="k8s", state_dir=str(tmp_path)), True)
    again = values_file(job(sandbox="k8s", state_dir=str(tmp_path), run="2"), True)
    other = values_file(job(sandbox="k8s", state_dir=str(tmp_path), num_gpus=2), True)
    verifier = values_file(job(sandbox="k8s", state_dir=str(tmp_path)), False)
    assert first == again
    assert len({first, other, verifier}) == 3
    assert first.is_absolute()
    assert yaml.safe_load(other.read_text("utf-8")) == values_content(job(sandbox="k8s", num_gpus=2), True)


SLURM = {
    "a list": ("- a\n", "no configuration of Slurm jobs"),
    "empty": ("", "no configuration of Slurm jobs"),
    "no YAML": ("a: [", "no configuration of Slurm jobs"),
    "no spool": ("image: i\n", "spool Field required"),
    "a wrong number": ("spool: s\nimage: i\ncpus: many\n", "cpus Input should be a valid integer"),
}


@pytest.mark.parametrize("name", SLURM)
def test_a_slurm_file_that_is_none_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    content, says = SLURM[name]
    path = tmp_path / "slurm.yaml"
    path.write_text(content)
    monkeypatch.setenv(choice.SLURM_VARIABLE, str(path))
    with pytest.raises(UserMistake) as caught:
        slurm_config(True)
    assert caught.value.message.startswith(f"INTERPLAY_SLURM={path}: no configuration of Slurm jobs (")
    assert says in caught.value.message
    assert caught.value.message.endswith("); correct it.")
    assert "\n" not in caught.value.message


def test_a_slurm_file_that_is_not_there_or_no_text_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe")
    for name in ("nowhere.yaml", "b.yaml", "."):
        monkeypatch.setenv(choice.SLURM_VARIABLE, str(tmp_path / name))
        with pytest.raises(UserMistake, match="no configuration of Slurm jobs"):
            slurm_config(False)


def test_the_image_of_the_file_goes_before_that_of_the_grid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "slurm.yaml"
    monkeypatch.setenv(choice.SLURM_VARIABLE, str(path))
    path.write_text(yaml.safe_dump({"spool": "/spool", "image": "/own.sif", "minutes": 60}))
    found = slurm_config(True)
    assert (found.image, found.minutes, found.spool) == ("/own.sif", 60, "/spool")
    images = {"agent": "a@sha256:1", "verifier": "v@sha256:2"}
    grid = choice.load_grid().model_copy(update={"images": images})
    monkeypatch.setattr(choice, "load_grid", lambda: grid)
    path.write_text(yaml.safe_dump({"spool": "/spool"}))
    assert [slurm_config(solving).image for solving in (True, False)] == [
        "docker://a@sha256:1",
        "docker://v@sha256:2",
    ]
