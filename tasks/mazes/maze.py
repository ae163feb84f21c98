"""Mazes cut into two halves: random numbers, the three families, the cut, walks and map text.

A maze of the family `bernoulli`, with the half that each agent is shown (`@` start, `*` goal, `.` open,
`#` wall, `k` key, `?` hidden):

    full map   half A     half B
    @.....     @...??     @???..
    ...#*#     .??#*?     ?..?*#
    .#..##     ?#????     .?..##
    #...k.     #...k?     ?????.
    ...k..     ??.???     ..?k..
    .#....     .#..?.     ????.?

Cells are (row, column) counted from 0 at the top left; the start is always (0, 0). Every choice is drawn
from `Rng`, so the same parts give the same maze on every platform and every version of Python.
"""

import struct
from collections.abc import Callable, Collection, Iterator, Sequence
from hashlib import sha256
from typing import Literal, NamedTuple, TypeVar

Cell = tuple[int, int]
Family = Literal["bernoulli", "detour", "perfect"]
Half = Literal["A", "B"]

FAMILIES: tuple[Family, ...] = ("bernoulli", "detour", "perfect")
HALVES: tuple[Half, ...] = ("A", "B")
START: Cell = (0, 0)
PHRASE = "TAVIREL!"
"""What an agent says when the token has reached the goal."""
LONGEST_ROUTE = 22
"""Mazes whose reference route has more steps than this are drawn again."""
WALL_PERCENT = 30
BLOCKS_OF_WORD = struct.Struct(">8I")

T = TypeVar("T")


class Rng:
    """Random numbers from SHA-256, the same everywhere.

    The key is the SHA-256 of the parts as text joined by U+001F; block i is the SHA-256 of the key and i as
    8 bytes big-endian; each block is read as eight numbers of 32 bits, big-endian.
    """

    def __init__(self, *parts: object) -> None:
        key = sha256("\x1f".join(str(part) for part in parts).encode()).digest()
        self._next = self._words(key).__next__

    @staticmethod
    def _words(key: bytes) -> Iterator[int]:
        block = 0
        while True:
            yield from BLOCKS_OF_WORD.unpack(sha256(key + block.to_bytes(8, "big")).digest())
            block += 1

    def below(self, n: int) -> int:
        """A number from 0 to n - 1, each with the same probability."""
        limit = 0x1_0000_0000 - 0x1_0000_0000 % n
        word = self._next()
        while word >= limit:
            word = self._next()
        return word % n

    def chance(self, a: int, b: int) -> bool:
        """True with probability a / b."""
        return self.below(b) < a

    def choice(self, options: Sequence[T]) -> T:
        """One of the options, which must not be empty."""
        return options[self.below(len(options))]

    def shuffle(self, items: list[T]) -> None:
        """Bring the items into a random order, in place."""
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]


class Drawn(NamedTuple):
    """A maze as the generator hands it over: full map, owner of each cell, reference route."""

    rows: list[str]
    owner: list[str]
    route: list[Cell]


def parse_grid(text: str) -> list[str]:
    """The rows of a map text.

    Raises:
        ValueError: the rows are not equally long, or a character is no map symbol.
    """
    rows = [line.strip() for line in text.strip().splitlines()]
    if not rows or not rows[0] or any(len(row) != len(rows[0]) for row in rows):
        raise ValueError(f"not a map, the rows are not equally long: {text!r}")
    strange = set("".join(rows)) - set("@*.#k?")
    if strange:
        raise ValueError(f"not a map, {min(strange)!r} is no map symbol: {text!r}")
    return rows


def cells_of(rows: Sequence[str], symbols: str) -> list[Cell]:
    """The cells that show one of the symbols, in row order."""
    return [(r, c) for r, row in enumerate(rows) for c, symbol in enumerate(row) if symbol in symbols]


def neighbours(cell: Cell, height: int, width: int) -> list[Cell]:
    """The cells above, to the right, below and to the left, in this order, that lie on the grid."""
    r, c = cell
    around = ((r - 1, c), (r, c + 1), (r + 1, c), (r, c - 1))
    return [(r, c) for r, c in around if 0 <= r < height and 0 <= c < width]


def is_open(rows: Sequence[str], cell: Cell) -> bool:
    """The cell lies on the grid and is neither a wall nor hidden."""
    r, c = cell
    return 0 <= r < len(rows) and 0 <= c < len(rows[0]) and rows[r][c] not in "#?"


def manhattan(a: Cell, b: Cell) -> int:
    """Steps between two cells of a grid without walls."""
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def distances(rows: Sequence[str], start: Cell) -> dict[Cell, int]:
    """Steps from `start` to every open cell that can be reached, itself included."""
    height, width = len(rows), len(rows[0])
    found = {start: 0}
    queue = [start]
    for at in queue:
        for cell in neighbours(at, height, width):
            if cell not in found and rows[cell[0]][cell[1]] not in "#?":
                found[cell] = found[at] + 1
                queue.append(cell)
    return found


def shortest_walk(
    rows: Sequence[str], start: Cell, keys: Collection[Cell], goal: Cell
) -> tuple[Cell, ...] | None:
    """A shortest walk over open cells from `start` over all `keys` to `goal`, both ends included.

    Breadth-first over cell × collected keys; of several shortest walks the one that first goes up, else
    right, else down, else left. The goal may be passed before the last key. None if there is no walk.
    Hidden cells are closed: a caller who wants them open passes rows in which they are replaced.
    """
    height, width = len(rows), len(rows[0])
    bit = {key: 1 << i for i, key in enumerate(sorted(set(keys)))}
    all_keys = (1 << len(bit)) - 1
    first = (start, bit.get(start, 0))
    came_from: dict[tuple[Cell, int], tuple[Cell, int] | None] = {first: None}
    queue = [first]
    for state in queue:
        at, held = state
        if at == goal and held == all_keys:
            walk = [at]
            while (before := came_from[state]) is not None:
                walk.append(before[0])
                state = before
            return tuple(reversed(walk))
        for cell in neighbours(at, height, width):
            if rows[cell[0]][cell[1]] not in "#?":
                following = (cell, held | bit.get(cell, 0))
                if following not in came_from:
                    came_from[following] = state
                    queue.append(following)
    return None


def walk_length(rows: Sequence[str], at: Cell, missing_keys: frozenset[Cell], goal: Cell) -> int | None:
    """Steps of the shortest walk from `at` over the missing keys to the goal; None if there is none."""
    walk = shortest_walk(rows, at, missing_keys, goal)
    return None if walk is None else len(walk) - 1


def half_of(rows: Sequence[str], owner: Sequence[str], half: Half) -> list[str]:
    """The rows that the holder of a half is shown: cells of the other half are hidden."""
    shown = half + "="
    return [
        "".join(symbol if whose in shown else "?" for symbol, whose in zip(row, owners, strict=True))
        for row, owners in zip(rows, owner, strict=True)
    ]


def render_full(rows: Sequence[str]) -> str:
    """The map text: rows on lines of their own, no newline at the end."""
    return "\n".join(rows)


def render_half(rows: Sequence[str], owner: Sequence[str], half: Half) -> str:
    """The map text of one half."""
    return render_full(half_of(rows, owner, half))


def scaled(steps: int, size: int) -> int:
    """A number of steps on a 6×6 grid, scaled to another size and rounded."""
    return (2 * steps * size + 6) // 12


def goal_fits(family: Family, distance: int, straight: int, size: int = 6) -> bool:
    """The family's rule for the goal: its distance from the start, beside its Manhattan distance.

    The two grid families scale with the size of the grid; `perfect` has one size only.
    """
    if family == "bernoulli":
        return scaled(5, size) <= distance <= scaled(9, size)
    if family == "detour":
        return scaled(8, size) <= distance <= scaled(12, size) and 10 * distance >= 13 * straight
    return 6 <= distance <= 14


def spanning_tree(rng: Rng, graph: Sequence[Sequence[tuple[int, int]]]) -> list[int]:
    """The edges of a uniform spanning tree of a connected graph (Wilson 1996).

    `graph[node]` lists the (neighbour, edge) pairs of a node, parallel edges allowed. Walks start at the
    nodes in order; node 0 is the root.
    """
    in_tree = [False] * len(graph)
    in_tree[0] = True
    leaving = [(0, 0)] * len(graph)
    edges: list[int] = []
    for node in range(1, len(graph)):
        at = node
        while not in_tree[at]:
            leaving[at] = rng.choice(graph[at])
            at = leaving[at][0]
        at = node
        while not in_tree[at]:
            in_tree[at] = True
            at, edge = leaving[at]
            edges.append(edge)
    return edges


def random_walls(rng: Rng, size: int, percent: int) -> list[str]:
    """A square grid where each cell but the start is a wall with the given probability."""
    cells = ["#" if i and rng.chance(percent, 100) else "." for i in range(size * size)]
    cells[0] = "@"
    return ["".join(cells[i : i + size]) for i in range(0, size * size, size)]


def lattice_walls(rng: Rng, size: int = 7) -> list[str]:
    """A grid of odd size whose cells at even places are joined by a uniform spanning tree."""
    side = (size + 1) // 2
    graph: list[list[tuple[int, int]]] = []
    for node in range(side * side):
        r, c = divmod(node, side)
        # An edge is named by the cell between its two nodes, counted in row order.
        graph.append([(a * side + b, (r + a) * size + (c + b)) for a, b in neighbours((r, c), side, side)])
    open_cells = {2 * (i // side) * size + 2 * (i % side) for i in range(side * side)}
    open_cells.update(spanning_tree(rng, graph))
    text = "".join("." if i in open_cells else "#" for i in range(size * size))
    return ["@" + text[1:size]] + [text[i : i + size] for i in range(size, size * size, size)]


def split(rng: Rng, rows: Sequence[str], goal: Cell, *, blocks: bool) -> list[str]:
    """Who sees each cell: `A`, `B`, or `=` for start and goal, which belong to both.

    Single cells are shared out by the toss of a coin, or blocks of 2×2 cells in turn.
    """
    flip = rng.below(2)
    owner = [""] * len(rows)
    for r, row in enumerate(rows):
        for c in range(len(row)):
            if (r, c) in (START, goal):
                owner[r] += "="
            else:
                owner[r] += "AB"[(r // 2 + c // 2 + flip) % 2 if blocks else rng.below(2)]
    return owner


def placed(rows: Sequence[str], cell: Cell, symbol: str) -> list[str]:
    """The rows with one cell replaced."""
    r, c = cell
    return [row[:c] + symbol + row[c + 1 :] if i == r else row for i, row in enumerate(rows)]


def attempt(rng: Rng, family: Family) -> Drawn | None:
    """One run through the steps of the generator; None if a step fails."""
    rows = lattice_walls(rng) if family == "perfect" else random_walls(rng, 6, WALL_PERCENT)
    steps = distances(rows, START)
    goals = [
        cell
        for cell in cells_of(rows, ".")
        if cell in steps and goal_fits(family, steps[cell], manhattan(START, cell))
    ]
    if not goals:
        return None
    goal = rng.choice(goals)
    rows = placed(rows, goal, "*")
    owner = split(rng, rows, goal, blocks=family == "perfect")
    steps_to_goal = distances(rows, goal)
    spurs = [
        cell
        for cell in cells_of(rows, ".")
        if cell in steps and steps[cell] + steps_to_goal[cell] > steps[goal]
    ]
    keys: list[Cell] = []
    for half in HALVES:
        eligible = [(r, c) for r, c in spurs if owner[r][c] == half]
        if not eligible:
            return None
        keys.append(rng.choice(eligible))
    for key in keys:
        rows = placed(rows, key, "k")
    route = shortest_walk(rows, START, keys, goal)
    if route is None or len(route) - 1 > LONGEST_ROUTE:
        return None
    return Drawn(rows, owner, list(route))


def draw(
    set_name: str,
    family: Family,
    index: int,
    *,
    salt: str | None = None,
    admit: Callable[[Drawn], bool] | None = None,
) -> Drawn:
    """The maze with the given number, from 1, of a family in a set.

    One stream of random numbers serves all attempts, so a maze that `admit` refuses is followed by the next
    one of the same stream, and every number ends with a maze. A salt, if any, joins the key of the stream.
    """
    rng = Rng(set_name, family, index) if salt is None else Rng(set_name, family, index, salt)
    while True:
        drawn = attempt(rng, family)
        if drawn is not None and (admit is None or admit(drawn)):
            return drawn
