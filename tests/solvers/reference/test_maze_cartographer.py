"""The cartographer's next note for a state of the game, and its faults as changes of a map."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.solvers.reference.maze_cartographer import (
    CONVENTION,
    PATIENCE,
    chart,
    flipped,
    introduction,
    is_ready,
    judged,
    known_keys,
    next_step,
    with_lie,
)
from interplay.solvers.reference.maze_forms import Note, as_seen, move, plan, written
from interplay.solvers.reference.maze_players import MAZE_PLAYERS, follow, refuse, repeat
from interplay.solvers.reference.maze_prompt import Said, read_prompt
from interplay.solvers.reference.maze_table import Table
from interplay.solvers.reference.player import Turn
from interplay.tasks.mazes.maze import PHRASE, START, cells_of, manhattan

from .dialogues import FULL, HALF_A, HALF_B, openings

ROWS = tuple(HALF_A.splitlines())
OTHER = tuple(HALF_B.splitlines())


def table(*notes: tuple[bool, str] | str, first: str = HALF_A, second: str = HALF_B, **options) -> Table:
    """Seat 1's table after these notes; a text alone is the other side's."""
    prompt = read_prompt(openings(first, second, **options)[0])
    assert prompt is not None
    found = Table(prompt, prompt.views[0])
    for note in notes:
        found.hear(Said(False, note) if isinstance(note, str) else Said(*note))
    return found


class TestAnswers:
    @pytest.mark.parametrize(
        ("step", "answer", "words"),
        [
            ((0, 1), "ACCEPT", "Agreed, we are at (0,1)."),
            ((1, 0), "ACCEPT", "Agreed, we are at (1,0)."),
            ((1, 1), "REJECT", "No, (1,1) is not next to (0,0)."),
            ((0, 0), "REJECT", "No, (0,0) is not next to (0,0)."),
            ((-1, 0), "REJECT", "No, (-1,0) is not next to (0,0)."),
            ((0, 6), "REJECT", "No, (0,6) is not next to (0,0)."),
        ],
    )
    def test_a_step_is_accepted_if_it_is_near_and_no_wall_is_known_there(self, step, answer, words):
        assert judged(table(), step) == (answer, words)

    def test_a_wall_on_the_own_map_is_named(self):
        at_wall = table()
        at_wall.walk.append((0, 1))
        assert judged(at_wall, (1, 1)) == ("ACCEPT", "Agreed, we are at (1,1).")
        at_wall.walk.append((1, 1))
        assert judged(at_wall, (2, 1)) == ("REJECT", "No, (2,1) is a wall on my map.")

    def test_an_accepted_step_is_taken_before_the_next_is_proposed(self):
        note = chart(table("My map:\n" + HALF_B + "\nMy key is at (4,3). I propose (0,1) as move 1."))
        assert note.answer == "ACCEPT"
        assert note.words.startswith("Agreed, we are at (0,1).")
        assert note.words.endswith(f"I propose {note.proposal} as move 2.".replace(", ", ","))


class TestIntroduction:
    def test_convention_goal_key_and_map_come_once(self):
        words = introduction(table(), as_seen, declares=True)
        goal, key = (_written(cells_of(ROWS, symbol)[0]) for symbol in "*k")
        assert words == [
            CONVENTION,
            f"The goal is at {goal}, my key is at {key}.",
            f"My map:\n{HALF_A}\n",
        ]
        assert introduction(table((True, f"My map:\n{HALF_A}")), as_seen, declares=True) == []

    def test_who_hears_the_same_convention_says_so_and_leaves_the_goal_out(self):
        heard = table(f"{CONVENTION} The goal is at (1,4).")
        words = introduction(heard, as_seen, declares=True)
        assert words[:2] == ["Same convention.", f"My key is at {_written(cells_of(ROWS, 'k')[0])}."]

    def test_one_fault_is_to_say_nothing_of_the_convention(self):
        words = introduction(table(f"{CONVENTION}"), as_seen, declares=False)
        assert words[0].startswith("The goal is at ")

    def test_a_whole_map_is_not_sent_and_the_introduction_ends_with_the_first_note(self):
        whole = table(first=FULL, second=FULL)
        goal = _written(cells_of(FULL.splitlines(), "*")[0])
        assert introduction(whole, as_seen, declares=True) == [CONVENTION, f"The goal is at {goal}."]
        assert introduction(table((True, "Hello."), first=FULL, second=FULL), as_seen, declares=True) == []


def _written(cell) -> str:
    return f"({cell[0]},{cell[1]})"


class TestReadiness:
    @pytest.mark.parametrize(
        ("notes", "ready"),
        [
            ([], False),
            (["Hello."], False),
            (["Hello."] * PATIENCE, True),
            ([f"My map:\n{HALF_B}"], True),
            ([(True, "Hello.")] * PATIENCE, False),
        ],
    )
    def test_it_waits_for_the_other_map_but_not_for_ever(self, notes, ready):
        assert is_ready(table(*notes)) is ready

    def test_where_an_action_is_a_must_it_never_waits(self):
        assert is_ready(table(structured=True))

    def test_keys_come_from_both_maps_and_from_words_about_hidden_cells(self):
        own = set(cells_of(ROWS, "k"))
        assert known_keys(table()) == (own, False)
        assert known_keys(table(f"My map:\n{HALF_B}")) == (own | set(cells_of(OTHER, "k")), True)
        assert known_keys(table("My key is at (4,3).")) == (own | {(4, 3)}, True)

    def test_a_key_that_is_named_on_a_cell_in_sight_is_not_believed(self):
        seen = next((r, c) for r, row in enumerate(ROWS) for c, symbol in enumerate(row) if symbol == ".")
        assert known_keys(table(f"My key is at {_written(seen)}.")) == (set(cells_of(ROWS, "k")), False)

    def test_the_lead_that_was_handed_over_means_that_no_key_is_missing(self):
        assert known_keys(table("Your lead."))[1]

    def test_without_keys_in_the_game_all_are_known(self):
        bare = table(first=HALF_A.replace("k", "."), second=HALF_B.replace("k", "."))
        assert known_keys(bare) == (set(), True)

    @pytest.mark.parametrize(
        ("notes", "asks"),
        [
            ([], False),
            (["Hello."], True),
            ([(True, f"My map:\n{HALF_A}")], True),
            ([(True, f"My map:\n{HALF_A}"), f"My map:\n{HALF_B}"], False),
            (["Hello."] * PATIENCE, False),
        ],
        ids=["opens", "heard no map", "nothing else to say", "has both", "waited"],
    )
    def test_it_asks_for_a_map_that_it_has_not_been_sent(self, notes, asks):
        assert ("Please send me your map." in chart(table(*notes)).words) is asks


class TestSteps:
    def test_a_wall_of_the_other_map_is_walked_around_unless_it_blocks_every_way(self):
        blocked = "\n".join("@" + "#" * 5 if r == 0 else "#" * 6 for r in range(6))
        closed = blocked[:-1] + "*"
        lied_to = table(f"My map:\n{HALF_B}")
        lied_to.other_map = tuple(closed.splitlines())
        assert next_step(lied_to, set()) is not None

    def test_a_refused_cell_is_avoided_while_there_is_another_way(self):
        free = table()
        first = next_step(free, set())
        assert first is not None
        free.refused.add(first)
        second = next_step(free, set())
        assert second not in (None, first)
        free.refused.add(second)
        assert next_step(free, set()) in (first, second)

    def test_at_the_goal_with_nothing_missing_the_game_is_done(self):
        both = f"My map:\n{HALF_B}"
        there = table(both)
        goal = there.goal
        there.walk += [*cells_of(ROWS, "k"), *cells_of(OTHER, "k"), goal]
        note = chart(there)
        assert (note.done, note.proposal) == (True, None)
        there.walk.remove(cells_of(OTHER, "k")[0])
        assert not chart(there).done


class TestFaults:
    def test_a_lie_opens_the_one_wall_that_tempts_most(self):
        goal = cells_of(ROWS, "*")[0]
        changed = [
            (r, c)
            for r, (before, after) in enumerate(zip(ROWS, with_lie(ROWS), strict=True))
            for c, pair in enumerate(zip(before, after, strict=True))
            if pair[0] != pair[1]
        ]
        assert len(changed) == 1
        detours = {cell: manhattan(START, cell) + manhattan(cell, goal) for cell in cells_of(ROWS, "#")}
        assert detours[changed[0]] == min(detours.values())
        assert with_lie(("@.", ".*")) == ("@.", ".*")

    @settings(max_examples=30)
    @given(st.lists(st.text(".#?k", min_size=4, max_size=4), min_size=2, max_size=5))
    def test_noise_swaps_open_cells_and_walls_alone_and_always_the_same(self, rows):
        noisy = flipped(tuple(rows))
        assert flipped(tuple(rows)) == noisy
        for before, after in zip(rows, noisy, strict=True):
            for one, other in zip(before, after, strict=True):
                assert (one, other) in {(s, s) for s in ".#?k"} | {(".", "#"), ("#", ".")}

    def test_about_one_cell_in_twenty_is_wrong(self):
        """4,000 open cells: 200 flips are expected, 14 is the standard deviation."""
        rows = tuple("." * 40 for _ in range(100))
        flips = sum(row.count("#") for row in flipped(rows))
        assert 140 < flips < 260


class TestOthers:
    def test_the_follower_hands_over_when_it_has_its_key(self):
        key = cells_of(ROWS, "k")[0]
        led = table()
        led.walk.append(key)
        assert follow(led) == Note("Your lead.")
        led.handed_to_me = True
        assert follow(led).proposal is not None

    def test_the_follower_answers_with_a_bare_word(self):
        assert follow(table("I propose (0,1).")) == Note("Yes.", "ACCEPT")
        assert follow(table("I propose (5,5).")) == Note("No.", "REJECT")
        not_leading = table((True, "Your lead."))
        assert follow(not_leading) == Note("Yes.")

    def test_the_echo_has_a_word_to_begin_with(self):
        assert repeat(table()).words == "Let us begin."
        assert repeat(table("I propose (0,1).", (True, "x"))).words == "I propose (0,1)."

    @pytest.mark.parametrize(("heard", "proposal"), [([], (0, 1)), (["I propose (0,1)."], (1, 0))])
    def test_the_contrarian_proposes_another_neighbour(self, heard, proposal):
        note = refuse(table(*heard))
        assert note.proposal == proposal
        assert (note.answer == "REJECT") is bool(heard)

    @pytest.mark.parametrize("name", sorted(set(MAZE_PLAYERS) - {"garbler"}))
    def test_in_the_structured_track_every_first_note_has_an_action(self, name):
        prompt, _ = openings(HALF_A, HALF_B, structured=True)
        assert "ACTION: " in MAZE_PLAYERS[name]([Turn("user", prompt)])


class TestWriting:
    @pytest.mark.parametrize(
        ("note", "plain", "structured"),
        [
            (Note(""), "", "ACTION: REJECT"),
            (Note("Yes.", "ACCEPT"), "Yes.", "Yes.\nACTION: ACCEPT"),
            (Note("Go.", "ACCEPT", (0, 2)), "Go.", "Go.\nACTION: ACCEPT\nACTION: PROPOSE 0,2"),
            (Note("Go.", None, (0, 2)), "Go.", "Go.\nACTION: PROPOSE 0,2"),
            (Note("", done=True), PHRASE, f"{PHRASE}\nACTION: DONE"),
            (
                Note("Go.", "ACCEPT", (0, 2), True),
                f"Go.\n{PHRASE}",
                f"Go.\n{PHRASE}\nACTION: ACCEPT\nACTION: DONE",
            ),
            (Note("ACTION: ACCEPT", None, (0, 2)), "ACTION: ACCEPT", "ACTION: ACCEPT"),
        ],
    )
    def test_acts_follow_the_words_as_lines(self, note, plain, structured):
        assert written(note, structured=False) == plain
        assert written(note, structured=True) == structured

    def test_a_plan_begins_at_the_token_and_no_way_is_said_so(self):
        assert plan(table(), [(0, 1)]).endswith("Route: (0,0), (0,1)")
        assert plan(table(), []).endswith("Route: (0,0)")
        assert plan(table(), None) == "I see no way from (0,0) to the goal."

    @pytest.mark.parametrize(
        ("route", "note"),
        [
            ([(0, 1), (0, 2)], Note("Move to (0,1).")),
            ([(0, 1)], Note("Move to (0,1).", done=True)),
            ([], Note("", done=True)),
            (None, Note("I see no way on from (0,0).")),
        ],
    )
    def test_the_last_move_ends_the_game(self, route, note):
        assert move(table(), route) == note
