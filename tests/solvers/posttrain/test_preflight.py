"""What is checked before a job's clock starts: a miss is no score, and never the agent's fault."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from inspect_ai import Task
from inspect_ai import eval as inspect_eval
from inspect_ai.dataset import Sample
from inspect_ai.log import EvalLog
from inspect_ai.model import Model, ModelOutput, ModelUsage, get_model
from inspect_ai.solver import Generate, TaskState, solver

from interplay.solvers.posttrain_place import place_of
from interplay.solvers.posttrain_preflight import NOTES, check_base, check_items, check_models
from interplay.solvers.posttrain_state import InfraError, identity_of, open_job
from interplay.tasks.posttrain.cells import Cell, load_grid

RIGHT = "a" * 40


def cell_of(target: str) -> Cell:
    return load_grid().cells("1.2", targets=[target])[0]


def mock(*texts: str) -> Model:
    """A model with these answers; without any it fails, as one without a quota does."""

    def fails(*_: object) -> ModelOutput:
        raise RuntimeError("no quota")

    outputs = [ModelOutput.from_content("mockllm/model", text) for text in texts]
    for output in outputs:
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    return get_model("mockllm/model", custom_outputs=outputs or fails)


def checked(target: str, **roles: Model) -> EvalLog:
    """The log of a job that checks the models of a cell and nothing else."""

    @solver
    def check():
        async def solve(state: TaskState, generate: Generate) -> TaskState:
            await check_models(cell_of(target), mock("OK"))
            return state

        return solve

    (log,) = inspect_eval(
        Task([Sample("x")], solver=check()),
        model="mockllm/model",
        model_roles=dict(roles),
        display="none",
        log_format="json",
    )
    return log


@pytest.fixture(autouse=True)
def logs_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def sentence(log: EvalLog) -> str:
    assert log.status == "error"
    assert log.samples is not None
    assert log.samples[0].error is not None
    return log.samples[0].error.message


@pytest.mark.parametrize("role", ["judge_contamination", "judge_model", "judge_api", "judge_lookup"])
def test_a_judge_that_does_not_answer_stops_the_job(role: str) -> None:
    said = sentence(checked("gsm8k", **{role: mock()}))
    assert f"mockllm/model (role {role}) does not answer (no quota)" in said
    assert "InfraError" in said
    assert "Remedy: check key and quota." in said


def test_a_judged_target_needs_a_grader_that_answers() -> None:
    assert "arenahardwriting needs a grader; add --model-role grader=PROVIDER/MODEL" in sentence(
        checked("arenahardwriting")
    )
    assert "(role grader) does not answer" in sentence(checked("arenahardwriting", grader=mock()))
    assert checked("arenahardwriting", grader=mock("OK")).status == "success"


def test_a_grader_is_not_asked_where_nobody_needs_it() -> None:
    assert checked("gsm8k", grader=mock()).status == "success"


def test_a_gated_test_that_cannot_be_had_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(InfraError, match=r"Idavidrein/gpqa .*(accept its terms|check the network|cells pin)"):
        check_items(cell_of("gpqamain"))


@pytest.mark.parametrize(
    ("noted", "says"),
    [
        ({}, "revision unknown of"),
        ({"config.json": "0" * 40}, "revision 0000000"),
        ({"config.json": RIGHT, "model.safetensors": "0" * 40}, f"revision {'0' * 40} and aaaaaaa"),
        ({"config.json": RIGHT, "model.safetensors": None}, "aaa and unknown of"),
        ({"config.json": RIGHT, "model.safetensors": RIGHT}, None),
    ],
)
def test_the_base_in_the_cache_is_the_pinned_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noted: dict[str, str | None], says: str | None
) -> None:
    cell = cell_of("gsm8k")
    base = load_grid().bases[cell.base].model_copy(update={"revision": RIGHT})
    grid = load_grid().model_copy(update={"bases": {cell.base: base}})
    monkeypatch.setattr("interplay.solvers.posttrain_preflight.load_grid", lambda: grid)
    for name, commit in noted.items():
        notes = tmp_path / base.repo / NOTES
        notes.mkdir(parents=True, exist_ok=True)
        (tmp_path / base.repo / name).write_text("{}")
        if commit is not None:
            (notes / f"{name}.metadata").write_text(f"{commit}\netag\n1.0\n")
    with open_job(tmp_path / "state", identity_of("1", {}, cell.id, "m", 1)) as job:
        place = replace(place_of("local", job), cache=str(tmp_path))
    if says is None:
        asyncio.run(check_base(place, cell))
        return
    with pytest.raises(InfraError, match=says) as caught:
        asyncio.run(check_base(place, cell))
    assert f"Remedy: hf download {base.repo} --revision {RIGHT} --local-dir" in str(caught.value)
