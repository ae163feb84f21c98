"""The dialogue engine beside a bare loop that makes the same `generate()` calls with the same player."""

import tempfile
import time
from pathlib import Path
from statistics import median

from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    get_model,
    modelapi,
)
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.tool import ToolChoice, ToolInfo

from interplay.solvers.dialogue import Episode, Seat, converse, show

NOTES = 17
EPISODES = 40
ROUNDS = 5
OPENING = "This is the game. " * 65
SYSTEM = "You are one of two agents working on a task together. " * 9
REPLY = "Agreed, we are at (0,1). I propose (0,2) as move 2. " * 5


@modelapi(name="instant")
def instant() -> type[ModelAPI]:
    return Instant


class Instant(ModelAPI):
    """A player without any latency: whatever takes time is the loop around it."""

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        message = ChatMessageAssistant(content=f"Note {len(input)}. {REPLY}", source="generate")
        return ModelOutput(
            model="instant",
            choices=[ChatCompletionChoice(message=message)],
            usage=ModelUsage(input_tokens=500, output_tokens=70, total_tokens=570),
        )

    def max_connections(self) -> int:
        return 200


@solver
def bare_loop() -> Solver:
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        model = get_model()
        chats: list[list[ChatMessage]] = [
            [ChatMessageSystem(content=SYSTEM), ChatMessageUser(content=f"{OPENING}{seat} {state.sample_id}")]
            for seat in (1, 2)
        ]
        for i in range(NOTES):
            mine, theirs = chats[i % 2], chats[(i + 1) % 2]
            output = await model.generate(mine)
            mine.append(output.message)
            text = f"[other agent]: {output.completion}"
            if theirs[-1].role == "user":
                theirs[-1] = ChatMessageUser(content=f"{theirs[-1].text}\n\n{text}")
            else:
                theirs.append(ChatMessageUser(content=text))
        state.messages = chats[0]
        return state

    return solve


@solver
def engine() -> Solver:
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        model = get_model()
        seats = (
            Seat(model, f"{OPENING}1 {state.sample_id}", SYSTEM),
            Seat(model, f"{OPENING}2 {state.sample_id}", SYSTEM),
        )
        episode = state.store_as(Episode)
        await converse(seats, episode, cap=NOTES, max_chars=8_000)
        show(state, episode, seats)
        return state

    return solve


def measured(played: Solver) -> tuple[float, float]:
    """Milliseconds of processor time per note and KiB of log per episode, everything an eval does included.

    Nobody waits for a player here, so this is wall time on an idle machine, and steadier on a busy one.
    """
    samples = [Sample(id=i, input="x") for i in range(1, EPISODES + 1)]
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        log = eval(
            Task(dataset=samples, solver=played), model="instant/player", log_dir=folder, display="none"
        )
        took = time.process_time() - began
        assert log[0].status == "success", log[0].error
        size = sum(path.stat().st_size for path in Path(folder).glob("*.eval"))
    return took / (EPISODES * NOTES) * 1000, size / EPISODES / 1024


def rows() -> list[tuple[str, float, float, str]]:
    measured(bare_loop())
    pairs = [(measured(bare_loop()), measured(engine())) for _ in range(ROUNDS)]
    bare = median(pair[0][0] for pair in pairs)
    ours = median(pair[1][0] for pair in pairs)
    ratio = median(pair[1][0] / pair[0][0] for pair in pairs)
    log_size = pairs[-1][1][1]
    each = f"{ours * NOTES:.0f} ms per sample, {ours:.2f} per message"
    return [
        (f"the engine, {each}, to {bare:.2f} of bare Inspect", ratio, 1.15, "ratio"),
        (f"log per episode of {NOTES} notes", log_size, 12, "KiB"),
    ]
