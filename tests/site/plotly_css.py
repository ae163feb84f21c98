"""The style rules that Plotly would insert by script, as the file that the site's strict policy asks for.

Under `style-src 'self'` Plotly cannot make its `style` element. The site links `vendor/plotly.css` under the
id that Plotly looks for. The rules are read from the committed bundle, so run this after replacing it:

    python tests/site/plotly_css.py
"""

import json
import re
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "site" / "static" / "vendor"
BUNDLE, SHEET = VENDOR / "plotly-cartesian.min.js", VENDOR / "plotly.css"
_TABLE = re.compile(r'=\{("X,X div":.*?)\};for\(')
_STRING = r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\''
_RULE = re.compile(rf"({_STRING}|\w+):({_STRING})(?:,|$)")


def plotly_css(bundle: str) -> str:
    """All global rules of a bundle, in the order in which the browser would hold them.

    Plotly inserts each rule before the earlier ones, so that the order is turned round here.

    Raises:
        ValueError: The table of rules is not where it was, or holds something that is no rule.
    """
    tables = _TABLE.findall(bundle)
    if len(tables) != 1:
        raise ValueError(f"{len(tables)} tables of style rules in the bundle; read how it adds them now")
    rules: list[str] = []
    place = 0
    for match in _RULE.finditer(tables[0]):
        if match.start() != place:
            break
        place = match.end()
        selector, declarations = map(_text, match.groups())
        selector = re.sub("X", ".js-plotly-plot .plotly", re.sub("^,", " ,", selector))
        rules.append(f"{selector.replace('Y', '.plotly-notifier')}{{{declarations}}}")
    if place != len(tables[0]):
        raise ValueError(f"no rule: {tables[0][place : place + 60]}")
    return "\n".join([*reversed(rules), ".heatmaplayer image{image-rendering:pixelated}", ""])


def _text(literal: str) -> str:
    """A string of JavaScript, or a bare key."""
    if literal[0] == "'":
        inner = literal[1:-1].replace("\\'", "'").replace('"', '\\"')
        return str(json.loads(f'"{inner}"'))
    return str(json.loads(literal)) if literal[0] == '"' else literal


if __name__ == "__main__":
    SHEET.write_text(plotly_css(BUNDLE.read_text(encoding="utf-8")), encoding="utf-8")
