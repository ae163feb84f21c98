"""The arguments of the task: what presets fill in, and the sentence that each mistake gives."""

import inspect
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
    ({"preset": "paper"}, "preset=paper: choose one of standard, smoke."),
    ({"mode": "branch"}, "mode=branch: choose one of scripted, live."),
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


@pytest.mark.parametrize(
    ("given", "number", "arms"),
    [
        ({}, 600, ("vanilla", "placebo", "nvc_full")),
        ({"preset": "smoke"}, 8, ("vanilla", "nvc_full")),
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
