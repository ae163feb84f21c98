"""The post-training tasks: an agent makes a small base model good at one target, alone and in a fixed time.

    interplay eval posttrain_mini --model reference/posttrain-sft
    inspect eval interplay/posttrain --model anthropic/claude-opus-4-6 -T agent=claude_code
    inspect eval interplay/posttrain_score -T bundles=runs/a17

After PostTrainBench (arXiv 2603.08640; posttrainbench.com). The ranked model is `--model`, which drives the
agent; the small models are material.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import get_model
from inspect_ai.solver import Solver
from inspect_ai.util import CheckpointConfig, TimeInterval

from interplay.scorers.posttrain import posttrain as posttrain_scorer
from interplay.solvers.posttrain import examine_bundles, posttrain_job
from interplay.tasks.catalog import task_stamp
from interplay.tasks.posttrain.arguments import (
    AgentCache,
    AgentName,
    Device,
    Feedback,
    Job,
    Listed,
    Network,
    Sandbox,
)
from interplay.tasks.posttrain.cells import Profile
from interplay.tasks.posttrain.dataset import bundle_samples, profile_of_bundles, samples_of
from interplay.tasks.posttrain.sandbox.choice import sandbox_of
from interplay.tasks.records import Preset

VERSION = "1.0.0"
HEADLINE = "posttrain.scored"


CHECKPOINT_MINUTES = 10


def checkpoints(job: Job) -> CheckpointConfig | None:
    """Captures of conversation and workspace; a local workspace outlives its process by itself."""
    if job.sandbox == "local":
        return None
    return CheckpointConfig(
        trigger=TimeInterval(timedelta(minutes=CHECKPOINT_MINUTES)), sandbox_paths={"default": ["/workspace"]}
    )


def task_of(name: str, job: Job, samples: list[Sample], plan: Solver, verified: bool = True) -> Task:
    """The Inspect task of a job.

    A failed cell leaves the others alone and is asked for again by the same command; no limit of time is set
    here, since scoring would get the half of it.
    """
    return Task(
        dataset=MemoryDataset(samples, name=name),
        solver=plan,
        scorer=posttrain_scorer() if verified else None,
        sandbox=sandbox_of(job, solving=name != "posttrain_score", verifying=verified),
        checkpoint=checkpoints(job),
        continue_on_fail=True,
        version=VERSION,
        headline_metric=HEADLINE if verified else None,
        metadata={
            "interplay": task_stamp(name, job.preset, samples),
            "posttrain": {
                "settings": job.settings,
                "state_dir": job.state_dir,
                "deviations": job.deviations,
                "whole": job.whole,
            },
        },
    )


def job_with(arguments: dict[str, Any], profile: Profile = "full", **more: Any) -> Job:
    """The job of a task that was called with these arguments; the smoke preset is a cell of mini."""
    chosen: Profile = "mini" if arguments["preset"] == "smoke" else profile
    return Job(profile=chosen, **arguments | more)


@task
def posttrain_mini(
    preset: Preset = "standard",
    version: str | float | None = None,
    targets: Listed | None = None,
    budget_minutes: float | None = None,
    grace_minutes: float | None = None,
    agent: AgentName | None = None,
    reprompt_minutes: float = 0,
    feedback: Feedback | None = None,
    network: Network | None = None,
    agent_cache: AgentCache | None = None,
    sandbox: Sandbox | None = None,
    run: str | int = "1",
    state_dir: str = "./posttrain-state",
    eval_seeds: str | int | list[int] | None = None,
    device: Device = "auto",
) -> Task:
    """The same jobs at the size of a demonstration: six targets, one model of 111,104 parameters, no GPU.

    Example: `tool lamp : who color . request : lamp red Ana` → `call lamp ( who = Ana , color = red )`;
    the base is right in 0 of 100, 300 steps of fine-tuning in 72.

    Args:
        preset: `standard`, `paper` (rules of version 1.0) or `smoke` (one cell).
        version: Rules `1.0`, `1.1`, `1.2` or `x`; by preset.
        targets: Comma list of targets; all weighted ones by default, `m_hop` only if named.
        budget_minutes: Wall time of the agent; 5 by default.
        grace_minutes: So much later it is stopped; 1 by default.
        agent: `react`, or an agent of inspect-swe.
        reprompt_minutes: A stopped agent is asked to go on while more than this is left; 0 never.
        feedback: `open` gives the test, `sealed` one number a query.
        network: `none`, `allowlist` or `open`.
        agent_cache: `base_only`, or `with_reference`.
        sandbox: `docker`, or `local` for scripted agents, which is their default.
        run: Label of repetitions.
        state_dir: Where records and bundles are kept.
        eval_seeds: Comma list; by version.
        device: `auto` is CUDA where there is one.
    """
    job = job_with(locals(), "mini", num_gpus=0, sandbox=sandbox or default_sandbox())
    return task_of("posttrain_mini", job, samples_of(job), posttrain_job(job, VERSION))


@task
def posttrain(
    preset: Preset = "standard",
    version: str | float | None = None,
    bases: Listed | None = None,
    targets: Listed | None = None,
    budget_minutes: float | None = None,
    grace_minutes: float | None = None,
    agent: AgentName | None = None,
    reprompt_minutes: float = 0,
    feedback: Feedback | None = None,
    network: Network | None = None,
    agent_cache: AgentCache | None = None,
    sandbox: Sandbox = "docker",
    num_gpus: int = 1,
    gpu_name: str = "H100",
    run: str | int = "1",
    state_dir: str = "./posttrain-state",
    eval_seeds: str | int | list[int] | None = None,
) -> Task:
    """An agent alone with one GPU turns a base model into a good model for one target; all phases, one log.

    Example: Qwen3-1.7B-Base solves 13 % of GSM8K; its instruction-tuned sibling 88 %.
    Source: PostTrainBench (arXiv 2603.08640). Needs two services on one GPU; with Kubernetes or Slurm run
    `posttrain_solve`, then `posttrain_score`.

    Args:
        preset: `standard` (version x), `paper` (1.0) or `smoke`.
        version: Rules `1.0`, `1.1`, `1.2` or `x`; by preset.
        bases: Comma list; a partial grid yields no headline.
        targets: Comma list.
        budget_minutes: Wall time of the agent; 600 by default.
        grace_minutes: So much later it is stopped; 5 by default.
        agent: `claude_code` by default, or another of inspect-swe, or `react`.
        reprompt_minutes: A stopped agent is asked to go on while more than this is left; 0 never.
        feedback: `open` gives the test, `sealed` one number a query; by version.
        network: `open`, `allowlist` or `none`; by version.
        agent_cache: `with_reference` or `base_only`; by version.
        sandbox: `docker`; the others need the split tasks.
        num_gpus: GPUs of a cell.
        gpu_name: Part of their name, checked before the clock starts.
        run: Label of repetitions.
        state_dir: Where records and bundles are kept.
        eval_seeds: Comma list; by version.
    """
    job = job_with(locals())
    return task_of("posttrain", job, samples_of(job), posttrain_job(job, VERSION))


@task
def posttrain_solve(
    preset: Preset = "standard",
    version: str | float | None = None,
    bases: Listed | None = None,
    targets: Listed | None = None,
    budget_minutes: float | None = None,
    grace_minutes: float | None = None,
    agent: AgentName | None = None,
    reprompt_minutes: float = 0,
    feedback: Feedback | None = None,
    network: Network | None = None,
    agent_cache: AgentCache | None = None,
    sandbox: Sandbox = "docker",
    num_gpus: int = 1,
    gpu_name: str = "H100",
    run: str | int = "1",
    state_dir: str = "./posttrain-state",
) -> Task:
    """The agent's part of `posttrain`: leaves sealed bundles, which `posttrain_score` takes.

    Example: `inspect eval interplay/posttrain_solve -T sandbox=k8s -T state_dir=runs/a17`, then
    `inspect eval interplay/posttrain_score -T bundles=runs/a17`.

    Args:
        preset: `standard` (version x), `paper` (1.0) or `smoke`.
        version: Rules `1.0`, `1.1`, `1.2` or `x`; by preset.
        bases: Comma list; a partial grid yields no headline.
        targets: Comma list.
        budget_minutes: Wall time of the agent; 600 by default.
        grace_minutes: So much later it is stopped; 5 by default.
        agent: `claude_code` by default, or another of inspect-swe, or `react`.
        reprompt_minutes: A stopped agent is asked to go on while more than this is left; 0 never.
        feedback: `open` gives the test, `sealed` one number a query; by version.
        network: `open`, `allowlist` or `none`; by version.
        agent_cache: `with_reference` or `base_only`; by version.
        sandbox: `docker`, `k8s` or `slurm-apptainer`.
        num_gpus: GPUs of a cell.
        gpu_name: Part of their name, checked before the clock starts.
        run: Label of repetitions.
        state_dir: Where records and bundles are kept.
    """
    job = job_with(locals())
    plan = posttrain_job(job, VERSION, examined=False)
    return task_of("posttrain_solve", job, samples_of(job), plan, verified=False)


@task
def posttrain_score(
    bundles: str,
    preset: Preset = "standard",
    version: str | float | None = None,
    sandbox: Sandbox = "docker",
    state_dir: str = "./posttrain-state",
    eval_seeds: str | int | list[int] | None = None,
    device: Device = "auto",
) -> Task:
    """Examines and scores bundles that lie ready, also with other judges, seeds or rules.

    Example: `inspect eval interplay/posttrain_score -T bundles=runs/a17 -T version=1.2`.

    Args:
        bundles: Folder with the bundles of one profile, at any depth; one a cell.
        preset: `standard` (version x) or `paper` (1.0).
        version: Rules `1.0`, `1.1`, `1.2` or `x`; by preset.
        sandbox: `docker`, `k8s`, `slurm-apptainer`, or `local` for bundles of the mini profile.
        state_dir: Where the verifier's records are kept.
        eval_seeds: Comma list; by version.
        device: Of the mini profile; `auto` is CUDA where there is one.
    """
    job = Job(
        profile=profile_of_bundles(Path(bundles)),
        preset=preset,
        version=version,
        sandbox=sandbox,
        state_dir=state_dir,
        eval_seeds=eval_seeds,
        device=device,
    )
    samples = bundle_samples(job, Path(bundles))
    return task_of("posttrain_score", job, samples, examine_bundles(job, VERSION, bundles))


def default_sandbox() -> Sandbox:
    """`local` for scripted agents, and where no model is known yet; `docker` for all others."""
    try:
        model = str(get_model())
    except ValueError:
        return "local"
    return "local" if model.startswith(("reference/", "none/")) else "docker"
