"""Serving what was handed in: a config that cannot be used is the agent's cause, never a failed verifier."""

import hashlib
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.solvers.posttrain_preflight import WEIGHTS
from interplay.solvers.posttrain_serving import Unserved, request_seed, serve
from interplay.solvers.posttrain_vllm import VllmServer
from interplay.tasks.mistakes import EnvironmentProblem

DEEP = "[" * 200_000


@pytest.fixture
def deliverable(tmp_path: Path) -> Path:
    """The shipped base as a deliverable, without loading it."""
    folder = tmp_path / "final_model"
    shutil.copytree(WEIGHTS / "base", folder)
    return folder


class TestMini:
    @pytest.mark.torch
    @pytest.mark.parametrize(
        "content",
        [
            DEEP,
            "[1]",
            "null",
            '"text"',
            "3",
            "",
            "{",
            '{"temperature": ' + "9" * 5_000 + "}",
            '{"temperature": NaN}',
            '{"temperature": -1, "do_sample": true}',
            '{"temperature": "hot", "do_sample": true}',
            '{"do_sample": true, "top_k": -5}',
            '{"do_sample": true, "top_p": 7}',
        ],
        ids=lambda content: content[:24],
    )
    def test_a_generation_config_that_no_server_takes_leaves_it_unserved(
        self, deliverable: Path, content: str
    ):
        (deliverable / "generation_config.json").write_text(content)
        with pytest.raises(Unserved) as told:
            serve(deliverable, "mini", "cpu", None, 100)
        assert "\n" not in str(told.value)
        assert str(deliverable) in str(told.value)

    @pytest.mark.torch
    def test_one_that_is_no_text_as_well(self, deliverable: Path):
        (deliverable / "generation_config.json").write_bytes(b"\xff\xfe")
        with pytest.raises(Unserved, match="not a generation config"):
            serve(deliverable, "mini", "cpu", None, 100)


class TestVllm:
    @pytest.mark.parametrize(
        ("content", "greedy"),
        [
            (None, False),
            ("", False),
            (DEEP, False),
            ("[]", False),
            ("{}", False),
            ('{"temperature": 0}', True),
            ('{"temperature": 0.0}', True),
            ('{"temperature": "0"}', False),
            ('{"temperature": 1e-9}', False),
            ('{"do_sample": false}', False),
        ],
        ids=lambda content: str(content)[:24],
    )
    def test_decoding_is_greedy_at_temperature_0_alone(
        self, tmp_path: Path, content: str | None, greedy: bool
    ):
        if content is not None:
            (tmp_path / "generation_config.json").write_text(content)
        server = VllmServer.__new__(VllmServer)
        server.folder = tmp_path
        assert server.is_greedy() is greedy

    @pytest.mark.parametrize("template", [None, "gone.jinja"])
    def test_without_the_chat_template_nothing_is_started(self, tmp_path: Path, template: str | None):
        path = tmp_path / template if template else None
        with pytest.raises(EnvironmentProblem) as told:
            serve(tmp_path, "full", "cuda", path, 100)
        assert told.value.message == f"chat template {path} is missing; run cells pin to fetch it."


class TestSeeds:
    @given(st.integers(0, 2**31 - 1), st.text(max_size=12), st.integers(1, 5), st.integers(0, 5))
    def test_a_seed_is_the_low_31_bits_of_the_first_four_bytes(self, seed, item, epoch, call):
        digest = hashlib.sha256(f"{seed}/{item}/{epoch}/{call}".encode()).hexdigest()
        expected = int(digest[:8], 16) % 2**31
        assert request_seed(seed, item, epoch, call) == expected

    def test_the_first_call_of_the_first_epoch_is_the_default(self):
        assert request_seed(3, "a") == request_seed(3, "a", 1, 0)
        seeds = {request_seed(s, i, e, c) for s in (1, 2) for i in "ab" for e in (1, 2) for c in (0, 1)}
        assert len(seeds) == 16
