"""The sheet on which three people label messages of angry conversations blind, drawn from judged logs.

Drawn are pairs: the last two messages of a conversation with all rules and of the same one without any, since
these make the difference that a judge is trusted with. The sheet shows what the person wrote, the replies
hidden; where each message came from stands in a key file beside it, `sheet.key.jsonl`.
"""

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from interplay.solvers.dialogue import Episode
from interplay.tasks.mistakes import UserMistake

from .escalation import transcript as sides
from .escalation_cues import END_TAG
from .escalation_judge_gold import ARMS, PEOPLE, GoldTurn, Level
from .escalation_judge_prompt import HIDDEN, transcript
from .judged_logs import judged_log, plain_cell, sheet_rows

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog, EvalSample

PAIRS = 60
LAST = 2
"""Messages at the end of a conversation that make its outcome."""
JUDGE = "escalation_judge"
LEVELS = tuple(f"level_{n + 1}" for n in range(PEOPLE))
COLUMNS = ("item", "conversation", "message", *LEVELS)
MEANINGS = (
    "0 works on it or leaves calm; 1 concedes or feels heard; 2 upset, nothing hostile; 3 insult, sarcasm or "
    "blame of the assistant; 4 threat, or an insult with either, or leaves in anger"
)


class Origin(BaseModel):
    """Where a message of the sheet came from, and what the judge made of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: str = ""
    model: str
    simulator: str
    scenario_id: str
    seed_id: str
    arm: str
    epoch: int
    n: int
    judge: Level
    grader: str
    prompt_sha256: str

    @property
    def pair(self) -> tuple[str, str, str, int]:
        """What the two arms of a pair share."""
        return self.model, self.simulator, self.scenario_id, self.epoch


class Drawn(BaseModel):
    """A message with what the person wrote before it."""

    origin: Origin
    conversation: str
    message: str


def messages_of(logs: Sequence[Path], grader: str | None) -> list[Drawn]:
    """The last messages of all judged live conversations under the two arms.

    Args:
        logs: Logs of runs with a judge.
        grader: The judge to validate; needed where the logs have several.

    Raises:
        UserMistake: no log has a judge, or the judge is not said or not there.
    """
    found = [drawn for log in map(judged_log, logs) for drawn in _messages(log)]
    graders = sorted({drawn.origin.grader for drawn in found})
    if not graders:
        raise UserMistake(
            f"{logs[0]}: no live conversation was judged; run with -T mode=live --model-role grader=<model>."
        )
    if grader is None and len(graders) > 1:
        raise UserMistake(f"these logs have {len(graders)} judges; choose with --grader {'|'.join(graders)}.")
    chosen = grader or graders[0]
    if chosen not in graders:
        raise UserMistake(f"--grader {chosen}: no log was judged by it; there is {', '.join(graders)}.")
    return [drawn for drawn in found if drawn.origin.grader == chosen]


def _messages(log: "EvalLog") -> Iterable[Drawn]:
    for sample in log.samples or []:
        yield from _sample_messages(sample, log.eval.model)


def _sample_messages(sample: "EvalSample", model: str) -> Iterable[Drawn]:
    score = (sample.scores or {}).get(JUDGE)
    metadata: Mapping[str, object] = (score.metadata if score else None) or {}
    facts = sample.metadata
    if facts.get("mode") != "live" or facts.get("arm") not in ARMS or "levels" not in metadata:
        return
    levels = cast("list[int | None]", metadata["levels"])
    said = [END_TAG.sub("", text) for text in sides(sample.store_as(Episode)).messages]
    for n in range(max(1, len(said) - LAST), len(said)):
        level = levels[n]
        if level is None:
            continue
        origin = Origin(
            model=model,
            simulator=str(facts.get("simulator")),
            scenario_id=str(facts["scenario_id"]),
            seed_id=str(facts["seed_id"]),
            arm=str(facts["arm"]),
            epoch=sample.epoch,
            n=n + 1,
            judge=level,
            grader=cast("dict[str, str]", metadata["graders"])["grader"],
            prompt_sha256=str(metadata["prompt_sha256"]),
        )
        yield Drawn(origin=origin, conversation=transcript(said[:n], [HIDDEN] * n), message=said[n])


def drawn_pairs(found: Sequence[Drawn], count: int = PAIRS) -> list[Drawn]:
    """The messages of so many pairs, as many from each seed as there are, in an order that tells nothing.

    Raises:
        UserMistake: no conversation was judged under both arms.
    """
    by_pair: dict[tuple[str, str, str, int], list[Drawn]] = {}
    for drawn in found:
        by_pair.setdefault(drawn.origin.pair, []).append(drawn)
    whole = {pair: each for pair, each in by_pair.items() if {d.origin.arm for d in each} == set(ARMS)}
    if not whole:
        raise UserMistake(f"no conversation was judged under both {ARMS[0]} and {ARMS[1]}; run both arms.")
    rank: dict[str, int] = {}
    order: list[tuple[int, str, list[Drawn]]] = []
    for pair in sorted(whole, key=lambda pair: _digest(*map(str, pair))):
        seed = whole[pair][0].origin.seed_id
        rank[seed] = rank.get(seed, -1) + 1
        order.append((rank[seed], _digest(*map(str, pair)), whole[pair]))
    order.sort(key=lambda each: each[:2])
    chosen = [drawn for _, _, each in order[:count] for drawn in each]
    chosen.sort(key=lambda d: _digest("item", *map(str, d.origin.pair), d.origin.arm, str(d.origin.n)))
    return [
        d.model_copy(update={"origin": d.origin.model_copy(update={"item": f"{n:03}"})})
        for n, d in enumerate(chosen, start=1)
    ]


def _digest(*parts: str) -> str:
    return hashlib.sha256("/".join(parts).encode()).hexdigest()


def key_path(sheet: Path) -> Path:
    """The key file of a sheet."""
    return sheet.with_suffix(".key.jsonl")


def write_sheet(sheet: Path, chosen: Sequence[Drawn]) -> None:
    """Write the blind sheet and its key."""
    with sheet.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        texts = ((d.origin.item, d.conversation, d.message) for d in chosen)
        rows.writerows([*map(plain_cell, cells), *[""] * PEOPLE] for cells in texts)
    lines = "".join(f"{d.origin.model_dump_json()}\n" for d in chosen)
    key_path(sheet).write_text(lines, encoding="utf-8")


def labelled_turns(sheet: Path) -> list[GoldTurn]:
    """The labels of a sheet that three people have filled in.

    Raises:
        UserMistake: the key is missing or not as drawn, the sheet is no UTF-8 text or does not hold the
            messages that were drawn, or a level is missing or none.
    """
    key = key_path(sheet)
    if not key.is_file():
        raise UserMistake(f"{key}: not there; it was written beside the sheet.")
    try:
        lines = key.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        origins = {o.item: o for o in map(_origin, lines)}
    except ValueError:
        raise UserMistake(f"{key}: not as it was drawn; draw sheet and key again.") from None
    return [_turn(row, origins, sheet) for row in sheet_rows(sheet, "messages", origins)]


def _origin(line: str) -> Origin:
    return Origin.model_validate(json.loads(line))


def _turn(row: Mapping[str, str], origins: Mapping[str, Origin], sheet: Path) -> GoldTurn:
    item = row["item"]
    people: list[int] = []
    for column in LEVELS:
        said = (row.get(column) or "").strip()
        if said not in {"0", "1", "2", "3", "4"}:
            raise UserMistake(
                f"{sheet}: item {item} has {said or 'nothing'} as {column}; give a level. {MEANINGS}."
            )
        people.append(int(said))
    content = origins[item].model_dump(exclude={"item"}) | {"people": people}
    try:
        return GoldTurn.model_validate(content)
    except ValidationError as error:
        raise UserMistake(f"{key_path(sheet)}: {error.errors()[0]['msg']}; keep it as drawn.") from None
