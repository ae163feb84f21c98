"""What a graded game tells besides success: claims, map told, refusals, when a mistake was noticed (pure)."""

from collections.abc import Sequence
from typing import TypedDict

from .route_acts import Claim, Declare, Position, Reject, Withdraw
from .route_game import Game
from .route_grade import Verdict
from .route_notation import Cell, fits


class Features(TypedDict):
    """One record a game.

    `declared_at`: the first note that says how cells are named, from 0. `told`: by seat, the share of the
    cells hidden from the partner that the seat told, in a map or one by one; None where nothing is hidden.
    `claims` and `false_claims`: what seats said of cells on their own maps; `false_map_cells`: cells of the
    maps they copied that differ from the maps they hold. `rejections`, and how many of
    them kept the token off a wall or the edge (`right_rejections`). `false_completion`: the phrase without
    success. `bulk`: steps counted only because the phrase closed an agreed route. `efficiency`: median
    visible tokens a note × notes; None without token counts.
    """

    declared_at: int | None
    told: dict[str, float | None]
    claims: int
    false_claims: int
    false_map_cells: int
    rejections: int
    right_rejections: int
    false_completion: bool
    bulk: bool
    efficiency: float | None


_SHOWN = {"wall": "#", "open": ".@*k", "key": "k", "goal": "*", "start": "@", "hidden": "?"}


def _view(game: Game, seat: int) -> list[str]:
    rows = game.views.get(seat, "").splitlines()
    return rows if len(rows) == len(game.rows) else []


def _claims(game: Game, verdict: Verdict) -> list[tuple[int, Cell, bool]]:
    """Seat, cell and truth of each claim about the own map, a repeated one once."""
    found: dict[tuple[int, Cell, str], bool] = {}
    height, width = len(game.rows), len(game.rows[0])
    for note, (said, reading) in enumerate(zip(game.notes, verdict.readings, strict=True)):
        view = _view(game, said.seat)
        for act in reading.acts:
            if isinstance(act, Claim) and view and (act.own or act.state != "key"):
                cell = verdict.resolve.of_note(note)(act.cell)
                true = fits(cell, height, width) and view[cell[0]][cell[1]] in _SHOWN[act.state]
                found[said.seat, cell, act.state] = true
    return [(seat, cell, true) for (seat, cell, _), true in found.items()]


def copied_map(game: Game, verdict: Verdict, note: int) -> list[str]:
    """The rows of a whole map that a note copies out; none if it copies no map of this size."""
    width, height = len(game.rows[0]), len(game.rows)
    rows = [row.symbols for row in verdict.readings[note].rows if len(row.symbols) == width]
    return rows[:height] if len(rows) >= height else []


def told_share(game: Game, verdict: Verdict, seat: int) -> float | None:
    """Share of the cells that only this seat sees and that it told its partner."""
    own, other = _view(game, seat), _view(game, 3 - seat)
    if not own or not other:
        return None
    only_own = {
        (r, c)
        for r, row in enumerate(own)
        for c, symbol in enumerate(row)
        if symbol != "?" and other[r][c] == "?"
    }
    if not only_own:
        return None
    told = {cell for who, cell, true in _claims(game, verdict) if who == seat and true}
    for note, said in enumerate(game.notes):
        if said.seat == seat:
            for r, row in enumerate(copied_map(game, verdict, note)):
                told |= {(r, c) for c, symbol in enumerate(row) if symbol == own[r][c]}
    return len(told & only_own) / len(only_own)


def noticed_at(game: Game, verdict: Verdict) -> int | None:
    """The first note, from the one with the violation on, that speaks of a wall there or takes back."""
    if verdict.violation is None or verdict.violation.step > len(verdict.steps):
        return None
    begins = verdict.steps[verdict.violation.step - 1].note
    for note in range(begins, len(game.notes)):
        for act in verdict.readings[note].acts:
            if isinstance(act, Claim) and act.state == "wall":
                if verdict.resolve.of_note(note)(act.cell) == verdict.violation.cell:
                    return note
            elif note > begins and (isinstance(act, Withdraw) or (isinstance(act, Reject) and act.firm)):
                return note
            elif note > begins and isinstance(act, Position):
                cell = verdict.resolve.of_note(note)(act.cell)
                if verdict.route and cell == verdict.route[-1]:
                    return note
    return None


def features(game: Game, verdict: Verdict, visible: Sequence[int]) -> Features:
    """All features of a graded game.

    Args:
        game: What was graded.
        verdict: What was found.
        visible: Visible tokens of each note.
    """
    claims = _claims(game, verdict)
    declared = [
        i
        for i, reading in enumerate(verdict.readings)
        if any(isinstance(act, Declare) for act in reading.acts)
    ]
    refused = [cell for _, cell in verdict.agreement.refused]
    height, width = len(game.rows), len(game.rows[0])
    right = [(r, c) for r, c in refused if not fits((r, c), height, width) or game.rows[r][c] == "#"]
    counts = sorted(visible)
    middle = len(counts) // 2
    median = (counts[middle] + counts[-middle - 1]) / 2 if counts else None
    return Features(
        declared_at=declared[0] if declared else None,
        told={str(seat): rounded(told_share(game, verdict, seat)) for seat in (1, 2)},
        claims=len(claims),
        false_claims=sum(not true for _, _, true in claims),
        false_map_cells=sum(
            told != shown
            for note, said in enumerate(game.notes)
            for told, shown in zip(
                "".join(copied_map(game, verdict, note)), "".join(_view(game, said.seat)), strict=False
            )
        ),
        rejections=len(refused),
        right_rejections=len(right),
        false_completion=verdict.finished and not verdict.replay.success,
        bulk=verdict.bulk,
        efficiency=None if median is None else median * len(counts),
    )


def rounded(share: float | None) -> float | None:
    """A share to three decimals."""
    return None if share is None else round(share, 3)
