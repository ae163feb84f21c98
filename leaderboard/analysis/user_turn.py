"""The report of the user turns: rates, temperatures, labels, arms, accuracy against rate, the bridge.

Groups of samples come from the family's own `summary`; this module adds what needs several logs at once:
accuracy against rate over the models of a family, and native less prompted on the same contexts, which is
the one place where both elicitations stand side by side, as a difference and never as one figure.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean

import numpy as np

from interplay.tasks.observations import Estimand, Observation, UnitSamples
from interplay.tasks.user_turn.perturb import ARMS
from interplay.tasks.user_turn.summary import FEWEST_A_SIDE, summarise

from ..arm_verdicts import cell_verdict, controls
from ..boards import Board, find_board
from ..decoupling import FEWEST_SIZES
from ..decoupling import decoupling as measured_decoupling
from ..locks import combined_seed
from ..measure import estimated_cell, observations
from ..models import load_models
from ..rows import LogRows
from ..schema import Cell
from ..statistics import Estimate
from .tables import Table, Value, interval
from .turn_figures import figure, shown_share, values_of
from .turn_judges import judged_turns, validation_tables

__all__ = ["overview", "tables", "validation_tables"]

INTERVAL_NOTE = (
    "Intervals are 95 %, for new contexts; n counts contexts. A share of which nothing was seen is a bound."
)
BOARDS = {
    "interplay/user_turn": "user-turn-native",
    "interplay/user_turn_prompted": "user-turn-prompted",
    "interplay/user_turn_likelihood": "user-turn-likelihood",
}
ELICITATION = {
    "interplay/user_turn": "native",
    "interplay/user_turn_prompted": "prompted",
    "interplay/user_turn_likelihood": "likelihood",
    "interplay/user_turn_replies": "replies",
}
ACCURACY_DATASET = "gsm8k"
LIKELIHOOD_KEYS = ("grounding_gain", "nll_next", "copy_margin", "logp_end", "drift_margin")


def tables(logs: Sequence[LogRows]) -> list[Table]:
    """Every table that these logs can fill: those of each elicitation apart, then their difference."""
    found = [
        table
        for kind in dict.fromkeys(ELICITATION.values())
        for table in tables_of(kind, [log for log in logs if ELICITATION[log.header.task] == kind])
    ]
    return [table for table in (*found, bridge(grouped(logs))) if table.rows]


def tables_of(kind: str, logs: Sequence[LogRows]) -> list[Table]:
    """The tables of one elicitation, which stands in their titles."""
    groups = grouped(logs)
    cells = {
        place: [estimated_cell(item, combined_seed(()), draws) for item in summarise(observed)]
        for place, (observed, draws) in groups.items()
    }
    found = [
        overview(logs),
        by_temperature(cells),
        shares(cells, "label", "Labels at temperature 1"),
        shares(cells, "terminator", "What ended the turns at temperature 1"),
        arms(cells),
        figures(cells),
        accuracy(groups),
        *decoupling(groups),
        likelihoods(logs),
        judged_turns(logs, "user-turn-native"),
    ]
    return [replace(table, title=f"{table.title} ({kind})") for table in found]


Place = tuple[str, str]
"""Model, with what sets its run apart, and elicitation."""


def grouped(logs: Sequence[LogRows]) -> dict[Place, tuple[list[Observation], int]]:
    """Samples with turns by model, setting and elicitation, with the draws behind one sample."""
    found: dict[Place, tuple[list[Observation], int]] = {}
    for log in logs:
        elicitation = ELICITATION[log.header.task]
        if elicitation not in ("native", "prompted"):
            continue
        board = board_of(log)
        place = run_name(log), elicitation
        before = found.get(place, ([], 1))[0]
        found[place] = [*before, *observations(board, log)], draws_of(log)
    return found


def run_name(log: LogRows) -> str:
    """The model, with preset, template and author of the replies where they are not the usual ones."""
    header = log.header
    words = [header.preset] if header.preset != "standard" else []
    words += [f"replies by {header.roles['assistant']}"] if "assistant" in header.roles else []
    words += ["frozen replies"] if header.args.get("replies") else []
    words += ["another template"] if header.args.get("chat_template") else []
    return header.model + (f" ({', '.join(words)})" if words else "")


def board_of(log: LogRows) -> Board:
    """The board that reads logs of this task; replies are read as those of the native one."""
    return find_board(BOARDS.get(log.header.task, "user-turn-native"))


def draws_of(log: LogRows) -> int:
    """Turns at temperature 1 of each context."""
    given = log.header.args.get("k")
    return given if isinstance(given, int) else board_of(log).draws_of(log.header.preset)


def overview(logs: Sequence[LogRows]) -> Table:
    """One row a log: what ran, on how much, and how much of it could be scored."""
    rows: list[tuple[Value, ...]] = []
    for log in logs:
        observed = observations(board_of(log), log)
        scored = [o for o in observed if not o.errored and o.values]
        rows.append(
            (
                run_name(log),
                ELICITATION[log.header.task],
                log.header.preset,
                "+".join(dict.fromkeys(o.metadata.get("dataset", "") for o in observed)),
                len({o.unit for o in observed}),
                *(
                    shown_share(scored, f"followup.{key}_t1", draws_of(log))
                    or shown_share(scored, f"followup.{key}_default", draws_of(log))
                    for key in ("gfr", "react", "swap")
                ),
                shown_share(scored, "followup.gfr_t0"),
                shown_share(scored, "followup.correct") or shown_share(scored, "correct_reply.correct"),
                len(scored) / len(observed) if observed else None,
                sum(o.errored for o in observed),
            )
        )
    columns = (
        "model", "elicitation", "preset", "data sets", "contexts", "GFR@1", "react", "swap", "GFR@0",
        "right replies", "coverage", "errors",
    )  # fmt: skip
    note = "One row a log; ≤ is the upper limit of a share of which nothing was seen. Coverage "
    return Table("Runs", columns, tuple(rows), note + "below 0.98 means that replies or renderings failed.")


def by_temperature(cells: Mapping[Place, Sequence[Cell]]) -> Table:
    """The rate at each temperature, and the declared contrast."""
    rows = [
        (*place, cell.dims.get("temperature") or cell.dims["contrast"], *figure(cell))
        for place, found in cells.items()
        for cell in found
        if cell.metric == "followup.gfr" and set(cell.dims) in ({"temperature"}, {"contrast"})
    ]
    return Table(
        "Genuine follow-up rate by temperature",
        ("model", "elicitation", "temperature", "GFR", "95 %", "n"),
        tuple(rows),
        INTERVAL_NOTE,
    )


def shares(cells: Mapping[Place, Sequence[Cell]], dim: str, title: str) -> Table:
    """One share a row, without those of which nothing was seen."""
    rows = [
        (*place, cell.dims[dim], *figure(cell))
        for place, found in cells.items()
        for cell in found
        if set(cell.dims) == {dim} and cell.value
    ]
    note = f"Those not listed were not seen. {INTERVAL_NOTE}"
    return Table(title, ("model", "elicitation", dim, "share", "95 %", "n"), tuple(rows), note)


def arms(cells: Mapping[Place, Sequence[Cell]]) -> Table:
    """Every control arm less the base arm, with its verdict."""
    rows: list[tuple[Value, ...]] = []
    for place, found in cells.items():
        own = [cell for cell in found if set(cell.dims) == {"arm"}]
        for cell in sorted(own, key=lambda cell: ARMS.index(cell.dims["arm"])):  # pyright: ignore[reportArgumentType]
            what = cell.metric.removeprefix("followup.").removesuffix("_difference")
            rows.append((place[0], cell.dims["arm"], what, *figure(cell), cell_verdict(cell)))
        rates = (c for c in found if c.metric == "followup.gfr")
        base = next((c.value for c in rates if c.dims == {"temperature": "1"}), None)
        said = controls(own, base or 0.0)
        if said is not None:
            rows.append((place[0], "all", None, None, None, None, said.words))
    note = "Arm less base on the same contexts; fluent is a share. moved: the 95 % interval excludes 0; "
    return Table(
        "Control arms",
        ("model", "arm", "figure", "difference", "95 %", "n", "verdict"),
        tuple(rows),
        note + "unchanged: the 90 % interval lies within 5 points; else undecided.",
    )


def figures(cells: Mapping[Place, Sequence[Cell]]) -> Table:
    """The rate beside that of people, and right less wrong replies."""
    rows = [
        (*place, cell.dims.get("figure") or f"GFR@1, {cell.dims['reply']} replies", *figure(cell))
        for place, found in cells.items()
        for cell in found
        if set(cell.dims) in ({"figure"}, {"reply"})
    ]
    note = f"{INTERVAL_NOTE} The difference needs {FEWEST_A_SIDE} contexts a side."
    columns = ("model", "elicitation", "figure", "value", "95 %", "n")
    return Table("Human ratio and decoupling", columns, tuple(rows), note)


def accuracy(groups: Mapping[Place, tuple[list[Observation], int]]) -> Table:
    """Accuracy and rate of each model: what the rate is set against."""
    rows: list[tuple[Value, ...]] = []
    for (model, elicitation), (observed, draws) in groups.items():
        maths = [o for o in observed if o.metadata.get("dataset") == ACCURACY_DATASET] or observed
        units = {key: values_of(maths, f"followup.{key}") for key in ("correct", "gfr_t0", "gfr_t1")}
        if not units["correct"]:
            continue
        shown: list[Value] = []
        for key, found in units.items():
            cell = estimated_cell(Estimand({"figure": key}, f"followup.{key}", found, range=(0.0, 1.0)),
                                  combined_seed(()), draws if key == "gfr_t1" else 1)  # fmt: skip
            shown += figure(cell)[:2]
        rows.append((model, elicitation, family_of(model), *shown, len(units["correct"])))
    columns = (
        "model",
        "elicitation",
        "family",
        "right replies",
        "95 %",
        "GFR@0",
        "95 %",
        "GFR@1",
        "95 %",
        "n",
    )
    note = "On gsm8k where it was run, else on all replies that can be checked. Compare within a family."
    return Table("Accuracy and rate", columns, tuple(rows), note)


def decoupling(groups: Mapping[Place, tuple[list[Observation], int]]) -> list[Table]:
    """Whether the rate grows with accuracy over the sizes of a family: rank correlation over its models."""
    families: dict[tuple[str, str], list[tuple[UnitSamples, UnitSamples]]] = {}
    for (model, elicitation), (observed, _) in groups.items():
        maths = [o for o in observed if o.metadata.get("dataset") == ACCURACY_DATASET]
        right, rate = values_of(maths, "followup.correct"), values_of(maths, "followup.gfr_t0")
        if right and rate and family_of(model):
            families.setdefault((family_of(model), elicitation), []).append((right, rate))
    rows: list[tuple[Value, ...]] = []
    for (name, elicitation), sides in families.items():
        common = [unit for unit in sides[0][0] if all(unit in a and unit in b for a, b in sides)]
        if len(sides) < FEWEST_SIZES or not common:
            continue
        right, rate = (
            np.array([[fmean(model[side][unit]) for unit in common] for model in sides]) for side in (0, 1)
        )
        found = measured_decoupling(right, rate, combined_seed(()))
        rows.append(
            (
                name,
                elicitation,
                len(sides),
                *estimate_words(found.rho),
                *estimate_words(found.slope),
                len(common),
            )
        )
    note = (
        "Listed, not ranked; exploratory. The slope is the change of GFR@0 for 10 points of accuracy. "
        "Intervals are 95 %, for other contexts and these very models."
    )
    columns = ("family", "elicitation", "models", "Spearman rho", "95 %", "slope per 0.10", "95 %", "n")
    return [Table("Decoupling in a family", columns, tuple(rows), note)] if rows else []


def estimate_words(estimate: Estimate | None) -> tuple[float | None, str]:
    """A figure and its interval in words; none where the rate is constant in many draws."""
    if estimate is None:
        return None, "not estimable"
    if math.isnan(estimate.lo):
        return estimate.value, "no interval"
    return estimate.value, interval(estimate.lo, estimate.hi, 3) or ""


def family_of(model: str) -> str:
    """The family of a run's model in the registry, or an empty text."""
    record = load_models().get(model.partition(" ")[0])
    return (record.family if record else None) or ""


def likelihoods(logs: Sequence[LogRows]) -> Table:
    """Means of the likelihood figures, in nats a token."""
    rows: list[tuple[Value, ...]] = []
    for log in logs:
        if ELICITATION[log.header.task] != "likelihood":
            continue
        observed = observations(board_of(log), log)
        for key in LIKELIHOOD_KEYS:
            units = values_of(observed, f"likelihood.{key}")
            if units:
                cell = estimated_cell(
                    Estimand({"figure": key}, f"likelihood.{key}", units), combined_seed(())
                )
                rows.append((log.header.model, key, *figure(cell)))
    note = "Nats a token; log-probability of an end for logp_end. Intervals are 95 %, for new contexts."
    return Table("Likelihood", ("model", "figure", "value", "95 %", "n"), tuple(rows), note)


def bridge(groups: Mapping[Place, tuple[list[Observation], int]]) -> Table:
    """Native less prompted, on the contexts that a model did both ways."""
    rows: list[tuple[Value, ...]] = []
    for model in dict.fromkeys(model for model, _ in groups):
        sides = [groups.get((model, kind), ([], 1))[0] for kind in ("native", "prompted")]
        native, prompted = (
            values_of(side, "followup.gfr_t1") or values_of(side, "followup.gfr_default") for side in sides
        )
        if native and prompted:
            item = Estimand(
                {"contrast": "native less prompted"},
                "followup.gfr_t1",
                native,
                prompted,
                "difference",
                (0.0, 1.0),
            )
            cell = estimated_cell(item, combined_seed(()))
            rows.append((model, cell.value, interval(cell.lo, cell.hi, 3), cell.n))
    note = "Two different measurements: how far instructed role-play is from the model's own user role."
    columns = ("model", "native less prompted, GFR@1", "95 %", "n")
    return Table("Bridge", columns, tuple(rows), note)
