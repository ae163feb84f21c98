"""Where contexts come from: one record a data set, kept in `data/sources.toml`.

Example: `sources()["gsm8k"]` names the repository `openai/gsm8k`, its split `test` and the pinned commit.
"""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .context import Dataset

PATH = Path(__file__).parent / "data" / "sources.toml"
HEADING = '# Where the contexts of each data set come from. "contexts pin KEY" rewrites this file.\n'

Commit = Annotated[str, Field(pattern="^([0-9a-f]{40})?$")]
Sha256 = Annotated[str, Field(pattern="^([0-9a-f]{64})?$")]


class Source(BaseModel):
    """Where the rows of a data set come from, and what is pinned of them.

    Attributes:
        key: Name of the data set in `-T datasets=`.
        repository: Repository of data sets on the Hugging Face Hub.
        config: Configuration, where the repository has several.
        split: Split that is read; None where a file is.
        file: The one file that is read, JSON lines or Parquet.
        file_sha256: Hash of that file, empty until pinned.
        gated: Its terms have to be accepted before it can be read.
        revision: Commit of the repository, empty until pinned.
        selection_sha256: Hash of the ids of all contexts in the fixed order, empty until pinned.
        fields: Columns that are read.
        licence: Licence of the items, and whether they may be shown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Dataset
    repository: str
    config: str | None = None
    split: str | None = None
    file: str | None = None
    file_sha256: Sha256 = ""
    gated: bool = False
    revision: Commit
    selection_sha256: Sha256
    fields: tuple[str, ...]
    licence: str

    @model_validator(mode="after")
    def _is_split_or_file(self) -> Self:
        if (self.split is None) == (self.file is None):
            raise ValueError("either split or file is given")
        return self


def sources(path: Path | None = None) -> Mapping[Dataset, Source]:
    """All records by key, in the order of the file.

    Args:
        path: Another file than the one of the package.
    """
    tables = tomllib.loads((path or PATH).read_text(encoding="utf-8"))
    records = [Source.model_validate({"key": key, **table}) for key, table in tables.items()]
    return {record.key: record for record in records}


def write_sources(records: Mapping[Dataset, Source], path: Path | None = None) -> None:
    """Write all records, in a form that is read back as the same."""
    text = HEADING + "".join(f"\n[{key}]\n{toml(record)}" for key, record in records.items())
    (path or PATH).write_text(text, encoding="utf-8", newline="\n")


def toml(record: Source) -> str:
    """A record as lines of TOML, whose strings, lists and booleans are written as those of JSON."""
    given = record.model_dump(mode="json", exclude={"key"}, exclude_none=True)
    if not record.gated:
        del given["gated"]
    if record.file is None:
        del given["file_sha256"]
    return "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in given.items())
