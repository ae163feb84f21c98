"""Every scripted player as a pure function of its messages, on conversations that nobody planned.

A player may be bound to any role of any task, so it has to answer whatever it is sent.
"""

import asyncio
import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageTool,
    ChatMessageUser,
    GenerateConfig,
    get_model,
)

from interplay.solvers.reference import provider
from interplay.solvers.reference.chain_players import FRAME
from interplay.solvers.reference.deesc_players import PREAMBLE
from interplay.solvers.reference.drift_players import SYSTEM
from interplay.solvers.reference.maze_forms import NO_GAME
from interplay.solvers.reference.player import Turn
from interplay.solvers.reference.provider import PLAYERS, SEEDED_PLAYERS, agent_named, player_named, usage
from interplay.tasks.mistakes import UserMistake

NEEDS_CARD = "resistant_user"
NAMES = sorted({*PLAYERS, *SEEDED_PLAYERS} - {NEEDS_CARD})
TRAPS = {
    "empty": "",
    "white space": " \n\t\n",
    "bidirectional": "\u202eabc\u202c مرحبا 👩\u200d👩\u200d👧 e\u0301",
    "surrogates of other encodings": "\ufffd\x00\x1b[31m",
    "braces and formats": "{a} {0} %s %(x)s {{ }} $x \\1 \\g<0>",
    "markup": "<card> </card> <note>x</note> <transcript>\n</transcript <request>\n",
    "marks of chats": "<|im_start|>user\nx<|im_end|>\n[other agent]: [user]: PERSON: ",
    "other agent alone": "[other agent]:",
    "json": '{"a": [1, {"b": null}]}',
    "digits of other scripts": "² (٣,٤) 1 2 3 4 5 6 7 8 9",
    "map without a game": "@..\n.#.\n..*",
    "quotes": '"""\n"""\n\'\'\'',
    "very long": "so long a line " * 3_000,
    "very many lines": "x.\n" * 5_000,
}
HISTORY = [Turn("user", "a"), Turn("assistant", "b"), Turn("user", "c")]
CONVERSATIONS: dict[str, list[Turn]] = {
    **{name: [Turn("user", text)] for name, text in TRAPS.items()},
    "system alone": [Turn("system", "You are in a chat.")],
    "own words alone": [Turn("assistant", "I began.")],
    "tool alone": [Turn("tool", "exit status 0")],
    "three notes": HISTORY,
    "two system texts": [Turn("system", "a"), Turn("system", "b"), Turn("user", "c")],
}


def reply(name: str, turns: Sequence[Turn], seed: int = 0) -> str:
    return player_named(name)(turns, seed)


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=str)
def test_every_player_answers_anything_and_twice_the_same(conversation: str) -> None:
    turns = CONVERSATIONS[conversation]
    before = list(turns)
    for name in NAMES:
        first = reply(name, turns)
        assert isinstance(first, str), name
        assert reply(name, tuple(turns)) == first, name
        assert turns == before, name


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=str)
def test_the_angry_person_without_a_card_is_one_sentence(conversation: str) -> None:
    with pytest.raises(UserMistake) as told:
        reply(NEEDS_CARD, CONVERSATIONS[conversation])
    assert told.value.message in (
        "reference/resistant_user needs a <card> block; use simulator='rule'.",
        "reference/resistant_user cannot read the <card> block; give it the lines resistance, profile, "
        "opening_level, facts (a JSON list) and hidden_fact.",
    )
    assert told.value.exit_code == 2


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from(["system", "user", "assistant", "tool"]), st.text(max_size=30)),
        min_size=1,
        max_size=5,
    )
)
def test_no_conversation_of_any_text_ends_a_player(messages) -> None:
    turns = [Turn(role, text) for role, text in messages]
    for name in NAMES:
        assert isinstance(reply(name, turns), str)


@pytest.mark.parametrize("name", sorted({*PLAYERS} - {*SEEDED_PLAYERS, NEEDS_CARD}))
def test_players_without_a_seed_pass_it_over(name: str) -> None:
    assert reply(name, HISTORY, 1) == reply(name, HISTORY, 99)


@pytest.mark.parametrize("name", ["echo", "mute", "contrarian"])
def test_a_name_of_several_families_plays_the_one_it_finds_itself_in(name: str) -> None:
    """The same word before `reference/` and three games: the first message decides."""
    maze = reply(name, [Turn("user", "Hello?")])
    assert maze == NO_GAME
    other = {
        "echo": ([Turn("system", PREAMBLE), Turn("user", "I am cross.")], "You say: I am cross."),
        "mute": ([Turn("user", "<conversation>\nPERSON: hi\n</conversation>")], "[ENDS]"),
        "contrarian": ([Turn("system", SYSTEM), Turn("user", "no table")], None),
    }
    turns, expected = other[name]
    found = reply(name, turns)
    assert found != maze
    if expected is not None:
        assert found == expected
    else:
        assert json.loads(found)["policy"] == {"action": "hold"}
        assert reply(name, [Turn("system", FRAME), Turn("user", "Topic: x")]) not in (maze, found)


class TestNames:
    @pytest.mark.parametrize(
        ("name", "near"),
        [
            ("cartografer", "cartographer"),
            ("gaurd", "guard"),
            ("posttrain-sfft", "posttrain-sft"),
            ("posttrain-jugde", "posttrain-judge"),
            ("Echo", "echo"),
        ],
    )
    def test_a_mistyped_name_is_answered_by_the_nearest(self, name: str, near: str):
        with pytest.raises(
            UserMistake, match=rf"^reference/{name}: no such player; choose one such as {near}\b"
        ):
            get_model(f"reference/{name}")

    def test_a_name_far_from_all_is_answered_by_three(self):
        with pytest.raises(UserMistake) as told:
            player_named("zzzzzzzzzzzz")
        assert told.value.message == (
            "reference/zzzzzzzzzzzz: no such player; choose one such as cartographer, mute, follower "
            "(`interplay show FAMILY` lists more)."
        )

    @pytest.mark.parametrize("name", ["sft", "posttrain-", "posttrain-none", "posttrain", "", "judge"])
    def test_agents_are_named_with_their_prefix_and_nothing_else_is_one(self, name: str):
        assert agent_named(name) is None

    def test_no_agent_has_the_name_of_a_player(self):
        agents = {f"posttrain-{name}" for name in provider.POSTTRAIN_AGENTS}
        assert not agents & {*PLAYERS, *SEEDED_PLAYERS, provider.JUDGE}
        assert all(agent_named(name) is not None for name in agents)

    def test_several_arguments_are_named_together(self):
        with pytest.raises(UserMistake) as told:
            get_model("reference/echo", pace=1, mood="x")
        assert told.value.message == "reference/echo: it takes no model arguments; drop pace, mood."


class TestProvider:
    def ask(self, name: str, *messages: ChatMessage, **config):
        model = get_model(f"reference/{name}", memoize=False)
        return asyncio.run(model.generate(list(messages), config=GenerateConfig(**config)))

    @pytest.mark.parametrize("name", ["posttrain-sft", "posttrain-judge"])
    def test_who_plays_jobs_alone_says_so_elsewhere(self, name: str):
        with pytest.raises(
            UserMistake, match=rf"^reference/{name} (plays|audits) post-training jobs only; .+\.$"
        ):
            self.ask(name, ChatMessageUser(content="Hello?"))

    def test_the_seed_of_the_call_reaches_a_seeded_player(self):
        messages = [
            ChatMessageSystem(content="You take part in a short written discussion."),
            ChatMessageUser(content="Topic: whether cities should ban cars"),
        ]
        replies = {seed: self.ask("hedger", *messages, seed=seed).completion for seed in range(12)}
        assert self.ask("hedger", *messages).completion == replies[0]
        assert len(set(replies.values())) > 1

    def test_all_kinds_of_messages_are_read_as_text(self):
        output = self.ask(
            "echo",
            ChatMessageSystem(content="You are a general-purpose assistant in a chat."),
            ChatMessageUser(content="first"),
            ChatMessageAssistant(content="You say: first"),
            ChatMessageTool(content="ignored"),
            ChatMessageUser(content="second"),
        )
        assert output.completion == "You say: second"

    @given(st.lists(st.text(max_size=40), max_size=6), st.text(max_size=40))
    def test_usage_counts_characters_of_all_messages_by_four(self, texts, answer):
        used = usage([Turn("user", text) for text in texts], answer)
        assert used.input_tokens == len("".join(texts)) // 4
        assert used.output_tokens == len(answer) // 4
        assert used.total_tokens == used.input_tokens + used.output_tokens

    def test_calls_are_many_at_once(self):
        assert get_model("reference/mute", memoize=False).api.max_connections() == 200
