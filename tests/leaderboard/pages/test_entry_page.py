"""The page of one entry: its parts in the order of the design, records with findings, how to cite it."""

import re

import pytest

from interplay.leaderboard.canonical import canonical_bytes
from interplay.leaderboard.pages.citing import bibtex, tex
from interplay.leaderboard.pages.evidence import evidence_steps
from interplay.leaderboard.schema import Entry, Evidence
from interplay.leaderboard.standings import Submission

from .. import synthetic
from .built import Built, words

PARTS = (
    "evidence",
    "results-1",
    "reproduce",
    "verify",
    "logs",
    "settings",
    "usage",
    "checks",
    "record",
    "cite",
)


def stored() -> dict[str, object]:
    result = synthetic.pair_result("x", 0.5, synthetic.STANDARD, "standard")
    return synthetic.entry("orchard/x", [result])


def parsed(content: dict[str, object]) -> Entry:
    return Entry.model_validate_json(canonical_bytes(content))


def test_the_parts_stand_in_their_order(site: Built) -> None:
    html = site.html(site.entry("orchard-twin-1"))
    places = [html.index(f'id="{part}"') for part in PARTS]
    assert places == sorted(places)


def test_a_record_stands_with_its_outcome_and_its_findings(site: Built) -> None:
    checks = site.html(site.entry("orchard-twin-1")).split('id="checks"')[1].split("</section>")[0]
    assert re.search(r'<a href="\.\./\.\./data/evidence/[^"]+-check\.json">Checked</a>', checks)
    assert "pass P06 warn run took longer than the board's median (ratio 3.1)." in words(checks)


def test_an_entry_without_a_record_says_so(site: Built) -> None:
    unchecked = site.text(site.entry("orchard-aster-1"))
    assert "No check of this entry has been recorded yet." in unchecked
    assert "evidenced not checked yet" in unchecked


def test_steps_that_failed_say_so_and_not_that_nobody_tried(site: Built) -> None:
    content = stored()
    records = [
        Evidence.model_validate_json(canonical_bytes(synthetic.record(content, kind, outcome)))
        for kind, outcome in (("check", "pass"), ("regrade", "pass"), ("rerun", "fail"), ("attest", "fail"))
    ]
    submission = Submission(parsed(content), tuple(records), rung=2)
    steps = {step.word: step for step in evidence_steps(submission, {id(r): r.kind for r in records})}
    assert [word for word, step in steps.items() if step.reached] == ["reported", "evidenced", "regraded"]
    assert steps["re-run"].reason == "the re-run differed"
    assert steps["attested"].reason == "the attestation did not hold"


def test_a_breakdown_names_what_is_the_same_in_all_its_lines_once(site: Built) -> None:
    text = site.text(site.entry("orchard-twin-1"))
    assert "Corrected success by family condition C7" in text
    assert "Corrected success by condition and family" not in text


def test_the_citation_is_a_record_that_bibtex_can_read(site: Built) -> None:
    address = site.entry("orchard-twin-1")
    html = site.html(address)
    cite = words(html.split('id="cite"')[1].split("</pre>")[0].split("<pre", 1)[1].split(">", 1)[1])
    assert cite.startswith("@misc{interplay-")
    assert f"url = {{https://orchard.github.io/interplay/{address}/}}" in re.sub(r" +", " ", cite)
    assert cite.count("{") == cite.count("}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a_b & 50 % #1 $", r"a\_b \& 50 \% \#1 \$"),
        ("{x}~^", r"\{x\}\textasciitilde{}\textasciicircum{}"),
        ("\\end", r"\textbackslash{}end"),
        ("a\u202eb\nc", "abc"),
    ],
)
def test_signs_of_tex_are_written_so_that_they_are_read_as_themselves(text: str, expected: str) -> None:
    assert tex(text) == expected


def test_a_citation_without_a_public_address_has_none() -> None:
    lines = bibtex(parsed(stored()), None)
    assert not any("url" in line for line in lines)
    assert any("author" in line and "{{hedgerow}}" in line for line in lines)


def test_figures_of_one_condition_share_one_table(site: Built) -> None:
    html = site.html(site.entry("user_turn--grove-ash-1"))
    singles = html.split("<h3>Single figures</h3>")[1].split("</table>")[0]
    assert len(re.findall(r'<th scope="row"', singles)) >= 2
    assert "Degenerate turns temperature 1" in words(singles)
    tables = html.split("Single figures</h3>", 1)[1].split('<div class="cols">')[1].split("</section>")[0]
    assert min(part.count("<tr") for part in tables.split("<table>")[1:]) > 2


def test_a_record_without_findings_says_so(site: Built) -> None:
    html = site.html(site.entry("reference-cartographer"))
    assert words(html.split('id="checks"')[1].split("</section>")[0]).count("no findings") == 2
