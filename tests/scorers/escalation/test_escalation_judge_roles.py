"""Who may judge, who is marked, and who made a model."""

import pytest

from interplay.scorers.escalation_judge_roles import marks, refuse_unfit_graders, warning
from interplay.scorers.judge_vendor import vendor
from interplay.tasks.mistakes import UserMistake


@pytest.mark.parametrize(
    ("model", "maker"),
    [
        ("openai/gpt-5", "openai"),
        ("openai-api/deepseek/deepseek-chat", "deepseek"),
        ("azureai/o3-mini", "openai"),
        ("anthropic/claude-sonnet-4-5", "anthropic"),
        ("openrouter/anthropic/claude-3.5-haiku", "anthropic"),
        ("bedrock/us.anthropic.claude-3-5-sonnet-v2:0", "anthropic"),
        ("vertex/gemini-2.5-pro", "google"),
        ("vllm/google/gemma-3-4b-it", "google"),
        ("vllm-completions/Qwen/Qwen3.5-4B", "alibaba"),
        ("together/meta-llama/Llama-3.3-70B", "meta"),
        ("hf/deepseek-ai/DeepSeek-R1-Distill-Llama-8B", "deepseek"),
        ("mistral/open-mixtral-8x7b", "mistral"),
        ("hf/Allen/own-model", "allen"),
        ("ollama/orca", "ollama"),
        ("reference/empath", "reference"),
    ],
)
def test_the_maker_of_a_model(model: str, maker: str) -> None:
    assert vendor(model) == maker


def test_judges_that_are_refused() -> None:
    refuse_unfit_graders({})
    refuse_unfit_graders({"grader": "openai/gpt-5", "grader_b": "anthropic/claude"}, updater="mistral/large")
    for graders, updater, said in (
        ({"grader_b": "a/b"}, None, "role grader_b is the second judge; bind the first one"),
        (
            {"grader": "a/b", "grader_b": "a/b"},
            None,
            "grader=a/b and grader_b=a/b are one model",
        ),
        (
            {"grader": "a/b", "grader_b": "router/A/b"},
            None,
            "grader=a/b and grader_b=router/A/b are one",
        ),
        ({"grader": "a/b"}, "a/b", r"grader=a/b also keeps the simulated person's mood \(sim_state=a/b\)"),
        ({"grader": "a/c", "grader_b": "a/b"}, "a/b", "grader_b=a/b also keeps"),
    ):
        with pytest.raises(UserMistake, match=f"^{said}"):
            refuse_unfit_graders(graders, updater)


def test_judges_that_are_marked() -> None:
    graders = {"grader": "openai/gpt-5", "grader_b": "anthropic/claude-4"}
    assert marks(graders, "mistral/mistral-large") == {}
    assert warning(graders, "mistral/mistral-large") is None
    assert marks(graders, "openai/gpt-4o") == {"grader": "same vendor"}
    assert marks(graders, "anthropic/claude-4") == {"grader_b": "itself"}
    assert marks(graders, "openrouter/anthropic/Claude-4") == {"grader_b": "itself"}
    assert warning(graders, "openai/gpt-4o") == (
        "Judges may favour their own: grader openai/gpt-5 is of the same vendor; the scores are marked."
    )
