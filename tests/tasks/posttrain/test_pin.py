"""The command that pins: what it asks, what it writes, and what it refuses."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain import pin
from interplay.tasks.posttrain.grid import GRID, Template, load_grid
from interplay.tasks.posttrain.pin import main, place_template, place_templates, repo_of


def test_every_open_revision_is_asked_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, bool]] = []

    def revision(repo: str, *, dataset: bool) -> str:
        asked.append((repo, dataset))
        return "a" * 40

    monkeypatch.setattr(pin, "revision_of", revision)
    out = tmp_path / "pins.yaml"
    images = ["--agent-image", "a@sha256:1", "--verifier-image", "v@sha256:2"]
    result = CliRunner().invoke(main, ["pin", "--out", str(out), *images])
    assert result.exit_code == 0, result.output
    assert len(asked) == len(set(asked))
    assert {("Qwen/Qwen3-1.7B-Base", False), ("math-ai/aime26", True)} <= set(asked)
    pinned = load_grid(GRID, out)
    still = ["templates.qwen3", "templates.smollm", "templates.gemma3"]
    assert all(sorted(pinned.unpinned(version)) == sorted(still) for version in pinned.versions)
    assert "still open: templates.qwen3" in result.output
    assert pinned.targets["gsm8k"].items == 1319


def test_an_image_without_digest_is_refused_and_nothing_written(tmp_path: Path) -> None:
    out = tmp_path / "pins.yaml"
    result = CliRunner().invoke(main, ["pin", "--out", str(out), "--agent-image", "agent:latest"])
    assert result.exit_code == 2
    assert "give it by digest" in result.output
    assert not out.exists()


def test_no_network_is_said_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    result = CliRunner().invoke(main, ["pin", "--out", str(tmp_path / "p.yaml")])
    assert result.exit_code == 4
    assert "the hub could not be asked" in result.output


def test_repositories_behind_open_names() -> None:
    assert repo_of(load_grid(), "bases.gemma3-4b.reference_revision") == ("google/gemma-3-4b-it", False)
    assert repo_of(load_grid(), "targets.aime2025.twin.source.revision") == ("math-ai/aime26", True)


def templates(**hashes: str | None) -> Mapping[str, Template]:
    return {name: Template(sha256=digest) for name, digest in hashes.items()}


def test_a_template_is_taken_only_with_its_hash(tmp_path: Path) -> None:
    (tmp_path / "t").write_text("{{ messages }}")
    with pytest.raises(UserMistake, match="not ddd80c77; take the file of commit 9082063"):
        place_template(load_grid(), f"qwen3={tmp_path / 't'}", tmp_path)
    with pytest.raises(UserMistake, match="template=llama: choose one of qwen3"):
        place_template(load_grid(), "llama=x", tmp_path)
    with pytest.raises(UserMistake, match="there is no such file"):
        place_template(load_grid(), "qwen3=nowhere", tmp_path)
    grid = load_grid().model_copy(update={"templates": templates(own=None)})
    assert place_template(grid, f"own={tmp_path / 't'}", tmp_path).read_text() == "{{ messages }}"


def test_templates_are_found_in_a_folder_by_their_hash(tmp_path: Path) -> None:
    source, out = tmp_path / "checkout" / "deep", tmp_path / "out"
    source.mkdir(parents=True)
    out.mkdir()
    for name in ("one", "two"):
        (source / f"{name}.jinja").write_text(f"{{{{ {name} }}}}")
    known = sha256(b"{{ two }}").hexdigest()[:8]
    grid = load_grid().model_copy(update={"templates": templates(qwen3=known, smollm="0" * 8)})
    assert place_templates(grid, tmp_path / "checkout", out) == [out / "qwen3.jinja"]
    assert (out / "qwen3.jinja").read_text() == "{{ two }}"
    (source / "two.jinja").unlink()
    with pytest.raises(UserMistake, match="no template of the grid lies below it; give a checkout of commit"):
        place_templates(grid, tmp_path / "checkout", out)
    with pytest.raises(UserMistake, match="there is no such folder; give a folder, or FAMILY=FILE"):
        place_templates(grid, tmp_path / "nowhere", out)
