"""Texts that look like a key: they must not reach a public log or entry.

A prefix alone is no key: `sk-learn-based-pipelines` and `hf_hub_download_in_parallel` are words. A key holds
a run of letters and digits that no word has, or is longer than any name.
"""

import re

PREFIXES = ("sk-", "AIza", "hf_", "ghp_", "github_pat_", "xox", "AKIA", "Bearer ", "-----BEGIN")
"""One of these stands in every match; looking for them first is ten times faster."""
CANDIDATE = re.compile(
    r"(?<![A-Za-z0-9])(?:sk-|AIza|hf_|ghp_|github_pat_|xox[a-z]-|AKIA|Bearer )"
    r"(?P<rest>[A-Za-z0-9_\-.]{16,400})"
    r"|-----BEGIN [A-Z ]{0,40}PRIVATE KEY"
)
RUN = re.compile(r"[A-Za-z0-9]{16}")
LONGEST_NAME = 48
ECHOED = 4


def credential_start(text: str) -> str | None:
    """The first four characters of credential-like text, or None: never more of it is repeated."""
    if not any(prefix in text for prefix in PREFIXES):
        return None
    for found in CANDIDATE.finditer(text):
        rest = found.group("rest")
        if rest is None or len(rest) >= LONGEST_NAME or RUN.search(rest):
            return found.group()[:ECHOED]
    return None
