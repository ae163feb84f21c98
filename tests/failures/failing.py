"""The model provider `failing/<how>`: it stalls, times out, falls silent, refuses or floods.

What a model does may depend on a file of the current folder, so that the same command fails once and goes
on afterwards: as soon as `mended` is there, every one of them plays `hold` of `proxy_drift`.
"""

import asyncio
from pathlib import Path

from inspect_ai.model import (
    ChatMessage,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    modelapi,
)
from inspect_ai.tool import ToolChoice, ToolInfo

from interplay.solvers.reference.player import Turn
from interplay.solvers.reference.provider import player_named, usage

MENDED, STALLED = Path("mended"), Path("stalled")
BEFORE = 3
"""Calls that `stalls` answers, a sample each, before it waits."""
FLOOD = 2_000_000
"""Characters of the reply that floods."""


class FailingModel(ModelAPI):
    """A model that fails in the way its name says until it is mended."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig | None = None,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config or GenerateConfig())
        self.calls = 0

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        self.calls += 1
        name = f"failing/{self.model_name}"
        turns = [Turn(message.role, message.text) for message in input]
        text = player_named("hold")(turns, 0)
        if not MENDED.exists() and self.calls > BEFORE:
            match self.model_name:
                case "stalls":
                    STALLED.touch()
                    while not MENDED.exists():
                        await asyncio.sleep(0.01)
                case "times_out":
                    raise TimeoutError("the provider did not answer within 600 seconds")
                case "empties":
                    text = ""
                case "refuses":
                    output = ModelOutput.from_content(name, "", stop_reason="content_filter")
                    output.usage = ModelUsage(input_tokens=1, output_tokens=0, total_tokens=1)
                    return output
                case "floods":
                    text = "abcd " * (FLOOD // 5)
                case other:
                    raise AssertionError(other)
        output = ModelOutput.from_content(name, text)
        output.usage = usage(turns, text)
        return output

    async def count_text_tokens(self, text: str) -> int:
        return len(text) // 4


@modelapi(name="failing")
def failing() -> type[ModelAPI]:
    return FailingModel
