"""Figures of a judge: measured from the log, never ranked by, plain on the site only where validated."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from interplay.leaderboard.boards import find_board, ranked_roles
from interplay.leaderboard.build import build_site
from interplay.leaderboard.canonical import canonical_bytes
from interplay.leaderboard.measure import results
from interplay.leaderboard.pages.inputs import read_inputs
from interplay.leaderboard.rows import SampleRow
from interplay.leaderboard.schema import Result
from interplay.scorers.followup_answer import prompt_sha256
from interplay.scorers.followup_gates import Gate, Validation
from interplay.scorers.followup_rules import VERSION
from interplay.tasks.judged import corrected
from interplay.tasks.mistakes import UserMistake

from . import synthetic, synthetic_user_turn
from .plain_rows import log

BOARD = "user-turn-native"
GRADER = "openai/gpt-5.4-mini"
JUDGED, PLAIN = "grove/ash-9", "grove/ash-32"
NAME = "followup_judge"


@pytest.fixture(scope="module", autouse=True)
def families() -> Iterator[None]:
    with synthetic_user_turn.registered():
        yield


def judged_sample(row: SampleRow, rate: float | None, unparsed: int = 0, prompt: str = "") -> SampleRow:
    """A sample with the score of a judge beside that of the rules; no figures where nothing was readable."""
    values = {} if rate is None else {f"{NAME}.gfr_t1": rate, f"{NAME}.gfr_t0": float(rate > 0.5)}
    counts = {f"{NAME}.asked": 4.0, f"{NAME}.unparsed": float(unparsed)}
    score = row.score.model_copy(
        update={
            "numbers": row.score.numbers | values | counts,
            "words": {f"{NAME}.prompt_sha256": prompt or prompt_sha256()},
            "value_keys": (*row.score.value_keys, *values),
        }
    )
    return row.model_copy(update={"score": score})


def measured(rows: list[SampleRow], grader: str | None = GRADER) -> Result:
    scorers = ("followup", "turn_labels", *((NAME,) if grader else ()))
    roles = {"grader": grader} if grader else {}
    return results(find_board(BOARD), [log(rows, "user_turn", scorers=scorers, roles=roles)])


def rows_of(model: str = JUDGED) -> list[SampleRow]:
    rate = synthetic_user_turn.MODELS[model][1]
    return synthetic_user_turn.native_rows(model, rate, 40, synthetic_user_turn.DATASETS, 10)


def judged_rows(model: str = JUDGED) -> list[SampleRow]:
    return [judged_sample(row, (i % 4) / 3) for i, row in enumerate(rows_of(model))]


def test_a_judge_is_measured_beside_the_rules() -> None:
    plain, with_judge = measured(rows_of(), None), measured(judged_rows())
    (found,) = with_judge.judged
    assert found.graders == {"grader": GRADER}
    assert found.regrade == "recorded_judge"
    assert (found.asked, found.unparsed, found.unscored) == (640, 0, 0)
    assert found.prompt_sha256 == prompt_sha256()
    metric = found.metrics[f"{NAME}.gfr_t1"]
    assert metric.value == pytest.approx(0.5)
    assert metric.lo < 0.5 < metric.hi
    assert f"{NAME}.agree" not in found.metrics
    flags = {key: marks for key, marks in with_judge.flags.items() if not key.startswith(NAME)}
    assert with_judge.model_copy(update={"judged": (), "flags": flags}) == plain
    assert "judged" not in plain.content()


def test_answers_that_cannot_be_read_are_counted_and_above_two_percent_nothing_is_told() -> None:
    rows = judged_rows()
    few = [judged_sample(row, None, unparsed=4) for row in rows_of()[:3]] + rows[3:]
    (found,) = measured(few).judged
    assert (found.unparsed, found.unscored) == (12, 3)
    assert found.metrics[f"{NAME}.gfr_t1"].n == 157
    many = [judged_sample(row, None, unparsed=4) for row in rows_of()[:4]] + rows[4:]
    (found,) = measured(many).judged
    assert (found.unparsed, found.metrics) == (16, {})


def test_flags_hold_every_unit_and_what_is_missing() -> None:
    rows = rows_of()
    unscored = rows[0].model_copy(update={"score": rows[0].score.model_copy(update={"numbers": {}})})
    found = measured([unscored, *judged_rows()[1:]])
    order = sorted(row.sample_id for row in rows)
    marks = dict(zip(order, found.flags["followup.correct"], strict=True))
    assert {name.split("-")[0] for name, mark in marks.items() if mark != "-"} == {"gsm8k"}
    assert found.flags["followup.gfr_t0"][order.index(rows[0].sample_id)] == "-"
    share = found.flags["followup_judge.gfr_t0"]
    rate = found.judged[0].metrics[f"{NAME}.gfr_t0"].value  # of four data sets, one of which lacks a context
    assert share.count("1") / (160 - share.count("-")) == pytest.approx(rate, abs=1e-3)
    short = found.content() | {"flags": {"followup.gfr_t0": "01"}}
    with pytest.raises(ValidationError, match=r"flags of followup\.gfr_t0 hold 2 marks"):
        Result.model_validate_json(canonical_bytes(short))


def test_two_prompts_in_one_run_are_the_prompt_of_no_validation() -> None:
    rows = judged_rows()
    mixed = [judged_sample(rows[0], 1.0, prompt="0" * 64), *rows[1:]]
    (found,) = measured(mixed).judged
    assert found.prompt_sha256 not in ("0" * 64, prompt_sha256())


def test_a_role_that_judges_beside_the_headline_makes_no_configuration_of_its_own() -> None:
    roles = {"grader": "a", "assistant": "b"}
    assert ranked_roles([BOARD], roles) == {"assistant": "b"}
    assert ranked_roles(["mazes-pair", "mazes-gap", "mazes-cross"], roles) == {"assistant": "b"}
    assert ranked_roles(["deescalation-simulated"], roles) == roles


def write_site(folder: Path, judged: bool, validation: Validation | str | None = None) -> Path:
    """A site with one model that was judged and one that was not."""
    root = folder / "root"
    (root / "leaderboard" / "entries").mkdir(parents=True)
    for model in (JUDGED, PLAIN):
        is_judged = judged and model == JUDGED
        rows = judged_rows(model) if is_judged else rows_of(model)
        found = measured(rows, GRADER if is_judged else None).content()
        ref = {"id": GRADER, "revision": None, "served_by": "openai"}
        roles = {"grader": ref} if is_judged else {}
        synthetic.write(root, synthetic.entry(model, [dict(found)], family="user_turn", roles=roles))
    if validation is not None:
        path = root / "leaderboard" / "validation" / "user_turn" / "openai_gpt-5.4-mini.json"
        path.parent.mkdir(parents=True)
        text = validation if isinstance(validation, str) else validation.model_dump_json()
        path.write_text(text, encoding="utf-8")
    build_site(root, folder / "site")
    return folder


VALID = Validation(
    grader=GRADER, prompt_sha256=prompt_sha256(), rules_version=VERSION, items=400, met=True, gates=[],
    sensitivity=0.9, specificity=0.95, second_judge_alpha=None,
)  # fmt: skip


def board_page(folder: Path) -> str:
    return (folder / "site" / "boards" / BOARD / "index.html").read_text("utf-8")


def entry_page(folder: Path) -> str:
    row = next(r for r in read_inputs(folder / "root").standings[BOARD].rows if r.entry.model.id == JUDGED)
    return (folder / "site" / "entries" / row.entry.entry_id / "index.html").read_text("utf-8")


def test_without_a_judge_there_is_no_column(tmp_path: Path) -> None:
    folder = write_site(tmp_path, judged=False)
    assert "judge" not in board_page(folder)


def test_a_judge_that_is_not_validated_is_grey_and_does_not_sort(tmp_path: Path) -> None:
    folder = write_site(tmp_path, judged=True)
    html = board_page(folder)
    assert re.search(r'<th scope="col" class="num c3" data-nosort>GFR@1, judge</th>', html)
    cell = re.search(
        r'<td class="num c3 dim" data-v="0.5000" title="([^"]*)">([^<]*)<br><small>([^<]*)<', html
    )
    assert cell is not None
    assert (cell[2], cell[3]) == ("0.500", "not validated")
    assert "Nobody has labelled turns to compare this judge with." in cell[1]
    assert "Without the errors" not in cell[1]
    page = entry_page(folder)
    assert "Judge beside the rules: " in page
    assert "Not validated.</b> Nobody has labelled turns" in page
    assert page.count('<tr class="dim"><th scope="row">') == 4
    assert "Without its errors" not in page


def test_a_validated_judge_is_plain_with_its_corrected_rate_on_hover(tmp_path: Path) -> None:
    folder = write_site(tmp_path, judged=True, validation=VALID)
    html = board_page(folder)
    assert '<th scope="col" class="num c3">GFR@1, judge</th>' in html
    cell = re.search(r'<td class="num c3" data-v="0.5000" title="([^"]*)">0.500</td>', html)
    assert cell is not None
    expected = (0.5 + 0.95 - 1) / (0.9 + 0.95 - 1)
    assert f"Without the errors of the judge {expected:.3f} (" in cell[1]
    assert '<td class="num c3" data-v="">–</td>' in html
    page = entry_page(folder)
    assert "All gates are met on 400 turns that two people labelled." in page
    assert f">{expected:.3f} (" in page


def test_a_judge_changes_no_place_and_no_order(tmp_path: Path) -> None:
    def rows(folder: Path) -> list[tuple[object, ...]]:
        found = read_inputs(folder / "root").standings[BOARD].rows
        return [(row.entry.model.id, row.places, row.headline) for row in found]

    judged = write_site(tmp_path / "with", judged=True, validation=VALID)
    assert rows(judged) == rows(write_site(tmp_path / "without", judged=False))


def test_a_missed_gate_and_a_broken_validation_say_so(tmp_path: Path) -> None:
    gate = Gate(name="judge and people: kappa", value=0.5, threshold=0.7, met=False)
    missed = VALID.model_copy(update={"met": False, "gates": [gate]})
    html = board_page(write_site(tmp_path / "missed", judged=True, validation=missed))
    assert "data-nosort>GFR@1, judge" in html
    assert "a gate is not met: judge and people: kappa 0.50, needs 0.70." in html
    with pytest.raises(UserMistake, match="holds no validation of a judge"):
        write_site(tmp_path / "broken", judged=True, validation="{}")


@pytest.mark.parametrize(
    ("p", "sensitivity", "specificity", "expected"),
    [(0.01, 0.9, 0.99, 0.0), (0.5, 1.0, 1.0, 0.5), (0.99, 0.9, 0.95, 1.0), (0.5, 0.4, 0.6, None)],
)
def test_the_corrected_rate_is_clipped(
    p: float, sensitivity: float, specificity: float, expected: float | None
) -> None:
    found = corrected(p, sensitivity, specificity)
    assert found == (None if expected is None else pytest.approx(expected))
