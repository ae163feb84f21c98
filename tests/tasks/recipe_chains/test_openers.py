"""Openers and stored texts: what is refused, and that the committed texts are what the code renders."""

import json

import pytest

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.recipe_chains.openers import openers, read_openers
from interplay.tasks.recipe_chains.partner_texts import (
    controlled_texts,
    partner_texts,
    read_texts,
    written,
)

GOOD = 'F01: [low, "Is it so?", it is so, it was so, it will be so]\n'


def test_openers_are_balanced_over_groups_and_uncertainty():
    counts: dict[tuple[str, str], int] = {}
    for opener in openers():
        counts[opener.group, opener.uncertainty] = counts.get((opener.group, opener.uncertainty), 0) + 1
    assert len(set(counts.values())) == 1
    assert len(counts) == 12
    texts = [opener.text for opener in openers()]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD.replace("F01", "X01"), "X01 is no id; use one of F, A, O, D, E, P and two digits."),
        (GOOD.replace("low", "some"), "F01.uncertainty is 'some'; choose low or high."),
        (GOOD.replace("it was so", "It was so"), "F01.claim 2 is 'It was so'; begin in lower case"),
        (GOOD.replace("it was so", '"it was, so"'), "F01.claim 2 is 'it was, so'"),
        (GOOD.replace(", it will be so", ""), "F01 has not the form"),
        (GOOD.replace("it was so", "it may be so"), "F01.claim 2 hedges with 'may'; say it flatly."),
        (GOOD.replace("Is it so?", "Is it perhaps so?"), "F01.text hedges with 'perhaps'; say it flatly."),
        ("[]", "openers.yaml holds no openers"),
    ],
)
def test_an_entry_that_is_wrong_is_named_with_field_and_words(text: str, message: str):
    with pytest.raises(UserMistake, match="openers") as mistake:
        read_openers(text)
    assert message in str(mistake.value)


def test_the_committed_controlled_texts_are_what_the_code_renders():
    assert list(partner_texts("controlled")) == controlled_texts(openers())


def test_a_changed_text_and_a_missing_opener_are_refused_by_row_and_id():
    rows = controlled_texts(openers())
    lines = written(rows).splitlines()
    changed = json.loads(lines[1]) | {"text": "Another text."}
    with pytest.raises(UserMistake, match=r"mine\.jsonl row 2 \(F01\) does not match its SHA-256"):
        read_texts("\n".join([lines[0], json.dumps(changed), *lines[2:]]), "mine.jsonl")
    with pytest.raises(UserMistake, match=r"mine\.jsonl lacks the openers F01, F02; harvest"):
        read_texts(written([row for row in rows if row.opener_id not in ("F01", "F02")]), "mine.jsonl")
    with pytest.raises(UserMistake, match=r"mine\.jsonl row 1 is no JSON"):
        read_texts("so\n", "mine.jsonl")
    with pytest.raises(UserMistake, match=r"mine\.jsonl row 1 has not the fields"):
        read_texts("{}\n", "mine.jsonl")
