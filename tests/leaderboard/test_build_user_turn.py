"""The pages of user turns: blocks by model family, bounds in place of zeros, verdicts, nothing pooled."""

import csv
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.pages.boards import facts, leading_words
from interplay.leaderboard.pages.inputs import read_inputs
from interplay.leaderboard.standings import Standing

from . import synthetic, synthetic_user_turn
from .built import Built, Outline
from .synthetic_user_turn import MODELS

NATIVE = "boards/user-turn-native"


@pytest.fixture(scope="module", autouse=True)
def families() -> Iterator[None]:
    with synthetic_user_turn.registered():
        yield


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(tmp_path_factory.mktemp("turns"), models=0, reference=False, user_turns=True)


@pytest.fixture(scope="module")
def native(site: Built) -> Standing:
    return read_inputs(site.root).standings["user-turn-native"]


def blocks(html: str) -> dict[str, list[str]]:
    """Heading of each block of a results table with the entries below it."""
    table = html.split("</thead>")[1].split("</table>")[0]
    found: dict[str, list[str]] = {}
    for body in table.split("<tbody>")[1:]:
        heading = re.search(r'<tr class="group"><th scope="rowgroup" colspan="11" dir="auto">([^<]*)<', body)
        assert heading is not None
        found[heading[1]] = re.findall(r'title="([^"]+)"', body)
    return found


def test_a_board_that_ranks_within_families_stands_in_blocks(site: Built) -> None:
    found = blocks(site.html(NATIVE))
    assert list(found) == [
        "ash, 4 models",
        "broom, 2 models",
        "No other model of the family has run",
        "Scripted players",
    ]
    assert found["ash, 4 models"] == ["grove/ash-32", "grove/ash-9", "grove/ash-4", "grove/ash-1"]
    assert found["No other model of the family has run"] == ["moor/cotton-1", "moor/ling-7"]
    assert sum(map(len, found.values())) == len(MODELS) + len(synthetic_user_turn.PLAYERS)
    heads = site.html(NATIVE).split("<thead>")[1].split("</thead>")[0]
    assert heads.count("<th ") == 11  # what the headings of blocks span


def test_a_model_without_another_of_its_family_has_no_rank(site: Built, native: Standing) -> None:
    html = site.html(NATIVE)
    for name in ("moor/cotton-1", "moor/ling-7"):
        row = html.split(f'title="{name}"')[0].rsplit("<tr", 1)[1]
        assert '<td class="num"></td>' in row
        assert "top" not in row
        page = site.html(f"models/{name.replace('/', '-')}")
        assert "the only one of its family" in page
    assert "in ash" in site.html("models/grove-ash-32")
    assert native.unbeaten == sum(r.is_unbeaten for r in native.ranked if not native.is_alone(r))


def test_summary_and_facts_speak_of_families(site: Built, native: Standing) -> None:
    words = dict(facts(native))
    assert words["Model families"] == "4, ranked apart"
    assert words["Not beaten in their family"] == f"{native.unbeaten} of 6"
    assert words["Not resolvable below"].endswith("points within a family")
    assert words["Floor to ceiling"] == "0.00 to 1.00"
    assert re.search(r"Ranks hold within a family only; \d of 2 families", leading_words(native))
    assert leading_words(native) in Outline(site.html(NATIVE)).text
    assert "Rates of different families are not compared" in site.html(NATIVE)


def test_no_difference_is_taken_between_families(site: Built) -> None:
    page = site.html(f"{NATIVE}/pairs")
    tables = page.split('<table class="heat">')[1:]
    assert len(tables) == 2
    for table, own, other in ((tables[0], "ash-", "broom-"), (tables[1], "broom-", "ash-")):
        assert own in table.split("</table>")[0]
        assert other not in table.split("</table>")[0]


def test_the_start_page_shows_whole_families(site: Built) -> None:
    panel = site.html("").split("panel-user_turn")[2].split("</section>")[0]
    assert re.findall(r'title="([^"]+)"', panel) == [
        "grove/ash-32",
        "grove/ash-9",
        "grove/ash-4",
        "grove/ash-1",
    ]
    assert "floor 0.00 · ceiling 1.00" in panel


def test_a_zero_share_is_nowhere_shown_bare(site: Built, native: Standing) -> None:
    row = next(row for row in native.ranked if row.entry.model.id == "grove/ash-1")
    assert row.headline.value == 0
    bound = f"≤ {row.headline.hi:.3f}"
    entry = f"entries/{row.entry.entry_id}"
    for path in (NATIVE, "", entry, "models/grove-ash-1"):
        assert bound in Outline(site.html(path)).text, path
    for name, text in site.pages():
        shown = re.findall(r">(0\.00|0\.000)<small>([^<]*)<", text)
        shown += re.findall(r"<td class=\"num[^>]*>(0\.00|0\.000)</td><td class=\"num[^>]*>([^<]*)<", text)
        for _, interval in shown:  # a zero may be printed where its interval does not begin at 0
            assert interval.startswith("−") or " to " in interval or not interval.startswith("0"), (
                name,
                interval,
            )
    rows = list(csv.DictReader((site.out / "data/results.csv").open(encoding="utf-8")))
    own = next(r for r in rows if (r["entry_id"], r["board"]) == (row.entry.entry_id, "user-turn-native"))
    assert (own["value"], own["ranked_within"]) == ("0.000000", "ash")


def test_boards_without_order_say_so_and_keep_their_decimals(site: Built) -> None:
    for board in ("controls", "likelihood"):
        html = site.html(f"boards/user-turn-{board}")
        assert "No model runs yet" not in html
        assert "8 models have run; this board has no order." in html
        assert ">Rank<" not in html
        names = re.findall(r'<tr[^>]*data-dev.*?title="[^"]+" dir="auto">([^<]+)<', html, re.S)
        assert names == sorted(names)
    assert re.search(r">−3\.\d\d<", site.html(entry_of(site, "user-turn-likelihood")))


def entry_of(site: Built, board: str, model: str = "grove/ash-9") -> str:
    rows = read_inputs(site.root).standings[board].rows
    return f"entries/{next(row.entry.entry_id for row in rows if row.entry.model.id == model)}"


def test_controls_carry_their_verdicts(site: Built) -> None:
    board = site.html("boards/user-turn-controls")
    assert "controls pass" in board
    table = board.split('<table class="heat">')[1].split("</table>")[0]
    rows = re.findall(r'<th scope="row" dir="auto">([^<]+)<', table)
    assert rows[:3] == ["controls", "say_generic", "header_append"]
    assert set(re.findall(r"moved up|moved down|unchanged|undecided", table)) >= {"moved up", "unchanged"}
    page = Outline(site.html(entry_of(site, "user-turn-controls"))).text
    assert "Badge controls pass" in page
    assert "GFR, arm less base by arm" in page


def test_native_and_prompted_share_no_chart_and_no_board(site: Built) -> None:
    family = site.html("families/user_turn")
    titles = re.findall(r"<h2>([^<]+)</h2>", family)
    assert any("in the model’s own user role" in title for title in titles)
    assert any("by instruction" in title for title in titles)
    figures = re.findall(r'<figure id="chart-([^"]+)">(.*?)</figure>', family, re.S)
    assert len({name for name, _ in figures}) == len(figures)
    assert not any("by instruction" in body and "own user role" in body for _, body in figures)
    assert {
        "labels-native",
        "labels-prompted",
        "human-human",
        "decoupling-native",
        "accuracy-native-ash",
    } <= {name for name, _ in figures}


def test_published_figures_are_a_plain_hollow_list(site: Built) -> None:
    for path in (f"{NATIVE}/published", "families/user_turn"):
        text = Outline(site.html(path)).text
        assert "○\u00a00.968" in text
        assert "no interval published" in text
        assert "near zero, no number" in text
        assert "Other judge, other labels; not comparable with this board." in text
    page = site.html(f"{NATIVE}/published")
    assert "The row starts" not in page
    assert "<figure" not in page
    family = site.html("families/user_turn")
    assert "Reimplementation from the published abstract and secondary descriptions" in family
    assert "ules checked on authored turns only" in family


def test_private_transcripts_give_the_reason_of_the_board(site: Built) -> None:
    reason = find_board("user-turn-native").transcripts_reason
    page = Outline(site.html(entry_of(site, "user-turn-native"))).text
    assert f"Transcripts of this board are not public because {reason}." in page
    assert "crisis" not in page


def test_crumbs_name_the_family_in_words(site: Built) -> None:
    for path in (NATIVE, f"{NATIVE}/pairs", f"{NATIVE}/published", "method/user_turn"):
        assert re.search(r'families/user_turn/">User turns</a>', site.html(path)), path
        assert "User_turn" not in site.html(path)


def test_words_about_the_top_of_grouped_boards(tmp_path: Path) -> None:
    def words(*names: str) -> str:
        root = tmp_path / "-".join(names).replace("/", "")
        (root / "leaderboard/entries").mkdir(parents=True)
        for name in names:
            rows = synthetic_user_turn.native_rows(
                name, MODELS[name][1], 40, synthetic_user_turn.DATASETS, 10
            )
            found = [synthetic_user_turn.result("user-turn-native", "user_turn", rows, "standard")]
            synthetic.write(root, synthetic_user_turn.entry(name, found, 1))
        return leading_words(read_inputs(root).standings["user-turn-native"])

    assert words("grove/ash-9") == "ash-9 is the only model that has run so far."
    apart = words("grove/ash-9", "moor/cotton-1")
    assert apart == "2 models have run, no two of one family, and ranks hold within a family only."
    assert words("grove/ash-1", "grove/ash-32", "moor/ling-7").startswith(
        "Within ash: ash-32 is ahead of all"
    )
    both = words("heath/broom-mini", "heath/broom-max")
    assert both == "Within broom: No model is separated from the others by these data."


def test_headings_stay_in_order(site: Built) -> None:
    for name, text in site.pages():
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", text)]
        assert all(b - a <= 1 for a, b in pairwise(levels)), name
