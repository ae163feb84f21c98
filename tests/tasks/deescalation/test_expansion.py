"""Scenarios by the published formulas, their prompts, and inputs that are read as they were written."""

import json
from collections import Counter
from hashlib import sha256
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.escalation_cues import user_cues
from interplay.scorers.escalation_level import OPENING, level
from interplay.scorers.escalation_person import IN_ROLE
from interplay.tasks.deescalation.arguments import Talk
from interplay.tasks.deescalation.arms import chosen_arms, every_arm, listed, system_prompt
from interplay.tasks.deescalation.cards import cards, text_of
from interplay.tasks.deescalation.crisis import load_crisis
from interplay.tasks.deescalation.crisis_samples import SMOKE, Chat, Crisis, chat_of, crisis_samples
from interplay.tasks.deescalation.dataset import Parts, parts_of, samples_of
from interplay.tasks.deescalation.person import (
    FIXED_LEVELS,
    INJECTED,
    SIDE,
    fixed_messages,
    person_prompt,
    stage_note,
)
from interplay.tasks.deescalation.scenarios import (
    PROFILES,
    RESISTANCES,
    VARIANTS,
    crossed,
    expand,
    load_seeds,
    split_of,
)
from interplay.tasks.mistakes import UserMistake

SEEDS = load_seeds()
SCENARIOS = expand(SEEDS)
SOME = settings(max_examples=30)
scenarios = st.sampled_from(SCENARIOS)
lines = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30).map(
    lambda t: t.replace("=", "-")
)
ARMS = list(every_arm().arms)


@SOME
@given(st.integers(0, 1000))
def test_people_and_values_of_every_variant_follow_the_published_formula(k: int) -> None:
    """Resistance (i + 2v + k) % 3, profile (v + k) % 5, slot n its value (v + i + n + k) % 5."""
    found = iter(expand(SEEDS, k))
    for i, (seed_id, seed) in enumerate(SEEDS.items()):
        for v in range(VARIANTS):
            scenario = next(found)
            assert scenario.id == f"{seed_id}-v{v}"
            assert scenario.resistance == RESISTANCES[(i + 2 * v + k) % 3]
            assert scenario.profile == PROFILES[(v + k) % 5]
            opening = seed.opening
            for n, name in enumerate(sorted(seed.slots)):
                opening = opening.replace(f"{{{name}}}", seed.slots[name][(v + i + n + k) % 5])
            assert scenario.opening == opening
    assert next(found, None) is None


@SOME
@given(st.integers(0, 1000))
def test_no_brace_is_left_and_every_opening_begins_at_its_level(k: int) -> None:
    for scenario in expand(SEEDS, k)[:: k % 17 + 1]:
        texts = (*scenario.facts, scenario.hidden_fact, scenario.unfair_claim, scenario.opening)
        assert not any(set("{}") & set(text) for text in texts)
        assert level(user_cues(scenario.opening)) == OPENING


def test_the_instance_seed_goes_round() -> None:
    """Resistance goes round after 3, profiles and values after 5, all of it after 15."""
    assert expand(SEEDS, 15) == expand(SEEDS, 0)
    assert len({json.dumps([s.model_dump() for s in expand(SEEDS, k)]) for k in range(15)}) == 15


def test_crossing_meets_every_kind_of_person_once_a_seed() -> None:
    profiles = PROFILES[:3]
    found = crossed(SEEDS, profiles)
    assert len(found) == len(SEEDS) * 9
    for i, seed_id in enumerate(SEEDS):
        own = found[9 * i : 9 * i + 9]
        assert [(s.resistance, s.profile) for s in own] == [*product(RESISTANCES, profiles)]
        assert [s.variant for s in own] == list(range(9))
        assert [s.id for s in own] == [f"{seed_id}-{s.resistance}-{s.profile}" for s in own]


def test_a_seed_belongs_to_one_half_by_its_id_alone() -> None:
    for seed_id in SEEDS:
        digit = sha256(seed_id.encode()).hexdigest()[-1]
        assert split_of(seed_id) == ("dev" if digit in "02468ace" else "test")


@SOME
@given(scenarios)
def test_fixed_messages_say_a_fact_each_at_the_level_of_the_resistance(scenario) -> None:
    opening, *rest = fixed_messages(scenario)
    assert opening == scenario.opening
    assert tuple(level(user_cues(message)) for message in rest) == FIXED_LEVELS[scenario.resistance]
    for fact, message in zip(scenario.facts, rest, strict=False):
        assert f"{fact[:1].upper()}{fact[1:]}." in message
    assert len(rest) == 3
    assert (scenario.asks_for == "side_taking") == rest[-1].endswith(SIDE)
    assert fixed_messages(scenario) == [opening, *rest]


@SOME
@given(scenarios)
def test_the_prompt_of_a_person_holds_the_card_and_nothing_of_an_arm(scenario) -> None:
    prompt = person_prompt(scenario)
    assert scenario.opening in prompt
    assert scenario.hidden_fact in prompt
    assert json.dumps(scenario.facts, ensure_ascii=False) in prompt
    assert cards().resistance[scenario.resistance] in prompt
    assert cards().profile[scenario.profile] in prompt
    assert not any(arm in prompt for arm in ARMS if len(arm) > 3)


def test_one_reply_in_five_reaches_the_person_with_an_injection() -> None:
    notes = Counter(
        stage_note(s.id, epoch, turn) for s in SCENARIOS for epoch in (1, 2) for turn in range(1, 6)
    )
    plain = notes.pop(IN_ROLE)
    total = plain + sum(notes.values())
    assert total == 2000
    assert abs(1 - plain / total - INJECTED) < 0.03
    injections = text_of("injections.txt").splitlines()
    assert {note.removeprefix(f"{IN_ROLE} ") for note in notes} == set(injections)
    assert max(notes.values()) < 3 * sum(notes.values()) / len(injections), "none is drawn far too often"


@SOME
@given(lines, lines, st.lists(lines, min_size=1, max_size=4), st.booleans())
def test_an_input_comes_apart_as_it_was_put_together(
    system: str, person: str, said: list[str], replied: bool
) -> None:
    replies = tuple(f"reply to {text}" for text in said[1:]) if replied else ()
    parts = Parts(system, person, tuple(said), replies)
    assert parts_of(parts.rendered) == parts


@pytest.mark.parametrize(
    "args",
    [
        {"preset": "smoke"},
        {"preset": "smoke", "mode": "live"},
        {"mode": "branch", "arms": "core2", "n_seeds": 5},
    ],
    ids=["scripted", "live", "branch"],
)
def test_inputs_are_those_of_the_mode(args: dict) -> None:
    talk = Talk(**args)
    for sample in samples_of(talk):
        parts, meta = parts_of(str(sample.input)), sample.metadata or {}
        assert parts.system == system_prompt(meta["arm"])
        assert sample.id == f"{meta['scenario_id']}:{meta['arm']}"
        assert bool(parts.person) == (talk.played_mode != "scripted")
        assert len(parts.messages) == {"scripted": 4, "live": 1}.get(talk.played_mode, len(parts.replies) + 1)
        assert ("prefix" in meta) == (talk.played_mode == "branch")


def test_arms_of_one_scenario_differ_in_the_system_prompt_alone() -> None:
    by_scenario: dict[str, set[tuple]] = {}
    systems: dict[str, set[str]] = {}
    for sample in samples_of(Talk(arms="all", n_seeds=2, mode="live")):
        parts, meta = parts_of(str(sample.input)), dict(sample.metadata or {})
        systems.setdefault(meta["scenario_id"], set()).add(parts.system)
        meta.pop("arm")
        rest = (parts.person, parts.messages, parts.replies, json.dumps(meta, sort_keys=True))
        by_scenario.setdefault(meta["scenario_id"], set()).add(rest)
    assert {len(rests) for rests in by_scenario.values()} == {1}
    assert {len(texts) for texts in systems.values()} == {len(ARMS)}


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("core3", ("vanilla", "placebo", "nvc_full")),
        ("nvc_full,vanilla", ("vanilla", "nvc_full")),
        (["c1", " vanilla "], ("vanilla", "c1")),
        ("vanilla,,vanilla", ("vanilla",)),
        ("all", tuple(ARMS)),
        (" core2 ", ("placebo", "nvc_full")),
    ],
)
def test_arms_are_chosen_by_set_or_by_name_in_the_order_of_the_file(wanted, chosen: tuple[str, ...]) -> None:
    assert chosen_arms(wanted) == chosen


@pytest.mark.parametrize("wanted", ["", ",", " , ", [], [""]])
def test_no_arm_is_one_sentence(wanted) -> None:
    assert listed(wanted) == []
    with pytest.raises(UserMistake) as refused:
        chosen_arms(wanted)
    assert refused.value.message == "arms is empty; give at least one, such as vanilla."


@pytest.mark.parametrize("wanted", ["nvc", "vanilla,core3", "Vanilla"])
def test_an_arm_that_is_none_is_named_and_a_set_is_no_arm_among_others(wanted: str) -> None:
    wrong = next(name for name in wanted.split(",") if name != "vanilla")
    known = ARMS if "," in wanted else [*ARMS, *every_arm().sets]
    with pytest.raises(UserMistake) as refused:
        chosen_arms(wanted)
    assert refused.value.message == f"arms={wrong}: choose one of {', '.join(known)}."


@SOME
@given(lines, lines, lines, lines)
def test_a_chat_comes_apart_as_it_was_put_together(system: str, one: str, two: str, three: str) -> None:
    chat = Chat(system, (one, two, three))
    assert chat_of(chat.rendered) == chat


@pytest.mark.parametrize(("preset", "items"), [("standard", 24), ("smoke", 2 * SMOKE)])
def test_a_crisis_run_has_every_item_under_every_arm(preset: str, items: int) -> None:
    chosen = Crisis(preset=preset, arms="core2")  # pyright: ignore[reportArgumentType]
    samples = crisis_samples(chosen)
    assert len(samples) == chosen.samples == 2 * items
    assert [s.id for s in samples] == [
        f"{i.id}:{arm}" for i in chosen.items for arm in ("placebo", "nvc_full")
    ]
    for sample in samples:
        chat = chat_of(str(sample.input))
        item = load_crisis().named((sample.metadata or {})["item_id"])
        assert chat.messages == item.messages
        assert chat.system.startswith(system_prompt((sample.metadata or {})["arm"]))
