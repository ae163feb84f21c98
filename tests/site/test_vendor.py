"""The files that the site carries from elsewhere: the versions that they claim, and nothing by hand."""

import base64
import hashlib
import re

from plotly.offline import get_plotlyjs_version

from interplay.leaderboard.pages.rendering import static_files

from .plotly_css import BUNDLE, SHEET, VENDOR, plotly_css


def test_the_bundle_is_the_one_that_the_loader_asks_for_and_that_plots_are_made_for() -> None:
    content = BUNDLE.read_bytes()
    assert f"plotly.js (cartesian - minified) v{get_plotlyjs_version()}".encode() in content[:200]
    found = re.findall(r'integrity: ?"sha384-([^"]+)"', static_files()["explore.js"].decode())
    assert found == [base64.b64encode(hashlib.sha384(content).digest()).decode()]
    assert "Permission is hereby granted" in (VENDOR / "plotly-LICENSE.txt").read_text(encoding="utf-8")


def test_the_sheet_holds_the_rules_of_this_bundle() -> None:
    sheet = SHEET.read_text(encoding="utf-8")
    assert sheet == plotly_css(BUNDLE.read_text(encoding="utf-8"))
    assert len(sheet.splitlines()) == 67
    assert all(re.fullmatch(r"[^{}]+\{[^{}]+\}", line) for line in sheet.splitlines())
    assert ".js-plotly-plot .plotly .main-svg{position:absolute;top:0;left:0;pointer-events:none;}" in sheet


def test_vendored_files_are_copied_into_the_site() -> None:
    held = {path.name for path in VENDOR.iterdir()}
    assert held == {"plotly-cartesian.min.js", "plotly.css", "plotly-LICENSE.txt"}
    assert {f"vendor/{name}" for name in held} <= static_files().keys()
