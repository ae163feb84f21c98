"""The checkpoints whose family, base and recipe are known, from `panel.yaml` (pure)."""

from functools import cache
from importlib.resources import files
from typing import NamedTuple, cast

from interplay.tasks import yaml_text


class Checkpoint(NamedTuple):
    """One line of the panel.

    Attributes:
        id: Short name, which partner sets use.
        model: Name on the model hub.
        family: Whose model it descends from.
        base: The base model it was trained on.
        recipe: Class of its post-training.
        stage: Step of a ladder of checkpoints on one base, or None.
        params_b: Billions of parameters.
    """

    id: str
    model: str
    family: str
    base: str
    recipe: str
    stage: int | None
    params_b: float


REFERENCE = "llama31-instruct"
"""The partner that levels are compared at."""


@cache
def panel() -> tuple[Checkpoint, ...]:
    """All checkpoints, in the order of the file."""
    text = (files("interplay.tasks.recipe_chains") / "panel.yaml").read_text("utf-8")
    rows = cast(dict[str, list[object]], yaml_text.content(text))
    return tuple(
        Checkpoint(key, str(m), str(f), str(b), str(r), cast("int | None", s), float(cast(float, p)))
        for key, (m, f, b, r, s, p) in rows.items()
    )


def checkpoint(model: str) -> Checkpoint | None:
    """The checkpoint that a model name of any provider means: `vllm/Qwen/Qwen2.5-7B-Instruct`, or None."""
    return next((c for c in panel() if model == c.model or model.endswith(f"/{c.model}")), None)


def short_name(model: str) -> str:
    """The id of a model of the panel, else its name without the provider, fit for a file name."""
    found = checkpoint(model)
    return found.id if found else model.split("/", 1)[-1].replace("/", "-").lower()
