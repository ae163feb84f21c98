"""Messages as they are drawn for people, and labels that people gave, without a log."""

from interplay.scorers.escalation_judge_gold import ARMS, GoldTurn
from interplay.scorers.escalation_judge_sheet import Drawn, Origin

SHA = "a" * 64


def drawn(seed: int, arm: str, n: int = 3, variant: int = 0, epoch: int = 1, **more: object) -> Drawn:
    origin = {
        "model": "m/x", "simulator": "rule", "scenario_id": f"work-{seed:02}-v{variant}",
        "seed_id": f"work-{seed:02}", "arm": arm, "epoch": epoch, "n": n, "judge": 2, "grader": "a/judge",
        "prompt_sha256": SHA,
    }  # fmt: skip
    return Drawn(
        origin=Origin.model_validate(origin | more), conversation=f"user 1: {seed}", message=f"message {n}"
    )


def pair(seed: int, **more: object) -> list[Drawn]:
    """The last two messages of a conversation under either arm."""
    return [drawn(seed, arm, n, **more) for arm in ARMS for n in (3, 4)]  # pyright: ignore


def turns(*people: tuple[int, int, int], **more: object) -> list[GoldTurn]:
    base = drawn(1, ARMS[0]).origin.model_dump(exclude={"item"})
    return [
        GoldTurn.model_validate(base | {"people": each, "n": n} | more) for n, each in enumerate(people, 2)
    ]
