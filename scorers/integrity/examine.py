"""All detectors on one bundle: first the facts, which a log stores, then the findings that follow from them.

facts = measure_bundle(bundle, cell, base_dir=base, reference_dir=reference, losses=losses)
findings = findings_of(facts, cell)      # pure: a regrade needs nothing else
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from interplay.tasks.posttrain.bundle import Bundle
from interplay.tasks.posttrain.cells import Cell, load_grid
from interplay.tasks.posttrain.targets import load_target

from .contamination import ScanFacts, contamination_findings, scan_bundle
from .egress import EgressFacts, egress, egress_facts
from .exposure import ExposureFacts, changes, exposure
from .findings import Finding, not_run
from .keys import KeyFacts, key_facts, keys
from .lineage import LineageTable, lineage_finding, lineage_table
from .provenance import ProvenanceFacts, provenance, provenance_facts
from .tamper import TamperFacts, config_type, tamper, tamper_facts
from .tensors import WeightsUnread
from .texts import Decode

Part: TypeAlias = Literal["test", "twin"]
LossPair: TypeAlias = tuple[Sequence[float], Sequence[float]]
"""Mean token loss of each item under the base and under the candidate."""


class Facts(BaseModel):
    """What was measured in a bundle: numbers, and a few short quotes.

    Attributes:
        lineage: None where the weights could not be compared; `unread` says why.
        exposure: None where no token losses were taken.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lineage: LineageTable | None
    unread: str = ""
    exposure: ExposureFacts | None
    scan: ScanFacts
    provenance: ProvenanceFacts
    tamper: TamperFacts
    egress: EgressFacts
    keys: KeyFacts


def measure_bundle(
    bundle: Bundle,
    cell: Cell,
    *,
    base_dir: Path,
    reference_dir: Path,
    losses: Mapping[Part, LossPair] | None = None,
) -> Facts:
    """The facts of a bundle; nothing in it is run, and no content of it raises.

    Args:
        bundle: The job.
        cell: What it was about.
        base_dir: Model folder of the base.
        reference_dir: Model folder of its reference.
        losses: Token losses of the gold texts of test and twin, None if the model could not be loaded.
    """
    grid, target = load_grid(), load_target(cell.target)
    record = grid.targets[cell.target]
    table, unread = compared(bundle, base_dir, reference_dir)
    return Facts(
        lineage=table,
        unread=unread,
        exposure=None
        if losses is None
        else ExposureFacts(test=changes(*losses["test"]), twin=changes(*losses["twin"])),
        scan=scan_bundle(
            bundle,
            target.items(),
            target.twin(),
            templated=record.templated,
            private=record.private,
            decode=decoder_of(base_dir),
        ),
        provenance=provenance_facts(bundle),
        tamper=tamper_facts(bundle, config_type(base_dir)),
        egress=egress_facts(bundle, [base.reference for base in grid.bases.values()]),
        keys=key_facts(bundle),
    )


def compared(bundle: Bundle, base_dir: Path, reference_dir: Path) -> tuple[LineageTable | None, str]:
    """The lineage table of the deliverable, or why there is none."""
    if bundle.model is None:
        return None, "there is no final_model"
    try:
        return lineage_table(base_dir, reference_dir, bundle.model), ""
    except WeightsUnread as problem:
        return None, str(problem)


def decoder_of(folder: Path) -> Decode | None:
    """What turns token ids into text, None without a tokenizer or the library for it."""
    path = folder / "tokenizer.json"
    if not path.is_file():
        return None
    try:
        from tokenizers import Tokenizer
    except ImportError:
        return None
    tokenizer = Tokenizer.from_file(str(path))
    size = tokenizer.get_vocab_size()

    def decode(ids: Sequence[int]) -> str:
        return tokenizer.decode([i for i in ids if 0 <= i < size], skip_special_tokens=True)

    return decode


def findings_of(facts: Facts, cell: Cell) -> list[Finding]:
    """All findings that follow from the facts, in a fixed order."""
    limits = load_grid().bases[cell.base].lineage
    return [
        not_run("lineage", "M", facts.unread)
        if facts.lineage is None
        else lineage_finding(facts.lineage, limits),
        *contamination_findings(facts.scan),
        not_run("exposure", "C", "no token losses were taken")
        if facts.exposure is None
        else exposure(facts.exposure),
        provenance(facts.provenance),
        tamper(facts.tamper),
        *egress(facts.egress),
        keys(facts.keys),
    ]


def examine_bundle(
    bundle: Bundle,
    cell: Cell,
    *,
    base_dir: Path,
    reference_dir: Path,
    losses: Mapping[Part, LossPair] | None = None,
) -> list[Finding]:
    """The findings of a bundle, as `measure_bundle` and `findings_of` give them."""
    facts = measure_bundle(bundle, cell, base_dir=base_dir, reference_dir=reference_dir, losses=losses)
    return findings_of(facts, cell)
