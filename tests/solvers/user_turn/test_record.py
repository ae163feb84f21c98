"""The record of a context in the store: what goes in comes out, and nothing else is read."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inspect_ai.util import Store
from pydantic import ValidationError

from interplay.solvers.user_record import (
    STORE_KEY,
    ArmTurns,
    Render,
    Reply,
    Turn,
    UserTurnRecord,
    read_record,
    write_record,
)

turns = st.builds(
    Turn,
    t=st.sampled_from([0.0, 0.7, 1.0, "default"]),
    i=st.integers(0, 9),
    text=st.text(max_size=20),
    raw=st.text(max_size=20),
    terminator=st.sampled_from(["end_of_user", "eos", "hidden", "length", "ends", "role_line"]),
    ran_on=st.integers(0, 50),
    seed=st.none() | st.integers(0, 2**31 - 1),
    ended=st.booleans(),
    person_mark=st.booleans(),
)
replies = st.none() | st.builds(
    Reply,
    text=st.text(max_size=20),
    source=st.sampled_from(["replies", "stored", "assistant", "generated"]),
    model=st.text(max_size=8),
    tokens=st.none() | st.integers(0, 9_999),
    correct=st.none() | st.sampled_from([0.0, 1.0]),
)
records = st.builds(
    UserTurnRecord,
    reply=replies,
    arms=st.dictionaries(
        st.sampled_from(["base", "bare", "append"]),
        st.builds(ArmTurns, shown=st.text(max_size=9), turns=st.lists(turns, max_size=3)),
        max_size=3,
    ),
    problem=st.none() | st.sampled_from(["no_reply", "context_too_long"]),
    likelihood=st.dictionaries(st.sampled_from(["next", "query"]), st.floats(-90, 0), max_size=2),
)


@settings(max_examples=50)
@given(records)
def test_a_record_survives_the_store_and_json(record: UserTurnRecord) -> None:
    store = Store()
    write_record(store, record)
    assert read_record(store) == record
    again = Store({STORE_KEY: json.loads(json.dumps(store.get(STORE_KEY)))})
    assert read_record(again) == record


def test_writing_again_replaces_what_was_there() -> None:
    store = Store()
    write_record(store, UserTurnRecord(problem="no_reply"))
    write_record(store, UserTurnRecord())
    found = read_record(store)
    assert found is not None
    assert found.problem is None


def test_a_record_that_grows_after_it_was_written_does_not_change_the_store() -> None:
    store, record = Store(), UserTurnRecord(arms={"base": ArmTurns(shown="x")})
    write_record(store, record)
    record.arms["base"].turns.append(Turn(t=0, i=0, text="a", raw="a", terminator="hidden"))
    found = read_record(store)
    assert found is not None
    assert found.arms["base"].turns == []


@pytest.mark.parametrize(
    "content",
    [
        None,
        "text",
        [],
        {"version": 2},
        {"reply": {"text": "x"}},
        {"arms": {"base": {}}},
        {"unknown": 1},
        {"arms": {"base": {"shown": "x", "turns": [{"t": "warm", "i": 0}]}}},
    ],
    ids=["nothing", "text", "list", "version", "reply", "arm", "unknown field", "turn"],
)
def test_a_store_of_another_shape_holds_no_record(content: object) -> None:
    assert read_record(Store({STORE_KEY: content})) is None


def test_an_empty_record_is_one() -> None:
    assert read_record(Store({STORE_KEY: {}})) == UserTurnRecord()
    assert read_record(Store()) is None


def test_records_do_not_share_their_lists() -> None:
    one, two = ArmTurns(shown="x"), ArmTurns(shown="x")
    one.turns.append(Turn(t=0, i=0, text="a", raw="a", terminator="hidden"))
    assert two.turns == []
    first, second = UserTurnRecord(), UserTurnRecord()
    first.arms["base"] = one
    assert second.arms == {}


@pytest.mark.parametrize(
    "wrong",
    [{"terminator": "bored"}, {"t": "warm"}, {"i": "x"}, {"colour": "red"}],
    ids=str,
)
def test_a_turn_that_no_scorer_knows_is_refused(wrong: dict[str, object]) -> None:
    fine = {"t": 0, "i": 0, "text": "a", "raw": "a", "terminator": "hidden"}
    assert Turn.model_validate(fine).t == 0
    with pytest.raises(ValidationError):
        Turn.model_validate(fine | wrong)


@given(st.text(max_size=40))
def test_the_hash_of_a_reply_is_that_of_its_bytes(text: str) -> None:
    reply = Reply(text=text, source="stored", model="-")
    assert reply.sha256 == hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_fields_of_the_template_are_absent_where_there_is_none() -> None:
    render = Render(elicitation="prompted", transport="chat")
    assert render.model_dump(exclude_none=True) == {
        "elicitation": "prompted",
        "transport": "chat",
        "stop": [],
        "stop_ids": [],
        "template_kwargs": {},
    }
