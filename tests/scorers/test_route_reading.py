"""Reading: cells and directions in text, acts of sentences, and what short dialogues agree to."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from interplay.scorers.route_acts import Accept, Claim, Declare, Position, Propose, Reject, Withdraw
from interplay.scorers.route_cells import find_steps
from interplay.scorers.route_declared import declared
from interplay.scorers.route_grade import Game, Said, grade
from interplay.scorers.route_reading import read_note
from interplay.scorers.route_steps import Heading, Mention
from interplay.scorers.route_text import lines_and_maps, pair_separator, with_brackets

DIALOGUES: dict[str, dict] = yaml.safe_load(
    Path(__file__).with_name("dialogues.yaml").read_text(encoding="utf-8")
)
OPEN_GRID = ("@.....", "......", "......", "......", "......", ".....*")


def texts(sentence: str) -> list[str]:
    return [found.step.text for found in find_steps(sentence)]


def ways(sentence: str) -> list[tuple[str, int]]:
    return [(f.step.way, f.step.steps) for f in find_steps(sentence) if isinstance(f.step, Heading)]


def kinds(text: str) -> list[type]:
    return [type(act) for act in read_note(text).acts]


@pytest.mark.parametrize(
    ("sentence", "labels"),
    [
        ("move to (1,2) or [1, 2] or {1;2} or <1,2>", [(1, 2)] * 4),
        ("row 2, column 3 and r2c3 and (r2, c3) and row 2 col 3", [(2, 3)] * 4),
        ("to 2,3 and 2,4 -> 2,5 -> 2,6", [(2, 3), (2, 4), (2, 5), (2, 6)]),
        ("B3 and 3B and (B,3) and b3", [(1, 3)] * 4),
        ("third row, second column", [(2, 1)]),
    ],
)
def test_cell_forms(sentence: str, labels: list[tuple[int, int]]):
    found = [f.step for f in find_steps(sentence) if isinstance(f.step, Mention)]
    assert [(m.first, m.second) for m in found] == labels


def test_words_that_fix_the_order():
    orders = [f.step.order for f in find_steps("row 1, column 2; column 2, row 1; x=2, y=1; (1,2)")]
    assert orders == ["row-col", "col-row", "col-row", None]


def test_no_cells_where_only_a_notation_is_named():
    assert texts("I write (row, col), that is (r, c) or [i, j].") == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("two steps right, then down", [("right", 2), ("down", 1)]),
        ("right 2 down 1", [("right", 2), ("down", 1)]),
        ("2 right 1 down", [("right", 2), ("down", 1)]),
        ("down x2, left twice, upwards", [("down", 2), ("left", 2), ("up", 1)]),
        ("north, southwards, 3 east", [("up", 1), ("down", 1), ("right", 3)]),
        ("R, R, D, L", [("right", 1), ("right", 1), ("down", 1), ("left", 1)]),
        ("RRDL", [("right", 1), ("right", 1), ("down", 1), ("left", 1)]),
        ("R2 D3", [("right", 2), ("down", 3)]),
        ("↓↓→", [("down", 1), ("down", 1), ("right", 1)]),
    ],
)
def test_directions(sentence: str, expected: list[tuple[str, int]]):
    assert ways(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "the top left corner",
        "that's right, you're right",
        "two steps left to the goal",
        "it is up to you, and that sums up what is left",
        "the cell to the right of the wall",
        "(0,1) → (0,2)",
    ],
)
def test_words_that_are_no_directions(sentence: str):
    assert ways(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("i write cells as (row, col), counted from 0 at the top left.", Declare(0, "row-col", True, True)),
        ("1-based (row, column), top-left", Declare(1, "row-col", True, True)),
        ("(x, y) with the origin at the bottom-left, starting at 0", Declare(0, "col-row", False, True)),
        ("i count from 1, not 0", Declare(1)),
        ("columns a-f, rows 1-6 from the bottom, like chess.", Declare(1, "col-row", False, letters=True)),
        ("are you using (x, y)?", None),
        ("the start is at the top left", None),
    ],
)
def test_declarations(sentence: str, expected: Declare | None):
    assert declared(sentence) == expected


def test_a_sentence_with_four_acts():
    acts = read_note("Agreed, we're at (0,1). (0,2) is open on my map, so next I propose (0,2).").acts
    assert [type(act) for act in acts] == [Accept, Position, Claim, Propose]


def test_consent_that_is_none():
    for text in (
        "Please confirm.",
        "Do you agree?",
        "If you agree, say so.",
        "OK?",
        "as agreed",
        "No problem?",
    ):
        assert Accept not in kinds(text), text


def test_refusals():
    for text in (
        "No.",
        "I can't agree to that.",
        "That's a wall on my map.",
        "I must refuse.",
        "Nope, wall.",
    ):
        assert Reject in kinds(text), text


def test_taking_back():
    assert Withdraw in kinds("Actually, scrap that.")
    assert Withdraw in kinds("I take (0,1) back.")


def test_maps_and_code_are_set_aside():
    lines, rows = lines_and_maps("My map:\n```\n@.#?\n....\n```\nrow 1: # . . k\nLet's go.")
    assert [line for line in lines if line.strip()] == ["My map:", "Let's go."]
    assert [row.symbols for row in rows] == ["@.#?", "....", "#..k"]
    assert rows[-1].label == "1"


def test_bare_pairs_become_cells_where_a_dialogue_writes_them():
    notes = ["row/col from 1. 1/2?", "ok 1/2. 1/3", "ok 1/3. 2/3", "ok 2/3"]
    assert pair_separator(notes) == "/"
    assert with_brackets("ok 1/2. Note 3", "/") == "ok (1,2). Note 3"
    assert pair_separator(["I propose (0,1), note 3/50", "Keys 1/2, note 4/50", "Keys 2/2"]) is None


@pytest.mark.parametrize("name", DIALOGUES)
def test_what_a_dialogue_agrees_to(name: str):
    dialogue = DIALOGUES[name]
    notes = tuple(Said(1 + i % 2, text) for i, text in enumerate(dialogue["notes"]))
    view = "\n".join(OPEN_GRID)
    verdict = grade(Game(OPEN_GRID, {1: view, 2: view}, notes))
    assert [list(step.cell) for step in verdict.steps] == dialogue["steps"]


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str):
    read_note(text)


@given(
    st.lists(
        st.sampled_from(
            [*"()[],.;:?!#@*k→-/\n \t", "yes", "no", "(0,1)", "B3", "right", "2", "I propose", "wall"]
        )
    )
)
def test_any_pieces_can_be_read(pieces: list[str]):
    read_note(" ".join(pieces))
    read_note("".join(pieces))
