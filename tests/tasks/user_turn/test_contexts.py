"""Loading contexts: records of sources, refusals, the real loader on small files, and the pin command."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

import datasets
import huggingface_hub
import pytest
from click.testing import CliRunner
from datasets.exceptions import DatasetNotFoundError

from interplay.tasks.mistakes import NetworkProblem, UserMistake
from interplay.tasks.user_turn import selection, sources, tables
from interplay.tasks.user_turn.context import DOMAINS, Dataset
from interplay.tasks.user_turn.contexts import load, main
from interplay.tasks.user_turn.selection import selection_of
from interplay.tasks.user_turn.sources import Source, write_sources

from .source_rows import GSM8K, said, wildchat_row

COMMIT = "0123456789abcdef0123456789abcdef01234567"
Row = Mapping[str, object]


@pytest.fixture
def toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of sources.toml that a test may change."""
    copy = tmp_path / "sources.toml"
    copy.write_bytes(sources.PATH.read_bytes())
    monkeypatch.setattr(sources, "PATH", copy)
    return copy


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Row]]:
    """Rows by key, read instead of those of the hub."""
    rows: dict[str, list[Row]] = {}

    def read_rows(source: Source) -> Iterable[Row]:
        return rows[source.key]

    monkeypatch.setattr(tables, "read_rows", read_rows)
    return rows


def record(key: Dataset, **changes: object) -> Source:
    return Source.model_validate(sources.sources()[key].model_dump() | changes)


def put(*changed: Source) -> None:
    """Writes changed records into the file in use."""
    write_sources(dict(sources.sources()) | {source.key: source for source in changed})


def test_every_data_set_has_a_record():
    records = sources.sources()
    assert list(records) == ["gsm8k", "gpqa", "ifbench", "healthbench", "coval", "wildchat"]
    assert set(records) == set(DOMAINS)
    assert [key for key, source in records.items() if not source.revision] == ["coval"]
    assert [key for key, source in records.items() if source.gated] == ["gpqa"]
    models = {
        "gsm8k": selection.GsmRow,
        "gpqa": selection.GpqaRow,
        "ifbench": selection.IfbenchRow,
        "healthbench": selection.HealthbenchRow,
        "coval": selection.CovalRow,
        "wildchat": selection.WildchatRow,
    }
    for key, source in records.items():
        columns = [field.alias or name for name, field in models[key].model_fields.items()]
        assert columns == list(source.fields)


def test_records_are_written_as_they_are_read(toml):
    before = toml.read_bytes()
    write_sources(sources.sources())
    assert toml.read_bytes() == before


@pytest.mark.parametrize(
    "changes",
    [{"revision": "main"}, {"file_sha256": "12"}, {"file": "a.jsonl"}, {"split": None}, {"licence": None}],
)
def test_a_record_that_does_not_fit_is_refused(changes):
    with pytest.raises(ValueError):
        record("gsm8k", **changes)


def test_a_source_without_revision_refuses_to_load(fake):
    fake["coval"] = []
    with pytest.raises(UserMistake) as caught:
        load("coval")
    assert caught.value.message == (
        "user_turn: dataset 'coval' is not pinned; "
        'run "python -m interplay.tasks.user_turn.contexts pin coval"'
    )


def test_another_selection_than_the_pinned_one_refuses_to_load(fake, toml):
    fake["gsm8k"] = GSM8K
    put(record("gsm8k", selection_sha256=selection_of(record("gsm8k"), GSM8K).sha256))
    contexts = load("gsm8k")
    assert len(contexts) == 12
    assert load("gsm8k", 5) == contexts[:5]
    fake["gsm8k"] = GSM8K[:11]
    with pytest.raises(UserMistake, match=r"gives 11 contexts with selection hash .* pin gsm8k"):
        load("gsm8k", 3)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files that are found as if they had been fetched."""
    folder = tmp_path / "hub"
    folder.mkdir()
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")

    def download(repository: str, file: str, *, repo_type: str, revision: str) -> str:
        assert (repo_type, len(revision)) == ("dataset", 40)
        return str(folder / file)

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", download)
    return folder


def test_json_lines_are_read_with_the_real_loader(hub, toml):
    rows = [
        {"prompt": {"id": "1", "messages": said("Hi?")}, "metadata": {"a": 1}, "x": None},
        {
            "prompt": {"id": "2", "messages": said("One?", "Yes.", "Two?")},
            "metadata": {"b": "x"},
            "extra": [1],
        },
    ]
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    (hub / "comparisons.jsonl").write_bytes(content)
    put(record("coval", revision=COMMIT, file_sha256=sha256(content).hexdigest()))
    assert {context.query for context in load("coval")} == {"Hi?", "Two?"}
    (hub / "comparisons.jsonl").write_bytes(content + b"\n")
    with pytest.raises(UserMistake, match=r"file comparisons\.jsonl of dataset 'coval' has SHA-256 "):
        load("coval")


def test_parquet_is_read_with_the_real_loader(hub):
    path = hub / sources.sources()["wildchat"].file
    path.parent.mkdir()
    datasets.Dataset.from_list([wildchat_row(), wildchat_row(toxic=True)]).to_parquet(path)
    (context,) = load("wildchat")
    assert context.next_turn == "And how long?"


def test_a_split_is_read_with_the_real_loader(hub, toml):
    datasets.Dataset.from_list(GSM8K).to_parquet(hub / "test-00000-of-00001.parquet")
    put(record("gsm8k", repository=str(hub), config=None))
    assert len(load("gsm8k")) == 12


def test_a_data_set_that_can_not_be_reached_says_so(monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    for key in ("gsm8k", "healthbench"):
        with pytest.raises(NetworkProblem, match=f"dataset '{key}' .* the Hub was not reached"):
            load(key)


def test_a_gated_data_set_without_access_says_how_to_get_it(monkeypatch):
    def refuse(*_: object, **__: object):
        raise DatasetNotFoundError("Dataset 'Idavidrein/gpqa' is a gated dataset on the Hub.")

    monkeypatch.setattr(datasets, "load_dataset", refuse)
    with pytest.raises(UserMistake, match=r"dataset 'gpqa' .* is gated .* leave it out"):
        load("gpqa")
    with pytest.raises(NetworkProblem, match=r"dataset 'gsm8k' .* could not be fetched"):
        load("gsm8k")


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Revisions that were resolved, all to the same commit."""
    revisions: list[str] = []

    def commit_of(source: Source, revision: str) -> str:
        revisions.append(revision)
        return COMMIT

    monkeypatch.setattr(tables, "commit_of", commit_of)
    return revisions


def run(*args: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    return result.exit_code, result.output


def test_pin_writes_commit_and_hashes_and_nothing_else(hub, toml, asked_for):
    path = hub / "data" / "train-00000-of-00014.parquet"
    path.parent.mkdir()
    datasets.Dataset.from_list([wildchat_row(), wildchat_row(toxic=True)]).to_parquet(path)
    before = sources.sources()
    code, output = run("pin", "wildchat", "--revision", "main", "--sources", toml)
    assert code == 0
    assert "wildchat: 1 contexts, rows left out: 1 filter" in output
    after = sources.sources()
    assert asked_for == ["main"]
    assert after["wildchat"].revision == COMMIT
    assert after["wildchat"].file_sha256 == sha256(path.read_bytes()).hexdigest()
    assert after["wildchat"].selection_sha256 in output
    assert [key for key in before if after[key] != before[key]] == ["wildchat"]
    assert len(load("wildchat")) == 1
    assert run("pin", "wildchat", "--sources", toml)[0] == 0
    assert asked_for == ["main", COMMIT]


def test_a_pinned_source_loads(fake, toml, asked_for):
    fake["coval"] = [{"prompt": {"messages": said("Hi?")}}]
    before = toml.read_text(encoding="utf-8")
    code, _ = run("pin", "coval")
    assert (code, asked_for) == (0, ["main"])
    assert toml.read_text(encoding="utf-8") != before
    assert len(load("coval")) == 1


def test_pin_refuses_a_changed_file_and_an_unknown_key(hub, toml, asked_for):
    before = toml.read_bytes()
    (hub / "comparisons.jsonl").write_bytes(b"{}\n")
    code, output = run("pin", "coval")
    assert code == 2
    assert "has SHA-256" in output
    code, output = run("pin", "covla")
    assert code == 2
    assert "no such source; choose one of gsm8k, gpqa" in output
    assert toml.read_bytes() == before


def test_pin_says_when_the_hub_is_not_reached(toml):
    code, output = run("pin", "coval")
    assert code == 4
    assert "dataset 'coval' (openai/coval) could not be fetched: the Hub was not reached" in output


def test_help_shows_an_example():
    assert "Example: pin coval" in run("pin", "--help")[1]
