"""Folders with one entry, and the commands that make records beside it."""

import subprocess
from pathlib import Path

from click.testing import CliRunner, Result

from interplay.leaderboard.cli import program
from interplay.leaderboard.entries import load_entries, load_evidence
from interplay.leaderboard.rungs import rung
from interplay.leaderboard.schema import Entry

COMMIT = "ab" * 20
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-C")
DAY = ("--date", "2026-12-01", "--commit", COMMIT)
AT = "2026-12-01T00:30:00Z"


def only(root: Path) -> Entry:
    (entry,) = load_entries(root)
    return entry


def committed(root: Path) -> str:
    """Makes a checkout of a folder, if it is none, and commits what is there; returns the commit."""
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run([*GIT, str(root), *words], check=True)
    head = subprocess.run([*GIT, str(root), "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    return head.stdout.strip()


def run(root: Path, *words: str) -> Result:
    return CliRunner().invoke(program, ["evidence", *words, "--root", str(root)])


def rung_of(root: Path, entry: Entry) -> int:
    return rung(entry, load_evidence(root, entry.entry_id))
