"""User turns as their users walk them: eval, report, submit, check; and what is never pooled."""

import json
import re
from pathlib import Path

import pytest
from inspect_ai.log import read_eval_log, write_eval_log

from interplay.leaderboard.canonical import canonical_bytes, entry_id
from interplay.leaderboard.check import check_entry
from interplay.leaderboard.draft import SubmitOptions
from interplay.leaderboard.schema import Entry
from interplay.leaderboard.submit import Refused, prepare
from tests.leaderboard.commands.test_loop import run


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Smoke logs of one player, natively and by instruction."""
    folder = tmp_path_factory.mktemp("user-turn") / "logs"
    for task in ("user_turn", "user_turn_prompted"):
        code, output = run("eval", task, "--model", "reference/curious", "--preset", "smoke",
                           "--log-dir", str(folder / task))  # fmt: skip
        assert code == 0, output
    return folder


@pytest.mark.parametrize(
    ("task", "board"),
    [
        ("user_turn", "user-turn-native"),
        pytest.param("user_turn_prompted", "user-turn-prompted", marks=pytest.mark.slow),
    ],
)
def test_from_logs_to_a_checked_entry(
    logs: Path, task: str, board: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, output = run("submit", str(logs / task), "--division", "reference")
    assert code == 0, output
    (entry,) = (tmp_path / "submission" / "leaderboard" / "entries").glob("*.json")
    (result,) = json.loads(entry.read_bytes())["results"]
    assert result["board"] == board
    assert result["metrics"]["followup.gfr_t1"]["value"] == 1.0
    code, output = run("check", "submission")
    assert code == 0, output
    assert "rung 2" in output
    code, output = run("build", "--root", "submission", "--out", "site", "--check")
    assert code == 0, output


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a run with a judge beside the rules was submitted."""
    folder = tmp_path_factory.mktemp("judged")
    words = ("--model", "reference/curious", "--preset", "smoke", "--log-dir", str(folder / "logs"))
    judge = ("-T", "judge=true", "--model-role", "grader=reference/turn_clerk")
    code, output = run("eval", "user_turn", *words, *judge)
    assert code == 0, output
    code, output = run(
        "submit", str(folder / "logs"), "--division", "reference", "--out", str(folder / "submission")
    )
    assert code == 0, output
    return folder


def test_a_judge_beside_the_rules_is_held_by_the_entry_and_read_again_by_the_checker(
    judged: Path, tmp_path: Path
) -> None:
    (entry,) = (judged / "submission" / "leaderboard" / "entries").glob("*.json")
    (result,) = json.loads(entry.read_bytes())["results"]
    (item,) = result["judged"]
    assert item["graders"] == {"grader": "reference/turn_clerk"}
    assert item["regrade"] == "recorded_judge"
    assert (item["asked"], item["unparsed"], item["unscored"]) == (36, 0, 0)
    assert item["metrics"]["followup_judge.gfr_t1"]["value"] == 1.0
    code, output = run("check", str(judged / "submission"))
    assert code == 0, output
    assert "rung 2" in output
    code, output = run("build", "--root", str(judged / "submission"), "--out", str(tmp_path / "site"))
    assert code == 0, output
    page = (tmp_path / "site" / "entries" / entry.stem / "index.html").read_text("utf-8")
    assert "Judge beside the rules" in page
    assert result["flags"]["followup.gfr_t0"] == result["flags"]["followup_judge.gfr_t0"] == "1" * 9
    assert "9 of 9 contexts, by the rules or by the judge" in page
    listed = re.search(r"By the rules and the judge, 9: <code>([^<]*)</code>", page)
    assert listed is not None
    log = read_eval_log(str(next((judged / "logs").glob("*.eval"))), header_only=False)
    assert sorted(listed[1].split()) == sorted(str(sample.id) for sample in log.samples or [])


def test_a_judged_figure_that_the_log_does_not_give_is_refused(judged: Path, tmp_path: Path) -> None:
    (path,) = (judged / "submission" / "leaderboard" / "entries").glob("*.json")
    entry = Entry.model_validate_json(path.read_bytes())
    (result,) = entry.results
    (item,) = result.judged
    better = item.metrics | {
        "followup_judge.agree": item.metrics["followup_judge.agree"].model_copy(update={"n": 8})
    }
    forged = result.model_copy(update={"judged": (item.model_copy(update={"metrics": better}),)})
    content = entry.model_copy(update={"results": (forged,)}).content()
    content["entry_id"] = entry_id(content)
    target = tmp_path / "entries" / f"{content['entry_id']}.json"
    target.parent.mkdir()
    target.write_bytes(canonical_bytes(content))
    report = check_entry(target, root=tmp_path, logs=judged / "submission" / "leaderboard" / "logs")
    assert [finding.code for finding in report.findings] == ["R06"]
    assert "judged[0].metrics.followup_judge.agree.n is 8, logs give 9" in report.findings[0].message


@pytest.mark.parametrize("what", ["value", "answer"])
def test_a_score_that_the_recorded_answers_do_not_give_is_refused(
    judged: Path, tmp_path: Path, what: str
) -> None:
    (source,) = (judged / "logs").glob("*.eval")
    log = read_eval_log(str(source))
    assert log.samples is not None
    score = (log.samples[0].scores or {})["followup_judge"]
    assert isinstance(score.value, dict)
    assert score.metadata is not None
    if what == "value":
        score.value["agree"] = 0.25
    else:
        score.metadata["answers"]["t0/0"] = '{"label": "closer"}'
    write_eval_log(log, str(tmp_path / source.name))
    with pytest.raises(
        Refused, match=r"R03 regrade differs on 1 sample of interplay/user_turn \(first: .*followup_judge"
    ):
        prepare([tmp_path / source.name], SubmitOptions(division="reference"))


def test_native_and_prompted_logs_make_no_common_entry(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, output = run("submit", str(logs), "--division", "reference")
    assert code == 2, output
    assert "native and prompted" in output
    assert list(tmp_path.iterdir()) == []


def test_the_report_keeps_the_elicitations_apart_and_shows_their_difference(logs: Path) -> None:
    code, output = run("report", "user_turn", str(logs), "--json")
    assert code == 0, output
    tables = {table["title"]: table for table in json.loads(output)}
    for kind in ("native", "prompted"):
        assert {row[1] for row in tables[f"Runs ({kind})"]["rows"]} == {kind}
        rates = tables[f"Genuine follow-up rate by temperature ({kind})"]["rows"]
        assert {(row[1], row[3]) for row in rates if row[2] == "1"} == {(kind, 1.0)}
    (bridge,) = tables["Bridge"]["rows"]
    assert bridge[:2] == ["reference/curious (smoke)", 0.0]


def test_a_rate_of_which_nothing_was_seen_is_printed_as_a_bound(tmp_path: Path) -> None:
    code, output = run("eval", "user_turn", "--model", "reference/parrot", "--preset", "smoke",
                       "--log-dir", str(tmp_path / "logs"))  # fmt: skip
    assert code == 0, output
    row = next(line for line in output.splitlines() if "GFR@1" in line)
    assert "≤ 0.371" in row
    assert "0.000" not in output


def test_a_reference_player_runs_the_standard_preset_without_a_network(tmp_path: Path) -> None:
    code, output = run("eval", "user_turn", "--model", "reference/closer", "--dry-run")
    assert code == 0, output
    assert "60 samples" in output
    assert "datasets=bundled" in output


def test_a_folder_with_the_logs_of_another_run_is_left_alone(logs: Path) -> None:
    before = sorted(path.name for path in (logs / "user_turn").iterdir())
    code, output = run("eval", "user_turn_prompted", "--model", "reference/curious", "--preset", "smoke",
                       "--log-dir", str(logs / "user_turn"))  # fmt: skip
    assert code == 2, output
    assert "holds logs of another run, or of another version of these tasks" in output
    assert sorted(path.name for path in (logs / "user_turn").iterdir()) == before


def test_a_folder_of_another_family_is_refused(logs: Path) -> None:
    code, output = run("report", "mazes", str(logs))
    assert code == 2
    assert "interplay/user_turn is no task of mazes" in output


def test_a_run_that_cannot_start_says_why(tmp_path: Path) -> None:
    code, output = run("eval", "user_turn_likelihood", "--model", "reference/curious", "--preset", "smoke",
                       "--log-dir", str(tmp_path / "logs"))  # fmt: skip
    assert code == 1
    assert "Error: UserMistake" not in output
    assert "returns no log-probabilities of the prompt" in output
