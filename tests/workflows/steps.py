"""Runs the `run:` steps of a workflow on this machine, against a throw-away repository.

Actions by others and the installation are left out; actions of this repository are followed into their steps.
Where this machine cannot change the user or the network, `sudo`, `unshare` and `setpriv` are stood in for by
programs that only run the command.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
INSTALL = "make install"
PASS_ON = '#!/bin/sh\nexec "$@"\n'
SKIP_OPTIONS = '#!/bin/sh\nwhile [ "${1#-}" != "$1" ]; do shift; done\nexec "$@"\n'


def load(path: Path) -> dict[str, Any]:
    """A workflow or action as data; `on` is a word, not a truth value."""

    class Loader(yaml.SafeLoader):
        """YAML 1.2 booleans."""

    Loader.yaml_implicit_resolvers = {
        key: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
        for key, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))
    return yaml.load(path.read_text(encoding="utf-8"), Loader)


def workflows() -> dict[str, dict[str, Any]]:
    """All workflows by name."""
    return {path.stem: load(path) for path in sorted((GITHUB / "workflows").glob("*.yml"))}


def own_actions() -> dict[str, dict[str, Any]]:
    """The actions of this repository by name."""
    return {path.parent.name: load(path) for path in sorted((GITHUB / "actions").glob("*/action.yml"))}


def all_steps(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every step of a workflow or action."""
    jobs = content.get("jobs") or {"": content["runs"]}
    for job in jobs.values():
        yield from job.get("steps", [])


@cache
def can_unshare() -> bool:
    """Whether this user may make a namespace without network."""
    return subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode == 0


@cache
def nobody_can_run() -> bool:
    """Whether the user `nobody` can start this Python."""
    drop = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--inh-caps=-all"]
    words = ["env", sys.executable, "-c", "import interplay.leaderboard.cli"]
    return subprocess.run([*drop, *words], capture_output=True, check=False, cwd="/").returncode == 0


@dataclass
class Machine:
    """A runner: a checkout, its temporary folder, and what earlier steps left.

    Attributes:
        checkout: Working directory of the steps, with a `.venv`.
        home: Folder for everything else; other users can enter it.
        values: What expressions stand for, such as `github.sha`.
    """

    checkout: Path
    home: Path
    values: dict[str, str]
    variables: dict[str, str] = field(default_factory=dict[str, str])
    ran: list[str] = field(default_factory=list[str])
    errors: str = ""

    def __post_init__(self) -> None:
        self.home.chmod(0o755)
        self.summary = self.home / "summary.md"
        self.output = self.home / "output"
        self.summary.touch()
        self.programs = self.home / "programs"
        self.programs.mkdir()
        self.values["runner.temp"] = str(self.home)
        self._stand_in("sudo", PASS_ON)
        if not can_unshare():
            self._stand_in("unshare", SKIP_OPTIONS)
        if not nobody_can_run():
            self._stand_in("setpriv", SKIP_OPTIONS)

    def _stand_in(self, name: str, text: str) -> None:
        path = self.programs / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def program(self, name: str, text: str) -> None:
        """Puts a program before those of this machine, such as a `gh` that answers from a file."""
        self._stand_in(name, f"#!/bin/sh\n{text}\n")

    def job(self, workflow: str, name: str) -> bool:
        """Runs a job; whether it succeeded."""
        content = workflows()[workflow]["jobs"][name]
        env = {key: self.resolved(str(value)) for key, value in (content.get("env") or {}).items()}
        return self.run(content["steps"], {}, env)

    def run(self, steps: list[dict[str, Any]], inputs: Mapping[str, str], env: Mapping[str, str]) -> bool:
        """Runs steps in order until one fails; steps with `!cancelled()` run all the same."""
        fine = True
        for step in steps:
            condition = str(step.get("if", ""))
            if not fine and "!cancelled()" not in condition:
                continue
            if condition == "inputs.attested_by != ''" and not self.values.get("inputs.attested_by"):
                continue
            uses = step.get("uses", "")
            if uses.startswith("./"):
                action = load(ROOT / uses / "action.yml")
                given = {key: self.resolved(str(value), inputs) for key, value in step["with"].items()}
                assert set(given) == set(action["inputs"])
                fine &= self.run(action["runs"]["steps"], given, env)
            elif "run" in step and step["run"] != INSTALL:
                fine &= self._run(step, inputs, env)
        return fine

    def resolved(self, text: str, inputs: Mapping[str, str] | None = None) -> str:
        """Text with its expressions replaced by what they stand for."""
        known = self.values | {f"inputs.{key}": value for key, value in (inputs or {}).items()}
        return EXPRESSION.sub(lambda found: known[found[1]], text)

    def _run(self, step: Mapping[str, Any], inputs: Mapping[str, str], env: Mapping[str, str]) -> bool:
        assert "${{" not in step["run"], step
        own = {key: self.resolved(str(value), inputs) for key, value in (step.get("env") or {}).items()}
        self.output.write_text("", encoding="utf-8")
        base = {
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "RUNNER_TEMP": str(self.home),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_REPOSITORY": "acme/interplay",
            "GITHUB_REPOSITORY_OWNER": "acme",
            "HF_HUB_OFFLINE": "1",
        }
        shell = "bash -eo pipefail" if step.get("shell") == "bash" else "bash -e"
        done = subprocess.run(
            [*shell.split(), "-c", step["run"]],
            cwd=self.checkout,
            check=False,
            capture_output=True,
            text=True,
            env={**base, **self.variables, **env, **own},
        )
        self.ran.append(step.get("name", step["run"]))
        self.errors += done.stdout + done.stderr
        for line in self.output.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            self.values[f"steps.{step['id']}.outputs.{key}"] = value
        return done.returncode == 0


def link_environment(checkout: Path) -> None:
    """Gives a checkout the environment of this test run, outside what git sees."""
    (checkout / ".venv").symlink_to(ROOT / ".venv" if (ROOT / ".venv").is_dir() else Path(sys.prefix))
    exclude = checkout / ".git" / "info" / "exclude"
    exclude.parent.mkdir(exist_ok=True)
    exclude.write_text(".venv\n", encoding="utf-8")


def has_tools() -> bool:
    """Whether the programs that the steps call are here."""
    return all(shutil.which(name) for name in ("bash", "git", "unshare", "setpriv"))
