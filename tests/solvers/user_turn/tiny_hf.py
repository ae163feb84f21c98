"""A transformer of about 95,000 parameters that the tests build, random or briefly trained."""

from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from .characters import character_tokenizer

torch.set_num_threads(1)

TEMPLATE = (
    "{% for m in messages %}{{ '<|start|>' + m.role + '\n' + m.content | trim + '<|end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|start|>assistant\n' }}{% endif %}"
)
"""It trims what it is given, so that only a rendered prompt keeps the line break after the user header."""
STEPS = 120


def tokenizer() -> PreTrainedTokenizerFast:
    """Characters, `<|start|>` and `<|end|>`."""
    return character_tokenizer(TEMPLATE, ["<|start|>", "<|end|>"], "<|end|>")


def random_model() -> LlamaForCausalLM:
    """Two layers of random weights, always the same."""
    torch.manual_seed(0)
    words = tokenizer()
    config = LlamaConfig(
        vocab_size=len(words),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=4096,
        bos_token_id=None,
        eos_token_id=words.convert_tokens_to_ids("<|end|>"),
    )
    return LlamaForCausalLM(config)


def trained_model(conversations: Sequence[str]) -> LlamaForCausalLM:
    """The same model after some steps on a few conversations, which it then knows by heart."""
    words = tokenizer()
    model = random_model()
    model.train()
    rows = [words(text, add_special_tokens=False)["input_ids"] for text in conversations]
    longest = max(map(len, rows))
    filler = words.convert_tokens_to_ids("<|end|>")
    ids = torch.tensor([row + [filler] * (longest - len(row)) for row in rows])
    labels = torch.tensor([row + [-100] * (longest - len(row)) for row in rows])
    optimiser = torch.optim.AdamW(model.parameters(), lr=5e-3, weight_decay=0.0)
    for _ in range(STEPS):
        optimiser.zero_grad()
        model(input_ids=ids, labels=labels).loss.backward()
        optimiser.step()
    return model.eval()


def saved(model: LlamaForCausalLM, folder: Path) -> str:
    """The name by which Inspect loads the model."""
    model.save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    return f"hf/{folder}"
