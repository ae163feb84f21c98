"""What a run will cost, before it starts: samples, calls, tokens, and dollars where prices are known."""

from dataclasses import dataclass

from interplay.tasks.catalog import FamilyRecord, Preset, Run


@dataclass(frozen=True)
class FamilyEstimate:
    """Expected totals over runs; tokens leave hidden reasoning apart."""

    runs: int
    samples: int
    calls: int
    input_tokens: int
    output_tokens: int

    def sentence(self) -> str:
        """One line for people."""
        return (
            f"{self.runs} {'run' if self.runs == 1 else 'runs'}, {self.samples:,} samples, about "
            f"{self.calls:,} calls, {millions(self.input_tokens)} input and "
            f"{millions(self.output_tokens)} output tokens (hidden reasoning apart)"
        )

    def dollars(self, input_price: float, output_price: float) -> float:
        """Expected cost; prices in US dollars per million tokens."""
        return (self.input_tokens * input_price + self.output_tokens * output_price) / 1e6


def millions(tokens: int) -> str:
    """Token count with two significant digits or so: `11.0 M`, `0.66 M`, `12 k`."""
    if tokens >= 10_000_000:
        return f"{tokens / 1e6:.0f} M"
    if tokens >= 100_000:
        return f"{tokens / 1e6:.2g} M"
    return f"{tokens / 1e3:.0f} k"


def estimate_runs(record: FamilyRecord, runs: list[Run]) -> FamilyEstimate:
    """Totals over the given runs of one family."""
    sizes = [record.run_size(task, args) for task, args in runs]
    return FamilyEstimate(
        runs=len(sizes),
        samples=sum(size.samples for size in sizes),
        calls=round(sum(size.samples * size.calls for size in sizes)),
        input_tokens=round(sum(size.samples * size.input_tokens for size in sizes)),
        output_tokens=round(sum(size.samples * size.output_tokens for size in sizes)),
    )


def estimate_family(record: FamilyRecord, preset: Preset) -> FamilyEstimate:
    """Totals of the runs that `interplay eval FAMILY --preset PRESET` starts."""
    return estimate_runs(
        record, [(task, args | {"preset": preset}) for task, args in record.default_runs(preset)]
    )
