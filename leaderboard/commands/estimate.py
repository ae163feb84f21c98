"""What a run will cost, before it starts: samples, calls, tokens, and dollars where prices are known."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal

from interplay.tasks.records import FamilyRecord, Preset, RoleSize, Run, RunSize


@dataclass(frozen=True)
class RoleEstimate:
    """Expected totals of one role over runs."""

    calls: int
    input_tokens: int
    output_tokens: int

    def words(self) -> str:
        """Calls and tokens for people."""
        return (
            f"{self.calls:,} calls, {millions(self.input_tokens)} input and "
            f"{millions(self.output_tokens)} output tokens"
        )


@dataclass(frozen=True)
class FamilyEstimate:
    """Expected totals over runs; tokens leave hidden reasoning apart.

    Attributes:
        runs: Number of runs.
        samples: Over all runs and epochs.
        calls: Of the model under test, as its tokens are.
        roles: The same of the roles beside it, where they are told apart.
    """

    runs: int
    samples: int
    calls: int
    input_tokens: int
    output_tokens: int
    roles: dict[str, RoleEstimate] = field(default_factory=dict[str, RoleEstimate])

    def sentence(self) -> str:
        """One line for people."""
        own = RoleEstimate(self.calls, self.input_tokens, self.output_tokens)
        others = "".join(f"; role {role} about {cost.words()}" for role, cost in self.roles.items())
        return (
            f"{self.runs} {'run' if self.runs == 1 else 'runs'}, "
            f"{self.samples:,} {'sample' if self.samples == 1 else 'samples'}, about "
            f"{own.words()} (hidden reasoning apart){others}"
        )

    def dollars(self, input_price: float, output_price: float) -> float:
        """Expected cost of all models; prices in US dollars per million tokens."""
        parts = (self, *self.roles.values())
        read, written = sum(p.input_tokens for p in parts), sum(p.output_tokens for p in parts)
        return (read * input_price + written * output_price) / 1e6


def millions(tokens: int) -> str:
    """Token count with two significant digits or so: `11 M`, `0.66 M`, `12 k`, and below 1,000 as it is."""
    if tokens >= 10_000_000:
        return f"{tokens / 1e6:.0f} M"
    if tokens >= 100_000:
        return f"{tokens / 1e6:.2g} M"
    return f"{tokens / 1e3:.0f} k" if tokens >= 1000 else str(tokens)


def in_dollars(amount: float) -> str:
    """An amount in cents, and below one cent with two significant digits: `$1.50`, `$0.0023`."""
    return f"${amount:.2f}" if amount == 0 or amount >= 0.01 else f"${Decimal(f'{amount:.2g}'):f}"


def estimate_runs(
    record: FamilyRecord,
    runs: list[Run],
    epochs: int | None = None,
    limit: int | None = None,
    bound: Collection[str] = (),
) -> FamilyEstimate:
    """Totals over the given runs of one family.

    Args:
        record: The family.
        runs: Its tasks with their arguments.
        epochs: In place of those of the tasks.
        limit: Samples of a run at most, before epochs.
        bound: Roles that are bound, without which nobody judges.
    """
    sizes = [record.run_size(task, args) for task, args in runs]
    played = [min(size.samples, limit or size.samples) * (epochs or size.epochs) for size in sizes]
    own: dict[str, list[tuple[int, RoleSize | RunSize]]] = defaultdict(list)
    for samples, size in zip(played, sizes, strict=True):
        own[""].append((samples, size))
        judges = {role: cost for role, cost in size.judges.items() if role in bound}
        for role, cost in {**size.roles, **judges}.items():
            own[role].append((samples, cost))
    totals = {role: total(costs) for role, costs in own.items()}
    model = totals.pop("", RoleEstimate(0, 0, 0))
    return FamilyEstimate(
        len(sizes), sum(played), model.calls, model.input_tokens, model.output_tokens, totals
    )


def total(costs: list[tuple[int, RoleSize | RunSize]]) -> RoleEstimate:
    """The costs of samples, each as often as it is played."""
    return RoleEstimate(
        calls=round(sum(n * cost.calls for n, cost in costs)),
        input_tokens=round(sum(n * cost.input_tokens for n, cost in costs)),
        output_tokens=round(sum(n * cost.output_tokens for n, cost in costs)),
    )


def estimate_family(record: FamilyRecord, preset: Preset) -> FamilyEstimate:
    """Totals of the runs that `interplay eval FAMILY --preset PRESET` starts."""
    return estimate_runs(
        record, [(task, args | {"preset": preset}) for task, args in record.default_runs(preset)]
    )
