"""Arguments of the task: what may be asked for, and what each preset fills in (pure)."""

from dataclasses import dataclass
from typing import ClassVar

from interplay.tasks.argument_values import one_of, whole
from interplay.tasks.records import Preset

from .ledgers import Ledger, ledgers

PRESETS: tuple[Preset, ...] = ("standard", "smoke")
SMOKE = 8


@dataclass(frozen=True, kw_only=True)
class Ledgers:
    """Arguments of `proxy_drift`; None is what the preset says.

    Raises:
        UserMistake: a value that there is not.
    """

    task: ClassVar[str] = "proxy_drift"

    preset: Preset = "standard"
    n_ledgers: int | None = None

    def __post_init__(self) -> None:
        one_of("preset", self.preset, PRESETS)
        if self.n_ledgers is not None:
            whole("n_ledgers", self.n_ledgers, 1, len(ledgers()))

    @property
    def ledgers(self) -> tuple[Ledger, ...]:
        """The first of the instance set, worlds in turn."""
        return ledgers()[: self.n_ledgers or (SMOKE if self.preset == "smoke" else None)]
