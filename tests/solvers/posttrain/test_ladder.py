"""The ladder with servers that fail on demand: stages, attempts, seeds, and who is to blame."""

from collections.abc import Sequence

import pytest

from interplay.solvers.posttrain_ladder import Exhausted, Ladder, graded, seeded_pass
from interplay.solvers.posttrain_serving import Unserved, request_seed
from interplay.tasks.posttrain.cells import load_grid
from interplay.tasks.posttrain.targets import Item, load_target


class Flaky:
    """A server that fails while its list of failures lasts."""

    def __init__(self, failures: list[str]) -> None:
        self.failures = failures
        self.asked: list[tuple[int, tuple[int, ...]]] = []
        self.closed = 0

    def answers(
        self, items: Sequence[Item], seeds: Sequence[int], max_tokens: int, greedy: bool = False
    ) -> list[str]:
        if self.failures:
            raise Unserved(self.failures.pop(0))
        self.asked.append((max_tokens, tuple(seeds)))
        return [item.gold for item in items]

    def losses(self, items: Sequence[Item]) -> list[float]:
        return [0.0] * len(items)

    def is_greedy(self) -> bool:
        return False

    def template(self):
        raise Unserved("none")

    def close(self) -> None:
        self.closed += 1


def ladder(server: Flaky, refused_starts: int = 0) -> tuple[Ladder, list[int]]:
    started: list[int] = []

    def start(tokens: int) -> Flaky:
        started.append(tokens)
        if len(started) <= refused_starts:
            raise Unserved("does not start")
        return server

    return Ladder(start, tokens=(4000, 3000, 2000), attempts=(2, 1, 1)), started


TARGET = load_target("m_call")
ITEMS = TARGET.items()[:3]


def test_the_first_attempt_that_works_counts() -> None:
    server = Flaky([])
    climbed, started = ladder(server)
    assert seeded_pass(climbed, TARGET, ITEMS, 7) == [item.gold for item in ITEMS]
    assert (climbed.stage, started) == (1, [4000])
    ((tokens, seeds),) = server.asked
    assert tokens == 4000
    assert seeds == tuple(request_seed(7, item.id) for item in ITEMS)


def test_attempts_are_used_up_before_the_next_stage() -> None:
    server = Flaky(["died", "died again"])
    climbed, started = ladder(server)
    seeded_pass(climbed, TARGET, ITEMS, 7)
    assert (climbed.stage, started) == (2, [4000, 4000, 3000])
    assert climbed.failures == ["stage 1: died", "stage 1: died again"]


def test_later_passes_begin_at_the_stage_that_worked() -> None:
    server = Flaky(["died", "died"])
    climbed, started = ladder(server)
    seeded_pass(climbed, TARGET, ITEMS, 7)
    seeded_pass(climbed, TARGET, ITEMS, 8)
    assert started == [4000, 4000, 3000]
    assert [tokens for tokens, _ in server.asked] == [3000, 3000]


def test_a_model_that_never_starts_exhausts_the_ladder() -> None:
    climbed, started = ladder(Flaky([]), refused_starts=99)
    with pytest.raises(Exhausted, match="stage 3: does not start"):
        seeded_pass(climbed, TARGET, ITEMS, 7)
    assert started == [4000, 4000, 3000, 2000]
    assert climbed.stage == 0


def test_request_seeds_are_31_bits_and_differ_by_item_seed_epoch_and_call() -> None:
    drawn = [
        request_seed(seed, item, epoch, call)
        for seed in (1, 2) for item in ("a", "b") for epoch in (1, 2) for call in (0, 1)
    ]  # fmt: skip
    assert len(set(drawn)) == 16
    assert all(0 <= one < 2**31 for one in drawn)
    assert request_seed(72332, "m_call-0") == request_seed(72332, "m_call-0")


def test_private_targets_keep_no_text_and_judged_ones_wait_for_the_host() -> None:
    record = load_grid().targets["m_call"]
    (kept,) = graded(TARGET, ITEMS[:1], [ITEMS[0].gold], 7, record)
    assert (kept.text, kept.correct, kept.seed) == (ITEMS[0].gold, 1.0, 7)
    (private,) = graded(TARGET, ITEMS[:1], ["x"], 7, record.model_copy(update={"private": True}))
    assert (private.text, private.correct) == (None, 0.0)
    (judged,) = graded(TARGET, ITEMS[:1], ["x"], 7, record.model_copy(update={"judged": True}))
    assert (judged.text, judged.correct) == ("x", None)


def test_long_texts_keep_both_ends() -> None:
    (one,) = graded(TARGET, ITEMS[:1], ["a" * 5000 + "b" * 5000], 7, load_grid().targets["m_call"])
    assert one.text is not None
    assert one.text.startswith("a" * 4096)
    assert one.text.endswith("b" * 4096)
    assert "1808 characters left out" in one.text
