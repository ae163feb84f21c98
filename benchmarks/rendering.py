"""For how many contexts a second a chat template opens the user role, at two renders each."""

import time
from pathlib import Path

from interplay.solvers.user_rendering import ChatTemplate, PlainTokenizer
from interplay.solvers.user_tokenizers import HubTokenizer
from interplay.tasks.user_turn.bundled import bundled

TEMPLATES = Path(__file__).parents[1] / "tests" / "solvers" / "user_turn" / "templates"
BAR = 1_000.0
PASSES = 3
ROUNDS = 10


def transformers_template(name: str) -> ChatTemplate:
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    words = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel({"?": 0}, unk_token="?")),
        bos_token="<s>",
        eos_token="<|im_end|>",
    )
    words.add_special_tokens({"additional_special_tokens": ["<|im_start|>"]})
    words.chat_template = (TEMPLATES / f"{name}.jinja").read_text(encoding="utf-8")
    return ChatTemplate(HubTokenizer(words, name))


def per_second(template: ChatTemplate) -> float:
    """The best of some passes over the bundled contexts, in processor time."""
    contexts = bundled()
    best = 0.0
    for _ in range(PASSES):
        begin = time.process_time()
        for context in contexts * ROUNDS:
            template.render(context.messages, context.reply or "")
        best = max(best, len(contexts) * ROUNDS / (time.process_time() - begin))
    return best


def rows() -> list[tuple[str, float, float, str]]:
    plain = ("open the user role, plain template", ChatTemplate(PlainTokenizer()))
    real = [
        (f"open the user role, template {name}", transformers_template(name)) for name in ("qwen3", "llama3")
    ]
    return [(what, per_second(template), BAR, "contexts per s") for what, template in (plain, *real)]
