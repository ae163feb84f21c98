"""Supervised fine-tuning of a mini model, whole or by low-rank updates that are merged at the end.

AdamW, learning rate rising over 50 steps and then falling linearly to 5 %, gradients clipped at norm 1. The
order of the examples is a new shuffle each epoch, drawn from the seed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from interplay.tasks.mazes.maze import Rng
from interplay.tasks.mistakes import UserMistake

from .model import Device, Example, Loaded, batch_of, load, save

WARM_UP_STEPS = 50
LAST_RATE = 0.05
"""The learning rate falls linearly to this share of its peak."""
WEIGHT_DECAY = 0.01
GRADIENT_NORM = 1.0


def rate_at(step: int, steps: int) -> float:
    """Share of the peak learning rate at a step, counted from 0."""
    if step < WARM_UP_STEPS:
        return (step + 1) / WARM_UP_STEPS
    left = (steps - step) / max(1, steps - WARM_UP_STEPS)
    return LAST_RATE + (1 - LAST_RATE) * left


def train(
    folder_in: Path,
    examples: Sequence[Example],
    folder_out: Path,
    *,
    steps: int = 300,
    batch: int = 32,
    lr: float = 2e-3,
    seed: int = 0,
    lora_rank: int | None = None,
    generation: Mapping[str, object] | None = None,
    device: Device = "auto",
) -> float:
    """Fine-tune the model of a folder on pairs and write the result; the loss of the last step.

    Args:
        folder_in: Model to start from.
        examples: Pairs; those beyond the model's positions are refused.
        folder_out: Where the result is written.
        steps: Optimiser steps.
        batch: Pairs a step.
        lr: Peak learning rate.
        seed: Of the order of the pairs and of low-rank starts.
        lora_rank: Train low-rank updates of the linear layers only, and merge them.
        generation: Content of generation_config.json; None keeps that of the model.
        device: Where it is computed; `auto` takes a GPU if there is one.

    Raises:
        UserMistake: there are no examples, or the model cannot be loaded.
    """
    if not examples:
        raise UserMistake("no training examples; give at least one pair of prompt and answer.")
    loaded = load(folder_in, device)
    merge = add_low_rank(loaded, lora_rank, seed) if lora_rank else None
    order = shuffled(len(examples), Rng("posttrain/order", seed))

    def draw() -> tuple[object, object]:
        return batch_of(loaded, [examples[next(order)] for _ in range(batch)])

    last = optimise(loaded, draw, steps=steps, lr=lr)
    if merge is not None:
        merge()
    save(loaded, folder_out, generation)
    return last


def shuffled(n: int, rng: Rng) -> Iterator[int]:
    """The numbers below n, in a new order each time round, without end."""
    while True:
        order = list(range(n))
        rng.shuffle(order)
        yield from order


def optimise(loaded: Loaded, draw: Callable[[], tuple[object, object]], *, steps: int, lr: float) -> float:
    """Take optimiser steps on batches of (ids, labels); the loss of the last one."""
    import torch

    model = loaded.model.train()
    wanted = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(wanted, lr=lr, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: rate_at(step, steps))
    last = 0.0
    for _ in range(steps):
        ids, labels = draw()
        loss = model(input_ids=ids, labels=labels, use_cache=False).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(wanted, GRADIENT_NORM)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad(set_to_none=True)
        last = float(loss.detach())
    model.eval()
    return last


def add_low_rank(loaded: Loaded, rank: int, seed: int) -> Callable[[], None]:
    """Freeze the model and give each linear layer of its blocks an update B·A; returns what merges them."""
    import torch
    from torch.nn.utils import parametrize

    class LowRank(torch.nn.Module):
        """W + B·A, with B zero at the start."""

        def __init__(self, rows: int, columns: int) -> None:
            super().__init__()
            self.a = torch.nn.Parameter(torch.randn(rank, columns, generator=generator) / rank**0.5)
            self.b = torch.nn.Parameter(torch.zeros(rows, rank))

        def forward(self, weight: torch.Tensor) -> torch.Tensor:
            return weight + self.b @ self.a

    generator = torch.Generator().manual_seed(seed)
    loaded.model.requires_grad_(False)
    layers = [layer for layer in loaded.model.model.layers.modules() if isinstance(layer, torch.nn.Linear)]
    for layer in layers:
        update = LowRank(*layer.weight.shape).to(layer.weight.device)
        parametrize.register_parametrization(layer, "weight", update)

    def merge() -> None:
        for layer in layers:
            parametrize.remove_parametrizations(layer, "weight", leave_parametrized=True)

    return merge
