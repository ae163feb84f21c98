"""`interplay doctor`: what this machine has, what it lacks, and the remedy."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path
from typing import Literal, NamedTuple

import click

from interplay.tasks.catalog import FAMILIES
from interplay.tasks.mistakes import UserMistake

from .commands import completing
from .commands.json_output import AS_JSON, print_json


@dataclass(frozen=True)
class Finding:
    """One line of the report: a `remedy` whenever the state is not ok."""

    state: Literal["ok", "warn", "fail"]
    name: str
    value: str
    remedy: str = ""

    def line(self) -> str:
        """One line for people."""
        remedy = f". Remedy: {self.remedy}" if self.remedy else ""
        return f"{self.state:<5} {self.name:<14} {self.value}{remedy}"


@click.command(epilog="Example: interplay doctor mazes --model openai/gpt-5")
@click.argument("family", required=False, metavar="[FAMILY]", shell_complete=completing.families)
@click.option("--family", "named", metavar="FAMILY", help="The same as the argument.")
@click.option(
    "--model",
    shell_complete=completing.players,
    help="Also check that this model's provider, package and key are there.",
)
@AS_JSON
def doctor_command(family: str | None, named: str | None, model: str | None, as_json: bool) -> None:
    """Check this machine: exit code 3 when something needed is missing.

    With a family, what it needs beside the rest is checked as well.
    """
    names = [record.name for record in FAMILIES]
    if family is not None and named not in (None, family):
        raise UserMistake(f"{family} and --family {named}: name one family.")
    family = family or named
    if family is not None and family not in names:
        raise UserMistake(f"{family}: no such family; choose one of {', '.join(names)}.")
    findings = [*examine(model), *family_checks(family)]
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(finding.line())
    if any(finding.state == "fail" for finding in findings):
        raise click.exceptions.Exit(3)


def examine(model: str | None = None) -> Iterator[Finding]:
    """All findings, cheapest first; `model` adds the check of its provider."""
    checks: list[Callable[[], Finding]] = [
        python_version,
        inspect_version,
        entry_point,
        docker,
        gpu,
        disk,
        memory,
        clean_commit,
        dataset_token,
        clock,
    ]
    yield Finding("ok", "interplay", version("interplay"))
    for check in checks:
        yield check()
    yield from extras()
    yield keys()
    if model is not None:
        yield provider(model)


def family_checks(family: str | None) -> Iterator[Finding]:
    """What one family needs beside what all need."""
    if family == "posttrain":
        from . import doctor_posttrain

        yield from doctor_posttrain.findings()


def python_version() -> Finding:
    """The interpreter; the package metadata already demand 3.11 or newer."""
    return Finding("ok", "python", ".".join(map(str, sys.version_info[:3])))


def inspect_version() -> Finding:
    """An Inspect release that the package was written for."""
    found = version("inspect-ai")
    numbers = tuple(int(part) for part in found.split(".")[:3] if part.isdigit())
    if (0, 3, 285) <= numbers < (0, 4):
        return Finding("ok", "inspect-ai", found)
    return Finding("fail", "inspect-ai", found, "pip install 'inspect-ai>=0.3.285,<0.4'.")


def entry_point() -> Finding:
    """Inspect finds the tasks under the name `interplay`."""
    found = [point for point in entry_points(group="inspect_ai") if point.name == "interplay"]
    if not found:
        return Finding("fail", "entry point", "Inspect does not see the tasks", "install the package again.")
    try:
        found[0].load()
    except Exception as error:
        return Finding(
            "fail", "entry point", f"{type(error).__name__}: {error}", "install the package again."
        )
    return Finding("ok", "entry point", found[0].value)


class Extra(NamedTuple):
    """An optional part of the installation: its packages, and what is missing without it."""

    packages: tuple[str, ...]
    without: str


EXTRAS = {
    "site": Extra(("matplotlib", "pyarrow"), "the site is built without pictures or Parquet"),
    "native": Extra(("transformers", "openai"), "user_turn runs with reference players only"),
    "posttrain": Extra(("torch", "safetensors", "tokenizers"), "posttrain cannot run"),
    "agents": Extra(("inspect-swe",), "posttrain knows agent=react only"),
    "k8s": Extra(("inspect-k8s-sandbox",), "posttrain has no sandbox=k8s"),
    "ifbench": Extra(("if-verifiable", "nltk"), "replies to ifbench are not checked in user_turn"),
}
"""Extras that users install, by name."""
KEYS = (
    "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "MISTRAL_API_KEY",
    "GROK_API_KEY", "XAI_API_KEY", "DEEPSEEK_API_KEY", "TOGETHER_API_KEY", "FIREWORKS_API_KEY",
    "GROQ_API_KEY", "OPENROUTER_API_KEY", "AZUREAI_API_KEY", "AWS_ACCESS_KEY_ID", "HF_TOKEN",
)  # fmt: skip
"""Variables in which Inspect's providers look for a key."""


def extras() -> Iterator[Finding]:
    """Optional packages, each with what cannot be done without it."""
    for name, extra in EXTRAS.items():
        found: list[str] = []
        missing: list[str] = []
        for package in extra.packages:
            try:
                found.append(f"{package} {version(package)}")
            except PackageNotFoundError:
                missing.append(package)
        if missing:
            said = f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing; {extra.without}"
            yield Finding("warn", name, said, f"pip install 'interplay[{name}]'.")
        else:
            yield Finding("ok", name, ", ".join(found))


def keys() -> Finding:
    """Which providers have a key in the environment; the key itself is never shown."""
    found = [name for name in KEYS if os.environ.get(name)]
    if found:
        return Finding("ok", "keys", ", ".join(found))
    return Finding(
        "warn",
        "keys",
        "none is set; only reference players and local models can run",
        "set that of your provider, such as OPENAI_API_KEY, and try `interplay doctor --model MODEL`.",
    )


def docker() -> Finding:
    """A reachable Docker engine, for tasks with containers."""
    if shutil.which("docker") is None:
        return Finding(
            "warn",
            "docker",
            "not found; posttrain needs it for agents that are no scripts",
            "install Docker for tasks that use containers.",
        )
    answer = run_quietly(["docker", "version", "--format", "{{.Server.Version}}"])
    if answer is None:
        return Finding(
            "warn",
            "docker",
            "not reachable; posttrain needs it for agents that are no scripts",
            "start Docker for tasks that use containers.",
        )
    return Finding("ok", "docker", answer)


def gpu() -> Finding:
    """NVIDIA GPUs with their memory."""
    answer = run_quietly(["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader"])
    if answer is None:
        return Finding("ok", "gpu", "none; API models and reference players need none")
    return Finding("ok", "gpu", "; ".join(answer.splitlines()))


def disk() -> Finding:
    """Free space where logs are written."""
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    if free < 1:
        return Finding(
            "warn", "disk", f"{free:.1f} GB free here", "free some space; a full run writes up to 0.1 GB."
        )
    return Finding("ok", "disk", f"{free:.0f} GB free here")


def memory() -> Finding:
    """Physical memory."""
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return Finding("ok", "memory", "not known on this system")
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    if total < 2:
        return Finding("warn", "memory", f"{total:.1f} GB", "use --max-connections 4 on small machines.")
    return Finding("ok", "memory", f"{total:.0f} GB")


def clean_commit() -> Finding:
    """In a checkout, whether its files are those of a commit; closed entries demand it."""
    status = run_quietly(["git", "status", "--porcelain", "--untracked-files=no"])
    if status is None:
        return Finding("ok", "commit", "not in a git checkout; the released package counts")
    if status:
        return Finding(
            "warn",
            "commit",
            f"{len(status.splitlines())} changed files",
            "commit or stash before a run for the closed division.",
        )
    return Finding(
        "ok", "commit", f"clean at {run_quietly(['git', 'rev-parse', '--short', 'HEAD']) or 'no commit'}"
    )


def dataset_token() -> Finding:
    """A Hugging Face token, needed only to upload logs of a submission."""
    from huggingface_hub import get_token

    if get_token():
        return Finding("ok", "dataset token", "found")
    return Finding("warn", "dataset token", "none; only uploading logs needs one", "run `hf auth login`.")


def clock() -> Finding:
    """A clock that is plausibly right; the checker compares times in a log with one another."""
    now = time.time()
    installed = Path(__file__).stat().st_mtime
    if now + 86_400 < installed:
        return Finding(
            "fail", "clock", time.strftime("%Y-%m-%d", time.gmtime(now)), "set the clock of this machine."
        )
    return Finding("ok", "clock", time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(now)))


def provider(model: str) -> Finding:
    """Whether a model's provider loads with its key."""
    from .commands.evaluate import require_model

    try:
        require_model("--model", model)
    except click.ClickException as error:
        return Finding(
            "fail", "model", error.message.rstrip("."), "set the key or install the package it names."
        )
    return Finding("ok", "model", model)


def run_quietly(command: list[str]) -> str | None:
    """Standard output of a short command, or None when it is missing, fails or takes over ten seconds."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
