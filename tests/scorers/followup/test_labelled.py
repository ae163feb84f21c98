"""The bars on the labelled turns: what the rules reach on the part they were adjusted on and on the rest."""

from collections import Counter

import pytest

from interplay.scorers.followup_accuracy import (
    SPLITS,
    confusion,
    labelled_contexts,
    labelled_turns,
    main,
    text_table,
)
from interplay.scorers.followup_rules import LABELS

TURNS, A_LABEL = 300, 12
EXACT, PRECISION = 0.85, 0.90


def test_the_set_is_as_large_as_it_says():
    turns = labelled_turns()
    assert len(turns) >= TURNS
    assert len({turn.id for turn in turns}) == len(turns)
    assert {turn.context for turn in turns} <= set(labelled_contexts())
    by_label = Counter(turn.label for turn in turns)
    assert all(by_label[label] >= A_LABEL for label in LABELS), by_label


def test_a_third_is_held_out():
    held_out = sum(turn.split == "held-out" for turn in labelled_turns())
    assert held_out >= len(labelled_turns()) / 3


@pytest.mark.parametrize("split", SPLITS)
def test_the_rules_reach_the_bars(split):
    found = confusion(split)
    assert found.exact >= EXACT
    assert found.precision >= PRECISION
    assert found.recall >= 0.8
    assert found.kappa >= 0.8


def test_the_matrix_counts_every_turn(capsys: pytest.CaptureFixture[str]):
    main()
    printed = capsys.readouterr().out
    for split in SPLITS:
        found = confusion(split)
        assert text_table(found) in printed
        assert sum(map(found.of, LABELS)) == sum(map(found.given, LABELS)) == found.turns
