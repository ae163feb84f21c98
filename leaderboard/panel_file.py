"""The stored panel: how much checkpoints hedge in answer to each other's texts, one row a cell.

    speaker,model,partner,opener,replies,unscored,texts,task_version,hedged_share
    qwen25-7b,vllm/Qwen/Qwen2.5-7B-Instruct,hermes3,F01,2,0,5f0c19d2,1.0.0,0.416667

`interplay recipe panel` adds a speaker from its logs, so that a new model joins without the logs of the
others. `texts` pins what was answered; all speakers must have answered the same.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from interplay.tasks.mistakes import UserMistake

from .refused import problems

PANEL = Path("data") / "recipe_panel.csv"
"""Where it stands below `leaderboard`."""
SCRIPTED = ("reference", "mockllm")
"""Providers whose models are no checkpoints."""
FEWEST = 4
"""Checkpoints from which the panel has a page."""


class PanelCell(BaseModel):
    """The replies of one speaker to the texts of one partner on one opener.

    Attributes:
        replies: With a score.
        unscored: Empty, cut, or ended by an error.
        texts: First 8 hex digits of the SHA-256 of the pins of all texts that were answered.
        hedged_share: Mean over the scored replies; None without any.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    speaker: str = Field(min_length=1)
    model: str = Field(min_length=1)
    partner: str = Field(min_length=1)
    opener: str = Field(pattern=r"^[A-Z]\d{2}$")
    replies: int = Field(ge=0)
    unscored: int = Field(ge=0)
    texts: str = Field(pattern=r"^[0-9a-f]{8}$")
    task_version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    hedged_share: float | None = Field(ge=0, le=1)


COLUMNS = tuple(PanelCell.model_fields)


def read_panel(path: Path) -> list[PanelCell]:
    """The rows of a file; none where it is not there.

    Raises:
        UserMistake: A row is no such record, or the rows do not belong together; row and value are named.
    """
    if not path.is_file():
        return []
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    except UnicodeDecodeError:
        raise UserMistake(
            f"{path.name} is no UTF-8 text; write it anew with `interplay recipe panel`."
        ) from None
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise UserMistake(f"{path.name} has not the columns {', '.join(COLUMNS)}; write it anew.")
    rows: list[PanelCell] = []
    for number, row in enumerate(reader, 2):
        try:
            rows.append(PanelCell.model_validate({key: value or None for key, value in row.items()}))
        except ValidationError as error:
            raise UserMistake(f"{path.name} row {number}: {problems(error)[0]}; correct the row.") from None
    refuse_unlike(rows, path.name)
    return rows


def refuse_unlike(rows: Iterable[PanelCell], name: str) -> None:
    """Refuse cells that are there twice, or that cannot be compared.

    Raises:
        UserMistake: The first such cell.
    """
    seen: dict[tuple[str, str, str], str] = {}
    texts: dict[tuple[str, str], PanelCell] = {}
    version = ""
    for row in rows:
        cell = (row.speaker, row.partner, row.opener)
        if cell in seen:
            raise UserMistake(f"{name} holds {row.speaker} to {row.partner} on {row.opener} twice; keep one.")
        seen[cell] = row.model
        first = texts.setdefault((row.partner, row.opener), row)
        if first.texts != row.texts:
            raise UserMistake(
                f"{name}: {first.speaker} and {row.speaker} answered different texts of {row.partner} on "
                f"{row.opener}; let all speakers answer one file of texts."
            )
        minor = row.task_version.rsplit(".", 1)[0]
        if version and minor != version:
            raise UserMistake(
                f"{name}: {row.speaker} was scored with version {minor}, others with {version}; score the "
                "older logs again."
            )
        version = minor


def cells_of_replies(frame: pd.DataFrame) -> list[PanelCell]:
    """The cells of replies as `panel_replies` gives them, in order of speaker, partner and opener."""
    rows: list[PanelCell] = []
    keys = ["speaker", "model", "partner", "opener", "version"]
    for place, group in frame.groupby(keys, sort=True):
        speaker, model, partner, opener, version = map(str, cast("tuple[str, ...]", place))
        values = [float(value) for value in group["value"] if value == value]
        pins = "\n".join(sorted(set(map(str, group["text"]))))
        rows.append(
            PanelCell(
                speaker=speaker,
                model=model,
                partner=partner,
                opener=opener,
                replies=len(values),
                unscored=len(group) - len(values),
                texts=hashlib.sha256(pins.encode()).hexdigest()[:8],
                task_version=version,
                hedged_share=round(sum(values) / len(values), 6) if values else None,
            )
        )
    return rows


def merged(old: Sequence[PanelCell], new: Sequence[PanelCell], name: str) -> list[PanelCell]:
    """The panel with the cells of some speakers in place of their earlier ones.

    Raises:
        UserMistake: The new cells cannot be compared with the others.
    """
    anew = {row.speaker for row in new}
    rows = sorted(
        [*(row for row in old if row.speaker not in anew), *new],
        key=lambda row: (row.speaker, row.partner, row.opener),
    )
    refuse_unlike(rows, name)
    return rows


def written(rows: Iterable[PanelCell]) -> str:
    """The rows as they stand in the file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(["" if value is None else value for value in row.model_dump().values()] for row in rows)
    return out.getvalue()


def measured_checkpoints(rows: Iterable[PanelCell]) -> list[str]:
    """The speakers that are real checkpoints, by name."""
    return sorted({row.speaker for row in rows if row.model.split("/")[0] not in SCRIPTED})


def frame_of(rows: Iterable[PanelCell], speakers: Sequence[str]) -> pd.DataFrame:
    """The cells of these speakers as the analyses read them; a cell without a score is NaN."""
    kept = [
        (
            row.speaker,
            row.partner,
            row.opener,
            "",
            float("nan") if row.hedged_share is None else row.hedged_share,
        )
        for row in rows
        if row.speaker in speakers
    ]
    return pd.DataFrame(kept, columns=["speaker", "partner", "opener", "repeat", "value"])
