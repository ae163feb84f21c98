"""Contexts and what a run of user turns takes: counts by enumeration, ids, and samples read back."""

import hashlib
import json
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.mistakes import NotLoaded, UserMistake
from interplay.tasks.user_turn.arguments import (
    DATASETS,
    FILLED,
    LIKELIHOOD_LIMITS,
    SIZES,
    Instructed,
    Likelihood,
    Probe,
    items,
    template_options,
)
from interplay.tasks.user_turn.bundled import bundled, in_fixed_order
from interplay.tasks.user_turn.checkers import (
    CONSTRAINTS,
    decimal,
    has_word,
    is_json_object,
    sentences,
    words,
)
from interplay.tasks.user_turn.context import Context, Msg, canonical_messages, context_id
from interplay.tasks.user_turn.contexts import load, pinned
from interplay.tasks.user_turn.dataset import context_of, sample_of
from interplay.tasks.user_turn.perturb import ARMS, OTHER_ARMS
from interplay.tasks.user_turn.runs import RAW_TASKS, RECORDS, model_args, run_size, turns_of
from interplay.tasks.user_turn.sources import sources

SOME = settings(max_examples=40)
plain = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
messages = st.lists(st.builds(Msg, role=st.sampled_from(["user", "assistant"]), content=plain), max_size=5)


@SOME
@given(messages, plain)
def test_a_sample_gives_back_its_context(earlier: list[Msg], query: str) -> None:
    said = (*earlier, Msg(role="user", content=query))
    context = Context(id=context_id("coval", said), dataset="coval", domain="conversation", messages=said)
    sample = sample_of(context)
    assert context_of(sample.metadata or {}) == context
    assert sample.input == query == context.query
    assert (sample.metadata or {})["turns"] == len(context.queries)
    assert context.queries[-1] == query


def test_bundled_contexts_are_read_back_with_all_that_is_known_of_them() -> None:
    for context in bundled():
        assert context_of(sample_of(context).metadata or {}) == context
        assert sample_of(context).target == (context.target or "")
        assert context.id == context_id("bundled", context.messages)


@SOME
@given(messages)
def test_an_id_is_the_hash_of_canonical_json(said: list[Msg]) -> None:
    text = canonical_messages(said)
    assert json.loads(text) == [{"role": m.role, "content": m.content} for m in said]
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert context_id("x", said) == f"x-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


@SOME
@given(messages, messages)
def test_other_messages_have_another_id(one: list[Msg], other: list[Msg]) -> None:
    assert (context_id("x", one) == context_id("x", other)) == (one == other)


def test_a_context_without_metadata_is_refused() -> None:
    with pytest.raises(ValueError, match="dataset"):
        context_of({})


@SOME
@given(st.permutations(range(20)))
def test_the_fixed_order_does_not_depend_on_the_given_one(order: list[int]) -> None:
    some = bundled()[:20]
    assert in_fixed_order([some[i] for i in order]) == some


@pytest.mark.parametrize(("preset", "arms", "k"), [*product(FILLED, (None, "cut50", "all"), (None, 1, 7))])
def test_turns_are_counted_as_they_are_drawn(preset: str, arms: str | None, k: int | None) -> None:
    """At temperature 0 once, else k times; every other arm once at 0 and three times at 1."""
    chosen = Probe(preset=preset, arms=arms, k=k)  # pyright: ignore[reportArgumentType]
    drawn = 0
    for arm in chosen.run_arms:
        if arm == "base":
            drawn += sum(1 if t == 0 else (k or FILLED[preset].k) for t in chosen.sampled)  # pyright: ignore[reportArgumentType]
        else:
            drawn += sum(draws for _, draws in OTHER_ARMS)
    assert turns_of(chosen) == drawn
    size = run_size(
        "user_turn", {"preset": preset} | ({"arms": arms} if arms else {}) | ({"k": k} if k else {})
    )
    assert size.calls == 1 + drawn
    assert chosen.run_arms[0] == "base"
    assert [arm for arm in ARMS if arm in chosen.run_arms] == list(chosen.run_arms)


@pytest.mark.parametrize("preset", FILLED)
def test_a_preset_takes_so_many_contexts_of_each_data_set(preset: str) -> None:
    chosen = Probe(preset=preset)  # pyright: ignore[reportArgumentType]
    assert chosen.limits == FILLED[preset].limits  # pyright: ignore[reportArgumentType]
    assert all(count is None or count <= SIZES[name] for name, count in chosen.limits.items())
    assert chosen.samples == sum(count or SIZES[name] for name, count in chosen.limits.items())


@pytest.mark.parametrize(
    ("args", "limits", "samples"),
    [
        ({"datasets": "bundled"}, {"bundled": None}, 60),
        ({"datasets": "bundled", "limit": 5}, {"bundled": 5}, 5),
        ({"datasets": "gpqa,gsm8k"}, {"gpqa": None, "gsm8k": 300}, 198 + 300),
        ({"datasets": ["gpqa"], "limit": 5000}, {"gpqa": 5000}, 198),
        ({"preset": "smoke", "limit": 2}, {"bundled": 2}, 2),
        ({"preset": "smoke", "limit": 100}, {"bundled": 9}, 9),
        ({"preset": "smoke", "datasets": "bundled", "limit": 100}, {"bundled": 100}, 60),
        ({"limit": 7}, {"gsm8k": 7, "ifbench": 7, "healthbench": 7, "coval": 7}, 28),
    ],
)
def test_a_limit_takes_the_place_of_what_the_preset_takes(args: dict, limits: dict, samples: int) -> None:
    chosen = Probe(**args)
    assert chosen.limits == limits
    assert chosen.samples == samples


def test_likelihood_reads_what_has_a_stored_turn() -> None:
    for preset, limits in LIKELIHOOD_LIMITS.items():
        assert Likelihood(preset=preset).limits == limits
        assert set(limits) <= {"bundled", "wildchat"}


def test_temperatures_of_a_preset_that_draws_nothing_twice() -> None:
    assert Instructed(temperatures="default,0").sampled == (0.0, "default")
    assert Probe(temperatures="1.0,1").sampled == (1.0,)
    assert Probe(temperatures="2,0").numbers == (0.0, 2.0)


@SOME
@given(st.lists(st.floats(0, 2), min_size=1, max_size=6))
def test_temperatures_ascend_by_their_value(given_ones: list[float]) -> None:
    found = Probe(temperatures=[float(t) for t in given_ones]).sampled
    assert found == tuple(sorted(set(given_ones)))
    assert Probe(temperatures="0.5,0.00001,-0").sampled == (0.0, 0.00001, 0.5)
    assert str(Probe(temperatures="-0").sampled[0]) == "0.0"


@pytest.mark.parametrize("task", [*RECORDS, *(f"interplay/{task}" for task in RECORDS)])
def test_only_tasks_that_open_the_user_role_ask_something_of_a_provider(task: str) -> None:
    raw = task.removeprefix("interplay/") in RAW_TASKS
    if not raw:
        assert model_args(task, "openai/gpt-5") == {}
        return
    with pytest.raises(UserMistake, match="provider 'openai' takes chat messages only"):
        model_args(task, "openai/gpt-5")
    assert model_args(task, "hf/acme/tiny")


@pytest.mark.parametrize(
    ("given_options", "options"),
    [(None, {}), ({}, {}), ({"a": 1}, {"a": 1}), ('{"enable_thinking": false}', {"enable_thinking": False})],
)
def test_options_of_a_template_are_a_json_object(given_options, options: dict) -> None:
    assert template_options(given_options) == options


@pytest.mark.parametrize("given_options", ["", "thinking", "[1]", "3", "null", "{", '"a"'])
def test_what_is_no_json_object_is_refused(given_options: str) -> None:
    with pytest.raises(UserMistake) as refused:
        template_options(given_options)
    assert refused.value.message == (
        f'template_kwargs={given_options}: expected a JSON object, such as {{"enable_thinking": false}}.'
    )


@pytest.mark.parametrize(
    ("listed", "expected"),
    [("a,b", ["a", "b"]), (" a , ,b,", ["a", "b"]), (["a", " b "], ["a", "b"]), (0.5, ["0.5"]),
     ([0, 1], ["0", "1"]), ("", []), ([], []), ([""], [])],
)  # fmt: skip
def test_a_comma_list_is_read_however_it_comes(listed, expected: list[str]) -> None:
    assert items(listed) == expected


def test_every_data_set_but_the_bundled_one_has_a_source_and_a_size() -> None:
    assert set(sources()) == set(DATASETS) - {"bundled"}
    assert set(SIZES) == set(DATASETS)
    for name, source in sources().items():
        if source.revision:
            assert pinned(name) == source
        else:
            with pytest.raises(NotLoaded, match=f"dataset '{name}' is not pinned"):
                pinned(name)


def test_a_limit_takes_a_prefix_of_the_bundled_contexts() -> None:
    assert load("bundled") == list(bundled())
    assert load("bundled", 7) == list(bundled())[:7]
    assert load("bundled", 1000) == list(bundled())


@SOME
@given(st.lists(st.sampled_from(["word", "it's", "3", "-", "…", "«", "a-b"]), max_size=20))
def test_words_are_runs_with_a_letter_or_digit(runs: list[str]) -> None:
    assert words("  ".join(runs)) == sum(run not in ("-", "…", "«") for run in runs)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0), ("   ", 0), ("One", 1), ("One.", 1), ("One. Two", 2), ("One! Two? Three…", 3),
        ("“One.” Two.", 2), ("Mr. Bell came.", 1), ("At 2.50 it came.", 1), ("One... two.", 2), ("?!", 1),
    ],
)  # fmt: skip
def test_sentences_end_with_their_marks(text: str, count: int) -> None:
    assert sentences(text) == count


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [("A cat.", "cat", True), ("A CAT", "cat", True), ("concat", "cat", False), ("cats", "cat", False),
     ("c++ code", "c++", True), ("naïve", "na", False), ("", "cat", False)],
)  # fmt: skip
def test_a_word_counts_as_a_whole_in_any_case(text: str, word: str, found: bool) -> None:
    assert has_word(text, word) is found
    assert CONSTRAINTS["must_include"](text, word) is found
    assert CONSTRAINTS["must_not_include"](text, word) is not found


@pytest.mark.parametrize(
    ("text", "is_object"),
    [('{"a": 1}', True), ('```json\n{"a": 1}\n```', True), ("```\n{}\n```", True), ("[1]", False),
     ("{", False), ("Here: {}", False), ("```json\n[1]\n```", False), ("", False), ("null", False)],
)  # fmt: skip
def test_an_object_is_the_whole_text_or_its_one_block(text: str, is_object: bool) -> None:
    assert is_json_object(text) is is_object


@pytest.mark.parametrize(
    ("text", "value"), [("1,234.50", "1234.50"), ("−5", "-5"), ("$ 12", "12"), ("-£3", "-3"), ("007", "7")]
)
def test_digits_have_their_value(text: str, value: str) -> None:
    assert decimal(text) == decimal(value)
