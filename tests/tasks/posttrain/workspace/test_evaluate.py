"""The evaluator of the workspace without a model: its options, its prompts, what it makes of an answer."""

import importlib.util
import json
import math
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from interplay.tasks.posttrain.cells import load_grid
from interplay.tasks.posttrain.grid import FOLDER
from interplay.tasks.posttrain.targets import FULL, MINI, load_target


@pytest.fixture
def evaluator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("evaluator", FOLDER / "workspace" / "evaluate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "HERE", tmp_path)
    return module


@pytest.mark.parametrize("target", [*FULL, *MINI])
def test_defaults_are_those_of_the_target(evaluator: ModuleType, target: str) -> None:
    record = load_grid().targets[target]
    given = evaluator.arguments(target).parse_args([])
    assert given.model_path == "final_model"
    assert given.templates_dir == "templates/"
    assert given.limit == (record.dev_limit or -1)
    assert given.max_tokens == record.tokens[0]
    assert given.max_connections == {"gsm8k": 2, "humaneval": 1}.get(target, 6)
    assert given.gpu_memory_utilization == (0.3 if target in ("gsm8k", "humaneval") else 0.8)
    assert given.json_output_file is None


@pytest.mark.parametrize("target", ["gsm8k", "healthbench"])
def test_the_most_tokens_have_the_name_that_the_published_evaluator_gives_them(
    evaluator: ModuleType, target: str
) -> None:
    judged = load_grid().targets[target].judged
    right, wrong = ("--max-new-tokens", "--max-tokens") if judged else ("--max-tokens", "--max-new-tokens")
    assert evaluator.arguments(target).parse_args([right, "7"]).max_tokens == 7
    with pytest.raises(SystemExit) as caught:
        evaluator.arguments(target).parse_args([wrong, "7"])
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("m_call__mini-0", ("m_call", "mini-0")),
        ("gsm8k__qwen3-4b", ("gsm8k", "qwen3-4b")),
        ("gsm8k__gpt-9", None),
        ("chess__mini-0", None),
        ("m_call", None),
        ("", None),
        (None, None),
    ],
)
def test_the_cell_comes_from_the_shell_of_the_job(
    evaluator: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    cell: str | None,
    found: tuple[str, str] | None,
) -> None:
    monkeypatch.delenv("INTERPLAY_CELL", raising=False)
    if cell is not None:
        monkeypatch.setenv("INTERPLAY_CELL", cell)
    if found is not None:
        assert evaluator.target_and_base() == found
        return
    with pytest.raises(SystemExit) as caught:
        evaluator.target_and_base()
    assert caught.value.code == (
        "evaluate: INTERPLAY_CELL does not name a cell; run it in the shell of the job."
    )


def prompts(folder: Path, *records: dict) -> None:
    text = "\n\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    (folder / "dev_prompts.jsonl").write_text(f"{text}\n", encoding="utf-8")


@pytest.mark.parametrize(("limit", "n"), [(-1, 3), (0, 0), (1, 1), (2, 2), (9, 3)])
def test_the_first_items_are_taken_and_all_for_less_than_nought(
    evaluator: ModuleType, tmp_path: Path, limit: int, n: int
) -> None:
    prompts(tmp_path, *({"id": f"i{i}", "prompt": f"p{i}"} for i in range(3)))
    found = evaluator.prompts_of(limit)
    assert [(item.id, item.prompt, item.gold) for item in found] == [(f"i{i}", f"p{i}", "") for i in range(n)]


def test_an_item_keeps_its_messages_and_tools_and_nothing_else(evaluator: ModuleType, tmp_path: Path) -> None:
    said = [{"role": "user", "content": "a\u2028b"}]
    prompts(tmp_path, {"id": "i", "prompt": "a\u2028b", "messages": said, "tools": [], "gold": "secret"})
    (item,) = evaluator.prompts_of(-1)
    assert item.prompt == "a\u2028b", "a mark of Unicode does not end the line"
    assert item.metadata == {"messages": said, "tools": []}
    assert item.gold == ""


def graded(evaluator: ModuleType, monkeypatch: pytest.MonkeyPatch, answer: dict) -> dict:
    service = SimpleNamespace(call_interplay_feedback=lambda method, outputs: answer)
    monkeypatch.setitem(sys.modules, evaluator.SERVICE, service)  # type: ignore[arg-type]
    monkeypatch.setattr(sys, "path", [*sys.path])
    return evaluator.graded_by_host(["x"])


@pytest.mark.parametrize(
    ("share", "n", "stderr"),
    [(0.5, 100, 0.05), (0.0, 40, 0.0), (1.0, 40, 0.0), (0.9, 36, 0.05), (None, 40, None)],
)
def test_the_host_says_a_share_and_its_error_follows(
    evaluator: ModuleType, monkeypatch: pytest.MonkeyPatch, share: float | None, n: int, stderr: float | None
) -> None:
    """√(0.5 · 0.5 / 100) = 0.05; √(0.9 · 0.1 / 36) = 0.05; no share, no error."""
    found = graded(evaluator, monkeypatch, {"accuracy": share, "n": n, "queries_left": 3})
    assert found == {"accuracy": share, "stderr": stderr, "n": n, "queries_left": 3}


def test_a_host_that_does_not_grade_is_quoted(evaluator: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit) as caught:
        graded(evaluator, monkeypatch, {"error": "no queries left"})
    assert caught.value.code == "evaluate: the host did not grade (no queries left)."


def test_an_open_test_is_graded_here_item_by_item(evaluator: ModuleType) -> None:
    items = list(load_target("m_arith").items()[:4])
    texts = [items[0].gold, "ANSWER : 0", items[2].gold, ""]
    found = evaluator.graded_here("m_arith", list(reversed(items)), list(reversed(texts)))
    assert found["n"] == 4
    assert found["accuracy"] == 0.5
    assert found["stderr"] == pytest.approx(math.sqrt((1 / 3) / 4))


def test_a_limit_that_leaves_nothing_is_one_sentence(
    evaluator: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts(tmp_path, {"id": "i", "prompt": "p"})
    monkeypatch.setenv("INTERPLAY_CELL", "m_call__mini-0")
    monkeypatch.setattr(sys, "argv", ["evaluate.py", "--limit", "0"])
    with pytest.raises(SystemExit) as caught:
        evaluator.main()
    assert caught.value.code == ("evaluate: --limit 0 leaves no item; give a positive number, or -1 for all.")


def played(
    evaluator: ModuleType, monkeypatch: pytest.MonkeyPatch, folder: Path, cell: str, feedback: str, *more: str
) -> dict:
    """The evaluator with a server that says its prompts: what it asked for, and who graded."""
    seen: dict = {"closed": 0}
    prompts(folder, *({"id": f"i{i}", "prompt": f"p{i}"} for i in range(3)))

    def serve(path: Path, *given: object, **options: object) -> SimpleNamespace:
        seen.update({"path": path, "given": given, **options})
        return SimpleNamespace(close=lambda: seen.update(closed=seen["closed"] + 1))

    def answers(target: object, server: object, items: list, seeds: list[int], most: int) -> list[str]:
        seen.update(seeds=seeds, most=most)
        return [item.prompt for item in items]

    monkeypatch.setattr(evaluator, "serve", serve)
    monkeypatch.setattr(evaluator, "answers_of", answers)
    monkeypatch.setattr(evaluator, "graded_by_host", lambda texts: {"by": "host", "texts": texts})
    monkeypatch.setattr(evaluator, "graded_here", lambda name, items, texts: {"by": name, "texts": texts})
    monkeypatch.setenv("INTERPLAY_CELL", cell)
    monkeypatch.setenv("INTERPLAY_FEEDBACK", feedback)
    monkeypatch.setattr(sys, "argv", ["evaluate.py", *more])
    evaluator.main()
    return seen


@pytest.mark.parametrize(
    ("cell", "feedback", "by"),
    [
        ("m_call__mini-0", "open", "m_call"),
        ("m_call__mini-0", "sealed", "host"),
        ("gsm8k__qwen3-4b", "open", "gsm8k"),
        ("healthbench__qwen3-4b", "open", "host"),
        ("healthbench__qwen3-4b", "sealed", "host"),
    ],
)
def test_the_host_grades_what_is_sealed_and_what_a_grader_has_to_read(
    evaluator: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
    cell: str,
    feedback: str,
    by: str,
) -> None:
    seen = played(evaluator, monkeypatch, tmp_path, cell, feedback, "--limit", "2")
    assert json.loads(capsys.readouterr().out) == {"by": by, "texts": ["p0", "p1"]}
    assert seen["closed"] == 1
    assert len(set(seen["seeds"])) == 2


def test_options_reach_the_server_and_the_result_its_file(
    evaluator: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    out = tmp_path / "metrics.json"
    options = ["--model-path", "mine", "--max-tokens", "77", "--max-connections", "3", "--templates-dir", "t"]
    more = ["--gpu-memory-utilization", "0.5", "--json-output-file", str(out), "--limit", "-1"]
    seen = played(evaluator, monkeypatch, tmp_path, "gsm8k__smollm3-3b", "open", *options, *more)
    assert seen["path"] == Path("mine")
    assert seen["given"] == ("full", "auto", Path("t/smollm.jinja"), 77)
    assert (seen["most"], seen["connections"], seen["gpu_memory"]) == (77, 3, 0.5)
    assert out.read_text("utf-8") == capsys.readouterr().out
    assert json.loads(out.read_text("utf-8"))["texts"] == ["p0", "p1", "p2"]


def test_a_model_that_cannot_be_served_is_one_sentence_and_no_file(
    evaluator: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise evaluator.Unserved("no weights")

    prompts(tmp_path, {"id": "i", "prompt": "p"})
    monkeypatch.setattr(evaluator, "serve", refuse)
    monkeypatch.setenv("INTERPLAY_CELL", "m_call__mini-0")
    monkeypatch.setattr(sys, "argv", ["evaluate.py", "--json-output-file", str(tmp_path / "m.json")])
    with pytest.raises(SystemExit) as caught:
        evaluator.main()
    assert caught.value.code == "evaluate: final_model cannot be served (no weights)."
    assert not (tmp_path / "m.json").exists()
