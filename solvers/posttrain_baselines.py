"""Baselines of one cell: zero-shot and three-shot score of the base, the reference's score, both on the twin.

    python -m interplay.solvers.posttrain_baselines --cell m_call__mini-0 --seeds 72332,87681 \
        --base MODELS/base --reference MODELS/reference --out baseline.json

The same passes as the verifier's, by the same servers and seeds; the twin is answered with the first seed.
Answers of a judged target are written instead of scores, and the host has them graded.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Literal, cast

import click
from pydantic import JsonValue

from interplay.tasks.argument_values import one_of
from interplay.tasks.mistakes import EnvironmentProblem
from interplay.tasks.posttrain.arguments import Device, members
from interplay.tasks.posttrain.cells import Baseline, Cell, TargetRecord, load_grid, profile_of
from interplay.tasks.posttrain.grid import TEMPLATES
from interplay.tasks.posttrain.mini.engine import rendered
from interplay.tasks.posttrain.mini.words import END
from interplay.tasks.posttrain.targets import Item, Target, load_target

from .posttrain_ladder import Judging, answers_of
from .posttrain_serving import Server, Unserved, request_seed, serve

if TYPE_CHECKING:
    from inspect_ai.model import Model

SHOTS = 3
SHOTS_SEED = 11
Pass = Literal["zero", "zero_twin", "reference", "reference_twin"]


def measure(cell: Cell, base: Server, reference: Server, seeds: Sequence[int]) -> Baseline:
    """The baselines of a cell.

    Raises:
        Unserved: a model failed.
    """
    target, record = load_target(cell.target), load_grid().targets[cell.target]
    zero, zero_twin = test_and_twin(target, record, base, seeds)
    full, full_twin = test_and_twin(target, record, reference, seeds)
    shown = few_shot(target, target.items())
    few = None if shown is None else score_of(target, shown, target.items(), record, base, None)
    return Baseline(zero=zero, few=few, reference=full, zero_twin=zero_twin, reference_twin=full_twin)


def test_and_twin(
    target: Target, record: TargetRecord, server: Server, seeds: Sequence[int]
) -> tuple[float, float]:
    """Mean score over seeds on the test, and the score on the twin with the first seed."""
    greedy = server.is_greedy()
    used = seeds[:1] if record.one_seed or (record.one_seed_if_greedy and greedy) else seeds
    items, twin = target.items(), target.twin()
    values = [score_of(target, items, items, record, server, seed) for seed in used]
    return fmean(values), score_of(target, twin, twin, record, server, seeds[0])


def score_of(
    target: Target,
    asked: Sequence[Item],
    items: Sequence[Item],
    record: TargetRecord,
    server: Server,
    seed: int | None,
) -> float:
    """The score of one pass; without a seed it is greedy. `asked` are the items as they are put."""
    texts = texts_of(target, asked, record, server, seed)
    return target.score(items, target.grade_all(items, texts)).value


def texts_of(
    target: Target, asked: Sequence[Item], record: TargetRecord, server: Server, seed: int | None
) -> list[str]:
    """The answers of one pass."""
    seeds = [request_seed(seed or 0, item.id) for item in asked]
    return answers_of(target, server, asked, seeds, record.tokens[0], greedy=seed is None)


def answers_to_judge(cell: Cell, base: Server, reference: Server, seed: int) -> dict[Pass, list[str]]:
    """The answers of base and reference to test and twin of a judged target, which has one seed.

    Raises:
        Unserved: a model failed.
    """
    target, record = load_target(cell.target), load_grid().targets[cell.target]
    passes: dict[Pass, tuple[Server, Sequence[Item]]] = {
        "zero": (base, target.items()),
        "zero_twin": (base, target.twin()),
        "reference": (reference, target.items()),
        "reference_twin": (reference, target.twin()),
    }
    return {name: texts_of(target, items, record, one, seed) for name, (one, items) in passes.items()}


async def judged_baseline(cell: Cell, texts: Mapping[Pass, Sequence[str]], grader: "Model") -> Baseline:
    """The baselines of a judged target, from the answers of `answers_to_judge`."""
    target = load_target(cell.target)

    async def value(name: Pass) -> float:
        items = target.twin() if name.endswith("twin") else target.items()
        verdicts = await cast(Judging, target).judge(items, texts[name], grader)
        return target.score(items, verdicts).value

    return Baseline(
        zero=await value("zero"),
        zero_twin=await value("zero_twin"),
        reference=await value("reference"),
        reference_twin=await value("reference_twin"),
    )


def few_shot(target: Target, items: Sequence[Item]) -> tuple[Item, ...] | None:
    """The items with three solved ones in front; None where the target draws no training items."""
    if profile_of(target.id) != "mini":
        return None
    solved = target.train(SHOTS, SHOTS_SEED)
    before = " ".join(f"{rendered(one.prompt)} {one.gold} {END}" for one in solved)
    return tuple(Item(i.id, f"{before} {rendered(i.prompt)}", i.gold, i.metadata) for i in items)


def cell_named(name: str) -> Cell:
    """The cell of that id under the newest rules.

    Raises:
        UserMistake: there is none.
    """
    cells = {cell.id: cell for profile in ("full", "mini") for cell in load_grid().cells("x", profile)}
    cells |= {cell.id: cell for cell in load_grid().cells("1.0")}
    one_of("cell", name, cells)
    return cells[name]


FOLDER_PATH = click.Path(file_okay=False, exists=True, path_type=Path)


@click.command(epilog="Example: posttrain_baselines --cell m_call__mini-0 --seeds 1 --base B --out o ...")
@click.option("--cell", "name", required=True, help="Target and base, as m_call__mini-0.")
@click.option("--seeds", required=True, help="Comma list of evaluation seeds.")
@click.option("--base", type=FOLDER_PATH, required=True, help="Folder of the untouched base.")
@click.option("--reference", type=FOLDER_PATH, required=True, help="Folder of the reference model.")
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), default="auto", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="JSON to write.")
def main(name: str, seeds: str, base: Path, reference: Path, device: Device, out: Path) -> None:
    """Measure the baselines of one cell."""
    cell = cell_named(name)
    record, profile = load_grid().targets[cell.target], profile_of(cell.target)
    family = load_grid().bases[cell.base].family
    template = TEMPLATES / f"{family}.jinja"
    servers: list[Server] = []
    try:
        for folder in (base, reference):
            servers.append(serve(folder, profile, device, template, record.tokens[0], gpu_memory=0.4))
        numbers = [int(seed) for seed in members(seeds)]
        content: dict[str, JsonValue] = {"cell": name}
        if record.judged:
            texts = answers_to_judge(cell, servers[0], servers[1], numbers[0])
            content["texts"] = cast(JsonValue, texts)
        else:
            content |= measure(cell, servers[0], servers[1], numbers).model_dump(mode="json")
    except Unserved as problem:
        raise EnvironmentProblem(f"baselines of {name}: {problem}; check GPU, memory and image.") from problem
    finally:
        for server in servers:
            server.close()
    out.write_text(f"{json.dumps(content)}\n", encoding="utf-8")
    click.echo(f"wrote {out}")


if __name__ == "__main__":
    main()
