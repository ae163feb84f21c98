"""The rule-based user: reads its chat, tells what it may, shows the level it is in."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interplay.scorers.escalation_cues import END_TAG, user_cues
from interplay.scorers.escalation_level import level
from interplay.solvers.reference.deesc_players import ADVICE, BLAME, OPEN_QUESTIONS, STONEWALL, TEMPLATE
from interplay.solvers.reference.player import Turn
from interplay.solvers.reference.resistant_user import read_chat, replay, resistant_user, texts
from interplay.tasks.deescalation.scenarios import Scenario
from interplay.tasks.mistakes import UserMistake

from .deesc_play import ASSISTANTS, TURNS, persona, played, scenarios, user_turns

FLAT = ("Hm.", "So.", "Right.", "Well.", "Fine.", "There.")
"""Replies that nobody gains or loses by."""
FACTS = ["the rota went up late", "i meet him at nine"]
REPLIES = st.sampled_from(
    [*ADVICE, *BLAME, *OPEN_QUESTIONS, STONEWALL, TEMPLATE, "", "It sounds as if you're hurt."]
)
CHATS = st.tuples(st.sampled_from(scenarios()), st.lists(REPLIES, min_size=1, max_size=TURNS))


def prompt(resistance: str = "low", profile: str = "ack_seeking", opening_level: int = 1) -> str:
    return (
        f'You began with: "The rota is wrong."\n<card>\nresistance: {resistance}\nprofile: {profile}\n'
        f"opening_level: {opening_level}\nfacts: {json.dumps(FACTS)}\nhidden_fact: he was off sick\n</card>"
    )


def answers(
    *replies: str, resistance: str = "low", profile: str = "ack_seeking", opening_level: int = 1
) -> list[str]:
    turns = [Turn("system", prompt(resistance, profile, opening_level)), *(Turn("user", r) for r in replies)]
    return [said.text for said in replay(read_chat(turns))]


def test_it_needs_a_card() -> None:
    with pytest.raises(UserMistake, match=r"needs a <card> block; use simulator='rule'\."):
        resistant_user([Turn("system", "You are a person."), Turn("user", "Hello.")])


@pytest.mark.parametrize(
    "card",
    [
        "resistance: some",
        "facts: no list",
        'resistance: low\nprofile: venting\nfacts: ["a"]\nhidden_fact: b\nmood: c',
    ],
)
def test_a_card_that_cannot_be_read_is_refused(card: str) -> None:
    with pytest.raises(UserMistake, match="cannot read the <card> block; give it the lines resistance"):
        resistant_user([Turn("system", f"<card>\n{card}\n</card>"), Turn("user", "Hello.")])


def test_before_any_reply_it_opens() -> None:
    assert resistant_user([Turn("system", prompt())]) == "The rota is wrong."


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CHATS)
def test_it_is_a_function_of_its_messages_and_passes_over_notes(chat: tuple[Scenario, list[str]]) -> None:
    scenario, replies = chat
    messages = [scenario.opening]
    for t in range(1, len(replies) + 1):
        plain = resistant_user(user_turns(scenario, messages, replies[:t]))
        noted = resistant_user(
            user_turns(scenario, messages, replies[:t], "\n<note>Stay in role. Be calm.</note>")
        )
        assert plain == noted == resistant_user(user_turns(scenario, messages, replies[:t]))
        messages.append(END_TAG.sub("", plain))
    # The same chat with the opening in the prompt only, and with the prompt as a user message.
    turns = user_turns(scenario, messages[:-1], replies)
    assert resistant_user([turns[0], *turns[2:]]) == resistant_user(turns)
    assert resistant_user([Turn("user", turns[0].text), *turns[1:]]) == resistant_user(turns)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CHATS, st.sampled_from(BLAME))
def test_blame_in_the_place_of_a_reply_never_calms(chat: tuple[Scenario, list[str]], blame: str) -> None:
    scenario, replies = chat
    turns = [Turn("system", persona(scenario)), Turn("assistant", scenario.opening)]
    kept = [*turns, *(Turn("user", reply) for reply in replies)]
    blamed = [*turns, *(Turn("user", reply) for reply in [*replies[:-1], blame])]
    assert replay(read_chat(kept))[-1].level <= replay(read_chat(blamed))[-1].level


def test_the_lines_show_their_level() -> None:
    for n, lines in texts().lines.items():
        for line in lines:
            for ask in ("", *texts().ask.values()):
                assert level(user_cues(f"{line} {ask}")) == n, line
    for line in texts().lines[3]:
        for refusal in texts().refuse.values():
            assert level(user_cues(f"{line} {refusal}", "What happened?")) == 3
    for end, leave in texts().leave.items():
        for line in texts().lines[0 if end == "calmed" else 4]:
            assert level(user_cues(f"{line} {leave}", end=end)) == (0 if end == "calmed" else 4)


@pytest.mark.parametrize("name", ASSISTANTS)
def test_the_level_found_in_every_message_is_the_one_it_was_written_for(name: str) -> None:
    for game in played(name):
        turns = user_turns(game.scenario, game.messages[:-1], game.replies)
        meant = [said.level for said in replay(read_chat(turns))]
        assert list(game.reading.levels) == [3, *meant], game.scenario.id


def test_lines_of_a_level_take_turns() -> None:
    said = answers(*FLAT, profile="venting", opening_level=2)
    lines = [next(line for line in texts().lines[2] if text.startswith(line)) for text in said]
    assert lines[:2] == lines[4:]
    assert len(set(lines[:4])) == 4


def test_facts_come_in_order_and_the_hidden_one_after_a_fact_on_an_open_question() -> None:
    told = ["The rota went up late.", "I meet him at nine.", "He was off sick."]

    def order(*questions: str) -> list[str]:
        said = answers(*questions, profile="justice_seeking", opening_level=2)
        return [" ".join(fact for fact in told if fact in text) for text in said]

    assert order("What was it?", "Is it so?", "Who else?", "How so?") == [*told, ""]
    assert order("What was it?", "Who else?", "Is it so?", "How so?") == [told[0], told[2], told[1], ""]
    assert order("Is it so?", "Really?", "And then?") == [*told[:2], ""]


def test_above_level_two_questions_are_refused() -> None:
    for resistance, refusal in texts().refuse.items():
        (text,) = answers(
            "Was it the rota?", resistance=resistance, profile="justice_seeking", opening_level=3
        )
        assert text.endswith(refusal)
        assert not any(fact in text.lower() for fact in FACTS)


def test_every_second_message_asks_and_every_one_of_who_wants_a_solution() -> None:
    ask = texts().ask
    asks = [ask["ack_seeking"] in text for text in answers(*FLAT[:4], opening_level=2)]
    assert asks == [False, True, False, True]
    assert all(
        ask["solution_seeking"] in text
        for text in answers(*FLAT, profile="solution_seeking", opening_level=2)
    )


def test_it_leaves_with_a_tag_and_not_before_the_third_reply() -> None:
    said = answers(*["Calm down."] * 3, opening_level=3)
    assert [END_TAG.search(text) is not None for text in said] == [False, False, True]
    assert said[-1].endswith(f"{texts().leave['fed_up']} <END:fed_up>")
