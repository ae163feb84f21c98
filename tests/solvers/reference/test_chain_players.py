"""Speakers of chains: how much they hedge is known, whatever the words."""

from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.hedge_rules import hedging
from interplay.solvers.reference.chain_players import (
    CHAIN_SPEAKERS,
    FRAME,
    LEVELS,
    is_recipe_chains,
    plain,
)
from interplay.solvers.reference.player import Turn
from interplay.tasks.recipe_chains.openers import openers

TOPICS = [opener.text for opener in openers()]
FLAT = "Cars fill the streets. Buses are quicker. Bikes are cheap."
MIXED = "Cars fill the streets. Perhaps buses are quicker."
HEDGED = "Perhaps cars fill the streets. Maybe buses are quicker. It seems bikes are cheap."


def asked(topic: str, partner: str = "") -> list[Turn]:
    """A request to speak on a topic after what the partner wrote."""
    quoted = f'\nThe other wrote:\n"""\n{partner}\n"""' if partner else ""
    return [Turn("system", FRAME), Turn("user", f"Topic: {topic}{quoted}")]


def share(text: str) -> float:
    """Hedged sentences of all, by the rules that score chains."""
    found = hedging(text)
    assert found is not None, text
    return found.hedged_share


class TestExpectedShares:
    """Over topics and seeds a coin moves a speaker one sentence of six up or down: the mean is its level."""

    @pytest.mark.parametrize(
        ("name", "partner", "sixths"),
        [
            ("hedger", FLAT, 4),
            ("hedger", HEDGED, 4),
            ("asserter", FLAT, 1),
            ("asserter", HEDGED, 1),
            ("mirror", FLAT, 1),
            ("mirror", MIXED, 3),
            ("mirror", HEDGED, 5),
            ("contrarian", FLAT, 5),
            ("contrarian", MIXED, 3),
            ("contrarian", HEDGED, 1),
        ],
    )
    def test_of_the_table_in_the_module(self, name: str, partner: str, sixths: int):
        found = [
            share(CHAIN_SPEAKERS[name](asked(topic, partner), seed))
            for topic in TOPICS[:20]
            for seed in range(4)
        ]
        assert fmean(found) == pytest.approx(sixths / 6, abs=0.05)
        assert {round(6 * one) for one in found} <= {sixths - 1, sixths, sixths + 1}

    @pytest.mark.parametrize(("partner", "hedged"), [(FLAT, 0.0), (MIXED, 0.5), (HEDGED, 1.0)])
    def test_the_partners_of_these_tests_are_what_they_are_called(self, partner: str, hedged: float):
        assert share(partner) == hedged

    @given(st.floats(0, 1))
    def test_mirror_and_contrarian_add_up_to_all_six(self, heard: float):
        assert LEVELS["mirror"](heard) + LEVELS["contrarian"](heard) == 6

    @pytest.mark.parametrize(
        ("heard", "sixths"), [(0, 1), (0.124, 1), (0.125, 2), (0.374, 2), (0.375, 3), (0.875, 5), (1, 5)]
    )
    def test_the_mirror_rounds_half_up(self, heard: float, sixths: int):
        assert LEVELS["mirror"](heard) == sixths


class TestPurity:
    @settings(max_examples=20)
    @given(st.sampled_from(sorted(CHAIN_SPEAKERS)), st.sampled_from(TOPICS), st.integers(0, 2**31 - 1))
    def test_the_same_call_gets_the_same_words(self, name, topic, seed):
        assert CHAIN_SPEAKERS[name](asked(topic, FLAT), seed) == CHAIN_SPEAKERS[name](
            asked(topic, FLAT), seed
        )

    def test_seeds_make_repeats_differ(self):
        for name, speak in CHAIN_SPEAKERS.items():
            assert len({speak(asked(TOPICS[0], FLAT), seed) for seed in range(8)}) > 3, name

    def test_the_partner_is_what_was_quoted_last(self):
        once = asked(TOPICS[0], HEDGED)
        twice = [
            *asked(TOPICS[0], FLAT),
            Turn("assistant", "My own words."),
            Turn("user", f'Go on.\n"""\n{HEDGED}\n"""'),
        ]
        assert CHAIN_SPEAKERS["mirror"](twice, 5) == CHAIN_SPEAKERS["mirror"](once, 5)

    def test_own_words_and_the_system_prompt_are_not_the_partners(self):
        turns = asked(TOPICS[0], FLAT)
        noisy = [
            Turn("system", f'{FRAME}\n"""\n{HEDGED}\n"""'),
            turns[1],
            Turn("assistant", f'"""\n{HEDGED}\n"""'),
        ]
        assert CHAIN_SPEAKERS["mirror"](noisy, 1) == CHAIN_SPEAKERS["mirror"](turns, 1)

    def test_a_topic_that_is_no_opener_gets_six_sentences_as_well(self):
        """Stock claims stand in: a board never has an empty cell because of a topic."""
        for topic in ("", "whether مدن need trams", "x" * 2_000, "<script>alert(1)</script>"):
            found = hedging(CHAIN_SPEAKERS["hedger"](asked(topic, FLAT), 1))
            assert found is not None
            assert 3 / 6 <= found.hedged_share <= 5 / 6

    def test_the_first_topic_counts(self):
        turns = [Turn("system", FRAME), Turn("user", f"Topic: {TOPICS[0]}\nTopic: {TOPICS[1]}")]
        alone = [Turn("system", FRAME), Turn("user", f"Topic: {TOPICS[0]}")]
        assert CHAIN_SPEAKERS["asserter"](turns, 3) == CHAIN_SPEAKERS["asserter"](alone, 3)


class TestPlain:
    def test_only_the_last_quote_of_the_last_message_is_rewritten(self):
        turns = [
            Turn("user", '"""\nPerhaps never.\n"""'),
            Turn("user", f'Rewrite:\n"""\nMaybe this.\n"""\nand\n"""\n{HEDGED}\n"""'),
        ]
        assert share(plain(turns)) < share(HEDGED)
        assert "never" not in plain(turns)
        assert "this" not in plain(turns)

    def test_without_a_quote_the_whole_message_is(self):
        assert plain([Turn("user", FLAT)]) == FLAT

    def test_rewriting_a_flat_text_or_twice_changes_nothing(self):
        once = plain([Turn("user", f'"""\n{HEDGED}\n"""')])
        assert plain([Turn("user", f'"""\n{once}\n"""')]) == once
        assert plain([Turn("user", f'"""\n{FLAT}\n"""')]) == FLAT

    @settings(max_examples=20)
    @given(st.sampled_from(TOPICS), st.integers(0, 1000))
    def test_what_a_hedger_wrote_loses_its_hedges_and_keeps_its_sentences(self, topic, seed):
        written = CHAIN_SPEAKERS["hedger"](asked(topic), seed)
        rewritten = plain([Turn("user", f'"""\n{written}\n"""')])
        assert share(rewritten) < share(written)
        assert rewritten.count(".") == written.count(".")


@pytest.mark.parametrize(
    ("turns", "holds"),
    [
        ([], False),
        ([Turn("system", FRAME)], True),
        ([Turn("system", f"{FRAME} More.")], True),
        ([Turn("user", FRAME)], False),
        ([Turn("system", "x"), Turn("system", FRAME)], False),
    ],
)
def test_a_chain_is_told_by_its_first_message(turns: list[Turn], holds: bool) -> None:
    assert is_recipe_chains(turns) is holds
