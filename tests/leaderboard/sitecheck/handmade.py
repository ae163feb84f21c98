"""Sound pages and a sound site written by hand, so that a test can give them exactly one fault."""

import hashlib
import json
from collections.abc import Mapping
from html import escape
from pathlib import Path

from interplay.leaderboard.pages.rendering import CSP
from interplay.leaderboard.sitecheck.outline import Outline
from interplay.leaderboard.sitecheck.run import check_site

BASE = "https://example.org/interplay"
WORDS = "Two models hold half a map each and have to agree on every step of one route."
REL = "nofollow ugc noopener noreferrer"
TABLE = """<table>
<caption>Scores</caption>
<thead><tr><th scope="col">Model</th><th scope="col">Score</th><th scope="col">95 %</th></tr></thead>
<tbody>
<tr><th scope="row">aster</th><td>0.81</td><td>0.74–0.87</td></tr>
<tr><th scope="row">birch</th><td>0.62</td><td>0.55–0.69</td></tr>
</tbody>
</table>"""
STYLE = b"body { margin: 0 }\n"
SCRIPT = b"document.title += ' ';\n"


def sound(
    main: str = "", *, up: str = "./", head: str = "", style: bytes = STYLE, framed: bool = False
) -> str:
    """A page without a fault that shows `main` below its heading.

    Args:
        main: What stands below the heading.
        up: The way to the start of the site.
        head: Further elements of the head.
        style: What the style sheet holds.
        framed: For a frame in another page: without navigation, header and footer.
    """
    version = hashlib.sha256(style).hexdigest()[:8]
    links = f'<a href="{up}">Start</a> <a href="{up}data/">Data</a>'
    header = f'<header><nav aria-label="Main">{links}</nav></header>'
    skip = '<p><a href="#main">To the main part</a></p>\n'
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="{escape(CSP)}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="A page without a fault.">
<title>Interplay</title>
<link rel="stylesheet" href="{up}static/style.css?v={version}">
{head}</head>
<body>
{"" if framed else skip + header}
<main id="main">
<h1>Interplay</h1>
<p>{WORDS}</p>
{main}
</main>
{"" if framed else "<footer><p>MIT</p></footer>"}
</body>
</html>
"""


def outline(main: str = "", file: str = "index.html", **how: str) -> Outline:
    """A sound page around `main`, parsed."""
    return Outline(file, sound(main, **how))  # type: ignore[arg-type]


def foreign(address: str, text: str = "paper", rel: str = REL, said: str = " (opens another site)") -> str:
    """A link to another site as the pages write it."""
    return f'<a href="{address}" rel="{rel}">{text}<small>{said}</small></a>'


def row(entry: str, value: float, place: str = "1", up: str = "../../") -> str:
    """A row of a results table, as the pages write it."""
    return (
        f'<tr><td class="num">{place}</td><th scope="row"><a href="{up}entries/{entry}/">{entry}</a></th>'
        f'<td class="num s" data-v="{value:.4f}">{value:.3f}</td><td class="num i">0.10–0.95</td></tr>'
    )


def board(*rows: str) -> str:
    """A results table of some rows."""
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Rank", "Model", "Success", "95 %"))
    return (
        f"<table data-sort><caption>Pairs</caption><thead><tr>{heads}</tr></thead>\n<tbody>"
        + "\n".join(rows)
        + "</tbody></table>"
    )


COLUMNS: dict[str, list[object]] = {
    "entry": ["e-1", "e-2", "e-3"],
    "division": ["closed", "reference", "open"],
    "value": [0.8125, None, 0.5],
    "lo": [0.7, None, 0.4],
    "hi": [0.9, None, 0.6],
    "place_from": [1, None, None],
    "place_to": [1, None, None],
}


def board_file(**columns: list[object]) -> bytes:
    """The file of the board, some of its columns changed."""
    return json.dumps({"label": "Success", "columns": COLUMNS | columns}).encode()


def site_files() -> dict[str, bytes]:
    """Every file of a sound site of one board, three entries and a frame, but its list of downloads."""
    entries = [f"entries/e-{i}" for i in (1, 2, 3)]
    ways = ("boards/demo", "boards/demo/open", *entries, "embed/demo")
    links = " ".join(f'<a href="./{path}/">{path}</a>' for path in ways)
    start = f'<p id="links">{links}</p>'
    rows = (row("e-1", 0.8125), row("e-2", 0.25, "").replace(' data-v="0.2500"', ""))
    pages = {
        "index.html": sound(start),
        "404.html": sound().replace('"./', '"/'),
        "boards/demo/index.html": sound(board(*rows), up="../../"),
        "boards/demo/open/index.html": sound(board(row("e-3", 0.5, "", "../../../")), up="../../../"),
        "embed/demo/index.html": sound(up="../../", framed=True),
        "data/index.html": sound('<p><a href="./results.csv">results</a></p>', up="../"),
        **{f"{entry}/index.html": sound(up="../../") for entry in entries},
    }
    paths = ("", "boards/demo/", "boards/demo/open/", "data/", *(f"{entry}/" for entry in entries))
    places = "".join(f"<url><loc>{BASE}/{path}</loc></url>" for path in paths)
    site_map = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><link href="{BASE}/entries/e-1/"/></feed>'
    files = {name: text.encode() for name, text in pages.items()}
    return files | {
        "static/style.css": STYLE,
        "static/site.js": SCRIPT,
        "static/card.png": b"\x89PNG",
        "data/results.csv": b"entry,value\ne-1,0.8125\n",
        "data/boards/demo.json": board_file(),
        "data/charts/one.json": b"{}",
        "badges/e-1.svg": b"<svg/>",
        "sitemap.xml": site_map.encode(),
        "feed.xml": feed.encode(),
    }


def listed(files: Mapping[str, bytes]) -> bytes:
    """The list of downloads of a site: what it has to name, and nothing else."""
    names = sorted(n for n in files if n.startswith(("data/", "badges/")) and not n.endswith(".html"))
    items = [
        {"path": name, "bytes": len(files[name]), "sha256": hashlib.sha256(files[name]).hexdigest()}
        for name in names
        if not name.startswith("data/charts/")
    ]
    return json.dumps({"files": items}).encode()


def write(out: Path, files: Mapping[str, bytes | None]) -> Path:
    """Writes a site; with its list of downloads, unless that is among the files. None leaves a file out."""
    there = {name: content for name, content in files.items() if content is not None}
    if "data/manifest.json" not in files:
        there["data/manifest.json"] = listed(there)
    for name, content in there.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return out


def findings(out: Path, changes: Mapping[str, bytes | None]) -> list[str]:
    """What is found on the sound site after some files are changed, as `rule: sentence`."""
    report = check_site(write(out, site_files() | dict(changes)), BASE)
    return [f"{finding.rule}: {finding}" for finding in report.findings]
