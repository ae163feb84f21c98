"""One command, several models and roles: every combination once, each with its own folder and roles."""

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.commands.parts import Part, parts_of, role_choices, sliced
from interplay.leaderboard.commands.slices import Slice, slice_folder
from interplay.tasks.mistakes import UserMistake

ROLES = st.dictionaries(
    st.sampled_from(["grader", "partner", "strong", "user_sim"]),
    st.lists(st.sampled_from(["a/1", "b/2", "c/3"]), min_size=1, max_size=3, unique=True),
    max_size=4,
)


def parts(
    *targets: str, models: tuple[str, ...] = ("reference/mute",), roles: tuple[str, ...] = (), **given: object
) -> list[Part]:
    return parts_of(targets, models, roles, "smoke", given, None)  # pyright: ignore[reportArgumentType]


@settings(max_examples=50)
@given(ROLES)
def test_every_way_to_fill_the_roles_comes_once(roles: dict[str, list[str]]) -> None:
    pairs = [f"{role}={model}" for role, models in roles.items() for model in models]
    found = role_choices(pairs)
    expected = [dict(zip(roles, choice, strict=True)) for choice in product(*roles.values())]
    assert found == expected
    assert len({tuple(sorted(one.items())) for one in found}) == len(found)


def test_without_roles_there_is_one_way() -> None:
    assert role_choices([]) == [{}]


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        (["grader"], "--model-role grader: expected NAME=VALUE, for example --model-role name=value."),
        (["grader="], "--model-role grader=: expected NAME=VALUE, for example --model-role name=value."),
        (["grader=a/1", "grader=a/1"], "--model-role grader=a/1 is given twice; keep one."),
    ],
)
def test_a_role_that_is_none_or_comes_twice_is_refused(pairs: list[str], said: str) -> None:
    with pytest.raises(UserMistake) as refused:
        role_choices(pairs)
    assert refused.value.message == said


def test_a_model_that_comes_twice_is_refused() -> None:
    with pytest.raises(UserMistake) as refused:
        parts("mazes", models=("a/x", "b/y", "a/x"))
    assert refused.value.message == "--model a/x is given twice; keep one."


@pytest.mark.parametrize("again", ["proxy_drift", "interplay/proxy_drift"])
def test_a_target_that_comes_twice_is_refused_under_either_name(again: str) -> None:
    with pytest.raises(UserMistake) as refused:
        parts("mazes", "proxy_drift", again)
    assert refused.value.message == "proxy_drift is given twice; keep one."


def test_every_target_runs_by_every_model_with_every_choice_of_roles() -> None:
    found = parts(
        "maze_collab", "maze_relay",
        models=("a/x", "b/y"), roles=("strong=c/1", "strong=c/2"),
    )  # fmt: skip
    assert [(p.model, p.roles["strong"], p.plan.runs[0][0]) for p in found] == [
        (model, strong, task)
        for model in ("a/x", "b/y")
        for strong in ("c/1", "c/2")
        for task in ("maze_collab", "maze_relay")
    ]
    assert len({part.folder for part in found}) == 8, "no two share a folder"


def test_one_folder_for_everything_where_one_is_given() -> None:
    found = parts_of(["mazes"], ["a/x", "b/y"], [], "smoke", {}, Path("all"))
    assert {part.folder for part in found} == {Path("all")}


def test_a_grader_makes_judges_of_the_runs() -> None:
    (part,) = parts("maze_collab", roles=("grader=reference/clerk",))
    assert part.plan.runs == [("maze_collab", {"judge": True, "preset": "smoke"})]
    part.require_roles()


@pytest.mark.parametrize(
    ("target", "roles", "said"),
    [
        ("maze_relay", (), "maze_relay needs a strong model: add --model-role strong=MODEL."),
        (
            "maze_collab",
            ("strong=a/b",),
            "--model-role strong: no such role in mazes; choose one of partner, grader.",
        ),
        ("maze_collab", ("grade=a/b",), "--model-role grade: no such role in mazes; did you mean grader?"),
        ("maze_solo", ("grader=a/b",), "--model-role grader: maze_solo has no roles; drop it."),
        (
            "user_turn_likelihood", ("grader=a/b",),
            "--model-role grader: user_turn_likelihood has no roles; drop it.",
        ),
        (
            "user_turn_replies", ("assistant=a/b",),
            "--model-role assistant: user_turn_replies has no roles; drop it.",
        ),
        ("proxy_drift", ("grader=a/b",), "role grader is bound, but proxy_drift uses none; drop the role."),
    ],
)  # fmt: skip
def test_roles_are_those_of_the_tasks_that_run(target: str, roles: tuple[str, ...], said: str) -> None:
    (part,) = parts(target, roles=roles)
    with pytest.raises(UserMistake) as refused:
        part.require_roles()
    assert refused.value.message == said


@settings(max_examples=50)
@given(st.integers(1, 9))
def test_slices_of_parts_hold_every_run_once_and_none_is_empty(count: int) -> None:
    whole = parts("mazes", "proxy_drift", models=("reference/mute", "reference/hold"))
    runs = [(part.model, run[0]) for part in whole for run in part.plan.runs]
    found: list[tuple[str, str]] = []
    for index in range(1, count + 1):
        for part in sliced(whole, Slice(index, count)):
            assert part.plan.runs, "a part without runs is left out"
            assert part.below is not None
            assert part.folder == part.below / f"{index}-of-{count}"
            found += [(part.model, run[0]) for run in part.plan.runs]
    assert found == runs


def test_a_folder_that_was_begun_otherwise_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    assert slice_folder(folder, Slice(1, 2)) == folder / "1-of-2"
    (folder / "1-of-2").mkdir(parents=True)
    (folder / "notes").mkdir()
    assert slice_folder(folder, Slice(2, 2)) == folder / "2-of-2"
    with pytest.raises(UserMistake) as refused:
        slice_folder(folder, Slice(1, 3))
    assert refused.value.message == (
        f"{folder}: was begun in 2 slices; go on with --array I/2, leave --array out to finish all in one "
        "process, or give another folder."
    )
    (folder / "old.eval").touch()
    with pytest.raises(UserMistake) as refused:
        slice_folder(folder, Slice(1, 2))
    assert refused.value.message == (
        f"{folder}: holds logs of a run without --array; leave it out, or give another folder."
    )
