"""Which simulators are admitted: on logs of the rule-based user and of people written by a model."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import eval
from inspect_ai.model import Model

from interplay.leaderboard.analysis.deescalation_simulators import acceptance, dev_scenarios
from interplay.leaderboard.analysis.tables import Table, Value
from interplay.leaderboard.own_logs import read_own_logs
from interplay.tasks.deescalation import deescalation
from tests.solvers.two_seats import saying

PROBES = ("empath", "blamer", "expert")


def logged(folder: Path, probes: Sequence[str] = PROBES, person: Model | None = None, **more: Any) -> Table:
    """The table of conversations of these assistants with a person, the rule-based user by default."""
    for probe in probes:
        eval(
            deescalation(mode="live", arms="vanilla", simulator="persona" if person else None, **more),
            model=f"reference/{probe}",
            model_roles={"user_sim": person} if person else {},
            epochs=1,
            log_dir=str(folder),
            display="none",
        )
    return acceptance(read_own_logs([folder]))


def measured(table: Table) -> dict[str, tuple[Value, ...]]:
    return {str(row[1]): row for row in table.rows}


@pytest.mark.slow
def test_the_rule_based_user_is_admitted(tmp_path: Path) -> None:
    table = logged(tmp_path, split="dev")
    assert table.rows[-1] == ("rule", "admitted", None, "all of these", None, "yes")
    assert len(table.rows) == 9
    assert [row[5] for row in table.rows[:-1]] == ["met"] * 8


def test_a_person_who_gives_in_at_once_and_invents_is_not(tmp_path: Path) -> None:
    easy = saying("Fair enough, I'm here to help. My cousin Karen did it in June.", name="easy")
    table = logged(tmp_path, person=easy, n_seeds=1, split="dev")
    found = measured(table)
    assert {row[0] for row in table.rows} == {"persona by mockllm/easy"}
    assert found["blamer: P(escalated | medium)"][2:4] == (0, ">= 0.8")
    assert found["expert: P(cts_d > 0 | high)"][2] == 1
    assert found["role breaks, of messages"][2] == 1
    outside = found["outside facts, of messages"][2]
    assert isinstance(outside, float)
    assert 0 < outside < 1, "what was invented once is known afterwards"
    assert found["admitted"][5] == (
        "no: empath: level at turn 4, high - medium, empath: level at turn 4, medium - low, "
        "blamer: P(escalated | medium), expert: P(cts_d > 0 | high), outside facts, of messages, "
        "role breaks, of messages"
    )


@pytest.mark.slow
def test_without_a_probe_it_is_incomplete_and_the_rules_are_left_out(tmp_path: Path) -> None:
    person = saying("It winds me up each time.", name="person")
    table = logged(tmp_path / "a", ["fixer"], person, n_seeds=1, split="dev")
    found = measured(table)
    assert found["scenarios with all three probes"][2:5] == (None, f"all {len(dev_scenarios())}", 0)
    assert str(found["admitted"][5]).startswith(
        "incomplete: scenarios with all three probes, empath: level at turn 4"
    )
    assert found["role breaks, of messages"][2] == 0
    assert logged(tmp_path / "b", ["fixer"], n_seeds=1, turns=1).rows == ()


def test_seeds_of_the_test_split_are_not_read(tmp_path: Path) -> None:
    assert logged(tmp_path, ["empath"], n_seeds=1, split="test", turns=1).rows == ()


@pytest.mark.parametrize("other", [{"turns": 2}, {"instance_seed": 1}, {"preset": "smoke"}])
def test_conversations_of_another_kind_are_not_pooled(other: dict[str, Any], tmp_path: Path) -> None:
    person = saying("It winds me up each time.", name="person")
    assert logged(tmp_path, ["fixer"], person, n_seeds=1, split="dev", **other).rows == ()
    log = eval(
        deescalation(mode="live", arms="nvc_full", simulator="persona", n_seeds=1, split="dev"),
        model="reference/fixer", model_roles={"user_sim": person}, epochs=1, log_dir=str(tmp_path / "arm"),
        display="none",
    )[0]  # fmt: skip
    assert acceptance(read_own_logs([Path(log.location)])).rows == ()
