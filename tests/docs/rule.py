"""How a command of a page is run where there is no key, no network, no GPU and no end of time.

THE RULE. A command runs exactly as it stands in the page, but for five things, each a function here:

1. A model of a provider is played by a reference player of the family, in every role. `interplay eval` then
   takes the smoke preset, and writes where the command as it stands would have written, so that the next
   command of the page finds its logs; `inspect eval` takes two samples, `posttrain_mini` one. (`stand_in`)
2. `interplay submit` says that its logs are those of reference players. (`submit`)
3. What needs a network, a GPU, a cluster, a language model or labels of people, installs something or never
   ends is followed up to that point: `interplay` and `inspect` read their options, a module prints its help,
   `make` shows what it would do, the extras of `pip` are looked up in pyproject.toml, `git` is asked for the
   options of a command that talks to a server. (`is_followed`)
4. A word in capitals that a reader fills in, such as ENTRY-ID, stands for the first of its kind in the
   checkout. (`filled_in`)

5. `interplay demo` of every family plays the quickest one; `make demo` plays all. (`demo`)

A program or a command that is in none of the tables below fails the test.
"""

import re
import tomllib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from interplay.tasks.catalog import FAMILIES, FamilyRecord, family, family_of_task

from .pages import ROOT

JUDGES = {"mazes": "clerk", "user_turn": "turn_clerk", "deescalation": "deesc_clerk"}
"""Scripted graders, of families that have one."""
BEYOND = {"posttrain", "posttrain_solve", "posttrain_score", "posttrain_baselines"}
"""Tasks that need a GPU, a cluster or a container."""
ENDLESS = {("interplay", "serve"), ("inspect", "view")}
AWAY = {"clone", "fetch", "pull", "push"}
"""Commands of git that talk to a server."""
FETCHING = {("interplay.tasks.user_turn.contexts", "pin"), ("interplay.tasks.posttrain.cells", "pin")}
"""Modules with commands that read from a hub."""
ASKING = {
    ("interplay.scorers.escalation_judge", "probes"),
    ("interplay.scorers.escalation_judge", "gold"),
    ("interplay.scorers.escalation_judge", "sheet"),
    ("interplay.scorers.followup_judge", "gates"),
    ("interplay.scorers.followup_judge", "sheet"),
    ("interplay.scorers.integrity.lineage", "calibrate"),
}
"""Modules with commands that ask a model, or read what people or earlier jobs left."""
LABELLED = {("recipe", "sheet"), ("recipe", "gold"), ("recipe", "anchor"), ("deescalation", "admit")}
"""Commands of `interplay` that want replies of language models, or what people labelled."""
WHOLE = "partners="
"""The start of an argument of runs whose texts are harvested from all topics: their preset stays."""
TEMPLATED = "tokenizer="
"""The start of a task argument that only a model with a chat template of its own takes."""
TRAINED = "posttrain_mini"
"""The task whose every sample trains a model."""
QUICKEST = "proxy_drift"
"""The family whose demo takes least."""
MODEL_OPTIONS = ("--model", "--model-role", "--validate-judge")


def is_provided(model: str) -> bool:
    """Whether a model is one of a provider, or a word that stands for one."""
    return not model.startswith("reference/")


def record_of(target: str) -> FamilyRecord:
    """The family that a word of a command means."""
    located = family_of_task(target.removeprefix("interplay/"))
    return located[0] if located else next(f for f in FAMILIES if f.name == target)


def player(record: FamilyRecord, option: str, model: str) -> str:
    """The reference player that stands in for a model under test, or for `role=model`."""
    role, mark, name = model.rpartition("=")
    if not is_provided(name):
        return model
    chosen = record.reference_players[1 if role else 0]
    if role == "grader" or option == "--validate-judge":
        chosen = JUDGES.get(record.name, chosen)
    return f"{role}{mark}reference/{chosen}"


def stand_in(words: list[str], default_folder: Callable[[list[str]], Path]) -> list[str]:
    """Part 1: reference players for models of providers, few samples, and the same folder of logs."""
    targets = [word for word in words[2:] if family(word) or family_of_task(word.removeprefix("interplay/"))]
    record = record_of(targets[0])
    models = [words[i + 1] for i, word in enumerate(words) if word in MODEL_OPTIONS]
    if not any(is_provided(model.rpartition("=")[2]) for model in models):
        return [*words, "--limit", "1"] if targets == [TRAINED] else words
    played = [
        player(record, words[i - 1], word) if words[i - 1] in MODEL_OPTIONS else word
        for i, word in enumerate(words)
    ]
    played = without(played, lambda option, value: option == "-T" and value.startswith(TEMPLATED))
    if words[0] == "inspect":
        return [*played, "--limit", "2"]
    if "--log-dir" not in played and len(targets) == 1:
        played += ["--log-dir", str(default_folder(words))]
    if any(word.startswith(WHOLE) for word in played):
        return played
    return [*without(played, lambda option, value: option == "--preset"), "--preset", "smoke"]


def without(words: list[str], is_left_out: Callable[[str, str], bool]) -> list[str]:
    """The words without the options, and their values, that are left out."""
    gone = {i + at for i, pair in enumerate(pairwise(words)) if is_left_out(*pair) for at in (0, 1)}
    return [word for i, word in enumerate(words) if i not in gone]


def submit(words: list[str]) -> list[str]:
    """Part 2: logs of reference players, which need no address on a hub."""
    return [*without(words, lambda option, value: option == "--hf-repo"), "--division", "reference"]


def demo(words: list[str]) -> list[str]:
    """Part 5: one family, where the page names none."""
    is_named = len(words) > 2 and not words[2].startswith("-")
    return words if is_named else [*words[:2], QUICKEST, *words[2:]]


def is_followed(words: list[str]) -> bool:
    """Whether part 3 holds for a command."""
    program, command = words[0], words[1] if len(words) > 1 else ""
    beyond = {word.removeprefix("interplay/") for word in words} & BEYOND
    return (
        (program, command) in ENDLESS
        or program in ("make", "pip")
        or (program == "git" and command in AWAY)
        or (program == "python" and tuple(words[2:4]) in FETCHING | ASKING)
        or (program == "interplay" and tuple(words[1:3]) in LABELLED)
        or (command == "eval" and bool(beyond))
    )


def missing_extras(words: list[str]) -> list[str]:
    """Extras of `pip install 'interplay[extra]'` that the package does not have."""
    content = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = content["project"]["optional-dependencies"]
    named = [e for word in words for e in re.findall(r"\[([\w,-]+)\]", word)]
    return [e for names in named for e in names.split(",") if e not in extras]


def filled_in(words: list[str], folder: Path) -> list[str]:
    """Part 4: words that a reader fills in."""
    first = {"ENTRY-ID": lambda: sorted((folder / "leaderboard/entries").glob("*.json"))[0].stem}
    return [first[word]() if word in first else word for word in words]
