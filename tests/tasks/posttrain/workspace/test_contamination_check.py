"""The overlap check that an agent runs on its files: every kind of file, every sentence, every exit code."""

import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.posttrain.grid import FOLDER

QUESTION = "How many red pens does Ana give to her two brothers ?"
CLEAN = "The weather over the northern hills was mild that year ."


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tool as it lies in a workspace, with a copy of the test beside it."""
    spec = importlib.util.spec_from_file_location("checker", FOLDER / "workspace" / "contamination_check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "TEST_DATA", tmp_path / "test_data.json")
    (tmp_path / "test_data.json").write_text(json.dumps([{"question": QUESTION, "answer": "six pens each"}]))
    monkeypatch.chdir(tmp_path)
    return module


def placed(tool: ModuleType, name: str, content: str | bytes) -> list[tuple[int, str]]:
    path = Path(name)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(tool.texts_of(path))


FILES: dict[str, tuple[str, list[tuple[int, str]]]] = {
    "a.jsonl": ('{"q": "one", "n": 2}\n\n["three", {"x": "four"}]\r\n', [(1, "one 2"), (3, "three four")]),
    "b.json": ('[{"q": "one"}, "two"]', [(1, "one"), (2, "two")]),
    "c.json": ('{"q": "one", "a": ["two"]}', [(1, "one two")]),
    "d.csv": ('q,a\n"one, two",three\n', [(1, "q a"), (2, "one, two three")]),
    "e.csv": ('q,a\n"one\ntwo",three\nfour,five\n', [(1, "q a"), (2, "one\ntwo three"), (3, "four five")]),
    "f.py": ("x = 'one'\n\ny = f'two {x}'\n# 'three'\n", [(1, "one"), (3, "two ")]),
    "g.txt": ("one\ntwo\n", [(1, "one"), (2, "two")]),
    "h.md": ("# one\n", [(1, "# one")]),
    "README": ("one", [(1, "one")]),
    "I.JSONL": ('{"q": "one"}', [(1, "one")]),
}


@pytest.mark.parametrize("name", FILES)
def test_records_have_the_number_of_their_line_or_row(tool: ModuleType, name: str) -> None:
    content, expected = FILES[name]
    assert placed(tool, name, content) == expected


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"], ids=["line", "paragraph", "next line"])
def test_honest_lines_with_marks_of_unicode_are_read(tool: ModuleType, mark: str) -> None:
    """Texts of the web hold such marks; JSON allows them in a string, and no line ends there."""
    lines = "".join(json.dumps({"q": f"one{mark}two"}, ensure_ascii=False) + "\n" for _ in range(2))
    assert placed(tool, "a.jsonl", lines) == [(1, f"one{mark}two"), (2, f"one{mark}two")]


def test_a_question_over_two_lines_of_a_table_is_found(
    tool: ModuleType, capsys: pytest.CaptureFixture
) -> None:
    first, _, second = QUESTION.partition(" does ")
    Path("t.csv").write_text(f'id,text\n1,"{first} does\n{second}"\n', encoding="utf-8")
    assert tool.main(["t.csv"]) == 1
    assert capsys.readouterr().out.startswith("t.csv:2: overlaps with the test: 1 How many red pens does")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.jsonl", b"{", "cannot be read (Expecting property name"),
        ("b.json", b"", "cannot be read (Expecting value"),
        ("c.py", b"def (", "cannot be read (invalid syntax"),
        ("d.txt", b"\xff\xfe", "cannot be read ('utf-8' codec can't decode"),
        ("e.pkl", b"\x80", "cannot check .pkl files; save the data as jsonl."),
        ("f.parquet", b"PAR1", "cannot be read ("),
        ("g.arrow", b"nothing", "cannot be read ("),
        ("h.jsonl", b"[" * 200_000, "cannot be read ("),
        ("i.csv", b'a,"' + b"x" * 200_000 + b'"', "cannot be read (field larger than field limit"),
    ],
)
def test_what_cannot_be_read_is_said_and_ends_with_two(
    tool: ModuleType, capsys: pytest.CaptureFixture, name: str, content: bytes, says: str
) -> None:
    Path(name).write_bytes(content)
    assert tool.main([name]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"contamination_check: {name}: {says}")


def test_a_missing_file_is_said_even_behind_a_good_one(
    tool: ModuleType, capsys: pytest.CaptureFixture
) -> None:
    Path("a.txt").write_text(QUESTION, encoding="utf-8")
    assert tool.main(["a.txt", "nowhere.txt"]) == 2
    assert capsys.readouterr() == (
        "",
        "contamination_check: nowhere.txt: cannot be read ([Errno 2] No such file or directory: "
        "'nowhere.txt'); repair or convert it.\n",
    )


def test_without_pyarrow_a_table_is_said_to_need_it(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(
        tool.Unreadable, match=r"^a\.parquet: pyarrow is not installed; save the data as jsonl"
    ):
        placed(tool, "a.parquet", b"")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("abc", max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("k", max_size=1), inner, max_size=2),
    max_leaves=10,
)


def words(value: object) -> list[str]:
    if isinstance(value, dict):
        return [word for member in value.values() for word in words(member)]
    if isinstance(value, list):
        return [word for member in value for word in words(member)]
    return [] if value in (None, "") or isinstance(value, bool) else [str(value)]


@settings(max_examples=50)
@given(json_values)
def test_a_record_is_all_its_texts_and_numbers_in_order(value: object) -> None:
    spec = importlib.util.spec_from_file_location("checker", FOLDER / "workspace" / "contamination_check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.flat(value).split() == words(value)


def test_lines_that_overlap_are_shown_and_the_exit_code_is_one(
    tool: ModuleType, capsys: pytest.CaptureFixture
) -> None:
    Path("a.txt").write_text(f"{CLEAN}\n{QUESTION} {'and so on ' * 40}\n", encoding="utf-8")
    Path("b.jsonl").write_text(json.dumps({"text": CLEAN}), encoding="utf-8")
    assert tool.main(["a.txt", "b.jsonl"]) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert first == f"a.txt:2: overlaps with the test: {f'{QUESTION} ' + 'and so on ' * 40}"[: len(first)]
    assert len(first) == len("a.txt:2: overlaps with the test: ") + 160
    assert last == "1 of 3 records overlap"


def test_a_clean_file_ends_with_nought(tool: ModuleType, capsys: pytest.CaptureFixture) -> None:
    Path("a.txt").write_text(CLEAN, encoding="utf-8")
    Path("empty.jsonl").touch()
    assert tool.main(["a.txt", "empty.jsonl"]) == 0
    assert capsys.readouterr().out == "0 of 1 records overlap\n"


@pytest.mark.parametrize("n", [100, 101, 103])
def test_of_many_hits_the_first_hundred_are_shown(
    tool: ModuleType, capsys: pytest.CaptureFixture, n: int
) -> None:
    Path("a.txt").write_text(f"{QUESTION}\n" * n, encoding="utf-8")
    assert tool.main(["a.txt"]) == 1
    *shown, last = capsys.readouterr().out.splitlines()
    assert last == f"{n} of {n} records overlap"
    more = [] if n == 100 else [f"... and {n - 100} more"]
    assert shown[100:] == more
    assert shown[99].startswith("a.txt:100: ")


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["-h"], 0), (["--help"], 0)])
def test_help_is_the_docstring(
    tool: ModuleType, capsys: pytest.CaptureFixture, arguments: list[str], code: int
) -> None:
    assert tool.main(arguments) == code
    assert capsys.readouterr().out.startswith("Tell which lines of training files overlap with the test")


Ask = Callable[..., object]


def with_host(tool: ModuleType, monkeypatch: pytest.MonkeyPatch, answer: Ask) -> None:
    """No copy of the test, and a host that answers so."""
    tool.TEST_DATA.unlink()
    service = SimpleNamespace(call_interplay_feedback=answer)
    monkeypatch.setitem(sys.modules, tool.SERVICE, service)  # type: ignore[arg-type]
    monkeypatch.setattr(sys, "path", [*sys.path])


def test_where_the_test_is_sealed_the_host_is_asked_in_parts(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    asked: list[list[str]] = []

    def answer(method: str, texts: list[str]) -> list[bool]:
        assert method == "overlap"
        asked.append(texts)
        return [text == "line 4" for text in texts]

    with_host(tool, monkeypatch, answer)
    monkeypatch.setattr(tool, "TEXTS_AT_ONCE", 2)
    monkeypatch.setenv("INTERPLAY_FEEDBACK_INSTANCE", "cell-7")
    Path("a.txt").write_text("".join(f"line {i}\n" for i in range(1, 6)), encoding="utf-8")
    assert tool.main(["a.txt"]) == 1
    assert asked == [["line 1", "line 2"], ["line 3", "line 4"], ["line 5"]]
    assert capsys.readouterr().out.splitlines()[0] == "a.txt:4: overlaps with the test: line 4"
    assert sys.path[-1] == "/var/tmp/sandbox-services/interplay_feedback/cell-7"


@pytest.mark.parametrize("answer", [{"error": "no time left"}, [True], None, "yes"])
def test_a_host_that_does_not_check_leaves_no_file_clean(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, answer: object
) -> None:
    with_host(tool, monkeypatch, lambda method, texts: answer)
    Path("a.txt").write_text("one\ntwo\n", encoding="utf-8")
    assert tool.main(["a.txt"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"contamination_check: the host did not check the texts ({answer}); try again.\n"
