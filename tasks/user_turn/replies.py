"""Frozen replies: read from the log of `user_turn_replies`, or from JSON lines.

Example of a line: `{"id": "gsm8k-1f0c…", "reply": "She baked 48 rolls.", "model": "openai/gpt-5"}`
"""

import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from inspect_ai.log import read_eval_log
from inspect_ai.util import Store
from pydantic import BaseModel, ValidationError

from interplay.solvers.user_record import Reply, read_record
from interplay.tasks.mistakes import UserMistake

TASK = "user_turn_replies"


class FrozenReplies(NamedTuple):
    """Replies by context, and the hash of the file that they came from."""

    replies: Mapping[str, Reply]
    sha256: str


class ReplyLine(BaseModel):
    """One line of a file of replies."""

    id: str
    reply: str
    model: str = "-"


def frozen_replies(path: Path, ids: Sequence[str]) -> FrozenReplies:
    """All replies of a file, which has one to every context of a run.

    Args:
        path: `.eval` log of `user_turn_replies`, or JSON lines.
        ids: Contexts that need a reply; the file may hold others as well.

    Raises:
        UserMistake: The file can not be read, or replies are missing or given twice.
    """
    if not path.is_file():
        raise UserMistake(f"replies={path}: there is no such file.")
    pairs = list(of_log(path) if path.suffix == ".eval" else of_lines(path))
    twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if twice:
        raise UserMistake(f"replies={path.name}: {counted(twice)} given twice; keep one line or sample each.")
    replies = dict(pairs)
    missing = [name for name in ids if name not in replies]
    if missing:
        raise UserMistake(
            f"replies={path.name}: {counted(missing)} without a reply; "
            f"make them with {TASK} on the same datasets and limit."
        )
    return FrozenReplies(replies, sha256(path.read_bytes()).hexdigest())


def counted(ids: Sequence[str]) -> str:
    """Number of contexts and the first three of them, in words."""
    rest = ", …" if len(ids) > 3 else ""
    return f"{len(ids)} context{'s' if len(ids) > 1 else ''} ({', '.join(ids[:3])}{rest})"


def of_lines(path: Path) -> Iterator[tuple[str, Reply]]:
    """The replies of a file of JSON lines."""
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = ReplyLine.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise UserMistake(
                f"replies={path.name}: line {number}: {place or 'JSON'}: {first['msg']}; "
                'a line is {"id": …, "reply": …, "model": …}.'
            ) from None
        yield entry.id, Reply(text=entry.reply, source="replies", model=entry.model)


def of_log(path: Path) -> Iterator[tuple[str, Reply]]:
    """The replies of a log; samples that ended in an error have none, an empty reply stays empty."""
    try:
        log = read_eval_log(str(path))
    except (zipfile.BadZipFile, ValueError, KeyError):
        raise UserMistake(f"replies={path.name}: this is no Inspect log.") from None
    if log.eval.task.rpartition("/")[2] != TASK:
        raise UserMistake(f"replies={path.name}: a log of {log.eval.task}, not of {TASK}.")
    for sample in log.samples or []:
        record = read_record(Store(sample.store))
        if record is None or (record.reply is None and record.problem != "no_reply"):
            continue
        reply = record.reply or Reply(text="", source="replies", model=log.eval.model)
        yield str(sample.metadata["context_id"]), reply.model_copy(update={"source": "replies"})
