"""The tamper corpus: every attack is a few lines that change an honest entry and its logs.

No forged file is committed. Each attack names the code and the words that its refusal must begin with, and
works on a `Forgery`: a copy of an honest submission that can be changed and sealed again, as an attacker
with full knowledge of the formats would. `python -m tests.tampered.make HONEST OUT` writes all cases.
"""

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspect_ai.log import read_eval_log

from interplay.leaderboard.archive import expand, open_archive
from interplay.leaderboard.canonical import canonical_bytes, entry_id
from interplay.leaderboard.check import file_hash
from interplay.leaderboard.entries import ENTRIES, LOGS, served_boards
from interplay.leaderboard.extract import rows_of
from tests.leaderboard.archives import Part, write_archive

Json = dict[str, Any]


class Forgery:
    """A submission in a folder of its own: `leaderboard/entries/<id>.json` and its logs."""

    def __init__(self, honest: Path, root: Path):
        shutil.copytree(honest, root)
        self.root = root
        self.path = next((root / ENTRIES).glob("*.json"))
        self.entry: Json = json.loads(self.path.read_bytes())

    def log(self, task: str = "maze_collab") -> Path:
        """The log of a task."""
        return self.root / LOGS / self.pointer(task)["uri"].rsplit("/", 1)[-1]

    def pointer(self, task: str = "maze_collab") -> Json:
        """What the entry says of that log."""
        return next(p for p in self.entry["logs"] if p["task"] == f"interplay/{task}")

    def seal(self) -> None:
        """Writes the entry in canonical form under its right name."""
        self.entry["entry_id"] = entry_id(self.entry)
        self.path.unlink()
        self.path = self.path.with_name(f"{self.entry['entry_id']}.json")
        self.path.write_bytes(canonical_bytes(self.entry))

    def write(self, data: bytes) -> None:
        """Writes the entry file as told."""
        self.path.write_bytes(data)

    def point(self, task: str = "maze_collab") -> None:
        """Brings hash, size and number of samples of a changed log into the entry."""
        path = self.log(task)
        pointer = self.pointer(task)
        pointer |= {"sha256": file_hash(path), "bytes": path.stat().st_size}
        self.seal()

    def parts(self, task: str = "maze_collab") -> dict[str, bytes]:
        """The members of a log."""
        archive = open_archive(self.log(task))
        with archive.file:
            return {name: b"".join(expand(archive, member)) for name, member in archive.members.items()}

    def rewrite(
        self, parts: dict[str, bytes] | list[Part], task: str = "maze_collab", **options: bytes
    ) -> None:
        """Writes a log anew and points the entry to it."""
        if isinstance(parts, dict):
            parts = [Part(name, data) for name, data in parts.items()]
        write_archive(self.log(task), parts, **options)
        samples = sum(part.name.startswith("samples/") for part in parts)
        self.pointer(task)["samples"] = samples
        self.point(task)

    def edit(
        self, change: Callable[[Json], None], which: str = "header.json", task: str = "maze_collab"
    ) -> None:
        """Changes one member of a log, or with `samples` all samples."""
        parts = self.parts(task)
        for name in parts:
            if name == which or (which == "samples" and name.startswith("samples/")):
                content = json.loads(parts[name])
                change(content)
                parts[name] = json.dumps(content).encode()
        self.rewrite(parts, task)

    def samples(self, task: str = "maze_collab") -> list[str]:
        """Names of the sample members."""
        return sorted(name for name in self.parts(task) if name.startswith("samples/"))

    def remeasure(self) -> None:
        """Puts into the entry what the changed logs give, so that no later comparison betrays them."""
        logs = [rows_of(read_eval_log(str(path))) for path in sorted((self.root / LOGS).glob("*.eval"))]
        served = served_boards(logs, self.entry["family"], self.entry["division"])
        self.entry["results"] = [board.result().content() for board in served]
        self.seal()


@dataclass(frozen=True)
class Attack:
    """One case: what is done, and what the refusal begins with and contains."""

    name: str
    code: str
    text: str
    forge: Callable[[Forgery], None]


ATTACKS: dict[str, Attack] = {}


def attack(code: str, text: str) -> Callable[[Callable[[Forgery], None]], Callable[[Forgery], None]]:
    """Registers a function as an attack that must be refused with this code and these words."""

    def register(forge: Callable[[Forgery], None]) -> Callable[[Forgery], None]:
        assert forge.__name__ not in ATTACKS
        ATTACKS[forge.__name__] = Attack(forge.__name__, code, text, forge)
        return forge

    return register


def main(honest: Path, out: Path) -> None:
    """Writes every case into a folder of its own."""
    from tests.tampered import attacks  # noqa: F401  (registers them)

    for case in ATTACKS.values():
        case.forge(Forgery(honest, out / case.name))
        print(f"{case.name}: {case.code} {case.text}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
