"""The scorer of hedges, reply by reply: what is counted, what is cut, and both replies of a live exchange."""

import math
from importlib.resources import files

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.hedge_rules import MASK, hedges_in, hedging, lexicon, masked
from interplay.scorers.hedge_sentences import sentences, words
from interplay.scorers.hedging import SHOWN, hedging_scorer, is_cut, score_replies
from interplay.solvers.dialogue import Note
from interplay.solvers.reasoning import visible

from .states import scored, told, values, with_notes

few = settings(max_examples=50)

PLAIN = "Tea is a hot drink."
HEDGED = "It may rain here today."
STATEMENTS = st.lists(st.sampled_from([PLAIN, HEDGED]), min_size=1, max_size=9)
RAW = yaml.safe_load((files("interplay.scorers") / "data" / "hedge_lexicon.yaml").read_text("utf-8"))


def note(text: str, seat: int = 2, **more: object) -> Note:
    fields = {"i": 0, "seat": seat, "model": "m", "text": text}
    return Note.model_validate(fields | more)


@few
@given(STATEMENTS)
def test_the_share_is_that_of_the_sentences_that_hedge(parts: list[str]) -> None:
    found = values(score_replies([note(" ".join(parts))]))
    hedged = [part == HEDGED for part in parts]
    assert found["hedged_share"] == pytest.approx(sum(hedged) / len(hedged))
    assert found["hedged_share3"] == pytest.approx(sum(hedged[:3]) / len(hedged[:3]))
    assert found["hedges_per_100w"] == pytest.approx(100 * sum(hedged) / (5 * len(parts)))
    assert (found["sentences"], found["words"], found["truncated"]) == (len(parts), 5 * len(parts), 0)


@few
@given(STATEMENTS, STATEMENTS)
def test_two_replies_count_as_one_text_and_each_is_told(first: list[str], second: list[str]) -> None:
    both = score_replies([note(" ".join(first)), note(" ".join(second))])
    one = score_replies([note(" ".join([*first, *second]))])
    assert values(both) == values(one)
    assert told(both)["turn_1"] == pytest.approx(first.count(HEDGED) / len(first))
    assert told(both)["turn_2"] == pytest.approx(second.count(HEDGED) / len(second))
    assert "turn_1" not in told(one)


def test_the_score_says_how_many_sentences_hedge_and_with_which_words() -> None:
    found = score_replies([note(f"{PLAIN} {HEDGED} I think it holds.")])
    assert found.answer == "0.667"
    assert found.explanation == "2 of 3 sentences hedge."
    assert told(found)["hedges"] == [[1, "modal", "may"], [2, "stance", "I think"]]


def test_no_more_than_a_dozen_hedges_are_kept() -> None:
    found = score_replies([note(" ".join([HEDGED] * (SHOWN + 3)))])
    assert len(told(found)["hedges"]) == SHOWN == 12
    assert values(found)["hedged_share"] == 1


@pytest.mark.parametrize(
    "replies",
    [[], [note("")], [note("Yes.")], [note(PLAIN), note("")], [note("> Perhaps it rains today.")]],
    ids=["none", "empty", "no sentence", "the second empty", "a quotation"],
)
def test_a_reply_without_a_sentence_leaves_the_chain_unscored(replies: list[Note]) -> None:
    found = score_replies(replies)
    assert (found.reason, found.explanation) == (
        "no_response", "No sentence of the speaker can be counted.",
    )  # fmt: skip
    assert isinstance(found.value, float)
    assert math.isnan(found.value)


@pytest.mark.parametrize(
    ("reply", "cut"),
    [
        (note(PLAIN), False),
        (note(PLAIN, flags=["max_tokens"]), True),
        (note(PLAIN, flags=["empty"]), False),
        (note(PLAIN, raw=f"<think>so{PLAIN}"), True),
        (note(PLAIN, raw=f"<think>so</think>{PLAIN}"), False),
        (note(f"{PLAIN} <reasoning>and"), True),
        (note(f"{PLAIN} <thinking>and</think>"), True),
    ],
)
def test_a_reply_is_cut_at_its_limit_or_in_reasoning_without_end(reply: Note, cut: bool) -> None:
    assert is_cut(reply) is cut
    found = score_replies([note(PLAIN), reply])
    assert (found.reason == "truncated") is cut


def test_a_cut_reply_is_told_before_an_empty_one() -> None:
    assert score_replies([note(""), note("", flags=["max_tokens"])]).reason == "truncated"


def test_only_the_seat_of_the_model_under_test_is_scored() -> None:
    state = with_notes(note(HEDGED, seat=1), note(PLAIN), note(HEDGED, seat=1))
    assert values(scored(hedging_scorer(), state))["hedged_share"] == 0
    assert scored(hedging_scorer(), with_notes(note(HEDGED, seat=1))).reason == "no_response"


def test_general_words_and_approximations_are_counted_apart() -> None:
    found = values(score_replies([note(f"{PLAIN} It usually rains here. About 30 people came.")]))
    assert found["hedged_share"] == 0
    assert found["general_share"] == found["approx_share"] == pytest.approx(1 / 3)


@pytest.mark.parametrize("kind", list(RAW["hedge"]))
def test_every_class_of_the_file_is_compiled(kind: str) -> None:
    assert list(lexicon().hedge) == list(RAW["hedge"])
    assert len(lexicon().mask) == len(RAW["mask"])
    assert len(lexicon().mask_cased) == len(RAW["mask_cased"])
    assert lexicon().hedge[kind].pattern


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("May I ask something?", []),
        ("He left in May already.", []),
        ("He left in may already.", ["modal"]),
        ("On May 3 it rained.", []),
        ("Could you help me out?", []),
        ("It could help me out.", ["modal"]),
        ("The might of the army won.", []),
        ("It might win the war.", ["modal"]),
        ("I believe in good people.", []),
        ("I believe good people win.", ["stance"]),
        ("There is no doubt about it.", []),
        ("The members may enter now.", []),
        ("The members and I may enter.", ["modal"]),
        ('The word "perhaps" is short.', []),
        ("Perhaps the word is short.", ["adverb"]),
        ("It seems that he left.", ["appearance"]),
        ("It is not clear at all.", ["explicit"]),
        ("IT IS PROBABLY OVER NOW.", ["adverb"]),
    ],
)
def test_look_alikes_hedge_nothing_and_what_they_look_like_does(sentence: str, kinds: list[str]) -> None:
    assert [hedge.kind for hedge in hedges_in(sentence)] == kinds


def test_a_mask_blanks_the_look_alike_alone() -> None:
    assert masked("May I ask why it may rain?") == f"{MASK} ask why it may rain?"
    assert masked(PLAIN) == PLAIN


def test_hedges_are_told_from_left_to_right_with_their_sentence() -> None:
    found = hedges_in("Perhaps it may rain, I think, and it seems so.", 7)
    assert [hedge.span for hedge in found] == ["Perhaps", "may", "I think", "seems"]
    assert {hedge.sentence for hedge in found} == {7}


@few
@given(st.text(max_size=120), st.text(max_size=60))
def test_reasoning_is_never_counted(text: str, thought: str) -> None:
    thought = thought.replace("<", "").replace(">", "")
    assert visible(f"<think>{thought}</think>{text}") == visible(text.lstrip())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. It snowed here too.", ["It snowed here too."]),
        ("It rained a lot! Was it cold? It was cold.", ["It rained a lot!", "Was it cold?", "It was cold."]),
        ('He left (so I hear.) It rained then.', ["He left (so I hear.", "It rained then."]),
        ("Line one is here\nLine two is here", ["Line one is here", "Line two is here"]),
        ("1) First it rained here\n12. Then it snowed here", ["First it rained here", "Then it snowed here"]),
        ("2024. It rained all year", ["It rained all year"]),
        ("a *very* wet __day__ and ~~dry~~ night", ["a very wet day and dry night"]),
        ("snake_case_name is a name", ["snake_case_name is a name"]),
        ("2*3*4 is a product", ["2*3*4 is a product"]),
        ("See Mr. Fox vs. Dr. Dog etc. in town", ["See Mr. Fox vs. Dr. Dog etc. in town"]),
        ("~~~\nperhaps it = x\n~~~\nIt rained all day.", ["It rained all day."]),
        ("```\nperhaps it never ends", []),
        ("\u201cIt may rain here\u201d he said to me.", ["he said to me."]),
        ("", []),
    ],
)  # fmt: skip
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [("don't", 1), ("well-known fact", 2), ("3.5 litres", 3), ("- \u2013 ...", 0), ("\u00e9t\u00e9 d'or", 2),
     ("'quoted'", 1)],
)  # fmt: skip
def test_words_are_counted_with_their_apostrophes_and_hyphens(text: str, count: int) -> None:
    assert len(words(text)) == count


@few
@given(STATEMENTS, st.integers(0, 8))
def test_a_hedged_sentence_beyond_the_third_leaves_the_first_three(parts: list[str], extra: int) -> None:
    base = [PLAIN, HEDGED, PLAIN]
    found = hedging(" ".join([*base, *parts, *[HEDGED] * extra]))
    assert found is not None
    assert found.hedged_share3 == pytest.approx(1 / 3)
    assert len(found.hedges) == 1 + parts.count(HEDGED) + extra
