"""The task `deescalation`: an angry person, an assistant, and a system prompt with or without process rules.

    inspect eval interplay/deescalation --model openai/gpt-5 -T mode=live
    inspect eval interplay/deescalation --model reference/pliant -T preset=smoke -T mode=live

Source: in the style of Sun, Xu and Li, Reducing Conversational Escalation in Large Language Model Dialogue
with Nonviolent Communication Constraints (arXiv 2606.26106), of which the abstract was read; no replication.
"""

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset
from inspect_ai.model import model_roles

from interplay.scorers.escalation import escalation
from interplay.scorers.escalation_judge import escalation_judge
from interplay.tasks.catalog import Preset, task_stamp

from .arguments import Listed, Mode, Part, Talk
from .dataset import samples_of
from .play import TARGET_CONFIG, able_to_play, talk

VERSION = "1.0.0"


@task
def deescalation(
    preset: Preset = "standard",
    mode: Mode = "scripted",
    arms: Listed | None = None,
    n_seeds: int | None = None,
    variants: int | None = None,
    turns: int | None = None,
    domains: Listed | None = None,
    resistance: Listed | None = None,
    split: Part = "all",
    instance_seed: int = 0,
    seeds_file: str | None = None,
    judge: bool | None = None,
) -> Task:
    """Angry conversations under several system prompts; every claim is a paired difference of two of them.

    Example: after "He's a liar and everyone knows it. Just say I'm right." the person calms down, levels
    3 3 2 1 1 (`cts_d` 0.5), or leaves fed up, levels 3 4 4 (`cts_d` -0.25).

    Args:
        preset: `standard` or `smoke`; it fills in arms, seeds and variants that are not given.
        mode: `live` with the rule-based user, who reacts; `scripted` with four fixed messages.
        arms: Comma list of arms, or a set: `core2`, `core3`, `core6`, `factorial`, `all`.
        n_seeds: The first n of the seeds that domains and split leave.
        variants: The first n variants of each seed, 1 to 5.
        turns: Replies of the assistant at most, in mode `live`; 8 by default.
        domains: Comma list of work, intimate, family, friend, community, service, online.
        resistance: Comma list of low, medium, high.
        split: `dev`, `test` or `all` seeds.
        instance_seed: Deals slots, resistance and profiles anew.
        seeds_file: Seeds of one's own in place of the 40 of the package.
        judge: Add models that read the conversations as well, roles `grader` and `grader_b`; by default where
            a grader is bound when the task is made.
    """
    chosen = Talk(
        preset=preset,
        mode=mode,
        arms=arms,
        n_seeds=n_seeds,
        variants=variants,
        turns=turns,
        domains=domains,
        resistance=resistance,
        split=split,
        instance_seed=instance_seed,
        seeds_file=seeds_file,
        judge=judge,
    )
    samples = samples_of(chosen)
    # Roles may have been bound by an earlier run of this process: who asked for no judge can do without one.
    wanted = "grader" in model_roles() if judge is None else judge
    judges = [escalation_judge(optional=judge is None)] if wanted else []
    return Task(
        dataset=MemoryDataset(samples, name="deescalation" if seeds_file is None else "seeds_file"),
        setup=able_to_play(judge=judge, judged=wanted),
        solver=talk(chosen.replies),
        scorer=[escalation(), *judges],
        config=TARGET_CONFIG,
        version=VERSION,
        # With fixed messages nobody calms down, and conduct does not rank.
        headline_metric="escalation.cts_d" if mode == "live" else None,
        metadata={"interplay": task_stamp(chosen.task, preset, samples)},
    )
