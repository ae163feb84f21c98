"""The seven mini targets: what is read in an answer and when it is right (pure, but for running programs).

    MINI_TARGETS["m_fact"].grade(item, "the color of bafi is gold . ANSWER : D")
    Verdict(extracted="D", correct=1.0)

| target | right if |
| --- | --- |
| `m_arith`, `m_hop`, `m_fact` | the word after the last `ANSWER :` is the gold one |
| `m_call` | the text is one call with the same tool and the same arguments in any order |
| `m_code` | the program gives the gold program's results, computed in another process |
| `m_turn` | open: at most 12 words with `?` and the reply's new word; closed: nothing |
| `m_maze` | the merged map, word for word |
"""

import json
import math
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from interplay.tasks.mistakes import EnvironmentProblem

from ..targets import Estimate, Item, Verdict, mean_score
from . import machine
from .generators import test_items, train_items, twin_items

ANSWER = re.compile(r"ANSWER : (\S+)")
CALL = re.compile(r"call (\S+) \( (.*) \)")
MOST_WORDS = 12
MACHINE_SECONDS = 60
Grade = Callable[[Item, str], Verdict]


def grade_answer(item: Item, text: str) -> Verdict:
    """The word after the last `ANSWER :`."""
    found = ANSWER.findall(text)
    said = found[-1] if found else None
    return Verdict(said, float(said == str(item.metadata["answer"])))


def grade_call(item: Item, text: str) -> Verdict:
    """One call, parsed; a repeated argument makes it no call."""
    match = CALL.fullmatch(text.strip())
    if match is None:
        return Verdict(None, 0.0)
    arguments: dict[str, str] = {}
    for part in match[2].split(" , "):
        name, mark, value = part.partition(" = ")
        if not mark or name in arguments or " " in value:
            return Verdict(None, 0.0)
        arguments[name] = value
    right = match[1] == item.metadata["tool"] and arguments == item.metadata["arguments"]
    return Verdict(match[0], float(right))


def grade_turn(item: Item, text: str) -> Verdict:
    """An open conversation wants a question on the new word, a closed one silence."""
    words = text.split()
    if item.metadata["kind"] == "closed":
        return Verdict("question" if "?" in words else "text" if words else "silence", float(not words))
    asks = "?" in words and item.metadata["word"] in words and len(words) <= MOST_WORDS
    return Verdict("question" if "?" in words else "text" if words else "silence", float(asks))


def grade_exact(item: Item, text: str) -> Verdict:
    """Word for word."""
    said = " ".join(text.split())
    return Verdict(said or None, float(said == item.gold))


def grade_programs(items: Sequence[Item], texts: Sequence[str]) -> list[Verdict]:
    """The programs are run by one process for all; results are compared here, as numbers.

    Raises:
        EnvironmentProblem: the process could not be started or did not end.
    """
    found = run_programs([*texts, *(item.gold for item in items)])
    answers, golds = found[: len(texts)], found[len(texts) :]
    return [
        Verdict(" ".join(map(str, answer)) if None not in answer else None, float(answer == gold))
        for answer, gold in zip(answers, golds, strict=True)
    ]


def run_programs(programs: Sequence[str]) -> list[list[int | None]]:
    """The results of each program for each input, from an isolated process.

    Raises:
        EnvironmentProblem: the process could not be started or did not end.
    """
    command = [sys.executable, "-I", str(Path(machine.__file__).resolve())]
    try:
        done = subprocess.run(
            command, input=json.dumps(list(programs)), capture_output=True, text=True, timeout=MACHINE_SECONDS
        )
        found: object = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError) as problem:
        raise EnvironmentProblem(
            f"m_code: programs could not be run by {command[0]} ({problem}); check that it starts."
        ) from problem
    return cast(list[list[int | None]], found)


def balanced(items: Sequence[Item], verdicts: Sequence[Verdict]) -> Estimate:
    """max(0, open rate + closed rate - 1), with the standard error of the sum of the two rates.

    Always asking and always keeping silent both give 0.
    """
    kinds = ("open", "closed")
    rates = [
        mean_score([v for item, v in zip(items, verdicts, strict=True) if item.metadata["kind"] == kind])
        for kind in kinds
    ]
    return Estimate(
        max(0.0, sum(rate.value for rate in rates) - 1), math.hypot(*(rate.stderr for rate in rates))
    )


def plain(items: Sequence[Item], verdicts: Sequence[Verdict]) -> Estimate:
    """The share of right answers."""
    return mean_score(verdicts)


@dataclass(frozen=True)
class MiniTarget:
    """A target drawn from templates."""

    id: str
    title: str
    grade_one: Grade | None
    estimate: Callable[[Sequence[Item], Sequence[Verdict]], Estimate] = plain

    def items(self) -> tuple[Item, ...]:
        """The test."""
        return test_items(self.id)

    def twin(self) -> tuple[Item, ...]:
        """The second half of the shuffled pool."""
        return twin_items(self.id)

    def train(self, n: int, seed: int) -> tuple[Item, ...]:
        """Items of the same templates, none of them in test or twin."""
        return train_items(self.id, n, seed)

    def grade(self, item: Item, text: str) -> Verdict:
        """The verdict on one answer."""
        return self.grade_all([item], [text])[0]

    def grade_all(self, items: Sequence[Item], texts: Sequence[str]) -> list[Verdict]:
        """The verdicts on many answers."""
        if self.grade_one is None:
            return grade_programs(items, texts)
        return [self.grade_one(item, text) for item, text in zip(items, texts, strict=True)]

    def score(self, items: Sequence[Item], verdicts: Sequence[Verdict]) -> Estimate:
        """The accuracy that these verdicts give."""
        return self.estimate(items, verdicts)


MINI_TARGETS: Mapping[str, MiniTarget] = {
    target.id: target
    for target in (
        MiniTarget("m_arith", "sums in words", grade_answer),
        MiniTarget("m_fact", "colour facts with four options", grade_answer),
        MiniTarget("m_call", "calls of tools", grade_call),
        MiniTarget("m_code", "programs for a stack machine", None),
        MiniTarget("m_turn", "the next turn of a person", grade_turn, balanced),
        MiniTarget("m_maze", "two half-maps merged into one", grade_exact),
        MiniTarget("m_hop", "places on a ring after three hops", grade_answer),
    )
}
