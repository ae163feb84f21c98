"""The agent of a job: a react loop with bash, or a command line agent behind Inspect's bridge.

| agent | acts by |
| --- | --- |
| `react` | `bash` and `submit`, each command and its output a line of the trace |
| `claude_code` `codex_cli` `gemini_cli` `opencode` `kimi_code` `mini_swe_agent` | its own tools |

The latter come from inspect-swe (extra `[agents]`); their calls reach the model through the bridge, so no key
enters the sandbox. They are started with their prompt as an argument, which a pattern of it would find: an
agent that ends its `evaluate.py` by name would end itself. So the instruction lies in a file, and the prompt
names that file and nothing else.
"""

import time
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

from inspect_ai.agent import Agent, AgentPrompt, AgentState, react
from inspect_ai.model import ChatMessage, ChatMessageAssistant, ChatMessageTool, ChatMessageUser
from inspect_ai.tool import Tool, tool
from pydantic import JsonValue

from interplay.tasks.mistakes import EnvironmentProblem

from .posttrain_place import Place, put
from .posttrain_state import Job, append_line

OUTPUT_BYTES = 16 << 10
TRACE = "trace.jsonl"
KILLED_STATUSES = (-9, 137)
SHELL_KILLED = "the shell was killed"
INSTRUCTION = "instruction.md"
READ_FIRST = "Your instructions are in {path}. Read that file now and carry them out."
GO_ON = (
    "You stopped with {minutes:.0f} minutes left. "
    "Go on improving your model until you have nothing better to try."
)


def shortened(text: str, limit: int = OUTPUT_BYTES) -> str:
    """Head and tail of a text, at most `limit` bytes, with what was left out said in between."""
    raw = text.encode()
    if len(raw) <= limit:
        return text
    half = (limit - 80) // 2
    head, tail = raw[:half].decode("utf-8", "ignore"), raw[-half:].decode("utf-8", "ignore")
    return f"{head}\n[... {len(raw) - 2 * half} bytes left out ...]\n{tail}"


@tool(parallel=False)
def bash(job: Job, place: Place, env: Mapping[str, str]) -> Tool:
    """A shell in the workspace; what it prints comes back shortened to 16 KiB."""

    async def execute(command: str) -> str:
        """Run a command in bash, in your directory.

        Args:
            command: The command.
        """
        begun = time.time()
        done = await place.box().exec(
            place.agent_command(command),
            cwd=place.workspace,
            env=None if place.is_local else dict(env),
            user=place.agent_user,
            timeout_retry=False,
        )
        text = f"{done.stderr}\n{done.stdout}" if done.stderr else done.stdout
        if done.returncode in KILLED_STATUSES and not text.strip():
            text = SHELL_KILLED
        elif done.returncode:
            text = f"{text.rstrip()}\n[exit status {done.returncode}]"
        shown = shortened(text)
        append_line(job.folder / TRACE, {"t": round(begun, 3), "cmd": command, "out": shown})
        return shown

    return execute


def react_agent(
    job: Job, place: Place, env: Mapping[str, str], left_minutes: Callable[[], float], reprompt_minutes: float
) -> Agent:
    """The react agent: it ends with `submit`, or with a message that uses no tool."""

    async def goes_on(state: AgentState) -> bool | str:
        if state.output.message.tool_calls:
            return True
        append_line(
            job.folder / TRACE, {"t": round(time.time(), 3), "text": shortened(state.output.completion)}
        )
        left = left_minutes()
        if reprompt_minutes and left > reprompt_minutes and not shell_died(state.messages):
            return GO_ON.format(minutes=left)
        return False

    return react(prompt=AgentPrompt(), tools=[bash(job, place, env)], on_continue=goes_on)


def shell_died(messages: list[ChatMessage]) -> bool:
    """Whether the last thing that a tool said is that the shell was killed."""
    results = [message for message in messages if isinstance(message, ChatMessageTool)]
    return bool(results) and results[-1].text.strip() == SHELL_KILLED


def command_line_agent(name: str, place: Place, env: Mapping[str, str]) -> Agent:
    """An agent of inspect-swe.

    Raises:
        EnvironmentProblem: the package is not installed.
    """
    require_agent(name)
    make = getattr(import_module("inspect_swe"), name)
    options: dict[str, Any] = {"cwd": place.workspace, "env": dict(env), "user": place.agent_user}
    return cast(Agent, make(**options))


async def pointed_to(place: Place, messages: list[ChatMessage]) -> list[ChatMessage]:
    """The conversation with its first message, the instruction, put into a file of the workspace.

    Raises:
        InfraError: the file could not be written.
    """
    path = f"{place.workspace}/{INSTRUCTION}"
    await put(place, path, f"{messages[0].text}\n")
    return [ChatMessageUser(content=READ_FIRST.format(path=path)), *messages[1:]]


def require_agent(name: str) -> None:
    """Refuse an agent whose package is not there.

    Raises:
        EnvironmentProblem: it is not.
    """
    if name != "react" and find_spec("inspect_swe") is None:
        raise EnvironmentProblem(
            f"agent={name}: inspect-swe is not installed; run pip install 'interplay[agents]', "
            "or use agent=react."
        )


def trace_lines(messages: list[ChatMessage]) -> list[dict[str, JsonValue]]:
    """The trace of an agent that acts by tools of its own, from its conversation."""
    results = {m.tool_call_id: m.text for m in messages if isinstance(m, ChatMessageTool)}
    lines: list[dict[str, JsonValue]] = []
    for message in messages:
        if not isinstance(message, ChatMessageAssistant):
            continue
        if message.text.strip():
            lines.append({"t": 0, "text": shortened(message.text)})
        for call in message.tool_calls or []:
            arguments = cast(dict[str, JsonValue], call.arguments)
            said = arguments.get("command", arguments.get("cmd"))
            command = said if isinstance(said, str) else f"{call.function} {arguments}"
            lines.append({"t": 0, "cmd": shortened(command), "out": shortened(results.get(call.id, ""))})
    return lines
