"""What a maintainer reads: the row among its neighbours, or in words why there is none; all plain text."""

from pathlib import Path

import pytest

from interplay.leaderboard.canonical import canonical_bytes
from interplay.leaderboard.findings import Report, fail
from interplay.leaderboard.review import fenced, not_judged, plain, review
from interplay.leaderboard.schema import Entry

from . import synthetic

ABILITIES = {"acme/a": 1.2, "acme/b": 1.0, "acme/c": 0.5, "acme/d": 0.0, "acme/e": -0.4, "acme/f": -0.9}


def content(model: str, ability: float, **fields: object) -> dict[str, object]:
    result = synthetic.pair_result(model, ability, synthetic.STANDARD, "standard")
    return synthetic.entry(model, [result], **fields)  # type: ignore[arg-type]


def report(written: dict[str, object], rung: int = 2) -> Report:
    entry = Entry.model_validate_json(canonical_bytes(written))  # type: ignore[arg-type]
    return Report(f"{entry.entry_id}.json", entry, (), None, rung, "SLTCRP")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    for model, ability in ABILITIES.items():
        written = content(model, ability)
        synthetic.write(folder, written, [synthetic.record(written, "check")])
    return folder


def rows(text: str) -> list[list[str]]:
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return lines[2:]


def test_the_row_stands_between_its_neighbours(root: Path):
    text = review(report(content("acme/new", 0.3)), root)
    assert text.startswith("## Passed\n")
    assert "Evidence: regraded." in text
    found = rows(text)
    names = [row[1] for row in found]
    assert names == ["acme/b", "acme/c", "**acme/new** (this entry)", "acme/d", "acme/e"]
    values = [float(row[2].replace("*", "").replace("−", "-").split(" ")[0]) for row in found]
    assert values == sorted(values, reverse=True)
    assert found[2][0].startswith("**")
    assert found[2][3] == "regraded"
    assert found[0][3] == "evidenced"


def test_the_best_row_has_neighbours_below_only(root: Path):
    found = rows(review(report(content("acme/new", 9.0)), root))
    assert [row[1] for row in found] == ["**acme/new** (this entry)", "acme/a", "acme/b"]
    assert found[0][0].startswith("**1")


def test_a_superseded_entry_makes_room(root: Path):
    old = content("acme/c", 0.5)
    text = review(report(content("acme/c", 0.4, day=2, supersedes=old["entry_id"])), root)
    assert [row[1] for row in rows(text)] == [
        "acme/a",
        "acme/b",
        "**acme/c** (this entry)",
        "acme/d",
        "acme/e",
    ]


def test_a_replicate_is_said_to_be_one(root: Path):
    text = review(report(content("acme/c", 0.5, day=9), rung=1), root)
    assert rows(text) == []
    assert f"a replicate of {content('acme/c', 0.5)['entry_id']}" in text.replace("\\", "")


def test_entries_of_the_open_division_are_shown_among_themselves(root: Path):
    written = content("acme/new", 2.0, division="open", method_note="m", method_url="https://example.org")
    (row,) = rows(review(report(written), root))
    assert row[:2] == ["**not ranked**", "**acme/new** (this entry)"]


def test_a_refusal_shows_its_findings_and_no_row(root: Path):
    refused = Report("x.json", None, (fail("S06", "two files", "take one out"),), None, 0, "S")
    text = review(refused, root)
    assert text == (
        "## Refused: 1 finding\n\nChecked: submission.\n\n"
        "```text\nS06 two files. Remedy: take one out.\n```\n"
    )
    assert not_judged("No answer.") == "## Not judged\n\n```text\nNo answer.\n```\n"


def test_text_stays_text():
    assert fenced(["a ``` b", "````` c\n# d"]) == ["``````text", "a ``` b", "````` c # d", "``````"]
    assert plain("a|b <b>*x*</b> [y](https://z)\n# @w `q`") == (
        r"a\|b \<b\>\*x\*\</b\> \[y\]\(https\://z\) \# \@w \`q\`"
    )
