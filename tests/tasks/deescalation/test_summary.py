"""The groups that the boards are made of."""

from dataclasses import replace
from typing import Any

import pytest

from interplay.tasks.deescalation.arms import every_arm
from interplay.tasks.deescalation.keys import CELLS, CHANGE, JUDGED_CHANGE, LEVELS, RULES, interactions, sign
from interplay.tasks.deescalation.summary import summarise
from interplay.tasks.observations import Observation


def seen(
    seed: str, arm: str, change: float | None, resistance: str = "low", errored: bool = False
) -> Observation:
    return Observation(
        task="interplay/deescalation",
        args={},
        sample_id=f"{seed}-v0:{arm}",
        epoch=1,
        unit=seed,
        metadata={"scenario_id": f"{seed}-v0", "arm": arm, "resistance": resistance},
        values={} if change is None else {CHANGE: change},
        words={},
        errored=errored,
        model="acme/one",
    )


def test_the_cells_are_those_of_the_arms() -> None:
    arms = every_arm()
    assert tuple(CELLS) == arms.sets["factorial"]
    assert {arm: frozenset(arms.arms[arm]) for arm in CELLS} == CELLS


def cells_of(observed: list[Observation], **dims: str) -> list[Any]:
    return [item for item in summarise(observed) if item.dims == dims and item.metric == CHANGE]


def test_groups_by_arm_and_resistance_leave_errors_out() -> None:
    observed = [
        seen("work-01", "vanilla", 0.5),
        seen("work-02", "vanilla", -0.25, "high"),
        seen("work-03", "vanilla", None, errored=True),
    ]
    (cell,) = cells_of(observed, arm="vanilla")
    assert cell.units == {"work-01": [0.5], "work-02": [-0.25]}
    (cell,) = cells_of(observed, arm="vanilla", resistance="high")
    assert cell.units == {"work-02": [-0.25]}
    assert not cells_of(observed, contrast="nvc_full less vanilla")


def test_a_contrast_takes_scenarios_with_both_arms() -> None:
    names = [f"work-{n:02}" for n in range(1, 11)]
    pairs = [
        seen(seed, arm, change) for seed in names for arm, change in (("vanilla", 0.0), ("nvc_full", 0.5))
    ]
    (cell,) = cells_of(pairs[1:], contrast="nvc_full less vanilla")
    assert cell.units == {name: [0.5] for name in names[1:]}
    assert cell.minus == {name: [0.0] for name in names[1:]}
    lost = seen("work-10", "nvc_full", None, errored=True)
    (cell,) = cells_of([*pairs[1:-1], lost], contrast="nvc_full less vanilla")
    assert (cell.units, cell.minus) == ({}, {})


def gap(item: Any) -> float:
    """Mean of the first term less that of the second, with one seed."""
    return sum(item.units["work-01"]) - sum(item.minus["work-01"])


def test_main_effects_and_interactions_need_all_eight_cells() -> None:
    """The effect of c1 grows by 0.1 where c2 is on, which half goes to either main effect."""
    changes = {
        arm: 0.1 * len(rules) + 0.2 * ("c1" in rules) + 0.1 * ({"c1", "c2"} <= rules)
        for arm, rules in CELLS.items()
    }
    observed = [seen("work-01", arm, change) for arm, change in changes.items()]
    found = {item.dims.get("rule") or item.dims.get("interaction"): item for item in summarise(observed)}
    effects = {name: gap(item) for name, item in found.items() if name}
    assert effects == pytest.approx({
        "c1": 0.35, "c2": 0.15, "c3": 0.1,
        "c1 with c2": 0.1, "c1 with c3": 0, "c2 with c3": 0, "c1 with c2 with c3": 0,
    })  # fmt: skip
    assert found["c1 with c2 with c3"].range == (-1.0, 3.0)
    assert not any({"rule", "interaction"} & set(item.dims) for item in summarise(observed[1:]))


def test_a_scenario_without_one_cell_is_in_no_main_effect() -> None:
    names = [f"work-{n:02}" for n in range(1, 11)]
    observed = [seen(seed, arm, 0.1) for seed in names for arm in CELLS]
    for lost, kept in ((1, names[:-1]), (9, [])):
        rules = [item for item in summarise(observed[:-lost]) if "rule" in item.dims]
        assert len(rules) == 3
        assert all(list(item.units) == kept for item in rules)


def test_signs_of_the_factorial_are_orthogonal() -> None:
    kinds = [(rule,) for rule in RULES] + interactions()
    for first in kinds:
        assert sum(sign(arm, first) for arm in CELLS) == 0
        for second in kinds:
            together = sum(sign(arm, first) * sign(arm, second) for arm in CELLS)
            assert together == (8 if first == second else 0)


def test_epochs_are_averaged_before_arms_are_subtracted() -> None:
    observed = [
        replace(seen("work-01", arm, change), epoch=epoch)
        for arm, changes in (("vanilla", [0.0]), ("nvc_full", [0.25, 0.75]))
        for epoch, change in enumerate(changes, 1)
    ]
    (cell,) = cells_of(observed, contrast="nvc_full less vanilla")
    assert (cell.units, cell.minus) == ({"work-01": [0.5]}, {"work-01": [0.0]})


def along(seed: str, arm: str, levels: str, resistance: str = "low") -> Observation:
    return replace(seen(seed, arm, 0.0, resistance), words={LEVELS: levels})


def test_a_path_has_no_level_for_turns_that_were_not_played() -> None:
    observed = [along("work-01", "vanilla", "3 2 2 1 0"), along("work-02", "vanilla", "3 4 4")]
    found = {
        (item.metric.split(".")[1], item.dims["turn"]): item.units
        for item in summarise(observed)
        if "turn" in item.dims
    }
    assert found["level", "2"] == {"work-01": [2.0], "work-02": [4.0]}
    assert found["level", "3"] == {"work-01": [1.0]}
    assert found["talking", "3"] == {"work-01": [1.0], "work-02": [0.0]}
    assert ("talking", "2") not in found
    assert ("level", "0") not in found


def test_paths_of_two_arms_stand_by_resistance_and_of_eight_nowhere() -> None:
    observed = [
        along("work-01", arm, "3 2", who) for arm in ("vanilla", "nvc_full") for who in ("low", "high")
    ]
    places = [item.dims for item in summarise(observed) if "turn" in item.dims]
    assert len(places) == 4
    assert all(set(place) == {"arm", "resistance", "turn"} for place in places)
    everything = [along("work-01", arm, "3 2") for arm in CELLS]
    assert not any("turn" in item.dims for item in summarise(everything))


def test_groups_of_people_give_the_effect_or_the_value_of_an_only_arm() -> None:
    def at(arm: str, change: float) -> Observation:
        found = seen("work-01", arm, change)
        return replace(found, metadata={**found.metadata, "profile": "venting", "domain": "work"})

    alone = [at("vanilla", 0.25)]
    assert [item.units for item in cells_of(alone, profile="venting")] == [{"work-01": [0.25]}]
    both = [*alone, at("nvc_full", 0.75)]
    assert not cells_of(both, profile="venting")
    (effect,) = cells_of(both, contrast="nvc_full less vanilla", profile="venting")
    assert gap(effect) == 0.5


@pytest.mark.parametrize(("second", "agree"), [(0.25, 1.0), (-0.25, 0.0), (0.0, 0.0)])
def test_two_simulators_stand_apart_and_agree_where_the_sign_is_one(second: float, agree: float) -> None:
    def by(simulator: str, arm: str, change: float) -> Observation:
        found = seen("work-01", arm, change)
        return replace(found, metadata={**found.metadata, "simulator": simulator})

    observed = [by(name, "vanilla", 0.0) for name in ("persona", "state")]
    observed += [by("persona", "nvc_full", 0.5), by("state", "nvc_full", second)]
    found = {item.dims["simulator"]: gap(item) for item in summarise(observed) if "simulator" in item.dims}
    assert found == {"persona": 0.5, "state": second}
    (check,) = [item for item in summarise(observed) if "check" in item.dims]
    assert check.units == {"work-01": [agree]}
    one = [o for o in observed if o.metadata["simulator"] == "persona"]
    assert not any({"simulator", "check"} & set(item.dims) for item in summarise(one))


def test_simulated_people_are_compared_by_judged_levels_where_a_judge_read() -> None:
    def by(simulator: str, arm: str, judged: float) -> Observation:
        found = seen("work-01", arm, 0.0)
        values = {CHANGE: 0.0, JUDGED_CHANGE: judged}
        return replace(found, metadata={**found.metadata, "simulator": simulator}, values=values)

    gains = (("persona", 0.5), ("state", 0.25))
    observed = [
        by(who, arm, gain * (arm == "nvc_full")) for who, gain in gains for arm in ("vanilla", "nvc_full")
    ]
    apart = [item for item in summarise(observed) if "simulator" in item.dims]
    assert {(item.metric, item.dims["simulator"], gap(item)) for item in apart} == {
        (JUDGED_CHANGE, "persona", 0.5),
        (JUDGED_CHANGE, "state", 0.25),
    }
    whole = [
        i
        for i in summarise(observed)
        if i.metric == JUDGED_CHANGE and i.dims == {"contrast": "nvc_full less vanilla"}
    ]
    assert [item.units for item in whole] == [{"work-01": [0.5, 0.25]}]
    ruled = [replace(o, metadata={**o.metadata, "simulator": "rule"}) for o in observed]
    assert not any(item.metric == JUDGED_CHANGE for item in summarise(ruled))


def test_values_that_no_sample_has_are_absent() -> None:
    scripted = [replace(seen("work-01", "vanilla", None), values={"escalation.v1": 0.5})]
    assert {item.metric for item in summarise(scripted)} == {"escalation.v1"}
