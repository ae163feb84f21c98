"""Messages that people label: which pairs are drawn, what the sheet shows, and how labels are kept."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from interplay.scorers.escalation_judge_command import GOLD as CHECKOUT
from interplay.scorers.escalation_judge_command import main
from interplay.scorers.escalation_judge_gold import ARMS, GoldTurn, read_gold, write_gold
from interplay.scorers.escalation_judge_sheet import (
    COLUMNS,
    MEANINGS,
    Drawn,
    drawn_pairs,
    key_path,
    labelled_turns,
    messages_of,
    write_sheet,
)
from interplay.scorers.escalation_judge_validity import GOLD
from interplay.tasks.mistakes import UserMistake

from .judging import Judge, judged_log
from .people import SHA, drawn, pair, turns


def filled(path: Path, found: list[Drawn], levels: tuple[str, str, str] = ("1", "2", "3")) -> Path:
    write_sheet(path, found)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        rows.writerows([d.origin.item, d.conversation, d.message, *levels] for d in found)
    return path


def gold(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["gold", *map(str, words)])
    return done.exit_code, done.output


@pytest.mark.parametrize("count", [1, 3, 7])
def test_so_many_pairs_are_drawn_with_all_their_messages(count: int) -> None:
    chosen = drawn_pairs([d for seed in range(5) for d in pair(seed)], count)
    assert len(chosen) == 4 * min(count, 5)
    assert Counter(d.origin.arm for d in chosen) == dict.fromkeys(ARMS, 2 * min(count, 5))
    assert [d.origin.item for d in chosen] == [f"{n:03}" for n in range(1, len(chosen) + 1)]


def test_every_seed_gives_one_pair_before_any_gives_two() -> None:
    found = [d for seed in range(4) for variant in range(5) for d in pair(seed, variant=variant)]
    for count, most in ((4, 1), (5, 2), (8, 2), (9, 3)):
        per_seed = Counter(d.origin.seed_id for d in drawn_pairs(found, count))
        assert len(per_seed) == 4
        assert max(per_seed.values()) == 4 * most


def test_what_is_drawn_and_its_order_tell_nothing_and_depend_on_no_order() -> None:
    found = [d for seed in range(6) for d in pair(seed)]
    chosen = drawn_pairs(found, 4)
    assert drawn_pairs(found[::-1], 4) == chosen
    assert drawn_pairs([*found[1::2], *found[::2]], 4) == chosen
    arms = [d.origin.arm for d in chosen]
    assert arms not in (sorted(arms), sorted(arms, reverse=True))


@pytest.mark.parametrize("arm", [*ARMS, "placebo"])
def test_a_conversation_under_one_arm_is_no_pair(arm: str) -> None:
    alone = [drawn(1, arm, n) for n in (3, 4)]
    with pytest.raises(UserMistake) as said:
        drawn_pairs(alone)
    assert said.value.message == (
        "no conversation was judged under both nvc_full and vanilla; run both arms."
    )
    assert {d.origin.seed_id for d in drawn_pairs([*alone, *pair(2)])} == {"work-02"}


@pytest.mark.parametrize(
    "change", [{"epoch": 2}, {"model": "m/y"}, {"simulator": "persona"}, {"scenario_id": "work-01-v1"}]
)
def test_arms_of_different_runs_are_no_pair(change: dict[str, object]) -> None:
    apart = [drawn(1, ARMS[0]), drawn(1, ARMS[1], **change)]  # pyright: ignore
    with pytest.raises(UserMistake):
        drawn_pairs(apart)


def test_a_pair_may_have_lost_messages_that_the_judge_could_not_read() -> None:
    assert len(drawn_pairs([drawn(1, ARMS[0], 3), *[drawn(1, ARMS[1], n) for n in (3, 4)]])) == 3


def test_labels_come_back_with_the_origin_of_their_message(tmp_path: Path) -> None:
    chosen = drawn_pairs(pair(1))
    turns = labelled_turns(filled(tmp_path / "s.csv", chosen, ("0", " 4 ", "2")))
    assert [turn.people for turn in turns] == [(0, 4, 2)] * 4
    assert [(t.arm, t.n, t.judge, t.grader) for t in turns] == [
        (d.origin.arm, d.origin.n, 2, "a/judge") for d in chosen
    ]
    assert {turn.settled for turn in turns} == {2}


@pytest.mark.parametrize("level", ["", " ", "5", "-1", "1.0", "two", "\u0662", "12"])
@pytest.mark.parametrize("column", [1, 2, 3])
def test_a_level_that_is_none_is_told_by_item_and_column(level: str, column: int, tmp_path: Path) -> None:
    levels = ["1", "1", "1"]
    levels[column - 1] = level
    sheet = filled(tmp_path / "s.csv", drawn_pairs(pair(1)), tuple(levels))  # pyright: ignore
    said = f"{sheet}: item 001 has {level.strip() or 'nothing'} as level_{column}; give a level. {MEANINGS}."
    code, output = gold(sheet, "--file", tmp_path / "gold.jsonl")
    assert (code, output) == (2, f"Error: {said}\n")
    assert not (tmp_path / "gold.jsonl").exists()


def no_key(sheet: Path) -> str:
    key_path(sheet).unlink()
    return f"{key_path(sheet)}: not there; it was written beside the sheet."


def no_rows(sheet: Path) -> str:
    sheet.write_text("item,conversation\n", "utf-8")
    return f"{sheet}: no messages in it; draw a sheet with the command 'sheet'."


def another_item(sheet: Path) -> str:
    sheet.write_text(sheet.read_text("utf-8").replace("\n002,", "\n020,"), "utf-8")
    return f"{sheet}: item '020' is not in its key; keep the column 'item' as drawn."


def no_json(sheet: Path) -> str:
    key_path(sheet).write_text("[]\n", "utf-8")
    return f"{key_path(sheet)}: not as it was drawn; draw sheet and key again."


def no_hash(sheet: Path) -> str:
    key = key_path(sheet)
    key.write_text(key.read_text("utf-8").replace(SHA, "short"), "utf-8")
    return f"{key}: String should match pattern '^[0-9a-f]{{64}}$'; keep it as drawn."


@pytest.mark.parametrize("broken", [no_key, no_rows, another_item, no_json, no_hash])
def test_a_sheet_that_was_changed_is_one_sentence_and_keeps_the_labels(broken, tmp_path: Path) -> None:
    labels = tmp_path / "gold.jsonl"
    sheet = filled(tmp_path / "s.csv", drawn_pairs(pair(1)))
    assert gold(sheet, "--file", labels)[0] == 0
    before = labels.read_bytes()
    said = broken(sheet)
    assert gold(sheet, "--file", labels) == (2, f"Error: {said}\n")
    assert labels.read_bytes() == before


def test_labels_of_the_same_message_are_replaced_and_others_kept(tmp_path: Path) -> None:
    labels = tmp_path / "data" / "gold.jsonl"
    first = filled(tmp_path / "a.csv", drawn_pairs(pair(1)), ("1", "1", "1"))
    second = filled(tmp_path / "b.csv", drawn_pairs([*pair(1), *pair(2)]), ("3", "3", "3"))
    assert gold(first, "--file", labels)[1] == f"4 messages added, 4 in {labels}.\n"
    assert gold(second, "--file", labels)[1] == f"8 messages added, 8 in {labels}.\n"
    assert {turn.people for turn in read_gold(labels)} == {(3, 3, 3)}
    other = filled(tmp_path / "c.csv", drawn_pairs(pair(1, grader="b/judge")))
    assert gold(other, "--file", labels)[1] == f"4 messages added, 12 in {labels}.\n"


def test_a_file_of_labels_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    sheet, labels = filled(tmp_path / "s.csv", drawn_pairs(pair(1))), tmp_path / "gold.jsonl"
    for content, said in (
        (b"caf\xe9\n", f"{labels}: no UTF-8 text; write it with 'gold'."),
        (b"{}\n", f"{labels}:1: model: Field required; write it with 'gold'."),
        (b"[]\n", f"{labels}:1: line: Input should be an object; write it with 'gold'."),
    ):
        labels.write_bytes(content)
        assert gold(sheet, "--file", labels) == (2, f"Error: {said}\n")
        assert labels.read_bytes() == content
    code, said = gold(sheet, "--file", tmp_path)
    assert (code, "is a directory" in said) == (2, True)


def test_labels_of_a_checkout_are_added_where_the_board_reads_them() -> None:
    assert Path("leaderboard") / GOLD == CHECKOUT


def test_labels_are_written_in_one_order_and_read_as_they_were(tmp_path: Path) -> None:
    found = [*turns((0, 1, 2), (4, 4, 4)), *turns((1, 1, 1), arm="vanilla"), *turns((2, 2, 2), grader="z/z")]
    write_gold(tmp_path / "a" / "b.jsonl", found)
    write_gold(tmp_path / "c.jsonl", found[::-1])
    assert (tmp_path / "a" / "b.jsonl").read_bytes() == (tmp_path / "c.jsonl").read_bytes()
    assert read_gold(tmp_path / "c.jsonl") == found
    assert read_gold(tmp_path / "none.jsonl") == []
    assert set(json.loads((tmp_path / "c.jsonl").read_text("utf-8").splitlines()[0])) == set(
        GoldTurn.model_fields
    )


def test_messages_are_taken_from_live_conversations_under_the_two_arms(tmp_path: Path) -> None:
    samples = [
        {"arm": "nvc_full"},
        {"arm": "vanilla"},
        {"arm": "placebo"},
        {"arm": "vanilla", "mode": "scripted"},
    ]
    log = judged_log(str(tmp_path / "log"), {"grader": Judge()}, samples=samples)
    path = Path(log.location.removeprefix("file://"))
    found = messages_of([path], None)
    assert [(d.origin.arm, d.origin.n, d.origin.judge) for d in found] == [
        ("nvc_full", 3, 1), ("nvc_full", 4, 0), ("vanilla", 3, 1), ("vanilla", 4, 0)]  # fmt: skip
    assert found[0].message == "Fair enough, I could have called first."
    assert "assistant 1: [reply]" in found[0].conversation
    assert found[0].message not in found[0].conversation
    assert len(messages_of([path, path], "mockllm/judge")) == 8
    with pytest.raises(
        UserMistake, match=r"^--grader a/b: no log was judged by it; there is mockllm/judge\.$"
    ):
        messages_of([path], "a/b")
