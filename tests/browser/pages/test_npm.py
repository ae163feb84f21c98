"""What tools from npm say of the pages: html-validate of their markup, Lighthouse of the whole.

`make node` installs both below `tests/browser/`. Scores of performance hang on what else the machine does. So
nothing is throttled: the pages come from this machine, and a simulated slow line multiplies every hiccup of a
busy processor. A page below the mark is measured again, and of three times the best counts, because load can
only lower a score.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from interplay.leaderboard.build import build_site

from ...leaderboard import synthetic_user_turn
from ..chromium import CHROMIUM, MARKS, served
from .sample import Sample

HERE = Path(__file__).parents[1]
BIN = HERE / "node_modules" / ".bin"
REQUIRED = "INTERPLAY_REQUIRE_NODE" in os.environ
"""Where this is set, as in continuous integration, missing tools are a failure."""
IS_THERE = shutil.which("node") is not None and all(
    (BIN / name).exists() for name in ("html-validate", "lighthouse")
)
LEAST = 95
TRIES = 3
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless=new --no-sandbox --disable-gpu"
pytestmark = [
    *MARKS,
    pytest.mark.slow,
    pytest.mark.skipif(not IS_THERE and not REQUIRED, reason="no html-validate and Lighthouse found"),
]


def run(words: Sequence[str], **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, capture_output=True, text=True, check=False, timeout=300, env=os.environ | more
    )


def test_the_markup_of_every_kind_of_page_is_valid(site: Sample) -> None:
    files = [str(site.file(page)) for page in site.pages]
    done = run(
        [
            str(BIN / "html-validate"),
            "--config",
            str(HERE / "htmlvalidate.json"),
            "--formatter",
            "json",
            *files,
        ]
    )
    assert done.stdout.startswith("["), done.stderr
    found = [
        f"{Path(file['filePath']).relative_to(site.out)}:{said['line']}: {said['ruleId']}: {said['message']}"
        for file in json.loads(done.stdout)
        for said in file["messages"]
    ]
    assert found == []
    assert done.returncode == 0


def test_invalid_markup_would_be_found(tmp_path: Path) -> None:
    page = tmp_path / "x.html"
    page.write_text("<!doctype html><html lang=en><title>a</title><p><div>b</div></p>", encoding="utf-8")
    done = run([str(BIN / "html-validate"), "--config", str(HERE / "htmlvalidate.json"), str(page)])
    assert done.returncode == 1, done.stderr


def measured(address: str, out: Path) -> dict[str, Any]:
    """What Lighthouse says of a page."""
    words = [
        *(str(BIN / "lighthouse"), address, "--quiet", "--output=json", f"--output-path={out}"),
        *(
            "--throttling-method=provided",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags={FLAGS}",
        ),
    ]
    done = run(words, CHROME_PATH=str(CHROMIUM))
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(out.read_bytes())


@pytest.fixture(scope="module")
def public(site: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample site built for the address it is served at: canonical links are absolute then."""
    out = tmp_path_factory.mktemp("public")
    with served(out) as address, synthetic_user_turn.registered():
        build_site(site.root, out, base_url=address)
        yield address


@pytest.mark.parametrize("name", ["", "boards/mazes-pair/", "families/mazes/", "ENTRY"])
def test_lighthouse_gives_95_and_more(site: Sample, public: str, tmp_path: Path, name: str) -> None:
    best = dict.fromkeys(CATEGORIES, 0)
    lost: set[str] = set()
    for i in range(TRIES):
        report = measured(public + site.path(name), tmp_path / f"{i}.json")
        for category in CATEGORIES:
            score = report["categories"][category]["score"]
            assert score is not None, f"{category} has no score: {report.get('runtimeError')}"
            best[category] = max(best[category], round(100 * score))
        if min(best.values()) >= LEAST:
            return
        lost = {key for key, audit in report["audits"].items() if audit.get("score") == 0}
    pytest.fail(f"{name or 'start'}: {best}; not passed: {', '.join(sorted(lost))}")
