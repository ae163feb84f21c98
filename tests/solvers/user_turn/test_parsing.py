"""Where a generated turn ends, how, and what came after it."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.solvers.user_parsing import ROLE_LINE, parse_turn
from interplay.solvers.user_rendering import ChatTemplate, PlainTokenizer, Rendered
from interplay.tasks.user_turn.context import Msg

from .characters import golden_rows

ASKED = (Msg(role="user", content="Q?"),)


@cache
def rendered(template: str) -> Rendered:
    row = next(row for row in golden_rows() if row.template == template)
    return row.chat().render(ASKED, "A.")


PLAIN = ChatTemplate(PlainTokenizer()).render(ASKED, "A.")


@pytest.mark.parametrize(
    ("template", "raw", "finish", "expected"),
    [
        ("qwen3", "Why?<|im_end|>", "stop", ("Why?", "end_of_user", 0)),
        ("qwen3", " Why?\n<|im_end|>\n", "stop", ("Why?", "end_of_user", 0)),
        ("qwen3", "Why?<|im_start|>assistant\nAs I said", "stop", ("Why?", "assistant_header", 4)),
        ("qwen3", "Why?<|endoftext|>", "stop", ("Why?", "special", 0)),
        ("glm4_6", "Why?<|assistant|>", "stop", ("Why?", "assistant_header", 0)),
        ("glm4_6", "Why?<|endoftext|>", "stop", ("Why?", "eos", 0)),
        ("glm4_6", "Why?<|user|>\nAnd then?", "length", ("Why?", "special", 2)),
        ("gpt_oss", "Why?<|end|>", "stop", ("Why?", "end_of_user", 0)),
        ("gpt_oss", "Why?<|return|>", "stop", ("Why?", "eos", 0)),
        ("gpt_oss", "<|channel|>analysis<|message|>The user", "stop", ("", "reasoning", 2)),
        ("mistral_small", "Why?[/INST]Because.</s>", "stop", ("Why?", "end_of_user", 1)),
        ("mistral_small", "Why?</s>", "stop", ("Why?", "eos", 0)),
        ("gemma4", "Why?<turn|>\n<|turn>model\nSo", "stop", ("Why?", "end_of_user", 2)),
        ("qwen3", "<think>\nThe user asked", "length", ("", "reasoning", 3)),
        ("qwen3", "Why?\n</think>\n\nOkay", "length", ("Why?", "reasoning", 1)),
        ("qwen3", "Why?\nassistant\nBecause it is so.<|im_end|>", "stop", ("Why?", "role_line", 4)),
        ("qwen3", "Why?\n  Human:  \nAnd", "length", ("Why?", "role_line", 1)),
        ("qwen3", "Why?\nAI: no", "length", ("Why?\nAI: no", "length", 0)),
        ("qwen3", "Why is the user\nhere?", "length", ("Why is the user\nhere?", "length", 0)),
        ("qwen3", "Why?", "stop", ("Why?", "hidden", 0)),
        ("qwen3", "Why?", "max_tokens", ("Why?", "length", 0)),
        ("qwen3", "Why?", None, ("Why?", "hidden", 0)),
        ("qwen3", "", "stop", ("", "hidden", 0)),
        ("qwen3", "<|im_end|>", "stop", ("", "end_of_user", 0)),
        ("qwen3", "user\nWhy?<|im_end|>", "stop", ("", "role_line", 1)),
    ],
)
def test_terminators(template: str, raw: str, finish: str | None, expected: tuple[str, str, int]) -> None:
    assert tuple(parse_turn(raw, finish, rendered(template))) == expected


def test_the_earliest_terminator_counts() -> None:
    raw = "Why?<|im_end|>\nassistant\nNo.<think>x"
    assert parse_turn(raw, "length", PLAIN) == ("Why?", "end_of_user", 2)
    assert parse_turn(raw.replace("<|im_end|>", ""), "length", PLAIN) == ("Why?", "role_line", 1)


def test_a_role_alone_before_a_token_is_no_turn() -> None:
    assert parse_turn("Assistant<|im_end|>", "stop", PLAIN) == ("", "role_line", 0)
    assert parse_turn("My assistant<|im_end|>", "stop", PLAIN) == ("My assistant", "end_of_user", 0)


def test_longer_structural_tokens_win() -> None:
    nested = PLAIN._replace(specials=("<|im_end|>", "<|im_end|>x"), stop=("<|im_end|>x",))
    assert parse_turn("Why?<|im_end|>x", "stop", nested).terminator == "eos"


@given(st.text(), st.sampled_from(["<|im_end|>", "<|im_start|>", "\nassistant:\n", "<think>"]), st.text())
def test_what_follows_the_terminator_never_reaches_the_turn(turn: str, mark: str, after: str) -> None:
    parsed = parse_turn(turn + mark + after, "stop", PLAIN)
    assert turn.strip().startswith(parsed.text)
    assert not any(token in parsed.text for token in PLAIN.specials)
    assert ROLE_LINE.search(parsed.text) is None
    assert parsed == parse_turn(turn + mark + after, "length", PLAIN)
