"""Which cells of an opener give its maze away, and what is left of drawn rows."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.solvers.dialogue import Seat
from interplay.solvers.relay import (
    cells_named,
    hidden,
    is_start,
    names_other_cell,
    relay,
    transplanted_opener,
    without_content,
)

from .two_seats import said, saying


class TestStart:
    @pytest.mark.parametrize(
        ("written", "from_zero", "from_one"),
        [
            ("(0,0)", True, True),
            ("(1,1)", False, True),
            ("(0,1)", False, False),
            ("(1,0)", False, False),
            ("(2,2)", False, False),
            ("row 1, column 1", False, True),
            ("A1", True, True),
            ("A0", True, True),
            ("A2", False, False),
            ("B1", False, False),
        ],
    )
    def test_which_cell_is_the_start_depends_on_how_its_author_counts(self, written, from_zero, from_one):
        (cell,) = cells_named(f"We begin at {written}.")
        assert (is_start(cell, True), is_start(cell, False)) == (from_zero, from_one)
        assert names_other_cell(f"We begin at {written}.", True) is not from_zero

    @pytest.mark.parametrize("text", ["", "No cell at all.", "We agree.", "12 steps", "Chapter (a)"])
    def test_a_sentence_without_a_cell_names_none(self, text: str):
        assert not names_other_cell(text, True)
        assert not names_other_cell(text, False)

    def test_one_other_cell_among_starts_is_enough(self):
        assert names_other_cell("From (0,0) to (0,1).", True)
        assert not names_other_cell("(0,0), I repeat (0,0).", True)


class TestHidden:
    @given(st.text("@.#k*?K |,", max_size=20))
    def test_every_symbol_but_start_and_frame_is_hidden(self, drawn: str):
        left = hidden(drawn)
        assert len(left) == len(drawn)
        for before, after in zip(drawn, left, strict=True):
            assert after == (before if before in "@? |," else "?")

    @pytest.mark.parametrize(
        ("opener", "kept"),
        [
            ("@..\n.#.\n..*", "@??\n???\n???"),
            ("Row A: . # k", "Row A: ? ? ?"),
            ("```\n@.#\n```", "```\n@??\n```"),
            ("@..#?", "@????"),
            ("..", ".."),
            ("Wait...", "Wait..."),
            ("well .... then", "well ???? then"),
            ("K.K", "???"),
            ("\n\nHello.\n\n", "Hello."),
            (" \n ", ""),
        ],
    )
    def test_drawn_rows_keep_their_shape_and_words_their_dots(self, opener: str, kept: str):
        assert without_content(opener) == kept

    @given(st.text("@.#k*? \nab(0,1)", max_size=60))
    def test_taking_out_twice_changes_nothing(self, opener: str):
        once = without_content(opener)
        assert without_content(once) == once


class TestTransplant:
    def written(self, answer, max_chars: int | None = None):
        strong = saying(answer, name="strong")
        return asyncio.run(transplanted_opener(strong, Seat(strong, "another maze"), max_chars))

    def test_the_price_is_kept_and_the_text_that_was_sent_is_not(self):
        note = self.written(said("Hi. The goal is (4,4).", output_tokens=9, cached=3))
        assert (note.i, note.seat, note.text) == (0, 1, "Hi.")
        assert (note.output_tokens, note.cached_tokens, note.calls) == (9, 3, 1)
        assert note.model == "mockllm/strong"

    def test_it_is_cut_before_its_content_is_taken_out(self):
        note = self.written("Hello there. More words.", 12)
        assert (note.text, note.flags) == ("Hello there.", ["cut"])

    def test_an_empty_one_is_flagged_once(self):
        assert self.written("").flags == ["empty"]
        assert self.written("The goal is (4,4).").flags == ["empty"]
        assert self.written("<think>The goal is (4,4).</think>").flags == ["empty"]

    def test_a_thought_never_stays_in_an_opener(self):
        assert "SECRET" not in self.written("SECRET</think>Let us begin.").text


class TestRelay:
    def test_seat_2_is_never_passed_on(self):
        strong, weak = saying("s", name="strong"), saying("w", name="weak")
        for mode in ("prime", "recover"):
            who = relay(4, mode, strong)
            assert all(who(i, Seat(weak, "")) is weak for i in range(1, 12, 2))
