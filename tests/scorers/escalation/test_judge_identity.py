"""Who made a model, whether two names are one, and what a user is told of judges that are not neutral."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.escalation_judge_roles import (
    GRADERS,
    bound_graders,
    marks,
    refuse_missing_judge,
    refuse_unfit_graders,
    warning,
)
from interplay.scorers.judge_vendor import FAMILIES, vendor
from interplay.scorers.model_identity import same_model, same_name
from interplay.tasks.mistakes import UserMistake

few = settings(max_examples=50)

MODELS = {
    "openai": ("gpt-4o", "GPT-5", "chatgpt-4o-latest", "o1", "o3-mini", "o4-mini-high", "codex-mini",
               "davinci-002", "gpt-oss-120b"),
    "anthropic": ("claude-3-5-haiku", "Claude-Opus-4"),
    "google": ("gemini-2.5-pro", "gemma-3-27b-it", "palm-2", "learnlm-1.5"),
    "meta": ("llama-3", "Llama-4-Scout", "CodeLlama-7b", "llama3.2"),
    "alibaba": ("Qwen3-4B", "qwq-32b", "QVQ-72B"),
    "mistral": ("mistral-large", "Mixtral-8x7B", "open-mistral-7b", "Ministral-8B", "magistral-small",
                "codestral", "devstral", "pixtral-12b"),
    "deepseek": ("deepseek-chat", "DeepSeek-R1-Distill-Qwen-7B"),
    "xai": ("grok-4",),
    "cohere": ("command-r-plus", "c4ai-command-r", "aya-expanse-8b"),
    "microsoft": ("phi-4", "Phi-3.5-mini", "mai-ds-r1"),
    "amazon": ("nova-pro-v1:0", "amazon.nova-lite-v1:0", "titan-text", "amazon.titan-text"),
    "zhipu": ("glm-4.5", "chatglm3-6b"),
    "moonshot": ("kimi-k2", "moonshot-v1-8k"),
    "ai2": ("OLMo-2-13B", "tulu-3", "molmo-7b"),
    "nvidia": ("nemotron-4-340b",),
    "ibm": ("granite-3.1-8b",),
    "minimax": ("MiniMax-M1", "abab6.5"),
    "tencent": ("hunyuan-large",),
    "baidu": ("ernie-4.5",),
    "bytedance": ("doubao-pro", "seed-oss-36b"),
    "01-ai": ("yi-34b",),
    "ai21": ("jamba-1.5-large", "jurassic-2"),
    "huggingface": ("SmolLM3-3B", "zephyr-7b-beta"),
    "tii": ("falcon-40b",),
}  # fmt: skip
PARTS = st.text("abcXYZ019.-_", min_size=1, max_size=8)
NAMES = st.lists(PARTS, min_size=1, max_size=4).map("/".join)


def test_there_is_a_model_of_every_family() -> None:
    assert list(MODELS) == list(FAMILIES)


@pytest.mark.parametrize(
    ("maker", "name"), [(maker, name) for maker, names in MODELS.items() for name in names]
)
def test_a_maker_is_known_whoever_serves_the_model(maker: str, name: str) -> None:
    for served in (f"any/{name}", f"openrouter/some-org/{name}", f"bedrock/us.{name}", f"x/eu.corp.{name}"):
        assert vendor(served) == maker
    assert vendor(name) == maker, "a name without a provider"
    assert vendor(f"{maker}/{name.upper()}") == maker


@pytest.mark.parametrize(
    ("model", "maker"),
    [
        ("hf/EleutherAI/gpt-neox-20b", "eleutherai"),
        ("hf/EleutherAI/gpt-neo-2.7B", "eleutherai"),
        ("hf/EleutherAI/gpt-j-6b", "eleutherai"),
        ("hf/openai-community/gpt2", "openai"),
        ("bedrock/writer.palmyra-x5-v1:0", "bedrock"),
        ("hf/Writer/Palmyra-Med-70B", "writer"),
        ("hf/phind/phind-34b", "phind"),
        ("hf/org/o10-model", "org"),
        ("hf/org/yield-7b", "org"),
        ("hf/org/my-gpt-4", "org"),
        ("hf/org/sub/own", "sub"),
        ("ollama/own", "ollama"),
        ("OWN", "own"),
        ("mockllm/", "mockllm"),
        ("", ""),
    ],
)
def test_a_name_that_is_of_no_family_stands_for_its_folder_or_provider(model: str, maker: str) -> None:
    assert vendor(model) == maker


@few
@given(NAMES)
def test_every_name_has_one_maker_in_lower_case(name: str) -> None:
    assert vendor(name) == vendor(name).lower()
    assert vendor(name.upper()) == vendor(name)


@few
@given(NAMES, NAMES)
def test_sameness_knows_no_order_and_no_case(first: str, second: str) -> None:
    assert same_name(first, second) == same_name(second, first)
    assert same_name(first, first.upper())
    assert same_name(first, second) == same_name(first.upper(), second.lower())


@few
@given(NAMES, PARTS)
def test_a_service_in_front_makes_no_other_model_where_the_maker_is_said(name: str, service: str) -> None:
    assert same_name(f"{service}/{name}", name) == ("/" in name or f"{service}/{name}" == name)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("openrouter/openai/gpt-5", "azure/openai/gpt-5", False),
        ("a/openai/gpt-5", "xopenai/gpt-5", False),
        ("xopenai/gpt-5", "openai/gpt-5", False),
        ("openai/gpt-5", "openai/gpt-5-mini", False),
        ("openai/gpt-5-mini", "mini", False),
        ("", "", True),
    ],
)
def test_names_that_share_an_end_are_not_yet_one_model(first: str, second: str, same: bool) -> None:
    assert same_name(first, second) == same_model(first, second) == same


def test_the_judges_are_two_roles_in_their_order() -> None:
    roles = {"grader_b": "b", "user_sim": "u", "grader": "a", "grader_c": "c"}
    assert list(bound_graders(roles).items()) == [("grader", "a"), ("grader_b", "b")]
    assert bound_graders({"user_sim": "u"}) == {}
    assert GRADERS == ("grader", "grader_b")


@pytest.mark.parametrize("judge", [True, False, None])
@pytest.mark.parametrize("judged", [True, False])
@pytest.mark.parametrize("bound", [[], ["grader"], ["grader_b"], ["user_sim", "grader"]], ids=str)
def test_a_grader_is_bound_where_one_is_asked_and_nowhere_else(
    judge: bool | None, judged: bool, bound: list[str]
) -> None:
    said = None
    if judge and "grader" not in bound:
        said = "judge=true needs a grader: add --model-role grader=MODEL."
    elif "grader" in bound and not judged:
        why = "judge=false" if judge is False else "the task was made without a judge"
        said = f"role grader is bound, but {why}: give judge=true, or drop the role."
    if said is None:
        refuse_missing_judge(bound, judge=judge, judged=judged)
        return
    with pytest.raises(UserMistake) as found:
        refuse_missing_judge(bound, judge=judge, judged=judged)
    assert found.value.message == said


@pytest.mark.parametrize(
    ("graders", "updater", "said"),
    [
        ({"grader_b": "a/b"}, None,
         "role grader_b is the second judge; bind the first one, --model-role grader=MODEL."),
        ({"grader": "a/b", "grader_b": "A/B"}, None,
         "grader=a/b and grader_b=A/B are one model and one opinion; bind another one to grader_b."),
        ({"grader": "x/a/b"}, "a/b",
         "grader=x/a/b also keeps the simulated person's mood (sim_state=a/b) and would judge its own work; "
         "bind another model to grader or sim_state."),
        ({"grader": "a/c", "grader_b": "a/b"}, "a/b",
         "grader_b=a/b also keeps the simulated person's mood (sim_state=a/b) and would judge its own work; "
         "bind another model to grader_b or sim_state."),
    ],
)  # fmt: skip
def test_an_unfit_judge_is_told_by_role_model_and_remedy(
    graders: dict[str, str], updater: str | None, said: str
) -> None:
    with pytest.raises(UserMistake) as found:
        refuse_unfit_graders(graders, updater)
    assert (found.value.message, found.value.exit_code) == (said, 2)


def test_two_judges_of_one_maker_are_two_opinions() -> None:
    refuse_unfit_graders({"grader": "openai/gpt-5", "grader_b": "openai/gpt-4o"}, "openai/gpt-5-mini")


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("openai/gpt-5", {"grader": "itself"}),
        ("azure/openai/GPT-5", {"grader": "itself"}),
        ("openai/gpt-4o", {"grader": "same vendor"}),
        ("anthropic/claude-3", {"grader_b": "same vendor"}),
        ("xai/grok-4", {}),
    ],
)
def test_marks_name_the_judge_that_may_favour_its_own(target: str, found: dict[str, str]) -> None:
    graders = {"grader": "openai/gpt-5", "grader_b": "anthropic/claude-4"}
    assert marks(graders, target) == found
    assert (warning(graders, target) is None) == (not found)


def test_a_warning_names_every_such_judge_once() -> None:
    graders = {"grader": "openai/gpt-5", "grader_b": "openai/gpt-4o"}
    assert warning(graders, "openai/gpt-5") == (
        "Judges may favour their own: grader openai/gpt-5 is the model under test, grader_b openai/gpt-4o is "
        "of the same vendor; the scores are marked."
    )
    assert warning({}, "openai/gpt-5") is None
