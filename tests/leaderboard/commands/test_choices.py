"""What is said of a name that is none, and of names and values on the command line of `eval`."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.commands.choices import nearest
from interplay.leaderboard.commands.plan import parse_pairs, parse_task_args, slug
from interplay.tasks.mistakes import UserMistake

NAMES = ("mazes", "maze_solo", "maze_collab", "user_turn", "posttrain")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("mazez", "did you mean mazes?"),
        ("MAZEZ", "did you mean mazes?"),
        ("User_Tun", "did you mean user_turn?"),
        ("posttrian", "did you mean posttrain?"),
        ("", "choose one of mazes, maze_solo, maze_collab, user_turn, posttrain."),
        ("quantum", "choose one of mazes, maze_solo, maze_collab, user_turn, posttrain."),
        ("迷路", "choose one of mazes, maze_solo, maze_collab, user_turn, posttrain."),
    ],
)
def test_the_nearest_names_are_offered_else_all(typed: str, said: str) -> None:
    assert nearest(typed, NAMES) == said


def test_at_most_three_are_offered_and_the_nearest_comes_first() -> None:
    known = ["aaaab", "aaaac", "aaaad", "aaaae", "zzzzz"]
    said = nearest("aaaac", known)
    assert said.startswith("did you mean aaaac, ")
    assert said.count(" or ") == 1
    assert len(said.removeprefix("did you mean ").replace(" or ", ", ").split(", ")) == 3
    assert nearest("aaaax", known[:2]).endswith(" or aaaab?") or nearest("aaaax", known[:2]).endswith(
        " or aaaac?"
    )


def test_a_name_that_is_family_and_task_is_offered_once() -> None:
    assert nearest("zz", ["user_turn", "user_turn", "mazes"]) == "choose one of user_turn, mazes."
    assert nearest("user_tun", ["user_turn", "user_turn"]) == "did you mean user_turn?"


@settings(max_examples=50)
@given(st.text(max_size=12), st.lists(st.sampled_from(NAMES), min_size=1))
def test_only_known_names_are_ever_offered(typed: str, known: list[str]) -> None:
    said = nearest(typed, known)
    offered = said.removeprefix("did you mean ").removeprefix("choose one of ").rstrip("?.")
    assert set(offered.replace(" or ", ", ").split(", ")) <= set(known)


@settings(max_examples=50)
@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.text(min_size=1), max_size=5))
def test_pairs_are_read_as_they_were_written(pairs: dict[str, str]) -> None:
    """A value may hold anything, further equals signs too."""
    assert parse_pairs("-T", [f"{name}={value}" for name, value in pairs.items()]) == pairs


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        (["k"], "-T k: expected NAME=VALUE, for example -T name=value."),
        (["=3"], "-T =3: expected NAME=VALUE, for example -T name=value."),
        (["k="], "-T k=: expected NAME=VALUE, for example -T name=value."),
        ([""], "-T : expected NAME=VALUE, for example -T name=value."),
        (["k=1", "j=2", "k=3"], "-T k is given twice; keep one."),
        (["k=1", "k=1"], "-T k is given twice; keep one."),
    ],
)
def test_what_is_no_pair_is_refused(pairs: list[str], said: str) -> None:
    with pytest.raises(UserMistake) as refused:
        parse_pairs("-T", pairs)
    assert refused.value.message == said
    with pytest.raises(UserMistake, match=r"expected NAME=VALUE|given twice"):
        parse_task_args(pairs)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("-2", -2),
        ("0.25", 0.25),
        ("true", True),
        ("false", False),
        ("C7", "C7"),
        ("0,1", "0,1"),
        ("a=b", "a=b"),
        ("'3'", "3"),
        ('{"enable_thinking": false}', '{"enable_thinking": false}'),
        ("{a: [}", "{a: [}"),
        ("2026-12-01", "2026-12-01"),
        ("2026-12-01 10:30:00", "2026-12-01 10:30:00"),
        ("reference/mute", "reference/mute"),
        ("ünïcode/名前", "ünïcode/名前"),
    ],
)
def test_values_are_yaml_scalars_and_names_that_look_like_a_date_stay_names(text: str, value: object) -> None:
    found = parse_task_args([f"x={text}"])["x"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", ["null", "~", "[1, 2]", "- 1"])
def test_what_is_no_scalar_is_refused(text: str) -> None:
    with pytest.raises(UserMistake) as refused:
        parse_task_args([f"x={text}"])
    assert refused.value.message == f"-T x={text}: expected one word or number."


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("openai/gpt-5", "openai-gpt-5"),
        ("vllm/Qwen/Qwen3.5-4B", "vllm-qwen-qwen3.5-4b"),
        ("../../etc/passwd", "..-..-etc-passwd"),
        ("-- x --", "x"),
        ("a_b  c", "a-b-c"),
        ("名前", ""),
    ],
)
def test_a_name_becomes_one_part_of_a_path(text: str, name: str) -> None:
    assert slug(text) == name


@settings(max_examples=50)
@given(st.text())
def test_no_name_leaves_its_folder(text: str) -> None:
    found = slug(text)
    assert "/" not in found
    assert "\\" not in found
    assert set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")
    assert slug(found) == found
