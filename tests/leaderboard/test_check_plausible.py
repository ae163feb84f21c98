"""Stage P at its limits, on plain rows: what is refused just beyond each, what is not just within."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from interplay.leaderboard.canonical import canonical_bytes
from interplay.leaderboard.check_plausible import (
    COMPLETIONS,
    FEWEST,
    IDENTICAL_EPOCHS,
    Details,
    check_plausible,
)
from interplay.leaderboard.completions import NONE, sketch
from interplay.leaderboard.rows import MODEL_ROLE, LogRows, RoleUse, SampleRow
from interplay.leaderboard.schema import Entry, Finding

from . import plain_rows, synthetic

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
END = START + timedelta(hours=1)
COUNTED = {MODEL_ROLE: RoleUse(calls=3, input_tokens=900, output_tokens=120)}
UNCOUNTED = {MODEL_ROLE: RoleUse(calls=3)}
NOTHING: Details = {}


def moment(seconds: float = 0.0, of: datetime = START) -> str:
    return (of + timedelta(seconds=seconds)).isoformat()


def sample(number: int, **changes: object) -> SampleRow:
    row = plain_rows.sample(f"s{number:03d}")
    ordinary = {"started_at": moment(60), "completed_at": moment(90), "completions": f"{number:08x}"}
    return row.model_copy(update={"usage": COUNTED, **ordinary, **changes})


def log(*samples: SampleRow, model: str = "acme/ash", **changes: object) -> LogRows:
    times = {"started_at": moment(), "completed_at": moment(of=END)}
    return plain_rows.log(samples, model=model, **times, **changes)


def entry(model: str = "acme/ash", ability: float = 0.5, output_tokens: int = 0, **fields: Any) -> Entry:
    result = synthetic.pair_result(model, ability, synthetic.STANDARD, "standard")
    if output_tokens:
        result["usage"]["model"]["output_tokens"] = output_tokens  # type: ignore[index]
    return Entry.model_validate_json(canonical_bytes(synthetic.entry(model, [result], **fields)))


def found(
    logs: Sequence[LogRows], own: Entry | None = None, others: Sequence[tuple[Entry, Details]] = ()
) -> list[Finding]:
    """What stage P says of logs, as the entry `own` beside others with what their checks left."""
    own = own or entry()
    known = {other.entry_id: details for other, details in others}
    return check_plausible(
        own, logs, own.results, [other for other, _ in others], lambda one: known[one.entry_id]
    )


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def test_an_ordinary_run_has_no_finding():
    assert found([log(*map(sample, range(10)))]) == []


@pytest.mark.parametrize(("uncounted", "expected"), [(0, []), (1, []), (2, ["P01"]), (10, ["P01"])])
def test_one_sample_in_ten_may_have_no_tokens(uncounted: int, expected: list[str]):
    rows = [sample(i, usage=UNCOUNTED if i < uncounted else COUNTED) for i in range(10)]
    assert codes(found([log(*rows)])) == expected


def test_samples_without_tokens_are_counted_in_the_sentence_unless_it_is_all_of_them():
    some = [sample(i, usage=UNCOUNTED if i < 3 else COUNTED) for i in range(10)]
    every = [sample(i, usage=UNCOUNTED) for i in range(10)]
    texts = [str(finding) for rows in (some, every) for finding in found([log(*rows)])]
    assert "no tokens recorded for acme/ash in 3 of 10 samples of interplay/maze_collab" in texts[0]
    assert "no tokens recorded for acme/ash in interplay/maze_collab" in texts[1]


def test_a_log_in_which_the_model_never_counted_is_refused_though_its_partner_did():
    rows = [sample(i, usage={"partner": COUNTED[MODEL_ROLE]}) for i in range(4)]
    assert codes(found([log(*rows)])) == ["P01"]


def test_samples_that_broke_off_need_no_tokens():
    rows = [sample(i, usage=UNCOUNTED, errored=True) for i in range(5)]
    assert found([log(*rows, sample(9))]) == []


def test_input_tokens_alone_count():
    rows = [sample(i, usage={MODEL_ROLE: RoleUse(input_tokens=1)}) for i in range(10)]
    assert found([log(*rows)]) == []


def test_scripted_players_need_no_tokens():
    rows = [sample(i, usage={}) for i in range(10)]
    own = entry("reference/mute", division="reference")
    assert found([log(*rows, model="reference/mute")], own) == []


@pytest.mark.parametrize(
    ("began", "ended", "expected"),
    [
        (0, 3600, []),
        (0, 3602, []),
        (0, 3603, ["P04"]),
        (90, 88, []),
        (90, 87, ["P04"]),
        (-60 * 86_400, 5, []),
        (-60 * 86_400 - 1, 5, ["P04"]),
        (-5, -1, []),
        (3599, 3601, []),
    ],
)
def test_samples_ran_while_the_eval_did_or_in_an_earlier_attempt(
    began: float, ended: float, expected: list[str]
):
    rows = [sample(0), sample(1, started_at=moment(began), completed_at=moment(ended))]
    assert codes(found([log(*rows)])) == expected


def test_the_sentence_names_the_first_sample_and_both_times():
    rows = [sample(i, completed_at=moment(9000)) for i in (4, 5)]
    findings = found([log(*rows)])
    assert len(findings) == 1
    assert (
        f", {moment(60)} to {moment(9000)} (expected {moment()} to {moment(of=END)}): s004-AB epoch 1"
        in str(findings[0])
    )


def test_times_in_other_zones_are_the_same_moments():
    began = START.astimezone(tz=None).isoformat()
    assert found([log(sample(0, started_at=began))]) == []


@pytest.mark.parametrize("missing", ["started_at", "completed_at"])
def test_a_sample_without_a_time_is_not_judged_by_it(missing: str):
    assert found([log(sample(0, **{missing: None}))]) == []


@pytest.mark.parametrize(("retried", "expected"), [(0, []), (2, []), (3, ["P07"])])
def test_one_sample_in_five_may_have_been_tried_again(retried: int, expected: list[str]):
    rows = [sample(i, retries=4 if i < retried else 0) for i in range(10)]
    findings = found([log(*rows)])
    assert codes(findings) == expected
    assert all(finding.level == "warn" for finding in findings)


def epochs(identical: int, of: int = 10) -> LogRows:
    """Each sample in two epochs, of which the first so many say the same twice."""
    rows = [
        sample(i, epoch=epoch, completions=f"{i:04x}{0 if i < identical else epoch:04x}")
        for i in range(of)
        for epoch in (1, 2)
    ]
    return log(*rows, epochs=2)


@pytest.mark.parametrize(("identical", "expected"), [(0, []), (5, []), (6, ["P02"]), (10, ["P02"])])
def test_half_of_the_texts_may_come_again_in_another_epoch(identical: int, expected: list[str]):
    assert codes(found([epochs(identical)])) == expected


def test_the_sentence_of_repeated_texts_names_the_share():
    assert "70% identical completions across epochs (limit 50%)" in str(found([epochs(7)])[0])


def test_a_model_read_out_without_chance_repeats_itself():
    own = entry()
    settings = own.settings.model_copy(update={"temperature": 0.0})
    assert found([epochs(10)], own.model_copy(update={"settings": settings})) == []


@pytest.mark.parametrize(("compared", "expected"), [(4, []), (6, ["P02"])])
def test_too_few_texts_say_nothing_of_epochs(compared: int, expected: list[str]):
    assert FEWEST == 5
    assert codes(found([epochs(compared // 2, of=compared // 2)])) == expected


def test_short_texts_are_not_compared():
    rows = [sample(i, epoch=epoch, completions=NONE) for i in range(20) for epoch in (1, 2)]
    assert found([log(*rows, epochs=2)]) == []


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([0.05, 0.05], ["P02"]),
        ([0.05, 0.05, 0.0], []),
        ([0.04, 0.04, 1.0], ["P02"]),
        ([0.0, 0.0, 0.0, 1.0], ["P02"]),
    ],
    ids=["two entries", "usual for the board", "usual below the limit", "one odd entry"],
)
def test_texts_may_repeat_where_they_do_for_everyone(shares: list[float], expected: list[str]):
    others = [(entry(f"acme/b{i}"), {IDENTICAL_EPOCHS: share}) for i, share in enumerate(shares)]
    assert codes(found([epochs(9)], others=others)) == expected


def test_the_same_sample_of_another_call_is_another_sample():
    """Two tasks that both have `s000` are not two epochs of it."""
    rows = [sample(i, completions=f"{i:08x}") for i in range(10)]
    solo = log(*rows, task="interplay/maze_solo")
    other_arguments = log(*rows, args={"condition": "C3"})
    assert found([log(*rows), solo, other_arguments]) == []


def copied(same: int, own: Entry | None = None, other: Entry | None = None) -> list[str]:
    """Codes for ten samples of which so many stand in another entry too."""
    theirs = sketch([f"{i:08x}" for i in range(same)] + [f"{i:08x}" for i in range(100, 110)])
    return codes(
        found([log(*map(sample, range(10)))], own, [(other or entry("acme/birch"), {COMPLETIONS: theirs})])
    )


@pytest.mark.parametrize(("same", "expected"), [(0, []), (2, []), (3, ["P03"]), (10, ["P03"])])
def test_one_text_in_five_may_stand_in_another_entry(same: int, expected: list[str]):
    assert copied(same) == expected


def test_one_model_read_out_without_chance_may_be_submitted_twice():
    own, other = entry("acme/ash"), entry("else/ash")
    fixed = own.settings.model_copy(update={"seed": 7})
    alike = [one.model_copy(update={"settings": fixed}) for one in (own, other)]
    assert copied(10, own, other) == ["P03"]
    assert copied(10, *alike) == []
    assert copied(10, alike[0], entry("else/oak").model_copy(update={"settings": fixed})) == ["P03"]
    cooler = fixed.model_copy(update={"top_p": 0.9})
    assert copied(10, alike[0], other.model_copy(update={"settings": cooler})) == ["P03"]


def test_an_entry_is_not_compared_with_the_one_it_takes_the_place_of():
    old = entry("acme/ash")
    new = entry("acme/ash", day=2, supersedes=old.entry_id)
    assert copied(10, new, old) == []
    assert copied(10, old, old) == []


@pytest.mark.parametrize(("texts", "expected"), [(FEWEST - 1, []), (FEWEST, ["P03"])])
def test_too_few_texts_say_nothing_of_copies(texts: int, expected: list[str]):
    logs = [log(*map(sample, range(texts)))]
    theirs = sketch(f"{i:08x}" for i in range(texts))
    assert codes(found(logs, others=[(entry("acme/birch"), {COMPLETIONS: theirs})])) == expected


def test_the_sentence_of_a_copy_names_the_other_entry_and_the_share():
    other = entry("acme/birch")
    theirs = sketch(f"{i:08x}" for i in range(5))
    message = str(found([log(*map(sample, range(10)))], others=[(other, {COMPLETIONS: theirs})])[0])
    assert f"completions equal entry {other.entry_id} in 50% of the samples (limit 20%)" in message


def test_scripted_players_may_write_the_same():
    own = entry("reference/mute", division="reference")
    rows = map(sample, range(10))
    theirs = sketch(f"{i:08x}" for i in range(10))
    others = [(entry("reference/echo", division="reference"), {COMPLETIONS: theirs})]
    assert found([log(*rows, model="reference/mute")], own, others) == []


@pytest.mark.parametrize("left", [{}, {COMPLETIONS: None}, {COMPLETIONS: 3}])
def test_an_entry_whose_check_left_no_sketch_is_passed_over(left: Details):
    assert found([log(*map(sample, range(10)))], others=[(entry("acme/birch"), left)]) == []
