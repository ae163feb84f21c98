"""Whether the live site serves what its manifest says.

The manifest lists every download with its SHA-256. The table of results is looked at every time; of the other
files a few are drawn by the day, so that over time all are looked at.
"""

import hashlib
import json
from collections.abc import Sequence
from http.client import HTTPException
from urllib.error import URLError
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

from pydantic import BaseModel, ValidationError

from interplay.tasks.mistakes import NetworkProblem, UserMistake

MANIFEST = "data/manifest.json"
ALWAYS = ("data/results.csv",)
DRAWN = 20
LARGEST_BYTES = 100_000_000
TIMEOUT_SECONDS = 60


class ListedFile(BaseModel):
    """A line of the manifest."""

    path: str
    bytes: int
    sha256: str


class Manifest(BaseModel):
    """Every download of a site."""

    files: list[ListedFile]


def differences(site: str, day: str) -> tuple[int, list[str]]:
    """How many downloads of a live site were looked at, and a sentence for each that differs.

    Args:
        site: Its address.
        day: What the draw depends on: an ISO date.

    Raises:
        UserMistake: The address is none.
        NetworkProblem: The site does not answer, or serves no manifest.
    """
    base = site.rstrip("/") + "/"
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UserMistake(f"{site or 'an empty address'}: no address of a site; give one with https.")
    try:
        files = Manifest.model_validate_json(_fetch(base + MANIFEST)).files
    except ValidationError:
        raise NetworkProblem(f"{base}{MANIFEST} holds no manifest; publish the site again.") from None
    found: list[str] = []
    chosen = draw(files, day)
    for file in chosen:
        content = _fetch(base + quote(file.path))
        digest = hashlib.sha256(content).hexdigest()
        if digest != file.sha256:
            found.append(f"{file.path}: SHA-256 {digest[:12]}…, {len(content):,} bytes "
                         f"(published {file.sha256[:12]}…, {file.bytes:,} bytes)")  # fmt: skip
    return len(chosen), found


def draw(files: Sequence[ListedFile], day: str) -> list[ListedFile]:
    """Those files that are looked at on a day."""

    def place(file: ListedFile) -> str:
        return hashlib.sha256(json.dumps([day, file.path]).encode()).hexdigest()

    always = [file for file in files if file.path in ALWAYS]
    return always + sorted((file for file in files if file.path not in ALWAYS), key=place)[:DRAWN]


def _fetch(address: str) -> bytes:
    try:
        with urlopen(address, timeout=TIMEOUT_SECONDS) as answer:
            return answer.read(LARGEST_BYTES)
    except (URLError, OSError, HTTPException) as error:
        raise NetworkProblem(f"{address} could not be fetched ({error}); publish the site again.") from None
