"""The level over all 2^17 combinations of cues."""

import pytest

from interplay.scorers.escalation_cues import LEVEL_CUES
from interplay.scorers.escalation_level import HARSH, SOOTHING, level

EVERYTHING = range(1 << len(LEVEL_CUES))


def combination(bits: int) -> frozenset[str]:
    return frozenset(cue for i, cue in enumerate(LEVEL_CUES) if bits >> i & 1)


@pytest.fixture(scope="module")
def levels() -> list[int]:
    return [level(combination(bits)) for bits in EVERYTHING]


def test_every_cue_is_harsh_or_soothing() -> None:
    assert len(LEVEL_CUES) == 17
    assert set(LEVEL_CUES) == HARSH | SOOTHING
    assert not HARSH & SOOTHING


def test_no_harsh_cue_lowers_and_no_soothing_cue_raises_a_level(levels: list[int]) -> None:
    wrong = [
        (cue, sorted(combination(bits)))
        for i, cue in enumerate(LEVEL_CUES)
        for bits in EVERYTHING
        if not bits >> i & 1
        and (levels[bits | 1 << i] < levels[bits] if cue in HARSH else levels[bits | 1 << i] > levels[bits])
    ]
    assert wrong[:3] == []


def test_the_cues_that_only_a_judge_reports_move_no_level(levels: list[int]) -> None:
    for cue in ("blames_other", "absolutist", "states_need_or_wish"):
        bit = 1 << LEVEL_CUES.index(cue)
        assert all(levels[bits | bit] == levels[bits] for bits in EVERYTHING)


@pytest.mark.parametrize(
    ("cues", "expected"),
    [
        ("", 2),
        ("threat_or_ultimatum leaves_calm", 4),
        ("leaves_angry", 4),
        ("insult_or_contempt", 3),
        ("insult_or_contempt hostile_sarcasm", 4),
        ("insult_or_contempt blames_assistant answers_question", 4),
        ("hostile_sarcasm", 3),
        ("hostile_sarcasm shouting", 4),
        ("blames_assistant", 3),
        ("blames_assistant answers_question", 2),
        ("blames_assistant answers_question works_on_solution", 2),
        ("refuses_to_engage", 2),
        ("demands_side", 2),
        ("refuses_to_engage demands_side", 3),
        ("refuses_to_engage works_on_solution", 0),
        ("shouting", 3),
        ("shouting works_on_solution", 3),
        ("works_on_solution softens_or_concedes", 0),
        ("leaves_calm", 0),
        ("softens_or_concedes", 1),
        ("acknowledges_being_heard", 1),
        ("states_feeling_plainly", 2),
        ("answers_question", 2),
        ("answers_question states_feeling_plainly", 1),
        ("asks_advice", 2),
    ],
)  # fmt: skip
def test_level_by_hand(cues: str, expected: int) -> None:
    assert level(frozenset(cues.split())) == expected


def independent(cues: frozenset[str]) -> int:
    """The table of the spec, line by line."""
    c = {cue: cue in cues for cue in LEVEL_CUES}
    insult, sarcasm, blame = c["insult_or_contempt"], c["hostile_sarcasm"], c["blames_assistant"]
    hostile = insult or c["threat_or_ultimatum"] or sarcasm or blame or c["shouting"] or c["leaves_angry"]
    lines = [
        (4, c["threat_or_ultimatum"] or c["leaves_angry"] or (insult and (blame or sarcasm))),
        (3, insult or sarcasm or (blame and not c["answers_question"])
            or (c["refuses_to_engage"] and c["demands_side"])),
        (0, (c["works_on_solution"] or c["leaves_calm"]) and not hostile),
        (1, (c["softens_or_concedes"] or c["acknowledges_being_heard"]
             or (c["answers_question"] and c["states_feeling_plainly"])) and not hostile),
        (2, True),
    ]  # fmt: skip
    first = next(n for n, holds in lines if holds)
    return min(4, first + 1) if c["shouting"] and first in (2, 3) else first


def test_the_first_line_that_holds_decides(levels: list[int]) -> None:
    assert all(levels[bits] == independent(combination(bits)) for bits in EVERYTHING)
    assert set(levels) == {0, 1, 2, 3, 4}
