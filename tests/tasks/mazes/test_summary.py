"""What the boards of the mazes show beside their headline: which groups, and which values in them."""

import pytest

from interplay.tasks.mazes.instances import load, set_record
from interplay.tasks.mazes.summary import (
    CORRECTED,
    RETENTION,
    STEP_BINS,
    compared,
    corrected_range,
    silent_floor,
    steps,
    summarise,
)
from interplay.tasks.observations import Estimand, Observation

MAZES = [f"standard-1-{family}-{i:03d}" for family in ("bernoulli", "detour", "perfect") for i in (1, 2, 3)]
WORST = -0.099 / 0.901


def seen(maze: str, value: float | None = 1.0, *, errored: bool = False, **metadata: str) -> Observation:
    words = {"condition": "C7", "track": "commit", "assistance": "0", "pairing": "self", "seat": "AB"}
    words |= {"family": maze.split("-")[2]} | metadata
    return Observation(
        task="interplay/maze_collab",
        args={name: metadata[name] for name in ("k", "mode", "control") if name in metadata},
        sample_id=f"{maze}-{words['seat']}",
        epoch=1,
        unit=maze,
        metadata=words,
        values={} if value is None or errored else {CORRECTED: value},
        words={},
        errored=errored,
        model="a/b",
    )


def found(observations: list[Observation], **dims: str) -> Estimand:
    return next(e for e in summarise(observations) if e.dims == dims)


def dims(observations: list[Observation]) -> list[dict[str, str]]:
    return [dict(e.dims) for e in summarise(observations)]


def test_ladder_has_a_rung_for_each_condition_played():
    solo = {"pairing": "solo", "track": "free"}
    played = [seen(m, condition=c, **solo) for c in ("C1", "C2", "C3") for m in MAZES]
    played += [seen(m, condition=c) for c in ("C4", "C7") for m in MAZES]
    played += [seen(m, condition="C6", assistance="2") for m in MAZES]
    played += [seen(m, condition="C5", script=s) for s in ("colrow", "mute") for m in MAZES]
    ladder = [d for d in dims(played) if set(d) <= {"condition", "script"} and "/" not in d["condition"]]
    assert [d["condition"] for d in ladder if "-" not in d["condition"]] == [
        "C1",
        "C2",
        "C3",
        "C4",
        "C5",
        "C5",
        "C6",
        "C7",
    ]
    assert {d["script"] for d in ladder if "script" in d} == {"colrow", "mute"}


def test_a_run_with_help_is_no_rung():
    assert summarise([seen(m, assistance="3") for m in MAZES]) == []
    assert summarise([seen(m, track="structured", assistance="2") for m in MAZES]) == []


def test_full_view_is_not_corrected():
    assert corrected_range([seen(MAZES[0], condition="C1")]) == (0.0, 1.0)
    assert corrected_range([seen(MAZES[0])]) == pytest.approx((WORST, 1.0))
    assert silent_floor("size-8-001") == 0.0
    assert silent_floor(MAZES[0]) == set_record("standard-1").silent_floor


def test_an_errored_sample_is_the_worst_and_an_unscored_one_absent():
    cell = found([seen(MAZES[0], errored=True), seen(MAZES[1], None), seen(MAZES[2])], condition="C7")
    assert dict(cell.units) == {MAZES[0]: [pytest.approx(WORST)], MAZES[2]: [1.0]}


def test_retention_is_a_ratio_with_a_floor():
    played = [seen(m, condition="C3", pairing="solo", track="free") for m in MAZES] + [
        seen(m, WORST) for m in MAZES
    ]
    cell = found(played, condition="C7/C3")
    assert (cell.metric, cell.kind, cell.floor) == (RETENTION, "ratio", 0.10)
    assert set(cell.units) == set(cell.minus or {}) == set(MAZES)


def test_the_gap_of_the_paper_stands_beside_it():
    played = [seen(m, condition="C2", pairing="solo", track="free") for m in MAZES] + [seen(m) for m in MAZES]
    assert found(played, condition="C2-C7").kind == "difference"


def test_the_gap_is_alone_less_together():
    played = [seen(m, condition="C3", pairing="solo", track="free") for m in MAZES]
    played += [seen(m, WORST) for m in MAZES[1:]]
    played += [seen(m, pairing="relay", k="2", mode="prime", control="none") for m in MAZES]
    (gap,) = compared(played)
    assert gap.dims == {"condition": "C3-C7"}
    assert gap.kind == "difference"
    assert gap.minus == {m: [WORST] for m in MAZES[1:]}
    assert set(gap.units) == set(MAZES)
    assert compared(played[:3]) == []


def test_action_lines_cost_what_c6_has_more():
    lines = [seen(m, WORST, track="structured", assistance="2") for m in MAZES]
    played = lines + [seen(m, condition="C6", assistance="2") for m in MAZES]
    alone, price = compared(played)
    assert (alone.dims, price.dims) == ({"condition": "C7 structured"}, {"condition": "C6-structured"})
    assert price.units == {m: [1.0] for m in MAZES}
    assert price.minus == alone.units == {m: [WORST] for m in MAZES}
    assert [e.dims for e in compared(lines)] == [{"condition": "C7 structured"}]


def test_action_lines_are_no_level_of_assistance():
    levels = [seen(m, assistance=level) for level in "02" for m in MAZES]
    lines = [seen(m, WORST, track="structured", assistance="2") for m in MAZES]
    assert found(levels + lines, condition="C7", assistance="2").units == {m: [1.0] for m in MAZES}


def test_assistance_curve_needs_two_levels():
    levels = [seen(m, assistance=level) for level in "013" for m in MAZES]
    levels += [seen(m, condition="C6", assistance="2") for m in MAZES]
    curve = [d["assistance"] for d in dims(levels) if "assistance" in d]
    assert curve == ["0", "1", "2", "3"]
    assert not any("assistance" in d for d in dims([seen(m) for m in MAZES]))


def test_relay_curve_keeps_mode_k_and_control_apart():
    def relay(mode: str, k: str, control: str = "none") -> list[Observation]:
        return [seen(m, pairing="relay", mode=mode, k=k, control=control) for m in MAZES]

    played = (
        relay("prime", "2") + relay("prime", "10") + relay("recover", "2") + relay("prime", "2", "transplant")
    )
    curve = [(d["mode"], d["k"], d["control"]) for d in dims(played)]
    assert curve == [
        ("prime", "2", "none"),
        ("prime", "2", "transplant"),
        ("prime", "10", "none"),
        ("recover", "2", "none"),
    ]


def test_difficulty_covers_every_maze_once():
    cells = summarise([seen(m) for m in MAZES])
    by_family = [e for e in cells if "family" in e.dims]
    by_steps = [e for e in cells if "steps" in e.dims]
    for group in (by_family, by_steps):
        assert sorted(unit for e in group for unit in e.units) == sorted(MAZES)
    assert {low for low, _ in STEP_BINS} == {0} | {high + 1 for _, high in STEP_BINS[:-1]}
    assert all(steps(maze.maze_id) == len(maze.route) - 1 for maze in load("standard-1")[:5])


def test_matrix_and_order_effect():
    def played(first: str, second: str, value: float) -> list[Observation]:
        pairing = "self" if first == second else "cross"
        return [seen(m, value, pairing=pairing, starter=first, second=second) for m in MAZES]

    rows = played("a", "a", 1.0) + played("a", "b", 1.0) + played("b", "a", WORST) + played("b", "b", WORST)
    cells = summarise(rows)
    pairs = [(e.dims["starter"], e.dims["second"]) for e in cells if set(e.dims) == {"starter", "second"}]
    assert pairs == [("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]
    order = [e for e in cells if "order" in e.dims]
    assert [(e.dims["starter"], e.dims["second"], e.kind) for e in order] == [("a", "b", "difference")]
    assert not any("starter" in d for d in dims(played("a", "a", 1.0)))


def test_every_estimand_fits_into_a_cell():
    from interplay.leaderboard.measure import estimated_cell

    rows = [seen(m, starter="x/" + "y" * 200, second="a/b", pairing="cross") for m in MAZES]
    rows += [seen(m) for m in MAZES]
    for estimand in summarise(rows):
        assert estimated_cell(estimand, seed=1).n > 0
