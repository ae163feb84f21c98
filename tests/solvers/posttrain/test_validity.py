"""Whether a deliverable is a model: each way it can fail to be one, with the reason that is stored."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from interplay.solvers.posttrain_validity import why_invalid
from interplay.tasks.posttrain.bundle import Bundle, Dropped, write_manifest

CONFIG = {"model_type": "llama", "num_hidden_layers": 2, "hidden_size": 4, "tie_word_embeddings": True}


def safetensors(tensors: dict[str, np.ndarray]) -> bytes:
    header: dict[str, Any] = {}
    data = b""
    for name, array in tensors.items():
        raw = array.astype("<f4").tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def tensors(vocabulary: int = 8) -> dict[str, np.ndarray]:
    return {
        "model.embed_tokens.weight": np.ones((vocabulary, 4)),
        "model.layers.0.mlp.up_proj.weight": np.full((6, 4), 0.5),
    }


def model(folder: Path, weights: dict[str, np.ndarray] | bytes, config: Any = CONFIG) -> Path:
    folder.mkdir(parents=True)
    content = weights if isinstance(weights, bytes) else safetensors(weights)
    (folder / "model.safetensors").write_bytes(content)
    (folder / "config.json").write_text(config if isinstance(config, str) else json.dumps(config))
    return folder


def judged(tmp_path: Path, weights: dict[str, np.ndarray] | bytes | None, config: Any = CONFIG, **more: Any):
    base = model(tmp_path / "base", tensors())
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    if weights is not None:
        model(bundle / "final_model", weights, config)
    write_manifest(bundle, cell="m_call__mini-0", exit="finished", **more)
    return why_invalid(Bundle.open(bundle), base)


def test_a_changed_model_of_the_same_structure_is_valid(tmp_path: Path) -> None:
    changed = {name: array + 1 for name, array in tensors().items()}
    assert judged(tmp_path, changed, CONFIG | {"torch_dtype": "float32"}) is None


def test_the_vocabulary_may_grow_and_the_tied_layer_be_written_out(tmp_path: Path) -> None:
    grown = tensors(9) | {"lm_head.weight": np.ones((9, 4))}
    assert judged(tmp_path, grown) is None


@pytest.mark.parametrize(
    ("change", "reason", "says"),
    [
        (
            {"config": CONFIG | {"model_type": "qwen3"}},
            "structure",
            'model_type is "qwen3", the base has "llama"',
        ),
        (
            {"config": CONFIG | {"num_hidden_layers": 3}},
            "structure",
            "num_hidden_layers is 3, the base has 2",
        ),
        ({"config": CONFIG | {"tie_word_embeddings": False}}, "structure", "tie_word_embeddings is false"),
        ({"config": "[1, 2]"}, "structure", "config.json is missing or no JSON object"),
        ({"config": "{broken"}, "structure", "config.json is missing or no JSON object"),
        ({"weights": tensors(7)}, "structure", "embed_tokens.weight has shape (7, 4), the base has (8, 4)"),
        (
            {"weights": {**tensors(), "extra.weight": np.ones((2, 2))}},
            "structure",
            "extra.weight is none of the",
        ),
        (
            {"weights": {"model.embed_tokens.weight": np.ones((8, 4))}},
            "structure",
            "up_proj.weight is missing",
        ),
        ({"weights": safetensors(tensors())[:-10]}, "truncated", "lies outside the file"),
        ({"weights": b"\x00" * 4}, "truncated", "no safetensors file"),
        (
            {"weights": {**tensors(), "model.embed_tokens.weight": np.full((8, 4), np.nan)}},
            "not_finite",
            "embed_tok",
        ),
        (
            {"weights": {**tensors(), "model.embed_tokens.weight": np.full((8, 4), np.inf)}},
            "not_finite",
            "embed_tok",
        ),
        ({"weights": None}, "no_model", "there is no final_model"),
        (
            {"weights": None, "dropped": (Dropped(path="final_model/model.safetensors", reason="a link"),)},
            "links_only",
            "final_model/model.safetensors: a link",
        ),
    ],
)
def test_each_way_to_be_no_model_has_its_reason(
    tmp_path: Path, change: dict[str, Any], reason: str, says: str
) -> None:
    given: dict[str, Any] = {"weights": tensors(), **change}
    found = judged(tmp_path, **given)
    assert found is not None
    assert found.reason == reason
    assert says in found.text
