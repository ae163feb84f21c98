"""The task `recipe_chains`: one model answers another, and how much it hedges is counted.

    inspect eval interplay/recipe_chains --model openai/gpt-5
    inspect eval interplay/recipe_chains --model reference/mirror -T preset=smoke

Source: in the style of Zhang, Chu, Wang and Xue, Post-Training Recipe, More Than Model Family, Shapes
Multi-Agent LLM Conversational Behavior (arXiv 2606.20632), of which the abstract was read; no replication.
"""

from inspect_ai import Epochs, Task, task
from inspect_ai.dataset import MemoryDataset
from inspect_ai.model import model_roles

from interplay.scorers.chain_acts import chain_acts
from interplay.scorers.hedging import hedging_scorer
from interplay.tasks.catalog import task_stamp
from interplay.tasks.records import Preset

from .arguments import Chains, Frame, Mode
from .dataset import samples_of
from .partner_texts import CONTROLLED
from .play import SPEAKER_CONFIG, able_to_play, chain

VERSION = "1.0.0"


@task
def recipe_chains(
    preset: Preset = "standard",
    mode: Mode = "replay",
    partners: str = CONTROLLED,
    frame: Frame = "neutral",
    n_openers: int | None = None,
    repeats: int | None = None,
    seed: int = 0,
    judge: bool | None = None,
) -> Task:
    """Replies to texts of another participant: how many sentences mark their claim as provisional.

    Example: the partner says six claims, hedging all of them; `reference/mirror` answers with five hedged
    sentences of six (`hedged_share` 0.833).

    Args:
        preset: `standard`, `paper` or `smoke`; it fills in openers and repeats that are not given.
        mode: `replay` a stored text; `swap` it for a paraphrase by the role `paraphraser`; `live`: the role
            `partner` writes, and both replies of the speaker count.
        partners: `controlled` texts (flat, mixed, hedged), `none`, a set of stored texts of checkpoints, or
            a file of them that ends in `.jsonl`.
        frame: `neutral`, `forum` or `review`: what the system prompt says of the discussion.
        n_openers: So many of the openers, dealt evenly over groups and uncertainty.
        repeats: Replies to each text.
        seed: Added to the seed of every call.
        judge: Add a model, role `grader`, that marks repair and challenge in the replies; by default where a
            grader is bound when the task is made. Exploratory.
    """
    chosen = Chains(
        preset=preset,
        mode=mode,
        partners=partners,
        frame=frame,
        n_openers=n_openers,
        repeats=repeats,
        seed=seed,
        judge=judge,
    )
    # Roles may have been bound by an earlier run of this process: who asked for no judge can do without one.
    wanted = "grader" in model_roles() and not chosen.is_alone if judge is None else judge
    judges = [chain_acts(optional=judge is None)] if wanted else []
    samples = samples_of(chosen)
    return Task(
        dataset=MemoryDataset(samples, name="recipe_chains"),
        setup=able_to_play(mode, judge=judge, judged=wanted),
        solver=chain(mode, seed),
        scorer=[hedging_scorer(), *judges],
        config=SPEAKER_CONFIG,
        epochs=Epochs(chosen.epochs, "mean"),
        version=VERSION,
        headline_metric="hedging.hedged_share",
        metadata={"interplay": task_stamp(chosen.task, preset, samples)},
    )
