"""Small bundles for tests, sealed as the collection seals them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from interplay.tasks.posttrain.bundle import Bundle, Dropped, Exit, write_manifest

Files = Mapping[str, str | bytes]
Lines = Sequence[Mapping[str, object]]


def make_bundle(
    folder: Path,
    files: Files | None = None,
    *,
    commands: Sequence[str] = (),
    egress: Lines = (),
    system: Mapping[str, object] | None = None,
    dropped: tuple[Dropped, ...] = (),
    exit: Exit = "finished",
    cell: str = "m_hop__mini-0",
) -> Bundle:
    """A bundle with these workspace files; names that begin with final_model/ belong to the deliverable."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (files or {}).items():
        path = folder / (name if name.startswith("final_model/") else f"workspace/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    trace = [{"t": float(i), "cmd": command, "out": ""} for i, command in enumerate(commands)]
    for name, lines in (("trace", trace), ("egress", egress), ("queries", ()), ("meter", ())):
        text = "".join(f"{json.dumps(line)}\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    (folder / "system.json").write_text(json.dumps(system or {}), encoding="utf-8")
    write_manifest(folder, cell=cell, exit=exit, dropped=dropped)
    return Bundle.open(folder)


def as_lines(records: Sequence[Mapping[str, object]]) -> str:
    """Records as JSONL."""
    return "".join(f"{json.dumps(record)}\n" for record in records)
