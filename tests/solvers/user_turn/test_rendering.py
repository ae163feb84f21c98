"""Opening the user role: every template family gets exactly the text that its own template would write."""

import datetime

import pytest

from interplay.solvers.user_rendering import (
    ChatTemplate,
    PlainTokenizer,
    RenderError,
    StructuralTokenInContext,
)
from interplay.solvers.user_tokenizers import HubTokenizer, load_tokenizer, read_template
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.user_turn.context import Msg

from .characters import Golden, character_tokenizer, golden_rows

ROWS = golden_rows()
ASKED = (Msg(role="user", content="Q?"),)
each_row = pytest.mark.parametrize("row", ROWS, ids=[row.template for row in ROWS])


def chatml(template: str) -> ChatTemplate:
    specials = ["<|im_start|>", "<|im_end|>"]
    return ChatTemplate(HubTokenizer(character_tokenizer(template, specials, "<|im_end|>"), "test"))


def test_the_table_holds_all_families() -> None:
    assert len(ROWS) == 19


@each_row
def test_golden_prefix(row: Golden) -> None:
    rendered = row.chat().render(ASKED, "A.")
    assert rendered.prefix == row.prefix()
    assert rendered.header == row.header
    assert rendered.end_marker == row.end


@each_row
def test_openers_and_stop_set(row: Golden) -> None:
    rendered = row.chat().render(ASKED, "A.")
    assert rendered.openers == tuple(token for token in (row.end, row.opener) if token)
    assert set(rendered.stop) == {*rendered.openers, row.eos}


@each_row
def test_appended_header_differs_only_where_the_template_treats_the_last_reply_apart(row: Golden) -> None:
    template = row.chat()
    appended = template.render(ASKED, "A.", "append").prefix
    assert appended.endswith(row.header)
    assert (appended != row.prefix()) == row.appended


@each_row
def test_bare_and_lone_headers(row: Golden) -> None:
    template = row.chat()
    assert template.render(ASKED, "A.", "bare").prefix == row.prefix().rstrip()
    assert template.render((), "", "alone").prefix == row.head + row.header


@each_row
def test_a_longer_conversation_keeps_its_earlier_turns(row: Golden) -> None:
    earlier = (Msg(role="user", content="First?"), Msg(role="assistant", content="One."))
    rendered = row.chat().render((*earlier, *ASKED), "A.")
    assert rendered.prefix.endswith(row.header + "Q?" + row.between + "A." + row.boundary)
    assert rendered.prefix.index("First?") < rendered.prefix.index("One.") < rendered.prefix.index("Q?")


@each_row
def test_ids_spell_the_prefix_and_nothing_else(row: Golden) -> None:
    template = row.chat()
    inner = template.tokenizer._tokenizer  # pyright: ignore[reportAttributeAccessIssue]
    ascii_only = row.prefix()
    ids = template.ids(ascii_only)
    assert "".join(inner.convert_ids_to_tokens(ids)) == ascii_only


def test_contents_may_be_trimmed() -> None:
    trimming = next(row for row in ROWS if row.template == "llama3").chat()
    rendered = trimming.render((Msg(role="user", content=" Q?\n"),), "\nA. ")
    assert rendered.prefix == next(row for row in ROWS if row.template == "llama3").prefix()


def test_no_thinking_flag_reaches_the_user_turn() -> None:
    glm = next(row for row in ROWS if row.template == "glm4_6").chat()
    assert "/nothink" not in glm.render(ASKED, "A.").prefix
    assert glm.reply_prompt(ASKED).endswith("Q?/nothink<|assistant|>\n<think></think>")


def test_reply_prompt_asks_for_little_reasoning() -> None:
    gpt_oss = next(row for row in ROWS if row.template == "gpt_oss")
    assert "Reasoning: low" in gpt_oss.chat().reply_prompt(ASKED)
    assert "Reasoning: high" in gpt_oss.chat(reasoning_effort="high").reply_prompt(ASKED)
    assert "Reasoning: medium" in gpt_oss.chat().render(ASKED, "A.").prefix


def test_template_settings_reach_every_rendering() -> None:
    llama = next(row for row in ROWS if row.template == "llama3").chat(date_string="1 May 2030")
    assert "Today Date: 1 May 2030" in llama.render(ASKED, "A.").prefix


def test_the_date_is_fixed() -> None:
    formats = "%Y-%m-%d|%d %B %Y|%d %b %Y|%A|%H:%M:%S"
    template = chatml(
        f"{{{{ strftime_now('{formats}') }}}}"
        "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}"
    )
    shown = template.render(ASKED, "A.").prefix.partition("<|im_start|>")[0]
    assert shown == "2026-01-01|01 January 2026|01 Jan 2026|Thursday|12:00:00"
    assert str(datetime.date.today().year + 1) not in shown


def test_a_template_that_copies_the_last_user_message_is_refused() -> None:
    template = chatml(
        "{{ '<|im_start|>system\n' + messages[-1].content + '<|im_end|>\n' }}"
        "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}"
    )
    with pytest.raises(RenderError, match="depends on that message"):
        template.render(ASKED, "A.")


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("{% if m.role == 'user' %}{{ m.content }}{% endif %}", "drops or changes the reply"),
        (
            "{% if m.role != 'user' or loop.last %}{{ m.content }}{% endif %}",
            "drops or changes the query",
        ),
        ("{% if not loop.last %}{{ m.content }}{% endif %}", "last user message"),
        ("{{ m.content | upper }}", "drops or changes the query"),
        ("{{ raise_exception('roles must alternate') }}", "roles must alternate"),
        ("{{ m.content.missing.attribute }}", "chat template fails"),
    ],
)
def test_a_template_that_loses_the_conversation_is_refused(body: str, cause: str) -> None:
    template = chatml("{% for m in messages %}" + body + "{% endfor %}")
    with pytest.raises(RenderError, match=cause):
        template.render((Msg(role="user", content="what now"),), "it depends")


@pytest.mark.parametrize(
    ("query", "reply"), [("What is <|im_end|> for?", "A."), ("Q?", "It ends a turn: <|im_end|>.")]
)
def test_structural_tokens_in_messages_are_found(query: str, reply: str) -> None:
    template = ChatTemplate(PlainTokenizer())
    with pytest.raises(StructuralTokenInContext, match="structural_token_in_context"):
        template.render((Msg(role="user", content=query),), reply)


def test_a_header_of_plain_text_is_found() -> None:
    plain = "{% for m in messages %}{{ '\n' + m.role.upper() + ': ' + m.content }}{% endfor %}"
    rendered = chatml(plain).render(ASKED, "A.")
    assert (rendered.prefix, rendered.header) == ("\nUSER: Q?\nASSISTANT: A.\nUSER: ", "\nUSER: ")


def test_the_plain_template_strips_nothing() -> None:
    rendered = ChatTemplate(PlainTokenizer()).render((Msg(role="user", content=" Q?\n"),), " A. ")
    assert rendered.prefix == (
        "<|im_start|>user\n Q?\n<|im_end|>\n<|im_start|>assistant\n A. <|im_end|>\n<|im_start|>user\n"
    )
    assert rendered.stop == ("<|im_end|>", "<|im_start|>")


def test_a_tokenizer_without_template_is_refused() -> None:
    bare = character_tokenizer("", [], "<|im_end|>")
    bare.chat_template = None
    with pytest.raises(UserMistake, match=r"'base' has no chat template.*-T chat_template="):
        HubTokenizer(bare, "base")


def test_a_missing_tokenizer_is_named(tmp_path: object) -> None:
    with pytest.raises(UserMistake, match=r"no tokenizer '.*/nowhere'.*-T tokenizer="):
        load_tokenizer(f"{tmp_path}/nowhere")


def test_a_missing_template_file_is_named(tmp_path: object) -> None:
    with pytest.raises(UserMistake, match=r"nowhere\.jinja.*-T chat_template="):
        read_template(f"{tmp_path}/nowhere.jinja")
