"""The folder of a site: names that are refused, what is pruned, what is left alone, how a build goes on."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.pages.site import DataFile
from interplay.leaderboard.writing import MARKER, Writer, claim, refuse_foreign_folder
from interplay.tasks.mistakes import UserMistake

NAMES = st.lists(st.sampled_from(["a", "b", "c.html"]), min_size=1, max_size=3).map(tuple)


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def folders(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_dir()}


@pytest.mark.parametrize(
    "name", ["", ".", "..", "/etc/x", "../x", "a/../x", "a/./x", "a//x", "a/", "a/..", "data/../../x"]
)
def test_a_name_that_is_no_plain_path_is_refused_and_nothing_is_written(name: str, tmp_path: Path) -> None:
    out = tmp_path / "site"
    with pytest.raises(UserMistake) as caught:
        Writer(out).put(name, b"x")
    assert str(caught.value) == f"{name}: no name of a file of a site; correct the entry that asks for it."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a", "a/b", "...", "a/..b", "a/.b", "é/ x"])
def test_a_plain_path_is_written_below_the_folder(name: str, tmp_path: Path) -> None:
    file = Writer(tmp_path).put(name, b"x")
    assert contents(tmp_path) == {name: b"x"}
    assert file == DataFile(name, 1, hashlib.sha256(b"x").hexdigest())


@settings(max_examples=15)
@given(st.dictionaries(NAMES, st.binary(max_size=6)), st.dictionaries(NAMES, st.binary(max_size=6)))
def test_after_pruning_the_folder_holds_the_site_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory,
    first: dict[tuple[str, ...], bytes],
    second: dict[tuple[str, ...], bytes],
) -> None:
    """Also where the builds were of quite different sites. Every name ends with `.x`, so none is a folder."""
    out = tmp_path_factory.mktemp("site")
    for files in (first, second):
        writer = Writer(out)
        for parts, content in files.items():
            writer.put("/".join(parts) + ".x", content)
        before = {"/".join(parts) + ".x": content for parts, content in files.items()}
        writer.prune()
        assert contents(out) == before
        assert folders(out) == {parent for name in before for parent in parents(name)}
        assert set(writer.files) == set(before)


def parents(name: str) -> list[str]:
    steps = name.split("/")[:-1]
    return ["/".join(steps[: i + 1]) for i in range(len(steps))]


def test_kept_files_belong_to_the_site_and_others_go_with_their_folders(tmp_path: Path) -> None:
    old = Writer(tmp_path)
    kept = old.put("entries/a/index.html", b"a")
    old.put("entries/b/index.html", b"b")
    old.put("badges/b.svg", b"b")
    writer = Writer(tmp_path)
    writer.keep([kept])
    writer.prune()
    assert contents(tmp_path) == {"entries/a/index.html": b"a"}
    assert folders(tmp_path) == {"entries", "entries/a"}
    assert writer.changed == 0


def test_the_folder_itself_stays_when_nothing_is_left_in_it(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text("x")
    Writer(tmp_path).prune()
    assert list(tmp_path.iterdir()) == []
    assert tmp_path.is_dir()


def test_what_an_earlier_build_wrote_is_forgotten_and_what_others_put_there_stays(tmp_path: Path) -> None:
    first = Writer(tmp_path)
    for name in ("a.html", "b.html", "c.html"):
        first.put(name, b"x")
    (tmp_path / "d.html").write_text("somebody else's")
    (tmp_path / "b.html").unlink()
    second = Writer(tmp_path)
    second.put("a.html", b"y")
    second.forget(first.files)
    assert contents(tmp_path) == {"a.html": b"y", "d.html": b"somebody else's"}


def test_whether_a_file_is_there_is_asked_of_its_bytes(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    file = writer.put("a/x.html", b"one")
    assert writer.has(file)
    (tmp_path / "a/x.html").write_bytes(b"two")
    assert not writer.has(file)
    (tmp_path / "a/x.html").unlink()
    assert not writer.has(file)
    (tmp_path / "a/x.html").mkdir()
    assert not writer.has(file)


def test_a_full_build_writes_all_and_another_only_what_differs(tmp_path: Path) -> None:
    files = {"a": b"1", "b/c": b"2"}
    for full, changed in ((False, 2), (False, 0), (True, 2)):
        writer = Writer(tmp_path, full=full)
        for name, content in files.items():
            writer.put(name, content)
        assert writer.changed == changed


def test_a_folder_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("two years")
    with pytest.raises(UserMistake) as caught:
        refuse_foreign_folder(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: holds files that are not of a built site; give an empty or a new folder."
    )
    with pytest.raises(UserMistake) as caught:
        refuse_foreign_folder(thesis)
    assert str(caught.value) == f"{thesis}: is a file; give a folder for the site."
    assert thesis.read_text() == "two years"


@pytest.mark.parametrize("files", [(), (MARKER,), (MARKER, "index.html")], ids=["empty", "begun", "built"])
def test_an_empty_folder_and_that_of_a_site_are_taken(files: tuple[str, ...], tmp_path: Path) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    refuse_foreign_folder(tmp_path)


def test_a_new_folder_is_taken_and_a_folder_named_like_the_mark_is_no_site(tmp_path: Path) -> None:
    refuse_foreign_folder(tmp_path / "new")
    assert not (tmp_path / "new").exists()
    (tmp_path / "other" / MARKER).mkdir(parents=True)
    with pytest.raises(UserMistake, match="not of a built site"):
        refuse_foreign_folder(tmp_path / "other")


def test_a_claimed_folder_can_be_gone_on_with_and_its_list_is_never_emptied(tmp_path: Path) -> None:
    out = tmp_path / "site"
    claim(out)
    assert contents(out) == {MARKER: b""}
    refuse_foreign_folder(out)
    (out / MARKER).write_bytes(b'{"files": []}')
    claim(out)
    assert contents(out) == {MARKER: b'{"files": []}'}
