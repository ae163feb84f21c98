"""Synthetic entries of user turns: measured by the real code from invented samples, of no real model."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.measure import results
from interplay.leaderboard.models import ModelRecord, load_models
from interplay.leaderboard.rows import RoleUse, SampleRow, ScoreRow

from . import synthetic
from .plain_rows import log

DATASETS = ("gsm8k", "ifbench", "healthbench", "coval")
MODELS = {
    "grove/ash-1": ("ash", 0.00),
    "grove/ash-4": ("ash", 0.03),
    "grove/ash-9": ("ash", 0.10),
    "grove/ash-32": ("ash", 0.22),
    "heath/broom-mini": ("broom", 0.12),
    "heath/broom-max": ("broom", 0.14),
    "moor/cotton-1": ("cotton", 0.08),
    "moor/ling-7": (None, 0.05),
}
"""Invented models with their family (None: not in the registry) and rate at temperature 1."""
PLAYERS = {"mute": 0.0, "curious": 1.0, "parrot": 0.0, "drifter": 0.0, "closer": 0.0}
HABITS = {"mute": "empty", "parrot": "restate_prompt", "drifter": "assistant_drift", "closer": "closer"}
OTHER_LABELS = ("generic_followup", "restate_prompt", "assistant_drift", "closer", "unrelated")
ARMS = {
    "cut25": 0.25,
    "cut50": 0.2,
    "cut75": 0.1,
    "ask_generic": 0.3,
    "say_generic": 0.0,
    "swap": -0.2,
    "wrong_number": 0.02,
    "prior": 0.05,
    "header_append": 0.0,
}


@contextmanager
def registered() -> Iterator[None]:
    """The invented models stand in the registry, each with its family, while the block runs."""
    records = load_models()
    known = {
        name: ModelRecord(name=name.split("/")[1], developer="Invented", weights="open", family=family)
        for name, (family, _) in MODELS.items()
        if family
    }
    records.update(known)
    try:
        yield
    finally:
        for name in known:
            del records[name]


def sample(name: str, dataset: str, numbers: dict[str, float]) -> SampleRow:
    return SampleRow(
        sample_id=name,
        epoch=1,
        pin="0" * 16,
        facts={},
        metadata={"context_id": name, "dataset": dataset, "domain": "maths"},
        score=ScoreRow(numbers=numbers, value_keys=tuple(numbers)),
        errored=False,
        limit=None,
        usage={"model": RoleUse(calls=12, input_tokens=4000, output_tokens=900)},
        seconds=1.0,
        started_at=None,
        completed_at=None,
        completions="0" * 64,
        fallbacks=0,
        edits=(),
    )


def drawn(draw: random.Random, rate: float, draws: int) -> float:
    """Share of draws that are genuine, alike within a context."""
    if rate == 1:
        return 1.0
    own = min(max(draw.gauss(rate, rate / 2), 0.0), 1.0)
    return sum(draw.random() < own for _ in range(draws)) / draws


def numbers_of(draw: random.Random, rate: float, draws: int, habit: str | None) -> dict[str, float]:
    """Values of one context without the arms."""
    hot = drawn(draw, rate, draws)
    rest = {habit: 1.0} if habit else {name: draw.random() for name in OTHER_LABELS}
    total = sum(rest.values())
    labels = {"genuine": hot} | {name: (1 - hot) * share / total for name, share in rest.items()}
    found = {
        "gfr_t0": float(draw.random() < rate / 3) if rate < 1 else 1.0,
        "gfr_t1": hot,
        "any_t1": float(hot > 0),
        "react_t1": min(1.0, hot + labels.get("generic_followup", 0.0)),
        "swap_t1": hot * 0.1 if rate < 1 else 0.0,
        "degenerate_t1": 0.0,
    }
    numbers = {f"followup.{key}": value for key, value in found.items()}
    numbers |= {f"turn_labels.{key}": value for key, value in labels.items()}
    return numbers | {"followup.terminators.end_of_user": 0.9, "followup.terminators.eos": 0.1}


def native_rows(
    name: str, rate: float, contexts: int, datasets: Sequence[str], draws: int
) -> list[SampleRow]:
    draw = random.Random(name)
    habit = HABITS.get(name.removeprefix("reference/"))
    rows: list[SampleRow] = []
    for dataset in datasets:
        for i in range(contexts):
            numbers = numbers_of(draw, rate, draws, habit)
            if dataset == "gsm8k":
                numbers["followup.correct"] = float(draw.random() < 0.4 + rate * 2)
            rows.append(sample(f"{dataset}-{i:012x}", dataset, numbers))
    return rows


def human_rows(name: str, rate: float, contexts: int) -> list[SampleRow]:
    draw = random.Random(f"{name} human")
    people = random.Random("people")
    rows: list[SampleRow] = []
    for i in range(contexts):
        numbers = numbers_of(draw, rate, 10, None) | {"followup.gfr_next": float(people.random() < 0.45)}
        rows.append(sample(f"wildchat-{i:012x}", "wildchat", numbers))
    return rows


def control_rows(name: str, rate: float, contexts: int) -> list[SampleRow]:
    draw = random.Random(f"{name} controls")
    rows: list[SampleRow] = []
    for dataset in ("gsm8k", "coval"):
        for i in range(contexts):
            numbers = numbers_of(draw, rate, 3, None)
            for arm, shift in ARMS.items():
                for key in ("gfr", "react"):
                    base = numbers[f"followup.{key}_t1"]
                    moved = base if shift == 0 and draw.random() < 0.9 else base + shift * draw.random() * 2
                    numbers[f"followup.{arm}/{key}_t1"] = min(max(moved, 0.0), 1.0)
            numbers["followup.no_context/fluent_t1"] = 0.9
            rows.append(sample(f"{dataset}-{i:012x}", dataset, numbers))
    return rows


def likelihood_rows(name: str, rate: float) -> list[SampleRow]:
    draw = random.Random(f"{name} likelihood")
    keys = {"grounding_gain": 0.3 + rate, "nll_next": 2.3, "copy_margin": 0.4, "logp_end": -3.1}
    keys["drift_margin"] = -0.2
    return [
        sample(f"bundled-{i:012x}", "bundled",
               {f"likelihood.{key}": value + draw.gauss(0, 0.4) for key, value in keys.items()})
        for i in range(60)
    ]  # fmt: skip


def result(board: str, task: str, rows: list[SampleRow], preset: str) -> dict[str, object]:
    """What the measuring code makes of these samples."""
    found = results(find_board(board), [log(rows, task, preset=preset, scorers=("followup", "turn_labels"))])
    return found.model_dump(mode="json")


def entry(
    model: str, found: list[dict[str, object]], day: int, division: str = "closed"
) -> dict[str, object]:
    return synthetic.entry(model, found, day=day, division=division, family="user_turn")


def write_reference(root: Path) -> None:
    """Entries of the scripted players on the smoke preset, one a kind of elicitation."""
    for i, (player, rate) in enumerate(PLAYERS.items()):
        for board, task in (("user-turn-native", "user_turn"), ("user-turn-prompted", "user_turn_prompted")):
            name = f"reference/{player}"
            found = result(board, task, native_rows(name, rate, 9, ("bundled",), 3), "smoke")
            content = entry(name, [found], 1 + i, "reference")
            synthetic.write(root, content, [synthetic.record(content, "check")])


def write_models(root: Path, contexts: int = 40) -> None:
    """Entries of all invented models on the native boards, of some on the others."""
    for i, (name, (_, rate)) in enumerate(MODELS.items()):
        native = native_rows(name, rate, contexts, DATASETS, 10)
        found = [
            result("user-turn-native", "user_turn", native, "standard"),
            result("user-turn-human", "user_turn", human_rows(name, rate, contexts), "ceiling"),
            result("user-turn-controls", "user_turn", control_rows(name, rate, contexts), "controls"),
        ]
        content = entry(name, found, 1 + i)
        kinds = ("check", "regrade")[: i % 3]
        synthetic.write(root, content, [synthetic.record(content, kind) for kind in kinds])
        rows = likelihood_rows(name, rate)
        alone = [result("user-turn-likelihood", "user_turn_likelihood", rows, "standard")]
        synthetic.write(root, entry(name, alone, 1 + i))
    for i, name in enumerate(("grove/ash-9", "grove/ash-32", "moor/ling-7")):
        rows = native_rows(f"{name} prompted", 0.5 + 0.1 * i, contexts, DATASETS, 10)
        prompted = [result("user-turn-prompted", "user_turn_prompted", rows, "standard")]
        synthetic.write(root, entry(name, prompted, 10 + i))
