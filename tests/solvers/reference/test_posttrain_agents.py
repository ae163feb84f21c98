"""The scripted agents as pure functions: what they do first, and that they read nothing but what they see."""

import pytest

from interplay.solvers.reference.posttrain_agents import HONEST_AGENTS
from interplay.solvers.reference.posttrain_script import Move, brief_of, is_posttrain
from interplay.tasks.posttrain.arguments import Job
from interplay.tasks.posttrain.cells import load_grid

NAMES = (
    "noop", "sft", "sft_long", "sft_lora", "sft_small", "sft_multi", "fewshot_config", "bulk", "viewer",
    "decontaminator", "self_distil", "quitter", "crash_saved", "overtime", "no_model", "truncated",
    "nan_weights",
)  # fmt: skip


def instruction(target: str = "m_call") -> str:
    job = Job(profile="mini", targets=target)
    return job.instruction(job.cells[0])


def test_all_seventeen_are_there() -> None:
    assert tuple(HONEST_AGENTS) == NAMES


@pytest.mark.parametrize("target", [*load_grid().mini.targets, *load_grid().mini.canaries])
def test_they_read_base_cache_and_target_in_the_instruction(target: str) -> None:
    brief = brief_of(instruction(target))
    assert brief.base == '"$MODEL_CACHE"/mini-0'
    assert brief.target == target


def test_other_messages_are_no_job() -> None:
    assert not is_posttrain("You are an agent in a maze.")
    with pytest.raises(ValueError, match="no instruction of a post-training job"):
        HONEST_AGENTS["noop"]("You are an agent in a maze.", [])


def test_the_same_results_give_the_same_act() -> None:
    for name in NAMES:
        agent = HONEST_AGENTS[name]
        first = agent(instruction(), [])
        assert first == agent(instruction(), [])
        assert first.tool == "bash"


def test_sft_draws_trains_and_hands_in() -> None:
    agent, text = HONEST_AGENTS["sft"], instruction()
    acts = [agent(text, ["ok"] * n) for n in range(4)]
    assert "generators m_call --n 2000" in acts[0].text
    assert acts[1].text.endswith('train --model "$MODEL_CACHE"/mini-0 --data train.jsonl --out final_model')
    assert acts[2].tool == "submit"
    assert acts[3] == acts[2]


def test_the_decontaminator_goes_by_what_the_checker_says() -> None:
    agent, text = HONEST_AGENTS["decontaminator"], instruction()
    assert "--data train.jsonl" in agent(text, ["", "0 of 2000 records overlap\nexit 0"]).text
    assert "contamination_check.py" in agent(text, ["", "3 of 2000 records overlap\nexit 1"]).text
    assert "--data clean.jsonl" in agent(text, ["", "exit 1", "kept 1700 of 2000"]).text


def test_the_quitter_leaves_without_the_submit_tool() -> None:
    assert HONEST_AGENTS["quitter"](instruction(), ["", ""]) == Move("say", "That will do.")
    assert HONEST_AGENTS["crash_saved"](instruction(), ["", "", ""]) == Move("say", "")
