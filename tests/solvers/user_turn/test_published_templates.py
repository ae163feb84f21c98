"""Templates as they are published open the user role as the golden table says (INTERPLAY_NETWORK=1)."""

import os

import pytest

from interplay.solvers.user_rendering import ChatTemplate
from interplay.solvers.user_tokenizers import load_tokenizer
from interplay.tasks.user_turn.context import Msg

from .characters import golden_rows

PUBLISHED = {
    "qwen3": ("Qwen/Qwen3-0.6B", "Qwen/Qwen3.5-0.8B"),
    "qwen2_5": ("Qwen/Qwen2.5-0.5B-Instruct", "HuggingFaceTB/SmolLM3-3B"),
    "nemotron": ("nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16",),
    "gpt_oss": ("openai/gpt-oss-20b",),
    "glm4_6": ("zai-org/GLM-4.6",),
    "glm4_7": ("zai-org/GLM-4.7-Flash",),
    "llama3": ("meta-llama/Llama-3.1-8B-Instruct", "meta-llama/Llama-3.2-1B-Instruct"),
    "gemma2": ("google/gemma-2-2b-it",),
    "deepseek3_1": ("deepseek-ai/DeepSeek-V3.1",),
    "mistral_small": ("mistralai/Mistral-Small-3.2-24B-Instruct-2506",),
    "phi3_5": ("microsoft/Phi-3.5-mini-instruct",),
    "minimax_m2": ("MiniMaxAI/MiniMax-M2",),
    "kimi_k2": ("moonshotai/Kimi-K2-Instruct",),
    "granite4": ("ibm-granite/granite-4.0-micro",),
    "command_r7b": ("CohereLabs/c4ai-command-r7b-12-2024",),
    "apertus": ("swiss-ai/Apertus-8B-Instruct-2509",),
    "seed_oss": ("ByteDance-Seed/Seed-OSS-36B-Instruct",),
}
CASES = [(template, repository) for template, names in PUBLISHED.items() for repository in names]

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif("INTERPLAY_NETWORK" not in os.environ, reason="INTERPLAY_NETWORK is not set"),
]


@pytest.mark.parametrize(("template", "repository"), CASES)
def test_published_template(template: str, repository: str) -> None:
    row = next(row for row in golden_rows() if row.template == template)
    rendered = ChatTemplate(load_tokenizer(repository)).render((Msg(role="user", content="Q?"),), "A.")
    assert rendered.prefix.endswith(row.header + "Q?" + row.between + "A." + row.boundary)
    assert rendered.header == row.header
    assert rendered.end_marker == row.end
    assert rendered.openers == tuple(token for token in (row.end, row.opener) if token)
