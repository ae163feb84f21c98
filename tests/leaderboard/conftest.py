"""What tests of the leaderboard share: real smoke logs of reference players, and the entry made of them."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from interplay.leaderboard.archive import Refusal, scan
from interplay.leaderboard.draft import SubmitOptions
from interplay.leaderboard.log_reader import Untrusted, read_here
from interplay.leaderboard.submit import prepare, write

REFERENCE = SubmitOptions(division="reference")


def in_this_process(path: Path, regrade: bool) -> Untrusted | Refusal:
    """Reads a log with the same scan and the same reader as the children, but without their start."""
    try:
        scan(path)
        return read_here(path, regrade)
    except Refusal as refusal:
        return refusal


def read_in_this_process(paths: Sequence[Path], regrade: bool = True) -> list[Untrusted | Refusal]:
    """Several logs read in this process, as `read_untrusted_logs` reads them in children."""
    return [in_this_process(path, regrade) for path in paths]


@pytest.fixture(scope="package", autouse=True)
def _no_children() -> Iterator[None]:
    """The commands read logs in this process; tests of children call `read_untrusted_logs` or `--all`."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("check", "crisis", "submit"):
            patch.setattr(f"interplay.leaderboard.{module}.read_untrusted_logs", read_in_this_process)
        yield


@pytest.fixture(scope="session")
def smoke_logs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder with the two smoke logs (C3 and C7) of a reference player."""

    @cache
    def play(player: str) -> Path:
        from inspect_ai import eval

        from interplay.tasks.mazes import maze_collab, maze_solo

        folder = tmp_path_factory.mktemp(player)
        tasks = [maze_solo(preset="smoke", mode="step"), maze_collab(preset="smoke")]
        logs = eval(tasks, model=f"reference/{player}", log_dir=str(folder), display="none")
        assert [log.status for log in logs] == ["success", "success"]
        return folder

    return play


@pytest.fixture(scope="session")
def honest(smoke_logs: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the entry of the cartographer and its logs, as `interplay submit` writes it."""
    out = tmp_path_factory.mktemp("honest") / "submission"
    write(prepare([smoke_logs("cartographer")], REFERENCE, reader=read_in_this_process), out)
    return out


@pytest.fixture
def root(honest: Path, tmp_path: Path) -> Path:
    """The entry of the cartographer with its logs, without any record."""
    folder = tmp_path / "root"
    shutil.copytree(honest, folder)
    return folder
