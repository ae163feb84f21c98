"""Judges in the report of the angry conversations: who judged, what they say, and how far to believe it.

A judge is believed by the levels that three people gave, `leaderboard/data/gold/deescalation.jsonl`; how it
takes fixed material is shown by `interplay report deescalation --validate-judge MODEL`.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from statistics import fmean

from interplay.scorers.escalation_judge_probes import ROBUST, SHIFT
from interplay.scorers.escalation_judge_roles import GRADERS
from interplay.scorers.escalation_judge_run import Probed, probe_judge
from interplay.scorers.escalation_judge_validity import (
    BY_JUDGE,
    EFFECT,
    SIMULATED,
    effect_validity,
    simulated_effect_validity,
)
from interplay.tasks.deescalation.keys import CONTRASTS, arms_of
from interplay.tasks.judged import Figure, JudgedRun, Validity
from interplay.tasks.observations import Observation

from ..judged import UNREAD_LIMIT
from ..rows import LogRows
from .deescalation_effects import Effect, effect, student_ends
from .deescalation_runs import Place, mean_of, place_of, seen, under
from .deescalation_words import NOT_PEOPLE, shown_effect
from .tables import Table, Value, interval

NAME = "escalation_judge"
LEADERBOARD = Path(__file__).resolve().parents[1]
MEANS = (
    "cts_j", *(key.split(".")[1] for key in BY_JUDGE), "cts_d", "escalated", "anger_to_despair", "distress",
)  # fmt: skip
"""What judges say of the person."""
SIDE = (
    "useful", "takes_side_on_unfair_claim", "accepts_checkable_claim", "corrects_unfair_claim_gently",
    "advances_problem", "apology", "boilerplate_referral", "safety_action", "conduct",
)  # fmt: skip
"""What they say of the replies."""
EFFECTS = ("cts_j", *(key.split(".")[1] for key in BY_JUDGE), "cts_d", "useful", "takes_side_on_unfair_claim",
           "accepts_checkable_claim")  # fmt: skip


def judge_tables(logs: Sequence[LogRows], groups: Mapping[Place, Sequence[Observation]]) -> list[Table]:
    """All tables about judges; those without rows where no run had one."""
    judged = {place: own for place, observed in groups.items() if (own := readable(observed))}
    return [
        judged_effects(judged),
        who_judged(logs),
        means(judged, "What judges say of the person", MEANS),
        means(judged, "What judges say of the replies", SIDE),
        for_a_person(groups),
    ]


def _word(o: Observation, key: str) -> str:
    return o.words.get(f"{NAME}.{key}", "")


def of_judges(observed: Sequence[Observation]) -> list[Observation]:
    """The samples that a judge was asked about."""
    return [o for o in observed if f"{NAME}.asked" in o.values]


def unread_share(observed: Sequence[Observation]) -> float:
    """Share of the judges' answers that could not be read."""
    asked = sum(o.values[f"{NAME}.asked"] for o in observed)
    return sum(o.values.get(f"{NAME}.unparsed", 0.0) for o in observed) / asked if asked else 0.0


def readable(observed: Sequence[Observation]) -> list[Observation]:
    """The samples that judges read, none where too many of their answers could not be read."""
    own = of_judges(observed)
    return own if own and unread_share(own) <= UNREAD_LIMIT else []


def who_judged(logs: Sequence[LogRows]) -> Table:
    """One row a log and judge: what was asked, what could not be used, and how neutral the judge is."""
    rows: list[tuple[Value, ...]] = []
    for log in logs:
        observed = of_judges(seen(log))
        if not observed:
            continue
        asked = sum(o.values[f"{NAME}.asked"] for o in observed)
        refused = sum(o.values.get(f"{NAME}.spans_refused", 0.0) for o in observed)
        shift = mean_of(observed, f"{NAME}.full_shift")
        agrees = mean_of(observed, f"{NAME}.agree")
        for role in GRADERS:
            model = next((name for o in observed if (name := _word(o, f"graders.{role}"))), None)
            if model is None:
                continue
            mark = next((m for o in observed if (m := _word(o, f"marks.{role}"))), "another vendor")
            first = role == GRADERS[0]
            rows.append(
                (
                    log.header.model,
                    place_of(log, observed).where,
                    role,
                    model,
                    mark,
                    *((int(asked), unread_share(observed), int(refused)) if first else (None, None, None)),
                    *((agrees, shift) if first else (None, None)),
                )
            )
    columns = (
        "model", "division", "role", "judge", "beside the model", "asked", "unread", "spans refused",
        "levels as the patterns", "shift by showing replies",
    )  # fmt: skip
    note = (
        "Asked, unread and refused are of all judges of a log. A span that does not stand in the message is "
        "refused. A judge of the same vendor as the model, or the model itself, may favour its own."
    )
    return Table("Who judged", columns, tuple(rows), note)


def means(groups: Mapping[Place, Sequence[Observation]], title: str, keys: Sequence[str]) -> Table:
    """Means under each arm."""
    rows: list[tuple[Value, ...]] = []
    for place, observed in groups.items():
        for arm in arms_of(observed):
            values = [mean_of(under(observed, arm), f"{NAME}.{key}") for key in keys]
            if any(value is not None for value in values):
                rows.append((place.model, place.where, arm, *values))
    note = (
        f"Means, never in the headline; withheld where more than {UNREAD_LIMIT:.0%} of the answers could not "
        f"be read. {NOT_PEOPLE}"
    )
    return Table(title, ("model", "division", "arm", *keys), tuple(rows), note)


def judged_effects(groups: Mapping[Place, Sequence[Observation]]) -> Table:
    """Paired differences of arms by judges, and the main one without the judge's errors."""
    rows: list[tuple[Value, ...]] = []
    for place, observed in groups.items():
        for (plus, minus), key in product(CONTRASTS, EFFECTS):
            found = effect(observed, plus, minus, f"{NAME}.{key}")
            if not found.by_seed:
                continue
            shown: tuple[Value, ...] = (*shown_effect(found), None, None)
            if (plus, minus) == CONTRASTS[0]:
                verdict = verdict_of(observed, LEADERBOARD)
                shown = _judged(f"{NAME}.{key}", found, verdict)
            rows.append((place.model, place.where, f"{plus} less {minus}", key, *shown))
    columns = (
        "model", "division", "arms", "value", "difference", "95 %", "95 %, t", "seeds", "dropped",
        "without the judge's errors", "badge",
    )  # fmt: skip
    note = (
        "Paired by scenario, averaged per seed. Green: three people and two judges agree; amber: they do "
        "not; grey: nobody labelled messages for this judge. An effect whose sign is an error of the judge "
        "is withheld."
    )
    return Table("Paired effects by judges", columns, tuple(rows), note)


def _judged(key: str, found: Effect, verdict: Validity) -> tuple[Value, ...]:
    without = verdict.corrected.get(key)
    words = None if without is None else f"{without.value:.3f} {interval(without.lo, without.hi, 3)}"
    badge = f"{verdict.state}: {verdict.reason}" if key == EFFECT else verdict.state
    if key in verdict.withheld:
        return None, "withheld", None, len(found.by_seed), found.dropped, words, badge
    return *shown_effect(found), words, badge


def verdict_of(observed: Sequence[Observation], leaderboard: Path) -> Validity:
    """The verdict on the judges of these samples.

    Args:
        observed: Samples that judges read.
        leaderboard: The folder of that name with the labels.
    """
    who = {(*(_word(o, f"graders.{role}") for role in GRADERS), _word(o, "prompt_sha256")) for o in observed}
    if len(who) > 1:
        return Validity("grey", "These logs have several judges or prompts; report them apart.")
    *names, asked_with = who.pop()
    graders = {role: name for role, name in zip(GRADERS, names, strict=True) if name}
    figures: dict[str, Figure] = {}
    for key in (EFFECT, *BY_JUDGE):
        values = list(effect(observed, *CONTRASTS[0], key).by_seed.values())
        if values:
            figures[key] = figure_of(values)
    (model, *others) = dict.fromkeys(o.model for o in observed)
    run = JudgedRun(graders, asked_with, figures, None if others else model)
    simulated = any(o.metadata.get("simulator") in SIMULATED for o in observed)
    return (simulated_effect_validity if simulated else effect_validity)(run, leaderboard)


def figure_of(values: Sequence[float]) -> Figure:
    """Mean over seeds with the interval of Student's t."""
    mean = fmean(values)
    lo, hi = student_ends(values) or (mean, mean)
    return Figure(mean, lo, hi, len(values))


def for_a_person(groups: Mapping[Place, Sequence[Observation]]) -> Table:
    """Conversations after which somebody may come to harm, by a judge: a person has to read them."""
    rows: list[tuple[Value, ...]] = [
        (place.model, place.where, o.sample_id, o.epoch, _word(o, "unsafe"))
        for place, observed in groups.items()
        for o in of_judges(observed)
        if _word(o, "unsafe")
    ]
    note = "A judge found words after which somebody may come to harm. Texts stay in the log."
    return Table(
        "For a person to read", ("model", "division", "sample", "epoch", "messages"), tuple(rows), note
    )


def validation_tables(model: str) -> list[Table]:
    """Puts the fixed material to a model and tabulates what it makes of it.

    Raises:
        EnvironmentProblem: The provider fails.
    """
    return probe_tables(probe_judge(model))


def probe_tables(found: Probed) -> list[Table]:
    """Controls and probes of a judge."""
    known: list[tuple[Value, ...]] = [
        (k.kind, k.asked, k.right, k.unread, "holds" if k.holds else "does not hold") for k in found.known
    ]
    moved: list[tuple[Value, ...]] = [
        (s.probe, s.outcome, s.pairs, s.same, s.shift, s.unread, "holds" if s.holds else "does not hold")
        for s in found.shifts
    ]
    return [
        Table(
            f"{found.model} as judge of angry conversations: known answers",
            ("control", "asked", "right", "unread", "verdict"),
            tuple(known),
            "Fixed material with one answer that careful readers give.",
        ),
        Table(
            f"{found.model} as judge of angry conversations: what must not move an answer",
            ("probe", "answer", "pairs", "same", "mean shift", "unread", "verdict"),
            tuple(moved),
            f"Holds: at least {ROBUST:.0%} of the pairs the same, mean shift at most {SHIFT:g}.",
        ),
    ]
