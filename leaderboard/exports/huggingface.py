"""Results as the Hugging Face Hub shows them, and the card that declares the benchmark there.

`data/hf/<developer>/<model>/interplay.yaml` belongs into `.eval_results/` of the model's repository;
`data/hf/eval.yaml`, `README.md` and `results/` into the benchmark's data set repository. A model has a file
only if the Hub can hold it: its weights are open, and its id can be that of a repository there.

Source: https://huggingface.co/docs/hub/eval-results.
"""

from collections.abc import Iterator, Mapping, Sequence

import yaml
from huggingface_hub import EvalResultEntry, eval_result_entries_to_yaml
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils import validate_repo_id

from interplay.tasks.catalog import FAMILIES

from ..boards import Board, load_boards
from ..models import load_models
from ..pages.words import decimals_of, interval_words
from ..providers import SELF_HOSTED
from ..remembering import Memory
from ..schema import Entry
from ..standings import Row, Standing, unread_word
from .every_eval_ever import hub_id
from .tables import results_csv

BENCHMARK = "interplay-bench/interplay"
"""Data set repository of the benchmark on the Hub."""


def hub_results(standing: Standing, base_url: str | None) -> tuple[tuple[str, EvalResultEntry], ...]:
    """The ranked rows of a board that the Hub can show, by the id of their model there."""
    return tuple(
        (hub_id(row.entry.model), result(standing.board, row, base_url))
        for row in standing.rows
        if row.reason is None
        and unread_word(standing.board, row.submission, row.result) is None
        and is_on_hub(row.entry)
    )


def hub_files(
    boards: Sequence[Sequence[tuple[str, EvalResultEntry]]], lines: Mapping[str, str], memory: Memory
) -> Iterator[tuple[str, bytes]]:
    """The cards, the results of each board, and one file per model with its ranked row of each board.

    Args:
        boards: What the Hub can show of each board.
        lines: The lines of each board's results as CSV, by its id.
        memory: Holds what an earlier call was made of.
    """
    found: dict[str, list[EvalResultEntry]] = {}
    for name, entry in (item for board in boards for item in board):
        found.setdefault(name, []).append(entry)
    yield "data/hf/eval.yaml", memory(card_file)
    yield "data/hf/README.md", memory(data_set_card)
    for board in ordered_boards():
        yield f"data/hf/results/{board.id}.csv", results_csv([lines.get(board.id, "")])
    for name, entries in sorted(found.items()):
        yield f"data/hf/{name}/interplay.yaml", memory(model_file, tuple(entries))


def model_file(entries: tuple[EvalResultEntry, ...]) -> bytes:
    """The results of a model, a board each."""
    return _yaml(eval_result_entries_to_yaml(list(entries)))


def is_on_hub(entry: Entry) -> bool:
    """Whether the Hub can show a result: open weights, under an id that a repository there can have."""
    parts = entry.model.id.split("/")
    known = load_models().get(entry.model.id)
    is_open = entry.model.revision is not None or (known is not None and known.weights == "open")
    if not is_open or len(parts) != 3 or (parts[0] not in SELF_HOSTED and known is None):
        return False
    try:
        validate_repo_id(hub_id(entry.model))
    except HFValidationError:
        return False
    return True


def result(board: Board, row: Row, base_url: str | None) -> EvalResultEntry:
    """One result: shares in percent, as the Hub's own benchmarks give them; other figures as they are."""
    head, bounds, entry = row.headline, board.headline_range, row.entry
    percent = is_share(board)
    notes = f"95 % interval {interval_words(head, bounds, decimals_of(bounds))}, n = {head.n}"
    page = f"{base_url.rstrip('/')}/entries/{entry.entry_id}/" if base_url else None
    return EvalResultEntry(
        dataset_id=BENCHMARK,
        task_id=board.id,
        value=round(head.value * 100, 4) if percent else round(head.value, 6),
        date=entry.created[:10],
        source_url=page,
        source_name="Interplay entry" if page else None,
        notes=f"{notes}; {row.result.preset} preset, version {row.result.task_version}",
    )


def is_share(board: Board) -> bool:
    """Whether a headline is a share or a difference of shares, and so is given in percent."""
    return board.range[1] == 1 and board.range[0] > -1


def card() -> dict[str, object]:
    """`eval.yaml`: one task per board that has an order."""
    return {
        "name": "Interplay",
        "description": "How language models work with each other, with people and on themselves. Shares are "
        "given in percent; each result's notes hold its 95 % interval.",
        "evaluation_framework": "inspect-ai",
        "tasks": [{"id": board.id, "config": board.id, "split": "test"} for board in ordered_boards()],
    }


def ordered_boards() -> list[Board]:
    """The boards that have an order, each a configuration of the data set."""
    return [board for board in load_boards().values() if board.direction != "none"]


def data_set_card() -> bytes:
    """`README.md` of the benchmark's data set: its metadata, which the Hub reads, and what is in it."""
    head = {
        "pretty_name": "Interplay",
        "license": "cc-by-4.0",
        "language": ["en"],
        "tags": ["benchmark", "evaluation", "leaderboard", "inspect-ai", "multi-agent"],
        "configs": [
            {"config_name": b.id, "data_files": [{"split": "test", "path": f"results/{b.id}.csv"}]}
            for b in ordered_boards()
        ],
    }
    rows = "\n".join(
        f"| `{b.id}` | {b.title} | {b.label}, {b.direction} is better |" for b in ordered_boards()
    )
    papers = "\n".join(f"- {family.short_title}: {family.citation}" for family in FAMILIES)
    return f"""---
{_yaml(head).decode()}---

# Interplay

How language models work with each other, with people, and on themselves: results of every board, one row an
entry, each with its 95 % interval. Every number was recomputed from logs that the entry names by address and
hash. Rows of the division `reference` are scripted players, which mark the floor and the ceiling.

| configuration | board | headline |
| --- | --- | --- |
{rows}

Columns: entry, board, model, developer, division, preset, version of the task, score key, value, ends of the
interval, number of units, places (`place_from` to `place_to`; empty where a row is not ranked), evidence and
date. Items and prompts are not here: they ship with the package, and other data sets stay with their authors.

```
pip install interplay
interplay eval mazes --model PROVIDER/MODEL
```

## After

{papers}

Code is MIT, this data CC BY 4.0.
""".encode()


def card_file() -> bytes:
    """`eval.yaml` as it is written."""
    return _yaml(card())


def _yaml(content: object) -> bytes:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100).encode()
