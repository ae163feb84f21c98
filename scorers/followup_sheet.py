"""The sheet on which two people label turns blind, drawn from judged logs.

The sheet shows the conversation, the reply and the turn. Where each came from, what the rules and the judge
said, and how many turns it stands for are kept apart in a key file beside it, `sheet.key.jsonl`.
"""

import csv
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, ConfigDict

from interplay.solvers.user_record import STORE_KEY, UserTurnRecord
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.user_turn.dataset import context_of

from .followup_turns import BASE
from .judged_logs import judged_log, plain_cell

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog, EvalSample

ITEMS = 400
DISAGREEMENT = 3
"""How many times as often a turn is drawn on which rules and judge disagree."""
SEED = "user_turn/sheet/1"
JUDGE = "followup_judge"
COLUMNS = ("item", "conversation", "reply", "turn", "label_1", "label_2", "settled")
FAMILY = re.compile(r"[a-z]+")


class Item(BaseModel):
    """One turn of a judged log.

    Attributes:
        origin: Model, context, temperature and draw.
        judge: Label by the judge under validation.
        second: Label by a judge of another vendor, where the logs have one.
        weight: How many turns of the logs it stands for.
    """

    model_config = ConfigDict(frozen=True)

    item: str = ""
    origin: tuple[str, str, str, int]
    family: str
    conversation: str
    reply: str
    turn: str
    rules: str
    judge: str
    second: str | None = None
    grader: str
    prompt_sha256: str
    rules_version: str
    weight: float = 1.0

    @property
    def stratum(self) -> tuple[str, str, str]:
        """Family, temperature and label by the rules."""
        return self.family, self.origin[2], self.rules

    @property
    def disputed(self) -> bool:
        """Whether rules and judge disagree, genuine or not."""
        return (self.rules == "genuine") != (self.judge == "genuine")


class Judging(NamedTuple):
    """A log and who judged it."""

    log: "EvalLog"
    grader: str


def items_of(logs: Sequence[Path], grader: str | None) -> list[Item]:
    """All judged turns of the logs, each once.

    Args:
        logs: Logs of runs with a judge.
        grader: The judge under validation; needed where the logs have several.

    Raises:
        UserMistake: no log has a judge, or the judge is not said or not there.
    """
    judgings = [Judging(log, found) for log in map(judged_log, logs) if (found := grader_of(log)) is not None]
    graders = sorted({judging.grader for judging in judgings})
    if not graders:
        raise UserMistake(
            f"{logs[0]}: no turn was judged; run with -T judge=true --model-role grader=<model>."
        )
    if grader is None and len(graders) > 1:
        raise UserMistake(f"these logs have {len(graders)} judges; choose with --grader {'|'.join(graders)}.")
    chosen = grader or graders[0]
    if chosen not in graders:
        raise UserMistake(f"--grader {chosen}: no log was judged by it; there is {', '.join(graders)}.")
    mine: dict[tuple[str, str, str, int], Item] = {}
    others: dict[tuple[str, str, str, int], str] = {}
    for judging in judgings:
        for item in _items(judging):
            if judging.grader == chosen:
                mine[item.origin] = item
            else:
                others[item.origin] = item.judge
    return [item.model_copy(update={"second": others.get(origin)}) for origin, item in mine.items()]


def grader_of(log: "EvalLog") -> str | None:
    """The model in role `grader`, None without one."""
    role = (log.eval.model_roles or {}).get("grader")
    first = role[0] if isinstance(role, list) else role
    return first.model if first else None


def family_of(model: str) -> str:
    """The letters that a model's name begins with: `vllm-completions/Qwen/Qwen3.5-4B` is of `qwen`."""
    found = FAMILY.search(model.split("/")[-1].casefold())
    return found[0] if found else model


def _items(judging: Judging) -> Iterable[Item]:
    for sample in judging.log.samples or []:
        yield from _sample_items(sample, judging)


def _sample_items(sample: "EvalSample", judging: Judging) -> Iterable[Item]:
    score = (sample.scores or {}).get(JUDGE)
    metadata: Mapping[str, object] = (score.metadata if score else None) or {}
    entries = metadata.get("turns")
    if not isinstance(entries, list) or STORE_KEY not in sample.store:
        return
    record = UserTurnRecord.model_validate(sample.store[STORE_KEY])
    context, base = context_of(sample.metadata), record.arms[BASE]
    texts = {(str(turn.t), turn.i): turn.text for turn in base.turns}
    spoken = [f"{message.role.upper()}: {message.content}" for message in context.messages]
    model = judging.log.eval.model
    for entry in entries:
        label = entry["label"]
        if label is None or entry.get("asked") is False:
            continue
        origin = (model, context.id, str(entry["t"]), int(entry["i"]))
        yield Item(
            origin=origin,
            family=family_of(model),
            conversation="\n\n".join(spoken),
            reply=base.shown,
            turn=texts[origin[2], origin[3]],
            rules=entry["rules"],
            judge=label,
            grader=judging.grader,
            prompt_sha256=str(metadata["prompt_sha256"]),
            rules_version=str(metadata["rules_version"]),
        )


def drawn(items: Sequence[Item], count: int = ITEMS) -> list[Item]:
    """A weighted sample, as many from each stratum as there are, disputed turns three times as often."""
    dice = random.Random(SEED)
    strata: dict[tuple[str, str, str], list[Item]] = defaultdict(list)
    for item in _distinct(items):
        strata[item.stratum].append(item)
    chosen: list[Item] = []
    for stratum, size in _sizes({name: len(found) for name, found in strata.items()}, count).items():
        parts = {
            disputed: [i for i in strata[stratum] if i.disputed == disputed] for disputed in (True, False)
        }
        disputed, agreed = len(parts[True]), len(parts[False])
        expected = size * DISAGREEMENT * disputed / (DISAGREEMENT * disputed + agreed)
        first = min(disputed, max(round(expected), size - agreed, 1 if disputed and size > 1 else 0))
        for part, taken in ((parts[True], first), (parts[False], size - first)):
            weight = len(part) / taken if taken else 0.0
            chosen += [i.model_copy(update={"weight": weight * i.weight}) for i in dice.sample(part, taken)]
    dice.shuffle(chosen)
    return [item.model_copy(update={"item": f"{n + 1:03}"}) for n, item in enumerate(chosen)]


def _distinct(items: Sequence[Item]) -> list[Item]:
    """Turns of a stratum that read the same as one, with the weight of all."""
    found: dict[tuple[object, ...], Item] = {}
    for item in sorted(items, key=lambda item: item.origin):
        name = (item.stratum, item.conversation, item.reply, item.turn, item.judge)
        same = found.setdefault(name, item)
        if same is not item:
            found[name] = same.model_copy(update={"weight": same.weight + item.weight})
    return list(found.values())


def _sizes(available: Mapping[tuple[str, str, str], int], count: int) -> dict[tuple[str, str, str], int]:
    """How many to draw of each stratum: the same number, and what small ones lack from the others."""
    sizes, left = {}, min(count, sum(available.values()))
    by_size = sorted(available.items(), key=lambda pair: (pair[1], pair[0]))
    for place, (name, size) in enumerate(by_size):
        sizes[name] = min(size, -(-left // (len(by_size) - place)))
        left -= sizes[name]
    return {name: size for name, size in sizes.items() if size}


def key_path(sheet: Path) -> Path:
    """The key file of a sheet."""
    return sheet.with_suffix(".key.jsonl")


def write_sheet(sheet: Path, items: Sequence[Item]) -> None:
    """Write the blind sheet and its key."""
    with sheet.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        texts = ((i.item, i.conversation, i.reply, i.turn) for i in items)
        rows.writerows([*map(plain_cell, cells), "", "", ""] for cells in texts)
    hidden = {"conversation", "reply", "turn"}
    lines = [item.model_dump_json(exclude=hidden) for item in items]
    key_path(sheet).write_text("\n".join(lines) + "\n", encoding="utf-8")
