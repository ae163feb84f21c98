"""Where a tokenizer and its template come from, and what a user is told when there is none."""

import shlex
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from interplay.solvers.user_model_args import HF_FLAGS, HF_MODEL_ARGS, model_args_for
from interplay.solvers.user_tokenizers import (
    HubTokenizer,
    default_template,
    eos_list,
    first_line,
    generation_eos,
    load_tokenizer,
    read_template,
    split_revision,
)
from interplay.tasks.mistakes import UserMistake

from .characters import UNKNOWN, character_tokenizer

TEMPLATE = "{% for m in messages %}<|s|>{{ m.role }}\n{{ m.content }}<|e|>\n{% endfor %}"


class TestNames:
    @pytest.mark.parametrize(
        ("source", "parts"),
        [
            ("org/model", ("org/model", None)),
            ("org/model@main", ("org/model", "main")),
            ("org/model@0123abc", ("org/model", "0123abc")),
            ("a@b@c", ("a@b", "c")),
            ("org/model@", ("org/model", "")),
        ],
    )
    def test_a_revision_stands_behind_the_last_mark(self, source, parts):
        assert split_revision(source) == parts

    def test_a_folder_with_a_mark_in_its_name_keeps_it(self, tmp_path: Path):
        folder = tmp_path / "model@home"
        folder.mkdir()
        assert split_revision(str(folder)) == (str(folder), None)

    def test_a_name_that_leads_nowhere_is_one_sentence(self, tmp_path: Path):
        source = str(tmp_path / "nothing here")
        with pytest.raises(UserMistake) as told:
            load_tokenizer(source)
        assert told.value.message.startswith(f"user_turn: no tokenizer '{source}' (")
        assert told.value.message.endswith("); name a repository, id@revision or folder with -T tokenizer=.")
        assert "\n" not in told.value.message
        assert told.value.exit_code == 2


class TestTemplates:
    @pytest.mark.parametrize(
        ("found", "template"),
        [
            ("text", "text"),
            ({"default": "text", "tool_use": "other"}, "text"),
            ({"tool_use": "other"}, None),
            (None, None),
            ([], None),
            ("", ""),
        ],
    )
    def test_the_default_one_is_for_a_conversation_without_tools(self, found, template):
        assert default_template(SimpleNamespace(chat_template=found)) == template

    @pytest.mark.parametrize("template", [None, ""])
    def test_a_tokenizer_without_one_is_one_sentence(self, template):
        tokenizer = character_tokenizer("", ["<|s|>"], "<|e|>")
        with pytest.raises(UserMistake) as told:
            HubTokenizer(tokenizer, "org/base", template=template)
        assert told.value.message == (
            "user_turn: the tokenizer 'org/base' has no chat template; give a file with -T chat_template=, "
            "or the tokenizer of its post-trained sibling with -T tokenizer=."
        )

    def test_a_given_one_outranks_the_tokenizers_own(self):
        tokenizer = character_tokenizer("its own", ["<|s|>"], "<|e|>")
        assert HubTokenizer(tokenizer, "x", template=TEMPLATE).template == TEMPLATE
        assert HubTokenizer(tokenizer, "x").template == "its own"

    def test_a_file_is_read_as_it_is(self, tmp_path: Path):
        file = tmp_path / "chat.jinja"
        file.write_bytes(" {{ 'é' }}\n".encode())
        assert read_template(str(file)) == " {{ 'é' }}\n"

    @pytest.mark.parametrize("kind", ["missing", "folder", "no text"])
    def test_a_file_that_can_not_be_read_is_one_sentence(self, tmp_path: Path, kind: str):
        path = tmp_path / "chat.jinja"
        if kind == "folder":
            path.mkdir()
        elif kind == "no text":
            path.write_bytes(b"\xff\xfe\x00")
        with pytest.raises(UserMistake) as told:
            read_template(str(path))
        assert told.value.message.startswith(f"user_turn: can not read the chat template '{path}' (")
        assert told.value.message.endswith("); give a text file with -T chat_template=.")

    def test_today_is_the_same_day_in_every_run(self):
        template = "{{ strftime_now('%d %B %Y') }}|" + TEMPLATE
        tokenizer = HubTokenizer(character_tokenizer("", ["<|s|>"], "<|e|>"), "x", template=template)
        text = tokenizer.fill([{"role": "user", "content": "hi"}], False, {})
        assert text.startswith("01 January 2026|")
        assert tokenizer.template == template

    def test_settings_reach_the_template(self):
        template = "{{ mood }}:{% if add_generation_prompt %}go{% endif %}"
        tokenizer = HubTokenizer(character_tokenizer("", [], "<|e|>"), "x", template=template)
        said = [{"role": "user", "content": "hi"}]
        assert tokenizer.fill(said, True, {"mood": "calm"}) == "calm:go"
        assert tokenizer.fill(said, False, {"mood": "calm"}) == "calm:"


class TestTokens:
    def test_tokens_flagged_special_are_structural_and_each_is_named_once(self):
        tokenizer = HubTokenizer(character_tokenizer(TEMPLATE, ["<|s|>", "<|e|>"], "<|e|>", "<|b|>"), "x")
        assert sorted(tokenizer.specials) == sorted({"<|s|>", "<|e|>", "<|b|>", UNKNOWN})
        assert len(set(tokenizer.specials)) == len(tokenizer.specials)

    def test_ends_are_those_of_the_settings_then_the_tokenizers_own(self):
        inner = character_tokenizer(TEMPLATE, ["<|s|>", "<|e|>"], "<|e|>")
        started = inner.convert_tokens_to_ids("<|s|>")
        assert HubTokenizer(inner, "x").eos == ("<|e|>",)
        assert HubTokenizer(inner, "x", eos_ids=[started]).eos == ("<|s|>", "<|e|>")
        ended = inner.convert_tokens_to_ids("<|e|>")
        assert HubTokenizer(inner, "x", eos_ids=[ended, started, ended]).eos == ("<|e|>", "<|s|>")
        assert HubTokenizer(inner, "x", eos_ids=[10_000_000]).eos == ("<|e|>",)

    def test_structural_tokens_are_one_id_each_and_nothing_is_added(self):
        tokenizer = HubTokenizer(character_tokenizer(TEMPLATE, ["<|s|>"], "<|e|>", "<|b|>"), "x")
        assert len(tokenizer.ids("<|s|>ab<|e|>")) == 4
        assert tokenizer.ids("") == []
        assert tokenizer.ids("<|s|>") == [tokenizer.token_id("<|s|>")]

    def test_a_token_that_is_none_has_no_id(self):
        tokenizer = HubTokenizer(character_tokenizer(TEMPLATE, ["<|s|>"], "<|e|>"), "x")
        assert tokenizer.token_id("<|nobody|>") is None
        assert tokenizer.token_id("<|s|>") is not None

    @pytest.mark.parametrize(
        ("ids", "found"), [(None, []), (3, [3]), ([3, 4], [3, 4]), ((3,), [3]), ([], []), (0, [0])]
    )
    def test_one_end_or_several_are_a_list(self, ids, found):
        assert eos_list(SimpleNamespace(eos_token_id=ids)) == found

    def test_a_folder_without_settings_has_no_ends(self, tmp_path: Path):
        assert generation_eos(str(tmp_path), None) == []

    def test_the_ends_of_a_folder_are_read(self, tmp_path: Path):
        (tmp_path / "generation_config.json").write_text('{"eos_token_id": [7, 8]}')
        assert generation_eos(str(tmp_path), None) == [7, 8]


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (ValueError("one.\ntwo"), "one"),
        (ValueError("  \n one \n"), "one "),
        (ValueError(""), "ValueError"),
        (OSError("ends..."), "ends"),
        (KeyError("x"), "'x'"),
    ],
)
def test_of_a_librarys_error_the_first_line_is_told(problem: Exception, said: str) -> None:
    assert first_line(problem) == said.strip()


@pytest.mark.parametrize(
    ("model", "needed"),
    [
        ("hf/Qwen/Qwen3.5-0.8B", True),
        ("hf", False),
        ("openai/hf/x", False),
        ("vllm-completions/hf/x", False),
        ("", False),
    ],
)
def test_only_models_of_transformers_need_arguments(model: str, needed: bool) -> None:
    assert model_args_for(model) == (HF_MODEL_ARGS if needed else {})


def test_arguments_may_be_changed_without_changing_those_of_the_next_model() -> None:
    model_args_for("hf/x")["chat_template"] = "changed"
    assert model_args_for("hf/x") == HF_MODEL_ARGS


def test_the_flags_say_on_a_command_line_what_the_arguments_are() -> None:
    words = shlex.split(HF_FLAGS)
    assert words[::2] == ["-M", "-M"]
    given = dict(word.split("=", 1) for word in words[1::2])
    assert set(given) == set(HF_MODEL_ARGS)
    assert yaml.safe_load(given["tokenizer_call_args"]) == HF_MODEL_ARGS["tokenizer_call_args"]
    assert yaml.safe_load(given["chat_template"]) == "{{ messages[0].content }}"
