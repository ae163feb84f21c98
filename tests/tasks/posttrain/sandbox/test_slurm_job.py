"""Batch jobs as text: what a script asks for, what a message comes down to, when an image is pulled."""

import asyncio
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from pydantic import ValidationError

from interplay.tasks.mistakes import EnvironmentProblem
from interplay.tasks.posttrain.sandbox import slurm_job
from interplay.tasks.posttrain.sandbox.slurm import refuse
from interplay.tasks.posttrain.sandbox.slurm_job import CAUSES, SlurmConfig, cause, job_script, local_image

FOLDER = Path("/shared/spool/0123456789abcdef")


def config(**more: object) -> SlurmConfig:
    return SlurmConfig.model_validate({"image": "/images/a.sif", "spool": "/shared/spool"} | more)


def options(text: str) -> dict[str, str]:
    """The options of a script, read as sbatch reads them: with quotes and backslashes."""
    lines = [line.removeprefix("#SBATCH ") for line in text.splitlines() if line.startswith("#SBATCH ")]
    pairs = [shlex.split(line)[0].removeprefix("--").partition("=") for line in lines]
    return {name: value for name, _, value in pairs}


def command(text: str) -> list[str]:
    return shlex.split(text.splitlines()[-1])


def test_a_script_asks_for_what_a_job_needs_and_leaves_the_rest_to_the_cluster() -> None:
    text = job_script(config(), FOLDER, "/images/a.sif")
    assert text.startswith("#!/bin/bash\n")
    assert text.endswith("\n")
    assert options(text) == {
        "job-name": "interplay-0123456789ab",
        "gres": "gpu:h100:1",
        "cpus-per-task": "16",
        "mem": "128G",
        "time": "720",
        "open-mode": "append",
        "output": f"{FOLDER}/job.log",
    }


@pytest.mark.parametrize(
    ("given", "option", "value"),
    [
        ({"partition": "gpu"}, "partition", "gpu"),
        ({"account": "lab-7"}, "account", "lab-7"),
        ({"qos": "high"}, "qos", "high"),
        ({"gres": "gpu:a100:2"}, "gres", "gpu:a100:2"),
        ({"gres": ""}, "gres", None),
        ({"cpus": 4}, "cpus-per-task", "4"),
        ({"mem_gb": 64}, "mem", "64G"),
        ({"minutes": 30}, "time", "30"),
    ],
)
def test_each_value_of_the_configuration_is_one_option(
    given: dict[str, object], option: str, value: str | None
) -> None:
    assert options(job_script(config(**given), FOLDER, "i")).get(option) == value


def test_options_stand_before_the_command_or_sbatch_would_not_read_them() -> None:
    lines = job_script(config(partition="gpu"), FOLDER, "i").splitlines()
    assert all(line.startswith("#SBATCH --") for line in lines[1:-1])
    assert lines[-1].startswith("exec apptainer exec ")


@pytest.mark.parametrize("network", ["open", "none"])
def test_the_container_has_the_gpu_no_home_and_the_network_of_the_configuration(network: str) -> None:
    words = command(job_script(config(network=network), FOLDER, "/images/a.sif"))
    for word in ("--nv", "--containall", "--no-home", "--writable-tmpfs"):
        assert word in words
    assert words[words.index("--pwd") + 1] == "/workspace"
    assert ("--net" in words) == (network == "none")
    assert words[-4:] == ["/images/a.sif", "python3", "/rpc/rpcd.py", "/rpc"]


def test_folders_of_the_job_come_first_and_further_ones_after() -> None:
    words = command(job_script(config(binds=("/models:/cache:ro", "/data")), FOLDER, "i"))
    assert words[words.index("--bind") + 1].split(",") == [
        f"{FOLDER}/workspace:/workspace",
        f"{FOLDER}/rpc:/rpc",
        "/models:/cache:ro",
        "/data",
    ]


def test_paths_with_spaces_and_quotes_stay_one_word(tmp_path: Path) -> None:
    """A real shell runs the script: the program that stands for apptainer writes down its words."""
    folder = tmp_path / "my runs' spool" / "0123"
    folder.mkdir(parents=True)
    shim = tmp_path / "apptainer"
    shim.write_text(f'#!/bin/bash\nprintf "%s\\n" "$@" > {shlex.quote(str(tmp_path / "words"))}\n')
    shim.chmod(0o755)
    text = job_script(config(binds=("/my models:/cache:ro",)), folder, "/my images/$a.sif")
    subprocess.run(["bash", "-c", text], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=True)
    words = (tmp_path / "words").read_text().splitlines()
    binds = f"{folder}/workspace:/workspace,{folder}/rpc:/rpc,/my models:/cache:ro"
    assert words[words.index("--bind") + 1] == binds
    assert "/my images/$a.sif" in words
    assert options(text)["output"] == f"{folder}/job.log"


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("FATAL: fuse: device not found", "give a folder as image (build --sandbox)"),
        ("write: No space left on device", "set APPTAINER_TMPDIR and TMPDIR to a larger one"),
        ("Disk quota exceeded", "free some space below the spool folder"),
        ("slurmstepd: error: Detected 1 oom-kill event(s)", "raise mem_gb"),
        ("state OUT-OF-MEMORY", "raise mem_gb"),
        ("first\nlast line\n\n", "last line; see job.log in the spool folder"),
        ("", "no message; see job.log in the spool folder"),
        (" \n ", "no message; see job.log in the spool folder"),
    ],
)
def test_a_message_comes_down_to_its_cause_with_the_remedy(said: str, remedy: str) -> None:
    assert cause(said).endswith(remedy)
    assert "\n" not in cause(said)


def test_every_known_cause_names_a_remedy_and_long_messages_are_cut() -> None:
    assert all(";" in said for said in CAUSES.values())
    assert len(cause("x" * 5000)) < 350


@pytest.mark.parametrize(
    "wrong", [{"cpus": "many"}, {"network": "allowlist"}, {"binds": "/a"}, {"image": None}, {"minutes": 1.5}]
)
def test_a_configuration_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=re.escape(next(iter(wrong)))):
        config(**wrong)


Calls = list[tuple[str, ...]]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Pulls that work, written down."""
    seen: Calls = []

    async def tool(*words: str, timeout: float = 120) -> tuple[int, str, str]:
        seen.append(words)
        Path(words[3]).write_text("image", "utf-8")
        return 0, "", ""

    monkeypatch.setattr(slurm_job, "tool", tool)
    return seen


def test_an_image_of_a_registry_is_pulled_to_a_place_of_its_own(tmp_path: Path, calls: Calls) -> None:
    names = ["docker://a@sha256:1", "docker://a@sha256:2"]
    places = [asyncio.run(local_image(config(image=n, spool=str(tmp_path)))) for n in (*names, *names)]
    assert places[:2] == places[2:]
    assert len(set(places)) == 2
    assert [words[-1] for words in calls] == names
    assert all(Path(place).parent == tmp_path / "images" and place.endswith(".sif") for place in places)
    assert not list(tmp_path.rglob("*.part"))


def test_several_samples_at_once_pull_an_image_once(tmp_path: Path, calls: Calls) -> None:
    async def together() -> list[str]:
        asked = config(image="docker://a", spool=str(tmp_path))
        return await asyncio.gather(*(local_image(asked) for _ in range(4)))

    assert len(set(asyncio.run(together()))) == 1
    assert len(calls) == 1


def test_a_pull_that_fails_leaves_no_image_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def tool(*words: str, timeout: float = 120) -> tuple[int, str, str]:
        Path(words[3]).write_text("half", "utf-8")
        return 255, "", "FATAL: manifest unknown"

    monkeypatch.setattr(slurm_job, "tool", tool)
    with pytest.raises(EnvironmentProblem, match="docker://a cannot be pulled: FATAL: manifest unknown; see"):
        asyncio.run(local_image(config(image="docker://a", spool=str(tmp_path))))
    assert not list(tmp_path.rglob("*.sif"))


def test_an_image_by_its_path_is_taken_as_it_is(tmp_path: Path, calls: Calls) -> None:
    folder = tmp_path / "built"
    folder.mkdir()
    assert asyncio.run(local_image(config(image=str(folder)))) == str(folder)
    with pytest.raises(EnvironmentProblem, match=r"image /nowhere/a\.sif is not there; give another path"):
        asyncio.run(local_image(config(image="/nowhere/a.sif")))
    assert calls == []


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        ({"error": "missing"}, FileNotFoundError, "^a.txt$"),
        ({"error": "permission", "message": "denied"}, PermissionError, "a.txt: denied"),
        ({"error": "directory"}, IsADirectoryError, "^a.txt$"),
        ({"error": "failed", "message": "KeyError: x"}, Exception, "a.txt: KeyError: x"),
        ({"error": "unheard of"}, Exception, "a.txt: unheard of"),
    ],
)
def test_what_went_wrong_far_away_is_raised_here(
    answer: dict[str, str], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        refuse(answer, "a.txt")
    refuse({}, "a.txt")
