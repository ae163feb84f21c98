"""Models that are one, however they are spelled."""

import pytest
from inspect_ai.model import GenerateConfig, Model, get_model

from interplay.scorers.model_identity import identity, same_model, same_name

KEY = "none"


def model(name: str, **args: object) -> Model:
    return get_model(name, api_key=KEY, memoize=False, **args)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("mockllm/one", "mockllm/one", True),
        ("mockllm/one", "mockllm/One", True),
        ("mockllm/one", "mockllm/two", False),
        ("mockllm/empath", "reference/empath", False),
        ("mockllm/openai/gpt-5", "mockllm/OpenAI/GPT-5", True),
        ("reference/empath", "reference/empath", True),
        ("reference/empath", "reference/resistant_user", False),
    ],
)
def test_names(first: str, second: str, same: bool) -> None:
    assert same_model(get_model(first, memoize=False), get_model(second, memoize=False)) == same
    assert same_model(get_model(second, memoize=False), get_model(first, memoize=False)) == same


def test_settings_do_not_make_another_model() -> None:
    warm = get_model("mockllm/one", config=GenerateConfig(temperature=1), memoize=False)
    cold = get_model("mockllm/one", config=GenerateConfig(temperature=0), memoize=False)
    assert same_model(warm, cold)


def test_a_service_does_not_make_another_model() -> None:
    openai = pytest.importorskip("openai")
    assert openai
    direct = model("openai/gpt-4o")
    routed = model("openrouter/openai/gpt-4o")
    assert identity(direct) == identity(routed) == "openai/gpt-4o"
    assert same_model(direct, routed)
    assert not same_model(direct, model("openai/gpt-4o-mini"))


def test_a_folder_is_its_own_model() -> None:
    one, two = (get_model("mockllm/local", memoize=False, model_path=path) for path in ("a", "b"))
    assert not same_model(one, two)
    assert same_model(one, one)


def test_names_of_a_log() -> None:
    assert same_name("openrouter/openai/gpt-5", "OpenAI/gpt-5")
    assert same_model("openai/gpt-5", "openrouter/openai/gpt-5")
    assert not same_name("openai/gpt-5", "gpt-5")
    assert not same_name("openai/gpt-5", "openai/gpt-5-mini")
