"""A bar is for those who look on: it stands on standard error and never in the way of lines."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

SCRIPT = """
from interplay.leaderboard.commands.progress import say, tracked
for item in tracked(range(3), "working", 3):
    say(f"item {item}")
"""
ERASED = "\x1b[2K"


def shown_on_a_terminal(stdout: int | None = None, script: str = SCRIPT) -> str:
    """What a terminal gets: standard error, and standard output unless that goes elsewhere."""
    terminal, end = pty.openpty()
    words = [sys.executable, "-c", script]
    environment = os.environ | {"TERM": "xterm"}
    with subprocess.Popen(
        words, stdout=end if stdout is None else stdout, stderr=end, env=environment
    ) as running:
        os.close(end)
        parts: list[bytes] = []
        try:
            while part := os.read(terminal, 4096):
                parts.append(part)
        except OSError:  # so Linux says that nobody writes any more
            pass
    os.close(terminal)
    assert running.returncode == 0
    return b"".join(parts).decode()


def test_lines_on_the_same_terminal_stand_on_lines_of_their_own() -> None:
    shown = shown_on_a_terminal()
    assert shown.count("working") >= 3
    before = re.findall(r"([^\n]*)item \d\r\n", shown)
    assert len(before) == 3
    assert all(text.endswith(ERASED) or "working" not in text for text in before), before


def test_one_long_thing_moves_and_makes_room_as_well() -> None:
    shown = shown_on_a_terminal(script=SCRIPT.replace('range(3), "working", 3', 'range(1), "working", 1'))
    assert "working …" in shown
    (before,) = re.findall(r"([^\n]*)item 0\r\n", shown)
    assert before.endswith(ERASED) or "working" not in before, before


def test_a_file_gets_the_lines_and_nothing_of_the_bar(tmp_path: Path) -> None:
    with (tmp_path / "out.txt").open("wb") as out:
        shown = shown_on_a_terminal(out.fileno())
    assert (tmp_path / "out.txt").read_text() == "item 0\nitem 1\nitem 2\n"
    assert "working" in shown
    assert "item" not in shown


def test_nobody_looks_on(tmp_path: Path) -> None:
    with (tmp_path / "out.txt").open("wb") as out:
        subprocess.run([sys.executable, "-c", SCRIPT], stdout=out, stderr=out, check=True)
    assert (tmp_path / "out.txt").read_text() == "item 0\nitem 1\nitem 2\n"
