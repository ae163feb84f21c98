"""What happens to an entry that a maintainer accepts: its file is taken over, and its logs are kept.

Logs are kept under their hashes in a data set of the project, so that they outlive their address. A log
that is there already is not sent again.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from interplay.tasks.mistakes import NetworkProblem, UserMistake

from .check import file_hash
from .entries import ENTRIES
from .pull_request import extract_entry, read_pull_request
from .schema import Entry


class DataSet(Protocol):
    """A place that keeps files under names."""

    def missing(self, names: Sequence[str]) -> list[str]:
        """Those names under which nothing is kept yet."""
        ...

    def keep(self, files: Sequence[Path], message: str) -> None:
        """Keeps files under their own names."""
        ...


def take_entry(root: Path, span: str) -> str:
    """Copies the one entry that a pull request adds into a checkout; returns its id.

    Args:
        root: A checkout of the base branch that holds the objects of the head.
        span: `BASE...HEAD`.

    Raises:
        UserMistake: The pull request is not of that shape, or the entry is there already.
    """
    pull = read_pull_request(root, span)
    with tempfile.TemporaryDirectory(prefix="interplay-") as folder:
        path, findings = extract_entry(pull, Path(folder))
        if path is None or findings:
            raise UserMistake(f"{span}: {findings[0] if findings else 'adds no entry'}")
        target = root / ENTRIES / path.name
        if target.exists():
            raise UserMistake(f"{target}: the entry is there already; this pull request was accepted before.")
        target.write_bytes(path.read_bytes())
    return target.stem


def kept_logs(entry: Entry, folder: Path) -> list[Path]:
    """The logs of an entry as they were downloaded, each with the hash that the entry names.

    Raises:
        UserMistake: One is absent or another file.
    """
    found: list[Path] = []
    for pointer in entry.logs:
        path = folder / f"{pointer.sha256}.eval"
        if pointer.uri.startswith("repo:"):
            continue
        if not path.is_file() or file_hash(path) != pointer.sha256:
            state = "another file" if path.is_file() else "absent"
            raise UserMistake(
                f"{path}: {state}; download the logs with `interplay check --fetch-only` first."
            )
        found.append(path)
    return found


def keep_logs(entry: Entry, folder: Path, dataset: DataSet) -> list[str]:
    """Sends the logs of an entry that the data set lacks; returns their names."""
    logs = {path.name: path for path in kept_logs(entry, folder)}
    missing = dataset.missing(list(logs))
    if missing:
        dataset.keep([logs[name] for name in missing], f"Logs of {entry.entry_id}")
    return missing


class HubDataSet:
    """A data set on the Hugging Face hub, written with the token in `HF_TOKEN`."""

    def __init__(self, name: str) -> None:
        self._name = name

    def missing(self, names: Sequence[str]) -> list[str]:
        """Those names under which nothing is kept yet."""
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HfHubHTTPError

        try:
            found = HfApi().get_paths_info(self._name, list(names), repo_type="dataset")
        except (HfHubHTTPError, OSError) as error:
            raise self._problem(error) from None
        return [name for name in names if name not in {item.path for item in found}]

    def keep(self, files: Sequence[Path], message: str) -> None:
        """Keeps files under their own names, in one commit."""
        from huggingface_hub import CommitOperationAdd, HfApi
        from huggingface_hub.errors import HfHubHTTPError

        added = [CommitOperationAdd(path_in_repo=path.name, path_or_fileobj=path) for path in files]
        try:
            HfApi().create_commit(self._name, added, commit_message=message, repo_type="dataset")
        except (HfHubHTTPError, OSError) as error:
            raise self._problem(error) from None

    def _problem(self, error: Exception) -> NetworkProblem:
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        return NetworkProblem(
            f"data set {self._name}: {said}; check that it exists and that HF_TOKEN may write."
        )
