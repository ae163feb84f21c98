"""The beginnings of mode `branch`: how they are made, and what is played after them."""

from collections import Counter
from pathlib import Path
from statistics import fmean

import pytest
from inspect_ai.log import read_eval_log

from interplay.scorers.escalation_cues import END_TAG
from interplay.solvers.dialogue import Episode
from interplay.solvers.reference.deesc_players import DEESC_PLAYERS
from interplay.tasks.deescalation import deescalation
from interplay.tasks.deescalation.arguments import Talk
from interplay.tasks.deescalation.dataset import parts_of
from interplay.tasks.deescalation.prefixes import (
    FILE,
    MAKERS,
    committed_prefixes,
    made_prefixes,
    played,
    rendered,
)
from interplay.tasks.deescalation.scenarios import RESISTANCES
from tests.leaderboard.commands.test_loop import run

from .playing import played as logged
from .playing import samples, texts, value


class TestMade:
    def test_the_committed_file_is_what_this_version_makes(self, tmp_path: Path) -> None:
        assert rendered(made_prefixes()) == FILE.read_text("utf-8")
        out = tmp_path / "prefixes.jsonl"
        code, said = run("deescalation", "make-prefixes", "--out", str(out))
        assert (code, said) == (0, f"wrote {out}: 60 prefixes.\n")
        assert out.read_bytes() == FILE.read_bytes()
        assert run("deescalation", "make-prefixes", "--check") == (
            0,
            "data/prefixes.jsonl is up to date: 60 prefixes.\n",
        )

    def test_a_missing_folder_is_one_sentence(self, tmp_path: Path) -> None:
        code, said = run("deescalation", "make-prefixes", "--out", str(tmp_path / "no" / "x.jsonl"))
        assert code == 2
        assert "there is no folder" in said

    def test_the_last_message_of_each_has_just_risen(self) -> None:
        for prefix in committed_prefixes():
            assert len(prefix.messages) == len(prefix.replies) + 1 == len(prefix.levels)
            assert prefix.levels[-1] > prefix.levels[-2]
            assert not any(END_TAG.search(message) for message in prefix.messages)

    def test_twenty_of_each_assistant_over_all_seeds_and_kinds_of_people(self) -> None:
        found = committed_prefixes()
        assert Counter(p.player for p in found) == dict.fromkeys(MAKERS, 20)
        scenarios = {s.id: s for s in Talk().scenarios}
        assert len({p.scenario_id for p in found}) == 60
        seeds = Counter(scenarios[p.scenario_id].seed_id for p in found)
        assert len(seeds) == 40
        assert max(seeds.values()) <= 2
        kinds = Counter((p.player, scenarios[p.scenario_id].resistance) for p in found)
        assert set(kinds) == {(m, r) for m in MAKERS for r in RESISTANCES}
        assert min(kinds.values()) >= 6

    def test_each_is_the_beginning_of_its_conversation(self) -> None:
        scenarios = {s.id: s for s in Talk().scenarios}
        for prefix in committed_prefixes():
            messages, replies = played(DEESC_PLAYERS[prefix.player], scenarios[prefix.scenario_id])
            assert tuple(messages[: len(prefix.messages)]) == prefix.messages
            assert tuple(replies[: len(prefix.replies)]) == prefix.replies


class TestBranch:
    def test_two_more_replies_after_the_prefix(self, tmp_path: Path) -> None:
        task = deescalation(mode="branch", arms="vanilla", n_seeds=3)
        assert task.epochs == 4
        assert task.headline_metric is not None
        assert task.headline_metric.score == "outcome"
        log = logged(task, tmp_path)
        assert len(samples(log)) == 4 * len(task.dataset)
        for sample in samples(log):
            parts = parts_of(str(sample.input))
            assert texts(sample, 1)[: len(parts.messages)] == parts.messages
            assert texts(sample, 2)[: len(parts.replies)] == parts.replies
            own = len(texts(sample, 2)) - len(parts.replies)
            left = sample.store_as(Episode).end in ("calmed", "fed_up")
            assert value(sample)["turns"] == own
            assert own == 2 or (own == 1 and left)
            assert len(texts(sample, 1)) == len(parts.messages) + own
            assert sample.metadata["prefix"] in MAKERS
            shown = [m.role for m in sample.messages]
            assert shown[:2] == ["system", "user"]
            assert sample.messages[1].text == parts.messages[0]
        results = read_eval_log(log.location, header_only=True).results
        assert results is not None
        metrics = {s.name: s.metrics for s in results.scores}
        assert metrics["outcome"]["mean"].value == pytest.approx(
            fmean(value(sample)["outcome"] for sample in samples(log))
        )

    def test_kindness_calms_what_blame_makes_worse(self, tmp_path: Path) -> None:
        task = deescalation(mode="branch", arms="vanilla", resistance="low", n_seeds=8)
        outcome = {
            name: fmean(
                value(sample)["outcome"]
                for sample in samples(logged(task, tmp_path, f"reference/{name}", epochs=1))
            )
            for name in ("empath", "blamer")
        }
        assert outcome["empath"] > 0.5
        assert outcome["blamer"] <= 0

    def test_who_leaves_at_once_is_counted(self, tmp_path: Path) -> None:
        task = deescalation(mode="branch", arms="vanilla", resistance="high", n_seeds=12)
        left = [
            sample
            for sample in samples(logged(task, tmp_path, "reference/blamer", epochs=1))
            if sample.store_as(Episode).end == "fed_up" and value(sample)["turns"] == 1
        ]
        assert left
        assert {value(sample)["outcome"] for sample in left} == {0}
