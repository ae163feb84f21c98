"""What an entry says: built from its logs, and from the few things only its submitter knows."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from interplay.tasks.mistakes import NetworkProblem, UserMistake

from .canonical import entry_id, model_slug
from .check import file_hash
from .check_served import utc_second
from .check_submission import REFERENCE_SUBMITTER
from .check_task import system_prompt_hash
from .crisis_figures import CrisisFigures
from .entries import LOGS
from .log_reader import Untrusted
from .rows import HeaderRow
from .schema import (
    SCHEMA_VERSION,
    Code,
    Division,
    Entry,
    LogPointer,
    ModelRef,
    Result,
    Settings,
    Submitter,
)

Upload = Callable[[str, Sequence[Path]], str]
"""Puts files into a data set and returns the commit that holds them."""

DRAFT_ID = "--draft--20000101--00000000"


@dataclass(frozen=True)
class SubmitOptions:
    """What a submitter says beyond the logs.

    Attributes:
        github: Account that will open the pull request; not needed for reference players.
        attempts: Complete runs with these settings, submitted or not.
        hf_repo: Data set that the logs are uploaded to, `ORG/NAME`.
        uris: Address of a log that is already public, by file name.
        revision: Commit of open weights.
        served_by: Who answered the calls; by default the provider of the model.
        others: Entries that exist, for what may not be repeated.
        root: The checkout that holds them and their evidence.
    """

    division: Division = "closed"
    github: str | None = None
    organisation: str | None = None
    relationship: Literal["first_party", "third_party"] = "third_party"
    attempts: int = 1
    note: str | None = None
    method_note: str | None = None
    method_url: str | None = None
    supersedes: str | None = None
    reason: Literal["correction", "rerun", "withdrawn-run"] | None = None
    hf_repo: str | None = None
    uris: dict[str, str] = field(default_factory=dict[str, str])
    revision: str | None = None
    served_by: str | None = None
    others: Sequence[Entry] = ()
    root: Path | None = None


def build_entry(
    read: Sequence[Untrusted],
    files: Sequence[Path],
    family: str,
    options: SubmitOptions,
    results: tuple[Result, ...],
    uris: dict[str, str],
    crisis: CrisisFigures | None = None,
) -> Entry:
    """The entry of these logs.

    Args:
        read: The logs.
        files: Their files, in the same order.
        family: Family of their tasks.
        options: What the submitter says.
        results: What the logs give.
        uris: Address of each log by file name.
        crisis: What a log that stays with the submitter gives on the crisis file.
    """
    header = read[0].header
    reference = options.division == "reference"
    roles = {role: model for log in read for role, model in log.header.roles.items()}
    content = {
        "schema_version": SCHEMA_VERSION,
        "family": family,
        "division": options.division,
        "submitter": Submitter(
            github=REFERENCE_SUBMITTER if reference else options.github or "",
            organisation=options.organisation,
            relationship="reference" if reference else options.relationship,
        ),
        "model": _model(header.model, options.revision, options.served_by),
        "roles": {role: _model(model, None, None) for role, model in sorted(roles.items())},
        "settings": _settings(header),
        "code": Code(
            version=header.package_version or "0.0.0",
            commit=None,
            inspect_ai=header.inspect_version,
        ),
        "logs": tuple(
            LogPointer(
                sha256=file_hash(path),
                bytes=path.stat().st_size,
                uri=uris[path.name],
                task=log.header.task,
                task_version=log.header.task_version,
                samples=len(log.samples),
            )
            for path, log in zip(files, read, strict=True)
        ),
        "results": results,
        "created": _created(read),
        "attempts": options.attempts,
        "supersedes": options.supersedes,
        "reason": options.reason,
        "method_note": options.method_note,
        "method_url": options.method_url,
        "note": options.note,
        "crisis": crisis,
    }
    draft = Entry.model_validate({"entry_id": family + DRAFT_ID, **content})
    return draft.model_copy(update={"entry_id": entry_id(draft.content())})


def _model(name: str, revision: str | None, served_by: str | None) -> ModelRef:
    provider = re.sub(r"[^a-z0-9-]", "-", name.split("/")[0].lower())
    return ModelRef(id=name, revision=revision, served_by=served_by or provider)


def _settings(header: HeaderRow) -> Settings:
    known = {key: value for key, value in header.settings.items() if key in Settings.model_fields}
    prompt = system_prompt_hash(header)
    return Settings.model_validate({"preset": header.preset, **known, "system_prompt_sha256": prompt})


def _created(read: Sequence[Untrusted]) -> str:
    ended = utc_second(max(log.header.completed_at for log in read))
    if not ended:
        raise UserMistake("no log says when its run ended; repeat the interplay eval command (it resumes).")
    return ended


def placeholder(path: Path) -> str:
    """Stands for an address while the entry is checked; never written."""
    return f"repo:{LOGS}/{file_hash(path)}.eval"


def addresses(
    read: Sequence[Untrusted], files: Sequence[Path], options: SubmitOptions, upload: Upload | None
) -> tuple[dict[str, str], tuple[tuple[Path, str], ...]]:
    """The address of each log by file name, and the logs that go into the repository.

    Logs without an address are uploaded here, after everything else has passed.
    """
    if options.division == "reference":
        places = {
            path: f"{LOGS}/{model_slug(log.header.model)}--{log.header.task.split('/')[1]}"
            f"--{log.header.preset}--{file_hash(path)[:8]}.eval"
            for path, log in zip(files, read, strict=True)
        }
        return {path.name: f"repo:{place}" for path, place in places.items()}, tuple(places.items())
    uris = dict(options.uris)
    rest = [path for path in files if path.name not in uris]
    if rest:
        assert options.hf_repo is not None, "checked before"
        commit = (upload or upload_to_hub)(options.hf_repo, rest)
        uris |= {p.name: f"hf://datasets/{options.hf_repo}@{commit}/{file_hash(p)}.eval" for p in rest}
    return uris, ()


def upload_to_hub(repository: str, files: Sequence[Path]) -> str:
    """Uploads logs under their hashes into a Hugging Face data set; returns the commit.

    Raises:
        NetworkProblem: It did not work.
    """
    from huggingface_hub import CommitOperationAdd, HfApi
    from huggingface_hub.errors import HfHubHTTPError

    operations = [CommitOperationAdd(f"{file_hash(path)}.eval", str(path)) for path in files]
    try:
        info = HfApi().create_commit(
            repository, operations, commit_message="Logs of an Interplay entry", repo_type="dataset"
        )
    except (HfHubHTTPError, OSError, ValueError) as error:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise NetworkProblem(
            f"upload to {repository} failed ({first}); run `hf auth login` and try again."
        ) from None
    return info.oid
