"""What is read in the files that an agent left, and that nothing in them runs."""

import base64
import bz2
import gzip
import io
import json
import lzma
import pickle
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from interplay.scorers.integrity.binaries import records_in
from interplay.scorers.integrity.texts import Reader, read_command

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
QUESTION = "Ana hops 3 then 5 then 7 . Where ?"
OTHER = "Ben hops 1 then 2 then 4 . Where ?"
ROWS = [{"question": QUESTION, "answer": "ANSWER : 6"}, {"question": OTHER, "answer": "ANSWER : 1"}]


def decode(ids: list[int]) -> str:
    return " ".join(WORDS[i % 10] for i in ids)


def parquet(rows: list[dict]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


def arrow(rows: list[dict], opened: Callable = pa.ipc.new_stream) -> bytes:
    out = io.BytesIO()
    table = pa.Table.from_pylist(rows)
    with opened(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


def npz(**arrays: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in files.items():
            whole.writestr(name, content)
    return out.getvalue()


def tar(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as whole:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            whole.addfile(info, io.BytesIO(content))
    return out.getvalue()


LINES = "".join(json.dumps(row) + "\n" for row in ROWS)
SOURCE = f"data = [({QUESTION!r}, 'ANSWER : 6'), ({OTHER!r}, 'x')]\n"
CHAT = json.dumps([{"messages": [{"role": "user", "content": QUESTION}]} for _ in range(40)])
HOLDING = {
    "a.jsonl": LINES.encode(),
    "a.json": json.dumps(ROWS).encode(),
    "nested.json": json.dumps({"train": {"rows": ROWS * 30}}).encode(),
    "columns.json": json.dumps({"q": [QUESTION] * 40, "a": ["x"] * 40}).encode(),
    "chat.json": CHAT.encode(),
    "a.csv": f"question,answer\n{QUESTION},x\n".encode(),
    "a.tsv": f"question\tanswer\n{QUESTION}\tx\n".encode(),
    "a.txt": f"first\n{QUESTION}\n".encode(),
    "bom.txt": f"\ufeff{QUESTION}\n".encode(),
    "a.py": SOURCE.encode(),
    "added.py": b"q = 'Ana hops 3 then 5 ' + 'then 7 . Where ?'\n",
    "block.py": f'TEXT = """\nfirst\n{QUESTION}\n"""\n'.encode(),
    "broken.py": f"def (\n{QUESTION}\n".encode(),
    "encoded.py": f"b = '{base64.b64encode(LINES.encode() * 9).decode()}'".encode(),
    "a.parquet": parquet(ROWS),
    "renamed.bin": parquet(ROWS),
    "a.arrow": arrow(ROWS),
    "b.arrow": arrow(ROWS, pa.ipc.new_file),
    "a.npy": (lambda out: (np.save(out, np.array([QUESTION, "x"])), out.getvalue())[1])(io.BytesIO()),
    "a.npz": npz(q=np.array([QUESTION])),
    "a.jsonl.gz": gzip.compress(LINES.encode()),
    "a.jsonl.bz2": bz2.compress(LINES.encode()),
    "a.jsonl.xz": lzma.compress(LINES.encode()),
    "a.jsonl.zst": zstandard.ZstdCompressor().compress(LINES.encode()),
    "a.jsonl.z": zlib.compress(LINES.encode()),
    "a.zip": archive({"inner/a.jsonl": LINES.encode()}),
    "twice.zip": archive({"a.gz": gzip.compress(LINES.encode())}),
    "a.tar": tar({"a.jsonl": LINES.encode()}),
    "a.pkl": pickle.dumps(ROWS),
    "old.pkl": pickle.dumps(ROWS, protocol=0),
    "strings.bin": b"\x00\x01" + QUESTION.encode() + b"\x00" * 40,
}


@pytest.mark.parametrize("name", HOLDING)
def test_an_item_is_one_record_in_every_kind_of_file(name: str) -> None:
    reader = records_in(f"workspace/{name}", HOLDING[name])
    assert any(QUESTION in record.text for record in reader.records), [r.text for r in reader.records][:5]
    assert not reader.is_opaque
    assert {record.path for record in reader.records} == {f"workspace/{name}"}
    assert all(record.line >= 1 for record in reader.records)


def safetensors(values: np.ndarray, dtype: str) -> bytes:
    header = {"ids": {"dtype": dtype, "shape": list(values.shape), "data_offsets": [0, values.nbytes]}}
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + values.tobytes()


IDS = np.arange(12, dtype=np.int64).reshape(1, 12)
SAVED_IDS = {
    "ids.jsonl": json.dumps({"input_ids": IDS[0].tolist(), "n": 1}).encode() + b"\n",
    "ids.npz": npz(ids=IDS),
    "ids.npy": (lambda out: (np.save(out, IDS[0].astype(np.uint16)), out.getvalue())[1])(io.BytesIO()),
    "ids.parquet": parquet([{"input_ids": IDS[0].tolist()}]),
    "ids.arrow": arrow([{"input_ids": IDS[0].tolist()}]),
    "ids.safetensors": safetensors(IDS, "I64"),
    "ids.pkl": pickle.dumps([IDS[0].tolist()]),
}


@pytest.mark.parametrize("name", SAVED_IDS)
def test_saved_token_ids_are_decoded(name: str) -> None:
    reader = records_in(name, SAVED_IDS[name], decode)
    assert any("one two three four five six" in record.text for record in reader.records)


def test_token_ids_without_a_tokenizer_are_opaque_from_a_kilobyte_on() -> None:
    assert not records_in("ids.npz", npz(ids=IDS)).is_opaque
    assert records_in("ids.npz", npz(ids=np.arange(2000))).is_opaque


class Bomb:
    """Pickles as a call that leaves a trace if it ever runs."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return (open, (self.path, "w"))


@pytest.mark.parametrize("protocol", range(6))
def test_no_pickle_runs(tmp_path: Path, protocol: int) -> None:
    sentinel = tmp_path / "ran"
    payload = pickle.dumps([Bomb(str(sentinel)), "text"], protocol=protocol)
    for name in ("a.pkl", "a.bin", "a.pt", "model.safetensors", "a.npy", "a.py"):
        records_in(name, payload)
        records_in("a.zip", archive({"archive/data.pkl": payload, name: payload}))
    array = io.BytesIO()
    np.save(array, np.array([Bomb(str(sentinel))], dtype=object), allow_pickle=True)
    records_in("a.npy", array.getvalue())
    assert not sentinel.exists()


OPAQUE = {
    "noise.bin": np.random.default_rng(1).bytes(2000),
    "packed.pkl": pickle.dumps(zlib.compress(np.random.default_rng(1).bytes(2000))),
    "encoded.py": b"b = '" + base64.b64encode(np.random.default_rng(1).bytes(2000)) + b"'",
    "encrypted.zip": archive({"a": b"x"})[:-30] + b"x" * 2000,
    "deep.gz": gzip.compress(
        gzip.compress(gzip.compress(gzip.compress(np.random.default_rng(1).bytes(2000))))
    ),
    "broken.parquet": b"PAR1" + bytes(2000),
}


@pytest.mark.parametrize("name", OPAQUE)
def test_what_cannot_be_read_is_opaque(name: str) -> None:
    assert records_in(name, OPAQUE[name]).is_opaque


def test_less_than_a_kilobyte_is_not_opaque() -> None:
    assert not records_in("noise.bin", np.random.default_rng(1).bytes(900)).is_opaque


@pytest.mark.torch
def test_a_checkpoint_of_an_optimiser_is_no_opaque_data_but_saved_ids_are(tmp_path: Path) -> None:
    import torch

    model = torch.nn.Linear(64, 64)
    optimiser = torch.optim.AdamW(model.parameters())
    model(torch.ones(64)).sum().backward()
    optimiser.step()
    torch.save({"optimizer": optimiser.state_dict(), "rng": torch.get_rng_state()}, tmp_path / "state.pt")
    assert not records_in("state.pt", (tmp_path / "state.pt").read_bytes()).is_opaque
    torch.save({"ids": torch.arange(2000)}, tmp_path / "ids.pt")
    assert records_in("ids.pt", (tmp_path / "ids.pt").read_bytes()).is_opaque


def test_pictures_and_bytecode_are_not_opaque() -> None:
    noise = np.random.default_rng(1).bytes(3000)
    assert not records_in("loss.png", b"\x89PNG\r\n" + noise).is_opaque
    assert not records_in("__pycache__/a.cpython-311.pyc", noise).is_opaque


@given(
    st.binary(max_size=400), st.sampled_from([*HOLDING, *OPAQUE, "a.safetensors", "x"]), st.integers(0, 300)
)
def test_no_content_raises(noise: bytes, name: str, cut: int) -> None:
    whole = HOLDING.get(name) or OPAQUE.get(name, b"")
    records_in(name, noise)
    records_in(name, whole[:cut] + noise + whole[cut:])


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 5000, "(" * 5000, "-" * 100_000 + "1"])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.py", "a.csv"])
def test_deeply_nested_texts_do_not_raise(name: str, text: str) -> None:
    records_in(name, text.encode())


COMMANDS = {
    "heredoc": f"python - <<'EOF'\nrows = [{QUESTION!r}]\nEOF\necho done",
    "heredoc to a file": f"mkdir -p d && cat > d/a.py <<EOF\nrows = [{QUESTION!r}]\nEOF\n",
    "argument": f"python -c \"rows = ['{QUESTION}']\"",
    "echo": f"echo '{QUESTION}' >> train.txt",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_are_read(name: str) -> None:
    reader = Reader("trace.jsonl")
    read_command(reader, 7, COMMANDS[name])
    assert any(record.text.strip() == QUESTION or QUESTION in record.text for record in reader.records)
    assert {record.line for record in reader.records} == {7}
