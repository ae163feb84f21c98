"""Other interpreters on this machine, for tests that compare versions or need a newer one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def other_pythons() -> list[str]:
    """Interpreters of other versions that start: on the path, and those that pyenv keeps beside it."""
    versions = [f"python3.{minor}" for minor in range(11, 16) if minor != sys.version_info.minor]
    kept = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser() / "versions"
    found = [
        path for name in versions for path in (shutil.which(name), *map(str, kept.glob(f"*/bin/{name}")))
    ]
    return [path for path in found if path is not None and starts(path, "pass")]


def starts(python: str, code: str) -> bool:
    """Whether an interpreter runs that code without an error."""
    return subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0
