"""Taking a conversation about the game apart: prompt, notes, questions, and the transcript of the judge."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.scorers.route_game import Said as JudgedNote
from interplay.solvers.reference.maze_clerk import notes_in
from interplay.solvers.reference.maze_forms import NO_GAME
from interplay.solvers.reference.maze_players import MAZE_PLAYERS
from interplay.solvers.reference.maze_prompt import Said, blocks, is_map, read_prompt, take_apart
from interplay.solvers.reference.player import Turn
from interplay.tasks.mazes.prompting import message

from .dialogues import FULL, HALF_A, HALF_B, MARK, openings, solo

ROWS = tuple(HALF_A.splitlines())
PROMPT, SECOND = openings(HALF_A, HALF_B)


class TestPrompt:
    @pytest.mark.parametrize(
        ("text", "form", "structured", "views"),
        [
            (PROMPT, "pair", False, 1),
            (openings(HALF_A, HALF_B, structured=True)[1], "pair", True, 1),
            (solo(FULL), "plan", False, 1),
            (solo(HALF_A, HALF_B), "plan", False, 2),
            (solo(FULL, step=True), "step", False, 1),
        ],
        ids=["pair", "structured", "plan", "plan with halves", "step"],
    )
    def test_the_form_of_the_game_is_told_by_its_words(self, text, form, structured, views):
        prompt = read_prompt(text)
        assert prompt is not None
        assert (prompt.form, prompt.structured, len(prompt.views)) == (form, structured, views)
        assert prompt.keyed
        assert prompt.views[0] in (ROWS, tuple(FULL.splitlines()), tuple(HALF_B.splitlines()))

    def test_a_game_without_keys_is_not_keyed(self):
        one, _ = openings(HALF_A.replace("k", "."), HALF_B.replace("k", "."))
        prompt = read_prompt(one)
        assert prompt is not None
        assert not prompt.keyed

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Tavirel",
            PROMPT.replace("Tavirel", "Another game"),
            PROMPT.replace(HALF_A, ""),
            PROMPT.replace("@", "."),
            PROMPT.replace("*", "."),
            PROMPT.replace(HALF_A, HALF_A.replace(".", "*", 1)),
            PROMPT.replace(HALF_A, "\n".join(ROWS[:-1]) + "\n.."),
            solo(HALF_A, HALF_B).replace(HALF_B, "\n".join(HALF_B.splitlines()[:-1])),
        ],
        ids=[
            "empty",
            "name",
            "other game",
            "no map",
            "no start",
            "no goal",
            "two goals",
            "ragged",
            "two shapes",
        ],
    )
    def test_what_is_no_game_is_told_so(self, text):
        assert read_prompt(text) is None
        assert MAZE_PLAYERS["cartographer"]([Turn("user", text)]) == NO_GAME

    @pytest.mark.parametrize(
        ("rows", "holds"),
        [
            (ROWS, True),
            (ROWS[:-1], False),
            ((*ROWS, "......"), False),
            (tuple(row + "." for row in ROWS), False),
            ((ROWS[0].replace("@", ".").replace(".", "@", 2), *ROWS[1:]), False),
            (tuple(row.replace("*", ".") for row in ROWS), False),
            (tuple(reversed(ROWS)), False),
        ],
        ids=["same", "shorter", "longer", "wider", "two starts", "no goal", "start elsewhere"],
    )
    def test_a_map_has_the_shape_one_start_in_the_corner_and_one_goal(self, rows, holds):
        assert is_map(rows, ROWS) is holds


class TestBlocks:
    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            ("", [("user", "")]),
            ("hello", [("user", "hello")]),
            ("[other agent]: hi", [("other agent", "hi")]),
            ("[user]: a\n\n[other agent]: b", [("user", "a"), ("other agent", "b")]),
            ("[other agent]: a\n[other agent]: b", [("other agent", "a\n[other agent]: b")]),
            ("[other agent]:\thi", [("other agent", "hi")]),
            ("[other agent]:", [("other agent", "")]),
            ("say [other agent]: hi", [("user", "say [other agent]: hi")]),
        ],
    )
    def test_a_mark_begins_a_part_at_the_start_or_after_a_blank_line(self, text, parts):
        assert blocks(text) == parts

    @given(
        st.lists(
            st.tuples(st.sampled_from(["user", "other agent"]), st.text("ab. ,", max_size=9)), min_size=1
        )
    )
    def test_parts_that_were_joined_come_apart_again(self, parts):
        joined = "\n\n".join(f"[{who}]: {text.strip()}" for who, text in parts)
        assert blocks(joined) == [(who, text.strip()) for who, text in parts]


class TestConversation:
    def notes(self, *turns: Turn) -> tuple[Said, ...]:
        return take_apart([Turn("user", PROMPT), *turns]).notes

    def test_merged_and_separate_messages_are_the_same_conversation(self):
        note = MARK + "I propose (0,1)."
        apart = take_apart([Turn("user", SECOND), Turn("user", note), Turn("assistant", "Yes.")])
        merged = take_apart([Turn("user", f"{SECOND}\n\n{note}"), Turn("assistant", "Yes.")])
        assert apart == merged
        assert merged.notes == (Said(False, "I propose (0,1)."), Said(True, "Yes."))

    def test_a_system_text_or_the_result_of_a_tool_is_no_note(self):
        assert self.notes(Turn("system", MARK + "x"), Turn("tool", MARK + "y")) == ()

    def test_a_private_question_is_seen_while_it_is_the_last_word(self):
        asked = [
            Turn("user", PROMPT),
            Turn("assistant", "I propose (0,1)."),
            Turn("user", message("commit.txt")),
        ]
        assert take_apart(asked).question == "commit"
        assert take_apart([*asked, Turn("assistant", "{}")]).question is None

    def test_a_note_that_is_asked_for_again_does_not_count(self):
        retried = [
            Turn("user", PROMPT),
            Turn("assistant", "no action"),
            Turn("user", "No valid ACTION line was found. Write it again."),
        ]
        found = take_apart(retried)
        assert (found.notes, found.question) == ((), "retry")
        accepted = [*retried, Turn("assistant", "ACTION: PROPOSE 0,1")]
        assert [note.text for note in take_apart(accepted).notes] == ["no action", "ACTION: PROPOSE 0,1"]

    def test_other_messages_of_the_carrier_ask_nothing(self):
        assert take_apart([Turn("user", PROMPT), Turn("user", "Go on.")]).question is None

    def test_only_the_first_message_of_the_carrier_is_the_prompt(self):
        late = take_apart([Turn("user", "Hello?"), Turn("user", PROMPT)])
        assert late.prompt is not None
        again = take_apart([Turn("user", PROMPT), Turn("user", SECOND)])
        assert again.prompt == read_prompt(PROMPT)


class TestClerk:
    def judged(self, notes: str, size: int = 6) -> dict:
        asked = f"Two agents moved one token through a {size}x{size} maze. Rules.\n\nNotes:\n{notes}"
        return json.loads(MAZE_PLAYERS["clerk"]([Turn("user", asked)]))

    def test_it_answers_in_the_form_of_the_judge(self):
        found = self.judged(
            "[0, agent 1] I propose (0,1) as move 1.\n[1, agent 2] Agreed, we are at (0,1).\n"
        )
        assert set(found) == {"agreed", "finished", "notation"}
        assert found["finished"] is False
        assert [step["note"] for step in found["agreed"]] == [1]

    def test_a_game_of_no_notes_has_no_steps(self):
        assert self.judged("")["agreed"] == []

    @pytest.mark.parametrize(
        "text",
        [
            "Two agents moved one token through a 6x7 maze.\nNotes:\n[0, agent 1] x\n",
            "x Two agents moved one token through a 6x6 maze.\nNotes:\n[0, agent 1] x\n",
            "Two agents moved one token through a 6x6 maze.\n",
        ],
    )
    def test_other_questions_are_played_like_the_cartographer(self, text):
        assert MAZE_PLAYERS["clerk"]([Turn("user", text)]) == MAZE_PLAYERS["cartographer"](
            [Turn("user", text)]
        )

    @pytest.mark.parametrize(
        ("text", "notes"),
        [
            ("", []),
            ("no mark", []),
            ("[0, agent 1] a\n[1, agent 2] b", [(1, "a"), (2, "b")]),
            ("[0, agent 1] a\nsecond line\n[1, agent 2] b\n", [(1, "a\nsecond line"), (2, "b")]),
            (
                "[0, agent 1] quote:\n[5, agent 2] no\n[1, agent 2] b",
                [(1, "quote:\n[5, agent 2] no"), (2, "b")],
            ),
            ("[1, agent 2] late\n[0, agent 1] a", [(1, "a")]),
            ("[0, agent 3] a", []),
            ("[0, agent 1] \n[1, agent 1] b", [(1, ""), (1, "b")]),
        ],
    )
    def test_notes_are_found_by_their_number_in_order(self, text, notes):
        assert notes_in(text) == [JudgedNote(seat, said) for seat, said in notes]

    @given(st.lists(st.tuples(st.sampled_from([1, 2]), st.text("ab [,]1\n", max_size=10)), max_size=6))
    def test_every_note_that_does_not_imitate_a_mark_comes_back(self, notes):
        text = "".join(f"[{i}, agent {seat}] {said}\n" for i, (seat, said) in enumerate(notes))
        assert notes_in(text) == [JudgedNote(seat, said) for seat, said in notes]
