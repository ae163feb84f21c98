"""Transcripts to read: viewers of Inspect on a site of their own, one for the entries of each quarter.

The site of the leaderboard never renders a log. Logs of boards with public transcripts are bundled with
`inspect_ai.log.bundle_log_dir`, which takes 11 MB whatever it holds, hence one bundle a quarter.
"""

import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from interplay.tasks.mistakes import NetworkProblem, UserMistake

from .boards import load_boards
from .crisis_figures import CRISIS_TASK
from .entries import EVIDENCE, load_entries
from .records import stored_entry
from .schema import Entry, LogPointer

ORGANISATION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
MONTHS = 3

Fetch = Callable[[LogPointer, Path], object]
"""Puts a log into a folder as `<SHA-256>.eval`."""


def require_organisation(option: str, name: str) -> str:
    """The name of an organisation on the Hugging Face hub.

    Raises:
        UserMistake: It is none.
    """
    if not ORGANISATION.fullmatch(name):
        raise UserMistake(f"{option} {name or 'is empty'}: give an organisation of the Hugging Face hub.")
    return name


def viewer_name(created: str) -> str:
    """Name of the viewer that holds the entries of a day: `2026-11-27…` is in the fourth quarter of 2026."""
    return f"interplay-transcripts-{created[:4]}q{(int(created[5:7]) - 1) // MONTHS + 1}"


def transcript_address(organisation: str, created: str, sha256: str) -> str:
    """Where one log is read: the static Space that `bundle_log_dir` fills, opened at that log."""
    host = f"{organisation}-{viewer_name(created)}".lower()
    return f"https://{host}.static.hf.space/?log_file=logs/{sha256}.eval"


def shown_logs(entry: Entry) -> tuple[LogPointer, ...]:
    """The logs of an entry that a viewer shows: those in a data set, of no private board or crisis file."""
    boards = load_boards()
    if any(r.board not in boards or boards[r.board].transcripts != "public" for r in entry.results):
        return ()
    return tuple(p for p in entry.logs if p.uri.startswith("hf:") and p.task != CRISIS_TASK)


def copy_log(logs: Path, pointer: LogPointer, folder: Path) -> None:
    """Takes a log from a folder of downloads, as `Fetch` does.

    Raises:
        UserMistake: It is not there, or another file.
    """
    from .check import file_hash

    path = logs / f"{pointer.sha256}.eval"
    if not path.is_file() or file_hash(path) != pointer.sha256:
        raise UserMistake(f"{path}: is absent or another file; leave --logs out and give --dataset.")
    shutil.copy(path, folder)


def bundle_quarter(root: Path, entry_id: str, target: str, fetch: Fetch) -> tuple[str, int]:
    """Bundles the logs of all entries of one quarter but those withdrawn, in place of what was there.

    Args:
        root: A checkout.
        entry_id: An entry of that quarter.
        target: Folder of the viewers; `hf/ORG` sends them to that organisation, with the token in `HF_TOKEN`.
        fetch: Where logs come from.

    Returns:
        The viewer, and how many logs it shows; nothing is made for none.

    Raises:
        UserMistake: There is no such entry, or a file of the checkout is none.
        NetworkProblem: A log could not be fetched, or the hub took nothing.
        click.ClickException: All that the viewer showed is withdrawn, and an empty one cannot be made.
    """
    name = viewer_name(stored_entry(root, entry_id).created)
    viewer = f"{target.rstrip('/')}/{name}"
    with tempfile.TemporaryDirectory(prefix="interplay-") as folder:
        entries = [entry for entry in load_entries(root) if viewer_name(entry.created) == name]
        kept = [entry for entry in entries if not is_withdrawn(root, entry)]
        shown = {p.sha256: p for entry in kept for p in shown_logs(entry)}
        for pointer in shown.values():
            fetch(pointer, Path(folder))
        if shown:
            _bundle(folder, viewer)
        elif any(shown_logs(entry) for entry in entries):
            raise click.ClickException(f"{viewer}: all that it showed is withdrawn; delete it.")
    return viewer, len(shown)


def is_withdrawn(root: Path, entry: Entry) -> bool:
    """Whether a record says that the entry was taken back."""
    return any((root / EVIDENCE / entry.entry_id).glob("*-withdraw.json"))


def _bundle(folder: str, viewer: str) -> None:
    from huggingface_hub.errors import HfHubHTTPError
    from inspect_ai.log import bundle_log_dir

    try:
        bundle_log_dir(folder, viewer, overwrite=True, fs_options={"private": False})
    except HfHubHTTPError as error:
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise NetworkProblem(
            f"{viewer}: {said}; check that HF_TOKEN may write Spaces of the organisation."
        ) from None
