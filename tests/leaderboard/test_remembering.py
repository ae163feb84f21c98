"""What is remembered: results of the same inputs, for as long as somebody needs them."""

from interplay.leaderboard.remembering import Memory


def test_the_same_inputs_are_computed_once_and_others_anew() -> None:
    memory, calls = Memory(), list[object]()

    def made(given: list[int], text: str, several: tuple[list[int], ...]) -> int:
        calls.append(given)
        return sum(given) + len(text) + len(several)

    first, second = [1, 2], [1, 2]
    assert memory(made, first, "".join(["a", "b"]), (first, second)) == 7
    assert memory(made, first, "".join(["a", "b"]), (first, second)) == 7
    assert len(calls) == 1, "equal texts and tuples of the same objects are the same"
    memory(made, second, "ab", (first, second))
    memory(made, first, "ac", (first, second))
    memory(made, first, "ab", (first, first))
    memory(made, first, "ab", (first,))
    assert len(calls) == 5, "equal lists are different objects"


def test_a_round_keeps_what_it_needed_and_what_that_was_made_of() -> None:
    memory, calls = Memory(), list[str]()
    given = [1, 2]

    def part(items: list[int]) -> list[int]:
        calls.append("part")
        return sorted(items)

    def whole(items: list[int]) -> int:
        calls.append("whole")
        return len(memory(part, items))

    memory(whole, given)
    for _ in range(3):
        memory.forget()
        memory(whole, given)
    assert calls == ["whole", "part"]
    memory(part, given)
    assert calls == ["whole", "part"], "the part lives as long as the whole"
    memory.forget()
    memory.forget()
    memory(whole, given)
    assert calls == ["whole", "part", "whole", "part"]


def test_a_call_that_fails_is_made_again() -> None:
    memory, given = Memory(), [0]

    def made(items: list[int]) -> float:
        return memory(inverse, items)

    def inverse(items: list[int]) -> float:
        return 1 / items[0]

    for _ in range(2):
        try:
            memory(made, given)
        except ZeroDivisionError:
            given[0] += 1
    assert memory(made, given) == 1


def test_nothing_is_known_after_clearing() -> None:
    memory, given = Memory(), [2, 1]
    first = memory(sorted, given)
    memory.forget()
    memory.clear()
    assert memory(sorted, given) is not first
