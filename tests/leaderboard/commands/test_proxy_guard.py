"""`interplay proxy-guard` from the command line: the table, the exit code, and files that are wrong."""

import json
from pathlib import Path

import pytest

from .test_evaluate import run

HEAD = "release,candidate,domain,proxy,proxy_se,anchor,anchor_se,same_metric\n"


def csv(*levels: tuple[float, float]) -> str:
    """Releases of five candidates around a proxy and an anchor."""
    return HEAD + "".join(
        f"r{r},model-{i},all,{p + i / 100:.2f},0.005,{a + i / 100:.2f},0.005,yes\n"
        for r, (p, a) in enumerate(levels)
        for i in range(5)
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "anchors.csv"


def test_a_proxy_that_follows_ends_well(file: Path):
    file.write_text(csv((0.5, 0.5), (0.52, 0.52), (0.54, 0.54)), encoding="utf-8")
    code, out = run("proxy-guard", "deescalation", "--anchors", str(file))
    assert code == 0
    assert "deescalation: does the proxy follow its anchor?" in out
    assert [line.split()[2] for line in out.splitlines() if line.strip().startswith("all")] == [
        "unknown",
        "unknown",
        "tracking",
    ]


def test_a_proxy_that_left_its_anchor_is_a_finding(file: Path):
    file.write_text(csv((0.5, 0.5), (0.52, 0.5), (0.6, 0.5)), encoding="utf-8")
    code, out = run("proxy-guard", "--anchors", str(file), "--json")
    assert code == 1
    assert json.loads(out)[0]["rows"][-1][:4] == ["all", "r2", "stalled", pytest.approx(0.1)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("release,candidate\n", "anchors.csv has no column 'domain'; it needs release, candidate"),
        (HEAD, "anchors.csv has no rows; add one a candidate and release."),
        (
            csv((0.5, 0.5)).replace("0.005", "0", 1),
            "anchors.csv row 2 has proxy_se 0; give a standard error above 0.",
        ),
        (csv((0.5, 0.5)).replace(",0.53,", ",,", 1), "anchors.csv row 5 has proxy ''; give a number."),
        (
            csv((0.5, 0.5)).replace("model-3", "model-2"),
            "anchors.csv row 5 repeats 'model-2' of r0 in 'all'; keep one of the two.",
        ),
        (csv((0.5, 0.5)).replace("yes", "no", 1), "anchors.csv says same_metric no, yes; say yes or no"),
        (csv((0.5, 0.5)).replace("model-1", "", 1), "anchors.csv row 3 has no candidate; name it."),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_row(file: Path, text: str, message: str):
    file.write_text(text, encoding="utf-8")
    code, out = run("proxy-guard", "--anchors", str(file))
    assert code == 2
    assert message in out


def test_a_family_without_anchors_is_told_what_to_give():
    assert run("proxy-guard", "mazes") == (
        2,
        "Error: there are no anchors of mazes yet; give a file with --anchors.\n",
    )
    assert run("proxy-guard") == (0, "No family has anchors yet; give a file with --anchors.\n")
    assert run("proxy-guard", "nosuch")[0] == 2
