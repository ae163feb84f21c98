"""The crisis file on the leaderboard: rates and mark in an entry, and not a word of an item anywhere."""

import html
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from inspect_ai import eval
from inspect_ai.log import read_eval_log
from pydantic import ValidationError
from statsmodels.stats.proportion import proportion_confint

from interplay.leaderboard.build import build_site
from interplay.leaderboard.canonical import canonical_bytes, entry_id
from interplay.leaderboard.check import check_entry
from interplay.leaderboard.crisis import ArmReplies, judge_words, marks, rate, wilson
from interplay.leaderboard.crisis_figures import CrisisArm, CrisisFigures
from interplay.leaderboard.schema import Entry, LogPointer
from interplay.leaderboard.submit import Refused, prepare, write
from interplay.tasks.deescalation import deescalation, deescalation_crisis
from interplay.tasks.deescalation.crisis import CrisisFile, load_crisis
from interplay.tasks.mistakes import UserMistake

from .commands.test_loop import run
from .conftest import REFERENCE

PLAYER = "careless"
"""Marked: it passes every probe under vanilla and none under nvc_full."""


def set_reviewed(monkeypatch: pytest.MonkeyPatch, reviewed: bool = True) -> None:
    """Makes this process take the file for reviewed."""
    file = CrisisFile(reviewed, load_crisis().items)
    for module in ("leaderboard.crisis", "leaderboard.crisis_apart", "leaderboard.pages.crisis"):
        monkeypatch.setattr(f"interplay.{module}.load_crisis", lambda: file)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Smoke logs of one player: two boards of conversations, and the crisis file in a folder below."""
    folder = tmp_path_factory.mktemp("logs")
    tasks = [
        deescalation(preset="smoke", mode="scripted"),
        deescalation(preset="smoke", mode="live", arms="vanilla"),
    ]
    found = eval(tasks, model=f"reference/{PLAYER}", log_dir=str(folder), display="none")
    crisis = deescalation_crisis(preset="smoke")
    found += eval(crisis, model=f"reference/{PLAYER}", log_dir=str(folder / "crisis"), display="none")
    assert [log.status for log in found] == ["success"] * 3
    return folder


@pytest.fixture(scope="module")
def submitted(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `submit` writes of these logs once the file is reviewed."""
    with pytest.MonkeyPatch.context() as patch:
        set_reviewed(patch)
        out = tmp_path_factory.mktemp("submitted")
        write(prepare([logs], REFERENCE), out)
    return out


def entry_of(out: Path) -> tuple[Path, Entry]:
    (path,) = (out / "leaderboard" / "entries").glob("*.json")
    return path, Entry.model_validate_json(path.read_bytes())


def secrets() -> list[str]:
    """Every message of every item, and how a page or a JSON file would write it."""
    said = [message for item in load_crisis().items for message in item.messages]
    ways: tuple[Callable[[str], str], ...] = (str, html.escape, lambda s: json.dumps(s)[1:-1])
    return sorted({way(message) for message in said for way in ways})


def leaks(folder: Path) -> list[tuple[str, str]]:
    """Files below a folder that hold a message, logs read in full."""
    found: list[tuple[str, str]] = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        is_log = path.suffix == ".eval"
        text = (
            read_eval_log(str(path)).model_dump_json()
            if is_log
            else path.read_bytes().decode(errors="replace")
        )
        found += [(path.name, secret) for secret in secrets() if secret in text]
    return found


class TestPublicPlaces:
    def test_no_message_is_in_a_submission_or_a_built_site(
        self, submitted: Path, logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        set_reviewed(monkeypatch)
        assert leaks(logs), "the search finds what is there"
        assert leaks(submitted) == []
        build_site(submitted, tmp_path / "site")
        assert leaks(tmp_path / "site") == []
        names = [path.name for path in tmp_path.rglob("*.eval")] + [p.name for p in submitted.rglob("*.eval")]
        assert names
        assert not any("crisis" in name for name in names)

    def test_a_mark_is_a_warning_on_the_pages_of_family_model_and_entry(
        self, submitted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        set_reviewed(monkeypatch)
        build_site(submitted, tmp_path / "site")
        for page in (
            "families/deescalation",
            f"models/reference-{PLAYER}",
            f"entries/{entry_of(submitted)[0].stem}",
        ):
            text = (tmp_path / "site" / page / "index.html").read_text("utf-8")
            assert "<b>Crisis file: marked.</b>" in text
            assert "In 2 of the chats that need a safety response" in text
            assert '<th scope="row">nvc_full</th><td class="num">0.00 <small>of 2</small>' in text
            assert "0.34–1.00" in text
            assert "by open patterns" in text
        assert "Crisis file" not in (tmp_path / "site/families/mazes/index.html").read_text("utf-8")

    def test_until_a_review_the_site_shows_no_figure(
        self, submitted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "leaderboard" / "entries").mkdir(parents=True)
        build_site(tmp_path, tmp_path / "site")
        text = (tmp_path / "site/families/deescalation/index.html").read_text("utf-8")
        assert "<b>Not published.</b> No clinician has reviewed the items yet" in text
        set_reviewed(monkeypatch, False)
        with pytest.raises(UserMistake, match="crisis figures of unreviewed items, do not publish;"):
            build_site(submitted, tmp_path / "other")
        assert not (tmp_path / "other").exists()


class TestEntry:
    def test_it_holds_counts_by_arm_the_mark_and_the_hash_of_a_log_it_does_not_point_to(
        self, submitted: Path
    ) -> None:
        entry = entry_of(submitted)[1]
        figures = entry.crisis
        assert figures is not None
        full = CrisisArm(probes=2, passed=2, lookalikes=2, false_alarms=2, unscored=0)
        assert figures.arms["vanilla"] == figures.arms["placebo"] == full
        assert figures.arms["nvc_full"].passed == figures.arms["nvc_full"].false_alarms == 0
        assert (figures.marked, figures.judge) == (("probe-01", "probe-02"), None)
        assert figures.log_sha256 not in {pointer.sha256 for pointer in entry.logs}
        assert len(entry.logs) == 2
        assert {result.board for result in entry.results} == {
            "deescalation-baseline",
            "deescalation-scripted",
        }
        assert entry.roles == {}

    def test_a_check_passes_and_with_the_log_at_hand_recomputes_the_figures(
        self, submitted: Path, logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        set_reviewed(monkeypatch)
        path, entry = entry_of(submitted)
        report = check_entry(path, root=submitted)
        assert report.passed, report.sentences()
        shelf = tmp_path / "shelf"
        shelf.mkdir()
        for file in (*(submitted / "leaderboard" / "logs").iterdir(), *(logs / "crisis").glob("*.eval")):
            (shelf / file.name).write_bytes(file.read_bytes())
        assert check_entry(path, root=submitted, logs=shelf).passed
        better = changed(entry, tmp_path, marked=("probe-01",))
        report = check_entry(better, root=tmp_path, logs=shelf)
        assert [finding.code for finding in report.findings] == ["R07"]

    def test_figures_of_unreviewed_items_or_of_no_lock_are_refused(
        self, submitted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path, entry = entry_of(submitted)
        set_reviewed(monkeypatch, False)
        said = check_entry(path, root=submitted).sentences()
        assert said[0].startswith("S11 crisis figures of unreviewed items. Remedy: submit without the log")
        set_reviewed(monkeypatch)
        wrong = changed(entry, tmp_path, task_digest="0" * 64)
        said = check_entry(wrong, root=tmp_path).sentences()
        assert said[0].startswith("S12 no lock of interplay/deescalation_crisis 1.0.0 has digest 00000000…")
        assert entry.crisis is not None
        fewer = {name: arm for name, arm in entry.crisis.arms.items() if name != "placebo"}
        wrong = changed(entry, tmp_path / "second", arms=fewer)
        said = check_entry(wrong, root=tmp_path / "second").sentences()
        assert said[0].startswith("S12 crisis figures count replies")

    def test_submit_refuses_an_unreviewed_log_and_one_by_itself(
        self, logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        set_reviewed(monkeypatch, False)
        with pytest.raises(
            UserMistake, match=r"\.eval: unreviewed items, do not publish; leave this log out"
        ):
            prepare([logs], REFERENCE)
        set_reviewed(monkeypatch)
        with pytest.raises(
            UserMistake, match="never published by itself; give it with the logs of deescalation"
        ):
            prepare([logs / "crisis"], REFERENCE)
        again = tmp_path / "again.eval"
        again.write_bytes(next((logs / "crisis").glob("*.eval")).read_bytes())
        with pytest.raises(UserMistake, match="a second log of the crisis file"):
            prepare([logs, again], REFERENCE)

    def test_an_altered_log_is_refused(
        self, logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from inspect_ai.log import write_eval_log

        set_reviewed(monkeypatch)
        log = read_eval_log(str(next((logs / "crisis").glob("*.eval"))))
        sample = next(s for s in log.samples or [] if s.id == "probe-01:nvc_full")
        assert sample.scores is not None
        sample.scores["crisis"].value = {"passed": 1.0, "false_alarm": float("nan")}
        write_eval_log(log, str(tmp_path / "better.eval"))
        with pytest.raises(Refused) as refused:
            prepare([*logs.glob("*.eval"), tmp_path / "better.eval"], REFERENCE)
        assert [finding.code for finding in refused.value.report.findings] == ["R03"]

    def test_an_entry_without_figures_reads_as_before_and_a_public_crisis_log_is_no_pointer(
        self, submitted: Path
    ) -> None:
        entry = entry_of(submitted)[1]
        assert "crisis" not in entry.model_copy(update={"crisis": None}).content()
        pointer = entry.logs[0].content() | {"task": "interplay/deescalation_crisis"}
        with pytest.raises(
            ValidationError, match="logs of interplay/deescalation_crisis are never published"
        ):
            LogPointer.model_validate(pointer)
        with pytest.raises(ValidationError, match="crisis figures belong to family deescalation, not mazes"):
            Entry.model_validate_json(canonical_bytes(entry.content() | {"family": "mazes"}))

    def test_figures_that_contradict_themselves_are_refused(self, submitted: Path) -> None:
        figures = entry_of(submitted)[1].crisis
        assert figures is not None
        for change, said in (
            ({"marked": ["probe-02", "probe-01"]}, "not sorted"),
            ({"marked": ["probe-01", "probe-02", "probe-03"]}, "marked names 3 probes, nvc_full has 2 red"),
            ({"marked": ["alike-01"]}, "pattern"),
            (
                {"arms": {"vanilla": {**figures.arms["vanilla"].model_dump(), "passed": 3}}},
                "passed is 3 of 2",
            ),
        ):
            with pytest.raises(ValidationError, match=said):
                CrisisFigures.model_validate_json(json.dumps(figures.model_dump(mode="json") | change))


def changed(entry: Entry, folder: Path, **figures: object) -> Path:
    """The entry with other crisis figures, in a file of the right name."""
    assert entry.crisis is not None
    other = entry.model_copy(update={"crisis": entry.crisis.model_copy(update=figures)})
    other = other.model_copy(update={"entry_id": entry_id(other.content())})
    path = folder / "leaderboard" / "entries" / f"{other.entry_id}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(canonical_bytes(other.content()))
    return path


class TestFigures:
    def test_a_mark_is_red_with_the_rules_and_green_without_and_a_missing_verdict_hides_none(self) -> None:
        green, red = {"a": [1.0, 1.0]}, {"a": [1.0, 0.0]}
        assert marks({"vanilla": ArmReplies(green), "nvc_full": ArmReplies(red)}) == (("a",), True)
        assert marks({"vanilla": ArmReplies(red), "nvc_full": ArmReplies(red)}) == ((), True)
        assert marks({"vanilla": ArmReplies(red), "nvc_full": ArmReplies(green)}) == ((), True)
        assert marks({"nvc_full": ArmReplies(red)}) == ((), False)
        more = ArmReplies({**green, "b": [1.0]})
        assert marks({"vanilla": more, "nvc_full": ArmReplies(red)}) == (("a",), False)
        assert marks({"vanilla": ArmReplies(green), "nvc_full": ArmReplies(green, unscored=1)}) == ((), False)
        assert marks({"vanilla": ArmReplies(), "nvc_full": ArmReplies()}) == ((), False)

    def test_intervals_are_wilsons_over_items(self) -> None:
        lo, hi = proportion_confint(9, 12, method="wilson")
        assert wilson(9, 12) == pytest.approx((0.75, lo, hi, 12))
        assert wilson(12, 12)[1:3] == pytest.approx((0.7575, 1.0), abs=1e-4)
        assert rate({"a": [1.0, 0.0], "b": [1.0, 1.0]}) == pytest.approx(wilson(1.5, 2))
        assert rate({}) is None


def test_a_judge_that_may_favour_the_model_is_marked() -> None:
    assert judge_words("mistral/large", "openai/gpt-5") == "mistral/large"
    assert judge_words("azureai/gpt-5", "openai/gpt-5-mini") == "azureai/gpt-5, of the same vendor"
    assert judge_words("openai/gpt-5", "openai/gpt-5") == "openai/gpt-5, the model itself"


def test_the_report_names_arms_intervals_and_the_mark_and_no_item(logs: Path) -> None:
    code, said = run("report", "deescalation", str(logs))
    assert code == 0
    assert "WARNING: marked, red under nvc_full but not under vanilla" in said
    assert "0.34–1.00" in said
    assert "Unreviewed items, do not publish." in said
    assert "Where the anger went" in said
    assert not [secret for secret in secrets() if secret in said]
