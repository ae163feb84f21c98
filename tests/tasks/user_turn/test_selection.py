"""From rows to contexts: what each data set becomes, what is left out and counted, and other layouts."""

from collections.abc import Mapping
from hashlib import sha256
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.user_turn import sources
from interplay.tasks.user_turn.checkers import correct
from interplay.tasks.user_turn.context import Context, Dataset, context_id
from interplay.tasks.user_turn.selection import selection_of

from .source_rows import GSM8K, said, wildchat_row

GPQA = {
    "Record ID": "rec1",
    "Question": "Which one?\n",
    "Correct Answer": " right ",
    "Incorrect Answer 1": "wrong 1",
    "Incorrect Answer 2": "wrong 2",
    "Incorrect Answer 3": "wrong 3",
    "Subdomain": "none",
}
IFBENCH = {
    "key": "0",
    "prompt": "Write three words.",
    "instruction_id_list": ["count:words"],
    "kwargs": [{"N": 3.0, "keyword": None}],
}


def selected(key: Dataset, *rows: Mapping[str, object]) -> tuple[list[Context], Mapping[str, int]]:
    chosen = selection_of(sources.sources()[key], rows)
    return list(chosen.contexts), chosen.skipped


def test_gsm8k_has_the_number_after_the_mark():
    contexts, skipped = selected("gsm8k", *GSM8K, {"question": "None?", "answer": "no mark"}, GSM8K[0])
    assert len(contexts) == 12
    assert {(c.query, c.target) for c in contexts} == {(f"Question {i}?", f"1{i:03d}") for i in range(12)}
    for context in contexts:
        assert (context.dataset, context.domain, context.check) == ("gsm8k", "maths", "number")
        assert context.id == context_id("gsm8k", context.messages)
        assert correct(context.check, context.target, f"So {context.target}.", context.meta) == 1
    hashes = [sha256(f"user_turn/1/{context.id}".encode()).hexdigest() for context in contexts]
    assert hashes == sorted(hashes)
    assert skipped == {"no_answer": 1, "same_query": 1}


def test_gpqa_options_stand_in_an_order_that_the_record_fixes():
    (context,), _ = selected("gpqa", GPQA)
    order = list(permutations(range(4)))[int(sha256(b"rec1").hexdigest(), 16) % 24]
    options = ["right", "wrong 1", "wrong 2", "wrong 3"]
    lines = [f"{letter}) {options[i]}" for letter, i in zip("ABCD", order, strict=True)]
    assert context.query == "\n".join(["Which one?", "", *lines, "", 'Finish with "ANSWER: X".'])
    assert f"{context.target}) right" in lines
    assert (context.domain, context.check) == ("maths", "letter")
    assert correct("letter", context.target, f"ANSWER: {context.target}", {}) == 1


def test_gpqa_answers_are_spread_over_the_letters():
    rows = [GPQA | {"Record ID": f"rec{i}", "Question": f"Which {i}?"} for i in range(200)]
    contexts, _ = selected("gpqa", *rows)
    counts = [sum(context.target == letter for context in contexts) for letter in "ABCD"]
    assert all(30 <= count <= 70 for count in counts)


def test_ifbench_keeps_its_instructions():
    (context,), _ = selected("ifbench", IFBENCH)
    assert (context.query, context.domain, context.check) == ("Write three words.", "instruct", "ifbench")
    assert context.meta == {"instruction_id_list": ["count:words"], "kwargs": [{"N": 3.0}]}


def test_healthbench_has_whole_conversations():
    rows = [
        {"prompt": said("Hello?"), "rubrics": []},
        {"prompt": said("It hurts.", "Where?", "Here.")},
        {"prompt": said("It hurts.", "Where?")},
        {"prompt": said("It hurts.", " ", "Here.")},
        {"prompt": []},
    ]
    contexts, skipped = selected("healthbench", *rows)
    assert {tuple(m.content for m in c.messages) for c in contexts} == {
        ("Hello?",),
        ("It hurts.", "Where?", "Here."),
    }
    assert all((c.domain, c.check, c.reply) == ("conversation", None, None) for c in contexts)
    assert skipped == {"roles": 2, "empty": 1}


def test_coval_leaves_out_system_prompts_and_counts_them():
    system = [{"role": "system", "content": "Be brief."}, *said("Hello?")]
    rows = [{"prompt": {"id": "1", "messages": messages}} for messages in (said("Hi?"), system, said("Hi?"))]
    contexts, skipped = selected("coval", *rows)
    assert [context.query for context in contexts] == ["Hi?"]
    assert skipped == {"roles": 1, "same_query": 1}


def test_wildchat_continues_a_persons_query():
    (context,), _ = selected("wildchat", wildchat_row())
    assert context.query == "How do I boil eggs?"
    assert (context.reply, context.next_turn) == ("word " * 30, "And how long?")
    assert len(context.messages) == 1
    assert context.meta == {"model": "gpt-4-0314"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"language": "French"}, "filter"),
        ({"toxic": True}, "filter"),
        ({"redacted": True}, "filter"),
        ({"turn": 1}, "filter"),
        ({"conversation": said("How do I?", "word " * 30)}, "roles"),
        ({"conversation": said("Boil eggs", "word " * 30, "Why?")}, "filter"),
        ({"conversation": said("word " * 301, "word " * 30, "Why?")}, "filter"),
        ({"conversation": said("How do I?", "word " * 19, "Why?")}, "filter"),
        ({"conversation": said("How do I?", "word " * 601, "Why?")}, "filter"),
        ({"conversation": said("How do I?", "word " * 30, " ")}, "filter"),
        ({"conversation": said("How do I?", "word " * 30, "word " * 201)}, "filter"),
        ({"conversation": [*said("Is it?", "word " * 30), {"role": "user", "content": None}]}, "filter"),
    ],
)
def test_wildchat_leaves_out(changes, reason):
    assert selected("wildchat", wildchat_row(**changes)) == ([], {reason: 1})


def test_wildchat_limits_are_inclusive():
    rows = [
        wildchat_row(conversation=said("a b c", "word " * 20, "y"), hashed_ip="1"),
        wildchat_row(conversation=said("word " * 300, "word " * 600, "word " * 200), hashed_ip="2"),
    ]
    assert len(selected("wildchat", *rows)[0]) == 2


def test_wildchat_takes_one_conversation_a_writer_and_a_query():
    other = said("How do I fry eggs?", "word " * 30, "And how long?")
    shouted = said("HOW DO I BOIL EGGS?", "word " * 30, "And how long?")
    rows = [
        wildchat_row(),
        wildchat_row(conversation=other),
        wildchat_row(conversation=shouted, hashed_ip="bb"),
        wildchat_row(conversation=other, hashed_ip="bb"),
    ]
    contexts, skipped = selected("wildchat", *rows)
    assert {context.query for context in contexts} == {"How do I boil eggs?", "How do I fry eggs?"}
    assert skipped == {"same_writer": 1, "same_query": 1}


@given(st.permutations(GSM8K))
def test_the_order_of_the_rows_does_not_matter(rows):
    source = sources.sources()["gsm8k"]
    assert selection_of(source, rows) == selection_of(source, GSM8K)


@pytest.mark.parametrize(
    ("key", "row", "told"),
    [
        ("gsm8k", {"question": "Q?"}, "has no column 'answer'"),
        ("gpqa", GPQA | {"Record ID": 3}, "another content than expected in row 1, column 'Record ID'"),
        ("ifbench", {"prompt": "Q?", "kwargs": []}, "has no column 'instruction_id_list'"),
        ("healthbench", {"prompt": [{"role": "user"}]}, "has no column 'prompt.0.content'"),
        ("coval", {"prompt": {"id": "1"}}, "has no column 'prompt.messages'"),
        ("wildchat", wildchat_row(turn=None), "another content than expected in row 1, column 'turn'"),
    ],
)
def test_another_layout_is_named_with_the_remedy(key, row, told):
    with pytest.raises(UserMistake, match=told) as caught:
        selected(key, row)
    assert f"dataset '{key}'" in caught.value.message
    assert "-T datasets=" in caught.value.message
