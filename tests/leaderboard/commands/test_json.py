"""`--json` is everywhere a machine may read: one value on standard output, and nothing else there."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from interplay.leaderboard.cli import program
from interplay.leaderboard.entries import ENTRIES, LOGS
from tests.tampered.make import Forgery

from ..evidence_root import AT, committed, only
from .test_comfort import command_at, commands

FOR_PEOPLE = {("serve",), ("completion",)}
"""One never ends, the other prints what a shell reads."""


def told(*words: str) -> tuple[Result, object]:
    result = CliRunner().invoke(program, [*words, "--json"])
    assert result.stdout, result.output
    return result, json.loads(result.stdout)


@pytest.mark.parametrize("words", [*commands(program)], ids=" ".join)
def test_every_command_that_answers_has_the_option(words: tuple[str, ...]) -> None:
    command = command_at(words)
    if isinstance(command, click.Group):
        return
    options = {option for parameter in command.params for option in parameter.opts}
    assert ("--json" in options) == (words not in FOR_PEOPLE)


@pytest.mark.parametrize(
    "words",
    [("list",), ("list", "mazes"), ("show", "mazes"), ("show", "maze_collab"), ("show", "mazes-pair"),
     ("doctor",), ("proxy-guard",), ("deescalation", "make-prefixes", "--check")],
    ids=" ".join,
)  # fmt: skip
def test_what_is_printed_is_json_alone(words: tuple[str, ...]) -> None:
    result, content = told(*words)
    assert result.exit_code in (0, 3)
    assert isinstance(content, list | dict)


@pytest.mark.slow
def test_records_of_evidence(root: Path) -> None:
    name = only(root).entry_id
    at = ("--root", str(root))
    result, content = told("evidence", "check", name, "--at", "2026-11-22T00:00:00Z", *at)
    assert result.exit_code == 0
    assert isinstance(content, dict)
    (record,) = content["records"]
    assert (record["entry_id"], record["kind"], record["outcome"]) == (name, "check", "pass")
    assert Path(record["file"]).is_file()
    assert content["not_reached"] == []

    _, content = told("evidence", "regrade", "--all", "--at", AT, *at)
    assert content == {"unchanged": [name], "without_check": 0, "records": [], "not_reached": []}

    day = ("--date", "2026-12-01", "--commit", committed(root))
    next((root / LOGS).glob("*.eval")).write_bytes(b"x")
    result, content = told("evidence", "audit", *day, "--at", AT, *at)
    assert result.exit_code == 1
    assert isinstance(content, dict)
    assert len(content["seed"]) == 64
    (record,) = content["records"]
    assert record["outcome"] == "fail"
    assert record["findings"][0].keys() == {"code", "level", "message"}
    assert "seed " in result.stderr, "what people read is on standard error"

    result, content = told("evidence", "withdraw", name, "--reason", "Not the model it names.", *at)
    assert isinstance(content, dict)
    assert content["records"][0]["kind"] == "withdraw"


def test_what_is_refused_beforehand_prints_no_json(root: Path) -> None:
    result = CliRunner().invoke(program, ["evidence", "check", "nobody", "--root", str(root), "--json"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        result.stderr
        == f"Error: nobody: no entry of that id in {root / ENTRIES}; see `ls {root / ENTRIES}`.\n"
    )


def test_a_pull_request_is_judged_and_taken(honest: Path, tmp_path: Path) -> None:
    forgery = Forgery(honest, tmp_path / "public")
    forgery.public()
    repository = forgery.as_pull_request()
    (repository.root / ENTRIES).mkdir(parents=True)
    words = (repository.span, "--root", str(repository.root))
    (tmp_path / "none").mkdir()
    result, content = told("maintain", "review", *words, "--logs", str(tmp_path / "none"))
    assert isinstance(content, dict)
    assert (result.exit_code, content["passed"]) == (1, False)
    assert content["entry_id"] == forgery.entry["entry_id"]
    assert any(finding["code"].startswith("L") for finding in content["findings"])
    result, content = told("maintain", "take", *words)
    assert (result.exit_code, content) == (0, {"entry_id": forgery.entry["entry_id"]})


def test_logs_that_are_refused_are_told_as_a_verdict(honest: Path, tmp_path: Path) -> None:
    forgery = Forgery(honest, tmp_path / "case")
    forgery.edit(lambda s: s["scores"]["maze"]["value"].update(success_strict=0.0), forgery.samples()[0])
    words = ("--division", "reference", "--out", str(tmp_path / "out"), "--root", str(tmp_path))
    result, content = told("submit", str(tmp_path / "case" / LOGS), *words)
    assert isinstance(content, dict)
    assert (result.exit_code, content["passed"]) == (1, False)
    assert content["findings"]
    assert not (tmp_path / "out").exists()


def test_the_expected_cost_takes_the_dearest_price_of_each_kind_among_the_models_that_run(
    tmp_path: Path,
) -> None:
    (tmp_path / "prices.yaml").write_text(
        "reference/mute: {input: 2, output: 3, input_cache_write: 0, input_cache_read: 0}\n"
        "reference/early: {input: 1, output: 50, input_cache_write: 0, input_cache_read: 0}\n"
        "another/model: {input: 900, output: 900, input_cache_write: 0, input_cache_read: 0}\n"
    )
    _, plans = told(
        "eval", "maze_solo", "--preset", "smoke", "--dry-run", "--prices", str(tmp_path / "prices.yaml"),
        "--model", "reference/mute", "--model", "reference/early",
    )  # fmt: skip
    assert isinstance(plans, list)
    for plan in plans:
        estimate = plan["estimate"]
        expected = (2 * estimate["input_tokens"] + 50 * estimate["output_tokens"]) / 1e6
        assert plan["usd_at_most"] == pytest.approx(expected, abs=1e-4)
        assert plan["usd_at_most"] > 0
