"""Whether a judge of mazes may be believed: what `interplay report mazes --validate-judge` wrote of it.

A validation holds for one judge, one prompt and one set of labelled transcripts.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ValidationError

from interplay.tasks.judged import JudgedRun, Validity
from interplay.tasks.mistakes import UserMistake

from .followup_gates import Gate
from .followup_validation import file_name
from .route_grader import NAME, prompt_sha256

FOLDER = Path("validation") / "mazes"
"""Where validations stand below `leaderboard`."""
TRUSTED = 0.70
"""Kappa of a judge with the rules, below which an entry's page says so."""
MISREAD = f"below {TRUSTED:.2f}, so one of the two misreads this model's way of talking"


class Validation(BaseModel):
    """What stands in `<judge>.json`."""

    grader: str
    prompt_sha256: str
    transcripts_sha256: str
    items: int
    gates: list[Gate]

    @property
    def missed(self) -> list[Gate]:
        """The gates that are not met."""
        return [gate for gate in self.gates if not gate.met]


@cache
def transcripts_sha256() -> str:
    """Hash of the labelled transcripts of this version."""
    path = files("interplay.tasks.mazes") / "data" / "transcripts.jsonl"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def validation(grader: str, items: int, gates: Sequence[Gate]) -> Validation:
    """The outcome for a judge that was asked with the prompt of this version."""
    return Validation(
        grader=grader,
        prompt_sha256=prompt_sha256(),
        transcripts_sha256=transcripts_sha256(),
        items=items,
        gates=list(gates),
    )


def write_validation(found: Validation, folder: Path) -> Path:
    """Write the outcome of a judge into a folder, which is made; its file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{file_name(found.grader)}.json"
    path.write_text(found.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return path


def validity(run: JudgedRun, leaderboard: Path) -> Validity:
    """The verdict on the judge of an entry, and how it agrees with the rules there if that is too little.

    Args:
        run: What the entry holds of the judge.
        leaderboard: The folder of that name in a checkout.

    Raises:
        UserMistake: The validation of this judge is no such file.
    """
    verdict = _verdict(run, leaderboard)
    kappa = run.figures.get(f"{NAME}.kappa")
    if kappa is None or kappa.value >= TRUSTED:
        return verdict
    return Validity(
        verdict.state, f"{verdict.reason} Its kappa with the rules is {kappa.value:.2f}, {MISREAD}."
    )


def _verdict(run: JudgedRun, leaderboard: Path) -> Validity:
    path = leaderboard / FOLDER / f"{file_name(run.graders['grader'])}.json"
    if not path.is_file():
        return Validity("grey", "Nobody has tried this judge on the labelled transcripts.")
    try:
        found = Validation.model_validate_json(path.read_bytes())
    except ValidationError:
        remedy = "write it with `interplay report mazes --validate-judge MODEL --folder FOLDER`"
        raise UserMistake(f"{path}: holds no validation of a judge; {remedy}.") from None
    if (found.grader, found.prompt_sha256) != (run.graders["grader"], run.prompt_sha256):
        return Validity("grey", "It was validated with another prompt.")
    if (found.prompt_sha256, found.transcripts_sha256) != (prompt_sha256(), transcripts_sha256()):
        return Validity(
            "grey", "It was validated on other transcripts, or for a prompt of an earlier version."
        )
    if found.missed or not found.gates:
        missed = "; ".join(map(str, found.missed))
        return Validity("grey", f"On {found.items} labelled transcripts a gate is not met: {missed}.")
    return Validity("green", f"All gates are met on {found.items} labelled transcripts.")
