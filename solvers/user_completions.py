"""Completions servers: prompts as token ids, and the exact fields that each dialect needs on the wire.

Servers fill what is left out from the model's own generation settings, so every sampling value is sent.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias, cast, get_args

from inspect_ai.model import ChatMessageUser, GenerateConfig, Model, ModelOutput
from inspect_ai.util import collect

from interplay.tasks.mistakes import UserMistake

from .user_rendering import ChatTemplate
from .user_tokenizers import load_tokenizer, read_template
from .user_transport import Sampled, Transport, samples

Dialect: TypeAlias = Literal["vllm", "sglang", "llamacpp"]
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)
BODIES: Mapping[Dialect, Mapping[str, object]] = {
    "vllm": {
        "top_k": 0,
        "min_p": 0.0,
        "repetition_penalty": 1.0,
        "skip_special_tokens": False,
        "spaces_between_special_tokens": False,
        "include_stop_str_in_output": True,
    },
    "sglang": {
        "top_k": -1,
        "min_p": 0.0,
        "repetition_penalty": 1.0,
        "skip_special_tokens": False,
        "spaces_between_special_tokens": False,
        "no_stop_trim": True,
    },
    "llamacpp": {"top_k": 0, "min_p": 0.0, "repeat_penalty": 1.0},
}
"""Sampling values and output settings beyond the OpenAI fields."""


class CompletionsTransport(Transport):
    """A completions server. vLLM and SGLang draw k turns in one request, llama.cpp one at a time."""

    kind = "ids"

    def __init__(self, model: Model, template: ChatTemplate, dialect: Dialect) -> None:
        super().__init__(model, template, dialect)
        self.dialect: Dialect = dialect

    async def write(
        self, prompt: str, stop: Sequence[str], temperature: float, k: int, seed: int, max_tokens: int
    ) -> list[Sampled]:
        """Texts after the ids of a prompt. Draws of one request share its seed."""
        ids = self.template.ids(prompt)
        if self.dialect == "llamacpp":
            seeds = range(seed, seed + k)
            outputs = await collect(
                *(self._request(ids, stop, temperature, None, drawn, max_tokens) for drawn in seeds)
            )
        else:
            seeds = [seed]
            outputs = [await self._request(ids, stop, temperature, k, seed, max_tokens)]
        return [text for drawn, output in zip(seeds, outputs, strict=True) for text in samples(output, drawn)]

    async def logprobs(self, prefix_ids: Sequence[int], target_ids: Sequence[int]) -> list[float] | None:
        """Log-probabilities of target tokens, from one request that writes a single token."""
        if self.dialect == "llamacpp":
            return await super().logprobs(prefix_ids, target_ids)
        config = GenerateConfig(max_tokens=1, temperature=0.0, prompt_logprobs=1)
        output = await self.call(ids_message([*prefix_ids, *target_ids]), config)
        found = output.choices[0].prompt_logprobs if output.choices else None
        if found is None or len(found.content) < len(target_ids):
            return None
        return [token.logprob for token in found.content[len(found.content) - len(target_ids) :]]

    async def _request(
        self,
        ids: Sequence[int],
        stop: Sequence[str],
        temperature: float,
        n: int | None,
        seed: int,
        max_tokens: int,
    ) -> ModelOutput:
        body: dict[str, Any] = {**BODIES[self.dialect]}
        as_text = self.dialect == "llamacpp"
        if not as_text:
            body["stop_token_ids"] = self.template.ids_of_tokens(stop)
        config = GenerateConfig(
            max_tokens=max_tokens,
            temperature=temperature,
            top_p=1.0,
            frequency_penalty=0.0,
            presence_penalty=0.0,
            seed=seed,
            num_choices=n,
            stop_seqs=list(stop) if as_text else None,
            extra_body=body,
        )
        return await self.call(ids_message(ids), config)


def ids_message(ids: Sequence[int]) -> ChatMessageUser:
    """A prompt of token ids as the completions providers take it."""
    return ChatMessageUser(content="", metadata={"prompt_token_ids": list(ids)})


def completions_transport(
    model: Model,
    provider: str,
    server: str,
    tokenizer: str | None,
    chat_template: str | None,
    settings: Mapping[str, object],
) -> CompletionsTransport:
    """The transport of a completions server.

    Raises:
        UserMistake: the server is of no known dialect, or there is no tokenizer or template.
    """
    if server not in DIALECTS:
        raise UserMistake(f"server={server}: choose one of {', '.join(DIALECTS)}.")
    if provider == "vllm-completions" and server != "vllm":
        raise UserMistake(
            f"server={server}: vllm-completions speaks vllm; use openai-api-completions/<service>/<model>."
        )
    template = None if chat_template is None else read_template(chat_template)
    source = tokenizer or served_weights(model, provider)
    return CompletionsTransport(model, ChatTemplate(load_tokenizer(source, template), settings), server)


def served_weights(model: Model, provider: str) -> str:
    """The repository whose weights a server runs, without service and adapter."""
    api = cast(Any, model.api)
    return str(api.base_model if provider == "vllm-completions" else api.service_model_name())
