"""The Slurm provider against tools that play a cluster: a job is a process, its states stand in a file."""

import asyncio
import os
import signal
import stat
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import click
import pytest
from inspect_ai.util import OutputLimitExceededError, SandboxUnavailableError, SandboxUserUnsupportedError

from interplay.solvers.posttrain_state import InfraError
from interplay.tasks.posttrain.sandbox import rpcd, slurm
from interplay.tasks.posttrain.sandbox.slurm import SlurmSandbox
from interplay.tasks.posttrain.sandbox.slurm_job import SlurmConfig, job_script

SBATCH = """#!/bin/bash
echo "$@" >> "$CLUSTER/sbatch.log"
case "$(cat "$CLUSTER/mode")" in
  quota) echo "sbatch: error: Batch job submission failed: Disk quota exceeded" >&2; exit 1;;
  refused) echo "sbatch: error: QOSMaxSubmitJobPerUserLimit" >&2; exit 1;;
esac
script="${@: -1}"
echo "$script" > "$CLUSTER/script"
[ "$(cat "$CLUSTER/mode")" = pending ] || "$CLUSTER/start"
echo "4711;cluster"
"""
START = """#!/bin/bash
script=$(cat "$CLUSTER/script")
echo RUNNING > "$CLUSTER/state"
setsid bash "$script" >> "$(dirname "$script")/job.log" 2>&1 < /dev/null &
echo $! > "$CLUSTER/pid"
"""
SCANCEL = """#!/bin/bash
echo "$@" >> "$CLUSTER/scancel.log"
[ -f "$CLUSTER/pid" ] && kill -9 -- -"$(cat "$CLUSTER/pid")" 2>/dev/null
echo CANCELLED > "$CLUSTER/state"
"""
SACCT = """#!/bin/bash
cat "$CLUSTER/state"
"""
APPTAINER = """#!/bin/bash
echo "$@" >> "$CLUSTER/apptainer.log"
if [ "$1" = pull ]; then
  if [ "$(cat "$CLUSTER/mode")" = small_tmp ]; then
    echo "FATAL: write /tmp/x: no space left on device" >&2; exit 255
  fi
  echo pulled > "$3"; exit 0
fi
if [ "$(cat "$CLUSTER/mode")" = no_fuse ]; then
  echo "FATAL: container creation failed: mount: fuse: device not found" >&2
  echo FAILED > "$CLUSTER/state"; exit 255
fi
for word in "$@"; do case "$word" in *:/workspace,*) binds="$word";; esac; done
[ -n "$binds" ] || exit 0
folder="${binds%%/workspace:*}"
cd "$folder/workspace" || exit 1
sed -i 's/^BEAT_SECONDS = .*/BEAT_SECONDS = 0.1/' "$folder/rpc/rpcd.py"
exec "$CLUSTER_PYTHON" "$folder/rpc/rpcd.py" "$folder/rpc"
"""


class Cluster:
    """The tools on the path, and what they are told to play."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spool = folder / "spool"
        self.image = folder / "image.sif"

    def play(self, mode: str, state: str = "PENDING") -> None:
        (self.folder / "mode").write_text(f"{mode}\n")
        self.say(state)

    def say(self, state: str) -> None:
        (self.folder / "state").write_text(f"{state}\n")

    def start(self) -> None:
        os.system(str(self.folder / "start"))

    def lose_node(self) -> None:
        os.killpg(int((self.folder / "pid").read_text()), signal.SIGKILL)

    def config(self, **more: object) -> SlurmConfig:
        values = {"image": str(self.image), "spool": str(self.spool), "poll_s": 0.05, "start_timeout_s": 20}
        return SlurmConfig.model_validate(values | more)


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    tools = {"bin/sbatch": SBATCH, "bin/scancel": SCANCEL, "bin/sacct": SACCT, "bin/apptainer": APPTAINER,
             "start": START}  # fmt: skip
    for name, text in tools.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    made = Cluster(tmp_path)
    made.spool.mkdir()
    made.image.write_text("image")
    made.play("ok")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("CLUSTER", str(tmp_path))
    monkeypatch.setenv("CLUSTER_PYTHON", sys.executable)
    monkeypatch.setattr(slurm, "SILENT_SECONDS", 1.5)
    return made


def used(cluster: Cluster, work: Callable[[SlurmSandbox], Awaitable[None]], **more: object) -> None:
    """Run something in the sandbox of one sample."""

    async def run() -> None:
        config = cluster.config(**more)
        await SlurmSandbox.task_init("task", config)
        boxes = await SlurmSandbox.sample_init("task", config, {})
        try:
            await work(boxes["default"].as_type(SlurmSandbox))
        finally:
            await SlurmSandbox.sample_cleanup("task", config, boxes, False)

    asyncio.run(run())


def test_files_and_commands_go_there_and_back(cluster: Cluster) -> None:
    async def work(box: SlurmSandbox) -> None:
        await box.write_file("deep/a.txt", "äöü\r\n")
        assert await box.read_file("deep/a.txt") == "äöü\r\n"
        await box.write_file("b.bin", bytes(range(256)))
        assert await box.read_file("b.bin", text=False) == bytes(range(256))
        done = await box.exec(
            ["sh", "-c", "cat; echo $WHO >&2; pwd; exit 3"], input="in", cwd="deep", env={"WHO": "me"}
        )
        assert (done.success, done.returncode, done.stderr) == (False, 3, "me\n")
        assert done.stdout.startswith("in")
        assert done.stdout.strip().endswith("/workspace/deep")
        many = await asyncio.gather(*(box.exec(["echo", str(i)]) for i in range(8)))
        assert [int(one.stdout) for one in many] == list(range(8))
        assert (await box.exec(["no-such-program"])).returncode == 127
        with pytest.raises(FileNotFoundError):
            await box.read_file("missing")
        with pytest.raises(IsADirectoryError):
            await box.read_file("deep")
        with pytest.raises(SandboxUserUnsupportedError):
            await box.exec(["true"], user="root")

    used(cluster, work)
    assert (cluster.folder / "scancel.log").read_text().split() == ["4711"]
    (sbatch,) = (cluster.folder / "sbatch.log").read_text().splitlines()
    assert sbatch.startswith("--parsable --requeue ")


def test_limits_of_output_size_and_time(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(box: SlurmSandbox) -> None:
        text = (await box.exec(["sh", "-c", "head -c 11000000 /dev/zero | tr '\\0' x; echo end"])).stdout
        assert len(text) == rpcd.OUTPUT_BYTES
        assert text.endswith("xend\n")
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            await box.exec(["sh", "-c", "sleep 30 & sleep 30"], timeout=1)
        assert time.monotonic() - begun < 15
        with (box.folder / "workspace" / "large").open("wb") as file:
            file.truncate(rpcd.READ_BYTES + 1)
        with pytest.raises(OutputLimitExceededError):
            await box.read_file("large")

    used(cluster, work)


def test_a_job_that_waits_in_the_queue_is_waited_for(cluster: Cluster) -> None:
    cluster.play("pending")

    async def run() -> None:
        config = cluster.config()
        waiting = asyncio.create_task(SlurmSandbox.sample_init("task", config, {}))
        await asyncio.sleep(0.6)
        assert not waiting.done()
        cluster.start()
        boxes = await waiting
        assert (await boxes["default"].exec(["echo", "here"])).stdout == "here\n"
        await SlurmSandbox.sample_cleanup("task", config, boxes, False)

    asyncio.run(run())


def test_a_job_that_never_starts_is_given_up_and_cancelled(cluster: Cluster) -> None:
    cluster.play("pending")
    with pytest.raises(
        InfraError, match=r"4711 did not start within 0\.3 s \(PENDING\); raise start_timeout_s"
    ):
        asyncio.run(SlurmSandbox.sample_init("task", cluster.config(start_timeout_s=0.3), {}))
    assert (cluster.folder / "scancel.log").read_text().split() == ["4711"]


@pytest.mark.parametrize("state", ["PREEMPTED", "NODE_FAIL"])
def test_a_job_that_comes_back_goes_on_in_the_same_folder(cluster: Cluster, state: str) -> None:
    async def work(box: SlurmSandbox) -> None:
        await box.write_file("kept.txt", "kept")
        hanging = asyncio.create_task(box.exec(["sleep", "60"]))
        await asyncio.sleep(0.5)
        cluster.lose_node()
        cluster.say(state)
        with pytest.raises(SandboxUnavailableError, match=r"4711 was (interrupted|restarted)"):
            await hanging
        asyncio.get_running_loop().call_later(0.5, cluster.start)
        assert await box.read_file("kept.txt") == "kept"
        assert (await box.exec(["echo", "again"])).stdout == "again\n"

    used(cluster, work)
    assert len((cluster.folder / "sbatch.log").read_text().splitlines()) == 1
    assert (cluster.folder / "scancel.log").read_text().split() == ["4711"]
    assert (cluster.folder / "state").read_text().strip() == "CANCELLED"


def test_a_call_that_a_former_life_left_is_not_answered_by_the_next(cluster: Cluster) -> None:
    async def work(box: SlurmSandbox) -> None:
        hanging = asyncio.create_task(box.exec(["sleep", "60"]))
        await asyncio.sleep(0.5)
        cluster.lose_node()
        cluster.start()
        with pytest.raises(SandboxUnavailableError):
            await hanging

    used(cluster, work)


@pytest.mark.parametrize(
    ("mode", "says"),
    [
        ("quota", "a disk quota is used up; free some space below the spool folder"),
        ("refused", "QOSMaxSubmitJobPerUserLimit"),
        ("no_fuse", "ended as FAILED: Apptainer cannot mount the image without FUSE"),
    ],
)
def test_what_a_cluster_refuses_is_told_with_its_remedy(cluster: Cluster, mode: str, says: str) -> None:
    cluster.play(mode)
    with pytest.raises(InfraError, match=says):
        asyncio.run(SlurmSandbox.sample_init("task", cluster.config(), {}))


def test_an_image_is_pulled_once_and_a_full_folder_is_told(cluster: Cluster) -> None:
    config = cluster.config(image="docker://example/image@sha256:0")
    asyncio.run(SlurmSandbox.task_init("task", config))
    asyncio.run(SlurmSandbox.task_init("task", config))
    pulls = [line for line in (cluster.folder / "apptainer.log").read_text().splitlines() if "pull" in line]
    assert len(pulls) == 1
    cluster.play("small_tmp")
    with pytest.raises(click.ClickException, match="set APPTAINER_TMPDIR"):
        asyncio.run(SlurmSandbox.task_init("task", cluster.config(image="docker://example/other")))


def test_missing_tools_and_folders_are_told_before_a_job(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(click.ClickException, match=r"spool /nowhere is no folder one can write to"):
        asyncio.run(SlurmSandbox.task_init("task", cluster.config(spool="/nowhere")))
    with pytest.raises(click.ClickException, match=r"image /nowhere\.sif is not there"):
        asyncio.run(SlurmSandbox.task_init("task", cluster.config(image="/nowhere.sif")))
    (cluster.folder / "bin" / "sacct").unlink()
    with pytest.raises(click.ClickException, match="sacct is not on the path"):
        asyncio.run(SlurmSandbox.task_init("task", cluster.config()))


def test_the_batch_script_asks_for_what_the_configuration_says(cluster: Cluster) -> None:
    config = cluster.config(partition="gpu", qos="high", binds=("/models:/cache:ro",), network="none")
    text = job_script(config, Path("/spool/abc"), "/image.sif")
    assert "#SBATCH --partition=gpu" in text
    assert "#SBATCH --gres=gpu:h100:1" in text
    assert "--account" not in text
    assert "--net --network none " in text
    assert "--bind /spool/abc/workspace:/workspace,/spool/abc/rpc:/rpc,/models:/cache:ro /image.sif" in text
    assert "--containall --no-home --writable-tmpfs" in text
