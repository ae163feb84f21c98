"""`interplay build` and `interplay serve`: the public site, built and previewed."""

import functools
import http.server
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from interplay.tasks.mistakes import EnvironmentProblem, UserMistake

from .json_output import AS_JSON, print_json
from .progress import working

if TYPE_CHECKING:
    from interplay.leaderboard.sitecheck.outline import Finding

DEFAULT_OUT = Path("build/site")
SHOWN = 10
"""Findings of one rule that are printed."""


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
    "--transcripts",
    metavar="ORG",
    help="Organisation on the Hugging Face hub whose Spaces show the transcripts; entries link there.",
)
@click.option(
    "--incremental/--full",
    default=True,
    show_default=True,
    help="Make the files of an entry again only when it changed, or make and write everything.",
)
@click.option(
    "--check",
    is_flag=True,
    help="Check links, sizes, accessibility, tables and safety of the pages, and that a second build gives "
    "the same bytes. Exit code 1 when something is found.",
)
@AS_JSON
def build_command(
    root: Path,
    out: Path,
    base_url: str | None,
    transcripts: str | None,
    incremental: bool,
    check: bool,
    as_json: bool,
) -> None:
    """Build the site from entries, evidence and literature."""
    from interplay.leaderboard.build import build_site
    from interplay.leaderboard.viewers import require_organisation

    shown_at = require_organisation("--transcripts", transcripts) if transcripts else None
    build = functools.partial(build_site, root, base_url=base_url, transcripts=shown_at)
    with working("building the site"):
        report = build(out, full=not incremental)
    findings = checked(build, out, base_url) if check else ()
    if as_json:
        print_json(
            {
                "out": str(out),
                "pages": report.pages,
                "files": report.files,
                "changed": report.changed,
                "warnings": list(report.warnings),
                **({"findings": [finding._asdict() for finding in findings]} if check else {}),
            }
        )
    else:
        for warning in report.warnings:
            click.echo(f"warning: {warning}", err=True)
        click.echo(f"{report.pages} pages in {out}; look with: interplay serve --out {out}")
        for line in told(findings):
            click.echo(line)
        if check:
            click.echo(
                f"{len(findings)} {'finding' if len(findings) == 1 else 'findings'} in {report.pages} pages."
            )
    if findings:
        sys.exit(1)


def checked(build: Callable[[Path], object], out: Path, base_url: str | None) -> "tuple[Finding, ...]":
    """What is wrong with a site that was just built, and what a second build makes otherwise."""
    import tempfile

    from interplay.leaderboard.sitecheck.rebuilt import differences
    from interplay.leaderboard.sitecheck.run import check_site

    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "site"
        build(again)
        unlike = tuple(differences(out, again))
    return (*unlike, *check_site(out, base_url).findings)


def told(findings: "Sequence[Finding]") -> Iterator[str]:
    """One sentence a finding; of many of one rule the first ones, and how many more there are."""
    for rule, group in groupby(sorted(findings, key=lambda f: f.rule), lambda f: f.rule):
        found = list(group)
        yield from (f"{rule}: {finding}" for finding in found[:SHOWN])
        if len(found) > SHOWN:
            yield f"{rule}: {len(found) - SHOWN} more; --json lists all."


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
