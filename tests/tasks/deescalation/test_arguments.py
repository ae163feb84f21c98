"""The arguments of the task: what presets fill in, and the sentence that each mistake gives."""

import inspect
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from interplay.tasks.deescalation import deescalation
from interplay.tasks.deescalation.arguments import Talk
from interplay.tasks.deescalation.arms import chosen_arms, system_prompt
from interplay.tasks.mistakes import UserMistake

EIGHT = ("vanilla", "c1", "c2", "c3", "c12", "c13", "c23", "nvc_full")
DOMAINS = "work, intimate, family, friend, community, service, online"
ARMS = "vanilla, placebo, warm, c1, c2, c3, c12, c13, c23, nvc_full, nvc_template"

MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"preset": "ceiling"}, "preset=ceiling: choose one of standard, paper, smoke."),
    ({"mode": "chat"}, "mode=chat: choose one of scripted, live, branch."),
    ({"simulator": "model"}, "simulator=model: choose one of rule, persona, state."),
    (
        {"simulator": "rule"},
        "simulator=rule with mode=scripted: nobody is simulated there; use mode=live.",
    ),
    ({"turns": 3, "mode": "branch"}, "turns=3 with mode=branch: 2 are played there; drop it."),
    (
        {"instance_seed": 2, "mode": "branch"},
        "instance_seed=2 with mode=branch: the prefixes are those of the package; drop it.",
    ),
    (
        {"seeds_file": "own.yaml", "mode": "branch"},
        "seeds_file=own.yaml with mode=branch: the prefixes are those of the package; drop it.",
    ),
    (
        {"preset": "paper", "mode": "scripted"},
        "mode=scripted with preset=paper: it is played live; drop one of them.",
    ),
    (
        {"preset": "paper", "variants": 2},
        "variants=2 with preset=paper: its seeds are fully crossed; narrow it with domains, resistance or "
        "n_seeds.",
    ),
    ({"arms": "nvc"}, f"arms=nvc: choose one of {ARMS}, core2, core3, core6, factorial, all."),
    ({"arms": "vanilla,core3"}, f"arms=core3: choose one of {ARMS}."),
    ({"arms": ""}, "arms is empty; give at least one, such as vanilla."),
    ({"n_seeds": 41}, "n_seeds=41: choose a whole number from 1 to 40."),
    ({"n_seeds": 0}, "n_seeds=0: choose a whole number from 1 to 40."),
    ({"n_seeds": "two"}, "n_seeds=two: expected a whole number."),
    ({"variants": 9}, "variants=9: choose a whole number from 1 to 5."),
    ({"turns": 0, "mode": "live"}, "turns=0: choose a whole number from 1 to 50."),
    ({"turns": 3}, "turns=3 with mode=scripted: the person's side is fixed there; use mode=live."),
    ({"domains": "work,home"}, f"domains=home: choose one of {DOMAINS}."),
    ({"domains": []}, f"domains is empty; choose from {DOMAINS}."),
    ({"resistance": "extreme"}, "resistance=extreme: choose one of low, medium, high."),
    ({"split": "train"}, "split=train: choose one of all, dev, test."),
    ({"instance_seed": -1}, "instance_seed=-1: choose a whole number from 0 to 2147483647."),
    ({"seeds_file": "none.yaml"}, "seeds_file=none.yaml: no such file; give a YAML file of seeds."),
    (
        {"n_seeds": 1, "variants": 1, "resistance": "high"},
        "resistance=high, n_seeds=1, variants=1 leaves no scenario; drop one of these or add variants or "
        "seeds.",
    ),
]


@pytest.mark.parametrize(("given", "sentence"), MISTAKES)
def test_a_mistake_is_one_sentence(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserMistake) as caught:
        deescalation(**given)
    assert caught.value.message == sentence


def test_defaults_are_those_of_the_record() -> None:
    defaults = {n: p.default for n, p in inspect.signature(deescalation).parameters.items()}
    talk = Talk()
    assert defaults == {name: getattr(talk, name) for name in vars(talk) if name in defaults}
    assert set(Talk.__dataclass_fields__) - set(defaults) == {"bound", "task"}


@pytest.mark.parametrize(
    ("given", "played"),
    [
        ({}, ("scripted", None, 4, 1)),
        ({"bound": ["user_sim"]}, ("live", "persona", 8, 3)),
        ({"bound": ["grader"]}, ("scripted", None, 4, 1)),
        ({"mode": "live"}, ("live", "rule", 8, 1)),
        ({"mode": "live", "bound": ["user_sim"], "preset": "smoke"}, ("live", "persona", 8, 1)),
        ({"mode": "live", "simulator": "state", "turns": 3}, ("live", "state", 3, 3)),
        ({"mode": "scripted", "bound": ["user_sim"]}, ("scripted", None, 4, 1)),
        ({"mode": "branch"}, ("branch", "rule", 2, 4)),
        ({"mode": "branch", "bound": ["user_sim"]}, ("branch", "persona", 2, 4)),
        ({"preset": "paper"}, ("live", "persona", 8, 1)),
        ({"preset": "paper", "simulator": "rule"}, ("live", "rule", 8, 1)),
    ],
)
def test_what_is_played_by_default(given: dict[str, Any], played: tuple[str, str | None, int, int]) -> None:
    talk = Talk(**given)
    assert (talk.played_mode, talk.played_simulator, talk.replies, talk.epochs) == played


def test_the_paper_preset_crosses_eighteen_seeds() -> None:
    talk = Talk(preset="paper")
    assert talk.played_arms == ("vanilla", "nvc_full")
    assert len(talk.scenarios) == 162
    assert {s.domain for s in talk.scenarios} == {"work", "intimate", "community"}
    cells = Counter((s.seed_id, s.resistance, s.profile) for s in talk.scenarios)
    assert len(cells) == 162
    assert len({seed for seed, _, _ in cells}) == 18
    assert {profile for _, _, profile in cells} == {"ack_seeking", "solution_seeking", "justice_seeking"}
    assert talk.scenarios[0].id == "work-01-low-ack_seeking"
    assert not {s.id for s in talk.scenarios} & {s.id for s in Talk().scenarios}
    facts = {s.facts for s in talk.scenarios if s.seed_id == "work-01"}
    assert len(facts) == 5, "the values of the slots differ between cells"
    assert {s.seed_id for s in Talk(preset="paper", domains="online").scenarios} == {
        f"online-0{n}" for n in range(1, 6)
    }


def test_a_branch_takes_the_scenarios_that_have_a_prefix() -> None:
    talk = Talk(mode="branch")
    assert len(talk.scenarios) == 60
    assert {s.id for s in talk.scenarios} == set(talk.prefixes)
    assert Talk(mode="live").prefixes == {}
    assert len(Talk(mode="branch", preset="smoke").scenarios) >= 2
    with pytest.raises(UserMistake, match="leaves no scenario"):
        Talk(mode="branch", n_seeds=1, variants=1, resistance="low", domains="work")


@pytest.mark.parametrize(
    ("given", "number", "arms"),
    [
        ({}, 600, ("vanilla", "placebo", "nvc_full")),
        ({"preset": "smoke"}, 8, ("vanilla", "nvc_full")),
        ({"mode": "branch"}, 180, ("vanilla", "placebo", "nvc_full")),
        ({"arms": "factorial"}, 1600, EIGHT),
        ({"arms": "c1, vanilla"}, 400, ("vanilla", "c1")),
        ({"arms": ["warm"], "n_seeds": 3, "variants": 2}, 6, ("warm",)),
        ({"arms": "vanilla", "resistance": "low"}, 67, ("vanilla",)),
        ({"preset": "smoke", "n_seeds": 4}, 16, ("vanilla", "nvc_full")),
    ],
)
def test_how_many_conversations_are_held(given: dict[str, Any], number: int, arms: tuple[str, ...]) -> None:
    talk = Talk(**given)
    assert (talk.samples, talk.played_arms) == (number, arms)
    assert len(deescalation(**given).dataset) == number


def test_the_splits_and_domains_part_the_scenarios() -> None:
    halves = [{s.id for s in Talk(split=part).scenarios} for part in ("dev", "test")]
    assert not halves[0] & halves[1]
    assert len(halves[0] | halves[1]) == 200
    assert {s.domain for s in Talk(domains="work,online").scenarios} == {"work", "online"}


def test_what_is_left_out_changes_nothing_about_the_rest() -> None:
    everyone = {s.id: s for s in Talk().scenarios}
    for scenario in Talk(domains="online", resistance=["high"], n_seeds=2).scenarios:
        assert everyone[scenario.id] == scenario


def test_seeds_of_ones_own(tmp_path: Path) -> None:
    from interplay.tasks.deescalation.scenarios import SEEDS

    lines = SEEDS.read_text("utf-8").splitlines(keepends=True)
    start = next(n for n, line in enumerate(lines) if line.startswith("work-02"))
    own = tmp_path / "own.yaml"
    own.write_text("".join(lines[:start]), encoding="utf-8")
    assert {s.seed_id for s in Talk(seeds_file=str(own)).scenarios} == {"work-01"}


def test_a_system_prompt_is_the_preamble_and_the_blocks() -> None:
    parts = system_prompt("nvc_full").split("\n\n")
    assert parts[0] == system_prompt("vanilla")
    assert parts[1:] == [system_prompt(c).split("\n\n")[1] for c in ("c1", "c2", "c3")]
    assert chosen_arms("all") == tuple(ARMS.split(", "))
