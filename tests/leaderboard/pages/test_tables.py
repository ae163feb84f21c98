"""Rows of results tables in words: settings that tell rows apart, and only those."""

from pathlib import Path
from typing import Any

import pytest

from interplay.leaderboard.pages.inputs import read_inputs
from interplay.leaderboard.pages.tables import results_table

from .. import synthetic


def details(root: Path, temperatures: list[float]) -> list[str]:
    for i, temperature in enumerate(temperatures):
        name = f"orchard/model-{i}"
        result = synthetic.pair_result(name, 0.5, synthetic.STANDARD, "standard")
        settings: Any = synthetic.entry(name, [result])["settings"]
        content = synthetic.entry(name, [result], settings={**settings, "temperature": temperature})
        synthetic.write(root, content)
    standing = read_inputs(root).standings["mazes-pair"]
    return sorted(row.detail for row in results_table(standing, standing.listed, "x", ranked=True).rows)


@pytest.mark.parametrize(
    ("temperatures", "expected"),
    [([0.7, 0.7], ["", ""]), ([0.7, 1.0], ["T = 0.7", "T = 1"]), ([0.7], ["T = 0.7"])],
)
def test_a_setting_stands_beside_a_name_only_where_it_tells_rows_apart(
    tmp_path: Path, temperatures: list[float], expected: list[str]
) -> None:
    assert details(tmp_path, temperatures) == expected
