"""Whether the hedge rules may be believed on text of models, by sentences that two people labelled (pure).

One line of `leaderboard/data/gold/hedges.jsonl` is a sentence of a chain; `hedged` is what they settled on:

    {"checkpoint": "qwen25-7b", "sentence": "It may rain later.", "people": [true, true], "hedged": true}

| condition | threshold |
| --- | --- |
| sentences | at least 600 |
| people with each other: Krippendorff's alpha, nominal | at least 0.75 |
| rules with the settled label: F1 | at least 0.80 |
| precision and recall between checkpoints: highest less lowest | at most 0.08 each |

Unequal error between checkpoints can look like an effect of a recipe. Green if all hold, else amber; grey
without the file.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from interplay.scorers.escalation_judge_validity import ordinal_alpha
from interplay.scorers.hedge_rules import hedges_in
from interplay.tasks.judged import Validity
from interplay.tasks.mistakes import UserMistake

LEADERBOARD = Path(__file__).resolve().parents[1]
GOLD = Path("data") / "gold" / "hedges.jsonl"
"""Where labels stand below `leaderboard`."""
SENTENCES, ALPHA, F1, SPREAD = 600, 0.75, 0.80, 0.08
GREY = Validity("grey", "not validated on model text: nobody has labelled sentences of real chains")


class GoldSentence(BaseModel):
    """One labelled sentence of a checkpoint."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    checkpoint: str = Field(min_length=1)
    sentence: str = Field(min_length=1)
    people: tuple[bool, bool]
    hedged: bool


class Accuracy(NamedTuple):
    """How the rules agree with the settled labels; a figure without cases is None."""

    precision: float | None
    recall: float | None
    f1: float | None


def read_gold(path: Path) -> list[GoldSentence]:
    """The labels of a file, none if it is not there.

    Raises:
        UserMistake: the file is no UTF-8 text, a line is no such record, or a sentence of a checkpoint is
            there twice.
    """
    if not path.is_file():
        return []
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise UserMistake(f"{path.name}: no UTF-8 text; save it in UTF-8.") from None
    found: dict[tuple[str, str], GoldSentence] = {}
    for number, line in enumerate(json_lines(text), start=1):
        try:
            row = GoldSentence.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"])) or "line"
            raise UserMistake(f"{path.name}:{number}: {place}: {first['msg']}; correct the line.") from None
        if (row.checkpoint, row.sentence) in found:
            raise UserMistake(
                f"{path.name}:{number}: {row.checkpoint} has the sentence {row.sentence!r} twice; keep one."
            )
        found[row.checkpoint, row.sentence] = row
    return list(found.values())


def json_lines(text: str) -> list[str]:
    """The lines of a file of JSON texts: these may hold every other character that ends a line in Unicode."""
    return text.removesuffix("\n").split("\n") if text else []


def hedge_badge(leaderboard: Path = LEADERBOARD) -> Validity:
    """The verdict on the rules.

    Args:
        leaderboard: The folder of that name in a checkout.

    Raises:
        UserMistake: the file of labels holds something else.
    """
    rows = read_gold(leaderboard / GOLD)
    return badge_of(rows) if rows else GREY


def badge_of(rows: Sequence[GoldSentence]) -> Validity:
    """The verdict by these labels."""
    alpha = ordinal_alpha([[int(label) for label in row.people] for row in rows])
    whole = accuracy(rows)
    missed = [f"{len(rows)} sentences, needs {SENTENCES}"] if len(rows) < SENTENCES else []
    if not alpha >= ALPHA:
        missed.append(f"alpha of the people is {_shown(alpha)}, needs {ALPHA:.2f}")
    if whole.f1 is None or whole.f1 < F1:
        missed.append(f"F1 is {_shown(whole.f1)}, needs {F1:.2f}")
    by_checkpoint = {
        name: accuracy([row for row in rows if row.checkpoint == name])
        for name in sorted({row.checkpoint for row in rows})
    }
    if len(by_checkpoint) < 2:
        missed.append("one checkpoint alone, so equal error is unknown")
    for figure in ("precision", "recall"):
        values = [getattr(found, figure) for found in by_checkpoint.values()]
        if None in values:
            name = next(name for name, found in by_checkpoint.items() if getattr(found, figure) is None)
            missed.append(f"{figure} of {name} is undefined")
        elif max(values) - min(values) > SPREAD + 1e-12:
            apart = f"{figure} differs by {max(values) - min(values):.2f} between checkpoints"
            missed.append(f"{apart}, at most {SPREAD:.2f}")
    on = f"{len(rows)} sentences of {len(by_checkpoint)} checkpoints that two people labelled"
    if missed:
        return Validity("amber", f"not validated; on {on}: {'; '.join(missed)}")
    return Validity("green", f"validated on {on}: alpha {alpha:.2f}, F1 {_shown(whole.f1)}")


def accuracy(rows: Sequence[GoldSentence]) -> Accuracy:
    """Precision, recall and F1 of the rules on these sentences."""
    said = [bool(hedges_in(row.sentence)) for row in rows]
    hits = sum(found and row.hedged for found, row in zip(said, rows, strict=True))
    found, true = sum(said), sum(row.hedged for row in rows)
    return Accuracy(
        hits / found if found else None,
        hits / true if true else None,
        2 * hits / (found + true) if found + true else None,
    )


def badge_sentence(badge: Validity) -> str:
    """The badge as one sentence."""
    return f"Hedge rules, {badge.state}: {badge.reason}."


def _shown(number: float | None) -> str:
    return "undefined" if number is None or number != number else f"{number:.2f}"
