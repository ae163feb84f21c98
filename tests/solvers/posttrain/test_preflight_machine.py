"""GPUs, disk and the base in the cache: every answer of a machine, and the sentence that follows from it."""

import asyncio
from types import SimpleNamespace

import pytest

from interplay.solvers import posttrain_preflight
from interplay.solvers.posttrain_place import Done
from interplay.solvers.posttrain_preflight import (
    FULL_DISK_BYTES,
    NVIDIA,
    TENSOR,
    answers,
    check_base,
    check_disk,
    check_gpus,
)
from interplay.solvers.posttrain_state import InfraError
from interplay.tasks.posttrain.runs import gpu_sentence

from ..two_seats import saying, speaker

PLACE = SimpleNamespace(python="/usr/bin/python3", workspace="/workspace", cache="/cache")
WRITTEN = Done(0, "written\n", "")
H100 = "NVIDIA H100 80GB HBM3, 4, 0\n"


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch):
    """A machine that gives these answers in turn; what it was asked is kept."""

    def make(*replies: Done) -> list[list[str]]:
        asked: list[list[str]] = []
        rest = list(replies)

        async def answer(place: object, command: list[str], **_: object) -> Done:
            asked.append(command)
            return rest.pop(0)

        monkeypatch.setattr(posttrain_preflight, "as_root", answer)
        return asked

    return make


def gpus(name: str = "H100", count: int = 1):
    return asyncio.run(check_gpus(PLACE, {"gpu_name": name, "num_gpus": count}))  # type: ignore[arg-type]


class TestGpus:
    @pytest.mark.parametrize(
        ("printed", "name", "count", "kept"),
        [
            (H100, "H100", 1, [H100.strip()]),
            (H100, "h100", 1, [H100.strip()]),
            (H100 * 2, "H100", 2, [H100.strip()] * 2),
            (H100 + "NVIDIA A10, 0, 0\n", "H100", 1, [H100.strip()]),
            ("NVIDIA H100, 1024, 99\n", "H100", 1, ["NVIDIA H100, 1024, 99"]),
            ("NVIDIA H100, [N/A], 0\n", "H100", 1, ["NVIDIA H100, [N/A], 0"]),
            ("\n" + H100 + "\n", "H100", 1, [H100.strip()]),
        ],
    )
    def test_as_many_idle_ones_of_the_name_as_asked_for(self, machine, printed, name, count, kept):
        asked = machine(Done(0, printed, ""), WRITTEN)
        assert gpus(name, count) == kept
        assert asked == [NVIDIA, ["/usr/bin/python3", "-c", TENSOR]]

    @pytest.mark.parametrize(
        ("done", "count", "found"),
        [
            (Done(0, H100, ""), 2, ["NVIDIA H100 80GB HBM3"]),
            (Done(0, H100 * 2, ""), 1, ["NVIDIA H100 80GB HBM3"] * 2),
            (Done(0, "NVIDIA A10, 0, 0\n", ""), 1, ["NVIDIA A10"]),
            (Done(0, "", ""), 1, []),
            (Done(127, H100, "not found"), 1, []),
        ],
        ids=["too few", "too many", "another", "none", "no program"],
    )
    def test_other_ones_are_named_in_the_sentence(self, machine, done, count, found):
        machine(done)
        with pytest.raises(InfraError) as told:
            gpus(count=count)
        assert str(told.value) == gpu_sentence("H100", found)

    def test_one_in_use_is_told_with_its_memory(self, machine):
        machine(Done(0, "NVIDIA H100, 1025, 0\n", ""))
        with pytest.raises(InfraError) as told:
            gpus()
        assert str(told.value) == (
            "posttrain: the GPU is in use (1025 MB). Remedy: free it, or choose another."
        )

    @pytest.mark.parametrize(
        ("done", "said"),
        [
            (Done(1, "", "Traceback\nRuntimeError: no kernel image\n"), "RuntimeError: no kernel image"),
            (Done(1, "written", ""), "no reason given"),
            (Done(0, "", ""), "no reason given"),
            (Done(0, "nothing", "warning"), "warning"),
        ],
    )
    def test_one_that_holds_no_tensor_is_told_with_the_last_words(self, machine, done, said):
        machine(Done(0, H100, ""), done)
        with pytest.raises(InfraError) as told:
            gpus()
        assert (
            str(told.value) == f"posttrain: the GPU holds no tensor ({said}). Remedy: check driver and image."
        )


class TestDisk:
    HEAD = "Filesystem 1024-blocks Used Available Capacity Mounted on\n"

    @pytest.mark.parametrize(
        ("kilobytes", "least", "enough"),
        [(1000, 1_024_000, True), (999, 1_024_000, False), (1000, 1_024_001, False), (0, 0, True)],
    )
    def test_blocks_of_1024_bytes_are_compared_with_what_is_needed(self, machine, kilobytes, least, enough):
        machine(Done(0, f"{self.HEAD}/dev/sda1 9999999 1 {kilobytes} 1% /\n", ""))
        if enough:
            assert asyncio.run(check_disk(PLACE, least)) == kilobytes * 1024  # type: ignore[arg-type]
            return
        with pytest.raises(
            InfraError, match=r"^posttrain: 0 GB of disk are free, 0 GB are needed\. Remedy: "
        ):
            asyncio.run(check_disk(PLACE, least))  # type: ignore[arg-type]

    @pytest.mark.parametrize("printed", ["", HEAD, "/dev/sda1 1", "a b c many e f"])
    def test_what_cannot_be_read_counts_as_none(self, machine, printed):
        machine(Done(0, printed, ""))
        with pytest.raises(InfraError) as told:
            asyncio.run(check_disk(PLACE, FULL_DISK_BYTES))  # type: ignore[arg-type]
        assert str(told.value) == (
            "posttrain: 0 GB of disk are free, 400 GB are needed. Remedy: free some, or move the volumes."
        )


class TestBase:
    PINNED = "a" * 40
    REPO = "org/base"

    def check(self, machine, monkeypatch: pytest.MonkeyPatch, done: Done) -> str | None:
        record = SimpleNamespace(repo=self.REPO, revision=self.PINNED)
        grid = SimpleNamespace(bases={"base": record})
        monkeypatch.setattr(posttrain_preflight, "load_grid", lambda: grid)
        machine(done)
        try:
            asyncio.run(check_base(PLACE, SimpleNamespace(base="base")))  # type: ignore[arg-type]
        except InfraError as problem:
            return str(problem)
        return None

    def test_every_file_of_the_pinned_revision_is_fine(self, machine, monkeypatch):
        assert self.check(machine, monkeypatch, Done(0, f"{self.PINNED}\n", "")) is None

    @pytest.mark.parametrize(
        ("printed", "status", "said"),
        [
            ("abc\n", 0, "abc"),
            (f"abc\n{PINNED}\n", 0, f"abc and {PINNED}"),
            (f"{PINNED}\nunknown\n", 0, f"{PINNED} and unknown"),
            ("", 0, "unknown"),
            (f"{PINNED}\n", 1, "unknown"),
        ],
        ids=["another", "two", "unknown files", "nothing", "no folder"],
    )
    def test_what_is_there_instead_is_told_with_the_command(
        self, machine, monkeypatch, printed, status, said
    ):
        assert self.check(machine, monkeypatch, Done(status, printed, "")) == (
            f"posttrain: /cache/org/base holds revision {said} of org/base, not {self.PINNED}. Remedy: "
            f"hf download org/base --revision {self.PINNED} --local-dir FOLDER/org/base."
        )


class TestModels:
    def test_one_that_answers_is_asked_once(self):
        asked: list[str] = []

        def reply(messages) -> str:
            asked.append(messages[-1].text)
            return "OK"

        asyncio.run(answers(speaker(reply), "the agent"))
        assert asked == ["Reply with OK."]

    def test_an_empty_answer_is_one(self):
        asyncio.run(answers(saying(""), "role grader"))

    def test_an_error_of_any_kind_is_one_short_sentence(self):
        def fail(messages):
            raise KeyError("line one\n  line two " + "x" * 400)

        with pytest.raises(InfraError) as told:
            asyncio.run(answers(speaker(fail), "role grader"))
        text = str(told.value)
        assert text.startswith("posttrain: mockllm/speaker (role grader) does not answer (")
        assert text.endswith("). Remedy: check key and quota.")
        assert "\n" not in text
        assert len(text) < 320
