"""Grading and the scorer `maze`: properties of the verdict, forms of the game, whole evals with players."""

import json
import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inspect_ai import eval as run_eval
from inspect_ai import score
from inspect_ai.log import EvalLog, read_eval_log
from inspect_ai.util import Store

from interplay.scorers.route import commit_of, commit_success, game_of, maze, score_episode
from interplay.scorers.route_features import features
from interplay.scorers.route_grade import Game, Said, grade
from interplay.scorers.route_notation import READINGS, Reading
from interplay.scorers.route_replay import replay
from interplay.solvers.episode import Episode, Note, Probe
from interplay.tasks.mazes import maze_collab, maze_solo
from interplay.tasks.mazes.instances import load
from interplay.tasks.mazes.maze import PHRASE, Cell, Drawn, draw, render_half

from .scripted import scripted

RECORDS = list(scripted())
ROWS = ("@.....", "...#*#", ".#.##.", "#...k.", "...k..", ".#....")


def written(cell: Cell, reading: Reading, size: int) -> str:
    """A cell as (a, b) under one of the 16 readings."""
    row = cell[0] if reading.top else size - 1 - cell[0]
    column = cell[1] if reading.left else size - 1 - cell[1]
    labels = (row, column) if reading.order == "row-col" else (column, row)
    return f"({labels[0] + reading.base}, {labels[1] + reading.base})"


def declaration(reading: Reading) -> str:
    order = "(row, column)" if reading.order == "row-col" else "(column, row)"
    corner = f"{'top' if reading.top else 'bottom'} {'left' if reading.left else 'right'}"
    return f"I write cells as {order}, counted from {reading.base} at the {corner}."


def views_of(drawn: Drawn) -> dict[int, str]:
    return {1: render_half(drawn.rows, drawn.owner, "A"), 2: render_half(drawn.rows, drawn.owner, "B")}


def played(drawn: Drawn, reading: Reading, route: list[Cell] | None = None) -> Game:
    """Two polite seats who walk a route in one notation."""
    size = len(drawn.rows)
    route = route or drawn.route
    start = written((0, 0), reading, size)
    notes = [f"{declaration(reading)} The start is {start}. I propose {written(route[1], reading, size)}."]
    for here, there in pairwise(route[1:]):
        notes.append(
            f"Agreed, we are at {written(here, reading, size)}. I propose {written(there, reading, size)}."
        )
    notes.append(f"Agreed.\n{PHRASE}")
    said = tuple(Said(1 + i % 2, text) for i, text in enumerate(notes))
    return Game(tuple(drawn.rows), views_of(drawn), said)


def game_of_record(record: dict) -> Game:
    rows, owner = record["maze"]["rows"], record["maze"]["owner"]
    views = {1: render_half(rows, owner, "A"), 2: render_half(rows, owner, "B")}
    return Game(tuple(rows), views, tuple(Said(n["seat"], n["text"]) for n in record["notes"]))


@settings(max_examples=60)
@given(st.sampled_from(READINGS), st.integers(1, 40), st.sampled_from(["bernoulli", "detour", "perfect"]))
def test_a_declared_route_succeeds_in_every_reading(reading: Reading, index: int, family):
    drawn = draw("readings", family, index)
    verdict = grade(played(drawn, reading))
    assert verdict.strict
    assert list(verdict.route) == drawn.route
    assert verdict.notation["1"] == reading.name()


@settings(max_examples=40)
@given(st.integers(0, len(RECORDS) - 1), st.data())
def test_strict_is_at_most_favourable_and_cutting_off_never_raises(number: int, data):
    game = game_of_record(RECORDS[number])
    kept = data.draw(st.integers(0, len(game.notes)))
    verdict = grade(Game(game.rows, game.views, game.notes[:kept]))
    assert verdict.strict <= verdict.favourable
    assert verdict.weighted_strict <= verdict.weighted_favourable <= 1


def transposed(game: Game, pairs: dict[str, str]) -> Game:
    def swap(text: str) -> str:
        for old, new in pairs.items():
            text = text.replace(old, f"\0{new}\0")
        return text.replace("\0", "")

    return Game(game.rows, game.views, tuple(Said(n.seat, swap(n.text)) for n in game.notes))


@settings(max_examples=30)
@given(st.integers(1, 40), st.booleans())
def test_transposing_cells_and_declaration_changes_nothing(index: int, fails: bool):
    drawn = draw("transposed", "bernoulli", index)
    route = drawn.route[:-2] if fails else drawn.route
    row_first, column_first = (
        READINGS[0],
        next(r for r in READINGS if r == READINGS[0]._replace(order="col-row")),
    )
    straight, turned = grade(played(drawn, row_first, route)), grade(played(drawn, column_first, route))
    assert (straight.strict, straight.favourable) == (turned.strict, turned.favourable)
    assert straight.route == turned.route


@settings(max_examples=40)
@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_notes_can_be_graded(texts: list[str]):
    views = {1: "\n".join(ROWS), 2: "\n".join(ROWS)}
    for form in ("pair", "structured", "step", "plan"):
        notes = tuple(Said(1 + i % 2, text) for i, text in enumerate(texts))
        verdict = grade(Game(ROWS, views, notes, form=form))  # type: ignore[arg-type]
        assert not verdict.strict


def test_an_empty_game_fails_short():
    verdict = grade(Game(ROWS, {}, ()))
    assert (verdict.strict, verdict.favourable, verdict.failure) == (False, False, "short")


def test_whether_a_route_succeeds_is_no_evidence():
    """Without a word on notation both orders stay open, and strict gives no benefit of the doubt."""
    drawn = draw("undeclared", "bernoulli", 3)
    cells = [f"({r}, {c})" for r, c in drawn.route[1:]]
    notes = [
        f"I propose {cells[0]}.",
        *(f"Agreed. I propose {cell}." for cell in cells[1:]),
        f"Agreed.\n{PHRASE}",
    ]
    verdict = grade(
        Game(tuple(drawn.rows), views_of(drawn), tuple(Said(1 + i % 2, t) for i, t in enumerate(notes)))
    )
    assert verdict.open_readings > 1
    assert (verdict.strict, verdict.favourable) == (False, True)


def steps_of(*texts: str, **rules) -> list[Cell]:
    views = {1: "\n".join(ROWS), 2: "\n".join(ROWS)}
    game = Game(ROWS, views, tuple(Said(1 + i % 2, t) for i, t in enumerate(texts)), **rules)
    return [step.cell for step in grade(game).steps]


def test_structured_notes_count_only_action_lines():
    texts = (
        "I agree to nothing, let's go (5,5).\nACTION: PROPOSE 0,1",
        "ACTION: ACCEPT\nACTION: PROPOSE 0,2",
        "No!\nACTION: REJECT\nACTION: PROPOSE 1,1",
        "Yes, but (1,2).\nACTION: ACCEPT\nACTION: DONE",
        "ACTION: PROPOSE 1,2",
    )
    assert steps_of(*texts, form="structured") == [(0, 1), (1, 1)]


def test_step_mode_executes_the_last_move_of_each_note():
    texts = (
        "I could go (1,0) or (0,1). Move to (0,1).",
        "Move to (0,2).",
        f"Move to (1,2).\n{PHRASE}",
        "Move to (2,2).",
    )
    game = Game(ROWS, {1: "\n".join(ROWS)}, tuple(Said(1, t) for t in texts), form="step")
    assert [s.cell for s in grade(game).steps] == [(0, 1), (0, 2), (1, 2)]


@pytest.mark.parametrize(
    "text",
    [
        "First (3,3) comes to mind. Final route:\n(0,0), (0,1), (0,2), (1,2)",
        "Route: [[0, 0], [0, 1], [0, 2], [1, 2]]\nThe keys are at (3,4) and (4,3).",
        "1. (0,0) start\n2. (0,1)\n3. (0,2) go on\n4. (1,2)",
        "```\n(0,0) -> (0,1) -> (0,2) -> (1,2)\n```",
    ],
)
def test_plan_mode_reads_the_last_list(text: str):
    game = Game(ROWS, {1: "\n".join(ROWS)}, (Said(1, text),), form="plan")
    assert [s.cell for s in grade(game).steps] == [(0, 1), (0, 2), (1, 2)]


def test_replay_stops_at_wall_edge_and_jump():
    assert replay(ROWS, [(0, 1), (1, 1), (2, 1)]).violation == ("wall", 3, (2, 1))
    assert replay(ROWS, [(0, 1), (-1, 1)]).violation == ("edge", 2, (-1, 1))
    assert replay(ROWS, [(0, 2)]).violation == ("jump", 1, (0, 2))


def test_weight_is_the_share_of_the_way_that_is_done():
    rows = ("@..*",)
    assert replay(rows, [(0, 1)]).weight == pytest.approx(1 / 3)
    assert replay(rows, [(0, 1), (0, 2), (0, 3)]).weight == 1.0
    assert replay(("*.@",), []).weight == 0.0


def test_success_needs_every_key_and_no_phrase():
    rows = ("@k.*",)
    assert not replay(("@.k*", "...."), [(1, 0), (1, 1), (1, 2), (1, 3), (0, 3)]).success
    assert replay(rows, [(0, 1), (0, 2), (0, 3)]).success


def test_commit_answers():
    good = json.dumps({"route": [[0, 0], [0, 1], [0, 2], [0, 3]], "finished": True})
    assert commit_of(f"Sure:\n```json\n{good}\n```") is not None
    assert commit_of('{"route": "none"}') is None
    assert commit_of("no object") is None
    rows = ("@k.*",)

    def probe(seat, text: str) -> Probe:
        return Probe(seat=seat, model="m", text=text, question="q")

    assert commit_success([probe(1, good), probe(2, good)], rows) == (1.0, False)
    shorter = json.dumps({"route": [[0, 1], [0, 2]], "finished": True})
    assert commit_success([probe(1, good), probe(2, shorter)], rows) == (0.0, False)
    nothing, invalid = commit_success([probe(1, good), probe(2, "I do not remember.")], rows)
    assert math.isnan(nothing)
    assert invalid
    nothing, invalid = commit_success([], rows)
    assert math.isnan(nothing)
    assert not invalid


def sample_metadata(condition: str = "C7", **changes) -> dict:
    record = load("standard-1")[0]
    base = {
        "maze_id": record.maze_id,
        "seat": "AB",
        "condition": condition,
        "track": "free",
        "assistance": 0,
        "maze": record.model_dump(mode="json"),
    }
    return base | changes


def episode(*texts: str, end: str | None = None) -> Episode:
    notes = [
        Note(i=i, seat=1 if i % 2 == 0 else 2, model="m", text=text, output_tokens=9, reasoning_tokens=4)
        for i, text in enumerate(texts)
    ]
    return Episode(store=Store(), notes=notes, end=end)


def test_fewer_than_two_notes_are_unscored():
    for notes in ((), ("I propose (0,1).",)):
        result = score_episode(episode(*notes), sample_metadata())
        assert math.isnan(result.value)  # type: ignore[arg-type]
        assert result.reason == "no_response"


def test_a_game_that_was_stopped_is_scored():
    result = score_episode(episode("I propose (0,1).", "Agreed."), sample_metadata())
    assert result.metadata is not None
    assert result.metadata["end"] == "limit"
    assert result.metadata["seats"]["1"]["visible"] == 5
    assert set(result.value) == {  # type: ignore[arg-type]
        "success_corrected", "success_strict", "success_favourable", "weighted_strict", "weighted_favourable",
        "success_commit", "notes", "finished",
    }  # fmt: skip


def test_seats_hold_the_halves_that_the_sample_names():
    record = load("standard-1")[0]
    for order, (first, second) in (("AB", ("A", "B")), ("BA", ("B", "A"))):
        game = game_of(episode("a", "b"), sample_metadata(seat=order))
        assert game.views[1] == render_half(record.rows, record.owner, first)  # type: ignore[arg-type]
        assert game.views[2] == render_half(record.rows, record.owner, second)  # type: ignore[arg-type]
    assert "?" not in game_of(episode("a", "b"), sample_metadata("C4")).views[2]


def test_the_floor_is_taken_off_where_cells_are_hidden():
    lost = {c: score_episode(episode("hello", "hello"), sample_metadata(c)).value for c in ("C4", "C7")}
    assert lost["C4"]["success_corrected"] == 0  # type: ignore[index]
    assert lost["C7"]["success_corrected"] < 0  # type: ignore[index]


def test_details_stay_below_a_kilobyte_a_field():
    long = "I propose (0,1). " * 400
    result = score_episode(episode(*([long, "Agreed."] * 25)), sample_metadata())
    assert result.metadata is not None
    for name, value in result.metadata.items():
        assert len(json.dumps(value)) < 1024, name


def logged(task, model: str, tmp_path) -> EvalLog:
    log = run_eval(task, model=model, log_dir=str(tmp_path), display="none")[0]
    assert log.status == "success"
    return log


def mean_of(log: EvalLog, key: str) -> float:
    assert log.results is not None
    found = next(s for s in log.results.scores if s.name == key)
    assert set(found.metrics) == {"mean", "stderr"}
    return found.metrics["mean"].value


@pytest.mark.parametrize(
    ("task", "model", "strict"),
    [
        (lambda: maze_collab("C7", mazes=1), "reference/cartographer", 1.0),
        (lambda: maze_collab("C7", mazes=1, track="structured"), "reference/cartographer", 1.0),
        (lambda: maze_solo(mazes=1, view="full"), "reference/cartographer", 1.0),
        (lambda: maze_solo(mazes=1, mode="step"), "reference/cartographer", 1.0),
        (lambda: maze_collab("C7", mazes=1), "reference/colrow", 1.0),
        (lambda: maze_collab("C5", script="colrow", mazes=1), "reference/cartographer", 0.0),
        (lambda: maze_collab("C7", mazes=1), "reference/echo", 0.0),
        (lambda: maze_collab("C7", mazes=1), "reference/early", 0.0),
    ],
)
def test_players_and_scoring_again(task, model: str, strict: float, tmp_path):
    log = logged(task(), model, tmp_path)
    assert mean_of(log, "success_strict") == strict
    stored = read_eval_log(log.location)
    again = score(stored, maze(), action="overwrite", display="none")
    for before, after in zip(stored.samples or [], again.samples or [], strict=True):
        assert str(before.scores) == str(after.scores)


def test_a_note_of_twenty_thousand_characters_is_graded_quickly():
    text = "I see (0,1) open, (0,2) a wall, and so on. " * 470
    game = Game(
        ROWS, {}, (Said(1, text), Said(2, "Agreed."), Said(1, "(0,1)? " * 2000), Said(2, "A" * 20000))
    )
    assert not grade(game).strict


def test_features_tell_what_was_said_and_whether_it_is_true():
    half = {1: "@.?\n?k.\n??*", 2: "@?k\n.??\n.#*"}
    notes = (
        Said(
            1, "Cells are (row, column) from 0 at the top left. My map:\n@.?\n?k#\n??*\nThe goal is at (2,2)."
        ),
        Said(2, "(0,2) is my key, (1,0) is a wall. I propose (1,0)."),
        Said(1, "No, (1,0) is a wall."),
    )
    game = Game(("@.k", ".k.", ".#*"), half, notes)
    found = features(game, grade(game), [10, 20, 60])
    assert found["declared_at"] == 0
    assert found["told"] == {"1": 0.667, "2": 0.25}
    assert (found["claims"], found["false_claims"], found["false_map_cells"]) == (4, 2, 1)
    assert (found["rejections"], found["right_rejections"]) == (1, 0)
    assert found["efficiency"] == 60
