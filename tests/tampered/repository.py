"""A small git repository with a base and a head, as a pull request has."""

import os
import subprocess
from pathlib import Path

STAMP = "2026-01-01T00:00:00Z"


class Repository:
    """A repository whose branch `main` is the base; `span` makes what is staged its head."""

    def __init__(self, root: Path):
        self.root = root
        self.planted: str | None = None
        root.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch", "main")
        (root / "README.md").write_text("A leaderboard.\n", encoding="utf-8")
        self.git("add", "--all")
        self.commit("base")

    def git(self, *words: str, data: bytes | None = None) -> str:
        """Output of a git command that must succeed."""
        who = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER")
               for key, value in (("NAME", "a"), ("EMAIL", "a@example.org"), ("DATE", STAMP))}  # fmt: skip
        own = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
        done = subprocess.run(["git", *words], cwd=self.root, input=data, capture_output=True, check=False,
                              env=os.environ | who | own)  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    def commit(self, message: str) -> str:
        """Commits what is staged; returns the commit."""
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def as_base(self) -> None:
        """What is staged so far belongs to the base."""
        self.commit("more of the base")

    def write(self, path: str, data: bytes, mode: str = "100644") -> None:
        """Stages a file without touching the working tree, so that any path and mode are possible."""
        blob = self.git("hash-object", "-w", "--stdin", data=data)
        self.git("update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}")

    def remove(self, path: str) -> None:
        """Stages the removal of a file."""
        self.git("rm", "--quiet", "--cached", "--", path)

    def plant(self, path: str, data: bytes) -> None:
        """Makes a head that adds nothing but a file whose path git itself would not add."""
        tree, kind = self.git("hash-object", "-w", "--stdin", data=data), "100644 blob"
        first, *rest = path.split("/")
        for name in reversed(rest):
            tree, kind = self.git("mktree", data=f"{kind} {tree}\t{name}\n".encode()), "040000 tree"
        base = self.git("ls-tree", "main")
        self.planted = self.git("mktree", data=f"{base}\n{kind} {tree}\t{first}\n".encode())

    @property
    def span(self) -> str:
        """The pull request as `BASE...HEAD`; what is staged becomes its head."""
        base = self.git("rev-parse", "main")
        tree = self.planted or self.git("write-tree")
        head = self.git("commit-tree", tree, "-p", base, "-m", "head")
        return f"{base}...{head}"
