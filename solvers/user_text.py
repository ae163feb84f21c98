"""Providers that take the rendered prompt as text: scripted players, and small models run by transformers.

The whole prompt is the content of one user message. A Transformers model must pass it on untouched, which
takes the model arguments of `user_model_args`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from inspect_ai.model import ChatMessageUser, GenerateConfig, Model, ModelOutput
from inspect_ai.util import collect

from interplay.tasks.mistakes import UserMistake

from .user_model_args import HF_FLAGS
from .user_rendering import ChatTemplate, PlainTokenizer
from .user_tokenizers import HubTokenizer, eos_list, load_tokenizer, read_template
from .user_transport import ContextTooLong, Sampled, Transport, samples

UNSENT = ("repetition_penalty", "no_repeat_ngram_size", "min_p", "typical_p")
"""Sampling values that the provider does not send: the model's own settings of them are taken back."""
HF_PROBE = " <|x|>\n"


class PlainTextTransport(Transport):
    """Scripted players and mock models, which read the plain template."""

    kind = "text"

    async def write(
        self, prompt: str, stop: Sequence[str], temperature: float, k: int, seed: int, max_tokens: int
    ) -> list[Sampled]:
        """Texts after a prompt, one call each, with seeds in sequence."""
        message = ChatMessageUser(content=prompt)
        texts: list[Sampled] = []
        for drawn in range(seed, seed + k):
            output = await self.call(message, sampling(stop, temperature, drawn, max_tokens))
            texts += samples(output, drawn)
        return texts


class HubTextTransport(Transport):
    """A model run by transformers in this process. Its calls are sent together, to be run as one batch.

    The provider removes structural tokens from what was written and says neither why nor where a text
    stopped, so how a turn ended is `hidden`, or `length` for one as long as allowed.
    """

    kind = "text"

    async def write(
        self, prompt: str, stop: Sequence[str], temperature: float, k: int, seed: int, max_tokens: int
    ) -> list[Sampled]:
        """Texts after a prompt. Seeds are sent but have no effect on this provider."""
        self._must_fit(prompt, max_tokens)
        greedy = temperature == 0
        config = sampling(stop, 1.0 if greedy else temperature, seed, max_tokens).merge(
            GenerateConfig(top_k=1 if greedy else 0)
        )
        message = ChatMessageUser(content=prompt)
        seeds = range(seed, seed + k)
        outputs = await collect(
            *(self.call(message, config.merge(GenerateConfig(seed=drawn))) for drawn in seeds)
        )
        return [
            self._sampled(output, drawn, max_tokens) for drawn, output in zip(seeds, outputs, strict=True)
        ]

    def _must_fit(self, prompt: str, max_tokens: int) -> None:
        window = getattr(cast(Any, self.model.api).model.config, "max_position_embeddings", None)
        needed = len(self.template.ids(prompt)) + max_tokens
        if window is not None and needed > window:
            raise ContextTooLong(f"{needed} tokens, {window} fit.")

    def _sampled(self, output: ModelOutput, seed: int, max_tokens: int) -> Sampled:
        """The provider counts a whole batch, padded to its longest text, so this text is counted here."""
        tokens = len(self.template.ids(output.completion))
        return Sampled(output.completion, "max_tokens" if tokens >= max_tokens else "stop", seed, tokens)


def sampling(stop: Sequence[str], temperature: float, seed: int, max_tokens: int) -> GenerateConfig:
    """Settings of a call that takes stop tokens as text."""
    return GenerateConfig(
        max_tokens=max_tokens, temperature=temperature, top_p=1.0, seed=seed, stop_seqs=list(stop)
    )


def plain_text_transport(
    model: Model, tokenizer: str | None, chat_template: str | None, settings: Mapping[str, object]
) -> PlainTextTransport:
    """The transport of scripted players and mock models.

    Raises:
        UserMistake: a tokenizer, a template or settings of one were given.
    """
    given = {"tokenizer": tokenizer, "chat_template": chat_template, "template_kwargs": settings or None}
    for name, value in given.items():
        if value is not None:
            raise UserMistake(f"{name}={value}: '{model}' reads the plain template; drop -T {name}=.")
    return PlainTextTransport(model, ChatTemplate(PlainTokenizer()))


def hub_text_transport(
    model: Model, tokenizer: str | None, chat_template: str | None, settings: Mapping[str, object]
) -> HubTextTransport:
    """The transport of a model that transformers runs in this process.

    Raises:
        UserMistake: the provider would change the prompt, does not sample, or there is no template.
    """
    api = cast(Any, model.api)
    untouched = api.hf_chat([ChatMessageUser(content=HF_PROBE)], []) == HF_PROBE
    if not untouched or api.tokenizer_call_args.get("add_special_tokens") is not False:
        raise UserMistake(f"user_turn: '{model}' would change the prompt; add {HF_FLAGS}.")
    if not api.do_sample:
        raise UserMistake(f"user_turn: '{model}' was told not to sample; drop -M do_sample=false.")
    for name in UNSENT:
        setattr(api.model.generation_config, name, None)
    template = None if chat_template is None else read_template(chat_template)
    if tokenizer is not None:
        found = load_tokenizer(tokenizer, template)
    else:
        ends = eos_list(api.model.generation_config)
        found = HubTokenizer(api.tokenizer, str(api.model_name), template=template, eos_ids=ends)
    return HubTextTransport(model, ChatTemplate(found, settings))
