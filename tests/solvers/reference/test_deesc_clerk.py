"""The de-escalation clerk: what it answers about a message, a reply, and a whole conversation."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.scorers.escalation_cues import assistant_codes, user_cues
from interplay.scorers.escalation_judge_prompt import (
    CODES,
    CUES,
    codes_prompt,
    conversation_prompt,
    cues_prompt,
    signals,
)
from interplay.scorers.escalation_level import level
from interplay.solvers.reference.deesc_clerk import compared, deesc_clerk, span_of, spoken
from interplay.solvers.reference.deesc_players import DEESC_PLAYERS
from interplay.solvers.reference.player import Turn
from interplay.solvers.reference.resistant_user import texts

CALM = "Okay, thank you."
CROSS = "This is unacceptable and I am furious! You people never listen!"
ASKS = "What should I do now?"
REPLY = "You should write it down. It sounds as if you are worn out."


def asked(prompt: str) -> dict:
    return json.loads(deesc_clerk([Turn("system", "You judge."), Turn("user", prompt)]))


class TestMessages:
    @pytest.mark.parametrize("message", [CALM, CROSS, ASKS, "ok", "", "وراء", "Line one\nline two?"])
    def test_it_finds_what_the_patterns_find_and_quotes_verbatim(self, message: str):
        found = asked(cues_prompt([CROSS, message], ["So?"], sample="s", hidden=False))
        cues = user_cues(message, "So?")
        assert {name for name, one in found.items() if one["present"]} == cues & set(found)
        for name, one in found.items():
            assert (one["span"] != "") == (one["present"] and message != ""), name
            assert one["span"] in message

    def test_a_hidden_reply_is_none(self):
        """Whether a message answers a question cannot be told where the reply is not shown."""
        seen = asked(cues_prompt(["Hm.", "Since Monday."], ["When did it begin?"], sample="s", hidden=False))
        hidden = asked(cues_prompt(["Hm.", "Since Monday."], ["When did it begin?"], sample="s", hidden=True))
        answers = user_cues("Since Monday.", "When did it begin?") - user_cues("Since Monday.")
        assert answers
        for name in answers & set(seen):
            assert seen[name]["present"]
            assert not hidden[name]["present"]


class TestReplies:
    def about(self, message: str, reply: str) -> dict:
        claims = {"unfair_claim": "They did it on purpose.", "checkable_claim": None}
        return asked(codes_prompt(message, reply, 2, sample="s", **claims))

    def test_codes_are_those_of_the_patterns(self):
        found = self.about(ASKS, REPLY)
        codes = assistant_codes(REPLY, [ASKS]) | {"advice_requested_by_user"}
        assert {name for name, one in found.items() if one["present"]} == codes & set(found)
        assert found["advice_requested_by_user"]["span"] in ASKS

    def test_advice_that_nobody_asked_for_is_not_requested(self):
        found = self.about(CROSS, REPLY)
        assert found["advice_requested_by_user"] == {"present": False, "span": ""}


class TestConversations:
    @pytest.mark.parametrize(
        ("levels", "change", "outcome"),
        [
            ("333", 0, "stable"),
            ("3", 0, "stable"),
            ("4400", 2, "de_escalated"),
            ("0044", -2, "escalated"),
            ("31", 2, "de_escalated"),
            ("32", 1, "de_escalated"),
            ("3123", 1, "de_escalated"),
            ("30421", 2, "de_escalated"),
            ("2012", 1, "de_escalated"),
            ("23", -1, "escalated"),
            ("223", 0, "stable"),
            ("2234", -1, "escalated"),
            ("0114", -2, "escalated"),
        ],
    )
    def test_the_change_is_from_the_first_message_to_the_mean_of_the_last_two(self, levels, change, outcome):
        """A digit is the level of a message: 2012 falls by 2 − (1 + 2)/2 = 0.5, which just counts as 1."""
        messages = [texts().lines[int(digit)][0] for digit in levels]
        assert [level(user_cues(text)) for text in messages] == [int(digit) for digit in levels]
        found = compared(dict(enumerate(messages)))
        assert (found["change"], found["outcome"], found["useful"]) == (change, outcome, 2)
        assert found["reason"] == f'The person ends with "{messages[-1]}".'

    def test_it_is_asked_through_the_prompt_of_the_judge(self):
        found = asked(conversation_prompt([CROSS, CALM, CALM], ["a", "b"], ["a fact"]))
        assert found == compared({0: CROSS, 1: CALM, 2: CALM})


class TestTranscripts:
    def test_messages_are_told_by_speaker_and_number(self):
        text = "user 0: a\nassistant 1: b\nuser 1: c\nd\nassistant 2: (empty message)\nuser 2: "
        assert spoken(text) == {"user": {0: "a", 1: "c\nd", 2: ""}, "assistant": {1: "b", 2: ""}}

    @pytest.mark.parametrize("text", ["", "nobody speaks", "User 1: capital", "user one: word", " user 1: x"])
    def test_other_lines_begin_no_message(self, text: str):
        assert spoken(text) == {"user": {}, "assistant": {}}

    @given(st.lists(st.text("ab :.\n1", max_size=12), min_size=1, max_size=6))
    def test_every_message_is_found_again_where_none_looks_like_a_speaker(self, messages):
        lines = [f"{('user', 'assistant')[i % 2]} {i // 2}: {text}" for i, text in enumerate(messages)]
        said = spoken("\n".join(lines))
        found = [said[("user", "assistant")[i % 2]][i // 2] for i in range(len(messages))]
        assert found == [text.rstrip("\n") for text in messages]


class TestSpans:
    def test_a_pattern_that_is_found_is_quoted_and_else_the_whole_message(self):
        assert span_of("asks_advice", f"Well. {ASKS}") in ASKS
        assert span_of("advice_requested_by_user", f"Well. {ASKS}") == span_of("asks_advice", f"Well. {ASKS}")
        assert span_of("no_such_signal", CALM) == CALM
        assert span_of("asks_advice", CALM) == CALM

    @pytest.mark.parametrize("name", sorted({*signals(CUES), *signals(CODES)}))
    def test_of_every_signal_a_span_is_a_part_of_the_text(self, name: str):
        for text in (CROSS, ASKS, REPLY):
            assert span_of(name, text) in text


@pytest.mark.parametrize(
    "turns",
    [
        [Turn("user", CROSS)],
        [Turn("system", "<transcript>\nuser 0: a\n</transcript>"), Turn("user", CROSS)],
        [Turn("user", "<transcript>user 0: a</transcript>")],
    ],
)
def test_what_is_no_question_of_the_judge_is_answered_as_the_empath_does(turns: list[Turn]) -> None:
    assert deesc_clerk(turns) == DEESC_PLAYERS["empath"](turns)
