"""The sheet on which two people label sentences of real chains blind, and the gold labels it becomes.

The sheet shows each sentence with the one before it; who wrote it stands in a key file beside it,
`sheet.key.jsonl`. Sentences are drawn evenly over checkpoints and without regard to what the rules say, so
that precision and recall on them are those on text of models.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from interplay.scorers.hedge_sentences import sentences
from interplay.scorers.hedging import SPEAKER, is_cut
from interplay.scorers.judged_logs import plain_cell, sheet_rows
from interplay.solvers.dialogue import Episode
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.recipe_chains.panel import short_name

from .analysis.hedge_badge import SENTENCES, GoldSentence, json_lines
from .own_logs import log_files, unreadable
from .panel_file import SCRIPTED

TASK = "interplay/recipe_chains"
PEOPLE = ("person_1", "person_2")
COLUMNS = ("item", "before", "sentence", *PEOPLE, "settled")
ANSWERS = {"yes": True, "y": True, "1": True, "no": False, "n": False, "0": False}
MEANING = (
    "Is the sentence hedged: does it mark its own claim as provisional, by words like may, perhaps, I "
    "think, seems, it depends? Answer yes or no; where the two differ, settle on one under 'settled'"
)


class Drawn(NamedTuple):
    """A sentence, the one before it, and the checkpoint that wrote it."""

    checkpoint: str
    before: str
    sentence: str


def sentences_of(paths: Sequence[Path]) -> list[Drawn]:
    """The sentences of all replies in logs of real models, each once a checkpoint.

    Raises:
        UserMistake: There is no log, one is of another task or of a scripted player, or all are empty.
    """
    from inspect_ai.log import read_eval_log

    found: dict[tuple[str, str], Drawn] = {}
    for path in log_files(paths):
        try:
            log = read_eval_log(str(path))
        except Exception as error:  # a truncated archive fails in many ways, all of them mean the same
            raise unreadable(path, error) from None
        if (log.eval.task_registry_name or log.eval.task) != TASK:
            raise UserMistake(f"{path.name}: no log of {TASK}; leave it out.")
        if log.eval.model.split("/")[0] == SCRIPTED[0]:
            raise UserMistake(
                f"{path.name}: {log.eval.model} is a scripted player; give logs of real models."
            )
        name = short_name(log.eval.model)
        for sample in log.samples or []:
            for note in sample.store_as(Episode).notes:
                if note.seat == SPEAKER and not is_cut(note):
                    parts = sentences(note.text)
                    for before, sentence in zip(["", *parts], parts, strict=False):
                        found.setdefault((name, sentence), Drawn(name, before, sentence))
    if not found:
        raise UserMistake("these logs hold no sentence of a speaker; give logs of finished runs.")
    return list(found.values())


def drawn(found: Sequence[Drawn], count: int = SENTENCES) -> list[Drawn]:
    """So many sentences, as many of each checkpoint as there are, in an order that tells nothing."""
    ranked: list[tuple[int, str, Drawn]] = []
    rank: dict[str, int] = {}
    for one in sorted(found, key=lambda one: _digest(one.checkpoint, one.sentence)):
        rank[one.checkpoint] = rank.get(one.checkpoint, -1) + 1
        ranked.append((rank[one.checkpoint], _digest(one.checkpoint, one.sentence), one))
    chosen = [one for _, _, one in sorted(ranked, key=lambda each: each[:2])[:count]]
    return sorted(chosen, key=lambda one: _digest("item", one.checkpoint, one.sentence))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def key_path(sheet: Path) -> Path:
    """The key file of a sheet."""
    return sheet.with_suffix(".key.jsonl")


def write_sheet(sheet: Path, chosen: Sequence[Drawn]) -> None:
    """Write the blind sheet and its key."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    items = [(f"{n:04}", one) for n, one in enumerate(chosen, 1)]
    texts = ((item, one.before, one.sentence) for item, one in items)
    rows.writerows([*map(plain_cell, cells), "", "", ""] for cells in texts)
    lines = (
        json.dumps({"item": item, "checkpoint": one.checkpoint, "sentence": one.sentence}, ensure_ascii=False)
        for item, one in items
    )
    key_path(sheet).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    sheet.write_text(out.getvalue(), encoding="utf-8", newline="\n")


def labelled(sheet: Path) -> list[GoldSentence]:
    """The labels of a sheet that two people have filled in.

    Raises:
        UserMistake: The key is missing or not as drawn, the sheet is no UTF-8 text, or an answer is missing.
    """
    key = key_path(sheet)
    if not key.is_file():
        raise UserMistake(f"{key}: not there; it was written beside the sheet.")
    try:
        kept = [cast("dict[str, str]", json.loads(line)) for line in json_lines(key.read_text("utf-8"))]
        origins = {row["item"]: (row["checkpoint"], row["sentence"]) for row in kept}
    except (ValueError, KeyError, TypeError):
        raise UserMistake(f"{key}: not as it was drawn; draw sheet and key again.") from None
    return [_gold(row, origins, sheet) for row in sheet_rows(sheet, "sentences", origins)]


def _gold(row: Mapping[str, str], origins: Mapping[str, tuple[str, str]], sheet: Path) -> GoldSentence:
    checkpoint, sentence = origins[row["item"]]
    first, second = (_answer(row, column, sheet) for column in PEOPLE)
    settled = first if first == second else _answer(row, "settled", sheet)
    return GoldSentence(checkpoint=checkpoint, sentence=sentence, people=(first, second), hedged=settled)


def _answer(row: Mapping[str, str], column: str, sheet: Path) -> bool:
    said = (row.get(column) or "").strip().lower()
    if said not in ANSWERS:
        raise UserMistake(f"{sheet}: item {row['item']} has {said or 'nothing'} as {column}; say yes or no.")
    return ANSWERS[said]


def with_labels(old: Iterable[GoldSentence], new: Iterable[GoldSentence]) -> list[GoldSentence]:
    """All labels; those of a sentence that was labelled before are replaced."""
    kept = {(row.checkpoint, row.sentence): row for row in (*old, *new)}
    return [kept[place] for place in sorted(kept)]


def written_gold(rows: Iterable[GoldSentence]) -> str:
    """Labels as they stand in their file."""
    return "".join(f"{row.model_dump_json()}\n" for row in rows)
