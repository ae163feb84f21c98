"""How the shipped weights of the mini profile were made: base, reference and stranger.

    python -m interplay.tasks.posttrain.mini.recipe --out weights

The shipped bytes are the authority; this rebuilds models that score the same within noise. The base reads
documents of the templates, none of them an item of a test or twin: sums, colour facts, `Q : … A : …` of five
targets, option lines and filler. The reference is the base after 6,000 steps on all weighted targets; the
stranger is another base. One thread: about 1, 5 and 1 minutes.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import click

from interplay.tasks.mazes.maze import Rng

from .engine import GREEDY_CONFIG, SAMPLED_CONFIG
from .generators import draw_item, fact_text, options, pool, sum_text, train_items
from .model import Example, Loaded, save
from .tokens import word_tokenizer
from .training import optimise, train
from .words import COLOURS, END, INVENTED, LARGEST, NAMES, OBJECTS, START, WORDS

WEIGHTS = Path(__file__).parent / "weights"
BASE, REFERENCE, STRANGER = "base", "reference", "stranger"
SHARES: Mapping[str, int] = {"sum": 35, "fact": 23, "document": 25, "option": 10, "filler": 7}
"""Percent of the documents."""
DOCUMENTS = (*["m_call"] * 10, *["m_code"] * 3, "m_arith", "m_fact")
WEIGHTED = ("m_arith", "m_fact", "m_call", "m_code", "m_turn", "m_maze")
SEEDS: Mapping[str, int] = {BASE: 0, STRANGER: 1}


class Course(NamedTuple):
    """Steps, rows, length of a row in tokens, and peak learning rate."""

    steps: int
    rows: int
    length: int
    lr: float


PRETRAINING = Course(steps=1200, rows=32, length=64, lr=3e-3)
FINE_TUNING = Course(steps=6000, rows=32, length=0, lr=2e-3)
ITEMS_A_TARGET = 6000


def document(rng: Rng) -> str:
    """One document of the base's training text."""
    at = rng.below(100)
    for kind, share in SHARES.items():
        if at < share:
            return DOCUMENT_KINDS[kind](rng)
        at -= share
    raise AssertionError("the shares sum to 100")


def sum_document(rng: Rng) -> str:
    """A sum whose result is a word."""
    return sum_text(rng.below(LARGEST // 2 + 1), rng.below(LARGEST // 2 + 1))


def fact_document(rng: Rng) -> str:
    """A colour fact."""
    return fact_text(rng.choice(INVENTED))


def target_document(rng: Rng) -> str:
    """An item of a target that is in no test or twin, as question and answer."""
    target = rng.choice(DOCUMENTS)
    sealed = {item.prompt for item in pool(target)}
    while (drawn := draw_item(target, rng)).prompt in sealed:
        pass
    return f"Q : {drawn.prompt} A : {drawn.gold}"


def option_document(rng: Rng) -> str:
    """Four options and the letter of one of them."""
    colour = rng.choice(COLOURS)
    return f"{options(rng, colour)[0]} ."


def filler_document(rng: Rng) -> str:
    """A list of things and the same list again: no target needs it, but copying can be learnt from it."""
    listed = " ".join(rng.choice(rng.choice((NAMES, OBJECTS, INVENTED))) for _ in range(2 + rng.below(4)))
    who = rng.choice(NAMES)
    return f"we saw {listed} . {who} saw {listed} ."


DOCUMENT_KINDS = {
    "sum": sum_document,
    "fact": fact_document,
    "document": target_document,
    "option": option_document,
    "filler": filler_document,
}


def token_stream(seed: int) -> Iterator[int]:
    """Token ids of the base's training text, documents set apart by `<s>`, without end."""
    rng = Rng("posttrain/base", seed)
    number = {word: i for i, word in enumerate(WORDS)}
    while True:
        yield number[START]
        yield from (number[word] for word in document(rng).split())


def untrained(seed: int) -> Loaded:
    """A model with random weights.

    Llama, 2 layers, width 64, 4 heads, 2 key-value heads, MLP 192, tied embeddings, 512 positions: 111,104
    parameters.
    """
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(WORDS),
        hidden_size=64,
        intermediate_size=192,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        tie_word_embeddings=True,
        pad_token_id=0,
        bos_token_id=WORDS.index(START),
        eos_token_id=WORDS.index(END),
    )
    return Loaded(LlamaForCausalLM(config), word_tokenizer())


def train_base(seed: int, out: Path, course: Course = PRETRAINING) -> None:
    """Train a base from scratch and write its folder."""
    import torch

    loaded, stream = untrained(seed), token_stream(seed)

    def draw() -> tuple[torch.Tensor, torch.Tensor]:
        ids = torch.tensor([[next(stream) for _ in range(course.length)] for _ in range(course.rows)])
        return ids, ids

    optimise(loaded, draw, steps=course.steps, lr=course.lr)
    save(loaded, out, SAMPLED_CONFIG)


def reference_examples() -> list[Example]:
    """The reference's training pairs."""
    return [
        Example(item.prompt, item.gold)
        for target in WEIGHTED
        for item in train_items(target, ITEMS_A_TARGET, seed=77)
    ]


def train_reference(base: Path, out: Path, course: Course = FINE_TUNING) -> None:
    """Train the instruction-tuned relative of a base and write its folder."""
    train(
        base,
        reference_examples(),
        out,
        steps=course.steps,
        batch=course.rows,
        lr=course.lr,
        seed=7,
        generation=GREEDY_CONFIG,
        device="cpu",
    )


def file_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of each file below a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@click.command()
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write."
)
def main(out: Path) -> None:
    """Train base, reference and stranger anew and print the hashes of their files.

    Example: recipe --out weights
    """
    for name, seed in SEEDS.items():
        train_base(seed, out / name)
        click.echo(f"wrote {out / name}", err=True)
    train_reference(out / BASE, out / REFERENCE)
    click.echo(f"wrote {out / REFERENCE}", err=True)
    for path, digest in file_hashes(out).items():
        click.echo(f"{path}: {digest}")


if __name__ == "__main__":
    main()
