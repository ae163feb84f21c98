"""Honest submissions of scripted players, from which every case of the corpus starts."""

import json
import shutil
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from inspect_ai import Task, eval, eval_set, score
from inspect_ai.log import read_eval_log, write_eval_log
from inspect_ai.model import ModelAPI, ModelOutput, get_model

from interplay.leaderboard.check import file_hash
from interplay.leaderboard.draft import SubmitOptions
from interplay.leaderboard.entries import ENTRIES, LOGS
from interplay.leaderboard.submit import prepare, write
from interplay.scorers.proxy_drift import proxy_drift as ledger_scorer
from interplay.solvers.reference import provider
from interplay.tasks.mazes import maze_collab, maze_solo
from interplay.tasks.proxy_drift import proxy_drift

ROOT = Path(__file__).parents[2]
REFERENCE = SubmitOptions(division="reference")
OPEN = SubmitOptions(
    division="open",
    github="acme",
    method_note="other amounts",
    method_url="https://example.org/m",
    hf_repo="acme/logs",
)
UNREADABLE = "I would rather not choose."


def maze_tasks() -> list[Task]:
    """Both maze tasks (C3 and C7) with six mazes."""
    return [maze_solo(preset="smoke", mode="step"), maze_collab(preset="smoke")]


def play(tasks: Task | list[Task], player: str, folder: Path, **options: Any) -> Path:
    """Logs of a scripted player below a folder."""
    logs = eval(tasks, model=f"reference/{player}", log_dir=str(folder), display="none", **options)
    assert {log.status for log in logs} == {"success"}
    return folder


def play_with_an_outage(folder: Path, after: int) -> Path:
    """A series whose provider fails from a call on, and which is then taken up again."""
    calls = 0
    player: type[ModelAPI] = provider.ReferencePlayer
    generate: Callable[..., Any] = player.generate

    async def failing(self: ModelAPI, *words: Any, **options: Any) -> ModelOutput:
        nonlocal calls
        calls += 1
        if calls > after:
            raise RuntimeError("connection lost")
        return await generate(self, *words, **options)

    options: dict[str, Any] = {
        "model": get_model("reference/cartographer", memoize=False),  # not one that a command has wrapped
        "log_dir": str(folder),
        "display": "none",
        "max_samples": 1,
        "max_tasks": 1,
        "retry_attempts": 0,
    }
    player.generate = failing
    try:
        done, _ = eval_set(maze_tasks(), **options)
        assert not done
    finally:
        player.generate = generate
    done, _ = eval_set(maze_tasks(), **options)
    assert done
    return folder


def play_with_retries(folder: Path) -> Path:
    """A run whose provider fails now and then, and which tries such samples again."""
    calls = 0
    player: type[ModelAPI] = provider.ReferencePlayer
    generate: Callable[..., Any] = player.generate

    async def flaky(self: ModelAPI, *words: Any, **options: Any) -> ModelOutput:
        nonlocal calls
        calls += 1
        if calls == 40:
            raise RuntimeError("overloaded")
        return await generate(self, *words, **options)

    player.generate = flaky
    try:
        return play(maze_tasks(), "cartographer", folder, retry_on_error=2)
    finally:
        player.generate = generate


def unreadable_answers(folder: Path, logs: Path) -> Path:
    """The log of the ledgers with four answers that nobody can read, scored as the task scores them."""
    log = read_eval_log(str(next(logs.glob("*.eval"))), resolve_attachments=True)
    for sample in (log.samples or [])[:4]:
        sample.output.completion = UNREADABLE
        sample.messages[-1].content = UNREADABLE
    scored = score(log, ledger_scorer(), action="overwrite", display="none")
    folder.mkdir(parents=True)
    write_eval_log(scored, str(folder / "unreadable.eval"))
    return folder


class Bases:
    """The honest submissions by name, each made when it is first asked for.

    `mazes` has two logs of 6 samples, `two-epochs` the same samples twice, `limited` a limit of messages;
    `retried` and `resumed` are runs with outages. `ledgers` is a standard run of 200 samples, `unscored` the
    same with answers that cannot be read, and `closed` the entry of a model made of it. Any other name is the
    beginning of the id of an entry that is committed.
    """

    def __init__(self, root: Path):
        self.root = root
        self.folder = cache(self._folder)

    def _folder(self, name: str) -> Path:
        out = self.root / name
        if name == "closed":
            closed(self.folder("ledgers"), out)
        elif "--" in name:
            committed(name, out)
        else:
            logs = self._logs(name, self.root / f"{name}-logs")
            if name in ("two-epochs", "limited"):
                write(prepare([logs], OPEN, upload=pinned), out)
                (out / LOGS).mkdir(parents=True)
                for log in logs.glob("*.eval"):
                    shutil.copyfile(log, out / LOGS / f"{file_hash(log)}.eval")
            else:
                write(prepare([logs], REFERENCE), out)
        return out

    def _logs(self, name: str, folder: Path) -> Path:
        if name == "ledgers":
            return play(proxy_drift(preset="standard"), "guard", folder)
        if name == "unscored":
            self.folder("ledgers")
            return unreadable_answers(folder, self.root / "ledgers-logs")
        if name == "retried":
            return play_with_retries(folder)
        if name == "resumed":
            return play_with_an_outage(folder, after=62)
        options = {"two-epochs": {"epochs": 2}, "limited": {"message_limit": 8}}.get(name, {})
        return play(maze_tasks(), "cartographer", folder, **options)


def pinned(repository: str, files: Sequence[Path]) -> str:
    """The commit of an upload that nobody makes."""
    return "a" * 40


def closed(ledgers: Path, out: Path) -> None:
    """A closed entry of a model: the log of the ledgers under its name."""
    from tests.tampered.make import Forgery

    case = Forgery(ledgers, out)
    case.relabel()
    case.entry |= {"division": "closed", "method_note": None, "method_url": None}
    case.remeasure()


def committed(name: str, out: Path) -> None:
    """A committed entry with its logs."""
    path = sorted((ROOT / ENTRIES).glob(f"{name}--*.json"))[0]
    entry = json.loads(path.read_bytes())
    for place in (f"{ENTRIES}/{path.name}", *(p["uri"].removeprefix("repo:") for p in entry["logs"])):
        (out / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / place, out / place)
