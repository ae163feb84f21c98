"""Reading a log that somebody else wrote, in two capped child processes.

The first scans the archive within the limits of `archive.py` and loads nothing else. Only a log that passes
is read by the second, which validates it with Inspect's models, regrades it with the scorers of this
checkout, and hands back plain rows. Both have an empty environment, a memory and a CPU limit, and no way to
open a connection; a regrade that tried to call a model would end in an error.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from pydantic import ValidationError
from pydantic_core import from_json

from .archive import MEGABYTE, Archive, Member, Refusal, expand, open_archive, scan
from .credentials import credential_start
from .rows import HeaderRow, LogRows, Row, SampleRow, ScoreRow

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog, EvalSample

Mode: TypeAlias = Literal["scan", "read", "regrade"]
Calls: TypeAlias = list[tuple[str | None, str]]

MEMORY_BYTES = {"scan": 512 * 1024 * 1024, "read": 3 * 512 * 1024 * 1024, "regrade": 3 * 512 * 1024 * 1024}
CPU_SECONDS = {"scan": 6, "read": 60, "regrade": 120}
CPU_SECONDS_PER_MEGABYTE = {"scan": 0.6, "read": 2.0, "regrade": 4.0}
FREE_MEGABYTES = 10
LARGEST_ANSWER = 256 * MEGABYTE
BATCH = 200
REFUSED = 9
FORBIDDEN = frozenset({"socket.connect", "socket.getaddrinfo", "socket.sendto", "os.system"})


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


def read_untrusted(path: Path, regrade: bool = True) -> Untrusted:
    """Scans, reads and regrades a log in children.

    Raises:
        Refusal: The log goes past a limit, or is none that Inspect reads.
    """
    _child("scan", path)
    return Untrusted.model_validate_json(_child("regrade" if regrade else "read", path))


def cpu_seconds(mode: Mode, size_bytes: int) -> int:
    """CPU limit of a child for a log of that size."""
    beyond = max(size_bytes / MEGABYTE - FREE_MEGABYTES, 0)
    return round(CPU_SECONDS[mode] + CPU_SECONDS_PER_MEGABYTE[mode] * beyond)


def _child(mode: Mode, path: Path) -> bytes:
    """Runs one child to its end and returns what it wrote."""
    seconds = cpu_seconds(mode, path.stat().st_size)
    with tempfile.TemporaryDirectory(prefix="interplay-") as home, tempfile.TemporaryFile() as answer:
        environment = {
            "HOME": home,
            "TMPDIR": home,
            "HF_HUB_OFFLINE": "1",
            "INSPECT_DISPLAY": "none",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONHASHSEED": "0",
        }
        command = [sys.executable, "-I", "-X", "utf8", "-m", "interplay.leaderboard.untrusted", mode]
        done = subprocess.run(
            [*command, str(path.resolve())],
            env=environment,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=subprocess.PIPE,
            timeout=20 * seconds,
            check=False,
        )
        if done.returncode < 0:
            raise Refusal("L08", f"log is not read within {seconds} s of computing", "submit shorter runs")
        size = answer.seek(0, os.SEEK_END)
        answer.seek(0)
        if size > LARGEST_ANSWER:
            raise Refusal("L05", "the log's scores and metadata expand past 256 MB")
        written = answer.read()
    if done.returncode == REFUSED:
        raise Refusal(*json.loads(written))
    if done.returncode:
        raise RuntimeError(f"reading child failed:\n{done.stderr.decode(errors='replace')[-2000:]}")
    return written


def _cap(mode: Mode, path: Path) -> None:
    """Limits of this process, which is a child: memory, computing time, no connections."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES[mode], MEMORY_BYTES[mode]))
        seconds = cpu_seconds(mode, path.stat().st_size)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def refuse_connections(event: str, _: tuple[object, ...]) -> None:
        if event in {
            "socket.connect",
            "socket.getaddrinfo",
            "socket.sendto",
            "subprocess.Popen",
            "os.system",
        }:
            raise PermissionError(f"{event} while reading a log")

    sys.addaudithook(refuse_connections)


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

    def batches(self) -> "Iterator[list[tuple[EvalSample, Calls]]]":
        """All samples, so many at a time that memory stays bounded."""
        members = iter(self.archive.samples())
        while batch := list(islice(members, BATCH)):
            yield [self._sample(member) for member in batch]

    def _sample(self, member: Member) -> "tuple[EvalSample, Calls]":
        """A sample without its events, and role and model of the calls they hold."""
        from inspect_ai.log import EvalSample, resolve_sample_attachments

        content = self._content(member)
        calls = list(_calls(content.pop("events", None)))
        for bulky in ("events_data", "timelines", "error_retries"):
            content.pop(bulky, None)
        try:
            sample = resolve_sample_attachments(EvalSample.model_validate(content | {"events": []}))
        except ValidationError as error:
            raise _unlike_inspect(member, error) from None
        if member.name != f"samples/{sample.id}_epoch_{sample.epoch}.json":
            raise Refusal("L03", f"{member.name} holds sample {sample.id} of epoch {sample.epoch}")
        return sample, calls

    def _content(self, member: Member) -> dict[str, object]:
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
            written = [sample_row(sample, header.model, header.roles, calls) for sample, calls in batch]
            again: list[ScoreRow | None] = [None] * len(batch)
            if scorers and problem is None:
                try:
                    again = regraded_scores(log, [sample for sample, _ in batch], scorers)
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


def _calls(events: object) -> Iterator[tuple[str | None, str]]:
    for event in events if isinstance(events, list) else []:
        if isinstance(event, dict) and event.get("event") == "model":
            role = event.get("role")
            yield (role if isinstance(role, str) else None), str(event.get("model", ""))


def _unlike_inspect(member: Member, error: ValidationError) -> Refusal:
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))[:80]
    return Refusal("L09", f"{member.name} is not what Inspect writes at {place}: {first['msg'][:100]}")


def main(mode: Mode, path: Path) -> int:
    """The child: caps itself, reads, and writes rows or a refusal to standard output."""
    _cap(mode, path)
    try:
        if mode == "scan":
            scan(path)
        else:
            sys.stdout.write(read_here(path, regrade=mode == "regrade").model_dump_json())
    except Refusal as refusal:
        refused = refusal
    except MemoryError:
        refused = Refusal("L05", f"log needs more than {MEMORY_BYTES[mode] // 2**20:,} MiB to be read")
    else:
        return 0
    sys.stdout.write(json.dumps([refused.code, refused.what, refused.remedy]))
    return REFUSED


if __name__ == "__main__":
    which = sys.argv[1]
    assert which in {"scan", "read", "regrade"}, which
    sys.exit(main(which, Path(sys.argv[2])))  # pyright: ignore[reportArgumentType]  (asserted above)
