"""The blind sheet of sentences: evenly drawn, in an order that tells nothing, and read back as written."""

import csv
import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.analysis.hedge_badge import GOLD, GoldSentence, hedge_badge, json_lines, read_gold
from interplay.leaderboard.hedge_sheet import (
    COLUMNS,
    Drawn,
    drawn,
    key_path,
    labelled,
    with_labels,
    write_sheet,
    written_gold,
)
from interplay.tasks.mistakes import UserMistake

FOUND = [Drawn(f"model-{m}", "", f"Sentence {n} of {m}.") for m in range(3) for n in range(10 + 20 * m)]
ODD = ["=SUM(A1)", '+1, "quoted"', "-x", "@home", "a\u2028b", "c\x85d", "e\x0cf"]
ODD += ["שלום 世界", "<script>", "'tick"]
"""Formulas, quotes, characters that end a line in Unicode, right-to-left text, markup."""

ENDS = 'a \u2028\u2029\x85\x0b\x0c\x1c\n\r"\\é'
"""Characters that some readers take for the end of a line, and those that JSON escapes."""


def sheet_of(folder: Path, sentences: list[str]) -> Path:
    sheet = folder / "sheet.csv"
    write_sheet(sheet, [Drawn("m", "Before.", sentence) for sentence in sentences])
    return sheet


def filled(sheet: Path, *answers: tuple[str, str, str]) -> Path:
    rows = list(csv.reader(sheet.read_text("utf-8").splitlines(keepends=True)))
    with sheet.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(
            [rows[0], *([*row[:3], *said] for row, said in zip(rows[1:], answers, strict=True))]
        )
    return sheet


class TestDrawing:
    def test_every_checkpoint_gives_as_many_until_it_has_no_more(self) -> None:
        """Ten, thirty and fifty sentences: of 60, ten and twice 25."""
        found = Counter(one.checkpoint for one in drawn(FOUND, 60))
        assert found == {"model-0": 10, "model-1": 25, "model-2": 25}
        assert Counter(one.checkpoint for one in drawn(FOUND, 30)).most_common()[0][1] == 10

    def test_the_draw_is_the_same_whatever_the_order_of_logs(self) -> None:
        assert drawn(FOUND, 40) == drawn(FOUND[::-1], 40)
        assert set(drawn(FOUND, 30)) <= set(drawn(FOUND, 40))

    def test_neighbours_on_the_sheet_are_no_neighbours_in_a_reply(self) -> None:
        names = [one.checkpoint for one in drawn(FOUND, 90)]
        changes = sum(a != b for a, b in pairwise(names))
        assert changes > 30

    def test_fewer_sentences_than_wanted_are_all_taken(self) -> None:
        assert sorted(drawn(FOUND[:4], 600)) == sorted(FOUND[:4])
        assert drawn([], 600) == []


class TestSheet:
    def test_it_is_blind(self, tmp_path: Path) -> None:
        sheet = sheet_of(tmp_path, ["It may rain."])
        assert sheet.read_text("utf-8") == ",".join(COLUMNS) + "\n0001,Before.,It may rain.,,,\n"
        (line,) = json_lines(key_path(sheet).read_text("utf-8"))
        assert json.loads(line) == {"item": "0001", "checkpoint": "m", "sentence": "It may rain."}

    def test_no_cell_is_a_formula(self, tmp_path: Path) -> None:
        sheet = sheet_of(tmp_path, ODD)
        with sheet.open(encoding="utf-8", newline="") as lines:
            cells = [row["sentence"] for row in csv.DictReader(lines)]
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
        assert cells[0] == "'=SUM(A1)"

    def test_sentences_come_back_as_the_model_wrote_them(self, tmp_path: Path) -> None:
        sheet = sheet_of(tmp_path, ODD)
        text = sheet.read_text("utf-8").replace(",,,\n", ",yes,NO,y\n")
        sheet.write_text(text, encoding="utf-8", newline="")
        rows = labelled(sheet)
        assert [row.sentence for row in rows] == ODD
        assert {(row.people, row.hedged) for row in rows} == {((True, False), True)}
        file = tmp_path / "hedges.jsonl"
        file.write_text(written_gold(rows), encoding="utf-8", newline="\n")
        assert read_gold(file) == rows
        assert written_gold(read_gold(file)) == file.read_text("utf-8")

    @pytest.mark.parametrize(
        ("answers", "people", "hedged"),
        [
            (("yes", "YES ", ""), (True, True), True),
            (("n", "0", "yes"), (False, False), False),
            (("1", "no", "no"), (True, False), False),
            (("N", "y", "Y"), (False, True), True),
        ],
    )
    def test_where_two_agree_nobody_settles(
        self, tmp_path: Path, answers: tuple[str, str, str], people: tuple[bool, bool], hedged: bool
    ) -> None:
        (row,) = labelled(filled(sheet_of(tmp_path, ["It may."]), answers))
        assert (row.checkpoint, row.people, row.hedged) == ("m", people, hedged)

    @pytest.mark.parametrize(
        ("answers", "said"),
        [
            (("yes", "", ""), "item 0001 has nothing as person_2; say yes or no."),
            (("perhaps", "yes", ""), "item 0001 has perhaps as person_1; say yes or no."),
            (("yes", "no", ""), "item 0001 has nothing as settled; say yes or no."),
            (("yes", "no", "both"), "item 0001 has both as settled; say yes or no."),
        ],
    )
    def test_a_missing_answer_is_named(
        self, tmp_path: Path, answers: tuple[str, str, str], said: str
    ) -> None:
        sheet = filled(sheet_of(tmp_path, ["It may."]), answers)
        with pytest.raises(UserMistake) as caught:
            labelled(sheet)
        assert str(caught.value) == f"{sheet}: {said}"

    def test_key_and_sheet_belong_together(self, tmp_path: Path) -> None:
        sheet = filled(sheet_of(tmp_path, ["It may."]), ("yes", "yes", ""))
        text, key = sheet.read_text("utf-8"), key_path(sheet)
        sheet.write_text(text.replace("0001", "0002"), "utf-8")
        with pytest.raises(UserMistake, match=r"item '0002' is not in its key; keep the column 'item'"):
            labelled(sheet)
        sheet.write_bytes(text.replace("may", "má").encode("latin-1"))
        with pytest.raises(UserMistake, match="no UTF-8 text; save the sheet as CSV in UTF-8"):
            labelled(sheet)
        sheet.write_text(",".join(COLUMNS) + "\n", "utf-8")
        with pytest.raises(UserMistake, match="no sentences in it; draw a sheet with the command"):
            labelled(sheet)
        for broken in ('{"item": "0001"}\n', "[1]\n", "no json\n", "\xff"):
            key.write_bytes(broken.encode("latin-1"))
            with pytest.raises(UserMistake, match="not as it was drawn; draw sheet and key again"):
                labelled(sheet)
        key.unlink()
        with pytest.raises(UserMistake, match="not there; it was written beside the sheet"):
            labelled(sheet)


class TestLabels:
    def row(self, name: str, sentence: str, hedged: bool = True) -> GoldSentence:
        return GoldSentence(checkpoint=name, sentence=sentence, people=(hedged, hedged), hedged=hedged)

    def test_new_labels_replace_old_ones_and_stand_in_order(self) -> None:
        old = [self.row("b", "x"), self.row("a", "z")]
        new = [self.row("a", "y"), self.row("b", "x", False)]
        found = with_labels(old, new)
        assert [(r.checkpoint, r.sentence, r.hedged) for r in found] == [
            ("a", "y", True), ("a", "z", True), ("b", "x", False),
        ]  # fmt: skip
        assert with_labels(found, []) == found

    @given(st.lists(st.text(st.sampled_from(ENDS), min_size=1), max_size=8, unique=True))
    @settings(max_examples=30)
    def test_labels_are_one_line_each_whatever_stands_in_a_sentence(self, sentences: list[str]) -> None:
        rows = [
            self.row("m", sentence) for sentence in sentences if sentence < "\ud800" or sentence > "\udfff"
        ]
        lines = json_lines(written_gold(rows))
        assert [GoldSentence.model_validate_json(line) for line in lines] == rows

    def test_a_file_of_labels_in_another_encoding_is_named(self, tmp_path: Path) -> None:
        file = tmp_path / GOLD
        file.parent.mkdir(parents=True)
        file.write_bytes("é".encode("latin-1"))
        with pytest.raises(UserMistake, match=r"^hedges.jsonl: no UTF-8 text; save it in UTF-8\.$"):
            hedge_badge(tmp_path)

    def test_an_empty_file_has_no_labels(self, tmp_path: Path) -> None:
        file = tmp_path / "hedges.jsonl"
        file.write_text("", "utf-8")
        assert read_gold(file) == []
