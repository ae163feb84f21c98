"""Stage T, the part about who answered: code T11.

A log names a model; what answered may have been another one, at another address or with other weights. Not
all of that shows in a log, but what does is no matter of trust.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from interplay.solvers.user_model_args import model_args_for

from .findings import RUN_AGAIN, WRITE_AGAIN, counted, fail, shown
from .rows import HeaderRow, LogRows
from .schema import Entry, Finding

HOSTS = {
    "anthropic": ("anthropic.com",),
    "cohere": ("cohere.com", "cohere.ai"),
    "deepseek": ("deepseek.com",),
    "google": ("googleapis.com",),
    "grok": ("x.ai",),
    "groq": ("groq.com",),
    "mistral": ("mistral.ai",),
    "openai": ("openai.com", "openai.azure.com"),
    "openrouter": ("openrouter.ai",),
    "perplexity": ("perplexity.ai",),
    "together": ("together.xyz", "together.ai"),
}
"""Providers that answer at their own addresses."""
OTHER_WEIGHTS = ("model_path", "lora", "adapter", "peft", "chat_template", "tokenizer")
"""Parts of the names of model arguments that load something else than the model's name says."""


def check_served(entry: Entry, log: LogRows) -> list[Finding]:
    """What answered is what the entry names: address, weights, and no third model."""
    header = log.header
    findings = _address(entry, header)
    if entry.division == "closed":
        findings += _weights(header)
    foreign = [row for row in log.samples if row.foreign]
    if foreign:
        first = foreign[0]
        what = (
            f"{counted(len(foreign), 'sample')} of {header.task} called {first.foreign[0]}, which the log "
            f"binds to no role (first: {first.sample_id} epoch {first.epoch})"
        )
        findings.append(fail("T11", what, RUN_AGAIN))
    return findings


def _address(entry: Entry, header: HeaderRow) -> list[Finding]:
    if header.base_url is None:
        return []
    provider = header.model.split("/")[0]
    try:
        host = urlsplit(header.base_url).hostname or ""
    except ValueError:
        what = f"{header.model} was answered at {shown(header.base_url)}, which is no address"
        return [fail("T11", what, RUN_AGAIN)]
    own = HOSTS.get(provider, ())
    if not own or entry.model.served_by != provider or any(f".{host}".endswith(f".{name}") for name in own):
        return []
    what = (
        f"{header.model} was answered at {shown(host)}, entry says served by {provider} "
        f"(expected {own[0]}, or who answers there)"
    )
    return [fail("T11", what, "name who answered with --served-by")]


def _weights(header: HeaderRow) -> list[Finding]:
    own = model_args_for(header.model)  # user turns need a template of their own
    loaded = sorted(
        key
        for key, value in header.model_args.items()
        if any(part in key.lower() for part in OTHER_WEIGHTS) and own.get(key) != value
    )
    if not loaded:
        return []
    what = f"model argument {loaded[0]} is {shown(header.model_args[loaded[0]])} (locked: not set)"
    return [fail("T11", what, "call the model by its own name, or use --division open")]


def utc_second(text: str) -> str:
    """A moment of a log as entries write it; empty where the log states none."""
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if text else ""


def check_whole(entry: Entry, logs: Sequence[LogRows]) -> list[Finding]:
    """What all logs together say of the entry: its roles and its date. Code T06."""
    if not logs:
        return []
    findings: list[Finding] = []
    bound = {role for log in logs for role in log.header.roles}
    for role in sorted(set(entry.roles) - bound):
        what = f"entry names {entry.roles[role].id} as {role}, no log does"
        findings.append(fail("T06", what, WRITE_AGAIN))
    ended = utc_second(max(log.header.completed_at for log in logs))
    if entry.created != ended:
        what = f"created is {entry.created}, the last run ended at {ended or 'no time that it states'}"
        findings.append(fail("T06", what, WRITE_AGAIN))
    return findings
