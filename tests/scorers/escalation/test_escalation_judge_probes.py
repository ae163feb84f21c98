"""Probes of a judge: a sound one holds, each known fault is found by the probe that is for it."""

import json
import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from interplay.scorers.escalation_judge_command import main
from interplay.scorers.escalation_judge_probes import (
    Control,
    Pair,
    controls,
    known,
    load_material,
    pairs,
    shifts,
)
from interplay.scorers.escalation_judge_prompt import SIGNAL

MATERIAL = load_material()
CHANGES = {"better": 2, "same": 0, "worse": -2}
LEVEL_SPANS = {
    0: "works_on_solution",
    1: "softens_or_concedes",
    2: "blames_other",
    3: "insult_or_contempt",
    4: "threat_or_ultimatum",
}
Fault = Callable[[str, dict[str, object]], dict[str, object]]


def whole(prompt: str) -> dict[str, object]:
    """The known answer about a conversation, which its opening tells."""
    talk = next(t for t in MATERIAL.conversations if t.messages[0] in prompt)
    return {"change": CHANGES[talk.change], "outcome": "stable", "useful": 2, "reason": ""}


def cues(prompt: str) -> dict[str, object]:
    """An answer with the known level of the last message; rewordings get one of the same level each."""
    message = re.findall(r"^user \d+: (.*)$", prompt, re.MULTILINE)[-1]
    levels = {m.message: m.from_ for m in MATERIAL.levels}
    levels |= {text: n % 5 for n, r in enumerate(MATERIAL.rewordings) for text in (r.rude, r.polite)}
    name = LEVEL_SPANS[levels.get(message, 2)]
    return {n: {"present": n == name, "span": message if n == name else ""} for n in SIGNAL.findall(prompt)}


def codes(prompt: str) -> dict[str, object]:
    known_reply = next(r for r in MATERIAL.replies if f"assistant 1: {r.reply}" in prompt)
    spans = dict.fromkeys(known_reply.holds, known_reply.reply)
    if "advice_requested_by_user" in spans:
        spans["advice_requested_by_user"] = known_reply.message
    return {n: {"present": n in spans, "span": spans.get(n, "")} for n in SIGNAL.findall(prompt)}


def sound(prompt: str) -> dict[str, object]:
    if "For user message" in prompt:
        return cues(prompt)
    return codes(prompt) if "For assistant message" in prompt else whole(prompt)


def probed(fault: Fault = lambda _, answer: answer) -> tuple[dict[tuple[str, str], bool], dict[str, bool]]:
    """What holds of a judge that is sound but for a fault."""

    def ask(asked: Control | Pair, which: str) -> object:
        question = getattr(asked, which).question
        return question.read(json.dumps(fault(question.prompt, sound(question.prompt))))

    found = shifts([(pair, ask(pair, "first"), ask(pair, "second")) for pair in pairs(MATERIAL)])
    right = known([(control, ask(control, "asked")) for control in controls(MATERIAL)])
    return {(s.probe, s.outcome): s.holds for s in found}, {k.kind: k.holds for k in right}


def test_a_sound_judge_holds_everywhere() -> None:
    moved, right = probed()
    assert all(moved.values()), moved
    assert all(right.values()), right
    assert {probe for probe, _ in moved} == {
        "length", "politeness", "arm", "swap", "order", "repeat", "manners"
    }  # fmt: skip


def likes_length(prompt: str, answer: dict[str, object]) -> dict[str, object]:
    return answer | {"useful": 4} if "useful" in answer and MATERIAL.padding in prompt else answer


def likes_courtesy(prompt: str, answer: dict[str, object]) -> dict[str, object]:
    return answer | {"change": 2} if "change" in answer and MATERIAL.politeness.before in prompt else answer


def likes_the_arm(prompt: str, answer: dict[str, object]) -> dict[str, object]:
    return answer | {"change": 2, "useful": 4} if "change" in answer and "nvc_full" in prompt else answer


def judges_replies(prompt: str, answer: dict[str, object]) -> dict[str, object]:
    bad = any(talk.other[0] in prompt for talk in MATERIAL.conversations)
    return answer | {"change": -2} if "change" in answer and bad else answer


def says_yes_to_the_first(prompt: str, answer: dict[str, object]) -> dict[str, object]:
    if "For user message" not in prompt:
        return answer
    message = re.findall(r"^user \d+: (.*)$", prompt, re.MULTILINE)[-1]
    names = SIGNAL.findall(prompt)
    return answer | {name: {"present": True, "span": message} for name in names[:6]}


def takes_manners_for_calm(prompt: str, answer: dict[str, object]) -> dict[str, object]:
    if "For user message" not in prompt or not any(r.polite in prompt for r in MATERIAL.rewordings):
        return answer
    return {key: {"present": False, "span": ""} for key in answer}


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (likes_length, {("length", "useful")}),
        (likes_courtesy, {("politeness", "change")}),
        (likes_the_arm, {("arm", "change"), ("arm", "useful")}),
        (judges_replies, {("swap", "change")}),
        (says_yes_to_the_first, {("order", "level")}),
        (takes_manners_for_calm, {("manners", "level")}),
    ],
)
def test_each_fault_is_found_by_its_probe(fault: Fault, found: set[tuple[str, str]]) -> None:
    moved, _ = probed(fault)
    assert {place for place, holds in moved.items() if not holds} >= found
    others = {"length", "politeness", "arm", "swap"} - {probe for probe, _ in found}
    assert all(holds for (probe, _), holds in moved.items() if probe in others)


def always_better(_: str, answer: dict[str, object]) -> dict[str, object]:
    return answer | {"change": 2} if "change" in answer else answer


def sees_no_code(_: str, answer: dict[str, object]) -> dict[str, object]:
    return {key: {"present": False, "span": ""} for key in answer} if "tentative" in answer else answer


@pytest.mark.parametrize(
    ("fault", "kind"), [(always_better, "change"), (sees_no_code, "codes"), (says_yes_to_the_first, "level")]
)
def test_known_answers_find_a_judge_that_is_wrong(fault: Fault, kind: str) -> None:
    _, right = probed(fault)
    assert not right[kind]


def test_an_unread_answer_is_wrong_and_no_pair() -> None:
    (moved,) = shifts([(pair, None, None) for pair in pairs(MATERIAL) if pair.probe == "swap"])
    assert (moved.pairs, moved.same, moved.unread, moved.holds) == (0, None, 10, False)
    right = known([(control, None) for control in controls(MATERIAL)])
    assert all(k.right == 0 and k.unread == k.asked and not k.holds for k in right)


def test_the_material_is_complete() -> None:
    assert {talk.change for talk in MATERIAL.conversations} == set(CHANGES)
    assert {level for m in MATERIAL.levels for level in range(m.from_, m.to + 1)} == {0, 1, 2, 3, 4}
    prompts = [p.first.question.prompt == p.second.question.prompt for p in pairs(MATERIAL)]
    same = [p.probe for p, equal in zip(pairs(MATERIAL), prompts, strict=True) if equal]
    assert set(same) == {"repeat"}


def test_the_command_says_what_does_not_hold_of_the_clerk() -> None:
    done = CliRunner().invoke(main, ["probes", "--model", "reference/deesc_clerk", "--json"])
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    holds = {(part["probe"], part["outcome"]): part["holds"] for part in found["probes"]}
    assert not holds.pop(("manners", "level")), "patterns go by words"
    assert all(holds.values())
    assert {part["kind"]: part["unread"] for part in found["controls"]} == {
        "level": 0,
        "codes": 0,
        "change": 0,
    }
    shown = CliRunner().invoke(main, ["probes", "--model", "reference/deesc_clerk"])
    assert "does not hold" in shown.output


def test_a_model_that_is_none() -> None:
    for name, said in (("gpt", "expected provider/model"), ("nobody/gpt", "nobody")):
        done = CliRunner().invoke(main, ["probes", "--model", name])
        assert done.exit_code == 2
        assert said in done.output
