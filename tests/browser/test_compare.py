"""The page that compares entries: our own intervals to six digits, and a sentence where it refuses."""

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from interplay.leaderboard import standings, statistics
from interplay.leaderboard.build import build_site
from interplay.leaderboard.canonical import canonical_bytes, decode_units
from interplay.leaderboard.pages.inputs import read_inputs
from interplay.leaderboard.records import record_path
from interplay.leaderboard.schema import Evidence

from ..leaderboard import synthetic, synthetic_user_turn
from ..leaderboard.synthetic_large import find_board, large_result
from .chromium import MARKS, served

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [*MARKS, pytest.mark.slow]

SAY = "[data-compare] section"


class Compared(NamedTuple):
    """A served site, the entries of its tests by a short name, and the unit values that its boards show."""

    address: str
    ids: dict[str, str]
    units: dict[tuple[str, str], list[float | None]]

    def href(self, *names: str, board: str = "") -> str:
        entries = "&".join(f"e={self.ids.get(name, name)}" for name in names)
        return f"{self.address}compare/?{f'board={board}&' if board else ''}{entries}"


def write_entries(root: Path) -> dict[str, str]:
    """Entries of two sets of mazes, of another board and version, with gaps, twins and a regrade."""
    ids: dict[str, str] = {}

    def write(name: str, *results: dict[str, object], **fields: Any) -> dict[str, object]:
        content = synthetic.entry(f"acme/{name}", list(results), **fields)
        ids[name] = synthetic.write(root, content)
        return content

    for i, ability in enumerate((0.9, 0.75, 0.6, 0.35)):
        seed = f"model {i}"
        pair, gap = (
            made(seed, ability, synthetic.STANDARD, "standard")
            for made in (synthetic.pair_result, synthetic.gap_result)
        )
        if i == 3:
            values = str(pair["units"]).split()
            pair["units"] = " ".join("-" if u % 17 == 0 else value for u, value in enumerate(values))
        write(f"own-{i}", pair, gap)
    twin = synthetic.pair_result("model 0", 0.9, synthetic.STANDARD, "standard")
    write("twin", twin)
    for i, ability in enumerate((0.9, 0.5, 0.2)):
        write(f"other-{i}", large_result(find_board("mazes-pair"), f"other {i}", ability))
        seeds = large_result(find_board("deescalation-scripted"), f"binary {i}", ability)
        write(f"binary-{i}", seeds, family="deescalation")
        cells = large_result(find_board("posttrain-mini"), f"agent {i}", ability)
        write(f"agent-{i}", cells, family="posttrain")
    content = write("regraded", synthetic.pair_result("x", 0.1, synthetic.STANDARD, "standard"))
    better = synthetic.pair_result("y", 0.95, synthetic.STANDARD, "standard")
    record = Evidence.model_validate_json(
        json.dumps(synthetic.record(content, "regrade") | {"results": [better]})
    )
    path = root / record_path(record)
    path.parent.mkdir(parents=True)
    path.write_bytes(canonical_bytes(record.content()))
    write("cross", synthetic.cross_result("cross", 0.5))
    newer = synthetic.cross_result("newer", 0.5) | {"task_version": "2.0.0"}
    write("newer", newer)
    return ids


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compared]:
    folder = tmp_path_factory.mktemp("compare")
    root, patch = folder / "root", pytest.MonkeyPatch()
    ids = write_entries(root)
    synthetic_user_turn.write_models(root)
    patch.setattr(standings, "current_version", lambda board: 2 if board.id == "mazes-cross" else 1)
    with synthetic_user_turn.registered():
        build_site(root, folder / "site")
        found = read_inputs(root).standings
    patch.undo()
    rows = [(name, row) for name, standing in found.items() for row in standing.rows]
    units = {(name, row.entry.entry_id): decode_units(row.result.units) for name, row in rows}
    native = json.loads((folder / "site/data/boards/user-turn-native.json").read_bytes())["columns"]
    for family in ("ash", "broom"):
        ids[family] = native["entry"][native["group"].index(family)]
    with served(folder / "site") as address:
        yield Compared(address, ids, units)


def expected(site: Compared, board: str, first: str, second: str) -> statistics.Estimate:
    """The paired difference of two entries as our own code gives it."""
    values = (site.units[board, site.ids[name]] for name in (first, second))
    common = [(a, b) for a, b in zip(*values, strict=True) if a is not None and b is not None]
    a, b = zip(*common, strict=True)
    return statistics.paired(a, b, find_board(board).headline_range)


@pytest.mark.parametrize(
    ("board", "names"),
    [
        ("mazes-pair", ("own-0", "own-1", "own-2", "own-3")),
        ("mazes-pair", ("other-0", "other-2")),
        ("deescalation-scripted", ("binary-0", "binary-1", "binary-2")),
        ("posttrain-mini", ("agent-0", "agent-1")),
        ("mazes-pair", ("own-0", "twin")),
        ("mazes-pair", ("own-1", "regraded")),
        ("mazes-gap", ("own-0", "own-3")),
    ],
)
def test_differences_and_intervals_are_our_own(
    site: Compared, page: Any, board: str, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirteen pairs: means of seats, 0/1 values, missing units, no difference, a regrade, contrasts."""
    page.goto(site.href(*names, board=board))
    page.locator(SAY).first.wait_for()
    shown = page.locator(SAY).evaluate_all("parts => parts.map(part => ({...part.dataset}))")
    pairs = list(combinations(names, 2))
    assert len(shown) == len(pairs)
    quantile = statistics.t_quantile
    for key, tests in (("own", 1), ("joint", len(pairs))):
        level = lambda wanted, df, tests=tests: quantile(1 - (1 - wanted) / tests, df)  # noqa: E731
        monkeypatch.setattr(statistics, "t_quantile", level)
        for part, (first, second) in zip(shown, pairs, strict=True):
            found = expected(site, board, first, second)
            limits = [float(text) for text in part[key].split(",")]
            assert [float(part["value"]), *limits] == pytest.approx(found[:3], abs=1e-6), (first, second, key)


def test_who_is_ahead_is_said_only_where_the_joint_interval_says_so(site: Compared, page: Any) -> None:
    names = ("own-0", "own-1", "own-2", "own-3")
    page.goto(site.href(*names, board="mazes-pair"))
    page.locator(SAY).first.wait_for()
    said = page.locator(f"{SAY} .say").all_inner_texts()
    limits = page.locator(SAY).evaluate_all(
        "parts => parts.map(part => part.dataset.joint.split(',').map(Number))"
    )
    letters = list(combinations("ABCD", 2))
    for (first, second), words, (lo, hi) in zip(letters, said, limits, strict=True):
        if lo > 0:
            assert words == f"{first} is ahead of {second} on these mazes."
        elif hi < 0:
            assert words == f"{second} is ahead of {first} on these mazes."
        else:
            assert words == f"{first} and {second} are not separated by these data."
    assert {"ahead" in words for words in said} == {True, False}
    assert page.locator("[data-compare] li a").all_inner_texts() == [f"acme/{name}" for name in names]
    assert page.locator(f"{SAY} small").first.inner_text().startswith("(6 pairs: ")
    assert page.locator(f"{SAY} .cap").all_inner_texts()[0] == "n = 120"
    assert page.locator(f"{SAY} .cap").all_inner_texts()[-1] == "n = 112"
    assert "best" not in page.locator("main").inner_text().lower()


def test_where_less_is_better_the_lower_is_ahead(site: Compared, page: Any) -> None:
    page.goto(site.href("own-0", "own-3", board="mazes-gap"))
    part = page.locator(SAY)
    part.wait_for()
    found = expected(site, "mazes-gap", "own-0", "own-3")
    ahead, behind = ("A", "B") if found.hi < 0 else ("B", "A")
    is_clear = found.lo > 0 or found.hi < 0
    words = (
        f"{ahead} is ahead of {behind} on these mazes."
        if is_clear
        else "A and B are not separated by these data."
    )
    assert part.locator(".say").inner_text() == words
    assert part.locator("small").inner_text() == ""


@pytest.mark.parametrize(
    ("kind", "board", "high", "said"),
    [
        ("agent", "posttrain-mini", "right", "A is ahead of B on these cells."),
        ("binary", "deescalation-scripted", "high", "A and B differ on these seeds."),
    ],
)
def test_counts_of_units_that_only_one_has(
    site: Compared, page: Any, kind: str, board: str, high: str, said: str
) -> None:
    names = (f"{kind}-0", f"{kind}-2")
    page.goto(site.href(*names))
    part = page.locator(SAY)
    part.wait_for()
    first, second = (site.units[board, site.ids[name]] for name in names)
    both, only_first, only_second, neither = (
        sum((x == 1, y == 1) == wanted for x, y in zip(first, second, strict=True))
        for wanted in ((True, True), (True, False), (False, True), (False, False))
    )
    assert part.locator(".cap").inner_text() == (
        f"both {high} {both} · only A {only_first} · only B {only_second} · neither {neither} · n = 240"
    )
    assert part.locator(".say").inner_text() == said


def refusal(page: Any, address: str) -> str:
    """The sentence in place of a comparison."""
    page.goto(address)
    status = page.get_by_role("status")
    sync_api.expect(status).not_to_be_empty()
    assert page.locator("[data-compare]").is_hidden()
    return status.inner_text()


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (
            ("own-0", "newer"),
            "on different boards, so they are not compared: the first on mazes-pair, mazes-gap,",
        ),
        (("own-0", "other-1"), "are not compared: the first has version 1, 120 mazes "),
        (("cross", "newer"), "are not compared: the first has version 1, 60 mazes "),
        (("cross", "newer"), "; the second has version 2, 60 mazes "),
        (("ash", "broom"), ", family ash; the second has version 1, "),
    ],
)
def test_what_does_not_belong_together_is_refused_by_name(
    site: Compared, page: Any, names: tuple[str, str], words: str
) -> None:
    said = refusal(page, site.href(*names))
    assert said.startswith(f"{site.ids[names[0]]} and {site.ids[names[1]]} are ")
    assert words in said
    assert said.count(". ") == 0


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("own-0",), "A comparison takes two to four entries; the address names 1."),
        (("own-0", "own-0"), "A comparison takes two to four entries; the address names 1."),
        (("own-0", "own-1", "own-2", "own-3", "twin"), "the address names 5."),
        (("own-0", "mazes--acme-none--20261101--00000000"), "There is no data/entries/mazes--acme-none--"),
        (("own-0", "../boards/mazes-pair"), "There is no data/entries/.._boards_mazes-pair.json"),
        (
            ("<img src=x onerror=alert(1)>", "own-0"),
            "There is no data/entries/_img_src_x_onerror_alert_1__.json",
        ),
    ],
)
def test_wrong_numbers_and_ids_are_said(
    site: Compared, page: Any, names: tuple[str, ...], words: str
) -> None:
    assert words in refusal(page, site.href(*names))
    assert page.locator("img").count() == 0


@pytest.mark.parametrize("path", ["data/entries/", "data/boards/"])
def test_a_failed_fetch_is_said(site: Compared, page: Any, path: str) -> None:
    page.route(f"**/{path}**", lambda route: route.abort())
    said = refusal(page, site.href("own-0", "own-1"))
    assert said.startswith(f"{path}")
    assert said.endswith("could not be loaded; load the page again.")
    page.unroute(f"**/{path}**")
    page.route(f"**/{path}**", lambda route: route.fulfill(body="<p>a proxy's page</p>"))
    assert refusal(page, site.href("own-0", "own-1")) == said


def test_without_entries_or_script_the_page_leads_to_the_pairs(site: Compared, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.href("own-0", "own-1"))
    assert page.get_by_text("The differences are computed in the browser").is_visible()
    assert page.locator("[data-compare]").is_hidden()
    page.get_by_role("link", name="Mazes: two agents, half a map each").click()
    assert page.url.endswith("/boards/mazes-pair/pairs/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Compare").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Compare"
    context.close()
