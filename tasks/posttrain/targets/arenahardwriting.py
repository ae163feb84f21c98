"""Arena-Hard 2.0, creative writing: a judge compares each answer with that of Qwen3-1.7B in both orders.

    Write a folk tale about …    ->    [[A>B]] and [[B>>A]]

Think blocks are cut and loops collapsed before the judge reads. A slight win counts once, a strong one three
times, a tie half; a missing verdict leaves the prompt unscored. The twin has 100 prompts of the project.

    python -m interplay.tasks.posttrain.targets.arenahardwriting --model vllm/Qwen/Qwen3-1.7B --out FILE
"""

import json
import math
import os
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from interplay.tasks import yaml_text
from interplay.tasks.argument_values import new_file
from interplay.tasks.mazes.maze import Rng
from interplay.tasks.mistakes import EnvironmentProblem

from ..grid import FOLDER
from . import Estimate, Item, Verdict
from .base import JudgedTarget, filled, twin_seed
from .hub import json_rows, rows_of, text
from .repeats import collapsed

if TYPE_CHECKING:
    from inspect_ai.model import Model

CATEGORY = "creative_writing"
OPPONENT_VARIABLE = "INTERPLAY_ARENA_ANSWERS"
COMMAND = "interplay.tasks.posttrain.targets.arenahardwriting"
STRONG = 3.0
ATTEMPTS = 2
VERDICT = re.compile(r"\[\[([AB])(>>|>|=|<|<<)([AB])\]\]")


class ArenaHardWriting(JudgedTarget):
    """Arena-Hard 2.0, creative writing."""

    id = "arenahardwriting"

    def read_items(self) -> tuple[Item, ...]:
        """The prompts of the category."""
        rows = [row for row in rows_of(self.source) if row.get("category") == CATEGORY]
        return tuple(Item(f"arena-{text(row, 'uid')}", text(row, "prompt"), "") for row in rows)

    def read_twin(self) -> tuple[Item, ...]:
        """Genre × constraint × reader."""
        parts = cast(
            Mapping[str, list[str]],
            yaml_text.content((FOLDER / "data" / "arena_twin.yaml").read_text("utf-8")),
        )
        rng = Rng("posttrain", "arena", "twin", twin_seed())
        prompts: dict[str, None] = {}
        while len(prompts) < self.record.twin.n:
            genre, constraint, reader = (
                rng.choice(parts[key]) for key in ("genres", "constraints", "readers")
            )
            prompts.setdefault(f"Write {genre} {reader}. {constraint}")
        return tuple(Item(f"arena-twin-{i}", prompt, "") for i, prompt in enumerate(prompts, 1))

    @cached_property
    def opponent(self) -> Mapping[str, str]:
        """The answers of Qwen3-1.7B by prompt.

        Raises:
            EnvironmentProblem: there is no file of them.
        """
        path = Path(os.environ.get(OPPONENT_VARIABLE) or FOLDER / "data" / "arena_answers.jsonl")
        if not path.is_file():
            raise EnvironmentProblem(
                f"arenahardwriting: the answers it compares with are not there ({path}); make them with "
                f"python -m {COMMAND} and set {OPPONENT_VARIABLE} to the file."
            )
        return {text(row, "prompt"): text(row, "answer") for row in json_rows(path)}

    async def judge_one(self, item: Item, text: str, grader: "Model") -> Verdict:
        """The share of points over both orders; `extracted` holds points won and given."""
        mine = collapsed(without_thinking(text))
        if item.prompt not in self.opponent:
            raise EnvironmentProblem(
                f"arenahardwriting: no answer to compare {item.id} with; make the file anew."
            )
        theirs = collapsed(without_thinking(self.opponent[item.prompt]))
        won = given = 0.0
        for first, second, letter in ((mine, theirs, "A"), (theirs, mine, "B")):
            said = await compared(
                grader, filled("grader_arena.j2", request=item.prompt, first=first, second=second)
            )
            if said is None:
                return Verdict(None, math.nan)
            points, weight = said
            won += points if letter == "A" else weight - points
            given += weight
        return Verdict(json.dumps([won, given]), won / given)

    def score(self, items: Sequence[Item], verdicts: Sequence[Verdict]) -> Estimate:
        """Points won over points given, with the standard error by prompt (linearised ratio)."""
        pairs = [cast(list[float], json.loads(v.extracted)) for v in verdicts if v.extracted is not None]
        if not pairs:
            return Estimate(math.nan, math.nan)
        n, total = len(pairs), math.fsum(given for _, given in pairs)
        share = math.fsum(won for won, _ in pairs) / total
        squares = math.fsum((won - share * given) ** 2 for won, given in pairs)
        return Estimate(share, math.sqrt(n / (n - 1) * squares) / total if n > 1 else math.nan)


def without_thinking(reply: str) -> str:
    """A reply without its think block; one that never ends leaves nothing."""
    if "</think>" in reply:
        return reply.rpartition("</think>")[2].strip()
    return "" if reply.lstrip().startswith("<think>") else reply.strip()


def points_of(reply: str) -> tuple[float, float] | None:
    """Points of assistant A and points given, by the last verdict of a judge's reply; None without one."""
    found = VERDICT.findall(reply)
    if not found:
        return None
    left, sign, right = found[-1]
    if left == right:
        return None
    if sign == "=":
        return 0.5, 1.0
    weight = STRONG if len(sign) == 2 else 1.0
    winner = left if sign.startswith(">") else right
    return (weight, weight) if winner == "A" else (0.0, weight)


async def compared(grader: "Model", prompt: str) -> tuple[float, float] | None:
    """A judge's verdict on one order; None if it gave none in two attempts."""
    for _ in range(ATTEMPTS):
        found = points_of((await grader.generate(prompt)).completion)
        if found is not None:
            return found
    return None


async def opponents(model: "Model", items: Sequence[Item]) -> list[dict[str, str]]:
    """The answers of a model as lines of the file that answers are compared with."""
    from inspect_ai.util import collect

    outputs = await collect(*(model.generate(item.prompt) for item in items))
    return [
        {"prompt": item.prompt, "answer": output.completion}
        for item, output in zip(items, outputs, strict=True)
    ]


@click.command()
@click.option("--model", required=True, help="Inspect name of the model, such as vllm/Qwen/Qwen3-1.7B.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="JSONL to write.")
def main(model: str, out: Path) -> None:
    """Write the answers that submissions are compared with, for test and twin.

    Example: arenahardwriting --model vllm/Qwen/Qwen3-1.7B --out arena_answers.jsonl
    """
    import anyio
    from inspect_ai.model import get_model

    new_file("--out", out)
    items = [*TARGET.items(), *TARGET.twin()]
    lines = anyio.run(opponents, get_model(model), items)
    out.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines), encoding="utf-8")
    click.echo(f"wrote {len(lines)} answers to {out}")


TARGET = ArenaHardWriting()

if __name__ == "__main__":
    main()
