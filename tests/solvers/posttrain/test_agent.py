"""Command line agents: what they are started with, and where their instruction lies."""

import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.agent import Agent, AgentState, agent
from inspect_ai.model import ChatMessageAssistant, ModelOutput, ModelUsage

from interplay.tasks.posttrain import posttrain_solve

NAMED = ("evaluate.py", "timer.sh", "contamination_check.py", "final_model", "dev_prompts.jsonl")


@pytest.mark.torch
def test_a_pattern_that_ends_the_evaluator_does_not_end_the_agent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The prompt is an argument of the agent's process: it names no file that the agent may end by name."""
    started: list[dict[str, Any]] = []

    @agent
    def claude_code(cwd: str, env: dict[str, str], user: str | None) -> Agent:
        async def execute(state: AgentState) -> AgentState:
            started.append({"cwd": cwd, "prompt": "\n\n".join(message.text for message in state.messages)})
            state.messages.append(ChatMessageAssistant(content="done"))
            state.output = ModelOutput.from_content("reference/posttrain-noop", "done")
            state.output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
            return state

        return execute

    module = ModuleType("inspect_swe")
    module.__spec__ = ModuleSpec("inspect_swe", None)
    module.claude_code = claude_code
    monkeypatch.setitem(sys.modules, "inspect_swe", module)
    task = posttrain_solve(
        preset="smoke", sandbox="local", agent="claude_code", state_dir=str(tmp_path / "state")
    )
    (log,) = inspect_eval(task, model="reference/posttrain-noop", log_dir=str(tmp_path / "logs"))
    assert log.status == "success", log.error
    assert log.samples is not None
    (once,) = started
    assert not [name for name in NAMED if name in once["prompt"]]
    (path,) = (Path(word.rstrip(".")) for word in once["prompt"].split() if word.startswith(once["cwd"]))
    assert path.read_text("utf-8").strip() == str(log.samples[0].input).strip()
    assert all(name in path.read_text("utf-8") for name in ("evaluate.py", "timer.sh", "final_model"))
