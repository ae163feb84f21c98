"""The model provider `reference/<player>`: scripted players that any task can be run with.

    inspect eval interplay/maze_collab --model reference/cartographer

No key, no network, no tokenizer. The reply is a pure function of the messages; settings such as the
temperature are accepted and have no effect. Usage is reported as characters / 4.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from inspect_ai.model import (
    ChatMessage,
    ChatMessageTool,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    modelapi,
)
from inspect_ai.tool import ToolChoice, ToolInfo

from interplay.tasks.mistakes import UserMistake

from .chain_players import CHAIN_SPEAKERS, SeededPlayer, is_recipe_chains, plain
from .crisis_players import CRISIS_PLAYERS
from .deesc_clerk import deesc_clerk
from .deesc_expert import expert
from .deesc_players import DEESC_PLAYERS, is_deescalation
from .deesc_players import echo as echo_person
from .drift_players import DRIFT_PLAYERS, is_ledger
from .maze_players import MAZE_PLAYERS
from .player import Player, Turn
from .posttrain_agents import HONEST_AGENTS
from .posttrain_cheaters import POSTTRAIN_CHEATERS
from .posttrain_judge import is_audit, next_call
from .posttrain_script import Agent, is_posttrain
from .turn_clerk import turn_clerk
from .user_turn_players import USER_TURN_PLAYERS, is_user_turn
from .user_turn_players import mute as mute_user

CHARACTERS_PER_TOKEN = 4
AGENT_PREFIX = "posttrain-"
JUDGE = "posttrain-judge"
CONNECTIONS = 200
"""Calls at once; a call costs about a millisecond of computing and no waiting."""


def mute(turns: Sequence[Turn]) -> str:
    """The silent player of the mazes, and of the user turns where the conversation is one of theirs."""
    player = mute_user if is_user_turn(turns) else MAZE_PLAYERS["mute"]
    return player(turns)


def echo(turns: Sequence[Turn]) -> str:
    """The echo of the mazes, and of the angry conversations where the conversation is one of theirs."""
    player = echo_person if is_deescalation(turns) else MAZE_PLAYERS["echo"]
    return player(turns)


def contrarian(turns: Sequence[Turn], seed: int) -> str:
    """The contrarian of the mazes, and of the chains and ledgers where the conversation is one of theirs."""
    if is_ledger(turns):
        return DRIFT_PLAYERS["contrarian"](turns)
    if is_recipe_chains(turns):
        return CHAIN_SPEAKERS["contrarian"](turns, seed)
    return MAZE_PLAYERS["contrarian"](turns)


PLAYERS: Mapping[str, Player] = {
    **MAZE_PLAYERS,
    **USER_TURN_PLAYERS,
    **DEESC_PLAYERS,
    "expert": expert,
    **CRISIS_PLAYERS,
    **DRIFT_PLAYERS,
    "deesc_clerk": deesc_clerk,
    "mute": mute,
    "echo": echo,
    "plain": plain,
    "turn_clerk": turn_clerk,
}
"""All players by name; a family with players of its own adds them here."""


SEEDED_PLAYERS: Mapping[str, SeededPlayer] = {**CHAIN_SPEAKERS, "contrarian": contrarian}
"""Players whose reply depends on the seed of the call as well; without one it is 0."""


POSTTRAIN_AGENTS: Mapping[str, Agent] = {**HONEST_AGENTS, **POSTTRAIN_CHEATERS}
"""The scripted agents of post-training jobs by name, without their prefix."""


def player_named(name: str) -> SeededPlayer:
    """The player of that name.

    Raises:
        UserMistake: there is none.
    """
    if name in SEEDED_PLAYERS:
        return SEEDED_PLAYERS[name]
    if name not in PLAYERS:
        agents = [*(f"{AGENT_PREFIX}{agent}" for agent in POSTTRAIN_AGENTS), JUDGE]
        names = list(dict.fromkeys((*PLAYERS, *SEEDED_PLAYERS, *agents)))
        near = get_close_matches(name, names, n=3) or names[:3]
        raise UserMistake(
            f"reference/{name}: no such player; choose one such as {', '.join(near)} "
            "(`interplay show FAMILY` lists more)."
        )
    player = PLAYERS[name]
    return lambda turns, seed: player(turns)


def agent_named(name: str) -> Agent | None:
    """The scripted agent of that name, None if it is a player of conversations."""
    return POSTTRAIN_AGENTS.get(name.removeprefix(AGENT_PREFIX)) if name.startswith(AGENT_PREFIX) else None


class ReferencePlayer(ModelAPI):
    """A scripted player as a model of Inspect.

    Raises:
        UserMistake: there is no player of that name.
    """

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig | None = None,
        **model_args: object,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config or GenerateConfig())
        if model_args:
            raise UserMistake(
                f"reference/{model_name}: it takes no model arguments; drop {', '.join(model_args)}."
            )
        self.agent = agent_named(model_name)
        acts = self.agent is not None or model_name == JUDGE
        self.player = None if acts else player_named(model_name)

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """The player's reply to the conversation, or the agent's next act in it."""
        turns = [Turn(message.role, message.text) for message in input]
        if self.model_name == JUDGE:
            return self.audit(turns)
        if self.player is None:
            return self.act(input, turns)
        text = self.player(turns, config.seed or 0)
        output = ModelOutput.from_content(model=f"reference/{self.model_name}", content=text)
        output.usage = usage(turns, text)
        return output

    def audit(self, turns: Sequence[Turn]) -> ModelOutput:
        """The judge's next call of a tool.

        Raises:
            UserMistake: the conversation is no audit.
        """
        name = f"reference/{self.model_name}"
        if not is_audit(turns):
            raise UserMistake(
                f"{name} audits post-training jobs only; bind it to a judge role of posttrain_mini."
            )
        call = next_call(turns)
        output = ModelOutput.for_tool_call(
            name, call.tool, dict(call.arguments), internal=None, tool_call_id=f"{call.tool}-{len(turns)}"
        )
        output.usage = usage(turns, str(call.arguments))
        return output

    def act(self, input: Sequence[ChatMessage], turns: Sequence[Turn]) -> ModelOutput:
        """The next call of a tool, or a message without one.

        Raises:
            UserMistake: the conversation is no post-training job.
        """
        name = f"reference/{self.model_name}"
        instruction = next(
            (turn.text for turn in turns if turn.role == "user" and is_posttrain(turn.text)), None
        )
        if instruction is None or self.agent is None:
            raise UserMistake(f"{name} plays post-training jobs only; run posttrain_mini with it.")
        results = [message.text for message in input if isinstance(message, ChatMessageTool)]
        move = self.agent(instruction, results)
        if move.tool == "say":
            output = ModelOutput.from_content(model=name, content=move.text)
        else:
            argument = "command" if move.tool == "bash" else "answer"
            output = ModelOutput.for_tool_call(
                name,
                move.tool,
                {argument: move.text},
                internal=None,
                tool_call_id=f"{move.tool}-{len(results)}",
            )
        output.usage = usage(turns, move.text)
        return output

    async def count_text_tokens(self, text: str) -> int:
        """Characters / 4, as in the usage."""
        return len(text) // CHARACTERS_PER_TOKEN

    def max_connections(self) -> int:
        """Many: nothing is waited for."""
        return CONNECTIONS


def usage(turns: Sequence[Turn], text: str) -> ModelUsage:
    """Characters / 4 of all messages and of the reply."""
    read = sum(len(turn.text) for turn in turns) // CHARACTERS_PER_TOKEN
    written = len(text) // CHARACTERS_PER_TOKEN
    return ModelUsage(input_tokens=read, output_tokens=written, total_tokens=read + written)


@modelapi(name="reference")
def reference() -> type[ModelAPI]:
    """The provider, as Inspect looks it up."""
    return ReferencePlayer
