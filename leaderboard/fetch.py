"""Fetching a log from the dataset host: https only, known hosts only, size first, hash while it streams."""

import atexit
import hashlib
import tempfile
import time
from functools import cache
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from interplay.tasks.mistakes import NetworkProblem

from .archive import Refusal
from .schema import LogPointer

HOST = "https://huggingface.co"
CONTENT_HOSTS = ("huggingface.co", ".huggingface.co", ".hf.co")
STEP = 1 << 20
TIMEOUT_SECONDS = 60
LONGEST_SECONDS = 1_800
ABSENT = (401, 403, 404, 410)
PUBLISH = "upload it, make the data set public, and name the commit that holds it"


class Absent(Refusal):
    """No public file at an address: its data set was moved, made private or removed."""


class _KnownHosts(HTTPRedirectHandler):
    """Follows redirects to the dataset host and its content hosts, and nowhere else."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """The request for a known address."""
        refuse_unknown(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def refuse_unknown(address: str) -> None:
    """Refuses an address that is not https or not on a known host.

    Raises:
        Refusal: It is another one.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    known = any(host == name or (name[0] == "." and host.endswith(name)) for name in CONTENT_HOSTS)
    if parts.scheme != "https" or not known:
        raise Refusal("L01", f"log is served from {parts.scheme}://{host} (expected the dataset host)")


def log_address(pointer: LogPointer) -> str:
    """The https address of a log in a data set, at its pinned commit."""
    repository, _, path = pointer.uri.removeprefix("hf://datasets/").partition("@")
    commit, _, name = path.partition("/")
    return f"{HOST}/datasets/{repository}/resolve/{commit}/{name}"


def kept_address(pointer: LogPointer, dataset: str) -> str:
    """The https address of the copy that the project keeps of a log, in its data set `ORG/NAME`."""
    return f"{HOST}/datasets/{dataset}/resolve/main/{pointer.sha256}.eval"


def fetch_log(pointer: LogPointer, folder: Path | None = None, *, kept: str | None = None) -> Path:
    """Downloads a log as `<SHA-256>.eval`; an existing download is used again.

    Args:
        pointer: The log.
        folder: Where it is put; by default a folder of this process.
        kept: Data set of the project, `ORG/NAME`, to fetch its copy from instead of the address of the entry.

    Raises:
        Absent: There is no public file at that address.
        Refusal: Its size or hash differs from the entry's.
        NetworkProblem: It could not be fetched.
    """
    address = log_address(pointer) if kept is None else kept_address(pointer, kept)
    folder = folder or own_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{pointer.sha256}.eval"
    if path.is_file():
        return path
    part = path.with_suffix(".part")
    try:
        digest = _download(address, part, pointer.bytes)
        if digest != pointer.sha256:
            what = f"SHA-256 differs: {digest[:12]}… (expected {pointer.sha256[:12]}…)"
            raise Refusal("L01", what)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


@cache
def own_folder() -> Path:
    """A folder of this process alone, gone when it ends: nobody else may put files into it."""
    kept = tempfile.TemporaryDirectory(prefix="interplay-logs-")
    atexit.register(kept.cleanup)
    return Path(kept.name)


def _download(address: str, target: Path, size: int) -> str:
    """Streams exactly `size` bytes to a file and returns their SHA-256."""
    digest, read = hashlib.sha256(), 0
    latest = time.monotonic() + LONGEST_SECONDS
    try:
        with build_opener(_KnownHosts()).open(address, timeout=TIMEOUT_SECONDS) as answer:
            announced = answer.headers.get("Content-Length") or str(size)
            if announced != str(size):
                raise Refusal("L01", f"log is announced with {announced[:20]} bytes (expected {size:,})")
            with target.open("wb") as out:
                while step := answer.read(STEP):
                    read += len(step)
                    if read > size:
                        raise Refusal("L01", f"log is more than the {size:,} bytes that the entry states")
                    if time.monotonic() > latest:
                        what = f"{address} took more than {LONGEST_SECONDS:,} s"
                        raise NetworkProblem(f"{what}; try again later.")
                    digest.update(step)
                    out.write(step)
    except HTTPError as error:
        if error.code in ABSENT:
            raise Absent("L01", f"no public log at {address} (HTTP {error.code})", PUBLISH) from None
        raise NetworkProblem(f"{address} answered {error.code}; try again, or give --logs FOLDER.") from None
    except (URLError, OSError, HTTPException) as error:
        what = f"{address} could not be fetched ({error})"
        raise NetworkProblem(f"{what}; try again, or give --logs FOLDER.") from None
    return digest.hexdigest()
