"""What a speaker answers: stored texts, the same for everybody, so that a new model joins without a rerun.

`controlled` is written by the project: for each opener one text flat, one mixed, one hedged, with the same
claims. `panel-<name>` holds what one checkpoint wrote, harvested from its logs. Each row keeps the SHA-256 of
its text.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias, cast

from interplay.tasks.mistakes import UserMistake

from .openers import Opener, openers
from .rendering import render

CONTROLLED = "controlled"
DOSES = {0: "flat", 3: "mixed", 6: "hedged"}
"""Hedged sentences of six in the controlled texts, and what they are called."""
Frame: TypeAlias = Literal["neutral", "forum", "review"]
FIELDS = ("partner", "opener_id", "repeat", "frame", "text", "model", "config", "sha256")


class PartnerText(NamedTuple):
    """One stored text.

    Attributes:
        partner: `controlled`, or the checkpoint that wrote it.
        opener_id: Its topic.
        repeat: The dose of a controlled text, else the number of the repeat, from 1.
        frame: The system prompt under which it was written.
        text: The text itself, without reasoning.
        model: The model as it was called; empty for controlled texts.
        config: Settings of the call as JSON.
        sha256: Of the text.
    """

    partner: str
    opener_id: str
    repeat: int
    frame: str
    text: str
    model: str
    config: str
    sha256: str


def digest(text: str) -> str:
    """SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def controlled_texts(chosen: Iterable[Opener]) -> list[PartnerText]:
    """The controlled texts of these openers."""
    rows: list[PartnerText] = []
    for opener in chosen:
        for dose in DOSES:
            text = render(opener.points, dose, f"dose|{opener.text}")
            rows.append(PartnerText(CONTROLLED, opener.id, dose, "neutral", text, "", "{}", digest(text)))
    return rows


def written(rows: Sequence[PartnerText]) -> str:
    """Rows as they stand in a file, one JSON object a line."""
    return "".join(json.dumps(row._asdict(), ensure_ascii=False) + "\n" for row in rows)


def read_texts(text: str, name: str) -> tuple[PartnerText, ...]:
    """The rows of a file.

    Raises:
        UserMistake: A row is no such record or comes twice, its text was changed, or openers of the package
            are missing.
    """
    rows: list[PartnerText] = []
    seen: set[tuple[str, str, int, str]] = set()
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        where = f"{name} row {number}"
        try:
            raw = cast(object, json.loads(line))
        except json.JSONDecodeError:
            raise UserMistake(f"{where} is no JSON; harvest the file anew.") from None
        if not isinstance(raw, dict) or set(cast(dict[str, object], raw)) != set(FIELDS):
            raise UserMistake(f"{where} has not the fields {', '.join(FIELDS)}; harvest the file anew.")
        wrong = [name for name, kind in PartnerText.__annotations__.items() if type(raw[name]) is not kind]
        if wrong:
            raise UserMistake(f"{where} has {wrong[0]} {raw[wrong[0]]!r}; harvest the file anew.")
        row = PartnerText(**raw)
        if digest(row.text) != row.sha256:
            raise UserMistake(f"{where} ({row.opener_id}) does not match its SHA-256; harvest the file anew.")
        if row.partner == CONTROLLED and row.repeat not in DOSES:
            raise UserMistake(f"{where} is a controlled text of dose {row.repeat}; give another partner.")
        place = (row.partner, row.opener_id, row.repeat, row.frame)
        if place in seen:
            raise UserMistake(
                f"{where} repeats text {row.repeat} of {row.partner} on {row.opener_id}; keep one of the two."
            )
        seen.add(place)
        rows.append(row)
    present = {row.opener_id for row in rows}
    if missing := [opener.id for opener in openers() if opener.id not in present]:
        raise UserMistake(f"{name} lacks the openers {', '.join(missing)}; harvest the missing ones.")
    return tuple(rows)


def partner_sets() -> list[str]:
    """The sets that there are."""
    folder = files("interplay.tasks.recipe_chains") / "partner_texts"
    return sorted(
        entry.name.removesuffix(".jsonl") for entry in folder.iterdir() if entry.name.endswith(".jsonl")
    )


@cache
def partner_texts(name: str) -> tuple[PartnerText, ...]:
    """The texts of one set of the package, or of a file that ends in `.jsonl`.

    Raises:
        UserMistake: There is none.
    """
    if name.endswith(".jsonl"):
        path = Path(name)
        if not path.is_file():
            raise UserMistake(f"partners={name}: there is no such file; run `interplay recipe harvest`.")
        try:
            return read_texts(path.read_text(encoding="utf-8"), path.name)
        except UnicodeDecodeError:
            raise UserMistake(f"{path.name} is no UTF-8 text; harvest the file anew.") from None
    if name not in partner_sets():
        there = ", ".join(partner_sets())
        raise UserMistake(
            f"partners={name}: there are {there}; for texts of a checkpoint run `interplay recipe harvest`."
        )
    file = files("interplay.tasks.recipe_chains") / "partner_texts" / f"{name}.jsonl"
    return read_texts(file.read_text("utf-8"), f"{name}.jsonl")


if __name__ == "__main__":
    target = Path(
        str(files("interplay.tasks.recipe_chains") / "partner_texts" / f"{CONTROLLED}.jsonl")
    ).resolve()
    target.write_text(written(controlled_texts(openers())), encoding="utf-8", newline="\n")
