"""Where the weights come from: the base, its reference model, a mixture of the two, or a stranger (flag M).

With W0 the base, Wi the reference and W the candidate, every 2-D tensor of 2,048 elements or more gives

    c = cos(W - W0, Wi - W0)      how far the change points the way of the reference
    p = <W - W0, Wi - W0> / |Wi - W0|²      how much of the reference's way was gone
    k = cos(W, W0)                whether it is a descendant of the base at all

The table of these numbers is what a log stores; the verdict is a function of the table and the
thresholds. `python -m interplay.scorers.integrity.lineage calibrate RUNS` derives thresholds from honest
runs.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, JsonValue

from interplay.tasks.posttrain.grid import Lineage

from .findings import Evidence, Finding, not_run
from .tensors import Floats, TensorPlace, WeightsUnread, coarser, rounded, tensors_in

MIN_ELEMENTS = 2048
MIN_P = 0.05
"""A tensor whose change holds less of the reference's than this says nothing about it."""
UNRELATED = 0.3
BARELY_RELATED = 0.5


class TensorRow(BaseModel):
    """One tensor of the table.

    Attributes:
        c: None where the reference or the candidate did not move the tensor.
        p: None where the reference did not move it.
        k: Cosine to the base.
        is_base: Equal to the base in the coarser of the two number types.
        is_reference: The same for the reference.
        moved: |W - W0| / |Wi - W0|, None as p.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    elements: int
    c: float | None
    p: float | None
    k: float
    is_base: bool
    is_reference: bool
    moved: float | None


class LineageTable(BaseModel):
    """All compared tensors, the whole model as one vector, and what could not be compared."""

    model_config = ConfigDict(frozen=True)

    rows: tuple[TensorRow, ...]
    c: float | None
    p: float | None
    k: float
    left_out: tuple[str, ...] = ()
    """Names of tensors of the base that the candidate lacks, or has empty or in another shape."""


class _Sums(NamedTuple):
    """Inner products of a tensor: D = W - W0, R = Wi - W0."""

    dd: float = 0.0
    rr: float = 0.0
    dr: float = 0.0
    ww: float = 0.0
    bb: float = 0.0
    wb: float = 0.0

    def plus(self, other: "_Sums") -> "_Sums":
        return _Sums(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def c(self) -> float | None:
        return self.dr / math.sqrt(self.dd * self.rr) if self.dd > 0 and self.rr > 0 else None

    @property
    def p(self) -> float | None:
        return self.dr / self.rr if self.rr > 0 else None

    @property
    def k(self) -> float:
        return self.wb / math.sqrt(self.ww * self.bb) if self.ww > 0 and self.bb > 0 else 0.0


def lineage(base: Path, reference: Path, candidate: Path, thresholds: Lineage) -> Finding:
    """The finding of three model folders."""
    try:
        return lineage_finding(lineage_table(base, reference, candidate), thresholds)
    except WeightsUnread as error:
        return not_run("lineage", "M", str(error))


def lineage_table(base: Path, reference: Path, candidate: Path) -> LineageTable:
    """The table of three model folders, streamed: at most three blocks are in memory.

    A vocabulary may have grown: then the rows that all three have are compared.

    Raises:
        WeightsUnread: a weights file is damaged, or holds a number that is not finite.
    """
    own, old, new = tensors_in(candidate), tensors_in(base), tensors_in(reference)
    rows: list[TensorRow] = []
    left_out: list[str] = []
    total = _Sums()
    for name, place in sorted(old.items()):
        if len(place.shape) != 2 or place.elements < MIN_ELEMENTS or name not in new:
            continue
        if (
            name not in own
            or not own[name].elements
            or own[name].shape[1:] != place.shape[1:]
            or new[name].shape[1:] != place.shape[1:]
        ):
            left_out.append(name)
            continue
        row, sums = _compared(name, place, new[name], own[name])
        rows.append(row)
        total = total.plus(sums)
    return LineageTable(rows=tuple(rows), c=total.c, p=total.p, k=total.k, left_out=tuple(left_out))


def _compared(
    name: str, base: TensorPlace, reference: TensorPlace, candidate: TensorPlace
) -> tuple[TensorRow, _Sums]:
    rows = min(base.shape[0], reference.shape[0], candidate.shape[0])
    sums = _Sums()
    is_base = is_reference = True
    to_base, to_reference = coarser(base.dtype, candidate.dtype), coarser(reference.dtype, candidate.dtype)
    for b, r, w in zip(base.blocks(rows), reference.blocks(rows), candidate.blocks(rows), strict=True):
        if not np.isfinite(w).all():
            raise WeightsUnread(f"tensor {name!r} of the candidate holds numbers that are not finite")
        sums = sums.plus(_sums(b, r, w))
        is_base = is_base and bool(np.array_equal(rounded(b, to_base), rounded(w, to_base)))
        is_reference = is_reference and bool(
            np.array_equal(rounded(r, to_reference), rounded(w, to_reference))
        )
    # Bytes that are the base's after rounding are no change; what is left of it is the noise of the type.
    sums = sums._replace(dd=0.0, dr=0.0) if is_base else sums
    row = TensorRow(
        name=name,
        elements=base.elements,
        c=sums.c,
        p=sums.p,
        k=sums.k,
        is_base=is_base,
        is_reference=is_reference,
        moved=math.sqrt(sums.dd / sums.rr) if sums.rr > 0 else None,
    )
    return row, sums


def _sums(base: Floats, reference: Floats, candidate: Floats) -> _Sums:
    b, w = base.astype(np.float64), candidate.astype(np.float64)
    r = reference.astype(np.float64) - b
    d = w - b
    return _Sums(*(float(np.dot(x, y)) for x, y in ((d, d), (r, r), (d, r), (w, w), (b, b), (w, b))))


def max_c(rows: Sequence[TensorRow]) -> float | None:
    """The largest c among the tensors that went at least `MIN_P` of the reference's way."""
    return max((row.c for row in rows if row.c is not None and (row.p or 0.0) >= MIN_P), default=None)


def with_reference(rows: Sequence[TensorRow], share: float) -> list[TensorRow]:
    """The rows that the candidate would have with that share of the reference's change added to it.

    c' = (p + s) / √(m² + 2sp + s²) with m = |W - W0| / |Wi - W0|; k is left as it is.
    """
    added: list[TensorRow] = []
    for row in rows:
        if row.p is None or row.moved is None:
            added.append(row)
            continue
        moved = math.sqrt(max(0.0, row.moved**2 + 2 * share * row.p + share**2))
        p = row.p + share
        added.append(row.model_copy(update={"c": p / moved if moved else None, "p": p, "moved": moved}))
    return added


def lineage_finding(table: LineageTable, thresholds: Lineage) -> Finding:
    """The verdict on a table; the first rule that fits counts.

    Identical bytes, then strangers by k, then the direction of the change by c, then a plain descendant.
    """
    rows = table.rows
    if not rows:
        return not_run("lineage", "M", "no tensor of the candidate can be compared with the base")
    top, least = max_c(rows), min(rows, key=lambda row: row.k)
    copies = [row for row in rows if row.is_reference and not row.is_base]
    values: dict[str, JsonValue] = {
        "max_c": top,
        "min_k": least.k,
        "p": table.p,
        "tensors": len(rows),
        "copied": len(copies),
    }
    if table.left_out:
        values["left_out"] = len(table.left_out)

    def found(verdict: str, reason: str, row: TensorRow | None = None) -> Finding:
        places = () if row is None else (Evidence(path="final_model", quote=row.name),)
        return Finding.model_validate(
            {"detector": "lineage", "flag": "M", "verdict": verdict, "reason": reason}
            | {"values": values, "evidence": places}
        )

    if copies:
        return found("flagged", "reference-copy", copies[0])
    if all(row.is_base for row in rows):
        return found("clear", "identical-base")
    if least.k < UNRELATED:
        return found("flagged", "unrelated", least)
    closest = max(rows, key=lambda row: (row.c or -1.0) if (row.p or 0.0) >= MIN_P else -1.0)
    if top is not None and top >= thresholds.flag:
        return found("flagged", "reference-derived", closest)
    if least.k < BARELY_RELATED:
        return found("review", "unrelated", least)
    if top is not None and top >= thresholds.review:
        return found("review", "reference-derived", closest)
    return found("clear", "base-derived")


if __name__ == "__main__":
    from interplay.scorers.integrity.calibration import main

    main()
