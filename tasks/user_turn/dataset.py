"""From contexts to samples and back.

The input of a sample is the query; the whole conversation stands in metadata `source` as canonical JSON.
What a solver or a scorer needs of a context is in the metadata, so that a stored log can be graded again.
"""

import json
from collections.abc import Mapping

from inspect_ai.dataset import Sample

from .context import Context, canonical_messages

OPTIONAL = ("target", "check", "reply", "next_turn")


def sample_of(context: Context) -> Sample:
    """One context as a sample."""
    metadata: dict[str, object] = {
        "context_id": context.id,
        "dataset": context.dataset,
        "domain": context.domain,
        "turns": len(context.queries),
        "source": canonical_messages(context.messages),
    }
    metadata |= {key: value for key in OPTIONAL if (value := getattr(context, key)) is not None}
    if context.meta:
        metadata["meta"] = context.meta
    return Sample(id=context.id, input=context.query, target=context.target or "", metadata=metadata)


def context_of(metadata: Mapping[str, object]) -> Context:
    """The context of a sample, from its metadata.

    Raises:
        ValueError: the metadata is not that of a context.
    """
    found = {key: metadata[key] for key in (*OPTIONAL, "meta") if key in metadata}
    return Context.model_validate({
        "id": metadata.get("context_id"),
        "dataset": metadata.get("dataset"),
        "domain": metadata.get("domain"),
        "messages": json.loads(str(metadata.get("source", "null"))),
        **found,
    })  # fmt: skip
