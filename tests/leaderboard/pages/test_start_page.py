"""The start page: who stands first in each family and how sure that is, without another click."""

import re
from pathlib import Path

from interplay.leaderboard.build import build_site
from interplay.leaderboard.pages.inputs import read_inputs

from .. import synthetic
from .built import Built, words


def panel(site: Built, family: str) -> str:
    return site.html("").split(f'id="panel-{family}"')[1].split("</section>")[0]


def test_a_panel_gives_places_scores_intervals_and_evidence(site: Built) -> None:
    rows = panel(site, "mazes").split("<tbody>")[1].split("<tr")[1:]
    assert len(rows) == 5
    for row in rows:
        assert re.search(r'<td class="num">\d+(–\d+)?</td>', row)
        assert re.search(r'<td class="num s" data-v="[^"]+">[^<]+<small class="m">[^<]+</small></td>', row)
        assert re.search(r'<span class="ev r\d">\w[\w-]*</span>', row)
        assert 'href="./entries/' in row


def test_a_panel_says_how_sure_its_order_is_and_links_to_all_boards_of_the_family(site: Built) -> None:
    part = panel(site, "mazes")
    assert re.search(r"floor −0\.11 · ceiling 1\.00 · not resolvable below \d+\.\d points", part)
    boards = [b for b, s in read_inputs(site.root).standings.items() if s.board.family == "mazes"]
    assert all(f'href="./boards/{board}/"' in part for board in boards)


def test_two_configurations_of_one_model_are_told_apart_in_the_sentence(site: Built) -> None:
    lead = words(site.html("").split('class="say">')[1].split("</p>")[0])
    named = re.findall(r"twin-1 \(effort (\w+)\)", lead)
    assert named or "twin-1" not in lead


def test_a_board_without_order_shows_its_models(site: Built) -> None:
    text = site.text("boards/user-turn-controls")
    assert "8 models have run; this board has no order." in text


def test_without_any_run_the_page_says_so_once_and_panels_ask_their_question(tmp_path: Path) -> None:
    synthetic.write_reference(tmp_path / "root")
    build_site(tmp_path / "root", tmp_path / "site")
    site = Built(tmp_path / "root", tmp_path / "site")
    text = site.text("")
    assert text.count("No model runs yet.") == 1
    assert "Can two models with half a map each agree on a route?" in text
    assert "no other row beats" not in text
    assert "No board has one yet." in site.text("compare")
    players = site.html("boards/mazes-pair").split('<tr class="ref"')[1:]
    assert players
    assert not any("<small dir" in row.split("</th>")[0] for row in players)


def test_only_boards_with_a_table_of_pairs_are_listed_for_comparison(site: Built) -> None:
    page = site.html("compare")
    tables = re.findall(r'href="\.\./(boards/[^/]+/pairs/)"', page)
    assert tables
    assert sorted(tables) == sorted(f"boards/{p.parent.name}/pairs/" for p in site.out.glob("boards/*/pairs"))
    boards = len(read_inputs(site.root).standings)
    assert f"{boards - len(tables)} of {boards} boards do not have one yet." in site.text("compare")
