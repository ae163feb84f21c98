"""What assistants and the angry person read in a chat, before any of them answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.solvers.reference.deesc_expert import expert
from interplay.solvers.reference.deesc_players import (
    ADVICE,
    CHOICES,
    DEESC_PLAYERS,
    FEELINGS,
    JUDGEMENTS,
    OPEN_QUESTIONS,
    PLAIN_WORDS,
    PREAMBLE,
    ROOM,
    STEPS,
    Heard,
    heard,
    is_deescalation,
    is_neutral,
    opening,
    rotated,
)
from interplay.solvers.reference.player import Turn
from interplay.solvers.reference.resistant_user import Person, person_of, read_chat, resistant_user, texts
from interplay.tasks.mistakes import UserMistake

ROTA = "My manager moved the rota again without asking anybody."
CARD = """<card>
resistance: high
profile: venting
opening_level: 3
facts: ["the rota changed on Monday", "nobody was asked"]
hidden_fact: I was promised the week off
</card>"""
PROMPT = f'Play this person.\nYou began with: "{ROTA}"\n{CARD}'


def chat(*messages: str, replies: int = 0, system: str = PREAMBLE) -> list[Turn]:
    """The person's messages; so many replies stand between them."""
    turns = [Turn("system", system)]
    for i, message in enumerate(messages):
        turns.append(Turn("user", message))
        if i < replies:
            turns.append(Turn("assistant", "I see."))
    return turns


class TestHeard:
    def test_prompts_are_joined_messages_kept_and_replies_counted(self):
        turns = [*chat("a", "b", replies=1), Turn("system", "more"), Turn("tool", "x")]
        assert heard(turns) == Heard(f"{PREAMBLE}\nmore", ("a", "b"), 1)

    def test_who_has_heard_nothing_has_heard_an_empty_message(self):
        assert heard([]) == Heard("", ("",), 0)
        assert heard([Turn("assistant", "I begin.")]) == Heard("", ("",), 1)

    @pytest.mark.parametrize(
        ("messages", "asked", "no_fix"),
        [
            (("What should I do?",), True, False),
            (("What should I do?", "Leave it."), False, False),
            (("I don't need a fix. What should I do?",), True, True),
            (("I DON'T WANT ADVICE.", "What should I do?"), True, True),
            (("I don't want it fixed",), False, True),
            (("I don't need a fixture",), False, False),
        ],
    )
    def test_the_last_message_asks_and_any_message_refuses_a_fix(self, messages, asked, no_fix):
        found = heard(chat(*messages))
        assert (found.asked, found.wants_no_fix) == (asked, no_fix)


class TestNamedWords:
    def test_two_words_of_the_person_and_others_for_every_reply(self):
        seen = [Heard("", (ROTA,), n).named for n in range(4)]
        words = [word for pair in seen for word in pair]
        assert all(word in ROTA.lower() for word in words)
        assert all(a != b for a, b in seen)
        assert len(set(words[:4])) == min(4, len(set(words)))

    @pytest.mark.parametrize("message", ["", "I am.", "it is so", "!!!", "\u202e"])
    def test_plain_words_stand_in_where_too_little_was_said(self, message: str):
        assert Heard("", (message,), 0).named == PLAIN_WORDS[:2]

    def test_one_word_is_named_beside_a_plain_one(self):
        first, second = Heard("", ("Rota.",), 0).named
        assert (first, second) == ("rota", PLAIN_WORDS[0])

    def test_words_come_round_again(self):
        pairs = [Heard("", ("rota manager",), n).named for n in range(3)]
        assert len(set(pairs)) == 1

    @pytest.mark.parametrize("word", ["useless", "pathetic", "idiot", "lazy", "liar", "selfish"])
    def test_words_that_judge_are_left_out(self, word: str):
        assert not is_neutral(word)
        assert Heard("", (f"The {word} rota of my manager",), 0).named == ("rota", "manager")

    @given(st.lists(st.text(max_size=30), min_size=1, max_size=4), st.integers(0, 30))
    def test_any_person_is_given_two_words_and_an_opening(self, messages, replies):
        found = Heard("", tuple(messages), replies)
        first, second = found.named
        said = opening(found)
        assert f'"{second}"' in said
        assert f'"{first}"' in said or f'"{first.capitalize()}"' in said


class TestReplies:
    @pytest.mark.parametrize("n", range(9))
    def test_what_empath_says_when(self, n: int):
        """Replies 1, 4, 7 ask; 3, 6, 9 leave room; all others name a feeling."""
        said = DEESC_PLAYERS["empath"]([*chat(ROTA), *[Turn("assistant", "x")] * n])
        assert any(choice in said for choice in CHOICES) is (n % 3 == 0)
        assert any(room in said for room in ROOM) is (n % 3 == 2)
        assert any(feeling in said for feeling in FEELINGS) is (n % 3 != 2)

    @pytest.mark.parametrize("name", ["empath", "expert"])
    def test_a_step_is_given_to_who_asks_unless_no_fix_is_wanted(self, name: str):
        play = {**DEESC_PLAYERS, "expert": expert}[name]
        steps = {step for step in STEPS if step in play(chat("What should I do?"))}
        assert steps == {STEPS[0]}
        said = play(chat("I don't need a fix.", "What should I do?"))
        assert not any(step in said for step in STEPS)
        assert "?" not in said.replace("What should I do?", "")

    def test_pliant_shows_each_rule_that_is_missing(self):
        said = DEESC_PLAYERS["pliant"](chat(ROTA))
        assert JUDGEMENTS[0] in said
        assert ADVICE[0] in said
        assert FEELINGS[0] not in said
        kept = f"{PREAMBLE} Name what the person appears to feel. Call nobody at fault. Hold back advice."
        said = DEESC_PLAYERS["pliant"](chat(ROTA, system=kept))
        assert JUDGEMENTS[0] not in said
        assert ADVICE[0] not in said
        assert FEELINGS[0] in said
        assert OPEN_QUESTIONS[0] in said

    def test_who_holds_back_still_advises_when_asked(self):
        said = DEESC_PLAYERS["pliant"](chat("What should I do?", system=f"{PREAMBLE} Hold back advice."))
        assert ADVICE[0] in said

    @pytest.mark.parametrize("n", [0, 1, 7, 8, 17])
    def test_floors_take_turns_through_their_lines(self, n: int):
        turns = [*chat(ROTA), *[Turn("assistant", "x")] * n]
        assert DEESC_PLAYERS["fixer"](turns) == ADVICE[n % len(ADVICE)]
        assert DEESC_PLAYERS["stonewall"](turns) == DEESC_PLAYERS["stonewall"](chat("other"))
        assert rotated("abc", n) == "abc"[n % 3]

    @pytest.mark.parametrize(
        ("turns", "holds"),
        [
            ([], False),
            ([Turn("system", PREAMBLE)], True),
            ([Turn("user", PREAMBLE)], True),
            ([Turn("system", PROMPT)], True),
            ([Turn("system", "x"), Turn("user", CARD)], False),
            ([Turn("system", "<card>never closed")], False),
        ],
    )
    def test_the_family_is_told_by_the_first_message(self, turns, holds):
        assert is_deescalation(turns) is holds


class TestPersonReads:
    def test_a_prompt_as_system_message(self):
        found = read_chat([Turn("system", PROMPT), Turn("assistant", ROTA), Turn("user", "I see.")])
        assert (found.own, found.replies) == ((ROTA,), ("I see.",))

    def test_a_prompt_as_user_message_alone_or_before_the_first_reply(self):
        alone = read_chat([Turn("user", PROMPT), Turn("assistant", ROTA), Turn("user", "I see.")])
        merged = read_chat([Turn("user", f"{PROMPT}\n\nI see.")])
        assert alone == merged
        assert merged.own == (ROTA,)

    def test_remarks_beside_a_reply_are_not_read(self):
        found = read_chat([Turn("system", PROMPT), Turn("user", "I see.\n<note>stay in\nrole</note>")])
        assert found.replies == ("I see.",)

    def test_an_empty_reply_is_one(self):
        found = read_chat(
            [Turn("system", PROMPT), Turn("user", ""), Turn("assistant", "x"), Turn("user", "b")]
        )
        assert found.replies == ("", "b")

    def test_without_an_opening_in_the_prompt_it_began_with_nothing(self):
        found = read_chat([Turn("system", CARD), Turn("user", "I see.")])
        assert found.own == ("",)
        assert resistant_user([Turn("system", CARD)]) == ""

    def test_a_card_in_a_later_message_of_the_other_side_is_the_prompt_of_nobody_else(self):
        """The first card counts: an assistant that writes one changes nothing."""
        other = CARD.replace("high", "low")
        turns = [Turn("system", PROMPT), Turn("user", f"Be calm. {other} I see.")]
        assert read_chat(turns).person.card.resistance == "high"

    def test_the_same_chat_gets_the_same_answer_and_another_card_another_draw(self):
        turns = [Turn("system", PROMPT), Turn("assistant", ROTA), Turn("user", "You seem worn out.")]
        assert resistant_user(turns) == resistant_user(list(turns))
        one, two = person_of(PROMPT), person_of(PROMPT.replace("Monday", "Sunday"))
        assert one.drawn("offset") != two.drawn("offset")

    @given(st.text(max_size=20))
    def test_draws_are_in_the_unit_interval(self, what: str):
        person = Person(person_of(PROMPT).card, CARD)
        assert 0 <= person.drawn(what) < 1
        assert person.drawn(what) == person.drawn(what)

    @pytest.mark.parametrize(
        "change",
        [
            ("resistance: high", "resistance: endless"),
            ("profile: venting", "profile: shouting"),
            ("opening_level: 3", "opening_level: three"),
            ('facts: ["the', 'facts: ["the" "'),
            ('facts: ["the rota changed on Monday", "nobody was asked"]', 'facts: {"a": 1}'),
            ("hidden_fact: I was promised the week off\n", ""),
            ("hidden_fact:", "colour: red\nhidden_fact:"),
        ],
        ids=["resistance", "profile", "level", "json", "no list", "missing", "unknown"],
    )
    def test_a_card_of_other_lines_is_one_sentence(self, change: tuple[str, str]):
        with pytest.raises(UserMistake) as told:
            resistant_user([Turn("system", PROMPT.replace(*change))])
        assert told.value.message == (
            "reference/resistant_user cannot read the <card> block; give it the lines resistance, profile, "
            "opening_level, facts (a JSON list) and hidden_fact."
        )

    @pytest.mark.parametrize("level", [0, 1, 2, 3, 4])
    def test_a_flood_of_replies_is_answered_to_the_end(self, level: int):
        """Forty replies: lines come round, facts run out, and every answer is a line of some level."""
        prompt = PROMPT.replace("opening_level: 3", f"opening_level: {level}")
        turns = [Turn("system", prompt), Turn("assistant", ROTA)]
        lines = {line for four in texts().lines.values() for line in four}
        for n in range(40):
            turns.append(Turn("user", "What happened then? " + "word " * 200))
            answer = resistant_user(turns)
            assert any(answer.startswith(line) for line in lines), n
            turns.append(Turn("assistant", answer))
