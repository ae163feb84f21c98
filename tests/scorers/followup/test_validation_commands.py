"""The commands that draw a sheet and read it back: what they write, and what they say where they cannot."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from interplay.scorers.followup_answer import prompt_sha256
from interplay.scorers.followup_rules import LABELS, VERSION
from interplay.scorers.followup_sheet import key_path, write_sheet
from interplay.scorers.followup_validation import FOLDER, file_name

from .sheets import GRADER, agreed, item, read_rows, run, sheet_of, write_rows

ALL = ", ".join(LABELS)


def mixed(count: int = 80) -> list:
    """As many genuine turns as others, on which rules and judge agree."""
    return [item(n, label, label) for n in range(count) for label in [("genuine", "closer")[n % 2]]]


def gates(sheet: Path, folder: Path) -> tuple[int, str]:
    done = run("gates", sheet, "--folder", folder)
    return done.exit_code, done.output


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return sheet_of(tmp_path / "sheet.csv", mixed(), agreed)


def refused(sheet: Path, tmp_path: Path) -> str:
    """The one sentence that a sheet is refused with; nothing is written."""
    code, said = gates(sheet, tmp_path / "out")
    assert code == 2, said
    assert not (tmp_path / "out").exists()
    (line,) = [line for line in said.splitlines() if line]
    return line.removeprefix("Error: ")


def test_a_judge_that_meets_every_gate_is_written_as_validated(sheet: Path, tmp_path: Path) -> None:
    code, said = gates(sheet, tmp_path / "a" / "b")
    path = tmp_path / "a" / "b" / "mistral_large-2.json"
    assert code == 0
    assert said.splitlines()[-1] == f"All gates are met; written to {path}."
    assert said.splitlines()[0] == "met      people, genuine or not: alpha: 1.000, at least 0.7"
    assert len(said.splitlines()) == 8, "seven gates, no second judge, and where it was written"
    content = json.loads(path.read_text("utf-8"))
    assert {key: content[key] for key in ("grader", "prompt_sha256", "rules_version", "items", "met")} == {
        "grader": GRADER, "prompt_sha256": prompt_sha256(), "rules_version": VERSION, "items": 80,
        "met": True,
    }  # fmt: skip
    assert content["second_judge_alpha"] is None
    assert path.read_bytes().endswith(b"}\n")


def test_checking_again_writes_the_same_bytes(sheet: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        gates(sheet, tmp_path / name)
    one, two = (tmp_path / name / "mistral_large-2.json" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_the_order_of_the_rows_does_not_matter(sheet: Path, tmp_path: Path) -> None:
    gates(sheet, tmp_path / "one")
    write_rows(sheet, read_rows(sheet)[::-1])
    gates(sheet, tmp_path / "two")
    one, two = (tmp_path / name / "mistral_large-2.json" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_case_and_spaces_that_a_spreadsheet_gave_a_label_are_passed_over(sheet: Path, tmp_path: Path) -> None:
    rows = read_rows(sheet)
    write_rows(sheet, [[*row[:4], f" {row[4].upper()}\t", row[5].title(), row[6]] for row in rows])
    assert gates(sheet, tmp_path)[0] == 0


def test_a_byte_order_mark_of_a_spreadsheet_is_passed_over(sheet: Path, tmp_path: Path) -> None:
    write_rows(sheet, read_rows(sheet), encoding="utf-8-sig")
    assert gates(sheet, tmp_path)[0] == 0


def test_a_second_judge_is_told_beside_the_gates_and_is_none(tmp_path: Path) -> None:
    """A second judge that says the opposite: no gate falls, since it is reported and nothing more."""
    other = {"genuine": "closer", "closer": "genuine"}
    items = [i.model_copy(update={"second": other[i.judge]}) for i in mixed(40)]
    code, said = gates(sheet_of(tmp_path / "s.csv", items, agreed), tmp_path / "out")
    assert code == 0
    assert "told     second judge and judge: alpha -0.975" in said
    assert "All gates are met" in said


def test_figures_that_could_not_be_had_are_told_as_none(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path / "s.csv", [item(n) for n in range(4)], agreed)
    code, said = gates(sheet, tmp_path / "out")
    assert code == 0, "a verdict, not a mistake"
    assert said.splitlines()[0] == "not met  people, genuine or not: alpha: none, at least 0.7"
    assert said.splitlines()[-1].startswith("Not validated; written to ")
    content = json.loads((tmp_path / "out" / "mistral_large-2.json").read_text("utf-8"))
    assert content["sensitivity"] is None
    assert content["specificity"] == 1
    assert [gate["value"] for gate in content["gates"]] == [None] * 7


@pytest.mark.parametrize(("column", "name"), [(4, "label_1"), (5, "label_2"), (6, "settled")])
@pytest.mark.parametrize(("said", "shown"), [("", "nothing"), ("  ", "nothing"), ("Great", "great")])
def test_a_label_that_is_none_is_told_by_item_and_column(
    column: int, name: str, said: str, shown: str, sheet: Path, tmp_path: Path
) -> None:
    rows = read_rows(sheet)
    rows[2][column] = said
    write_rows(sheet, rows)
    assert refused(sheet, tmp_path) == f"{sheet}: item 003 has {shown} as {name}; use one of {ALL}."


def test_a_sheet_that_lost_a_column_says_so_by_its_first_item(sheet: Path, tmp_path: Path) -> None:
    items = [row[0] for row in read_rows(sheet)]
    sheet.write_text("item,label_1,label_2\n" + "".join(f"{i},closer,closer\n" for i in items), "utf-8")
    assert refused(sheet, tmp_path) == f"{sheet}: item {items[0]} has nothing as settled; use one of {ALL}."


@pytest.mark.parametrize("name", ["081", "81", "", "001 "])
def test_an_item_that_was_not_drawn_is_refused(name: str, sheet: Path, tmp_path: Path) -> None:
    rows = read_rows(sheet)
    rows[0][0] = name
    write_rows(sheet, rows)
    said = f"{sheet}: item {name!r} is not in its key; keep the column 'item' as drawn."
    assert refused(sheet, tmp_path) == said


def test_a_sheet_without_rows_says_how_to_draw_one(sheet: Path, tmp_path: Path) -> None:
    for content in ("", "item,label_1,label_2,settled\n", "\n\n"):
        sheet.write_text(content, "utf-8")
        assert refused(sheet, tmp_path) == f"{sheet}: no turns in it; draw a sheet with the command 'sheet'."


def test_a_sheet_without_its_key_says_where_it_was(sheet: Path, tmp_path: Path) -> None:
    key = key_path(sheet)
    key.rename(tmp_path / "elsewhere")
    assert refused(sheet, tmp_path) == f"{key}: not there; it was written beside the sheet."


def cut_short(text: str) -> str:
    return text[:-20]


def of_other_fields(text: str) -> str:
    return text.replace('"rules"', '"rule"')


def lists(_: str) -> str:
    return "[1, 2]\n"


def blank_line(text: str) -> str:
    return f"{text}\n"


@pytest.mark.parametrize("broken", [cut_short, of_other_fields, lists, blank_line])
def test_a_key_that_was_changed_is_one_sentence(
    broken: Callable[[str], str], sheet: Path, tmp_path: Path
) -> None:
    key = key_path(sheet)
    key.write_text(broken(key.read_text("utf-8")), "utf-8")
    assert refused(sheet, tmp_path) == f"{key}: not as it was drawn; draw sheet and key again."


def test_a_key_in_another_encoding_is_one_sentence(sheet: Path, tmp_path: Path) -> None:
    key = key_path(sheet)
    key.write_bytes(key.read_bytes().replace(b"closer", "\u00e9".encode("latin-1"), 1))
    assert refused(sheet, tmp_path) == f"{key}: not as it was drawn; draw sheet and key again."


def test_a_sheet_in_another_encoding_is_one_sentence(sheet: Path, tmp_path: Path) -> None:
    sheet.write_bytes(sheet.read_bytes() + "caf\u00e9".encode("latin-1"))
    assert refused(sheet, tmp_path) == f"{sheet}: no UTF-8 text; save the sheet as CSV in UTF-8."


def test_a_cell_beyond_what_csv_may_hold_is_one_sentence(sheet: Path, tmp_path: Path) -> None:
    rows = read_rows(sheet)
    rows[0][3] = "x" * 200_000
    write_rows(sheet, rows)
    said = f"{sheet}: field larger than field limit (131072); save the sheet as CSV in UTF-8."
    assert refused(sheet, tmp_path) == said


def test_a_folder_that_is_a_file_is_refused_before_anything_is_read(sheet: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    code, said = gates(sheet, tmp_path / "out")
    assert (code, "is a file." in said) == (2, True)
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize("count", ["0", "-3", "many", "1.5"])
def test_a_number_of_turns_that_is_none_is_refused(count: str, tmp_path: Path) -> None:
    (tmp_path / "a.eval").write_bytes(b"")
    done = run("sheet", tmp_path / "a.eval", "-o", tmp_path / "s.csv", "--items", count)
    assert done.exit_code == 2
    assert "Invalid value for '--items'" in done.output
    assert not (tmp_path / "s.csv").exists()


def test_a_sheet_in_a_folder_that_is_not_there_is_refused_before_logs_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.eval").write_bytes(b"no log")
    done = run("sheet", tmp_path / "a.eval", "-o", tmp_path / "none" / "s.csv")
    assert done.exit_code == 2
    assert done.output.strip() == (
        f"Error: -o {tmp_path / 'none' / 's.csv'}: there is no folder {tmp_path / 'none'}; make it first."
    )


def test_a_sheet_keeps_every_character_of_what_people_read(tmp_path: Path) -> None:
    odd = 'a "quoted", line\nand\u2028another\r\n\u0634\u0643\u0631\u0627 <script>,;\t=1+1'
    path = tmp_path / "s.csv"
    write_sheet(path, [item(0, turn=odd, reply=odd, conversation=odd).model_copy(update={"item": "001"})])
    (row,) = read_rows(path)
    assert row == ["001", odd, odd, odd, "", "", ""]
    (key,) = key_path(path).read_text("utf-8").splitlines()
    assert {"conversation", "reply", "turn"}.isdisjoint(json.loads(key))


@pytest.mark.parametrize(
    ("grader", "name"),
    [
        ("openai/gpt-5", "openai_gpt-5"),
        ("vllm/Qwen/Qwen3.5-4B", "vllm_Qwen_Qwen3.5-4B"),
        ("../../etc/passwd", "etc_passwd"),
        ("a//b:c d", "a_b_c_d"),
        ("\u6a21\u578b", "grader"),
        ("...", "grader"),
        ("", "grader"),
        ("_x_", "x"),
    ],
)
def test_the_name_of_a_judge_is_a_plain_file_name(grader: str, name: str) -> None:
    assert file_name(grader) == name


def test_validations_stand_in_the_checkout_where_the_board_looks_for_them() -> None:
    assert FOLDER.as_posix() == "leaderboard/validation/user_turn"
