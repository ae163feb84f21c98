"""What other ecosystems read: tables, board data, badges, Every Eval Ever records, Hugging Face results.

Every function is pure: standings and submissions in, files by path out, the same bytes each time. What one
board gives is remembered for as long as its standing is the same.
"""

from collections.abc import Iterator, Mapping

from ..remembering import Memory
from ..standings import Standing, Submission
from .badges import badge_files
from .board_data import board_file
from .every_eval_ever import record_files
from .huggingface import hub_files, hub_results
from .tables import HAS_PARQUET, PARQUET_MISSING, csv_lines, result_rows, results_csv, results_parquet

__all__ = ["HAS_PARQUET", "PARQUET_MISSING", "entry_files", "joint_files"]


def joint_files(
    standings: Mapping[str, Standing], base_url: str | None, memory: Memory | None = None
) -> Iterator[tuple[str, bytes]]:
    """Path and content of every derived file that holds more than one entry.

    Args:
        standings: All boards by id.
        base_url: Public address of the site; without one, records name no address as their source.
        memory: Holds what an earlier call was made of.
    """
    memory = memory or Memory()
    boards = list(standings.values())
    lines = {found.board.id: memory(csv_lines, found) for found in boards}
    yield "data/results.csv", results_csv(lines.values())
    if HAS_PARQUET:
        yield "data/results.parquet", results_parquet([memory(result_rows, found) for found in boards])
    for found in boards:
        yield memory(board_file, found)
    yield from hub_files([memory(hub_results, found, base_url) for found in boards], lines, memory)


def entry_files(submission: Submission, base_url: str | None) -> Iterator[tuple[str, bytes]]:
    """Path and content of every derived file of one entry: its badge, and its record for other sites."""
    yield from badge_files(submission)
    yield from record_files(submission, base_url)
