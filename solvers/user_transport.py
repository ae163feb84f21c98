"""How a rendered prompt reaches a model: as token ids or as text, and what each server must be told.

| provider | prompt |
| --- | --- |
| `vllm-completions/…`, `openai-api-completions/<service>/…` | token ids, never tokenised again |
| `hf/…` | text, tokenised as it is; for small models |
| `reference/…`, `mockllm/…` | text of the plain template |

Chat endpoints cannot open the user role: templates that trim messages would lose the line break after the
header.
"""

import hashlib
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from inspect_ai.model import ChatMessageUser, GenerateConfig, Model, ModelName, ModelOutput

from interplay.solvers.user_record import Elicitation, Render
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.user_turn.context import Msg

from .reasoning import STARTS
from .user_rendering import ChatTemplate, Rendered
from .user_reply import RawReply

COMPLETIONS = ("vllm-completions", "openai-api-completions")
PLAIN = ("reference", "mockllm")
TURN_TOKENS = 256
TOO_LONG = re.compile(
    r"context (length|window|size)|context_length|maximum model length|max_model_len|longer than the maximum",
    re.IGNORECASE,
)
"""How servers refuse a prompt that does not fit."""
NO_COMPLETIONS = "does not support /v1/completions"
SERVE_IT = "use 'user_turn_prompted', or serve the weights and use vllm-completions/<model>"


class ContextTooLong(Exception):
    """The prompt and the turn do not fit into the model's context window."""


class Sampled(NamedTuple):
    """One text that a model wrote.

    Attributes:
        finish: Why the server says that it stopped.
        seed: As it was sent.
        tokens: Length, None where the server gives only that of several texts together.
    """

    raw: str
    finish: str | None
    seed: int | None
    tokens: int | None = None


class Transport(ABC):
    """A model that takes rendered prompts.

    Args:
        model: The model.
        template: Its chat template.
        server: Dialect of a completions server, None where there is none.
    """

    kind: Literal["ids", "text"]

    def __init__(self, model: Model, template: ChatTemplate, server: str | None = None) -> None:
        self.model = model
        self.template = template
        self.server = server

    @property
    def specials(self) -> Sequence[str]:
        """Structural tokens of the template, the longest first."""
        return self.template.specials

    async def turns(
        self,
        prefix: str,
        rendered: Rendered,
        temperature: float,
        k: int,
        seed: int,
        max_tokens: int = TURN_TOKENS,
    ) -> list[Sampled]:
        """What the model writes after the prompt, up to and including a stop token where the server shows it.

        Args:
            prefix: The prompt.
            rendered: What ends a turn there.
            temperature: 0 for the most likely turn.
            k: Number of turns; a server may return fewer.
            seed: Of the first turn.
            max_tokens: Length of a turn.

        Raises:
            ContextTooLong: prompt and turn do not fit.
            UserMistake: the server takes no raw prompts.
        """
        return await self.write(prefix, rendered.stop, temperature, k, seed, max_tokens)

    async def assistant(self, messages: Sequence[Msg], max_tokens: int) -> RawReply:
        """The model's reply to a conversation at temperature 0.

        Where the template itself opens the block of reasoning, the mark stands in front of the text.

        Raises:
            ContextTooLong: prompt and reply do not fit.
            RenderError: the template fails.
            UserMistake: the server takes no raw prompts.
        """
        prompt = self.template.reply_prompt(messages)
        replies = await self.write(prompt, self.template.tokenizer.eos, 0.0, 1, 0, max_tokens)
        if not replies:
            return RawReply("", None, 0)
        reply = replies[0]
        opened = next((mark for mark in STARTS if prompt.rstrip().endswith(mark)), "")
        return RawReply(opened + reply.raw, reply.finish, reply.tokens or 0)

    async def logprobs(self, prefix_ids: Sequence[int], target_ids: Sequence[int]) -> list[float] | None:
        """Log-probabilities in nats of target tokens after a prompt, None where the server returns too few.

        Raises:
            ContextTooLong: prompt and target do not fit.
            UserMistake: the provider has none to return.
        """
        raise UserMistake(
            f"user_turn_likelihood: '{self.described_provider}' returns no log-probabilities of the prompt; "
            "serve the weights and use vllm-completions/<model>, or openai-api-completions/<service>/<model> "
            "with -T server=sglang."
        )

    @property
    def described_provider(self) -> str:
        """Provider and dialect, for messages."""
        provider = ModelName(self.model).api
        return provider if self.server is None else f"{provider} with server={self.server}"

    def described(self, rendered: Rendered, elicitation: Elicitation) -> Render:
        """How the user role was opened, for the log."""
        tokenizer = self.template.tokenizer
        return Render(
            elicitation=elicitation,
            transport=self.kind,
            server=self.server,
            tokenizer=tokenizer.name,
            tokenizer_revision=tokenizer.revision,
            template_sha256=sha256(tokenizer.template),
            prefix_sha256=sha256(rendered.prefix),
            header=rendered.header,
            end_marker=rendered.end_marker,
            stop=list(rendered.stop),
            stop_ids=self.template.stop_ids(rendered),
            template_kwargs={name: plain(value) for name, value in self.template.settings.items()},
        )

    @abstractmethod
    async def write(
        self, prompt: str, stop: Sequence[str], temperature: float, k: int, seed: int, max_tokens: int
    ) -> list[Sampled]:
        """Texts after a prompt, each up to a stop token."""

    async def call(self, message: ChatMessageUser, config: GenerateConfig) -> ModelOutput:
        """One call of the model.

        Raises:
            ContextTooLong: the prompt does not fit.
            UserMistake: the server takes no raw prompts.
        """
        try:
            return await self.model.generate([message], config=config)
        except Exception as problem:
            if NO_COMPLETIONS in str(problem):
                raise UserMistake(
                    f"user_turn: the server of '{self.model}' has no /v1/completions, so the user role "
                    f"cannot be opened; {SERVE_IT}."
                ) from problem
            if TOO_LONG.search(str(problem)):
                raise ContextTooLong(str(problem)) from problem
            raise


def samples(output: ModelOutput, seed: int) -> list[Sampled]:
    """The texts that one call returned, without those that a filter answered."""
    tokens = output.usage.output_tokens if output.usage and len(output.choices) == 1 else None
    return [
        Sampled(choice.message.text, choice.stop_reason, seed, tokens)
        for choice in output.choices
        if choice.stop_reason != "content_filter"
    ]


def sha256(text: str) -> str:
    """Hash of a text in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: object) -> str | int | float | bool | None:
    """A setting of a template as the log keeps it; lists and objects as JSON."""
    return value if value is None or isinstance(value, str | int | float | bool) else json.dumps(value)


def transport_for(
    model: Model,
    server: str,
    tokenizer: str | None,
    chat_template: str | None,
    template_kwargs: Mapping[str, object],
) -> Transport:
    """The way to open the user role of a model; the same arguments get the same transport.

    Args:
        model: The evaluated model.
        server: Dialect of a completions server: `vllm`, `sglang` or `llamacpp`.
        tokenizer: `id`, `id@revision` or folder; by default from the name of the model.
        chat_template: File with a template to use in place of the tokenizer's.
        template_kwargs: Given to the template with every rendering.

    Raises:
        EnvironmentProblem: the extra `native` is not installed.
        UserMistake: the provider takes chat messages only, a setting is missing, or there is no tokenizer or
            template.
    """
    return _transport(model, server, tokenizer, chat_template, json.dumps(template_kwargs, sort_keys=True))


@lru_cache(maxsize=8)
def _transport(
    model: Model, server: str, tokenizer: str | None, chat_template: str | None, settings_json: str
) -> Transport:
    from .user_completions import completions_transport
    from .user_text import hub_text_transport, plain_text_transport

    settings: Mapping[str, object] = json.loads(settings_json)
    provider = ModelName(model).api
    refuse_chat_provider(provider)
    if provider in COMPLETIONS:
        return completions_transport(model, provider, server, tokenizer, chat_template, settings)
    if provider == "hf":
        return hub_text_transport(model, tokenizer, chat_template, settings)
    if provider in PLAIN:
        return plain_text_transport(model, tokenizer, chat_template, settings)
    raise AssertionError(f"{provider} is among the raw providers and has no transport")


def refuse_chat_provider(provider: str) -> None:
    """Refuse a provider that takes no raw prompts.

    Raises:
        UserMistake: It takes chat messages only.
    """
    if provider not in (*COMPLETIONS, *PLAIN, "hf"):
        raise UserMistake(
            f"user_turn: provider '{provider}' takes chat messages only, so the user role cannot be opened; "
            f"{SERVE_IT}."
        )
