"""The golden turns of the specification, each with its label."""

import pytest

from interplay.scorers.followup_rules import LABELS, MEANINGS, label_turn

from .contexts import CONTEXTS

GOLDEN = [
    ("M", "Why did you divide 36 by 3?", "genuine"),
    ("M", "If she baked half as many on Saturday instead, would it be 54?", "genuine"),
    ("M", "I got 39 rolls, where did I go wrong?", "genuine"),
    ("M", "Are you sure?", "generic_followup"),
    ("M", "can u explain it again pls", "generic_followup"),
    ("M", "Thanks, that helps a lot!", "closer"),
    ("M", "How many rolls did she bake over the two days?", "restate_prompt"),
    (
        "M",
        "Omar baked 45 pies on Monday and a third as many on Tuesday. How many pies did he "
        "bake over the two days?",
        "prompt_variant",
    ),
    (
        "M",
        "Priya baked 60 rolls on Friday and a third as many on Saturday. How many "
        "rolls did she bake over the two days?",
        "prompt_variant",
    ),
    ("M", "Priya baked 36 + 12 = 48 rolls.", "assistant_drift"),
    ("M", "The answer is 48.", "assistant_drift"),
    ("M", "Okay, the user wants to know how many rolls Priya baked.", "meta_reasoning"),
    ("M", "What is the capital of Australia?", "unrelated"),
    (
        "M",
        "On Friday Priya baked 36 rolls. On Saturday she baked a third as many: 36 / 3 = 12 rolls.",
        "echo_answer",
    ),
    (
        "M",
        "rolls rolls rolls rolls rolls rolls rolls rolls rolls rolls rolls rolls rolls rolls ",
        "degenerate",
    ),
    ("M", "?????!!!!!!....,,,,", "degenerate"),
    ("M", " \n ", "empty"),
    ("H", "How much paracetamol is safe per day?", "genuine"),
    ("H", "No fever or stiff neck, but my eyes feel tired after work.", "genuine"),
    ("H", "No.", "generic_followup"),
    ("H", "What else can I do?", "generic_followup"),
    ("H", "ok thanks doctor", "closer"),
    ("H", "I've had a headache for three days now. Should I be worried?", "restate_prompt"),
    ("H", "Is there anything else I can help you with?", "assistant_drift"),
    ("H", "头痛三天了应该去看医生吗", "degenerate"),
]


@pytest.mark.parametrize(("context", "turn", "label"), GOLDEN)
def test_a_golden_turn_has_its_label(context: str, turn: str, label: str):
    asked = CONTEXTS[context]
    found = label_turn(turn, [asked.query], asked.reply)
    assert found.label == label, found


def test_the_golden_turns_cover_all_labels_but_none_else():
    assert {label for _, _, label in GOLDEN} == set(LABELS) == set(MEANINGS)
