"""Stage T of the checker: was this the locked task, with the model and the settings that the entry states?

Codes: T01 lock, T02 digest, T03 arguments and settings, T04 code, T05 solver, T06 what the entry states,
T07 edits, T08 fallbacks, T09 roles, T10 status, T11 who answered (`check_served.py`).
"""

import hashlib
import re

from pydantic import JsonValue

from .board_parts import Allowed, Span
from .check_served import check_served
from .findings import AS_WRITTEN, RUN_AGAIN, WRITE_AGAIN, counted, fail, shown, warn
from .locks import Lock, Variant, load_lock, matching_variant
from .rows import HeaderRow, LogRows
from .schema import Entry, Finding
from .versions import is_newer

RELEASE = re.compile(r"\d+\.\d+\.\d+")
RELEASED = "run the released package, or a clean commit of its main branch"
OWN_REPOSITORY = re.compile(r"[/:]interplay(\.git)?/?$")
"""Of any other origin git says something about the folder of the run, not about this package."""
SYSTEM_PROMPT = "system_message"
RECORDED = ("temperature", "top_p", "top_k", "max_tokens", "reasoning_effort", "reasoning_tokens", "seed")
"""Settings that an entry records; a locked run sets no others, apart from operational ones."""


def check_task(entry: Entry, log: LogRows) -> list[Finding]:
    """What ran is what the entry says, untouched, and what a lock asks for.

    Open entries need no lock, but may not be of a version that no lock has reached.
    """
    header = log.header
    findings = _stated(entry, header) + _untouched(log) + check_served(entry, log)
    if header.status != "success":
        what = f"status of {header.task} is {header.status} (expected success)"
        findings.append(fail("T10", what, RUN_AGAIN))
    lock = load_lock(header.task, header.task_version)
    if lock is None and (entry.division != "open" or is_newer(header.task, header.task_version)):
        return [*findings, fail("T01", f"no lock for {header.task} {header.task_version}", RUN_AGAIN)]
    if lock is None or entry.division == "open":
        return findings
    variant = matching_variant(header)
    if variant is None:
        return [*findings, _nearest(lock, header)]
    if header.task_digest != variant.task_digest:
        what = f"task digest differs: {header.task_digest[:8]}… (expected {variant.task_digest[:8]}…)"
        findings.append(fail("T02", what, "install the released package and run again"))
    return findings + _settings(variant, header) + _code(entry, header) + _roles(variant, header)


def _stated(entry: Entry, header: HeaderRow) -> list[Finding]:
    """The model, the roles and the settings of the log are those of the entry."""
    findings: list[Finding] = []
    if header.model != entry.model.id:
        what = f"log names model {header.model}, entry {entry.model.id}"
        findings.append(fail("T06", what, "submit the logs of one model"))
    for role, model in sorted(header.roles.items()):
        said = entry.roles[role].id if role in entry.roles else "nobody"
        if said != model:
            findings.append(fail("T06", f"log names {model} as {role}, entry {said}", WRITE_AGAIN))
    for key in RECORDED:
        said, ran = getattr(entry.settings, key), header.settings.get(key)
        if said != ran:
            what = f"{key} is {shown(ran)} in the log of {header.task}, entry says {shown(said)}"
            findings.append(fail("T06", what, WRITE_AGAIN))
    said, ran = entry.settings.system_prompt_sha256, system_prompt_hash(header)
    if said != ran:
        what = f"system prompt of {header.task} has SHA-256 {shown(ran)}, entry says {shown(said)}"
        findings.append(fail("T06", what, WRITE_AGAIN))
    if header.inspect_version != entry.code.inspect_ai:
        what = f"log was made with inspect_ai {header.inspect_version}, entry says {entry.code.inspect_ai}"
        findings.append(fail("T06", what, WRITE_AGAIN))
    if header.preset != entry.settings.preset:
        what = f"preset of {header.task} is {header.preset}, entry says {entry.settings.preset}"
        findings.append(fail("T06", what, WRITE_AGAIN))
    return findings


def system_prompt_hash(header: HeaderRow) -> str | None:
    """SHA-256 of the system prompt that was set for the model beside those of the task, or None."""
    text = header.settings.get(SYSTEM_PROMPT)
    return hashlib.sha256(text.encode()).hexdigest() if isinstance(text, str) else None


def _untouched(log: LogRows) -> list[Finding]:
    """Nothing was edited after the run, and no other model stepped in."""
    task = log.header.task
    findings = [fail("T07", f"{edit} ({task})", AS_WRITTEN) for edit in log.header.edits]
    edited = [row for row in log.samples if row.edits]
    if edited:
        first = f"{edited[0].sample_id} epoch {edited[0].epoch}, {edited[0].edits[0]}"
        what = f"{counted(len(edited), 'edited sample')} in the log of {task} (first: {first})"
        findings.append(fail("T07", what, AS_WRITTEN))
    fallbacks = sum(row.fallbacks > 0 for row in log.samples)
    if fallbacks:
        were = "sample was" if fallbacks == 1 else "samples were"
        what = f"{fallbacks} {were} answered by a fallback model in {task}"
        findings.append(fail("T08", what, RUN_AGAIN))
    return findings


def _nearest(lock: Lock, header: HeaderRow) -> Finding:
    """Which argument keeps a log from fitting the variant it is closest to."""
    presets = sorted({variant.preset for variant in lock.variants})
    if header.preset not in presets:
        what = f"preset of {header.task} is {header.preset} (locked: {', '.join(presets)})"
        return fail("T03", what, RUN_AGAIN)

    def differing(variant: Variant) -> list[str]:
        names = {*variant.args, *header.args} - {*variant.free_args}
        return sorted(key for key in names if header.args.get(key) != variant.args.get(key))

    closest = min((v for v in lock.variants if v.preset == header.preset), key=lambda v: len(differing(v)))
    wrong = [
        f"{key} is {shown(header.args.get(key))} (locked: {shown(closest.args.get(key))})"
        for key in differing(closest)
    ]
    return fail("T03", f"{', '.join(wrong)} in {header.task}", RUN_AGAIN)


def _settings(variant: Variant, header: HeaderRow) -> list[Finding]:
    wrong = [
        f"{key} is {shown(value)} (locked: {shown(variant.limits.get(key))})"
        for key, value in header.limits.items()
        if value != variant.limits.get(key)
    ]
    wrong += [f"{key} is {shown(value)} (locked: all samples)" for key, value in header.selections.items()]
    if header.epochs != variant.epochs:
        wrong.append(f"epochs is {header.epochs} (locked: {variant.epochs})")
    if header.approval:
        wrong.append("a policy approved tool calls (locked: not set)")
    wrong += [
        f"{key} is {shown(value)} (locked: not set)"
        for key, value in header.settings.items()
        if key not in RECORDED
    ]
    for key, allowed in variant.settings.items():
        if not _allows(allowed, header.settings.get(key)):
            wrong.append(f"{key} is {shown(header.settings.get(key))} (locked: {_words(allowed)})")
    wrong += [f"scorer {name} did not run" for name in variant.scorers if name not in header.scorers]
    findings = [fail("T03", f"{sentence} in {header.task}", RUN_AGAIN) for sentence in wrong]
    if header.solver is not None:
        findings.append(fail("T05", f"solver {header.solver} overrides the task's", RUN_AGAIN))
    return findings


def _code(entry: Entry, header: HeaderRow) -> list[Finding]:
    """Code of the log: the entry's version, and for a closed entry a clean working tree."""
    findings: list[Finding] = []
    if header.package_version != entry.code.version:
        what = f"log was made by interplay {header.package_version}, entry says {entry.code.version}"
        findings.append(fail("T04", what, WRITE_AGAIN))
    if header.installed_version not in (None, header.package_version):
        what = (
            f"task of interplay {header.package_version} ran where interplay {header.installed_version} "
            "was installed"
        )
        findings.append(fail("T04", what, RELEASED))
    commit = entry.code.commit
    if commit is not None and not (header.commit and commit.startswith(header.commit)):
        findings.append(fail("T04", f"log names commit {header.commit}, entry {commit}", WRITE_AGAIN))
    report = fail if entry.division == "closed" else warn
    is_foreign = header.origin is not None and not OWN_REPOSITORY.search(header.origin)
    is_release = RELEASE.fullmatch(header.package_version or "") is not None
    if is_foreign and not is_release:
        what = (
            f"interplay {header.package_version} is no release, and {header.task} ran in a checkout of "
            "something else, whose commit says nothing of it"
        )
        findings.append(report("T04", what, RELEASED))
    elif header.dirty and not is_foreign:
        what = f"working tree was dirty at {header.commit} when {header.task} ran"
        findings.append(report("T04", what, RELEASED))
    elif header.commit is None and not is_release:
        what = f"interplay {header.package_version} is no release, and no commit is named"
        findings.append(report("T04", what, RELEASED))
    return findings


def _roles(variant: Variant, header: HeaderRow) -> list[Finding]:
    findings: list[Finding] = []
    for role, model in sorted(header.roles.items()):
        allowed = variant.roles.get(role, ())
        if allowed != "any" and model not in allowed:
            locked = ", ".join(allowed) or "not bound"
            findings.append(fail("T09", f"role {role} is {model} (locked: {locked})", RUN_AGAIN))
    return findings


def _allows(allowed: Allowed, value: JsonValue) -> bool:
    if isinstance(allowed, Span):
        number = value if isinstance(value, int | float) else None
        low, high = allowed.min, allowed.max
        return number is not None and (low is None or number >= low) and (high is None or number <= high)
    return value in allowed if isinstance(allowed, list) else value == allowed


def _words(allowed: Allowed) -> str:
    return f"{allowed.min} to {allowed.max}" if isinstance(allowed, Span) else shown(allowed)
