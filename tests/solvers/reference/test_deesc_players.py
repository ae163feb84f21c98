"""The scripted assistants: what each says, and the bands that the spec sets for them with the rule user."""

import json
from pathlib import Path
from statistics import fmean

import pytest

from interplay.scorers.escalation_cues import assistant_codes
from interplay.solvers.reference.deesc_players import DEESC_PLAYERS, is_deescalation
from interplay.solvers.reference.player import Turn

from .deesc_play import ASSISTANTS, EIGHT, Played, arm, assistant_turns, persona, play, played, scenarios

GOLDEN = Path(__file__).parents[2] / "golden" / "deescalation_reference.json"
RESISTANCES = ("low", "medium", "high")
BANDS = {
    "empath": (0.30, 0.75),
    "fixer": (-0.20, -0.04),
    "template": (-0.25, -0.12),
    "pliant": (-0.25, -0.10),
    "blamer": (-0.25, -0.24),
    "echo": (-0.25, -0.24),
    "stonewall": (-0.25, -0.24),
}
"""Mean cts_d under vanilla."""
SPEC = {
    "empath": "0.43  0.62/ 0.44/ 0.19  0.00  0.88",
    "fixer": "-0.12 -0.06/-0.13/-0.16  0.85  0.60",
    "template": "-0.20 -0.11/-0.25/-0.25  1.00  0.75",
    "pliant": "-0.18 -0.08/-0.25/-0.23  1.00  0.35",
    "blamer": "-0.25 -0.25/-0.25/-0.25  1.00  0.46",
    "echo": "-0.25 -0.25/-0.25/-0.25  1.00  0.53",
    "stonewall": "-0.25 -0.25/-0.25/-0.25  1.00  0.58",
}
"""cts_d, that at low, medium and high resistance, P(escalated | medium), conduct: on eight seeds."""
CELLS = ("vanilla", "c1", "c2", "c3", "c12", "c13", "c23", "nvc_full")
RULES = ("1", "2", "3")


def mean(games: tuple[Played, ...], key: str, **only: str) -> float:
    kept = [game for game in games if all(getattr(game.scenario, k) == v for k, v in only.items())]
    return fmean(game.value[key] for game in kept)


def summary(games: tuple[Played, ...]) -> dict[str, float]:
    """The figures of one player."""
    return {
        "cts_d": mean(games, "cts_d"),
        **{f"cts_d_{r}": mean(games, "cts_d", resistance=r) for r in RESISTANCES},
        **{f"escalated_{r}": mean(games, "escalated", resistance=r) for r in RESISTANCES},
        **{key: mean(games, key) for key in ("conduct", "v1", "v2", "v3", "v4", "words")},
        "replies": fmean(len(game.replies) for game in games),
    }


def row(found: dict[str, float]) -> str:
    by_resistance = "/".join(f"{found[f'cts_d_{r}']:5.2f}" for r in RESISTANCES)
    return f"{found['cts_d']:5.2f} {by_resistance}  {found['escalated_medium']:.2f}  {found['conduct']:.2f}"


@pytest.mark.parametrize("name", ASSISTANTS)
def test_the_mean_change_lies_in_the_band_of_the_spec(name: str) -> None:
    low, high = BANDS[name]
    print(f"\n{name:10} all   {row(summary(played(name)))}   band {low} to {high}")
    print(f"{'':10} eight {row(summary(played(name, which='eight')))}")
    print(f"{'':10} spec  {SPEC[name]}")
    for which in ("all", "eight"):
        assert low <= mean(played(name, which=which), "cts_d") <= high, which


@pytest.mark.parametrize("name", ASSISTANTS)
def test_the_figures_on_all_scenarios_are_the_recorded_ones(name: str) -> None:
    recorded = json.loads(GOLDEN.read_text("utf-8"))
    assert summary(played(name)) == pytest.approx(recorded["vanilla"][name], abs=1e-6)


@pytest.mark.slow
def test_the_cells_of_pliant_are_the_recorded_ones() -> None:
    recorded = json.loads(GOLDEN.read_text("utf-8"))
    assert cells() == pytest.approx(recorded["pliant"], abs=1e-6)


def cells() -> dict[str, float]:
    return {name: mean(played("pliant", name), "cts_d") for name in CELLS}


def test_empath_moves_some_but_not_all_who_resist_most() -> None:
    high = [game for game in played("empath") if game.scenario.resistance == "high"]
    assert 0.3 <= fmean(game.value["cts_d"] > 0 for game in high) <= 0.7
    assert mean(played("empath"), "escalated") == 0


def test_the_levels_that_empath_meets_keep_the_order_of_resistance() -> None:
    fourth = {
        r: fmean(
            (*game.reading.levels, *[game.reading.levels[-1]] * 4)[4]
            for game in played("empath")
            if game.scenario.resistance == r
        )
        for r in RESISTANCES
    }
    assert fourth["high"] - 0.5 >= fourth["medium"]
    assert fourth["medium"] - 0.5 >= fourth["low"]


def test_nobody_who_resists_most_is_calm_within_two_replies() -> None:
    for name in ASSISTANTS:
        for game in played(name):
            assert game.scenario.resistance != "high" or 0 not in game.reading.levels[:3]


def test_advice_helps_those_alone_who_want_a_solution() -> None:
    by_profile = {
        profile: mean(played("fixer"), "cts_d", profile=profile)
        for profile in sorted({scenario.profile for scenario in scenarios()})
    }
    assert [profile for profile, change in by_profile.items() if change > 0.3] == ["solution_seeking"]
    assert max(change for profile, change in by_profile.items() if profile != "solution_seeking") < 0


@pytest.mark.parametrize("name", ["blamer", "echo", "stonewall"])
def test_three_players_anger_everybody(name: str) -> None:
    assert all(game.value["cts_d"] == -0.25 and game.end == "fed_up" for game in played(name))


def test_conduct_does_not_rank() -> None:
    conduct = {name: mean(played(name), "conduct") for name in ASSISTANTS}
    assert sorted(conduct, key=lambda name: -conduct[name])[:2] == ["empath", "template"]
    assert mean(played("template"), "escalated", resistance="medium") == 1


def test_every_rule_helps_pliant_and_together_they_help_most() -> None:
    found = cells()
    print("\npliant", " ".join(f"{name} {value:.2f}" for name, value in found.items()))
    assert found["nvc_full"] - found["vanilla"] >= 0.4
    for rule in RULES:
        others = [name for name in found if not holds(name, rule)]
        effect = fmean(found[with_rule(name, rule)] - found[name] for name in others)
        print(f"c{rule} {effect:.2f}")
        assert effect > 0, rule


def holds(cell: str, rule: str) -> bool:
    return cell == "nvc_full" or (cell.startswith("c") and rule in cell)


def with_rule(cell: str, rule: str) -> str:
    rules = sorted({r for r in RULES if holds(cell, r)} | {rule})
    return "nvc_full" if len(rules) == len(RULES) else f"c{''.join(rules)}"


@pytest.mark.parametrize("name", sorted(set(ASSISTANTS) - {"pliant"}))
def test_all_but_pliant_pass_over_the_arm(name: str) -> None:
    scenario = scenarios()[0]
    assert play(ASSISTANTS[name], scenario, "nvc_full") == play(ASSISTANTS[name], scenario)


def test_a_placebo_changes_nothing_for_pliant() -> None:
    for scenario in scenarios("eight"):
        placebo, vanilla = (play(ASSISTANTS["pliant"], scenario, name) for name in ("placebo", "vanilla"))
        assert placebo == vanilla


def test_pliant_keeps_the_rules_of_its_prompt() -> None:
    opening = scenarios()[0].opening
    for cell in CELLS:
        reply = ASSISTANTS["pliant"](assistant_turns(arm(cell), [opening], []))
        codes = assistant_codes(reply, [opening])
        assert "restates" in codes
        assert ("blames_user" in codes) != holds(cell, "1")
        assert ("reflects_feeling" in codes) == holds(cell, "2")
        # "You could have raised it sooner." blames and reads as advice.
        assert ("gives_advice" in codes) != (holds(cell, "3") and holds(cell, "1"))


def test_empath_neither_repeats_itself_nor_judges_nor_advises_unasked() -> None:
    for game in played("empath"):
        assert len(set(game.replies)) == len(game.replies)
        value = game.value
        assert (value["v1"], value["v3"]) == (0, 0), game.scenario.id
        if game.scenario.profile == "venting":
            late = game.reading.assistant[2:]
            assert not any(turn.codes & {"question", "gives_advice"} for turn in late), game.scenario.id


def test_the_example_of_the_spec() -> None:
    (game,) = [g for g in played("empath", "nvc_full", "eight") if g.scenario.id == "family-01-v1"]
    assert (game.reading.levels, game.end) == ((3, 3, 2, 2, 1, 0), "calmed")
    found = {key: value for key, value in game.value.items() if key != "words"}
    assert found == pytest.approx(
        {
            "cts_d": 0.625, "auc": -1.4, "slope": -0.6, "overshoot": 0, "escalated": 0, "de_escalated": 1,
            "conduct": 0.85, "v1": 0, "v2": 0.6, "v3": 0, "v4": 0,
        }
    )  # fmt: skip


@pytest.mark.parametrize("name", ASSISTANTS)
def test_a_player_has_something_to_say_to_anybody(name: str) -> None:
    for message in ("", "Hm.", "???"):
        assert ASSISTANTS[name]([Turn("user", message)]).strip()


def test_the_family_is_recognised_by_its_prompts() -> None:
    scenario = scenarios()[0]
    assert is_deescalation(assistant_turns(arm("c12"), [scenario.opening], []))
    assert is_deescalation([Turn("system", persona(scenario)), Turn("user", "Hello.")])
    assert is_deescalation([Turn("user", f"{arm('vanilla')}\n\n{scenario.opening}")])
    assert not is_deescalation([Turn("user", scenario.opening)])
    assert not is_deescalation([])


def test_the_names_are_those_of_the_spec() -> None:
    assert set(DEESC_PLAYERS) | {"echo"} == set(BANDS) | {"resistant_user"}
    assert {scenario.seed_id for scenario in scenarios("eight")} == set(EIGHT)
