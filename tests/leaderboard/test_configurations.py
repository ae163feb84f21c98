"""Names of rows: every one distinct, and made of what tells the configurations of a model apart."""

from interplay.leaderboard.configurations import row_names
from interplay.leaderboard.standings import standing

from .test_standings import PAIR, pair, submitted


def test_configurations_of_one_model_are_told_apart_by_what_they_do_not_share() -> None:
    settings = pair("one", 0.9)["settings"]
    assert isinstance(settings, dict)
    efforts = ({"reasoning_effort": "high"}, {"reasoning_effort": "low"}, {})
    entries = [
        pair("one", 0.9 - 0.2 * i, settings={**settings, "temperature": 1.0, **effort})
        for i, effort in enumerate(efforts)
    ]
    entries.append(pair("two", 0.1, effort="low"))
    rows = standing(PAIR, [submitted(entry) for entry in entries]).rows
    assert row_names(rows) == ("acme/one (effort high)", "acme/one (effort low)", "acme/one", "acme/two")


def test_rows_that_no_setting_tells_apart_get_their_place() -> None:
    rows = standing(PAIR, [submitted(pair("one", 0.9)), submitted(pair("two", 0.4))]).rows
    assert row_names((rows[0], rows[1], rows[0])) == ("acme/one (1)", "acme/two", "acme/one (3)")
