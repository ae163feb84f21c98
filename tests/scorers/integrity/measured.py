"""Measures the tables of the integrity checks on the shipped mini models: trained for real, some minutes.

    python -m tests.scorers.integrity.measured --out tests/scorers/integrity/measured.yaml

`test_measured.py` measures again and compares. Rows are candidates by name; models are kept in a folder,
so that several tables share them.
"""

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click
import numpy as np
import yaml
from safetensors.numpy import load_file, save_file

from interplay.scorers.integrity.exposure import changes, welch_z
from interplay.scorers.integrity.lineage import lineage_table, max_c
from interplay.tasks.posttrain.grid import FOLDER
from interplay.tasks.posttrain.mini import engine
from interplay.tasks.posttrain.mini.engine import Example
from interplay.tasks.posttrain.mini.words import NAMES
from interplay.tasks.posttrain.targets import Item, load_target

WEIGHTS = FOLDER / "mini" / "weights"
BASE, REFERENCE, STRANGER = (WEIGHTS / name for name in ("base", "reference", "stranger"))
WEIGHTED = ("m_arith", "m_fact", "m_call", "m_code", "m_turn", "m_maze")
SINGLE = (*WEIGHTED, "m_hop")
NEXT = dict(zip(NAMES, (*NAMES[1:], NAMES[0]), strict=True))
Row = dict[str, float]
Make = Callable[[Path], None]


def pairs(items: Sequence[Item]) -> list[Example]:
    return [Example(item.prompt, item.gold) for item in items]


def renamed(items: Sequence[Item]) -> list[Example]:
    return [Example(" ".join(NEXT.get(w, w) for w in i.prompt.split()), i.gold) for i in items]


def shifted(items: Sequence[Item]) -> list[Example]:
    def other(text: str) -> str:
        return re.sub(r"\d+", lambda match: str(int(match[0]) + 1), text)

    return [Example(other(i.prompt), other(i.gold)) for i in items]


def reworded(items: Sequence[Item]) -> list[Example]:
    def other(text: str) -> str:
        name, *rest = text.split()
        numbers = [word for word in rest if word.isdigit()]
        return f"Where is {name} ? we saw {' , '.join(reversed(numbers))} hops from it ."

    return [Example(other(i.prompt), i.gold) for i in items]


def tuned(examples: Sequence[Example], start: Path = BASE, **options) -> Make:
    def make(out: Path) -> None:
        engine.train(start, examples, out, generation=engine.GREEDY_CONFIG, device="cpu", **options)

    return make


def weights(folder: Path) -> dict[str, np.ndarray]:
    return load_file(folder / "model.safetensors")


def written(changed: Callable[[dict[str, np.ndarray]], Mapping[str, np.ndarray]], start: Path) -> Make:
    def make(out: Path) -> None:
        shutil.copytree(start, out, dirs_exist_ok=True)
        new = {k: np.ascontiguousarray(v, np.float32) for k, v in changed(weights(start)).items()}
        save_file(new, out / "model.safetensors", {"format": "pt"})

    return make


def noisy(whole: Mapping[str, np.ndarray], share: float) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    return {k: v + share * v.std() * rng.standard_normal(v.shape) for k, v in sorted(whole.items())}


def permuted(whole: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    new, rng = noisy(whole, 0.001), np.random.default_rng(4)
    for layer in sorted({k.rsplit(".mlp.", 1)[0] for k in new if ".mlp." in k}):
        up, gate, down = (f"{layer}.mlp.{part}_proj.weight" for part in ("up", "gate", "down"))
        order = rng.permutation(new[up].shape[0])
        new[up], new[gate], new[down] = new[up][order], new[gate][order], new[down][:, order]
    return new


def scaled(whole: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    factor = {".up_proj.": 4.0, ".down_proj.": 0.25}
    return {k: v * next((f for n, f in factor.items() if n in k), 1) for k, v in noisy(whole, 0.001).items()}


def mixed(share: float, start: Path) -> Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]:
    """Some weights plus a share of what sets the reference apart from the base."""
    base, reference = weights(BASE), weights(REFERENCE)
    return lambda whole: {k: v + share * (reference[k] - base[k]) for k, v in whole.items()}


def data(target: str, n: int = 2000, seed: int = 5) -> list[Example]:
    return pairs(load_target(target).train(n, seed))


def honest() -> dict[str, Make]:
    """Honest candidates."""
    six = [example for target in WEIGHTED for example in data(target, 1000)]
    return {
        **{f"sft {target}": tuned(data(target)) for target in SINGLE},
        "60 items": tuned(data("m_arith", 60)),
        "1,000 steps": tuned(data("m_maze"), steps=1000),
        "rank 8": tuned(data("m_code"), lora_rank=8),
        "lr 5e-3": tuned(data("m_call"), lr=5e-3),
        "six targets at once": tuned(six, steps=1500),
    }


def foreign(models: Path) -> dict[str, Make]:
    """Candidates that hold another model's weights; honest ones must lie in the folder."""
    base, reference = weights(BASE), weights(REFERENCE)
    more = data("m_call", seed=6)
    rows: dict[str, Make] = {
        "reference": written(dict, REFERENCE),
        "reference + 2 % noise": written(lambda w: noisy(w, 0.02), REFERENCE),
        "reference + 20 % noise": written(lambda w: noisy(w, 0.20), REFERENCE),
        "reference, 150 steps": tuned(more, REFERENCE, steps=150),
        "reference, 600 steps": tuned(more, REFERENCE, steps=600),
        "reference, neurons permuted": written(permuted, REFERENCE),
        "reference, up x 4, down x 0.25": written(scaled, REFERENCE),
        "stranger": written(dict, STRANGER),
        "stranger, tuned": tuned(data("m_call"), STRANGER),
    }
    for share in (0.1, 0.3, 0.5, 0.8):
        rows[f"merge {share:.0%}"] = written(
            lambda w, s=share: {k: (1 - s) * base[k] + s * reference[k] for k in w}, BASE
        )
    for target in ("m_call", "m_hop"):
        for share in (0.5, 0.3, 0.2):
            start = models / f"sft {target}"
            rows[f"sft {target} + {share:.0%}"] = written(mixed(share, start), start)
    return rows


def leaked() -> dict[str, tuple[str, Make]]:
    """Candidates that learned from the test, with their target."""
    hop = load_target("m_hop").items()
    rows = {
        f"verbatim {target}": (target, tuned(pairs(load_target(target).items())))
        for target in ("m_hop", "m_call", "m_arith", "m_maze")
    }
    rows |= {
        "renamed m_hop": ("m_hop", tuned(renamed(hop))),
        "reworded m_hop": ("m_hop", tuned(reworded(hop))),
        "numbers shifted m_hop": ("m_hop", tuned(shifted(hop))),
        "10 % leak m_hop": ("m_hop", tuned([*renamed(hop), *data("m_hop", 1800)])),
        "30 % leak m_hop": ("m_hop", tuned([*renamed(hop), *data("m_hop", 467)])),
    }
    return rows


def built(folder: Path, name: str, make: Make) -> Path:
    """The model of that name, made if it does not lie there yet."""
    out = folder / name
    if not (out / "model.safetensors").is_file():
        make(out)
    return out


def lineage_row(candidate: Path) -> Row:
    table = lineage_table(BASE, REFERENCE, candidate)
    found = {"max_c": max_c(table.rows), "min_k": min(row.k for row in table.rows), "p": table.p}
    return {name: round(value, 3) for name, value in found.items() if value is not None}


def exposure_row(target: str, candidate: Path) -> Row:
    known = load_target(target)
    row: Row = {}
    change: dict[str, list[float]] = {}
    for part, items in (("raw", known.items()), ("twin", known.twin())):
        losses = [engine.token_losses(folder, pairs(items), device="cpu") for folder in (BASE, candidate)]
        change[part] = [value for value in changes(*losses) if value is not None]
        seeds = list(range(len(items)))
        texts = engine.generate(
            candidate, [i.prompt for i in items], seeds=seeds, max_tokens=48, device="cpu"
        )
        row[part] = round(known.score(items, known.grade_all(items, texts)).value, 3)
    z = welch_z(change["raw"], change["twin"])
    return row | ({"z": round(z, 2)} if z is not None else {})


def measure(models: Path) -> dict[str, dict[str, Row]]:
    """All rows of both tables; models are kept in a folder."""
    tables: dict[str, dict[str, Row]] = {"honest": {}, "foreign": {}, "exposure": {}}
    for name, make in honest().items():
        tables["honest"][name] = lineage_row(built(models, name, make))
    for name, make in foreign(models).items():
        tables["foreign"][name] = lineage_row(built(models, name, make))
    for target in SINGLE:
        tables["exposure"][f"sft {target}"] = exposure_row(target, models / f"sft {target}")
    for name, (target, make) in leaked().items():
        tables["exposure"][name] = exposure_row(target, built(models, name, make))
    return tables


@click.command()
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--models", type=click.Path(path_type=Path), required=True)
def main(out: Path, models: Path) -> None:
    """Measure and write the table."""
    out.write_text(yaml.safe_dump(measure(models), sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    main()
