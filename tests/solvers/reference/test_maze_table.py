"""The state of a game as one side reads it, and the walk that it plans, against a plain search."""

from collections import deque
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.solvers.reference.maze_prompt import Said, read_prompt
from interplay.solvers.reference.maze_table import Proposal, Table, maps_in, merged, way
from interplay.tasks.mazes.maze import START, cells_of, neighbours

from .dialogues import HALF_A, HALF_B, openings, solo

ROWS = tuple(HALF_A.splitlines())
OTHER = tuple(HALF_B.splitlines())


def table(*notes: tuple[bool, str] | str, swaps: bool = False, text: str | None = None) -> Table:
    """Seat 1's table after these notes; a text alone is a note of the other side."""
    prompt = read_prompt(text or openings(HALF_A, HALF_B)[0])
    assert prompt is not None
    found = Table(prompt, prompt.views[0], swaps)
    for note in notes:
        found.hear(Said(False, note) if isinstance(note, str) else Said(*note))
    return found


def fewest_steps(rows, at, keys, goal, walls=frozenset()) -> int | None:
    """Length of a shortest walk by a breadth-first search over cell and keys held."""
    first = (at, frozenset(keys) - {at})
    seen, queue = {first}, deque([(first, 0)])
    while queue:
        (cell, missing), steps = queue.popleft()
        if cell == goal and not missing:
            return steps
        for near in neighbours(cell, len(rows), len(rows[0])):
            if rows[near[0]][near[1]] == "#" or near in walls:
                continue
            state = (near, missing - {near})
            if state not in seen:
                seen.add(state)
                queue.append((state, steps + 1))
    return None


@st.composite
def grids(draw: st.DrawFn) -> tuple[str, ...]:
    height, width = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    return tuple("".join(draw(st.sampled_from("..?#")) for _ in range(width)) for _ in range(height))


class TestWay:
    @settings(max_examples=50)
    @given(grids(), st.data())
    def test_it_is_a_shortest_walk_over_all_keys(self, rows, data):
        cells = list(product(range(len(rows)), range(len(rows[0]))))
        at, goal = data.draw(st.sampled_from(cells)), data.draw(st.sampled_from(cells))
        keys = set(data.draw(st.lists(st.sampled_from(cells), max_size=3)))
        walls = set(data.draw(st.lists(st.sampled_from(cells), max_size=2)))
        found = way(rows, walls, at, keys, goal)
        steps = fewest_steps(rows, at, keys, goal, walls)
        if steps is None:
            assert found is None
            return
        assert found is not None
        assert len(found) == steps
        walked = [at, *found]
        for before, after in zip(walked, found, strict=False):
            assert after in neighbours(before, len(rows), len(rows[0]))
            assert rows[after[0]][after[1]] != "#"
            assert after not in walls
        assert keys <= set(walked)
        assert walked[-1] == goal
        assert way(rows, walls, at, keys, goal) == found

    def test_of_equally_short_walks_one_over_fewer_hidden_cells_is_taken(self):
        rows = ("@??", ".#?", "..*")
        assert way(rows, set(), START, set(), (2, 2)) == [(1, 0), (2, 0), (2, 1), (2, 2)]
        rows = ("@..", "?#.", "??*")
        assert way(rows, set(), START, set(), (2, 2)) == [(0, 1), (0, 2), (1, 2), (2, 2)]

    def test_a_shorter_walk_over_hidden_cells_beats_a_longer_one_over_open_cells(self):
        rows = ("@?*", ".#.", "...")
        assert way(rows, set(), START, set(), (0, 2)) == [(0, 1), (0, 2)]

    def test_keys_are_fetched_although_the_goal_is_on_the_way(self):
        assert way(("@.*.k",), set(), START, {(0, 4)}, (0, 2)) == [
            (0, 1),
            (0, 2),
            (0, 3),
            (0, 4),
            (0, 3),
            (0, 2),
        ]

    def test_who_stands_at_the_end_has_nothing_to_walk(self):
        assert way(("@*",), set(), (0, 1), set(), (0, 1)) == []
        assert way(("@*",), set(), START, {START}, START) == []

    @pytest.mark.parametrize(
        ("rows", "walls"),
        [(("@#*",), set()), (("@.*",), {(0, 1)}), (("@.*",), {(0, 2)}), (("@", "#", "*"), set())],
    )
    def test_without_a_way_there_is_none(self, rows, walls):
        assert way(rows, walls, START, set(), cells_of(rows, "*")[0]) is None


class TestMaps:
    def test_of_two_halves_the_seen_symbol_counts(self):
        assert merged([("@?.", "?#?"), ("@.?", "???")]) == ("@..", "?#?")
        assert merged([ROWS]) == ROWS

    def test_merging_is_idempotent_and_the_first_view_wins_a_contradiction(self):
        both = merged([ROWS, OTHER])
        assert merged([both, ROWS, OTHER]) == both
        assert merged([("@#",), ("@.",)]) == ("@#",)

    def test_a_map_is_found_among_other_lines_of_symbols(self):
        assert maps_in(["...", *OTHER, "##"], ROWS) == [OTHER]
        assert maps_in([*OTHER, *ROWS], ROWS) == [OTHER, ROWS]

    @pytest.mark.parametrize("lines", [[], list(OTHER[:-1]), list(OTHER[1:]), [row[:-1] for row in OTHER]])
    def test_half_a_map_is_none(self, lines):
        assert maps_in(lines, ROWS) == []


class TestProposals:
    def test_an_accepted_proposal_moves_the_token(self):
        found = table((True, "I propose (0,1) as move 1."), "Agreed, we are at (0,1).")
        assert (found.walk, found.pending) == ([START, (0, 1)], None)

    def test_a_refused_one_does_not_and_its_cell_is_remembered(self):
        found = table((True, "I propose (0,1) as move 1."), "No, (0,1) is a wall on my map.")
        assert (found.walk, found.pending, found.refused) == ([START], None, {(0, 1)})

    def test_a_cell_that_is_only_not_next_to_the_token_is_no_wall(self):
        found = table((True, "I propose (3,3)."), "No, (3,3) is not next to (0,0).")
        assert (found.refused, found.pending) == (set(), None)

    def test_nobody_agrees_to_the_own_proposal(self):
        found = table("I propose (0,1).", "I propose (0,2).")
        assert found.walk == [START]
        assert found.pending == Proposal(False, ((0, 2),))
        assert found.offered == ((0, 2),)

    def test_an_own_proposal_is_not_offered_to_oneself(self):
        assert table((True, "I propose (0,1).")).offered is None
        assert table("I propose (0,1).").offered == ((0, 1),)
        assert table().offered is None

    def test_naming_the_cell_again_takes_the_proposal(self):
        found = table((True, "I propose (0,1)."), "We are at (0,1).")
        assert found.walk == [START, (0, 1)]

    def test_a_proposal_that_goes_on_from_the_open_one_takes_it(self):
        found = table((True, "I propose (0,1)."), "I propose (0,2).")
        assert found.walk == [START, (0, 1)]
        assert found.pending == Proposal(False, ((0, 2),))

    def test_another_way_out_of_the_same_cell_is_a_counterproposal(self):
        found = table((True, "I propose (0,1)."), "I propose (1,0).")
        assert found.walk == [START]
        assert found.offered == ((1, 0),)

    def test_agreeing_by_naming_the_move_is_no_new_proposal(self):
        found = table((True, "I propose (0,1)."), "Yes, let us move to (0,1).")
        assert (found.walk, found.pending) == ([START, (0, 1)], None)

    def test_of_several_agreed_cells_the_claimed_one_is_reached_and_the_rest_is_planned(self):
        found = table((True, "I suggest (0,1), (0,2), then (1,2)."), "Agreed. We are at (0,1).")
        assert found.walk == [START, (0, 1)]
        assert found.plan == ((0, 2), (1, 2))
        found.hear(Said(True, "We are at (0,2)."))
        assert (found.walk, found.plan) == ([START, (0, 1), (0, 2)], ((1, 2),))

    def test_agreeing_to_a_cell_off_the_grid_moves_nothing(self):
        assert table((True, "I propose (0,9)."), "Agreed.").walk == [START]

    @pytest.mark.parametrize(
        ("words", "cells"),
        [
            ("Let us go right.", ((0, 1),)),
            ("Let us go down, then right.", ((1, 0), (1, 1))),
            ("Let us move up.", ((-1, 0),)),
            ("Let us go east, east, south.", ((0, 1), (0, 2), (1, 2))),
        ],
    )
    def test_directions_are_counted_from_the_token(self, words, cells):
        assert table(words).offered == cells

    def test_a_route_that_begins_where_the_token_stands_goes_on_from_there(self):
        assert table("I suggest (0,0), (0,1), then (0,2).").offered == ((0, 1), (0, 2))


class TestLearning:
    def test_the_map_of_the_other_side_is_kept_and_the_own_one_is_not_its(self):
        found = table("My map:\n" + HALF_B, (True, "My map:\n" + HALF_A))
        assert found.other_map == OTHER
        assert found.map_sent
        assert (found.own_notes, found.other_notes) == (1, 1)

    def test_a_later_map_replaces_an_earlier_one_and_none_does_not(self):
        changed = HALF_B.replace("k", ".")
        assert table("My map:\n" + HALF_B, "My map:\n" + changed).other_map == tuple(changed.splitlines())
        assert table("My map:\n" + HALF_B, "I have no map.").other_map == OTHER

    def test_keys_and_walls_count_on_the_grid_alone(self):
        found = table("My key is at (4,3). (1,1) is a wall. My key is at (44,3). (9,9) is a wall.")
        assert found.keys_told == {(4, 3)}
        assert found.refused == {(1, 1)}

    def test_the_lead_is_handed_over_and_back(self):
        found = table((True, "Your lead."))
        assert not found.leads
        found.hear(Said(False, "Your lead."))
        assert found.leads
        assert found.handed_to_me

    def test_what_was_heard_last_is_the_others_note(self):
        assert table("first", (True, "mine")).heard == "first"
        assert table("first", "second").heard == "second"

    def test_whoever_says_the_phrase_the_game_is_over(self):
        assert table("TAVIREL!").finished
        assert table((True, "TAVIREL!"), "Go on?").finished
        assert not table("tavirel").finished

    def test_columns_first_are_read_and_written_the_other_way_round(self):
        found = table("I propose (1,0).", swaps=True)
        assert found.offered == ((0, 1),)
        assert found.name((0, 1)) == "(1,0)"
        assert found.cell((4, 3)) == (3, 4)
        assert table().name((0, 1)) == "(0,1)"

    def test_alone_step_by_step_every_named_cell_is_a_move(self):
        found = table((True, "Move to (0,1)."), (True, "Move to (0,2)."), text=solo(HALF_A, step=True))
        assert found.walk == [START, (0, 1), (0, 2)]

    def test_alone_with_a_plan_notes_move_nothing(self):
        assert table((True, "Route: (0,0), (0,1)"), text=solo(HALF_A)).walk == [START]
