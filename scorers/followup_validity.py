"""Whether a judge of user turns may be believed: what `followup_judge gates` wrote of it.

A validation holds for one judge, one prompt and one version of the rules.
"""

from pathlib import Path

from pydantic import ValidationError

from interplay.tasks.judged import Figure, JudgedRun, Validity, corrected
from interplay.tasks.mistakes import UserMistake

from .followup_answer import prompt_sha256
from .followup_gates import Validation
from .followup_rules import VERSION
from .followup_validation import file_name

FOLDER = Path("validation") / "user_turn"
"""Where validations stand below `leaderboard`."""
GENUINE_KEYS = ("gfr_t0", "gfr_t1")
"""Keys that are rates of `genuine`, which is what people and judge were compared on."""


def validity(run: JudgedRun, leaderboard: Path) -> Validity:
    """The verdict on the judge of an entry, with its rates freed from its errors where the gates are met.

    Args:
        run: What the entry holds of the judge.
        leaderboard: The folder of that name in a checkout.

    Raises:
        UserMistake: The validation of this judge is no such file.
    """
    path = leaderboard / FOLDER / f"{file_name(run.graders['grader'])}.json"
    if not path.is_file():
        return Validity("grey", "Nobody has labelled turns to compare this judge with.")
    try:
        found = Validation.model_validate_json(path.read_bytes())
    except ValidationError:
        remedy = "write it with `python -m interplay.scorers.followup_judge gates`"
        raise UserMistake(f"{path}: holds no validation of a judge; {remedy}.") from None
    if (found.grader, found.prompt_sha256) != (run.graders["grader"], run.prompt_sha256):
        return Validity("grey", "It was validated with another prompt.")
    if (found.prompt_sha256, found.rules_version) != (prompt_sha256(), VERSION):
        return Validity("grey", "It was validated beside other rules, or for a prompt of an earlier version.")
    missed = [gate for gate in found.gates if not gate.met]
    if missed or not found.met:
        words = "; ".join(map(str, missed))
        return Validity("grey", f"On {found.items} labelled turns a gate is not met: {words}.")
    reason = f"All gates are met on {found.items} turns that two people labelled."
    return Validity("green", reason, corrected_rates(run, found))


def corrected_rates(run: JudgedRun, found: Validation) -> dict[str, Figure]:
    """The rates of genuine turns freed from the judge's errors, which are taken as known."""
    if found.sensitivity is None or found.specificity is None:
        return {}
    rates: dict[str, Figure] = {}
    for key, figure in run.figures.items():
        ends = [corrected(p, found.sensitivity, found.specificity) for p in figure[:3]]
        if key.split(".")[-1] in GENUINE_KEYS and None not in ends:
            value, lo, hi = (end for end in ends if end is not None)
            rates[key] = Figure(value, lo, hi, figure.n)
    return rates
