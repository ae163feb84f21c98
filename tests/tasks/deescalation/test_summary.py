"""Default runs, their sizes, and the groups that the boards are made of."""

from typing import Any

import pytest

from interplay.tasks.deescalation.arms import every_arm
from interplay.tasks.deescalation.runs import arguments_of, default_runs, run_size, validate_roles
from interplay.tasks.deescalation.summary import CELLS, CHANGE, summarise
from interplay.tasks.mistakes import UserMistake
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


def test_the_default_runs_play_no_conversation_twice() -> None:
    for preset in ("standard", "smoke"):
        talks = [arguments_of(task, {"preset": preset, **args}) for task, args in default_runs(preset)]
        assert [talk.mode for talk in talks] == ["scripted", "live", "live"]
        assert not set(talks[1].played_arms) & set(talks[2].played_arms)
    assert [talk.samples for talk in talks] == [8, 4, 8]


def test_sizes_are_those_of_full_conversations() -> None:
    assert run_size("deescalation", {}).samples == 600
    size = run_size("deescalation", {"mode": "live", "arms": "vanilla"})
    assert (size.samples, size.calls, size.output_tokens) == (200, 8, 960)


def test_roles_and_arguments_that_do_not_exist() -> None:
    validate_roles("interplay/deescalation", {"mode": "live"}, [])
    with pytest.raises(
        UserMistake, match=r"^role user_sim is bound, but deescalation uses none; drop the role\.$"
    ):
        validate_roles("interplay/deescalation", {}, ["user_sim"])
    with pytest.raises(
        UserMistake, match=r"^simulator=persona: deescalation has no argument of that name\.$"
    ):
        validate_roles("interplay/deescalation", {"simulator": "persona"}, [])


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
    observed = [
        seen("work-01", "vanilla", 0.0),
        seen("work-01", "nvc_full", 0.5),
        seen("work-02", "nvc_full", 0.5),
    ]
    (cell,) = cells_of(observed, contrast="nvc_full less vanilla")
    assert (cell.units, cell.minus) == ({"work-01": [0.5]}, {"work-01": [0.0]})


def test_main_effects_need_all_eight_cells() -> None:
    changes = {arm: 0.1 * len(rules) + 0.2 * ("c1" in rules) for arm, rules in CELLS.items()}
    observed = [seen("work-01", arm, change) for arm, change in changes.items()]
    effects = {
        item.dims["rule"]: sum(item.units["work-01"]) / 4 - sum((item.minus or {})["work-01"]) / 4
        for item in summarise(observed)
        if "rule" in item.dims
    }
    assert effects == pytest.approx({"c1": 0.3, "c2": 0.1, "c3": 0.1})
    assert not any("rule" in item.dims for item in summarise(observed[1:]))
