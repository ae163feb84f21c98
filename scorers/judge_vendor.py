"""Who made a model, by its name (pure): a judge of the same maker as the model it judges is no neutral one.

    vendor("openrouter/anthropic/claude-sonnet-4")   "anthropic"
    vendor("vllm/Qwen/Qwen3.5-4B")                   "alibaba"

A name without a known family stands for itself: the folder before the model, else its provider.
"""

import re

FAMILIES = {
    "openai": r"gpt(?!-(?:neox?|j)\b)|chatgpt|o[1-9]\b|codex|davinci",
    "anthropic": r"claude",
    "google": r"gemini|gemma|palm(?!yra)|learnlm",
    "meta": r"(?:code)?llama|muse",
    "alibaba": r"qwen|qwq|qvq",
    "mistral": r"(?:open-)?mi[sx]tral|ministral|magistral|codestral|devstral|pixtral",
    "deepseek": r"deepseek",
    "xai": r"grok",
    "cohere": r"command|c4ai|aya",
    "microsoft": r"phi\b|phi-|mai-",
    "amazon": r"(?:amazon\.)?(?:nova|titan)",
    "zhipu": r"(?:chat)?glm",
    "moonshot": r"kimi|moonshot",
    "ai2": r"olmo|tulu|molmo",
    "nvidia": r"nemotron",
    "ibm": r"granite",
    "minimax": r"minimax|abab",
    "tencent": r"hunyuan",
    "baidu": r"ernie",
    "bytedance": r"doubao|seed-",
    "01-ai": r"yi-",
    "ai21": r"jamba|jurassic",
    "huggingface": r"smollm|zephyr",
    "tii": r"falcon",
}
"""How the names of a maker's models begin."""
PATTERNS = {
    maker: re.compile(rf"(?:[a-z]+\.)*(?:{names})", re.IGNORECASE) for maker, names in FAMILIES.items()
}


def vendor(model: str) -> str:
    """The maker of a model, in lower case.

    A model that was trained further counts as its maker's: `deepseek-r1-distill-llama` is DeepSeek's.

    Args:
        model: The name as Inspect has it, provider first.
    """
    provider, *path = model.split("/")
    name = path[-1] if path else provider
    for maker, pattern in PATTERNS.items():
        if pattern.match(name):
            return maker
    return (path[-2] if len(path) > 1 else provider).lower()
