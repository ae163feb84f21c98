"""What the suite runs by default, what a run takes, and which roles it may bind (looks at GPUs)."""

import shutil
import subprocess
from collections.abc import Collection, Iterable
from pathlib import Path

from pydantic import JsonValue

from interplay.tasks.mistakes import EnvironmentProblem, UserMistake
from interplay.tasks.records import Preset, Run, RunSize, TaskArgs

from .arguments import Job
from .cells import load_grid

JUDGES = ("judge_contamination", "judge_model", "judge_api", "judge_lookup")
ROLES = ("grader", *JUDGES)
VERIFIER_ONLY = ("posttrain_score", "posttrain_baselines")
PIN = "python -m interplay.tasks.posttrain.cells pin"
FULL_SIZE = RunSize(1, 200, 8_000_000, 80_000)
MINI_SIZE = RunSize(1, 12, 40_000, 2_000)
"""Of one cell: calls and tokens of the agent; input mostly comes from the provider's cache."""


def job_of(task: str, args: TaskArgs) -> Job:
    """The checked arguments of a run.

    Raises:
        UserMistake: a value is wrong.
    """
    known = {name: value for name, value in args.items() if name in Job.__dataclass_fields__}
    mini = task == "posttrain_mini" or args.get("preset") == "smoke"
    given = known | {"profile": "mini" if mini else "full"} | ({"num_gpus": 0} if mini else {})
    return Job(**given)  # pyright: ignore[reportArgumentType]  (values are checked by the record)


def default_runs(preset: Preset) -> list[Run]:
    """The runs of `interplay eval posttrain`; the smoke preset is one cell of the mini profile."""
    return [("posttrain_mini" if preset == "smoke" else "posttrain", {})]


def validate_roles(task: str, args: TaskArgs, bound: Collection[str]) -> None:
    """Check a run before it starts: its arguments, the roles bound, and what the full profile needs here.

    Raises:
        UserMistake: an argument or a role is wrong.
        EnvironmentProblem: something is not pinned, not installed, or no such GPU is here.
    """
    for role in sorted(bound):
        if role not in ROLES:
            raise UserMistake(f"role {role} is bound, but {task} uses {', '.join(ROLES)}; drop the role.")
    targets = targets_of(task, args)
    judged = [name for name in targets if load_grid().targets[name].judged]
    if judged and "grader" not in bound:
        raise UserMistake(grader_sentence(judged))
    if task in VERIFIER_ONLY:
        require_items(targets)
        return
    job = job_of(task, args)
    from interplay.solvers.posttrain_agent import require_agent

    require_agent(str(job.settings["agent"]))
    if job.profile == "mini":
        require_extra()
        return
    missing = load_grid().unpinned(job.filled_version)
    if missing:
        raise EnvironmentProblem(f"posttrain: {missing[0]} is not pinned. Remedy: {PIN}.")
    if job.sandbox == "docker":
        require_gpu(job.gpu_name)
    require_items(targets)


def targets_of(task: str, args: TaskArgs) -> list[str]:
    """The targets of a run, each once: those of its cells, or of the bundles that it scores.

    Raises:
        UserMistake: an argument is wrong, or there are no bundles.
    """
    if task != "posttrain_score":
        return list(dict.fromkeys(cell.target for cell in job_of(task, args).cells))
    if "bundles" not in args:
        raise UserMistake("posttrain_score needs bundles; add -T bundles=FOLDER of collected jobs.")
    from .bundle import read_manifest
    from .dataset import bundle_folders

    named = [
        read_manifest(folder).cell.split("__")[0] for folder in bundle_folders(Path(str(args["bundles"])))
    ]
    return [name for name in dict.fromkeys(named) if name in load_grid().targets]


def grader_sentence(judged: Collection[str]) -> str:
    """What is said where a judged target has no grader."""
    return (
        f"posttrain: {', '.join(judged)} needs a grader; add --model-role grader=PROVIDER/MODEL, or choose "
        "other targets with -T targets=NAMES."
    )


def require_items(targets: Iterable[str]) -> None:
    """Gated tests can be had here, which takes a token of the hub.

    Raises:
        NotLoaded: terms were not accepted, or there is no token.
        NetworkProblem: the hub could not be reached.
    """
    from .targets import load_target

    for name in targets:
        source = load_grid().targets[name].source
        if source is not None and source.gated:
            load_target(name).items()


def require_extra() -> None:
    """The packages of the mini profile are there.

    Raises:
        EnvironmentProblem: they are not.
    """
    from importlib.util import find_spec

    for name in ("torch", "transformers", "safetensors", "tokenizers"):
        if find_spec(name) is None:
            raise EnvironmentProblem(
                f"posttrain: {name} is not installed. Remedy: pip install 'interplay[posttrain]'."
            )


def gpu_names() -> list[str]:
    """The names of the GPUs of this machine."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    try:
        done = subprocess.run(
            [program, "--query-gpu=name", "--format=csv,noheader"], capture_output=True, text=True, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [line.strip() for line in done.stdout.splitlines() if line.strip()] if done.returncode == 0 else []


def require_gpu(wanted: str) -> None:
    """A GPU of that name is here.

    Raises:
        EnvironmentProblem: there is none.
    """
    seen = gpu_names()
    if not any(wanted.lower() in name.lower() for name in seen):
        raise EnvironmentProblem(gpu_sentence(wanted, seen))


def gpu_sentence(wanted: str, seen: Collection[str]) -> str:
    """What is said where the GPU asked for is not there."""
    return (
        f"posttrain: no GPU named {wanted} found (saw {', '.join(seen) or 'none'}). "
        "Remedy: run posttrain_mini, or set -T gpu_name=NAME."
    )


def settled_runs(runs: list[Run], given: TaskArgs, bound: Collection[str]) -> list[Run]:
    """The runs as they are: neither arguments nor roles make others of them."""
    return runs


def model_args(task: str, model: str) -> dict[str, JsonValue]:
    """None: the jobs ask nothing special of a provider."""
    return {}


def run_size(task: str, args: TaskArgs) -> RunSize:
    """Expected size of a run."""
    if task in VERIFIER_ONLY:
        return RunSize(len(load_grid().cells("x")), 0, 0, 0)
    job = job_of(task, args)
    size = MINI_SIZE if job.profile == "mini" else FULL_SIZE
    return RunSize(len(job.cells), size.calls, size.input_tokens, size.output_tokens)
