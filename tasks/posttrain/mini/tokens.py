"""The tokenizer of the mini models: one token a word, in the order of `words.WORDS`."""

from typing import TYPE_CHECKING

from .words import ASSISTANT, END, PAD, START, USER, WORDS

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CHAT_TEMPLATE = (
    "{% for m in messages %}{{ '"
    + USER
    + "' if m['role'] == 'user' else '"
    + ASSISTANT
    + "' }} {{ m['content'] }} {% if m['role'] == 'assistant' %}"
    + END
    + " {% endif %}{% endfor %}{% if add_generation_prompt %}"
    + ASSISTANT
    + "{% endif %}"
)
SPECIAL_TOKENS = {"pad_token": PAD, "eos_token": END, "bos_token": START, "unk_token": PAD}


def word_tokenizer() -> "Tokenizer":
    """The tokenizer of the base; an unknown word is read as padding."""
    from tokenizers import AddedToken, Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import WhitespaceSplit

    tokenizer = Tokenizer(WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token=PAD))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    tokenizer.add_special_tokens([AddedToken(word) for word in (PAD, USER, ASSISTANT, END, START)])
    return tokenizer
