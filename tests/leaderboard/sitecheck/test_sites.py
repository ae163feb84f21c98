"""What only a whole site can show, all broken at once; and `interplay build --check` as it is called."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from interplay.leaderboard.cli import program
from interplay.leaderboard.pages import rendering
from interplay.leaderboard.sitecheck.rebuilt import differences
from interplay.leaderboard.sitecheck.run import FEW, SiteReport, check_site
from interplay.tasks.mistakes import UserMistake

from .. import synthetic
from .conftest import BASE, Healthy


def test_the_built_site_has_no_finding(site: Healthy) -> None:
    report = check_site(site.out, BASE)
    assert [str(finding) for finding in report.findings] == []
    assert report.pages == len(list(site.out.rglob("*.html"))) > FEW  # so that several processes read it
    assert report.files == sum(path.is_file() for path in site.out.rglob("*"))


def edited(path: Path, pattern: str, new: str) -> None:
    text = path.read_text("utf-8")
    changed, count = re.subn(pattern, new, text, count=1, flags=re.DOTALL)
    assert count, f"{path} holds no {pattern!r}: adapt this test to the new page"
    path.write_text(changed, encoding="utf-8", newline="")


@pytest.fixture(scope="module")
def broken(site: Healthy, tmp_path_factory: pytest.TempPathFactory) -> tuple[SiteReport, dict[str, Any]]:
    """The report on a site in which one thing of each kind is wrong, and what it was about."""
    out = tmp_path_factory.mktemp("broken") / "site"
    shutil.copytree(site.out, out)
    pair = out / "boards/mazes-pair/index.html"
    first, second, third = re.findall(r'entries/(mazes--[^/"]+)/"', pair.read_text("utf-8"))[:3]
    # one row is gone, the next shows another value, the one after it another place; a board shows no row
    edited(pair, rf"<tr[^>]*><td[^>]*>[^<]*</td><th[^>]*><a href=\"[^\"]*{first}/.*?</tr>", "")
    edited(pair, rf'({second}/.*?data-v=)"[\d.]+"', r'\1"0.1234"')
    edited(pair, rf'(<td class="num">)([^<]*)(</td><th scope="row"><a href="[^"]*{third})', r"\g<1>99\3")
    edited(out / "boards/mazes-gap/index.html", r"(data-sort.*?</thead>).*?</table>", r"\1</table>")
    data = out / "data/boards/mazes-cross.json"
    board = json.loads(data.read_bytes())
    board["columns"]["lo"][0] = None
    data.write_text(json.dumps(board), encoding="utf-8")
    (out / "data/results.csv").unlink()
    (out / "data/extra.csv").write_text("a", encoding="utf-8")
    (out / "forgotten").mkdir()
    (out / "forgotten/index.html").write_text(
        pair.read_text("utf-8").replace("../../", "../"), encoding="utf-8"
    )
    edited(
        out / "sitemap.xml", r"<url><loc>[^<]*/data/</loc></url>", "<url><loc>https://a.example/</loc></url>"
    )
    edited(out / "feed.xml", r"</feed>", "")
    edited(out / "index.html", r'href="\./method/#evidence"', 'href="./method/#evidences"')
    edited(out / "static/style.css", r"\*,::before", "@import url(https://cdn.example/x.css);*,::before")
    with (out / "static/site.js").open("a", encoding="utf-8") as script:
        script.write("// " + "x" * 10_000)
    with (out / "static/card.png").open("ab") as card:
        card.write(bytes(40_000))
    return check_site(out, BASE), {"row": first, "value": second, "place": third, "board": board}


def test_what_the_whole_site_shows_is_found(broken: tuple[SiteReport, dict[str, Any]]) -> None:
    report, about = broken
    said = [f"{finding.rule}: {finding}" for finding in report.findings]
    pair = "content: boards/mazes-pair/index.html"
    entry = about["board"]["columns"]["entry"][0]
    for expected in (
        rf"{pair}: no row shows {about['row']}, which is on the board",
        rf"{pair}:\d+: the row of {about['value']} does not show \d\.\d{{4}}, as data/boards/",
        rf"{pair}:\d+: the row of {about['place']} stands at 99",
        r"content: boards/mazes-gap/index.html: the board has \d+ entries and shows no row",
        rf"content: data/boards/mazes-cross.json: {entry} has the value [\d.]+ without an interval",
        r"files: data/manifest.json: data/results.csv is listed and not there",
        r"files: data/manifest.json: data/extra.csv is there and not listed",
        r"files: data/manifest.json: data/boards/mazes-cross.json has \d+ bytes \(the list says \d+\)",
        r"links: forgotten/index.html: no way leads here from the start page",
        r"links: sitemap.xml: data/index.html is not on the map",
        r"links: sitemap.xml: 'https://a.example/' leads nowhere",
        r"files: feed.xml: the file is no XML",
        r"links: index.html:\d+: #evidences names no place on method/index.html",
        r"links: data/index.html:\d+: href='../data/results.csv' leads nowhere",
        r"links: index.html:\d+: href='./static/style.css\?v=\w+' asks for other content",
        r"safety: static/style.css: the file asks for something from elsewhere",
        r"size: static: .*static/site.js take [\d,]+ bytes \(limit 10,000\)",
        r"size: static/card.png: the file takes [\d,]+ bytes \(limit 40,000\)",
    ):
        assert any(re.match(expected, sentence) for sentence in said), expected
    assert list(report.findings) == sorted(report.findings, key=lambda f: (f.file, f.line, f.rule, f.message))


def test_a_folder_without_a_site_is_a_mistake_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match=r"holds no index\.html; run `interplay build"):
        check_site(tmp_path)


def test_a_page_that_is_no_text_is_a_finding(site: Healthy) -> None:
    path = site.path("MODEL")
    before = path.read_bytes()
    path.write_bytes(before.replace(b"reference", b"\xff\xfe", 1))
    try:
        assert "the page is not UTF-8" in site.of_page("MODEL")[0]
    finally:
        path.write_bytes(before)


def test_two_builds_are_compared_file_by_file(tmp_path: Path) -> None:
    for name, files in {"a": {"x": "1", "y": "2", "z": "3"}, "b": {"x": "1", "y": "0", "w": "4"}}.items():
        (tmp_path / name).mkdir()
        for file, text in files.items():
            (tmp_path / name / file).write_text(text, encoding="utf-8")
    found = [(finding.file, finding.message) for finding in differences(tmp_path / "a", tmp_path / "b")]
    assert [name for name, _ in found] == ["w", "y", "z"]
    assert "only one of two builds" in found[0][1]
    assert "gives other bytes" in found[1][1]


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(program, list(words), catch_exceptions=False)
    return result.exit_code, result.output


@pytest.mark.slow
def test_the_command_passes_a_sound_site_and_names_what_is_wrong_in_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synthetic.write_models(tmp_path / "root", 2)
    words = ("build", "--root", str(tmp_path / "root"), "--out", str(tmp_path / "site"), "--check")
    code, output = run(*words)
    assert (code, output.splitlines()[-1][:13]) == (0, "0 findings in")
    code, output = run(*words, "--json")
    assert (code, json.loads(output)["findings"]) == (0, [])

    templates = dict(rendering._template_sources())
    broken = templates["entry.html"].replace("</h1>", '</h1><img src="https://ads.example/a.png">')
    monkeypatch.setattr(rendering, "_template_sources", lambda: templates | {"entry.html": broken})
    rendering._environment.cache_clear()
    try:
        code, output = run(*words, "--full")
        lines = output.splitlines()
        assert (code, lines[-1][:13]) == (1, "4 findings in")
        assert re.fullmatch(
            r'access: entries/[\w-]+/index.html:\d+: <img src="https://ads.example/a.png"> has no alt',
            lines[1],
        )
        assert sum("asks another site" in line for line in lines) == 2
        code, output = run(*words, "--full", "--json")
        findings = json.loads(output)["findings"]
        assert (code, len(findings)) == (1, 4)
        assert set(findings[0]) == {"rule", "file", "line", "message"}
    finally:
        rendering._environment.cache_clear()
