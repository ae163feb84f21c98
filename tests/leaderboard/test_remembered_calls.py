"""What is remembered against what is computed anew: any calls, in any order, over any number of rounds."""

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.remembering import Memory

POOL = [[1], [1], [2, 3], [2, 3]]
"""Inputs: some equal to another, none the same object."""
ROUNDS = st.lists(
    st.lists(st.tuples(st.sampled_from(["leaf", "pair", "tree"]), st.integers(0, 3), st.integers(0, 3))),
    max_size=5,
)


class Counted:
    """Pure functions that call each other by a memory, and how often each was computed."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.calls: list[tuple[str, object]] = []

    def leaf(self, items: list[int]) -> int:
        self.calls.append(("leaf", id(items)))
        return sum(items)

    def pair(self, first: list[int], second: list[int]) -> int:
        self.calls.append(("pair", (id(first), id(second))))
        return 10 * self.memory(self.leaf, first) + self.memory(self.leaf, second)

    def tree(self, first: list[int], both: tuple[list[int], ...]) -> int:
        self.calls.append(("tree", (id(first), *map(id, both))))
        return 1000 * self.memory(self.pair, first, both[-1]) + len(both)

    def ask(self, name: str, i: int, j: int) -> int:
        if name == "leaf":
            return self.memory(self.leaf, POOL[i])
        if name == "pair":
            return self.memory(self.pair, POOL[i], POOL[j])
        return self.memory(self.tree, POOL[i], (POOL[j], POOL[i], POOL[j]))


def plain(name: str, i: int, j: int) -> int:
    """The same without a memory."""
    a, b = sum(POOL[i]), sum(POOL[j])
    return a if name == "leaf" else 10 * a + b if name == "pair" else 1000 * (10 * a + b) + 3


@settings(max_examples=50)
@given(ROUNDS)
def test_a_memory_gives_what_a_call_gives_and_computes_nothing_twice_in_a_round(
    rounds: list[list[tuple[str, int, int]]],
) -> None:
    counted = Counted()
    for calls in rounds:
        counted.calls.clear()
        for call in calls:
            assert counted.ask(*call) == plain(*call)
        assert len(counted.calls) == len(set(counted.calls))
        counted.memory.forget()


@settings(max_examples=50)
@given(ROUNDS)
def test_a_round_that_asks_what_the_last_one_asked_computes_nothing(
    rounds: list[list[tuple[str, int, int]]],
) -> None:
    counted = Counted()
    for calls in rounds:
        for _ in range(2):
            counted.calls.clear()
            for call in calls:
                counted.ask(*call)
            counted.memory.forget()
        assert counted.calls == []


def test_what_is_skipped_for_one_round_is_computed_again() -> None:
    counted = Counted()
    for _ in range(2):
        counted.ask("leaf", 0, 0)
        counted.memory.forget()
        counted.memory.forget()
    assert len(counted.calls) == 2


@pytest.mark.parametrize(
    ("first", "second", "are_same"),
    [
        ("ab", "".join(["a", "b"]), True),
        (("a", "b"), tuple("ab"), True),
        (("a",), "a", False),
        (("a", "b"), ("b", "a"), False),
        ((), (), True),
        ([], [], False),
        ((("a",),), (("a", "b"),), False),
    ],
    ids=["text", "tuple", "tuple-of-text", "order", "nothing", "lists", "nested"],
)
def test_texts_and_tuples_are_told_apart_by_what_they_hold_and_others_by_what_they_are(
    first: object, second: object, are_same: bool
) -> None:
    calls: list[object] = []

    def noted(given: object) -> int:
        calls.append(given)
        return len(calls)

    memory = Memory()
    assert (memory(noted, first) == memory(noted, second)) is are_same


def test_a_named_tuple_is_an_object_of_its_own() -> None:
    class Line(NamedTuple):
        text: str

    memory, calls = Memory(), list[str]()

    def noted(line: Line) -> str:
        calls.append(line.text)
        return line.text

    assert [memory(noted, Line("a")), memory(noted, Line("a"))] == ["a", "a"]
    assert len(calls) == 2


def test_two_functions_of_one_input_are_two_calls_and_so_are_methods_of_two_objects() -> None:
    memory, given = Memory(), [3, 1]
    assert memory(sorted, given) == [1, 3]
    assert memory(sum, given) == 4
    one, two = Counted(), Counted()
    assert memory(one.leaf, given) == memory(two.leaf, given) == 4
    assert len(one.calls) == len(two.calls) == 1


def test_an_input_is_held_so_that_no_other_takes_its_place() -> None:
    """Objects are told apart by their address, which the next one would get if the first one went."""
    memory = Memory()
    found = [memory(list, [number]) for number in range(200)]
    assert found == [[number] for number in range(200)]


def test_nothing_of_a_call_that_failed_is_kept_as_its_result() -> None:
    memory, calls = Memory(), list[int]()

    def failing(items: list[int]) -> int:
        calls.append(1)
        raise ValueError(f"call {len(calls)}")

    for i in (1, 2):
        with pytest.raises(ValueError, match=f"call {i}"):
            memory(failing, POOL[0])
    assert memory(len, POOL[0]) == 1
