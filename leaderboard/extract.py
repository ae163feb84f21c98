"""From Inspect's log objects to plain rows."""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from pydantic import JsonValue

from interplay.tasks.catalog import input_pin

from .completions import Call, calls_of, fingerprint, foreign_models
from .rows import MODEL_ROLE, OTHER_ROLE, HeaderRow, LogRows, MetricRow, RoleUse, SampleRow, ScoreRow

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog, EvalSample
    from inspect_ai.model import ModelUsage
    from inspect_ai.scorer import Score

LONGEST_WORD = 200
MOST_KEYS = 200
DEEPEST_KEY = 4
OPERATIONAL = frozenset({
    "max_retries", "timeout", "attempt_timeout", "stream_idle_timeout", "max_connections",
    "adaptive_connections", "cache_prompt", "cache", "batch", "fail_on_refusal", "logprobs", "top_logprobs",
})  # fmt: skip
"""Generation settings that change how a call is made, not what is asked."""
LIMITS = ("message_limit", "token_limit", "turn_limit", "time_limit", "working_limit")
SCRIPTED = ("reference/", "mockllm/")
"""Providers without a language model."""
SELECTIONS = ("limit", "sample_id", "sample_shuffle")


def header_row(log: "EvalLog") -> HeaderRow:
    """The header of a log as plain data."""
    spec, config = log.eval, log.eval.config
    stamp = (spec.metadata or {}).get("interplay")
    stamp = stamp if isinstance(stamp, dict) else {}
    version = stamp.get("package_version")
    generate = log.plan.config.merge(spec.model_generate_config).model_dump(exclude_none=True, mode="json")
    bound = spec.model_roles or {}
    roles = {
        role: " and ".join(one.model for one in (item if isinstance(item, list) else [item]))
        for role, item in bound.items()
    }
    metrics = [
        MetricRow(scorer=s.scorer, key=s.name, metric=m.name, value=float(m.value))
        for s in (log.results.scores if log.results else [])
        for m in s.metrics.values()
    ]
    return HeaderRow(
        task=spec.task_registry_name or spec.task,
        task_version=str(spec.task_version),
        status=log.status,
        preset=str(stamp.get("preset", "")),
        task_digest=str(stamp.get("task_digest", "")),
        package_version=str(version) if version else None,
        inspect_version=spec.packages.get("inspect_ai", ""),
        args=spec.task_args,
        model=spec.model,
        model_args=spec.model_args,
        base_url=spec.model_base_url,
        roles=roles,
        settings={key: value for key, value in generate.items() if key not in OPERATIONAL},
        limits={key: getattr(config, key) for key in LIMITS},
        selections={
            key: chosen for key in SELECTIONS if (chosen := getattr(config, key)) not in (None, False)
        },
        epochs=config.epochs or 1,
        solver=spec.solver,
        scorers=tuple(scorer.name.split("/")[-1] for scorer in spec.scorers or []),
        commit=spec.revision.commit if spec.revision else None,
        dirty=spec.revision.dirty if spec.revision else None,
        installed_version=spec.packages.get("interplay"),
        origin=spec.revision.origin if spec.revision else None,
        approval=bool(config.approval or config.review or config.sentinel),
        created=spec.created,
        started_at=log.stats.started_at,
        completed_at=log.stats.completed_at,
        edits=_log_edits(log),
        metrics=tuple(metrics),
    )


def _log_edits(log: "EvalLog") -> tuple[str, ...]:
    edits = ["log was invalidated"] if log.invalidated else []
    edits += [
        f"log was edited on {u.provenance.timestamp:%Y-%m-%d} by {u.provenance.author[:80]}"
        for u in log.log_updates or []
    ]
    edits += ["log has a configuration that was changed while it ran"] if log.config_updates else []
    return tuple(edits)


def sample_row(
    sample: "EvalSample", model: str, roles: Mapping[str, str], calls: Sequence[Call], retries: int = 0
) -> SampleRow:
    """One sample as plain data; its attachments must be resolved.

    Args:
        sample: The sample; its events are not read.
        model: The model under test.
        roles: Model bound to each role.
        calls: Every call of a model.
        retries: Attempts that ended in an error before this one.
    """
    return SampleRow(
        sample_id=str(sample.id),
        epoch=sample.epoch,
        pin=input_pin(sample.input if isinstance(sample.input, str) else _json(
            [message.model_dump(mode="json") for message in sample.input])),
        facts={key: fact(value) for key, value in sample.metadata.items()},
        metadata=fact_words(sample.metadata),
        score=score_row(sample.scores),
        errored=sample.error is not None,
        limit=sample.limit.type if sample.limit else None,
        usage=role_usage(sample, model, roles, calls),
        seconds=float(sample.working_time or 0.0),
        started_at=sample.started_at,
        completed_at=sample.completed_at,
        completions=fingerprint(calls, model),
        fallbacks=len(sample.model_fallbacks or []),
        foreign=foreign_models(calls, sample.model_usage, {model, *roles.values()}, SCRIPTED),
        retries=retries,
        edits=_sample_edits(sample),
    )  # fmt: skip


def fact_words(metadata: Mapping[str, object]) -> dict[str, str]:
    """Metadata values that are text or numbers, as text."""
    return {
        key: str(value)[:LONGEST_WORD]
        for key, value in metadata.items()
        if isinstance(value, str | int | float) and len(key) <= LONGEST_WORD
    }


def fact(value: JsonValue) -> str:
    """Pin of one metadata value: 16 hex digits of the SHA-256 of its canonical JSON."""
    return hashlib.sha256(_json(value).encode()).hexdigest()[:16]


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _sample_edits(sample: "EvalSample") -> tuple[str, ...]:
    edits = ["the sample was invalidated"] if sample.invalidation else []
    edits += [f"score {name} was edited" for name, score in (sample.scores or {}).items() if score.history]
    return tuple(edits)


def score_row(scores: "Mapping[str, Score] | None") -> ScoreRow:
    """All scores of a sample as flat numbers and words; a list of numbers is one word, `3 3 2`."""
    return flat_scores((name, score.value, score.metadata) for name, score in (scores or {}).items())


def flat_scores(scores: Iterable[tuple[str, object, object]]) -> ScoreRow:
    """The same of names, values and metadata."""
    numbers: dict[str, float] = {}
    words: dict[str, str] = {}
    value_keys: list[str] = []
    for name, given, metadata in scores:
        _flatten(name, metadata or {}, numbers, words)
        value = cast("Mapping[str, object]", given if isinstance(given, Mapping) else {"value": given})
        for key, item in value.items():
            numbers.pop(f"{name}.{key}", None)
            if isinstance(item, int | float) and math.isfinite(item):
                numbers[f"{name}.{key}"] = float(item)
                value_keys.append(f"{name}.{key}")
            elif isinstance(item, str):
                words[f"{name}.{key}"] = item[:LONGEST_WORD]
    return ScoreRow(numbers=numbers, words=words, value_keys=tuple(value_keys))


def _flatten(prefix: str, value: object, numbers: dict[str, float], words: dict[str, str]) -> None:
    if len(numbers) + len(words) >= MOST_KEYS or len(prefix) > LONGEST_WORD:
        return
    if isinstance(value, Mapping):
        if prefix.count(".") < DEEPEST_KEY:
            for key, item in value.items():
                _flatten(f"{prefix}.{key}", item, numbers, words)
    elif isinstance(value, int | float):
        if math.isfinite(value):
            numbers[prefix] = float(value)
    elif isinstance(value, str):
        words[prefix] = value[:LONGEST_WORD]
    elif isinstance(value, list) and value and all(type(item) in (int, float) for item in value):
        words[prefix] = " ".join(map(str, value))[:LONGEST_WORD]


def role_usage(
    sample: "EvalSample", model: str, roles: Mapping[str, str], calls: Iterable[Call]
) -> dict[str, RoleUse]:
    """Calls and tokens per role. What no role accounts for belongs to the model, or to `other` models.

    Inspect counts a role's tokens under its model as well, so they are taken out of the model's own.
    """
    counted = Counter(c.role or (MODEL_ROLE if c.model == model else OTHER_ROLE) for c in calls)
    used = {role: _role_use(usage, counted[role]) for role, usage in sample.role_usage.items()}
    for name, usage in sample.model_usage.items():
        rest = _role_use(usage, 0)
        for role, part in used.items():
            if roles.get(role) == name:
                rest = _less(rest, part)
        role = MODEL_ROLE if name == model else OTHER_ROLE
        if name == model or (name not in roles.values() and role not in used):
            used[role] = rest.model_copy(update={"calls": counted[role]})
    return used


def _role_use(usage: "ModelUsage", calls: int) -> RoleUse:
    return RoleUse(
        calls=calls,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        reasoning_tokens=usage.reasoning_tokens or 0,
        cached_tokens=usage.input_tokens_cache_read or 0,
        cost_usd=usage.total_cost,
    )


def _less(whole: RoleUse, part: RoleUse) -> RoleUse:
    cost = None if whole.cost_usd is None else max(whole.cost_usd - (part.cost_usd or 0.0), 0.0)
    return RoleUse(
        input_tokens=max(whole.input_tokens - part.input_tokens, 0),
        output_tokens=max(whole.output_tokens - part.output_tokens, 0),
        reasoning_tokens=max(whole.reasoning_tokens - part.reasoning_tokens, 0),
        cached_tokens=max(whole.cached_tokens - part.cached_tokens, 0),
        cost_usd=cost,
    )


def rows_of(log: "EvalLog") -> LogRows:
    """A log that was read in full as plain rows."""
    from inspect_ai.log import resolve_sample_attachments

    header = header_row(log)
    rows = [
        sample_row(
            resolved,
            header.model,
            header.roles,
            calls_of(resolved.events),
            len(resolved.error_retries or []),
        )
        for resolved in map(resolve_sample_attachments, log.samples or [])
    ]
    return LogRows(header, tuple(rows))
