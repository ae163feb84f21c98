"""Every combination of arguments: the condition it is, how many samples, which roles, and what it takes."""

from dataclasses import fields
from inspect import signature
from itertools import product
from typing import get_args

import pytest

from interplay.tasks.mazes import maze_collab, maze_relay, maze_solo
from interplay.tasks.mazes.arguments import (
    GRADERS,
    LARGEST_K,
    Collab,
    Control,
    Game,
    PairCondition,
    Pairing,
    Relay,
    RelayMode,
    Solo,
    Track,
    scripts,
)
from interplay.tasks.mazes.conditions import (
    default_runs,
    game_of,
    refuse_roles,
    required_roles,
    run_size,
    settled_runs,
    spoken,
    validate_roles,
)
from interplay.tasks.mazes.dataset import next_of_family, samples_of
from interplay.tasks.mazes.instances import load
from interplay.tasks.mazes.maze import FAMILIES
from interplay.tasks.mazes.play import model_opens
from interplay.tasks.mazes.prompting import SEAT_MARK
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import RunSize

TASKS = {
    "maze_solo": (maze_solo, Solo),
    "maze_collab": (maze_collab, Collab),
    "maze_relay": (maze_relay, Relay),
}


@pytest.mark.parametrize(("made", "record"), TASKS.values(), ids=list(TASKS))
def test_a_task_and_the_record_of_its_arguments_have_the_same_names_and_defaults(made, record) -> None:
    arguments = {name: parameter.default for name, parameter in signature(made).parameters.items()}
    assert arguments == {field.name: field.default for field in fields(record)}


@pytest.mark.parametrize(
    ("view", "mode", "condition"),
    [("full", "plan", "C1"), ("distributed", "plan", "C2"), ("distributed", "step", "C3")],
)
def test_who_is_alone_has_a_condition_by_view_and_mode(view: str, mode: str, condition: str) -> None:
    game = Solo(view=view, mode=mode)  # pyright: ignore[reportArgumentType]
    assert game.condition == condition
    assert game.both_orders == (view == "distributed")
    assert game.samples == 120 * (2 if view == "distributed" else 1)
    assert not game.has_critic


@pytest.mark.parametrize(
    ("preset", "critic", "mode", "asked"),
    [
        ("standard", None, "plan", False),
        ("standard", True, "plan", True),
        ("paper", None, "plan", True),
        ("paper", False, "plan", False),
        ("paper", None, "step", False),
        ("standard", False, "step", False),
    ],
)
def test_a_plan_is_checked_where_the_preset_or_the_user_says(
    preset: str, critic: bool | None, mode: str, asked: bool
) -> None:
    game = Solo(preset=preset, critic=critic, mode=mode)  # pyright: ignore[reportArgumentType]
    assert game.has_critic is asked
    calls = {"plan": 2 if asked else 1, "step": 17}[mode]
    args = {"preset": preset, "mode": mode} | ({} if critic is None else {"critic": critic})
    assert run_size("maze_solo", args).calls == calls


COLLABS = list(product(get_args(PairCondition), range(5), (None, *get_args(Track)), get_args(Pairing)))


def test_every_combination_of_a_pair_is_a_game_or_one_sentence() -> None:
    refused = 0
    for condition, assistance, track, pairing in COLLABS:
        contradicts = (
            (condition == "C6" and assistance not in (0, 2))
            or (track == "structured" and assistance not in (0, 2))
            or (condition == "C5" and pairing == "cross")
        )
        given = {"condition": condition, "assistance": assistance, "track": track, "pairing": pairing}
        if contradicts:
            refused += 1
            with pytest.raises(UserMistake) as mistake:
                Collab(**given)
            assert mistake.value.message.endswith(".")
            assert ". " not in mistake.value.message, "one sentence"
            continue
        game = Collab(**given)
        structured = track == "structured"
        assert game.shown_assistance == (2 if condition == "C6" or structured else assistance)
        assert game.played_track == (track or "commit")
        assert game.both_orders == (condition != "C4")
        assert game.needed_roles == ({"partner"} if pairing == "cross" else set())
        assert game.unused_roles == (set() if pairing == "cross" else {"partner"})
        assert game.samples == 120 * (1 if condition == "C4" else 2)
    assert 0 < refused < len(COLLABS) / 2


def test_the_paper_and_the_smoke_preset_have_one_order() -> None:
    assert Collab(preset="paper").samples == 100
    assert Collab(preset="smoke").samples == 6
    assert Collab(preset="smoke", mazes=1).samples == 3
    assert Collab(mazes=5).samples == 30
    assert Relay(preset="paper").played_track == "free"


@pytest.mark.parametrize("k", range(-1, LARGEST_K + 3))
def test_a_relay_changes_after_an_even_number_of_notes(k: int) -> None:
    if k in range(0, LARGEST_K + 1, 2):
        assert Relay(k=k).k == k
        return
    with pytest.raises(UserMistake) as refused:
        Relay(k=k)
    if 0 <= k <= LARGEST_K:
        assert refused.value.message == (
            f"k={k}: relay changes the speaker of seat 1 and needs an even k; use {k - 1} or {k + 1}."
        )
    else:
        assert refused.value.message == f"k={k}: choose an even k from 0 to {LARGEST_K}."


@pytest.mark.parametrize(
    ("k", "mode", "control"), [*product((0, 2, 4), get_args(RelayMode), get_args(Control))]
)
def test_an_opener_is_transplanted_only_where_there_is_one(k: int, mode: RelayMode, control: Control) -> None:
    if control == "none" or (k, mode) == (2, "prime"):
        assert Relay(k=k, mode=mode, control=control).needed_roles == {"strong"}
        return
    with pytest.raises(UserMistake) as refused:
        Relay(k=k, mode=mode, control=control)
    assert refused.value.message == (
        f"control=transplant with k={k}, mode={mode}: an opener is transplanted only with k=2, mode=prime."
    )


def test_players_that_read_transcripts_hold_no_seat() -> None:
    assert "cartographer" in scripts()
    assert not set(GRADERS) & set(scripts())
    for name in scripts():
        assert Collab(condition="C5", script=name).script == name
    with pytest.raises(UserMistake, match="script=clerk: no such player; choose one of "):
        Collab(condition="C5", script="clerk")


@pytest.mark.parametrize(
    ("task", "args", "needed"),
    [
        ("maze_solo", {}, set()),
        ("maze_collab", {"pairing": "cross", "judge": True}, {"grader", "partner"}),
        ("interplay/maze_relay", {}, {"strong"}),
        ("maze_relay", {"judge": True}, {"grader", "strong"}),
    ],
)
def test_roles_that_a_game_needs_must_be_bound_and_are_named_in_order(
    task: str, args: dict, needed: set[str]
) -> None:
    assert required_roles(task, args) == needed
    validate_roles(task, args, needed)
    for missing in sorted(needed):
        with pytest.raises(UserMistake, match=f"--model-role {missing}=MODEL"):
            validate_roles(task, args, needed - {missing})
    if needed:
        with pytest.raises(UserMistake, match=f"--model-role {min(needed)}=MODEL"):
            validate_roles(task, args, set())


def test_a_partner_that_nobody_asked_for_shows_another_game() -> None:
    with pytest.raises(UserMistake) as refused:
        refuse_roles({"partner"}, set(), {"partner"})
    assert refused.value.message == (
        "role partner is bound but pairing=self; add -T pairing=cross or drop the role."
    )
    refuse_roles({"partner"}, {"partner"}, set())


def test_runs_by_default_are_the_ladder_of_the_preset() -> None:
    games = {p: [game_of(*run).condition for run in default_runs(p)] for p in ("standard", "smoke", "paper")}  # pyright: ignore[reportAttributeAccessIssue]
    assert games == {"standard": ["C3", "C7"], "smoke": ["C3", "C7"], "paper": ["C1", "C2", "C7"]}


@pytest.mark.parametrize(
    ("calls", "opening", "tokens"), [(1, 330, 500), (2, 330, 500), (17, 330, 40), (25, 450, 120)]
)
def test_a_conversation_is_read_again_with_every_reply(calls: int, opening: int, tokens: int) -> None:
    size = spoken(range(calls), opening=opening, tokens=tokens)
    read = written = 0
    for _ in range(calls):
        read += opening + written
        written += tokens
    assert (size.calls, size.input_tokens, size.output_tokens) == (calls, read, written)


def test_half_of_the_notes_with_a_scripted_partner_cost_nothing() -> None:
    """25 notes and 2 private questions are 27 calls; a script that writes every second one halves them."""
    alone, scripted = (run_size("maze_collab", {"condition": c}) for c in ("C7", "C5"))
    assert alone.calls == 27
    assert scripted.calls == 13.5
    assert (scripted.input_tokens, scripted.output_tokens) == (
        alone.input_tokens / 2,
        alone.output_tokens / 2,
    )
    assert alone.output_tokens == 25 * 120 + 2 * 80
    assert run_size("maze_collab", {"track": "free"}).calls == 25


def of_all(size: RunSize) -> tuple[float, float, float]:
    """Calls and tokens of the model and of the roles beside it."""
    parts = (size, *size.roles.values())
    return (
        sum(part.calls for part in parts),
        sum(part.input_tokens for part in parts),
        sum(part.output_tokens for part in parts),
    )


@pytest.mark.parametrize(
    ("task", "args", "role", "calls"),
    [
        ("maze_collab", {"pairing": "cross"}, "partner", 12 + 1),
        ("maze_collab", {"pairing": "cross", "track": "free"}, "partner", 12),
        ("maze_relay", {"k": 0}, "strong", 0),
        ("maze_relay", {"k": 2, "control": "transplant"}, "strong", 1),
        ("maze_relay", {"k": 48}, "strong", 13),
        ("maze_relay", {"k": 0, "mode": "recover"}, "strong", 13),
        ("maze_relay", {"k": 8, "mode": "recover"}, "strong", 9),
    ],
)
def test_what_the_other_model_costs_is_told_apart(task: str, args: dict, role: str, calls: int) -> None:
    size = run_size(task, args)
    track = {"track": args["track"]} if "track" in args else {}
    assert list(size.roles) == [role]
    assert size.roles[role].calls == calls
    assert of_all(size) == of_all(run_size("maze_collab", track)), "who speaks changes no total"


def test_a_judge_is_asked_once_a_dialogue_and_never_about_one_player() -> None:
    for task in ("maze_collab", "maze_relay"):
        plain, judged = run_size(task, {}), run_size(task, {"judge": True})
        assert not plain.judges
        assert judged.judges["grader"].calls == 1
        assert judged.judges["grader"].input_tokens > 25 * 120
        assert of_all(judged) == of_all(plain)
    with pytest.raises(UserMistake, match="judge=true with maze_solo"):
        run_size("maze_solo", {"judge": True})


@pytest.mark.parametrize(
    ("given", "bound", "solo", "pair"),
    [
        ({}, set(), None, None),
        ({}, {"partner"}, None, None),
        ({}, {"grader"}, False, None),
        ({"judge": True}, {"grader"}, False, True),
        ({"judge": False}, {"grader"}, False, False),
    ],
)
def test_a_judge_reads_the_dialogues_of_a_family_alone(
    given: dict, bound: set[str], solo: bool | None, pair: bool | None
) -> None:
    runs = [(task, args | given) for task, args in default_runs("standard")]
    first, second = settled_runs(runs, given, bound)
    assert (first[1].get("judge"), second[1].get("judge")) == (solo, pair)


def test_a_judge_that_one_player_was_given_stays_and_is_refused() -> None:
    runs = [("maze_solo", {"judge": True})]
    assert settled_runs(runs, {"judge": True}, {"grader"}) == runs
    with pytest.raises(UserMistake, match="judge=true with maze_solo"):
        validate_roles("maze_solo", {"judge": True}, {"grader"})


def test_the_model_opens_half_of_the_samples_with_either_half() -> None:
    """Counterbalanced where starters alternate: each maze once, and either half equally often."""
    ids = [maze.maze_id for maze in load("standard-1")]
    opens = {(name, order): model_opens(name, order) for name in ids for order in ("AB", "BA")}
    assert all(opens[name, "AB"] != opens[name, "BA"] for name in ids)
    for family in FAMILIES:
        assert sum(opens[name, "AB"] for name in ids if f"-{family}-" in name) == 20
    assert [model_opens(f"set-{i:03d}", "AB") for i in (1, 2, 3)] == [False, True, False]


@pytest.mark.parametrize(
    "game",
    [Solo(mazes=2), Solo(view="full", mazes=2), Collab(mazes=2), Collab(condition="C4", mazes=2),
     Relay(mazes=2, control="transplant"), Collab(preset="paper", mazes=3), Solo(preset="smoke")],
    ids=lambda game: f"{game.task}-{game.preset}-{getattr(game, 'condition', 'relay')}",
)  # fmt: skip
def test_samples_go_maze_by_maze_and_say_what_a_scorer_needs(game: Game) -> None:
    samples = samples_of(game)
    assert len(samples) == game.samples
    orders = ["AB", "BA"] if game.both_orders else ["AB"]
    for i, sample in enumerate(samples):
        meta = sample.metadata or {}
        assert meta["seat"] == orders[i % len(orders)]
        assert sample.id == f"{meta['maze_id']}-{meta['seat']}"
        assert sample.target == " ".join(f"({r},{c})" for r, c in meta["maze"]["route"])
        assert len(str(sample.input).split(SEAT_MARK)) == (1 if isinstance(game, Solo) else 2)
        assert ("donor" in meta) == (isinstance(game, Relay) and game.control == "transplant")
        if "donor" in meta:
            assert meta["donor"] != meta["maze_id"]
            assert meta["donor"].rsplit("-", 1)[0] == meta["maze_id"].rsplit("-", 1)[0]
            assert meta["donor_opening"] != str(sample.input).split(SEAT_MARK)[0]
    per_family = [s for s in samples if (s.metadata or {})["family"] == "bernoulli"]
    assert len(per_family) == game.samples // game.rules.families


def test_donors_go_round_within_a_family() -> None:
    every = load("standard-1")
    for family in FAMILIES:
        own = [maze for maze in every if maze.family == family]
        donors = [next_of_family(maze, every) for maze in own]
        assert donors == own[1:] + own[:1]
