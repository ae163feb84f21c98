"""What is kept of outputs, readings and the agent's acts, each as a pure function of text."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageTool,
    ChatMessageUser,
)
from inspect_ai.tool import ToolCall
from inspect_ai.util import Store
from pydantic import ValidationError

from interplay.solvers.posttrain_agent import OUTPUT_BYTES, SHELL_KILLED, shell_died, shortened, trace_lines
from interplay.solvers.posttrain_network import decoy_key, network_env
from interplay.solvers.posttrain_outputs import (
    JOB_KEY,
    KEPT_CHARACTERS,
    OUTPUTS_KEY,
    Answer,
    Losses,
    Outputs,
    Usage,
    cut,
    deviations_of,
    outputs_of,
)
from interplay.solvers.posttrain_state import open_job
from interplay.solvers.posttrain_usage import IDLE_PERCENT, idle_share, reading

OUTPUTS = Outputs(cell="m_code__mini-0", base="mini-0", target="m_code", exit="finished", reason=None)


class TestCut:
    @pytest.mark.parametrize("more", [-1, 0])
    def test_a_text_of_twice_the_limit_is_kept_whole(self, more: int):
        text = "x" * (2 * KEPT_CHARACTERS + more)
        assert cut(text) == text

    def test_one_character_more_is_left_out_and_counted(self):
        text = "a" * KEPT_CHARACTERS + "m" + "z" * KEPT_CHARACTERS
        middle = "\n[... 1 characters left out ...]\n"
        assert cut(text) == "a" * KEPT_CHARACTERS + middle + "z" * KEPT_CHARACTERS

    @given(st.integers(0, 4 * KEPT_CHARACTERS))
    def test_both_ends_are_there_and_the_count_is_right(self, size: int):
        text = "".join(chr(0x4E00 + i % 5000) for i in range(size))
        kept = cut(text)
        assert text.startswith(kept[:KEPT_CHARACTERS])
        assert text.endswith(kept[-KEPT_CHARACTERS:] if size else "")
        left_out = size - 2 * KEPT_CHARACTERS
        assert (f"[... {left_out} characters left out ...]" in kept) is (left_out > 0)


class TestOutputs:
    def test_the_record_survives_a_store_and_json(self):
        whole = OUTPUTS.model_copy(
            update={
                "raw": (Answer(id="1", seed=None, text=None, extracted="مرحبا", correct=None),),
                "losses": {"test": Losses(base=(1.5,), candidate=(1.25,))},
                "usage": Usage(hours=1.5, queries=40),
                "facts": {"a": [1, None, {"b": "c"}]},
            }
        )
        stored = json.loads(json.dumps(whole.model_dump(mode="json")))
        assert outputs_of(Store({OUTPUTS_KEY: stored})) == whole

    def test_a_log_of_another_task_has_none(self):
        assert outputs_of(Store()) is None

    @pytest.mark.parametrize(
        "wrong",
        [
            {},
            {"cell": "x"},
            OUTPUTS.model_dump() | {"colour": "red"},
            OUTPUTS.model_dump() | {"exit": "bored"},
        ],
        ids=["empty", "half", "unknown field", "unknown exit"],
    )
    def test_a_record_of_another_shape_is_an_error_and_never_a_default(self, wrong: dict[str, object]):
        with pytest.raises(ValidationError):
            outputs_of(Store({OUTPUTS_KEY: wrong}))

    def test_a_record_does_not_change_under_a_reader(self):
        with pytest.raises(ValidationError):
            OUTPUTS.stage = 3  # type: ignore[misc]

    @pytest.mark.parametrize(
        ("job", "found"),
        [
            (None, []),
            ({}, []),
            ("text", []),
            ({"deviations": None}, []),
            ({"deviations": "hours"}, []),
            ({"deviations": []}, []),
            ({"deviations": ["hours", 3]}, ["hours", "3"]),
        ],
    )
    def test_deviations_are_a_list_of_words_or_none(self, job: object, found: list[str]):
        assert deviations_of(Store({} if job is None else {JOB_KEY: job})) == found


class TestReadings:
    @pytest.mark.parametrize(
        ("text", "cpu", "disk", "gpus"),
        [
            ("", None, None, []),
            ("\n", None, None, []),
            ("1.90 2.0 3.0 1/200 4\n120\t/workspace\n", 1.9, 120.0, []),
            (
                "1.9\n120\n87, 512.1, 40211\n3, 60, 10",
                1.9,
                120.0,
                [[87.0, 512.1, 40211.0], [3.0, 60.0, 10.0]],
            ),
            ("x\ny\n[N/A], 60, 10", None, None, [[None, 60.0, 10.0]]),
            ("nan\ninf\nNo devices were found", None, None, []),
            ("1\n\n5, 5", 1.0, None, [[5.0, 5.0]]),
            ("1\n2\n,", 1.0, 2.0, [[None, None]]),
        ],
    )
    def test_what_is_no_number_is_none(self, text, cpu, disk, gpus):
        found = reading(text, 12.34567)
        assert found == {"t": 12.346, "cpu": cpu, "disk_kb": disk, "gpus": gpus}

    @given(st.text("0123456789.,eE+-naif \n\t/", max_size=60))
    def test_every_number_of_a_reading_is_finite_and_json(self, text):
        found = reading(text, 1.0)
        assert json.loads(json.dumps(found, allow_nan=False)) == found
        numbers = [found["cpu"], found["disk_kb"], *(n for gpu in found["gpus"] for n in gpu)]
        assert all(n is None or math.isfinite(n) for n in numbers)

    @pytest.mark.parametrize(
        ("readings", "share"),
        [
            ([], 0.0),
            ([{}], 0.0),
            ([{"gpus": []}], 0.0),
            ([{"gpus": None}], 0.0),
            ([{"gpus": [[0.0, 1, 1]]}], 1.0),
            ([{"gpus": [[4.99, 1, 1]]}, {"gpus": [[5.0, 1, 1]]}], 0.5),
            ([{"gpus": [[0, 1, 1], [90, 1, 1]]}], 0.0),
            ([{"gpus": [[0, 1, 1], [1, 1, 1]]}, {"gpus": []}], 1.0),
            ([{"gpus": [[None, 1, 1]]}], 0.0),
            ([{"gpus": [[0]]}, {"gpus": [[0]]}, {"gpus": [[90]]}], 2 / 3),
        ],
    )
    def test_idle_is_where_every_gpu_is_below_five_percent(self, readings, share):
        assert idle_share(readings) == pytest.approx(share)

    @given(st.lists(st.lists(st.floats(0, 100), min_size=1, max_size=3), max_size=8))
    def test_the_share_is_of_readings_with_a_gpu_and_their_order_does_not_matter(self, shares):
        readings = [{"gpus": [[share, 1.0, 1.0] for share in gpus]} for gpus in shares]
        idle = [max(gpus) < IDLE_PERCENT for gpus in shares]
        assert idle_share(readings) == pytest.approx(sum(idle) / len(idle) if idle else 0.0)
        assert idle_share(readings[::-1]) == idle_share(readings)


class TestShownOutput:
    @given(st.text(max_size=400), st.integers(100, 600))
    def test_a_short_text_is_kept_and_a_long_one_fits(self, text: str, limit: int):
        shown = shortened(text, limit)
        if len(text.encode()) <= limit:
            assert shown == text
        else:
            assert len(shown.encode()) <= limit
            assert "bytes left out" in shown

    def test_characters_of_several_bytes_are_not_torn(self):
        shown = shortened("€" * 20_000)
        assert set(shown) <= set("€\n[]. bytes left out0123456789")
        assert len(shown.encode()) <= OUTPUT_BYTES

    def test_what_was_left_out_is_counted_in_bytes(self):
        shown = shortened("x" * 1_000, 280)
        assert shown == f"{'x' * 100}\n[... 800 bytes left out ...]\n{'x' * 100}"

    @pytest.mark.parametrize(
        ("results", "died"),
        [
            ([], False),
            ([SHELL_KILLED], True),
            ([f" {SHELL_KILLED}\n"], True),
            ([SHELL_KILLED, "ok"], False),
            (["ok", SHELL_KILLED], True),
            ([f"{SHELL_KILLED} by me"], False),
        ],
    )
    def test_a_shell_died_if_that_is_the_last_that_a_tool_said(self, results: list[str], died: bool):
        messages: list[ChatMessage] = [ChatMessageUser(content=SHELL_KILLED)]
        for text in results:
            messages += [ChatMessageTool(content=text), ChatMessageAssistant(content=SHELL_KILLED)]
        assert shell_died(messages) is died


class TestTraces:
    def call(self, function: str, **arguments) -> ToolCall:
        return ToolCall(id=f"{function}-1", function=function, arguments=arguments)

    def test_words_and_calls_are_lines_in_their_order(self):
        messages = [
            ChatMessageSystem(content="rules"),
            ChatMessageUser(content="go"),
            ChatMessageAssistant(content="First I look.", tool_calls=[self.call("bash", command="ls")]),
            ChatMessageTool(content="a b", tool_call_id="bash-1"),
            ChatMessageAssistant(content=" ", tool_calls=[self.call("shell", cmd="pwd")]),
            ChatMessageAssistant(content="Done."),
        ]
        assert trace_lines(messages) == [
            {"t": 0, "text": "First I look."},
            {"t": 0, "cmd": "ls", "out": "a b"},
            {"t": 0, "cmd": "pwd", "out": ""},
            {"t": 0, "text": "Done."},
        ]

    @pytest.mark.parametrize(
        ("arguments", "command"),
        [
            ({"command": "ls", "cmd": "pwd"}, "ls"),
            ({"cmd": "pwd"}, "pwd"),
            ({"path": "x"}, "edit {'path': 'x'}"),
            ({"command": ["ls", "-l"]}, "edit {'command': ['ls', '-l']}"),
            ({}, "edit {}"),
        ],
    )
    def test_a_call_without_a_command_is_told_by_its_arguments(self, arguments, command):
        message = ChatMessageAssistant(content="", tool_calls=[self.call("edit", **arguments)])
        assert trace_lines([message]) == [{"t": 0, "cmd": command, "out": ""}]

    def test_long_commands_and_results_are_shortened(self):
        message = ChatMessageAssistant(
            content="y" * 40_000, tool_calls=[self.call("bash", command="x" * 40_000)]
        )
        said, ran = trace_lines([message, ChatMessageTool(content="z" * 40_000, tool_call_id="bash-1")])
        for text in (said["text"], ran["cmd"], ran["out"]):
            assert len(str(text)) <= OUTPUT_BYTES

    def test_nothing_said_is_no_line(self):
        assert trace_lines([]) == []
        assert trace_lines([ChatMessageAssistant(content=" \n")]) == []


class TestNetwork:
    def test_programs_are_led_to_the_proxy_and_keys_to_the_trap(self, tmp_path):
        with open_job(tmp_path, {"settings": {"run": "1"}, "epoch": 1}) as job:
            env = network_env(job, "egress", 1, 2, 3)
            assert {env[f"{kind}_PROXY"] for kind in ("HTTP", "HTTPS")} == {"http://egress:1"}
            assert all(env[name.lower()] == env[name] for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"))
            assert (env["HF_ENDPOINT"], env["OPENAI_BASE_URL"]) == ("http://egress:2", "http://egress:3/v1")
            assert env["OPENAI_API_KEY"] == decoy_key(job)
            assert "egress" in env["NO_PROXY"].split(",")

    def test_every_job_has_a_key_of_its_own_that_looks_like_none_of_a_provider(self, tmp_path):
        keys = []
        for epoch in (1, 2, 1):
            with open_job(tmp_path, {"settings": {"run": "1"}, "epoch": epoch}) as job:
                keys.append(decoy_key(job))
        assert keys[0] == keys[2] != keys[1]
        assert all(len(key) == 48 and not key.startswith("sk-") for key in keys)
