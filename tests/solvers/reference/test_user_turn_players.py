"""Players that write user turns: how they find what to follow, and what each then says."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.scorers.followup_rules import label_turn
from interplay.solvers.reference.player import Turn
from interplay.solvers.reference.turn_clerk import span_of, turn_clerk
from interplay.solvers.reference.user_turn_players import (
    ADVICE,
    ANSWER,
    CLOSE,
    ENDS,
    THANKS,
    USER_TURN_PLAYERS,
    is_user_turn,
    mute,
    read,
)
from interplay.solvers.user_prompted import user_text
from interplay.solvers.user_rendering import ChatTemplate, PlainTokenizer
from interplay.tasks.user_turn.context import Msg

QUERY = "How many eggs do I need for a sponge cake?"
REPLY = "Four eggs are enough. Whisk them with sugar until the volume has tripled, then fold in flour."


def native(query: str = QUERY, reply: str = REPLY, *earlier: str) -> list[Turn]:
    """The raw text that opens the user role, as the transport renders it."""
    roles = ("user", "assistant")
    messages = [Msg(role=roles[i % 2], content=text) for i, text in enumerate((*earlier, query))]
    prompt = ChatTemplate(PlainTokenizer()).render(messages, reply).prefix
    return [Turn("user", prompt)]


def prompted(query: str = QUERY, reply: str = REPLY) -> list[Turn]:
    """The request to write the person's next message, as the solver words it."""
    said = [Msg(role="user", content=query), Msg(role="assistant", content=reply)]
    return [Turn("system", "You write as the person."), Turn("user", user_text(said))]


class TestWhatIsFollowed:
    def test_both_ways_of_asking_show_the_same_query_and_reply(self):
        asked = read(native())
        assert asked == (QUERY, REPLY, "native")
        assert read(prompted()) == (QUERY, REPLY, "prompted")

    def test_the_last_exchange_counts(self):
        asked = read(native("And for two?", "Eight.", QUERY, REPLY))
        assert asked == ("And for two?", "Eight.", "native")

    @given(st.text(st.characters(exclude_characters="<\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), min_size=1))
    def test_any_text_is_followed_to_the_letter_in_the_raw_prompt(self, text):
        if text.strip():
            asked = read(native(text, text))
            assert asked == (text, text, "native")

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Hello?",
            "<|im_start|>user\nHello?<|im_end|>",
            "<conversation>",
            "<conversation></conversation>",
        ],
    )
    def test_other_messages_ask_for_no_user_turn(self, text):
        assert read([Turn("user", text)]) is None

    def test_a_header_without_its_line_break_opens_the_role_as_well(self):
        (turn,) = native()
        assert read([Turn("user", turn.text.rstrip())]) == (QUERY, REPLY, "native")

    def test_without_a_conversation_in_front_there_is_nothing_to_follow(self):
        assert read([Turn("user", "<|im_start|>user\n")]) == ("", "", "native")
        assert read([Turn("user", "<conversation>\nno speaker\n</conversation>")]) == ("", "", "prompted")

    @pytest.mark.parametrize(
        ("turns", "holds"),
        [
            (native(), True),
            (prompted(), True),
            ([Turn("user", "a <|im_start|> b")], True),
            ([Turn("user", "x")], False),
        ],
    )
    def test_the_family_is_told_by_the_last_message(self, turns, holds):
        assert is_user_turn(turns) is holds


class TestHabits:
    @pytest.mark.parametrize(
        ("name", "says"),
        [
            ("parrot", QUERY),
            ("drifter", ADVICE),
            ("closer", THANKS),
            ("curious", 'You wrote "tripled". Why is that?'),
        ],
    )
    def test_each_says_its_own_and_closes_its_turn_in_raw_text(self, name, says):
        assert USER_TURN_PLAYERS[name](native()) == says + CLOSE
        assert USER_TURN_PLAYERS[name](prompted()) == says

    def test_the_mute_one_says_nothing_in_the_way_of_the_question(self):
        assert mute(native()) == CLOSE
        assert mute(prompted()) == ENDS

    @pytest.mark.parametrize("name", sorted(USER_TURN_PLAYERS))
    def test_as_an_assistant_everybody_gives_the_same_answer(self, name):
        assert USER_TURN_PLAYERS[name]([Turn("user", QUERY)]) == ANSWER
        raw = [Turn("user", f"<|im_start|>user\n{QUERY}{CLOSE}\n<|im_start|>assistant\n")]
        assert USER_TURN_PLAYERS[name](raw) == ANSWER + CLOSE

    @pytest.mark.parametrize(
        ("query", "reply", "word"),
        [
            ("?", "Whisk until tripled.", "tripled"),
            ("?", "Beta alpha gamma", "alpha"),
            ("tripled?", "Whisk until tripled.", "whisk"),
            ("tripling?", "Whisk until tripled.", "whisk"),
            ("?", "It is so. Yes. No.", None),
            ("?", "12345 67890", None),
            ("?", "", None),
            ("whisk tripled", "Whisk tripled", None),
        ],
    )
    def test_the_curious_one_asks_about_the_longest_new_word_first_in_the_alphabet_on_ties(
        self, query, reply, word
    ):
        says = "Why is that?" if word is None else f'You wrote "{word}". Why is that?'
        assert USER_TURN_PLAYERS["curious"](prompted(query, reply or " ")) == says

    @pytest.mark.parametrize(
        ("name", "label"),
        [
            ("parrot", "restate_prompt"),
            ("drifter", "assistant_drift"),
            ("closer", "closer"),
            ("curious", "genuine"),
        ],
    )
    def test_the_rules_label_each_as_the_table_says(self, name, label):
        turn = USER_TURN_PLAYERS[name](prompted())
        assert label_turn(turn, [QUERY], REPLY).label == label


def question(candidate: str, query: str = QUERY, reply: str = REPLY) -> list[Turn]:
    """What a judge of user turns is asked."""
    asked = (
        f"<request>\n{query}\n</request>\n<reply>\n{reply}\n</reply>\n<candidate>\n{candidate}\n</candidate>"
    )
    return [Turn("system", "You judge."), Turn("user", f"Read this.\n{asked}\nAnswer.")]


class TestClerk:
    @pytest.mark.parametrize(
        ("candidate", "span"),
        [
            (
                "Why until the volume has tripled?",
                "Whisk them with sugar until the volume has tripled, then fold in flour.",
            ),
            ("Are four eggs really enough?", "Four eggs are enough."),
        ],
    )
    def test_a_reaction_is_tied_to_the_sentence_it_shares_most_with(self, candidate, span):
        found = json.loads(turn_clerk(question(candidate)))
        assert found["label"] == label_turn(candidate, [QUERY], REPLY).label
        assert (found["reply_span"], found["turn_span"], found["confidence"]) == (span, candidate, 100)

    @pytest.mark.parametrize("candidate", [QUERY, ADVICE, THANKS, "", "asdf qwer"])
    def test_what_reacts_to_nothing_quotes_nothing(self, candidate):
        found = json.loads(turn_clerk(question(candidate)))
        assert found["label"] == label_turn(candidate, [QUERY], REPLY).label
        assert (found["reply_span"], found["turn_span"]) == ("", "")

    @given(st.text(max_size=40), st.text(max_size=40))
    def test_quotes_are_verbatim_whatever_stands_there(self, candidate, reply):
        found = json.loads(turn_clerk(question(candidate, reply=reply)))
        assert found["reply_span"] in reply
        assert found["turn_span"] in ("", candidate)

    def test_anything_else_is_answered_as_the_curious_one_does(self):
        for turns in (
            native(),
            prompted(),
            [Turn("user", "Hello?")],
            [Turn("system", "x"), Turn("user", "y")],
        ):
            assert turn_clerk(turns) == USER_TURN_PLAYERS["curious"](turns)

    def test_only_what_a_user_asks_is_judged(self):
        (_, asked) = question("Why?")
        assert turn_clerk([Turn("assistant", asked.text), Turn("user", "Hello?")]) == ANSWER

    @pytest.mark.parametrize(
        ("reply", "candidate", "span"),
        [
            ("", "x", ""),
            ("...", "x", ""),
            ("One cat. Two dogs.", "dogs", "Two dogs."),
            ("One cat. Two cats.", "parrot", "One cat."),
            ("One cat! Two dogs? Three", "three", "Three"),
            ("line one\nline two dogs", "dogs", "line two dogs"),
        ],
    )
    def test_the_first_sentence_wins_a_tie(self, reply, candidate, span):
        assert span_of(reply, candidate) == span
