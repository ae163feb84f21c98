"""The badge of the hedge rules: grey without labels, amber for each condition that is missed, else green."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from interplay.leaderboard.analysis.hedge_badge import (
    GOLD,
    GREY,
    GoldSentence,
    badge_of,
    badge_sentence,
    hedge_badge,
)
from interplay.tasks.mistakes import UserMistake

HEDGED, PLAIN, TRAP = "It may rain on day {}.", "It rains on day {}.", "It rained in May of year {}."


def rows(
    per_kind: int = 150, *, apart: int = 0, wrong: int = 0, checkpoints: tuple[str, ...] = ("a", "b")
) -> Iterator[GoldSentence]:
    """As many hedged as plain sentences each; the people part on some, the rules miss some of b."""
    for name in checkpoints:
        for n in range(per_kind):
            missed = name == "b" and n < wrong
            text = (PLAIN if missed else HEDGED).format(f"{n}, {name}")
            yield GoldSentence(checkpoint=name, sentence=text, people=(True, n >= apart), hedged=True)
            trap = (TRAP if n % 2 else PLAIN).format(f"{n} of {name}")
            yield GoldSentence(checkpoint=name, sentence=trap, people=(False, False), hedged=False)


def test_green_if_all_conditions_hold() -> None:
    badge = badge_of(list(rows()))
    assert badge.state == "green"
    assert badge.reason == (
        "validated on 600 sentences of 2 checkpoints that two people labelled: alpha 1.00, F1 1.00"
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (list(rows(149)), "596 sentences, needs 600"),
        (list(rows(apart=50)), "alpha of the people is 0.66, needs 0.75"),
        (list(rows(wrong=13)), "recall differs by 0.09 between checkpoints, at most 0.08"),
        (list(rows(300, checkpoints=("a",))), "one checkpoint alone"),
        (list(rows(wrong=150)), "precision of b is undefined"),
    ],
)
def test_amber_names_what_is_missed(found: list[GoldSentence], said: str) -> None:
    badge = badge_of(found)
    assert badge.state == "amber"
    assert said in badge.reason
    assert badge_of(list(rows(wrong=12))).state == "green"


def test_the_file_decides(tmp_path: Path) -> None:
    assert hedge_badge(tmp_path) is GREY
    assert badge_sentence(GREY).startswith("Hedge rules, grey: not validated on model text")
    file = tmp_path / GOLD
    file.parent.mkdir(parents=True)
    lines = [row.model_dump_json() for row in rows()]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    assert hedge_badge(tmp_path).state == "green"
    file.write_text("\n".join([*lines, lines[3]]), "utf-8")
    with pytest.raises(UserMistake, match=r"hedges.jsonl:601: a has the sentence .* twice; keep one"):
        hedge_badge(tmp_path)
    file.write_text(json.dumps({"checkpoint": "a", "sentence": "No.", "people": [True]}), "utf-8")
    with pytest.raises(UserMistake, match=r"hedges.jsonl:1: people.*; correct the line"):
        hedge_badge(tmp_path)
