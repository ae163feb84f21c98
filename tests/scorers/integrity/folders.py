"""Model folders for tests, written as safetensors without torch."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

Weights = Mapping[str, np.ndarray]
STORED = {"F32": "<f4", "F16": "<f2", "F64": "<f8"}


def write_weights(folder: Path, weights: Weights, dtype: str = "F32", files: int = 1) -> Path:
    """Spread the tensors over some files of a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(files):
        header: dict[str, object] = {"__metadata__": {"format": "pt"}}
        body = b""
        for name, values in list(weights.items())[i::files]:
            if dtype == "BF16":
                bits = values.astype("<f4").view("<u4").astype(np.uint64)
                raw = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2").tobytes()
            else:
                raw = values.astype(STORED[dtype]).tobytes()
            header[name] = {
                "dtype": dtype,
                "shape": list(values.shape),
                "data_offsets": [len(body), len(body) + len(raw)],
            }
            body += raw
        text = json.dumps(header).encode()
        name = f"model-{i + 1:05}-of-{files:05}.safetensors"
        (folder / name).write_bytes(len(text).to_bytes(8, "little") + text + body)
    return folder
