"""Viewers of transcripts: what is in them, what never is, and the links to them."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from interplay.leaderboard import viewers
from interplay.leaderboard.boards import load_boards
from interplay.leaderboard.build import build_site
from interplay.leaderboard.canonical import canonical_bytes
from interplay.leaderboard.cli import program
from interplay.leaderboard.entries import LOGS
from interplay.leaderboard.schema import Entry
from interplay.leaderboard.viewers import viewer_name
from tests.tampered.make import Forgery


@pytest.fixture
def public(honest: Path, tmp_path: Path) -> Forgery:
    forgery = Forgery(honest, tmp_path / "public")
    forgery.public()
    return forgery


@pytest.fixture
def downloads(public: Forgery, tmp_path: Path) -> Path:
    folder = tmp_path / "downloads"
    folder.mkdir()
    for pointer in public.entry["logs"]:
        name = pointer["uri"].rsplit("/", 1)[-1]
        shutil.copy(public.root / LOGS / name, folder / f"{pointer['sha256']}.eval")
    return folder


def transcripts(public: Forgery, *words: str, token: str | None = None) -> Result:
    command = ["maintain", "transcripts", public.path.stem, "--root", str(public.root), *words]
    return CliRunner().invoke(program, command, env={"HF_TOKEN": token})


def hashes(public: Forgery) -> list[str]:
    return [pointer["sha256"] for pointer in public.entry["logs"]]


@pytest.mark.parametrize(
    ("created", "name"),
    [
        ("2026-01-01T00:00:00Z", "interplay-transcripts-2026q1"),
        ("2026-03-31T23:59:59Z", "interplay-transcripts-2026q1"),
        ("2026-04-01T00:00:00Z", "interplay-transcripts-2026q2"),
        ("2027-12-31T00:00:00Z", "interplay-transcripts-2027q4"),
    ],
)
def test_quarters(created: str, name: str) -> None:
    assert viewer_name(created) == name


def test_a_viewer_holds_the_logs_of_its_quarter_and_again_after_the_next_entry(
    public: Forgery, downloads: Path, tmp_path: Path
) -> None:
    words = ("--logs", str(downloads), "--to", str(tmp_path / "viewers"))
    assert transcripts(public, *words).exit_code == 0
    done = transcripts(public, *words)  # in place of the first
    assert done.exit_code == 0, done.output
    viewer = tmp_path / "viewers" / viewer_name(public.entry["created"])
    assert done.output.splitlines()[-1] == f"{len(hashes(public))} logs in {viewer}"
    assert sorted(path.stem for path in (viewer / "logs").glob("*.eval")) == sorted(hashes(public))
    told = json.loads(transcripts(public, *words, "--json").stdout)
    assert told == {"entry_id": public.path.stem, "viewer": str(viewer), "logs": len(hashes(public))}


def test_logs_of_private_boards_and_of_the_site_itself_are_in_none(
    honest: Path, public: Forgery, downloads: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "viewers"
    own = Forgery(honest, tmp_path / "own")  # its logs lie in the repository
    done = transcripts(own, "--logs", str(downloads), "--to", str(target))
    assert "no public logs to show yet" in done.output
    boards = {"mazes-pair": "private"}
    known = load_boards()
    hidden = {
        name: board.model_copy(update={"transcripts": boards.get(name, board.transcripts)})
        for name, board in known.items()
    }
    monkeypatch.setattr(viewers, "load_boards", lambda: hidden)
    done = transcripts(public, "--logs", str(downloads), "--to", str(target))
    assert "no public logs to show yet" in done.output
    assert not target.exists()


def test_a_withdrawal_takes_the_logs_out_and_the_links_away(
    public: Forgery, downloads: Path, tmp_path: Path
) -> None:
    words = ("--logs", str(downloads), "--to", str(tmp_path / "viewers"))
    assert transcripts(public, *words).exit_code == 0
    command = ["evidence", "withdraw", public.path.stem, "--root", str(public.root)]
    done = CliRunner().invoke(program, [*command, "--reason", "The submitter asked for it."])
    assert done.exit_code == 0, done.output
    viewer = tmp_path / "viewers" / viewer_name(public.entry["created"])
    done = transcripts(public, *words)
    assert done.exit_code == 1
    assert f"{viewer}: all that it showed is withdrawn; delete it." in done.output
    # beside another entry of the quarter the rest is bundled anew
    other: dict[str, Any] = public.entry | {"entry_id": public.path.stem[:-8] + "0" * 8}
    other["logs"] = other["logs"][:1]
    beside = public.path.with_name(f"{other['entry_id']}.json")
    beside.write_bytes(canonical_bytes(other))
    assert transcripts(public, *words).exit_code == 0
    assert [path.stem for path in viewer.rglob("*.eval")] == [other["logs"][0]["sha256"]]
    beside.unlink()
    build_site(public.root, tmp_path / "site", transcripts="acme")
    page = (tmp_path / "site" / "entries" / public.path.stem / "index.html").read_text(encoding="utf-8")
    assert "hf.space" not in page


def test_a_log_of_the_crisis_file_is_in_none(public: Forgery) -> None:
    entry = Entry.model_validate_json(public.path.read_bytes())
    crisis = entry.logs[0].model_copy(update={"task": "interplay/deescalation_crisis"})
    assert viewers.shown_logs(entry) == entry.logs
    assert viewers.shown_logs(entry.model_copy(update={"logs": (crisis, *entry.logs[1:])})) == entry.logs[1:]


def test_what_cannot_be_bundled_is_told_and_nothing_is_written(
    public: Forgery, downloads: Path, tmp_path: Path
) -> None:
    target = str(tmp_path / "viewers")
    (downloads / f"{hashes(public)[0]}.eval").write_bytes(b"another")
    for words, said in (
        (["--logs", str(downloads), "--to", target], "is absent or another file"),
        (["--to", target], "give --logs FOLDER, or --dataset ORG/NAME."),
        (["--dataset", "acme", "--to", target], "--dataset acme: give a data set as ORG/NAME."),
        (["--dataset", "acme/logs", "--to", "hf/"], "--to is empty: give an organisation"),
        (["--dataset", "acme/logs", "--to", "hf/acme"], "--to hf/acme: set HF_TOKEN to a token"),
    ):
        done = transcripts(public, *words)
        assert done.exit_code == 2, done.output
        assert said in done.output
    assert not Path(target).exists()


def test_an_entry_links_to_its_transcripts_where_an_organisation_shows_them(
    public: Forgery, tmp_path: Path
) -> None:
    page = f"entries/{public.path.stem}/index.html"
    build_site(public.root, tmp_path / "site")
    before = (tmp_path / "site" / page).read_text(encoding="utf-8")
    assert "hf.space" not in before
    done = CliRunner().invoke(
        program,
        ["build", "--root", str(public.root), "--out", str(tmp_path / "site"), "--transcripts", "Acme-AI"],
    )
    assert done.exit_code == 0, done.output
    html = (tmp_path / "site" / page).read_text(encoding="utf-8")
    found = re.findall(r'href="(https://[^"]+hf\.space[^"]*)"[^>]*>transcript <small>\(opens another', html)
    quarter = viewer_name(public.entry["created"])
    assert found == [
        f"https://acme-ai-{quarter}.static.hf.space/?log_file=logs/{name}.eval" for name in hashes(public)
    ]
    done = CliRunner().invoke(program, ["build", "--root", str(public.root), "--transcripts", "a/b"])
    assert done.exit_code == 2
    assert "--transcripts a/b: give an organisation of the Hugging Face hub." in done.output
