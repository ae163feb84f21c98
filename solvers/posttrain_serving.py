"""How the verifier runs a model: the engine of the mini profile in this process, or vLLM on loopback.

Both get the same requests: prompts, a seed each, a limit of tokens, and no sampling value unless the pass is
greedy, so that the submitted `generation_config.json` counts. What cannot be served raises `Unserved`.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from interplay.tasks.mistakes import EnvironmentProblem, UserMistake
from interplay.tasks.posttrain.arguments import SEED_BITS, Device
from interplay.tasks.posttrain.cells import Profile
from interplay.tasks.posttrain.mini import engine
from interplay.tasks.posttrain.targets import Item

if TYPE_CHECKING:
    from .user_rendering import ChatTemplate


class Unserved(Exception):
    """The model did not start, died, or did not end in time; the message says which."""


class Server(Protocol):
    """A model that answers."""

    def answers(
        self, items: Sequence[Item], seeds: Sequence[int], max_tokens: int, greedy: bool = False
    ) -> list[str]:
        """One answer to each item.

        Raises:
            Unserved: the model failed.
        """
        ...

    def losses(self, items: Sequence[Item]) -> list[float]:
        """Mean token loss of each item's gold text.

        Raises:
            Unserved: the model failed.
        """
        ...

    def is_greedy(self) -> bool:
        """Whether the submitted decoding is greedy, so that seeds make no difference."""
        ...

    def template(self) -> "ChatTemplate":
        """The chat template of the served model, for targets that open the user role.

        Raises:
            Unserved: it has none that can be used.
        """
        ...

    def close(self) -> None:
        """Stop serving."""
        ...


def request_seed(seed: int, item: str, epoch: int = 1, call: int = 0) -> int:
    """31 bits of `sha256("seed/item/epoch/call")`: one seed for all requests would make them alike."""
    digest = hashlib.sha256(f"{seed}/{item}/{epoch}/{call}".encode()).digest()
    return int.from_bytes(digest[:4], "big") & ((1 << SEED_BITS) - 1)


class MiniServer:
    """A mini model in this process.

    Raises:
        Unserved: it cannot be loaded.
    """

    def __init__(self, folder: Path, device: Device) -> None:
        try:
            self.sampling = engine.served_sampling(folder)
            self.loaded = engine.load(folder, device)
        except UserMistake as problem:
            raise Unserved(problem.message) from problem
        except RecursionError as problem:
            raise Unserved(f"{folder}: a config is nested too deeply to be read") from problem

    def answers(
        self, items: Sequence[Item], seeds: Sequence[int], max_tokens: int, greedy: bool = False
    ) -> list[str]:
        """One answer to each item."""
        sampling = engine.GREEDY if greedy else self.sampling
        try:
            return engine.generate(
                self.loaded,
                [item.prompt for item in items],
                sampling=sampling,
                seeds=list(seeds),
                max_tokens=max_tokens,
            )
        except (UserMistake, RuntimeError, ValueError, IndexError) as problem:
            raise Unserved(f"generation failed ({' '.join(str(problem).split())[:200]})") from problem

    def losses(self, items: Sequence[Item]) -> list[float]:
        """Mean token loss of each item's gold text."""
        pairs = [engine.Example(item.prompt, item.gold) for item in items]
        try:
            return engine.token_losses(self.loaded, pairs)
        except (UserMistake, RuntimeError, ValueError, IndexError) as problem:
            raise Unserved(f"losses failed ({' '.join(str(problem).split())[:200]})") from problem

    def is_greedy(self) -> bool:
        """Whether the submitted decoding takes the likeliest token."""
        return self.sampling.temperature == 0

    def template(self) -> "ChatTemplate":
        """None: the targets of the mini profile open the user role in their prompts."""
        raise Unserved("the mini engine has no chat template of its own")

    def close(self) -> None:
        """Nothing to stop."""


def serve(
    folder: Path,
    profile: Profile,
    device: Device,
    template: Path | None,
    max_tokens: int,
    *,
    connections: int = 6,
    gpu_memory: float = 0.8,
) -> Server:
    """A running server of the model in a folder.

    Args:
        folder: Model folder.
        profile: `mini`, or `full` for vLLM.
        device: Of the mini profile.
        template: Chat template; the mini engine has its own.
        max_tokens: Most tokens of an answer.
        connections: Requests at once.
        gpu_memory: Share of the GPU's memory.

    Raises:
        Unserved: it does not start.
        EnvironmentProblem: what it needs is not installed.
    """
    if profile == "mini":
        return MiniServer(folder, device)
    from .posttrain_vllm import VllmServer

    if template is None or not template.is_file():
        raise EnvironmentProblem(f"chat template {template} is missing; run cells pin to fetch it.")
    return VllmServer(folder, template, max_tokens, connections=connections, gpu_memory=gpu_memory)
