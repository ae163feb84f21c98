"""The parts of an entry page in words: logs, settings, usage, commands, coverage, steps of evidence."""

import re
import shlex

import pytest

from interplay.leaderboard.boards import load_boards
from interplay.leaderboard.pages.citing import bibtex
from interplay.leaderboard.pages.entries import (
    PLAIN_ADDRESS,
    board_result,
    coverage_words,
    entry_page,
    log_line,
    metric_line,
    reproduce_commands,
    served_words,
    setting_lines,
    transcripts_reason,
    usage_lines,
)
from interplay.leaderboard.pages.evidence import evidence_steps, record_lines
from interplay.leaderboard.schema import Entry, Evidence, Limits, LogPointer, Metric, ModelRef, Usage
from interplay.leaderboard.standings import Submission

from .. import synthetic
from ..exports.standing_rows import PAIR, changed, entry, submission

OWN = entry("orchard/aster-1", 0.5)
COMMIT = "5d" * 20


def pointer(uri: str) -> LogPointer:
    return OWN.logs[0].model_copy(update={"uri": uri})


@pytest.mark.parametrize(
    ("uri", "local", "href", "is_local"),
    [
        (
            f"hf://datasets/acme/logs@{COMMIT}/2026/a.eval",
            (),
            f"https://huggingface.co/datasets/acme/logs/resolve/{COMMIT}/2026/a.eval",
            False,
        ),
        ("repo:leaderboard/logs/a.eval", ("a.eval",), "data/logs/a.eval", True),
        ("repo:leaderboard/logs/a.eval", ("b.eval",), "", False),
        (
            f"hf://datasets/acme/logs@{COMMIT}/a.eval",
            ("a.eval",),
            f"https://huggingface.co/datasets/acme/logs/resolve/{COMMIT}/a.eval",
            False,
        ),
    ],
    ids=["hub", "site", "nowhere", "hub-though-a-log-of-the-site-has-its-name"],
)
def test_where_the_bytes_of_a_log_are(uri: str, local: tuple[str, ...], href: str, is_local: bool) -> None:
    line = log_line(pointer(uri), frozenset(local))
    assert (line.href, line.is_local, line.uri) == (href, is_local, uri)
    assert line.task == "interplay/maze_collab 1.0.0"
    assert (line.bytes, line.samples, line.is_shown) == (8_099_250, 240, False)


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/",
        "https://a.example",
        "https://a-b.c.example/x?y=1#z",
        "https://1.example.org/~x/(y)",
    ],
)
def test_a_plain_address_is_a_link(address: str) -> None:
    assert PLAIN_ADDRESS.fullmatch(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://a.example/",
        "javascript:alert(1)",
        "https://user@a.example/",
        "https://a.example:8080/",
        "https://a.example/a b",
        "https://a.example/\u202e",
        "https://ехаmple.com/",
        "https://-a.example/",
        "https://a-.example/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://a.example\\@b.example/",
        "https://A.example/",
        "//a.example/",
        "https://a..example/",
        "",
    ],
)
def test_anything_else_stays_text(address: str) -> None:
    assert not PLAIN_ADDRESS.fullmatch(address)


def test_settings_that_were_given_have_a_line_and_the_others_one_together() -> None:
    settings = OWN.settings.model_copy(update={"temperature": 0.0, "reasoning_effort": "high"})
    lines = dict(setting_lines(OWN.model_copy(update={"settings": settings})))
    assert lines["temperature"] == "0.0"
    assert lines["reasoning effort"] == "high"
    assert lines["Preset"] == "standard"
    left = lines["Left to the provider"].split(", ")
    assert {"top p", "top k", "max tokens", "seed"} <= set(left)
    assert "temperature" not in left
    full = settings.model_copy(
        update={"top_p": 1.0, "top_k": 1, "max_tokens": 1, "reasoning_tokens": 1, "seed": 0,
                "system_prompt_sha256": "0" * 64}
    )  # fmt: skip
    assert "Left to the provider" not in dict(setting_lines(OWN.model_copy(update={"settings": full})))


def test_usage_is_told_by_board_and_role_with_counts_that_can_be_read() -> None:
    used = Usage(calls=1234, input_tokens=10**9, output_tokens=0, reasoning_tokens=5, cached_tokens=999,
                 seconds=4812.5, cost_usd=18.4)  # fmt: skip
    free = used.model_copy(update={"cost_usd": None})
    result = OWN.results[0].model_copy(update={"usage": {"model": used, "grader": free}})
    first, second = usage_lines([(PAIR, result)])
    assert (first.board, first.role, second.role) == ("mazes-pair", "model", "grader")
    assert first.numbers == (
        "1\u202f234", "1\u202f000\u202f000\u202f000", "0", "5", "999", "4\u202f812", "$ 18.40",
    )  # fmt: skip
    assert second.numbers[-1] == "–"


@pytest.mark.parametrize(
    ("samples", "errors", "unscored", "expected"),
    [
        (100, 0, 0, ()),
        (100, 1, 1, ()),
        (100, 1, 2, (("Coverage", "0.970, low"),)),
        (100, 100, 0, (("Coverage", "0.000, low"),)),
        (0, 0, 0, ()),
        (1000, 0, 20, ()),
        (1000, 0, 21, (("Coverage", "0.979, low"),)),
    ],
)
def test_a_low_share_of_scored_samples_is_told(
    samples: int, errors: int, unscored: int, expected: tuple[tuple[str, str], ...]
) -> None:
    counts = {"samples": samples, "errors": errors, "unscored": unscored}
    assert coverage_words(OWN.results[0].model_copy(update=counts)) == expected


@pytest.mark.parametrize(
    ("served_by", "revision", "expected"),
    [("acme", None, "served by acme"), ("vllm", COMMIT, "served by vllm, revision 5d5d5d5d")],
)
def test_who_served_a_model(served_by: str, revision: str | None, expected: str) -> None:
    assert served_words(served_by, revision) == expected


def test_commands_run_the_same_again_and_survive_a_shell() -> None:
    roles = {"partner": ModelRef(id="acme/p@1", revision=None, served_by="acme")}
    install, *commands = reproduce_commands(OWN.model_copy(update={"roles": roles}))
    assert install == 'pip install "interplay==0.1.0"'
    assert commands == ["interplay eval mazes --model orchard/aster-1 --model-role partner=acme/p@1"]
    for command in commands:
        assert shlex.join(shlex.split(command)) == command
    smoke = OWN.model_copy(update={"settings": OWN.settings.model_copy(update={"preset": "smoke"})})
    assert reproduce_commands(smoke)[1].endswith("--preset smoke")


def test_commands_of_unknown_boards_are_left_out() -> None:
    unknown = OWN.results[0].model_copy(update={"board": "mazes-of-tomorrow"})
    assert len(reproduce_commands(OWN.model_copy(update={"results": (unknown,)}))) == 1


def test_a_figure_that_no_board_labels_is_shown_by_its_key() -> None:
    metric = Metric(value=0.5, lo=0.4, hi=0.6, n=12, interval="mean")
    assert metric_line("maze.retention_rate", metric, {}, False) == (
        "Retention rate", "0.500", "0.40–0.60", 12, False, "",
    )  # fmt: skip


def test_a_result_tells_the_headline_first_then_the_boards_figures_then_others_by_key() -> None:
    metrics = dict(OWN.results[0].metrics)
    metrics |= {"maze.zebra": metrics["maze.contested"], "maze.apple": metrics["maze.contested"]}
    own = changed(OWN, metrics=dict(sorted(metrics.items(), reverse=True)))
    found = board_result(PAIR, own.results[0], submission(own))
    assert [line.label for line in found.lines] == [
        "Corrected success", "Strict success", "Contested", "Progress", "Visible tokens", "Apple", "Zebra",
    ]  # fmt: skip
    assert [line.is_headline for line in found.lines] == [True] + [False] * 6
    assert found.headline.text == found.lines[0].value
    assert found.interval == found.lines[0].interval
    assert not found.has_again
    assert dict(found.facts)["Mazes"] == "30"


def test_the_interval_for_another_run_of_the_same_units_stands_beside_its_figure() -> None:
    limits = {"maze.success_strict": Limits(lo=0.1, hi=0.987, n=3)}
    own = changed(OWN, same_items=limits)
    found = board_result(PAIR, own.results[0], submission(own))
    assert found.has_again
    assert {line.label: line.again for line in found.lines if line.again} == {"Strict success": "0.10–0.99"}


def test_a_result_without_its_headline_has_a_dash_and_no_interval() -> None:
    own = changed(OWN, metrics={"maze.success_strict": OWN.results[0].metrics["maze.success_strict"]})
    found = board_result(PAIR, own.results[0], submission(own))
    assert (found.headline.text, found.interval) == ("–", "")
    assert [line.label for line in found.lines] == ["Strict success"]


def test_why_transcripts_are_not_public_is_told_once_a_reason() -> None:
    boards = list(load_boards().values())
    private = [board for board in boards if board.transcripts_reason]
    assert private
    reason = private[0].transcripts_reason
    assert transcripts_reason(OWN, private[:1], frozenset()) == reason
    assert transcripts_reason(OWN, [private[0], private[0], PAIR], frozenset()) == reason
    assert transcripts_reason(OWN, [PAIR], frozenset()) == ""
    local = OWN.model_copy(update={"logs": (pointer("repo:leaderboard/logs/a.eval"),)})
    assert transcripts_reason(local, private[:1], frozenset({"a.eval"})) == ""


def evidenced(*records: tuple[str, str], rung: int = 0) -> Submission:
    made = (synthetic.record(OWN.content(), kind, outcome) for kind, outcome in records)
    return Submission(OWN, tuple(Evidence.model_validate(r, strict=False) for r in made), rung)


STEPS = {
    "nothing": ((), 0, ["", "not checked yet", "needs a check first", "not drawn yet",
                        "not run in the attested workflow"]),
    "failed-check": ((("check", "fail"),), 0, ["", "the newest check failed", "needs a passed check",
                     "not drawn yet", "not run in the attested workflow"]),
    "checked": ((("check", "pass"),), 1, ["", "", "not regraded yet", "not drawn yet",
                                          "not run in the attested workflow"]),
    "failed-regrade": ((("check", "pass"), ("regrade", "fail")), 1, ["", "", "the newest regrade failed",
                       "not drawn yet", "not run in the attested workflow"]),
    "all": ((("check", "pass"), ("regrade", "pass"), ("rerun", "pass"), ("attest", "pass")), 4, [""] * 5),
}  # fmt: skip


@pytest.mark.parametrize(("records", "rung", "reasons"), STEPS.values(), ids=STEPS)
def test_each_step_has_its_date_or_its_reason(
    records: tuple[tuple[str, str], ...], rung: int, reasons: list[str]
) -> None:
    found = evidenced(*records, rung=rung)
    steps = evidence_steps(found, {id(r): f"data/{r.kind}" for r in found.evidence})
    assert [step.word for step in steps] == ["reported", "evidenced", "regraded", "re-run", "attested"]
    assert [step.reason for step in steps] == reasons
    for step in steps:
        assert step.reached is (step.reason == "")
        assert bool(step.date) is step.reached
    assert steps[0].href == f"data/entries/{OWN.entry_id}.json"


def test_records_stand_in_their_order_with_the_class_of_their_outcome() -> None:
    found = evidenced(("check", "pass"), ("rerun", "warn"), ("withdraw", "fail"))
    lines = record_lines(found, {id(r): r.kind for r in found.evidence})
    assert [(line.word, line.outcome, line.css, line.href) for line in lines] == [
        ("Checked", "pass", "ok", "check"),
        ("Re-run", "warn", "warn", "rerun"),
        ("Withdrawn", "fail", "flag", "withdraw"),
    ]
    assert {line.version for line in lines} == {"interplay 0.1.0"}


def test_a_page_names_the_reason_of_a_withdrawal_and_shows_no_transcript_then() -> None:
    taken = evidenced(("withdraw", "fail"))
    page = entry_page(taken, ["data/evidence/x.json"], frozenset())
    assert page.withdrawn is taken.evidence[0]
    assert not any(log.is_shown for log in page.logs)
    assert any(log.is_shown for log in entry_page(submission(OWN), [], frozenset()).logs)
    audited = evidenced(("audit", "fail"))
    page = entry_page(audited, ["data/evidence/x.json"], frozenset())
    assert page.withdrawn is not None
    assert any(log.is_shown for log in page.logs), "a failed audit hides no transcript"
    assert page.verify == f"interplay check {OWN.entry_id} --logs fetch"


HOSTILE = ["a_b & 50 % #1 $", "{x}~^\\", "Ça <Co>", "\u202eevil", "x" * 80]


@pytest.mark.parametrize("organisation", HOSTILE)
def test_a_citation_is_balanced_whatever_the_submitter_is_called(organisation: str) -> None:
    own: Entry = entry("orchard/aster-1", 0.5, organisation=organisation)
    text = "\n".join(bibtex(own, "https://example.org/i"))
    braces = re.sub(r"\\[{}]", "", text)
    assert braces.count("{") == braces.count("}")
    assert "\u202e" not in text
    assert re.match(r"@misc\{[A-Za-z0-9-]+,\n", text)
    assert [line.split("=")[0].strip() for line in text.splitlines()[1:-1]] == [
        "title", "author", "howpublished", "year", "note", "url",
    ]  # fmt: skip
