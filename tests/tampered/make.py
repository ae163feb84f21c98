"""The tamper corpus: every attack is a few lines that change an honest entry and its logs.

No forged file is committed. Each attack names the code and the words that its refusal begins with, and works
on a `Forgery`: a copy of an honest submission that can be changed and sealed again, as an attacker with full
knowledge of the formats would. The honest variants, which must pass, are made the same way.

`python -m tests.tampered.make --out DIR` writes every case into a folder of its own, with the command that
checks it in `command.txt` and what must come out in `expected.txt`; `--readme` writes `README.md` anew.
"""

import json
import shlex
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from inspect_ai.log import read_eval_log

from interplay.leaderboard.archive import expand, open_archive
from interplay.leaderboard.canonical import canonical_bytes, entry_id
from interplay.leaderboard.check import file_hash
from interplay.leaderboard.entries import ENTRIES, LOGS, served_boards
from interplay.leaderboard.extract import rows_of
from tests.leaderboard.archives import Part, write_archive
from tests.tampered.repository import Repository

Json = dict[str, Any]

PUBLIC = f"hf://datasets/acme/logs@{'a' * 40}"
MODULES = (
    "entry_attacks",
    "archive_attacks",
    "task_attacks",
    "number_attacks",
    "variants",
)
README = Path(__file__).with_name("README.md")
IN_SPEC = 50
"""Attacks that the specification lists; later numbers were found since."""


class Forgery:
    """A submission in a folder of its own: `leaderboard/entries/<id>.json` and its logs."""

    def __init__(self, honest: Path, root: Path):
        shutil.copytree(honest, root)
        self.root = root
        self.path = next((root / ENTRIES).glob("*.json"))
        self.entry: Json = json.loads(self.path.read_bytes())
        self.repository: Repository | None = None
        self.author: str | None = None
        self.others: set[Path] = set()

    def command(self) -> list[str]:
        """The words of `interplay` that check the case."""
        logs = ["--logs", str(self.root / LOGS)]
        if self.repository is None:
            return ["check", str(self.path), "--root", str(self.root), *logs]
        author = ["--author", self.author or self.entry["submitter"]["github"]]
        place = ["--root", str(self.repository.root)]
        return ["check", "--pull-request", self.repository.span, *author, *place, *logs]

    def as_pull_request(self) -> Repository:
        """The entry as a pull request against a repository; what else it changes is up to the case."""
        if self.entry["division"] == "reference":
            self.public()
        self.repository = Repository(self.root / "repository")
        self.repository.write(f"{ENTRIES}/{self.path.name}", self.path.read_bytes())
        return self.repository

    def log(self, task: str = "maze_collab") -> Path:
        """The log of a task."""
        return self.root / LOGS / self.pointer(task)["uri"].rsplit("/", 1)[-1]

    def pointer(self, task: str = "maze_collab") -> Json:
        """What the entry says of that log."""
        return next(p for p in self.entry["logs"] if p["task"] == f"interplay/{task}")

    def seal(self) -> None:
        """Writes the entry in canonical form under its right name."""
        self.entry["entry_id"] = entry_id(self.entry)
        if self.path not in self.others:
            self.path.unlink()
        self.path = self.path.with_name(f"{self.entry['entry_id']}.json")
        self.path.write_bytes(canonical_bytes(self.entry))

    def write(self, data: bytes) -> None:
        """Writes the entry file as told."""
        self.path.write_bytes(data)

    def public(self, github: str = "acme") -> None:
        """Makes it an entry of the open division, as somebody outside the project submits it."""
        self.entry |= {
            "division": "open",
            "method_note": "fewer mazes",
            "method_url": "https://example.org/m",
        }
        self.entry["submitter"] |= {"github": github, "relationship": "third_party"}
        for pointer in self.entry["logs"]:
            pointer["uri"] = f"{PUBLIC}/{pointer['uri'].rsplit('/', 1)[-1]}"
        self.seal()

    def relabel(self, name: str = "openai/gpt-5", tokens: bool = True) -> None:
        """Makes it a public entry of another model, consistently in the entry and all over its logs."""
        self.public()
        old = self.entry["model"]["id"]
        for task in [pointer["task"].split("/")[1] for pointer in self.entry["logs"]]:
            parts = self.parts(task)
            for member, data in parts.items():
                text = data.decode()
                parts[member] = text.replace(json.dumps(old), json.dumps(name)).encode()
            self.rewrite(parts, task)
            if not tokens:
                self.edit(lambda sample: _without_tokens(sample, name), "samples", task)
        self.entry["model"] = {"id": name, "revision": None, "served_by": name.split("/")[0]}
        self.remeasure()

    def beside(self, **changes: Any) -> str:
        """Puts a copy of the entry, as it stands, among those that exist; returns its id.

        The copy can be given other values, and its logs other hashes with `logs=None`.
        """
        other: Json = json.loads(json.dumps(self.entry))
        if "logs" in changes and changes.pop("logs") is None:
            for pointer in other["logs"]:
                pointer["sha256"] = pointer["sha256"][::-1]
        other |= changes
        other["entry_id"] = entry_id(other)
        place = self.path.with_name(f"{other['entry_id']}.json")
        place.write_bytes(canonical_bytes(other))
        self.others.add(place)
        return other["entry_id"]

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
        self, change: Callable[[Json], object], which: str = "header.json", task: str = "maze_collab"
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


def _without_tokens(sample: Json, name: str) -> None:
    used = sample["model_usage"][name]
    sample["model_usage"][name] = {key: 0 if isinstance(value, int) else value for key, value in used.items()}


@dataclass(frozen=True)
class Case:
    """One case: what is done, and what must come out; an honest variant has no code.

    `base` names the honest submission that it starts from: see `honest.py`.
    """

    number: int
    name: str
    what: str
    code: str
    text: str
    base: str
    regrade: bool
    forge: Callable[[Forgery], None] = field(repr=False)

    @property
    def folder(self) -> str:
        """Name of its folder."""
        return f"{'' if self.code else 'honest-'}{self.number:02d}-{self.name.replace('_', '-')}"


ATTACKS: dict[int, Case] = {}
VARIANTS: dict[int, Case] = {}

Forge = Callable[[Forgery], None]


def attack(
    number: int, code: str, text: str, *, base: str = "mazes", regrade: bool = False
) -> Callable[[Forge], Forge]:
    """Registers a function as an attack; its docstring says what is done.

    Args:
        number: In the order of the specification, then of discovery.
        code: Of the refusal.
        text: What the refusal begins with.
        base: The honest submission that it starts from.
        regrade: The refusal needs every sample to be scored again.
    """

    def register(forge: Forge) -> Forge:
        assert number not in ATTACKS, number
        ATTACKS[number] = Case(number, forge.__name__, _said(forge), code, text, base, regrade, forge)
        return forge

    return register


def variant(number: int, *, base: str = "mazes", regrade: bool = True) -> Callable[[Forge], Forge]:
    """Registers a function as an honest variant, which must pass without a word."""

    def register(forge: Forge) -> Forge:
        assert number not in VARIANTS, number
        VARIANTS[number] = Case(number, forge.__name__, _said(forge), "", "", base, regrade, forge)
        return forge

    return register


def _said(forge: Forge) -> str:
    said = (forge.__doc__ or "").strip()
    assert said, f"{forge.__name__} does not say what it does"
    return said.removesuffix(".")


def load_corpus() -> tuple[list[Case], list[Case]]:
    """All attacks and all honest variants, by number."""
    for name in MODULES:
        import_module(f"tests.tampered.{name}")
    return [ATTACKS[number] for number in sorted(ATTACKS)], [VARIANTS[n] for n in sorted(VARIANTS)]


def readme() -> str:
    """The documentation of the corpus, as it is committed."""
    attacks, variants = load_corpus()
    rows = [f"| {c.number} | {c.what} | `{c.code}` | {_cell(c.text)} |" for c in attacks]
    honest = [f"| {c.number} | {c.what} |" for c in variants]
    head = README_HEAD.format(attacks=len(attacks), variants=len(variants), listed=IN_SPEC)
    parts = [
        head,
        "| no. | what is done | code | the refusal begins with |\n| --- | --- | --- | --- |",
        *rows,
    ]
    return "\n".join([*parts, "", HONEST_HEAD, "| no. | variant |\n| --- | --- |", *honest]) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


README_HEAD = """# The tamper corpus

{attacks} ways to get a false result onto the leaderboard, and {variants} honest entries that look odd. Every
case is made by code from an honest log of a scripted player, so no forged file is stored; the attacker of
these cases knows all formats and seals what was changed. The first {listed} attacks are those of the
specification.

`interplay check` refuses every attack with the code and the words below, exit code 1, and passes every honest
variant without a word. `pytest tests/tampered` shows it; so does doing it by hand:

```
python -m tests.tampered.make --out corpus      # one folder a case, with command.txt and expected.txt
sh corpus/43-header-mean-changed/command.txt
```

Whoever finds an attack that passes: please add it as a function with `@attack` to the module of its stage.

## Attacks
"""
HONEST_HEAD = """## Honest variants
"""


def write_corpus(out: Path) -> list[Path]:
    """Writes every case into a folder of its own; returns the folders."""
    from tests.tampered.honest import Bases

    bases = Bases(out / "bases")
    written: list[Path] = []
    for case in [case for group in load_corpus() for case in group]:
        folder = out / case.folder
        forgery = Forgery(bases.folder(case.base), folder)
        case.forge(forgery)
        words = ["interplay", *forgery.command(), *([] if case.regrade else ["--no-regrade"])]
        (folder / "command.txt").write_text(shlex.join(words) + "\n", encoding="utf-8")
        expected = f"exit 1: {case.code} {case.text}" if case.code else "exit 0: passed"
        (folder / "expected.txt").write_text(expected + "\n", encoding="utf-8")
        written.append(folder)
    return written


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="Write every case below this folder.")
@click.option("--readme", "with_readme", is_flag=True, help="Write README.md anew.")
def main(out: Path | None, with_readme: bool) -> None:
    """Write the tamper corpus, or its documentation."""
    if with_readme:
        README.write_text(readme(), encoding="utf-8")
        click.echo(f"wrote {README.name}")
    if out is not None:
        if out.exists() and any(out.iterdir()):
            raise click.UsageError(f"{out}: there is something in this folder; name a new one.")
        click.echo(f"wrote {len(write_corpus(out.resolve()))} cases below {out}")
    if out is None and not with_readme:
        raise click.UsageError("nothing to do: give --out DIR, --readme or both.")


if __name__ == "__main__":
    from tests.tampered.make import main as run  # the registry must exist once

    run()
