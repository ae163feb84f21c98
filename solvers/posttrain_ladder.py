"""The ladder: a pass is tried at the highest limit of tokens first, some times at each of three stages.

An attempt fails if the model does not start, dies or takes too long, never for what it says. Later passes
begin at the stage that worked. Free of torch: the server comes from outside.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from interplay.tasks.posttrain.cells import TargetRecord
from interplay.tasks.posttrain.targets import Item, Target, Verdict

from .posttrain_outputs import Answer, cut
from .posttrain_serving import Server, Unserved, request_seed

if TYPE_CHECKING:
    from inspect_ai.model import Model

Start = Callable[[int], Server]
"""Start serving with a limit of tokens."""


class Judging(Protocol):
    """A target whose answers another model grades."""

    async def judge(self, items: Sequence[Item], texts: Sequence[str], grader: "Model") -> list[Verdict]:
        """One verdict an answer, NaN where the grader gave none."""
        ...


class Exhausted(Exception):
    """No attempt at any stage worked; the message is that of the last."""


@dataclass
class Ladder:
    """The stages of a target with the attempts that a version allows.

    Attributes:
        stage: The stage in use, from 1; 0 before the first pass.
        failures: What the failed attempts said, in order.
    """

    start: Start
    tokens: Sequence[int]
    attempts: Sequence[int]
    stage: int = 0
    failures: list[str] = field(default_factory=list[str])
    server: Server | None = None

    def climb(self, work: Callable[[Server, int], list[str]]) -> list[str]:
        """The answers of a pass, from the first attempt that works.

        Raises:
            Exhausted: none does.
        """
        for stage in range(max(self.stage, 1), len(self.tokens) + 1):
            for _ in range(self.attempts[stage - 1]):
                try:
                    found = work(self._serving(stage), self.tokens[stage - 1])
                except Unserved as problem:
                    self.failures.append(f"stage {stage}: {problem}")
                    self.close()
                    continue
                self.stage = stage
                return found
        raise Exhausted(self.failures[-1] if self.failures else "no attempt is allowed")

    def _serving(self, stage: int) -> Server:
        if self.server is not None and stage != self.stage:
            self.close()
        if self.server is None:
            self.server = self.start(self.tokens[stage - 1])
        return self.server

    def close(self) -> None:
        """Stop serving."""
        if self.server is not None:
            self.server.close()
            self.server = None


def graded(
    target: Target, items: Sequence[Item], texts: Sequence[str], seed: int | None, record: TargetRecord
) -> list[Answer]:
    """Answers with their verdicts; judged targets are graded on the host, private ones keep no text."""
    verdicts = [None] * len(items) if record.judged else target.grade_all(items, texts)
    return [
        Answer(
            id=item.id,
            seed=seed,
            text=None if record.private else cut(text),
            extracted=None if verdict is None else verdict.extracted,
            correct=None if verdict is None or verdict.correct != verdict.correct else verdict.correct,
        )
        for item, text, verdict in zip(items, texts, verdicts, strict=True)
    ]


def answers_of(
    target: Target,
    server: Server,
    items: Sequence[Item],
    seeds: Sequence[int],
    max_tokens: int,
    greedy: bool = False,
) -> list[str]:
    """The answers of a served model: as the target plays them, if it does, else one request an item."""
    play = getattr(target, "play", None)
    if play is not None:
        return list(play(items, server, server.template(), list(seeds)))
    return server.answers(items, seeds, max_tokens, greedy)


def seeded_pass(ladder: Ladder, target: Target, items: Sequence[Item], seed: int) -> list[str]:
    """Answers with the submitted decoding."""
    seeds = [request_seed(seed, item.id) for item in items]
    return ladder.climb(lambda server, tokens: answers_of(target, server, items, seeds, tokens))


def greedy_pass(ladder: Ladder, target: Target, items: Sequence[Item]) -> list[str]:
    """Answers at temperature 0; a target that plays has temperatures of its own."""
    seeds = [request_seed(0, item.id) for item in items]
    return ladder.climb(lambda server, tokens: answers_of(target, server, items, seeds, tokens, greedy=True))
