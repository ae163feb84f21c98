"""Which simulated people a row may be ranked with: written by a command, read by the site."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from inspect_ai import eval

from interplay.leaderboard.analysis.deescalation_admission import (
    FOLDER,
    Admission,
    read_admission,
    unadmitted,
    write_admission,
)
from interplay.leaderboard.boards import find_board
from interplay.leaderboard.cli import program
from interplay.leaderboard.pages.inputs import with_validities
from interplay.leaderboard.schema import Entry
from interplay.leaderboard.standings import Submission, standing
from interplay.tasks.deescalation import deescalation
from interplay.tasks.mistakes import UserMistake
from tests.leaderboard.synthetic_deescalation import PEOPLE, SIMULATED_BOARD, admitted, entries
from tests.solvers.two_seats import saying

LINE, *OTHERS = admitted("persona").criteria


def admission(**changes: Any) -> Admission:
    return admitted("persona").model_copy(update=changes)


STATE = admitted("state")


def written(leaderboard: Path, *found: Admission) -> Path:
    for item in found:
        write_admission(leaderboard / FOLDER, item)
    return leaderboard


@pytest.mark.parametrize(
    ("handed_in", "said"),
    [
        ((), "simulator persona by acme/person is not admitted: its acceptance was not handed in"),
        (
            (admission(),),
            "simulator state by acme/person, state by acme/person is not admitted: its acceptance was not "
            "handed in",
        ),
        (
            (admission(), admission(simulator="state", sim_state="acme/keeper")),
            "simulator state by acme/person, state by acme/person is not admitted: its acceptance was not "
            "handed in",
        ),
        (
            (admission(verdict="no: role breaks, of messages"), STATE),
            "simulator persona by acme/person is not admitted: no: role breaks, of messages",
        ),
        (
            (admission(criteria=(LINE.model_copy(update={"met": False}), *OTHERS)), STATE),
            f"simulator persona by acme/person is not admitted: no: {LINE.name}",
        ),
        (
            (admission(criteria=(LINE.model_copy(update={"n": 0}), *OTHERS)), STATE),
            f"simulator persona by acme/person is not admitted: incomplete: {LINE.name}",
        ),
        (
            (admission(criteria=()), STATE),
            "simulator persona by acme/person is not admitted: incomplete: "
            + ", ".join(line.name for line in (LINE, *OTHERS)),
        ),
        (
            (admission(logs=()), STATE),
            "simulator persona by acme/person is not admitted: incomplete: logs that it was measured on",
        ),
        (
            (admission(task_version="2.0.0"), STATE),
            "simulator persona by acme/person was admitted for version 2.0.0 of the task",
        ),
        ((admission(user_sim="router/Acme/Person"), STATE), None),
        ((admission(user_sim="acme/other"), STATE), "its acceptance was not handed in"),
        ((admission(user_sim="router/acme/person", task_version="2.0.0"), admission(), STATE), None),
        ((admission(), STATE), None),
    ],
)
def test_both_simulators_must_be_admitted(
    handed_in: Sequence[Admission], said: str | None, tmp_path: Path
) -> None:
    found = unadmitted(PEOPLE, "1.0.0", written(tmp_path, *handed_in))
    assert found == said or (said is not None and found is not None and found.endswith(said))


def test_a_row_is_ranked_with_admitted_simulators_alone(tmp_path: Path) -> None:
    board = find_board(SIMULATED_BOARD)
    simulated = [content for content in entries(4) if content["roles"]][:2]
    read = [Entry.model_validate_json(json.dumps(content)) for content in simulated]
    for handed_in, places in (((), 0), ((admission(), STATE), 2)):
        labels = written(tmp_path / str(places), *handed_in)
        submissions = [with_validities(Submission(entry, (), 0), labels) for entry in read]
        found = standing(board, submissions)
        assert len(found.ranked) == places
        if not places:
            assert {row.reason for row in found.rows} == {
                "simulator persona by acme/person is not admitted: its acceptance was not handed in"
            }


def test_a_file_that_is_no_admission_is_named(tmp_path: Path) -> None:
    path = tmp_path / FOLDER / admission().file_name
    path.parent.mkdir(parents=True)
    path.write_text('{"simulator": "rule"}', encoding="utf-8")
    with pytest.raises(UserMistake, match=r"simulator: .*; write it with `interplay deescalation admit`"):
        read_admission(path)


def admit(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(program, ["deescalation", "admit", *words])
    return done.exit_code, done.output


def test_the_command_writes_what_was_missed(tmp_path: Path) -> None:
    person = saying("It winds me up each time.", name="person")
    logs, folder = tmp_path / "logs", tmp_path / "out"
    task = deescalation(mode="live", arms="vanilla", simulator="persona", n_seeds=1, split="dev")
    options: dict[str, Any] = {"model_roles": {"user_sim": person}, "epochs": 1, "display": "none"}
    eval(task, model="reference/empath", log_dir=str(logs), **options)
    code, said = admit(str(logs), "--folder", str(folder))
    assert code == 1
    assert "Simulator acceptance" in said
    assert "admitted, no: empath: level at turn 4, high - medium" in said
    found = read_admission(folder / "persona--mockllm-person.json")
    assert not found.is_admitted
    assert len(found.logs) == 1
    assert next(c for c in found.criteria if c.name == "scenarios with all three probes").measured is None


def test_logs_without_such_people_are_one_sentence(tmp_path: Path) -> None:
    eval(
        deescalation(mode="live", arms="vanilla", n_seeds=1, split="dev", turns=1),
        model="reference/empath", log_dir=str(tmp_path), display="none",
    )  # fmt: skip
    code, said = admit(str(tmp_path))
    assert code == 2
    assert "no conversation with a person played by a model" in said
    assert not (tmp_path / "leaderboard").exists()
    code, said = admit(str(tmp_path / "none"))
    assert code == 2
    assert "no such file or folder" in said
