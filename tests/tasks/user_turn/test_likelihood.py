"""Likelihood of stored turns: what is asked of the server, and what the values are made of."""

import json
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import score
from inspect_ai.log import EvalLog
from inspect_ai.model import Model, get_model

from interplay.scorers.likelihood import likelihood
from interplay.solvers.user_tokenizers import load_tokenizer
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.user_turn import user_turn_likelihood
from interplay.tasks.user_turn.contexts import smoke
from interplay.tasks.user_turn.runs import model_args
from tests.solvers.user_turn.characters import character_tokenizer, golden_rows
from tests.solvers.user_turn.loopback import Choice, Loopback, completion, serving

from .playing import played, record_of, samples, values

ROOT = Path(__file__).parents[2]


@pytest.fixture
def tokenizer(tmp_path: Path) -> Path:
    """A folder with a character tokenizer and the template of Qwen3."""
    row = next(row for row in golden_rows() if row.template == "qwen3")
    text = (ROOT / "solvers" / "user_turn" / "templates" / "qwen3.jinja").read_text(encoding="utf-8")
    folder = tmp_path / "tokenizer"
    character_tokenizer(text, row.specials, row.eos).save_pretrained(folder)
    (folder / "generation_config.json").write_text(json.dumps({"eos_token_id": [1]}), encoding="utf-8")
    return folder


def answer(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Log-probabilities that tell positions apart: -1 a token, and -2 where the prompt is of odd length."""
    ids = body["prompt"]
    each = -2.0 if len(ids) % 2 else -1.0
    found = [None, *({str(i): {"logprob": each, "rank": 1, "decoded_token": "x"}} for i in ids[1:])]
    return 200, completion(body, Choice("x", "length", found))


def served(server: Loopback) -> Model:
    return get_model("openai-api-completions/local/tiny", base_url=server.url, api_key="none", memoize=False)


def run(server: Loopback, tokenizer: Path, folder: Path) -> EvalLog:
    return played(user_turn_likelihood(preset="smoke", tokenizer=str(tokenizer)), folder, served(server))


def test_values_are_differences_of_what_the_server_returned(tokenizer: Path, tmp_path: Path) -> None:
    with serving() as server:
        server.answer = answer
        log = run(server, tokenizer, tmp_path / "logs")
        bodies = server.bodies
    assert len(bodies) == 9 * 6
    assert {(b["max_tokens"], b["temperature"], b["prompt_logprobs"]) for b in bodies} == {(1, 0.0, 1)}
    for sample, value in zip(samples(log), values(log, "likelihood"), strict=True):
        at = record_of(sample).likelihood
        assert set(at) == {"next", "next_other", "query", "end", "drift", "follow_up"}
        assert set(at.values()) <= {-1.0, -2.0}
        assert value == {
            "grounding_gain": at["next"] - at["next_other"],
            "nll_next": -at["next"],
            "copy_margin": at["query"] - at["next"],
            "logp_end": at["end"],
            "drift_margin": at["drift"] - at["follow_up"],
        }


@pytest.mark.slow
def test_the_target_is_the_stored_turn_and_the_end_of_the_turn(tokenizer: Path, tmp_path: Path) -> None:
    with serving() as server:
        server.answer = answer
        run(server, tokenizer, tmp_path / "logs")
        prompts = [tuple(body["prompt"]) for body in server.bodies]
    ids = load_tokenizer(str(tokenizer)).ids
    for context in smoke():
        ends = tuple(ids(f"{context.next_turn}<|im_end|>"))
        assert sum(prompt[-len(ends) :] == ends for prompt in prompts) == 2
        own = tuple(ids(f"{context.reply}<|im_end|>\n<|im_start|>user\n")) + ends
        assert sum(prompt[-len(own) :] == own for prompt in prompts) == 1


@pytest.mark.slow
def test_a_server_that_returns_too_few_values_leaves_the_sample_unscored(
    tokenizer: Path, tmp_path: Path
) -> None:
    with serving() as server:
        log = run(server, tokenizer, tmp_path / "logs")
    assert {(sample.scores or {})["likelihood"].reason for sample in samples(log)} == {"no_logprobs"}


@pytest.mark.slow
def test_a_stored_log_is_scored_to_the_same_again(tokenizer: Path, tmp_path: Path) -> None:
    with serving() as server:
        server.answer = answer
        log = run(server, tokenizer, tmp_path / "logs")
    again = score(log, likelihood(), action="overwrite", model="none/none", display="none")
    before = [(sample.scores or {})["likelihood"].value for sample in samples(log)]
    assert [(sample.scores or {})["likelihood"].value for sample in again.samples or []] == before


@pytest.mark.slow
def test_providers_without_prompt_log_probabilities_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match="provider 'openai' takes chat messages only"):
        model_args("user_turn_likelihood", "openai/gpt-5")
    log = played(user_turn_likelihood(preset="smoke"), tmp_path, "reference/curious")
    assert log.error is not None
    assert "'reference' returns no log-probabilities of the prompt" in log.error.message


@pytest.mark.slow
def test_a_prompt_that_does_not_fit_leaves_the_sample_unscored(tokenizer: Path, tmp_path: Path) -> None:
    with serving() as server:
        server.answer = lambda body: (400, {"error": {"message": "This model's maximum context length is 8"}})
        log = run(server, tokenizer, tmp_path / "logs")
    assert {(sample.scores or {})["likelihood"].reason for sample in samples(log)} == {"context_too_long"}
