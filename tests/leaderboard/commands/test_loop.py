"""The loop as a user walks it: eval, report, submit, check, build, serve; and what wrong input gets."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from interplay.leaderboard.cli import program

ROOT = Path(__file__).parents[3]


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(program, list(words), catch_exceptions=False)
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Smoke logs of one reference player."""
    folder = tmp_path_factory.mktemp("loop") / "logs"
    code, output = run(
        "eval", "mazes", "--model", "reference/follower", "--preset", "smoke", "--log-dir", str(folder)
    )
    assert code == 0, output
    return folder


def test_from_logs_to_a_page(logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, output = run("submit", str(logs), "--division", "reference")
    assert code == 0, output
    assert "git switch --create entry/mazes--reference-follower--" in output
    (entry,) = (tmp_path / "submission" / "leaderboard" / "entries").glob("*.json")

    code, output = run("check", "submission")
    assert code == 0, output
    assert f"passed  {entry.stem}  stages SLTCRP, rung 2" in output

    code, output = run("build", "--root", "submission", "--out", "site", "--check")
    assert code == 0, output
    page = (tmp_path / "site" / "entries" / entry.stem / "index.html").read_text("utf-8")
    value = json.loads(entry.read_bytes())["results"][0]["metrics"]["maze.success_corrected"]["value"]
    assert f"{value:.3f}" in page


def test_a_flipped_score_in_the_entry_is_refused_in_one_sentence(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("submit", str(logs), "--division", "reference")
    (entry,) = (tmp_path / "submission" / "leaderboard" / "entries").glob("*.json")
    entry.write_text(entry.read_text("utf-8").replace('"attempts": 1,', '"attempts": 7,'), encoding="utf-8")
    code, output = run("check", "submission")
    assert code == 1
    assert "S04" in output
    assert "Remedy" in output


@pytest.mark.parametrize("form", ["text", "md", "json"])
def test_the_report_shows_conditions_and_failures(logs: Path, form: str) -> None:
    code, output = run("report", "mazes", str(logs), "--format", form)
    assert code == 0, output
    assert "Corrected success by condition" in output
    assert "Failures, in samples" in output
    assert "reference/follower" in output


def test_wrong_logs_are_one_sentence_each(logs: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    cut = tmp_path / "cut.eval"
    whole = next(logs.glob("*.eval")).read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])
    for command in (("report", "mazes"), ("submit", "--division", "reference")):
        for path, sentence in (
            (empty, "no .eval log in this folder"),
            (tmp_path / "absent", "no such file or folder"),
            (cut, "not a"),
        ):
            code, output = run(
                *command, str(path), *(("--out", str(tmp_path / "out")) if "submit" in command else ())
            )
            assert code == 2, output
            assert sentence in output
            assert sum(line.startswith("Error: ") for line in output.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_logs_of_another_suite_are_refused(tmp_path: Path) -> None:
    script = (
        "from inspect_ai import Task, eval\n"
        "from inspect_ai.dataset import Sample\n"
        "from inspect_ai.model import ModelOutput, ModelUsage, get_model\n"
        "out = ModelOutput.from_content('mockllm', 'hi')\n"
        "out.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)\n"
        "model = get_model('mockllm/model', custom_outputs=[out])\n"
        "task = Task(dataset=[Sample(input='x')], name='other')\n"
        f"eval(task, model=model, log_dir={str(tmp_path / 'logs')!r})\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    code, output = run("report", "mazes", str(tmp_path / "logs"))
    assert code == 2
    assert "no task of this suite" in output
    code, output = run("submit", str(tmp_path / "logs"), "--division", "reference")
    assert code == 2
    assert "no task of this suite" in output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("report", "mazez", "x"), "no such family"),
        (("report", "mazes"), "no logs given"),
        (("show", "mazez"), "no such family, task or board"),
        (("list", "mazez"), "no such family"),
        (("doctor", "mazez"), "no such family"),
        (("check", "absent"), "no such file, folder or entry"),
        (("check",), "nothing to check"),
        (("serve", "--out", "absent"), "holds no index.html"),
        (("demo", "mazez"), "no such family"),
        (("frobnicate",), "No such command"),
    ],
)
def test_wrong_words_are_one_sentence(
    words: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, output = run(*words)
    assert code == 2, output
    assert sentence in output
    assert list(tmp_path.iterdir()) == []


def test_list_and_show_name_everything_there_is() -> None:
    _, listed = run("list")
    for name in ("mazes", "maze_solo", "maze_collab", "maze_relay", "mazes-pair", "mazes-gap", "mazes-cross"):
        assert name in listed
        code, shown = run("show", name)
        assert code == 0
        assert name in shown
        code, shown = run("show", name, "--json")
        assert code == 0
        json.loads(shown)
    _, shown = run("show", "mazes-pair")
    assert "Corrected success          maze.success_corrected  higher is better; ranks the board" in shown
    _, shown = run("show", "maze_relay")
    assert "interplay eval maze_relay --model PROVIDER/MODEL --model-role strong=PROVIDER/MODEL" in shown
    code, shown = run("show", "mazez-pair")
    assert (code, "did you mean mazes-pair" in shown) == (2, True)
    _, shown = run("show", "mazes")
    assert "Corrected success (maze.success_corrected)" in shown
    assert "2511.02687" in shown
    assert "preset    standard: 2 runs, 480 samples" in shown
    assert "preset    paper: 3 runs, 300 samples" in shown
    assert "preset    smoke: 2 runs, 12 samples" in shown


def test_doctor_says_what_is_there() -> None:
    code, output = run("doctor", "--json")
    findings = {f["name"]: f for f in json.loads(output)}
    assert code == 0
    assert findings["entry point"]["state"] == "ok"
    assert all(f["remedy"] for f in findings.values() if f["state"] != "ok")
    code, output = run("doctor", "--model", "nobody/gpt")
    assert code == 3
    assert "fail  model" in output


def test_serve_answers_pages_and_ranges(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("0123456789", encoding="utf-8")
    words = [
        sys.executable,
        "-m",
        "interplay.leaderboard.cli",
        "serve",
        "--out",
        str(tmp_path),
        "--port",
        "0",
    ]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[0]
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(address) as answer:
            assert answer.read() == b"0123456789"
        part = urllib.request.Request(address + "index.html", headers={"Range": "bytes=2-4"})
        with urllib.request.urlopen(part) as answer:
            assert answer.status == 206
            assert answer.headers["Content-Range"] == "bytes 2-4/10"
            assert answer.read() == b"234"
        process.terminate()


def test_help_is_quick_to_load() -> None:
    """The help of the program loads neither Inspect nor a command."""
    script = (
        "import sys\nfrom interplay.leaderboard.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'inspect_ai', 'pandas', 'scipy', 'matplotlib', 'datasets'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)


@pytest.mark.slow
def test_the_stored_reference_entries_are_regraded_to_equality() -> None:
    code, output = run("check", "--all", "--root", str(ROOT))
    assert code == 0, output
    assert "0 refused" in output
    assert "rung 1" not in output


@pytest.mark.slow
def test_the_demo_says_what_it_made(tmp_path: Path) -> None:
    words = ["demo", "proxy_drift", "--out", str(tmp_path / "demo"), "--json"]
    done = CliRunner().invoke(program, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)
    assert len(made["runs"]) == len(made["entries"]) > 5
    assert all(Path(name).is_file() for name in made["entries"])
    assert all([*Path(name).glob("*.eval")] for name in made["runs"])
    assert (Path(made["site"]) / "index.html").is_file()
    assert "look at it" in done.stderr
