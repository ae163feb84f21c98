"""What a check hands back: findings, and the report they are part of."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .schema import Entry, Finding, Result

AS_WRITTEN = "submit the log as it was written"
LONGEST = 980
WRITE_AGAIN = "let `interplay submit` write the file"
RUN_AGAIN = "repeat the interplay eval command (it resumes), or use --division open"


def fail(code: str, what: str, remedy: str) -> Finding:
    """A finding that refuses the entry: what, with the value and what was expected, and the way out."""
    return Finding(code=code, level="fail", message=_sentence(what, remedy))


def warn(code: str, what: str, remedy: str) -> Finding:
    """A finding that is shown and refuses nothing."""
    return Finding(code=code, level="warn", message=_sentence(what, remedy))


def _sentence(what: str, remedy: str) -> str:
    """Both in one line; what was found is cut where it is very long, and shows no control characters."""
    plain = "".join(c if c.isprintable() else "\ufffd" for c in what)
    shortened = plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"
    return f"{shortened}. Remedy: {remedy[:LONGEST]}."


def failed(findings: Sequence[Finding]) -> bool:
    """Whether any of them refuses."""
    return any(finding.level == "fail" for finding in findings)


def counted(number: int, noun: str) -> str:
    """`1 sample`, `31 samples`."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def shown(value: object) -> str:
    """A value in a sentence: at most 60 characters, `not set` for None."""
    return "not set" if value is None else json.dumps(value, ensure_ascii=False, default=str)[:60].strip('"')


@dataclass(frozen=True)
class Report:
    """The verdict on one entry.

    Attributes:
        name: File name of the entry.
        entry: The entry, None where the file holds none.
        findings: In the order of the stages.
        results: The results that the logs give; None where no log was read.
        rung: 0 to 2, what this check alone shows.
        stages: Letters of the stages that ran.
        details: What later checks compare with.
    """

    name: str
    entry: Entry | None
    findings: tuple[Finding, ...]
    results: tuple[Result, ...] | None
    rung: int
    stages: str
    details: Mapping[str, str | float] = field(default_factory=dict[str, str | float])

    @property
    def passed(self) -> bool:
        """Nothing refuses the entry."""
        return not failed(self.findings)

    def sentences(self) -> list[str]:
        """One line a finding, code first."""
        return [str(finding) for finding in self.findings]
