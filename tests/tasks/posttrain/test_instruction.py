"""The message that starts an agent: golden texts of each version, and what each target adds."""

from pathlib import Path

import pytest

from interplay.tasks.posttrain.cells import Setting, load_grid, render_instruction

GOLDEN = Path(__file__).parents[2] / "golden" / "posttrain"
MINI = Setting(cache="$MODEL_CACHE", gpus="two CPU cores", budget_minutes=5, headless=False)
NOTED = {"aime2025", "bfcl", "gpqamain", "gsm8k", "humaneval"}


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "x"])
def test_instruction_of_each_version(version: str) -> None:
    cell = load_grid().cells(version, targets=["gsm8k"], bases=["qwen3-1.7b"])[0]  # type: ignore[arg-type]
    expected = (GOLDEN / f"instruction-{version}.txt").read_text("utf-8")
    assert f"{render_instruction(cell, Setting())}\n" == expected


def test_instruction_of_the_mini_profile() -> None:
    cell = load_grid().cells("x", "mini", targets=["m_call"])[0]
    expected = (GOLDEN / "instruction-mini.txt").read_text("utf-8")
    assert f"{render_instruction(cell, MINI)}\n" == expected


def test_targets_that_run_inspect_have_the_note() -> None:
    cells = load_grid().cells("1.0", bases=["qwen3-4b"])
    noted = {c.target for c in cells if "look like errors" in render_instruction(c, Setting())}
    assert noted == NOTED


def test_version_1_0_has_four_rules_and_the_others_eight() -> None:
    def rules(version: str) -> int:
        cell = load_grid().cells(version, targets=["aime2025"])[0]  # type: ignore[arg-type]
        return sum(line[:1].isdigit() for line in render_instruction(cell, Setting()).splitlines())

    assert [rules(v) for v in ("1.0", "1.1", "1.2", "x")] == [4, 8, 8, 8]


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(600, "10 hours"), (60, "1 hour"), (90, "1.5 hours"), (5, "5 minutes")],
)
def test_budget_in_words(minutes: float, said: str) -> None:
    cell = load_grid().cells("x", targets=["gsm8k"])[0]
    text = render_instruction(cell, Setting(budget_minutes=minutes))
    assert f"{said} and no one to talk to" in text
    assert f"1. At most {said}.\n" in text


def test_the_twin_is_never_named() -> None:
    for version in ("1.0", "x"):
        for cell in load_grid().cells(version):  # type: ignore[arg-type]
            text = render_instruction(cell, Setting()).lower()
            assert "sealed" not in text
            assert "aime26" not in text
