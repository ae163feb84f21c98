"""`interplay list` and `show`: what people read is what machines read, and what the catalogue says."""

import json
from typing import cast

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from interplay.leaderboard.boards import Board, load_boards
from interplay.leaderboard.cli import program
from interplay.leaderboard.commands.catalogue import BETTER
from interplay.leaderboard.commands.completion import PLACES
from interplay.leaderboard.commands.estimate import FamilyEstimate, RoleEstimate
from interplay.leaderboard.commands.plan import parse_task_args, plan_runs
from interplay.tasks.catalog import FAMILIES
from interplay.tasks.records import FamilyRecord, Preset, Run

BOARDS = [*load_boards().values()]
TASKS = [(record, task) for record in FAMILIES for task in record.tasks if task.name != record.name]


def run(*words: str) -> str:
    result = CliRunner().invoke(program, list(words))
    assert result.exit_code == 0, result.output
    return result.stdout


def content(*words: str) -> object:
    return json.loads(run(*words, "--json"))


def test_the_list_of_one_family_is_its_part_of_the_whole_list() -> None:
    whole, rows = run("list"), content("list")
    assert isinstance(rows, list)
    assert [row["name"] for row in rows] == [record.name for record in FAMILIES]
    for record, row in zip(FAMILIES, rows, strict=True):
        assert content("list", record.name) == [row]
        lines = [line.split(maxsplit=2) for line in run("list", record.name).splitlines()]
        for task in record.tasks:
            assert ["task", task.name, task.summary] in lines
        own = [board for board in BOARDS if board.family == record.name]
        assert row["boards"] == [board.id for board in own]
        for board in own:
            assert ["board", board.id, board.title] in lines
        assert f"  run    interplay eval {record.name} --model PROVIDER/MODEL\n" in whole
        assert f"{record.name}  {record.title}\n  {record.question}\n" in whole


def test_names_stand_in_one_column() -> None:
    for record in FAMILIES:
        rows = [
            line for line in run("list", record.name).splitlines() if line.startswith(("  task", "  board"))
        ]
        texts = [task.summary for task in record.tasks]
        texts += [board.title for board in BOARDS if board.family == record.name]
        assert len({line.index(text) for line, text in zip(rows, texts, strict=True)}) == 1


@pytest.mark.parametrize("record", FAMILIES, ids=lambda record: record.name)
def test_a_family_is_shown_with_the_size_of_each_preset(record: FamilyRecord) -> None:
    shown, found = run("show", record.name), content("show", record.name)
    assert isinstance(found, dict)
    assert list(found["presets"]) == list(record.presets)
    for preset, size in found["presets"].items():
        roles = {role: RoleEstimate(**cost) for role, cost in size.pop("roles").items()}
        assert f"  preset    {preset}: {FamilyEstimate(**size, roles=roles).sentence()}\n" in shown
    assert f"({record.headline})" in shown
    assert f"  after     {record.citation}\n" in shown
    assert str(record.citation).endswith(f"(arXiv {record.citation.arxiv}, {record.citation.year})")
    for player in record.reference_players:
        assert f"reference/{player}" in shown
    for task in record.tasks:
        assert f"  task      {task.name}: {task.summary}\n" in shown
        for role, when in task.roles.items():
            assert f"    role    {role}: {when}\n" in shown
    assert ("state_dir" in shown) == (record.state_dir is not None)


@pytest.mark.parametrize(("record", "task"), TASKS, ids=[task.name for _, task in TASKS])
def test_a_task_is_shown_with_its_roles_and_a_command_that_binds_what_it_always_needs(
    record: FamilyRecord, task
) -> None:
    shown, found = run("show", task.name), content("show", task.name)
    assert isinstance(found, dict)
    assert found == {
        "name": task.name, "summary": task.summary, "roles": task.roles, "family": record.name
    }  # fmt: skip
    lines = shown.splitlines()
    assert lines[:2] == [f"interplay/{task.name}", f"  {task.summary}"]
    assert lines[2:-2] == [f"  role    {role}: {when}" for role, when in task.roles.items()]
    assert lines[-2] == f"  family  {record.name}"
    always = [role for role, when in task.roles.items() if when.split(":")[0] == "always"]
    bound = "".join(f" --model-role {role}=PROVIDER/MODEL" for role in always)
    assert lines[-1] == f"  run     interplay eval {task.name} --model PROVIDER/MODEL{bound}"
    assert run("show", f"interplay/{task.name}") == shown


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.id)
def test_a_board_is_shown_with_every_figure_and_which_way_is_better(board: Board) -> None:
    shown, found = run("show", board.id), content("show", board.id)
    assert isinstance(found, dict)
    assert found == json.loads(board.model_dump_json())
    figures = [line for line in shown.splitlines() if line.startswith("  figure")]
    assert len(figures) == 1 + len(board.secondary)
    for line, item in zip(figures, [board, *board.secondary], strict=True):
        key = board.headline if item is board else item.key  # pyright: ignore[reportAttributeAccessIssue]
        assert item.label in line
        assert key in line
        assert line.endswith(BETTER[item.direction] + ("; ranks the board" if item is board else ""))
    assert len({line.index(BETTER[item.direction]) for line, item in zip(
        figures, [board, *board.secondary], strict=True)}) == 1  # fmt: skip
    assert (f"  floor   {board.floor}\n" in shown) == bool(board.floor)
    assert (f"  ceiling {board.ceiling}\n" in shown) == bool(board.ceiling)
    assert f"preset {board.preset}\n" in shown


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.id)
def test_the_commands_of_a_board_start_its_runs(board: Board) -> None:
    commands = [line.split()[3:] for line in run("show", board.id).splitlines() if line.startswith("  run ")]
    started: list[Run] = []
    for words in commands:
        assert words[-2:] == ["--model", "PROVIDER/MODEL"]
        preset = words[words.index("--preset") + 1] if "--preset" in words else "standard"
        given = parse_task_args([words[n + 1] for n, word in enumerate(words) if word == "-T"])
        (plan,) = plan_runs([words[0]], cast(Preset, preset), given)
        assert plan.preset == board.preset
        started += plan.runs
    for locked in board.runs:
        called = [args for task, args in started if locked.task == f"interplay/{task}"]
        assert any(locked.args.items() <= args.items() for args in called)


@pytest.mark.parametrize("command", ["list", "show"])
def test_a_name_that_is_none_prints_nothing_but_its_sentence(command: str) -> None:
    result = CliRunner().invoke(program, [command, "proxy_drif", "--json"])
    assert (result.exit_code, result.stdout) == (2, "")
    names = ", ".join(record.name for record in FAMILIES)
    if command == "list":
        assert result.stderr == f"Error: proxy_drif: no such family; choose one of {names}.\n"
    else:
        assert result.stderr.startswith("Error: proxy_drif: no such family, task or board; did you mean ")
        assert {"proxy_drift", "proxy-drift"} <= set(result.stderr.rstrip("?\n").replace(",", "").split())


@pytest.mark.parametrize("shell", list(PLACES))
def test_the_script_of_a_shell_names_the_program(shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.shell_completion import BashComplete

    monkeypatch.setattr(BashComplete, "_check_version", lambda *_: None)
    assert issubclass(BashComplete, ShellComplete)
    script = run("completion", shell)
    assert "_INTERPLAY_COMPLETE" in script
    assert "interplay" in script.replace("_INTERPLAY_COMPLETE", "")


def test_a_shell_that_is_too_old_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from click.shell_completion import BashComplete

    def old(*_: object) -> None:
        raise RuntimeError("Shell completion is not supported for Bash versions older than 4.4.")

    monkeypatch.setattr(BashComplete, "_check_version", old)
    result = CliRunner().invoke(program, ["completion", "bash"])
    assert result.exit_code == 3
    assert result.stderr.startswith("Error: bash: Shell completion is not supported for Bash versions older")
    assert result.stderr.endswith("; install it, or choose another shell.\n")
    assert result.stdout == ""
