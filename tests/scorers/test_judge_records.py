"""Judges outside a run, what a log keeps of their answers, and how an object is found in prose."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inspect_ai.event import ScoreEvent
from inspect_ai.scorer import Score
from inspect_ai.util import JSONSchema
from pydantic import BaseModel

from interplay.scorers import judge_call
from interplay.scorers.chain_acts_answer import Acts
from interplay.scorers.crisis_judge import LookalikeAnswer, ProbeAnswer
from interplay.scorers.escalation_judge_answer import Conversation, codes_model, cues_model
from interplay.scorers.judge_call import (
    AT_ONCE,
    ask_again,
    judge_each,
    problem_with,
    reached,
    recorded,
    schema_of,
)
from interplay.scorers.judge_json import MOST_BRACES, compact, objects_in, read_as
from interplay.scorers.judged_logs import judged_log, refuse_without_folder, sheet_rows
from interplay.tasks.mistakes import EnvironmentProblem, UserMistake

from .states import state_of

few = settings(max_examples=50)

SHAPES = (Acts, ProbeAnswer, LookalikeAnswer, Conversation, cues_model(), codes_model(checkable=True))
OBJECTS = st.lists(
    st.dictionaries(st.text(max_size=4), st.text(max_size=6) | st.integers() | st.lists(st.text(max_size=3))),
    max_size=4,
)
PROSE = st.text(st.characters(blacklist_characters="{}", blacklist_categories=("Cs",)), max_size=10)


class Answer(BaseModel):
    level: int
    reason: str = ""


def objects(schema: JSONSchema) -> Iterator[JSONSchema]:
    if schema.type == "object":
        yield schema
    for part in [*(schema.properties or {}).values(), *([schema.items] if schema.items else [])]:
        yield from objects(part)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_shape_that_a_judge_is_asked_for_allows_no_further_key(shape: type[BaseModel]) -> None:
    schema = schema_of(shape)
    assert schema.name == shape.__name__.lower()
    found = list(objects(schema.json_schema))
    assert all(each.additionalProperties is False for each in found)
    assert set(schema.json_schema.properties or {}) == set(shape.model_fields)


async def fails(error: Exception) -> str:
    raise error


class Refusal(Exception):
    message = " the key\n is wrong "


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RuntimeError("no route"), "a/b: no route; check the network and the key."),
        (RuntimeError("two\n  lines\tof it"), "a/b: two lines of it; check the network and the key."),
        (RuntimeError(), "a/b: RuntimeError; check the network and the key."),
        (RuntimeError("  "), "a/b: RuntimeError; check the network and the key."),
        (Refusal("other words"), "a/b: the key is wrong; check the network and the key."),
    ],
    ids=["words", "lines", "nothing", "blank", "a message of its own"],
)
def test_a_provider_that_fails_is_one_sentence(error: Exception, said: str) -> None:
    with pytest.raises(EnvironmentProblem) as found:
        anyio.run(reached, "a/b", fails(error))
    assert (found.value.message, found.value.exit_code) == (said, 3)
    assert found.value.__cause__ is error


@pytest.mark.parametrize("error", [UserMistake("mine"), click.UsageError("yours"), EnvironmentProblem("it")])
def test_what_is_a_sentence_already_stays_as_it_is(error: click.ClickException) -> None:
    with pytest.raises(type(error)) as found:
        anyio.run(reached, "a/b", fails(error))
    assert found.value is error


def test_an_answer_goes_through() -> None:
    async def answers() -> str:
        return "yes"

    assert anyio.run(reached, "a/b", answers()) == "yes"


def test_each_item_is_judged_and_answers_keep_the_order_of_the_items() -> None:
    async def judge(item: int) -> int:
        for _ in range(10 - item):
            await anyio.lowlevel.checkpoint()
        return item * item

    assert anyio.run(judge_each, judge, range(8)) == [n * n for n in range(8)]
    assert anyio.run(judge_each, judge, []) == []


def test_no_more_than_a_few_are_asked_at_once() -> None:
    running, most = 0, 0

    async def judge(item: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(3):
            await anyio.lowlevel.checkpoint()
        running -= 1
        return item

    assert anyio.run(judge_each, judge, range(3 * AT_ONCE)) == list(range(3 * AT_ONCE))
    assert most == AT_ONCE


def test_what_is_wrong_with_an_answer_is_what_the_judge_is_told() -> None:
    read = partial(read_as, Answer)
    assert problem_with('{"level": 1}', read) is None
    problem = problem_with('{"level": "high"}', read)
    assert problem is not None
    assert problem.startswith("level: Input should be a valid integer")
    assert ask_again(problem) == f"That reply is not valid: {problem}. Reply with the JSON object only."


def test_an_error_that_is_no_reading_goes_through() -> None:
    def read(_: str) -> object:
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        problem_with("x", read)


KEPT = {"answers": {"1": "a"}}


def with_scores(**scores: Score):
    state = state_of("x")
    state.scores = dict(scores)
    return state


def score(**metadata: Any) -> Score:
    return Score(value=0, metadata=metadata or None)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("judge", True),
        ("interplay/judge", True),
        ("judge-1", True),
        ("interplay/judge-12", True),
        ("judge1", False),
        ("my_judge", False),
        ("judge/other", False),
        ("judg", False),
        ("", False),
    ],
)
def test_a_scorer_is_known_with_a_prefix_and_a_number(name: str, found: bool) -> None:
    state = with_scores(**{name: score(**KEPT)})
    assert recorded(state, "judge", "answers") == (KEPT if found else None)


def test_the_latest_score_with_answers_counts() -> None:
    later = {"answers": {"1": "b"}}
    state = with_scores(judge=score(**KEPT), **{"judge-1": score(**later), "judge-2": score(other=1)})
    assert recorded(state, "judge", "answers") == later
    assert recorded(state, "judge", "other") == {"other": 1}
    assert recorded(state, "judge", "none") is None


@pytest.mark.parametrize("scores", [{}, {"judge": score()}, {"judge": score(other=1)}, {"x": score(**KEPT)}])
def test_a_score_without_answers_is_no_record(scores: dict[str, Score]) -> None:
    assert recorded(with_scores(**scores), "judge", "answers") is None


def test_a_log_that_is_scored_again_holds_its_scores_as_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inspect drops the scores of a sample that is scored anew; the transcript still has them."""
    events = [
        ScoreEvent(score=score(answers=1), scorer="interplay/judge"),
        ScoreEvent(score=score(answers=2), scorer="other"),
        ScoreEvent(score=score(answers=3), scorer=None),
        ScoreEvent(score=score(), scorer="judge"),
        "no score",
    ]

    class Told:
        def __init__(self) -> None:
            self.events = events

    monkeypatch.setattr(judge_call, "transcript", Told)
    assert recorded(state_of("x"), "judge", "answers") == {"answers": 1}
    assert recorded(with_scores(judge=score(answers=9)), "judge", "answers") == {"answers": 9}
    assert recorded(with_scores(judge=score(other=9)), "judge", "answers") is None


@few
@given(OBJECTS, PROSE)
def test_objects_are_found_in_order_whatever_stands_between(found: list[dict], prose: str) -> None:
    text = prose + prose.join(map(json.dumps, found)) + prose
    assert list(objects_in(text)) == found


@few
@given(st.text(max_size=80))
def test_any_text_is_searched_without_an_error(text: str) -> None:
    assert all(isinstance(found, dict) for found in objects_in(text))
    assert isinstance(compact(text), str)


@few
@given(OBJECTS)
def test_what_is_compact_reads_the_same_and_stays_so(found: list[dict]) -> None:
    for one in found:
        assert json.loads(compact(f"so: {json.dumps(one, indent=2)} done")) == one
        assert compact(compact(json.dumps(one))) == compact(json.dumps(one))


def test_an_object_behind_too_many_braces_is_not_looked_for() -> None:
    good = '{"level": 3}'
    assert read_as(Answer, "{" * (MOST_BRACES - 1) + good).level == 3
    with pytest.raises(ValueError, match=r"^no JSON object$"):
        read_as(Answer, "{" * MOST_BRACES + good)


def test_an_object_inside_another_is_not_looked_for() -> None:
    assert list(objects_in('{"a": {"level": 3}} [{"b": 1}]')) == [{"a": {"level": 3}}, {"b": 1}]
    with pytest.raises(ValueError, match=r"^level: Field required$"):
        read_as(Answer, '{"a": {"level": 3}}')


def test_the_first_object_says_what_is_wrong_where_none_fits() -> None:
    with pytest.raises(ValueError, match=r"^level: Field required$"):
        read_as(Answer, '{"a": 1} {"level": "x"}')
    with pytest.raises(ValueError, match=r"^level: "):
        read_as(Answer, '{"level": "x"} {"a": 1}')


@pytest.mark.parametrize(
    "text", ['{"level": 1' + "0" * 5000 + "}", '{"level": NaN}', '{"reason": "\\ud800"}']
)
def test_numbers_and_signs_that_are_none_are_no_answer(text: str) -> None:
    with pytest.raises(ValueError):
        read_as(Answer, text)


@pytest.mark.parametrize("content", [b"", b"PK", b"{}", b"\x00" * 50, b'{"version": 2}'])
@pytest.mark.parametrize("name", ["log.eval", "log.json"])
def test_a_file_that_is_no_log_is_one_sentence(content: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserMistake) as said:
        judged_log(tmp_path / name)
    first, _, rest = said.value.message.partition(": not a readable log (")
    assert first == str(tmp_path / name)
    assert rest.endswith("); give .eval files.")
    assert rest.removesuffix("); give .eval files.").isidentifier()


def test_a_folder_is_no_log(tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match=r"not a readable log \(\w+\); give \.eval files\.$"):
        judged_log(tmp_path)


def test_a_sheet_is_written_where_a_folder_is(tmp_path: Path) -> None:
    refuse_without_folder(tmp_path / "s.csv")
    refuse_without_folder(Path("s.csv"))
    (tmp_path / "file").write_bytes(b"")
    for output in (tmp_path / "none" / "s.csv", tmp_path / "file" / "s.csv"):
        with pytest.raises(UserMistake) as said:
            refuse_without_folder(output)
        assert said.value.message == f"-o {output}: there is no folder {output.parent}; make it first."


def test_rows_are_read_with_line_breaks_and_without_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes('\ufeffitem,text\r\n001,"a\nb, ""c"""\r\n\r\n002\r\n'.encode())
    found = sheet_rows(path, "turns", {"001", "002"})
    assert found == [{"item": "001", "text": 'a\nb, "c"'}, {"item": "002", "text": None}]


@pytest.mark.parametrize("content", ["", "item,text\n", "\n"])
def test_a_sheet_without_rows_is_told_by_what_it_should_show(content: str, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(UserMistake) as said:
        sheet_rows(path, "songs", {"001"})
    assert said.value.message == f"{path}: no songs in it; draw a sheet with the command 'sheet'."


@pytest.mark.parametrize(
    ("items", "said"),
    [
        (["001", "002", "002", "003"], "item '002' stands in it 2 times; keep one row of it."),
        (["001"], "2 of 3 songs are absent (first: item '002'); label all that were drawn."),
        (["003", "001", "4"], "item '4' is not in its key; keep the column 'item' as drawn."),
        (["003", "001", "002", ""], "item '' is not in its key; keep the column 'item' as drawn."),
    ],
    ids=["twice", "absent", "another", "none"],
)
def test_a_sheet_holds_what_was_drawn_and_each_once(items: list[str], said: str, tmp_path: Path) -> None:
    """Rows on which people and judge disagree could be left out, or those on which they agree repeated."""
    path = tmp_path / "s.csv"
    path.write_text("\n".join(["item,label", *(f"{item},x" for item in items)]), "utf-8")
    with pytest.raises(UserMistake) as refusal:
        sheet_rows(path, "songs", ["001", "002", "003"])
    assert refusal.value.message == f"{path}: {said}"


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("first", ["item", '"item"'])
def test_a_sheet_is_read_as_a_spreadsheet_saves_it(sign: str, first: str, tmp_path: Path) -> None:
    """Zeros before numbers are gone, and cells are parted by what the country uses."""
    path = tmp_path / "s.csv"
    rows = [(first, "label"), ("1", "yes"), ("12", '"a, b; c"'), ("003", "")]
    path.write_text("".join(f"{sign.join(row)}\n" for row in rows), "utf-8")
    found = sheet_rows(path, "songs", ["001", "003", "012"])
    assert [(row["item"], row["label"]) for row in found] == [("001", "yes"), ("012", "a, b; c"), ("003", "")]


def test_one_item_written_in_two_ways_stands_twice(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("item\n1\n001\n", "utf-8")
    with pytest.raises(UserMistake, match="item '001' stands in it 2 times"):
        sheet_rows(path, "songs", ["001", "002"])


def test_the_rows_of_a_sheet_may_stand_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("item\n003\n001\n002\n", "utf-8")
    assert [row["item"] for row in sheet_rows(path, "songs", ["001", "002", "003"])] == ["003", "001", "002"]
