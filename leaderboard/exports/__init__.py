"""What other ecosystems read: tables, board data, badges, Every Eval Ever records, Hugging Face results.

Every function is pure: standings and submissions in, files by path out, the same bytes each time.
"""

from collections.abc import Iterator, Mapping

from ..standings import Standing, Submission
from .badges import badge_files
from .board_data import board_files
from .every_eval_ever import record_files
from .huggingface import hub_files
from .tables import HAS_PARQUET, PARQUET_MISSING, result_rows, results_csv, results_parquet

__all__ = ["HAS_PARQUET", "PARQUET_MISSING", "entry_files", "joint_files"]


def joint_files(standings: Mapping[str, Standing], base_url: str | None) -> Iterator[tuple[str, bytes]]:
    """Path and content of every derived file that holds more than one entry.

    Args:
        standings: All boards by id.
        base_url: Public address of the site; without one, records name no address as their source.
    """
    rows = result_rows(standings)
    yield "data/results.csv", results_csv(rows)
    if HAS_PARQUET:
        yield "data/results.parquet", results_parquet(rows)
    yield from board_files(standings)
    yield from hub_files(standings, base_url)


def entry_files(submission: Submission, base_url: str | None) -> Iterator[tuple[str, bytes]]:
    """Path and content of every derived file of one entry: its badge, and its record for other sites."""
    yield from badge_files(submission)
    yield from record_files(submission, base_url)
