"""Stage P on figures that are far from those of other entries, and what a check leaves for later ones."""

import pytest

from interplay.leaderboard.boards import load_boards
from interplay.leaderboard.canonical import canonical_bytes
from interplay.leaderboard.check_plausible import COMPLETIONS, IDENTICAL_EPOCHS, details_of, own_details
from interplay.leaderboard.schema import Entry, Evidence

from . import synthetic
from .test_check_plausible import NOTHING, codes, entry, epochs, found, log, sample

SAMPLES = 2 * len(synthetic.STANDARD)


@pytest.mark.parametrize(
    ("a_sample", "expected"), [(10, []), (9, ["P05"]), (100, []), (1_000, []), (1_001, ["P05"])]
)
def test_tokens_a_sample_may_be_a_tenth_or_ten_times_the_median(a_sample: int, expected: list[str]):
    others = [(entry(f"acme/b{i}", output_tokens=n * SAMPLES), NOTHING) for i, n in enumerate((50, 100, 900))]
    findings = found([log(sample(0))], entry(output_tokens=a_sample * SAMPLES), others)
    assert codes(findings) == expected
    if expected:
        assert f"mazes-pair: {a_sample:,} tokens a sample (the median is 100)" in str(findings[0])


def test_two_entries_make_no_usual_number_of_tokens():
    others = [(entry(f"acme/b{i}", output_tokens=100 * SAMPLES), NOTHING) for i in range(2)]
    assert found([log(sample(0))], entry(output_tokens=SAMPLES), others) == []


def test_scripted_players_do_not_count_for_what_is_usual():
    others = [(entry(f"acme/b{i}", output_tokens=100 * SAMPLES), NOTHING) for i in range(2)]
    scripted = entry("reference/mute", division="reference", output_tokens=100 * SAMPLES)
    assert found([log(sample(0))], entry(output_tokens=SAMPLES), [*others, (scripted, NOTHING)]) == []


def ceiling(value: float) -> Entry:
    player = load_boards()["mazes-pair"].ceiling
    assert player is not None
    made = entry(player, 1.0, division="reference")
    return with_headline(made, value)


def with_headline(made: Entry, value: float) -> Entry:
    name = load_boards()["mazes-pair"].headline
    result = made.results[0]
    metric = result.metrics[name].model_copy(update={"value": value})
    changed = result.model_copy(update={"metrics": {**result.metrics, name: metric}})
    return made.model_copy(update={"results": (changed,)})


@pytest.mark.parametrize(("value", "expected"), [(0.9, []), (0.9000005, []), (0.91, ["P06"])])
def test_a_model_better_than_the_ceiling_is_asked_why(value: float, expected: list[str]):
    findings = found([log(sample(0))], with_headline(entry(), value), [(ceiling(0.9), NOTHING)])
    assert codes(findings) == expected
    if expected:
        assert "mazes-pair: 0.91 is beyond reference/cartographer, which reached 0.9" in str(findings[0])


def test_the_ceiling_of_another_preset_says_nothing():
    own = with_headline(entry(), 0.95)
    other = ceiling(0.9)
    smaller = other.results[0].model_copy(update={"preset": "smoke"})
    elsewhere = other.model_copy(update={"results": (smaller,)})
    assert found([log(sample(0))], own, [(elsewhere, NOTHING)]) == []


def test_a_check_leaves_a_sketch_and_the_share_of_repeated_texts():
    left = own_details([epochs(3)])
    assert left[IDENTICAL_EPOCHS] == 0.3
    assert len(str(left[COMPLETIONS])) == 8 * (3 + 2 * 7)


def test_too_few_texts_leave_no_share():
    assert own_details([epochs(2, of=2)])[IDENTICAL_EPOCHS] == 0.0


def test_the_newest_check_with_a_sketch_is_what_later_ones_read():
    of = synthetic.entry("acme/ash", [synthetic.pair_result("a", 0.5, synthetic.STANDARD, "standard")])

    def made(kind: str, day: int, details: dict[str, object]) -> Evidence:
        record = synthetic.record(of, kind)
        return Evidence.model_validate_json(
            canonical_bytes({**record, "made_at": f"2026-12-{day:02d}T00:00:00Z", "details": details})
        )

    records = [
        made("check", 3, {COMPLETIONS: "new"}),
        made("check", 1, {COMPLETIONS: "old"}),
        made("check", 4, {}),
        made("audit", 5, {COMPLETIONS: "audit"}),
    ]
    assert details_of(records)[COMPLETIONS] == "new"
    assert details_of(records[2:]) == {}
    assert details_of([]) == {}
