"""What a unit costs: all roles together, and not known where one of them is not."""

from typing import Any

import pytest

from interplay.leaderboard.canonical import canonical_bytes
from interplay.leaderboard.pages.costs import cost_columns, dollars, unit_cost
from interplay.leaderboard.schema import Entry

from .. import synthetic
from .built import Built


def entry(usage: dict[str, Any], **roles: str) -> Entry:
    result = synthetic.pair_result("x", 0.5, synthetic.STANDARD, "standard")
    used = synthetic.usage(240)["model"]
    assert isinstance(used, dict)
    result["usage"] = {role: used | {"cost_usd": cost} for role, cost in usage.items()}
    refs = {role: {"id": name, "revision": None, "served_by": "x"} for role, name in roles.items()}
    return Entry.model_validate_json(canonical_bytes(synthetic.entry("orchard/x", [result], roles=refs)))


@pytest.mark.parametrize(
    ("usage", "roles", "expected"),
    [
        ({"model": 12.0}, {}, 0.1),
        ({"model": 12.0, "partner": 6.0}, {"partner": "meadow/y"}, 0.15),
        ({"model": 12.0, "partner": None}, {"partner": "reference/echo"}, 0.1),
        ({"model": 12.0, "partner": None}, {"partner": "meadow/y"}, None),
        ({"model": None}, {}, None),
    ],
)
def test_the_cost_of_a_unit(usage: dict[str, Any], roles: dict[str, str], expected: float | None) -> None:
    content = entry(usage, **roles)
    found = unit_cost(content, content.results[0])
    assert found == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(12.4, "12.40"), (0.154, "0.154"), (0.00213, "0.0021"), (0.00001, "< 0.0001"), (0.0, "0.00")],
)
def test_an_amount_has_the_decimals_that_its_size_asks_for(amount: float, expected: str) -> None:
    assert dollars(amount) == expected


def test_boards_show_the_cost_only_where_an_entry_names_a_price(site: Built) -> None:
    assert cost_columns([]) is None
    assert "$ per maze" in site.text("boards/mazes-pair")
    assert "$ per" not in site.text("boards/user-turn-native")
