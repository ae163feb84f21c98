"""Results of pure functions, kept for as long as what they are made of is the same."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias, TypeVar, TypeVarTuple, cast

T = TypeVar("T")
Inputs = TypeVarTuple("Inputs")
Key: TypeAlias = tuple[object, ...]


class Memory:
    """Calls functions, and gives what a call gave before where every input is the same object as then.

    Texts are the same where they are equal, and tuples where their items are. So whatever is computed from
    files that are parsed once, and from nothing else, is computed once. Call `forget` after each round: it
    drops what that round did not need.

    Example:
        >>> memory, given = Memory(), [3, 1, 2]
        >>> memory(sorted, given) is memory(sorted, given)
        True
    """

    def __init__(self) -> None:
        self._before: dict[Key, _Call] = {}
        self._now: dict[Key, _Call] = {}
        self._running: list[list[Key]] = []

    def __call__(self, make: Callable[[*Inputs], T], *inputs: *Inputs) -> T:
        """What `make(*inputs)` gives; it has to depend on these inputs alone, and not to change them."""
        key: Key = make, *[_identity(item) for item in inputs]
        if self._running:
            self._running[-1].append(key)
        found = self._now.get(key) or self._keep(key)
        if found is None:
            found = self._now[key] = self._made(make, inputs)
        return cast(T, found.result)

    def forget(self) -> None:
        """Ends a round: what it did not need is computed anew when it is asked for again."""
        self._before, self._now = self._now, {}

    def clear(self) -> None:
        """Knows nothing any more."""
        self._before, self._now = {}, {}

    def _made(self, make: Callable[[*Inputs], T], inputs: tuple[*Inputs]) -> "_Call":
        self._running.append([])
        try:
            return _Call(inputs, make(*inputs), tuple(self._running[-1]))
        finally:
            self._running.pop()

    def _keep(self, key: Key) -> "_Call | None":
        """Takes a call over into this round, with the calls that were made within it."""
        found = self._before.get(key)
        if found is not None:
            self._now[key] = found
            for part in found.parts:
                if part not in self._now:
                    self._keep(part)
        return found


class _Call(NamedTuple):
    """A call: its inputs, which no other object can replace while they are held, and its result.

    `parts` are the calls that were made within it.
    """

    inputs: tuple[object, ...]
    result: object
    parts: tuple[Key, ...]


def _identity(value: object) -> object:
    """What an input has in common with another exactly if they are the same."""
    if type(value) is tuple:
        return tuple([x if type(x) is str else id(x) for x in cast(tuple[object, ...], value)])
    return value if type(value) is str else id(value)
