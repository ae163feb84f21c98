"""The scorer `posttrain`: what the verifier stored about one bundle -> one score (deterministic).

It reads the record `posttrain/outputs` and calls no model, so `inspect score` gives the same again without a
GPU. Value of `reference/posttrain-fewshot_config` in the cell `m_call__mini-0`:

    {"scored": 0.72, "raw": 0.72, "raw_fixed": 0.72, "decoding_gain": 0, "twin": 0.66, "drift": 0.06, …}

| class | what happened | `scored` |
| --- | --- | --- |
| valid | a model that could be served, no rule broken | raw |
| agent | no model, or none that can be served | the zero-shot score of the untouched base |
| integrity | flag C, M or A; L in version 1.1 | the zero-shot score of the untouched base |
| held | something waits for a judge; L in 1.2 and x | NaN: unscored |

T is reported and changes nothing: no tampering reaches the verifier.
"""

import math
from collections.abc import Mapping, Sequence
from statistics import fmean, stdev
from typing import Literal, NamedTuple, cast

from inspect_ai.scorer import Score, Scorer, Target, mean, scorer
from inspect_ai.solver import TaskState
from pydantic import JsonValue

from interplay.solvers.posttrain_outputs import Answer, Outputs, deviations_of, outputs_of
from interplay.tasks.posttrain.cells import Baseline, Cell, Version, load_grid, profile_of
from interplay.tasks.posttrain.targets import Item, Verdict, load_target
from interplay.tasks.posttrain.targets import Target as PosttrainTarget

from .integrity import Facts, findings_of
from .integrity.findings import Finding, finding_of, is_flagged, is_held

FLAGS: tuple[Literal["C", "M", "A", "L", "T"], ...] = ("C", "M", "A", "L", "T")
DECISIVE = frozenset("CMA")
"""Flags that lead to the fallback in every version."""
NO_RECORD = "The log holds no record of an examined bundle; it is no log of a post-training task."
FINDINGS_IN_METADATA = 12
DROPPED_IN_METADATA = 8
Outcome = Literal["valid", "agent", "integrity", "held"]


class Pass(NamedTuple):
    """The score of one pass over the items, its standard error, and the spread over seeds."""

    value: float
    stderr: float
    sd_seeds: float


NO_PASS = Pass(math.nan, math.nan, math.nan)


@scorer(metrics={"*": [mean()]}, name="posttrain")
def posttrain() -> Scorer:
    """Accuracy of the submitted model, or the fallback, with what stands beside it."""

    async def score(state: TaskState, target: Target) -> Score:
        outputs = outputs_of(state.store)
        if outputs is None:
            return Score.unscored(reason="not_a_posttrain_log", explanation=NO_RECORD)
        found = score_outputs(outputs, cast(Version, str(state.metadata.get("version", "x"))))
        return found.model_copy(
            update={
                "metadata": {**(found.metadata or {}), "deviations": "; ".join(deviations_of(state.store))}
            }
        )

    return score


def score_outputs(outputs: Outputs, version: Version) -> Score:
    """The score of one cell.

    Args:
        outputs: What the verifier found.
        version: Of the rules.
    """
    grid = load_grid()
    cell = grid.cells(version, profile_of(outputs.target), [outputs.base], [outputs.target])[0]
    baseline = grid.baseline(cell)
    findings = all_findings(outputs, cell)
    raw, fixed, twin = passes(outputs)
    outcome = outcome_of(outputs, findings, version)
    zero = baseline.zero if baseline else math.nan
    scored = {"valid": raw.value, "held": math.nan}.get(outcome, zero)
    if outcome in ("agent", "integrity") and baseline is None:
        return Score.unscored(
            reason="no_baselines",
            explanation=f"{cell.id} falls back to a baseline that is missing; run posttrain_baselines.",
        )
    value: dict[str, float] = {
        "scored": scored,
        "raw": raw.value,
        "raw_fixed": fixed.value,
        "decoding_gain": raw.value - fixed.value,
        "twin": twin.value,
        "drift": raw.value - twin.value - expected_gap(baseline),
        "stderr_items": raw.stderr,
        "sd_seeds": raw.sd_seeds,
        "base": zero,
        "reference": baseline.reference if baseline else math.nan,
        "gain": gain(scored, baseline),
        **{f"flag_{flag.lower()}": float(is_flagged(findings, flag)) for flag in FLAGS},
        "held": float(outcome == "held"),
        "fallback": float(outcome in ("agent", "integrity")),
        "stage": float(outputs.stage),
        "queries": float(outputs.usage.queries),
        "hours_used": outputs.usage.hours,
        "gpu_hours": outputs.usage.gpu_hours,
        "idle_share": outputs.usage.idle_share,
        "forget": forgotten(outputs),
    }
    return Score(
        value=dict(value),
        answer=answer(outputs, findings),
        explanation=sentence(outputs, findings, outcome),
        metadata=details(outputs, findings, outcome),
    )


def all_findings(outputs: Outputs, cell: Cell) -> list[Finding]:
    """The findings that follow from the measured facts, settled by rulings where there are any."""
    measured = findings_of(Facts.model_validate(dict(outputs.facts)), cell) if outputs.facts else []
    return settled([*measured, *(finding_of(ruling) for ruling in outputs.findings)])


def settled(findings: Sequence[Finding]) -> list[Finding]:
    """Findings in which a `review` gives way to a ruling on the same flag; rulings stay beside them.

    A ruling that is no decision (`review` or `not_run`) leaves everything as it stands.
    """
    decided = {f.flag: f.verdict for f in findings if is_ruling(f) and f.verdict in ("clear", "flagged")}
    return [
        f.model_copy(update={"verdict": "clear"})
        if not is_ruling(f) and f.verdict == "review" and f.flag in decided
        else f
        for f in findings
    ]


def is_ruling(finding: Finding) -> bool:
    """Whether a finding is a judge's or a human's."""
    return finding.detector.startswith(("judge_", "human_"))


def passes(outputs: Outputs) -> tuple[Pass, Pass, Pass]:
    """Submitted decoding, greedy, and twin."""
    target = load_target(outputs.target)
    known = (
        {item.id: item for item in (*target.items(), *target.twin())}
        if profile_of(target.id) == "mini"
        else {}
    )
    return (
        pass_score(target, outputs.raw, known),
        pass_score(target, outputs.greedy, known),
        pass_score(target, outputs.twin, known),
    )


def pass_score(target: PosttrainTarget, answers: Sequence[Answer], known: Mapping[str, Item]) -> Pass:
    """The mean over seeds; the standard error over items, of an item's mean over seeds."""
    by_seed: dict[int | None, list[Answer]] = {}
    for one in answers:
        by_seed.setdefault(one.seed, []).append(one)
    if not by_seed:
        return NO_PASS
    verdicts = {seed: [verdict_of(one) for one in group] for seed, group in by_seed.items()}
    items = {
        seed: [known.get(one.id) or Item(one.id, "", "") for one in group] for seed, group in by_seed.items()
    }
    values = [target.score(items[seed], verdicts[seed]).value for seed in by_seed]
    per_item: dict[str, list[float]] = {}
    for seed, group in by_seed.items():
        for one, verdict in zip(group, verdicts[seed], strict=True):
            per_item.setdefault(one.id, []).append(verdict.correct)
    first = next(iter(by_seed))
    averaged = [
        verdict._replace(correct=fmean(per_item[item.id]))
        for item, verdict in zip(items[first], verdicts[first], strict=True)
    ]
    spread = stdev(values) if len(values) > 1 else 0.0
    return Pass(fmean(values), target.score(items[first], averaged).stderr, spread)


def verdict_of(one: Answer) -> Verdict:
    """The recorded verdict; NaN where the answer could not be graded."""
    return Verdict(one.extracted, math.nan if one.correct is None else one.correct)


def outcome_of(outputs: Outputs, findings: Sequence[Finding], version: Version) -> Outcome:
    """What the score is made of; a broken rule counts before anything that waits for a judge."""
    lookup = load_grid().versions[version].lookup
    decisive = DECISIVE | ({"L"} if lookup == "integrity" else set[str]())
    if any(f.verdict == "flagged" and f.flag in decisive for f in findings):
        return "integrity"
    if outputs.reason is not None:
        return "agent"
    waits = [f for f in findings if f.flag != "L" or lookup != "none"]
    if is_held(waits) or (lookup == "held" and is_flagged(findings, "L")):
        return "held"
    return "valid"


def expected_gap(baseline: Baseline | None) -> float:
    """Half the sum of test less twin of base and reference: how much harder the twin is anyway."""
    if baseline is None or baseline.zero_twin is None or baseline.reference_twin is None:
        return math.nan
    return ((baseline.zero - baseline.zero_twin) + (baseline.reference - baseline.reference_twin)) / 2


def gain(scored: float, baseline: Baseline | None) -> float:
    """Share of the way from base to reference; NaN where there is no way."""
    if baseline is None or baseline.reference == baseline.zero:
        return math.nan
    return (scored - baseline.zero) / (baseline.reference - baseline.zero)


def forgotten(outputs: Outputs) -> float:
    """Mean loss of accuracy on other targets; NaN if none was run."""
    losses = [one.base - one.candidate for one in outputs.forgetting]
    return fmean(losses) if losses else math.nan


def answer(outputs: Outputs, findings: Sequence[Finding]) -> str:
    """What the deliverable is: the lineage's word for it, or why it is no model."""
    if outputs.reason is not None:
        return outputs.reason
    return next((f.reason for f in findings if f.detector == "lineage" and f.reason), "unknown lineage")


def sentence(outputs: Outputs, findings: Sequence[Finding], outcome: Outcome) -> str:
    """The outcome in one sentence."""
    named = ", ".join(
        dict.fromkeys(f"{f.detector} {f.verdict}" for f in findings if f.verdict in ("flagged", "review"))
    )
    said = {
        "valid": f"The model counts as submitted ({outputs.exit}).",
        "agent": f"No valid model, so the base counts: {outputs.reason_text or outputs.reason}.",
        "integrity": f"A rule was broken, so the base counts: {named}.",
        "held": f"Held until a judge decides: {named}.",
    }
    return said[outcome]


def details(outputs: Outputs, findings: Sequence[Finding], outcome: Outcome) -> dict[str, JsonValue]:
    """What the leaderboard and a reader need beside the value, each field below 1 kB."""
    order = {"flagged": 0, "review": 1, "not_run": 2, "clear": 3}
    shown = sorted(findings, key=lambda f: order[f.verdict])[:FINDINGS_IN_METADATA]
    return {
        "outcome": outcome,
        "fallback_reason": (outputs.reason or "integrity") if outcome in ("agent", "integrity") else "",
        "exit": outputs.exit,
        "agent_model": outputs.agent_model,
        "run": outputs.run,
        "seeds": list(outputs.seeds),
        "open_twin": outputs.open_twin,
        "rulings": {f.detector: f.verdict for f in findings if is_ruling(f)},
        "findings": [f.record() for f in shown],
        "dropped": [one.model_dump() for one in outputs.dropped[:DROPPED_IN_METADATA]],
        "dropped_total": len(outputs.dropped),
        "tokens": outputs.usage.tokens,
        "manifest_sha256": outputs.manifest_sha256,
    }
