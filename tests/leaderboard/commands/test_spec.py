"""The spec for inspect-flow and the tables after a run, from parts that are made here."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.cli import program
from interplay.leaderboard.commands.evaluate import named, named_models, one_sentence
from interplay.leaderboard.commands.flow import flow_spec, flow_task, write_flow
from interplay.leaderboard.commands.launch import RETRIES, RunOptions
from interplay.leaderboard.commands.parts import Part, parts_of
from interplay.leaderboard.commands.scores import Scores, is_of, next_steps, rows_of, score_table, shown
from interplay.leaderboard.result_parts import Metric
from interplay.tasks.mistakes import UserMistake


def parts(*targets: str, log_dir: Path | None = Path("all"), **given: object) -> list[Part]:
    return parts_of(targets, ["a/x"], ["grader=b/y"], "smoke", given, log_dir)  # pyright: ignore[reportArgumentType]


def test_a_spec_holds_nothing_that_was_not_asked_for() -> None:
    (part,) = parts("maze_solo")
    spec = flow_spec([part], [["1.2.3"]], RunOptions(), Path("all"), Path())
    assert spec == {
        "log_dir": "all",
        "options": {"retry_attempts": RETRIES, "ctl_server": False},
        "tasks": [
            {
                "name": "interplay/maze_solo",
                "version": "1.2.3",
                "args": {"judge": False, "preset": "smoke"},
                "model": "a/x",
                "model_roles": {"grader": "b/y"},
            }
        ],
    }


def test_everything_that_was_asked_for_stands_where_inspect_flow_reads_it(tmp_path: Path) -> None:
    (part,) = parts("maze_solo")
    options = RunOptions(epochs=3, limit=2, max_connections=5, prices=tmp_path / "p.yaml", cost_limit=0.25)
    spec = flow_spec([part], [["1.0.0"]], options, tmp_path / "logs", tmp_path / "specs")
    assert spec["log_dir"] == "../logs"
    assert spec["options"] == {
        "retry_attempts": RETRIES, "ctl_server": False, "limit": 2,
        "model_cost_config": str((tmp_path / "p.yaml").resolve()),
    }  # fmt: skip
    assert spec["defaults"] == {"config": {"max_connections": 5}}
    (task,) = spec["tasks"]  # pyright: ignore[reportGeneralTypeIssues]
    assert (task["epochs"], task["cost_limit"]) == (3, 0.25)  # pyright: ignore[reportArgumentType]


def test_versions_belong_to_their_tasks_and_one_too_few_is_a_bug() -> None:
    (part,) = parts("mazes")
    spec = flow_spec([part], [["1.0.0", "2.0.0"]], RunOptions(), Path("all"), Path())
    assert [task["version"] for task in spec["tasks"]] == ["1.0.0", "2.0.0"]  # pyright: ignore
    with pytest.raises(ValueError, match="shorter"):
        flow_spec([part], [["1.0.0"]], RunOptions(), Path("all"), Path())


def test_arguments_of_a_provider_stand_beside_the_name_of_its_model() -> None:
    (part,) = parts_of(["user_turn"], ["hf/acme/tiny"], [], "smoke", {}, Path("all"))
    assert part.model_args, "a Transformers model has to be told to take rendered text"
    task = flow_task(part, part.plan.runs[0], "1.0.0", RunOptions())
    assert isinstance(task, dict)
    assert task["model"] == {"name": "hf/acme/tiny", "model_args": part.model_args}
    assert "model_roles" not in task


def test_a_spec_has_one_folder_and_is_a_yaml_file(tmp_path: Path) -> None:
    several = parts("maze_solo", "proxy_drift", log_dir=None)
    with pytest.raises(UserMistake) as refused:
        write_flow(several, [["1"], ["1"]], RunOptions(), tmp_path / "x.yaml")
    assert refused.value.message == (
        f"--write-flow {tmp_path / 'x.yaml'}: a spec has one log folder, these runs have 2; add --log-dir."
    )
    with pytest.raises(UserMistake) as refused:
        write_flow(parts("maze_solo"), [["1"]], RunOptions(), tmp_path / "x.json")
    assert refused.value.message == (
        f"--write-flow {tmp_path / 'x.json'}: a spec is a YAML file; give a name that ends in .yaml."
    )
    assert list(tmp_path.iterdir()) == []


def test_the_same_parts_write_the_same_bytes_with_the_commands_that_read_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / "a" / "runs.yml", tmp_path / "b" / "runs.yml"]
    for file in files:
        write_flow(parts("maze_solo", log_dir=file.parent), [["1.0.0"]], RunOptions(), file)
    first, second = (file.read_bytes() for file in files)
    assert first == second
    head = first.decode().splitlines()[:3]
    assert head[0].startswith("# Written by `interplay eval --write-flow`, interplay ")
    assert head[1:] == ["#   flow check runs.yml", "#   flow run runs.yml"]
    assert yaml.safe_load(first)["log_dir"] == "."
    assert f"wrote {files[0]}; run it with: flow run {files[0]}\n" in capsys.readouterr().err


def test_a_part_is_named_for_machines_with_all_that_it_is() -> None:
    (part,) = parts("maze_solo", mazes=1)
    assert named(part) == {
        "family": "mazes", "preset": "smoke", "model": "a/x", "roles": {"grader": "b/y"}, "folder": "all",
        "runs": [{"task": "maze_solo", "args": {"judge": False, "preset": "smoke", "mazes": 1}}],
    }  # fmt: skip


def test_every_model_is_named_once_in_order() -> None:
    several = parts_of(["mazes"], ["m/b", "m/a"], ["grader=m/a", "partner=m/c"], "smoke", {}, None)
    assert named_models(several) == ["m/b", "m/a", "m/c"]


class Foreign(Exception):
    """An error with a message of its own, as some libraries have."""

    def __init__(self, message: str) -> None:
        self.message = message


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("one\n  two:\n\nthree"), "one: two: three"),
        (ValueError("[bold]ERROR: no key[/bold]"), "no key"),
        (ValueError(""), "ValueError"),
        (Foreign("said it"), "said it"),
        (KeyError("x"), "'x'"),
        (ValueError("tabs\tand   spaces"), "tabs and spaces"),
        (ValueError("[bold]ERROR[/bold]: [red]no[/] key"), "no key"),
        (ValueError("expected list[str], [/INST] or [1] [sic]"), "expected list[str], [/INST] or [1] [sic]"),
    ],
)
def test_the_error_of_another_program_becomes_one_sentence(error: Exception, said: str) -> None:
    assert one_sentence(error) == said


@pytest.mark.parametrize(
    ("metric", "value", "interval"),
    [
        (Metric(value=0.0, lo=0.0, hi=0.0604, n=60, interval="share"), "≤ 0.060", "none seen"),
        (Metric(value=0.0, lo=-0.2, hi=0.5, n=60, interval="share"), 0.0, "−0.200 to 0.500"),
        (Metric(value=0.5, lo=0.4, hi=0.6, n=2, interval="share"), 0.5, "0.400–0.600"),
        (Metric(value=0.0, lo=0.0, hi=0.5, n=9, interval="mean"), 0.0, "0.000–0.500"),
        (Metric(value=0.25, lo=0.0, hi=1.0, n=1, interval="mean"), 0.25, None),
    ],
    ids=["none-seen", "below-zero", "two-units", "a-mean", "one-unit"],
)
def test_a_share_of_which_nothing_was_seen_is_a_bound(
    metric: Metric, value: object, interval: str | None
) -> None:
    found = shown(metric)
    assert found[0] == value
    assert found[1] == interval


def test_a_table_says_what_its_marks_mean() -> None:
    whole = score_table([("b (part)", "Score", 0.5, "0.400–0.600", 9)], "(part): fewer.")
    assert "95 % intervals are for new units. (part): fewer." in whole
    assert "One unit" not in whole


def test_a_log_belongs_to_a_part_with_the_same_tasks_model_and_roles() -> None:
    header: Any = SimpleNamespace(task="interplay/maze_solo", model="a/x", roles={"grader": "b/y"})
    tasks = {"interplay/maze_solo"}
    assert is_of(header, tasks, "a/x", {"grader": "b/y"})
    assert not is_of(header, {"interplay/maze_collab"}, "a/x", {"grader": "b/y"})
    assert not is_of(header, tasks, "a/z", {"grader": "b/y"})
    assert not is_of(header, tasks, "a/x", {})


def test_nothing_is_offered_to_look_at_where_nothing_finished() -> None:
    assert next_steps(Scores("mazes", [], [], []), Path("logs")) == []


def test_a_folder_with_spaces_can_be_copied_from_what_is_shown() -> None:
    steps = next_steps(Scores("mazes", [], [], [object()]), Path("my logs"))  # pyright: ignore[reportArgumentType]
    assert steps == [
        ("interplay report mazes 'my logs'", "more tables"),
        ("inspect view --log-dir 'my logs'", "transcripts"),
    ]


def test_a_key_that_a_provider_lacks_is_a_problem_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "AZUREAI_OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    words = ["report", "mazes", "--validate-judge", "openai/gpt-5"]
    result = CliRunner().invoke(program, words)
    assert result.exit_code == 3
    assert result.stderr.startswith("Error: --validate-judge openai/gpt-5: ")
    assert result.stderr.count("\n") == 1


def test_rows_are_those_of_the_board_with_its_labels() -> None:
    board = find_board("mazes-pair")
    known = board.secondary[0]
    metrics = {
        known.key: Metric(value=0.5, lo=0.4, hi=0.6, n=9, interval="mean"),
        "other.key": Metric(value=0.1, lo=0.0, hi=0.2, n=9, interval="mean"),
    }
    result = SimpleNamespace(board="mazes-pair", metrics=metrics)
    first, second = rows_of(board, result, " (part)")  # pyright: ignore[reportArgumentType]
    assert first == ("mazes-pair (part)", known.label, 0.5, "0.400–0.600", 9)
    assert second[1] == board.label
