"""The walk-through for task authors, followed word for word in a copy of the project."""

import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from .pages import ROOT, Block, blocks_of
from .shell import Answer, Call, run_block

PAGE = "docs/task-authors.md"
PACKAGES = ("tasks", "solvers", "scorers", "leaderboard", "site")
NEW = re.compile(r"^`(?P<path>[^`]+)`.*:$")
BELOW = re.compile(r"^In `(?P<path>[^`]+)`, below `(?P<line>[^`]+)`:$")


def apply(block: Block, copy: Path) -> bool:
    """Writes a block to the file that the line before it names; False where it names none."""
    if found := NEW.match(block.before):
        path = copy / found["path"]
        assert not path.exists(), f"{PAGE}:{block.line}: {found['path']} is there already"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, "utf-8")
    elif found := BELOW.match(block.before):
        path = copy / found["path"]
        lines = path.read_text("utf-8").splitlines(keepends=True)
        at = [number for number, line in enumerate(lines, 1) if line.strip() == found["line"]]
        assert len(at) == 1, f"{PAGE}:{block.line}: {found['path']} has {len(at)} lines {found['line']}"
        lines.insert(at[0], block.text)
        path.write_text("".join(lines), "utf-8")
    return found is not None


def installed(copy: Path, folder: Path) -> Path:
    """A Python in which the copy is what `import interplay` finds, and everything else is as here."""
    links = folder / "links" / "interplay"
    links.mkdir(parents=True)
    for name in PACKAGES:
        (links / name).symlink_to(copy / name)
    venv.create(folder / "venv", with_pip=False)
    site = folder / "venv" / Path(sysconfig.get_path("purelib")).relative_to(sys.prefix)
    (site / "copy.pth").write_text(f"{links.parent}\n{sysconfig.get_path('purelib')}\n", "utf-8")
    return folder / "venv" / "bin" / "python"


@pytest.mark.slow
def test_the_walk_through_works_word_for_word(tmp_path: Path):
    copy = tmp_path / "work" / "interplay"
    copy.parent.mkdir()
    ignored = shutil.ignore_patterns(
        ".git", ".venv", "build", "logs", "node_modules", ".*_cache", "__pycache__"
    )
    shutil.copytree(ROOT, copy, ignore=ignored)
    python = str(installed(copy, tmp_path))

    def play(call: Call) -> Answer:
        match call.words:
            case ["make", *targets]:
                words = ["make", "-n", *targets]
            case ["python", *rest]:
                words = [python, *rest]
            case ["interplay", *rest]:
                words = [python, "-m", "interplay.leaderboard.cli", *rest]
            case ["inspect", *rest]:
                words = [python, "-m", "inspect_ai", *rest]
            case other:
                return Answer(f"{other[0]} is not used in this page", 99)
        done = subprocess.run(words, cwd=call.folder, capture_output=True, text=True, check=False)
        return Answer(done.stdout + done.stderr, done.returncode)

    written: list[Path] = []
    said = ""
    for block in blocks_of(PAGE):
        if block.language == "bash":
            for call, answer in run_block(block.text, copy, play):
                assert answer.code == 0, f"{PAGE}:{block.line}: {' '.join(call.words)}\n{answer.output}"
                said += answer.output
        else:
            assert apply(block, copy), f"{PAGE}:{block.line}: the line before the block names no file"
            written.append(copy / block.before.split("`")[1])
    code = sorted({str(path) for path in written if path.suffix == ".py"})
    lint = subprocess.run(
        [sys.executable, "-m", "ruff", "check", *code], cwd=copy, capture_output=True, text=True, check=False
    )
    assert lint.returncode == 0, lint.stdout
    assert re.search(r"reference/speller +36 +1\.000", said), said
    page = (copy / "build/letters/site/boards/letters/index.html").read_text("utf-8")
    assert "Exact answers by count" in page
