"""`interplay build` and `interplay serve`: the public site, built and previewed."""

import functools
import http.server
import json
import os
import re
import threading
from pathlib import Path
from typing import BinaryIO

import click

from interplay.tasks.mistakes import EnvironmentProblem, UserMistake

DEFAULT_OUT = Path("build/site")


@click.command(epilog="Example: interplay build --out build/site")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="Folder that holds leaderboard/entries. Default: this folder.",
)
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_OUT, show_default=True)
@click.option("--base-url", help="Public address, for the feed, canonical links and the 404 page.")
@click.option(
    "--incremental/--full",
    default=True,
    show_default=True,
    help="Make the files of an entry again only when it changed, or make and write everything.",
)
@click.option("--check", is_flag=True, help="Build a second time and compare the bytes.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def build_command(
    root: Path, out: Path, base_url: str | None, incremental: bool, check: bool, as_json: bool
) -> None:
    """Build the site from entries, evidence and literature."""
    from interplay.leaderboard.build import build_site

    report = build_site(root, out, base_url=base_url, full=not incremental)
    if check:
        compare_builds(root, out, base_url)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "out": str(out),
                    "pages": report.pages,
                    "files": report.files,
                    "changed": report.changed,
                    "warnings": list(report.warnings),
                },
                indent=1,
            )
        )
        return
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
    click.echo(f"{report.pages} pages in {out}; look with: interplay serve --out {out}")


def compare_builds(root: Path, out: Path, base_url: str | None) -> None:
    """Builds once more into a temporary folder.

    Raises:
        click.ClickException: When any file differs from the first build.
    """
    import tempfile

    from interplay.leaderboard.build import build_site

    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "site"
        build_site(root, again, base_url=base_url)
        first, second = contents(out), contents(again)
    differing = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    if differing:
        raise click.ClickException(f"two builds differ in {len(differing)} files (first: {differing[0]}).")


def contents(folder: Path) -> dict[str, bytes]:
    """Bytes of every file below a folder, by relative path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@click.command(epilog="Example: interplay serve --watch")
@click.option(
    "--out", type=click.Path(path_type=Path), default=DEFAULT_OUT, show_default=True, help="A built site."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 picks a free port."
)
@click.option(
    "--watch", is_flag=True, help="Build first, and again whenever an entry or its evidence changes."
)
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="With --watch: the folder that holds leaderboard/entries. Default: this folder.",
)
def serve_command(out: Path, port: int, watch: bool, root: Path) -> None:
    """Serve a built site to this machine only."""
    if watch:
        from interplay.leaderboard.watching import Watcher

        watcher = Watcher(root, out, click.echo)
        watcher.build()
    elif (out / "index.html").is_file():
        watcher = None
    else:
        raise UserMistake(f"{out}: holds no index.html; run `interplay build --out {out}` first.")
    handler = functools.partial(RangeHandler, directory=str(out))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise EnvironmentProblem(f"port {port}: {error.strerror}; choose another with --port.") from error
    click.echo(f"http://127.0.0.1:{server.server_port}/  (Ctrl-C ends)")
    with server:
        try:
            if watcher is None:
                server.serve_forever()
            else:
                threading.Thread(target=server.serve_forever, daemon=True).start()
                watcher.run()
        except KeyboardInterrupt:
            click.echo("")


class RangeHandler(http.server.SimpleHTTPRequestHandler):
    """Static files with single byte ranges, which log viewers ask for."""

    def log_message(self, format: str, *args: object) -> None:
        """Keeps the terminal quiet."""

    def end_headers(self) -> None:
        """Says that ranges are understood."""
        self.send_header("Accept-Ranges", "bytes")
        super().end_headers()

    def do_GET(self) -> None:
        """Answers a `Range: bytes=a-b` header with that part of a file, anything else as usual."""
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        path = Path(self.translate_path(self.path))
        if wanted is None or not path.is_file():
            super().do_GET()
            return
        with path.open("rb") as source:
            self.send_part(source, int(wanted[1]), int(wanted[2]) if wanted[2] else None)

    def send_part(self, source: BinaryIO, first: int, last: int | None) -> None:
        """Sends bytes `first` to `last`, both included; 416 when the file is shorter."""
        size = os.fstat(source.fileno()).st_size
        last = size - 1 if last is None else min(last, size - 1)
        if first > last:
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{size}")
            self.end_headers()
            return
        self.send_response(206)
        self.send_header("Content-Type", self.guess_type(source.name))
        self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        source.seek(first)
        self.wfile.write(source.read(last - first + 1))
