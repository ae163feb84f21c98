"""The tables of lineage and exposure, measured again on the shipped models: trained anew, some minutes.

`measured.yaml` holds the figures; every value is within 0.10 of it and on the same side of each threshold.
"""

from pathlib import Path

import pytest
import yaml

pytest.importorskip("torch", reason="no torch found")

from interplay.scorers.integrity.exposure import FLAG_Z, REVIEW_Z
from interplay.scorers.integrity.lineage import UNRELATED
from interplay.tasks.posttrain.cells import load_grid

from . import measured

pytestmark = [pytest.mark.torch, pytest.mark.nightly]
TABLE = yaml.safe_load(Path(__file__).with_name("measured.yaml").read_text("utf-8"))
LIMITS = load_grid().bases["mini-0"].lineage
TOLERANCE = 0.10


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, measured.Row]]:
    return measured.measure(tmp_path_factory.mktemp("models"))


def sides(row: measured.Row) -> tuple[object, ...]:
    """On which side of each threshold of lineage a row lies."""
    top, least = row.get("max_c", 0.0), row["min_k"]
    return top >= LIMITS.flag, top >= LIMITS.review, least < UNRELATED


@pytest.mark.parametrize("part", ["honest", "foreign"])
def test_lineage_is_as_measured(tables: dict[str, dict[str, measured.Row]], part: str) -> None:
    assert set(tables[part]) == set(TABLE[part])
    for name, row in tables[part].items():
        known = TABLE[part][name]
        for key in ("max_c", "min_k", "p"):
            if key in row and key in known:
                assert row[key] == pytest.approx(known[key], abs=TOLERANCE), (name, key)
        assert sides(row) == sides(known), name


def test_exposure_is_as_measured(tables: dict[str, dict[str, measured.Row]]) -> None:
    assert set(tables["exposure"]) == set(TABLE["exposure"])
    for name, row in tables["exposure"].items():
        known = TABLE["exposure"][name]
        for key in ("raw", "twin"):
            assert row[key] == pytest.approx(known[key], abs=TOLERANCE), (name, key)
        for limit in (REVIEW_Z, FLAG_Z):
            if abs(known["z"] - limit) > 1:
                assert (row["z"] >= limit) == (known["z"] >= limit), (name, row["z"])


def test_the_thresholds_separate_what_the_table_holds() -> None:
    for name, row in TABLE["honest"].items():
        assert sides(row) == (False, False, False), name
    for name, row in TABLE["foreign"].items():
        assert any(sides(row)[i] for i in (0, 2)), name
    honest = {name: row for name, row in TABLE["exposure"].items() if name.startswith("sft")}
    assert len(honest) == 7
    assert all(row["z"] < REVIEW_Z for row in honest.values())
    assert all(
        row["z"] >= FLAG_Z
        for name, row in TABLE["exposure"].items()
        if name.startswith(("verbatim", "renamed"))
    )
