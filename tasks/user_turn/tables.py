"""Rows of a data set from the Hugging Face Hub, at the pinned commit and with the pinned hash."""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from typing import Any, cast

from interplay.tasks.mistakes import NetworkProblem, UserMistake

from .sources import Source, sources


def read_rows(source: Source) -> Iterable[Mapping[str, object]]:
    """The rows of a pinned source, in the order of the data set.

    Raises:
        UserMistake: The file is not the pinned one, or access to a gated data set is missing.
        NetworkProblem: It could not be fetched.
    """
    from datasets import load_dataset

    if source.file is not None:
        path = fetched(source)
        check_file(source, path)
        kind = "parquet" if path.suffix == ".parquet" else "json"
        table: Any = load_dataset(kind, data_files=str(path), split="train")
    else:
        with one_sentence(source):
            table = load_dataset(
                source.repository, source.config, split=source.split, revision=source.revision
            )
    return cast(Iterable[Mapping[str, object]], table)


def fetched(source: Source) -> Path:
    """The local copy of a source's file.

    Raises:
        UserMistake: Access to a gated data set is missing.
        NetworkProblem: It could not be fetched.
    """
    from huggingface_hub import hf_hub_download

    assert source.file is not None, source.key
    with one_sentence(source):
        return Path(
            hf_hub_download(source.repository, source.file, repo_type="dataset", revision=source.revision)
        )


def check_file(source: Source, path: Path) -> None:
    """Compare the hash of a file with the pinned one, if there is one.

    Raises:
        UserMistake: They differ.
    """
    found = sha256_of(path)
    if source.file_sha256 not in {"", found}:
        raise UserMistake(
            f"user_turn: file {source.file} of dataset {source.key!r} has SHA-256 {found[:12]}…, not "
            f"{source.file_sha256[:12]}… as in sources.toml; {leave_out(source)}."
        )


def sha256_of(path: Path) -> str:
    """Hash of a file's content."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def commit_of(source: Source, revision: str) -> str:
    """The commit that a branch, tag or commit of a source's repository stands for.

    Raises:
        UserMistake: Access to a gated data set is missing.
        NetworkProblem: It could not be asked for.
    """
    from huggingface_hub import HfApi

    with one_sentence(source):
        commit = HfApi().dataset_info(source.repository, revision=revision).sha
    assert commit is not None, source.repository
    return commit


@contextmanager
def one_sentence(source: Source) -> Generator[None]:
    """Turn what the libraries raise when nothing could be fetched into one sentence."""
    from datasets.exceptions import DatasetNotFoundError
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, LocalEntryNotFoundError

    http_error: type[Exception] = next(
        base for base in HfHubHTTPError.__mro__ if base.__module__.startswith("httpx")
    )
    try:
        yield
    except (DatasetNotFoundError, LocalEntryNotFoundError, ConnectionError, http_error) as error:
        if isinstance(error, GatedRepoError) or (source.gated and isinstance(error, DatasetNotFoundError)):
            raise UserMistake(
                f"user_turn: dataset {source.key!r} ({source.repository}) is gated and this account has no "
                f"access; accept its terms and log in with 'hf auth login', or {leave_out(source)}."
            ) from error
        unreached = isinstance(error, LocalEntryNotFoundError | ConnectionError)
        cause = "the Hub was not reached" if unreached else str(error).strip().partition("\n")[0].rstrip(".")
        raise NetworkProblem(
            f"user_turn: dataset {source.key!r} ({source.repository}) could not be fetched: {cause}; "
            f"try again with a connection, or {leave_out(source)}."
        ) from error


def leave_out(source: Source) -> str:
    """The remedy that always works, as half a sentence."""
    others = [key for key in sources() if key != source.key]
    return f"leave it out with -T datasets=… (there are {', '.join(others)}, bundled)"
