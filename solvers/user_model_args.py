"""Arguments of a model that is to take rendered text as it is (pure: the checker reads them as well).

A Transformers model must pass the only user message on untouched, which takes two model arguments;
`interplay eval` adds them.
"""

from collections.abc import Mapping
from typing import Any

HF_MODEL_ARGS: Mapping[str, Any] = {
    "chat_template": "{{ messages[0]['content'] }}",
    "tokenizer_call_args": {"add_special_tokens": False},
}
HF_FLAGS = (
    """-M chat_template="'{{ messages[0].content }}'" """
    """-M tokenizer_call_args='{"add_special_tokens": false}'"""
)
"""The same on the command line of Inspect, which reads values as YAML."""


def model_args_for(model_name: str) -> dict[str, Any]:
    """Model arguments that let a provider take rendered text as it is; none for most.

    Args:
        model_name: As `hf/Qwen/Qwen3.5-0.8B`.
    """
    return {**HF_MODEL_ARGS} if model_name.startswith("hf/") else {}
