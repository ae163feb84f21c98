"""The live site against its manifest: a changed file is named, an unreachable site is no finding."""

import functools
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from click.testing import CliRunner

from interplay.leaderboard.cli import program
from interplay.leaderboard.live import DRAWN, ListedFile, differences, draw
from interplay.tasks.mistakes import NetworkProblem


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files: list[dict[str, object]] = []
    (tmp_path / "data").mkdir()
    for name in ("results.csv", "results.parquet", "ä b.json"):
        content = name.encode() * 3
        (tmp_path / "data" / name).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        files.append({"path": f"data/{name}", "bytes": len(content), "sha256": digest})
    (tmp_path / "data" / "manifest.json").write_text(json.dumps({"files": files}), encoding="utf-8")
    return tmp_path


@pytest.fixture
def site(folder: Path) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_site_as_published(site: str):
    assert differences(site, "2026-12-01") == (3, [])
    result = CliRunner().invoke(program, ["maintain", "live", site, "--date", "2026-12-01"])
    assert (result.exit_code, result.stdout) == (0, f"3 files of {site} compared, 0 differ\n")
    result = CliRunner().invoke(program, ["maintain", "live", site, "--date", "2026-12-01", "--json"])
    assert json.loads(result.stdout) == {"site": site, "files": 3, "differences": []}


def test_a_changed_file_is_named(site: str, folder: Path):
    (folder / "data" / "results.csv").write_bytes(b"better")
    result = CliRunner().invoke(program, ["maintain", "live", site, "--date", "2026-12-01"])
    assert result.exit_code == 1
    assert result.stdout.startswith("data/results.csv: SHA-256 ")
    assert "6 bytes (published " in result.stdout


def test_a_missing_site_and_a_missing_manifest_are_network_problems(site: str, folder: Path):
    (folder / "data" / "manifest.json").write_text("[]", encoding="utf-8")
    with pytest.raises(NetworkProblem, match="holds no manifest"):
        differences(site, "2026-12-01")
    (folder / "data" / "manifest.json").unlink()
    result = CliRunner().invoke(program, ["maintain", "live", site])
    assert result.exit_code == 4


def test_over_many_days_every_file_is_looked_at():
    files = [ListedFile(path=f"data/entries/{n}.json", bytes=1, sha256="0" * 64) for n in range(100)]
    days = [draw(files, f"2026-12-{day:02}") for day in range(1, 31)]
    assert {len(day) for day in days} == {DRAWN}
    assert days[0] == draw(list(reversed(files)), "2026-12-01")
    assert len({file.path for day in days for file in day}) > 95
