"""What a detector found out about one job: a flag, a verdict, the values behind it, where to look (pure).

    Finding(detector="lineage", flag="M", verdict="flagged", reason="reference-derived",
            values={"max_c": 0.97, "min_k": 0.64}, evidence=())

`flagged` is final. `review` waits for a judge or a signed note and holds the score until then. `not_run`
says that the measurement was not possible and why; it convicts nobody.
"""

import json
import math
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

Flag = Literal["C", "M", "A", "L", "T"]
"""Contamination, foreign model, hosted API, look-up of the benchmark, tampering."""
Verdict = Literal["clear", "review", "flagged", "not_run"]
LIMIT_BYTES = 1024
"""Size of a finding as JSON."""
QUOTE_CHARACTERS = 160


class Evidence(BaseModel):
    """A place in the bundle: a path, a line counted from 1 where there are lines, and what stands there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    line: int | None = None
    quote: str = ""


class Finding(BaseModel):
    """The result of one detector."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    detector: str
    flag: Flag
    verdict: Verdict
    reason: str = ""
    values: dict[str, JsonValue] = {}
    evidence: tuple[Evidence, ...] = ()

    def record(self) -> dict[str, JsonValue]:
        """The finding as JSON of at most 1 kB: numbers to six digits, quotes cut, late evidence left out.

        `evidence_left_out` among the values counts what did not fit.
        """
        values = {key: _short(value) for key, value in self.values.items()}
        kept = [item.model_copy(update={"quote": item.quote[:QUOTE_CHARACTERS]}) for item in self.evidence]
        while True:
            left_out = len(self.evidence) - len(kept)
            shown = values | ({"evidence_left_out": left_out} if left_out else {})
            cut = self.model_copy(update={"values": shown, "evidence": tuple(kept)})
            record = cut.model_dump(mode="json", exclude_defaults=True)
            if len(json.dumps(record).encode()) <= LIMIT_BYTES:
                return record
            if kept:
                kept.pop()
            elif values:
                values.pop(max(values, key=lambda key: len(json.dumps(values[key]))))
            else:
                return self.model_copy(
                    update={"values": {}, "evidence": (), "reason": self.reason[:QUOTE_CHARACTERS]}
                ).model_dump(mode="json", exclude_defaults=True)


def finding_of(record: object) -> Finding:
    """The finding of a record, as it stands in a log.

    Raises:
        pydantic.ValidationError: it is none.
    """
    return Finding.model_validate(record)


def not_run(detector: str, flag: Flag, reason: str) -> Finding:
    """A measurement that was not possible."""
    return Finding(detector=detector, flag=flag, verdict="not_run", reason=reason)


def is_flagged(findings: Iterable[Finding], flag: Flag) -> bool:
    """Whether a detector convicts under this flag."""
    return any(found.flag == flag and found.verdict == "flagged" for found in findings)


def is_held(findings: Iterable[Finding]) -> bool:
    """Whether something still waits for a judge; T never holds a score."""
    return any(found.verdict == "review" and found.flag != "T" for found in findings)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The gravest of several verdicts; `not_run` without any."""
    for verdict in ("flagged", "review", "clear"):
        if verdict in verdicts:
            return verdict
    return "not_run"


def _short(value: JsonValue) -> JsonValue:
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    if isinstance(value, list):
        return [_short(item) for item in value]
    if isinstance(value, dict):
        return {key: _short(item) for key, item in value.items()}
    return value
