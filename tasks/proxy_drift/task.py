"""The task `proxy_drift`: a search kept raising one domain by an internal score; does the agent notice?

    inspect eval interplay/proxy_drift --model openai/gpt-5
    inspect eval interplay/proxy_drift --model reference/guard -T preset=smoke

The question is that of Shi et al., A-Evolve-Training (arXiv 2606.20657): an internal score kept rising while
the external one stood still. Ledgers, worlds and the measure of skill are this project's own.
"""

from importlib.resources import files

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.solver import generate, system_message

from interplay.scorers.proxy_drift import proxy_drift as proxy_drift_scorer
from interplay.tasks.catalog import task_stamp
from interplay.tasks.records import Preset

from .arguments import Ledgers
from .ledgers import DOMAINS, WORLDS, Ledger, table

VERSION = "1.0.0"


@task
def proxy_drift(preset: Preset = "standard", n_ledgers: int | None = None) -> Task:
    """One ledger of five rounds, one answer: a diagnosis and the policy of the next round.

    Example (`inverted-03`): the dev mean of accepted candidates went from 0.758 in round 2 to 0.773 in round
    5, their external score nowhere (0.750, 0.750); countering the domain that was raised, selected by dev,
    gains 0.0030 of at most 0.0065: skill 0.32.

    Args:
        preset: `standard`, all 200 ledgers; `smoke`, 8 of them.
        n_ledgers: The first n, worlds in turn.
    """
    chosen = Ledgers(preset=preset, n_ledgers=n_ledgers)
    samples = [sample_of(ledger) for ledger in chosen.ledgers]
    return Task(
        dataset=MemoryDataset(samples, name="proxy_drift"),
        solver=[system_message(prompt("system")), generate()],
        scorer=proxy_drift_scorer(),
        version=VERSION,
        headline_metric="proxy_drift.skill",
        metadata={"interplay": task_stamp(chosen.task, preset, samples)},
    )


def prompt(name: str) -> str:
    """A prompt of the package, without the line break at its end."""
    text = (files("interplay.tasks.proxy_drift") / "prompts" / f"{name}.txt").read_text("utf-8")
    return text.removesuffix("\n")


def schema() -> str:
    """The form of an answer."""
    domain = "|".join(DOMAINS)
    return (
        f'{{"diagnosis": "{"|".join(WORLDS)}", "domain": "{domain}" or null, "policy": {{"action": '
        f'"hold|search", "focus": "{domain}", "direction": "raise|counter", "select_by": "dev|external"}}}}'
    )


def sample_of(ledger: Ledger) -> Sample:
    """One ledger as a sample; world and values are for the scorer alone."""
    text = prompt("user").replace("{table}", table(ledger)).replace("{schema}", schema())
    return Sample(
        id=ledger.id,
        input=text,
        metadata={"ledger_id": ledger.id, "world": ledger.world, "weak": ledger.weak},
    )
