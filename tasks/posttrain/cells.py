"""Cells of the grid and the texts that an agent gets for one of them (pure).

cell = load_grid().cells("x", "mini", targets=["m_call"])[0]
cell.id                                  "m_call__mini-0"
render_instruction(cell, setting)        "You are doing research on your own. Your job: …"

python -m interplay.tasks.posttrain.cells pin     fills in revisions, image digests and twin hashes
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from jinja2 import Environment, FunctionLoader, StrictUndefined
from pydantic import JsonValue

from .grid import (
    FOLDER,
    VERSIONS,
    Baseline,
    Cell,
    Grid,
    Profile,
    TargetRecord,
    Version,
    VersionRecord,
    load_grid,
    weights_from,
)

__all__ = [
    "VERSIONS",
    "Baseline",
    "Cell",
    "Grid",
    "Profile",
    "Setting",
    "TargetRecord",
    "Version",
    "VersionRecord",
    "canonical",
    "deviations",
    "load_grid",
    "profile_of",
    "render_instruction",
    "render_rules",
    "weights_from",
]

STANDING = (
    "the verifier is a sandbox of its own",
    "the template family comes from the cell, not from the path",
    "no key enters the sandbox",
    "no remote code is run",
    "numbers are compared strictly",
    "the clock starts after the preflight",
    "agents run under Inspect scaffolds",
)
"""What differs from PostTrainBench in every run of the versions 1.x."""
BUDGET_MINUTES: Mapping[Profile, float] = {"full": 600, "mini": 5}
GRACE_MINUTES: Mapping[Profile, float] = {"full": 5, "mini": 1}


class Setting(NamedTuple):
    """What an instruction says of the place: cache folder, hardware in words, budget, and who reads along."""

    cache: str = "/cache"
    gpus: str = "one NVIDIA H100 GPU"
    budget_minutes: float = 600
    headless: bool = True


def profile_of(target: str) -> Profile:
    """The profile that a target belongs to."""
    return load_grid().targets[target].profile


@cache
def _environment() -> Environment:
    def source(name: str) -> str:
        return (FOLDER / "prompts" / name).read_text(encoding="utf-8")

    return Environment(
        loader=FunctionLoader(source), undefined=StrictUndefined, autoescape=False, trim_blocks=False
    )


def budget_text(minutes: float) -> str:
    """A span of time as an instruction names it: `10 hours`, `90 minutes`, `1 hour`."""
    amount, noun = (minutes / 60, "hour") if minutes >= 60 and minutes % 30 == 0 else (minutes, "minute")
    return f"{amount:g} {noun}{'' if amount == 1 else 's'}"


def render_rules(cell: Cell, budget_minutes: float) -> str:
    """The numbered rules of the cell's version."""
    text = (
        _environment()
        .get_template("rules.md.j2")
        .render(
            budget=budget_text(budget_minutes),
            base=load_grid().bases[cell.base].repo,
            audited=load_grid().versions[cell.version].audited,
        )
    )
    rules = [line for line in text.splitlines() if line.strip()]
    return "\n".join(f"{number}. {rule}" for number, rule in enumerate(rules, 1))


def render_instruction(cell: Cell, setting: Setting) -> str:
    """The message that starts the agent, which is the sample's input."""
    target = load_grid().targets[cell.target]
    return (
        _environment()
        .get_template("instruction.md.j2")
        .render(
            base=load_grid().bases[cell.base].repo,
            target=target.title,
            cache=setting.cache,
            gpus=setting.gpus,
            budget=budget_text(setting.budget_minutes),
            inspect_note=target.inspect_note,
            rules=render_rules(cell, setting.budget_minutes),
            headless=setting.headless,
        )
        .rstrip("\n")
    )


def canonical(version: Version, profile: Profile) -> dict[str, JsonValue]:
    """The value of each parameter that the version itself stands for."""
    record = load_grid().versions[version]
    values: dict[str, JsonValue] = {
        "budget_minutes": BUDGET_MINUTES[profile],
        "grace_minutes": GRACE_MINUTES[profile],
        "reprompt_minutes": 0,
        "feedback": record.feedback,
        "network": record.network,
        "agent_cache": record.agent_cache,
        "eval_seeds": list(record.eval_seeds),
    }
    if profile == "full":
        values |= {"num_gpus": 1, "gpu_name": "H100"}
    return values


def deviations(version: Version, profile: Profile, given: Mapping[str, JsonValue]) -> list[str]:
    """What a run does otherwise than its version says, in words, printed beside the score.

    Args:
        version: Of the run.
        profile: Of the run.
        given: Its parameters; names without a canonical value are passed over.
    """
    expected = canonical(version, profile)
    found = [
        f"{name}={_said(given[name])} (version {version}: {_said(value)})"
        for name, value in expected.items()
        if name in given and given[name] != value
    ]
    return [*found, *(STANDING if version != "x" else ())]


def _said(value: JsonValue) -> str:
    return (
        ",".join(map(str, value))
        if isinstance(value, Sequence) and not isinstance(value, str)
        else str(value)
    )


if __name__ == "__main__":
    from .pin import main

    main()
