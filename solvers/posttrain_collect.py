"""Freeze and collect, as programs that run beside the agent's files: end its processes, copy what counts.

    python -m interplay.solvers.posttrain_collect freeze --workspace /workspace --user agent
    python -m interplay.solvers.posttrain_collect list --cache /cache
    python -m interplay.solvers.posttrain_collect copy --workspace /workspace --out /handoff/bundle
    python -m interplay.solvers.posttrain_collect seal --bundle /handoff/bundle --cell CELL --exit finished

Each prints one JSON object. Of `final_model` only weights, JSON, templates and text are taken; links and all
else are dropped with a reason, and `auto_map` is taken out of configs. Nothing that the agent wrote is run.
"""

import json
import os
import signal
import stat
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import click
from pydantic import JsonValue

from interplay.tasks.posttrain.bundle import MODEL, WORKSPACE, Dropped, Exit, file_record, write_manifest

from .posttrain_caches import BLOCK, LARGEST_FILE, Listing, copy_added, list_caches, readable, sketch

KEPT_SUFFIXES = (".safetensors", ".json", ".jinja", ".txt")
KEPT_NAMES = ("tokenizer.model",)
LARGEST_CONFIG = 16 << 20
QUIET_ROUNDS = 3
FORGED_WORDS = ("metrics", "verdict")
"""What names of files that look like results of an evaluation hold."""
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


def environment_of(pid: int) -> bytes:
    """The environment a process was started with; nothing if it is gone or not ours to see."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def command_line(pid: int) -> str:
    """The command line of a process."""
    try:
        return (
            Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip()
        )
    except OSError:
        return ""


def owner_of(pid: int) -> int | None:
    """The user of a process."""
    try:
        return Path(f"/proc/{pid}").stat().st_uid
    except OSError:
        return None


def namespace_of(pid: int) -> str | None:
    """The namespace that a process has its id in, None if it is gone or not ours to see."""
    try:
        return os.readlink(f"/proc/{pid}/ns/pid")
    except OSError:
        return None


def living(mark: str | None, uid: int | None, init: int | None = None) -> list[int]:
    """Processes with a mark in their environment, of a user, or in the namespace of `init`.

    Never this one or its parents, nor `init` itself.
    """
    spared = {1, os.getpid(), *ancestors(os.getpid()), init}
    wanted = mark.encode() if mark else None
    inside = namespace_of(init) if init is not None else None
    found: list[int] = []
    for name in os.listdir("/proc"):
        if not name.isdecimal() or int(name) in spared:
            continue
        pid = int(name)
        marked = wanted is not None and wanted in environment_of(pid).split(b"\0")
        held = inside is not None and namespace_of(pid) == inside
        if marked or held or (uid is not None and owner_of(pid) == uid):
            found.append(pid)
    return found


def ancestors(pid: int) -> list[int]:
    """The parents of a process, up to the first."""
    found: list[int] = []
    while pid > 1:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            break
        pid = int(fields[1])
        found.append(pid)
    return found


def end_all(mark: str | None, uid: int | None, init: int | None = None) -> list[str]:
    """Kill these processes until none is left for a while; the command lines of those that were alive."""
    seen: dict[int, str] = {}
    quiet = 0
    while quiet < QUIET_ROUNDS:
        pids = living(mark, uid, init)
        quiet = 0 if pids else quiet + 1
        for pid in pids:
            seen.setdefault(pid, command_line(pid))
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.05)
    return [line for line in seen.values() if line]


def files_below(folder: Path) -> Iterator[Path]:
    """Every file and link below a folder, in order; links are not followed."""
    for root, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        here = Path(root)
        linked = [name for name in folders if (here / name).is_symlink()]
        yield from (here / name for name in sorted([*names, *linked]))


def copy_model(source: Path, out: Path) -> list[Dropped]:
    """Copy the deliverable; what was dropped, and why."""
    if source.is_symlink():
        return [Dropped(path=MODEL, reason="a link")]
    dropped: list[Dropped] = []
    for path in files_below(source):
        name = f"{MODEL}/{path.relative_to(source).as_posix()}"
        try:
            reason = refusal(path) or take(path, target_of(out, name))
        except (OSError, UnicodeEncodeError) as problem:
            reason = unread(problem)
        if reason is not None:
            dropped.append(Dropped(path=readable(name), reason=reason))
    return dropped


def take(path: Path, target: Path) -> str | None:
    """Copy one file of the deliverable; what was taken out of it, None if nothing was."""
    if path.suffix != ".json" or path.stat().st_size > LARGEST_CONFIG:
        copy_bytes(path, target)
        return None
    content, stripped = without_code(path.read_bytes())
    target.write_bytes(content)
    return "auto_map taken out" if stripped else None


def target_of(out: Path, name: str) -> Path:
    """Where a file of the workspace lies in the bundle, its folder made.

    Raises:
        UnicodeEncodeError: its name is no text, by which no reader of the bundle would find it.
    """
    name.encode()
    target = out / name
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def unread(problem: Exception) -> str:
    """Why a file is dropped that cannot be read."""
    return f"not to be read: {type(problem).__name__}"


def refusal(path: Path) -> str | None:
    """Why a file of the deliverable is not taken, None if it is."""
    if path.is_symlink():
        return "a link"
    if not stat.S_ISREG(path.lstat().st_mode):
        return "no regular file"
    if path.name in KEPT_NAMES or path.suffix in KEPT_SUFFIXES:
        return None
    kinds = {".py": "code", ".bin": "pickle", ".pt": "pickle", ".pth": "pickle", ".pkl": "pickle"}
    return f"{kinds.get(path.suffix, 'other file')}: only weights, JSON, templates and text are taken"


def without_code(content: bytes) -> tuple[bytes, bool]:
    """A config without `auto_map`, and whether it had one; what is no JSON object stays as it is."""
    try:
        found: object = json.loads(content)
    except (ValueError, RecursionError):
        return content, False
    if not isinstance(found, dict) or "auto_map" not in found:
        return content, False
    fields = cast(dict[str, JsonValue], found)
    kept = {key: value for key, value in fields.items() if key != "auto_map"}
    return f"{json.dumps(kept, indent=2)}\n".encode(), True


def copy_bytes(source: Path, target: Path) -> None:
    """Copy the content of a file and nothing else of it."""
    with source.open("rb") as reader, target.open("wb") as writer:
        while block := reader.read(BLOCK):
            writer.write(block)


def copy_workspace(source: Path, out: Path) -> tuple[list[Dropped], list[dict[str, JsonValue]]]:
    """Copy text and data beside the deliverable; large files become hash, size and sketch."""
    dropped: list[Dropped] = []
    large: list[dict[str, JsonValue]] = []
    for path in files_below(source):
        inside = path.relative_to(source)
        name = f"{WORKSPACE}/{inside.as_posix()}"
        if inside.parts[0] == MODEL:
            continue
        try:
            if path.is_symlink() or not stat.S_ISREG(path.lstat().st_mode):
                reason = "a link" if path.is_symlink() else "no regular file"
                dropped.append(Dropped(path=readable(name), reason=reason))
            elif path.suffix == ".safetensors" or path.stat().st_size > LARGEST_FILE:
                facts = file_record(path).model_dump()
                large.append({"path": readable(name), **facts, "sketch": list(sketch(path))})
            else:
                copy_bytes(path, target_of(out, name))
        except (OSError, UnicodeEncodeError) as problem:
            dropped.append(Dropped(path=readable(name), reason=unread(problem)))
    return dropped, large


def forged(workspace: Path) -> list[str]:
    """JSON files that look like results of an evaluation; reported, and never read."""
    found = sorted(path.relative_to(workspace) for path in files_below(workspace) if is_result(path))
    return [readable(name.as_posix()) for name in found if name.parts[0] != "templates"]


def is_result(path: Path) -> bool:
    """Whether a file calls itself the result of an evaluation."""
    named = path.suffix == ".json" and any(word in path.name for word in FORGED_WORDS)
    return named and not path.is_symlink()


def hashes(workspace: Path, names: list[str]) -> dict[str, str | None]:
    """SHA-256 of given files, None where one is missing, no plain file or not to be read."""
    return {name: hash_of(workspace / name) for name in names}


def hash_of(path: Path) -> str | None:
    """SHA-256 of a plain file, None if it is none or cannot be read."""
    try:
        return file_record(path).sha256 if path.is_file() and not path.is_symlink() else None
    except OSError:
        return None


def say(record: Mapping[str, object]) -> None:
    """Print one JSON object."""
    click.echo(json.dumps(record))


@click.group()
def main() -> None:
    """Freeze and collect one job."""


@main.command("freeze")
@click.option("--mark", help="NAME=VALUE in the environment of the agent's processes.")
@click.option("--user", help="User that the agent runs as.")
@click.option("--init", type=int, help="First process of the agent's own namespace.")
@click.option("--workspace", type=FOLDER, required=True)
@click.option("--file", "names", multiple=True, help="File to hash, relative to the workspace.")
def freeze_command(
    mark: str | None, user: str | None, init: int | None, workspace: Path, names: tuple[str, ...]
) -> None:
    """End the agent's processes, then hash the files it was given."""
    uid = None
    if user is not None:
        import pwd

        uid = pwd.getpwnam(user).pw_uid
    alive = end_all(mark, uid, init)
    say({"alive": alive, "files": hashes(workspace, list(names))})


@main.command("list")
@click.option("--cache", "caches", type=FOLDER, multiple=True)
def list_command(caches: tuple[Path, ...]) -> None:
    """Print what lies in the caches at the start."""
    say(list_caches(caches).model_dump(mode="json"))


@main.command("copy")
@click.option("--workspace", type=FOLDER, required=True)
@click.option("--out", type=FOLDER, required=True)
@click.option("--listed", type=FILE, help="What lay in the caches at the start.")
def copy_command(workspace: Path, out: Path, listed: Path | None) -> None:
    """Copy deliverable, workspace and what was added to caches into an empty bundle."""
    remove(out)
    out.mkdir(parents=True)
    dropped = copy_model(workspace / MODEL, out)
    more, large = copy_workspace(workspace, out)
    added = None
    if listed is not None:
        added = copy_added(Listing.model_validate_json(listed.read_bytes()), out)
        more, large = [*more, *added.dropped], [*large, *added.large]
    say(
        {
            "dropped": [item.model_dump() for item in (*dropped, *more)],
            "large": large,
            "forged": forged(workspace),
            "caches": {"added": added.new, "changed": added.changed} if added else None,
        }
    )


def remove(folder: Path) -> None:
    """Remove a folder that an interrupted copy left; links are removed, not followed."""
    if not folder.exists():
        return
    for root, folders, names in os.walk(folder, topdown=False, followlinks=False):
        for name in names:
            (Path(root) / name).unlink()
        for name in folders:
            path = Path(root) / name
            path.unlink() if path.is_symlink() else path.rmdir()
    folder.rmdir()


@main.command("seal")
@click.option("--bundle", type=FOLDER, required=True)
@click.option("--cell", required=True)
@click.option("--exit", "exit_class", required=True)
@click.option("--facts", type=click.Path(path_type=Path, dir_okay=False, exists=True), required=True)
def seal_command(bundle: Path, cell: str, exit_class: str, facts: Path) -> None:
    """Hash everything and write the manifest; `--facts` holds what was dropped and further values."""
    content = cast(dict[str, JsonValue], json.loads(facts.read_bytes()))
    facts.unlink()
    dropped = tuple(Dropped.model_validate(item) for item in cast(list[object], content.pop("dropped", [])))
    manifest = write_manifest(bundle, cell=cell, exit=cast(Exit, exit_class), dropped=dropped, facts=content)
    say({"manifest_sha256": file_record(bundle / "manifest.json").sha256, "files": len(manifest.files)})


if __name__ == "__main__":
    main()
