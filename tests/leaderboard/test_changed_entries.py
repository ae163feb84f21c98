"""One changed entry: a site that is built again has the bytes of one that is built anew, in any process."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from interplay.leaderboard.build import SiteBuilder, build_site
from interplay.leaderboard.pages.boards import Link
from interplay.leaderboard.pages.history import CHANGES_PER_PAGE, Event, changes_pages

from . import synthetic
from .changed_entries import CHANGES, contents
from .synthetic_large import write_large

SEVERAL, MANY, MOST = 32, 1_000, 10_000
ANOTHER_PROCESS = """
import sys
from pathlib import Path
from interplay.leaderboard.build import build_site
build_site(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_entry_gives_the_bytes_of_a_full_build(
    change: Callable[[Path], str], tmp_path: Path
) -> None:
    root = tmp_path / "root"
    write_large(root, SEVERAL)
    synthetic.write_reference(root)
    builder = SiteBuilder(root, tmp_path / "warm")
    builder.build()
    build_site(root, tmp_path / "cold")
    before = contents(tmp_path / "warm")
    assert contents(tmp_path / "cold") == before
    builder.build()  # what it knows of the first build it has to know still
    name = change(root)
    report = builder.build()
    build_site(root, tmp_path / "cold")
    build_site(root, tmp_path / "anew", full=True)
    after = contents(tmp_path / "anew")
    assert contents(tmp_path / "warm") == after
    assert contents(tmp_path / "cold") == after
    changed = {path for path in after if after[path] != before.get(path)}
    assert len(changed) == report.changed
    assert f"entries/{name}/index.html" in changed
    assert sum(path.startswith("entries/") for path in changed) == 1
    assert "changes/index.html" in changed
    assert builder.build().changed == 0


@pytest.mark.parametrize(
    "entries", [pytest.param(MANY, marks=pytest.mark.slow), pytest.param(MOST, marks=pytest.mark.nightly)]
)
def test_among_many_entries_changes_in_a_row_give_the_bytes_of_a_full_build(
    entries: int, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    write_large(root, entries)
    builder = SiteBuilder(root, tmp_path / "site")
    builder.build()
    for change in CHANGES.values():
        name = change(root)
        assert builder.build().changed > 0
        assert (tmp_path / "site" / "entries" / name / "index.html").is_file()
    command = [sys.executable, "-c", ANOTHER_PROCESS, str(root), str(tmp_path / "anew")]
    subprocess.run(command, check=True)
    same = subprocess.run(
        ["diff", "-rq", str(tmp_path / "site"), str(tmp_path / "anew")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert same.returncode == 0, same.stdout[:2000]
    shutil.rmtree(tmp_path)  # some hundred thousand files


def event(i: int) -> Event:
    return Event(
        "2026-11-01", f"{i:06d}", "model", "entries/x/", (), "reported", "closed", "accepted", f"{i}"
    )


@pytest.mark.parametrize("count", [0, 1, 199, 200, 399, 400, 401, 1000, 1234])
def test_every_change_stands_on_one_page_and_full_pages_stay(count: int) -> None:
    latest = [event(i) for i in reversed(range(count))]
    pages = changes_pages(latest)
    assert [*pages][-1] == "changes/"
    shown = [event for page in reversed(pages.values()) for event in page.events]
    assert shown == latest
    full = [page for path, page in pages.items() if path != "changes/"]
    assert all(len(page.events) == CHANGES_PER_PAGE for page in full)
    assert len(pages["changes/"].events) < 2 * CHANGES_PER_PAGE
    assert not full or len(pages["changes/"].events) >= CHANGES_PER_PAGE
    assert {link.href for link in pages["changes/"].earlier} == pages.keys() - {"changes/"}
    chain, page = ["changes/"], pages["changes/"]
    while page.older:
        newer = pages[page.older.href].newer
        assert newer is not None
        assert newer.href == chain[-1]
        chain.append(page.older.href)
        page = pages[chain[-1]]
    assert sorted(chain) == sorted(pages)
    more = changes_pages([event(i) for i in reversed(range(count + 150))])
    stay = [path for path in pages if path != "changes/" and pages[path].newer != Link("newest", "changes/")]
    assert all(more[path] == pages[path] for path in stay)
