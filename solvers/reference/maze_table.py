"""What lies on the table in a game of Tavirel: the state that the notes have led to.

A player knows what a model would know: it reads its own map in the opening message and follows the notes
of both sides. Nothing is remembered between calls, so a conversation is followed anew each time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import NamedTuple

from interplay.tasks.mazes.maze import START, Cell, cells_of, neighbours

from .maze_notes import Direction, Pair, Reading, read
from .maze_prompt import Conversation, Map, Prompt, Said, is_map

ONE_STEP = 1000
"""Price of a step; a hidden cell costs 1 more, and no walk is so long that these add up to a step."""
OFFSETS: dict[Direction, Pair] = {"up": (-1, 0), "right": (0, 1), "down": (1, 0), "left": (0, -1)}


class Proposal(NamedTuple):
    """An open proposal: whose it is and the cells the token would go to, one after the other."""

    own: bool
    cells: tuple[Cell, ...]


@dataclass
class Table:
    """The state of a game as one side reads it.

    `rows` is the own map. `walk` holds the cells the token has stood on, by agreement. `refused` are the
    cells that the other side did not want the token on or called walls. `other_map` is the map in the other
    side's notes, and `keys_told` the keys it named. Who opens leads, until it says that the other one does.
    `declared`: this side said that it writes the row first, likewise `other_declared`.
    """

    prompt: Prompt
    rows: Map
    swaps: bool = False
    walk: list[Cell] = field(default_factory=lambda: [START])
    pending: Proposal | None = None
    plan: tuple[Cell, ...] = ()
    refused: set[Cell] = field(default_factory=set[Cell])
    other_map: Map | None = None
    keys_told: set[Cell] = field(default_factory=set[Cell])
    map_sent: bool = False
    own_notes: int = 0
    other_notes: int = 0
    heard: str = ""
    declared: bool = False
    other_declared: bool = False
    leads: bool = True
    handed_to_me: bool = False
    finished: bool = False

    @property
    def at(self) -> Cell:
        """Where the token stands."""
        return self.walk[-1]

    @property
    def offered(self) -> tuple[Cell, ...] | None:
        """The cells of the other side's open proposal."""
        return None if self.pending is None or self.pending.own else self.pending.cells

    @property
    def goal(self) -> Cell:
        """The goal."""
        return cells_of(self.rows, "*")[0]

    @property
    def hidden(self) -> bool:
        """Some cells of the own map are hidden."""
        return any("?" in row for row in self.rows)

    def cell(self, pair: Pair) -> Cell:
        """The cell that two numbers name, in the player's own way to write cells."""
        return (pair[1], pair[0]) if self.swaps else pair

    def name(self, cell: Cell) -> str:
        """The cell as the player writes it."""
        first, second = self.cell(cell)
        return f"({first},{second})"

    def around(self, cell: Cell) -> list[Cell]:
        """The neighbours of a cell on the grid."""
        return neighbours(cell, len(self.rows), len(self.rows[0]))

    def is_wall(self, cell: Cell) -> bool:
        """The own map has a wall there."""
        return self.on_grid(cell) and self.rows[cell[0]][cell[1]] == "#"

    def hear(self, note: Said) -> None:
        """Follow one note of either side."""
        reading = read(note.text)
        self.finished = self.finished or reading.says_phrase
        self.learn(note.own, reading)
        self.heard = self.heard if note.own else note.text
        if self.prompt.form != "pair":
            if self.prompt.form == "step":
                self.advance(self.resolved(reading), None)
            return
        offered = self.pending is not None and self.pending.own != note.own
        taken = self.answer(reading) if offered else False
        claimed = None if reading.at is None else self.cell(reading.at)
        proposed = self.resolved(reading)
        if not taken and not proposed and claimed in self.plan:
            self.advance(self.plan, claimed)
        if taken and proposed == tuple(self.walk[-len(proposed) :]):  # "Yes, let us move to (0,1)."
            proposed = ()
        if proposed:
            self.pending = Proposal(note.own, proposed)

    def learn(self, own: bool, reading: Reading) -> None:
        """Take from a note what it tells about the maze and about who leads."""
        sent = next(iter(maps_in(reading.map_lines, self.rows)), None)
        if own:
            self.own_notes += 1
            self.declared = self.declared or reading.row_first
            self.map_sent = self.map_sent or sent is not None
            self.leads = self.leads and not reading.hands_over
            return
        self.other_notes += 1
        self.other_map = sent or self.other_map
        self.other_declared = self.other_declared or reading.row_first
        self.keys_told |= {cell for cell in map(self.cell, reading.keys) if self.on_grid(cell)}
        self.handed_to_me = self.handed_to_me or reading.hands_over
        self.leads = self.leads or reading.hands_over
        if not reading.not_next:
            self.refused |= {cell for cell in map(self.cell, reading.walls) if self.on_grid(cell)}

    def on_grid(self, cell: Cell) -> bool:
        """The cell lies on the grid."""
        return 0 <= cell[0] < len(self.rows) and 0 <= cell[1] < len(self.rows[0])

    def resolved(self, reading: Reading) -> tuple[Cell, ...]:
        """The cells that a note proposes, directions counted from where the token stands."""
        at = self.at
        cells: list[Cell] = []
        for step in reading.proposes:
            if isinstance(step, str):
                at = (at[0] + OFFSETS[step][0], at[1] + OFFSETS[step][1])
            else:
                at = self.cell(step)
            cells.append(at)
        if len(cells) > 1 and cells[0] == self.at:
            cells = cells[1:]
        return tuple(cells)

    def answer(self, reading: Reading) -> bool:
        """Let a note answer the open proposal of the other side; True if it was taken."""
        assert self.pending is not None
        cells = self.pending.cells
        claimed = None if reading.at is None else self.cell(reading.at)
        first = next(iter(self.resolved(reading)), None)
        if reading.rejects:
            if self.pending.own and not reading.not_next:
                self.refused.add(cells[0])
            self.pending = None
            return False
        goes_on = first is not None and first in self.around(cells[-1]) and first not in self.around(self.at)
        if not (reading.accepts or claimed == cells[-1] or first == cells[0] or goes_on):
            return False
        self.pending = None
        self.advance(cells, claimed)
        return True

    def advance(self, cells: tuple[Cell, ...], claimed: Cell | None) -> None:
        """Move the token along agreed cells, up to a claimed one among them; the rest is the plan.

        Agreeing to a cell off the grid moves nothing.
        """
        count = cells.index(claimed) + 1 if claimed in cells else len(cells)
        self.walk += [cell for cell in cells[:count] if self.on_grid(cell)]
        self.plan = cells[count:]


def maps_in(lines: Sequence[str], like: Sequence[str]) -> list[Map]:
    """The maps of the given shape among consecutive map lines."""
    height = len(like)
    windows = (tuple(lines[i : i + height]) for i in range(len(lines) - height + 1))
    return [rows for rows in windows if is_map(rows, like)]


def table_of(conversation: Conversation, believes: Callable[[Map], Map], *, swaps: bool = False) -> Table:
    """The state of the conversation's game after all notes.

    Args:
        conversation: The conversation so far, with the prompt of a game.
        believes: The map to play with, given the one in the prompt, where several views are one map.
        swaps: Cells are read and written as (column, row) where the prompt leaves that open.
    """
    prompt, notes = conversation.prompt, conversation.notes
    assert prompt is not None, notes
    opens = not notes or notes[0].own
    table = Table(prompt, believes(merged(prompt.views)), swaps and not prompt.names_fixed, leads=opens)
    for note in notes:
        table.hear(note)
    return table


def merged(views: Sequence[Sequence[str]]) -> Map:
    """One map from several views: of each cell the first symbol that is not hidden."""
    return tuple(
        "".join(next((s for s in symbols if s != "?"), "?") for symbols in zip(*rows, strict=True))
        for rows in zip(*views, strict=True)
    )


def way(rows: Sequence[str], walls: set[Cell], at: Cell, keys: set[Cell], goal: Cell) -> list[Cell] | None:
    """The cells after `at` on a shortest walk over the keys to the goal; None if there is none.

    Hidden cells are taken as open, but of equally short walks one with the fewest hidden cells is chosen
    (Dijkstra over cell × collected keys; remaining ties go by the order of cells).
    """
    height, width = len(rows), len(rows[0])
    bit = {key: 1 << i for i, key in enumerate(sorted(keys))}
    end = (goal, (1 << len(bit)) - 1)
    first = (at, bit.get(at, 0))
    came_from = {first: first}
    cost = {first: 0}
    queue = [(0, first)]
    while queue:
        spent, state = heappop(queue)
        if state == end:
            walk: list[Cell] = []
            while state != first:
                walk.append(state[0])
                state = came_from[state]
            return walk[::-1]
        if spent > cost[state]:
            continue
        for cell in neighbours(state[0], height, width):
            symbol = rows[cell[0]][cell[1]]
            if symbol == "#" or cell in walls:
                continue
            following = (cell, state[1] | bit.get(cell, 0))
            price = spent + ONE_STEP + (symbol == "?")
            if price < cost.get(following, price + 1):
                cost[following] = price
                came_from[following] = state
                heappush(queue, (price, following))
    return None
