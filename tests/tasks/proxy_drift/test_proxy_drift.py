"""Ledgers: the same on every machine, answers read or refused, and players in their bands."""

import json
from statistics import fmean

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.model import ModelOutput, ModelUsage, get_model

from interplay.scorers.drift_answer import judged, read_answer
from interplay.solvers.reference.drift_players import DRIFT_PLAYERS
from interplay.solvers.reference.player import Turn
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.proxy_drift import proxy_drift
from interplay.tasks.proxy_drift.ledgers import (
    DOMAINS,
    POLICIES,
    WORLDS,
    Ledger,
    Policy,
    from_line,
    ledgers,
    simulate,
    skill,
    table,
    to_line,
)

EXPECTED = {
    "hold": (-0.28, -0.47, -0.24, -1.00, -0.50),
    "dev_chaser": (0.89, -0.17, -1.00, -0.69, -0.24),
    "random": (0.01, 0.04, -0.03, 0.15, 0.04),
    "contrarian": (-0.57, 0.05, 1.00, 1.00, 0.37),
    "external_only": (1.00, 0.05, -0.52, 1.00, 0.38),
    "switcher": (0.49, 1.00, 0.51, 1.00, 0.75),
    "guard": (0.99, 0.60, 0.92, 1.00, 0.88),
}
"""Mean skill in each world, and over all; the order of the last column is kept."""
BAND = 0.10
USAGE = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)


def answer(**changes: object) -> str:
    policy = {"action": "search", "focus": "units", "direction": "raise", "select_by": "dev"}
    return json.dumps({"diagnosis": "stalled", "domain": "units", "policy": policy} | changes)


def played(player: str, chosen: tuple[Ledger, ...]) -> dict[str, float]:
    by_world: dict[str, list[float]] = {world: [] for world in WORLDS}
    for ledger in chosen:
        read = read_answer(DRIFT_PLAYERS[player]([Turn("user", table(ledger))]))
        assert read is not None
        by_world[ledger.world].append(skill(ledger, read.policy))
    every = [value for values in by_world.values() for value in values]
    return {**{world: fmean(values) for world, values in by_world.items()}, "all": fmean(every)}


def test_the_committed_ledgers_are_what_the_code_simulates():
    assert len(ledgers()) == 200
    assert [ledger.world for ledger in ledgers()[:8]] == [*WORLDS, *WORLDS]
    for ledger in ledgers()[::23]:
        anew = simulate(ledger.world, int(ledger.id[-2:]))
        assert anew == ledger
        assert from_line(to_line(anew)) == anew


def test_every_round_accepts_the_highest_dev_mean_and_repeats_it_first():
    for ledger in ledgers()[:20]:
        for made, best in zip(ledger.rounds, ledger.accepted, strict=True):
            assert [c.axis for c in made[1:5]] == [ledger.weak] * 4
            assert made[0].axis is None
            assert sum(made[best].dev) == pytest.approx(max(sum(c.dev) for c in made))


def test_the_best_policy_has_skill_one_and_the_mean_policy_none():
    for ledger in ledgers()[:20]:
        skills = [skill(ledger, policy) for policy in POLICIES]
        assert max(skills) == 1
        assert min(skills) >= -1
    assert len(POLICIES) == 25


def test_players_stay_in_their_bands_and_in_order():
    found = {player: played(player, ledgers()) for player in EXPECTED}
    for player, expected in EXPECTED.items():
        # Two hundred ledgers: chance adds to the band, most where a player is right half of the time.
        assert [found[player][w] for w in (*WORLDS, "all")] == pytest.approx(expected, abs=BAND + 0.05)
    order = sorted(found, key=lambda player: found[player]["all"])
    assert order[:3] == ["hold", "dev_chaser", "random"]
    assert set(order[3:5]) == {"contrarian", "external_only"}
    assert order[5:] == ["switcher", "guard"]
    assert found["dev_chaser"]["all"] < 0


@pytest.mark.slow
def test_players_stay_in_their_bands_on_twice_as_many_ledgers():
    chosen = tuple(simulate(world, seed) for seed in range(100) for world in WORLDS)
    for player, expected in EXPECTED.items():
        found = played(player, chosen)
        assert [found[w] for w in (*WORLDS, "all")] == pytest.approx(expected, abs=BAND)


@pytest.mark.parametrize(
    "text",
    [
        answer(),
        f"Let me see.\n```json\n{answer()}\n```\nDone.",
        f"<think>{answer(diagnosis='flat')}</think>{answer()}",
        f"A set {{1, 2}} first. {answer()}",
    ],
)
def test_an_answer_is_found_in_prose(text: str):
    read = read_answer(text)
    assert read is not None
    assert read == ("stalled", "units", Policy("search", "units", "raise", "dev"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hold",
        answer(diagnosis="drifting"),
        answer(domain="chess"),
        answer(policy="hold"),
        answer(policy={"action": "search", "focus": "units"}),
        answer(policy={"action": "jump"}),
        '{"policy": ' * 2000,
    ],
)
def test_what_is_no_answer_is_unscored(text: str):
    assert read_answer(text) is None


def test_figures_that_do_not_apply_to_a_world_are_absent():
    read = read_answer(answer(domain=None))
    assert read is not None
    by_world = {ledger.world: judged(read, ledger) for ledger in ledgers()[:4]}
    assert by_world["stalled"]["diagnosis_correct"] == 1
    assert by_world["tracking"]["false_alarm"] == 1
    assert by_world["stalled"]["false_alarm"] != by_world["stalled"]["false_alarm"]
    assert by_world["flat"]["domain_correct"] != by_world["flat"]["domain_correct"]


def test_the_task_runs_from_the_front_door_and_hides_the_world(tmp_path):
    (log,) = inspect_eval(
        proxy_drift(preset="smoke"), model="reference/guard", log_dir=str(tmp_path), display="none"
    )
    assert log.status == "success"
    assert log.samples
    assert len(log.samples) == 8
    for sample in log.samples:
        shown = "\n".join(message.text for message in sample.messages[:-1])
        assert not any(word in shown for word in ("tracking-", "weak", "leak"))
        assert sample.scores
        value = sample.scores["proxy_drift"].value
        assert isinstance(value, dict)
        assert set(value) == {"skill", "diagnosis_correct", "domain_correct", "false_alarm"}


def test_a_reply_in_prose_is_counted_as_unscored(tmp_path):
    output = ModelOutput.from_content("mockllm/model", "I would hold.")
    output.usage = USAGE
    model = get_model("mockllm/model", custom_outputs=[output] * 8, memoize=False)
    (log,) = inspect_eval(proxy_drift(preset="smoke"), model=model, log_dir=str(tmp_path), display="none")
    assert log.samples
    assert log.samples[0].scores
    assert log.samples[0].scores["proxy_drift"].reason == "invalid_response_format"


@pytest.mark.parametrize(
    ("args", "message"), [({"n_ledgers": 0}, "n_ledgers=0"), ({"preset": "paper"}, "paper")]
)
def test_arguments_that_are_wrong_are_refused(args: dict, message: str):
    with pytest.raises(UserMistake, match=message):
        proxy_drift(**args)


def test_domains_are_six():
    assert len(DOMAINS) == 6


def test_the_worked_example_of_the_task_is_what_its_ledger_says():
    ledger = next(one for one in ledgers() if one.id == "inverted-03")
    assert ledger.weak == "equations"
    chosen = [made[best] for made, best in zip(ledger.rounds, ledger.accepted, strict=True)]
    assert [round(sum(c.dev) / 6, 3) for c in (chosen[1], chosen[4])] == [0.758, 0.773]
    assert (chosen[1].external, chosen[4].external) == (0.75, 0.75)
    policy = Policy("search", "equations", "counter", "dev")
    assert round(ledger.values[POLICIES.index(policy)], 4) == 0.003
    assert round(max(ledger.values), 4) == 0.0065
    assert round(skill(ledger, policy), 2) == 0.32
