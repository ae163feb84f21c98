"""Why a run did not finish, said in one sentence each, and who stops it."""

import asyncio
import os
import signal
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from inspect_ai import Task
from inspect_ai._display.rich import display
from inspect_ai.dataset import Sample
from inspect_ai.model import ModelUsage, get_model
from inspect_ai.solver import Generate, Solver, TaskState, solver

from interplay.leaderboard.commands.answering import ProviderTimeout, telling_timeouts
from interplay.leaderboard.commands.launch import (
    Outcome,
    RunOptions,
    reasons,
    run_set,
    terminated_as_interrupted,
)
from interplay.leaderboard.commands.usage import Used, _sum, used_words
from interplay.tasks.mistakes import UserMistake


def log(status: str, message: str | None = None) -> SimpleNamespace:
    """What `reasons` reads of a log."""
    return SimpleNamespace(status=status, error=None if message is None else SimpleNamespace(message=message))


def test_each_reason_is_said_once_in_one_line_and_finished_runs_give_none() -> None:
    logs = [
        log("success", "leftover"),
        log("error", "RateLimitError('slow\n  down')"),
        log("error", "RateLimitError('slow down')"),
        log("cancelled"),
        log("error", "KeyError('x')"),
    ]
    assert reasons(logs) == ("RateLimitError('slow down')", "KeyError('x')")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("found", "unanswered"),
    [
        (("APITimeoutError('Request timed out.')",), True),
        (("ConnectError('no route')", "ReadTimeout('')"), True),
        (("RateLimitError('429')",), True),
        (("ServiceUnavailableError('503')",), True),
        (("OverloadedError('529')",), True),
        (("InternalServerError('500')",), True),
        (("ProviderTimeout('m did not answer: timeout')",), True),
        (("NetworkError()",), True),
        (("ConnectError('no route')", "KeyError('x')"), False),
        (("KeyError('ConnectError(1)')",), False),
        (("AuthenticationError('401')",), False),
        (("Timeout",), False),
        ((), False),
    ],
)
def test_only_providers_that_do_not_answer_are_a_problem_of_the_network(
    found: tuple[str, ...], unanswered: bool
) -> None:
    assert Outcome(False, found).is_unanswered is unanswered


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("ProviderTimeout('m/a did not answer: timeout')", "m/a did not answer: timeout"),
        ('ProviderTimeout("m/a did not answer: can\'t")', "m/a did not answer: can't"),
        ("KeyError('x')", "KeyError('x')"),
        ("OtherProviderTimeoutish('x')", "OtherProviderTimeoutish('x')"),
    ],
)
def test_the_name_of_our_own_error_is_not_shown_to_people(reason: str, sentence: str) -> None:
    assert Outcome(False, (reason,)).sentences == (sentence,)


def test_a_file_in_place_of_the_folder_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("mine")
    with pytest.raises(UserMistake) as refused:
        run_set([], tmp_path / "logs", RunOptions())
    assert refused.value.message == f"{tmp_path / 'logs'}: is a file; give a folder for the logs."
    assert (tmp_path / "logs").read_text() == "mine"


@solver
def idle() -> Solver:
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        return state

    return solve


@pytest.mark.parametrize("quiet", [True, False])
def test_the_table_of_results_is_drawn_for_those_who_asked_for_a_display(
    quiet: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []

    def draw(tasks: list[object]) -> str:
        drawn.append(len(tasks))
        return ""

    monkeypatch.setattr(display, "tasks_results", draw)
    monkeypatch.setenv("INSPECT_DISPLAY", "rich")
    task = Task([Sample("hello")], solver=idle(), model=get_model("mockllm/model"), name="idle")
    assert run_set([task], tmp_path / "logs", RunOptions(quiet=quiet)).finished
    assert drawn == ([] if quiet else [1])
    assert display.tasks_results is draw


def wait_for_the_end() -> None:
    """Another thread may take the signal; this one then hears of it a moment later."""
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(60)


@pytest.mark.parametrize("ctrl_c", [signal.default_int_handler, signal.SIG_IGN], ids=["asked", "ignored"])
def test_the_signal_of_a_scheduler_stops_as_ctrl_c_does_and_only_meanwhile(ctrl_c: Any) -> None:
    """Also where a shell started the program in the background, with Ctrl-C ignored."""
    own = signal.signal(signal.SIGINT, ctrl_c)
    before = signal.getsignal(signal.SIGTERM)
    try:
        with terminated_as_interrupted():
            meanwhile = signal.getsignal(signal.SIGTERM)
            with pytest.raises(KeyboardInterrupt):
                wait_for_the_end()
        assert meanwhile is not before
        assert signal.getsignal(signal.SIGTERM) is before
        assert signal.getsignal(signal.SIGINT) is ctrl_c
    finally:
        signal.signal(signal.SIGINT, own)


def test_threads_leave_signals_alone() -> None:
    seen: list[object] = []

    def work() -> None:
        with terminated_as_interrupted():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGTERM)]


def silent_model(error: Exception) -> object:
    """A model whose provider raises."""
    model = get_model("mockllm/model", memoize=False)

    async def generate(*args: object, **settings: object) -> None:
        raise error

    model.api.generate = generate  # pyright: ignore[reportAttributeAccessIssue]
    return model


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TimeoutError(), "mockllm/model did not answer: timeout"),
        (TimeoutError("after 600 s"), "mockllm/model did not answer: after 600 s"),
    ],
)
def test_the_timeout_of_a_provider_is_told_as_what_it_is(error: TimeoutError, said: str) -> None:
    model = telling_timeouts(silent_model(error))  # pyright: ignore[reportArgumentType]
    with pytest.raises(ProviderTimeout) as told:
        asyncio.run(model.api.generate())  # pyright: ignore[reportCallIssue]
    assert str(told.value) == said
    assert told.value.__cause__ is error


def test_other_errors_pass_and_a_model_is_wrapped_once() -> None:
    model = telling_timeouts(silent_model(KeyError("x")))  # pyright: ignore[reportArgumentType]
    ask = model.api.generate
    assert telling_timeouts(model) is model
    assert model.api.generate is ask
    with pytest.raises(KeyError):
        asyncio.run(model.api.generate())  # pyright: ignore[reportCallIssue]


def usage(read: int, written: int, **more: float | None) -> ModelUsage:
    return ModelUsage(input_tokens=read, output_tokens=written, total_tokens=read + written, **more)  # pyright: ignore[reportArgumentType]


def test_what_a_cache_held_is_read_too_and_hidden_thought_is_told_apart() -> None:
    """10 + 3 + 4 read, 5 written of which 2 hidden; then 1 and 1; $0.50 and nothing known."""
    cached = {"input_tokens_cache_read": 3, "input_tokens_cache_write": 4}
    found = _sum([usage(10, 5, **cached, reasoning_tokens=2, total_cost=0.5), usage(1, 1)])
    assert found == Used(18, 6, 2, 0.5)
    assert found.words() == "18 input and 6 output tokens (of them 2 hidden), $0.50"


def test_a_price_that_nobody_knows_is_not_shown_and_one_of_nothing_is() -> None:
    assert _sum([usage(1, 2)]).words() == "1 input and 2 output tokens"
    assert _sum([usage(1, 2, total_cost=0.0)]).words() == "1 input and 2 output tokens, $0.00"
    assert _sum([usage(1, 2, total_cost=0.0042)]).words().endswith(", $0.0042")


def test_models_are_named_in_one_sentence() -> None:
    assert used_words({}) == ""
    assert used_words({"b/y": Used(1, 2, 0, None), "a/x": Used(3000, 4, 0, None)}) == (
        "used by b/y: 1 input and 2 output tokens; used by a/x: 3 k input and 4 output tokens"
    )
