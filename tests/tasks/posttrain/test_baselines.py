"""Baselines: measured on the shipped models they are those of the grid, by the task and by the command."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from inspect_ai import eval

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain import posttrain_baselines
from interplay.tasks.posttrain.baselines import main, of_log
from interplay.tasks.posttrain.cells import load_grid

pytestmark = pytest.mark.torch


@pytest.mark.nightly
def test_the_task_measures_what_the_grid_says(tmp_path: Path) -> None:
    state = tmp_path / "state"
    # Its solver, measure_cell, asks no model: whichever is named takes no part.
    task = posttrain_baselines(preset="smoke", sandbox="local", state_dir=str(state))
    log = eval(task, model="mockllm/model", log_dir=str(tmp_path), display="none")[0]
    assert log.status == "success", log.error
    assert log.samples is not None
    found = of_log(Path(log.location.removeprefix("file://")))
    (base, row), *rest = found.items()
    assert (base, rest) == ("mini-0", [])
    for target, measured in row.items():
        known = load_grid().baselines["mini-0"][target]
        assert measured.reference == known.reference
        assert measured.zero == pytest.approx(known.zero, abs=0.01)
        assert measured.few == pytest.approx(known.few, abs=0.01)


def test_a_log_without_baselines_is_refused(tmp_path: Path) -> None:
    from inspect_ai import Task
    from inspect_ai.dataset import MemoryDataset, Sample

    log = eval(
        Task(dataset=MemoryDataset([Sample(input="x")])),
        model="reference/mute",
        log_dir=str(tmp_path),
        display="none",
    )[0]
    path = Path(log.location.removeprefix("file://"))
    with pytest.raises(UserMistake, match="it holds no baselines"):
        of_log(path)
    result = CliRunner().invoke(main, [str(path)])
    assert result.exit_code == 2
    assert "holds no baselines" in result.output


@pytest.mark.nightly
def test_the_command_gives_baselines_weights_and_hashes(tmp_path: Path) -> None:
    out = tmp_path / "b.json"
    result = CliRunner().invoke(main, ["mini", "--out", str(out)])
    assert result.exit_code == 0, result.output
    content = json.loads(out.read_text("utf-8"))
    grid = load_grid()
    assert content["files"] == dict(grid.mini.files)
    assert content["weights"] == pytest.approx(dict(grid.mini.weights), abs=5e-3)
