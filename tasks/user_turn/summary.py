"""What the boards of this family show beside their headline: which groups of contexts answer which question.

Pure: plain sample rows in, groups of values per context out. The leaderboard computes the intervals.

| figure | dims | metric |
| --- | --- | --- |
| rate by temperature | `temperature` 0 … | `followup.gfr` |
| degenerate turns by temperature | `temperature` 0 … | `followup.degenerate` |
| declared contrast | `contrast: T = 1 less T = 0` | `followup.gfr` |
| the eleven labels at temperature 1 | `label` | `turn_labels.share` |
| how turns ended at temperature 1 | `terminator` | `followup.terminated` |
| arm less base | `arm` | `followup.gfr_difference`, `react_difference`, `caught_difference` |
| share of fluent turns without context | `arm: no_context` | `followup.fluent` |
| human ratio | `figure: human ratio` | `followup.human_ratio` |
| decoupling in a model | `reply: right less wrong` | `followup.gfr_t1` |
| accuracy and greedy rate on the same contexts | `dataset: gsm8k` | `followup.correct`, `followup.gfr_t0` |
"""

from collections.abc import Callable, Iterable

from interplay.tasks.observations import Estimand, Observation, unit_samples

from .perturb import ARMS

GFR = "followup.gfr_"
DEGENERATE = "followup.degenerate_"
GREEDY_LABEL = "followup.greedy"
PEOPLE_KEY = "followup.gfr_next"
SHARE = (0.0, 1.0)
FEWEST_A_SIDE = 20
"""Contexts with a right and with a wrong reply, below which their difference is not given."""
ACCURACY_DATASET = "gsm8k"
PEOPLE_DATASET = "wildchat"
LABEL_KEY = "turn_labels."
TERMINATOR_KEY = "followup.terminators."


def summarise(observations: list[Observation]) -> list[Estimand]:
    """All figures that these samples can give; a group without samples gives none."""
    scored = [o for o in observations if not o.errored]
    return [
        *by_temperature(scored),
        *degenerate(scored),
        *labels(scored),
        *terminators(scored),
        *arms(scored),
        *human_ratio(scored),
        *decoupling(scored),
        *accuracy(scored),
    ]


def by_temperature(scored: list[Observation]) -> list[Estimand]:
    """The rate at each temperature, and temperature 1 less 0."""
    keys = sorted({key for o in scored for key in o.values if key.startswith(GFR)})
    temperatures = [key for key in keys if key != PEOPLE_KEY]
    cells = [
        Estimand({"temperature": key.removeprefix(GFR).removeprefix("t")}, "followup.gfr", units, range=SHARE)
        for key in temperatures
        if (units := values_of(scored, key))
    ]
    hot, cold = values_of(scored, "followup.gfr_t1"), values_of(scored, "followup.gfr_t0")
    if hot and cold:
        dims = {"contrast": "T = 1 less T = 0"}
        cells.append(Estimand(dims, "followup.gfr", hot, cold, "difference", SHARE))
    return cells


def degenerate(scored: list[Observation]) -> list[Estimand]:
    """Share of degenerate turns at each temperature; the greedy one's from its label."""
    found = {"0": unit_samples(scored, greedy_degenerate)}
    keys = sorted({key for o in scored for key in o.values if key.startswith(DEGENERATE)})
    found |= {key.removeprefix(DEGENERATE): values_of(scored, key) for key in keys}
    return [
        Estimand({"temperature": name.removeprefix("t")}, "followup.degenerate", units, range=SHARE)
        for name, units in found.items()
        if units
    ]


def greedy_degenerate(o: Observation) -> float | None:
    """1 where the greedy turn is degenerate, None where none was drawn."""
    label = o.words.get(GREEDY_LABEL)
    return float(label == "degenerate") if label else None


def labels(scored: list[Observation]) -> list[Estimand]:
    """Shares of the eleven labels at temperature 1."""
    return shares(scored, LABEL_KEY, "label", "turn_labels.share")


def terminators(scored: list[Observation]) -> list[Estimand]:
    """Shares of what ended a turn."""
    return shares(scored, TERMINATOR_KEY, "terminator", "followup.terminated")


def shares(scored: list[Observation], prefix: str, dim: str, metric: str) -> list[Estimand]:
    """One share for each key of that prefix; a context that lacks the key counts as 0."""
    having = [o for o in scored if any(key.startswith(prefix) for key in o.values)]
    keys = dict.fromkeys(key for o in having for key in o.values if key.startswith(prefix))

    def share_of(key: str) -> Callable[[Observation], float | None]:
        return lambda o: o.values.get(key, 0.0)

    return [
        Estimand({dim: key.removeprefix(prefix)}, metric, unit_samples(having, share_of(key)), range=SHARE)
        for key in keys
    ]


def arms(scored: list[Observation]) -> list[Estimand]:
    """Every control arm less the base arm, on contexts that have both."""
    cells: list[Estimand] = []
    for arm in ARMS:
        for key in ("gfr", "react", "caught"):
            changed = values_of(scored, f"followup.{arm}/{key}_t1")
            base = values_of(scored, f"followup.{key}_t1")
            if arm != "base" and changed and base:
                cells.append(
                    Estimand({"arm": arm}, f"followup.{key}_difference", changed, base, "difference", SHARE)
                )
    fluent = values_of(scored, "followup.no_context/fluent_t1")
    if fluent:
        cells.append(Estimand({"arm": "no_context"}, "followup.fluent", fluent, range=SHARE))
    return cells


def human_ratio(scored: list[Observation]) -> list[Estimand]:
    """The model's rate by that of people, where both continue the same conversations."""
    people = [o for o in scored if o.metadata.get("dataset") == PEOPLE_DATASET]
    model, human = values_of(people, "followup.gfr_t1"), values_of(people, PEOPLE_KEY)
    if not model or not any(any(values) for values in human.values()):
        return []
    return [
        Estimand({"figure": "human ratio"}, "followup.human_ratio", model, human, "ratio", SHARE, floor=0.0)
    ]


def decoupling(scored: list[Observation]) -> list[Estimand]:
    """The rate after right replies less that after wrong ones."""
    maths = [o for o in scored if o.metadata.get("dataset") == ACCURACY_DATASET]
    sides = [values_of((o for o in maths if o.values.get("followup.correct") == right), "followup.gfr_t1")
             for right in (1.0, 0.0)]  # fmt: skip
    if min(map(len, sides)) < FEWEST_A_SIDE:
        return []
    dims = {"reply": "right less wrong"}
    return [Estimand(dims, "followup.gfr_t1", sides[0], sides[1], "groups", SHARE)]


def accuracy(scored: list[Observation]) -> list[Estimand]:
    """Share of right replies and greedy rate on the maths contexts, to compare the sizes of a family."""
    maths = [o for o in scored if o.metadata.get("dataset") == ACCURACY_DATASET]
    found = ((key, values_of(maths, key)) for key in ("followup.correct", "followup.gfr_t0"))
    return [Estimand({"dataset": ACCURACY_DATASET}, key, units, range=SHARE) for key, units in found if units]


def values_of(observations: Iterable[Observation], key: str) -> dict[str, list[float]]:
    """The values of that key per context."""
    return unit_samples(observations, lambda o: o.values.get(key))
