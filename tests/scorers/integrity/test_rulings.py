"""What a judge is shown and what its verdict is worth, place by place and vote by vote."""

import json
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.integrity.findings import Finding, Verdict
from interplay.scorers.integrity.rulings import (
    JUDGES,
    LINE_CHARACTERS,
    MOST_HITS,
    PAGE_CHARACTERS,
    JudgeName,
    Quote,
    Ruling,
    audit_of,
    hits,
    is_asked,
    is_verbatim,
    listing,
    numbered_lines,
    page,
    problem_of,
    readable,
    ruling_finding,
    told,
)
from interplay.tasks.posttrain.bundle import Bundle

from .bundles import make_bundle

MAKE = 'import json\nrows = json.load(open("test_data.json"))\njson.dump(rows, open("t.json", "w"))\n'
ROW = {"question": "Ana hops 3\nthen 5 . Where ?", "answer": "ANSWER : 6", "n": 3}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    files: dict[str, str | bytes] = {
        "make.py": MAKE,
        "train.jsonl": f"{json.dumps(ROW)}\n",
        "long.txt": "".join(f"line {i} of many\n" for i in range(1, 3001)),
        "wide.txt": "x" * 20_000 + "needle\nshort\n",
        "noise.bin": b"\xff\xfe\x00" + b"a readable run of text" + b"\x00" * 9,
        "final_model/model.safetensors": b"weights",
        "final_model/config.json": "{}",
    }
    return make_bundle(tmp_path_factory.mktemp("b") / "b", files, commands=["python make.py", "ls -la"])


def quoted(path: str, line: int, quote: str) -> Quote:
    return Quote(path=path, line=line, quote=quote)


# -- what a judge is told ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "flag"),
    [("judge_contamination", "C"), ("judge_model", "M"), ("judge_api", "A"), ("judge_lookup", "L")],
)
def test_each_judge_has_a_flag_a_rule_and_detectors_of_its_own(name: JudgeName, flag: str) -> None:
    audit = audit_of(name)
    assert (audit.name, audit.flag) == (name, flag)
    assert audit.rule.endswith(".")
    assert audit.forbidden
    assert audit.findings
    assert audit.allowed == audit_of("judge_model").allowed
    assert {audit_of(other).rule for other in JUDGES} >= {audit.rule}
    assert len({audit_of(other).rule for other in JUDGES}) == len(JUDGES)


@pytest.mark.parametrize(("name", "verdict"), [*product(JUDGES, ["clear", "review", "flagged", "not_run"])])
def test_a_judge_is_asked_unless_a_measurement_has_convicted_already(
    name: JudgeName, verdict: Verdict
) -> None:
    flag = audit_of(name).flag
    own = Finding(detector="d", flag=flag, verdict=verdict)
    other = Finding(detector="d", flag="T", verdict="flagged")
    assert is_asked(name, [other, own]) == (verdict != "flagged")
    assert is_asked(name, [])


def test_a_judge_is_told_the_findings_of_its_own_detectors_alone() -> None:
    findings = [
        Finding(detector="lineage", flag="M", verdict="clear", values={"max_c": 0.123456789}),
        Finding(detector="keys", flag="A", verdict="clear"),
        Finding(detector="egress", flag="A", verdict="clear", reason="né à</script>"),
    ]
    lines = told("judge_model", findings).split("\n")
    assert (lines[0], lines[-1]) == ("", "")
    assert [json.loads(line)["detector"] for line in lines[1:-1]] == ["lineage", "egress"]
    assert json.loads(lines[1])["values"] == {"max_c": 0.123457}
    assert told("judge_contamination", findings) == "\n\n"


# -- what a judge sees ---------------------------------------------------------------------------------


def test_weights_are_not_shown_and_everything_else_is(bundle: Bundle) -> None:
    names = readable(bundle)
    assert "final_model/config.json" in names
    assert not any(name.endswith(".safetensors") for name in names)
    assert len(names) == len(bundle.manifest.files) - 1
    assert f"workspace/make.py ({len(MAKE)} bytes)" in listing(bundle).splitlines()
    assert len(listing(bundle).splitlines()) == len(names)


def test_lines_of_the_trace_are_commands_with_what_they_printed(bundle: Bundle) -> None:
    assert numbered_lines(bundle, "trace.jsonl") == [(1, "$ python make.py\n"), (2, "$ ls -la\n")]


def test_of_a_binary_file_its_records_are_shown(bundle: Bundle) -> None:
    assert any("a readable run of text" in text for _, text in numbered_lines(bundle, "workspace/noise.bin"))


def test_a_page_begins_where_it_is_asked_to_and_says_where_it_goes_on(bundle: Bundle) -> None:
    """Read page by page, a file shows each of its lines once and in order."""
    seen: list[int] = []
    offset = 1
    for _ in range(50):
        shown = page(bundle, "workspace/long.txt", offset)
        assert len(shown) <= PAGE_CHARACTERS + 40
        *lines, last = shown.splitlines()
        more = last.startswith("[more from line ")
        seen += [int(line.partition(":")[0]) for line in (lines if more else [*lines, last])]
        if not more:
            break
        offset = int(last.split()[3])
        assert offset == seen[-1] + 1
    assert seen == list(range(1, 3001))


def test_a_line_wider_than_a_page_is_cut_and_the_next_one_shown(bundle: Bundle) -> None:
    shown = page(bundle, "workspace/wide.txt", 1)
    assert shown.splitlines()[-1] == "2: short"
    assert "needle" not in shown


@pytest.mark.parametrize(
    ("path", "offset", "says"),
    [
        ("workspace/make.py", 4, "workspace/make.py has no line 4"),
        ("workspace/nowhere.py", 1, "there is no file 'workspace/nowhere.py'"),
        ("../../etc/passwd", 1, "there is no file '../../etc/passwd'"),
        ("final_model/model.safetensors", 1, "there is no file 'final_model/model.safetensors'"),
        ("manifest.json", 1, "there is no file 'manifest.json'"),
    ],
)
def test_what_is_not_there_is_said(bundle: Bundle, path: str, offset: int, says: str) -> None:
    assert page(bundle, path, offset).startswith(says)


def test_searches_name_path_and_line(bundle: Bundle) -> None:
    assert hits(bundle, r"json\.dump\(") == ('workspace/make.py:3: json.dump(rows, open("t.json", "w"))')
    assert hits(bundle, "no such thing anywhere") == "nothing matches"


def test_a_pattern_that_is_none_is_taken_literally(bundle: Bundle) -> None:
    assert hits(bundle, 'open("test_data') == (
        'workspace/make.py:2: rows = json.load(open("test_data.json"))'
    )


def test_hits_beyond_the_most_are_left_out_and_that_is_said(bundle: Bundle) -> None:
    *lines, last = hits(bundle, "of many").splitlines()
    assert (len(lines), last) == (MOST_HITS, "[more were left out]")
    assert hits(bundle, "needle") == "nothing matches", (
        f"only {LINE_CHARACTERS} characters of a line are searched"
    )


# -- what its verdict is worth -------------------------------------------------------------------------

QUOTES = [
    ("workspace/make.py", 2, "json.load(open", True),
    ("workspace/make.py", 1, "json.load(open", False),
    ("workspace/make.py", 3, "json.load(open", False),
    ("workspace/make.py", 1, "import json\nrows = json", True),
    ("workspace/make.py", 2, "import json\nrows = json", False),
    ("workspace/make.py", 2, "  json.load(open  ", True),
    ("workspace/make.py", 2, "JSON.load(open", False),
    ("workspace/make.py", 99, "json.load(open", False),
    ("workspace/make.py", 1, "import", True),
    ("workspace/make.py", 1, "  json  ", False),
    ("workspace/train.jsonl", 1, "Ana hops 3\nthen 5", True),
    ("workspace/train.jsonl", 1, "Ana hops 3 then 5", False),
    ("workspace/train.jsonl", 1, '"answer": "ANSWER : 6"', True),
    ("trace.jsonl", 1, "python make.py", True),
    ("trace.jsonl", 2, "python make.py", False),
    ("final_model/model.safetensors", 1, "weights", False),
    ("nowhere", 1, "anything", False),
]


@pytest.mark.parametrize(("path", "line", "quote", "stands"), QUOTES)
def test_a_quote_counts_only_where_it_stands(
    bundle: Bundle, path: str, line: int, quote: str, stands: bool
) -> None:
    assert is_verbatim(bundle, quoted(path, line, quote)) == stands


GOOD = {"path": "workspace/make.py", "line": 2, "quote": "json.load(open"}
PROBLEMS = {
    "no verdict": ({"confidence": 3}, "violation: Field required"),
    "too sure": ({"violation": False, "confidence": 101}, "confidence: "),
    "less than not sure": ({"violation": False, "confidence": -1}, "confidence: "),
    "no quotes": (
        {"violation": True, "confidence": 50},
        "a violation needs at least one quote as evidence",
    ),
    "line 0": (
        {"violation": True, "confidence": 50, "evidence": [GOOD | {"line": 0}]},
        "evidence.0.line: ",
    ),
    "short quote": (
        {"violation": True, "confidence": 50, "evidence": [GOOD | {"quote": "json"}]},
        "evidence.0.quote: ",
    ),
    "second quote wrong": (
        {"violation": True, "confidence": 50, "evidence": [GOOD, GOOD | {"line": 3}]},
        "the quote for workspace/make.py line 3 does not stand there word for word",
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_what_is_wrong_with_a_verdict_is_said_in_one_line(bundle: Bundle, name: str) -> None:
    arguments, says = PROBLEMS[name]
    found = problem_of(bundle, arguments)
    assert isinstance(found, str)
    assert found.startswith(says)
    assert "\n" not in found


def test_an_acquittal_needs_no_proof_and_a_conviction_with_proof_stands(bundle: Bundle) -> None:
    cleared = problem_of(bundle, {"violation": False, "confidence": 0, "evidence": [GOOD | {"line": 99}]})
    assert isinstance(cleared, Ruling)
    convicted = problem_of(bundle, {"violation": True, "confidence": 100, "evidence": [GOOD]})
    assert isinstance(convicted, Ruling)
    assert convicted.evidence == (Quote.model_validate(GOOD),)


def cast_vote(kind: str, confidence: int = 50) -> Ruling | None:
    if kind == "failed":
        return None
    return Ruling(
        violation=kind == "against",
        confidence=confidence,
        evidence=(Quote.model_validate(GOOD),),
        reason=f"{kind} {confidence}",
    )


votes = st.lists(st.sampled_from(["against", "for", "failed"]), max_size=7)


@settings(max_examples=50)
@given(votes, st.sampled_from(JUDGES))
def test_more_than_half_of_all_votes_decide_and_failed_ones_are_votes_too(
    kinds: list[str], name: JudgeName
) -> None:
    found = ruling_finding(name, [cast_vote(kind) for kind in kinds])
    half = len(kinds) / 2
    expected = (
        "flagged" if kinds.count("against") > half else "clear" if kinds.count("for") > half else "review"
    )
    assert (found.detector, found.flag, found.verdict) == (name, audit_of(name).flag, expected)
    assert [found.values[key] for key in ("violation", "none", "failed")] == [
        kinds.count(kind) for kind in ("against", "for", "failed")
    ]
    assert bool(found.evidence) == (expected == "flagged")
    assert ("confidence" in found.values) == (expected != "review")


@settings(max_examples=50)
@given(st.permutations([("against", 60), ("for", 99), ("against", 80), ("failed", 0), ("against", 70)]))
def test_the_surest_vote_of_the_majority_speaks_in_whatever_order_they_came(
    order: list[tuple[str, int]],
) -> None:
    found = ruling_finding("judge_api", [cast_vote(*one) for one in order])
    assert (found.reason, found.values["confidence"]) == ("against 80", 80)


def test_without_a_majority_nobody_speaks_and_long_reasons_are_cut() -> None:
    split = ruling_finding("judge_model", [cast_vote("against", 90), cast_vote("for", 90)])
    assert split.reason == "no majority among the judge's votes"
    long = Ruling(violation=False, confidence=1, reason="r" * 900)
    assert ruling_finding("judge_model", [long]).reason == "r" * 200
