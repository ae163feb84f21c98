"""Walks told in directions alone are graded as they were walked, however they are told and agreed to."""

from itertools import groupby, pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from interplay.scorers.route_grade import Game, Said, Verdict, grade
from interplay.scorers.route_notation import Cell
from interplay.scorers.route_path import is_next_to, is_walk, line, path_of, walk
from interplay.scorers.route_replay import can_walk, remaining, replay
from interplay.scorers.route_state import START
from interplay.scorers.route_steps import WAYS, Heading, Mention, Way

WALLS = ("......", "...#..", ".#..##", "#.....", "......", ".#....")
OPEN = {(r, c) for r, row in enumerate(WALLS) for c, symbol in enumerate(row) if symbol != "#"}
COMPASS = {"up": "north", "down": "south", "left": "west", "right": "east"}
TURNED: dict[Way, Way] = {"up": "left", "left": "up", "down": "right", "right": "down"}
COUNTS = ("", " once", " twice", " three times", " four times", " 5 times", " 6 times")
CLOSING = "Agreed.\nTAVIREL!"


@st.composite
def walks(draw: st.DrawFn) -> list[Way]:
    """The directions of a legal walk that ends on a cell where it has not been before."""
    at, ways, seen = START, [], {START}
    for _ in range(draw(st.integers(4, 10))):
        near = [way for way, (dr, dc) in WAYS.items() if (at[0] + dr, at[1] + dc) in OPEN]
        way = draw(st.sampled_from(near))
        seen.add(at)
        at = (at[0] + WAYS[way][0], at[1] + WAYS[way][1])
        ways.append(way)
    assume(at not in seen)
    return ways


def cells(ways: list[Way]) -> list[Cell]:
    at, found = START, []
    for way in ways:
        at = (at[0] + WAYS[way][0], at[1] + WAYS[way][1])
        found.append(at)
    return found


def maze(ways: list[Way]) -> tuple[str, ...]:
    """The grid with its goal where the walk ends and a key half way."""
    route = cells(ways)
    rows = [list(row) for row in WALLS]
    r, c = route[len(route) // 2 - 1]
    if (r, c) != START:
        rows[r][c] = "k"
    rows[route[-1][0]][route[-1][1]] = "*"
    rows[0][0] = "@"
    return tuple("".join(row) for row in rows)


def verdict(rows: tuple[str, ...], notes: list[str]) -> Verdict:
    view = "\n".join(rows)
    return grade(Game(rows, {1: view, 2: view}, tuple(Said(1 + i % 2, text) for i, text in enumerate(notes))))


def proposed(ways: list[Way]) -> list[str]:
    return [f"I propose {ways[0]}.", *(f"Agreed. Next I propose {way}." for way in ways[1:]), CLOSING]


def asked(ways: list[Way]) -> list[str]:
    return [f"Shall we go {ways[0]}?", *(f"Yes. Then let's go {way}." for way in ways[1:]), CLOSING]


def repeated(ways: list[Way]) -> list[str]:
    notes = [f"Let's go {ways[0]}."]
    notes += [f"OK, {before}. Next, {way}?" for before, way in pairwise(ways)]
    return [*notes, f"OK, {ways[-1]}.\nTAVIREL!"]


def by_compass(ways: list[Way]) -> list[str]:
    return proposed([COMPASS[way] for way in ways])  # type: ignore[misc]


def counted(ways: list[Way]) -> list[str]:
    legs = [f"{way}{COUNTS[len(list(group))]}" for way, group in groupby(ways)]
    return [f"I propose {legs[0]}.", *(f"Agreed. Next I propose {leg}." for leg in legs[1:]), CLOSING]


def numbered(ways: list[Way]) -> list[str]:
    notes = [f"Move 1: {ways[0]}."]
    notes += [f"Move {n - 1} accepted. Move {n}: {way}." for n, way in enumerate(ways[1:], 2)]
    return [*notes, f"Move {len(ways)} accepted.\nTAVIREL!"]


def in_pairs(ways: list[Way]) -> list[str]:
    notes: list[str] = []
    for n in range(0, len(ways), 2):
        told = "\n".join(f"{n + i + 1}. {way}" for i, way in enumerate(ways[n : n + 2]))
        notes.append(told if not n else f"{n - 1}-{n} ok.\n{told}")
    last = f"{len(ways)}" if len(ways) % 2 else f"{len(ways) - 1}-{len(ways)}"
    return [*notes, f"OK to {last}.\nTAVIREL!"]


def listed(ways: list[Way]) -> list[str]:
    return ["The route:\n" + "\n".join(f"- {way}" for way in ways), "I agree with all of it.\nTAVIREL!"]


def spelled(ways: list[Way]) -> list[str]:
    return ["Route: " + ", ".join(way[0].upper() for way in ways), "I agree with all of it.\nTAVIREL!"]


TOLD = [proposed, asked, repeated, by_compass, counted, numbered, in_pairs, listed, spelled]


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told.__name__)
@given(walks())
@settings(max_examples=12, deadline=None)
def test_an_agreed_walk_succeeds_however_it_is_told(told, ways: list[Way]):
    found = verdict(maze(ways), told(ways))
    assert found.strict, told(ways)
    assert list(found.route[1:]) == cells(ways)


@pytest.mark.parametrize(
    "told", [proposed, asked, counted, numbered, in_pairs], ids=lambda told: told.__name__
)
@given(walks())
@settings(max_examples=8, deadline=None)
def test_a_walk_whose_last_leg_is_refused_does_not_succeed(told, ways: list[Way]):
    notes = [*told(ways)[:-1], "No, that is a wall on my map.\nTAVIREL!"]
    assert not verdict(maze(ways), notes).strict, notes


@pytest.mark.parametrize("told", [proposed, repeated, numbered, listed], ids=lambda told: told.__name__)
@given(walks())
@settings(max_examples=8, deadline=None)
def test_a_turned_maze_and_turned_directions_change_nothing(told, ways: list[Way]):
    rows = maze(ways)
    turned = tuple("".join(column) for column in zip(*rows, strict=True))
    found, other = verdict(rows, told(ways)), verdict(turned, told([TURNED[way] for way in ways]))
    assert other.strict == found.strict
    assert [(c, r) for r, c in other.route] == list(found.route)


@given(walks(), st.integers(0, 9))
@settings(max_examples=10, deadline=None)
def test_a_walk_that_is_cut_off_is_as_far_as_it_was_agreed_to(ways: list[Way], count: int):
    notes = proposed(ways)[: 1 + min(count, len(ways) - 1)]
    found = verdict(maze(ways), notes)
    assert list(found.route[1:]) == cells(ways)[: len(notes) - 1]
    assert found.failure in ("short", "keys")


# -- paths ---------------------------------------------------------------------------------------------

CELLS = st.tuples(st.integers(0, 5), st.integers(0, 5))
HEADINGS = st.builds(Heading, st.sampled_from(list(WAYS)), st.integers(1, 5), st.booleans(), st.just("x"))


def plain(mention: Mention) -> Cell:
    return mention.first, mention.second


def mention(cell: Cell) -> Mention:
    return Mention(cell[0], cell[1], False, False, None, False, f"{cell}")


@given(CELLS, HEADINGS)
def test_a_direction_is_walked_cell_by_cell(at: Cell, heading: Heading):
    path = walk(at, heading)
    assert len(path) == heading.steps
    assert is_walk([at, *path])
    assert line(at, path[-1], heading) == path


@given(CELLS, st.lists(HEADINGS, max_size=4))
def test_directions_lead_on_from_each_other(at: Cell, headings: list[Heading]):
    path, texts = path_of(headings, at, plain)
    assert len(path) == len(texts) == sum(heading.steps for heading in headings)
    assert is_walk([at, *path])


@given(CELLS, HEADINGS)
def test_a_direction_beside_the_cell_that_it_leads_to_is_told_once(at: Cell, heading: Heading):
    path = walk(at, heading)
    assert path_of([heading, mention(path[-1])], at, plain)[0] == path
    assert path_of([mention(path[-1]), heading], at, plain)[0] in ([path[-1]], path)


@given(CELLS, CELLS)
def test_cells_that_differ_by_one_step_are_neighbours(a: Cell, b: Cell):
    assert (
        is_next_to(a, b)
        == is_next_to(b, a)
        == any(walk(a, Heading(way, 1, False, ""))[0] == b for way in WAYS)
    )


@given(CELLS)
def test_the_cell_where_the_token_is_leads_nowhere(at: Cell):
    assert path_of([mention(at)], at, plain) == ([], [])
    assert path_of([mention(at), mention(at)], at, plain) == ([], [])


@given(CELLS, st.lists(CELLS, min_size=2, max_size=5))
def test_cells_are_a_path_as_they_are_told(at: Cell, told: list[Cell]):
    path = path_of([mention(cell) for cell in told], at, plain)[0]
    assert path == [cell for cell, before in zip(told, [at, *told], strict=False) if cell != before]


# -- replay --------------------------------------------------------------------------------------------


@given(walks())
def test_a_legal_walk_is_replayed_to_its_end(ways: list[Way]):
    found = replay(maze(ways), cells(ways))
    assert found.success
    assert found.violation is None
    assert found.weight == 1.0
    assert can_walk(maze(ways), [Heading(way, 1, False, way) for way in ways])
    assert can_walk(maze(ways), cells(ways))


@given(walks(), st.lists(CELLS, max_size=6))
def test_replay_stops_at_the_first_thing_that_cannot_be(ways: list[Way], more: list[Cell]):
    rows, steps = maze(ways), [*cells(ways)[:-1], *more]
    found = replay(rows, steps)
    assert is_walk(found.route)
    assert all(cell in OPEN for cell in found.route)
    assert found.weight <= 1.0
    assert found.success == (found.weight == 1.0)
    if found.violation:
        assert steps[found.violation.step - 1] == found.violation.cell
        assert not found.success


@given(walks(), st.integers(0, 9))
def test_what_is_left_shrinks_by_at_most_a_step(ways: list[Way], at: int):
    rows, route = maze(ways), [START, *cells(ways)]
    here = route[min(at, len(ways) - 1)]
    after = route[min(at, len(ways) - 1) + 1]
    goal = route[-1]
    assert abs(remaining(rows, here, frozenset(), goal) - remaining(rows, after, frozenset(), goal)) <= 1
    assert remaining(rows, goal, frozenset(), goal) == 0


@pytest.mark.parametrize(
    ("steps", "kind", "number"),
    [
        ([(0, 1), (1, 1), (2, 1)], "wall", 3),
        ([(-1, 0)], "edge", 1),
        ([(0, 1), (0, 3)], "jump", 2),
        ([(0, 1), (1, 2)], "jump", 2),
    ],
)
def test_what_breaks_a_walk(steps: list[Cell], kind: str, number: int):
    found = replay(("@" + WALLS[0][1:], *WALLS[1:-1], ".#...*"), steps)
    assert found.violation is not None
    assert (found.violation.kind, found.violation.step) == (kind, number)


def test_a_maze_without_a_goal_is_never_solved():
    assert not replay(("@..", "..."), [(0, 1), (0, 2)]).success
    assert not can_walk(("@..", "..."), [(0, 1)])
