"""The bundled contexts: what they have to hold, their ids and order, and the donors drawn from them."""

import json
from collections import Counter
from hashlib import sha256

import pytest

from interplay.tasks.user_turn.bundled import PATH
from interplay.tasks.user_turn.checkers import correct, is_met, numbers_of, words
from interplay.tasks.user_turn.context import Context, context_id
from interplay.tasks.user_turn.contexts import load, smoke
from interplay.tasks.user_turn.donors import donors

BUNDLED = load("bundled")
DOMAINS = ("maths", "instruct", "conversation")


def of(domain: str) -> list[Context]:
    return [context for context in BUNDLED if context.domain == domain]


def is_right(context: Context) -> bool:
    assert context.reply is not None
    return correct(context.check, context.target, context.reply, context.meta) == 1


def test_there_are_twenty_a_domain_each_with_a_reply_and_a_next_turn():
    assert Counter(context.domain for context in BUNDLED) == dict.fromkeys(DOMAINS, 20)
    assert len({context.query for context in BUNDLED}) == 60
    for context in BUNDLED:
        assert context.dataset == "bundled"
        assert context.id == context_id("bundled", context.messages)
        assert context.next_turn
        assert context.next_turn.strip() == context.next_turn
        assert context.reply
        assert len(context.reply.split()) >= 15


def test_the_file_is_canonical_lines_in_the_fixed_order():
    content = PATH.read_bytes()
    lines = content.decode().removesuffix("\n").split("\n")
    for line, context in zip(lines, BUNDLED, strict=True):
        assert line == json.dumps(json.loads(line), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert Context.model_validate_json(line) == context
    hashes = [sha256(f"user_turn/1/{context.id}".encode()).hexdigest() for context in BUNDLED]
    assert hashes == sorted(hashes)


def test_maths_has_numbers_of_which_five_are_wrong():
    maths = of("maths")
    assert {context.check for context in maths} == {"number"}
    assert sum(not is_right(context) for context in maths) == 5
    assert all(40 <= words(context.reply or "") <= 120 for context in maths)
    assert all(numbers_of(context.reply or "") for context in maths)


def test_instructions_are_one_or_two_constraints_of_which_four_replies_break_one():
    instruct = of("instruct")
    names = {part.partition(":")[0] for context in instruct for part in (context.check or "").split()}
    assert names == {
        "max_words",
        "min_words",
        "exact_sentences",
        "bullets",
        "must_include",
        "must_not_include",
        "json_object",
        "all_lowercase",
    }
    broken: list[int] = []
    for context in instruct:
        constraints = (context.check or "").split()
        assert 1 <= len(constraints) <= 2
        broken.append(sum(not is_met(constraint, context.reply or "") for constraint in constraints))
        assert is_right(context) == (broken[-1] == 0)
    assert sorted(broken) == [0] * 16 + [1] * 4


def test_conversations_have_no_check_and_six_contexts_an_earlier_exchange():
    assert all(context.check is None and context.target is None for context in of("conversation"))
    roles = Counter(tuple(message.role for message in context.messages) for context in BUNDLED)
    assert roles == {("user",): 54, ("user", "assistant", "user"): 6}
    assert sum((context.reply or "").endswith("?") for context in BUNDLED) == 12


def test_smoke_is_the_first_three_of_each_domain_in_the_fixed_order():
    chosen = smoke()
    assert Counter(context.domain for context in chosen) == dict.fromkeys(DOMAINS, 3)
    for domain in DOMAINS:
        assert [context for context in chosen if context.domain == domain] == of(domain)[:3]
    assert [BUNDLED.index(context) for context in chosen] == sorted(map(BUNDLED.index, chosen))


def test_a_limit_takes_a_prefix():
    assert load("bundled", 7) == BUNDLED[:7]
    assert load("bundled", 100) == BUNDLED


@pytest.mark.parametrize("domain", DOMAINS)
def test_donors_are_five_replies_of_the_domain_but_never_ones_own(domain):
    replies = {context.reply for context in of(domain)}
    firsts: set[str] = set()
    for context in of(domain):
        drawn = donors(context.id, domain)
        assert len(set(drawn)) == 5
        assert set(drawn) <= replies - {context.reply}
        firsts.add(drawn[0])
    assert len(firsts) > 5


def test_the_order_of_donors_belongs_to_the_context():
    asked = "gsm8k-0123456789ab"
    others = sorted(of("maths"), key=lambda donor: sha256(f"{asked}{donor.id}".encode()).hexdigest())
    assert donors(asked, "maths") == tuple(donor.reply for donor in others[:5])
    assert donors(asked, "maths") != donors("gsm8k-ba9876543210", "maths")
