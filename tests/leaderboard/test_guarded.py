"""The guard on the site: rows placed by the anchor, the score grey, and the keys that part from it."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from interplay.leaderboard.anchored import anchor_sets
from interplay.leaderboard.build import build_site
from interplay.leaderboard.models import display_name
from interplay.leaderboard.statistics import Estimate
from interplay.tasks.mistakes import UserMistake

from . import synthetic_chains
from .commands.test_evaluate import run
from .synthetic_chains import MODELS

HEAD = (
    "release,candidate,domain,proxy,proxy_se,anchor,anchor_se,same_metric,proxy_drift.praise,proxy_drift.care"
)
OTHERS = tuple(f"other/m-{i}" for i in range(5))
KNOWN = tuple(MODELS)


def anchors(proxies: Mapping[str, float], real: Mapping[str, float], turned: bool = False) -> str:
    """Three releases; the models of the board keep their anchors while the proxy rises by release."""
    lines = [HEAD]
    for release, rise in enumerate((0.0, 0.05, 0.2)):
        for place, name in enumerate((*KNOWN, *OTHERS)):
            proxy = proxies.get(name, 0.01 * place) + (0.0 if turned else rise)
            anchor = real.get(name, -proxy if turned else 0.01 * place)
            lines.append(
                f"r{release},{name},all,{proxy:.3f},0.005,{anchor:.3f},0.005,yes,{proxy:.3f},{-proxy:.3f}"
            )
    return "\n".join(lines) + "\n"


def built(root: Path, text: str | None, family: str = "proxy_drift") -> Path:
    (root / "leaderboard/entries").mkdir(parents=True)
    folder = root / "leaderboard/data/anchors"
    folder.mkdir(parents=True)
    if text is not None:
        (folder / f"{family}.csv").write_text(text, "utf-8")
    synthetic_chains.write_models(root)
    build_site(root, root / "site")
    return root / "site"


def rows(html: str) -> list[str]:
    """Names of the ranked rows in their order."""
    names = {display_name(name) for name in MODELS}
    return [name for name in re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', html) if name in names]


def test_a_stalled_score_is_grey_and_rows_stand_by_the_anchor(tmp_path: Path) -> None:
    # On the board broom-max leads, then ash-9, then cotton-1; the anchor says the opposite.
    real = dict(zip(KNOWN, (0.30, 0.10, 0.50), strict=True))
    site = built(tmp_path, anchors(dict.fromkeys(KNOWN, 0.3), real))
    html = (site / "boards/proxy-drift/index.html").read_text("utf-8")
    assert "Proxy guard: stalled as of r2" in html
    assert "Anchor, r2" in html
    assert rows(html) == [display_name(KNOWN[i]) for i in (2, 0, 1)]
    assert re.search(r'<td class="num s" data-v="0.5000">0.500?<br><small>0.49', html)
    assert 'class="num dim" data-v=' in html
    assert not (site / "boards/proxy-drift/pairs").exists()
    family = (site / "families/proxy_drift/index.html").read_text("utf-8")
    assert "Does the cheap score still follow its anchor?" in family
    assert (site / "data/kept/anchors/proxy_drift.csv").is_file()


def test_an_inverted_score_names_the_keys_that_part_from_the_anchor(tmp_path: Path) -> None:
    text = anchors({}, {}, turned=True)
    site = built(tmp_path, text)
    html = (site / "families/proxy_drift/index.html").read_text("utf-8")
    assert "Proxy guard: inverted as of r2" in html
    assert "score keys that rise with the proxy and fall with the anchor" in html
    assert "proxy_drift.praise" in html
    assert "proxy_drift.care" not in html
    file = tmp_path / "anchors.csv"
    file.write_text(text, "utf-8")
    code, said = run("proxy-guard", "proxy_drift", "--anchors", str(file))
    assert code == 1
    assert "proxy_drift.praise" in said


def test_without_anchors_the_family_page_says_so_and_the_board_is_as_ever(tmp_path: Path) -> None:
    site = built(tmp_path, None)
    assert "there is no anchor yet" in (site / "families/proxy_drift/index.html").read_text("utf-8")
    html = (site / "boards/proxy-drift/index.html").read_text("utf-8")
    assert "Proxy guard" not in html
    assert rows(html) == [display_name(KNOWN[i]) for i in (1, 0, 2)]


def test_a_file_that_is_wrong_stops_the_build_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match=r"nosuch.csv is about board '', which nosuch has not"):
        built(tmp_path, anchors({}, {}), family="nosuch")
    with pytest.raises(UserMistake, match=r"has a column 'praise', which is no score key"):
        built(tmp_path / "other", anchors({}, {}).replace("proxy_drift.praise", "praise"))


def test_places_by_the_anchor_are_sets() -> None:
    def at(value: float) -> Estimate:
        return Estimate(value, value - 0.02, value + 0.02, 1)

    assert anchor_sets([at(0.5), at(0.49), at(0.3)], higher=True) == [(1, 2), (1, 2), (3, 3)]
    assert anchor_sets([at(0.5), at(0.49), at(0.3)], higher=False) == [(2, 3), (2, 3), (1, 1)]
    assert anchor_sets([at(0.5)], higher=True) == [(1, 1)]
