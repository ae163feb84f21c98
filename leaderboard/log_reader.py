"""Reads a log that passed the scan: Inspect's models, plain rows, and every score once more.

Runs in the capped child of `untrusted.py`, 200 samples at a time, so that memory stays bounded.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pydantic import JsonValue, ValidationError
from pydantic_core import from_json

from .archive import Archive, Member, Refusal, expand, open_archive
from .completions import Call, calls_in
from .credentials import credential_start
from .rows import HeaderRow, LogRows, Row, SampleRow, ScoreRow

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog, EvalSample

Read: TypeAlias = "tuple[EvalSample, list[Call], int]"

BATCH = 200


class Untrusted(Row):
    """A log that was read within all limits.

    Attributes:
        regrade_problem: Why it could not be regraded, None where it was or was not asked to be.
        credentials: Member and first characters of credential-like text.
    """

    header: HeaderRow
    samples: tuple[SampleRow, ...]
    regrade_problem: str | None
    credentials: tuple[tuple[str, str], ...]

    @property
    def rows(self) -> LogRows:
        """Header and samples."""
        return LogRows(self.header, self.samples)


class _Reader:
    """Reads one log that passed the scan, in this process; remembers what looks like a credential."""

    def __init__(self, archive: Archive):
        self.archive = archive
        self.credentials: list[tuple[str, str]] = []

    def header(self) -> "EvalLog":
        """The log without its samples."""
        from inspect_ai.log import EvalLog

        member = self.archive.members["header.json"]
        try:
            return EvalLog.model_validate(self._content(member))
        except ValidationError as error:
            raise _unlike_inspect(member, error) from None

    def batches(self) -> "Iterator[list[Read]]":
        """All samples, so many at a time that memory stays bounded."""
        members = iter(self.archive.samples())
        while batch := list(islice(members, BATCH)):
            yield [self._sample(member) for member in batch]

    def _sample(self, member: Member) -> Read:
        """A sample without its events, the calls they hold, and how often it was tried before."""
        from inspect_ai.log import EvalSample, resolve_sample_attachments

        content = self._content(member)
        calls = calls_in(content.pop("events", None), content.get("attachments"))
        retries = content.pop("error_retries", None)
        for bulky in ("events_data", "timelines"):
            content.pop(bulky, None)
        try:
            sample = EvalSample.model_validate(content | {"events": []})
            if sample.attachments:  # "core" would search all of a sample for what its calls still refer to
                sample = resolve_sample_attachments(sample, "full")
        except ValidationError as error:
            raise _unlike_inspect(member, error) from None
        if member.name != f"samples/{sample.id}_epoch_{sample.epoch}.json":
            raise Refusal("L03", f"{member.name} holds sample {sample.id} of epoch {sample.epoch}")
        return sample, calls, len(retries) if isinstance(retries, list) else 0

    def _content(self, member: Member) -> dict[str, JsonValue]:
        data = b"".join(expand(self.archive, member))
        start = credential_start(data.decode(errors="replace"))
        if start is not None:
            self.credentials.append((member.name, start))
        content = from_json(data)
        if not isinstance(content, dict):
            raise Refusal("L09", f"{member.name} holds no object")
        return content


def read_here(path: Path, regrade: bool) -> Untrusted:
    """Reads a log that passed the scan, in this process."""
    from .extract import header_row, sample_row
    from .regrade import locked_scorers, regraded_scores

    archive = open_archive(path)
    with archive.file:
        reader = _Reader(archive)
        log = reader.header()
        header = header_row(log)
        scorers = locked_scorers(header) if regrade else None
        problem = "no lock names its scorers" if regrade and not scorers else None
        rows: list[SampleRow] = []
        for batch in reader.batches():
            written = [sample_row(s, header.model, header.roles, calls, tried) for s, calls, tried in batch]
            again: list[ScoreRow | None] = [None] * len(batch)
            if scorers and problem is None:
                try:
                    again = regraded_scores(log, [sample for sample, _, _ in batch], scorers)
                except Exception as error:  # whatever a scorer stumbles over in hostile data is one finding
                    problem = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:200]}"
            rows += [
                row.model_copy(update={"regraded": new}) for row, new in zip(written, again, strict=True)
            ]
    return Untrusted(
        header=header,
        samples=tuple(rows),
        regrade_problem=problem,
        credentials=tuple(reader.credentials),
    )


def _unlike_inspect(member: Member, error: ValidationError) -> Refusal:
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))[:80]
    return Refusal("L09", f"{member.name} is not what Inspect writes at {place}: {first['msg'][:100]}")
