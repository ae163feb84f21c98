"""What the runs in a folder have used: the counterpart of the estimate, once they are there."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .estimate import in_dollars, millions

if TYPE_CHECKING:
    from inspect_ai.model import ModelUsage


@dataclass(frozen=True)
class Used:
    """Tokens of one model over logs; `dollars` is None where the run knew no price.

    `input_tokens` include what a cache held.
    """

    input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    dollars: float | None

    def words(self) -> str:
        """Tokens, and the cost where it is known, for people."""
        hidden = f" (of them {millions(self.reasoning_tokens)} hidden)" if self.reasoning_tokens else ""
        cost = "" if self.dollars is None else f", {in_dollars(self.dollars)}"
        read, written = millions(self.input_tokens), millions(self.output_tokens)
        return f"{read} input and {written} output tokens{hidden}{cost}"


def used_in(folder: Path) -> dict[str, Used]:
    """What each model used in the logs of a folder, models in order of first appearance."""
    from inspect_ai.log import list_eval_logs, read_eval_log

    found: dict[str, list[ModelUsage]] = defaultdict(list)
    for info in list_eval_logs(str(folder), descending=False):
        header = read_eval_log(info, header_only=True)
        for model, usage in header.stats.model_usage.items():
            found[model].append(usage)
    return {model: _sum(usages) for model, usages in found.items()}


def _sum(usages: "list[ModelUsage]") -> Used:
    costs = [usage.total_cost for usage in usages if usage.total_cost is not None]
    return Used(
        input_tokens=sum(
            u.input_tokens + (u.input_tokens_cache_read or 0) + (u.input_tokens_cache_write or 0)
            for u in usages
        ),
        output_tokens=sum(u.output_tokens for u in usages),
        reasoning_tokens=sum(u.reasoning_tokens or 0 for u in usages),
        dollars=sum(costs) if costs else None,
    )


def used_words(used: Mapping[str, Used]) -> str:
    """One sentence for people, empty where nothing was used."""
    return "; ".join(f"used by {model}: {one.words()}" for model, one in used.items())
