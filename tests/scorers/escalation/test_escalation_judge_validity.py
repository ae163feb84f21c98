"""Agreement with people, the badge, and an effect without the judge's errors."""

import math
import re
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean, variance

import pytest
from scipy import stats

from interplay.scorers.escalation_judge_gold import GoldTurn, read_gold, write_gold
from interplay.scorers.escalation_judge_validity import (
    BY_JUDGE,
    EFFECT,
    GOLD,
    agreement,
    corrected_effect,
    effect_validity,
    ordinal_alpha,
    quadratic_kappa,
    rectifier,
    simulated_effect_validity,
    validity,
)
from interplay.tasks.judged import Figure, JudgedRun
from interplay.tasks.mistakes import UserMistake

SHA = "a" * 64
GRADERS = {"grader": "openai/gpt-5", "grader_b": "mistral/large"}


def turn(seed: int, arm: str, n: int, people: Sequence[int], judge: int, **more: object) -> GoldTurn:
    content = {
        "model": "m/x", "simulator": "rule", "scenario_id": f"work-{seed:02}-v0",
        "seed_id": f"work-{seed:02}",
        "arm": arm, "epoch": 1, "n": n, "people": list(people), "judge": judge, "grader": GRADERS["grader"],
        "prompt_sha256": SHA,
    }  # fmt: skip
    return GoldTurn.model_validate(content | more)


def labels(shift: int = 0, seeds: int = 6) -> list[GoldTurn]:
    """People who agree; with rules anger ends at 1, without at 3; the judge is off by a shift with rules."""
    found: list[GoldTurn] = []
    for seed in range(seeds):
        for n, base in ((4, 0), (5, seed % 2)):
            calm, angry = 1 + base - (seed % 2), 3 + base
            found.append(turn(seed, "nvc_full", n, [calm] * 3, min(4, calm + shift)))
            found.append(turn(seed, "vanilla", n, [angry, angry, max(0, angry - (n == 4))], angry))
    return found


def run(effect: float = 0.4, judges: tuple[float, ...] = (1.0, 0.8)) -> JudgedRun:
    figures = {EFFECT: Figure(effect, effect - 0.1, effect + 0.1, 40)}
    figures |= {key: Figure(v, v - 0.1, v + 0.1, 40) for key, v in zip(BY_JUDGE, judges, strict=False)}
    return JudgedRun(GRADERS, SHA, figures, "m/x")


def written(folder: Path, turns: Sequence[GoldTurn]) -> Path:
    write_gold(folder / GOLD, turns)
    return folder


def test_the_published_example_of_ordinal_alpha() -> None:
    # Krippendorff (2011), section C: four observers, twelve units, missing data.
    no = None
    data = [
        [1, 1, no, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
        [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [no, 5, 5, 5], [no, no, 1, 1], [no, no, 3, no],
    ]  # fmt: skip
    assert ordinal_alpha(data) == pytest.approx(0.815, abs=5e-4)
    assert ordinal_alpha([[2, 2, 2]] * 4) != ordinal_alpha([[2, 2, 2]] * 4)
    assert ordinal_alpha([[0, 0], [4, 4]]) == 1


def test_quadratic_kappa_by_hand() -> None:
    pairs = [(0, 0), (1, 2), (2, 2), (3, 3), (4, 2), (1, 1)]
    n = len(pairs)
    observed = sum((a - b) ** 2 for a, b in pairs) / n
    expected = sum((a - b) ** 2 for a, _ in pairs for _, b in pairs) / n**2
    assert quadratic_kappa(pairs) == pytest.approx(1 - observed / expected)
    assert math.isnan(quadratic_kappa([(2, 2)] * 3))


def test_grey_without_labels_or_with_those_of_another_judge_or_prompt(tmp_path: Path) -> None:
    for verdict in (validity(run(), tmp_path), effect_validity(run(), tmp_path)):
        assert (verdict.state, verdict.corrected, verdict.withheld) == ("grey", {}, frozenset())
    written(tmp_path, [t.model_copy(update={"grader": "other/judge"}) for t in labels()])
    assert validity(run(), tmp_path).state == "grey"
    written(tmp_path, [t.model_copy(update={"prompt_sha256": "b" * 64}) for t in labels()])
    assert effect_validity(run(), tmp_path).state == "grey"


def test_green_where_everything_holds(tmp_path: Path) -> None:
    folder = written(tmp_path, labels())
    assert validity(run(), folder).state == "green"
    verdict = effect_validity(run(), folder)
    assert verdict.state == "green"
    assert verdict.reason == "All conditions hold on 24 messages that three people labelled."
    assert verdict.corrected[EFFECT].value == pytest.approx(0.4)


def test_amber_where_the_judge_and_people_differ(tmp_path: Path) -> None:
    wrong = [t.model_copy(update={"judge": 4 - t.judge}) for t in labels()]
    verdict = validity(run(), written(tmp_path, wrong))
    assert verdict.state == "amber"
    assert "kappa of judge and people is -" in verdict.reason


def test_amber_where_people_differ_from_each_other(tmp_path: Path) -> None:
    torn = [t.model_copy(update={"people": (0, t.people[1], 4)}) for t in labels()]
    verdict = validity(run(), written(tmp_path, torn))
    assert verdict.state == "amber"
    assert "alpha of the people is" in verdict.reason


def test_amber_where_the_judge_stays_behind_people(tmp_path: Path) -> None:
    behind = [
        t.model_copy(update={"people": (t.people[0],) * 3, "judge": min(4, t.people[0] + (i % 3 != 0))})
        for i, t in enumerate(labels())
    ]
    found = agreement(behind)
    assert found.people_kappa == pytest.approx(1)
    assert 0.6 <= found.judge_kappa < 0.9
    assert "more than 0.10 below the people's 1.00" in validity(run(), written(tmp_path, behind)).reason


@pytest.mark.parametrize(
    ("judges", "said"),
    [
        ((1.0, -0.2), r"the judges' effects are \+1.00 and -0.20"),
        ((1.0, 0.0), r"the judges' effects are \+1.00 and \+0.00"),
        ((1.0,), "one judge alone compared the conversations"),
    ],
)
def test_amber_where_two_judges_do_not_agree_in_sign(
    judges: tuple[float, ...], said: str, tmp_path: Path
) -> None:
    folder = written(tmp_path, labels())
    verdict = effect_validity(run(judges=judges), folder)
    assert verdict.state == "amber"
    assert pytest.approx(verdict.corrected[EFFECT].value) == 0.4
    assert re.search(said, verdict.reason)
    assert validity(run(judges=judges), folder).state == "green", "no effect, no sign"


def test_the_corrected_effect_and_its_interval() -> None:
    turns = labels(shift=1)
    turns = [t.model_copy(update={"judge": t.people[0]}) if t.seed_id == "work-00" else t for t in turns]
    found = rectifier(turns)
    assert found is not None
    # People: the median of vanilla is the first value. The judge sees one level more with rules.
    gaps = [0.0, *[0.25] * 5]
    assert (found.mean, found.variance, found.seeds) == (
        pytest.approx(fmean(gaps)),
        pytest.approx(variance(gaps)),
        6,
    )
    raw = Figure(0.2, 0.1, 0.3, 40)
    without = corrected_effect(raw, found)
    error = math.sqrt((0.1 / stats.t.ppf(0.975, 39)) ** 2 + variance(gaps) / 6)
    assert without.value == pytest.approx(0.2 + fmean(gaps))
    assert without.hi - without.value == pytest.approx(stats.t.ppf(0.975, 5) * error)


def test_one_labelled_seed_corrects_nothing() -> None:
    assert rectifier(labels(seeds=1)) is None
    assert rectifier([t for t in labels() if t.arm == "vanilla"]) is None


def test_an_effect_whose_sign_is_the_judge_s_error_is_withheld(tmp_path: Path) -> None:
    folder = written(tmp_path, labels(shift=1))
    verdict = effect_validity(run(effect=-0.1, judges=(-1.0, -1.0)), folder)
    assert verdict.withheld == {EFFECT}
    assert verdict.state == "amber"
    assert "without the judge's errors the effect is +0.15 in place of -0.10" in verdict.reason
    assert effect_validity(run(effect=0.1), folder).withheld == frozenset()


@pytest.mark.parametrize("change", [{"model": "m/y"}, {"simulator": "persona"}])
def test_an_effect_is_not_corrected_by_labels_of_other_conversations(
    change: dict[str, str], tmp_path: Path
) -> None:
    """The badge is about the judge, the correction about what it made of this model's people."""
    folder = written(tmp_path, [t.model_copy(update=change) for t in labels(shift=1)])
    verdict = effect_validity(run(effect=-0.1, judges=(-1.0, -1.0)), folder)
    assert (verdict.corrected, verdict.withheld) == ({}, frozenset())
    assert verdict.state != "grey"
    both = written(tmp_path, [*labels(), *(t.model_copy(update=change) for t in labels(shift=1))])
    assert effect_validity(run(), both).corrected[EFFECT].value == pytest.approx(0.4)


def test_simulated_people_have_labels_of_their_own(tmp_path: Path) -> None:
    folder = written(tmp_path, [t.model_copy(update={"simulator": "state"}) for t in labels(shift=1)])
    assert simulated_effect_validity(run(), folder).corrected[EFFECT].value > 0.4
    assert effect_validity(run(), folder).corrected == {}


def test_labels_are_kept_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    write_gold(path, labels())
    assert sorted(map(str, read_gold(path))) == sorted(map(str, labels()))
    first = path.read_bytes()
    write_gold(path, labels()[::-1])
    assert path.read_bytes() == first
    path.write_text('{"people": [1, 2]}\n')
    with pytest.raises(UserMistake, match=r"gold\.jsonl:1: model: Field required; write it with 'gold'\.$"):
        read_gold(path)
