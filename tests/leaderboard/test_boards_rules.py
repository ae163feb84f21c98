"""What a board says of results and files: shapes that are refused, ranks that are not given, roles."""

from typing import Any

import pytest
import yaml

from interplay.leaderboard.board_parts import RankedIf
from interplay.leaderboard.boards import (
    Board,
    find_board,
    is_incomplete,
    kept_apart,
    load_boards,
    parse_boards,
    ranked_roles,
    unranked_reason,
)
from interplay.leaderboard.result_parts import Pairs
from interplay.leaderboard.schema import Result
from interplay.tasks.mistakes import UserMistake

from .charts.made import cell, row

PLAIN: dict[str, Any] = {
    "id": "test-board", "title": "T", "lead": "L", "runs": [{"task": "interplay/maze_collab"}],
    "headline": "maze.success", "label": "success", "direction": "higher", "range": [0, 1],
    "unit": {"key": "maze_id", "noun": "maze"}, "interval": "share",
}  # fmt: skip
NO_LIST = "not a list of boards, each with its fields"
CONTRAST = {"by": "condition", "plus": "C3", "minus": "C7"}


def board(**changes: object) -> Board:
    return Board.model_validate({**PLAIN, "family": "mazes", **changes})


def text(**changes: object) -> str:
    return yaml.safe_dump([{**PLAIN, **changes}])


def result(of: Board, *cells: object, **changes: object) -> Result:
    made = row(of, "acme/m", cells=cells).result  # type: ignore[arg-type]
    return made.model_copy(update=changes)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", NO_LIST),
        ("just words", NO_LIST),
        ("id: test-board", NO_LIST),
        ("- mazes\n- turns", NO_LIST),
        ("- [a, b]", NO_LIST),
        (text(id="X"), "id has characters or a form outside '^[a-z0-9-]{3,40}$': 'X'"),
        (text(runs=[]), "runs: tuple should have at least 1 item after validation, not 0, found list"),
        (text(label=None), "label: input should be a valid string, found NoneType"),
        (text(range=[1, 1]), "entry range [1.0, 1.0] is empty"),
        (text(colour="red"), 'unknown field "colour"'),
        (text(columns=5), "columns: input should be less than or equal to 4, found 5"),
    ],
    ids=["empty", "words", "a mapping", "names", "lists", "id", "no run", "no label", "empty range",
         "unknown field", "too many columns"],
)  # fmt: skip
def test_a_file_that_is_no_list_of_boards_is_refused_in_one_sentence(content: str, said: str) -> None:
    with pytest.raises(UserMistake) as refusal:
        parse_boards(content, "mazes", "board.yaml")
    assert str(refusal.value) == f"board.yaml: {said}; correct the file."


def test_a_file_that_is_no_yaml_is_refused_in_one_sentence() -> None:
    with pytest.raises(UserMistake, match=r"^board\.yaml: YAML: .+; correct the file\.$"):
        parse_boards("- id: [1, 2", "mazes", "board.yaml")


def test_a_missing_field_is_named() -> None:
    without = {key: value for key, value in PLAIN.items() if key != "headline"}
    with pytest.raises(UserMistake, match=r'^board\.yaml: field "headline" is missing; correct the file\.$'):
        parse_boards(yaml.safe_dump([without]), "mazes", "board.yaml")


def test_the_family_of_a_board_is_that_of_its_folder() -> None:
    (made,) = parse_boards(text(family="user_turn"), "mazes", "board.yaml")
    assert made.family == "mazes"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"range": [1, 0]}, "range [1.0, 0.0] is empty"),
        ({"interval": "difference"}, "interval difference and a contrast go together"),
        ({"contrast": CONTRAST}, "interval difference and a contrast go together"),
        ({"interval": "family"}, "interval family and a stderr go together"),
        ({"stderr": "maze.stderr"}, "interval family and a stderr go together"),
        ({"transcripts": "private"}, "private transcripts and a transcripts_reason go together"),
        ({"transcripts_reason": "r"}, "private transcripts and a transcripts_reason go together"),
        ({"listed": {"title": "t", "note": "n", "by": {"maze.flag": "the rules"}}},
         "listed names a key that is not among flags"),
        ({"weights": {"key": "k", "values": {"a": 0.5, "b": 0.4}}}, "weights sum to 0.9, not to 1"),
    ],
)  # fmt: skip
def test_fields_that_contradict_one_another_are_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError) as refusal:
        board(**changes)
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"interval": "difference", "contrast": CONTRAST},
        {"interval": "family", "stderr": "maze.stderr"},
        {"transcripts": "private", "transcripts_reason": "people did not agree"},
        {"flags": [{"key": "maze.flag"}],
         "listed": {"title": "t", "note": "n", "by": {"maze.flag": "the rules"}}},
        {"weights": {"key": "k", "values": {"a": 0.6, "b": 0.4}}},
    ],
    ids=["contrast", "stderr", "private", "listed", "weights"],
)  # fmt: skip
def test_fields_that_go_together_are_taken(changes: dict[str, object]) -> None:
    assert board(**changes).id == "test-board"


def test_a_difference_spans_twice_the_range_around_zero() -> None:
    assert board(range=[-0.5, 1.0]).headline_range == (-0.5, 1.0)
    made = board(range=[-0.5, 1.0], interval="difference", contrast=CONTRAST)
    assert made.headline_range == (-1.5, 1.5)


def test_tasks_are_named_once_in_the_order_of_the_runs() -> None:
    runs = [{"task": f"interplay/{name}", "args": {"i": i}} for i, name in enumerate(("b", "a", "b"))]
    for run in runs:
        run["task"] = f"{run['task']}_task"
    assert board(runs=runs).tasks == ("interplay/b_task", "interplay/a_task")


def test_draws_are_one_where_a_preset_has_none() -> None:
    made = board(draws={"standard": 4})
    assert [made.draws_of(preset) for preset in ("standard", "smoke", "none")] == [4, 1, 1]


@pytest.mark.parametrize(
    ("reference_preset", "division", "presets"),
    [
        (None, "reference", ("standard",)),
        ("smoke", "reference", ("standard", "smoke")),
        ("smoke", "closed", ("standard",)),
        ("smoke", "open", ("standard",)),
    ],
)
def test_only_players_may_enter_a_smaller_preset(
    reference_preset: str | None, division: Any, presets: tuple[str, ...]
) -> None:
    assert board(reference_preset=reference_preset).presets(division) == presets


def test_a_family_that_is_in_no_catalogue_is_called_by_its_name() -> None:
    assert Board.model_validate({**PLAIN, "family": "no_such"}).family_title == "no_such"


def test_a_board_without_a_summary_or_an_admission_has_neither() -> None:
    made = board()
    assert made.summarise() is None
    assert made.unadmitted() is None


@pytest.mark.parametrize("name", [b.id for b in load_boards().values() if b.summary or b.admission])
def test_functions_that_a_board_names_can_be_imported(name: str) -> None:
    made = find_board(name)
    for place, found in ((made.summary, made.summarise()), (made.admission, made.unadmitted())):
        assert (found is None) == (place is None)
        assert found is None or callable(found)


def test_every_board_is_found_by_its_id_and_an_unknown_one_names_the_others() -> None:
    assert [find_board(name).id for name in load_boards()] == list(load_boards())
    with pytest.raises(UserMistake) as refusal:
        find_board("nope")
    assert str(refusal.value) == f"nope: no such board; choose one of {', '.join(load_boards())}."


def contrasted(least: float) -> Board:
    return board(interval="difference", contrast={**CONTRAST, "least_complete": least})


@pytest.mark.parametrize(
    ("complete", "wanted", "least", "incomplete"),
    [(9, 10, 0.9, False), (8, 10, 0.9, True), (0, 10, 0.0, False), (9, 10, 1.0, True)],
)
def test_a_difference_is_incomplete_below_the_share_that_it_needs(
    complete: int, wanted: int, least: float, incomplete: bool
) -> None:
    made = contrasted(least)
    found = result(made, pairs=Pairs(complete=complete, wanted=wanted))
    assert is_incomplete(made, found) is incomplete
    reason = unranked_reason(made, found)
    if incomplete:
        assert reason == (
            f"incomplete: {complete} of {wanted} pairs have both sides, needs {100 * least:.0f} %"
        )
    else:
        assert reason is None


def test_without_pairs_or_a_contrast_nothing_is_incomplete() -> None:
    assert not is_incomplete(contrasted(1.0), result(contrasted(1.0)))
    assert not is_incomplete(board(), result(board(), pairs=Pairs(complete=0, wanted=9)))


def test_a_board_without_an_order_ranks_nobody() -> None:
    made = board(direction="none")
    assert unranked_reason(made, result(made)) == "this board has no order"
    assert unranked_reason(board(), result(board())) is None


RULE = RankedIf(dims={"condition": "C3"}, metric="maze.success", at_least=0.5, otherwise="fails alone")


@pytest.mark.parametrize(
    ("value", "dims", "metric", "reason"),
    [
        (0.5, {"condition": "C3"}, "maze.success", None),
        (0.49, {"condition": "C3"}, "maze.success", "fails alone"),
        (None, {"condition": "C3"}, "maze.success", "fails alone"),
        (0.9, {"condition": "C7"}, "maze.success", "fails alone"),
        (0.9, {"condition": "C3", "family": "x"}, "maze.success", "fails alone"),
        (0.9, {"condition": "C3"}, "maze.strict", "fails alone"),
    ],
)
def test_a_rank_needs_exactly_the_cell_that_the_rule_names(
    value: float | None, dims: dict[str, str], metric: str, reason: str | None
) -> None:
    made = board(ranked_if=RULE.model_dump())
    assert unranked_reason(made, result(made, cell(metric, dims, value, half=0.0))) == reason


def test_roles_that_only_judge_beside_the_headline_make_no_configuration() -> None:
    effect = find_board("deescalation-effect")
    assert effect.judging_roles == {"grader", "grader_b"}
    roles = {"grader": 1, "partner": 2, "grader_b": 3}
    assert ranked_roles([effect.id], roles) == {"partner": 2}


@pytest.mark.parametrize("boards", [[], ["no-such-board"], ["mazes-pair"]])
def test_a_role_that_no_board_knows_tells_configurations_apart(boards: list[str]) -> None:
    assert ranked_roles(boards, {"strong": 1}) == {"strong": 1}


def test_a_role_that_plays_on_one_of_the_boards_tells_configurations_apart() -> None:
    simulated = find_board("deescalation-simulated")
    ranked_by = [role for role in simulated.roles if role not in simulated.judging_roles]
    both = ["deescalation-effect", "deescalation-simulated"]
    assert set(ranked_roles(both, dict.fromkeys(ranked_by, 0))) == set(ranked_by)
    assert simulated.is_ranked_by_judge
    assert not find_board("deescalation-effect").is_ranked_by_judge


def test_kinds_that_may_not_be_pooled_are_named_once_in_order() -> None:
    assert kept_apart(["user-turn-prompted", "user-turn-native", "user-turn-native", "nope"]) == [
        "native", "prompted",
    ]  # fmt: skip
    assert kept_apart(["mazes-pair"]) == []
