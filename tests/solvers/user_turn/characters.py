"""Tokenizers of the tests: every character is a token, structural tokens are flagged special."""

import string
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from interplay.solvers.user_rendering import ChatTemplate
from interplay.solvers.user_tokenizers import HubTokenizer

HERE = Path(__file__).parent
UNKNOWN = "\ufffd"


def character_tokenizer(
    template: str, specials: Sequence[str], eos: str, bos: str | None = None
) -> PreTrainedTokenizerFast:
    """A tokenizer of transformers for printable ASCII, with a chat template."""
    characters = [UNKNOWN, *string.printable]
    inner = Tokenizer(models.WordLevel({c: i for i, c in enumerate(characters)}, unk_token=UNKNOWN))
    inner.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    inner.decoder = decoders.Fuse()
    named = {"eos_token": eos, "unk_token": UNKNOWN} | ({"bos_token": bos} if bos else {})
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, **named)
    tokenizer.add_special_tokens({"additional_special_tokens": [t for t in specials if t not in (bos, eos)]})
    tokenizer.chat_template = template
    return tokenizer


class Golden(NamedTuple):
    """One row of the golden table, newlines in place."""

    template: str
    head: str
    header: str
    between: str
    boundary: str
    end: str | None
    opener: str | None
    specials: list[str]
    eos: str
    bos: str | None
    appended: bool

    def chat(self, **settings: Any) -> ChatTemplate:
        """The row's template with a tokenizer of its own."""
        text = (HERE / "templates" / f"{self.template}.jinja").read_text(encoding="utf-8").rstrip("\n")
        tokenizer = character_tokenizer(text, self.specials, self.eos, self.bos)
        return ChatTemplate(HubTokenizer(tokenizer, self.template), settings)

    def prefix(self, query: str = "Q?", reply: str = "A.") -> str:
        """The prompt that the row asks for."""
        return self.head + self.header + query + self.between + reply + self.boundary


def golden_rows() -> list[Golden]:
    """The table, in its order."""
    rows: list[Golden] = []
    for row in yaml.safe_load((HERE / "golden.yaml").read_text(encoding="utf-8")):
        lined = {
            key: value.replace("⏎", "\n") if isinstance(value, str) else value for key, value in row.items()
        }
        before, _, header = lined["boundary"].partition("·")
        defaults = {"appended": False, "bos": None}
        rows.append(Golden(**(defaults | lined | {"boundary": before + header, "header": header})))
    return rows
