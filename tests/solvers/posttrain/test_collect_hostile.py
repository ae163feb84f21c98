"""Workspaces that are made to stop the collection: each is collected, and what was left out is told."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from interplay.solvers import posttrain_collect
from interplay.solvers.posttrain_caches import SHINGLE_WORDS, SKETCH_VALUES, readable, sketch
from interplay.solvers.posttrain_collect import hashes, is_result, main, refusal, remove, without_code
from interplay.tasks.posttrain.bundle import Bundle

DEEP = "[" * 200_000


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    (folder / "final_model").mkdir(parents=True)
    (folder / "final_model" / "model.safetensors").write_bytes(b"weights")
    (folder / "train.py").write_text("print(1)")
    return folder


def played(*words: str) -> dict[str, Any]:
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == 0, result.exception
    return json.loads(result.output.splitlines()[-1])


def collected(workspace: Path) -> Bundle:
    """The bundle of a workspace, verified as its readers do."""
    out = workspace.parent / "bundle"
    facts = workspace.parent / "facts.json"
    copied = played("copy", "--workspace", str(workspace), "--out", str(out))
    facts.write_text(json.dumps(copied))
    named = ("--bundle", str(out), "--cell", "m_code__mini-0", "--exit", "finished", "--facts", str(facts))
    played("seal", *named)
    return Bundle.open(out)


def dropped(bundle: Bundle) -> dict[str, str]:
    return {item.path: item.reason for item in bundle.manifest.dropped}


def odd(folder: Path, name: bytes, content: bytes = b"x") -> None:
    """A file whose name is these bytes."""
    with open(os.path.join(os.fsencode(folder), name), "wb") as file:
        file.write(content)


class TestNames:
    @pytest.mark.parametrize("place", ["final_model", "."], ids=["deliverable", "workspace"])
    def test_a_name_that_is_no_text_does_not_make_the_bundle_unreadable(self, workspace: Path, place: str):
        odd(workspace / place, b"\xff.txt")
        bundle = collected(workspace)
        assert bundle.paths("") == ["final_model/model.safetensors", "workspace/train.py"]
        below = "final_model" if place == "final_model" else "workspace"
        assert dropped(bundle) == {f"{below}/?.txt": "not to be read: UnicodeEncodeError"}

    def test_a_folder_with_such_a_name_is_left_out_file_by_file(self, workspace: Path):
        os.mkdir(os.path.join(os.fsencode(workspace), b"\xfe"))
        odd(workspace, b"\xfe/a.txt")
        odd(workspace, b"\xfe/b.txt")
        assert set(dropped(collected(workspace))) == {"workspace/?/a.txt", "workspace/?/b.txt"}

    def test_refused_files_with_such_a_name_are_told_by_their_kind(self, workspace: Path):
        odd(workspace / "final_model", b"\xff.py")
        os.symlink("/etc/passwd", os.path.join(os.fsencode(workspace), b"\xff"))
        told = dropped(collected(workspace))
        assert told["final_model/?.py"].startswith("code: ")
        assert told["workspace/?"] == "a link"

    def test_results_and_weights_with_such_a_name_are_told_as_well(self, workspace: Path):
        odd(workspace, b"\xff_metrics.json")
        odd(workspace, b"\xff.safetensors")
        copied = played("copy", "--workspace", str(workspace), "--out", str(workspace.parent / "bundle"))
        assert copied["forged"] == ["?_metrics.json"]
        assert [item["path"] for item in copied["large"]] == ["workspace/?.safetensors"]

    @pytest.mark.parametrize(
        "name",
        ["a b.txt", "a\nb.txt", "مرحبا.txt", "<script>.txt", "..x.txt", "'\".txt", "\u202e.txt", "x" * 200],
    )
    def test_every_other_name_is_taken_as_it_is(self, workspace: Path, name: str):
        (workspace / name).write_text("x")
        bundle = collected(workspace)
        assert f"workspace/{name}" in bundle.paths("workspace/")
        assert bundle.manifest.dropped == ()

    @pytest.mark.parametrize(
        ("name", "shown"), [("a", "a"), ("\udcff", "?"), ("é\udc80.txt", "é?.txt"), ("", "")]
    )
    def test_names_are_written_down_as_text(self, name: str, shown: str):
        assert readable(name) == shown


class TestContents:
    @pytest.mark.parametrize(
        "content",
        [DEEP.encode(), b"\xff\xfe", b"", b"null", b'{"a": ' + b"9" * 5_000 + b"}", b"[1, 2]", b'"auto_map"'],
        ids=["nested", "no text", "empty", "null", "long number", "list", "text"],
    )
    def test_json_that_cannot_be_read_is_copied_as_it_is(self, workspace: Path, content: bytes):
        (workspace / "final_model" / "config.json").write_bytes(content)
        bundle = collected(workspace)
        assert bundle.read("final_model/config.json") == content
        assert bundle.manifest.dropped == ()

    def test_code_is_taken_out_of_a_config_and_all_else_stays(self):
        content, stripped = without_code(b'{"b": [1.0, NaN], "auto_map": {"x": "y"}, "a": "\xc3\xa9\\ud800"}')
        assert stripped
        assert json.loads(content, parse_constant=str) == {"b": [1.0, "NaN"], "a": "é\ud800"}

    @given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=4))
    def test_a_config_without_code_keeps_its_bytes(self, fields):
        raw = json.dumps({k: v for k, v in fields.items() if k != "auto_map"}, indent=3).encode()
        assert without_code(raw) == (raw, False)

    @pytest.mark.parametrize("broken", ["final_model/model.safetensors", "train.py"])
    def test_a_file_that_cannot_be_opened_is_told_and_the_rest_is_taken(
        self, workspace: Path, broken: str, monkeypatch: pytest.MonkeyPatch
    ):
        """As one whose rights its owner took away, where the collection runs as the same user."""
        copy = posttrain_collect.copy_bytes

        def refuse(source: Path, target: Path) -> None:
            if source == workspace / broken:
                raise PermissionError(13, "Permission denied")
            copy(source, target)

        monkeypatch.setattr(posttrain_collect, "copy_bytes", refuse)
        bundle = collected(workspace)
        name = broken if broken.startswith("final_model") else f"workspace/{broken}"
        assert dropped(bundle) == {name: "not to be read: PermissionError"}
        assert len(bundle.paths("")) == 1

    def test_a_given_file_that_cannot_be_read_has_no_hash(
        self, workspace: Path, monkeypatch: pytest.MonkeyPatch
    ):
        known = hashlib.sha256(b"print(1)").hexdigest()
        found = hashes(workspace, ["train.py", "gone.py", "final_model"])
        assert found == {"train.py": known, "gone.py": None, "final_model": None}

        def refuse(path: Path):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(posttrain_collect, "file_record", refuse)
        assert hashes(workspace, ["train.py"]) == {"train.py": None}


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("model.safetensors", None),
            ("config.json", None),
            ("chat.jinja", None),
            ("README.txt", None),
            ("tokenizer.model", None),
            ("other.model", "other file"),
            ("a.py", "code"),
            ("a.bin", "pickle"),
            ("a.pt", "pickle"),
            ("a.pth", "pickle"),
            ("a.pkl", "pickle"),
            ("README.md", "other file"),
            ("noending", "other file"),
            (".json", "other file"),
            ("a.JSON", "other file"),
            ("a.safetensors.bak", "other file"),
        ],
    )
    def test_of_a_deliverable_only_weights_json_templates_and_text_are_taken(
        self, tmp_path: Path, name, reason
    ):
        (tmp_path / name).write_text("x")
        found = refusal(tmp_path / name)
        rest = "only weights, JSON, templates and text are taken"
        assert found == (None if reason is None else f"{reason}: {rest}")

    @pytest.mark.parametrize(
        ("name", "holds"),
        [
            ("metrics.json", True),
            ("my_verdict_2.json", True),
            ("metrics.jsonl", False),
            ("Metrics.json", False),
            ("verdict", False),
        ],
    )
    def test_results_are_told_by_their_names(self, tmp_path: Path, name: str, holds: bool):
        (tmp_path / name).write_text("{}")
        assert is_result(tmp_path / name) is holds

    def test_what_an_interrupted_copy_left_is_removed_and_links_are_not_followed(self, tmp_path: Path):
        outside = tmp_path / "outside"
        outside.mkdir()
        (outside / "kept.txt").write_text("kept")
        left = tmp_path / "bundle" / "deep"
        left.mkdir(parents=True)
        (left / "a").write_text("x")
        (left / "link").symlink_to(outside)
        (left / "file").symlink_to(outside / "kept.txt")
        remove(tmp_path / "bundle")
        remove(tmp_path / "bundle")
        assert not (tmp_path / "bundle").exists()
        assert (outside / "kept.txt").read_text() == "kept"


class TestSketch:
    def of(self, folder: Path, content: bytes, name: str = "a.jsonl") -> list[int]:
        (folder / name).write_bytes(content)
        return sketch(folder / name)

    def test_weights_and_short_texts_have_none(self, tmp_path: Path):
        assert self.of(tmp_path, b"a b c d e f g", "a.safetensors") == []
        assert self.of(tmp_path, b"") == []
        assert self.of(tmp_path, b"one two three") == []

    @settings(max_examples=20)
    @given(
        st.lists(st.sampled_from(["a", "bb", "ccc", "dd", "e", "f1"]), min_size=SHINGLE_WORDS, max_size=200)
    )
    def test_it_is_sorted_bounded_and_blind_to_white_space(self, tmp_path_factory, words):
        folder = tmp_path_factory.mktemp("sketch")
        found = self.of(folder, " ".join(words).encode())
        assert found == sorted(set(found))
        assert 0 < len(found) <= SKETCH_VALUES
        assert all(0 <= value < 2**32 for value in found)
        assert self.of(folder, "\n\t".join(words).encode()) == found

    @settings(max_examples=30)
    @given(
        st.lists(st.sampled_from(["a ", "bb ", "ccc\n", "dd", " "]), max_size=40).map("".join),
        st.integers(4, 9),
    )
    def test_every_shingle_counts_wherever_the_file_is_cut(self, tmp_path_factory, text: str, block: int):
        words = text.split()
        assume(max(map(len, words), default=0) < block)
        shingles = {" ".join(words[at : at + 5]).encode() for at in range(len(words) - 4)}
        hashes = {int.from_bytes(hashlib.blake2b(one, digest_size=4).digest(), "big") for one in shingles}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("interplay.solvers.posttrain_caches.BLOCK", block)
            assert self.of(tmp_path_factory.mktemp("sketch"), text.encode()) == sorted(hashes)

    def test_a_word_without_end_is_read_in_parts(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("interplay.solvers.posttrain_caches.BLOCK", 4)
        assert self.of(tmp_path, b"x" * 100)
