"""The frozen sets: what they hold, that they can be rebuilt to the byte, and what a changed file says."""

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

import interplay
from interplay.tasks.mazes import instances
from interplay.tasks.mazes.instances import (
    Maze,
    drawn_set,
    gate_failures,
    load,
    main,
    maze_id,
    realised,
    set_record,
    silent_floor,
    smoke,
    sweep,
    to_bytes,
    with_silent_plans,
)
from interplay.tasks.mazes.maze import FAMILIES, HALVES, cells_of, distances, draw, render_half, shortest_walk
from interplay.tasks.mazes.silent import is_admitted, silent, solves
from interplay.tasks.mistakes import UserMistake

from ...pythons import other_pythons, starts

HERE = Path(__file__).parent
GOLDEN = HERE.parents[1] / "golden" / "mazes"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data folder that a test may change."""
    copy = tmp_path / "data"
    shutil.copytree(instances.DATA, copy)
    monkeypatch.setattr(instances, "DATA", copy)
    return copy


def run(*args: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    return result.exit_code, result.output


@pytest.mark.parametrize(("name", "count"), [("standard-1", 120), ("paper-1", 100)])
def test_a_set_is_what_its_record_says(name: str, count: int):
    mazes, record = load(name), set_record(name)
    assert len(mazes) == record.count == count
    assert len({maze.maze_id for maze in mazes}) == len({tuple(maze.rows) for maze in mazes}) == count
    for family in FAMILIES:
        numbers = [maze.maze_id for maze in mazes if maze.family == family]
        assert numbers == [maze_id(name, family, i + 1) for i in range(record.families.get(family, 0))]
    assert record.silent_floor == silent_floor(mazes)
    mean_q = sum(maze.silent[half].q for maze in mazes for half in HALVES) / (2 * count)
    assert abs(record.silent_floor - mean_q) <= 0.0005
    assert record.salt_sha256 is None
    for maze in mazes:
        (goal,), keys = cells_of(maze.rows, "*"), cells_of(maze.rows, "k")
        assert tuple(maze.route) == shortest_walk(maze.rows, (0, 0), keys, goal)
        assert len(keys) == (2 if name == "standard-1" else 0)
        for half in HALVES:
            assert maze.silent[half].hit == solves(maze.rows, maze.silent[half].route)


def test_silence_does_not_pay_in_the_standard_set():
    mazes = load("standard-1")
    assert gate_failures(mazes) == []
    assert all(maze.silent[half].q <= 0.15 for maze in mazes for half in HALVES)
    assert all(realised(mazes, half) <= 0.15 for half in HALVES)
    solved: list[Maze] = []
    for maze in mazes:
        hits = {half: plan.model_copy(update={"hit": True}) for half, plan in maze.silent.items()}
        solved.append(maze.model_copy(update={"silent": hits}))
    assert len(gate_failures(solved)) == 3


def test_it_does_in_the_papers_setting():
    mazes = load("paper-1")
    both = sum(realised(mazes, half) for half in HALVES) / 2
    assert 0.5 < both < 0.75
    steps = {distances(maze.rows, (0, 0))[cells_of(maze.rows, "*")[0]] for maze in mazes}
    assert steps == {7, 8, 9}


@pytest.mark.parametrize("family", FAMILIES)
def test_mazes_are_rebuilt_to_the_byte(family):
    mazes = [m for m in load("standard-1") if m.family == family]
    for i in (1, 2, 40):
        drawn = draw("standard-1", family, i, admit=is_admitted)
        rebuilt = with_silent_plans(maze_id("standard-1", family, i), family, drawn)
        assert to_bytes([rebuilt]) == to_bytes([mazes[i - 1]])


@pytest.mark.slow
def test_verify_rebuilds_every_set():
    code, output = run("verify")
    assert code == 0
    assert "standard-1: 120 mazes, rebuilt with the same bytes" in output
    assert "paper-1: 100 mazes, rebuilt with the same bytes" in output


def test_files_are_canonical_lines():
    for name in ("standard-1", "paper-1"):
        content = (instances.DATA / f"{name}.jsonl").read_bytes()
        assert b"\r" not in content
        assert content == to_bytes(load(name))
        line = content.splitlines()[0].decode()
        assert line == json.dumps(json.loads(line), sort_keys=True, separators=(",", ":"))
        assert Maze.model_validate_json(line).maze_id == f"{name}-bernoulli-001"


def test_smoke_mazes_are_solved_by_no_silent_plan():
    mazes = smoke("standard-1")
    assert [maze.family for maze in mazes] == [family for family in FAMILIES for _ in range(2)]
    assert not any(maze.silent[half].hit for maze in mazes for half in HALVES)


@pytest.mark.slow
@pytest.mark.parametrize(("size", "density"), [(4, 0.0), (6, 0.75), (6, 0.29), (12, 0.3), (18, 0.6)])
def test_a_sweep_has_100_mazes(size: int, density: float):
    mazes = sweep(size, density)
    assert len(mazes) == len({maze.maze_id for maze in mazes}) == 100
    assert {len(maze.rows) for maze in mazes} == {size}
    assert all(maze.family == "bernoulli" and maze.silent == {} for maze in mazes)
    if (size, density) == (4, 0.0):
        assert mazes == sweep(size, density)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: sweep(3, 0.3), "size=3: the paper preset has sizes 4 to 18."),
        (lambda: sweep(19, 0.3), "size=19: the paper preset has sizes 4 to 18."),
        (lambda: sweep(6, 0.8), "density=0.8: the paper preset has densities 0 to 0.75 in steps of 0.01."),
        (lambda: sweep(6, -0.1), "density=-0.1: the paper preset has densities 0 to 0.75 in steps of 0.01."),
        (
            lambda: sweep(6, 0.305),
            "density=0.305: the paper preset has densities 0 to 0.75 in steps of 0.01.",
        ),
        (lambda: load("standard-9"), "set=standard-9: no such set; choose one of paper-1, standard-1."),
        (lambda: drawn_set("../x"), "set=../x: a set is called standard-N or paper-N."),
        (lambda: drawn_set("standard-0"), "set=standard-0: a set is called standard-N or paper-N."),
    ],
)
def test_mistakes_are_one_sentence(call, sentence: str):
    with pytest.raises(UserMistake) as mistake:
        call()
    assert str(mistake.value) == sentence


def test_a_changed_or_missing_file_is_refused(data: Path):
    path = data / "standard-1.jsonl"
    path.write_bytes(path.read_bytes().replace(b"#", b".", 1))
    with pytest.raises(UserMistake) as mistake:
        load("standard-1")
    assert str(mistake.value) == "standard-1.jsonl: SHA-256 differs from sets.yaml; reinstall the package."
    path.unlink()
    with pytest.raises(UserMistake, match="the file is not there; reinstall the package"):
        load("standard-1")


def test_verify_finds_a_changed_file_and_a_changed_record(data: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(instances, "PAPER_MAZES", 4)
    assert run("build", "--set", "paper-1")[0] == 0
    code, output = run("verify", "--set", "paper-1")
    assert code == 0
    assert "paper-1: 4 mazes, rebuilt with the same bytes" in output
    path = data / "paper-1.jsonl"
    good = path.read_bytes()
    path.write_bytes(good + b"\n")
    assert run("verify", "--set", "paper-1")[0] == 1
    path.write_bytes(good)
    records = (data / "sets.yaml").read_text(encoding="utf-8")
    records = records.replace(sha256(good).hexdigest(), sha256(b"").hexdigest())
    (data / "sets.yaml").write_text(records, encoding="utf-8")
    code, output = run("verify", "--set", "paper-1")
    assert code == 1
    assert "paper-1: the rebuilt set differs from the published one" in output


def test_of_a_private_round_only_the_hashes_are_published(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(instances, "PAPER_MAZES", 4)
    salt, other = tmp_path / "salt.txt", tmp_path / "other.txt"
    salt.write_bytes(b"0123456789abcdef")
    other.write_bytes(b"0123456789abcdeg")
    private = tmp_path / "private"
    private.mkdir()
    code, _ = run("build", "--set", "paper-2", "--salt", salt, "--out", private)
    assert code == 0
    content = (private / "paper-2.jsonl").read_bytes()
    assert not (data / "paper-2.jsonl").exists()
    published = yaml.safe_load((data / "sets.yaml").read_text(encoding="utf-8"))
    assert set(published) == {"paper-1", "paper-2", "standard-1"}
    assert published["paper-2"]["salt_sha256"] == sha256(salt.read_bytes()).hexdigest()
    assert published["paper-2"]["sha256"] == sha256(content).hexdigest()
    assert b"0123456789abcdef" not in (data / "sets.yaml").read_bytes() + content
    assert to_bytes(drawn_set("paper-2")) != content, "the salt changes the mazes"
    with pytest.raises(UserMistake, match="it is a private round"):
        load("paper-2")
    assert run("verify", "--set", "paper-2", "--salt", salt)[0] == 0
    for args in (("--salt", other), ()):
        code, output = run("verify", "--set", "paper-2", *args)
        assert code == 2
        assert "paper-2: not drawn with this salt" in output
    assert run("verify", "--set", "paper-1", "--salt", salt)[0] == 2
    shutil.copy(private / "paper-2.jsonl", data)
    assert len(load("paper-2")) == 4, "a round that retires is published as a file"


@pytest.mark.parametrize(
    ("salt", "args", "sentence"),
    [
        (b"short", ["--out", "."], "salt.txt: a salt of 5 bytes can be guessed; use 16 or more."),
        (b"\xff" * 20, ["--out", "."], "salt.txt: a salt is UTF-8 text; write it as hexadecimal digits."),
        (b"0123456789abcdef", [], "--salt needs --out FOLDER"),
    ],
)
def test_unfit_salts_are_refused(data: Path, tmp_path: Path, salt: bytes, args: list[str], sentence: str):
    path = tmp_path / "salt.txt"
    path.write_bytes(salt)
    code, output = run("build", "--set", "paper-2", "--salt", path, *args)
    assert code == 2
    assert sentence in output


def python_path() -> dict[str, str]:
    """The environment in which another interpreter finds the same packages."""
    roots = [str(Path(folder).parent) for folder in interplay.__path__]
    return os.environ | {"PYTHONPATH": os.pathsep.join(roots)}


def test_the_command_line_answers_bad_input_with_one_sentence_and_2():
    command = [sys.executable, "-m", "interplay.tasks.mazes.instances", "build", "--set", "normal-1"]
    done = subprocess.run(command, capture_output=True, text=True, env=python_path(), check=False)
    assert done.returncode == 2
    assert done.stderr.strip() == "Error: set=normal-1: a set is called standard-N or paper-N."


def golden_from(python: str, kind: str) -> bytes:
    command = [python, str(HERE / "golden_mazes.py"), kind]
    return subprocess.run(command, capture_output=True, env=python_path(), check=True).stdout


@pytest.mark.parametrize("kind", ["draws", "plans"])
def test_golden_mazes_and_plans(kind: str):
    assert golden_from(sys.executable, kind) == (GOLDEN / f"{kind}.jsonl").read_bytes()


@pytest.mark.parametrize(("kind", "needs"), [("draws", "pass"), ("plans", "import pydantic")])
def test_other_versions_of_python_draw_the_same_bytes(kind: str, needs: str):
    pythons = [name for name in other_pythons() if starts(name, needs)]
    if not pythons:
        pytest.skip(f"no other Python from 3.11 on is found that can run `{needs}`")
    for name in pythons:
        assert golden_from(name, kind) == (GOLDEN / f"{kind}.jsonl").read_bytes(), name


def test_stored_plans_are_those_of_the_halves():
    for maze in load("standard-1")[::30]:
        for half in HALVES:
            plan = silent(render_half(maze.rows, maze.owner, half))
            assert (plan.q, plan.route) == (maze.silent[half].q, maze.silent[half].route)
