"""What other ecosystems read: tables, board data, badges, Every Eval Ever records, Hugging Face results.

Every function is pure: standings and submissions in, files by path out, the same bytes each time.
"""

from collections.abc import Mapping, Sequence

from ..standings import Standing, Submission
from .badges import badge_files
from .board_data import board_files
from .every_eval_ever import record_files
from .huggingface import hub_files
from .tables import HAS_PARQUET, PARQUET_MISSING, result_rows, results_csv, results_parquet

__all__ = ["HAS_PARQUET", "PARQUET_MISSING", "export_files"]


def export_files(
    standings: Mapping[str, Standing], submissions: Sequence[Submission], base_url: str | None
) -> dict[str, bytes]:
    """Every derived file of the site that is not a page, by path.

    Args:
        standings: All boards by id.
        submissions: All entries with their evidence.
        base_url: Public address of the site; without one, records name no address as their source.
    """
    rows = result_rows(standings)
    found = {"data/results.csv": results_csv(rows)}
    if HAS_PARQUET:
        found["data/results.parquet"] = results_parquet(rows)
    return (
        found
        | board_files(standings)
        | badge_files(submissions)
        | record_files(submissions, base_url)
        | hub_files(standings, base_url)
    )
