"""Texts of partners: rendered to the sentence, written and read to the byte, dealt out evenly."""

import hashlib
import json
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.hedge_rules import hedging
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.recipe_chains.arguments import Chains
from interplay.tasks.recipe_chains.dataset import Parts, frame_text, message_parts, parts_of, samples_of
from interplay.tasks.recipe_chains.openers import GROUPS, openers
from interplay.tasks.recipe_chains.panel import REFERENCE, checkpoint, panel, short_name
from interplay.tasks.recipe_chains.partner_texts import (
    CONTROLLED,
    DOSES,
    FIELDS,
    PartnerText,
    controlled_texts,
    digest,
    partner_sets,
    partner_texts,
    read_texts,
    written,
)
from interplay.tasks.recipe_chains.rendering import CLAIMS, PREFIXES, STOCK, hx, render, without_prefixes

SOME = settings(max_examples=40)
keys = st.text(max_size=12)
points = st.sampled_from([opener.points for opener in openers()])
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SEPARATORS = "\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e\r"
"""What Python's `splitlines` ends a line at, beside the line feed."""


@SOME
@given(points, st.integers(0, CLAIMS), keys)
def test_a_rendering_has_six_sentences_of_which_exactly_so_many_hedge(claims, n: int, key: str) -> None:
    text = render(claims, n, key)
    found = hedging(text)
    assert found is not None
    assert found.hedged_share == n / CLAIMS
    sentences = text.split(". ")
    assert len(sentences) == CLAIMS
    assert text.endswith(".")
    assert sum(any(s.lower().startswith(p.lower()) for p in PREFIXES) for s in sentences) == n


@SOME
@given(points, st.integers(0, CLAIMS), st.integers(0, CLAIMS), keys)
def test_doses_of_one_key_say_the_same_claims_in_the_same_order(claims, n: int, m: int, key: str) -> None:
    assert without_prefixes(render(claims, n, key)) == without_prefixes(render(claims, m, key))
    assert without_prefixes(render(claims, n, key)) == render(claims, 0, key)


@SOME
@given(points, keys)
def test_more_hedges_keep_those_that_are_there(claims, key: str) -> None:
    plain = render(claims, 0, key).split(". ")
    hedged = [
        {i for i, s in enumerate(render(claims, n, key).split(". ")) if s.rstrip(".") != plain[i].rstrip(".")}
        for n in range(CLAIMS + 1)
    ]
    assert [len(places) for places in hedged] == list(range(CLAIMS + 1))
    assert all(fewer < more for fewer, more in pairwise(hedged))


def test_stock_claims_fill_up_and_none_comes_twice() -> None:
    text = render((), 0, "any")
    assert sorted(text.removesuffix(".").lower().split(". ")) == sorted(STOCK)
    with pytest.raises(AssertionError, match="7 hedged sentences of 6"):
        render((), 7, "any")


def test_a_number_of_parts_is_that_of_the_hash_of_them_joined() -> None:
    expected = int(hashlib.sha256(b"a\x1f1\x1fNone").hexdigest()[:16], 16)
    assert hx("a", 1, None) == expected
    assert hx("a", 11) != hx("a1", 1), "parts are kept apart"


def rows(**changes: str) -> list[PartnerText]:
    """One text to each opener of the package, as one checkpoint wrote them."""
    fields = {"text": "About it.", "partner": "mine", "model": "m/x", "config": "{}", "frame": "neutral"}
    fields |= changes
    fields["sha256"] = digest(fields["text"])
    return [PartnerText(opener_id=opener.id, repeat=1, **fields) for opener in openers()]


@SOME
@given(anything, anything)
def test_texts_are_read_as_they_were_written_whatever_they_hold(text: str, config: str) -> None:
    written_rows = rows(text=text, config=config)
    content = written(written_rows)
    assert list(read_texts(content, "mine.jsonl")) == written_rows
    assert written(read_texts(content, "mine.jsonl")) == content
    assert content.count("\n") == len(written_rows)


@pytest.mark.parametrize("mark", SEPARATORS, ids=[f"U+{ord(c):04X}" for c in SEPARATORS])
def test_a_separator_inside_a_text_does_not_end_its_row(mark: str) -> None:
    odd = rows(text=f"One{mark}two.")
    assert list(read_texts(written(odd), "mine.jsonl")) == odd


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("text", 5, "mine.jsonl row 1 has text 5; harvest the file anew."),
        ("text", None, "mine.jsonl row 1 has text None; harvest the file anew."),
        ("repeat", "1", "mine.jsonl row 1 has repeat '1'; harvest the file anew."),
        ("repeat", True, "mine.jsonl row 1 has repeat True; harvest the file anew."),
        ("opener_id", ["F01"], "mine.jsonl row 1 has opener_id ['F01']; harvest the file anew."),
        ("sha256", "0" * 64, "mine.jsonl row 1 (F01) does not match its SHA-256; harvest the file anew."),
        ("text", "changed", "mine.jsonl row 1 (F01) does not match its SHA-256; harvest the file anew."),
        ("more", 1, f"mine.jsonl row 1 has not the fields {', '.join(FIELDS)}; harvest the file anew."),
    ],
)
def test_a_row_that_is_wrong_is_named(field: str, value: object, said: str) -> None:
    lines = written(rows()).splitlines()
    lines[0] = json.dumps(json.loads(lines[0]) | {field: value})
    with pytest.raises(UserMistake) as refused:
        read_texts("\n".join(lines), "mine.jsonl")
    assert refused.value.message == said


def test_a_text_that_comes_twice_is_named_and_another_frame_or_repeat_is_another_text() -> None:
    first = rows()
    others = [first[0]._replace(frame="forum"), first[0]._replace(repeat=2), first[0]._replace(partner="b")]
    assert list(read_texts(written([*first, *others]), "mine.jsonl")) == [*first, *others]
    with pytest.raises(UserMistake) as refused:
        read_texts(written([*first, first[3]]), "mine.jsonl")
    said = f"row {len(first) + 1} repeats text 1 of mine on {first[3].opener_id}; keep one of the two."
    assert refused.value.message == f"mine.jsonl {said}"


def test_a_controlled_text_has_one_of_the_three_doses() -> None:
    with pytest.raises(UserMistake) as refused:
        read_texts(written(rows(partner=CONTROLLED)), "mine.jsonl")
    assert refused.value.message == ("mine.jsonl row 1 is a controlled text of dose 1; give another partner.")


def test_a_file_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    with pytest.raises(UserMistake) as refused:
        Chains(partners=str(file))
    assert refused.value.message == (
        f"partners={file}: there is no such file; run `interplay recipe harvest`."
    )
    file.write_bytes(b'{"text": "caf\xe9"}\n')
    with pytest.raises(UserMistake) as refused:
        Chains(partners=str(file))
    assert refused.value.message == "mine.jsonl is no UTF-8 text; harvest the file anew."
    with pytest.raises(UserMistake) as refused:
        Chains(partners="panel-nobody")
    assert refused.value.message == (
        f"partners=panel-nobody: there are {', '.join(partner_sets())}; for texts of a checkpoint run "
        "`interplay recipe harvest`."
    )


@pytest.mark.parametrize("content", ["", "\n", "null\n", "[]\n", '"text"\n'])
def test_a_file_without_rows_is_refused(content: str) -> None:
    with pytest.raises(UserMistake, match=r"^mine\.jsonl "):
        read_texts(content, "mine.jsonl")


def test_the_committed_file_is_written_to_the_byte_and_read_by_people() -> None:
    folder = files("interplay.tasks.recipe_chains") / "partner_texts"
    assert (folder / f"{CONTROLLED}.jsonl").read_bytes() == written(controlled_texts(openers())).encode()
    assert "Café 名前" in written(rows(text="Café 名前")), "letters stand as they are"


def test_controlled_texts_are_three_doses_of_every_opener() -> None:
    found = controlled_texts(openers())
    assert [(row.opener_id, DOSES[row.repeat]) for row in found] == [
        (opener.id, dose) for opener in openers() for dose in ("flat", "mixed", "hedged")
    ]
    assert {row.partner for row in found} == {CONTROLLED}
    assert CONTROLLED in partner_sets()
    assert partner_texts(CONTROLLED) is partner_texts(CONTROLLED)


@SOME
@given(st.integers(1, len(openers())))
def test_openers_are_dealt_as_evenly_as_they_come(n: int) -> None:
    chosen = Chains(n_openers=n).chosen
    assert len(chosen) == n
    assert list(chosen) == [opener for opener in openers() if opener in chosen], "in the order of the file"
    counts = dict.fromkeys(((group, u) for group in GROUPS.values() for u in ("low", "high")), 0)
    for opener in chosen:
        counts[opener.group, opener.uncertainty] += 1
    assert max(counts.values()) - min(counts.values()) <= 1
    if n > 1:
        assert set(Chains(n_openers=n - 1).chosen) < set(chosen), "one more keeps those that were there"


@SOME
@given(anything, anything, anything)
def test_an_input_comes_apart_as_it_was_put_together(system: str, topic: str, text: str) -> None:
    parts = Parts(system, topic, text)
    assert parts_of(parts.rendered) == parts


def test_a_text_may_show_the_marks_that_stand_before_it() -> None:
    parts = Parts("system", "topic", "It said:\n\n=== partner ===\nhello\n\n=== topic ===\nme")
    assert parts_of(parts.rendered) == parts
    assert len(message_parts()) == 3
    assert len({frame_text(frame) for frame in ("neutral", "forum", "review")}) == 3


@pytest.mark.parametrize(
    ("args", "partners", "doses"),
    [
        ({}, {"controlled"}, {"flat", "mixed", "hedged"}),
        ({"partners": "none"}, {"none"}, {None}),
        ({"mode": "live"}, {"live"}, {None}),
        ({"mode": "swap", "n_openers": 2}, {"controlled"}, {"flat", "mixed", "hedged"}),
    ],
)
def test_samples_say_whose_text_is_answered(args: dict, partners: set[str], doses: set) -> None:
    chains = Chains(**args)
    samples = samples_of(chains)
    assert len(samples) == chains.samples
    assert {(s.metadata or {})["partner"] for s in samples} == partners
    assert {(s.metadata or {})["dose"] for s in samples} == doses
    for sample in samples:
        meta = sample.metadata or {}
        assert parts_of(str(sample.input)).system == frame_text("neutral")
        assert (meta["partner_share"] is not None) == (meta["repeat"] is not None)
        if meta["repeat"] is not None:
            assert meta["partner_share"] == meta["repeat"] / CLAIMS


def test_texts_of_a_checkpoint_are_answered_under_the_frame_they_were_written_in(tmp_path: Path) -> None:
    file = tmp_path / "panel-mine.jsonl"
    forum = [row._replace(frame="forum", repeat=2) for row in rows()]
    file.write_text(written([*rows(), *forum]), encoding="utf-8")
    assert {row.frame for row in Chains(partners=str(file)).texts} == {"neutral"}
    assert {row.frame for row in Chains(partners=str(file), frame="forum").texts} == {"forum"}
    few = Chains(partners=str(file), n_openers=3)
    assert [row.opener_id for row in few.texts] == [opener.id for opener in few.chosen]


def test_the_panel_names_each_checkpoint_once() -> None:
    found = panel()
    assert len({c.id for c in found}) == len({c.model for c in found}) == len(found)
    assert REFERENCE in {c.id for c in found}
    for one in found:
        assert checkpoint(one.model) is one
        assert checkpoint(f"vllm/{one.model}") is one
        assert checkpoint(f"x{one.model}") is None
        assert short_name(f"hf/{one.model}") == one.id
        assert one.params_b > 0
    ladders = [c for c in found if c.stage is not None]
    assert len({(c.base, c.stage) for c in ladders}) == len(ladders), "a stage of a base comes once"


@pytest.mark.parametrize(
    ("model", "name"),
    [("openai/gpt-5", "gpt-5"), ("vllm/Acme/Big-Model", "acme-big-model"), ("plain", "plain")],
)
def test_another_model_is_called_by_its_own_name_fit_for_a_file(model: str, name: str) -> None:
    assert checkpoint(model) is None
    assert short_name(model) == name
