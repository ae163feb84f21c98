"""The record of one job on disk: which phases are done, so that the same command goes on after a crash.

    posttrain-state/<key>/state.json          phases of the current attempt, written atomically
    posttrain-state/<key>/attempt-1/          what they made: workspace, bundle, outputs

A phase is skipped if it is done with the same inputs; otherwise it and all later ones run. The key stands for
everything that makes two jobs the same one. Once its score stands in a finished log the record is sealed: the
same job asked for again is a new attempt, never an old result. Free of Inspect.
"""

import fcntl
import hashlib
import json
import os
import re
import time
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from interplay.tasks.mistakes import UserMistake

Phase = Literal["prepare", "clock", "solve", "freeze", "collect", "examine"]
PHASES: tuple[Phase, ...] = ("prepare", "clock", "solve", "freeze", "collect", "examine")
STATE = "state.json"
KEY_DIGITS = 16
Result = dict[str, JsonValue]


class InfraError(Exception):
    """Something other than the agent failed: the job has no score and is to be run again.

    The message is one sentence with the remedy. It never leads to a fallback.
    """


class PhaseRecord(BaseModel):
    """One phase of the current attempt; times are Unix seconds, `attempt` counts starts of this phase."""

    status: Literal["running", "done", "failed"]
    input_sha256: str
    started: float
    ended: float | None = None
    attempt: int = 1
    result: Result = {}
    error: str | None = None


class State(BaseModel):
    """The file `state.json`."""

    model_config = ConfigDict(extra="forbid")

    key: str
    identity: dict[str, JsonValue]
    attempt: int = 1
    sealed: bool = False
    consumed_seconds: float = 0.0
    phases: dict[Phase, PhaseRecord] = {}


def digest(value: JsonValue) -> str:
    """SHA-256 of a value as canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def identity_of(
    version: str, settings: Mapping[str, JsonValue], cell: str, model: str, epoch: int
) -> dict[str, JsonValue]:
    """What makes two jobs the same one: task version, parameters, cell, model, run label and epoch."""
    return {"task_version": version, "settings": dict(settings), "cell": cell, "model": model, "epoch": epoch}


def key_of(identity: Mapping[str, JsonValue]) -> str:
    """The name of a job: the first 16 hex digits of the SHA-256 of what makes it the same job."""
    return digest(dict(identity))[:KEY_DIGITS]


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader finds the old or the new content, whatever happens in between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    with scratch.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)


def one_line(record: Mapping[str, JsonValue]) -> str:
    """A record as JSON that is one line for every reader, also for those that go by Unicode's separators."""
    text = json.dumps(record, ensure_ascii=False)
    return re.sub(r"[\x85\u2028\u2029]", lambda mark: f"\\u{ord(mark[0]):04x}", text)


def append_line(path: Path, record: Mapping[str, JsonValue]) -> None:
    """Add one line to a JSONL file; a line that a crash cut short is closed first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        if file.seek(0, os.SEEK_END) and _last_byte(path) != b"\n":
            file.write(b"\n")
        file.write(written(record))


def written(record: Mapping[str, JsonValue]) -> bytes:
    """A record as a line of a file; half a character that a program printed becomes a question mark."""
    return f"{one_line(record)}\n".encode(errors="replace")


def sealed_lines(path: Path) -> bytes:
    """A JSONL file as a bundle holds it: without lines that a crash cut short, empty where there is none."""
    return b"".join(map(written, whole_lines(path)))


def _last_byte(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1)


def whole_lines(path: Path) -> list[dict[str, JsonValue]]:
    """The records of a JSONL file that a crash may have cut short: a broken line is left out."""
    if not path.is_file():
        return []
    found: list[dict[str, JsonValue]] = []
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
        try:
            record: object = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict):
            found.append(record)
    return found


class Job:
    """One job, open for work."""

    def __init__(self, root: Path, state: State) -> None:
        self.root = root
        self.state = state

    @property
    def key(self) -> str:
        """Name of the job."""
        return self.state.key

    @property
    def run_name(self) -> str:
        """The repetition it belongs to, as "2 #1": label and epoch."""
        settings = self.state.identity["settings"]
        assert isinstance(settings, dict)
        return f"{settings['run']} #{self.state.identity['epoch']}"

    @property
    def folder(self) -> Path:
        """Where the current attempt keeps what it made."""
        return self.root / f"attempt-{self.state.attempt}"

    @property
    def consumed_seconds(self) -> float:
        """Time the agent has had so far, without the time in which nothing ran."""
        return self.state.consumed_seconds

    def save(self) -> None:
        """Write the record."""
        content = json.dumps(self.state.model_dump(mode="json"), indent=1, sort_keys=True)
        write_atomically(self.root / STATE, f"{content}\n".encode())

    def consume(self, seconds: float) -> None:
        """Count time of the agent and write it down."""
        self.state.consumed_seconds += seconds
        self.save()

    def result(self, phase: Phase) -> Result:
        """What a finished phase returned."""
        record = self.state.phases[phase]
        assert record.status == "done", f"{phase} is {record.status}"
        return record.result

    def is_done(self, phase: Phase, inputs: JsonValue) -> bool:
        """Whether a phase is done with these inputs."""
        record = self.state.phases.get(phase)
        return record is not None and record.status == "done" and record.input_sha256 == digest(inputs)

    async def run(self, phase: Phase, inputs: JsonValue, work: Callable[[], Awaitable[Result]]) -> Result:
        """The result of a phase: the stored one, or that of `work`, after which later phases are void.

        Raises:
            Exception: whatever `work` raises; the phase then is marked failed.
        """
        if self.is_done(phase, inputs):
            return self.state.phases[phase].result
        for later in PHASES[PHASES.index(phase) + 1 :]:
            self.state.phases.pop(later, None)
        old = self.state.phases.get(phase)
        record = PhaseRecord(
            status="running",
            input_sha256=digest(inputs),
            started=time.time(),
            attempt=old.attempt + 1 if old else 1,
        )
        self.state.phases[phase] = record
        self.save()
        try:
            record.result = await work()
        except BaseException as problem:
            record.status, record.ended = "failed", time.time()
            record.error = f"{type(problem).__name__}: {problem}"[:1000]
            self.save()
            raise
        record.status, record.ended = "done", time.time()
        self.save()
        return record.result

    def seal(self) -> None:
        """Close the record: its score stands in a finished log."""
        self.state.sealed = True
        self.save()


@contextmanager
def open_job(state_dir: Path, identity: Mapping[str, JsonValue]) -> Generator[Job]:
    """The job of that identity, for this process alone; a sealed record begins a new attempt.

    Raises:
        UserMistake: another process works on it, or its record cannot be read.
    """
    key = key_of(identity)
    root = state_dir.absolute() / key
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserMistake(
                f"{root}: another process works on this cell; wait for it, or set -T run=NAME."
            ) from None
        state = read_state(root) or State(key=key, identity=dict(identity))
        if state.sealed:
            state = State(key=key, identity=dict(identity), attempt=state.attempt + 1)
        job = Job(root, state)
        job.save()
        yield job


def read_state(root: Path) -> State | None:
    """The record of a folder, None if there is none.

    Raises:
        UserMistake: it cannot be read.
    """
    path = root / STATE
    if not path.is_file():
        return None
    try:
        return State.model_validate_json(path.read_bytes())
    except ValidationError as problem:
        raise UserMistake(
            f"{path}: not a record of this version; move it away, or set -T state_dir."
        ) from problem


def seal_record(root: Path) -> None:
    """Seal the record of a folder; nothing happens where there is none."""
    state = read_state(root)
    if state is not None and not state.sealed:
        Job(root, state).seal()
