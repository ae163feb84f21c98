"""The display registry `models.yaml`: what pages say about a model beyond its id.

Nothing here comes from an entry. A model that is not listed is shown by its raw id.
"""

from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from interplay.tasks import yaml_text
from interplay.tasks.mistakes import UserMistake

from .refused import problems

Month = Annotated[str, Field(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")]


class ModelRecord(BaseModel):
    """One model. `family`, `base` and `recipe` group models that share an origin."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    developer: str
    family: str | None = None
    base: str | None = None
    recipe: str | None = None
    weights: Literal["open", "closed", "scripted"]
    released: Month | None = None
    cutoff: Month | None = None
    note: str | None = None


@cache
def load_models() -> dict[str, ModelRecord]:
    """Records by model id, in the order of the file.

    Raises:
        UserMistake: The file does not have the shape of the registry.
    """
    text = (files("interplay.leaderboard") / "models.yaml").read_text(encoding="utf-8")
    try:
        return {name: ModelRecord.model_validate(item) for name, item in yaml_text.content(text).items()}
    except ValidationError as error:
        raise UserMistake(f"models.yaml: {problems(error)[0]}; correct the file.") from None


def display_name(model_id: str) -> str:
    """The name to print: from the registry, else the raw id."""
    record = load_models().get(model_id)
    return record.name if record else model_id
