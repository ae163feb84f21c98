"""Tokenizers and chat templates of models, loaded with transformers (extra `native`).

Everything here is imported on use: a run that opens no user role never loads transformers.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from interplay.tasks.mistakes import EnvironmentProblem, UserMistake

DATE_MACRO = (
    "{%- macro strftime_now(f) -%}{{ f | replace('%Y','2026') | replace('%m','01') | replace('%d','01')"
    " | replace('%B','January') | replace('%b','Jan') | replace('%A','Thursday') | replace('%H','12')"
    " | replace('%M','00') | replace('%S','00') }}{%- endmacro -%}"
)
"""Makes today 1 January 2026 in templates that print the date."""


class HubTokenizer:
    """A tokenizer of transformers and its chat template, as rendering needs them.

    Args:
        tokenizer: Of transformers.
        name: Where it was found.
        revision: Commit or branch, None for a folder.
        template: Chat template to use in place of the tokenizer's.
        eos_ids: Ids that end a sequence, beside the tokenizer's own.

    Raises:
        UserMistake: it has no chat template.
    """

    def __init__(
        self,
        tokenizer: Any,
        name: str,
        revision: str | None = None,
        template: str | None = None,
        eos_ids: Sequence[int] = (),
    ) -> None:
        text = template if template is not None else default_template(tokenizer)
        if not text:
            raise UserMistake(
                f"user_turn: the tokenizer '{name}' has no chat template; give a file with "
                "-T chat_template=, or the tokenizer of its post-trained sibling with -T tokenizer=."
            )
        self.name = name
        self.revision = revision
        self.template: str = text
        self._tokenizer = tokenizer
        self._filled = DATE_MACRO + text if "strftime_now" in text else text
        added = tokenizer.added_tokens_decoder.values()
        flagged = [token.content for token in added if token.special]
        self.specials: tuple[str, ...] = tuple(dict.fromkeys([*flagged, *tokenizer.all_special_tokens]))
        ends = [tokenizer.convert_ids_to_tokens(number) for number in eos_ids]
        own = [tokenizer.eos_token] if tokenizer.eos_token else []
        self.eos: tuple[str, ...] = tuple(dict.fromkeys([*(end for end in ends if end), *own]))

    def fill(
        self, messages: Sequence[Mapping[str, str]], reply_next: bool, settings: Mapping[str, object]
    ) -> str:
        """The template filled with messages, by `apply_chat_template`."""
        return self._tokenizer.apply_chat_template(
            [dict(message) for message in messages],
            chat_template=self._filled,
            tokenize=False,
            add_generation_prompt=reply_next,
            **settings,
        )

    def ids(self, text: str) -> list[int]:
        """Token ids, none added."""
        return list(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def token_id(self, token: str) -> int | None:
        """Id of a structural token."""
        number = self._tokenizer.convert_tokens_to_ids(token)
        return number if isinstance(number, int) and number != self._tokenizer.unk_token_id else None


def default_template(tokenizer: Any) -> str | None:
    """The template that a tokenizer would use for a conversation without tools."""
    template = tokenizer.chat_template
    if isinstance(template, Mapping):
        template = template.get("default")
    return template if isinstance(template, str) else None


def load_tokenizer(source: str, template: str | None = None) -> HubTokenizer:
    """The tokenizer of a model repository or folder.

    Args:
        source: `id`, `id@revision`, or a folder.
        template: Chat template to use in place of the tokenizer's.

    Raises:
        EnvironmentProblem: transformers is not installed.
        UserMistake: there is no such tokenizer, or it has no chat template.
    """
    try:
        import transformers
    except ImportError as absent:
        raise EnvironmentProblem(
            "user_turn: opening the user role needs the model's tokenizer; pip install 'interplay[native]'."
        ) from absent
    name, revision = split_revision(source)
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(name, revision=revision)
    except (OSError, ValueError, KeyError) as problem:
        raise UserMistake(
            f"user_turn: no tokenizer '{source}' ({first_line(problem)}); name a repository, id@revision or "
            "folder with -T tokenizer=."
        ) from problem
    commit = getattr(tokenizer, "_commit_hash", None) or revision
    return HubTokenizer(tokenizer, name, commit, template, generation_eos(name, revision))


def split_revision(source: str) -> tuple[str, str | None]:
    """`id@revision` in its parts; a folder keeps its name."""
    name, mark, revision = source.rpartition("@")
    if not mark or Path(source).exists():
        return source, None
    return name, revision


def generation_eos(name: str, revision: str | None) -> list[int]:
    """The list `eos_token_id` of `generation_config.json`, empty where there is no such file."""
    from transformers import GenerationConfig

    try:
        settings = GenerationConfig.from_pretrained(name, revision=revision or "main")
    except (OSError, ValueError):
        return []
    return eos_list(settings)


def eos_list(settings: Any) -> list[int]:
    """`eos_token_id` of generation settings as a list."""
    ids = settings.eos_token_id
    if ids is None:
        return []
    return [ids] if isinstance(ids, int) else list(ids)


def read_template(path: str) -> str:
    """A chat template from a file.

    Raises:
        UserMistake: the file can not be read.
    """
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise UserMistake(
            f"user_turn: can not read the chat template '{path}' ({first_line(problem)}); "
            "give a text file with -T chat_template=."
        ) from problem


def first_line(problem: Exception) -> str:
    """What an error of a library says first."""
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0].rstrip(".")
