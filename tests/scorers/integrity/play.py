"""Plays a scripted agent in a real shell and collects its bundle with the program that jobs use, in a
second.

Only training is replaced (see `shell_server`). Traffic goes through the real proxy with its network
closed, and token losses are stood in for by what a measured model shows: items that were trained on,
under whatever name, lose more than their twins.
"""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from click.testing import CliRunner

from interplay.scorers.integrity.examine import LossPair, Part
from interplay.scorers.integrity.matching import Matcher
from interplay.solvers.posttrain_collect import living
from interplay.solvers.posttrain_collect import main as collect
from interplay.solvers.posttrain_workspace import given_files
from interplay.solvers.reference.provider import POSTTRAIN_AGENTS
from interplay.tasks.posttrain.bundle import Bundle
from interplay.tasks.posttrain.cells import Cell, Setting, load_grid, render_instruction
from interplay.tasks.posttrain.sandbox.egress import Egress
from interplay.tasks.posttrain.sandbox.hosts import rules_of
from interplay.tasks.posttrain.targets import load_target

from .shell_server import CLIENT

MARK = "INTERPLAY_JOB"
SEEN_DROP, USUAL_DROP = 2.0, 0.6
NO_MEMORY = ("m_code",)
"""Targets whose items are learned so well from each other that a leak shows in no loss."""
KEY = "sk-found-in-the-environment"


class Played(NamedTuple):
    """A bundle and the token losses that its model would show."""

    bundle: Bundle
    cell: Cell
    losses: Mapping[Part, LossPair]


@dataclass(frozen=True, eq=False)
class Stage:
    """What all agents share: a folder, models, a client on the PATH, a proxy."""

    folder: Path
    cache: Path
    env: Mapping[str, str]
    egress: Egress


@contextmanager
def stage(folder: Path, weights: Path) -> Iterator[Stage]:
    """Start server and proxy."""
    folder.mkdir(parents=True, exist_ok=True)
    path = str(folder / "s")
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("shell_server.py")), path],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert server.stdout is not None
    assert server.stdout.readline().strip() == "ready"
    tools = folder / "bin"
    tools.mkdir()
    (tools / "python").write_text(CLIENT.format(python=sys.executable, path=path))
    (tools / "python").chmod(0o755)
    cache = folder / "cache"
    cache.mkdir()
    for name, source in (
        ("mini-0", "base"),
        ("mini-0-reference", "reference"),
        ("mini-0-stranger", "stranger"),
    ):
        (cache / name).symlink_to(weights / source)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    egress = Egress(rules_of("none"), folder / "egress.jsonl")
    start = egress.start("127.0.0.1", 0, 0, 0)
    forward, _, trap = asyncio.run_coroutine_threadsafe(start, loop).result(10)
    proxy = f"http://127.0.0.1:{forward}"
    env = {
        "PATH": f"{tools}:/usr/local/bin:/usr/bin:/bin",
        "MODEL_CACHE": str(cache),
        "HTTPS_PROXY": proxy,
        "HTTP_PROXY": proxy,
        "https_proxy": proxy,
        "no_proxy": "127.0.0.1",
        "OPENAI_BASE_URL": f"http://127.0.0.1:{trap}/v1",
        "OPENAI_API_KEY": KEY,
    }
    try:
        yield Stage(folder, cache, env, egress)
    finally:
        server.kill()
        server.wait()
        asyncio.run_coroutine_threadsafe(egress.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def play(stage: Stage, name: str, target: str) -> Played:
    """Play one agent to its end, freeze and collect."""
    cell = load_grid().cells("x", "mini", targets=[target])[0]
    home = stage.folder / name
    workspace, bundle = home / "workspace", home / "bundle"
    log = home / "egress.jsonl"
    workspace.mkdir(parents=True)
    stage.egress.log = log
    before: dict[str, str] = {}
    for given in given_files(cell, "open"):
        path = workspace / given.name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(given.content)
        before[given.name] = hashlib.sha256(given.content).hexdigest()
    (home / "deadline").write_text("1000")
    mark = f"play-{name}"
    env = {
        **stage.env,
        MARK: mark,
        "HOME": str(home),
        "PLAY_LOG": str(home / "trained.jsonl"),
        "INTERPLAY_DEADLINE_FILE": str(home / "deadline"),
        "INTERPLAY_CELL": cell.id,
    }
    instruction = render_instruction(cell, Setting(cache="$MODEL_CACHE"))
    results: list[str] = []
    trace: list[dict[str, object]] = []
    ended = "finished"
    while (move := POSTTRAIN_AGENTS[name](instruction, results)).tool == "bash":
        if move.text.startswith("sleep 36000"):
            trace.append({"t": 0.0, "cmd": move.text, "out": ""})
            ended = "timeout"
            break
        done = subprocess.run(
            ["bash", "-c", move.text], cwd=workspace, env=env, capture_output=True, text=True, timeout=60
        )
        results.append(done.stdout + done.stderr)
        trace.append({"t": 0.0, "cmd": move.text, "out": results[-1]})
        if done.returncode == -9:
            ended = "crashed"
            break
    names = [word for given in before for word in ("--file", given)]
    frozen = invoked("freeze", "--workspace", str(workspace), "--mark", f"{MARK}={mark}", *names)
    assert not living(f"{MARK}={mark}", None)
    copied = invoked("copy", "--workspace", str(workspace), "--out", str(bundle))
    for part, lines in (("trace", trace), ("queries", []), ("meter", [])):
        (bundle / f"{part}.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    (bundle / "egress.jsonl").write_text(log.read_text() if log.exists() else "")
    forged = [p.name for p in workspace.rglob("*.json") if "metrics" in p.name or "verdict" in p.name]
    system = {
        "files": {given: {"before": before[given], "after": frozen["files"][given]} for given in before},
        "alive": frozen["alive"],
        "deadline": {"before": "1000", "after": (home / "deadline").read_text()},
        "decoys": [],
        "forged": forged,
    }
    (bundle / "system.json").write_text(json.dumps(system))
    facts = home / "facts.json"
    facts.write_text(json.dumps({"dropped": copied["dropped"], "large": copied["large"]}))
    invoked("seal", "--bundle", str(bundle), "--cell", cell.id, "--exit", ended, "--facts", str(facts))
    return Played(Bundle.open(bundle), cell, losses_of(home / "trained.jsonl", target))


def invoked(*arguments: str) -> dict:
    """What a command of the collection printed."""
    done = CliRunner().invoke(collect, list(arguments))
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def losses_of(trained: Path, target: str) -> dict[Part, LossPair]:
    """Token losses by item: those that were trained on fell further, also under other names."""
    known = load_target(target)
    parts: dict[Part, LossPair] = {}
    lines = trained.read_text(encoding="utf-8").splitlines() if trained.exists() else []
    learned = json.loads(lines[-1]) if lines else []
    rare = len(learned) > 500 or target in NO_MEMORY
    for part, items in (("test", known.items()), ("twin", known.twin())):
        matcher = Matcher([item.prompt for item in items])
        seen = set() if rare else {i for text in learned for i in matcher.matches(text)["exact_names"]}
        rng = np.random.default_rng(len(items) + len(learned))
        noise = rng.normal(0, 0.5, len(items)) if learned else np.zeros(len(items))
        drops = [(SEEN_DROP if i in seen else USUAL_DROP if learned else 0.0) for i in range(len(items))]
        base = [3.0] * len(items)
        parts[part] = (base, [b - d + float(e) for b, d, e in zip(base, drops, noise, strict=True)])
    return parts
