"""Loading, generation and token losses of the mini models.

A prompt becomes `<u> prompt <a>`; one that begins with `<u>` is taken as it stands. Tokens are the words of
the folder's tokenizer. Each request has a seed of its own and is drawn by inverting the cumulative
distribution at the n-th uniform number of that seed, so a batch gives what its members give alone, up to
rounding. torch and transformers are imported on first use.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from interplay.tasks.mistakes import EnvironmentProblem, UserMistake

from .words import ASSISTANT, END, USER

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer
    from transformers import LlamaForCausalLM

Device = Literal["auto", "cpu", "cuda"]
ROWS_AT_ONCE = 256
POSITIONS = 512
READABLE = 0o644


class Example(NamedTuple):
    """One training or scoring pair; the loss counts the answer and the end mark."""

    prompt: str
    answer: str


class Sampling(NamedTuple):
    """How tokens are drawn; temperature 0 takes the most likely one, top_k 0 and top_p 1 cut nothing."""

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0


GREEDY = Sampling(temperature=0.0)


@dataclass
class Loaded:
    """A model folder in memory."""

    model: "LlamaForCausalLM"
    tokenizer: "Tokenizer"

    def ids(self, text: str) -> list[int]:
        """The token ids of a text."""
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def text(self, ids: Sequence[int]) -> str:
        """The words of token ids, special tokens included."""
        return " ".join(self.tokenizer.id_to_token(i) or "" for i in ids)

    @property
    def end(self) -> int:
        """The id of the end mark."""
        found = self.tokenizer.token_to_id(END)
        if found is None:
            raise UserMistake(f"tokenizer without {END}; keep the words of the base model.")
        return found


def load(folder: Path, device: Device = "auto") -> Loaded:
    """The model and tokenizer of a folder.

    Raises:
        UserMistake: the folder is missing or does not hold a model that can be loaded.
        EnvironmentProblem: torch and transformers are not installed.
    """
    # A missing path would be looked up on the hub, with retries.
    for name in ("config.json", "tokenizer.json"):
        if not (folder / name).is_file():
            raise UserMistake(f"model {folder}: there is no {name}; save the whole folder.")
    try:
        import torch
        from tokenizers import Tokenizer
        from transformers import LlamaForCausalLM
        from transformers.utils import logging
    except ImportError as problem:
        raise EnvironmentProblem(
            f"{problem.name} is not installed; run pip install 'interplay[posttrain]'."
        ) from problem
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        model = LlamaForCausalLM.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=torch.float32
        )
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    # Whatever is wrong with a file of the agent's is the agent's mistake; the libraries raise many kinds.
    except Exception as problem:
        said = " ".join(str(problem).split())[:300]
        raise UserMistake(f"model {folder}: it cannot be loaded ({said}); save it again.") from problem
    if device == "cuda" and not torch.cuda.is_available():
        raise EnvironmentProblem("device=cuda: torch sees no GPU here; use device=cpu.")
    where = "cuda" if device != "cpu" and torch.cuda.is_available() else "cpu"
    torch.nn.Module.to(model.eval(), where)
    return Loaded(model, tokenizer)


def save(loaded: Loaded, folder: Path, generation: Mapping[str, object] | None = None) -> None:
    """Write weights, config, generation config and tokenizer as a Hugging Face folder."""
    from transformers import GenerationConfig

    from .tokens import CHAT_TEMPLATE, SPECIAL_TOKENS

    folder.mkdir(parents=True, exist_ok=True)
    if generation is not None:
        loaded.model.generation_config = GenerationConfig(**dict(generation))
    loaded.model.save_pretrained(folder)
    (folder / "model.safetensors").chmod(READABLE)
    loaded.tokenizer.save(str(folder / "tokenizer.json"))
    facts = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": POSITIONS, **SPECIAL_TOKENS}
    (folder / "tokenizer_config.json").write_text(f"{json.dumps(facts, indent=2)}\n", encoding="utf-8")
    (folder / "chat_template.jinja").write_text(CHAT_TEMPLATE, encoding="utf-8")


def rendered(prompt: str) -> str:
    """The prompt in the template of the mini models, up to where the answer begins."""
    return prompt if prompt.startswith(USER) else f"{USER} {prompt} {ASSISTANT}"


def served_sampling(folder: Path) -> Sampling:
    """What the folder's `generation_config.json` asks for; temperature 1 where it says nothing.

    Raises:
        UserMistake: a value is no number, or out of range.
    """
    path = folder / "generation_config.json"
    if not path.is_file():
        return Sampling()
    try:
        asked = json.loads(path.read_text(encoding="utf-8"))
        if asked.get("do_sample") is False:
            return GREEDY
        found = Sampling(
            float(1.0 if asked.get("temperature") is None else asked["temperature"]),
            int(asked.get("top_k") or 0),
            float(1.0 if asked.get("top_p") is None else asked["top_p"]),
        )
    except (ValueError, TypeError, AttributeError) as problem:
        raise UserMistake(f"{path}: not a generation config ({problem}); repair or drop it.") from problem
    if not (found.temperature >= 0 and found.top_k >= 0 and 0 < found.top_p <= 1):
        raise UserMistake(f"{path}: {found} is out of range; repair or drop it.")
    return found


def generate(
    folder: Path | Loaded,
    prompts: Sequence[str],
    *,
    sampling: Sampling | None = None,
    seeds: Sequence[int] | None = None,
    max_tokens: int = 64,
    device: Device = "auto",
) -> list[str]:
    """One answer to each prompt, without the end mark.

    Args:
        folder: Model folder, or a model in memory (then `sampling` is greedy by default).
        prompts: User messages, or rendered prompts that begin with `<u>`.
        sampling: None is what the folder's generation config asks for.
        seeds: One number a prompt; needed unless sampling is greedy.
        max_tokens: Most tokens of an answer; prompt and answer have 512 positions.
        device: Where it is computed; `auto` takes a GPU if there is one.

    Raises:
        UserMistake: the model cannot be loaded or a prompt is too long.
    """
    loaded = load(folder, device) if isinstance(folder, Path) else folder
    drawn = sampling or (served_sampling(folder) if isinstance(folder, Path) else GREEDY)
    if drawn.temperature > 0 and (seeds is None or len(seeds) != len(prompts)):
        raise UserMistake(f"seeds: sampling needs one number for each of the {len(prompts)} prompts.")
    groups: dict[int, list[int]] = defaultdict(list)
    encoded = [loaded.ids(rendered(prompt)) for prompt in prompts]
    for i, ids in enumerate(encoded):
        groups[len(ids)].append(i)
    answers = [""] * len(prompts)
    for length, members in groups.items():
        room = min(max_tokens, POSITIONS - length)
        if room <= 0:
            raise UserMistake(f"prompt of {length} words: the model has {POSITIONS} positions; shorten it.")
        for at in range(0, len(members), ROWS_AT_ONCE):
            rows = members[at : at + ROWS_AT_ONCE]
            uniforms = None if drawn.temperature == 0 or seeds is None else _uniforms(seeds, rows, room)
            for row, ids in zip(rows, _continued(loaded, encoded, rows, drawn, uniforms, room), strict=True):
                answers[row] = loaded.text(ids)
    return answers


def _uniforms(seeds: Sequence[int], rows: Sequence[int], n: int) -> list[list[float]]:
    from numpy.random import Generator, Philox

    return [Generator(Philox(key=seeds[row])).random(n).tolist() for row in rows]


def _continued(
    loaded: Loaded,
    encoded: Sequence[Sequence[int]],
    rows: Sequence[int],
    sampling: Sampling,
    uniforms: list[list[float]] | None,
    room: int,
) -> list[list[int]]:
    """The answer tokens of prompts of equal length, each up to its end mark."""
    import torch
    from transformers import DynamicCache

    model, end = loaded.model, loaded.end
    device = model.device
    draws = None if uniforms is None else torch.tensor(uniforms, device=device)
    token = torch.tensor([list(encoded[row]) for row in rows], device=device)
    said: list[list[int]] = [[] for _ in rows]
    open_rows = list(range(len(rows)))
    cache = DynamicCache(config=model.config)
    # transformers 5.20 renamed the argument.
    cache_name = "cache" if "cache" in signature(model.forward).parameters else "past_key_values"
    with torch.inference_mode():
        for step in range(room):
            out = model(input_ids=token, use_cache=True, logits_to_keep=1, **{cache_name: cache})
            chosen = _chosen(out.logits[:, -1], sampling, None if draws is None else draws[:, step])
            for row in list(open_rows):
                picked = int(chosen[row])
                if picked == end:
                    open_rows.remove(row)
                else:
                    said[row].append(picked)
            if not open_rows:
                break
            token = chosen[:, None]
    return said


def _chosen(logits: "torch.Tensor", sampling: Sampling, uniform: "torch.Tensor | None") -> "torch.Tensor":
    """The next token of each row."""
    import torch

    if uniform is None:
        return logits.argmax(-1)
    probabilities = torch.softmax(logits.double() / sampling.temperature, -1)
    if sampling.top_k or sampling.top_p < 1:
        ordered, _ = probabilities.sort(-1, descending=True)
        kept = ordered.shape[-1]
        least = ordered[:, min(sampling.top_k or kept, kept) - 1 :][:, :1]
        if sampling.top_p < 1:
            inside = (ordered.cumsum(-1) - ordered < sampling.top_p).sum(-1, keepdim=True)
            least = torch.maximum(least, ordered.gather(-1, inside - 1))
        probabilities = probabilities.where(probabilities >= least, 0.0)
    total = probabilities.cumsum(-1)
    return torch.searchsorted(total, (uniform[:, None] * total[:, -1:])).squeeze(-1)


def token_losses(folder: Path | Loaded, texts: Sequence[Example], *, device: Device = "auto") -> list[float]:
    """Mean cross-entropy in nats over the answer and its end mark, given the prompt, for each pair."""
    import torch

    loaded = load(folder, device) if isinstance(folder, Path) else folder
    losses: list[float] = []
    with torch.inference_mode():
        for at in range(0, len(texts), ROWS_AT_ONCE):
            ids, labels = batch_of(loaded, texts[at : at + ROWS_AT_ONCE])
            logits = loaded.model(input_ids=ids).logits[:, :-1]
            wanted = labels[:, 1:]
            each = torch.nn.functional.cross_entropy(
                logits.transpose(1, 2), wanted, ignore_index=-100, reduction="none"
            )
            losses += (each.sum(1) / (wanted != -100).sum(1)).tolist()
    return losses


def batch_of(loaded: Loaded, examples: Sequence[Example]) -> "tuple[torch.Tensor, torch.Tensor]":
    """Token ids and labels of pairs, padded on the right; labels are -100 but for answer and end mark."""
    import torch

    rows: list[tuple[list[int], int]] = []
    for example in examples:
        prompt = loaded.ids(rendered(example.prompt))
        rows.append(([*prompt, *loaded.ids(example.answer), loaded.end], len(prompt)))
    longest = max(len(ids) for ids, _ in rows)
    ids = torch.zeros((len(rows), longest), dtype=torch.long)
    labels = torch.full((len(rows), longest), -100)
    for row, (tokens, start) in enumerate(rows):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        labels[row, start : len(tokens)] = ids[row, start : len(tokens)]
    return ids.to(loaded.model.device), labels.to(loaded.model.device)
