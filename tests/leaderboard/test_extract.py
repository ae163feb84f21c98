"""What of a score becomes a row: finite numbers, texts, and a list of numbers as one word."""

import math

from inspect_ai.scorer import Score

from interplay.leaderboard.extract import score_row


def test_a_list_of_numbers_is_one_word_and_other_lists_are_none() -> None:
    row = score_row({
        "escalation": Score(
            value={"cts_d": 0.5, "slope": math.nan},
            metadata={"levels": [3, 3, 2, 1], "end": "calmed", "mixed": [3, None], "flags": [True]},
        )
    })  # fmt: skip
    assert row.words == {"escalation.levels": "3 3 2 1", "escalation.end": "calmed"}
    assert row.numbers == {"escalation.cts_d": 0.5}
    assert row.value_keys == ("escalation.cts_d",)
