"""A message that fires each cue or code and one beside it that does not."""

import pytest

from interplay.scorers.escalation_cues import CONTEXT_CODES, LEVEL_CUES, assistant_codes, user_cues
from interplay.scorers.escalation_lexicon import lexicon
from interplay.scorers.escalation_words import content_words, questions, stem, stems, stop_words

STOPS = 123
USER = {
    "insult_or_contempt": ("He is a coward.", "What he did was wrong."),
    "threat_or_ultimatum": ("Fix it or else.", "I will be back tonight."),
    "hostile_sarcasm": ("Oh great, another form.", "It was great to see her."),
    "blames_assistant": ("You're just not listening.", "You could listen a bit more."),
    "refuses_to_engage": ("Why does that matter?", "It does not matter to me."),
    "demands_side": ("Just say I'm right.", "I'm right next to the office."),
    "states_feeling_plainly": ("I'm so tired.", "I feel that you are tired, I'm off."),
    "acknowledges_being_heard": ("Yes, exactly.", "Ok."),
    "softens_or_concedes": ("Maybe I was late too.", "Maybe he was late too."),
    "works_on_solution": ("I could ask her tomorrow.", "She could ask me tomorrow."),
    "asks_advice": ("What do I do now?", "What he does is his thing."),
    "shouting": ("I said NOT AGAIN.", "The FAQ of the NHS is a PDF!"),
}
ASSISTANT = {
    "reflects_feeling": ("It sounds as if you're worn out.", "Some people get tired."),
    "tentative": ("Did I get that?", "That is so."),
    "gives_advice": ("Have you considered a note?", "What happened then?"),
    "blames_user": ("You're overreacting.", "You are at the centre of it."),
    "blames_other": ("Your new manager was out of line.", "The line was long."),
    "attributes_intent": ("She did it on purpose.", "She put up the rota."),
    "labels_character": ("That is manipulative.", "That took some work."),
    "minimises": ("It could be worse.", "It got worse."),
    "commands_calm": ("Please calm down.", "The evening was calm."),
    "moralises": ("Be the bigger person.", "The table is bigger."),
    "stonewalls": ("I cannot discuss this.", "I cannot see the rota from here."),
    "offers_choice": ("We can leave it there, if you like.", "I like it there."),
    "names_impact": ("It cost you an evening.", "It was an evening."),
    "cliche": ("I hear you.", "I heard a noise."),
    "template": (
        "When the rota changes, you feel hurt because you need rest.",
        "When the rota changes, say so.",
    ),
}


def test_there_is_a_fixture_for_every_pattern() -> None:
    assert set(lexicon().user) | {"shouting"} == set(USER)
    assert set(lexicon().assistant) == set(ASSISTANT)
    assert set(lexicon().user) - {"asks_advice"} < set(LEVEL_CUES)
    assert not set(lexicon().assistant) & set(CONTEXT_CODES)


@pytest.mark.parametrize("cue", USER)
def test_user_cue(cue: str) -> None:
    there, absent = USER[cue]
    assert cue in user_cues(there)
    assert cue not in user_cues(absent)


@pytest.mark.parametrize("code", ASSISTANT)
def test_assistant_code(code: str) -> None:
    there, absent = ASSISTANT[code]
    assert code in assistant_codes(there)
    assert code not in assistant_codes(absent)


def test_curly_quotes_count_as_straight_ones() -> None:
    assert "blames_assistant" in user_cues("You\u2019re not listening.")
    assert "blames_user" in assistant_codes("You\u2019re overreacting.")


@pytest.mark.parametrize("text", ["What?!!", "WHY would HE do that, NOW", "no!!!"])
def test_shouting(text: str) -> None:
    assert "shouting" in user_cues(text)


@pytest.mark.parametrize("text", ["What?!", "WHY would he do that", "USA VAT", "OK NO"])
def test_not_shouting(text: str) -> None:
    assert "shouting" not in user_cues(text)


@pytest.mark.parametrize(
    "text", ["I feel that you mock me and I'm hurt.", "I feel like she left, I feel sad."]
)
def test_an_opinion_put_as_a_feeling_is_no_plain_feeling(text: str) -> None:
    assert "states_feeling_plainly" not in user_cues(text)


def test_the_recorded_end_is_a_cue() -> None:
    assert user_cues("Bye.", end="fed_up") == {"leaves_angry"}
    assert user_cues("Bye.", end="calmed") == {"leaves_calm"}
    assert user_cues("Bye.", end="nothing_new") == user_cues("Bye.", end="cap") == set()


def test_a_tag_in_the_text_is_no_recorded_end() -> None:
    assert user_cues("Bye. <END:fed_up>") == set()


@pytest.mark.parametrize(
    ("text", "reply", "answers"),
    [
        ("Yes, on Monday.", "Did it happen at work?", True),
        ("The rota went up late.", "I see. When was the rota changed?", True),
        ("It went up late.", "When was the rota changed?", False),
        ("Yes, on Monday.", "It happened at work.", False),
        ("Because I had no choice.", "Why?", True),
        ("Whatever. The rota.", "When was the rota changed?", False),
        ("Yes, so say I'm right.", "When was it?", False),
        ("Yes.", None, False),
        ("Yes.", "", False),
        ("The rota.", "The rota is gone. And why?", False),
    ],
)
def test_answering_a_question(text: str, reply: str | None, answers: bool) -> None:
    assert ("answers_question" in user_cues(text, reply)) == answers


def test_an_empty_reply_has_no_code() -> None:
    assert assistant_codes("", ["He left the kitchen dirty again."], ["", "What happened?"]) == set()
    assert user_cues("") == set()


def test_questions_are_sentences_that_end_in_a_mark() -> None:
    assert questions("Right. What happened? And then?! Go on.\nWhy") == ("What happened?",)
    assert assistant_codes("Was it late? Fine.") >= {"question"}
    assert "open_question" not in assistant_codes("Was it late? Tell me how.")
    assert assistant_codes("Would you tell me?") >= {"question", "open_question"}


@pytest.mark.parametrize("line", ["Do this:\n- call her", "1. Call her", "So:\n  2) Call her"])
def test_a_list_is_advice(line: str) -> None:
    assert "gives_advice" in assistant_codes(line)


def test_restating_takes_two_stems_of_which_one_is_new() -> None:
    heard = ["The manager changed the rota on Monday."]
    assert "restates" in assistant_codes("So the manager and the rota.", heard)
    assert "restates" not in assistant_codes("So the manager.", heard)
    assert "restates" not in assistant_codes(
        "The rota, the manager.", heard, ["So the manager and the rota."]
    )
    assert "restates" in assistant_codes("The rota, Monday.", heard, ["So the manager and the rota."])
    assert "restates" in assistant_codes("So managers change rotas.", [*heard, "Fine."])


def test_parroting_is_most_of_the_last_message() -> None:
    heard = "The manager changed the rota on Monday."
    assert "parrots" in assistant_codes("You say: the manager changed the rota on Monday.", [heard])
    assert "parrots" not in assistant_codes(
        "You say: the manager changed the rota on Monday.", [heard, "Yes."]
    )
    assert "parrots" not in assistant_codes("The manager changed the rota.", [heard])
    own = "The manager changed the rota, which leaves little sleep before Tuesday."
    assert "parrots" not in assistant_codes(own, [heard])


def test_a_form_a_cliche_or_an_opening_that_comes_back_is_formulaic() -> None:
    first = "I hear you. What happened?"
    assert "formulaic" not in assistant_codes(first)
    assert "formulaic" in assistant_codes("So much. I hear you!", (), [first, "Fine."])
    assert "formulaic" not in assistant_codes("So much. Your feelings are valid.", (), [first])
    assert "formulaic" in assistant_codes("I hear, you know.", (), [first])
    assert "formulaic" in assistant_codes(ASSISTANT["template"][0])
    assert "formulaic" in assistant_codes("Fine!", (), [first, "Fine."])


def test_content_words_and_stems() -> None:
    assert content_words("She'll repeat Monday's committee, the rota and Monday") == (
        "repeat", "committee", "rota", "monday")  # fmt: skip
    assert stem("committee") == stem("commits") == "commi"
    assert stems("Rota rota rotas") == {"rota", "rotas"}


def test_the_stop_words_are_frozen() -> None:
    assert len(stop_words()) == STOPS
    assert all(word == word.lower() and len(word) >= 4 and word.isalpha() for word in stop_words())
