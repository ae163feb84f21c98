"""Rows of data sets: read from a folder, refused with a remedy, and never fetched without a pin."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from datasets.exceptions import DatasetNotFoundError
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, LocalEntryNotFoundError

from interplay.tasks.mistakes import NetworkProblem, NotLoaded, UserMistake
from interplay.tasks.posttrain.grid import Source
from interplay.tasks.posttrain.targets.hub import gated, json_rows, rows_of, text, unreachable

PINNED = Source(repo="owner/set", revision="a" * 40, files=("a.jsonl",))
TABLE = PINNED.model_copy(update={"files": ()})


def http(kind: type[Exception]) -> Exception:
    """An error of the hub as its library raises it."""
    import httpx

    request = httpx.Request("GET", "https://huggingface.co/datasets/owner/set")
    return kind("the hub\n said no", response=httpx.Response(403, request=request))  # type: ignore[call-arg]


def test_files_are_read_one_after_the_other_and_blank_lines_passed_over(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"n": 1}\n\n{"n": 2}\n')
    (tmp_path / "a.jsonl").write_text('[3]\n"four"\n{"n": 5}')
    source = Source(repo=str(tmp_path), files=("b.jsonl", "a.jsonl"))
    assert [row["n"] for row in rows_of(source)] == [1, 2, 5]


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"])
def test_texts_of_a_data_set_may_hold_any_mark_of_unicode(tmp_path: Path, mark: str) -> None:
    row = {"prompt": f"one{mark}two"}
    (tmp_path / "a.jsonl").write_text(f"{json.dumps(row, ensure_ascii=False)}\n" * 2, "utf-8")
    assert list(json_rows(tmp_path / "a.jsonl")) == [row, row]


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", None], ids=["no JSON", "no text", "missing"])
def test_a_file_that_is_none_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "a.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserMistake) as caught:
        rows_of(Source(repo=str(tmp_path), files=("a.jsonl",)))
    assert caught.value.message.startswith(f"posttrain: {path} is no file of JSON lines (")
    assert caught.value.message.endswith("); fetch it again.")


def test_splits_of_a_folder_are_read_as_tables(tmp_path: Path) -> None:
    for split, n in (("train", 1), ("test", 2)):
        (tmp_path / f"{split}.jsonl").write_text(json.dumps({"n": n}))
    source = Source(repo=str(tmp_path), split="test")
    assert [row["n"] for row in rows_of(source)] == [2]
    assert [row["n"] for row in rows_of(source, "train")] == [1]


def test_nothing_is_fetched_without_a_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    for source in (PINNED, TABLE):
        with pytest.raises(NotLoaded) as caught:
            rows_of(source.model_copy(update={"revision": None}))
        assert caught.value.message == (
            "posttrain: owner/set is not pinned; run python -m interplay.tasks.posttrain.cells pin."
        )
        assert caught.value.exit_code == 2


def fails(monkeypatch: pytest.MonkeyPatch, where: str, problem: Exception) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr(where, refuse)


FETCHED: dict[str, tuple[Callable[[], Exception], type[Exception], str]] = {
    "gated": (lambda: http(GatedRepoError), NotLoaded, "owner/set is gated; accept its terms at https://hug"),
    "refused": (lambda: http(HfHubHTTPError), NetworkProblem, "could not be fetched (the hub said no"),
    "not here": (
        lambda: LocalEntryNotFoundError("offline"),
        NetworkProblem,
        "could not be fetched (offline); ",
    ),
    "no disk": (
        lambda: OSError(28, "No space left"),
        NetworkProblem,
        "(\\[Errno 28\\] No space left); check",
    ),
}


@pytest.mark.parametrize("name", FETCHED)
def test_a_file_that_cannot_be_fetched_is_told_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    problem, kind, says = FETCHED[name]
    fails(monkeypatch, "huggingface_hub.hf_hub_download", problem())
    with pytest.raises(kind) as caught:
        rows_of(PINNED)
    assert says.replace("\\", "") in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("problem", "is_gated", "kind", "says"),
    [
        (DatasetNotFoundError("no such set"), True, NotLoaded, "owner/set is gated"),
        (DatasetNotFoundError("no such set"), False, NetworkProblem, "could not be fetched (no such set)"),
        (ConnectionError("no route"), True, NetworkProblem, "could not be fetched (no route)"),
        (ValueError("Unknown split"), False, NetworkProblem, "could not be fetched (Unknown split)"),
    ],
)
def test_a_table_that_cannot_be_fetched_is_told_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, problem: Exception, is_gated: bool, kind: type[Exception], says: str
) -> None:
    fails(monkeypatch, "datasets.load_dataset", problem)
    with pytest.raises(kind) as caught:
        rows_of(TABLE.model_copy(update={"gated": is_gated}))
    assert says in str(caught.value)


def test_the_pinned_commit_is_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[tuple[object, ...]] = []
    (tmp_path / "a.jsonl").write_text('{"n": 1}\n')

    def download(repo: str, name: str, *, repo_type: str, revision: str) -> str:
        asked.append((repo, name, repo_type, revision))
        return str(tmp_path / name)

    monkeypatch.setattr("huggingface_hub.hf_hub_download", download)
    assert rows_of(PINNED) == [{"n": 1}]
    assert asked == [("owner/set", "a.jsonl", "dataset", "a" * 40)]


def test_long_errors_are_cut() -> None:
    assert len(unreachable(PINNED, OSError("x" * 5000)).message) < 300
    assert "HF_TOKEN" in gated(PINNED).message


@pytest.mark.parametrize("value", [None, 3, ["a"], b"a"])
def test_a_column_that_holds_no_text_is_named(value: object) -> None:
    assert text({"q": "", "other": 1}, "q") == ""
    for row in ({"q": value}, {}):
        with pytest.raises(UserMistake, match="a row has no text in column 'q'; pin the data set again"):
            text(row, "q")
