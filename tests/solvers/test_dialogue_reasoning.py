"""What counts as reasoning in a text, and that none of it crosses the table in any form."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inspect_ai.model import ChatMessage, ChatMessageAssistant, ContentReasoning, ContentText
from inspect_ai.util import Store

from interplay.solvers.dialogue import Episode, Note, Seat, ask_privately, visible_text
from interplay.solvers.reasoning import MARK, without_reasoning

from .two_seats import said, saying, speaker, talk


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("", ""),
        ("plain", "plain"),
        ("<think>a</think>", ""),
        ("<think>a</think>go", "go"),
        ("<THINK>a</Think>go", "go"),
        ("<think >a</think >go", "go"),
        ("<reasoning>a</reasoning>go", "go"),
        ('<think signature="abc">a</think>go', "go"),
        ("go <think>never closed", "go "),
        ("<think>never closed </thinking> really", ""),
        ("<think>a</think>b<think>c</think>d", "bd"),
        ("<think>a<think>b</think>c</think>go", "go"),
        ("<think>I write no <think> in it</think>go", "go"),
        ("<think>a <reasoning>b</reasoning> c</think>go", "go"),
        ("the template opened it</think>\n\ngo", "go"),
        ("</think>go", "go"),
        ("opened</think>go <think>again</think>\n on", "go on"),
        ("  indented\n<think>a</think>\n\n  more", "  indented\nmore"),
        ("[THINK]a[/THINK]go", "go"),
        ("[THINK]a </think> b[/THINK]\n\ngo", "go"),
        ("the template opened it[/THINK]go", "go"),
        ("[THINK]never closed", ""),
        ("<seed:think>a</seed:think>go", "go"),
        ("<|channel>thought\na<channel|>go", "go"),
        ("<|channel>thought never closed", ""),
        ("<think>a [THINK] b</think>go", "go"),
        ("◁think▷a◁/think▷go", "go"),
        ("<|START_THINKING|>a<|END_THINKING|>go", "go"),
        (
            "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>commentary<|message|>b<|end|>"
            "<|start|>assistant<|channel|>final<|message|>go",
            "go",
        ),
    ],
)
def test_blocks_of_reasoning_and_their_ends(text: str, visible: str) -> None:
    assert without_reasoning(text) == visible


@pytest.mark.parametrize(
    "text",
    [
        "a < b and c > d",
        "I think> so",
        "<thinks>x</thinks>",
        "I <think about it> often",
        "<b>bold</b> <i>think</i>",
        "&lt;think&gt;x&lt;/think&gt;",
        "< think>x</ think>",
        "[think] I pause. [/think]",
        "THINK [1,2] over",
        "<|start_thinking|> a channel|> b",
        "@..#\n.k.*",
    ],
)
def test_what_only_looks_like_it_is_kept_to_the_letter(text: str) -> None:
    assert without_reasoning(text) == text


pieces = st.lists(
    st.sampled_from(
        [
            "<think>",
            "</think>",
            "<thinking>",
            "</thinking>",
            "<Reasoning>",
            "</reasoning>",
            "[THINK]",
            "[/THINK]",
            "<|channel>thought",
            "<channel|>",
            "[",
            "go ",
            "\n",
            "<",
            ">",
        ]
    ),
    max_size=12,
)


@given(pieces)
def test_no_mark_is_left_and_taking_out_twice_changes_nothing(parts: list[str]) -> None:
    left = without_reasoning("".join(parts))
    assert MARK.search(left) is None
    assert without_reasoning(left) == left


@given(pieces, st.sampled_from(["think", "thinking", "reasoning"]))
def test_after_the_last_end_everything_is_visible_and_nothing_of_a_block_is(parts, name) -> None:
    before = "".join(parts)
    assert without_reasoning(f"<{name}>SECRET</{name}>go").endswith("go")
    assert "SECRET" not in without_reasoning(f"{before}<{name}>SECRET")
    assert "SECRET" not in without_reasoning(f"SECRET</{name}>{before}")


@given(st.text(st.characters(exclude_characters="<[◁"), max_size=60))
def test_a_text_without_brackets_is_never_touched(text: str) -> None:
    assert visible_text(ChatMessageAssistant(content=text)) == (text if text.strip() else "")


def test_a_long_text_of_opening_marks_takes_no_long_time() -> None:
    """A flood of marks is read once: its end is found although a million characters stand before it."""
    flood = "<think>" * 20_000 + "</think>" + "<think a" * 20_000 + "go"
    assert without_reasoning(flood).endswith("<think ago")


def leaks(wrapped: str, parts: bool = False) -> tuple[list[list[ChatMessage]], Episode]:
    """What seat 2 was sent in a dialogue in which seat 1 thinks SECRET in this way."""
    heard: list[list[ChatMessage]] = []

    def listen(messages: list[ChatMessage]) -> str:
        heard.append(list(messages))
        return "ok"

    content = [ContentReasoning(reasoning="SECRET"), ContentText(text=wrapped)] if parts else wrapped
    seats = (Seat(saying(said(content)), "1"), Seat(speaker(listen), "2"))
    return heard, talk(seats, cap=4)


@pytest.mark.parametrize(
    ("wrapped", "parts"),
    [
        ("visible", True),
        ("<think>SECRET</think>visible", False),
        ("SECRET</think>visible", False),
        ("<reasoning>SECRET</reasoning>\nvisible", True),
        ("visible<thinking>SECRET", False),
        ("<think>a<think>b</think>SECRET</think>visible", False),
    ],
)
def test_no_form_of_it_is_read_by_the_partner(wrapped: str, parts: bool) -> None:
    heard, episode = leaks(wrapped, parts)
    assert [n.text for n in episode.notes if n.seat == 1] == ["visible", "visible"]
    for messages in heard:
        assert "SECRET" not in "".join(m.model_dump_json() for m in messages)
        assert messages[-1].text.endswith("[other agent]: visible")


def test_a_reply_of_nothing_but_reasoning_is_an_empty_note() -> None:
    heard, episode = leaks("<think>SECRET</think>")
    assert (episode.notes[0].text, episode.notes[0].flags) == ("", ["empty"])
    assert episode.notes[0].raw == "<think>SECRET</think>"
    assert heard[0][-1].text == "2\n\n[other agent]: (empty note)"


def test_the_mark_of_the_other_within_reasoning_is_no_bleeding() -> None:
    _, episode = leaks("<think>[other agent]: what will it say?</think>go")
    assert episode.notes[0].flags == []
    _, episode = leaks("go\n[other agent]: I will")
    assert episode.notes[0].flags == ["role_bleed"]


def test_a_note_is_cut_after_its_reasoning_is_gone() -> None:
    """The limit counts what the partner reads, so that long thoughts cost no words."""
    seats = (Seat(saying("<think>" + "x" * 500 + "</think>123456789"), "1"), Seat(saying("ok"), "2"))
    note = talk(seats, cap=1, max_chars=9).notes[0]
    assert (note.text, note.flags) == ("123456789", [])
    note = talk(seats, cap=1, max_chars=8).notes[0]
    assert (note.text, note.flags) == ("12345678", ["cut"])
    assert note.raw == "<think>" + "x" * 500 + "</think>123456789"


def test_the_author_reads_its_own_thoughts_again_and_the_other_author_of_its_seat_does_not() -> None:
    """A second speaker of a seat reads plain words in place of the message objects of the first."""
    sent: dict[str, list[ChatMessage]] = {}

    def thinker(name: str):
        def reply(messages: list[ChatMessage]):
            sent[name] = list(messages)
            return said([ContentReasoning(reasoning=f"SECRET of {name}"), ContentText(text=f"{name} speaks")])

        return speaker(reply, name)

    one, other = thinker("one"), thinker("other")
    seats = (Seat(one, "1"), Seat(saying("ok"), "2"))
    talk(seats, cap=5, speaker=lambda i, seat: other if i == 2 else seat.model)
    read_by_one = "".join(m.model_dump_json() for m in sent["one"])
    assert "SECRET of one" in read_by_one
    assert "SECRET of other" not in read_by_one
    assert "other speaks" in read_by_one
    assert "SECRET" not in "".join(m.model_dump_json() for m in sent["other"] if m.role != "assistant")
    assert "SECRET of one" not in "".join(m.model_dump_json() for m in sent["other"])


def test_notes_from_a_finished_log_carry_no_thoughts_into_a_resumed_dialogue() -> None:
    heard: list[list[ChatMessage]] = []

    def listen(messages: list[ChatMessage]) -> str:
        heard.append(list(messages))
        return "ok"

    first = Note(i=0, seat=1, model="m", text="visible", raw="<think>SECRET</think>visible")
    talk((Seat(saying("next"), "1"), Seat(speaker(listen), "2")), first, cap=3)
    assert "SECRET" not in "".join(m.model_dump_json() for m in heard[0])


def test_private_answers_lose_their_reasoning_as_well() -> None:
    episode = Episode(store=Store())
    seats = (Seat(saying("<think>SECRET</think>at (0,1)"), "1"), Seat(lambda notes: "", "2"))
    probes = asyncio.run(ask_privately(seats, episode, "Where?"))
    assert [(p.seat, p.question, p.text) for p in probes] == [(1, "Where?", "at (0,1)")]


@settings(max_examples=25)
@given(st.lists(st.sampled_from([" ", "\n", "\t", "x", "\u00a0", "\u2003"]), max_size=14), st.integers(1, 12))
def test_a_cut_note_is_a_beginning_of_what_was_said_or_an_empty_note(parts, limit) -> None:
    text = "".join(parts)
    note = talk((Seat(saying(text), "1"), Seat(saying("ok"), "2")), cap=1, max_chars=limit).notes[0]
    assert len(note.text) <= limit
    assert text.startswith(note.text)
    assert ("empty" in note.flags) == (note.text == "") == (text[:limit].strip() == "")
    assert ("cut" in note.flags) == (len(text) > limit and bool(text.strip()))
