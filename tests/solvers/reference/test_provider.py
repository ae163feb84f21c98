"""The provider `reference/<player>` as Inspect uses it."""

import asyncio
import socket
import subprocess
import sys

import pytest
from inspect_ai.model import (
    ChatMessage,
    ChatMessageSystem,
    ChatMessageUser,
    ContentText,
    GenerateConfig,
    ModelOutput,
    get_model,
)

from interplay.solvers.reference.provider import PLAYERS
from interplay.tasks.mistakes import UserMistake

from .dialogues import HALF_A, HALF_B, MARK, openings

PROMPT, SECOND = openings(HALF_A, HALF_B)
NEEDS_CARD = "resistant_user"
"""Plays only where its prompt has a card."""
MESSAGES: list[ChatMessage] = [ChatMessageSystem(content="Notes."), ChatMessageUser(content=PROMPT)]


def answer(name: str, *messages: ChatMessage) -> ModelOutput:
    return asyncio.run(get_model(f"reference/{name}", memoize=False).generate(list(messages)))


@pytest.mark.parametrize("name", [name for name in PLAYERS if name != NEEDS_CARD])
def test_every_player_is_served_and_gives_the_same_reply_again(name: str) -> None:
    first, second = answer(name, *MESSAGES), answer(name, *MESSAGES)
    assert first.completion == second.completion != ""
    assert first.model == f"reference/{name}"
    assert first.stop_reason == "stop"


def test_usage_is_a_quarter_of_the_characters() -> None:
    output = answer("cartographer", *MESSAGES)
    assert output.usage is not None
    assert output.usage.input_tokens == (len("Notes.") + len(PROMPT)) // 4
    assert output.usage.output_tokens == len(output.completion) // 4
    assert output.usage.total_tokens == output.usage.input_tokens + output.usage.output_tokens


def test_tokens_are_counted_without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("the provider must not open a connection")

    monkeypatch.setattr(socket.socket, "connect", refused)
    api = get_model("reference/mute", memoize=False).api
    assert asyncio.run(api.count_tokens("x" * 401)) == 100
    assert asyncio.run(api.count_tokens(MESSAGES)) > 0


def test_settings_are_accepted_and_change_nothing() -> None:
    model = get_model("reference/noisy", config=GenerateConfig(temperature=1.5, seed=7), memoize=False)
    output = asyncio.run(model.generate(list(MESSAGES), config=GenerateConfig(max_tokens=5)))
    assert output.completion == answer("noisy", *MESSAGES).completion


def test_content_in_parts_and_merged_messages_read_the_same() -> None:
    note = MARK + "I propose (0,1)."
    merged = answer("mute", ChatMessageUser(content=f"{SECOND}\n\n{note}"))
    apart = answer("mute", ChatMessageUser(content=SECOND), ChatMessageUser(content=note))
    parts = answer("mute", ChatMessageUser(content=[ContentText(text=SECOND)]), ChatMessageUser(content=note))
    assert merged.completion == apart.completion == parts.completion == "Agreed, we are at (0,1)."


def test_an_unknown_player_is_one_sentence() -> None:
    with pytest.raises(
        UserMistake, match=r"^reference/foo: no such player; choose one such as cartographer, mute, \w+ \("
    ):
        get_model("reference/foo")


def test_model_arguments_are_refused() -> None:
    with pytest.raises(UserMistake, match=r"^reference/mute: it takes no model arguments; drop pace\.$"):
        get_model("reference/mute", pace=3)


def test_a_fresh_process_finds_the_provider_through_the_entry_point() -> None:
    code = "from inspect_ai.model import get_model; print(get_model('reference/cartographer'))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "reference/cartographer"
