"""The public site as files: entries, evidence and literature in, `build/site` out.

The same inputs give the same bytes: nothing reads the clock, and dates come from entries and commits. A
file is written only if its bytes changed, and files that no longer belong to the site are removed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from interplay.tasks.mistakes import UserMistake

from . import svg
from .figures import ChartSpec
from .pages.boards import ChartView
from .pages.inputs import commit_of, data_groups, read_inputs
from .pages.plan import plan_pages
from .pages.rendering import Site, asset_names, render, static_files

MARKER = "data/manifest.json"
MATPLOTLIB_MISSING = (
    "matplotlib is not installed, so charts are shown as tables only. Remedy: pip install 'interplay[site]'."
)


@dataclass(frozen=True)
class BuildReport:
    """What a build wrote: HTML pages, all files, how many of them changed, and warnings in words."""

    pages: int
    files: int
    changed: int
    warnings: tuple[str, ...]


def build_site(root: Path, out: Path, *, base_url: str | None = None, full: bool = False) -> BuildReport:
    """Builds the site of the entries below `root`.

    Args:
        root: A checkout or a demo folder; holds `leaderboard/entries` and `leaderboard/evidence`.
        out: Folder to write; files in it that are not of the site are removed.
        base_url: Public address; only the 404 page, canonical links and the feed need it.
        full: Writes every file, also those whose bytes are the same.

    Raises:
        UserMistake: `root` holds no entries, one of them cannot be read, or `out` holds something else.
    """
    refuse_foreign_folder(out)
    inputs = read_inputs(root, base_url)
    static = static_files()
    commit, date = commit_of(root)
    site = Site(version("interplay"), commit, date, base_url, asset_names(static))
    pages = plan_pages(inputs, data_groups(inputs.downloads), Drawing())
    files = {page.file: render(page, site).encode() for page in pages}
    files |= {f"static/{name}": content for name, content in static.items()}
    files |= inputs.downloads
    changed = write_files(out, files, full)
    warnings = inputs.warnings if svg.is_available() else (*inputs.warnings, MATPLOTLIB_MISSING)
    return BuildReport(sum(name.endswith(".html") for name in files), len(files), changed, warnings)


class Drawing:
    """Draws each chart once, however many pages show it; without matplotlib it leaves the table alone."""

    def __init__(self) -> None:
        self._drawn: dict[str, ChartView] = {}
        self._can_draw = svg.is_available()

    def __call__(self, spec: ChartSpec) -> ChartView:
        """The chart with its picture."""
        if spec.digest not in self._drawn:
            picture = svg.picture(spec) if self._can_draw and spec.is_drawn else None
            self._drawn[spec.digest] = ChartView(spec, picture)
        return self._drawn[spec.digest]


def refuse_foreign_folder(out: Path) -> None:
    """Stops before a folder is emptied that no build has written.

    Raises:
        UserMistake: `out` is a file, or holds files but not the manifest of a site.
    """
    if out.exists() and not out.is_dir():
        raise UserMistake(f"{out}: is a file; give a folder for the site.")
    if out.is_dir() and any(out.iterdir()) and not (out / MARKER).is_file():
        raise UserMistake(f"{out}: holds files that are not of a built site; give an empty or a new folder.")


def write_files(out: Path, files: Mapping[str, bytes], full: bool) -> int:
    """Writes what changed, removes what does not belong, and counts the written files."""
    changed = 0
    for name, content in files.items():
        path = out / name
        if full or not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            changed += 1
    expected = {out / name for name in files}
    for path in sorted(out.rglob("*"), reverse=True):
        if path.is_file() and path not in expected:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    return changed
