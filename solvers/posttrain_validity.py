"""Whether a deliverable is a valid model of its base: readable, finite weights of the same structure.

Nothing of it is run or unpickled: configs are read as JSON, weights as plain bytes. The vocabulary may grow.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
from pydantic import JsonValue

from interplay.scorers.integrity.tensors import TensorPlace, WeightsUnread, tensors_in
from interplay.tasks.posttrain.bundle import MODEL, Bundle

from .posttrain_outputs import Reason

STRUCTURE = (
    "model_type",
    "architectures",
    "num_hidden_layers",
    "hidden_size",
    "intermediate_size",
    "num_attention_heads",
    "num_key_value_heads",
    "head_dim",
    "tie_word_embeddings",
)
VOCABULARY = ("embed_tokens.weight", "lm_head.weight")
"""Tensors whose first dimension is the vocabulary."""
CONFIG_BYTES = 1 << 20


class Invalid(NamedTuple):
    """Why a deliverable is no valid model: the class of the cause, and what was found."""

    reason: Reason
    text: str


def why_invalid(bundle: Bundle, base: Path) -> Invalid | None:
    """What is wrong with the deliverable of a bundle, None if nothing is."""
    folder = bundle.model
    weights = sorted(folder.glob("*.safetensors")) if folder else []
    if folder is None or not weights:
        dropped = [item for item in bundle.manifest.dropped if item.path.startswith(MODEL)]
        if dropped:
            return Invalid(
                "links_only", f"no weights among what may be taken: {dropped[0].path}: {dropped[0].reason}"
            )
        return Invalid("no_model", f"there is no {MODEL} with safetensors weights")
    try:
        candidate = tensors_in(folder)
    except WeightsUnread as problem:
        return Invalid("truncated", str(problem))
    return (
        other_config(config_of(folder), config_of(base))
        or other_tensors(candidate, tensors_in(base))
        or not_finite(candidate)
    )


def config_of(folder: Path) -> Mapping[str, JsonValue] | None:
    """The config of a model folder, None if it cannot be read."""
    path = folder / "config.json"
    if not path.is_file() or path.stat().st_size > CONFIG_BYTES:
        return None
    try:
        found: object = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return None
    return cast(Mapping[str, JsonValue], found) if isinstance(found, dict) else None


def other_config(
    config: Mapping[str, JsonValue] | None, base: Mapping[str, JsonValue] | None
) -> Invalid | None:
    """The first value of the structure that is not the base's."""
    assert base is not None, "the base has no config"
    if config is None:
        return Invalid("structure", "config.json is missing or no JSON object")
    pairs = [("", config, base)]
    if isinstance(base.get("text_config"), dict):
        inner = config.get("text_config")
        text = cast(Mapping[str, JsonValue], inner if isinstance(inner, dict) else {})
        pairs.append(("text_config.", text, cast(Mapping[str, JsonValue], base["text_config"])))
    for prefix, ours, theirs in pairs:
        for name in STRUCTURE:
            if name in theirs and ours.get(name) != theirs[name]:
                said = json.dumps(ours.get(name))[:80]
                return Invalid(
                    "structure", f"{prefix}{name} is {said}, the base has {json.dumps(theirs[name])}"
                )
    return None


def other_tensors(candidate: Mapping[str, TensorPlace], base: Mapping[str, TensorPlace]) -> Invalid | None:
    """The first tensor that is missing, of another shape, or not the base's."""
    # A tied output layer may be written out or left out.
    optional = {name for name in {*candidate, *base} if name.endswith("lm_head.weight")}
    for name in sorted({*candidate, *base}):
        ours, theirs = candidate.get(name), base.get(name)
        if theirs is None or ours is None:
            if name not in optional:
                what = "missing" if ours is None else "none of the base's"
                return Invalid("structure", f"tensor {name[:120]} is {what}")
            continue
        grown = (
            name.endswith(VOCABULARY) and ours.shape[1:] == theirs.shape[1:] and ours.shape >= theirs.shape
        )
        if ours.shape != theirs.shape and not grown:
            return Invalid("structure", f"tensor {name} has shape {ours.shape}, the base has {theirs.shape}")
    return None


def not_finite(candidate: Mapping[str, TensorPlace]) -> Invalid | None:
    """The first tensor with a value that is no finite number."""
    for name, place in candidate.items():
        if place.elements and not all(np.isfinite(block).all() for block in place.blocks(place.rows)):
            return Invalid("not_finite", f"tensor {name} holds values that are no numbers")
    return None
