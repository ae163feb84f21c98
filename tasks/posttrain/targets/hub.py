"""Rows of pinned data sets of the hub, or of a local folder in the same layout.

    rows_of(Source(repo="openai/gsm8k", revision="e53f04…", config="main", split="test"))

A source whose `repo` is a folder is read from there, which is how tests and offline mirrors do it.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

from interplay.tasks.mistakes import NetworkProblem, NotLoaded, UserMistake

from ..grid import Source

Row = Mapping[str, object]
PIN = "python -m interplay.tasks.posttrain.cells pin"


def rows_of(source: Source, split: str | None = None) -> list[Row]:
    """The rows of a source in their order.

    Args:
        source: The pinned data set.
        split: Another split than the source's.

    Raises:
        NotLoaded: It is not pinned, or its terms were not accepted.
        NetworkProblem: It could not be fetched.
        UserMistake: A file of it is not what it should be.
    """
    folder = Path(source.repo)
    local = folder.is_dir()
    if not local and source.revision is None:
        raise NotLoaded(f"posttrain: {source.repo} is not pinned; run {PIN}.")
    if source.files:
        paths = [folder / name if local else fetched(source, name) for name in source.files]
        return [row for path in paths for row in json_rows(path)]
    return table_rows(source, split or source.split)


def json_rows(path: Path) -> Iterable[Row]:
    """The records of a JSON lines file.

    Raises:
        UserMistake: It is missing, or a line is no record.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        records: list[object] = [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as problem:
        raise UserMistake(
            f"posttrain: {path} is no file of JSON lines ({problem}); fetch it again."
        ) from problem
    return [cast(Row, record) for record in records if isinstance(record, dict)]


def fetched(source: Source, name: str) -> Path:
    """The local copy of a file of the hub.

    Raises:
        NotLoaded: Its terms were not accepted.
        NetworkProblem: It could not be fetched.
    """
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(hf_hub_download(source.repo, name, repo_type="dataset", revision=source.revision))
    except GatedRepoError as problem:
        raise gated(source) from problem
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as problem:
        raise unreachable(source, problem) from problem


def table_rows(source: Source, split: str) -> list[Row]:
    """The rows of a split.

    Raises:
        NotLoaded: Its terms were not accepted.
        NetworkProblem: It could not be fetched.
    """
    from datasets import load_dataset
    from datasets.exceptions import DatasetNotFoundError
    from huggingface_hub.errors import HfHubHTTPError

    revision = None if Path(source.repo).is_dir() else source.revision
    try:
        loaded = load_dataset(source.repo, source.config, split=split, revision=revision)
        return [cast(Row, row) for row in loaded]
    except DatasetNotFoundError as problem:
        if source.gated:
            raise gated(source) from problem
        raise unreachable(source, problem) from problem
    except (HfHubHTTPError, OSError, ValueError) as problem:
        raise unreachable(source, problem) from problem


def gated(source: Source) -> NotLoaded:
    """What is said of a data set whose terms have to be accepted."""
    page = f"https://huggingface.co/datasets/{source.repo}"
    return NotLoaded(f"posttrain: {source.repo} is gated; accept its terms at {page} and set HF_TOKEN.")


def unreachable(source: Source, problem: Exception) -> NetworkProblem:
    """What is said of a data set that could not be fetched."""
    said = " ".join(str(problem).split())[:200]
    return NetworkProblem(f"posttrain: {source.repo} could not be fetched ({said}); check the network.")


def text(row: Row, key: str) -> str:
    """A column that holds a text.

    Raises:
        UserMistake: It does not.
    """
    value = row.get(key)
    if not isinstance(value, str):
        raise UserMistake(f"posttrain: a row has no text in column {key!r}; pin the data set again.")
    return value
