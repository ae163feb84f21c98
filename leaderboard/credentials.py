"""Texts that look like a key: they must not reach a public log or entry."""

import re

CREDENTIAL = re.compile(
    r"(?<![A-Za-z0-9])(?:sk-|AIza|hf_|ghp_|github_pat_|xox[a-z]-|AKIA|Bearer )[A-Za-z0-9_\-.]{16,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
)
ECHOED = 4


def credential_start(text: str) -> str | None:
    """The first four characters of credential-like text, or None: never more of it is repeated."""
    found = CREDENTIAL.search(text)
    return found.group()[:ECHOED] if found else None
