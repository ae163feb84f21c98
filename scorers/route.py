"""The scorer `maze`: notes, probes and the maze record of a sample -> one score (deterministic).

It reads the log only and calls no model, so `inspect score` gives the same again. Value of a won game:

    {"success_corrected": 1.0, "success_strict": 1.0, "success_favourable": 1.0, "weighted_strict": 1.0,
     "weighted_favourable": 1.0, "success_commit": 1.0, "notes": 19, "finished": 1.0}

`success_corrected` = (strict - f) / (1 - f), f what a silent planner reaches in the set where cells are
hidden, else 0. `success_commit` is NaN, and left out of the means, where no pair of valid answers exists.
"""

import json
import math
from collections.abc import Mapping, Sequence

from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import TaskState
from pydantic import BaseModel

from interplay.solvers.dialogue import Episode, totals
from interplay.solvers.episode import SEATS, Note, Probe, SeatNumber
from interplay.tasks.mazes.instances import Maze
from interplay.tasks.mazes.maze import Cell, Half, render_full, render_half
from interplay.tasks.mazes.prompting import says_phrase
from interplay.tasks.mazes.summary import silent_floor

from .route_features import features, noticed_at
from .route_grade import Form, Game, Said, Verdict, grade
from .route_replay import replay

__all__ = ["Commit", "Game", "Said", "Verdict", "game_of", "grade", "maze", "score_episode"]

FULL_VIEW = ("C1", "C4")
"""Conditions in which nothing is hidden."""
SOLO_FORMS: dict[str, Form] = {"C1": "plan", "C2": "plan", "C3": "step"}
OWN_NOTATION_BELOW = 2
"""From this level of assistance on the prompt says how cells are named."""
FAILURES = {
    "clash": "The seats name cells in different ways",
    "wall": "An agreed step leads into a wall",
    "edge": "An agreed step leads off the grid",
    "jump": "An agreed step leads to a cell that is not next to the token",
    "keys": "The goal was reached without every key",
    "short": "The agreed steps stop short of the goal",
}
WITHHELD = ("content_filter", "unknown")
"""Why a reply ended of which the provider gave no text: it was filtered, or there was none at all."""
LONGEST_ROUTE = 120
"""Cells of a route that a metadata field shows, to stay under 1 kB."""


class Commit(BaseModel):
    """The private answer of a seat: where the token has been, and whether the game is over."""

    route: list[tuple[int, int]]
    finished: bool


@scorer(metrics={"*": [mean(), stderr(cluster="maze_id")]})
def maze() -> Scorer:
    """Strict and favourable success of a maze episode, graded by open rules."""

    async def score(state: TaskState, target: Target) -> Score:
        return score_episode(state.store_as(Episode), state.metadata)

    return score


def score_episode(episode: Episode, metadata: Mapping[str, object]) -> Score:
    """The score of one episode.

    Args:
        episode: Notes, probes and the reason of the end.
        metadata: Of the sample, as `tasks/mazes/dataset.py` writes it.
    """
    game = game_of(episode, metadata)
    own = own_notes(game, episode)
    if (absent := no_response(game, own)) is not None:
        return Score.unscored(reason="no_response", explanation=absent)
    verdict = grade(game)
    commit, invalid = commit_success(episode.probes, game.rows)
    finished = verdict.finished or episode.end in ("phrase", "done")
    return Score(
        value={
            "success_corrected": verdict.corrected(game.floor),
            "success_strict": float(verdict.strict),
            "success_favourable": float(verdict.favourable),
            "weighted_strict": verdict.weighted_strict,
            "weighted_favourable": verdict.weighted_favourable,
            "success_commit": commit,
            "notes": len(own),
            "finished": float(finished),
        },
        answer=" ".join(f"({r},{c})" for r, c in verdict.route[:LONGEST_ROUTE]),
        explanation=_sentence(game, verdict),
        reason="invalid_response_format" if invalid else None,
        metadata=_details(game, verdict, episode, own),
    )


def own_notes(game: Game, episode: Episode) -> list[Note]:
    """The notes of the players: of both seats, or of the one who plays alone."""
    return [note for note in episode.said if game.form in ("pair", "structured") or note.seat == 1]


def no_response(game: Game, own: Sequence[Note]) -> str | None:
    """Why a game cannot be scored, in a sentence; None where it can.

    Silence is a way to play, and it loses: notes without text count. They do not where a provider gave none.
    """
    if len(own) < (2 if game.form in ("pair", "structured") else 1):
        return "Fewer notes than a game needs."
    withheld = all(not note.text.strip() and note.stop in WITHHELD for note in own)
    return "The provider withheld every note." if withheld else None


def game_of(episode: Episode, metadata: Mapping[str, object]) -> Game:
    """What is to be graded, from the store and the metadata of a sample."""
    record = Maze.model_validate(metadata["maze"])
    condition = str(metadata["condition"])
    solo = SOLO_FORMS.get(condition)
    structured: Form | None = "structured" if metadata.get("track") == "structured" else None
    notes = [note for note in episode.said if solo is None or note.seat == 1]
    full = render_full(record.rows)
    views = {1: full, 2: full}
    if condition not in FULL_VIEW and solo is None:
        first, second = _halves(str(metadata["seat"]))
        views = {
            1: render_half(record.rows, record.owner, first),
            2: render_half(record.rows, record.owner, second),
        }
    # Only where the phrase counts anywhere in a note can it have ended the game in running text.
    in_text = episode.end == "phrase" and bool(notes) and not says_phrase(notes[-1].text, own_line=True)
    return Game(
        rows=tuple(record.rows),
        views=views,
        notes=tuple(Said(note.seat, note.text) for note in notes),
        own_line=not in_text,
        form=solo or structured or "pair",
        floor=0.0 if condition in FULL_VIEW else silent_floor(record.maze_id),
        prescribed=_level(metadata.get("assistance")) >= OWN_NOTATION_BELOW or condition == "C6",
    )


def _halves(order: str) -> tuple[Half, Half]:
    return ("B", "A") if order == "BA" else ("A", "B")


def _level(assistance: object) -> int:
    return assistance if isinstance(assistance, int) else 0


def commit_of(text: str) -> Commit | None:
    """The first JSON object of the right shape in a reply; None if there is none."""
    decoder = json.JSONDecoder()
    at = text.find("{")
    while at >= 0:
        try:
            return Commit.model_validate(decoder.raw_decode(text, at)[0])
        except (ValueError, RecursionError):
            at = text.find("{", at + 1)
    return None


def commit_success(probes: Sequence[Probe], rows: Sequence[str]) -> tuple[float, bool]:
    """Whether both seats name the same route and it succeeds, and whether an answer had no valid form.

    The success is NaN without two valid answers. A route counts with or without its start.
    """
    last = {probe.seat: probe.text for probe in probes}
    if not all(seat in last for seat in SEATS):
        return math.nan, False
    answers = [commit_of(last[seat]) for seat in SEATS]
    routes: list[list[Cell]] = []
    for answer in answers:
        if answer is None:
            return math.nan, True
        routes.append(answer.route[1:] if answer.route[:1] == [(0, 0)] else answer.route)
    return float(routes[0] == routes[1] and replay(tuple(rows), routes[0]).success), False


def _sentence(game: Game, verdict: Verdict) -> str:
    steps = len(verdict.route) - 1
    agreed = "agreed steps" if game.form in ("pair", "structured") else "steps"
    if verdict.strict:
        keys = " with every key" if any("k" in row for row in game.rows) else ""
        return f"Goal reached{keys} after {steps} {agreed}."
    why = FAILURES[verdict.failure or "short"]
    contested = " Another way of reading the notes reaches the goal." if verdict.favourable else ""
    return f"{why}, after {steps} legal {agreed}.{contested}"


def _details(game: Game, verdict: Verdict, episode: Episode, own: Sequence[Note]) -> dict[str, object]:
    violation = verdict.violation
    return {
        "failure": verdict.failure,
        "end": episode.end or "limit",
        "notation": verdict.notation,
        "open_readings": verdict.open_readings,
        "route": [list(cell) for cell in verdict.route[:LONGEST_ROUTE]],
        "violation": violation
        and {"step": violation.step, "cell": list(violation.cell), "noticed_at": noticed_at(game, verdict)},
        "features": features(game, verdict, [note.output_tokens - note.reasoning_tokens for note in own]),
        "seats": {str(seat): _used(episode, seat) for seat in SEATS},
    }


def _used(episode: Episode, seat: SeatNumber) -> dict[str, int | float]:
    used = totals(episode.said, seat)
    return {**used._asdict(), "seconds": float(used.seconds)}
