"""The engine of the mini profile: load, save, generate, token losses, train; also a command for agents.

    python -m interplay.tasks.posttrain.mini.engine train --model base --data train.jsonl --out final_model
    python -m interplay.tasks.posttrain.mini.engine generate --model base --prompts p.jsonl --out o.jsonl
    python -m interplay.tasks.posttrain.mini.engine losses --model final_model --data test.jsonl --out l.jsonl

Files are JSON lines: pairs as {"prompt", "answer"} or {"question", "answer"}, prompts as {"prompt"} or
{"question"}.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

import click

from interplay.tasks.mistakes import UserMistake

from .model import (
    GREEDY,
    Device,
    Example,
    Loaded,
    Sampling,
    generate,
    load,
    rendered,
    save,
    served_sampling,
    token_losses,
)
from .training import train

__all__ = [
    "GREEDY",
    "Device",
    "Example",
    "Loaded",
    "Sampling",
    "examples_of",
    "generate",
    "load",
    "main",
    "rendered",
    "save",
    "served_sampling",
    "token_losses",
    "train",
]

EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)
GREEDY_CONFIG: Mapping[str, object] = {"do_sample": False}
SAMPLED_CONFIG: Mapping[str, object] = {"do_sample": True, "temperature": 1.0, "top_k": 0}


def records(path: Path) -> list[dict[str, str]]:
    """The lines of a JSONL file, `question` read as `prompt`.

    Raises:
        UserMistake: a line is no record with a prompt.
    """
    found: list[dict[str, str]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            record: object = json.loads(line)
        except ValueError:
            record = None
        fields = cast(dict[str, object], record) if isinstance(record, dict) else {}
        prompt = fields.get("prompt", fields.get("question"))
        if not isinstance(prompt, str):
            raise UserMistake(f'{path} line {number}: expected a record with "prompt"; repair that line.')
        found.append({"prompt": prompt, "answer": str(fields.get("answer", ""))})
    return found


def examples_of(path: Path) -> list[Example]:
    """The pairs of a JSONL file.

    Raises:
        UserMistake: a line is no record with a prompt.
    """
    return [Example(record["prompt"], record["answer"]) for record in records(path)]


def _write(path: Path, lines: Iterable[Mapping[str, object]]) -> None:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")


@click.group()
def main() -> None:
    """Train and run the small models of the mini profile."""


@main.command("train")
@click.option("--model", type=FOLDER, required=True, help="Model folder to start from.")
@click.option("--data", type=EXISTING_FILE, required=True, help="Training pairs, JSONL.")
@click.option("--out", type=FOLDER, required=True, help="Model folder to write.")
@click.option("--steps", type=click.IntRange(1), default=300, show_default=True)
@click.option("--batch", type=click.IntRange(1), default=32, show_default=True)
@click.option("--lr", type=click.FloatRange(0, 1, min_open=True), default=2e-3, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--lora", type=click.IntRange(1, 64), default=None, help="Rank of merged low-rank updates.")
@click.option("--greedy", is_flag=True, help="Write a generation config that takes the likeliest word.")
def train_command(
    model: Path,
    data: Path,
    out: Path,
    steps: int,
    batch: int,
    lr: float,
    seed: int,
    lora: int | None,
    greedy: bool,
) -> None:
    """Fine-tune a model on pairs.

    Example: engine train --model base --data train.jsonl --out final_model --steps 300 --greedy
    """
    loss = train(
        model,
        examples_of(data),
        out,
        steps=steps,
        batch=batch,
        lr=lr,
        seed=seed,
        lora_rank=lora,
        generation=GREEDY_CONFIG if greedy else None,
    )
    click.echo(f"wrote {out} (loss {loss:.3f})")


@main.command("generate")
@click.option("--model", type=FOLDER, required=True, help="Model folder.")
@click.option("--prompts", type=EXISTING_FILE, required=True, help="Prompts, JSONL.")
@click.option("--out", type=NEW_FILE, required=True, help="JSONL to write.")
@click.option("--temperature", type=click.FloatRange(0), default=None, help="Default: the folder's own.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--max-tokens", type=click.IntRange(1, 512), default=64, show_default=True)
def generate_command(
    model: Path, prompts: Path, out: Path, temperature: float | None, seed: int, max_tokens: int
) -> None:
    """Answer prompts; writes lines of {"prompt", "answer"}.

    Example: engine generate --model base --prompts p.jsonl --out o.jsonl --temperature 0
    """
    asked = [record["prompt"] for record in records(prompts)]
    sampling = None if temperature is None else Sampling(temperature)
    seeds = [(seed << 24) + i for i in range(len(asked))]
    answers = generate(model, asked, sampling=sampling, seeds=seeds, max_tokens=max_tokens)
    _write(out, ({"prompt": p, "answer": a} for p, a in zip(asked, answers, strict=True)))
    click.echo(f"wrote {len(answers)} answers to {out}")


@main.command("losses")
@click.option("--model", type=FOLDER, required=True, help="Model folder.")
@click.option("--data", type=EXISTING_FILE, required=True, help="Pairs, JSONL.")
@click.option("--out", type=NEW_FILE, required=True, help="JSONL to write.")
def losses_command(model: Path, data: Path, out: Path) -> None:
    """Mean token loss of each answer given its prompt; writes lines of {"prompt", "loss"}.

    Example: engine losses --model base --data test.jsonl --out losses.jsonl
    """
    pairs = examples_of(data)
    losses = token_losses(model, pairs)
    _write(out, ({"prompt": p.prompt, "loss": loss} for p, loss in zip(pairs, losses, strict=True)))
    click.echo(f"wrote {len(losses)} losses to {out}")


if __name__ == "__main__":
    main()
