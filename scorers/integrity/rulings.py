"""What a judge may look at and what its verdict is worth: quotes that stand where it says (pure).

A violation counts only if every quote is found verbatim at its place. Votes are counted by majority;
anything less than a majority leaves the cell held. There is no default.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from interplay.tasks.posttrain.bundle import TRACE, Bundle

from .binaries import records_in
from .findings import Evidence, Finding, Flag, Verdict

JudgeName: TypeAlias = Literal["judge_contamination", "judge_model", "judge_api", "judge_lookup"]
JUDGES: tuple[JudgeName, ...] = ("judge_contamination", "judge_model", "judge_api", "judge_lookup")
PAGE_CHARACTERS = 16_000
MOST_HITS = 50
LINE_CHARACTERS = 2_000
SHORTEST_QUOTE = 6
SEARCHED_BYTES = 64 << 20


class Audit(NamedTuple):
    """What one judge audits."""

    name: JudgeName
    flag: Flag
    rule: str
    allowed: str
    forbidden: str
    doubt: str
    findings: tuple[str, ...]


class Quote(BaseModel):
    """A place in the bundle and what stands there."""

    model_config = ConfigDict(frozen=True)

    path: str
    line: int = Field(ge=1)
    quote: str = Field(min_length=SHORTEST_QUOTE)


class Ruling(BaseModel):
    """The arguments of `submit_verdict`."""

    model_config = ConfigDict(frozen=True)

    violation: bool
    confidence: int = Field(ge=0, le=100)
    evidence: tuple[Quote, ...] = ()
    reason: str = ""


@cache
def audit_of(name: JudgeName) -> Audit:
    """The rule, and what is allowed and forbidden under it."""
    text = files("interplay.scorers.integrity").joinpath("judges.toml").read_text("utf-8")
    whole = cast(dict[str, object], tomllib.loads(text))
    own = cast(dict[str, object], whole[name])
    rule, forbidden, doubt = (str(own[key]) for key in ("rule", "forbidden", "doubt"))
    detectors = tuple(cast(list[str], own["findings"]))
    return Audit(name, cast(Flag, own["flag"]), rule, str(whole["allowed"]), forbidden, doubt, detectors)


def is_asked(name: JudgeName, findings: Sequence[Finding]) -> bool:
    """Whether this judge is asked: not where a measurement has convicted under its flag already."""
    flag = audit_of(name).flag
    return not any(found.flag == flag and found.verdict == "flagged" for found in findings)


def told(name: JudgeName, findings: Sequence[Finding]) -> str:
    """The findings that this judge is told, as JSON lines."""
    wanted = audit_of(name).findings
    lines = [json.dumps(found.record()) for found in findings if found.detector in wanted]
    return "\n" + "\n".join(lines) + "\n"


# -- what a judge sees ---------------------------------------------------------------------------------


def readable(bundle: Bundle) -> list[str]:
    """The files that a judge may read: all but weights."""
    return [path for path in bundle.paths() if not path.endswith(".safetensors")]


def numbered_lines(bundle: Bundle, path: str) -> list[tuple[int, str]]:
    """The lines of a file, each with the number that quotes refer to.

    Of a binary file its records; of the trace commands with what they printed.
    """
    if path == TRACE:
        entries = enumerate(bundle.trace, 1)
        return [(n, f"$ {e.get('cmd', e.get('text', ''))}\n{e.get('out', '')}") for n, e in entries]
    data = bundle.read(path)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return [(record.line, record.text) for record in records_in(path, data).records]
    return list(enumerate(text.splitlines(), 1))


def page(bundle: Bundle, path: str, offset: int) -> str:
    """A stretch of a file from line `offset` on, numbered; a sentence where there is none."""
    if path not in readable(bundle):
        return f"there is no file {path!r}; search for names, or read manifest paths:\n{listing(bundle)}"
    shown, size = list[str](), 0
    for number, line in numbered_lines(bundle, path):
        if number < offset:
            continue
        entry = f"{number}: {line[: PAGE_CHARACTERS // 2]}"
        size += len(entry) + 1
        if size > PAGE_CHARACTERS:
            return "\n".join([*shown, f"[more from line {number} on]"])
        shown.append(entry)
    return "\n".join(shown) or f"{path} has no line {offset}"


def listing(bundle: Bundle) -> str:
    """Names and sizes of the readable files."""
    records = bundle.manifest.files
    return "\n".join(f"{path} ({records[path].bytes} bytes)" for path in readable(bundle)[:400])


def hits(bundle: Bundle, pattern: str) -> str:
    """The lines that a pattern matches, in all readable files; a pattern that is none is taken literally."""
    try:
        wanted = re.compile(pattern)
    except re.error:
        wanted = re.compile(re.escape(pattern))
    found: list[str] = []
    for path in readable(bundle):
        if bundle.manifest.files[path].bytes > SEARCHED_BYTES:
            continue
        for number, line in numbered_lines(bundle, path):
            if wanted.search(line[:LINE_CHARACTERS]):
                found.append(f"{path}:{number}: {line[:300]}")
                if len(found) == MOST_HITS:
                    return "\n".join([*found, "[more were left out]"])
    return "\n".join(found) or "nothing matches"


# -- what its verdict is worth -------------------------------------------------------------------------


def is_verbatim(bundle: Bundle, quote: Quote) -> bool:
    """Whether a quote stands at its place: in the lines from there on, or in the strings of a JSON line."""
    if quote.path not in readable(bundle):
        return False
    lines = numbered_lines(bundle, quote.path)
    wanted = quote.quote.strip()
    span = wanted.count("\n") + 1
    here = [text for number, text in lines if quote.line <= number < quote.line + span]
    if len(wanted) < SHORTEST_QUOTE or not here:
        return False
    return wanted in "\n".join(here) or any(wanted in text for text in _strings(here[0]))


def _strings(line: str) -> list[str]:
    try:
        value: object = json.loads(line)
    except (ValueError, RecursionError):
        return []
    if not isinstance(value, dict):
        return []
    return [text for text in cast(dict[str, object], value).values() if isinstance(text, str)]


def problem_of(bundle: Bundle, arguments: Mapping[str, object]) -> Ruling | str:
    """The ruling that some arguments are, or what is wrong with them in one sentence."""
    try:
        ruling = Ruling.model_validate(arguments)
    except ValidationError as error:
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc'])) or 'arguments'}: {first['msg']}"
    if not ruling.violation:
        return ruling
    if not ruling.evidence:
        return "a violation needs at least one quote as evidence"
    for quote in ruling.evidence:
        if not is_verbatim(bundle, quote):
            return f"the quote for {quote.path} line {quote.line} does not stand there word for word"
    return ruling


def ruling_finding(name: JudgeName, votes: Sequence[Ruling | None]) -> Finding:
    """The finding of all votes of one judge; None is a vote that could not be had.

    A majority of all votes, those that failed included, decides; without one the cell is held.
    """
    against = [vote for vote in votes if vote is not None and vote.violation]
    for_it = [vote for vote in votes if vote is not None and not vote.violation]
    verdict: Verdict = "review"
    chosen: list[Ruling] = []
    if 2 * len(against) > len(votes):
        verdict, chosen = "flagged", against
    elif 2 * len(for_it) > len(votes):
        verdict, chosen = "clear", for_it
    surest = max(chosen, key=lambda vote: vote.confidence, default=None)
    values: dict[str, JsonValue] = {
        "violation": len(against),
        "none": len(for_it),
        "failed": len(votes) - len(against) - len(for_it),
    }
    if surest:
        values["confidence"] = surest.confidence
    places = surest.evidence if surest and verdict == "flagged" else ()
    return Finding(
        detector=name,
        flag=audit_of(name).flag,
        verdict=verdict,
        reason=surest.reason[:200] if surest else "no majority among the judge's votes",
        values=values,
        evidence=tuple(Evidence(path=q.path, line=q.line, quote=q.quote) for q in places),
    )
