"""How a whole site is read: in order, once a fault, by one process or several, and told in sentences."""

import os
import threading
from pathlib import Path

import pytest

from interplay.leaderboard.commands.site import SHOWN, told
from interplay.leaderboard.sitecheck import run
from interplay.leaderboard.sitecheck.outline import Finding
from interplay.leaderboard.sitecheck.rebuilt import differences
from interplay.leaderboard.sitecheck.run import PageCheck, check_site, files_of, read_pages
from interplay.tasks.mistakes import UserMistake

from .handmade import BASE, SCRIPT, STYLE, site_files, sound, write


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write(tmp_path / "site", site_files())


def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with two cores, and no thread beside this one whatever runs the tests."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1}, raising=False)
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def broken(site: Path) -> Path:
    for name in ("index.html", "data/index.html", "entries/e-1/index.html"):
        path = site / name
        text = path.read_text("utf-8").replace("<h1>", '<h1 style="x">\n<b>').replace("</h1>", "</b></h1>")
        path.write_text(text.replace("</main>", '<a href="./no/">no</a><a></main>'), encoding="utf-8")
    return site


def test_a_site_is_listed_with_hashes_and_weights_of_what_its_pages_share(site: Path) -> None:
    found = files_of(site, BASE)
    assert found.files == {*site_files(), "data/manifest.json"}
    assert found.base_url == BASE
    assert set(found.digests) == {"static/style.css", "static/site.js", "static/card.png"}
    assert set(found.weights) == {"static/style.css", "static/site.js"}
    assert found.weights["static/style.css"] > len(STYLE) - 5
    assert found.weights["static/site.js"] > len(SCRIPT) - 5


def test_the_report_counts_pages_and_all_files(site: Path) -> None:
    report = check_site(site, BASE)
    assert report.findings == ()
    assert report.pages == len(list(site.rglob("*.html"))) == 9
    assert report.files == sum(path.is_file() for path in site.rglob("*"))


def test_findings_are_in_the_order_of_files_lines_and_rules_and_each_stands_once(site: Path) -> None:
    findings = check_site(broken(site), BASE).findings
    keys = [(f.file, f.line, f.rule, f.message) for f in findings]
    assert keys == sorted(set(keys))
    assert {f.file for f in findings} == {"data/index.html", "entries/e-1/index.html", "index.html"}
    rules = {f.rule for f in findings if f.file == "data/index.html"}
    assert rules == {"access", "links", "safety"}
    by_file = [f.file for f in findings]
    assert by_file == sorted(by_file)


def test_the_rules_of_a_page_are_named_by_what_they_are_about(site: Path) -> None:
    path = site / "data/index.html"
    text = path.read_text("utf-8").replace("<main", "<figure><h2>A</h2></figure><main")
    path.write_text(text, encoding="utf-8")
    facts = PageCheck(site, files_of(site, BASE))("data/index.html")
    assert [str(f.rule) for f in facts.findings if "no table of its numbers" in f.message] == ["content"]


def test_several_processes_find_what_one_does(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = check_site(broken(site), BASE)
    monkeypatch.setattr(run, "FEW", 2)
    monkeypatch.setattr(run, "CHUNK", 2)
    two_cores(monkeypatch)
    assert check_site(site, BASE) == alone


def test_few_pages_are_read_here_one_by_one(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object) -> None:
        raise AssertionError("a process was started for a few pages")

    monkeypatch.setattr(run.multiprocessing, "Pool", refuse)
    check = PageCheck(site, files_of(site, BASE))
    pages = ["index.html", "404.html"]
    assert [facts.file for facts in read_pages(check, pages)] == pages
    two_cores(monkeypatch)
    with pytest.raises(AssertionError, match="was started"):
        list(read_pages(check, ["index.html"] * run.FEW))


def test_a_machine_with_one_core_reads_all_pages_here(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0}, raising=False)
    monkeypatch.setattr(run.multiprocessing, "Pool", None)
    check = PageCheck(site, files_of(site, BASE))
    assert len(list(read_pages(check, ["404.html"] * run.FEW))) == run.FEW


def test_rows_are_read_from_pages_of_boards_only(site: Path) -> None:
    check = PageCheck(site, files_of(site, BASE))
    (site / "data/index.html").write_bytes((site / "boards/demo/index.html").read_bytes())
    assert [row.entry for row in check("boards/demo/index.html").rows] == ["e-1", "e-2"]
    assert check("data/index.html").rows == ()


def test_a_page_tells_where_it_leads_and_which_places_it_names_elsewhere(site: Path) -> None:
    text = sound('<a href="../boards/demo/#top">a</a><a href="#main">b</a>', up="../")
    (site / "data/index.html").write_text(text, encoding="utf-8")
    facts = PageCheck(site, files_of(site, BASE))("data/index.html")
    assert facts.findings == ()
    assert facts.leads == {"index.html", "data/index.html", "boards/demo/index.html", "static/style.css"}
    assert [(lead.file, lead.place) for lead in facts.places] == [("boards/demo/index.html", "top")]


@pytest.mark.parametrize("name", ["", "missing"])
def test_a_folder_without_a_start_page_is_no_site(name: str, tmp_path: Path) -> None:
    out = tmp_path / name
    with pytest.raises(UserMistake) as caught:
        check_site(out)
    assert str(caught.value) == f"{out}: holds no index.html; run `interplay build --out {out}` first."
    assert list(tmp_path.iterdir()) == []


def test_two_builds_that_are_equal_have_no_difference_and_folders_count_for_nothing(tmp_path: Path) -> None:
    for name in "ab":
        write(tmp_path / name, site_files())
    (tmp_path / "b" / "empty").mkdir()
    assert list(differences(tmp_path / "a", tmp_path / "b")) == []


def test_a_difference_is_found_though_size_and_time_are_the_same(tmp_path: Path) -> None:
    for name in "ab":
        write(tmp_path / name, site_files())
    path = tmp_path / "b" / "data" / "results.csv"
    content, status = path.read_bytes(), path.stat()
    path.write_bytes(content.replace(b"0.8125", b"0.8126"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    for first, second in (("a", "b"), ("b", "a")):
        (found,) = differences(tmp_path / first, tmp_path / second)
        assert str(found) == "data/results.csv: a second build of the same entries gives other bytes"


def test_a_file_that_one_build_lacks_is_named_from_either_side(tmp_path: Path) -> None:
    write(tmp_path / "a", site_files())
    write(tmp_path / "b", site_files() | {"feed.xml": None})
    for first, second in (("a", "b"), ("b", "a")):
        found = list(differences(tmp_path / first, tmp_path / second))
        assert [(f.rule, f.file, f.line) for f in found] == [("bytes", "feed.xml", 0)]
        assert found[0].message == "only one of two builds of the same entries holds the file"


def test_of_many_findings_of_one_rule_the_first_are_told_and_the_rest_counted() -> None:
    many = [Finding("links", "index.html", i, "leads nowhere") for i in range(1, SHOWN + 3)]
    few = [Finding("access", "index.html", 1, "no h1")]
    lines = list(told([*many, *few]))
    assert lines[0] == "access: index.html:1: no h1"
    assert lines[1 : SHOWN + 1] == [f"links: index.html:{i}: leads nowhere" for i in range(1, SHOWN + 1)]
    assert lines[SHOWN + 1 :] == ["links: 2 more; --json lists all."]
    assert list(told(many[:SHOWN]))[-1] == f"links: index.html:{SHOWN}: leads nowhere"
