"""Units that an entry page lists: grouped by who says so, and without ids where no lock names them."""

import pytest

from interplay.leaderboard.board_parts import Listed
from interplay.leaderboard.canonical import units_digest
from interplay.leaderboard.pages import listed
from interplay.leaderboard.pages.listed import NO_IDS, heading, listing, summary

from ..exports.standing_rows import PAIR, entry

IDS = ("u1", "u2", "u3", "u4", "u5")
LISTED = Listed(
    title="Harsh replies", note="By id.", by={"deed.rules": "the rules", "deed.judge": "the judge"}
)
BOARD = PAIR.model_copy(update={"listed": LISTED})


def result(ids: tuple[str, ...] = IDS, **flags: str):
    own = entry("orchard/aster-1", 0.5).results[0]
    marks = {f"deed.{name}": text for name, text in flags.items()}
    return own.model_copy(update={"units_total": 5, "units_digest": units_digest(ids), "flags": marks})


@pytest.fixture(autouse=True)
def locked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listed, "locked_units", lambda *given: IDS)


def test_units_stand_with_those_who_say_so_all_of_them_first() -> None:
    found = listing(BOARD, result(rules="11010", judge="01-11"))
    assert found is not None
    assert [tuple(group) for group in found.groups] == [
        ("By the rules and the judge", ("u2", "u4")),
        ("By the judge alone", ("u5",)),
        ("By the rules alone", ("u1",)),
    ]
    assert found.title == "Harsh replies"
    assert found.summary == "4 of 5 mazes, by the rules or by the judge"
    assert found.note == "By id."


def test_one_who_was_asked_is_not_said_to_be_alone() -> None:
    found = listing(BOARD, result(rules="10000"))
    assert found is not None
    assert [tuple(group) for group in found.groups] == [("By the rules", ("u1",))]
    assert found.summary == "1 of 5 mazes, by the rules"


def test_without_marks_or_a_list_nothing_is_listed() -> None:
    assert listing(BOARD, result()) is None
    assert listing(BOARD, result(other="11111")) is None
    assert listing(PAIR, result(rules="11111")) is None
    found = listing(BOARD, result(rules="00000"))
    assert found is not None
    assert (found.groups, found.note) == ((), "By id.")


def test_units_of_another_set_have_no_ids_and_that_is_said() -> None:
    found = listing(BOARD, result(("a", "b", "c", "d", "e"), rules="10100"))
    assert found is not None
    assert (found.groups, found.note) == ((), NO_IDS)
    assert found.summary.startswith("2 of 5 mazes")


def test_words_of_a_group_and_of_all() -> None:
    assert heading(("a",), ["a", "b"]) == "By a alone"
    assert heading(("a", "b"), ["a", "b"]) == "By a and b"
    assert summary({"a": "0000000"}, 0, 7, "dialogue") == "0 of 7 dialogues, by a"
