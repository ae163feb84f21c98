"""The task `deescalation`: an angry person, an assistant, and a system prompt with or without process rules.

    inspect eval interplay/deescalation --model openai/gpt-5 -T mode=live
    inspect eval interplay/deescalation --model openai/gpt-5 --model-role user_sim=google/gemini-2.5-pro
    inspect eval interplay/deescalation --model reference/pliant -T preset=smoke -T mode=live

Source: in the style of Sun, Xu and Li, Reducing Conversational Escalation in Large Language Model Dialogue
with Nonviolent Communication Constraints (arXiv 2606.26106), of which the abstract was read; no replication.
"""

from collections.abc import Mapping

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset
from inspect_ai.model import get_model, model_roles

from interplay.scorers.escalation import escalation
from interplay.scorers.escalation_judge import escalation_judge
from interplay.tasks.catalog import task_stamp
from interplay.tasks.command_line import created_by_inspect_cli
from interplay.tasks.records import Preset

from .arguments import Listed, Mode, Part, Simulator, Talk
from .dataset import samples_of
from .play import TARGET_CONFIG, able_to_play, talk
from .roles import refuse_models, refuse_roles

VERSION = "1.0.0"
OPINION = "escalation_judge.cts_j"
"""What the preset `paper` puts first, as the work does that it follows."""
HEADLINES: Mapping[Mode, str] = {"live": "escalation.cts_d", "branch": "escalation.outcome"}


@task
def deescalation(
    preset: Preset = "standard",
    mode: Mode | None = None,
    simulator: Simulator | None = None,
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
        preset: `standard`, `paper` or `smoke`; it fills in what is not given.
        mode: `scripted` with four fixed messages; `live` with a person who reacts; `branch` with two replies
            to a person who has just become angrier. By default live where role `user_sim` is bound.
        simulator: Who writes for the person: `rule`, or role `user_sim` as `persona`, or as `state` with a
            state that role `sim_state` keeps. By default persona where `user_sim` is bound.
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
            a grader is bound when the task is made, and with preset `paper`, which needs both.
    """
    chosen = Talk(
        preset=preset,
        mode=mode,
        simulator=simulator,
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
        bound=tuple(model_roles()),
    )
    if created_by_inspect_cli():
        roles = {name: each[0] if isinstance(each, list) else each for name, each in model_roles().items()}
        refuse_roles(chosen.played_mode, chosen.played_simulator, roles, preset=preset, judge=judge)
        refuse_models(chosen.played_simulator, get_model(), roles)
    samples = samples_of(chosen)
    # Roles may have been bound by an earlier run of this process: who asked for no judge can do without one.
    wanted = preset == "paper" or "grader" in chosen.bound if judge is None else judge
    judges = [escalation_judge(optional=judge is None and preset != "paper")] if wanted else []
    return Task(
        dataset=MemoryDataset(samples, name="deescalation" if seeds_file is None else "seeds_file"),
        setup=able_to_play(chosen.mode, chosen.played_simulator, preset=preset, judge=judge, judged=wanted),
        solver=talk(chosen.replies),
        scorer=[escalation(), *judges],
        epochs=chosen.epochs if chosen.epochs > 1 else None,
        config=TARGET_CONFIG,
        version=VERSION,
        # With fixed messages nobody calms down, and conduct does not rank.
        headline_metric=OPINION if preset == "paper" and wanted else HEADLINES.get(chosen.played_mode),
        metadata={"interplay": task_stamp(chosen.task, preset, samples)},
    )
