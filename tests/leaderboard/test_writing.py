"""Files of a site: written over in place, and only where their bytes differ."""

from pathlib import Path

import pytest

from interplay.leaderboard.writing import Writer

NAME, BEFORE = "models/index.html", b"twelve bytes"


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("after", [BEFORE, b"other bytes!", b"longer than it was before", b"short", b""])
def test_a_file_gets_its_bytes_and_counts_where_they_were_written(
    after: bytes, full: bool, tmp_path: Path
) -> None:
    first = Writer(tmp_path)
    first.put(NAME, BEFORE)
    assert first.changed == 1
    again = Writer(tmp_path, full=full)
    file = again.put(NAME, after)
    assert (tmp_path / NAME).read_bytes() == after
    assert file.bytes == len(after)
    assert again.has(file)
    assert again.changed == (full or after != BEFORE)


def test_a_file_without_bytes_is_written_once(tmp_path: Path) -> None:
    written = [Writer(tmp_path), Writer(tmp_path)]
    for writer in written:
        writer.put(NAME, b"")
    assert [writer.changed for writer in written] == [1, 0]
    assert (tmp_path / NAME).read_bytes() == b""
